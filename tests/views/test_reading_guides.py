"""What am I looking at, what should I notice: every picture has a guide; tool tips, help and speech say the same."""

import re

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from lstmviz.stage.lab_names import EXISTING
from lstmviz.views.availability import not_here, why_not
from lstmviz.views.help_keys import KeyCard
from lstmviz.views.help_parts import working_keys
from lstmviz.views.keys import shown_key
from lstmviz.views.reading_guides import guides
from tests.views.desk import desk, press, tick

# what a lab shows of the learner's network without any words of its own: each needs a guide
PICTURES = {
    "cell": ("operations", "diagram", "units", "over_time"),
    "race": ("input", "lanes", "plot", "loss", "headline"),
    "learn": ("loss", "heats", "ramp"),
    "inspect": ("strip", "panels"),
    "map": ("maps", "disks", "ramp", "under"),
    "claims": ("claims",),
}


def settle(window):
    for _ in range(400):
        tick(window)
        labs = window.stage.labs
        at_work = labs.desk(labs.lab)
        if at_work is None or not at_work.working:
            return
        QTest.qWait(5)


def pictures(lab):
    for name in PICTURES[lab.window().labs.name]:
        found = getattr(lab, name)
        yield from found if isinstance(found, tuple | list) else (found,)


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_of_a_lab_has_a_guide(window, name):
    window.open_lab(name)
    settle(window)
    lab = window.labs.current
    unguided = [type(picture).__name__ for picture in pictures(lab) if lab.guides.of(picture) is None]
    assert not unguided


@pytest.mark.parametrize("name", EXISTING)
def test_the_help_explains_the_pictures_of_every_lab_with_their_guides(window, name):
    window.open_lab(name)
    settle(window)
    press(window, "F1")
    known = {guide.words() for guide in guides().values()}
    told = [part.about for part in window.panels.help._parts]
    assert any(words in known for words in told)


def test_every_guide_is_two_to_four_short_sentences_and_says_what_to_notice():
    for name, guide in guides().items():
        sentences = re.findall(r"[^.?:;]+[.?:;]", guide.words())
        assert guide.what.endswith((".", "?")) and guide.notice.endswith("."), name
        assert 2 <= len(sentences) <= 7, name
        assert len(guide.words()) <= 290, name
        assert "!" not in guide.words(), name


def test_no_guide_uses_a_word_that_has_another_meaning_here():
    for name, guide in guides().items():
        assert not re.search(r"\b(step|epoch|lag|neuron|model|simply)\b", guide.words(), re.IGNORECASE), name


def test_a_picture_that_says_nothing_at_a_point_shows_its_guide_there(window):
    lane = window.race.lanes[0]
    silent, told = QPoint(4, 4), QPoint(lane.width() // 2, lane.height() // 3)
    assert lane.tip_at(silent) is None and lane.tip_at(told) is not None
    for point, expected in ((silent, True), (told, False)):
        QToolTip.hideText()
        QApplication.sendEvent(lane, QHelpEvent(QEvent.Type.ToolTip, point, lane.mapToGlobal(point)))
        assert (guides()["race.lane"].notice in QToolTip.text()) == expected


def test_a_mark_stands_in_the_corner_of_the_picture_under_the_pointer(window):
    lab = window.race
    QCursor.setPos(lab.plot.mapToGlobal(QPoint(200, 100)))
    QTest.mouseMove(lab.plot, QPoint(200, 100))
    QApplication.sendEvent(lab.plot, QEvent(QEvent.Type.Enter))
    mark = lab.guides.mark
    assert mark.isVisible()
    assert lab.plot.geometry().contains(mark.geometry())
    QTest.mouseClick(mark, Qt.MouseButton.LeftButton)
    assert guides()["race.plot"].what in QToolTip.text()
    QCursor.setPos(lab.mapToGlobal(QPoint(1, 1)))
    QApplication.sendEvent(lab.plot, QEvent(QEvent.Type.Leave))
    assert mark.isHidden()


def test_a_reader_who_arrives_with_the_keyboard_hears_the_guide_and_then_only_what_changes(window):
    lane = window.race.lanes[0]
    lane.setFocus(Qt.FocusReason.TabFocusReason)
    assert lane.accessibleDescription().endswith(guides()["race.lane"].words())
    press(window, "Up")
    assert guides()["race.lane"].what not in lane.accessibleDescription()
    assert "unit" in lane.accessibleDescription()


def test_a_picture_that_takes_no_keyboard_always_has_its_guide_in_its_description(window):
    window.open_lab("map")
    settle(window)
    lab = window.labs.current
    assert guides()["map.disk"].notice in lab.disks[0].accessibleDescription()
    assert "largest" in lab.disks[0].accessibleDescription()
    assert guides()["map.ramp"].what in lab.ramp.accessibleDescription()


def test_the_plot_under_the_maps_has_the_guide_of_what_it_draws(window):
    window.open_lab("map")
    settle(window)
    lab = window.labs.current
    for lower in ("singular", "lyapunov", "paths"):
        window.stage.labs.desk("map").set_lower(lower)
        settle(window)
        assert lab.guides.of(lab.under) == guides()[f"map.{lower}"]


# ---------------------------------------------------------------- the help


def test_f1_explains_the_screen_then_the_keys_then_goes(window):
    press(window, "F1")
    overlay = window.panels.help
    assert overlay.isVisible() and overlay.page == "screen"
    press(window, "F1")
    assert overlay.isVisible() and overlay.page == "keys"
    press(window, "F1")
    assert overlay.isHidden()


def test_the_tour_is_walked_with_arrows_and_tab_and_comes_round(window):
    press(window, "F1")
    overlay = window.panels.help
    first = overlay.accessibleDescription()
    press(window, "Right")
    assert overlay.accessibleDescription() != first
    QTest.keyClick(overlay, Qt.Key.Key_Tab)
    assert overlay.chosen == 2
    press(window, "Left")
    press(window, "Left")
    assert overlay.accessibleDescription() == first
    press(window, "Left")
    assert overlay.chosen == len(overlay._parts) - 1


@pytest.mark.parametrize("size", [(1120, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("lab", EXISTING)
def test_the_card_of_a_part_stands_in_the_window(qapp, size, lab):
    with desk(size=size) as window:
        window.open_lab(lab)
        settle(window)
        press(window, "F1")
        overlay = window.panels.help
        image = overlay.grab()  # paints every card
        assert not image.isNull()
        for part in overlay._parts:
            box = overlay._beside(overlay._box(part), overlay._covered.size() / 4)
            assert overlay.rect().contains(box)


@pytest.mark.parametrize("lab", EXISTING)
def test_every_key_that_the_open_lab_knows_is_in_the_help_and_no_other(window, lab):
    window.open_lab(lab)
    settle(window)
    press(window, "F1")
    window.panels.help.turn()
    said = window.panels.help.accessibleDescription()
    for name, command in window.commands.table.items():
        if name.startswith("what_if_") and name != "what_if_0":
            continue
        line = f"{shown_key(command)}: {command.about}"
        assert (line in said.split("; ") or line in said) == (not not_here(window, name)), name


def test_the_keys_are_readable_in_a_small_window(qapp):
    with desk(size=(1280, 720)) as window:
        press(window, "F1")
        window.panels.help.turn()
        card, box = window.panels.help.keys_card()
        assert box.size() == card.size  # nothing is made smaller
        assert window.panels.help.rect().contains(box)
        lines = [line for column in card.columns for line in column if line.command is not None]
        assert len(lines) == sum(len(group) for _, group in working_keys(window))


def test_groups_of_keys_stay_whole(window):
    card = KeyCard(working_keys(window), 1248, 688)
    titles = [line.title for column in card.columns for line in column if line.title]
    assert sorted(titles) == sorted(title for title, _ in working_keys(window))


def test_what_claims_has_no_use_for_is_said_with_the_reason(window):
    assert not why_not(window, "play") and why_not(window, "find") == "Not in Race"
    window.open_lab("claims")
    assert why_not(window, "play") == "Nothing to walk through in Claims"
    assert not why_not(window, "find")
    assert why_not(window, "focus_fair") == "Claims has no such control"


def test_what_is_impossible_only_now_is_said_with_the_reason(window):
    assert why_not(window, "undo") == "Nothing to undo"
    window.stage.change({"gap": 9})
    tick(window)
    assert not why_not(window, "undo")
    assert why_not(window, "next_page") == "No lesson is open"


# ---------------------------------------------------------------- the key of the threshold


def test_x_switches_the_threshold_on_and_off_and_the_arrows_move_it(window):
    window.open_lab("inspect")
    settle(window)
    press(window, "X")
    part = window.stage.frame.part
    assert part.marked is not None
    before = part.marked.threshold
    press(window, "Right")
    assert window.stage.frame.part.marked.threshold > before
    press(window, "X")
    assert window.stage.frame.part.marked is None


def test_x_does_nothing_where_there_is_no_threshold(window):
    press(window, "X")
    assert not window.commands.actions["threshold"].isEnabled()
