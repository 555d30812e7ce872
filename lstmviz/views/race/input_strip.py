"""What the networks read: one cell per timestep, the cue marked, the query outlined.

Words used in this file
    letter    the symbol of a timestep; of a word as many letters as fit
    level     where symbols are numbers: how far a cell is filled from the base line, -1 to 1
    base      the base line, as a share of a cell's height: 0, or 1/2 where some numbers are negative
    caption   a word over a cell: "cue", "query: which cue?", or a marked number
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.readouts import disturbances
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.interventions.input_hands import InputHands, edited_timesteps
from lstmviz.views.interventions.spans import paint_outline
from lstmviz.views.race import ink
from lstmviz.views.race.column_widget import ColumnWidget
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

LEAST_BOX = 14  # width of a cue's or query's cell where columns are too thin for letters
LETTERED_BOX = 10  # and where they are not
MOST_TOLD = 4  # cues that the sentence names


class InputStrip(ColumnWidget):
    """One cell per timestep."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self._symbols: tuple[str, ...] = ()
        self._cues: tuple[int, ...] = ()
        self._levels: tuple[float, ...] = ()
        self._base = 0.0
        self._query, self._question, self._inset = 1, "", 24
        self._label = FormulaText(symbol_runs("x_t"), 15, theme)
        self._edited: tuple[int, ...] = ()  # timesteps at which something else is read
        self.hand = self.hands = InputHands(self, stage, self._timestep)
        self.setAccessibleName(tr("Input"))

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the picture."""
        self._columns, self._inset = layout.columns, layout.inset
        self._label = FormulaText(symbol_runs("x_t"), 15, self._theme, colour=self._theme.secondary)
        self.update()

    def draw(self, frame: Frame) -> None:
        """Show the sequence of the frame."""
        self._frame = frame
        self.hands.show_cursor()
        edited = edited_timesteps(frame.interventions, len(frame.symbols))
        if edited != self._edited:
            self._edited = edited
            self.update()
        if frame.symbols is self._symbols and frame.cues == self._cues and self._question:
            return
        self._symbols, self._cues = frame.symbols, frame.cues
        self._query = frame.query
        self._levels = ()
        if frame.comparison is not None:
            task, batch = frame.comparison.task, frame.comparison.batch
            self._question = tr("query: {question}").format(question=task.question)
            if task.shows == "numbers":
                self._levels, self._base = levels(batch.x[:, 0, 0])
        self.setAccessibleDescription(self.sentence())
        self.update()

    def sentence(self) -> str:
        """The sequence in words."""
        known = [t for t in self._cues if t <= len(self._symbols)]
        told = [tr("{symbol} at t = {t}").format(symbol=self._symbols[t - 1], t=t) for t in known[:MOST_TOLD]]
        cues = ", ".join(told) + (" …" if len(known) > MOST_TOLD else "")
        parts = [tr("{n} timesteps").format(n=len(self._symbols))]
        parts += [tr("cue {cues}").format(cues=cues)] if told else []
        parts += [tr("{question} at t = {t}").format(question=self._question, t=self._query)]
        return "; ".join(parts)

    def cell(self, t: int) -> QRectF:
        """Where the cell of timestep ``t`` is painted; cue and query are wide enough for a letter."""
        x0, x1 = self._columns.tile(t)
        least = LETTERED_BOX if self._columns.lettered else LEAST_BOX
        if (t in self._cues or t == self._query) and x1 - x0 < least:
            middle = (x0 + x1 - least) // 2
            x0 = min(max(middle, int(self._columns.left)), int(self._columns.right) - least)
            x1 = x0 + least
        top, height = self._rows()
        return QRectF(x0, top, x1 - x0, height)

    def _rows(self) -> tuple[int, int]:
        """y and height of the cells, under the captions."""
        top = fonts.scaled(17)
        return top, max(self.height() - top - 7, 8)

    def captions(self) -> list[tuple[QRectF, str]]:
        """Words over the cells, none of which touches another; the query's comes first, cues where there is room."""
        font, height = fonts.text(11, 600), fonts.scaled(14)
        placed: list[tuple[QRectF, str]] = []
        wanted = [(self._query, self._question)]
        wanted += [(t, self._caption(t)) for t in self._cues if t != self._query and not self._goes_on(t)]
        for t, text in wanted:
            if not 1 <= t <= len(self._symbols):
                continue
            width, cell = ink.text_width(text, font), self.cell(t)
            x = cell.left() if self._columns.pitch > width or t == 1 else cell.center().x() - width / 2
            x = min(max(x, self._columns.left), self._columns.right - self._columns.gap - width)
            if t == self._query:
                x = cell.right() - width
            box = QRectF(x, 0, width, height)
            if all(not box.adjusted(-6, 0, 6, 0).intersects(other) for other, _ in placed):
                placed.append((box, text))
        return placed

    def _goes_on(self, t: int) -> bool:
        """Whether a cue's word stands over the cue right before it already."""
        return not self._levels and t - 1 in self._cues

    def _caption(self, t: int) -> str:
        if not self._levels:
            return tr("cue")
        inside = ink.text_width(self._symbols[t - 1], self._letter_font(700)) <= self.cell(t).width() - 2
        return tr("marked") if inside else self._symbols[t - 1]

    def tip_at(self, position: QPoint) -> tuple[str, QRect] | None:
        """The symbol of a timestep."""
        t = self._columns.at(position.x())
        if t is None or t > len(self._symbols):
            return None
        part = tr(" (cue)") if t in self._cues else ""
        part += tr(" (query)") if t == self._query else ""
        part += tr(" (changed by hand)") if t in self._edited else ""
        text = tr("t = {t}: input {symbol}{part}").format(t=t, symbol=self._symbols[t - 1], part=part)
        comparison = None if self._frame is None else self._frame.comparison
        answer = "" if comparison is None else comparison.task.answer(comparison.batch, t)
        if answer:
            text += tr("; right answer {answer}").format(answer=answer)
        return text, self.strip(t, t)

    # -- hands ---------------------------------------------------------------------------------------------------

    def _timestep(self, where: QPointF) -> int | None:
        t = self._columns.at(where.x())
        return t if t is not None and t <= len(self._symbols) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter changes the input at the playhead; arrows walk."""
        t = 0 if self._frame is None else min(self._frame.position.t, len(self._symbols))
        if t < 1 or not self.hands.key(event, t, self.mapToGlobal(self.cell(t).bottomLeft().toPoint())):
            super().keyPressEvent(event)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Label, captions, cells."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if event.rect().left() < self._columns.left:
                self._paint_name(painter)
            for box, text in self.captions():
                ink.paint_text(painter, box, text, fonts.text(11, 600), theme.secondary)
            seen = self._columns.between(event.rect().left() - LEAST_BOX, event.rect().right() + LEAST_BOX)
            self._paint_cells(painter, [t for t in seen if t <= len(self._symbols)])
            for t in {*self._cues, self._query}:
                if 1 <= t <= len(self._symbols):
                    self._paint_marked(painter, t)
            for t in self._edited:
                paint_outline(painter, self.cell(t).adjusted(0, 0, -1, -1), theme)

    def _paint_name(self, painter: QPainter) -> None:
        font, cell = fonts.text(14, 600), self.cell(1)
        box = QRectF(self._inset, cell.top(), self._columns.left, cell.height())
        ink.paint_text(painter, box, tr("Input"), font, self._theme.ink)
        x = self._inset + ink.text_width(tr("Input"), font) + 8
        self._label.paint(painter, x, cell.center().y() + 0.3 * font.pixelSize())
        disturbed = "" if self._frame is None else disturbances(self._frame.settings)
        if disturbed:
            small, room = fonts.text(11), self._columns.left - self._inset - 6
            over = QRectF(self._inset, 0, room, fonts.scaled(14))
            ink.paint_text(painter, over, ink.elided(disturbed, small, room), small, self._theme.hint)

    def _paint_cells(self, painter: QPainter, timesteps: list[int]) -> None:
        """All cells but those of cues and query."""
        top, height = self._rows()
        tiles, marked = self._columns.tiles(), {*self._cues, self._query}
        boxes = {
            t: QRectF(x0, top, x1 - x0, height) for t in timesteps if t not in marked for x0, x1 in (tiles[t - 1],)
        }
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(self._theme.sunk))
        if self._columns.linked:
            for box in boxes.values():
                painter.drawRoundedRect(box, 2, 2)
        else:
            painter.drawRects(list(boxes.values()))
        if self._levels or self._columns.lettered:
            for t, box in boxes.items():
                self._paint_symbol(painter, t, box)

    def _paint_symbol(self, painter: QPainter, t: int, box: QRectF) -> None:
        theme = self._theme
        if self._levels:
            self._paint_level(painter, t, box, theme.outline)
        else:
            font = self._letter_font(400)
            text = fitting(self._symbols[t - 1], font, box.width())
            ink.paint_text(painter, box, text, font, theme.hint, ink.CENTRE)

    def _letter_font(self, weight: int) -> QFont:
        """Letters grow with the text size, but not out of their columns."""
        widest = 1.1 * max(self._columns.pitch, LETTERED_BOX)
        return fonts.text(max(11.0, min(float(fonts.scaled(12)), widest)), weight, fixed=True)

    def _paint_level(self, painter: QPainter, t: int, box: QRectF, colour: str) -> None:
        # a number as a filled cell; its figures too, where they fit
        level = self._levels[t - 1] * (1.0 - self._base)
        foot = box.bottom() - (self._base + min(level, 0.0)) * box.height()
        filled = QRectF(box.left(), foot - abs(level) * box.height(), box.width(), abs(level) * box.height())
        font = fonts.text(11)
        if box.width() > ink.text_width("0.00", font) + 4:
            ink.paint_text(painter, box, self._symbols[t - 1], font, self._theme.hint, ink.CENTRE)
        else:
            painter.fillRect(filled, qcolor(colour, 0.55))

    def _paint_marked(self, painter: QPainter, t: int) -> None:
        theme, box, asked = self._theme, self.cell(t), t == self._query
        cue = t in self._cues
        painter.setPen(QPen(qcolor(theme.ink), 1.6) if asked else Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(theme.ink if cue else theme.panel))
        painter.drawRoundedRect(box.adjusted(0.8, 0.8, -0.8, -0.8) if asked else box, 3, 3)
        text, font = self._symbols[t - 1], self._letter_font(700)
        if self._levels and ink.text_width(text, font) > box.width() - 2:
            self._paint_level(painter, t, box.adjusted(2, 2, -2, -2), theme.panel if cue else theme.outline)
            return
        text = fitting(text, font, box.width())
        ink.paint_text(painter, box, text, font, theme.panel if cue else theme.ink, ink.CENTRE)


def levels(values: NDArray[np.floating]) -> tuple[tuple[float, ...], float]:
    """How far each number's cell is filled, -1 to 1, and where the base line is.

    Numbers from 0 to 1 stand for themselves; others are measured by the largest, whatever its sign.
    """
    finite = np.nan_to_num(np.asarray(values, dtype=float), posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    scale = 1.0 if low >= 0.0 and high <= 1.0 else max(-low, high)
    return tuple(float(value) for value in finite / scale), 0.5 if low < 0.0 else 0.0


def fitting(text: str, font: QFont, width: float) -> str:
    """The text, or as many of its first letters as are no wider; one at least."""
    if len(text) < 2 or ink.text_width(text, font) <= width:
        return text
    return next((text[:n] for n in range(len(text) - 1, 1, -1) if ink.text_width(text[:n], font) <= width), text[:1])
