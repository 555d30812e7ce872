"""What interventions did: answers, losses, states and shares before and after, beside what the gradient forecast.

The forecast is the plain sum of dL/dx, dL/dW and dL/d(what is held), each times its change. Derivatives are those at
the run before, past what is held: a gate held at many timesteps can no longer answer to the gates before it, so nothing
flows back through it. With that, and only with that, the forecast is right to first order for several at once.

Words used in this file
    before, after   the run without interventions and the run with them
    true, forecast  change of the loss, and what the gradient before says it will be
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import BadInput
from lstmviz.lab.comparison import Comparison, Racer
from lstmviz.lab.intervened import Changed, changed, drawn_of
from lstmviz.lab.interventions import HELD
from lstmviz.lab.readout import Answer
from lstmviz.lab.stack import Stack
from lstmviz.lab.tasks import Task
from lstmviz.words import number, power, tr

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Effect:
    """What the interventions did to one network, in the sequence that is drawn; pairs are (before, after).

    Attributes
    ----------
    cell, name : str
        The network.
    answers : tuple of str
        Names of the classes or sigmoids; empty where the answer is numbers.
    right_answer : str
        In words.
    said : pair of tuple of float
        Probabilities of the answers, or the numbers that were answered.
    right : pair of bool, or of None
        Whether the answer was the right one; None where the answer is numbers.
    loss : pair of float
    forecast : float
        Change of the loss that the gradient of the run before says, to first order.
    log10_share : pair of float
        log10 of the share of the gradient at T that reaches t = 1.
    final : pair of float (H,)
        c_T, or h_T of a cell without c, of every unit.
    state : str
        "c" or "h".
    """

    cell: str
    name: str
    answers: tuple[str, ...]
    right_answer: str
    said: tuple[tuple[float, ...], tuple[float, ...]]
    right: tuple[bool | None, bool | None]
    loss: tuple[float, float]
    forecast: float
    log10_share: tuple[float, float]
    final: tuple[tuple[float, ...], tuple[float, ...]]
    state: str

    @property
    def true_change(self) -> float:
        """Of the loss."""
        return self.loss[1] - self.loss[0]

    @property
    def verdict(self) -> str:
        """What became of the answer: ``now right``, ``still wrong``; nothing where the answer is numbers."""
        before, after = self.right
        if before is None or after is None:
            return ""
        if before == after:
            return tr("still right") if after else tr("still wrong")
        return tr("now right") if after else tr("now wrong")

    @property
    def sentence(self) -> str:
        """What they did, in one line: ``LSTM: now wrong; loss 0.10 to 0.87, a change of 0.77; ...``."""
        loss = tr("loss {before} to {after}, a change of {true}; the gradient before forecast {forecast}").format(
            before=number(self.loss[0]),
            after=number(self.loss[1]),
            true=number(self.true_change),
            forecast=number(self.forecast),
        )
        share = tr("share at t = 1: {before} to {after}").format(
            before=power(self.log10_share[0]), after=power(self.log10_share[1])
        )
        parts = [self.verdict, loss, share]
        return tr("{name}: {what}").format(name=self.name, what="; ".join(part for part in parts if part))


def effects(
    before: Comparison,
    after: Comparison,
    engine: str = "auto",
    earlier: Comparison | None = None,
    known: tuple[Effect, ...] = (),
) -> tuple[Effect, ...]:
    """What the interventions of ``after`` did to each network that they touched.

    Parameters
    ----------
    before : Comparison
        The run without interventions.
    after : Comparison
        What ``intervened`` made of it.
    engine : str
        "auto", "kernels" or "reference".
    earlier, known : Comparison and tuple of Effect, optional
        Another run with interventions, and what they did: said again for the networks that were not run again.

    Raises
    ------
    BadInput
        If ``before`` has interventions itself, or ``after`` is a run of other networks.
    """
    if before.interventions:
        wrong = tr("it has interventions already")
        raise BadInput("effects", "before", wrong, tr("the run without them"))
    if (before.settings, before.update) != (after.settings, after.update):
        wrong = tr("this is a run of other networks")
        raise BadInput("effects", "after", wrong, tr("what lstmviz.intervene made of the run before"))
    same = {one.cell for one in known if earlier and earlier.racer(one.cell) is after.racer(one.cell)}
    kept = {one.cell: one for one in known if one.cell in same}
    return tuple(
        kept.get(old.network.cell) or _effect(before, after, old, new, engine)
        for old, new in zip(before.racers, after.racers, strict=True)
        if new is not old
    )


def _effect(before: Comparison, after: Comparison, old: Racer, new: Racer, engine: str) -> Effect:
    task = before.task
    return Effect(
        cell=old.network.cell,
        name=old.name,
        answers=tuple(task.answers),
        right_answer=task.answer(before.batch, len(before.batch.x)),
        said=(_said(old), _said(new)),
        right=(_right(old, task), _right(new, task)),
        loss=(old.trace.loss, new.trace.loss),
        forecast=forecast(old, changed(old, after.interventions), after.batch.x, engine),
        log10_share=(old.trace.flow.log10_share, new.trace.flow.log10_share),
        final=(_final(old), _final(new)),
        state="c" if old.network.cell == "lstm" else "h",
    )


def forecast(racer: Racer, found: Changed, x: Array, engine: str = "auto") -> float:
    """Change of the loss that the gradient of a run says will follow, to first order.

    Parameters
    ----------
    racer : Racer
        The run before.
    found : Changed
        Its network with the changes.
    x : float (T, B, I)
        The input with the changes.
    engine : str
        "auto", "kernels" or "reference".
    """
    network: Any = racer.recorded.network
    tape, gradients = racer.recorded.tape, racer.recorded.gradients
    if found.held is not None:
        gradients = network.backward(tape, racer.recorded.d_h_loss, engine=engine, held=found.held)
    drawn = gradients.cells[-1][0] if isinstance(network, Stack) else gradients
    with np.errstate(over="ignore", invalid="ignore"):
        total = _product(gradients.x, x.astype(tape.x.dtype, copy=False) - tape.x)
        total += _dot(drawn, drawn_of(found.network).parameters, racer.network.parameters)
        if found.readout is not racer.readout:
            total += _dot(_answer(racer).d_parameters, found.readout, racer.readout)
        if found.held is not None:
            total += _by_holding(racer, drawn, found.held)
    return total


def _dot(gradients: Any, fresh: Any, before: Any) -> float:
    """Sum of gradients times changes over the arrays of a parameter tuple."""
    names = before._fields if fresh is not before else ()
    return sum(_product(getattr(gradients, name), getattr(fresh, name) - getattr(before, name)) for name in names)


def _product(gradient: Array, moved: Array) -> float:
    """Sum of a gradient times changes; where nothing changes, an infinite gradient says nothing either."""
    at = moved != 0
    return float(np.sum(gradient[at] * moved[at], dtype=np.float64))


def _by_holding(racer: Racer, gradients: Any, held: Array) -> float:
    """What holding and freezing adds: each held quantity's gradient times how far it is moved."""
    total = 0.0
    for name, wanted in zip(HELD[racer.network.cell], held, strict=True):
        if np.isnan(wanted).all():
            continue
        rows = len(wanted)
        values, d = getattr(racer.trace.tape, name), getattr(gradients, name)[-rows:]
        before = values[-rows - 1 : -1] if len(values) > rows else values
        moved = np.where(np.isposinf(wanted), before, wanted) - values[-rows:]
        total += _product(d, np.where(np.isnan(wanted), 0.0, moved))
    return total


def _answer(racer: Racer) -> Answer:
    found = racer.recorded.answer
    assert found is not None
    return found


def _said(racer: Racer) -> tuple[float, ...]:
    answer = _answer(racer)
    return tuple(map(float, (answer.outputs if answer.probabilities is None else answer.probabilities)[0]))


def _right(racer: Racer, task: Task) -> bool | None:
    outputs, targets = _answer(racer).outputs[0], racer.recorded.targets
    assert targets is not None
    if task.loss == "squared_error":
        return None
    return (
        bool(np.argmax(outputs) == targets[0])
        if task.loss == "cross_entropy"
        else bool(np.array_equal(outputs > 0, targets[0]))
    )


def _final(racer: Racer) -> tuple[float, ...]:
    tape = racer.trace.tape
    return tuple(map(float, (tape.c if racer.network.cell == "lstm" else tape.h)[-1, 0]))
