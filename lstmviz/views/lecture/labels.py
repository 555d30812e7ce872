"""Everything that is written in the audience's picture: at most twelve labels, none smaller than 40 lines.

Words used in this file
    lines   the unit of length, 1/1080 of the picture's height
    value   the absolute size of a network's gradient at one timestep
    tick    a number of an axis; an axis counts as part of the picture, not as a label
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from lstmviz.stage.explain import Run
from lstmviz.stage.frame import Flag, Frame, Lane
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.lecture.geometry import (
    LAST_BASELINE,
    MARGIN,
    PLOT_LEFT,
    VALUE_RIGHT,
    Geometry,
    spread,
)
from lstmviz.views.lecture.held import held_words
from lstmviz.views.number_text import number_runs
from lstmviz.views.plain import harmless
from lstmviz.views.theme import AUDIENCE_LINES, Theme, qcolor
from lstmviz.words import number, power, tr

LEAST, NAME, VALUE, GAP_WORD, GAP = 40.0, 56.0, 64.0, 54.0, 87.0
CAPITAL = 0.727  # height of a capital or a figure of Inter, in em
VALUE_HEIGHT = 70.0  # what one value needs when another stands above it
LOWEST = 1000.0  # bottom of the lowest value left of the plot
NAME_LEFT, MARK_CENTRE, MARK_SIZE = 125.0, 84.0, 43.0
MARK_REACH = 52.0  # from a timestep's centre to the right end of its value


@dataclass(frozen=True, eq=False, slots=True)
class Label:
    """One stretch of text at its place."""

    kind: str  # "gap", "cue", "name", "value", "tick", "band", "caption", "timestep"
    text: FormulaText
    px: float
    x: float  # left end
    baseline: float
    ground: bool = False  # stands on a box of panel colour

    def rect(self) -> QRectF:
        """What it covers: figures and capitals, not the font's whole line."""
        height = CAPITAL * self.px
        return QRectF(self.x, self.baseline - height, self.text.width, height)

    def ground_rect(self) -> QRectF:
        """The box it stands on."""
        return self.rect().adjusted(-16, -14, 16, 14)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint the box, where there is one, and the text."""
        if self.ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(theme.panel))
            painter.drawRoundedRect(self.ground_rect(), 8, 8)
        self.text.paint(painter, self.x, self.baseline)


@lru_cache(maxsize=256)
def _set(runs: tuple[Run, ...], px: float, weight: int, colour: str, theme: Theme) -> FormulaText:
    return FormulaText(runs, px, theme, face="text", weight=weight, colour=colour, fixed=True)


def label(
    kind: str,
    runs: tuple[Run, ...] | str,
    px: float,
    weight: int,
    colour: str,
    theme: Theme,
    place: tuple[float, float],
    align: float = 0.0,
) -> Label:
    """A label at ``place`` (x, baseline); ``align`` 0: x is its left end, 0.5: its middle, 1: its right end."""
    text = _set((Run(runs),) if isinstance(runs, str) else runs, px, weight, colour, theme)
    return Label(kind, text, px, place[0] - align * text.width, place[1])


def tick_runs(exponent: int) -> tuple[Run, ...]:
    """A power of ten as an axis says it: 1, 10⁻⁵."""
    return (Run("1"),) if exponent == 0 else (Run("10"), Run(str(exponent).replace("-", "−"), "sup"))


def tick_width(exponents: tuple[int, ...], theme: Theme) -> float:
    """Width of the widest of these tick labels."""
    return max((_set(tick_runs(e), LEAST, 500, theme.ink, theme).width for e in exponents), default=0.0)


def standing(frame: Frame, place: Geometry, theme: Theme) -> list[Label]:
    """The labels that do not move while the playhead does."""
    word = label("gap", tr("gap"), GAP_WORD, 400, theme.secondary, theme, (MARGIN, 118))
    size = label("gap", str(frame.settings.gap), GAP, 700, theme.ink, theme, (MARGIN + word.text.width + 20, 120.5))
    made = [word, size, *_cues(frame, place, theme)]
    for k, lane in enumerate(frame.lanes):
        middle = place.chain(k).center().y()
        colour = theme.network(lane.cell).text
        baseline = middle + CAPITAL * NAME / 2 - 1
        made.append(label("name", harmless(lane.name), NAME, 700, colour, theme, (NAME_LEFT, baseline)))
    for exponent in place.ticks():
        at = (place.plot.right() + 25, place.y(exponent) + CAPITAL * LEAST / 2)
        made.append(label("tick", tick_runs(exponent), LEAST, 500, theme.ink, theme, at))
    return made + _band(place, theme) + _timesteps(place, theme)


def _cues(frame: Frame, place: Geometry, theme: Theme) -> list[Label]:
    chain = place.chain(0)
    words = [(tr("cue"), t) for t in frame.cues] + [(tr("query"), frame.query)]
    words = [(word, min(t, place.timesteps)) for word, t in words]
    made: list[Label] = []
    for word, t in reversed(words):  # the query first: where a cue has no room beside it, the query stays
        one = label("cue", word, LEAST, 600, theme.secondary, theme, (place.x(t), 116), 0.5)
        x = max(chain.left(), min(one.x, chain.right() - one.text.width))
        if not made or x + one.text.width + 40 < made[-1].x:
            made.append(Label("cue", one.text, LEAST, x, 116))
    return made


def _band(place: Geometry, theme: Theme) -> list[Label]:
    band = place.band()
    if band.height() < 70:
        return []
    baseline = max(band.center().y(), band.bottom() - 52) + CAPITAL * LEAST / 2
    at = (place.chain(0).center().x(), baseline)
    made = label("band", tr("below float64"), LEAST, 600, theme.ink, theme, at, 0.5)
    return [Label(made.kind, made.text, made.px, made.x, made.baseline, ground=True)]


def bounded(frame: Frame) -> list[tuple[Lane, NDArray[np.floating]]]:
    """The networks whose bound is drawn, on a page that is about it, and that bound."""
    about = frame.lesson is not None and frame.lesson.highlight == "bound"
    return [(lane, lane.log10_bound) for lane in frame.lanes if about and lane.log10_bound is not None]


def caption(frame: Frame, place: Geometry, theme: Theme) -> Label:
    """What the tiles and the plot show; where a number is not finite, where that began."""
    text = next((f"{lane.name}: {lane.not_finite}" for lane in frame.lanes if lane.not_finite), "")
    short = text or tr("gradient")
    if not text and frame.position.stretch == "loss":
        text = short = tr("loss: {values}").format(values=_losses(frame.lanes))
    elif not text and frame.position.stretch == "forward":
        text, short = tr("hidden state at each timestep"), tr("hidden state")
    if not text and bounded(frame):
        text, short = tr("gradient at each timestep; dashed: the bound"), tr("gradient; dashed: bound")
    if not text and frame.settings.layer_drawn():
        text = tr("gradient, {layer}").format(layer=frame.settings.layer_drawn())
    held, in_short = held_words(frame)
    if held and not text:
        text, short = tr("gradient; {held}").format(held=held), tr("gradient; {held}").format(held=in_short)
    text = text or tr("gradient reaching each timestep")
    first, last = (each.rect() for each in _timesteps(place, theme))
    room = last.left() - first.right() - 60
    font = fonts.text(LEAST, 400, fixed=True)
    measure = QFontMetricsF(font)
    fitting = text if measure.horizontalAdvance(text) <= room else short  # beside the strip of notes, or in 4:3
    kept = measure.elidedText(harmless(fitting), Qt.TextElideMode.ElideRight, room)
    middle = (first.right() + last.left()) / 2
    return label("caption", kept, LEAST, 400, theme.secondary, theme, (middle, LAST_BASELINE), 0.5)


def _timesteps(place: Geometry, theme: Theme) -> list[Label]:
    return [
        label("timestep", f"t = {t}", LEAST, 500, theme.ink, theme, (place.x(t), LAST_BASELINE), 0.5)
        for t in (1, place.timesteps)
    ]


def _losses(lanes: tuple[Lane, ...]) -> str:
    return ", ".join(f"{lane.name} {number(lane.loss)}" for lane in lanes)


@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """A network's value beside the end of its curve, with a line to it where it could not stand at its height."""

    label: Label
    colour: str
    start: QPointF
    end: QPointF

    @property
    def leads(self) -> bool:
        """Whether it stands off the height of its point."""
        return abs(self.start.y() - self.end.y()) > 12

    def rect(self) -> QRectF:
        """All that it covers."""
        line = QRectF(self.start, self.end).normalized()
        return self.label.ground_rect().united(line.adjusted(-8, -8, 8, 8))


def paint_values(painter: QPainter, placed: list[Value], theme: Theme) -> None:
    """Paint all grounds, then the lines, then the numbers, so that none hides a part of another."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(theme.panel))
    for value in placed:
        if value.label.ground:
            painter.drawRoundedRect(value.label.ground_rect(), 8, 8)
    for value in placed:
        if value.leads:
            pen = QPen(qcolor(value.colour), AUDIENCE_LINES.playhead)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(value.start, value.end)
    for value in placed:
        value.label.text.paint(painter, value.label.x, value.label.baseline)


def values(flags: tuple[Flag, ...], place: Geometry, theme: Theme) -> list[Value]:
    """Values at the playhead: left of the plot at t = 1, else left of the growing end of each curve."""
    if not flags:
        return []
    texts = [_fitted(flag, theme) for flag in flags]
    right = place.x(flags[0].t) - MARK_REACH
    inside = right - max(text.width for text, _ in texts) > PLOT_LEFT + 24
    top, bottom = (place.plot.top() + 14, place.plot.bottom() - 14) if inside else (place.plot.top() - 30, LOWEST)
    heights = [place.plot.bottom() if math.isnan(flag.log10) else place.y(flag.log10) for flag in flags]
    middles = spread(heights, VALUE_HEIGHT, top, bottom)
    right = right if inside else VALUE_RIGHT
    made = []
    for flag, (text, px), height, middle in zip(flags, texts, heights, middles, strict=True):
        one = Label("value", text, px, right - text.width, middle + CAPITAL * px / 2, ground=inside)
        end = QPointF(max(right + 8, place.x(flag.t) - 20), middle if math.isnan(flag.log10) else height)
        made.append(Value(one, theme.network(flag.cell).text, QPointF(right + 8, middle), end))
    return made


def _fitted(flag: Flag, theme: Theme) -> tuple[FormulaText, float]:
    """The number as large as the column left of the plot lets it be, and that size."""
    runs, colour = number_runs(_rounded(flag.log10)), theme.network(flag.cell).text
    sizes = (VALUE, 60.0, 56.0, 52.0, 48.0, 44.0)
    made = ((_set(runs, px, 700, colour, theme), px) for px in sizes)
    return next(
        (one for one in made if one[0].width <= VALUE_RIGHT - MARGIN), (_set(runs, LEAST, 700, colour, theme), LEAST)
    )


def _rounded(log10: float) -> str:
    """Two digits as a decimal, one before a power of ten: more cannot be read from the last row."""
    text = power(log10, 2)
    return power(log10, 1) if "×" in text else text
