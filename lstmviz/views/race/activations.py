"""The tiles of a lane as images, made once per result and copied to the screen column by column."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from lstmviz.stage.frame import Lane
from lstmviz.views.race.columns import Columns
from lstmviz.views.race.ramps import gradient_colours, signed_index, signed_table
from lstmviz.views.theme import Theme


def body_image(lane: Lane, columns: Columns, row_edges: NDArray[np.intp], theme: Theme) -> QImage:
    """All activations, a pixel of the image for each pixel of the columns; gaps between tiles are clear.

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
    rows = np.repeat(np.arange(len(lane.rows)), np.diff(row_edges))
    table = np.array(signed_table(theme), dtype=np.uint32)
    return _image(table[signed_index(lane.h)][rows], columns)


def tiles_image(index: NDArray[np.int16], columns: Columns, height: int, theme: Theme) -> QImage:
    """All gradient tiles as an image like ``body_image``; tiles without a colour are clear.

    Parameters
    ----------
    index : int16 array (T,)
        Entries of the gradient ramp, or ``NOTHING``.
    columns : Columns
        Where the timesteps stand.
    height : int
        Of a tile.
    theme : Theme
        Whose ramp it is.
    """
    table = np.array([*(colour.rgb() for colour in gradient_colours(theme)), 0], dtype=np.uint32)  # NOTHING is -1
    return _image(np.tile(table[index], (height, 1)), columns)


def _image(colours: NDArray[np.uint32], columns: Columns) -> QImage:
    """``colours`` (height, T) with each column as wide as its tile.

    The image is made at its final size: Qt scales without smoothing by other roundings than ``Columns.tile``, and a gap
    of one pixel would come and go along the lane.
    """
    left, width = int(columns.left), math.ceil(columns.width) + 1
    owner = np.full(width, -1)
    for k, (x0, x1) in enumerate(columns.tiles()):
        owner[x0 - left : x1 - left] = k
    pixels = np.where(owner >= 0, colours[:, owner], np.uint32(0))
    pixels = np.ascontiguousarray(pixels)
    image = QImage(pixels.data, width, len(pixels), 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # the array's memory does not outlive this function
