"""Training in the place of the gradient plot: one loss curve per network, the chance line, and the update on show.

Words used in this file
    raw      the loss of each update, a thin pale line
    mean     of up to 15 updates round each one, the line to be read
    solved   the update from which the criterion of the task is met, marked at the top
"""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame, TrainingFrame
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.race.curve import CELLS, CurveItem, curve_pens, line_pen
from lstmviz.views.race.layout import PLOT_PAD, RaceLayout
from lstmviz.views.race.loss_items import ChanceItem, LossNotes, UpdateItem
from lstmviz.views.race.plot_axes import TimestepAxis
from lstmviz.views.race.plot_items import Ground, GroundItem, MarksItem
from lstmviz.views.race.scale import Scale, timestep_ticks
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, number, tr

TICKS = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
MOST_CHANCE = 3.0  # a loss of more than three times chance leaves the plot at its top
RAW_OPACITY, RAW_WIDTH = 0.28, 1.0
MARKS = 8  # stretches of the update axis, a mark between each two
GOALS = (50, 100, 200, 300, 500, 1000, 2000, 5000, 10000, 20000, 50000)


def loss_scale(training: TrainingFrame, height: float) -> tuple[Scale, tuple[float, ...]]:
    """The loss axis, from 0 to a round number over chance and most losses, and its ticks."""
    finite = [float(losses[np.isfinite(losses)].max(initial=0.0)) for losses in training.losses]
    most = max(1.25 * training.chance, min(max(finite, default=0.0), MOST_CHANCE * training.chance))
    step = next((tick for tick in TICKS if most / tick <= 4.5), TICKS[-1])
    lines = math.ceil(most / step)
    return Scale(0.0, lines * step, height), tuple(k * step for k in range(lines + 1))


def only_moved(before: TrainingFrame, training: TrainingFrame) -> bool:
    """Whether two frames of a training differ in the update on show at most, as far as this plot can tell."""
    plain = ("trained", "goal", "aim", "cells", "names", "chance", "solved_at", "resumed_at")
    return all(getattr(before, name) == getattr(training, name) for name in plain) and all(
        np.array_equal(old, new, equal_nan=True) for old, new in zip(before.losses, training.losses, strict=True)
    )


def last_update(training: TrainingFrame) -> int:
    """The right end of the update axis: a round number that only grows in notches."""
    wanted = max(training.aim, training.trained, training.goal, 1)
    return next((goal for goal in GOALS if goal >= wanted), wanted)


class LossPlot(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """Losses over updates; drawn while the walk is through updates."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=qcolor(theme.window))
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self._stage, self._theme = stage, theme
        self._training: TrainingFrame | None = None
        self._left, self._width, self._height = 0.0, 1.0, 1.0
        self.view_box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.view_box.setMouseEnabled(x=False, y=False)
        self.view_box.disableAutoRange()
        self.scene().addItem(self.view_box)
        self.raw = {cell: CurveItem((raw_pen(theme, cell),)) for cell in CELLS}
        self.means = {cell: CurveItem(curve_pens(theme, cell)) for cell in CELLS}
        for curve in (*self.raw.values(), *self.means.values()):
            self.view_box.addItem(curve, ignoreBounds=True)
        self.ground, self.chance, self.marks = GroundItem(theme), ChanceItem(theme), MarksItem(theme)
        self.notes, self.updates, self.playhead = LossNotes(theme), TimestepAxis(theme), UpdateItem(theme)
        for item, z in ((self.ground, -10), (self.chance, -5), (self.marks, 10)):
            item.setParentItem(self.view_box)
            item.setZValue(z)
        self.scene().addItem(self.updates)
        self.scene().addItem(self.playhead)
        self.scene().addItem(self.notes)
        self.playhead.setZValue(9)
        self.notes.setZValue(10)
        self.set_theme(theme)
        for widget in (self, self.viewport()):
            widget.setAccessibleName(tr("Loss over updates"))
        self.hide()

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the Race."""
        self.place(layout.columns.left - PLOT_PAD, layout.columns.width + 2 * PLOT_PAD, float(layout.plot.height))

    def place(self, left: float, width: float, height: float, axis: bool = True) -> None:
        """Where the plot stands in this widget, and whether the update axis is drawn below it."""
        self._left, self._width, self._height = left, width, height
        self.updates.setVisible(axis)
        self.playhead.show_plate(axis)
        self.view_box.setGeometry(QRectF(self._left, 0, self._width, self._height))
        for item in (self.ground, self.chance, self.marks):
            item.set_box(QRectF(0, 0, self._width, self._height))
        self.notes.set_box(QRectF(0, 0, max(self.width(), 1), max(self.height(), 1)))
        self.updates.set_box(QRectF(0, self._height, max(self.width(), 1), max(self.height() - self._height, 1)))
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.setBackground(qcolor(theme.window))
        for cell in CELLS:
            self.raw[cell].set_pens((raw_pen(theme, cell),))
            self.means[cell].set_pens(curve_pens(theme, cell))
        for item in (self.ground, self.chance, self.marks, self.notes, self.updates, self.playhead):
            item.set_theme(theme)

    def show_chance(self, shown: bool) -> None:
        """Draw the chance line, or leave it out."""
        if shown != self.chance.isVisible():
            self.chance.setVisible(shown)
            self.notes.show_chance(shown)

    def draw(self, frame: Frame) -> None:
        """Show the training of the frame."""
        training, before = frame.training, self._training
        if training is before or training is None:
            return
        self._training = training
        if before is not None and only_moved(before, training):
            self.notes.move(training)
            self._draw_playhead(training)
        else:
            self._redraw()

    def _draw_playhead(self, training: TrainingFrame) -> None:
        self.playhead.draw(training.update, self.notes.x_of(training.update), self._height)
        self.setAccessibleDescription(self.sentence())

    def _redraw(self) -> None:
        training = self._training
        if training is None or self._height <= 1:
            return
        scale, ticks = loss_scale(training, self._height)
        last = last_update(training)
        per_update = (self._width - 2 * PLOT_PAD) / last
        pad = PLOT_PAD / per_update
        self.view_box.setRange(xRange=(-pad, last + pad), yRange=(scale.low, scale.high), padding=0.0)
        self.ground.draw(Ground(scale, ticks, None))
        self.chance.draw(scale.y(training.chance))
        plot = QRectF(self._left, 0, self._width, self._height)
        self.notes.draw(training, scale, ticks, plot, last)
        numbers = [t for t in timestep_ticks(last, per_update, max(64.0, fonts.scaled(48))) if t > 1]
        at = [(self.notes.x_of(update), count(update)) for update in (0, *numbers)]
        self.updates.draw(at, plot.left(), plot.right(), tr("update"))
        drawn = dict(zip(training.cells, training.losses, strict=True))
        means = dict(zip(training.cells, training.means, strict=True))
        for cell in CELLS:
            for curve, values in ((self.raw[cell], drawn.get(cell)), (self.means[cell], means.get(cell))):
                values = np.zeros(0) if values is None else values
                curve.set_data(np.arange(len(values), dtype=np.float64), values)
        self._draw_marks(training, scale, last)
        self._draw_playhead(training)

    def _draw_marks(self, training: TrainingFrame, scale: Scale, last: int) -> None:
        every = max(1, round(last / MARKS))
        marks = []
        for cell, means in zip(training.cells, training.means, strict=True):
            places = tuple(
                QPointF(self.notes.x_of(update) - self._left, scale.y(float(means[update])))
                for update in range(0, len(means), every)
                if means[update] <= scale.high
            )
            marks.append((cell, places))
        self.marks.draw(tuple(reversed(marks)))

    def sentence(self) -> str:
        """The losses in words."""
        training = self._training
        if training is None or not training.trained:
            return tr("Not trained yet.")
        parts = [tr("Update {n} of {all}.").format(n=count(training.update), all=count(training.trained))]
        for name, losses, at in zip(training.names, training.losses, training.solved_at, strict=True):
            text = tr("{name}: loss {value}").format(name=name, value=number(float(losses[-1])))
            if at is not None:
                text += tr(", solved at update {n}").format(n=count(at))
            parts.append(text + ".")
        parts.append(tr("Chance is {value}.").format(value=number(training.chance)))
        return " ".join(parts)

    # -- hands ---------------------------------------------------------------------------------------------------

    def _update_at(self, x: float) -> int:
        training = self._training
        assert training is not None
        share = (x - self._left - PLOT_PAD) / max(self._width - 2 * PLOT_PAD, 1)
        return max(0, min(round(share * last_update(training)), training.trained))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the update that was clicked."""
        if event.button() == Qt.MouseButton.LeftButton and self._training is not None:
            self._stage.seek(self._update_at(event.position().x()))
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Walk through the updates with the button held."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._training is not None:
            self._stage.seek(self._update_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is held any more."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A fast second click is a click."""
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing to hover here."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls what this plot stands in."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk through the updates, with Shift by ten."""
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if direction is None or self._training is None:
            event.ignore()
            return
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._stage.seek(max(0, min(self._training.update + direction * far, self._training.trained)))


def raw_pen(theme: Theme, cell: str) -> QPen:
    """The pale line of single losses."""
    return line_pen(theme.network(cell).hue, RAW_WIDTH, alpha=RAW_OPACITY)
