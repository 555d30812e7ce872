"""One network's lane: its hidden states, one row a unit, and below them one gradient tile per timestep.

A gradient tile has four looks: coloured (its value on the ramp); empty with a solid outline (reached, but below what
float64 can add); empty with a dashed outline (the backward pass has not reached it); cross-hatched (not a number).

Words used in this file
    row      a unit of the hidden state; the last row of the lane is the gradient's
    body     the activations of all timesteps as one indexed image, as wide as the columns
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Axis, Frame, Lane, Tile
from lstmviz.stage.hands import quantities_of
from lstmviz.stage.stage import Stage
from lstmviz.views.interventions.marker import Marker, Place
from lstmviz.views.interventions.quantities import FIRST
from lstmviz.views.interventions.spans import Stretch, paint_stretches, stretches_of
from lstmviz.views.race import ink
from lstmviz.views.race.activations import body_image, tiles_image
from lstmviz.views.race.column_widget import ENTER, ColumnWidget
from lstmviz.views.race.lane_name import LaneName
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.race.outlines import paint_empty, paint_waiting
from lstmviz.views.race.ramps import NOTHING, gradient_colours, gradient_index
from lstmviz.views.race.shown import Shown, shown
from lstmviz.views.race.tile_text import tile_text
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr


class LaneView(ColumnWidget):
    """The lane of one network; every tile can be hovered, and opened by a click or with Enter."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self._lane: Lane | None = None
        self._axis: Axis | None = None
        self._shown: Shown | None = None
        self._tile: Tile | None = None
        self._colours: NDArray[np.int16] = np.zeros(0, dtype=np.int16)
        self._body: QImage | None = None
        self._strip: QImage | None = None  # the gradient tiles, where they are too many to be painted one by one
        self._no_state: frozenset[int] = frozenset()  # timesteps with a hidden state that is no finite number
        self._no_gradient: frozenset[int] = frozenset()
        self._empty: NDArray[np.intp] = np.zeros(0, dtype=np.intp)  # timesteps whose gradient has no colour
        self._activations, self._tiles, self._inset = 48, 20, 24
        self._row = -1  # of the keyboard's cell; -1 is the gradient
        self._held: tuple[Stretch, ...] = ()
        self.hand = self.marker = Marker(self, stage, self._target, self._place)
        self._name = LaneName(theme)

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the picture."""
        self._columns, self._inset = layout.columns, layout.inset
        self._activations, self._tiles = layout.activations, layout.tiles
        self._body = self._strip = None
        self._name.lay_out(self._theme)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        super().set_theme(theme)
        self._body = self._strip = None
        self._name.lay_out(theme)

    def _name_box(self) -> QRectF:
        return QRectF(self._inset, 0, self._columns.left - self._inset, self.height())

    def _rows_at(self) -> tuple[float, float]:
        """The middle of the activations and of the tiles."""
        return self._activations / 2, self.tiles_top() + self._tiles / 2

    def draw(self, frame: Frame, lane: Lane) -> None:
        """Show a lane; only the columns that changed are painted again."""
        now, before = shown(frame), self._shown
        same = lane is self._lane and frame.axis == self._axis and before is not None
        self._frame, self._shown = frame, now
        self._tile = frame.tile if frame.tile is not None and frame.tile.cell == lane.cell else None
        held = stretches_of(frame.interventions, lane.cell, now.timesteps)
        same = same and held == self._held
        self._held = held
        self.marker.show_cursor()
        if not same or before is None or now.timesteps != before.timesteps:
            self._lane, self._axis = lane, frame.axis
            self._colours = gradient_index(lane.log10_h, frame.axis.band)
            self._no_state = frozenset((np.flatnonzero(~np.isfinite(lane.h).all(axis=0)) + 1).tolist())
            no_number = np.isnan(lane.log10_h) | np.isposinf(lane.log10_h)
            self._no_gradient = frozenset((np.flatnonzero(no_number) + 1).tolist())
            self._empty = np.flatnonzero((self._colours == NOTHING) & ~no_number) + 1
            self._body = self._strip = None
            self.setAccessibleName(tr("{name}, hidden state and gradient").format(name=lane.name))
            self.update()
        else:
            for old, new in (
                (before.painted_h, now.painted_h),
                (before.painted_gradient, now.painted_gradient),
            ):
                if old != new:
                    self.update(self.strip(max(1, min(old, new) - 1), max(old, new) + 1))
        if before is None or before.t != now.t or not same:
            self._describe()
            if self.hasFocus():
                self.update()

    # -- what stands where ---------------------------------------------------------------------------------------

    def activations_box(self) -> QRect:
        """The rows of units, over all columns."""
        return QRect(int(self._columns.left), 0, math.ceil(self._columns.width), self._activations)

    def tiles_top(self) -> int:
        """y of the gradient tiles."""
        return self.height() - self._tiles

    def tile_box(self, t: int) -> QRect:
        """Where the gradient tile of ``t`` is painted."""
        x0, x1 = self._columns.tile(t)
        return QRect(x0, self.tiles_top(), x1 - x0, self._tiles)

    def row_box(self, row: int, t: int) -> QRect:
        """Where one unit at one timestep is painted; row -1 is the gradient tile."""
        if row < 0 or self._lane is None:
            return self.tile_box(t)
        edges = self._row_edges()
        x0, x1 = self._columns.tile(t)
        return QRect(x0, int(edges[row]), x1 - x0, int(edges[row + 1] - edges[row]))

    def _row_edges(self) -> NDArray[np.intp]:
        rows = 1 if self._lane is None else len(self._lane.rows)
        return np.round(np.linspace(0, self._activations, rows + 1)).astype(np.intp)

    def colour_index(self, t: int) -> int:
        """Entry of the gradient ramp that the tile of ``t`` is painted with; -1: empty."""
        return int(self._colours[t - 1])

    def look(self, t: int) -> str:
        """Which look the gradient tile of ``t`` has: "coloured", "empty", "not reached" or "no number"."""
        assert self._shown is not None
        if t < self._shown.painted_gradient:
            return "not reached"
        if t in self._no_gradient:
            return "no number"
        return "empty" if self._colours[t - 1] == NOTHING else "coloured"

    def tile_at(self, position: QPoint) -> Tile | None:
        """The tile under a point: a unit's hidden state, or the gradient's norm."""
        t = self._columns.at(position.x())
        if t is None or self._lane is None:
            return None
        if position.y() < self._activations:
            row = int(np.searchsorted(self._row_edges(), position.y(), side="right")) - 1
            row = max(0, min(row, len(self._lane.rows) - 1))
            return Tile(self._lane.cell, t, self._lane.rows[row])
        return Tile(self._lane.cell, t, None)

    def text_of(self, tile: Tile) -> str:
        """A tile in words: its value, or that it is not reached."""
        if self._lane is None or self._shown is None:
            return ""
        return tile_text(self._lane, self._shown, tile, below=self._colours[tile.t - 1] == NOTHING)

    def tip_at(self, position: QPoint) -> tuple[str, QRect] | None:
        """The tile's value; over the label, which units are drawn."""
        tile, lane = self.tile_at(position), self._lane
        if lane is None:
            return None
        if tile is None:
            if len(lane.rows) == lane.units:
                return None
            text = tr("{shown} of {units} units are drawn, evenly chosen").format(
                shown=len(lane.rows), units=lane.units
            )
            return text, QRect(0, 0, int(self._columns.left), self.height())
        row = -1 if tile.unit is None else lane.rows.index(tile.unit)
        return self.text_of(tile), self.row_box(row, tile.t)

    # -- hands ---------------------------------------------------------------------------------------------------

    def _target(self) -> tuple[str, str] | None:
        """What a drag over the lane holds: the gate that keeps, or the RNN's state."""
        if self._lane is None or self._frame is None:
            return None
        cell = self._lane.cell
        known = quantities_of(self._frame.settings, cell)
        return cell, FIRST[cell] if FIRST[cell] in known else known[0]

    def _place(self, where: QPointF) -> Place | None:
        t = self._columns.at(where.x()) if self._lane is not None else None
        return None if t is None else Place(t)

    def clicked(self, t: int, position: QPoint) -> None:
        """Show the formula of the tile that was clicked."""
        tile = self.tile_at(position)
        if tile is not None:
            self._stage.open_tile(tile)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the Cell lab at this unit and timestep."""
        tile = self.tile_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and tile is not None:
            self._stage.close_tile()
            self._stage.select(network=tile.cell, unit=tile.unit, timestep=tile.t)
            self._stage.open_lab("cell")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose a row, left and right move the playhead, Enter opens the tile."""
        now, rows = self._shown, 0 if self._lane is None else len(self._lane.rows)
        if now is not None and self.marker.key(event, Place(now.t), now.timesteps, self._below(now.t)):
            return
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in moves and rows:
            at = rows if self._row < 0 else self._row  # the gradient is the last row
            at = max(0, min(at + moves[Qt.Key(event.key())], rows))
            self._row = -1 if at == rows else at
            self._describe()
            self.update()
        elif event.key() in ENTER and self._shown is not None:
            tile = self.keyboard_tile()
            if tile is not None:
                self._stage.open_tile(tile)
        else:
            super().keyPressEvent(event)

    def _below(self, t: int) -> QPoint:
        """A point of the screen under the tile of ``t``."""
        return self.mapToGlobal(self.tile_box(t).bottomLeft())

    def keyboard_tile(self) -> Tile | None:
        """The tile that Enter opens: the chosen row at the playhead."""
        if self._lane is None or self._shown is None:
            return None
        row = min(self._row, len(self._lane.rows) - 1)
        return Tile(self._lane.cell, self._shown.t, None if row < 0 else self._lane.rows[row])

    def _describe(self) -> None:
        tile = self.keyboard_tile()
        if tile is not None:
            self.setAccessibleDescription(self.text_of(tile))

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Label, activations, tiles."""
        if self._lane is None or self._shown is None:
            return
        with QPainter(self) as painter:
            if event.rect().left() < self._columns.left:
                self._name.paint(painter, self._lane, self._held, self._name_box(), self._rows_at())
            seen = self._columns.between(event.rect().left(), event.rect().right())
            self._paint_activations(painter, self._lane, self._shown, seen)
            self._paint_tiles(painter, self._shown, seen)
            paint_stretches(painter, self._held, self._columns, self._activations, self._theme)
            if self.hasFocus():
                self._paint_cell_outline(painter, self._row, self._shown.t)
            if self._tile is not None and self._tile.t <= self._shown.timesteps:
                unit = self._tile.unit
                row = -1 if unit is None or unit not in self._lane.rows else self._lane.rows.index(unit)
                self._paint_cell_outline(painter, row, self._tile.t)

    def _paint_activations(self, painter: QPainter, lane: Lane, now: Shown, seen: range) -> None:
        painted = range(seen.start, min(seen.stop, now.painted_h + 1))
        if painted:
            x0, x1 = self._columns.tile(painted.start)[0], self._columns.tile(painted.stop - 1)[1]
            body, left = self._painted_body(lane), self.activations_box().left()
            painter.drawImage(QPoint(x0, 0), body, QRect(x0 - left, 0, x1 - x0, body.height()))
            for t in self._no_state.intersection(painted):
                self._paint_no_number(painter, self._state_box(t))
        waiting = range(now.painted_h + 1, now.timesteps + 1)
        paint_waiting(painter, self._columns, (0, self._activations), waiting, seen, self._theme)

    def _state_box(self, t: int) -> QRect:
        x0, x1 = self._columns.tile(t)
        return QRect(x0, 0, x1 - x0, self._activations)

    def _painted_body(self, lane: Lane) -> QImage:
        """All activations as one image: columns at their own pixels with gaps, rows replicated."""
        if self._body is None:
            self._body = body_image(lane, self._columns, self._row_edges(), self._theme)
        return self._body

    def _paint_no_number(self, painter: QPainter, box: QRect) -> None:
        painter.fillRect(box, qcolor(self._theme.window))
        painter.fillRect(box, QBrush(qcolor(self._theme.secondary), Qt.BrushStyle.DiagCrossPattern))

    def _paint_tiles(self, painter: QPainter, now: Shown, seen: range) -> None:
        theme, colours = self._theme, gradient_colours(self._theme)
        if self._columns.linked and len(seen) > 1:
            middle = ink.crisp(self.tiles_top() + self._tiles / 2)
            pen = ink.pen(theme.outline, 1, alpha=0.6)
            ink.line(
                painter, self.tile_box(seen.start).left(), middle, self.tile_box(seen.stop - 1).right(), middle, pen
            )
        painted = range(max(seen.start, now.painted_gradient), seen.stop)
        if self._columns.linked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for t in painted:
                if self._colours[t - 1] != NOTHING:
                    painter.setBrush(colours[self._colours[t - 1]])
                    painter.drawRoundedRect(self.tile_box(t), 2, 2)
        elif painted:
            self._paint_strip(painter, painted)
        for t in self._no_gradient.intersection(painted):
            self._paint_no_number(painter, self.tile_box(t))
        rows = (self.tiles_top(), self._tiles)
        paint_empty(painter, self._columns, rows, self._empty[self._empty >= now.painted_gradient], seen, theme)
        paint_waiting(painter, self._columns, rows, range(1, now.painted_gradient), seen, theme)

    def _paint_strip(self, painter: QPainter, painted: range) -> None:
        if self._strip is None:
            self._strip = tiles_image(self._colours, self._columns, self._tiles, self._theme)
        x0, x1 = self._columns.tile(painted.start)[0], self._columns.tile(painted.stop - 1)[1]
        source = QRect(x0 - int(self._columns.left), 0, x1 - x0, self._tiles)
        painter.drawImage(QPoint(x0, self.tiles_top()), self._strip, source)

    def _paint_cell_outline(self, painter: QPainter, row: int, t: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(self.row_box(row, t))
        for colour, width in ((self._theme.panel, 4.0), (self._theme.ink, 1.6)):
            painter.setPen(ink.pen(colour, width))
            painter.drawRect(box)
