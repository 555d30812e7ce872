"""The Race as a room sees it: gap, cue and query, chains of tiles, and one plot with few large numbers.

Words used in this file
    lines      the unit of length, 1/1080 of the picture's height
    standing   what does not move while the playhead does; painted once into an image
    casing     a line of panel colour under a curve, so that a crossing stays legible
"""

from __future__ import annotations

from itertools import pairwise
from operator import attrgetter

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from lstmviz.stage.frame import Frame, flags_at
from lstmviz.stage.lesson_frame import PredictFrame
from lstmviz.views.icons import paint_mark
from lstmviz.views.lecture.curves import Curve
from lstmviz.views.lecture.geometry import Geometry, geometry
from lstmviz.views.lecture.held import paint_held
from lstmviz.views.lecture.labels import (
    MARK_CENTRE,
    MARK_SIZE,
    Label,
    bounded,
    caption,
    paint_values,
    standing,
    tick_width,
    values,
)
from lstmviz.views.lecture.tiles import Tiles
from lstmviz.views.race.shown import shown
from lstmviz.views.theme import AUDIENCE_LINES, Theme, qcolor

HATCH = 10.0  # pitch of the band's hatch
BOUND = 4.0  # width of the line no curve can pass


class RacePicture:
    """One frame of the Race, laid out for one size; ``follow`` it with frames of the same networks.

    Parameters
    ----------
    frame : Frame
        With at least one lane.
    width : float
        Of the picture, in lines.
    theme : Theme
    ratio : float
        Device pixels per line.
    """

    def __init__(self, frame: Frame, width: float, theme: Theme, ratio: float) -> None:
        self.theme, self._lanes = theme, frame.lanes
        self.place = _place(frame, width, theme)
        self._labels = standing(frame, self.place, theme)
        self._tiles = Tiles(frame, self.place, theme, ratio)
        self._curves = [Curve(lane.log10_h.tolist(), self.place) for lane in frame.lanes]
        self._bounds = [(lane.cell, Curve(bound.tolist(), self.place)) for lane, bound in bounded(frame)]
        self._cues = (*frame.cues, frame.query)
        self.follow(frame)

    def follow(self, frame: Frame) -> None:
        """Take the newest frame of the same networks, gap and axis."""
        self.frame = frame
        self._now = shown(frame)
        self._caption = caption(frame, self.place, self.theme)
        flags = flags_at(frame.lanes, self._now.t, self._now.painted_gradient)
        self._values = values(flags, self.place, self.theme)
        self._dots = _dots(frame, self.place)

    def labels(self) -> list[Label]:
        """Everything written in the picture."""
        return [*self._labels, self._caption, *(value.label for value in self._values)]

    # -- what has changed --------------------------------------------------------------------------------------

    def moving(self) -> list[QRectF]:
        """Boxes of what moves with the playhead: itself, the values, and the caption."""
        boxes = [value.rect() for value in self._values]
        if self._shows_playhead():
            x = self.place.x(self._now.t)
            boxes.append(QRectF(x - 4, self.place.chain(0).top() - 12, 8, self.place.plot.bottom()))
        boxes.append(QRectF(300, 1000, self.place.width - 300, 70))
        return boxes

    def between(self, old: Frame, new: Frame) -> QRectF:
        """The strip of timesteps whose tiles or curves differ between two frames of the same networks."""
        before, after = shown(old), shown(new)
        pairs = ((before.painted_gradient, after.painted_gradient), (before.painted_h, after.painted_h))
        changed = [t for pair in pairs if pair[0] != pair[1] for t in pair]
        if old.position.stretch != new.position.stretch:
            changed += [1, self.place.timesteps]
        if not changed:
            return QRectF()
        left, right = self.place.x(min(changed) - 1) - 30, self.place.x(max(changed)) + 30
        return QRectF(left, self.place.chain(0).top() - 12, right - left, self.place.plot.bottom())

    # -- painting ----------------------------------------------------------------------------------------------

    def paint_standing(self, painter: QPainter) -> None:
        """Paint what does not move: labels, axis, grid, band."""
        theme, place = self.theme, self.place
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_dots_to_query(painter)
        for k, lane in enumerate(self._lanes):
            look = theme.network(lane.cell)
            centre = QPointF(MARK_CENTRE, place.chain(k).center().y() + (4 if look.mark == "triangle" else 0))
            paint_mark(painter, look.mark, centre, MARK_SIZE, look.hue)
        paint_held(painter, self.frame, place, theme)
        painter.setPen(QPen(qcolor(theme.hairline), AUDIENCE_LINES.hairline))
        for exponent in place.ticks():
            y = place.y(exponent)
            painter.drawLine(QPointF(place.plot.left(), y), QPointF(place.plot.right(), y))
        self._paint_band(painter)
        painter.setPen(QPen(qcolor(theme.outline), 3.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.plot)
        for label in self._labels:
            if not label.ground:
                label.paint(painter, theme)

    def paint(self, painter: QPainter, clips: list[QRectF]) -> None:
        """Paint what moves, as far as it touches one of the boxes ``clips`` (in lines)."""
        for clip in clips:
            self._tiles.paint(painter, self.frame, clip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_playhead(painter)
        for label in self._labels:
            if label.ground:  # over the playhead, under the curves
                label.paint(painter, self.theme)
        self._paint_curves(painter, [clip for clip in clips if clip.intersects(self.place.plot)])
        if self._dots is not None:
            self._paint_prediction(painter, *self._dots)
        paint_values(painter, self._values, self.theme)
        self._caption.paint(painter, self.theme)

    def _paint_dots_to_query(self, painter: QPainter) -> None:
        words = sorted((label for label in self._labels if label.kind == "cue"), key=attrgetter("x"))
        pen = QPen(qcolor(self.theme.outline), 4.0, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.01, 3.5])
        painter.setPen(pen)
        for before, after in pairwise(words):
            painter.drawLine(QLineF(before.rect().right() + 22, 102, after.x - 20, 102))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(self.theme.ink))
        for t in self._cues:  # a cue inside the chain is shown on its tile, since its word cannot point
            if 1 < t < self.place.timesteps:
                painter.drawRect(QRectF(self.place.x(t) - 4, self.place.chain(0).top() - 16, 8, 10))

    def _paint_band(self, painter: QPainter) -> None:
        theme, band = self.theme, self.place.band()
        if band.height() < 2:
            return
        painter.save()
        painter.setClipRect(band, Qt.ClipOperation.IntersectClip)
        painter.fillRect(band, qcolor(theme.band))
        painter.setPen(QPen(qcolor(theme.hairline), 1.6))
        x = band.left()
        while x < band.right() + band.height():
            painter.drawLine(QPointF(x, band.top()), QPointF(x - band.height(), band.bottom()))
            x += HATCH
        painter.setPen(QPen(qcolor(theme.outline), 1.0))
        for exponent in self.place.ticks():
            y = self.place.y(exponent)
            painter.drawLine(QPointF(band.left(), y), QPointF(band.right(), y))
        painter.restore()
        painter.setPen(QPen(qcolor(theme.ink), 3.0))
        painter.drawLine(band.topLeft(), band.topRight())

    def _paint_curves(self, painter: QPainter, clips: list[QRectF]) -> None:
        place, end = self.place, self._now.painted_gradient
        if end > place.timesteps or not clips:
            return
        # a little more than the clips, so that the cut ends of the piece lie outside them
        first = max(end, place.nearest(min(clip.left() for clip in clips) - 30) - 1)
        last = min(place.timesteps, place.nearest(max(clip.right() for clip in clips) + 30) + 1)
        piece = range(first, last + 1)
        for cell, bound in self._bounds:
            bound.paint(painter, piece, [(self.theme.network(cell).hue, BOUND, (7.0, 4.0))])
        looks = [self.theme.network(lane.cell) for lane in self._lanes]
        casing = (self.theme.panel, AUDIENCE_LINES.casing, ())
        for curve, look in zip(self._curves, looks, strict=True):
            curve.paint(painter, piece, [casing, (look.hue, AUDIENCE_LINES.curve, look.dash)])
        for curve, look in zip(self._curves, looks, strict=True):
            for t in [t for t in place.marked() if t > end] + [end]:
                point = curve.point(t)
                if point is not None:
                    paint_mark(painter, look.mark, point, AUDIENCE_LINES.mark, look.hue, self.theme.panel)

    def _shows_playhead(self) -> bool:
        return not (self.frame.position.stretch == "backward" and self._now.t == 1)

    def _paint_playhead(self, painter: QPainter) -> None:
        if not self._shows_playhead():
            return
        x, top = self.place.x(self._now.t), self.place.chain(0).top() - 10
        painter.setPen(QPen(qcolor(self.theme.ink), AUDIENCE_LINES.playhead))
        painter.drawLine(QPointF(x, top), QPointF(x, self.place.plot.bottom()))

    def _paint_prediction(self, painter: QPainter, path: QPainterPath, cell: str) -> None:
        pen = QPen(qcolor(self.theme.prediction), AUDIENCE_LINES.dot)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.01, max(self.place.pitch / 3 / AUDIENCE_LINES.dot, 1.9)])
        painter.strokePath(path, pen)
        look = self.theme.network(cell)
        end = path.elementAt(0)
        paint_mark(painter, look.mark, QPointF(end.x, end.y), AUDIENCE_LINES.mark, None, self.theme.prediction)


def _place(frame: Frame, width: float, theme: Theme) -> Geometry:
    """The layout, after the tick labels that a first layout asks for have been measured."""
    lanes, timesteps = len(frame.lanes), shown(frame).timesteps
    draft = geometry(width, timesteps, lanes, frame.axis, 0.0)
    return geometry(width, timesteps, lanes, frame.axis, tick_width(draft.ticks(), theme))


def _dots(frame: Frame, place: Geometry) -> tuple[QPainterPath, str] | None:
    """The room's drawn prediction, once it is committed."""
    predict: PredictFrame | None = None if frame.lesson is None else frame.lesson.predict
    if predict is None or not predict.committed or len(predict.points) < 2:
        return None
    path = QPainterPath()
    for k, (t, log10) in enumerate(predict.points):
        point = QPointF(place.x(t), place.y(log10))
        path.lineTo(point) if k else path.moveTo(point)
    return path, predict.cell
