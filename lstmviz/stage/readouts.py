"""What the control column says beside its controls: worked out once per settings, so that a view only prints it.

Words used in this file
    kept      share of the cell state that the forget gate keeps per timestep at the start: sigma(b)
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from lstmviz.lab.comparison import units
from lstmviz.lab.gradient_flow import half_life
from lstmviz.lab.settings import CELLS, Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.words import decimal, number, tr

BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}  # weight matrices of each cell


@dataclass(frozen=True, slots=True)
class Readouts:
    """Texts and counts that follow from the settings alone."""

    kept: str
    half_life: str
    units: dict[str, int]  # by cell, also of networks that are not shown
    parameters: dict[str, int]


@lru_cache(maxsize=64)
def readouts(settings: Settings) -> Readouts:
    """The readouts of ``settings``.

    Parameters
    ----------
    settings : Settings
        What the learner has set. The chrono start gives a span: b = ln U[1, T - 1], so sigma(b) is 1/2 to (T - 1)/T.
    """
    if settings.forget_bias == "chrono":
        gates = (0.5, max(settings.gap, 1) / (max(settings.gap, 1) + 1))
    else:
        gates = (1.0 / (1.0 + math.exp(-float(settings.forget_bias))),)
    inputs = TASKS[settings.task].inputs
    counts = {cell: units(settings, cell) for cell in CELLS}
    return Readouts(
        kept=_span([decimal(gate, 3) for gate in gates]),
        half_life=_span([number(half_life(gate), 3) for gate in gates]),
        units=counts,
        parameters={cell: BLOCKS[cell] * count * (inputs + count + 1) for cell, count in counts.items()},
    )


def _span(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else tr("{low} to {high}").format(low=texts[0], high=texts[-1])


def task_titles() -> dict[str, str]:
    """Titles of all tasks, by name, in the order of the list."""
    return {name: task.title for name, task in TASKS.items()}
