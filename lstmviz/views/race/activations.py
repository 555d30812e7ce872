"""The hidden states of a lane as one image, made once per result and copied to the screen column by column."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from lstmviz.stage.frame import Lane
from lstmviz.views.race.columns import Columns
from lstmviz.views.race.ramps import signed_index, signed_table
from lstmviz.views.theme import Theme


def body_image(lane: Lane, columns: Columns, row_edges: NDArray[np.intp], theme: Theme) -> QImage:
    """All activations, a pixel of the image for each pixel of the columns; gaps between tiles are clear.

    The image is made at its final size: Qt scales without smoothing by other roundings than ``Columns.tile``, and a gap
    of one pixel would come and go along the lane.

    Parameters
    ----------
    lane : Lane
        Its ``h`` (rows, T) is drawn on the signed ramp, 256 colours fixed to -1 .. 1.
    columns : Columns
        Where the timesteps stand; pixel 0 is ``int(columns.left)``.
    row_edges : int array (rows + 1,)
        y of the upper edge of each row, and the height at the end.
    theme : Theme
        Whose ramp it is.
    """
    left, width = int(columns.left), math.ceil(columns.width) + 1
    owner = np.full(width, -1)
    for t in range(1, columns.timesteps + 1):
        x0, x1 = columns.tile(t)
        owner[x0 - left : x1 - left] = t - 1
    rows = np.repeat(np.arange(len(lane.rows)), np.diff(row_edges))
    index = signed_index(lane.h)[rows][:, np.maximum(owner, 0)]
    colours = np.array(signed_table(theme), dtype=np.uint32)[index]
    colours[:, owner < 0] = 0
    colours = np.ascontiguousarray(colours)
    height = colours.shape[0]
    image = QImage(colours.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # the array's memory does not outlive this function
