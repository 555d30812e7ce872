"""The update axis under losses and heat maps, the update on show, and the ramp beside the heat maps."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lstmviz.views import fonts
from lstmviz.views.learn.heat_image import BAND
from lstmviz.views.race import ink
from lstmviz.views.race.layout import PLOT_PAD
from lstmviz.views.race.plot_axes import RampAxis, TimestepAxis
from lstmviz.views.race.plot_items import Ground
from lstmviz.views.race.ramps import ramp_top
from lstmviz.views.race.scale import Scale, timestep_ticks
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr


@dataclass(frozen=True, slots=True)
class Updates:
    """How updates lie on a horizontal axis; the same numbers as in the plot of the losses."""

    left: float
    width: float
    last: int  # update at the right end

    @property
    def pitch(self) -> float:
        """Pixels per update."""
        return (self.width - 2 * PLOT_PAD) / self.last

    def x_of(self, update: float) -> float:
        """x of an update."""
        return self.left + PLOT_PAD + self.pitch * update

    def update_at(self, x: float) -> float:
        """The update at x; it may lie beyond both ends."""
        return (x - self.left - PLOT_PAD) / self.pitch


class UpdateAxis(QWidget):
    """Numbers of updates, and a plate with the one on show."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._item = theme, TimestepAxis(theme)
        self._updates, self._shown = Updates(0.0, 1.0, 1), 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Update axis"))

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self._item.set_theme(theme)
        self.update()

    def draw(self, updates: Updates, shown: int) -> None:
        """Show an axis, and the update on show."""
        state = (updates, shown)
        if state == (self._updates, self._shown):
            return
        self._updates, self._shown = state
        apart = max(64.0, fonts.scaled(48))
        numbers = [0, *(n for n in timestep_ticks(updates.last, updates.pitch, apart) if n > 1)]
        free = [n for n in numbers if abs(n - shown) * updates.pitch >= fonts.scaled(34)]  # not under the plate
        ticks = [(updates.x_of(n), count(n)) for n in free]
        self._item.draw(ticks, updates.left, updates.left + updates.width, tr("update"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axis, then the plate."""
        theme, font = self._theme, fonts.text(12, 700)
        self._item.set_box(QRectF(self.rect()))
        with QPainter(self) as painter:
            self._item.paint(painter, QStyleOptionGraphicsItem())
            text, x = count(self._shown), self._updates.x_of(self._shown)
            width = max(ink.text_width(text, font) + 16, fonts.scaled(30))
            box = QRectF(x - width / 2, 3, width, fonts.scaled(19))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink.paint_pill(painter, box, text, font, theme)


class HeatRamp(QWidget):
    """The ramp of the heat maps with powers of ten beside it: absolute, the same in every picture."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = RampAxis(theme)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Colours of the gradient, from below float64 to more than 1"))

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._item.set_theme(theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ramp and ticks."""
        scale = Scale(BAND, ramp_top(BAND), float(self.height()))
        roomy = self.height() >= fonts.scaled(90)
        self._item.draw(Ground(scale, (0.0, -5.0, -10.0, -15.0) if roomy else (0.0, -15.0), BAND))
        self._item.set_box(QRectF(self.rect()))
        with QPainter(self) as painter:
            self._item.paint(painter, QStyleOptionGraphicsItem())
