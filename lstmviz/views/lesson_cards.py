"""What the questions of a lesson are made of: a card, rows of a label and a number, framed options.

Words used in this file
    card     a frame round something to answer
    option   one of several answers, as a framed row
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from lstmviz.stage.lesson_frame import TextRun
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaLabel, FormulaText
from lstmviz.views.lesson_text import LessonText
from lstmviz.views.number_text import number_runs
from lstmviz.views.plain import harmless
from lstmviz.views.theme import Theme


class Card(QFrame):
    """A frame with an even margin."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "question")
        self.stage, self.theme = stage, theme
        self.rows = QVBoxLayout(self)
        self.set_scale()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(15)
        self.rows.setContentsMargins(side, fonts.scaled(12), side, fonts.scaled(14))
        self.rows.setSpacing(fonts.scaled(8))


class SideBySide(QWidget):
    """Two buttons in a row, the first one wider; one above the other where the row is too narrow."""

    def __init__(self, first: QWidget, second: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair = (first, second)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._row.addWidget(first, 3)
        self._row.addWidget(second, 2)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as one button, or as both."""
        heights = [button.sizeHint().height() for button in self._pair if not button.isHidden()]
        stacked = self._row.direction() == QBoxLayout.Direction.TopToBottom
        return QSize(self._together(), sum(heights) + self._row.spacing() if stacked else max(heights, default=0))

    def minimumSizeHint(self) -> QSize:
        """As wide as the wider button."""
        return QSize(max(button.minimumSizeHint().width() for button in self._pair), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the buttons, or put them side by side again."""
        super().resizeEvent(event)
        stacked = self.width() < self._together()
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        if way != self._row.direction():
            self._row.setDirection(way)
            self.updateGeometry()

    def _together(self) -> int:
        widths = [button.sizeHint().width() for button in self._pair if not button.isHidden()]
        return sum(widths) + self._row.spacing()


class NumberLabel(FormulaLabel):
    """A number whose exponents are really raised."""

    def __init__(self, theme: Theme, px: float, parent: QWidget | None = None) -> None:
        self._theme, self._px, self._text = theme, px, ""
        super().__init__(self._laid_out(), parent)

    def show_text(self, text: str) -> None:
        """Show a number as ``lstmviz.words`` writes it, or a few words."""
        if text != self._text:
            self._text = text
            self.draw(self._laid_out())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.draw(self._laid_out())

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.draw(self._laid_out())

    def _laid_out(self) -> FormulaText:
        return FormulaText(number_runs(harmless(self._text)), self._px, self._theme, face="text", weight=600)


class PairRows(QWidget):
    """Rows of a label at the left and a number at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._rows: list[tuple[LessonText, NumberLabel, LessonText]] = []

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show labels and values; a value of several words stands in a line of its own."""
        while len(self._rows) < len(pairs):
            self._add()
        for k, (name, number, words) in enumerate(self._rows):
            text, value = pairs[k] if k < len(pairs) else ("", "")
            long = len(value) > 18
            name.show_runs((TextRun(text),) if text else ())
            number.show_text("" if long else value)
            number.setVisible(bool(value) and not long)
            words.show_runs((TextRun(value, "strong"),) if long else ())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        for parts in self._rows:
            for part in parts:
                part.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        for parts in self._rows:
            for part in parts:
                part.set_scale()

    def _add(self) -> None:
        row = 2 * len(self._rows)
        name = LessonText(self._theme, self, px=13, role="secondary")
        number, words = NumberLabel(self._theme, 16, self), LessonText(self._theme, self, px=14)
        middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(number, row, 1, middle)
        self._grid.addWidget(words, row + 1, 0, 1, 2)
        self._rows.append((name, number, words))


class Options(QWidget):
    """Options as framed rows; their text is shown literally."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._rows: list[OptionRow] = []

    def draw(self, options: Sequence[str], chosen: int | None, enabled: bool) -> None:
        """Show the options, and which one is chosen."""
        while len(self._rows) < len(options):
            row = OptionRow(len(self._rows), self)
            row.picked.connect(self.chosen)
            row.left_for.connect(self.focus_row)
            self._rows.append(row)
            self._column.addWidget(row)
        for k, row in enumerate(self._rows):
            row.setVisible(k < len(options))
            if k < len(options):
                row.draw(options[k], k == chosen, enabled)

    @Slot(int)
    def focus_row(self, index: int = 0) -> None:
        """Give the keyboard to an option; before the first and after the last one there is none."""
        rows = [row for row in self._rows if not row.isHidden()]
        if 0 <= index < len(rows):
            rows[index].setFocus(Qt.FocusReason.TabFocusReason)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        for row in self._rows:
            row.set_scale()


class OptionRow(QRadioButton):
    """One option; a long one is broken into lines, which Qt's own radio button cannot."""

    picked = Signal(int)
    left_for = Signal(int)  # the option that an arrow key leads to

    def __init__(self, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._index, self._text = index, ""
        self.setProperty("role", "choice")
        self.setAutoExclusive(False)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(self._pick)

    def draw(self, text: str, chosen: bool, enabled: bool) -> None:
        """Show the option."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(harmless(text))
            self.updateGeometry()
            self.update()
        if chosen != self.isChecked():
            with QSignalBlocker(self):
                self.setChecked(chosen)
        self.setEnabled(enabled or chosen)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not enabled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if enabled else Qt.FocusPolicy.NoFocus)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.updateGeometry()

    @Slot()
    def _pick(self) -> None:
        with QSignalBlocker(self):
            self.setChecked(True)
        self.picked.emit(self._index)

    def hitButton(self, _at: QPoint) -> bool:
        """The whole row answers, not only its circle."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the option above or below; Enter and Space choose."""
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
        if event.key() in moves:
            self.left_for.emit(self._index + moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def heightForWidth(self, width: int) -> int:
        """High enough for the broken text."""
        return max(fonts.scaled(36), self._text_box(width).height() + fonts.scaled(14))

    def sizeHint(self) -> QSize:
        """For layouts that do not ask for the width."""
        return QSize(fonts.scaled(120), self.heightForWidth(max(self.width(), fonts.scaled(120))))

    def minimumSizeHint(self) -> QSize:
        """As high as the text at this width."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the text elsewhere."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _text_box(self, width: int) -> QRect:
        left = fonts.scaled(38)
        room = QRect(left, 0, max(width - left - fonts.scaled(10), 40), 10_000)
        return self.fontMetrics().boundingRect(room, _WRAP, harmless(self._text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The framed row with its circle from the style sheet, then the text."""
        super().paintEvent(event)
        left = fonts.scaled(38)
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            box = QRectF(left, 0, self.width() - left - fonts.scaled(10), self.height())
            painter.drawText(box, _WRAP | Qt.AlignmentFlag.AlignVCenter, harmless(self._text))


_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
