"""A film of the open lab, picture by picture as the clock draws them; the playhead walks, and comes back.

Words used in this file
    stop      where the playhead stands for one picture (see ``stage.film``)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from lstmviz.stage.film import stop_of, stops
from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.words import tr

Picture = tuple[int, int, bytes]


class Recorder(QObject):
    """Takes the pictures of one film at a time.

    Parameters
    ----------
    stage : Stage
        Whose playhead walks.
    figure : QWidget
        What is taken.
    image : callable
        The image of a widget.
    parent : QObject
    """

    def __init__(self, stage: Stage, figure: QWidget, image: Callable[[QWidget], QImage], parent: QObject) -> None:
        super().__init__(parent)
        self._stage, self._figure, self._image = stage, figure, image
        self._left: list[int] = []
        self._pictures: list[Picture] = []
        self._all = 0
        self._before, self._of, self._widest = 0, "", 0
        self._done: Callable[[list[Picture]], None] | None = None

    @property
    def running(self) -> bool:
        """Whether a film is being made."""
        return self._done is not None

    def start(self, widest: int, done: Callable[[list[Picture]], None]) -> None:
        """Take all pictures, none wider than so many pixels, and hand them on; nothing while another film is made."""
        if self.running:
            return
        stage = self._stage
        stage.playback.pause()
        if stage.playback.level == "operation":
            stage.set_level("timestep")
            stage.tick(0.0)
        frame = stage.frame
        self._left, self._pictures = stops(frame), []
        self._all, self._before, self._widest = len(self._left), stop_of(frame), widest
        self._of, self._done = _conditions(frame), done
        stage.frame_changed.connect(self._drawn)
        self._drawn(frame)

    def cancel(self) -> bool:
        """Give the film up and put the playhead back; whether there was one."""
        if not self.running:
            return False
        self._end()
        self._stage.seek(self._before)
        return True

    def _end(self) -> None:
        self._stage.frame_changed.disconnect(self._drawn, missing_ok=True)
        self._done = None

    def _drawn(self, frame: Frame) -> None:
        """Take a picture where the playhead has arrived, and send it on."""
        if not self.running:
            return
        if _conditions(frame) != self._of:
            self._end()
            self._stage.notify(tr("The film was given up: something else is on show now"))
            return
        while self._left and stop_of(frame) == self._left[0]:
            self._left.pop(0)
            self._pictures.append(rgb(self._image(self._figure), self._widest))
        if self._left:
            words = tr("Picture {done} of {all}; Esc gives up")
            self._stage.notify(words.format(done=len(self._pictures), all=self._all))
            self._stage.seek(self._left[0])
            return
        done, pictures = self._done, self._pictures
        self._end()
        self._stage.seek(self._before)
        assert done is not None
        done(pictures)


def _conditions(frame: Frame) -> str:
    """What must stay as it is while a film is made."""
    return repr((frame.lab, frame.settings, frame.level, frame.opened, frame.interventions, frame.lesson is None))


def rgb(image: QImage, widest: int) -> Picture:
    """Width, height and RGB bytes of an image, drawn smaller where it is wider than it may be."""
    if image.width() > widest:
        image = image.scaledToWidth(widest, Qt.TransformationMode.SmoothTransformation)
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height, stride = plain.width(), plain.height(), plain.bytesPerLine()
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(height, stride)[:, : 3 * width]
    return width, height, rows.tobytes()
