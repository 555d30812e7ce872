"""The lecture: one picture for the room, and a window for who presents.

``start`` opens both on the screens there are, ``leave`` closes them; one lecture runs at a time.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from lstmviz.stage.stage import Stage
from lstmviz.views.lecture.show import LectureShow


def start(window: QWidget, stage: Stage, from_page: bool = False) -> LectureShow:
    """Begin a lecture, or go on with the one that was left; the one that runs stays as it is.

    Parameters
    ----------
    window : QWidget
        The desk; the lecture ends when it is closed.
    stage : Stage
        What is shown.
    from_page : bool
        Begin on the page that is open (Shift F5) and not on the first, or where the lecture was left (F5).
    """
    running = current()
    if running is not None:
        return running
    show = LectureShow(window, stage)
    show.start(from_page)
    return show


def leave() -> None:
    """End the lecture that runs, if any; the stage stays as it is."""
    running = current()
    if running is not None:
        running.leave()


def current() -> LectureShow | None:
    """The lecture that runs, or None."""
    return LectureShow.running[0] if LectureShow.running else None
