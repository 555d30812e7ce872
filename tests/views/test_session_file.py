"""Sessions in the window: saved, opened and dropped like any file, and offered after a crash."""

import pytest
from PySide6.QtCore import QMimeData, QUrl

from lstmviz.stage.session import read_session, session_of
from lstmviz.views.own_data import dropped_file
from lstmviz.views.picture import settle, window

pytestmark = pytest.mark.gui


@pytest.fixture
def shown():
    with window({"gap": "9"}, (1280, 720), "light", "race") as made:
        yield made


def tick(shown):
    shown.stage.tick(0.0)
    settle(shown)


def test_what_is_saved_is_what_is_opened(shown, tmp_path):
    path = tmp_path / "a.lstmviz"
    before = session_of(shown.stage)
    shown.own_data.save_session(str(path))
    tick(shown)
    assert "Saved a.lstmviz" in shown.stage.frame.notice
    shown.stage.change({"gap": 20, "seed": 4})
    tick(shown)
    shown.own_data.open(path)
    tick(shown)
    assert session_of(shown.stage) == before
    assert "Opened a.lstmviz" in shown.stage.frame.notice


def test_a_bad_session_becomes_one_line_and_changes_nothing(shown, tmp_path):
    path = tmp_path / "bad.lstmviz"
    path.write_text('{"schema": 7}', encoding="utf-8")
    before = session_of(shown.stage)
    shown.own_data.open(path)
    tick(shown)
    assert session_of(shown.stage) == before
    assert "schema: 7 is unknown" in shown.stage.frame.notice


def test_a_place_that_cannot_be_written_becomes_one_line(shown, tmp_path):
    shown.own_data.save_session(str(tmp_path / "missing" / "a.lstmviz"))
    tick(shown)
    assert "missing" in shown.stage.frame.notice


def test_a_session_can_be_dropped_on_the_window(tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.lstmviz"))])
    assert dropped_file(data) == tmp_path / "a.lstmviz"


def test_a_session_left_by_a_crash_is_offered_in_a_line_and_restored_by_its_key(shown, tmp_path):
    left = session_of(shown.stage)
    shown.stage.change({"gap": 30})
    tick(shown)
    shown.offer(left)
    tick(shown)
    assert "Ctrl Shift R" in shown.stage.frame.banner
    shown.commands.method("restore_session")()
    tick(shown)
    assert shown.stage.settings.gap == 9 and not shown.stage.frame.banner
    shown.commands.method("restore_session")()
    tick(shown)
    assert "no session to restore" in shown.stage.frame.notice


def test_without_a_crash_nothing_is_offered(shown):
    shown.offer(None)
    tick(shown)
    assert not shown.stage.frame.banner


def test_a_file_that_was_saved_can_be_read_by_anybody(shown, tmp_path):
    shown.own_data.save_session(str(tmp_path / "a.lstmviz"))
    assert read_session(tmp_path / "a.lstmviz").settings == shown.stage.settings


def test_a_session_that_is_gone_is_told_in_one_line(shown, tmp_path):
    shown.own_data.open(tmp_path / "gone.lstmviz")
    tick(shown)
    assert "gone.lstmviz: there is no such file (needs a session file)" in shown.stage.frame.notice
