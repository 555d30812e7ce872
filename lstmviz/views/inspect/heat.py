"""One panel: units by timesteps, with the crosshair that all panels share."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.inspect_frame import InspectPart, Panel, symbol_of
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.inspect.colours import image_of
from lstmviz.views.inspect.columns import Span
from lstmviz.views.interventions.held_places import HeldPlaces
from lstmviz.views.interventions.marker import Marker, Place
from lstmviz.views.plain import plain
from lstmviz.views.race import ink
from lstmviz.views.race.column_widget import ENTER
from lstmviz.views.race.scale import timestep_ticks
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import MINUS, count, number, power, tr

ROLES = {"f": "forget", "i": "input", "o": "output", "g": "candidate", "c": "cell", "h": "hidden"}
KEYS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
ALONG = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class HeatPanel(QWidget):
    """Paints one quantity; a click selects unit and timestep in every lab, a double click opens the Cell lab.

    Parameters
    ----------
    stage : Stage
        Told of the selection.
    theme : Theme
    """

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self._panel: Panel | None = None
        self._part: InspectPart | None = None
        self._image: QImage | None = None
        self._numbered = False
        self._held = HeldPlaces()
        self.marker = Marker(self, stage, self._target, self._place, self._units)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def panel(self) -> Panel | None:
        """What is shown."""
        return self._panel

    @property
    def image(self) -> QImage | None:
        """A pixel per unit and timestep, as painted."""
        return self._image

    def set_numbered(self, numbered: bool) -> None:
        """Whether timesteps stand under the panel."""
        if numbered != self._numbered:
            self._numbered = numbered
            self.update()

    def draw(self, panel: Panel, part: InspectPart) -> None:
        """Show a panel."""
        if panel is not self._panel or self._part is None or part.order != self._part.order:
            self._image = None
        if (panel, part) != (self._panel, self._part):
            self._panel, self._part = panel, part
            name = tr("{network}: {title} {symbol}").format(
                network=panel.network, title=panel.title, symbol=symbol_of(panel.quantity).replace("_{t}", "")
            )
            self.setAccessibleName(name)
            self.setAccessibleDescription(self.words_at(part.unit, part.timestep))
            self.update()

    def draw_hands(self, frame: Frame) -> None:
        """Show what is held of this network, and whether the tool is on."""
        cell = self._panel.cell if self._panel is not None else ""
        if self._held.draw(frame, cell):
            self.update()
        self.marker.show_cursor()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme, self._image = theme, None
        self.update()

    def words_at(self, unit: int, t: int) -> str:
        """The exact value of a unit (from 0) at a timestep."""
        if self._panel is None:
            return ""
        units = self._panel.values.shape[1]
        if unit >= units:
            return tr("no unit {unit}").format(unit=count(unit + 1))
        value = repr(float(self._panel.values[t - 1, unit]))
        text = tr("unit {unit}, t = {t}: {value}")
        return text.format(unit=count(unit + 1), t=count(t), value=value)

    # -- geometry ----------------------------------------------------------------------------------------------

    def field(self) -> QRectF:
        """Where the image is painted."""
        top = fonts.scaled(22)
        below = fonts.scaled(22) if self._numbered else fonts.scaled(4)
        return QRectF(10, top, max(self.width() - 14, 10), max(self.height() - top - below, 8))

    def span(self) -> Span:
        """Where the timesteps stand."""
        field = self.field()
        return Span(field.left(), field.width(), len(self._panel.values) if self._panel else 1)

    def place_at(self, where: QPointF) -> tuple[int, int] | None:
        """Unit (from 0) and timestep under a place; None outside the image."""
        field = self.field()
        if self._part is None or self._panel is None or not field.contains(where):
            return None
        rows = len(self._part.order)
        row = min(int((where.y() - field.top()) / field.height() * rows), rows - 1)
        return self._part.order[row], self.span().at(where.x())

    def row_box(self, unit: int) -> QRectF:
        """The row of a unit."""
        field = self.field()
        assert self._part is not None
        height = field.height() / len(self._part.order)
        return QRectF(field.left(), field.top() + self._part.row(unit) * height, field.width(), height)

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, image, crosshair, numbers."""
        panel, part, theme = self._panel, self._part, self._theme
        if panel is None or part is None:
            return
        field = self.field()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_title(painter, panel, part, field)
            painter.fillRect(field, qcolor(theme.panel))
            order = part.order if panel.values.shape[1] == len(part.order) else tuple(range(panel.values.shape[1]))
            if self._image is None:
                self._image = image_of(panel, order, theme)
            painter.drawImage(field, self._image)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.outline, 1))
            painter.drawRect(field.adjusted(-0.5, -0.5, 0.5, 0.5))
            self._held.paint(painter, panel, part, (field, self.span()), theme)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_crosshair(painter, panel, part, field)
            if self._numbered:
                self._paint_time(painter, part, field)
            if self.hasFocus():
                painter.setPen(ink.pen(theme.ink, theme.lines.focus))
                painter.drawRoundedRect(field.adjusted(-3, -3, 3, 3), 3, 3)

    def _paint_title(self, painter: QPainter, panel: Panel, part: InspectPart, field: QRectF) -> None:
        theme, bold, small = self._theme, fonts.text(13, 600), fonts.text(12)
        words = f"{panel.network} {panel.title}" if part.beside else panel.title
        row = QRectF(field.left(), 0, field.width(), field.top() - 2)
        ink.paint_text(painter, row, words, bold, theme.ink)
        role = "gradient" if panel.kind == "gradient" else ROLES.get(panel.quantity, "secondary")
        colour = theme.text.get(role, theme.ink)
        symbol = FormulaText(symbol_runs(symbol_of(panel.quantity)), 14, theme, colour=colour)
        symbol.paint(
            painter, field.left() + ink.text_width(words, bold) + 12, row.center().y() + 0.36 * fonts.scaled(14)
        )
        if panel.kind == "gradient":
            scale = tr("size, 10⁻¹⁶ … 1")
        elif panel.kind == "gate":
            scale = "0 … 1"
        else:
            scale = f"−{number(panel.limit)} … {number(panel.limit)}"
        ink.paint_text(painter, row, scale, small, theme.hint, ink.RIGHT)

    def _paint_crosshair(self, painter: QPainter, panel: Panel, part: InspectPart, field: QRectF) -> None:
        theme, span = self._theme, self.span()
        wide = max(span.pitch, 5.0)
        column = QRectF(
            span.middle(min(part.timestep, span.timesteps)) - wide / 2, field.top() - 2, wide, field.height() + 4
        )
        boxes = [column]
        if part.unit < panel.values.shape[1] == len(part.order):
            row = self.row_box(part.unit)
            tall = max(row.height(), 5.0)
            boxes.append(QRectF(field.left() - 2, row.center().y() - tall / 2, field.width() + 4, tall))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for box in boxes:
            painter.setPen(ink.pen(theme.panel, 3))
            painter.drawRect(box)
        for box in boxes:
            painter.setPen(ink.pen(theme.ink, theme.lines.playhead))
            painter.drawRect(box)

    def _paint_time(self, painter: QPainter, part: InspectPart, field: QRectF) -> None:
        theme, span = self._theme, self.span()
        font, bold = fonts.text(12), fonts.text(12, 700)
        shown = count(part.timestep)
        width = max(ink.text_width(shown, bold) + 14, fonts.scaled(28))
        x = min(max(span.middle(part.timestep), field.left() + width / 2), field.right() - width / 2)
        from_left = [1, *_round_timesteps(span), span.timesteps]
        for t in sorted(set(from_left)):
            at = span.middle(t)
            if abs(at - x) > width / 2 + 14:
                half = ink.text_width(count(t), font) / 2 + 1
                at = min(max(at, half), self.width() - half)
                box = QRectF(at - half, field.bottom() + 3, 2 * half, fonts.scaled(17))
                ink.paint_text(painter, box, count(t), font, theme.secondary, ink.CENTRE)
        ink.paint_pill(painter, QRectF(x - width / 2, field.bottom() + 3, width, fonts.scaled(18)), shown, bold, theme)

    # -- hands -------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """A tool tip with the exact value under the pointer; Enter is the panel's own key, not the window's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in ENTER:
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain(self.told_at(event.pos())), self)
            return True
        return super().event(event)

    def told_at(self, point: QPoint) -> str:
        """The exact value under a point, in words; empty beside the picture."""
        found = self.place_at(QPointF(point))
        return self.words_at(*found) if found else ""

    def _target(self) -> tuple[str, str] | None:
        """What a drag over the panel holds; nothing over a gradient."""
        panel = self._panel
        return None if panel is None or not self._held.may_hold(panel.quantity) else (panel.cell, panel.quantity)

    def _place(self, where: QPointF) -> Place | None:
        found = self.place_at(where)
        return None if found is None or self._part is None else Place(found[1], self._part.row(found[0]))

    def _units(self, first: int, last: int) -> tuple[int, ...]:
        """The units of some rows; () for all of them."""
        order = self._part.order if self._part is not None else ()
        chosen = tuple(sorted(order[first : last + 1]))
        return () if len(chosen) == len(order) else chosen

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the unit and the timestep under the pointer; with the tool, hold them."""
        if self.marker.press(event):
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._select(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """With the button held, go on."""
        if self.marker.move(event):
            return
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._select(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """What was marked is held."""
        if not self.marker.release(event):
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the Cell lab at this unit and timestep."""
        self._select(event.position())
        self._stage.open_lab("cell")

    def _select(self, where: QPointF) -> None:
        found = self.place_at(where)
        if found is not None and self._panel is not None:
            cell = None if self._part is not None and self._part.beside else self._panel.cell
            self._stage.select(network=cell, unit=found[0], timestep=found[1])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page."""
        event.ignore()

    def _hold_by_key(self, event: QKeyEvent, part: InspectPart) -> bool:
        span = self.span()
        t = min(part.timestep, span.timesteps)
        where = QPointF(span.edge(t), self.row_box(part.unit).bottom()).toPoint()
        return self.marker.key(event, Place(t, part.row(part.unit)), span.timesteps, self.mapToGlobal(where))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ ↓ go through the rows, ← → through the timesteps; Shift by 10."""
        part, key = self._part, Qt.Key(event.key())
        if part is not None and self._hold_by_key(event, part):
            return
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if part is not None and key in KEYS:
            row = max(0, min(part.row(part.unit) + far * KEYS[key], len(part.order) - 1))
            self._stage.select(unit=part.order[row])
        elif part is not None and key in ALONG:
            self._stage.select(timestep=max(1, min(part.timestep + far * ALONG[key], self.span().timesteps)))
        else:
            super().keyPressEvent(event)


def _round_timesteps(span: Span) -> list[int]:
    return timestep_ticks(span.timesteps, span.pitch, max(64.0, fonts.scaled(48)))


def value_text(quantity: str, value: float) -> str:
    """A value for the readout row: three digits, a gradient with its power of ten."""
    if quantity.startswith("d_"):
        return (MINUS if value < 0 else "") + (power(math.log10(abs(value))) if value else "0")
    return number(value, 3).replace("-", MINUS)
