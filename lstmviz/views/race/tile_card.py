"""The card of a tile that was clicked: its formula, with the numbers of the running engine put in.

It stands beside the tile and never over its column, so that the tile stays in sight.

Words used in this file
    line     one formula of the explanation; it goes on in a second row where the card would grow too wide
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from lstmviz.stage.explain import Explanation, Run
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText, plain_words
from lstmviz.views.icons import icon, paint_mark
from lstmviz.views.race import ink
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

INSET, AWAY = 16, 14  # inside the card; between card and column
NARROWEST = 220
FORMULA = (16.5, 15.0, 13.5, 12.0)  # type sizes; the first at which the card is not too high


class TileCard(QWidget):
    """One explanation; hidden while no tile is open."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self._explanation: Explanation | None = None
        self._rows: list[tuple[FormulaText, bool]] = []
        self._name = ""
        self.close_button = QToolButton(self)
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName(tr("Close"))
        self.close_button.setToolTip(tr("Put the formula away (Esc)"))
        self.close_button.clicked.connect(self._close)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Formula of a tile"))
        self.set_theme(theme)
        self.hide()

    @Slot()
    def _close(self) -> None:
        self._stage.close_tile()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.close_button.setIcon(icon("cross", theme, 16))
        self._explanation = None

    def arrange(self, layout: RaceLayout) -> None:
        """Nothing is kept: every ``draw`` brings its geometry along."""

    def draw(self, explanation: Explanation | None, name: str, column: QRect, lane: QRect, room: QRect) -> None:
        """Show an explanation beside its column, or nothing.

        Parameters
        ----------
        explanation : Explanation or None
        name : str
            The network, as written on screen.
        column : QRect
            The column of the tile, over the whole picture.
        lane : QRect
            The lane it belongs to.
        room : QRect
            Where the card may stand; all in the parent's coordinates.
        """
        if explanation is None:
            self._explanation = None
            self.hide()
            return
        left, right = column.left() - AWAY - room.left(), room.right() - column.right() - AWAY
        if explanation is not self._explanation or self._name != name:
            self._explanation, self._name = explanation, name
            self.setAccessibleName(tr("{title}, {name}").format(title=explanation.title, name=name))
            self.setAccessibleDescription("; ".join(plain_words(line) for line in explanation.lines))
        widest = max(left, right, NARROWEST) - 2 * INSET
        for px in FORMULA:
            self._rows = [row for line in explanation.lines for row in _wrapped(line, self._theme, px, widest)]
            size = self._size(widest)
            if size.height() <= room.height():
                break
        x = column.right() + AWAY if right >= size.width() or right >= left else column.left() - AWAY - size.width()
        x = min(max(x, room.left()), max(room.right() - size.width(), room.left()))
        y = min(max(lane.top(), room.top()), max(room.bottom() - size.height(), room.top()))
        self.setGeometry(QRect(x, y, size.width(), size.height()))
        button = fonts.scaled(28)
        self.close_button.setGeometry(size.width() - button - 6, 6, button, button)
        self.show()
        self.raise_()
        self.update()

    def text(self) -> str:
        """Everything on the card, as plain words."""
        if self._explanation is None:
            return ""
        return "\n".join([self._explanation.title, *(row.text for row, _ in self._rows)])

    def _title_height(self) -> int:
        return fonts.scaled(40)

    def _size(self, widest: float) -> QSize:
        assert self._explanation is not None
        title = QFontMetricsF(fonts.text(14.5, 600)).horizontalAdvance(self._title())
        widths = [row.width + (fonts.scaled(22) if goes_on else 0) for row, goes_on in self._rows]
        width = max([min(title + fonts.scaled(64), widest), *widths]) + 2 * INSET
        height = self._title_height() + sum(self._row_height(row) for row, _ in self._rows) + INSET - 4
        return QSize(int(width) + 1, int(height) + 1)

    def _title(self) -> str:
        assert self._explanation is not None
        return tr("{title}, {name}").format(title=self._explanation.title, name=self._name)

    def _row_height(self, row: FormulaText) -> float:
        return row.ascent + row.descent + fonts.scaled(4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the card away."""
        if event.key() == Qt.Key.Key_Escape:
            self._stage.close_tile()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, title, formulas."""
        if self._explanation is None:
            return
        theme, cell = self._theme, self._explanation.tile.cell
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(ink.pen(theme.outline, 1.2))
            painter.setBrush(qcolor(theme.panel))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.6, 0.6, -0.6, -0.6), 8, 8)
            look, size = theme.network(cell), fonts.scaled(12)
            middle = self._title_height() / 2
            paint_mark(painter, look.mark, QPointF(INSET + size / 2, middle), size, look.hue)
            box = QRectF(INSET + size + 8, 0, self.width(), self._title_height())
            font, room = fonts.text(14.5, 600), self.close_button.x() - box.left() - 4
            ink.paint_text(painter, box, ink.elided(self._title(), font, room), font, theme.ink)
            y = float(self._title_height())
            for row, goes_on in self._rows:
                row.paint(painter, INSET + (fonts.scaled(22) if goes_on else 0), y + row.ascent)
                y += self._row_height(row)


def _wrapped(line: Sequence[Run], theme: Theme, px: float, widest: float) -> list[tuple[FormulaText, bool]]:
    """A formula as rows of at most ``widest`` pixels, broken before a sign; and whether a row continues the last."""
    whole = FormulaText(line, px, theme)
    if whole.width <= widest:
        return [(whole, False)]
    rows: list[list[Run]] = [[]]
    for part in _parts(line):
        if rows[-1] and FormulaText([*rows[-1], *part], px, theme).width > widest - fonts.scaled(22):
            rows.append([])
        rows[-1].extend(part)
    return [(FormulaText(row, px, theme), k > 0) for k, row in enumerate(rows)]


def _parts(line: Sequence[Run]) -> list[list[Run]]:
    parts: list[list[Run]] = [[]]
    for run in line:
        if parts[-1] and run.text.lstrip(" )").startswith(("=", "+", "−", "×")):
            parts.append([])
        parts[-1].append(run)
    return parts
