"""A lecture on its windows: opens them on their screens, keeps them on the stage, and turns verbs into the stage's.

Words used in this file
    verb    what a key or a button of either window asks for; ``keys.py`` has the table
"""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.lecture import LectureState
from lstmviz.stage.preview import page_frame
from lstmviz.stage.stage import Stage
from lstmviz.views.lecture.audience import AudienceWindow
from lstmviz.views.lecture.presenter import PresenterWindow
from lstmviz.views.lecture.screens import Screens, fill, place, screens


class LectureShow(QObject):
    """The two windows of a lecture, from ``start`` to ``leave``.

    Parameters
    ----------
    desk : QWidget
        The window that is come back to; the lecture ends with it.
    stage : Stage
        Whose frames both windows show.
    """

    running: ClassVar[list[LectureShow]] = []  # at most one

    def __init__(self, desk: QWidget, stage: Stage) -> None:
        super().__init__()
        self._desk, self._stage = desk, stage
        self.audience, self.presenter = AudienceWindow(), PresenterWindow()
        self._next_of: tuple[object, ...] = ()
        self._swapped = stage.lecture.state.swapped
        self._screens: Screens | None = None

    def start(self, from_page: bool) -> None:
        """Begin, or go on where the lecture was left."""
        self.running.append(self)
        self._stage.lecture.start(from_page)
        self._stage.tick(0.0)  # the page that was opened is on the first picture already
        self._stage.frame_changed.connect(self.draw)
        self._stage.lecture.changed.connect(self.set_state)
        for window in (self.audience, self.presenter):
            window.acted.connect(self.act)
        app = _application()
        app.screenAdded.connect(self._screens_changed)
        app.screenRemoved.connect(self._screens_changed)
        app.aboutToQuit.connect(self.leave)
        self._desk.installEventFilter(self)
        self._desk.destroyed.connect(self.leave)
        self.set_state(self._stage.lecture.state)
        self.draw(self._stage.frame)
        self._arrange()

    @Slot()
    def leave(self) -> None:
        """Close both windows; the desk is as it was, and the stage as it is."""
        if self not in self.running:
            return
        self.running.remove(self)
        self._stage.lecture.leave()
        self._stage.frame_changed.disconnect(self.draw)
        self._stage.lecture.changed.disconnect(self.set_state)
        app = _application()
        app.screenAdded.disconnect(self._screens_changed)
        app.screenRemoved.disconnect(self._screens_changed)
        app.aboutToQuit.disconnect(self.leave)
        for window in (self.audience, self.presenter):
            window.acted.disconnect(self.act)
            window.close()
            window.deleteLater()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the desk close."""
        if watched is self._desk and event.type() == QEvent.Type.Close:
            self.leave()
        return False

    # -- shown -------------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show a frame in both windows."""
        self.audience.draw(frame)
        if self.presenter.isVisible() or self._screens is None:
            self.presenter.draw(frame)
            self._draw_next(frame)

    def _draw_next(self, frame: Frame) -> None:
        lesson = self._stage.lesson.lesson
        if frame.lesson is None or lesson is None:
            return
        now = (lesson, frame.lesson.page, frame.engine.kernels)
        if now != self._next_of:
            self._next_of = now
            self.presenter.draw_next(page_frame(self._stage, frame.lesson.page + 1))

    def set_state(self, state: LectureState) -> None:
        """Show black, the clock, the strip, and each window on its screen."""
        self.audience.set_state(state)
        self.presenter.set_state(state)
        if state.swapped != self._swapped:
            self._swapped = state.swapped
            self._arrange()

    @Slot(QScreen)
    def _screens_changed(self, _screen: QScreen) -> None:
        # a projector was plugged in, or its cable pulled: the lecture goes on with what there is
        self._arrange()

    def _arrange(self) -> None:
        self._screens = found = screens(self._swapped)
        fill(self.audience, found.audience)
        if found.presenter is None:
            self.presenter.hide()
            self.audience.activateWindow()
            return
        size = found.audience.size()
        self.presenter.set_screen(found.name(), size.width() / size.height())
        place(self.presenter, found.presenter)
        self.presenter.draw(self._stage.frame)
        self._draw_next(self._stage.frame)
        self.presenter.activateWindow()

    # -- verbs -------------------------------------------------------------------------------------------------

    @Slot(str)
    def act(self, verb: str) -> None:
        """Do what a key or button asks for; while black, everything but leaving only brings the picture back."""
        lecture, stage = self._stage.lecture, self._stage
        if verb == "leave":
            self.leave()
            self._desk.activateWindow()
        elif lecture.wake() or verb == "wake":
            return
        elif verb.startswith("what_if_"):
            lecture.what_if(int(verb[-1]))
        else:
            {
                "next": lecture.next,
                "previous": lecture.previous,
                "skip": lecture.skip,
                "play": stage.toggle_play,
                "back": stage.back,
                "on": stage.on,
                "black": lecture.black,
                "swap": lecture.swap_screens,
                "strip": self._toggle_strip,
                "larger": lecture.larger_notes,
                "smaller": lecture.smaller_notes,
                "restart_clock": lecture.restart_clock,
            }[verb]()

    def _toggle_strip(self) -> None:
        if self._screens is not None and self._screens.presenter is None:
            self._stage.lecture.toggle_strip()


def _application() -> QApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QApplication)
    return app
