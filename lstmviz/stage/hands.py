"""What hands may hold: the kinds of interventions, and which quantities and letters there are for them.

Windows take these names from here: they know the stage and nothing below it.
"""

from __future__ import annotations

from lstmviz.lab.intervention_text import describe as describe
from lstmviz.lab.intervention_text import row_name as row_name
from lstmviz.lab.interventions import Clamp as Clamp
from lstmviz.lab.interventions import Cut as Cut
from lstmviz.lab.interventions import Freeze as Freeze
from lstmviz.lab.interventions import InputEdit as InputEdit
from lstmviz.lab.interventions import Intervention as Intervention
from lstmviz.lab.interventions import WeightEdit as WeightEdit
from lstmviz.lab.interventions import applies as applies
from lstmviz.lab.interventions import holdable
from lstmviz.lab.letters import codes as codes
from lstmviz.lab.settings import Settings, units

ORDER = "figocrznh"  # gates first, then candidates and states, as panels show them


def quantities_of(settings: Settings, cell: str) -> tuple[str, ...]:
    """Quantities of a network that can be held, in the order of the panels."""
    known = holdable(cell, settings.variant)
    return tuple(sorted(known, key=ORDER.index))


def units_of(settings: Settings, cell: str) -> int:
    """How many units a network has."""
    return units(settings, cell)
