"""A comparison with interventions: the same networks on the same sequence, run again with something held or changed.

Words used in this file
    T, B, H, Q   timesteps, sequences, hidden units, quantities that can be held
    held         (Q, T, B, H): NaN where a quantity is free, a number where it is held, infinity where a state is frozen
    base         the comparison without interventions
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.lab.batches import last_targets
from lstmviz.lab.comparison import Comparison, Racer, racer_of
from lstmviz.lab.interventions import (
    HELD,
    Clamp,
    Cut,
    Freeze,
    InputEdit,
    Intervention,
    Sizes,
    WeightEdit,
    fits,
    holdable,
)
from lstmviz.lab.letters import letter_of, with_letters
from lstmviz.lab.network import Network
from lstmviz.lab.stack import AnyNetwork, Stack
from lstmviz.lab.tasks import Batch, Task
from lstmviz.lab.trace import trace

Array = NDArray[np.floating]
FROZEN = np.inf


@dataclass(frozen=True, eq=False, slots=True)
class Changed:
    """One network of a comparison with what its interventions make of it."""

    racer: Racer  # of the base
    network: AnyNetwork
    readout: ReadoutParameters
    held: Array | None


def intervened(
    comparison: Comparison,
    interventions: Iterable[Intervention],
    engine: str = "auto",
    earlier: Comparison | None = None,
) -> Comparison:
    """Run a comparison with interventions.

    Parameters
    ----------
    comparison : Comparison
        Without interventions; trained or not. Its networks stay as they are.
    interventions : iterable
        Those that are off, or that find nothing to change, do nothing. Of two that change the same number the later
        one counts.
    engine : str
        "auto", "kernels" or "reference".
    earlier : Comparison, optional
        The same comparison with other interventions: a network for which they are the same is not run again.

    Returns
    -------
    Comparison
        ``comparison`` itself when nothing acts. A network that no intervention touches keeps its racer.
    """
    acting = tuple(acting_on(comparison, interventions))
    if not acting:
        return comparison
    runs = [comparison] if earlier is None else [comparison, earlier]
    same_inputs = [run.batch for run in runs if _inputs(run.interventions) == _inputs(acting)]
    batch = same_inputs[0] if same_inputs else edited_batch(comparison, acting)
    alike = [run for run in runs if run.batch is batch]
    racers = tuple(
        _known(alike, racer.network.cell, acting) or _run_again(changed(racer, acting), batch, comparison.task, engine)
        for racer in comparison.racers
    )
    return replace(comparison, batch=batch, racers=racers, interventions=acting)


def _known(runs: Sequence[Comparison], cell: str, interventions: Sequence[Intervention]) -> Racer | None:
    """A network that has run with the same interventions, in the first of some runs on the same sequences."""
    mine = _meant_for(cell, interventions)
    return next((run.racer(cell) for run in runs if _meant_for(cell, run.interventions) == mine), None)


def _run_again(found: Changed, batch: Batch, task: Task, engine: str) -> Racer:
    targets = last_targets(batch, task, found.network.dtype)
    return racer_of(
        trace(found.network, batch.x, readout=found.readout, targets=targets, held=found.held, engine=engine)
    )


def _inputs(interventions: Iterable[Intervention]) -> list[Intervention]:
    return [one for one in interventions if isinstance(one, InputEdit)]


def _meant_for(cell: str, interventions: Iterable[Intervention]) -> list[Intervention]:
    return [one for one in interventions if not isinstance(one, InputEdit) and one.cell == cell]


def acting_on(comparison: Comparison, interventions: Iterable[Intervention]) -> list[Intervention]:
    """The interventions that are on and find something to change."""
    sizes = {racer.network.cell: sizes_of_racer(racer) for racer in comparison.racers}
    of_any = next(iter(sizes.values()), Sizes(0, 0))
    return [
        one
        for one in interventions
        if one.on and fits(one, of_any if isinstance(one, InputEdit) else sizes.get(one.cell, Sizes(0, 0)))
    ]


def sizes_of_racer(racer: Racer) -> Sizes:
    """What there is to change in one network of a run."""
    drawn, parameters = racer.network, racer.network.parameters
    arrays = {name: getattr(parameters, name).shape for name in parameters._fields}
    arrays |= {"readout_weight": racer.readout.weight.shape, "readout_bias": racer.readout.bias.shape}
    return Sizes(
        racer.trace.timesteps,
        racer.recorded.network.inputs,
        drawn.hidden,
        holdable(drawn.cell, getattr(drawn, "variant", "vanilla")),
        tuple(arrays.items()),
    )


def changed(racer: Racer, interventions: Sequence[Intervention]) -> Changed:
    """A network with the interventions that are meant for it; what they leave alone is the same object as before."""
    mine = _meant_for(racer.network.cell, interventions)
    network, readout = racer.recorded.network, racer.readout
    arrays = _edited_arrays(racer, [one for one in mine if isinstance(one, WeightEdit | Cut)])
    inside = {name: array for name, array in arrays.items() if not name.startswith("readout_")}
    if inside:
        network = with_drawn(network, racer.network.with_parameters(racer.network.parameters._replace(**inside)))
    if len(inside) < len(arrays):
        weight, bias = arrays.get("readout_weight", readout.weight), arrays.get("readout_bias", readout.bias)
        readout = ReadoutParameters(weight, bias)
    return Changed(racer, network, readout, held_array(racer, [one for one in mine if isinstance(one, Clamp | Freeze)]))


def with_drawn(network: AnyNetwork, drawn: Network) -> AnyNetwork:
    """A network whose drawn cell is another one: the cell itself, or the forward cell of a stack's top layer."""
    if not isinstance(network, Stack):
        return drawn
    return Stack([*network.layers[:-1], (drawn, *network.layers[-1][1:])])


def drawn_of(network: AnyNetwork) -> Network:
    """The cell that is drawn."""
    return network.top if isinstance(network, Stack) else network


def _edited_arrays(racer: Racer, edits: Sequence[WeightEdit | Cut]) -> dict[str, Array]:
    """The arrays that are edited, as copies with their edits."""
    found: dict[str, Array] = {}

    def array(name: str) -> Array:
        if name not in found:
            source: Any = racer.readout if name.startswith("readout_") else racer.network.parameters
            found[name] = np.array(getattr(source, name.removeprefix("readout_")))
        return found[name]

    for one in edits:
        if isinstance(one, Cut):
            array("weight_hh")[one.target :: racer.network.hidden, one.source] = 0.0
        else:
            edited = array(one.array)
            edited[(one.row, one.column)[: edited.ndim]] = one.value
    for edited in found.values():
        edited.flags.writeable = False
    return found


def held_array(racer: Racer, holding: Sequence[Clamp | Freeze]) -> Array | None:
    """What is held where (Q, T, B, H), in the network's number type; None when nothing is."""
    if not holding:
        return None
    cell, hidden, shape = racer.network.cell, racer.network.hidden, racer.trace.tape.h.shape
    held = np.full((len(HELD[cell]), shape[0] - 1, *shape[1:]), np.nan, dtype=racer.network.dtype)
    for one in holding:
        units = [unit for unit in one.units if unit < hidden] or slice(None)
        rows = slice(one.first - 1, one.last)
        if isinstance(one, Freeze):
            for state in ("c", "h"):
                if state in HELD[cell]:
                    held[HELD[cell].index(state), rows, :, units] = FROZEN
        else:
            part = held[HELD[cell].index(one.quantity), rows]
            values = np.asarray(one.values if len(one.values) == 1 else one.values[: len(part)])
            part[:, :, units] = values[:, None, None]
    held.flags.writeable = False
    return held


def edited_batch(comparison: Comparison, interventions: Sequence[Intervention]) -> Batch:
    """The sequences with the input edits, in the first of them; the same object when there are none."""
    edits = {one.t: one.values for one in interventions if isinstance(one, InputEdit)}
    batch = comparison.batch
    if not edits:
        return batch
    x = np.array(batch.x)
    for t, values in edits.items():
        x[t - 1, 0] = values
    fresh = replace(batch, x=x)
    letters = {t: letter_of(comparison.settings.task, values) for t, values in edits.items()}
    write: Callable[[], tuple[str, ...]] = lambda: with_letters(batch, letters)  # noqa: E731
    object.__setattr__(fresh, "write", write)
    return fresh
