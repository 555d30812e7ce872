"""What stands over the curves of the loss plot, painted in pixels: chance, solved marks, names, the update on show.

Words used in this file
    solved   the update from which the criterion of the task is met, marked at the top
    plate    the ground of the number under the line of the update on show
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lstmviz.stage.frame import TrainingFrame
from lstmviz.views import fonts
from lstmviz.views.race import ink
from lstmviz.views.race.flags import spread
from lstmviz.views.race.layout import PLOT_PAD
from lstmviz.views.race.loss_labels import SolvedLabel, solved, solved_labels
from lstmviz.views.race.plot_items import PixelItem
from lstmviz.views.race.scale import Scale
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, number


def tick_text(tick: float) -> str:
    """A multiple of a round number: all of its digits, without those that float64 adds."""
    return f"{tick:.4g}"


class ChanceItem(PixelItem):
    """The chance line, under the curves."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._y = 0.0

    def draw(self, y: float) -> None:
        """Show the line at this height."""
        self._y = y
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Dashes over the whole width."""
        pen = ink.pen(self._theme.chance, self._theme.lines.chance)
        pen.setDashPattern([6, 3])
        ink.line(painter, self._box.left(), self._y, self._box.right(), self._y, pen)


class LossNotes(PixelItem):
    """Name of the chance line, solved marks, the update on show, names and values at its right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._training: TrainingFrame | None = None
        self._scale = Scale(0.0, 1.0, 1.0)
        self._ticks: tuple[float, ...] = ()
        self._plot, self._last = QRectF(), 1
        self._chance = True

    def show_chance(self, shown: bool) -> None:
        """Whether the chance line has its name."""
        self._chance = shown
        self.update()

    def draw(self, training: TrainingFrame, scale: Scale, ticks: tuple[float, ...], plot: QRectF, last: int) -> None:
        """Show a training inside ``plot`` (pixels), with updates 0 to ``last``."""
        self._training, self._scale, self._ticks, self._plot, self._last = training, scale, ticks, plot, last
        self.update()

    def move(self, training: TrainingFrame) -> None:
        """The same losses with another update on show; painted again only where a label has to make way."""
        before = self.solved_labels()
        self._training = training
        if self.solved_labels() != before:
            self.update()

    def x_of(self, update: float) -> float:
        """x of an update."""
        return self._plot.left() + PLOT_PAD + (self._plot.width() - 2 * PLOT_PAD) * update / self._last

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Axis numbers, chance, solved marks, playhead, names."""
        training = self._training
        if training is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ticks(painter)
        if self._chance:
            self._paint_chance_name(painter, training)
        for cell, _, update in solved(training):
            self._paint_solved(painter, cell, update)
        self._paint_names(painter, training)
        for label in self.solved_labels():
            label.paint(painter, self._theme)

    def _paint_ticks(self, painter: QPainter) -> None:
        for tick in self._ticks:
            height = fonts.scaled(16)
            box = QRectF(0, max(self._scale.y(tick) - height / 2, 0), self._plot.left() - 8, height)
            ink.paint_text(painter, box, tick_text(tick), fonts.text(12), self._theme.secondary, ink.RIGHT)

    def _paint_chance_name(self, painter: QPainter, training: TrainingFrame) -> None:
        text, font = f"{training.chance_name}, {number(training.chance)}", fonts.text(12)
        width, height = ink.text_width(text, font) + 16, fonts.scaled(19)
        y = self._scale.y(training.chance) - height - 4
        box = QRectF(self._plot.right() - width - 12, y, width, height)
        ink.paint_label(painter, box, text, font, self._theme)

    def _paint_solved(self, painter: QPainter, cell: str, update: int) -> None:
        theme, x = self._theme, self.x_of(update)
        look = theme.network(cell)
        pen = QPen(qcolor(look.hue), 1.5)
        pen.setDashPattern([2, 2])
        ink.line(painter, x, 12, x, self._plot.bottom(), pen)
        arrow = QPainterPath(QPointF(x - 6, 2))
        arrow.lineTo(x + 6, 2)
        arrow.lineTo(x, 12)
        arrow.closeSubpath()
        painter.fillPath(arrow, qcolor(look.hue))

    def solved_labels(self) -> list[SolvedLabel]:
        """The labels of the solved marks, and where they are painted."""
        if self._training is None:
            return []
        return solved_labels(self._training, self.x_of, self._scale, self._plot)

    def _paint_names(self, painter: QPainter, training: TrainingFrame) -> None:
        ends = [
            (cell, name, self.x_of(len(losses) - 1), self._scale.y(min(float(losses[-1]), self._scale.high)))
            for cell, name, losses in zip(training.cells, training.names, training.means, strict=True)
            if len(losses) and math.isfinite(losses[-1])
        ]
        apart, font = float(fonts.scaled(20)), fonts.text(14, 600)
        ys = spread([y for *_, y in ends], apart, apart / 2, self._plot.bottom() - apart / 2)
        for (cell, name, x, _), y in zip(ends, ys, strict=True):
            box = QRectF(x + 6, y - apart / 2 + 1, ink.text_width(name, font) + 12, apart - 2)
            if box.right() > self._plot.right() - 2:
                box.moveLeft(self._plot.right() + 4)
            else:
                painter.fillRect(box, qcolor(self._theme.panel))
            ink.paint_text(painter, box.adjusted(4, 0, 0, 0), name, font, self._theme.network(cell).text)


class UpdateItem(PixelItem):
    """The line at the update on show, and a plate with its number; a move repaints two strips and nothing else."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._update, self._bottom, self._plate = 0, 0.0, True

    def show_plate(self, shown: bool) -> None:
        """Whether the number stands on a plate under the line."""
        self._plate = shown
        self.update()

    def draw(self, update: int, x: float, bottom: float) -> None:
        """Show an update at ``x``; the plot ends at ``bottom``."""
        half = fonts.scaled(30)
        self._update, self._bottom = update, bottom
        self.set_box(QRectF(x - half, 0.0, 2.0 * half, bottom + fonts.scaled(24)))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Line, then plate."""
        theme, x, font = self._theme, ink.crisp(self._box.center().x()), fonts.text(12, 700)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink.line(painter, x, 0, x, self._bottom + 3, ink.pen(theme.ink, theme.lines.playhead))
        if not self._plate:
            return
        text = count(self._update)
        width = max(ink.text_width(text, font) + 16, fonts.scaled(30))
        box = QRectF(x - width / 2, self._bottom + 3, width, fonts.scaled(19))
        ink.paint_pill(painter, box, text, font, theme)
