"""Texts that stand inside the gradient plot: flags with absolute values, the band's label, gaps in a curve explained.

Words used in this file
    flag     mark and absolute value of one network at the playhead
    note     a remark at the place where a curve breaks off: "exactly zero", "NaN first at t=17 in the hidden state"
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lstmviz.stage.explain import Run
from lstmviz.stage.frame import Flag, Frame
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.icons import paint_mark
from lstmviz.views.number_text import power_runs
from lstmviz.views.race import ink
from lstmviz.views.race.flags import Points, Rect, Wanted, place
from lstmviz.views.race.plot_items import PixelItem
from lstmviz.views.race.scale import Scale
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import power, tr

TINY = -323.3  # log10 of the smallest number float64 can hold
MARK = 9.0
MOST_OF_PLOT = 0.8  # of its width that a note may take


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about one network, at a place of the plot (pixels)."""

    cell: str
    text: str
    x: float
    y: float


@dataclass(frozen=True, eq=False, slots=True)
class Notes:
    """Everything that is written inside the plot."""

    scale: Scale
    flags: tuple[Flag, ...]
    flag_x: float
    notes: tuple[Note, ...]
    points: Points  # of the curves, in pixels; labels keep off them
    playhead: float
    band: float
    timesteps: int
    taken: tuple[Rect, ...] = ()  # where other labels stand


class NotesItem(PixelItem):
    """Flags and labels; placed once per change, so that none covers another."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._notes: Notes | None = None
        self._band_label: tuple[QRectF, str] | None = None
        self._tiny_label: tuple[QRectF, str] | None = None
        self._flags: list[tuple[Flag, QRectF, FormulaText]] = []
        self._remarks: list[tuple[Note, QRectF]] = []

    def draw(self, notes: Notes) -> None:
        """Show other texts."""
        self._notes = notes
        self.lay_out()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        super().set_theme(theme)
        self.lay_out()

    def flag_boxes(self) -> list[tuple[Flag, QRectF, str]]:
        """Each flag, where it is painted (inside the plot) and what it says."""
        return [(flag, box, text.text) for flag, box, text in self._flags]

    def texts(self) -> list[tuple[QRectF, str]]:
        """All other texts and where they are painted."""
        labels = [label for label in (self._band_label, self._tiny_label) if label is not None]
        return labels + [(box, note.text) for note, box in self._remarks]

    def lay_out(self) -> None:
        """Find room for every text; after a change of text size too."""
        notes = self._notes
        if notes is None or self._box.width() <= 0:
            return
        before = self._written()
        obstacles: list[Rect] = list(notes.taken)
        self._band_label = self._place_band_label(notes)
        self._tiny_label = self._place_tiny_label(notes)
        for label in (self._band_label, self._tiny_label):
            if label is not None:
                obstacles.append(_rect(label[0]))
        self._remarks = self._place_remarks(notes, obstacles)
        obstacles += [_rect(box) for _, box in self._remarks]
        self._flags = self._place_flags(notes, obstacles)
        # only what was written and what is written now: the curves under the rest of the plot take milliseconds
        for box in before + self._written():
            self.update(box.adjusted(-1, -1, 1, 1))

    def _written(self) -> list[QRectF]:
        boxes = [box for box, _ in self.texts()] + [box for _, box, _ in self._flags]
        if self._tiny_label is not None and self._notes is not None:
            boxes.append(QRectF(0, self._notes.scale.y(TINY) - 2, self._box.width(), 4))
        return boxes

    def _room(self) -> Rect:
        return (0.0, 0.0, self._box.width(), self._box.height())

    def _place_band_label(self, notes: Notes) -> tuple[QRectF, str] | None:
        edge, bottom = notes.scale.y(notes.band), self._box.height()
        if edge >= bottom - 2:
            return None
        font, height = fonts.text(12.5), float(fonts.scaled(20))
        fits = bottom - edge >= height + 4
        text = tr("below float64: added to the gradient at t = {t}, it changes no digit").format(t=notes.timesteps)
        if not fits or ink.text_width(text, font) + 16 > self._box.width() - 24:
            text = tr("below float64")
        width = ink.text_width(text, font) + 16
        last = self._box.width() - width - 14
        ys = [edge + min(10.0, (bottom - edge - height) / 2), bottom - height - 14] if fits else [edge - height - 3]
        xs = [14.0, notes.playhead + 12, notes.playhead - 12 - width, last] if fits else [last]
        spots = [QRectF(min(max(x, 4.0), max(last, 4.0)), y, width, height) for y in ys for x in xs]
        return min(spots, key=lambda spot: _in_the_way(spot, notes)), text

    def _place_tiny_label(self, notes: Notes) -> tuple[QRectF, str] | None:
        if notes.scale.low > TINY:
            return None
        text, font = tr("smallest float64"), fonts.text(12)
        width, height = ink.text_width(text, font) + 16, float(fonts.scaled(19))
        y = notes.scale.y(TINY) - height - 3
        if y + 2 * height + 6 < self._box.height():
            y += height + 6
        return QRectF(self._box.width() - width - 12, y, width, height), text

    def _place_remarks(self, notes: Notes, obstacles: list[Rect]) -> list[tuple[Note, QRectF]]:
        font, height = fonts.text(12.5), float(fonts.scaled(21))
        wanted = [Wanted(n.x, n.y, ink.text_width(n.text, font) + MARK + 22, height) for n in notes.notes]
        boxes = place(wanted, self._room(), obstacles, notes.points)
        return [(note, QRectF(*box)) for note, box in zip(notes.notes, boxes, strict=True)]

    def _place_flags(self, notes: Notes, obstacles: list[Rect]) -> list[tuple[Flag, QRectF, FormulaText]]:
        drawn = [flag for flag in notes.flags if not math.isnan(flag.log10)]
        texts = [FormulaText(_value(flag), 13, self._theme, face="text", weight=500) for flag in drawn]
        height = float(fonts.scaled(21))
        wanted = [
            Wanted(notes.flag_x, self._height_of(notes, flag.log10), text.width + MARK + 22, height)
            for flag, text in zip(drawn, texts, strict=True)
        ]
        boxes = place(wanted, self._room(), obstacles, notes.points)
        return [(flag, QRectF(*box), text) for flag, box, text in zip(drawn, boxes, texts, strict=True)]

    def _height_of(self, notes: Notes, log10: float) -> float:
        if not math.isfinite(log10):
            return self._box.height() if log10 < 0 else 0.0
        return min(max(notes.scale.y(log10), 0.0), self._box.height())

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Band label, notes, flags."""
        if self._notes is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._band_label is not None:
            ink.paint_label(painter, *self._band_label, fonts.text(12.5), self._theme)
        if self._tiny_label is not None:
            y = ink.crisp(self._notes.scale.y(TINY))
            ink.line(painter, 0, y, self._box.width(), y, ink.pen(self._theme.ink, 1, alpha=0.6))
            ink.paint_label(painter, *self._tiny_label, fonts.text(12), self._theme)
        for note, box in self._remarks:
            self._paint_card(painter, note.cell, box)
            text = box.adjusted(MARK + 14, 0, 0, 0)
            ink.paint_text(painter, text, note.text, fonts.text(12.5), self._theme.secondary)
        for flag, box, value in self._flags:
            self._paint_card(painter, flag.cell, box)
            value.paint(painter, box.left() + MARK + 14, box.center().y() + 0.36 * fonts.scaled(13))

    def _paint_card(self, painter: QPainter, cell: str, box: QRectF) -> None:
        look = self._theme.network(cell)
        painter.setPen(ink.pen(self._theme.hairline, 1))
        painter.setBrush(qcolor(self._theme.panel))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        paint_mark(painter, look.mark, QPointF(box.left() + 6 + MARK / 2, box.center().y()), MARK, look.hue)


def _in_the_way(box: QRectF, notes: Notes) -> int:
    """How much a label in this box would cover: points of curves, and the line of the playhead."""
    around = box.adjusted(-6, -6, 6, 6)
    x, y = notes.points[:, 0], notes.points[:, 1]
    covered = (x > around.left()) & (x < around.right()) & (y > around.top()) & (y < around.bottom())
    return int(covered.sum()) + 20 * (around.left() < notes.playhead < around.right())


def _value(flag: Flag) -> tuple[Run, ...]:
    exactly = (Run(tr(", exactly")),) if flag.log10 == -math.inf else ()  # the plot's floor is not zero
    return (*power_runs(flag.log10), *exactly)


def breaks(values: Sequence[float], first: int) -> list[tuple[int, str]]:
    """Where a painted curve breaks off, seen from the right: the timestep left of which it has no point, and why.

    Parameters
    ----------
    values : sequence of float
        log10 of the gradient at t = 1..T.
    first : int
        The first painted timestep.

    Returns
    -------
    list of (t, kind)
        ``t`` is the last timestep, going left, that has no point; kind is "zero" or "no number". At most one of each.
    """
    found: dict[str, int] = {}
    for t in range(len(values), first - 1, -1):
        value = values[t - 1]
        kind = "no number" if math.isnan(value) or value == math.inf else "zero" if value == -math.inf else ""
        if kind:
            found.setdefault(kind, t)
    return [(t, kind) for kind, t in found.items()]


def with_cell_state(text: str, frame: Frame, cell: str, room: float) -> str:
    """Where nothing reaches h, what reaches the cell state at t = 1 all the same, if there is room to say it.

    Parameters
    ----------
    text : str
        That nothing reaches h.
    frame : Frame
    cell : str
        Of the network that it is said of.
    room : float
        Width of the plot.
    """
    racer = None if frame.comparison is None else frame.comparison.racer(cell)
    log10_c = None if racer is None else racer.trace.flow.log10_c
    if log10_c is None or not math.isfinite(log10_c[1]):
        return text
    whole = tr("{text}; its cell state at t = 1 gets {value}").format(text=text, value=power(float(log10_c[1])))
    return whole if ink.text_width(whole, fonts.text(12.5)) + MARK + 22 < MOST_OF_PLOT * room else text


def _rect(box: QRectF) -> Rect:
    return (box.x(), box.y(), box.width(), box.height())
