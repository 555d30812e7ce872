"""The gradient reaching each timestep: one curve per network on one absolute log axis.

Curves grow with the backward pass, from right to left; what is not painted yet has no curve. A value that cannot stand
on a log axis (an exact zero, NaN) is a gap in the curve with a note at its place, never a point at zero.

Words used in this file
    box      the plot in pixels of this view, a little wider than the columns so that end marks are whole
    bound    what no RNN gradient can exceed; dashed, when a lesson speaks of it or it is switched on
"""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame, Lane
from lstmviz.stage.lesson_frame import PredictFrame
from lstmviz.stage.sentence import gradient_sentence
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.race.column_widget import walk_with_arrows
from lstmviz.views.race.columns import Columns
from lstmviz.views.race.curve import CELLS, Curve
from lstmviz.views.race.flags import Points, spread
from lstmviz.views.race.layout import PLOT_PAD, RaceLayout
from lstmviz.views.race.plot_axes import NamesItem, RampAxis, TimestepAxis
from lstmviz.views.race.plot_hands import PlotHands
from lstmviz.views.race.plot_items import Ground, GroundItem, MarksItem
from lstmviz.views.race.plot_notes import Note, Notes, NotesItem, breaks, with_cell_state
from lstmviz.views.race.prediction import PredictionItem, Stroke
from lstmviz.views.race.scale import Scale, timestep_ticks
from lstmviz.views.race.shown import Shown, place_at, shown
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

TICKS_APART = 48.0  # pixels between two powers of ten
ROOMY = 250  # pixels of height; in a lower plot ticks may stand closer
NUMBERS_APART = 110.0  # pixels between two timestep numbers
POINTS_APART = 6.0
MARKS = 10  # stretches of a curve, a mark between each two
NUDGE = 0.5  # powers of ten that an arrow key moves a point of a prediction


class GradientPlot(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no types
    """The plot, its axes, and the names of the networks on its left."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=qcolor(theme.window))
        self.setCacheMode(self.CacheModeFlag.CacheNone)
        self._stage, self._theme = stage, theme
        self._frame: Frame | None = None
        self._lanes: tuple[Lane, ...] = ()
        self._drawn: tuple[object, ...] = ()
        self._columns, self._height, self._bound = Columns(0.0, 1.0, 1), 1.0, False
        self._stroke: Stroke | None = None
        self.view_box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.view_box.setMouseEnabled(x=False, y=False)
        self.view_box.disableAutoRange()
        self.scene().addItem(self.view_box)
        self.curves = {cell: Curve(self.view_box, cell, theme) for cell in CELLS}
        self.ground, self.marks = GroundItem(theme), MarksItem(theme)
        self.prediction, self.notes = PredictionItem(theme), NotesItem(theme)
        for item, z in ((self.ground, -10), (self.marks, 10), (self.prediction, 20), (self.notes, 30)):
            item.setParentItem(self.view_box)
            item.setZValue(z)
        self.hands = PlotHands(self.view_box, theme)
        self.ramp, self.timesteps, self.names = RampAxis(theme), TimestepAxis(theme), NamesItem(theme)
        for axis in (self.ramp, self.timesteps, self.names):
            self.scene().addItem(axis)
        for widget in (self, self.viewport()):
            widget.setAccessibleName(tr("Gradient reaching each timestep"))

    # -- geometry ------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> Columns:
        """The columns as painted."""
        return self._columns

    @property
    def left(self) -> float:
        """x of the plot's left edge in this view."""
        return self._columns.left - PLOT_PAD

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the picture."""
        self._columns, self._height = layout.columns, float(layout.plot.height)
        self._place()

    def _place(self) -> None:
        columns, height = self._columns, self._height
        width = columns.width + 2 * PLOT_PAD
        inside = QRectF(0, 0, width, height)
        self.view_box.setGeometry(QRectF(self.left, 0, width, height))
        for item in (self.ground, self.marks, self.prediction, self.notes):
            item.set_box(inside)
        self.hands.set_box(inside)
        self.ramp.set_box(QRectF(self.left + width, 0, max(self.width() - self.left - width, 1), height + 8))
        self.timesteps.set_box(QRectF(0, height, self.width(), max(self.height() - height, 1)))
        self.names.set_box(QRectF(0, 0, self.left, height))
        self._drawn = ()
        self.redraw()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.setBackground(qcolor(theme.window))
        for curve in self.curves.values():
            curve.set_theme(theme)
        for item in (self.ground, self.marks, self.prediction, self.notes, self.ramp, self.timesteps, self.names):
            item.set_theme(theme)
        self.hands.set_theme(theme)

    def set_bound(self, bound: bool) -> None:
        """Draw the RNN's bound, or leave it out."""
        self._bound = bound
        self.redraw()

    # -- drawing -------------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show the frame."""
        self._frame = frame
        self.redraw()

    def redraw(self) -> None:
        """Show the frame again, e.g. at another size; what is as before costs nothing."""
        frame = self._frame
        if frame is None or not frame.lanes or self._columns.timesteps != shown(frame).timesteps:
            return
        now, predict = shown(frame), _curve_question(frame)
        highlight = frame.lesson.highlight if frame.lesson is not None else ""
        bound = self._bound or highlight == "bound"
        state = (
            frame.lanes,
            frame.axis,
            now.painted_gradient,
            frame.flags,
            now.t,
            now.hovered,
            bound,
            highlight,
            predict,
            frame.interventions,
            frame.ghost,
        )
        if len(state) == len(self._drawn) and all(a is b or a == b for a, b in zip(state, self._drawn, strict=True)):
            return
        ranged = self._drawn[:2] != state[:2] if self._drawn else True
        self._drawn, self._lanes = state, frame.lanes
        scale = Scale(frame.axis.floor, frame.axis.ceiling, self._height)
        if ranged:
            self._draw_axes(frame, scale, now)
        self._draw_curves(frame, now, bound, highlight)
        self._draw_marks(frame, now, scale)
        self.prediction.draw(predict, self._columns, scale, self.left)
        self._draw_names(frame, now, scale)
        self._draw_notes(frame, now, scale, bound)
        if not frame.playing:
            self.setAccessibleDescription(gradient_sentence(frame))

    def _draw_axes(self, frame: Frame, scale: Scale, now: Shown) -> None:
        columns, pad = self._columns, PLOT_PAD / self._columns.pitch
        self.view_box.setRange(
            xRange=(0.5 - pad, now.timesteps + 0.5 + pad),
            yRange=(frame.axis.floor, frame.axis.ceiling),
            padding=0.0,
            disableAutoRange=True,
        )
        ticks = tuple(float(tick) for tick in scale.ticks(TICKS_APART if self._height >= ROOMY else fonts.scaled(30)))
        ground = Ground(scale, ticks, float(frame.axis.band))
        self.ground.draw(ground)
        self.ramp.draw(ground)
        apart = max(NUMBERS_APART, fonts.scaled(44))
        numbers = timestep_ticks(now.timesteps, columns.pitch, apart)
        self.timesteps.draw(
            [(columns.centre(t), count(t)) for t in numbers],
            columns.left,
            columns.right,
            tr("timestep t"),
            tr("← backward pass runs this way"),
        )

    def _draw_curves(self, frame: Frame, now: Shown, bound: bool, highlight: str) -> None:
        lanes = {lane.cell: lane for lane in frame.lanes}
        ts = np.arange(now.painted_gradient, now.timesteps + 1, dtype=np.float64)
        first = now.painted_gradient - 1
        for cell, curve in self.curves.items():
            lane = lanes.get(cell)
            if lane is None:
                curve.set_data(ts[:0], ts[:0], None)
                continue
            limit = lane.log10_bound[first:] if bound and lane.log10_bound is not None else None
            curve.set_data(ts, lane.log10_h[first:], limit)
            named = highlight in (other.name for other in frame.lanes)
            curve.set_opacity(0.35 if named and highlight != lane.name else 1.0)

    def _draw_marks(self, frame: Frame, now: Shown, scale: Scale) -> None:
        every = max(1, round((now.timesteps - 1) / MARKS))
        marks = []
        for lane in reversed(frame.lanes):
            places = tuple(
                QPointF(self._x(t), scale.y(float(lane.log10_h[t - 1])))
                for t in range(now.timesteps, now.painted_gradient - 1, -every)
                if math.isfinite(lane.log10_h[t - 1])
            )
            marks.append((lane.cell, places))
        self.marks.draw(tuple(marks))

    def _draw_names(self, frame: Frame, now: Shown, scale: Scale) -> None:
        ended = [lane for lane in frame.lanes if now.painted_gradient <= 1 and math.isfinite(lane.log10_h[0])]
        ends = [min(max(scale.y(float(lane.log10_h[0])), 0.0), self._height) for lane in ended]
        apart = float(fonts.scaled(19))
        ys = spread(ends, apart, apart / 2, self._height - apart / 2)
        self.names.draw(tuple((lane.cell, lane.name, end, y) for lane, end, y in zip(ended, ends, ys, strict=True)))

    def _draw_notes(self, frame: Frame, now: Shown, scale: Scale, bound: bool) -> None:
        notes = [note for lane in frame.lanes for note in self._breaks(frame, lane, now, scale)]
        notes += [note for lane in frame.lanes if bound for note in self._bound_note(lane, now, scale)]
        points = self._points(frame, now, scale)
        taken = self.hands.draw(frame, now, self._columns, self.left, points, scale.y(float(frame.axis.band)))
        self.notes.draw(
            Notes(
                taken=taken,
                scale=scale,
                flags=frame.flags,
                flag_x=self._x(frame.flags[0].t if frame.flags else now.t),
                notes=tuple(notes),
                points=points,
                playhead=self._x(now.t),
                band=float(frame.axis.band),
                timesteps=now.timesteps,
            )
        )

    def _points(self, frame: Frame, now: Shown, scale: Scale) -> Points:
        """All curves as points a few pixels apart: what labels keep off."""
        ts = np.arange(now.painted_gradient, now.timesteps + 1)
        points = [np.zeros((0, 2))]
        for lane in frame.lanes:
            heights = lane.log10_h[now.painted_gradient - 1 :]
            finite = np.isfinite(heights)
            if finite.any():
                xs = self._columns.left - self.left + (ts[finite] - 0.5) * self._columns.pitch
                along = np.arange(xs[0], xs[-1] + 1, POINTS_APART)
                points.append(np.stack([along, scale.y(np.interp(along, xs, heights[finite]))], axis=1))
        return np.concatenate(points)

    def _breaks(self, frame: Frame, lane: Lane, now: Shown, scale: Scale) -> list[Note]:
        notes = []
        for t, kind in breaks(lane.log10_h.tolist(), now.painted_gradient):
            after = float(lane.log10_h[t]) if t < now.timesteps else math.nan
            y = scale.y(after) if math.isfinite(after) else self._height / 2
            text = tr("{name}: exactly zero up to t = {t}").format(name=lane.name, t=t)
            if kind == "zero":
                text = with_cell_state(text, frame, lane.cell, self._columns.width)
            else:
                text = tr("{name}: {what}").format(name=lane.name, what=lane.not_finite or tr("no finite number"))
            notes.append(Note(lane.cell, text, self._x(t), y))
        return notes

    def _bound_note(self, lane: Lane, now: Shown, scale: Scale) -> list[Note]:
        """The name of the bound, a third of the way along what is painted of it."""
        t = now.painted_gradient + (now.timesteps - now.painted_gradient) // 3
        if lane.log10_bound is None or t > now.timesteps or not math.isfinite(lane.log10_bound[t - 1]):
            return []
        text = tr("bound of the {name}").format(name=lane.name)
        return [Note(lane.cell, text, self._x(t), min(max(scale.y(float(lane.log10_bound[t - 1])), 0.0), self._height))]

    def _x(self, t: float) -> float:
        """x of a timestep in pixels from the plot's left edge."""
        return self._columns.centre(t) - self.left

    # -- hands ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw a prediction where one is asked for; else put the playhead there."""
        t = self._columns.at(event.position().x())
        if event.button() != Qt.MouseButton.LeftButton or t is None or self._frame is None:
            event.ignore()
            return
        if _open(_curve_question(self._frame)):
            self._stroke = Stroke()
            self._draw_to(event)
            return
        place = place_at(self._frame, t)
        if place is not None:
            self._stage.seek(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on, or hover the timestep under the mouse."""
        if self._stroke is not None:
            self._draw_to(event)
        self._stage.hover(self._columns.at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The stroke is over."""
        self._stroke = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A fast second click is a click."""
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is hovered any more."""
        self._stage.hover(None)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls what this plot stands in."""
        event.ignore()

    def _draw_to(self, event: QMouseEvent) -> None:
        if self._frame is None or self._stroke is None:
            return
        scale = Scale(self._frame.axis.floor, self._frame.axis.ceiling, self._height)
        place = event.position()
        self._stage.lesson.draw(self._stroke.to(self._columns.nearest(place.x()), scale.value(place.y())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the point of an open prediction, else the playhead."""
        if self._frame is not None and _open(_curve_question(self._frame)):
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                self._stage.lesson.choose_point(1 if key == Qt.Key.Key_Right else -1)
                return
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._stage.lesson.move_point(NUDGE if key == Qt.Key.Key_Up else -NUDGE)
                return
        if not walk_with_arrows(self._stage, self._frame, event):
            event.ignore()


def _curve_question(frame: Frame) -> PredictFrame | None:
    predict = frame.lesson.predict if frame.lesson is not None else None
    return predict if predict is not None and predict.kind == "curve" else None


def _open(predict: PredictFrame | None) -> bool:
    return predict is not None and not predict.committed and not predict.skipped
