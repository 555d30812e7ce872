"""A tile of a lane in words: for tool tips and screen readers."""

import math

from lstmviz.stage.frame import Lane, Tile
from lstmviz.views.race.shown import Shown
from lstmviz.words import decimal, power, tr


def tile_text(lane: Lane, now: Shown, tile: Tile, *, below: bool) -> str:
    """A tile's value, or that it is not reached.

    Parameters
    ----------
    lane : Lane
        Whose tile it is; a tile of a unit must have a row in it.
    now : Shown
        What is painted.
    tile : Tile
    below : bool
        Whether the gradient there is below what float64 can add.
    """
    if tile.unit is None:
        place = tr("{name}, gradient at t = {t}: {value}")
        value = tr("not reached yet") if tile.t < now.painted_gradient else _gradient(lane, tile.t, below)
        return place.format(name=lane.name, t=tile.t, value=value)
    place = tr("{name}, unit {unit} of {units}, hidden state at t = {t}: {value}")
    value = tr("not reached yet")
    if tile.t <= now.painted_h:
        value = decimal(float(lane.h[lane.rows.index(tile.unit), tile.t - 1]), 3)
    return place.format(name=lane.name, unit=tile.unit + 1, units=lane.units, t=tile.t, value=value)


def _gradient(lane: Lane, t: int, below: bool) -> str:
    log10 = float(lane.log10_h[t - 1])
    if log10 == -math.inf:
        return tr("exactly zero")
    if math.isnan(log10) and lane.not_finite:
        return lane.not_finite
    return tr("{value}, below float64").format(value=power(log10)) if below else power(log10)
