"""All units of the layer as a row of tiles, to choose the one that is drawn from."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.cell.over_time import LEFT, RIGHT
from lstmviz.views.cell.ramp import colour_of, floor_of
from lstmviz.views.cell.tags import gradient_text, name_of, value_text
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.inspect.columns import Span
from lstmviz.views.plain import plain
from lstmviz.views.race import ink
from lstmviz.views.race.ramps import signed_index, signed_table
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
FAR = 10
MOST_TILE = 34.0  # pixels a tile is wide at most: few units do not fill the row
APART = 9.0  # pixels from which on tiles have a gap between them


class UnitStrip(QWidget):
    """Click or arrow keys choose a unit."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self.part: CellPart | None = None
        self._image: QImage | None = None
        self._drawn: object = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Units"))

    def draw(self, part: CellPart) -> None:
        """Show the units."""
        key = (part.strip.tobytes(), part.strip_name, floor_of(part))
        if key != self._drawn:
            self._drawn, self._image = key, None
        self.part = part
        self.setAccessibleDescription(self.words_at(part.unit))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme, self._image = theme, None
        self.update()

    def words_at(self, unit: int) -> str:
        """A unit's value in words."""
        part = self.part
        if part is None:
            return ""
        value, gradient = float(part.strip[unit]), part.strip_name.startswith("d_")
        name = name_of(part.strip_name.removeprefix("d_"))
        said = tr("gradient by the {name}").format(name=name) if gradient else name
        text = gradient_text(value) if gradient else value_text(value)
        return tr("unit {unit} of {n}, {name} {value}").format(
            unit=count(unit + 1), n=count(part.units), name=said, value=text
        )

    # -- geometry ----------------------------------------------------------------------------------------------

    def span(self) -> Span:
        """Where the units stand."""
        units = self.part.units if self.part is not None else 1
        left, right = fonts.scaled(LEFT), fonts.scaled(RIGHT)
        return Span(left, min(max(self.width() - left - right, 10), MOST_TILE * units), units)

    def tile(self, unit: int) -> QRectF:
        """Where a unit (from 0) is painted."""
        span = self.span()
        gap = 2.0 if span.pitch >= APART else 0.0
        return QRectF(span.edge(unit + 1) + gap / 2, 4, span.pitch - gap, self.height() - 8)

    def unit_at(self, where: QPointF) -> int | None:
        """The unit under a place."""
        span = self.span()
        inside = span.left <= where.x() < span.left + span.width
        return span.at(where.x()) - 1 if inside else None

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Label, tiles, the chosen one outlined."""
        part, theme = self.part, self._theme
        if part is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_label(painter, part)
            span = self.span()
            row = QRectF(span.left, 4, span.width, self.height() - 8)
            if self._image is None:
                self._image = _image(part, theme)
            if span.pitch >= APART:
                for unit in range(part.units):
                    painter.setPen(ink.pen(theme.hairline, 1))
                    painter.setBrush(self._image.pixelColor(unit, 0))
                    painter.drawRoundedRect(self.tile(unit), 2, 2)
            else:
                painter.drawImage(row, self._image)
            box = self.tile(part.unit)
            if box.width() < 4:
                box = QRectF(box.center().x() - 2.5, box.top(), 5, box.height())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((theme.panel, 4.0), (theme.ink, 2.0)):
                painter.setPen(ink.pen(colour, width))
                painter.drawRect(box.adjusted(-1, -1, 1, 1))

    def _paint_label(self, painter: QPainter, part: CellPart) -> None:
        theme, small = self._theme, fonts.text(12)
        words = tr("{n} units").format(n=count(part.units)) if part.units > 1 else tr("1 unit")
        box = QRectF(4, 0, 100, self.height())
        ink.paint_text(painter, box, words, small, theme.secondary)
        bare = part.strip_name.removeprefix("d_")
        markup = f"∂L/∂{bare}_t" if part.strip_name.startswith("d_") else f"{bare}_t"
        role = "gradient" if part.strip_name.startswith("d_") else "hidden"
        symbol = FormulaText(symbol_runs(markup), 15, theme, colour=theme.text[role])
        x = self.span().left - 12 - symbol.width
        symbol.paint(painter, x, self.height() / 2 + 0.32 * fonts.scaled(15))

    # -- hands -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the unit under the pointer."""
        self._choose_at(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """With the button held, go on choosing."""
        self._choose_at(event)

    def _choose_at(self, event: QMouseEvent) -> None:
        unit = self.unit_at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton and unit is not None:
            self._stage.select(unit=unit)

    def told_at(self, where: QPoint) -> str:
        """What stands under a place, in words; "" beside the tiles."""
        unit = self.unit_at(QPointF(where))
        return "" if unit is None else self.words_at(unit)

    def event(self, event: QEvent) -> bool:
        """A tool tip with the unit under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain(self.told_at(event.pos())), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a neighbour, with Shift the tenth."""
        part, step = self.part, KEYS.get(Qt.Key(event.key()))
        if part is None or step is None:
            event.ignore()
            return
        far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._stage.select(unit=max(0, min(part.unit + far * step, part.units - 1)))


def _image(part: CellPart, theme: Theme) -> QImage:
    """A pixel per unit in the ramp's colour."""
    image = QImage(part.units, 1, QImage.Format.Format_RGB32)
    if part.strip_name.startswith("d_"):
        floor = floor_of(part)
        for unit, value in enumerate(part.strip.tolist()):
            image.setPixelColor(unit, 0, qcolor(colour_of(value, floor, theme) or theme.panel))
        return image
    table = signed_table(theme)
    for unit, (entry, value) in enumerate(zip(signed_index(part.strip).tolist(), part.strip.tolist(), strict=True)):
        image.setPixel(unit, 0, table[entry] if math.isfinite(value) else qcolor(theme.panel).rgb())
    return image
