"""Finding room for small labels in a plot: pure geometry, no Qt.

Words used in this file
    label     a box with a text that belongs to a point of the plot
    obstacle  a box, or a point of a curve, that a label should leave free
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rect = tuple[float, float, float, float]  # x, y, width, height
Points = NDArray[np.float64]  # (N, 2): x, y
APART = 3.0  # pixels between two labels
OFF = 12.0  # pixels between a point and its label


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label to be placed: the point it belongs to, and its size."""

    x: float
    y: float
    width: float
    height: float


def place(wanted: Sequence[Wanted], room: Rect, obstacles: Iterable[Rect], points: Points) -> list[Rect]:
    """A box for each label, inside ``room``, over no other label and no obstacle, and over as few points as may be.

    Parameters
    ----------
    wanted : sequence of Wanted
        Labels in any order.
    room : rectangle
        The plot.
    obstacles : iterable of rectangles
        What must stay free.
    points : float64 (N, 2)
        x and y of points of the curves, which should stay free.

    Returns
    -------
    list of rectangles
        In the order of ``wanted``. Where nothing is free, the least bad place inside the room.
    """
    taken = list(obstacles)
    found: dict[int, Rect] = {}
    for index in sorted(range(len(wanted)), key=lambda k: wanted[k].y):
        best = _best(wanted[index], room, taken, points, [box[1] for box in found.values()])
        found[index] = best
        taken.append(best)
    return [found[index] for index in range(len(wanted))]


def spread(ys: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Heights near ``ys`` that keep ``apart`` pixels between any two, moved as little as possible.

    Parameters
    ----------
    ys : sequence of float
        Where labels want to stand, in any order.
    apart : float
        Least distance of two of them.
    low, high : float
        Where all of them have to stay.
    """
    blocks: list[tuple[float, list[int]]] = []  # middle of a stack of labels, and who stands in it
    for k in sorted(range(len(ys)), key=lambda k: ys[k]):
        middle, members = min(max(ys[k], low), high), [k]
        while blocks and middle - blocks[-1][0] < apart * (len(members) + len(blocks[-1][1])) / 2:
            above, others = blocks.pop()
            middle = (above * len(others) + middle * len(members)) / (len(others) + len(members))
            members = others + members
            half = apart * (len(members) - 1) / 2
            middle = min(max(middle, low + half), max(high - half, low + half))
        blocks.append((middle, members))
    placed = [0.0] * len(ys)
    for middle, members in blocks:
        for place_in_stack, k in enumerate(members):
            placed[k] = middle + apart * (place_in_stack - (len(members) - 1) / 2)
    return placed


def _best(label: Wanted, room: Rect, taken: list[Rect], points: Points, higher: list[float]) -> Rect:
    left, top, width, height = room
    best, least = (left, top, label.width, label.height), math.inf
    for x, far in (
        (label.x + OFF, 0.0),
        (label.x - OFF - label.width, 4.0),
        (label.x + OFF + label.width + APART, 60.0),
        (label.x - OFF - 2 * label.width - APART, 60.0),
    ):
        inside = min(max(x, left + 2), left + width - label.width - 2)
        sideways = far + 300.0 * (inside - 2 < label.x < inside + label.width + 2)  # it would lie on the playhead
        beside = (points[:, 0] > inside - 5) & (points[:, 0] < inside + label.width + 5)
        near = np.sort(points[beside, 1]).tolist()
        sideways += 25.0 if near else 0.0  # the side that the backward pass has not reached is free
        for y in _heights(label, top, height):
            away = abs(y + label.height / 2 - label.y)
            if sideways + away >= least:
                continue
            covered = bisect_right(near, y + label.height + 5) - bisect_left(near, y - 5)
            box = (inside, y, label.width, label.height)
            cost = sideways + away + 40.0 * covered + 1000.0 * sum(_overlap(box, other) for other in taken)
            cost += 150.0 * sum(y < other for other in higher)  # labels stand in the order of their points
            if cost < least:
                best, least = box, cost
    return best


def _heights(label: Wanted, top: float, height: float) -> list[float]:
    """Heights to try, the nearest first: below, above and beside the point, and further away from it."""
    low, high = top + 2, top + height - label.height - 2
    drops = np.arange(0.0, height, label.height / 2)
    below, above = label.y + 8 + drops, label.y - 8 - label.height - drops
    beside = np.stack([below, above, label.y - label.height / 2 + drops], axis=1).ravel()
    return list(dict.fromkeys(np.clip(beside, low, max(high, low)).tolist()))


def _overlap(a: Rect, b: Rect) -> bool:
    return (
        a[0] < b[0] + b[2] + APART
        and b[0] < a[0] + a[2] + APART
        and a[1] < b[1] + b[3] + APART
        and b[1] < a[1] + a[3] + APART
    )
