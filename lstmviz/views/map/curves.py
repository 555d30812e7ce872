"""What can stand under the maps: singular values, Lyapunov exponents, paths; each painted, with its ends to label."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from lstmviz.stage.frame import CEILINGS, FLOORS
from lstmviz.stage.map_frame import Exponents, Paths, SingularValues
from lstmviz.views.inspect.columns import Span
from lstmviz.views.map.bands import bands, way_colour, way_name
from lstmviz.views.map.fan import End, Plot
from lstmviz.views.race.scale import Scale
from lstmviz.views.theme import Theme
from lstmviz.words import number, power

CLEAR, CLEARER = 0.55, 0.4  # how opaque the thin curves are


def paint_singular(
    painter: QPainter, found: tuple[SingularValues, ...], box: QRectF, span: Span, theme: Theme
) -> list[End]:
    """Singular values on an axis of powers, whose ends are those of the Race."""
    largest = _finite(one.log10[:, 0] for one in found)
    low = min(-16, next((notch for notch in FLOORS if notch <= largest.min()), FLOORS[-1]))
    high = next((notch for notch in CEILINGS if notch >= largest.max()), CEILINGS[-1])
    plot = Plot(box, span, Scale(low, high, box.height()), theme)
    plot.paint_powers(painter)
    with _inside(painter, box):
        for one in found:
            plot.paint_fan(painter, one.cell, one.ends, one.log10, CLEAR)
    lasts = [(one.cell, float(one.log10[-1, 0])) for one in found]
    return [plot.end(cell, power(last, 2), last) for cell, last in lasts]


def paint_exponents(
    painter: QPainter, found: tuple[Exponents, ...], box: QRectF, span: Span, theme: Theme
) -> list[End]:
    """Lyapunov exponents on a linear axis."""
    largest = _finite(one.running[:, 0] for one in found)
    scale = Scale(min(-0.5, 1.4 * float(largest.min())), max(0.3, 1.2 * float(largest.max())), box.height())
    plot = Plot(box, span, scale, theme)
    plot.paint_numbers(painter)
    with _inside(painter, box):
        for one in found:
            plot.paint_fan(painter, one.cell, range(1, len(one.running) + 1), one.running, CLEARER)
    lasts = [(one.cell, float(one.running[-1, 0])) for one in found]
    return [plot.end(cell, number(last, 2), last) for cell, last in lasts]


def paint_paths(painter: QPainter, paths: Paths | None, t: int, box: QRectF, span: Span, theme: Theme) -> list[End]:
    """Shares of the paths as stacked bands, and the shares at one timestep in words."""
    if paths is None:
        return []
    edges = bands(paths.share)
    plot = Plot(box, span, Scale(edges.low, edges.high, box.height()), theme)
    with _inside(painter, box):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # neighbours meet without a seam
        painter.setPen(Qt.PenStyle.NoPen)
        tops, bottoms = (box.top() + plot.scale.y(edge) for edge in (edges.upper, edges.lower))
        for way, top, bottom in zip(paths.ways, tops, bottoms, strict=True):
            painter.setBrush(way_colour(theme, paths.cell, way))
            for at in np.flatnonzero(np.isfinite(bottom) & (bottom != top)):
                left, right = span.edge(int(at) + 1), span.edge(int(at) + 2)
                painter.drawRect(QRectF(QPointF(left, top[at]), QPointF(right, bottom[at])))
    plot.paint_numbers(painter)
    at, ends = min(t, paths.share.shape[1]) - 1, []
    for k, way in enumerate(paths.ways):
        middle = (edges.lower[k, at] + edges.upper[k, at]) / 2
        y = plot.y(float(middle)) if math.isfinite(middle) else box.center().y()
        ends.append((way, f"{way_name(way)} {number(float(paths.share[k, at]), 2)}", y))
    return ends


def _finite(columns: Iterable[NDArray[np.floating]]) -> NDArray[np.floating]:
    """All numbers that an axis has to hold, and zero."""
    return np.concatenate([*(column[np.isfinite(column)] for column in columns), np.zeros(1)])


@contextmanager
def _inside(painter: QPainter, box: QRectF) -> Iterator[None]:
    painter.save()
    painter.setClipRect(box.adjusted(-6, 0, 6, 0))
    yield
    painter.restore()
