"""The guards of conftest.py, tried on tests that misbehave in ways no assertion sees."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lstmviz import doctor
from tests.sources import ROOT

ENGINE_FAULTS = """
import logging, socket, sys, threading

class Bad:
    def __del__(self):
        raise ValueError("in a destructor")

def test_good(): pass
def test_thread_exception():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start(); thread.join()
def test_destructor(): Bad()
def test_excepthook(): sys.excepthook(ValueError, ValueError("told to the hook"), None)
def test_thread_left():
    threading.Thread(target=threading.Event().wait, args=(4,)).start()
def test_socket():
    try:
        with socket.socket() as unsafe: unsafe.connect(("192.0.2.1", 80))
    except OSError:
        pass
def test_name_lookup():
    try:
        socket.getaddrinfo("host.invalid", 80)
    except OSError:
        pass
def test_socket_pair():
    for end in socket.socketpair(): end.close()
def test_logged_error():
    logging.getLogger("lstmviz").error("told to the log")
def test_logged_exception():
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("lstmviz.stage").exception("told to the log")
def test_logged_warning(): logging.getLogger("lstmviz").warning("harmless")
def test_logged_qt_warning(): logging.getLogger("lstmviz.qt").warning("odd, says Qt")
def test_on_purpose(swallowed, socket_attempts):
    sys.excepthook(ValueError, ValueError("on purpose"), None)
    assert str(swallowed.pop()) == "on purpose"
def test_still_good(): pass
"""

QT_FAULTS = """
from PySide6.QtCore import QThread, QTimer, QVariantAnimation, qWarning
from PySide6.QtWidgets import QWidget
kept = []

def test_good_window(qtbot):
    widget = QWidget(); qtbot.addWidget(widget); widget.show()
def test_window_left(qapp): kept.append(QWidget())
def test_window_dropped(qapp): QWidget().show()
def test_timer_left(qapp):
    kept.append(QTimer()); kept[-1].start(10_000)
def test_timer_stopped(qapp):
    timer = QTimer(); timer.start(10_000); timer.stop(); kept.append(timer)
def test_thread_left(qapp):
    kept.append(QThread()); kept[-1].start()
def test_animation_left(qapp):
    animation = QVariantAnimation(); animation.setDuration(10_000)
    animation.setStartValue(0.0); animation.setEndValue(1.0); animation.start(); kept.append(animation)
def test_slot_exception(qtbot):
    QTimer.singleShot(0, lambda: 1 / 0); qtbot.wait(20)
def test_warning(qapp): qWarning("odd")
def test_warning_in_teardown(qapp, request): request.addfinalizer(lambda: qWarning("late and odd"))
def test_still_good(qtbot): pass
def teardown_module():
    for thing in kept:
        if isinstance(thing, QThread): thing.quit(); thing.wait()
"""

# No hook that the guards give to children, so that they meet what the body does themselves; no wish of .ci/run.
ALONE = {"PYTHONPATH": "", "LSTMVIZ_REQUIRE_GUI": ""}
WITHOUT_LIBRARIES = "from lstmviz import doctor\ndoctor.missing_qt_libraries = lambda window=None: ['libEGL.so.1']\n"


def outcomes(folder: Path, body: str, before: str = "", **environment: str) -> tuple[dict[str, str], str]:
    """Worst outcome of each test of ``body`` under a copy of conftest.py, and all that pytest printed."""
    (folder / "conftest.py").write_text(before + (ROOT / "tests/conftest.py").read_text())
    (folder / "test_body.py").write_text(body)
    options = ["-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", "-o", "addopts=", "--junitxml=out.xml"]
    command = [sys.executable, "-m", "pytest", *options, "test_body.py"]
    run = subprocess.run(
        command, cwd=folder, env=os.environ | ALONE | environment, capture_output=True, text=True, timeout=100
    )
    worst: dict[str, str] = {}
    for case in ElementTree.parse(folder / "out.xml").iter("testcase"):
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        worst[case.get("name", "")] = kinds.pop() if kinds else worst.get(case.get("name", ""), "passed")
    return worst, run.stdout + run.stderr


@pytest.fixture(scope="module")
def engine_faults(tmp_path_factory):
    return outcomes(tmp_path_factory.mktemp("engine"), ENGINE_FAULTS)


@pytest.fixture(scope="module")
def qt_faults(tmp_path_factory):
    return outcomes(tmp_path_factory.mktemp("qt"), QT_FAULTS)


@pytest.mark.parametrize(
    "name", ["test_good", "test_socket_pair", "test_logged_warning", "test_on_purpose", "test_still_good"]
)
def test_a_test_that_does_no_harm_passes(engine_faults, name):
    assert engine_faults[0][name] == "passed", engine_faults[1]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("test_thread_exception", "division by zero"),
        ("test_destructor", "in a destructor"),
        ("test_excepthook", "told to the hook"),
        ("test_logged_error", "RuntimeError: told to the log"),
        ("test_logged_exception", "ZeroDivisionError"),
        ("test_logged_qt_warning", "Qt: odd, says Qt"),
        ("test_thread_left", "left behind: <Thread"),
        ("test_socket", "network: socket.connect(('192.0.2.1', 80),)"),
        ("test_name_lookup", "network: socket.getaddrinfo('host.invalid', 80"),
    ],
)
def test_a_fault_that_no_assertion_saw_fails_its_test(engine_faults, name, told):
    assert engine_faults[0][name] in ("failure", "error"), engine_faults[1]
    assert told in engine_faults[1]


def test_a_process_that_a_test_starts_has_no_network_either(socket_attempts):
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "lstmviz never uses the network" in finished.stderr
    assert socket_attempts == []


@pytest.mark.gui
@pytest.mark.parametrize("name", ["test_good_window", "test_window_dropped", "test_timer_stopped", "test_still_good"])
def test_a_gui_test_that_cleans_up_passes(qt_faults, name):
    assert qt_faults[0][name] == "passed", qt_faults[1]


@pytest.mark.gui
@pytest.mark.parametrize(
    "name",
    [
        "test_window_left",
        "test_timer_left",
        "test_thread_left",
        "test_animation_left",
        "test_slot_exception",
        "test_warning",
        "test_warning_in_teardown",
    ],
)
def test_what_qt_leaves_behind_or_warns_of_fails_its_test(qt_faults, name):
    assert qt_faults[0][name] in ("failure", "error"), qt_faults[1]


def test_without_qts_libraries_gui_tests_are_skipped_with_the_line_that_mends_it(tmp_path):
    body = "def test_plain(): pass\ndef test_window(qtbot): pass\n"
    results, printed = outcomes(tmp_path, body, WITHOUT_LIBRARIES)
    assert results == {"test_plain": "passed", "test_window": "skipped"}, printed
    assert doctor.install_line(["libEGL.so.1"]) in printed


def test_without_qts_libraries_a_module_that_imports_qt_is_skipped_before_it_is_imported(tmp_path):
    body = "import PySide6.QtWidgets\nraise SystemExit('imported')\n"
    results, printed = outcomes(tmp_path, body, WITHOUT_LIBRARIES)
    assert set(results.values()) == {"skipped"}, printed


@pytest.mark.parametrize("body", ["def test_window(qtbot): pass\n", "import PySide6.QtWidgets\n"])
def test_where_the_gui_is_required_its_absence_is_a_failure(tmp_path, body):
    results, printed = outcomes(tmp_path, body, WITHOUT_LIBRARIES, LSTMVIZ_REQUIRE_GUI="1")
    assert set(results.values()) <= {"failure", "error"} and results, printed
    assert doctor.install_line(["libEGL.so.1"]) in printed
