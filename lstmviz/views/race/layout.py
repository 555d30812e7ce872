"""Where the rows of the Race stand, for every window size: pure geometry, no Qt.

Words used in this file
    box      (x, y, width, height) in device-independent pixels
    row      one of: gap, headline, input, one lane per network, title, plot, timestep axis
    preset   heights of a lane's two pictures, and the height of the plot they are worth it for
    merged   the headline stands in the gap row, to the right of a shorter slider
"""

from dataclasses import dataclass
from typing import NamedTuple

from lstmviz.views.race.columns import Columns

WIDEST = 2200  # on larger screens the picture is centred
MERGEABLE = 940  # least width at which slider and headline share a row
INSET, NARROW_INSET = 24, 16
LABELS, NARROW_LABELS = 128, 104  # width of the label column
NARROW = 860  # below this width insets and labels are narrow
AXIS = 62  # ramp and tick labels, right of the plot
PLOT_PAD = 5  # the plot is this much wider than the columns on either side, so that end marks are whole
BETWEEN = 8  # activations and gradient tiles of one lane


class Box(NamedTuple):
    """A rectangle in device-independent pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """y just below it."""
        return self.y + self.height


class Preset(NamedTuple):
    """Heights that go together."""

    activations: int
    tiles: int
    apart: int  # between two lanes
    merges: bool
    wanted: int  # least height of the plot for which this preset is taken


PRESETS = (
    Preset(160, 40, 16, merges=False, wanted=800),
    Preset(96, 28, 12, merges=False, wanted=300),
    Preset(64, 20, 12, merges=False, wanted=260),
    Preset(48, 20, 12, merges=False, wanted=225),
    Preset(48, 16, 8, merges=True, wanted=210),
    Preset(32, 16, 6, merges=True, wanted=180),
    Preset(32, 12, 4, merges=True, wanted=0),
)
LEAST_PLOT = 120


@dataclass(frozen=True, slots=True)
class RaceLayout:
    """Boxes of all rows; x of every box is the left edge of the content, so that one ``Columns`` serves all."""

    columns: Columns  # x counted from the left edge of the content
    gap: Box
    headline: Box
    merged: bool
    input: Box
    lanes: tuple[Box, ...]
    activations: int
    tiles: int
    title: Box
    plot: Box
    axis: int  # height of the timestep axis, below the plot and outside its box
    inset: int
    labels: int

    def boxes(self) -> tuple[Box, ...]:
        """Every row from top to bottom; merged, gap row and headline stand side by side."""
        return (self.gap, self.headline, self.input, *self.lanes, self.title, self.plot)


class _Heights(NamedTuple):
    gap: int
    headline: int
    input: int
    title: int
    axis: int
    lane: int

    def fixed(self, networks: int, apart: int) -> int:
        lanes = networks * self.lane + max(networks - 1, 0) * apart
        return self.gap + self.headline + self.input + lanes + self.title + self.axis


def lay_out(width: int, height: int, networks: int, timesteps: int, text_size: float = 1.0) -> RaceLayout:
    """The rows of the Race in a picture of this size.

    Parameters
    ----------
    width, height : int
        Size of the content area, pixels.
    networks : int
        1 to 3 lanes.
    timesteps : int
        T, 1 or more.
    text_size : float
        Factor on type; rows that hold type grow with it, the plot does not.
    """
    content = min(width, WIDEST)
    x = (width - content) // 2
    merged, preset = _preset(content, height, networks, text_size)
    heights = _heights(preset, merged, text_size)
    narrow = content < NARROW
    inset = NARROW_INSET if narrow else INSET
    labels = min(round((NARROW_LABELS if narrow else LABELS) * max(1.0, text_size)), content // 4)
    left = inset + labels
    right = content - inset - round(AXIS + 48 * max(0.0, text_size - 1))
    y = heights.gap
    shares = round(min(0.6 * content, (176 + 140 * networks) * text_size + inset)) if merged else content
    headline = Box(x + content - shares, 0 if merged else y, shares, heights.gap if merged else heights.headline)
    y += heights.headline
    strip = Box(x, y, content, heights.input)
    y += heights.input
    lanes = []
    for _ in range(networks):
        lanes.append(Box(x, y, content, heights.lane))
        y += heights.lane + preset.apart
    y -= preset.apart if networks else 0
    title = Box(x, y, content, heights.title)
    y += heights.title
    plot = Box(x, y, content, max(height - y - heights.axis, 1))
    return RaceLayout(
        columns=Columns(left, right - left, timesteps),
        gap=Box(x, 0, content - shares if merged else content, heights.gap),
        headline=headline,
        merged=merged,
        input=strip,
        lanes=tuple(lanes),
        activations=preset.activations,
        tiles=preset.tiles,
        title=title,
        plot=plot,
        axis=heights.axis,
        inset=inset,
        labels=labels,
    )


def least_height(networks: int, width: int, text_size: float = 1.0) -> int:
    """The height below which rows would overlap: every row at its least, and a plot one can still read."""
    preset = PRESETS[-1]
    merged = width >= MERGEABLE * text_size
    plot = round(LEAST_PLOT * max(1.0, text_size))  # flags grow with the text, and one stands over the other
    return _heights(preset, merged, text_size).fixed(networks, preset.apart) + plot


def _preset(width: int, height: int, networks: int, text_size: float) -> tuple[bool, Preset]:
    for preset in PRESETS:
        merged = preset.merges and width >= MERGEABLE * text_size
        left_over = height - _heights(preset, merged, text_size).fixed(networks, preset.apart)
        if left_over >= preset.wanted:
            return merged, preset
    return merged, preset


def _heights(preset: Preset, merged: bool, text_size: float) -> _Heights:
    roomy = preset.activations >= 48 and not preset.merges
    large = preset.activations >= 96
    gap, headline, strip, title, axis = (66, 0, 44, 32, 38) if not roomy else (76, 66, 48, 38, 42)
    if large:
        gap, headline, strip = 84, 74, 52
    if not merged and not roomy:
        headline = 50
    between = BETWEEN if roomy else 4
    lane = max(preset.activations + between + preset.tiles, round(40 * text_size))
    gap, headline, strip, title, axis = (round(row * text_size) for row in (gap, headline, strip, title, axis))
    return _Heights(gap, headline, strip, title, axis, lane)
