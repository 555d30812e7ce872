"""The playhead: one line through input, lanes and plot, and the timestep's number under it.

An overlay above the pictures, so that a move repaints two strips and nothing else. It also lets the parts rest that a
lesson does not speak of.

Words used in this file
    outline  round the column of the playhead, in the input strip and the lanes
    veil     window ground at 65 % over a part at rest, which leaves 35 % of it
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from lstmviz.views import fonts
from lstmviz.views.race import ink
from lstmviz.views.race.columns import Columns
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

REST = 0.35  # what is left of a part at rest


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the playhead and the pointer stand, and between which heights."""

    t: int
    hovered: int | None
    columns: Columns
    top: int  # of the outline
    bottom: int
    plot_top: int
    plot_bottom: int
    line: bool  # the plot has a line at the playhead; not while it shows updates


class Playhead(QWidget):
    """Paints over its siblings and lets every click through."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._heads: Heads | None = None
        self._rests: tuple[QRect, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Playhead"))

    @property
    def heads(self) -> Heads | None:
        """As drawn."""
        return self._heads

    @property
    def rests(self) -> tuple[QRect, ...]:
        """Parts at rest."""
        return self._rests

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def arrange(self, layout: RaceLayout) -> None:
        """Nothing is kept: every ``draw`` brings its geometry along."""

    def draw(self, heads: Heads) -> None:
        """Move the playhead; only the two strips are painted again."""
        if heads == self._heads:
            return
        before, self._heads = self._heads, heads
        if before is None or before.t != heads.t or before.hovered != heads.hovered:
            self.setAccessibleDescription(tr("timestep {t} of {n}").format(t=heads.t, n=heads.columns.timesteps))
        if before is None or (before.columns, before.top, before.bottom) != (heads.columns, heads.top, heads.bottom):
            self.update()
            return
        dirty = QRegion()
        for state in (before, heads):
            for t in (state.t, state.hovered):
                if t is not None:
                    dirty += self._strip(state, t)
        self.update(dirty)

    def rest(self, boxes: tuple[QRect, ...]) -> None:
        """Let these parts rest; none, for an ordinary picture."""
        if boxes != self._rests:
            self._rests = boxes
            self.update()

    def _strip(self, heads: Heads, t: int) -> QRect:
        half = max(heads.columns.pitch / 2 + 5, fonts.scaled(26))
        x = heads.columns.centre(t)
        return QRect(int(x - half), heads.top - 4, int(2 * half) + 2, self.height() - heads.top + 4)

    def outline_of(self, t: int) -> QRectF:
        """The outline round a column, a little outside its tile."""
        assert self._heads is not None
        x0, x1 = self._heads.columns.tile(t)
        return QRectF(x0 - 2, self._heads.top, x1 - x0 + 4, self._heads.bottom - self._heads.top)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Veils, the hovered column, the playhead's."""
        heads, theme = self._heads, self._theme
        with QPainter(self) as painter:
            for box in self._rests:
                painter.fillRect(box.intersected(event.rect()), qcolor(theme.window, 1 - REST))
            if heads is None or heads.columns.timesteps < 1:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if heads.hovered is not None and heads.hovered != heads.t:
                self._paint_column(painter, heads, heads.hovered, theme.outline, 1.2)
            self._paint_column(painter, heads, heads.t, theme.ink, theme.lines.playhead)
            if heads.line:
                if heads.hovered is not None and heads.hovered != heads.t:
                    self._paint_number(painter, heads, heads.hovered, theme.panel, theme.secondary)
                self._paint_number(painter, heads, heads.t, theme.ink, theme.panel)

    def _paint_column(self, painter: QPainter, heads: Heads, t: int, colour: str, width: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.pen(colour, width + 0.1))
        painter.drawRoundedRect(self.outline_of(t), 4, 4)
        if heads.line:
            x = ink.crisp(heads.columns.centre(t))
            ink.line(painter, x, heads.plot_top, x, heads.plot_bottom, ink.pen(colour, width))

    def _paint_number(self, painter: QPainter, heads: Heads, t: int, ground: str, colour: str) -> None:
        font, text = fonts.text(12, 700), count(t)
        width = max(ink.text_width(text, font) + 16, fonts.scaled(30))
        x = min(max(heads.columns.centre(t) - width / 2, 2.0), self.width() - width - 2)
        box = QRectF(x, heads.plot_bottom + 3, width, fonts.scaled(19))
        painter.setPen(ink.pen(self._theme.ink if t == heads.t else self._theme.outline, 1))
        painter.setBrush(qcolor(ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        ink.paint_text(painter, box, text, font, colour, ink.CENTRE)
