"""The learner's predicted curve: round dots with a hollow mark of the network it is about, and drawing it by hand.

Words used in this file
    point     one of the 7 points a prediction is made of: (t, log10)
    stroke    what one movement of the mouse has drawn so far: a height for each timestep it passed
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lstmviz.stage.lesson_frame import PredictFrame
from lstmviz.views.icons import paint_mark
from lstmviz.views.race.columns import Columns
from lstmviz.views.race.plot_items import PixelItem
from lstmviz.views.race.scale import Scale
from lstmviz.views.theme import Theme, qcolor

MARK_PLACE = 1 / 6  # the mark stands near the left end, where the outcome will differ most
MARK = 12.0


class PredictionItem(PixelItem):
    """The predicted curve; it stays where it was drawn, beside the outcome."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._places: list[QPointF] = []
        self._mark: QPointF | None = None
        self._cell, self._chosen = "rnn", None
        self._state: tuple[object, ...] = ()

    def draw(self, predict: PredictFrame | None, columns: Columns, scale: Scale, left: float) -> None:
        """Show a prediction; None shows nothing.

        Parameters
        ----------
        predict : PredictFrame or None
            A curve question with its points.
        columns, scale
            Geometry of the plot.
        left : float
            x of the plot in the coordinates of ``columns``.
        """
        drawn = predict is not None and predict.kind == "curve" and bool(predict.points)
        points = predict.points if predict is not None and drawn else ()
        open_point = predict.point if predict is not None and drawn and not predict.committed else None
        state = (points, open_point, columns, scale, left)
        if state == self._state:
            return
        self._state = state
        self._places, self._mark, self._chosen = [], None, None
        if predict is not None and points:
            self._cell = predict.cell or "rnn"
            self._dot(points, columns, scale, left)
            if open_point is not None and 0 <= open_point < len(points):
                t, log10 = points[open_point]
                self._chosen = QPointF(columns.centre(t) - left, scale.y(log10))
        self.update()

    _chosen: QPointF | None

    def _dot(self, points: tuple[tuple[float, float], ...], columns: Columns, scale: Scale, left: float) -> None:
        xs = np.array([columns.centre(t) - left for t, _ in points])
        ys = np.array([scale.y(log10) for _, log10 in points])
        apart = max(columns.pitch / 3, 1.6 * self._theme.lines.dot)
        along = np.arange(xs[0], xs[-1] + 0.5, apart)
        self._places = [QPointF(x, y) for x, y in zip(along, np.interp(along, xs, ys), strict=True)]
        x = xs[0] + MARK_PLACE * (xs[-1] - xs[0])
        self._mark = QPointF(x, float(np.interp(x, xs, ys)))

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Dots, the point that the arrow keys move, and the mark."""
        theme, half = self._theme, self._theme.lines.dot / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, radius in ((theme.panel, half + 1), (theme.prediction, half)):  # all the edges first
            painter.setBrush(qcolor(colour))
            for place in self._places:
                painter.drawEllipse(place, radius, radius)
        if self._chosen is not None:
            painter.drawEllipse(self._chosen, 2.2 * half, 2.2 * half)
        if self._mark is not None:
            paint_mark(painter, theme.network(self._cell).mark, self._mark, MARK, theme.panel, theme.prediction)


class Stroke:
    """One movement of the mouse as a curve: monotone in t, because every timestep has one height."""

    def __init__(self) -> None:
        self._heights: dict[int, float] = {}
        self._last: tuple[int, float] | None = None

    def to(self, t: int, log10: float) -> tuple[tuple[float, float], ...]:
        """Go on to a timestep and a height; timesteps that the mouse jumped over are filled in on a straight line.

        Returns
        -------
        tuple of (t, log10)
            The stroke so far, from left to right.
        """
        start, height = self._last or (t, log10)
        for passed in range(min(start, t), max(start, t) + 1):
            share = 1.0 if start == t else (passed - start) / (t - start)
            self._heights[passed] = height + share * (log10 - height)
        self._last = (t, log10)
        return tuple((float(passed), self._heights[passed]) for passed in sorted(self._heights))
