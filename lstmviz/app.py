"""The program with its window: the one clock, the log, and an end that leaves nothing behind.

Words used in this file
    tick     one interval of the clock
    hook     what Python and Qt call with an error that nobody caught
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from lstmviz.doctor import has_display
from lstmviz.files import BadInput, caps
from lstmviz.lab.settings import Settings
from lstmviz.stage.preferences import Preferences, read_preferences, save_preferences
from lstmviz.stage.recovery import Recovery
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts, keys
from lstmviz.views.qt_log import qt_messages_logged
from lstmviz.views.window import MainWindow
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.lesson_parts import Lesson

TICK = 16  # milliseconds
LONGEST_TICK = 0.25  # seconds; a computer that slept does not make the playhead leap
PAINTED = 2  # ticks after which the first picture is on the screen
START_SIZE = (1440, 900)
LOG = logging.getLogger("lstmviz")


def open_app(
    settings: Settings | None = None,
    *,
    lesson: Lesson | None = None,
    page: int = 0,
    lecture: bool = False,
    file: Path | None = None,
    argv: Sequence[str] = (),
) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    settings : Settings, optional
        Where to start; the start-up state when left out.
    lesson : Lesson, optional
        Open this lesson.
    page : int
        Its page, from 0.
    lecture : bool
        Show it on the projector at once.
    file : Path, optional
        Open this file: weights, a table, a text, a session or a lesson.
    argv : sequence of str
        Options for Qt, such as ``-platform offscreen``.

    Returns
    -------
    int
        0, or 1 where no window can be opened: one line then says why.
    """
    if not has_display() and not os.environ.get("QT_QPA_PLATFORM") and "-platform" not in argv:
        print(tr("No display: no window can be opened. Try: lstmviz compare"), file=sys.stderr)
        return 1
    app = application(argv)
    with logging_to_file(), interruptible(app):
        program = Program(app, settings)
        with caught(program.stage):
            program.open(lesson, page, lecture)
            if file is not None:
                program.window.own_data.open(file)
            try:
                return app.exec()
            finally:
                program.close()


def application(argv: Sequence[str] = ()) -> QApplication:
    """The one ``QApplication``; a notebook or a test may have made it already."""
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    app = QApplication(["lstmviz", *argv])
    app.setApplicationName("lstmviz")
    app.setStyle("Fusion")
    return app


class Program(QObject):
    """Stage, window and clock.

    Parameters
    ----------
    app : QApplication
    settings : Settings, optional
        Where the stage starts.
    """

    def __init__(self, app: QApplication, settings: Settings | None = None) -> None:
        super().__init__()
        fonts.load()
        self._path = config_folder() / "preferences.json"
        self._kept = kept = preferences(self._path)
        fonts.set_text_size(kept.text_size)
        self.stage = Stage(settings)
        self.stage.set_reduced_motion(kept.reduced_motion)
        self.stage.lesson.keep_progress(data_folder() / "lesson-progress.json")
        self.recovery = Recovery(self.stage, data_folder() / "recovery")
        self.window = MainWindow(self.stage, kept.theme or system_theme(app), kept.keys)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        self._ticks, self._last = 0, time.perf_counter()
        self.window.own_data.recent = kept.recent
        self.window.offer(self.recovery.left)

    def open(self, lesson: Lesson | None = None, page: int = 0, lecture: bool = False) -> None:
        """Show the window and start the clock."""
        screen = self.window.screen().availableGeometry()
        self.window.resize(min(START_SIZE[0], screen.width()), min(START_SIZE[1], screen.height()))
        if lesson is not None:
            self.stage.lesson.open(lesson, page)
            self.stage.tick(0.0)
        self.window.show()
        self._last = time.perf_counter()
        self._timer.start()
        if lecture:
            self.window.start_lecture(from_page=True)

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        dt, self._last = min(now - self._last, LONGEST_TICK), now
        self.stage.tick(dt)
        self.recovery.tick(dt)
        self._ticks += 1
        if self._ticks == PAINTED:
            self.stage.warm_up()

    def close(self) -> None:
        """Stop the clock, the threads and the window, and keep the preferences."""
        self._timer.stop()
        self.window.close()
        self.stage.lesson.close()
        self.recovery.close()
        self.stage.close()
        self._save()
        self.window.deleteLater()
        self.deleteLater()

    def _save(self) -> None:
        now = replace(
            self._kept,
            theme=self.window.theme.name if self.window.chose_theme else self._kept.theme,
            text_size=fonts.text_size(),
            reduced_motion=self.stage.playback.reduced_motion,
            recent=self.window.own_data.recent,
        )
        if now != self._kept:
            save_preferences(now, self._path)


def preferences(path: Path) -> Preferences:
    """The reader's preferences; what is wrong with them is logged, and the usual ones are taken instead."""
    try:
        found = read_preferences(path)
        keys.commands(found.keys)
    except BadInput as error:
        LOG.warning("%s", error)
        return Preferences()
    return found


def system_theme(app: QApplication) -> str:
    """Light or dark, as the system has it."""
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


# ---------------------------------------------------------------- log


def log_folder() -> Path:
    """Where the log is kept, by the platform's custom."""
    return platformdirs.user_log_path("lstmviz", appauthor=False)


def config_folder() -> Path:
    """Where preferences are kept, by the platform's custom."""
    return platformdirs.user_config_path("lstmviz", appauthor=False)


def data_folder() -> Path:
    """Where the pages reached in lessons are kept, by the platform's custom."""
    return platformdirs.user_data_path("lstmviz", appauthor=False)


@contextlib.contextmanager
def logging_to_file() -> Iterator[None]:
    """Log into a few files of bounded size; on a disk that cannot be written, to standard error."""
    handler: logging.Handler
    try:
        log_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            log_folder() / "lstmviz.log", maxBytes=caps.LOG_BYTES, backupCount=caps.LOG_FILES - 1, encoding="utf-8"
        )
    except OSError as error:
        handler = logging.StreamHandler()
        LOG.warning("the log cannot be written: %s", error)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    level = LOG.level
    LOG.setLevel(logging.INFO)
    LOG.addHandler(handler)
    try:
        with qt_messages_logged():
            yield
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(level)
        handler.close()


# ---------------------------------------------------------------- errors that nobody caught, and Ctrl-C


@contextlib.contextmanager
def caught(stage: Stage) -> Iterator[None]:
    """While inside, an error that nobody caught is logged with its traceback and shown in one line; nothing ends."""
    times: dict[str, int] = {}

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            QGuiApplication.quit()
            return
        text = what_happened(error)
        times[text] = count = times.get(text, 0) + 1
        if count & (count - 1) == 0:  # an error of every tick is logged the 1st, 2nd, 4th, 8th ... time
            LOG.error("an error that nobody caught, time %d", count, exc_info=(kind, error, trace))
        stage.report(text)

    def report_thread(arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value or SystemExit()
        report(type(error), error, error.__traceback__)

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = report, report_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before


def what_happened(error: BaseException) -> str:
    """One line: what happened, what is kept, where to read more."""
    if isinstance(error, BadInput):
        return str(error)
    text = tr("{kind}: {words}. What was on show is kept; the log has the details: {path}")
    words = " ".join(str(error).split())[:200] or tr("no more is known")
    return text.format(kind=type(error).__name__, words=words, path=log_folder() / "lstmviz.log")


@contextlib.contextmanager
def interruptible(app: QApplication) -> Iterator[None]:
    """While inside, Ctrl-C and a termination signal close the window; the clock's ticks let Python see them."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        app.quit()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
