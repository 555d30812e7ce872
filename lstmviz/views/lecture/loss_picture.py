"""Training as a room sees it: one loss curve per network and the chance line.

Words used in this file
    lines     the unit of length, 1/1080 of the picture's height
    on show   the update whose networks the stage holds; after a rewind an earlier one than the newest
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from lstmviz.stage.frame import Frame, TrainingFrame
from lstmviz.views.icons import paint_mark
from lstmviz.views.lecture.curves import curve_pen
from lstmviz.views.lecture.geometry import LAST_BASELINE, MARGIN, PLOT_BOTTOM, PLOT_LEFT
from lstmviz.views.lecture.labels import (
    CAPITAL,
    GAP,
    GAP_WORD,
    LEAST,
    MARK_CENTRE,
    MARK_SIZE,
    NAME,
    NAME_LEFT,
    VALUE,
    Label,
    label,
)
from lstmviz.views.plain import harmless
from lstmviz.views.race.loss_items import tick_text
from lstmviz.views.theme import AUDIENCE_LINES, Theme, qcolor
from lstmviz.words import count, number, tr

TOP, RIGHT_ROOM, ROW = 162.0, 190.0, 190.0
SINGLE = 2.0  # the losses themselves, under their mean
AHEAD = 4.0  # the mean of what was trained after the update on show
TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
MOST_CHANCE = 3.0  # a loss of more than three times chance leaves the plot at its top


class LossPicture:
    """One frame of training; needs ``frame.training``. Parameters as for ``RacePicture``."""

    def __init__(self, frame: Frame, width: float, theme: Theme) -> None:
        assert frame.training is not None
        self.frame, self.theme, self.training = frame, theme, frame.training
        self.plot = QRectF(PLOT_LEFT, TOP, width - RIGHT_ROOM - PLOT_LEFT, PLOT_BOTTOM - TOP)
        self._means = self.training.means or self.training.losses
        self._last = max(self.training.goal, self.training.trained, 1)
        self._step, self._top = _scale(self.training)
        self._labels = self._written()

    def labels(self) -> list[Label]:
        """Everything written in the picture."""
        return self._labels

    def sentence(self) -> str:
        """The picture in words, for screen readers."""
        return " ".join(each.text.text for each in self._labels)

    def paint_standing(self, painter: QPainter) -> None:
        """Paint all of it: a picture of training is new whenever an update is."""
        theme = self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(qcolor(theme.hairline), AUDIENCE_LINES.hairline))
        for tick in self._ticks():
            painter.drawLine(QLineF(self.plot.left(), self._y(tick), self.plot.right(), self._y(tick)))
        self._paint_chance(painter)
        painter.save()
        painter.setClipRect(self.plot, Qt.ClipOperation.IntersectClip)
        for cell, losses, means in zip(self.training.cells, self.training.losses, self._means, strict=True):
            painter.strokePath(self._path(losses, 0, len(losses) - 1), QPen(self._pale(cell), SINGLE))
            self._paint_curve(painter, cell, means)
        painter.restore()
        painter.setPen(QPen(qcolor(theme.outline), 3.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.plot)
        for cell, losses in zip(self.training.cells, self._means, strict=True):
            self._paint_marks(painter, cell, losses)
        for k, cell in enumerate(self.training.cells):
            look = theme.network(cell)
            paint_mark(painter, look.mark, QPointF(MARK_CENTRE, _row(k)), MARK_SIZE, look.hue)
        for each in self._labels:
            each.paint(painter, theme)

    # -- where things stand ------------------------------------------------------------------------------------

    def _x(self, update: float) -> float:
        return self.plot.left() + 20 + (self.plot.width() - 40) * update / self._last

    def _y(self, loss: float) -> float:
        return self.plot.bottom() - self.plot.height() * loss / self._top

    def _ticks(self) -> list[float]:
        return [k * self._step for k in range(round(self._top / self._step) + 1)]

    def _shown(self, losses: np.ndarray) -> int:
        """Index of the newest loss that belongs to the update on show, -1 before the first."""
        return min(self.training.update, len(losses) - 1)

    def _written(self) -> list[Label]:
        theme, training = self.theme, self.training
        gap = label("gap", tr("gap"), GAP_WORD, 400, theme.secondary, theme, (MARGIN, 118))
        update = label("update", tr("update"), GAP_WORD, 400, theme.secondary, theme, (PLOT_LEFT, 118))
        made = [gap, self._large(str(self.frame.settings.gap), gap), update]
        made.append(self._large(count(training.update), update))
        for k, (cell, losses) in enumerate(zip(training.cells, self._means, strict=True)):
            colour, baseline = theme.network(cell).text, _row(k) + CAPITAL * NAME / 2 - 1
            name = harmless(training.names[k])
            made.append(label("name", name, NAME, 700, colour, theme, (NAME_LEFT, baseline)))
            if len(losses):
                value = number(float(losses[self._shown(losses)]))
                made.append(label("value", value, VALUE, 700, colour, theme, (NAME_LEFT, baseline + 76)))
        for tick in self._ticks():
            at = (self.plot.right() + 25, self._y(tick) + CAPITAL * LEAST / 2)
            made.append(label("tick", tick_text(tick), LEAST, 500, theme.ink, theme, at))
        at = (self.plot.right() - 24, self._y(training.chance) - 22)
        chance = label("chance", training.chance_name, LEAST, 600, theme.ink, theme, at, 1.0)
        made.append(Label("chance", chance.text, LEAST, chance.x, chance.baseline, ground=True))
        for end in (0, self._last):
            made.append(label("update", count(end), LEAST, 500, theme.ink, theme, (self._x(end), LAST_BASELINE), 0.5))
        middle = (self.plot.center().x(), LAST_BASELINE)
        words = tr("loss at each update")
        return [*made, label("caption", words, LEAST, 400, theme.secondary, theme, middle, 0.5)]

    def _large(self, text: str, word: Label) -> Label:
        place = (word.x + word.text.width + 20, 120.5)
        return label(word.kind, text, GAP, 700, self.theme.ink, self.theme, place)

    # -- painting ----------------------------------------------------------------------------------------------

    def _paint_chance(self, painter: QPainter) -> None:
        pen = QPen(qcolor(self.theme.chance), AUDIENCE_LINES.chance)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([6.0, 3.0])
        painter.setPen(pen)
        y = self._y(self.training.chance)
        painter.drawLine(QLineF(self.plot.left(), y, self.plot.right(), y))

    def _paint_curve(self, painter: QPainter, cell: str, losses: np.ndarray) -> None:
        look, end = self.theme.network(cell), self._shown(losses)
        after = self._path(losses, end, len(losses) - 1)
        painter.strokePath(after, QPen(self._pale(cell), AHEAD))
        before = self._path(losses, 0, end)
        painter.strokePath(before, curve_pen(self.theme.panel, AUDIENCE_LINES.casing, ()))
        painter.strokePath(before, curve_pen(look.hue, AUDIENCE_LINES.curve, look.dash))

    def _pale(self, cell: str) -> QColor:
        return qcolor(self.theme.network(cell).hue, 0.35)

    def _path(self, losses: np.ndarray, first: int, last: int) -> QPainterPath:
        path, drawing = QPainterPath(), False
        for update in range(first, last + 1):
            loss = float(losses[update])
            if math.isfinite(loss):
                point = QPointF(self._x(update), self._y(loss))
                path.lineTo(point) if drawing else path.moveTo(point)
            drawing = math.isfinite(loss)
        return path

    def _paint_marks(self, painter: QPainter, cell: str, losses: np.ndarray) -> None:
        look, end = self.theme.network(cell), self._shown(losses)
        if end >= 0 and math.isfinite(losses[end]):
            y = max(self._y(float(losses[end])), self.plot.top())
            centre = QPointF(self._x(end), y)
            paint_mark(painter, look.mark, centre, AUDIENCE_LINES.mark, look.hue, self.theme.panel)


def _row(k: int) -> float:
    return 200.0 + k * ROW


def _scale(training: TrainingFrame) -> tuple[float, float]:
    """Distance of the ticks and top of the loss axis: room for chance, and for most losses."""
    finite = [float(losses[np.isfinite(losses)].max(initial=0.0)) for losses in training.losses]
    most = max(1.25 * training.chance, min(max(finite, default=0.0), MOST_CHANCE * training.chance))
    step = next((tick for tick in TICKS if most / tick <= 4), TICKS[-1])
    return step, math.ceil(most / step) * step
