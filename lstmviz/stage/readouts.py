"""What the control column says beside its controls: worked out once per settings, so that a view only prints it.

Words used in this file
    kept      share of the cell state that the forget gate keeps per timestep at the start: sigma(b)
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from lstmviz.lab.gradient_flow import half_life
from lstmviz.lab.settings import CELLS, FIELDS, VARIANTS, Settings, parameter_count, units
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.tasks.task import GROUPS
from lstmviz.words import decimal, number, tr


@dataclass(frozen=True, slots=True)
class Readouts:
    """Texts and counts that follow from the settings alone."""

    spread: bool  # the units start with different biases: kept and half_life are spans
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
    spread = isinstance(settings.forget_bias, str)
    if spread:
        gates: tuple[float, ...] = (0.5, settings.gap / (settings.gap + 1))
    else:
        gates = (1.0 / (1.0 + math.exp(-float(settings.forget_bias))),)
    counts = {cell: units(settings, cell) for cell in CELLS}
    return Readouts(
        kept="–".join(decimal(gate, 2 if spread else 3) for gate in gates),
        half_life="–".join(number(half_life(gate), 2 if spread else 3) for gate in gates),
        spread=spread,
        units=counts,
        parameters={cell: parameter_count(settings, cell, count) for cell, count in counts.items()},
    )


def variant_titles() -> dict[str, str]:
    """Titles of the cells of the LSTM family, by name."""
    return {name: variant.title for name, variant in VARIANTS.items()}


def conditions(settings: Settings) -> list[str]:
    """What is unusual about cells and input, one line each; empty for the usual ones."""
    told = []
    if "lstm" in settings.cells and settings.variant != "vanilla":
        told.append(tr(VARIANTS[settings.variant].title))
    if "gru" in settings.cells and settings.reset != "after":
        told.append(tr("GRU with its reset gate before the product"))
    disturbed = disturbances(settings)
    return [*told, *([disturbed[:1].upper() + disturbed[1:]] if disturbed else [])]


def disturbances(settings: Settings) -> str:
    """What disturbs the input, in a few words: ``noise 0.5, 20 % left out``; empty for nothing."""
    told = [tr("noise {size:g}").format(size=settings.noise)] if settings.noise else []
    told += [tr("{share:.0%} left out").format(share=settings.missing).replace("%", " %")] if settings.missing else []
    return tr(", ").join(told)


def most_layers() -> int:
    """How many layers a network may have."""
    return int(FIELDS["layers"].high)


def task_titles() -> dict[str, str]:
    """Titles of all tasks, by name, in the order of the list."""
    return {name: task.title for name, task in TASKS.items()}


def task_groups() -> dict[str, tuple[str, ...]]:
    """Names of the tasks by the title of their group, in the order of the list; no group is empty."""
    found = {title: tuple(name for name, task in TASKS.items() if task.group == key) for key, title in GROUPS.items()}
    return {title: names for title, names in found.items() if names}


def task_words(name: str) -> str:
    """What a task is, what its gap stretches, when it is solved, and where it comes from; own data has no markup."""
    task = TASKS[name]
    told = tr("{about} Gap: {gap}. Solved: {criterion}. Source: {source}.")
    return told.format(about=task.about, gap=task.gap_means, criterion=task.criterion, source=task.source)


def gap_words(task: str) -> str:
    """What the gap of a task stretches: ``Timesteps from the cue to the query``."""
    words = TASKS[task].gap_means
    return words[:1].upper() + words[1:]


def least_gap(task: str) -> int:
    """The smallest gap that a task knows, timesteps."""
    return TASKS[task].least_gap


def greatest_gap(task: str) -> int | None:
    """The largest gap that a task knows, timesteps; None where there is no such end."""
    return TASKS[task].greatest_gap
