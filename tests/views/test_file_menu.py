"""The menu of files: recent ones are opened from it, those that are gone say so, and it saves and copies."""

import pytest

from lstmviz.lab.network import LSTM
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.weights import save_network
from tests.views.desk import desk, press, tick


@pytest.fixture
def window(qapp):
    with desk(Settings(gap=5)) as shown:
        yield shown


def lines(window):
    window.switch_bar.files.fill()
    return [action.text().split("\t")[0] for action in window.switch_bar.files.actions() if action.text()]


def choose(window, text):
    action = next(action for action in window.switch_bar.files.actions() if action.text().startswith(text))
    window.switch_bar.files.triggered.emit(action)
    tick(window)


def test_a_recent_file_is_opened_again_from_the_menu(window, tmp_path):
    assert "No recent files yet" in lines(window)
    path = tmp_path / "a&b.safetensors"
    save_network(LSTM(TASKS["recall"].inputs, 5), path)
    window.own_data.open(path)
    press(window, "R")
    assert window.stage.opened is None
    assert "a&&b.safetensors" in lines(window)
    choose(window, "a&&b.safetensors")
    assert window.stage.opened.name == "a&b.safetensors"


def test_a_recent_file_that_is_gone_says_so_in_the_menu_and_when_chosen(window, tmp_path):
    window.own_data.recent = (str(tmp_path / "gone.csv"),)
    assert "gone.csv (not found)" in lines(window)
    choose(window, "gone.csv")
    assert "gone.csv: there is no such file" in window.stage.frame.notice


def test_the_menu_opens_by_its_key_and_does_what_its_lines_say(window):
    window.commands.recent_files()
    assert window.switch_bar.files.isVisible()
    window.switch_bar.files.hide()
    lines(window)
    choose(window, "Copy the numbers")
    assert "Numbers copied" in window.stage.frame.notice
    choose(window, "Save picture")
    assert window.exporter.dialog is not None
    window.exporter.dialog.reject()


def test_a_title_in_the_menu_cannot_be_chosen(window, tmp_path):
    window.own_data.recent = (str(tmp_path / "a.csv"),)
    window.switch_bar.files.fill()
    titles = [action for action in window.switch_bar.files.actions() if action.text() == "Recent files"]
    assert len(titles) == 1 and not titles[0].isEnabled()
