"""The headline: which share of the gradient at T reaches t = 1, one large number per network.

Words used in this file
    share     |dL/dh_1| / |dL/dh_T|
    remark    a few words beside a number that the number alone would hide: it explodes, it is exactly zero, it is NaN
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.explain import Run
from lstmviz.stage.frame import Frame, Lane
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.icons import paint_mark
from lstmviz.views.number_text import power_runs
from lstmviz.views.plain import plain
from lstmviz.views.race import ink
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import power, tr

EXPLODES = 1.0  # log10 of the share from which growth is called an explosion
WAITING = "…"
# stacked or in line, and the size of the numbers: the first that fits is taken
FITS = (*((False, size) for size in (30, 27, 24, 21)), *((True, size) for size in (22, 20, 18, 16, 14, 12)))
NARROW = 940


def remark(lane: Lane) -> str:
    """What must be said beside the share, in a few words; nothing for an ordinary share."""
    if math.isnan(lane.log10_share):
        return lane.not_finite or tr("the gradient at t = T is exactly zero")
    if lane.log10_share == -math.inf:
        return tr("exactly zero")
    if lane.log10_share >= EXPLODES:
        return tr("× larger: explodes")
    return tr("× larger") if lane.log10_share > 0 else ""


class Headline(QWidget):
    """One sentence for all, then mark, name and share of each network."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lanes: tuple[Lane, ...] = ()
        self._done, self._busy, self._timesteps = False, False, 0
        self._values: tuple[FormulaText, ...] = ()
        self._stale = True
        self._merged, self._stacked, self._inset, self._size = False, False, 24, 30
        self.setAccessibleName(tr("Share of the gradient that reaches t = 1"))

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the picture: beside the slider, names stand over their values."""
        self._merged, self._inset, self._stale = layout.merged, layout.inset, True

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme, self._stale = theme, True

    def draw(self, frame: Frame) -> None:
        """Show the shares once the backward pass has reached t = 1."""
        state = (frame.backward_done, bool(frame.busy))
        if frame.lanes is self._lanes and state == (self._done, self._busy) and not self._stale:
            return
        self._stale = False
        self._lanes, (self._done, self._busy) = frame.lanes, state
        self._timesteps = frame.timesteps
        self._lay_out()
        self.setAccessibleDescription(self.sentence())
        self.setToolTip(plain(self.sentence()))

    def sentence(self) -> str:
        """The headline as it is read out."""
        shares = (
            " ".join(part for part in (lane.name, power(lane.log10_share), remark(lane)) if part)
            for lane in self._lanes
        )
        text = ", ".join(shares) if self._done else tr("not reached yet")
        return tr("Of the gradient at t = {t}, this share reaches t = 1: {shares}.").format(
            t=self._timesteps, shares=text
        )

    def values(self) -> tuple[str, ...]:
        """The numbers as drawn, one per network."""
        return tuple(value.text for value in self._values)

    def _lay_out(self) -> None:
        for stacked, size in FITS:
            if self._merged and not stacked:
                continue
            self._stacked, self._size = stacked, size
            self._values = tuple(self._value(lane) for lane in self._lanes)
            room = self._room()
            if all(self._needs(lane, value) <= room for lane, value in zip(self._lanes, self._values, strict=True)):
                break
        self.update()

    def _value(self, lane: Lane) -> FormulaText:
        runs = power_runs(lane.log10_share) if self._done else (Run(WAITING),)
        words = self._done and math.isnan(lane.log10_share)
        colour = self._theme.hint if self._busy else self._theme.ink
        size = 0.6 * self._size if words else self._size
        return FormulaText(runs, size, self._theme, face="text", weight=700, colour=colour)

    def _needs(self, lane: Lane, value: FormulaText) -> float:
        """Width of a network's name and value."""
        if self._stacked:
            return value.width + 8
        return self._name_width(lane) + value.width + 12

    def _name_width(self, lane: Lane) -> float:
        return fonts.scaled(16) + 10 + ink.text_width(lane.name, self._name_font()) + fonts.scaled(14)

    def _name_font(self) -> QFont:
        return fonts.text(min(20.0, 0.67 * self._size), 600)

    def _start(self) -> float:
        """x of the first network, right of the sentence."""
        font = self._sentence_font()
        width = max(ink.text_width(text, font) for text in self._sentence_lines())
        if self._merged:
            return 12.0 + width + fonts.scaled(16)
        return self._inset + width + max(fonts.scaled(20), 0.045 * self.width())

    def _room(self) -> float:
        """Width of one network's place."""
        return (self.width() - self._inset - self._start()) / max(len(self._lanes), 1)

    def _sentence_font(self) -> QFont:
        return fonts.text(12.5 if self._stacked or self.width() < NARROW else 14)

    def _sentence_lines(self) -> tuple[str, str]:
        return tr("Of the gradient at t = {t},").format(t=self._timesteps), tr("this share reaches t = 1")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Sentence, then the networks in equal columns."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_sentence(painter)
            start, room = self._start(), self._room()
            for index, (lane, value) in enumerate(zip(self._lanes, self._values, strict=True)):
                if self._stacked:
                    self._paint_stacked(painter, lane, value, start + index * room, room)
                else:
                    self._paint_in_line(painter, lane, value, start + index * room, room)

    def _paint_sentence(self, painter: QPainter) -> None:
        font, lines = self._sentence_font(), self._sentence_lines()
        line = 1.4 * font.pixelSize()
        x = 12.0 if self._merged else float(self._inset)
        top = (self.height() - 2 * line) / 2
        for index, text in enumerate(lines):
            box = QRectF(x, top + index * line, self.width(), line)
            ink.paint_text(painter, box, text, font, self._theme.secondary)

    def _paint_in_line(self, painter: QPainter, lane: Lane, value: FormulaText, x: float, room: float) -> None:
        look, size = self._theme.network(lane.cell), fonts.scaled(16)
        middle = self.height() / 2
        paint_mark(painter, look.mark, QPointF(x + size / 2, middle), size, look.hue)
        font = self._name_font()
        name = ink.text_width(lane.name, font)
        baseline = middle + 0.36 * fonts.scaled(self._size)
        ink.paint_text(painter, QRectF(x + size + 10, 0, name, self.height()), lane.name, font, look.text)
        start = x + size + 10 + name + fonts.scaled(14)
        value.paint(painter, start, baseline)
        self._paint_remark(painter, lane, start + value.width + 8, x + room - 6, baseline)

    def _paint_stacked(self, painter: QPainter, lane: Lane, value: FormulaText, x: float, room: float) -> None:
        look, size, font = self._theme.network(lane.cell), fonts.scaled(11), fonts.text(13.5, 600)
        line = fonts.scaled(20)
        top = (self.height() - line - fonts.scaled(28)) / 2
        paint_mark(painter, look.mark, QPointF(x + size / 2, top + line / 2), size, look.hue)
        name = ink.text_width(lane.name, font)
        ink.paint_text(painter, QRectF(x + size + 6, top, name, line), lane.name, font, look.text)
        value.paint(painter, x, top + line + fonts.scaled(21))
        self._paint_remark(painter, lane, x + size + name + 14, x + room - 6, top + line / 2 + fonts.scaled(4))

    def _paint_remark(self, painter: QPainter, lane: Lane, left: float, right: float, baseline: float) -> None:
        text = remark(lane) if self._done else ""
        if not text or right - left < fonts.scaled(24):
            return
        font = fonts.text(12.5, 500)
        painter.setFont(font)
        painter.setPen(qcolor(self._theme.secondary))
        if ink.text_width(text, font) > right - left and lane.log10_share == -math.inf:
            return  # the number says it: 0
        painter.drawText(QPointF(left, baseline), ink.elided(text, font, right - left))
