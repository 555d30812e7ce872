"""The headline: which share of the gradient at T reaches t = 1, one large number per network.

Words used in this file
    share     |dL/dh_1| / |dL/dh_T|
    remark    a few words beside a number that the number alone would hide: it explodes, it is exactly zero, it is NaN
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.explain import Run
from lstmviz.stage.frame import Frame, Lane
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.icons import paint_mark
from lstmviz.views.number_text import power_runs
from lstmviz.views.race import ink
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import power, tr

EXPLODES = 1.0  # log10 of the share from which growth is called an explosion
WAITING = "…"


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
        self._stacked, self._inset = False, 24
        self.setAccessibleName(tr("Share of the gradient that reaches t = 1"))

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the picture: beside the slider, names stand over their values."""
        self._stacked, self._inset = layout.merged, layout.inset
        self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self._lay_out()

    def draw(self, frame: Frame) -> None:
        """Show the shares once the backward pass has reached t = 1."""
        state = (frame.backward_done, bool(frame.busy))
        if frame.lanes is self._lanes and state == (self._done, self._busy):
            return
        self._lanes, (self._done, self._busy) = frame.lanes, state
        self._timesteps = len(frame.lanes[0].log10_h) if frame.lanes else frame.timesteps
        self._lay_out()
        self.setAccessibleDescription(self.sentence())

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
        theme = self._theme
        size = 22 if self._stacked else 30
        colour = theme.hint if self._busy else theme.ink
        self._values = tuple(
            FormulaText(
                power_runs(lane.log10_share) if self._done else (Run(WAITING),),
                17 if math.isnan(lane.log10_share) and self._done else size,
                theme,
                face="text",
                weight=700,
                colour=colour,
            )
            for lane in self._lanes
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Sentence, then the networks in equal columns."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            start = self._paint_sentence(painter)
            room = (self.width() - self._inset - start) / max(len(self._lanes), 1)
            for index, (lane, value) in enumerate(zip(self._lanes, self._values, strict=True)):
                if self._stacked:
                    self._paint_stacked(painter, lane, value, start + index * room, room)
                else:
                    self._paint_in_line(painter, lane, value, start + index * room, room)

    def _paint_sentence(self, painter: QPainter) -> float:
        font = fonts.text(12.5 if self._stacked else 14)
        lines = (tr("Of the gradient at t = {t},").format(t=self._timesteps), tr("this share reaches t = 1"))
        line = fonts.scaled(17 if self._stacked else 20)
        x = 12.0 if self._stacked else float(self._inset)
        top = (self.height() - 2 * line) / 2
        for index, text in enumerate(lines):
            box = QRectF(x, top + index * line, self.width(), line)
            ink.paint_text(painter, box, text, font, self._theme.secondary)
        width = max(ink.text_width(text, font) for text in lines)
        return x + width + (fonts.scaled(16) if self._stacked else max(fonts.scaled(24), 0.045 * self.width()))

    def _paint_in_line(self, painter: QPainter, lane: Lane, value: FormulaText, x: float, room: float) -> None:
        look, size = self._theme.network(lane.cell), fonts.scaled(16)
        middle = self.height() / 2
        paint_mark(painter, look.mark, QPointF(x + size / 2, middle), size, look.hue)
        font = fonts.text(20, 600)
        name = ink.text_width(lane.name, font)
        baseline = middle + 0.36 * font.pixelSize()
        ink.paint_text(painter, QRectF(x + size + 10, 0, name, self.height()), lane.name, font, look.text)
        start = x + size + 10 + name + fonts.scaled(14)
        value.paint(painter, start, baseline + fonts.scaled(3))
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
        painter.drawText(QPointF(left, baseline), ink.elided(text, font, right - left))
