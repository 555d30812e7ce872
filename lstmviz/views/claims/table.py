"""The table of claims: one row chosen, its details under it; votes and runs by mouse and keyboard.

Words used in this file
    head    the part that every row has; the details of the chosen one stand under it
"""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lstmviz.stage.claims_desk import ClaimsDesk
from lstmviz.stage.claims_frame import ClaimRow, ClaimsPart
from lstmviz.stage.claims_rows import duration
from lstmviz.views import fonts
from lstmviz.views.claims.columns import LEAST, ROW, Columns, columns
from lstmviz.views.claims.row_painter import RowPainter, run_box, vote_boxes
from lstmviz.views.claims.text_lines import line_height, lines_of, paint_lines
from lstmviz.views.controls import button
from lstmviz.views.plain import plain
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

SIDE, NAMES = 12, 112  # inset of a row; width of the names of details
MOST_LINES = 6  # of one detail


class ClaimTable(QWidget):
    """Rows of claims and published experiments."""

    moved = Signal(QRect)  # the chosen row, to be scrolled into sight

    def __init__(self, desk: ClaimsDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self._part: ClaimsPart | None = None
        self._tops: list[int] = [0]
        self._columns: Columns = columns(LEAST, 1.0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Table of claims"))
        self.learn = button(tr("Open in Learn"), "", self)
        self.learn.setToolTip(tr("Same settings, to watch it (Ctrl Enter)"))
        self.learn.setAccessibleName(tr("Open in Learn"))
        self.learn.clicked.connect(self._open_in_learn)
        self.learn.hide()

    # -- what is shown -------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> ClaimRow | None:
        """The row whose details are open."""
        if self._part is None:
            return None
        return next((row for row in self._part.rows if row.key == self._part.chosen), None)

    def draw(self, part: ClaimsPart) -> None:
        """Show the rows; those that did not change are not painted again."""
        before, self._part = self._part, part
        if before is part:
            return
        keys = tuple(row.key for row in part.rows)
        if before is None or (keys, part.chosen) != (tuple(row.key for row in before.rows), before.chosen):
            self._lay_out()
            self.update()
        else:
            for index, (old, new) in enumerate(zip(before.rows, part.rows, strict=True)):
                if old != new:
                    self.update(self.row_rect(index))
        self.setAccessibleDescription(self.sentence())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._lay_out()
        self.update()

    def sentence(self) -> str:
        """The chosen row in words."""
        row = self.chosen
        if row is None:
            return tr("No row is chosen; ↑ and ↓ choose one.")
        parts = [row.words]
        if row.shown:
            parts += [row.verdict, row.condition, row.figure]
        else:
            parts.append(tr("Does it hold? Y for yes, Shift Y for no"))
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    @property
    def columns(self) -> Columns:
        """The columns as painted."""
        return self._columns

    # -- geometry ------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As high as all rows."""
        return QSize(LEAST, self._tops[-1] + fonts.scaled(16))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``: the area round it scrolls."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the columns out again."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def _lay_out(self) -> None:
        self._columns = columns(self.width() - 2 * fonts.scaled(SIDE), fonts.text_size())
        rows = self._part.rows if self._part is not None else ()
        self._tops = [0]
        for row in rows:
            opened = self._part is not None and row.key == self._part.chosen
            self._tops.append(self._tops[-1] + fonts.scaled(ROW) + (self._details_height(row) if opened else 0))
        self.setFixedHeight(self.sizeHint().height())
        self._place_button()

    def _place_button(self) -> None:
        row = self.chosen
        if row is None or self._part is None:
            self.learn.hide()
            return
        rect = self.row_rect(self._part.rows.index(row))
        hint = self.learn.sizeHint()
        y = rect.bottom() - hint.height() - fonts.scaled(12)
        self.learn.setGeometry(rect.left() + fonts.scaled(SIDE + NAMES), y, hint.width(), hint.height())
        self.learn.setEnabled(row.opens)
        self.learn.show()

    def _details_height(self, row: ClaimRow) -> int:
        font = fonts.text(13)
        lines = sum(len(texts) for _, texts in self._details(row))
        gaps = 4 * len(self._details(row))
        return round(lines * line_height(font)) + gaps + self.learn.sizeHint().height() + fonts.scaled(28)

    def _details(self, row: ClaimRow) -> list[tuple[str, tuple[str, ...]]]:
        hidden = (tr("condition"), tr("here")) if not row.shown else ()
        width = self.width() - fonts.scaled(2 * SIDE + NAMES + 24)
        font = fonts.text(13)
        return [(name, lines_of(text, font, width, MOST_LINES)) for name, text in row.details if name not in hidden]

    def row_rect(self, index: int) -> QRect:
        """A row with its details."""
        top = self._tops[index]
        return QRect(0, top, self.width(), self._tops[index + 1] - top)

    def head_rect(self, index: int) -> QRect:
        """The part of a row that is always there, without its inset."""
        side = fonts.scaled(SIDE)
        return QRect(side, self._tops[index], self.width() - 2 * side, fonts.scaled(ROW))

    def index_at(self, y: int) -> int | None:
        """The row at a height."""
        index = bisect_right(self._tops, y) - 1
        return index if 0 <= index < len(self._tops) - 1 else None

    def boxes(self, index: int) -> dict[str, QRect]:
        """What can be clicked in a row: "run", and "yes" and "no" while it waits for a vote."""
        assert self._part is not None
        head = self.head_rect(index)
        found = {"run": run_box(head, self._columns)}
        if not self._part.rows[index].shown:
            found["yes"], found["no"] = vote_boxes(head, self._columns)
        return found

    # -- picture -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that are in sight."""
        part, theme = self._part, self._theme
        if part is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rows = RowPainter(painter, theme, self._columns)
            for index, row in enumerate(part.rows):
                rect = self.row_rect(index)
                if not rect.intersects(event.rect()):
                    continue
                if row.key == part.chosen:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(qcolor(theme.panel))
                    painter.drawRoundedRect(QRectF(rect).adjusted(0, 1, 0, -1), 6, 6)
                    self._paint_details(painter, row, index)
                rows.paint(row, self.head_rect(index))
                y = rect.bottom() + 0.5
                ink.line(painter, 0, y, self.width(), y, ink.pen(theme.hairline, 1))

    def _paint_details(self, painter: QPainter, row: ClaimRow, index: int) -> None:
        theme, font, small = self._theme, fonts.text(13), fonts.text(12)
        x, y = float(fonts.scaled(SIDE)), float(self._tops[index] + fonts.scaled(ROW + 2))
        high = line_height(font)
        for name, texts in self._details(row):
            ink.paint_text(painter, QRectF(x, y, fonts.scaled(NAMES - 8), high), name, small, theme.hint)
            place = QRectF(x + fonts.scaled(NAMES), y, self.width(), high * len(texts))
            paint_lines(painter, place, texts, font, theme.secondary)
            y += high * len(texts) + 4

    # -- hands ---------------------------------------------------------------------------------------------------

    def choose(self, index: int) -> None:
        """Open a row."""
        if self._part is not None and self._part.rows:
            index = max(0, min(index, len(self._part.rows) - 1))
            self._desk.choose(self._part.rows[index].key)

    def show_chosen(self) -> None:
        """Ask to have the chosen row scrolled into sight."""
        row = self.chosen
        if row is not None and self._part is not None:
            self.moved.emit(self.row_rect(self._part.rows.index(row)))

    def run_or_cancel(self, row: ClaimRow) -> None:
        """Run a row, or stop it."""
        if row.running is None:
            self._desk.run([row.key])
        else:
            self._desk.cancel(row.key)

    @Slot()
    def _open_in_learn(self) -> None:
        if self.chosen is not None:
            self._desk.open_in_learn(self.chosen.key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Vote, run, or open and close a row."""
        index = self.index_at(int(event.position().y()))
        if event.button() != Qt.MouseButton.LeftButton or self._part is None or index is None:
            event.ignore()
            return
        row, point = self._part.rows[index], event.position().toPoint()
        hit = next((name for name, box in self.boxes(index).items() if box.contains(point)), "")
        if hit == "run":
            self.run_or_cancel(row)
        elif hit:
            self._desk.vote(row.key, hit == "yes")
            self._desk.choose(row.key)
        elif point.y() < self.head_rect(index).bottom():
            self._desk.choose("" if row.key == self._part.chosen else row.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose a row."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or self._part is None:
            super().keyPressEvent(event)
            return
        keys = [row.key for row in self._part.rows]
        here = keys.index(self._part.chosen) if self._part.chosen in keys else (-1 if step > 0 else len(keys))
        self.choose(here + step)

    def event(self, event: QEvent) -> bool:
        """Tell what a click would do."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.tip_at(event.pos())
            if text:
                QToolTip.showText(event.globalPos(), plain(text), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def tip_at(self, point: QPoint) -> str:
        """What stands at a point, in words."""
        index = self.index_at(point.y())
        if index is None or self._part is None:
            return ""
        row = self._part.rows[index]
        hit = next((name for name, box in self.boxes(index).items() if box.contains(point)), "")
        if hit == "run":
            text = tr("Run with the seeds and budget stated. {time}")
            return tr("Cancel") if row.running else text.format(time=duration(row.seconds))
        if hit:
            return tr("Your vote; then the verdict is shown")
        return row.condition if row.shown and row.condition else row.words
