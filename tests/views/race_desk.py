"""The Race on a stage for tests: shown offscreen without its window, drawn by hand, gone without a trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lstmviz.lab.settings import Settings
from lstmviz.stage.playback import Position, place_of
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.labs.race import RaceLab
from lstmviz.views.theme import theme
from tests.views.desk import application, delete_now

ALL = ("rnn", "lstm", "gru")


class RaceDesk:
    """A stage and the Race that draws it."""

    def __init__(self, stage: Stage, lab: RaceLab) -> None:
        self.stage, self.lab = stage, lab

    @property
    def frame(self):
        return self.stage.frame

    def tick(self, dt: float = 0.0):
        """Let the stage resolve, draw what it says, and paint it."""
        self.stage.tick(dt)
        self.lab.draw(self.stage.frame)
        QApplication.processEvents()

    def change(self, **changes):
        self.stage.change({key.replace("__", "."): value for key, value in changes.items()})
        self.tick()

    def seek(self, stretch: str, t: int) -> None:
        self.stage.seek(place_of(Position(stretch, t), self.stage.settings.timesteps()))
        self.tick()

    def pixel(self, widget, x: float, y: float) -> tuple[int, int, int]:
        """Colour of the whole picture at a point of one of its parts."""
        at = widget.mapTo(self.lab, QPoint(int(x), int(y)))
        colour = self.lab.grab().toImage().pixelColor(at)
        return colour.red(), colour.green(), colour.blue()

    def click(self, widget, x: float, y: float) -> None:
        target = widget.viewport() if hasattr(widget, "viewport") else widget
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
        self.tick()


@contextmanager
def race_desk(settings=None, size=(1184, 780), look="light", engine="reference") -> Iterator[RaceDesk]:
    application()
    QCursor.setPos(0, 0)  # where the test before left the pointer a tile would be hovered
    fonts.set_text_size(1.0)
    stage = Stage(replace(Settings(), **(settings or {})), engine=engine)
    lab = RaceLab(stage, theme(look))
    desk = RaceDesk(stage, lab)
    try:
        lab.resize(*size)
        lab.show()
        desk.tick()
        yield desk
    finally:
        stage.close()
        lab.hide()
        lab.deleteLater()
        delete_now()
        fonts.set_text_size(1.0)
