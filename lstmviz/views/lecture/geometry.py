"""Where everything stands in the audience's picture: one layout for every screen, from 4:3 to 4K.

All lengths are lines of a picture 1080 lines high; the painter is scaled, so type, marks and curves grow with the
screen and only the timesteps get wider or narrower.

Words used in this file
    lines    the unit: 1/1080 of the picture's height
    chain    the row of gradient tiles of one network
    pitch    width of one timestep, tile and space together
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from lstmviz.stage.frame import Axis

HEIGHT = 1080.0
NARROWEST = 1240.0  # a screen narrower than this (a portrait one) gets a smaller picture, with ground above and below
MARGIN = 60.0  # overscan: projectors cut up to 48 lines
CHAIN_LEFT, CHAIN_TOP, CHAIN_HEIGHT, CHAIN_SPACE = 420.0, 150.0, 84.0, 26.0
PLOT_LEFT, PLOT_BOTTOM, PLOT_OVERHANG = 409.0, 984.0, 5.0
TICK_SPACE, TICK_ROOM = 25.0, 94.0
VALUE_RIGHT = 378.0
LAST_BASELINE = 1040.0

TICK_STEPS = (5, 10, 20, 40, 50, 100, 200, 500, 1000, 2000, 5000)
MARK_STEPS = (1, 2, 5, 10, 20, 40, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class View:
    """How a picture of ``width`` x 1080 lines lies in a widget."""

    scale: float
    left: float  # in pixels of the widget
    top: float
    width: float  # in lines


def view_of(width: float, height: float) -> View:
    """The largest picture that a widget of this size (in pixels) holds."""
    scale = min(height / HEIGHT, width / NARROWEST)
    return View(scale, 0.0, (height - HEIGHT * scale) / 2, width / scale)


@dataclass(frozen=True, slots=True)
class Geometry:
    """The layout of one Race picture."""

    width: float
    timesteps: int
    lanes: int
    axis: Axis
    plot: QRectF
    pitch: float
    tile: float  # width of a tile

    def chain(self, lane: int) -> QRectF:
        """The box of a network's tiles."""
        top = CHAIN_TOP + lane * (CHAIN_HEIGHT + CHAIN_SPACE)
        return QRectF(CHAIN_LEFT, top, self.plot.right() - PLOT_OVERHANG - CHAIN_LEFT, CHAIN_HEIGHT)

    def left(self, t: int) -> float:
        """Left edge of the tile of timestep ``t``."""
        return CHAIN_LEFT + (t - 1) * self.pitch

    def x(self, t: float) -> float:
        """Centre of timestep ``t``."""
        return CHAIN_LEFT + (t - 1) * self.pitch + self.tile / 2

    def nearest(self, x: float) -> int:
        """The timestep whose centre is nearest to ``x``."""
        return max(1, min(self.timesteps, 1 + round((x - self.x(1)) / self.pitch)))

    def y(self, log10: float) -> float:
        """Height of a value on the log axis; what lies beyond an end of the axis stands on that end."""
        kept = min(max(log10, float(self.axis.floor)), float(self.axis.ceiling))
        share = (self.axis.ceiling - kept) / (self.axis.ceiling - self.axis.floor)
        return self.plot.top() + share * self.plot.height()

    def band(self) -> QRectF:
        """The part of the plot below float64; empty when the axis does not reach it."""
        top = self.y(self.axis.band)
        return QRectF(self.plot.left(), top, self.plot.width(), self.plot.bottom() - top)

    def ticks(self) -> tuple[int, ...]:
        """Powers of ten that are labelled, the largest first."""
        decades = self.axis.ceiling - self.axis.floor
        step = next((s for s in TICK_STEPS if s * self.plot.height() / decades >= 100), decades)
        first = self.axis.ceiling // step * step
        return tuple(e for e in range(first, self.axis.floor, -step) if self.y(e) <= self.plot.bottom() - 40)

    def marked(self) -> tuple[int, ...]:
        """Timesteps whose value carries the network's mark: t = 1 and on at an even distance."""
        step = next((s for s in MARK_STEPS if s * self.pitch >= 200), MARK_STEPS[-1])
        return tuple(range(1, self.timesteps + 1, step))


def plot_box(width: float, lanes: int, tick_width: float) -> QRectF:
    """The plot's box: under the chains, and as wide as the tick labels leave it."""
    top = CHAIN_TOP + lanes * (CHAIN_HEIGHT + CHAIN_SPACE) + 39
    right = width - MARGIN - TICK_SPACE - max(TICK_ROOM, tick_width)
    return QRectF(PLOT_LEFT, top, right - PLOT_LEFT, PLOT_BOTTOM - top)


def geometry(width: float, timesteps: int, lanes: int, axis: Axis, tick_width: float) -> Geometry:
    """The layout of a Race picture.

    Parameters
    ----------
    width : float
        Of the picture, in lines.
    timesteps, lanes : int
        T, and how many networks.
    axis : Axis
    tick_width : float
        Of the widest tick label, in lines.
    """
    plot = plot_box(width, lanes, tick_width)
    room = plot.right() - PLOT_OVERHANG - CHAIN_LEFT
    space = min(4.0, 0.2 * room / timesteps)
    pitch = (room + space) / timesteps
    return Geometry(width, timesteps, lanes, axis, plot, pitch, pitch - space)


def spread(centres: list[float], height: float, top: float, bottom: float) -> list[float]:
    """Move labels apart that stand one above the other, each as little as possible.

    Parameters
    ----------
    centres : list of float
        Where they want to stand, in any order.
    height : float
        What one needs.
    top, bottom : float
        Where they have to stay.

    Returns
    -------
    list of float
        Centres at least ``height`` apart, in the order given; their order from top to bottom is kept.
    """
    order = sorted(range(len(centres)), key=centres.__getitem__)
    blocks: list[tuple[float, list[int]]] = []  # centre of a stack, and who stands in it
    for index in order:
        centre, members = _kept(centres[index], height, top, bottom), [index]
        while blocks and centre - blocks[-1][0] < height * (len(members) + len(blocks[-1][1])) / 2:
            above, others = blocks.pop()
            middle = (above * len(others) + centre * len(members)) / (len(others) + len(members))
            members = others + members
            centre = _kept(middle, height * len(members), top, bottom)
        blocks.append((centre, members))
    placed = [0.0] * len(centres)
    for centre, members in blocks:
        for k, index in enumerate(members):
            placed[index] = centre + (k - (len(members) - 1) / 2) * height
    return placed


def _kept(centre: float, height: float, top: float, bottom: float) -> float:
    return max(min(centre, bottom - height / 2), top + height / 2)
