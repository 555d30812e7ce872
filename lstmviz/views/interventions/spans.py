"""Stretches of timesteps at which something is held: what they say, and how they are painted. Yellow, always outlined.

Words used in this file
    stretch   timesteps from first to last at which one network's quantities are held; equal ones are one stretch
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from lstmviz.stage.hands import Clamp, Freeze, Intervention
from lstmviz.views import fonts
from lstmviz.views.race import ink
from lstmviz.views.race.columns import Columns
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, decimal, tr

BAR = 5.0  # pixels; the yellow bar over a stretch
SHADE, DARK_SHADE = 0.38, 0.2  # opacity over a plot's ground, light or dark
INK = "#14171B"  # on yellow, in every theme
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """Timesteps at which one network is held."""

    cell: str
    first: int
    last: int
    text: str  # "f = 0.10", "i, f, o by hand", "state frozen"
    short: str = ""  # where there is little room: "3 clamps"


def stretches_of(interventions: Iterable[Intervention], cell: str, timesteps: int) -> tuple[Stretch, ...]:
    """The stretches of one network, as far as they lie in the sequence and are switched on.

    Parameters
    ----------
    interventions : iterable
    cell : str
    timesteps : int
        T.
    """
    held: dict[tuple[int, int], list[Clamp | Freeze]] = {}
    for one in interventions:
        if isinstance(one, Clamp | Freeze) and one.on and one.cell == cell and one.first <= timesteps:
            held.setdefault((one.first, min(one.last, timesteps)), []).append(one)
    return tuple(
        Stretch(cell, first, last, words(found), short_words(found)) for (first, last), found in sorted(held.items())
    )


def words(held: list[Clamp | Freeze]) -> str:
    """What is held, shortly: equal ways together."""
    ways: dict[str, list[str]] = {}
    for one in held:
        if isinstance(one, Freeze):
            ways.setdefault(tr("frozen"), []).append(tr("state"))
        else:
            way = tr("by hand") if len(one.values) > 1 else f"= {decimal(one.values[0], 2)}"
            ways.setdefault(way, []).append(one.quantity)
    parts = [f"{', '.join(dict.fromkeys(names))} {way}" for way, names in ways.items()]
    return "; ".join(parts[:MOST_NAMED]) + (" …" if len(parts) > MOST_NAMED else "")


def short_words(held: list[Clamp | Freeze]) -> str:
    """What alone is held, or how many are, for where there is little room."""
    if len(held) > 1:
        return tr("{n} clamps").format(n=count(len(held)))
    one = held[0]
    return tr("frozen") if isinstance(one, Freeze) else tr("{quantity} held").format(quantity=one.quantity)


def paint_bar(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """The yellow bar over a stretch."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(box, qcolor(theme.clamp))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(ink.pen(theme.clamp_outline, 1))
    painter.drawRect(box.adjusted(0, 0, -1, -1))


def paint_outline(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """A yellow outline with a dark one outside, over whatever colours lie there."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    under = theme.clamp_outline if not theme.dark else theme.panel
    for grown, colour, width in ((1.0, under, 1.0), (0.0, theme.clamp, 2.0)):
        painter.setPen(ink.pen(colour, width))
        painter.drawRect(box.adjusted(-grown, -grown, grown, grown))


def paint_stretches(
    painter: QPainter, stretches: Iterable[Stretch], columns: Columns, height: float, theme: Theme
) -> None:
    """Bars over the columns of a lane, and outlines round them, ``height`` pixels high."""
    for left, right in sorted({(columns.tile(one.first)[0], columns.tile(one.last)[1]) for one in stretches}):
        paint_outline(painter, QRectF(left, 0, right - left, height).adjusted(0, 1, -1, -1), theme)
        paint_bar(painter, QRectF(left - 1, 0, right - left + 2, BAR), theme)


def told_stretches(painter: QPainter, box: QRectF, stretches: tuple[Stretch, ...], theme: Theme) -> None:
    """What is held, in one line; of several only how many."""
    font = fonts.text(12, 600)
    text = stretches[0].text if len(stretches) == 1 else tr("{n} clamps").format(n=count(len(stretches)))
    if len(stretches) == 1 and ink.text_width(text, font) > box.width() - 14:
        text = stretches[0].short
    shown = ink.elided(text, font, box.width() - 14)
    paint_bar(painter, QRectF(box.left(), box.center().y() - 4, 8, 8), theme)
    ink.paint_text(painter, box.adjusted(13, 0, 0, 0), shown, font, theme.clamp_outline)


def paint_tag(painter: QPainter, box: QRectF, text: str, theme: Theme) -> None:
    """A label on yellow."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(ink.pen(theme.clamp_outline, 1))
    painter.setBrush(qcolor(theme.clamp))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    ink.paint_text(painter, box, text, fonts.text(12, 600), INK, ink.CENTRE)
