"""The axes of the Race's plots: powers of ten beside the ramp, timesteps or updates, names of the networks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lstmviz.stage.explain import Run
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.race import ink
from lstmviz.views.race.plot_items import Ground, PixelItem, hatch
from lstmviz.views.race.ramps import gradient_colours, ramp_top
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import MINUS

RAMP_WIDTH = 10


class RampAxis(PixelItem):
    """The log axis: powers of ten, and the gradient ramp beside them, which makes the axis the legend of the tiles."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._ground: Ground | None = None
        self._labels: tuple[tuple[float, FormulaText], ...] = ()

    def draw(self, ground: Ground) -> None:
        """Show another axis."""
        if ground != self._ground:
            self._ground = ground
            self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        super().set_theme(theme)
        self._lay_out()

    def labels(self) -> tuple[tuple[float, str], ...]:
        """Ticks and their texts, as drawn."""
        return tuple((tick, label.text) for tick, label in self._labels)

    def _lay_out(self) -> None:
        ticks = () if self._ground is None else self._ground.ticks
        self._labels = tuple((tick, power_of_ten(tick, self._theme)) for tick in ticks)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Ramp, then ticks and labels."""
        ground, box, theme = self._ground, self._box, self._theme
        if ground is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if ground.band is not None:
            self._paint_ramp(painter, ground, QRectF(box.left(), 0, RAMP_WIDTH, ground.scale.height))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rise = 0.36 * fonts.scaled(12)
        for tick, label in self._labels:
            y = ground.scale.y(tick)
            at = ink.crisp(y)
            ink.line(painter, box.left() + RAMP_WIDTH, at, box.left() + RAMP_WIDTH + 4, at, ink.pen(theme.outline, 1))
            baseline = max(y + rise, label.ascent - 1)
            label.paint(painter, box.left() + RAMP_WIDTH + 8, baseline)

    def _paint_ramp(self, painter: QPainter, ground: Ground, strip: QRectF) -> None:
        assert ground.band is not None
        theme, colours = self._theme, gradient_colours(self._theme)
        painter.fillRect(strip, qcolor(theme.panel))
        top, bottom = ground.scale.y(ramp_top(ground.band)), ground.scale.y(ground.band)
        painter.fillRect(QRectF(strip.left(), strip.top(), strip.width(), max(top, 0.0)), colours[-1])
        painter.drawImage(QRectF(strip.left(), top, strip.width(), bottom - top), _ramp_image(theme))
        low = QRectF(strip.left(), bottom, strip.width(), max(strip.bottom() - bottom, 0))
        painter.fillRect(low, qcolor(theme.band))
        painter.fillRect(low, hatch(theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.pen(theme.outline, 1))
        painter.drawRect(strip.adjusted(0.5, 0.5, -0.5, -0.5))


class TimestepAxis(PixelItem):
    """Numbers of timesteps (or updates) under the plot, and which way the backward pass runs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._ticks: tuple[tuple[float, str], ...] = ()
        self._left, self._right = 0.0, 0.0
        self._name, self._remark = "", ""

    def draw(self, ticks: Sequence[tuple[float, str]], left: float, right: float, name: str, remark: str = "") -> None:
        """Show ticks as pairs of x and text, the name of the axis, and a remark at its left end."""
        state = (tuple(ticks), left, right, name, remark)
        if state != (self._ticks, self._left, self._right, self._name, self._remark):
            self._ticks, self._left, self._right, self._name, self._remark = state
            self.update()

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """x and text of every tick."""
        return self._ticks

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Ticks and numbers; below them the remark and the name."""
        theme, box = self._theme, self._box
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = fonts.text(12)
        row = fonts.scaled(17)
        for x, text in self._ticks:
            ink.line(painter, ink.crisp(x), box.top(), ink.crisp(x), box.top() + 4, ink.pen(theme.outline, 1))
            place = QRectF(x - 30, box.top() + 4, 60, row)
            ink.paint_text(painter, place, text, font, theme.secondary, ink.CENTRE)
        low = QRectF(self._left, box.top() + row + 2, self._right - self._left, box.height() - row - 2)
        if low.height() < fonts.scaled(11):
            return
        small, bold = fonts.text(12), fonts.text(12, 500)
        ink.paint_text(painter, low, self._remark, bold, theme.text["gradient"])
        taken, width = ink.text_width(self._remark, bold) + 16, ink.text_width(self._name, small)
        centred = (low.width() - width) / 2 >= taken
        if centred or low.width() - width >= taken:
            ink.paint_text(painter, low, self._name, small, theme.hint, ink.CENTRE if centred else ink.RIGHT)


class NamesItem(PixelItem):
    """The networks' names at the left ends of their curves."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._names: tuple[tuple[str, str, float, float], ...] = ()

    def draw(self, names: tuple[tuple[str, str, float, float], ...]) -> None:
        """Show names: cell, text, y of the curve's end, y of the text."""
        if names != self._names:
            self._names = names
            self.update()

    @property
    def names(self) -> tuple[tuple[str, str, float, float], ...]:
        """As drawn: cell, text, y of the curve's end, y of the text."""
        return self._names

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """A short line in the network's hue leads from the name to the curve."""
        theme, box = self._theme, self._box
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = fonts.text(14, 600)
        for cell, text, end, y in self._names:
            look = theme.network(cell)
            pen = ink.pen(look.hue, 2)
            if look.dash:
                pen.setDashPattern([4.5, 2.0])
            ink.line(painter, box.right() - 18, y, box.right() - 2, end, pen)
            place = QRectF(box.left(), y - 12, box.width() - 24, 24)
            ink.paint_text(painter, place, text, font, theme.ink, ink.RIGHT)


def power_of_ten(exponent: float, theme: Theme) -> FormulaText:
    """``10`` with a raised whole exponent; ``1`` for 10 to the 0."""
    raised = str(round(exponent)).replace("-", MINUS)
    runs = (Run("1", "number"),) if round(exponent) == 0 else (Run("10", "number"), Run(raised, "sup"))
    return FormulaText(runs, 12, theme, face="text", colour=theme.secondary)


@cache
def _ramp_image(theme: Theme) -> QImage:
    """The gradient ramp as an image of one column, its last colour on top."""
    colours = gradient_colours(theme)
    image = QImage(1, len(colours), QImage.Format.Format_RGB32)
    for k, colour in enumerate(colours):
        image.setPixelColor(0, len(colours) - 1 - k, colour)
    return image
