"""How much of the gradient is left before training, over gains and biases; it costs milliseconds."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lstmviz.lab.comparison import compare
from lstmviz.lab.papers.parts import Expectation, Experiment, Results, Row
from lstmviz.words import tr

TIMESTEPS, UNITS, SEQUENCES = 50, 32, 32
GAINS = (0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)
BIASES = (0.0, 1.0, 2.0, 3.0, 5.0)
RNN, LSTM = tr("RNN, orthogonal, by gain"), tr("LSTM, by bias and gain")


@dataclass(frozen=True, slots=True)
class Start:
    """Untrained networks of one kind."""

    cell: str
    gains: tuple[float, ...]
    biases: tuple[float, ...]


def run_start(setup: Start, seed: int) -> dict[str, Any]:
    """log10 of |dL/dh_1| / |dL/dh_T| for each gain and bias; of a module's top level, so that it travels."""
    found: dict[str, Any] = {}
    for gain in setup.gains:
        for bias in setup.biases:
            made = compare(
                cells=setup.cell, gap=TIMESTEPS - 1, hidden=UNITS, batch=SEQUENCES, seed=seed, gain=gain,
                forget_bias=bias, initialisation="orthogonal",
            )  # fmt: skip
            found[figure(setup.cell, gain, bias)] = made.racers[0].trace.flow.log10_share
    return {"solved": all(math.isfinite(value) for value in found.values())} | found


def figure(cell: str, gain: float, bias: float = 0.0) -> str:
    """The name of one figure: ``gain 0.5``, or ``bias 5, gain 1``."""
    name = tr("gain {gain:g}").format(gain=gain)
    return name if cell == "rnn" else tr("bias {bias:g}, {gain}").format(bias=bias, gain=name)


def below_the_bound(results: Results) -> bool:
    """No orthogonal RNN keeps more than gain ** (T - 1)."""
    return all(
        results.every(RNN, figure("rnn", gain), lambda value, gain=gain: value <= (TIMESTEPS - 1) * math.log10(gain))  # type: ignore[misc]
        for gain in GAINS
    )


def grows_with_the_bias(results: Results) -> bool:
    """With gain 1, a larger bias keeps more, for every seed."""
    names = [figure("lstm", 1.0, bias) for bias in BIASES]
    rows = [[run.figures[name] for name in names] for run in results.of(LSTM)]
    return bool(rows) and all(row == sorted(row) for row in rows)


def explodes(biases: tuple[float, ...]) -> Callable[[Results], bool]:
    """Whether, with gain 3 and these biases, the gradient grows on its way back, for every seed."""
    names = [figure("lstm", 3.0, bias) for bias in biases]
    return lambda results: all(results.every(LSTM, name, lambda value: value > 0) for name in names)


GRADIENTS = Experiment(
    name="gradient-share",
    title=tr("Gradient left before training, by gain and bias"),
    source=tr("Pascanu, Mikolov & Bengio (2013), section 2: the bound; the starts are our own choice"),
    setup=tr("32 units, T = 50, 32 sequences of first-token recall, untrained, float64"),
    same=tr("The bound: the largest singular value to the power of the distance, 49 timesteps."),
    differs=tr("Nothing is trained."),
    criterion=tr("every share is a number; a share is |∂L/∂h_1| / |∂L/∂h_T|; figures are log10 of it"),
    budget=tr("one pass forward and back"),
    paper=tr("A largest singular value below 1 is enough to vanish, and one above 1 is needed to explode"),
    seeds=5,
    cost=tr("1 s"),
    headline=LSTM,
    rows=(
        Row(RNN, run_start, Start("rnn", GAINS, (0.0,))),
        Row(LSTM, run_start, Start("lstm", (1.0, 2.0, 3.0), BIASES)),
    ),
    expected=(
        Expectation(tr("orthogonal RNN: the share stays below gain^49 at every gain and seed"), below_the_bound),
        Expectation(tr("LSTM: the share grows with the bias at every seed"), grows_with_the_bias),
        Expectation(
            tr("LSTM, bias 0: the share is below 10⁻⁶ at every seed"),
            lambda results: results.every(LSTM, figure("lstm", 1.0, 0.0), lambda value: value < -6),
        ),
        Expectation(
            tr("LSTM, bias 5: the share is above 0.1 at every seed"),
            lambda results: results.every(LSTM, figure("lstm", 1.0, 5.0), lambda value: value > -1),
        ),
        Expectation(
            tr("LSTM, gain 3, bias 3 or 5: the share is above 1, it explodes, at every seed"), explodes((3.0, 5.0))
        ),
        Expectation(tr("LSTM, gain 3, bias 1 or 2: the same"), explodes((1.0, 2.0)), essential=False),
    ),
)
