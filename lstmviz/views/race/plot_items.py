"""Parts of a plot that are painted in pixels: ground, grid and band; marks on curves.

pyqtgraph draws the curves. Its ``PlotItem`` is left out: it builds the widgets of a context menu, hidden top-level
windows among them, even when it is told to have no menu; and its axes write powers of ten in another way than the rest
of the window.

Words used in this file
    box      the plot in pixels of the view: what the view box covers
    band     gradients that float64 cannot add to the largest one; hatched
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from lstmviz.views.icons import mark_path
from lstmviz.views.race import ink
from lstmviz.views.race.scale import Scale
from lstmviz.views.theme import Theme, qcolor

HATCH = 10  # side of the hatch's tile: lines at 45 degrees, 7 pixels apart


class PixelItem(QGraphicsItem):
    """An item painted in pixels inside ``box``; it is told when to repaint."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._box = QRectF()

    def set_box(self, box: QRectF) -> None:
        """Take another place."""
        self.prepareGeometryChange()
        self._box = box
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:
        """The box."""
        return self._box

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint; see the subclass."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under the curves."""

    scale: Scale
    ticks: tuple[float, ...]
    band: float | None  # value below which the hatch begins


class GroundItem(PixelItem):
    """Panel ground, grid lines, the band with its hatch and ink edge, and the frame."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._ground: Ground | None = None

    def draw(self, ground: Ground) -> None:
        """Show another ground."""
        if ground != self._ground:
            self._ground = ground
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Ground, band, grid, edge, frame."""
        theme, box, ground = self._theme, self._box, self._ground
        painter.fillRect(box, qcolor(theme.panel))
        if ground is None:
            return
        edge = None if ground.band is None else box.top() + ground.scale.y(ground.band)
        if edge is not None and edge < box.bottom():
            self._paint_band(painter, QRectF(box.left(), max(edge, box.top()), box.width(), box.bottom() - edge))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for tick in ground.ticks:
            y = ink.crisp(box.top() + ground.scale.y(tick))
            ink.line(painter, box.left(), y, box.right(), y, ink.pen(theme.hairline, 1))
        if edge is not None and box.top() < edge < box.bottom():
            ink.line(painter, box.left(), ink.crisp(edge), box.right(), ink.crisp(edge), ink.pen(theme.ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.pen(theme.hairline, 1))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_band(self, painter: QPainter, band: QRectF) -> None:
        painter.fillRect(band, qcolor(self._theme.band))
        painter.fillRect(band, hatch(self._theme))


@cache
def hatch(theme: Theme) -> QBrush:
    """The hatch of everything below float64, as a brush: stroked lines would be stroked anew on each repaint."""
    tile = QPixmap(HATCH, HATCH)
    tile.fill(Qt.GlobalColor.transparent)
    with QPainter(tile) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(ink.pen(theme.outline, 1, alpha=0.35))
        for shift in (-HATCH, 0, HATCH):
            painter.drawLine(QPointF(shift - 1, HATCH + 1), QPointF(shift + HATCH + 1, -1))
    return QBrush(tile)


class MarksItem(PixelItem):
    """The networks' marks on their curves; shape says the same as hue."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._marks: tuple[tuple[str, tuple[QPointF, ...]], ...] = ()

    def draw(self, marks: tuple[tuple[str, tuple[QPointF, ...]], ...]) -> None:
        """Show marks: pairs of cell and places."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    @property
    def marks(self) -> tuple[tuple[str, tuple[QPointF, ...]], ...]:
        """Cells and places as drawn."""
        return self._marks

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Every mark, with a thin edge in panel colour."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPen(qcolor(self._theme.panel), 1.2)
        edge.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(edge)
        for cell, places in self._marks:
            look = self._theme.network(cell)
            path = mark_path(look.mark, self._theme.lines.mark)
            painter.setBrush(qcolor(look.hue))
            for place in places:
                painter.translate(place)
                painter.drawPath(path)
                painter.translate(-place)
