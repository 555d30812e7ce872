"""Inspect as the stage knows it: which network, which quantities, which order, and what the threshold finds.

Words used in this file
    fresh    belongs to the comparison that is on show; panels are kept while it stays the same
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.comparison import Comparison
from lstmviz.lab.patterns import beyond, by_similarity, correlations, most_alike, same_pattern
from lstmviz.stage.frame import Frame
from lstmviz.stage.inspect_frame import OF_CELL, InspectPart, Marked, Panel, panel
from lstmviz.stage.jobs import Result

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

MOST_SORTED = 256  # units; ordering more takes longer than a tick
COUNTERPARTS = {"f": "z", "z": "f", "g": "n", "n": "g", "c": "h", "i": "r", "r": "i", "a": "h"}


class InspectDesk:
    """Keeps what Inspect shows, and what it was asked for.

    Parameters
    ----------
    stage : Stage
        Whose selection is shared with the other labs.
    """

    working = False

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.colour_by, self.beside = "c", ""
        self.hidden: frozenset[str] = frozenset()  # quantities that are not ticked
        self.similar = False
        self.threshold: float | None = None
        self.brushed: tuple[int, int] | None = None
        self._panels: dict[tuple[str, str], Panel] = {}
        self._of: Comparison | None = None
        self._key: tuple[object, ...] = ()
        self._part: InspectPart | None = None
        self._order: dict[tuple[str, str, bool], tuple[int, ...]] = {}
        self._alike: dict[tuple[str, str], NDArray[np.float64]] = {}

    # -- verbs -------------------------------------------------------------------------------------------------

    def colour_text_by(self, quantity: str) -> None:
        """Colour the text by this quantity of the selected unit."""
        self.colour_by = quantity

    def show_beside(self, cell: str) -> None:
        """Show another network beside the one that is looked at; "" for none."""
        self.beside = cell

    def tick_panel(self, quantity: str, shown: bool) -> None:
        """Show or hide a panel."""
        self.hidden = self.hidden - {quantity} if shown else self.hidden | {quantity}

    def sort(self, similar: bool) -> None:
        """Rows by similarity, or as the units are stored."""
        self.similar = similar

    def set_threshold(self, threshold: float | None) -> None:
        """Mark where the unit is beyond this; None for no marks."""
        self.threshold = threshold
        self.brushed = None if threshold is None else self.brushed

    def brush(self, first: int, last: int) -> None:
        """Look for other places where the units that are on here are on; a threshold is set if none is."""
        first, last = sorted((first, last))
        if self.threshold is None:
            self.threshold = 0.5
        self.brushed = (max(1, first), last)

    def clear_brush(self) -> None:
        """Forget the brushed place."""
        self.brushed = None

    def take(self, result: Result) -> None:
        """Nothing here is worked out in a thread."""

    # -- frame -------------------------------------------------------------------------------------------------

    def part(self, shown: Frame) -> InspectPart | None:
        """What Inspect draws; the same object until something changes; None while no network is shown."""
        comparison = shown.comparison
        if comparison is not self._of:
            self._of, self._panels, self._order, self._alike = comparison, {}, {}, {}
        if comparison is None or not comparison.racers:
            return None
        asked = (self.colour_by, self.beside, self.hidden, self.similar, self.threshold, self.brushed)
        key = (comparison, shown.selection, *asked)
        if self._part is None or key != self._key:
            self._key, self._part = key, self._resolved(comparison, shown)
        return self._part

    def _resolved(self, comparison: Comparison, shown: Frame) -> InspectPart:
        cells = [racer.network.cell for racer in comparison.racers]
        look = shown.selection
        cell = look.network if look.network in cells else cells[0]
        beside = self.beside if self.beside in cells and self.beside != cell else ""
        known = OF_CELL[cell]
        chosen = tuple(name for name in known if name not in self.hidden)
        colour_by = self.colour_by if self.colour_by in known else "h"
        colours = self._panel(cell, colour_by)
        unit = min(look.unit, colours.values.shape[1] - 1)
        timestep = min(look.timestep, len(colours.values))
        return InspectPart(
            cell=cell,
            beside=beside,
            panels=self._shown(cell, beside, chosen),
            chosen=chosen,
            known=known,
            order=self._sorted(colours),
            by_similarity=self.similar,
            unit=unit,
            timestep=timestep,
            colour_by=colour_by,
            colours=colours,
            limit=1.0 if colours.kind == "gate" else colours.limit,
            alike=most_alike(self._correlations(colours), unit) if colours.values.shape[1] <= MOST_SORTED else (),
            marked=self._marked(colours, unit),
            readout=tuple((name, float(self._panel(cell, name).values[timestep - 1, unit])) for name in known),
        )

    def _panel(self, cell: str, quantity: str) -> Panel:
        if (cell, quantity) not in self._panels:
            assert self._of is not None
            racer = self._of.racer(cell)
            assert racer is not None
            self._panels[cell, quantity] = panel(racer.trace, quantity)
        return self._panels[cell, quantity]

    def _shown(self, cell: str, beside: str, chosen: tuple[str, ...]) -> tuple[Panel, ...]:
        if not beside:
            return tuple(self._panel(cell, name) for name in chosen)
        pairs = []
        for name in chosen:
            other = counterpart(name, beside)
            if other:
                pairs += [self._panel(cell, name), self._panel(beside, other)]
        return tuple(pairs)

    def _sorted(self, colours: Panel) -> tuple[int, ...]:
        units = colours.values.shape[1]
        similar = self.similar and units <= MOST_SORTED
        key = (colours.cell, colours.quantity, similar)
        if key not in self._order:
            self._order[key] = by_similarity(colours.values) if similar else tuple(range(units))
        return self._order[key]

    def _correlations(self, colours: Panel) -> NDArray[np.float64]:
        key = (colours.cell, colours.quantity)
        if key not in self._alike:
            self._alike[key] = correlations(colours.values)
        return self._alike[key]

    def _marked(self, colours: Panel, unit: int) -> Marked | None:
        if self.threshold is None:
            return None
        on = beyond(colours.values[:, unit], self.threshold)
        timesteps = tuple(int(t) + 1 for t in on.nonzero()[0])
        last = len(colours.values)
        if self.brushed is None or self.brushed[0] > last:
            return Marked(self.threshold, timesteps)
        brushed = (self.brushed[0], min(self.brushed[1], last))
        places = same_pattern(colours.values, *brushed, self.threshold)
        units = int(beyond(colours.values[brushed[0] - 1 : brushed[1]], self.threshold).all(axis=0).sum())
        return Marked(self.threshold, timesteps, places, brushed, units)


def counterpart(quantity: str, cell: str) -> str:
    """What plays the part of a quantity in another kind of cell; "" where nothing does."""
    known = OF_CELL[cell]
    if quantity in known:
        return quantity
    base, prefix = quantity.removeprefix("d_"), "d_" if quantity.startswith("d_") else ""
    other = prefix + COUNTERPARTS.get(base, "")
    return other if other in known else ""
