"""The Claims lab in the window: the table says what the stage says, and mouse and keyboard do the same."""

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from lstmviz.lab.settings import Settings
from lstmviz.stage.claims_frame import ClaimsPart
from lstmviz.stage.claims_rows import Book, open_book
from lstmviz.views import fonts
from lstmviz.views.claims.columns import columns
from lstmviz.views.claims.text_lines import lines_of
from tests.views.desk import application, desk, press, tick
from tests.views.test_learn import wait
from tests.views.test_window_use import nameless


@pytest.fixture(scope="module")
def book():
    return open_book()


@pytest.fixture
def window(qapp, book, monkeypatch):
    monkeypatch.setattr("lstmviz.stage.claims_desk.open_book", lambda: book)
    monkeypatch.setattr(Book, "run", lambda self, key, workers, stop, progress: stop.wait(20) and self.kept[key])
    with desk(Settings(gap=5, hidden=4)) as shown:
        press(shown, "Ctrl+6")
        wait(shown, lambda: part(shown).state == "ready")
        yield shown


@pytest.fixture
def lab(window):
    return window.labs.current


def part(window) -> ClaimsPart:
    found = window.stage.frame.part
    assert isinstance(found, ClaimsPart)
    return found


def click(window, lab, index, name):
    box = lab.claims.boxes(index)[name]
    QTest.mouseClick(lab.claims, Qt.MouseButton.LeftButton, pos=box.center())
    tick(window)


def test_claims_has_its_own_column_and_no_transport_bar(window, lab):
    assert lab.isVisible()
    assert not window.transport.isVisible()
    assert not window.column.has(window.column.task)
    press(window, "Ctrl+1")
    assert window.transport.isVisible()
    assert window.column.has(window.column.task)


def test_every_widget_of_claims_that_takes_the_keyboard_has_a_name(window, lab):
    press(window, "Down")
    assert nameless(window) == []


def test_up_and_down_choose_a_row_and_its_details_open(window, lab):
    assert window.focusWidget() is lab.claims
    before = lab.claims.row_rect(0).height()
    press(window, "Down")
    assert part(window).chosen == part(window).rows[0].key
    assert lab.claims.row_rect(0).height() > before
    assert lab.claims.learn.isVisible()
    press(window, "Down")
    assert part(window).chosen == part(window).rows[1].key
    press(window, "Up")
    press(window, "Up")
    assert part(window).chosen == part(window).rows[0].key
    press(window, "Esc")
    assert part(window).chosen == ""
    assert not lab.claims.learn.isVisible()


def test_y_votes_and_the_sentence_then_tells_the_verdict(window, lab):
    index = next(k for k, row in enumerate(part(window).rows) if row.figure)
    lab.claims.choose(index)
    tick(window)
    assert lab.sentence().endswith("Does it hold? Y for yes, Shift Y for no.")
    press(window, "Shift+Y")
    row = part(window).rows[index]
    assert row.vote is False
    assert row.verdict in lab.sentence()
    assert row.figure in lab.sentence()


def test_a_click_on_yes_votes_and_opens_the_row(window, lab):
    click(window, lab, 0, "yes")
    row = part(window).rows[0]
    assert (row.vote, part(window).chosen) == (True, row.key)
    assert set(lab.claims.boxes(0)) == {"run"}


def test_a_click_on_run_starts_a_row_and_another_one_stops_it(window, lab):
    click(window, lab, 2, "run")
    assert part(window).rows[2].running is not None
    assert lab.cancel.isVisible()
    assert part(window).rows[2].words in lab._line.whole()
    click(window, lab, 2, "run")
    assert part(window).rows[2].running is None
    assert not lab.cancel.isVisible()


def test_enter_runs_the_chosen_row(window, lab):
    press(window, "Down")
    press(window, "Return")
    assert part(window).rows[0].running is not None
    press(window, "Return")
    assert part(window).rows[0].running is None


def test_ctrl_f_finds_and_enter_goes_to_what_was_found(window, lab):
    press(window, "Ctrl+F")
    assert window.focusWidget() is lab.find_line
    QTest.keyClicks(lab.find_line, "gru")
    tick(window)
    assert part(window).rows
    assert len(part(window).rows) < part(window).all
    press(window, "Return")
    assert window.focusWidget() is lab.claims
    assert part(window).chosen == part(window).rows[0].key
    press(window, "Esc")
    assert lab.find_line.text() == ""
    assert len(part(window).rows) == part(window).all


def test_ctrl_enter_opens_the_row_in_learn(window, lab):
    index = next(k for k, row in enumerate(part(window).rows) if row.opens)
    lab.claims.choose(index)
    tick(window)
    press(window, "Ctrl+Return")
    tick(window)
    assert window.stage.lab == "learn"
    assert window.labs.current.isVisible()
    assert window.transport.isVisible()


def test_the_filters_of_the_column_reach_the_table(window, lab):
    group = window.column._groups[0]
    group.kinds["claim"].click()
    tick(window)
    assert {row.kind for row in part(window).rows} == {"published"}
    group.within.setCurrentIndex(1)
    group._choose_within(1)
    tick(window)
    assert all(row.seconds <= 10 for row in part(window).rows)
    group.votes.click()
    tick(window)
    assert not part(window).filter.votes_first


def test_running_all_is_asked_about_when_it_takes_long(window, lab):
    foot = window.column._feet[0]
    foot.run.click()
    tick(window)
    assert part(window).running == ""
    assert "press again" in window.stage.frame.notice
    foot.run.click()
    tick(window)
    assert part(window).running
    assert foot.run.text() == "Cancel all"
    foot.run.click()
    tick(window)
    assert part(window).running == ""


def test_the_table_is_saved_as_csv(window, lab, tmp_path):
    lab.save(str(tmp_path / "claims.csv"))
    assert len((tmp_path / "claims.csv").read_text().splitlines()) == 1 + part(window).all
    tick(window)
    assert lab._notice.whole() == "Saved claims.csv"
    lab.save(str(tmp_path / "nowhere" / "claims.csv"))
    tick(window)
    assert "nowhere" in lab._notice.whole()


def test_reset_all_leaves_the_lab_open(window, lab):
    press(window, "R")
    assert window.stage.lab == "claims"


def test_only_rows_that_changed_are_painted_again(window, lab):
    painted = []
    lab.claims.update = lambda *where: painted.append(where)
    window.stage.labs.desk("claims").vote(part(window).rows[4].key, True)
    tick(window)
    assert painted == [(lab.claims.row_rect(4),)]


@pytest.mark.parametrize("width", (640, 800, 1000, 1200, 1600, 2200))
@pytest.mark.parametrize("factor", (0.8, 1.0, 1.5, 2.0))
def test_columns_stand_side_by_side_inside_the_table(width, factor):
    found = columns(round(width * max(factor, 1.0)), factor)
    shown = [column for column in vars_of(found) if column.width]
    assert all(a.right <= b.x for a, b in itertools.pairwise(shown))
    assert shown[-1].right <= round(width * max(factor, 1.0))
    assert found.words.width > 60


def vars_of(found):
    return [getattr(found, name) for name in type(found).__slots__]


def test_text_that_does_not_fit_ends_in_an_ellipsis():
    application()
    font = fonts.text(12)
    assert lines_of("short", font, 200, 2) == ("short",)
    lines = lines_of("many words " * 30, font, 120, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")


@pytest.mark.parametrize("size", ((1120, 640), (1280, 720), (1920, 1080)))
def test_claims_fits_into_every_window(window, lab, size):
    window.resize(*size)
    tick(window, 2)
    assert window.body.height() <= window.height()
    for index in range(3):
        assert all(lab.claims.rect().contains(box) for box in lab.claims.boxes(index).values())
    assert lab.claims.tip_at(QPoint(30, 10))
