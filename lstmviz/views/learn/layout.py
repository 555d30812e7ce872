"""Where the rows of the Learn lab stand, for every window size: pure geometry, no Qt.

Words used in this file
    plot     the losses; the heat maps under it share its update axis, so x is the same in all of them
    results  bet, seeds and other gaps, in a column at the right; in a narrow picture behind a tab of its own
"""

from __future__ import annotations

from dataclasses import dataclass

from lstmviz.views.race.layout import WIDEST, Box

RESULTS, WIDE_RESULTS, MOST_RESULTS = 288, 320, 620  # width of the results column; alone behind its tab
ROOMY, WIDE = 1100, 1500  # widths of the content from which there is a results column, and a wider one
LABELS, NARROW_LABELS = 84, 72  # left of the plots
ENDS = 96  # right of the plots: names at the ends of curves, and the ramp
LEAST_LOSS, LEAST_HEAT, MOST_LOSS = 96, 44, 620
LEAST_WIDTH = 560


@dataclass(frozen=True, slots=True)
class LearnLayout:
    """Boxes of all rows, in device-independent pixels of the content."""

    tabs: Box | None  # Plots | Results, where both have no room side by side
    results: Box | None  # None behind the tab that is not chosen
    title: Box
    loss: Box
    titles: tuple[Box, ...]  # over each heat map
    heats: tuple[Box, ...]
    axis: Box
    left: int  # x of the plots
    width: int  # of the plots

    @property
    def bottom(self) -> int:
        """Where the last plot ends."""
        return self.heats[-1].bottom if self.heats else self.loss.bottom


def is_narrow(width: int, text_size: float) -> bool:
    """Whether the results lie behind a tab."""
    return width < ROOMY * max(text_size, 1.0)


def lay_out(
    size: tuple[int, int], networks: int, heats: bool, strips: bool, text_size: float, results: bool = False
) -> LearnLayout:
    """The rows of the Learn lab.

    Parameters
    ----------
    size : (int, int)
        Of the content, pixels.
    networks : int
        Heat maps.
    heats : bool
        Whether the heat maps are drawn.
    strips : bool
        Whether clipped updates are marked: over each heat map, or in a strip of its own.
    text_size : float
        Rows that hold type grow with it.
    results : bool
        In a narrow picture: whether the tab with the results is chosen.
    """
    width, height = size

    def scaled(px: float) -> int:
        return round(px * text_size)

    narrow = is_narrow(width, text_size)
    content = min(width, WIDEST)
    x = (width - content) // 2
    top = scaled(44) if narrow else 0
    tabs = Box(x, 0, content, top) if narrow else None
    side = 0 if narrow else scaled(WIDE_RESULTS if content >= WIDE * text_size else RESULTS)
    column = Box(x + content - side, 0, side, height) if side else None
    if narrow and results:
        wide = min(content, scaled(MOST_RESULTS))
        column = Box(x + (content - wide) // 2, top, wide, height - top)
    labels, ends = scaled(NARROW_LABELS if narrow else LABELS), scaled(ENDS)
    left, wide = x + labels, max(content - side - labels - ends, 1)
    rows = networks if heats or strips else 0
    head, axis, between = scaled(34), scaled(46), scaled(30)
    free = height - top - head - rows * between - axis - scaled(8)
    strip = scaled(14) if strips and not heats else 0
    loss = free - rows * strip if not heats else max(LEAST_LOSS, round(free * (0.45 if rows == 1 else 0.36)))
    loss = max(min(loss, MOST_LOSS), LEAST_LOSS)
    each = strip if not heats else max((free - loss) // max(rows, 1), LEAST_HEAT)
    y = top + scaled(4)
    title = Box(x, y, content - side, head)
    plot = Box(left, y + head, wide, loss)
    y, titles, boxes = plot.bottom, [], []
    for _ in range(rows):
        titles.append(Box(x, y, content - side, between))
        boxes.append(Box(left, y + between, wide, each))
        y += between + each
    return LearnLayout(
        tabs, column, title, plot, tuple(titles), tuple(boxes), Box(x, y, content - side, axis), left, wide
    )


def least_height(networks: int, heats: bool, text_size: float) -> int:
    """The height below which rows would overlap."""
    rows = networks if heats else 0
    return round((44 + 34 + 46 + 12 + 30 * rows) * text_size) + LEAST_LOSS + LEAST_HEAT * rows
