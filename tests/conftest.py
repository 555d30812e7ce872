"""What every test runs under: a home of its own, no display, no network, and no fault that goes unseen.

A test fails, whatever it asserts, when during it
    an exception reached ``sys.excepthook``, ``threading.excepthook`` or ``sys.unraisablehook`` (in a slot, a thread, a
    destructor: all of which Python and Qt otherwise swallow), or the app's own hook, which logs it as an error;
    a thread, a ``QThread``, a ``QTimer``, an animation or a top-level window was left behind;
    Qt warned of something that is not in ``qt_log_ignore`` of pyproject.toml;
    anything tried to use a socket (in a process that the test started, this raises there).

Fixtures
    swallowed         list of the exceptions above so far; a test that provokes one on purpose checks and empties it
    socket_attempts   list of the attempts above so far, likewise

Tests that use ``qtbot`` or ``qapp``, and all tests of a module that imports Qt, carry the mark ``gui``. Where one of
Qt's system libraries is missing they are skipped with the line that installs it as the reason; with
``LSTMVIZ_REQUIRE_GUI=1`` they fail with it.
"""

import ast
import atexit
import functools
import gc
import importlib.util
import logging
import os
import re
import shutil
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from lstmviz import doctor
from tests.no_network import ATTEMPTS
from tests.sources import ROOT, imports

QT_MODULES = ("PySide6", "pyqtgraph", "pytestqt", "lstmviz.views", "lstmviz.app")


# ---------------------------------------------------------------- surroundings, before anything else is imported


def run_folder() -> Path:
    """One empty folder for this run, shared by its worker processes and removed by the process that made it."""
    if "LSTMVIZ_TEST_RUN" in os.environ:
        return Path(os.environ["LSTMVIZ_TEST_RUN"])
    folder = Path(tempfile.mkdtemp(prefix="lstmviz-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["LSTMVIZ_TEST_RUN"] = str(folder)
    return folder


def set_home(home: Path) -> None:
    """Let preferences, progress and logs of what runs from now on live in ``home``."""
    names = {
        "HOME": "",
        "USERPROFILE": "",
        "APPDATA": "roaming",
        "LOCALAPPDATA": "local",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_STATE_HOME": "state",
    }
    os.environ |= {variable: str(home / name) for variable, name in names.items()}


def set_surroundings(run: Path) -> None:
    """Set what all tests of one run share: compiled kernels, font caches, and the guard that children import."""
    folders = {"XDG_CACHE_HOME": run / "cache", "XDG_RUNTIME_DIR": run / "runtime", "NUMBA_CACHE_DIR": run / "kernels"}
    for name, folder in folders.items():
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ[name] = str(folder)
    site = run / "site"
    if not site.exists():
        site.mkdir()
        shutil.copy(Path(__file__).parent / "no_network.py", site / "sitecustomize.py")
    os.environ["PYTHONPATH"] = str(site)
    os.environ["LANGUAGE"] = "en"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)


RUN_FOLDER = run_folder()
set_surroundings(RUN_FOLDER)
set_home(RUN_FOLDER)


# ---------------------------------------------------------------- tests that need Qt, where Qt cannot start


def why_no_gui() -> str:
    """Why Qt cannot draw on this machine, in words that mend it; ``""`` where it can."""
    if importlib.util.find_spec("PySide6") is None:
        return "GUI tests need PySide6-Essentials: pip install --require-hashes -r requirements.lock"
    missing = doctor.missing_qt_libraries(window=False)
    return f"GUI tests need system libraries of Qt: {doctor.install_line(missing)}" if missing else ""


NO_GUI = why_no_gui()
GUI_REQUIRED = os.environ.get("LSTMVIZ_REQUIRE_GUI") == "1"


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Leave out pytest-qt where it would abort the whole run. This is the last hook before it imports Qt."""
    if NO_GUI:
        pluginmanager.unregister(name="pytest-qt")


def pytest_report_header() -> str:
    if NO_GUI:
        return f"lstmviz: {'FAILING' if GUI_REQUIRED else 'skipping'} the GUI tests: {NO_GUI}"
    return "lstmviz: GUI tests run offscreen"


@functools.cache
def needs_qt(module_path: Path) -> bool:
    """Whether importing a test module imports Qt, by itself or through a helper beside it."""
    tree = ast.parse(module_path.read_bytes())
    top = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    names = [name for name, _ in imports(top)]
    helpers = {ROOT.joinpath(*name.split(".")[:end]).with_suffix(".py") for name in names for end in (-1, None)}
    return any(name == qt or name.startswith(f"{qt}.") for name in names for qt in QT_MODULES) or any(
        needs_qt(helper) for helper in helpers if helper.is_relative_to(ROOT / "tests") and helper.is_file()
    )


class GuiModule(pytest.Module):
    """A test module that imports Qt, on a machine where that import would fail."""

    def collect(self) -> list[pytest.Item]:
        if GUI_REQUIRED:
            raise self.CollectError(NO_GUI)
        pytest.skip(NO_GUI, allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    return GuiModule.from_parent(parent, path=module_path) if NO_GUI and needs_qt(module_path) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    paths = {item.path for item in items}
    qt_paths = {path for path in paths if needs_qt(path)}
    for item in items:
        if item.path in qt_paths or {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("gui")


def pytest_collection_finish() -> None:
    # The guards below list live objects. What exists by now will stay; setting it aside makes that list short.
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if NO_GUI and item.get_closest_marker("gui"):
        if GUI_REQUIRED:
            pytest.fail(NO_GUI, pytrace=False)
        pytest.skip(NO_GUI)


# ---------------------------------------------------------------- faults that no assertion sees


@pytest.fixture
def socket_attempts() -> list[str]:
    """Attempts to use a socket during this test; empty it if they were made on purpose."""
    return ATTEMPTS


SWALLOWED: list[BaseException] = []


def install_exception_hooks() -> tuple[object, object, object]:
    """Record what reaches the three hooks; return what stood there before."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    sys.excepthook = lambda kind, error, trace: SWALLOWED.append(error)
    threading.excepthook = lambda arguments: SWALLOWED.append(arguments.exc_value or SystemExit())
    sys.unraisablehook = lambda arguments: SWALLOWED.append(arguments.exc_value or RuntimeError(arguments.err_msg))
    return before


class LogWatch(logging.Handler):
    """Records what the app's own hooks only log: while its window is open they stand in place of those above."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "lstmviz.qt":
            note_qt_message(record.levelno, record.getMessage())
        elif record.levelno >= logging.ERROR:
            error = record.exc_info[1] if record.exc_info else None
            SWALLOWED.append(error or RuntimeError(record.getMessage()))


@pytest.fixture
def swallowed() -> list[BaseException]:
    """Exceptions that reached a hook during this test; empty it if they were provoked on purpose."""
    return SWALLOWED


# ---------------------------------------------------------------- Qt: messages outside a test, and what is left behind


QT_MESSAGES: list[str] = []
QT_ALLOWED: list[re.Pattern[str]] = []


def note_qt_message(level: int, message: str) -> None:
    if level >= logging.WARNING and not any(pattern.search(message) for pattern in QT_ALLOWED):
        QT_MESSAGES.append(message)


def watch_qt_messages() -> None:
    """Record Qt's warnings where pytest-qt does not: in teardown, between tests, and under ``-s``."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    harmless = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)

    def record(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        note_qt_message(logging.INFO if kind in harmless else logging.WARNING, message)

    qInstallMessageHandler(record)


def pytest_sessionstart(session: pytest.Session) -> None:
    QT_ALLOWED.extend(re.compile(pattern) for pattern in session.config.getini("qt_log_ignore"))
    logging.getLogger("lstmviz").addHandler(LogWatch())
    if not NO_GUI:
        watch_qt_messages()


def left_in_qt() -> set[object]:
    """Running timers, threads and animations that Python knows, and top-level windows."""
    from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QThread, QTimer
    from PySide6.QtWidgets import QApplication
    from shiboken6 import isValid

    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return set()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left: set[object] = {window for window in application.topLevelWidgets() if not is_tool_tip(window)}
    # By type, because `isinstance` asks proxies for their __class__ and some answer with an error; and because a set
    # of types is made of all live objects in a few milliseconds.
    objects = gc.get_objects()
    questions = {QTimer: QTimer.isActive, QThread: QThread.isRunning, QAbstractAnimation: is_moving}
    asked = {kind: ask for kind in set(map(type, objects)) for base, ask in questions.items() if issubclass(kind, base)}
    if asked:
        left |= {thing for thing in objects if (ask := asked.get(type(thing))) and isValid(thing) and ask(thing)}
    return left


def is_moving(animation: object) -> bool:
    return animation.state().name == "Running"  # type: ignore[attr-defined]


def is_tool_tip(window: object) -> bool:
    """Qt's one tool tip window, which deletes itself a moment after it was hidden."""
    return window.metaObject().className() == "QTipLabel"  # type: ignore[attr-defined]


def look_of_qt() -> tuple[object, ...] | None:
    """Style sheet, font and palette of the application: a window sets them for all that come after it."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return None
    return application.styleSheet(), application.font(), application.palette()


def restore_look_of_qt(before: tuple[object, ...] | None) -> None:
    if before is None or look_of_qt() == before:
        return
    from PySide6.QtWidgets import QApplication

    sheet, font, palette = before
    QApplication.setFont(font)
    QApplication.setPalette(palette)
    # Never an empty sheet: Qt would then delete the style that the next widget is about to use.
    QApplication.instance().setStyleSheet(sheet or "/* none */")


def threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


def left_behind(threads_before: set[threading.Thread], qt_before: set[object] | None) -> list[str]:
    """What was started since and still lives, after all that was only waiting for its end has had it."""
    if not (threads() - threads_before or (qt_before is not None and left_in_qt() - qt_before)):
        return []
    gc.collect()
    for thread in threads() - threads_before:
        thread.join(2)
    left: set[object] = {*(threads() - threads_before)}
    if qt_before is not None:
        left |= left_in_qt() - qt_before
    return [f"left behind: {thing!r}" for thing in left]


# ---------------------------------------------------------------- all of it, round every test


@pytest.fixture(autouse=True)
def guards(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set up before and taken down after every other fixture of a test; fails it for any fault that went unseen."""
    watch_qt = bool(request.node.get_closest_marker("gui")) and not NO_GUI
    threads_before, qt_before = threads(), left_in_qt() if watch_qt else None
    look_before = look_of_qt() if watch_qt else None
    for seen in (SWALLOWED, ATTEMPTS, QT_MESSAGES):
        seen.clear()
    hooks = install_exception_hooks()
    set_home(Path(tempfile.mkdtemp(dir=RUN_FOLDER)))
    try:
        yield
        faults = left_behind(threads_before, qt_before)
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        set_home(RUN_FOLDER)
        restore_look_of_qt(look_before)
    faults += ["swallowed: " + "".join(traceback.format_exception(error)) for error in SWALLOWED]
    faults += [f"network: {attempt}" for attempt in ATTEMPTS]
    faults += [f"Qt: {message}" for message in QT_MESSAGES]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
