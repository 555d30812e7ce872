"""The text that the network reads, coloured by one unit; bars mark where it is beyond a threshold."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.inspect_desk import InspectDesk
from lstmviz.stage.inspect_frame import InspectPart, Marked, symbol_of, title_of
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.inspect.colours import image_from, ink_on, pixels
from lstmviz.views.inspect.columns import Span
from lstmviz.views.interventions.input_hands import InputHands, edited_timesteps
from lstmviz.views.interventions.spans import paint_outline
from lstmviz.views.race import ink
from lstmviz.views.race.column_widget import ENTER
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, number, tr

LEAST_LETTER = 9.0  # pixels per timestep under which letters are left out
CLOSE = 6.0  # pixels per timestep up to which tiles touch each other


class TextStrip(QWidget):
    """A tile per timestep with its letter. A click selects; a drag brushes a place whose like are then looked for.

    Parameters
    ----------
    stage : Stage
    desk : InspectDesk
        Told of what is brushed.
    theme : Theme
    """

    def __init__(self, stage: Stage, desk: InspectDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._desk, self._theme = stage, desk, theme
        self._part: InspectPart | None = None
        self._symbols: tuple[str, ...] = ()
        self._layer = ""  # which layer is on show; "" for single cells
        self._pressed: int | None = None
        self._edited: tuple[int, ...] = ()  # timesteps at which something else is read
        self.hands = InputHands(self, stage, self._timestep)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The text"))

    def draw(self, part: InspectPart, symbols: tuple[str, ...], layer: str = "") -> None:
        """Show the text and its colours; ``layer`` in words where networks have several."""
        if part is not self._part or symbols is not self._symbols or layer != self._layer:
            self._part, self._symbols, self._layer = part, symbols, layer
            self.setAccessibleDescription(self.sentence())
            self.update()

    def draw_hands(self, frame: Frame) -> None:
        """Show which timesteps were changed by hand, and whether the tool is on."""
        self.hands.show_cursor()
        edited = edited_timesteps(frame.interventions, len(frame.symbols))
        if edited != self._edited:
            self._edited = edited
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def sentence(self) -> str:
        """What colours the text, and what the threshold found, in words."""
        part = self._part
        if part is None:
            return ""
        words = [self._head(part) + "."]
        if part.marked is not None:
            found = tr("{n} of {all} timesteps are beyond {threshold}.")
            threshold = number(part.marked.threshold, 2)
            words.append(found.format(n=len(part.marked.timesteps), all=len(self._symbols), threshold=threshold))
            if part.marked.brushed is not None:
                words.append(self._brushed(part.marked, *part.marked.brushed) + ".")
        return " ".join(words)

    @staticmethod
    def _brushed(marked: Marked, first: int, last: int) -> str:
        text = tr("t = {first} to {last} brushed: {told}")
        return text.format(first=count(first), last=count(last), told=marked.told())

    def _head(self, part: InspectPart) -> str:
        named = title_of(part.cell, part.colour_by)
        if part.colour_by.startswith("d_"):
            named = f"{named} {symbol_of(part.colour_by).replace('_{t}', '')}"
        text = tr("The text, coloured by {title} of unit {unit}").format(title=named, unit=count(part.unit + 1))
        return f"{text}, {self._layer}" if self._layer else text

    # -- geometry ----------------------------------------------------------------------------------------------

    def tiles(self) -> QRectF:
        """Where the tiles stand."""
        return QRectF(10, fonts.scaled(24), max(self.width() - 14, 10), fonts.scaled(30))

    def span(self) -> Span:
        """Where the timesteps stand."""
        box = self.tiles()
        return Span(box.left(), box.width(), max(len(self._symbols), 1))

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, tiles, letters, marks."""
        part, theme = self._part, self._theme
        if part is None or not self._symbols:
            return
        span, box = self.span(), self.tiles()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_title(painter, part)
            colours = pixels(part.colours.values[:, part.unit], part.colours, theme, part.limit)
            gap = 1.0 if span.pitch > CLOSE else 0.0
            if gap:
                self._paint_tiles(painter, colours.tolist(), span, box, gap)
            else:  # a thousand timesteps are one image
                painter.fillRect(box, qcolor(theme.panel))
                painter.drawImage(box, image_from(colours[None]))
            for t in (t for t in self._edited if t <= span.timesteps):
                tile = QRectF(span.edge(t) + gap, box.top(), max(span.pitch - 2 * gap, 3), box.height())
                paint_outline(painter, tile, theme)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_marks(painter, part, span, box)
            outline = QRectF(
                span.middle(part.timestep) - max(span.pitch, 6) / 2, box.top() - 2, max(span.pitch, 6), box.height() + 4
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.ink, 2))
            painter.drawRoundedRect(outline, 3, 3)
            if self.hasFocus():
                painter.setPen(ink.pen(theme.ink, theme.lines.focus))
                painter.drawRoundedRect(box.adjusted(-4, -5, 4, 5), 4, 4)

    def _paint_tiles(self, painter: QPainter, colours: list[int], span: Span, box: QRectF, gap: float) -> None:
        theme, font = self._theme, fonts.mono(14 if span.pitch >= 13 else 11, 500)
        for t, (symbol, colour) in enumerate(zip(self._symbols, colours, strict=True), start=1):
            tile = QRectF(span.edge(t) + gap, box.top(), span.pitch - 2 * gap, box.height())
            painter.fillRect(tile, qcolor(theme.panel) if colour >> 24 == 0 else QColor.fromRgb(colour))
            if span.pitch >= LEAST_LETTER and ink.text_width(symbol, font) <= span.pitch:
                ink.paint_text(painter, tile, symbol, font, ink_on(colour, theme), ink.CENTRE)

    def _paint_title(self, painter: QPainter, part: InspectPart) -> None:
        row = QRectF(10, 0, self.width() - 14, fonts.scaled(20))
        bold = fonts.text(14, 600)
        head = self._head(part)
        ink.paint_text(painter, row, head, bold, self._theme.ink)
        taken = ink.text_width(head, bold) + 18
        if part.marked is not None and part.marked.brushed is not None:
            told = self._brushed(part.marked, *part.marked.brushed)
            told += tr(", underlined twice") if part.marked.places else ""
            ink.paint_text(painter, row.adjusted(taken, 1, 0, 1), told, fonts.text(12), self._theme.secondary)
        ends = symbol_of(part.colour_by).replace("_{t}", "")
        if part.colours.kind == "signed":
            text = f"{ends}: −{number(part.limit)} … {number(part.limit)}"
        else:
            text = f"{ends}: 0 … 1" if part.colours.kind == "gate" else tr("{of}: size, 10⁻¹⁶ … 1").format(of=ends)
        ink.paint_text(painter, row, text, fonts.text(12), self._theme.hint, ink.RIGHT)

    def _paint_marks(self, painter: QPainter, part: InspectPart, span: Span, box: QRectF) -> None:
        marked, theme = part.marked, self._theme
        if marked is None:
            return
        y = box.bottom() + 5
        for t in marked.timesteps:
            painter.fillRect(QRectF(span.edge(t), y, span.pitch - (1 if span.pitch > 4 else 0), 3), qcolor(theme.ink))
        for place in marked.places:
            right = span.edge(place.last) + span.pitch - 1
            painter.fillRect(
                QRectF(span.edge(place.first), y + 6, right - span.edge(place.first), 3), qcolor(theme.gradient)
            )
        if marked.brushed is not None:
            first, last = marked.brushed
            right = span.edge(last) + span.pitch
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = ink.pen(theme.ink, 1.5)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.drawRect(QRectF(QPointF(span.edge(first), box.top() - 4), QPointF(right, y + 10)))

    # -- hands -------------------------------------------------------------------------------------------------

    def _timestep(self, where: QPointF) -> int | None:
        return self.span().at(where.x()) if self._part is not None and self._symbols else None

    def event(self, event: QEvent) -> bool:
        """Enter is the strip's own key, not the window's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in ENTER:
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take an input in the hand; else select a timestep, and a drag from here on brushes."""
        if self.hands.press(event):
            return
        if event.button() == Qt.MouseButton.LeftButton and self._part is not None:
            self._pressed = self.span().at(event.position().x())
            self._desk.clear_brush()
            self._stage.select(timestep=self._pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Brush from where the button was pressed."""
        if self.hands.move(event):
            return
        if event.buttons() & Qt.MouseButton.LeftButton and self._pressed is not None:
            t = self.span().at(event.position().x())
            if t != self._pressed:
                self._desk.brush(self._pressed, t)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is over."""
        self.hands.release(event)
        self._pressed = None
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → go through the timesteps; with Shift they brush; Esc forgets the brushed place."""
        part = self._part
        below = self.mapToGlobal(self.tiles().bottomLeft().toPoint())
        if part is not None and self.hands.key(event, part.timestep, below):
            return
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if part is not None and way is not None:
            t = max(1, min(part.timestep + way, len(self._symbols)))
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                brushed = part.marked.brushed if part.marked is not None else None
                start = part.timestep if brushed is None else brushed[0] if way > 0 else brushed[1]
                self._desk.brush(start, t)
            self._stage.select(timestep=t)
        else:
            super().keyPressEvent(event)
