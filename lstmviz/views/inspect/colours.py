"""From values to colours: gates on a neutral ramp, signed values on the Race's, gradients by their size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from lstmviz.stage.inspect_frame import BAND, Panel
from lstmviz.views.race.ramps import NOTHING, gradient_colours, gradient_index, signed_index, signed_table
from lstmviz.views.theme import Theme

CLEAR = np.uint32(0)  # no number, or a gradient that float64 cannot add to 1


def pixels(values: NDArray[np.floating], panel: Panel, theme: Theme, limit: float | None = None) -> NDArray[np.uint32]:
    """Colours of values of a panel's quantity, premultiplied ARGB.

    Parameters
    ----------
    values : float array
        Of the panel's quantity, as ``Panel.values``; any shape.
    panel : Panel
        Says which ramp.
    theme : Theme
    limit : float, optional
        End of the signed ramp; the panel's own when left out.
    """
    if panel.kind == "gradient":
        table = np.array([*(colour.rgb() for colour in gradient_colours(theme)), 0], dtype=np.uint32)
        with np.errstate(divide="ignore", invalid="ignore"):
            entries = gradient_index(np.log10(np.abs(values)), BAND)
        return np.where(entries == NOTHING, CLEAR, table[entries])
    if panel.kind == "gate":
        ramp = theme.ramp_gate.astype(np.uint32)
        table = np.asarray(np.uint32(0xFF000000) | ramp[:, 0] << 16 | ramp[:, 1] << 8 | ramp[:, 2], dtype=np.uint32)
        index: NDArray[np.intp] = np.round(np.clip(np.nan_to_num(values), 0, 1) * 255).astype(np.intp)
    else:
        table = np.array(signed_table(theme), dtype=np.uint32)
        index = signed_index(values / (panel.limit if limit is None else limit)).astype(np.intp)
    return np.where(np.isfinite(values), table[index], CLEAR)


def image_of(panel: Panel, order: tuple[int, ...], theme: Theme) -> QImage:
    """A panel as an image, one pixel per unit and timestep, units in the given order from the top down."""
    return image_from(pixels(panel.values[:, order].T, panel, theme))


def image_from(colours: NDArray[np.uint32]) -> QImage:
    """Colours (rows, columns) as an image, one pixel each."""
    found = np.ascontiguousarray(colours)
    height, width = found.shape
    return QImage(found.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


def ink_on(colour: int, theme: Theme) -> str:
    """The text colour that is legible on a tile: dark or light ink, by the tile's luminance."""
    if colour >> 24 == 0:
        return theme.ink
    shade = QColor.fromRgb(int(colour))
    light = 0.2126 * shade.redF() ** 2.2 + 0.7152 * shade.greenF() ** 2.2 + 0.0722 * shade.blueF() ** 2.2
    return "#14171B" if light > 0.18 else "#FFFFFF"
