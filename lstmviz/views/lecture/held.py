"""What hands hold, as a room sees it: a bar over the tiles, a ground under the curves, and words under the plot."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.hands import applies, describe
from lstmviz.views.interventions.spans import DARK_SHADE, SHADE, stretches_of
from lstmviz.views.lecture.geometry import Geometry
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

BAR, OVER = 11.0, 4.0  # lines: height of the bar, and its distance from the tiles
EDGE = 2.0


def held_bars(frame: Frame, place: Geometry) -> list[QRectF]:
    """A bar over the tiles of each stretch at which a network is held, in lines."""
    made = []
    for k, lane in enumerate(frame.lanes):
        for one in stretches_of(frame.interventions, lane.cell, place.timesteps):
            left, right = place.left(one.first), place.left(one.last) + place.tile
            made.append(QRectF(left, place.chain(k).top() - OVER - BAR, max(right - left, 1.0), BAR))
    return made


def held_words(frame: Frame) -> tuple[str, str]:
    """What is held or changed, in words, and in as few as may be; both empty while nothing acts."""
    acting = [one for one in frame.interventions if one.on and applies(one, frame.settings)]
    if not acting:
        return "", ""
    short = tr("1 intervention") if len(acting) == 1 else tr("{n} interventions").format(n=count(len(acting)))
    named = [
        tr("{network} {what}").format(network=NAMES[lane.cell], what=one.text)
        for lane in frame.lanes
        for one in stretches_of(frame.interventions, lane.cell, frame.timesteps)
    ]
    if len(acting) == 1:
        return (named[0] if named else describe(acting[0], frame.settings)), short
    return short, short


def paint_held(painter: QPainter, frame: Frame, place: Geometry, theme: Theme) -> None:
    """Paint bars and grounds; nothing while nothing is held."""
    shade, pen = DARK_SHADE if theme.dark else SHADE, QPen(qcolor(theme.clamp_outline), EDGE)
    bars = held_bars(frame, place)
    for left, right in sorted({(bar.left(), bar.right()) for bar in bars}):
        ground = QRectF(left, place.plot.top(), right - left, place.plot.height())
        painter.fillRect(ground, qcolor(theme.clamp, shade))
    painter.setPen(pen)
    painter.setBrush(qcolor(theme.clamp))
    for bar in bars:
        painter.drawRect(bar)
    painter.setBrush(Qt.BrushStyle.NoBrush)
