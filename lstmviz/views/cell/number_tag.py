"""One number of the diagram as a widget: it can be pointed at, and read aloud with what it is of."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.views.cell.look import LINE, WAS, small, tag_number
from lstmviz.views.cell.tags import Tag
from lstmviz.views.plain import plain
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor


class NumberTag(QWidget):
    """Paints a tag: the number, and under it what it was."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.tag: Tag | None = None
        self._box = QRectF()
        self._zoom, self._chosen = 1.0, False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def draw(self, tag: Tag, box: QRectF, zoom: float, chosen: bool) -> None:
        """Show a tag, whose box in the scene is given."""
        if (tag, box, zoom, chosen) == (self.tag, self._box, self._zoom, self._chosen):
            return
        self.tag, self._box, self._zoom, self._chosen = tag, box, zoom, chosen
        self.setAccessibleName(tag.words)
        self.setToolTip(plain(tag.words))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The number on the panel's ground, which interrupts a wire under it."""
        tag, theme = self.tag, self._theme
        if tag is None:
            return
        shown = tag_number(tag, theme)
        width, height = self._box.width(), self._box.height()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self._zoom, self._zoom)
            if tag.part:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(qcolor(theme.panel))
                painter.drawRoundedRect(QRectF(0, 0, width, height), 3, 3)
            if self._chosen:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(ink.pen(theme.ink, 1.5))
                painter.drawRoundedRect(QRectF(1, 1, width - 2, height - 2), 3, 3)
            x = {"left": 3.0, "middle": (width - shown.width) / 2, "right": width - 3 - shown.width}[tag.side]
            line = 15.0 if tag.part else LINE
            shown.paint(painter, x, line / 2 + 0.36 * (11.5 if tag.part else 13.5))
            if tag.was:
                align = {"left": ink.LEFT, "middle": ink.CENTRE, "right": ink.RIGHT}[tag.side]
                words = QRectF(3, LINE - 1, width - 6, WAS)
                ink.paint_text(painter, words, f"{tag.was}", small(), theme.hint, align)
