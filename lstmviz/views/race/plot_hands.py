"""What hands add to the gradient plot: stretches at which something is held, and the run before as a dashed ghost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lstmviz.stage.frame import NAMES, Frame
from lstmviz.views import fonts
from lstmviz.views.interventions.spans import DARK_SHADE, SHADE, Stretch, paint_tag, stretches_of
from lstmviz.views.race import ink
from lstmviz.views.race.columns import Columns
from lstmviz.views.race.curve import CELLS, CurveItem, line_pen
from lstmviz.views.race.flags import Points, Rect, Wanted, place
from lstmviz.views.race.plot_items import PixelItem
from lstmviz.views.race.shown import Shown
from lstmviz.views.theme import DASHES, Theme, qcolor
from lstmviz.words import tr

MOST_OF_IT = 0.6  # share of the plot from which on a stretch is only tinted
LEAST_OVER_BAND = 3  # rows of tags that must fit over the band, or it may be written in
MOST_TAGS = 6  # stretches that are named; more would hide the curves


@dataclass(frozen=True, slots=True)
class Shade:
    """A stretch in pixels of the plot."""

    stretch: Stretch
    left: float
    right: float


class ShadesItem(PixelItem):
    """Yellow ground under the curves."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.shades: tuple[Shade, ...] = ()

    def draw(self, shades: tuple[Shade, ...]) -> None:
        """Show stretches."""
        if shades != self.shades:
            self.shades = shades
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Ground and edges."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        edges = {(shade.left, shade.right) for shade in self.shades}
        for left, right in sorted(edges):
            box = QRectF(left, 1, right - left, self._box.height() - 2)
            shade = DARK_SHADE if self._theme.dark else SHADE
            wide = box.width() > MOST_OF_IT * self._box.width()  # all of it held: a tint is enough
            painter.fillRect(box, qcolor(self._theme.clamp, 0.4 * shade if wide else shade))
            pen = ink.pen(self._theme.clamp_outline, 1)
            for x in (ink.crisp(left), ink.crisp(right - 1)):
                ink.line(painter, x, box.top(), x, box.bottom(), pen)


class TagsItem(PixelItem):
    """The names of the stretches."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.tags: tuple[tuple[Rect, str], ...] = ()

    def draw(self, tags: tuple[tuple[Rect, str], ...]) -> None:
        """Show names at their places."""
        if tags != self.tags:
            self.tags = tags
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Every name on yellow."""
        for box, text in self.tags:
            paint_tag(painter, QRectF(*box), text, self._theme)


class PlotHands:
    """Shades, tags and ghosts of one gradient plot.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
    theme : Theme
    """

    def __init__(self, view_box: pg.ViewBox, theme: Theme) -> None:
        self.shades, self.tags = ShadesItem(theme), TagsItem(theme)
        for item, z in ((self.shades, -5), (self.tags, 25)):
            item.setParentItem(view_box)
            item.setZValue(z)
        self.ghosts = {cell: CurveItem((ghost_pen(theme),)) for cell in CELLS}
        for ghost in self.ghosts.values():
            view_box.addItem(ghost, ignoreBounds=True)
            ghost.setZValue(0)

    def set_box(self, box: QRectF) -> None:
        """Take another place."""
        self.shades.set_box(box)
        self.tags.set_box(box)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self.shades.set_theme(theme)
        self.tags.set_theme(theme)
        for ghost in self.ghosts.values():
            ghost.set_pens((ghost_pen(theme),))

    def draw(
        self, frame: Frame, now: Shown, columns: Columns, left: float, points: Points, band: float
    ) -> tuple[Rect, ...]:
        """Show the frame; where the tags stand, so that other labels keep off.

        Parameters
        ----------
        frame, now
            What is on show.
        columns : Columns
        left : float
            x of the plot in the coordinates of the columns.
        points : float64 (N, 2)
            Points of the curves, which tags keep off.
        band : float
            y where the band below float64 begins, whose own label tags keep off too.
        """
        half = columns.pitch / 2
        shades = tuple(
            Shade(one, columns.centre(one.first) - half - left, columns.centre(one.last) + half - left)
            for lane in frame.lanes
            for one in stretches_of(frame.interventions, lane.cell, now.timesteps)
        )
        self.shades.draw(shades)
        self._draw_ghosts(frame, now)
        tags = self._tags(shades, points, columns.centre(now.t) - left, band)
        self.tags.draw(tags)
        return tuple(box for box, _ in tags)

    def _tags(
        self, shades: tuple[Shade, ...], points: Points, playhead: float, band: float
    ) -> tuple[tuple[Rect, str], ...]:
        """Names inside their stretches, or beginning there, off the curves and the playhead."""
        font, height = fonts.text(12, 600), float(fonts.scaled(19))
        named = shades[:MOST_TAGS]
        text = tr("{network} {what}")
        texts = [text.format(network=NAMES[one.stretch.cell], what=one.stretch.text) for one in named]
        all_wide, high = self.tags.boundingRect().width(), self.tags.boundingRect().height()
        if LEAST_OVER_BAND * height < band < high:
            high = band
        taken: list[Rect] = [(playhead - 1, 0.0, 2.0, high)]
        for shade, words in zip(named, texts, strict=True):
            wide = ink.text_width(words, font) + 14
            begin = max(min(shade.left, all_wide - wide - 4), 0.0)
            room = (begin, 0.0, max(shade.right - shade.left, wide + 4), high)
            taken += place([Wanted(begin - 8, height, wide, height)], room, taken, points)
        return tuple(zip(taken[1:], texts, strict=True))

    def _draw_ghosts(self, frame: Frame, now: Shown) -> None:
        ts = np.arange(now.painted_gradient, now.timesteps + 1, dtype=np.float64)
        shown = {lane.cell for lane in frame.lanes}
        for cell, ghost in self.ghosts.items():
            racer = frame.ghost.racer(cell) if frame.ghost is not None else None
            live = frame.comparison.racer(cell) if frame.comparison is not None else None
            if racer is None or live is None or racer.trace is live.trace or cell not in shown:
                ghost.set_data(ts[:0], ts[:0])
            else:
                ghost.set_data(ts, racer.trace.flow.log10_h[now.painted_gradient :])


def ghost_pen(theme: Theme) -> QPen:
    """The dashed line of the run before."""
    return line_pen(theme.ghost, theme.lines.ghost, DASHES["ghost"])
