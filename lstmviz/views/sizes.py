"""How large the parts of the window are, by the room there is: three classes of window, as in the interface design."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes at a text size of 100 %, in device-independent pixels."""

    switch_bar: int
    column: int
    transport: int
    lesson: int
    spacing: int  # between two groups of the control column
    folds: bool  # the less-used controls lie under “More”; the transport bar has one line of labels


SMALL = Sizes(44, 224, 60, 320, 6, True)
MIDDLE = Sizes(48, 256, 72, 360, 6, False)
LARGE = Sizes(48, 280, 72, 420, 12, False)
LEAST = (1120, 640)  # a smaller window scrolls


def sizes_for(width: int, height: int, text_size: float = 1.0) -> Sizes:
    """The size class of a window.

    Parameters
    ----------
    width, height : int
        Of the window, in device-independent pixels.
    text_size : float
        Larger text leaves less room: a window of 1920 x 1080 at 150 % has the room of one of 1280 x 720.
    """
    room = width / text_size, height / text_size
    if room[0] < 1400 or room[1] < 800:
        return SMALL
    return LARGE if room[0] >= 1800 and room[1] >= 1000 else MIDDLE
