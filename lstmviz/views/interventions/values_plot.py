"""One value for each timestep, as bars that a hand draws: a gate's whole course, say.

Words used in this file
    bar    one timestep's value; bars stand on the lower end of the range, or on zero where it has two signs
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.hands import Clamp
from lstmviz.stage.inspect_frame import title_of
from lstmviz.views import fonts
from lstmviz.views.inspect.columns import Span
from lstmviz.views.interventions.quantities import ROLES, range_of
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, decimal, tr

KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
ALONG = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
PER_KEY = 5  # notches that one arrow key moves a value


class ValuesPlot(QWidget):
    """The bars of one clamp; a drag over them sets them, arrows choose and move one."""

    drawn = Signal(int, float)  # timestep, value
    ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clamp: Clamp | None = None
        self._at: int | None = None  # timestep that the drag was at last
        self.chosen = 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Values by timestep"))
        self.setToolTip(tr("Drag over the bars to set them; arrow keys choose one and move it"))

    def draw(self, clamp: Clamp) -> None:
        """Show a clamp."""
        if clamp != self._clamp:
            self._clamp = clamp
            self.chosen = max(clamp.first, min(self.chosen, clamp.last))
            self._describe()
            self.update()

    @property
    def clamp(self) -> Clamp | None:
        """As drawn."""
        return self._clamp

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def _describe(self) -> None:
        clamp = self._clamp
        if clamp is None:
            return
        self.setAccessibleName(tr("{title} by timestep").format(title=title_of(clamp.cell, clamp.quantity)))
        words = tr("t = {t}: {value}").format(t=count(self.chosen), value=decimal(self.value_at(self.chosen), 2))
        self.setAccessibleDescription(words)

    def value_at(self, t: int) -> float:
        """The value of one timestep."""
        assert self._clamp is not None
        values = self._clamp.values
        return values[0] if len(values) == 1 else values[t - self._clamp.first]

    # -- geometry ----------------------------------------------------------------------------------------------

    def field(self) -> QRectF:
        """Where the bars stand."""
        return QRectF(4, 6, max(self.width() - 8, 4), max(self.height() - 12, 4))

    def span(self) -> Span:
        """Where the timesteps stand; timestep 1 of the span is the clamp's first."""
        field, clamp = self.field(), self._clamp
        return Span(field.left(), field.width(), 1 if clamp is None else clamp.last - clamp.first + 1)

    def y_of(self, value: float) -> float:
        """Height of a value."""
        reach, field = range_of(self._clamp.quantity if self._clamp else "f"), self.field()
        share = (min(max(value, reach.low), reach.high) - reach.low) / (reach.high - reach.low)
        return field.bottom() - share * field.height()

    def value_under(self, y: float) -> float:
        """The value of a height, on the notches of its range."""
        reach, field = range_of(self._clamp.quantity if self._clamp else "f"), self.field()
        share = min(max((field.bottom() - y) / field.height(), 0.0), 1.0)
        notches = round(share * (reach.high - reach.low) / reach.notch)
        return round(reach.low + notches * reach.notch, 4)

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, bars with yellow tops, the chosen one outlined."""
        clamp, theme, field = self._clamp, self._theme, self.field()
        if clamp is None:
            return
        span, base = self.span(), self.y_of(max(range_of(clamp.quantity).low, 0.0))
        colour = qcolor(getattr(theme, ROLES.get(clamp.quantity, "secondary")))
        gap = 1.0 if span.pitch > 4 else 0.0
        with QPainter(self) as painter:
            painter.fillRect(field, qcolor(theme.panel))
            for t in range(clamp.first, clamp.last + 1):
                x, y = span.edge(t - clamp.first + 1), self.y_of(self.value_at(t))
                painter.fillRect(QRectF(x, min(y, base), span.pitch - gap, abs(base - y)), colour)
                painter.fillRect(QRectF(x, y - 2.5, span.pitch - gap, 5), qcolor(theme.clamp_outline))
                painter.fillRect(QRectF(x + 0.5, y - 1.5, span.pitch - gap - 1, 3), qcolor(theme.clamp))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.outline, 1))
            painter.drawRect(field.adjusted(-0.5, -0.5, 0.5, 0.5))
            if self.hasFocus():
                x = span.edge(self.chosen - clamp.first + 1)
                painter.setPen(ink.pen(theme.ink, 1.6))
                painter.drawRect(QRectF(x, field.top(), max(span.pitch - gap, 3), field.height()))
                shown = decimal(self.value_at(self.chosen), 2)
                at = min(x + span.pitch + 4, field.right() - fonts.scaled(40))
                box = QRectF(at, field.top() + 2, fonts.scaled(40), fonts.scaled(16))
                ink.paint_label(painter, box.adjusted(-4, 0, 4, 0), shown, fonts.mono(11), theme)

    # -- hands -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the bar under the mouse; a drag goes on with its neighbours."""
        if event.button() == Qt.MouseButton.LeftButton and self._clamp is not None:
            self._at = None
            self._draw_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Every bar that was passed over takes the height of the mouse."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._clamp is not None:
            self._draw_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drawing is over."""
        self._at = None
        self.ended.emit()
        event.accept()

    def _draw_to(self, where: QPointF) -> None:
        assert self._clamp is not None
        t = self._clamp.first - 1 + self.span().at(where.x())
        before = t if self._at is None else self._at
        for passed in range(min(before, t), max(before, t) + 1):
            if passed != before or passed == t:
                self.drawn.emit(passed, self.value_under(where.y()))
        self._at = self.chosen = t
        self._describe()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → choose a timestep, ↑ ↓ move its value."""
        clamp, key = self._clamp, Qt.Key(event.key())
        if clamp is None:
            return
        if key in ALONG:
            self.chosen = max(clamp.first, min(self.chosen + ALONG[key], clamp.last))
            self._describe()
            self.update()
        elif key in KEYS:
            reach = range_of(clamp.quantity)
            value = self.value_at(self.chosen) + KEYS[key] * PER_KEY * reach.notch
            self.drawn.emit(self.chosen, round(min(max(value, reach.low), reach.high), 4))
            self._describe()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A run of arrow keys is one change."""
        if not event.isAutoRepeat() and Qt.Key(event.key()) in KEYS:
            self.ended.emit()
        super().keyReleaseEvent(event)
