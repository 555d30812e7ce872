"""Which screen the audience's window gets, and which the presenter's."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from lstmviz.words import tr

PRESENTER_SIZE = QSize(1440, 900)


@dataclass(frozen=True, slots=True)
class Screens:
    """A screen for each window; with one screen there is no presenter's window."""

    audience: QScreen
    presenter: QScreen | None

    def name(self) -> str:
        """The audience's screen in words: ``screen 2, 1920 × 1080``."""
        size = self.audience.size() * self.audience.devicePixelRatio()
        number = QGuiApplication.screens().index(self.audience) + 1
        return tr("screen {n}, {width} × {height}").format(n=number, width=size.width(), height=size.height())


def screens(swapped: bool) -> Screens:
    """The presenter's window on the primary screen and the audience's on the other; ``swapped``: the other way."""
    first = QGuiApplication.primaryScreen()
    others = [screen for screen in QGuiApplication.screens() if screen is not first]
    if not others:
        return Screens(first, None)
    return Screens(first, others[0]) if swapped else Screens(others[0], first)


def fill(window: QWidget, screen: QScreen) -> None:
    """Show a window full screen on a screen, wherever it was before."""
    if window.isFullScreen() and window.screen() is screen and window.isVisible():
        return
    window.hide()  # a full-screen window that is shown cannot be moved to another screen everywhere
    window.setScreen(screen)
    window.setGeometry(screen.geometry())
    window.showFullScreen()


def place(window: QWidget, screen: QScreen) -> None:
    """Show a window in the middle of a screen, at the presenter's size or as large as there is room for."""
    if window.isVisible() and window.screen() is screen:
        return
    window.hide()
    window.setScreen(screen)
    room = screen.availableGeometry()
    if room.width() <= PRESENTER_SIZE.width() or room.height() <= PRESENTER_SIZE.height():
        window.setGeometry(room)
        window.showMaximized()
        return
    box = QRect(QPoint(0, 0), PRESENTER_SIZE)
    box.moveCenter(room.center())
    window.setGeometry(box)
    window.show()
