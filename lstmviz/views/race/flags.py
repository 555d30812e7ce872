"""Finding room for small labels in a plot: pure geometry, no Qt.

Words used in this file
    label     a box with a text that belongs to a point of the plot
    obstacle  a box, or a point of a curve, that a label should leave free
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Rect = tuple[float, float, float, float]  # x, y, width, height
APART = 3.0  # pixels between two labels
OFF = 12.0  # pixels between a point and its label


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label to be placed: the point it belongs to, and its size."""

    x: float
    y: float
    width: float
    height: float


def place(
    wanted: Sequence[Wanted], room: Rect, obstacles: Iterable[Rect], points: Sequence[tuple[float, float]]
) -> list[Rect]:
    """A box for each label, inside ``room``, over no other label and no obstacle, and over as few points as may be.

    Parameters
    ----------
    wanted : sequence of Wanted
        Labels in any order.
    room : rectangle
        The plot.
    obstacles : iterable of rectangles
        What must stay free.
    points : sequence of (x, y)
        Points of the curves, which should stay free.

    Returns
    -------
    list of rectangles
        In the order of ``wanted``. Where nothing is free, the least bad place inside the room.
    """
    taken = list(obstacles)
    found: dict[int, Rect] = {}
    for index in sorted(range(len(wanted)), key=lambda k: wanted[k].y):
        best = _best(wanted[index], room, taken, points)
        found[index] = best
        taken.append(best)
    return [found[index] for index in range(len(wanted))]


def spread(ys: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Heights near ``ys`` that keep ``apart`` pixels between any two and stay between ``low`` and ``high``."""
    order = sorted(range(len(ys)), key=lambda k: ys[k])
    placed: list[float] = []
    for k in order:
        y = max(ys[k], low)
        placed.append(max(y, placed[-1] + apart) if placed else y)
    limit = high
    for k in range(len(placed) - 1, -1, -1):
        placed[k] = min(placed[k], limit)
        limit = placed[k] - apart
    result = [0.0] * len(ys)
    for k, y in zip(order, placed, strict=True):
        result[k] = y
    return result


def _best(label: Wanted, room: Rect, taken: list[Rect], points: Sequence[tuple[float, float]]) -> Rect:
    left, top, width, height = room
    best, least = (left, top, label.width, label.height), math.inf
    for x in (label.x + OFF, label.x - OFF - label.width):
        inside = min(max(x, left + 2), left + width - label.width - 2)
        sideways = 300.0 if inside - 2 < label.x < inside + label.width + 2 else 0.0  # it would lie on the playhead
        sideways += 4.0 if inside < label.x else 0.0
        near = sorted(py for px, py in points if inside - 5 < px < inside + label.width + 5)
        for y in _heights(label, top, height):
            box = (inside, y, label.width, label.height)
            covered = bisect_right(near, y + label.height + 5) - bisect_left(near, y - 5)
            cost = sideways + 40.0 * covered + abs(y + label.height / 2 - label.y)
            if cost < least:
                cost += 1000.0 * sum(_overlap(box, other) for other in taken)
            if cost < least:
                best, least = box, cost
    return best


def _heights(label: Wanted, top: float, height: float) -> Iterator[float]:
    low, high = top + 2, top + height - label.height - 2
    drop = 0.0
    while drop < height:
        for y in (label.y + 8 + drop, label.y - 8 - label.height - drop, label.y - label.height / 2 + drop):
            yield min(max(y, low), high)
        drop += label.height / 2


def _overlap(a: Rect, b: Rect) -> bool:
    return (
        a[0] < b[0] + b[2] + APART
        and b[0] < a[0] + a[2] + APART
        and a[1] < b[1] + b[3] + APART
        and b[1] < a[1] + a[3] + APART
    )
