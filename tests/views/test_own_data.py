"""Own data in the window: chosen, dropped, asked for its column, and refused in one line."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from lstmviz.lab.network import LSTM
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.weights import save_network
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.views.control_groups.fine import NoiseGroup
from lstmviz.views.own_data import ColumnDialog, dropped_file
from tests.views.desk import delete_now, desk, press, tick


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "weather.csv"
    rows = "".join(f"2024-01-{k},{a:.3f},{b:.3f}\n" for k, (a, b) in enumerate(rng.normal(size=(120, 2))))
    path.write_text("day,<b>rain</b>,sun\n" + rows)
    return path


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "poem.txt"
    path.write_text("the sun & the rain\n" * 60)
    return path


@pytest.fixture
def window(qapp):
    known = set(TASKS)
    with desk(Settings(gap=12)) as shown:
        yield shown
    for name in set(TASKS) - known:
        del TASKS[name]


def mime(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(window, *paths):
    data = mime(*paths)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enters = QDragEnterEvent(QPointF(9, 9).toPoint(), copy, data, left, none)
    window.dragEnterEvent(enters)
    drops = QDropEvent(QPointF(9, 9), copy, data, left, none)
    window.dropEvent(drops)
    tick(window)
    return enters.isAccepted()


def test_a_text_dropped_on_the_window_becomes_the_task(window, text):
    assert drop(window, text)
    task = TASKS[window.stage.settings.task]
    assert task.group == "own" and window.stage.frame.comparison.task is task
    assert "poem.txt" in window.switch_bar.task.text() and "poem.txt" in window.column.task.choice.currentText()


def test_a_table_asks_for_its_column_and_horizon(window, table):
    assert drop(window, table)
    dialog = window.own_data.dialog
    assert isinstance(dialog, ColumnDialog) and dialog.names == ("<b>rain</b>", "sun")
    dialog.column.setCurrentIndex(1)
    dialog.horizon.setValue(3)
    dialog.accept()
    tick(window)
    task = TASKS[window.stage.settings.task]
    assert task.title == "weather.csv: sun" and task.question == "3 rows later?"
    delete_now()
    assert window.own_data.dialog is None


def test_a_column_not_chosen_changes_nothing(window, table):
    before = window.stage.settings
    drop(window, table)
    window.own_data.dialog.reject()
    tick(window)
    assert window.stage.settings == before and window.own_data.dialog is None
    delete_now()


def test_one_undo_leaves_own_data_again(window, text):
    before = window.stage.settings
    drop(window, text)
    window.stage.undo()
    tick(window)
    assert window.stage.settings == before


def test_a_bad_file_is_told_in_one_line_and_changes_nothing(window, table, text):
    before = window.stage.settings
    table.write_text("day,rain\nMon,wet\n")
    text.write_text("short")
    for path, said in ((table, "no column begins with a number"), (text, "5 characters")):
        drop(window, path)
        assert said in window.stage.frame.notice and "\n" not in window.stage.frame.notice
    assert window.stage.settings == before and window.own_data.dialog is None


def test_only_one_local_file_can_be_dropped(window, table, text, tmp_path):
    assert dropped_file(mime(table, text)) is None
    assert dropped_file(mime(tmp_path / "net.safetensors")) == tmp_path / "net.safetensors"
    assert dropped_file(QMimeData()) is None
    remote = QMimeData()
    remote.setUrls([QUrl("https://example.org/a.csv")])
    assert dropped_file(remote) is None
    assert not drop(window, table, text) and window.own_data.dialog is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("net.pt", "PyTorch"),
        ("net.h5", "HDF5"),
        ("a.docx", "this kind of file is not opened"),
        ("gone.safetensors", "there is no such file"),
        ("gone.md", "there is no such file"),
        ("folder", "this kind of file is not opened"),
    ],
)
def test_what_is_not_opened_is_told_when_it_is_dropped(window, tmp_path, name, said):
    before = window.stage.settings
    (tmp_path / "folder").mkdir()
    assert drop(window, tmp_path / name)
    assert said in window.stage.frame.notice and window.stage.settings == before
    assert window.own_data.recent == ()


def test_weights_dropped_on_the_window_are_shown_and_put_away_by_their_line(window, tmp_path):
    path = tmp_path / "<b>net.safetensors"
    save_network(LSTM(TASKS[window.stage.settings.task].inputs, 5, seed=3), path)
    assert drop(window, path)
    card = window.column.opened
    assert card.isVisible() and card.name.whole() == "<b>net.safetensors" and "file: 5 units" in card.words.text()
    assert window.stage.frame.comparison.racers[0].network.hidden == 5
    card.away.click()
    tick(window)
    assert not card.isVisible() and window.stage.opened is None
    press(window, "Ctrl+Z")
    assert card.isVisible()


def test_a_lesson_can_be_dropped_too(window):
    assert drop(window, shipped_lessons()[0])
    assert window.stage.frame.lesson is not None
    window.stage.lesson.close()
    tick(window)


def test_recent_files_are_the_newest_ten_each_once(window, text, tmp_path):
    for number in range(12):
        copy = tmp_path / f"{number}.txt"
        copy.write_bytes(text.read_bytes())
        window.own_data.open(copy)
    window.own_data.open(tmp_path / "5.txt")
    names = [Path(name).name for name in window.own_data.recent]
    assert names == ["5.txt", "11.txt", "10.txt", "9.txt", "8.txt", "7.txt", "6.txt", "4.txt", "3.txt", "2.txt"]


def test_the_list_of_tasks_offers_to_open_data_and_lists_what_was_opened(window, text):
    drop(window, text)
    window.switch_bar.show_tasks()
    groups = [action.menu() for action in window.switch_bar._tasks.actions() if action.menu() is not None]
    names = [action.objectName() for group in groups for action in group.actions()]
    assert window.stage.settings.task in names
    assert window.switch_bar._tasks.actions()[-1].objectName() == "open_data"
    window.switch_bar._tasks.hide()


def test_the_file_dialog_opens_what_is_selected_in_it(window, text):
    window.commands.open_data()
    dialog = window.own_data.dialog
    dialog.fileSelected.emit(str(text))
    dialog.reject()
    tick(window)
    assert TASKS[window.stage.settings.task].title == "Letters of poem.txt"
    delete_now()
    assert window.own_data.dialog is None


def test_the_gap_slider_stops_where_the_data_end(window, table):
    window.own_data.show(table, "sun")
    tick(window)
    window.race.gap.slider.setValue(150)
    window.race.gap.slider.moved.emit(150)
    tick(window)
    assert window.stage.settings.gap == TASKS[window.stage.settings.task].greatest_gap == 22


def test_the_list_of_tasks_explains_the_task_and_shows_foreign_markup_literally(window, table):
    assert "first token is A or B" in window.column.task.choice.toolTip()
    window.own_data.show(table, "<b>rain</b>")
    tick(window)
    told = window.column.task.choice.toolTip()
    assert "&lt;b&gt;rain&lt;/b&gt;" in told and "<b>" not in told and "four fifths" in told


def test_noise_and_missing_timesteps_lie_under_more_in_the_race_too(window):
    noise = window.column.group(NoiseGroup)
    assert not noise.isVisible()
    window.column.show_all()
    tick(window)
    assert noise.isVisible()
    still = window.stage.frame.comparison.batch.x.copy()
    noise.noise.chosen.emit(0.5)
    tick(window)
    assert window.stage.settings.noise == 0.5
    assert not np.array_equal(window.stage.frame.comparison.batch.x, still)
