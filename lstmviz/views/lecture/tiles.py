"""The chains of tiles: one tile a timestep, coloured by what arrives there.

A tile has five looks: coloured (its gradient on the ramp, or hidden states on the way forward); empty with a solid
outline (reached, but below float64); crossed out (not a number); empty with a dashed outline (not reached yet).
Where tiles are narrow, neighbours of one empty look share an outline, since a comb of lines hides what it says.

Words used in this file
    lines   the unit of length, 1/1080 of the picture's height
    snap    put an edge on a whole pixel of the screen, so that 200 narrow tiles look alike
    run     neighbouring timesteps of one look
"""

from __future__ import annotations

import math
from itertools import groupby
from typing import Literal

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from lstmviz.stage.frame import Frame, Lane
from lstmviz.views.lecture.geometry import Geometry
from lstmviz.views.race.ramps import NOTHING, gradient_colours, gradient_index, signed_index
from lstmviz.views.race.shown import Shown, shown
from lstmviz.views.theme import Theme, qcolor

Look = Literal["gradient", "below", "no number", "states", "waiting"]

LINKED = 14.0  # tiles at least this far apart are joined by a line, rounded, and outlined one by one
RADIUS = 4.0
LINE, DASH = 2.0, (7.0, 5.0)


class Tiles:
    """Paints the chains of one frame's lanes at one size.

    Parameters
    ----------
    frame : Frame
    place : Geometry
    theme : Theme
    ratio : float
        Device pixels per line, to which tile edges snap.
    """

    def __init__(self, frame: Frame, place: Geometry, theme: Theme, ratio: float) -> None:
        self._lanes = frame.lanes
        self._place, self._theme, self._ratio = place, theme, ratio
        self._indices = [gradient_index(lane.log10_h, frame.axis.band).tolist() for lane in frame.lanes]
        self._states = [_state_image(lane, theme) for lane in frame.lanes]
        self._wide = place.pitch >= LINKED
        space = max(1, round((place.pitch - place.tile) * ratio)) if place.pitch * ratio >= 2.5 else 0
        self._space = space / ratio

    def paint(self, painter: QPainter, frame: Frame, clip: QRectF) -> None:
        """Paint the tiles that touch ``clip`` (in lines)."""
        place, now = self._place, shown(frame)
        first = max(1, math.floor((clip.left() - place.left(1)) / place.pitch))
        last = min(place.timesteps, math.ceil((clip.right() - place.left(1)) / place.pitch) + 1)
        backward = frame.position.stretch == "backward"
        for k, lane in enumerate(self._lanes):
            if not place.chain(k).intersects(clip):
                continue
            looks = [(t, self._look(k, lane, t, now, backward)) for t in range(1, place.timesteps + 1)]
            for look, run in groupby(looks, key=_second):
                timesteps = [t for t, _ in run]
                if timesteps[-1] >= first and timesteps[0] <= last:
                    inside = range(max(timesteps[0], first), min(timesteps[-1], last) + 1)
                    self._paint_run(painter, k, look, inside, range(timesteps[0], timesteps[-1] + 1))
            if self._wide:
                self._link(painter, k, range(first, last + 1))

    def _look(self, k: int, lane: Lane, t: int, now: Shown, backward: bool) -> Look:
        if t >= now.painted_gradient:
            if self._indices[k][t - 1] != NOTHING:
                return "gradient"
            return "no number" if math.isnan(lane.log10_h[t - 1]) else "below"
        return "waiting" if backward or t > now.painted_h else "states"

    def _paint_run(self, painter: QPainter, k: int, look: Look, timesteps: range, whole: range) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._wide)
        if look == "gradient":
            self._paint_gradient(painter, k, timesteps)
        elif look == "states":
            for t in timesteps:
                painter.drawImage(self._box(k, t), self._states[k], QRectF(t - 1, 0, 1, self._states[k].height()))
        elif self._wide:
            for t in timesteps:
                self._outline(painter, self._box(k, t), look)
        else:
            self._box_in(painter, k, look, timesteps, whole)

    def _paint_gradient(self, painter: QPainter, k: int, timesteps: range) -> None:
        colours = gradient_colours(self._theme)
        painter.setPen(Qt.PenStyle.NoPen)
        for t in timesteps:
            colour = colours[self._indices[k][t - 1]]
            if self._wide:
                painter.setBrush(colour)
                painter.drawRoundedRect(self._box(k, t), RADIUS, RADIUS)
            else:
                painter.fillRect(self._box(k, t), colour)

    def _outline(self, painter: QPainter, box: QRectF, look: Look) -> None:
        painter.setPen(self._pen(look))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner = box.adjusted(LINE / 2, LINE / 2, -LINE / 2, -LINE / 2)
        painter.drawRoundedRect(inner, RADIUS, RADIUS)
        if look == "no number":
            painter.drawLine(inner.bottomLeft(), inner.topRight())
            painter.drawLine(inner.topLeft(), inner.bottomRight())

    def _box_in(self, painter: QPainter, k: int, look: Look, timesteps: range, whole: range) -> None:
        """One outline round a run of narrow tiles, with hairlines between them where there is room for any."""
        box = self._box(k, whole[0]).united(self._box(k, whole[-1]))
        inner = box.adjusted(LINE / 2, LINE / 2, -LINE / 2, -LINE / 2)
        if self._place.pitch * self._ratio >= 4:
            edges = [self._box(k, t).right() + self._space / 2 for t in timesteps if t != whole[-1]]
            painter.setPen(QPen(qcolor(self._theme.hairline), self._space))
            painter.drawLines([QLineF(x, inner.top(), x, inner.bottom()) for x in edges])
        painter.setPen(self._pen(look))
        # line by line, each from its fixed end: a sweep repaints only the other end, and the dashes must meet
        sides = [(inner.topLeft(), inner.topRight()), (inner.bottomLeft(), inner.bottomRight())]
        sides += [(inner.topLeft(), inner.bottomLeft()), (inner.topRight(), inner.bottomRight())]
        if look == "no number":
            sides.append((inner.bottomLeft(), inner.topRight()))
        for start, end in sides:
            painter.drawLine(start, end)

    def _pen(self, look: Look) -> QPen:
        pen = QPen(qcolor(self._theme.ghost if look == "waiting" else self._theme.outline), LINE)
        if look == "waiting":
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([length / LINE for length in DASH])
        return pen

    def _link(self, painter: QPainter, k: int, timesteps: range) -> None:
        # only between the tiles, never through an empty one
        painter.setPen(QPen(qcolor(self._theme.outline), 3.0))
        y = self._place.chain(k).center().y()
        painter.drawLines([QLineF(self._box(k, t).right(), y, self._box(k, t + 1).left(), y) for t in timesteps[:-1]])

    def _box(self, k: int, t: int) -> QRectF:
        chain = self._place.chain(k)
        left, right = self._snap(self._place.left(t)), self._snap(self._place.left(t + 1)) - self._space
        top, bottom = self._snap(chain.top()), self._snap(chain.bottom())
        return QRectF(left, top, max(right - left, 1.0 / self._ratio), bottom - top)

    def _snap(self, length: float) -> float:
        return round(length * self._ratio) / self._ratio


def _second(pair: tuple[int, Look]) -> Look:
    return pair[1]


def _state_image(lane: Lane, theme: Theme) -> QImage:
    """Hidden states as an image, one pixel a unit and timestep, on the signed ramp from -1 to 1."""
    pixels = np.ascontiguousarray(theme.ramp_signed[signed_index(lane.h)])
    rows, columns = lane.h.shape
    # the image borrows the array's memory: copy it before the array goes
    return QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
