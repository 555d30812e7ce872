"""The program: one clock, an end without leftovers in every state, and errors that are logged, shown and survived."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from PySide6.QtCore import QTimer, QtMsgType
from PySide6.QtWidgets import QApplication

import lstmviz.engine.warm_up  # noqa: F401  # the first import of Numba takes seconds, and is not what is timed here
from lstmviz import app as program
from lstmviz.cli import main
from lstmviz.lab.network import LSTM
from lstmviz.lab.settings import Settings
from lstmviz.lab.weights import save_network
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.preferences import Preferences, read_preferences, save_preferences
from lstmviz.views import fonts, lecture
from lstmviz.views.qt_log import log_qt_message
from lstmviz.views.window import MainWindow
from tests.views.desk import delete_now


@pytest.fixture(autouse=True)
def nothing_from_before():
    path = program.config_folder() / "preferences.json"
    path.unlink(missing_ok=True)
    (program.log_folder() / "lstmviz.log").unlink(missing_ok=True)
    yield
    path.unlink(missing_ok=True)
    fonts.set_text_size(1.0)


@pytest.fixture
def start(qapp, monkeypatch):
    """Starts the program as ``open_app`` does, but for the event loop; ends it after the test."""
    started = []

    def begin(settings=None, compiles=False, **options):
        made = program.Program(program.application(), settings)
        if not compiles:
            monkeypatch.setattr(made.stage, "warm_up", lambda: None)
        made.open(**options)
        started.append(made)
        return made

    yield begin
    for made in started:
        made.close()
    started.clear()
    delete_now()


def plays(made):
    made.stage.toggle_play()


def trains(made):
    made.stage.train(5000)


def exports(made):
    made.window.commands.export()


def fills_the_screen(made):
    made.window.commands.full_screen()


def teaches(made):
    made.window.toggle_lesson()


def lectures(made):
    made.window.start_lecture(from_page=False)


@pytest.mark.parametrize("state", [plays, trains, exports, fills_the_screen, teaches, lectures, None])
def test_the_program_ends_cleanly_in_every_state(start, qtbot, state):
    made = start()
    qtbot.wait(60)
    if state is not None:
        state(made)
    qtbot.wait(120)
    begun = time.perf_counter()
    made.window.close()
    made.close()
    # A hang would take for ever; how long an end takes is a matter of the machine, and of a kernel being compiled.
    assert time.perf_counter() - begun < 60
    assert not made._timer.isActive()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lstmviz")] == []
    assert lecture.current() is None


def test_the_one_clock_plays_in_real_time(start, qtbot):
    made = start(Settings(gap=50))
    made.stage.seek(0)
    made.stage.toggle_play()
    ticked = []
    tick = made.stage.tick
    made.stage.tick = lambda dt: (ticked.append(dt), tick(dt))
    begun, first = time.perf_counter(), made.stage.playback.place
    qtbot.wait(700)
    passed = (made.stage.playback.place - first) * 2.5 / 51
    assert passed == pytest.approx(sum(ticked), abs=2.5 / 51)
    # A tick is at most 0.25 s long, so on a busy machine less may be played than has passed, never more.
    assert 0.1 < sum(ticked) <= time.perf_counter() - begun + 0.05
    timers = [timer for timer in made.window.findChildren(QTimer) if timer.isActive()]
    assert timers == []


def test_kernels_are_compiled_after_the_first_picture(start, qtbot, monkeypatch):
    asked = []
    made = start(compiles=True)
    monkeypatch.setattr(made.stage, "warm_up", lambda: asked.append(made.stage.frame))
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=2000)
    qtbot.wait(60)
    assert len(asked) == 1


def test_a_lesson_opens_at_its_page(start):
    made = start(lesson=read_lesson(shipped_lessons()[0]), page=2)
    assert made.stage.frame.lesson.page == 2
    assert made.window.lesson.isVisible()


# ---------------------------------------------------------------- preferences


def test_theme_and_text_size_are_kept_for_the_next_start(start):
    made = start()
    made.window.set_theme("projector")
    made.window.set_text_size(1.3)
    made.stage.set_reduced_motion(True)
    made.close()
    fonts.set_text_size(1.0)
    again = start()
    assert again.window.theme.name == "projector"
    assert fonts.text_size() == 1.3
    assert again.stage.playback.reduced_motion


def test_recent_files_are_kept_for_the_next_start(start, tmp_path):
    path = tmp_path / "net.safetensors"
    save_network(LSTM(8, 5), path)
    first = start()
    first.window.own_data.open(path)
    first.close()
    assert read_preferences(program.config_folder() / "preferences.json").recent == (str(path),)
    assert start().window.own_data.recent == (str(path),)


def test_a_file_named_on_the_command_line_is_open_in_the_window(monkeypatch, tmp_path, qapp):
    path, seen = tmp_path / "net.safetensors", []
    save_network(LSTM(8, 5), path)
    monkeypatch.setattr(program.Program, "open", lambda self, *given: None)

    def look(app):
        window = next(widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow))
        seen.append(window.stage.opened.name)
        return 0

    monkeypatch.setattr(QApplication, "exec", look)
    assert main(["open", str(path)]) == 0 and seen == ["net.safetensors"]
    delete_now()


def test_bad_preferences_are_logged_and_the_usual_ones_taken(tmp_path, caplog):
    path = tmp_path / "preferences.json"
    save_preferences(Preferences(keys={"play": "R"}), path)
    assert read_preferences(path).keys == {"play": "R"}
    assert program.preferences(path) == Preferences()
    assert "R is the key of play already" in caplog.text


# ---------------------------------------------------------------- errors that nobody caught


def test_an_uncaught_error_is_logged_with_its_traceback_and_shown_in_one_line(start, qtbot, swallowed):
    made = start()
    with program.logging_to_file(), program.caught(made.stage):
        QTimer.singleShot(0, made.window, broken)
        qtbot.waitUntil(lambda: made.stage.frame.banner != "", timeout=2000)
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: "(2 in all)" in made.stage.frame.banner, timeout=2000)
    assert [type(error) for error in swallowed] == [ZeroDivisionError, ZeroDivisionError]
    swallowed.clear()
    assert made.window.banner.isVisible()
    assert made.stage.frame.banner.startswith("ZeroDivisionError: division by zero. What was on show is kept")
    log = (program.log_folder() / "lstmviz.log").read_text(encoding="utf-8")
    assert "in broken" in log
    assert log.count("ZeroDivisionError: division by zero") == 2


def broken():
    return 1 / 0


def test_an_error_of_every_tick_does_not_flood_the_log(start, swallowed):
    made = start()
    with program.logging_to_file(), program.caught(made.stage):
        for _ in range(100):
            sys.excepthook(ValueError, ValueError("each tick"), None)
    made.stage.tick(0.0)
    assert "(100 in all)" in made.stage.frame.banner
    assert (program.log_folder() / "lstmviz.log").read_text(encoding="utf-8").count("time") == 7
    swallowed.clear()


def test_messages_of_qt_go_to_the_log(caplog):
    with caplog.at_level(logging.DEBUG, "lstmviz.qt"):
        log_qt_message(QtMsgType.QtInfoMsg, None, "something of Qt's: 100 %s")
    assert (caplog.records[-1].levelname, caplog.records[-1].getMessage()) == ("INFO", "something of Qt's: 100 %s")


def test_hooks_are_put_back(start):
    made = start()
    before = sys.excepthook, threading.excepthook
    with program.caught(made.stage):
        assert sys.excepthook is not before[0]
    assert (sys.excepthook, threading.excepthook) == before


# ---------------------------------------------------------------- the whole program, in a process of its own

SCRIPT = """
import sys
from PySide6.QtCore import QTimer
from lstmviz import app
made = []
class Watched(app.Program):
    def open(self, *rest):
        super().open(*rest)
        made.append(self)
        QTimer.singleShot(400, self, self.ready)
    def ready(self):
        print("ready", flush=True)
        {ready}
app.Program = Watched
sys.exit(app.open_app(argv=["-platform", "offscreen"]))
"""


def run_program(ready):
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    command = [sys.executable, "-c", SCRIPT.format(ready=ready)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_closing_the_window_ends_the_program_with_exit_code_0():
    process = run_program("self.stage.report(str(1)); self.window.close()")
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (0, "ready\n"), errors


@pytest.mark.skipif(os.name == "nt", reason="signals as here are POSIX's")
def test_ctrl_c_ends_the_program_with_exit_code_0():
    process = run_program("self.stage.toggle_play()")
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def test_without_a_display_one_line_says_so(monkeypatch, capsys):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(program, "has_display", lambda: False)
    assert program.open_app() == 1
    assert capsys.readouterr().err == "No display: no window can be opened. Try: lstmviz compare\n"


def test_the_application_is_made_once(qapp):
    assert program.application() is QApplication.instance()
