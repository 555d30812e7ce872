"""What lies over the content for a while, the menus of the switch bar, and the saved figure."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QImage
from PySide6.QtTest import QTest

from lstmviz.files import read_csv
from lstmviz.lab.tasks import TASKS
from lstmviz.views import fonts
from lstmviz.views.controls import cap_width
from lstmviz.views.help_keys import COLUMN, PAD, grouped, said
from lstmviz.views.keys import shown_key
from tests.views.desk import desk, press, tick


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


def test_only_one_panel_is_open_at_a_time(window):
    panels = window.panels
    for opened in (panels.toggle_table, panels.toggle_sentence, panels.toggle_help):
        opened()
        assert sum(not panel.isHidden() for panel in (panels.table, panels.sentence, panels.help)) == 1


def test_the_table_follows_the_stage_while_it_is_open(window):
    window.panels.toggle_table()
    window.stage.change({"gap": 9})
    tick(window)
    assert window.panels.table.model.rowCount() == 10
    window.stage.seek(window.stage.frame.timesteps)
    tick(window)
    assert window.panels.table.model.rowCount() == 0


def test_the_table_is_copied_with_every_digit(window, tmp_path):
    window.panels.toggle_table()
    window.panels.table.copy.click()
    path = tmp_path / "copied.csv"
    path.write_text(QGuiApplication.clipboard().text(), encoding="utf-8")
    numbers = read_csv(path)
    assert (numbers[:, 1] == window.stage.frame.lanes[0].log10_h).all()


def test_the_sentence_is_copied(window):
    window.panels.toggle_sentence()
    window.panels.sentence.copy.click()
    assert QGuiApplication.clipboard().text() == window.panels.sentence.text.text()
    assert window.panels.sentence.text.text() == window.race.sentence()


def test_panels_keep_to_the_content_when_a_banner_or_a_lesson_moves_it(window):
    window.panels.toggle_table()
    window.stage.report("something")
    window.toggle_lesson()
    tick(window, 2)
    card = window.panels.table.geometry()
    room = window.content.geometry()
    assert room.contains(card)


def test_a_click_puts_the_help_away(window):
    window.panels.toggle_help()
    assert window.panels.help.size() == window.size()
    QTest.mouseClick(window.panels.help, Qt.MouseButton.LeftButton)
    assert window.panels.help.isHidden()


def test_while_the_help_is_open_letters_still_work_and_other_keys_do_nothing(window):
    window.panels.toggle_help()
    press(window, "N")
    assert window.stage.settings.seed == 1
    press(window, "Left")
    assert window.panels.help.isVisible()


def test_no_word_of_the_help_is_cut_off(window):
    measure = QFontMetricsF(fonts.text(12))
    widest = max(cap_width(shown_key(command)) for command in window.commands.table.values()) + 10
    long = [
        c.about for c in window.commands.table.values() if measure.horizontalAdvance(c.about) > COLUMN - PAD - widest
    ]
    assert not long


def test_the_help_gives_the_nine_prepared_states_one_line(window):
    told = said(grouped(window.commands.table.values()))
    assert "1 … 9: Prepared states of the page; 0: " in told
    for command in window.commands.table.values():
        assert command.name.startswith("what_if_") or f"{shown_key(command)}: {command.about}" in told


def test_the_help_card_fits_any_window(qapp):
    for size, text_size in (((1120, 640), 1.0), ((1440, 900), 2.0), ((3840, 2160), 1.0)):
        with desk(size=size) as window:
            window.set_text_size(text_size)
            window.panels.toggle_help()
            window.panels.help.turn()
            assert window.panels.help.rect().contains(window.panels.help.keys_card()[1])


def test_the_view_menu_does_what_the_keys_do(window):
    menu = window.switch_bar._views
    by_name = {action.objectName(): action for action in menu.actions()}
    window.switch_bar.view.click()
    assert by_name["theme light"].isChecked()
    by_name["theme dark"].trigger()
    assert window.theme.name == "dark"
    by_name["larger"].trigger()
    assert fonts.text_size() == pytest.approx(1.1)
    by_name["reduced motion"].trigger()
    assert window.stage.playback.reduced_motion
    by_name["sentence"].trigger()
    assert window.panels.sentence.isVisible()
    menu.close()


def test_the_switch_bar_lists_the_tasks(window):
    window.switch_bar.task.click()
    menu = window.switch_bar._tasks
    groups = [action.menu() for action in menu.actions() if action.menu() is not None]
    tasks = [action for group in groups for action in group.actions()]
    assert [action.objectName() for action in tasks] == list(TASKS)
    assert [action.objectName() for action in tasks if action.isChecked()] == ["recall"]
    next(action for action in tasks if action.objectName() == "adding").trigger()
    menu.close()
    tick(window)
    assert window.stage.settings.task == "adding"


# ---------------------------------------------------------------- the saved figure


def test_the_figure_is_saved_as_png_and_svg(window, tmp_path):
    window.exporter.save(str(tmp_path / "race.png"))
    image = QImage(str(tmp_path / "race.png"))
    assert image.size() == 2 * window.content.size()
    tick(window)
    assert window.stage.frame.notice == "Saved race.png"
    window.exporter.save(str(tmp_path / "race.svg"))
    assert b"<svg" in (tmp_path / "race.svg").read_bytes()


def test_a_figure_that_cannot_be_saved_says_so_in_one_line_and_leaves_nothing(window, tmp_path):
    (tmp_path / "folder.png").mkdir()
    window.exporter.save(str(tmp_path / "folder.png"))
    tick(window)
    assert "folder.png" in window.stage.frame.notice
    assert [path.name for path in tmp_path.iterdir()] == ["folder.png"]
