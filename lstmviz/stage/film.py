"""What a film walks through: the pass in which the playhead stands, or the updates of the training.

Words used in this file
    stop      where the playhead stands for one picture: a place of the walk, or an update
"""

from __future__ import annotations

import numpy as np

from lstmviz.stage.frame import Frame

MOST_PICTURES = 50
SWEEP, REST = 2500, 2000  # milliseconds: all pictures but the last one, and that


def stops(frame: Frame) -> list[int]:
    """Where the film of a frame stops, at most 50 of them.

    At level Update the updates from 0 to the newest; else, with the playhead in the forward pass, from t = 1 to the
    loss, and from the loss back to t = 1 in the backward pass.
    """
    if frame.level == "update":
        first, last = 0, 0 if frame.training is None else frame.training.trained
    elif frame.position.stretch == "forward":
        first, last = 0, frame.timesteps
    else:
        first, last = frame.timesteps, 2 * frame.timesteps
    count = min(MOST_PICTURES, last - first + 1)
    return sorted({round(stop) for stop in np.linspace(first, last, count)})


def stop_of(frame: Frame) -> int:
    """Where a frame stands, in the same count."""
    if frame.level == "update":
        return 0 if frame.training is None else frame.training.update
    return frame.place


def milliseconds(pictures: int) -> list[int]:
    """How long each picture stays; a GIF counts in hundredths of a second."""
    each = max(20, round(SWEEP / pictures / 10) * 10)
    return [*([each] * (pictures - 1)), REST]
