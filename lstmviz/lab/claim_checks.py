"""Quick checks for claims: forward passes and gradients of untrained networks; each takes well under a second.

A check has the form of a published experiment, so that it is run, kept and shown like one; it expects nothing, as the
claim alone says what its figures mean.

Words used in this file
    figure   a number that one run gives, by name
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstmviz.lab.comparison import compare
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.papers.parts import Experiment, Row
from lstmviz.words import tr

Run = Callable[[Any, int], dict[str, Any]]
ANY = tr("none; the figures decide")
OWN = tr("own experiment")


def check(name: str, title: str, setup: str, rows: tuple[Row, ...], seeds: int = 5, **more: str) -> Experiment:
    """A check in the form of an experiment.

    Parameters
    ----------
    name, title, setup : str
        As of ``Experiment``.
    rows : tuple of Row
        The first is the headline.
    seeds : int
        How many are run unless told otherwise.
    **more : str
        ``criterion``, ``budget`` and ``cost``, where they are not those of a quick check.
    """
    texts = {"criterion": ANY, "budget": tr("one pass"), "cost": tr("1 s")} | more
    return Experiment(
        name=name, title=title, source=OWN, setup=setup, same="", differs="", paper=tr("None."), seeds=seeds,
        headline=rows[0].name, rows=rows, expected=(), **texts,
    )  # fmt: skip


def with_blocks(network: Any, **blocks: float) -> Any:
    """An LSTM in which whole blocks of weights are set: ``weight_hh=0``, ``f=5`` (a gate's bias), ``i=-10``."""
    parameters, hidden = network.parameters, network.hidden
    arrays = {name: np.array(array) for name, array in parameters._asdict().items()}
    for name, value in blocks.items():
        if name in arrays:
            arrays[name][...] = value
        else:
            start = "ifgo".index(name) * hidden
            arrays["bias"][start : start + hidden] = value
    return network.with_parameters(type(parameters)(**arrays))


def lstm(seed: int, hidden: int = 8, **options: Any) -> Any:
    """A small LSTM of two inputs."""
    return LSTM(inputs=2, hidden=hidden, seed=seed, **options)


def inputs(seed: int, timesteps: int) -> np.ndarray:
    """Random numbers (T, 1, 2)."""
    return np.random.default_rng([seed, 7]).normal(size=(timesteps, 1, 2))


# ---------------------------------------------------------------- what a forget gate's value means


def run_forget(bias: float, seed: int) -> dict[str, Any]:
    """Share of the cell state that is left after 20 timesteps in which nothing comes in."""
    network = with_blocks(lstm(seed), weight_ih=0.0, weight_hh=0.0, f=bias, i=-40.0)
    start = np.ones((1, network.hidden))
    tape = network.forward(np.zeros((20, 1, 2)), c0=start, engine="reference")
    gate, left = float(tape.f.mean()), float(tape.c[-1].mean())
    return {"solved": True, "gate": gate, "left": left, "half_life": math.log(0.5) / math.log(gate)}


FORGET = check(
    "forget-gate",
    tr("What the value of the forget gate means"),
    tr("LSTM whose gates are set by hand: input gate shut, forget gate at a fixed value; cell state 1 at the start"),
    (
        Row(tr("gate near 1"), run_forget, 5.0),
        Row(tr("gate at 0.5"), run_forget, 0.0),
        Row(tr("gate near 0"), run_forget, -5.0),
    ),
    seeds=1,
    budget=tr("20 timesteps"),
)

# ---------------------------------------------------------------- the cell state's arithmetic


def run_linear(gates_given: bool, seed: int) -> dict[str, Any]:
    """How far the answer of the cell state to a change is from doubling when the change is doubled, 0 to 1."""
    network = lstm(seed)
    network = with_blocks(network, weight_hh=0.0) if gates_given else network
    x, start = inputs(seed, 10), np.random.default_rng([seed, 8]).normal(size=(1, network.hidden))
    ends = [network.forward(x, c0=factor * start, engine="reference").c[-1] for factor in (0.0, 1.0, 2.0)]
    once, twice = ends[1] - ends[0], ends[2] - ends[0]
    return {"solved": True, "departure": float(np.abs(twice - 2 * once).max() / np.abs(twice).max())}


LINEAR = check(
    "cell-linear",
    tr("Whether the cell state is carried linearly"),
    tr("LSTM of 8 units, 10 timesteps; the first cell state is changed by some amount, and by twice as much"),
    (Row(tr("gates given"), run_linear, True), Row(tr("gates that read h"), run_linear, False)),
)


def run_sources(back: int, seed: int) -> dict[str, Any]:
    """How much the last cell state moves when the input some timesteps before is changed."""
    network, x = lstm(seed), inputs(seed, 10)
    other = x.copy()
    other[-1 - back] += 1.0
    ends = [network.forward(each, engine="reference").c[-1] for each in (x, other)]
    return {"solved": True, "moved": float(np.linalg.norm(ends[1] - ends[0]))}


SOURCES = check(
    "cell-sources",
    tr("Which inputs the cell state depends on"),
    tr("LSTM of 8 units, 10 timesteps; one input is changed by 1"),
    (Row(tr("this timestep's"), run_sources, 0), Row(tr("the timestep before's"), run_sources, 1)),
)


def run_output_gate(recurrent: bool, seed: int) -> dict[str, Any]:
    """How much the next cell state moves when the output gate is opened further."""
    network, x = lstm(seed), inputs(seed, 2)
    network = network if recurrent else with_blocks(network, weight_hh=0.0)
    ends = [with_blocks(network, o=bias).forward(x, engine="reference").c for bias in (0.0, 2.0)]
    return {"solved": True, "now": float(np.abs(ends[1][1] - ends[0][1]).max()), "next": _distance(ends)}


def _distance(ends: list[np.ndarray]) -> float:
    return float(np.abs(ends[1][2] - ends[0][2]).max())


OUTPUT_GATE = check(
    "output-gate",
    tr("Where the output gate reaches"),
    tr("LSTM of 8 units, 2 timesteps; the bias of the output gate is raised from 0 to 2"),
    (Row(tr("as it is"), run_output_gate, True), Row(tr("recurrent weights cut"), run_output_gate, False)),
)

# ---------------------------------------------------------------- sizes


@dataclass(frozen=True, slots=True)
class Size:
    """A network whose weights are counted."""

    cell: str
    timesteps: int


def run_size(size: Size, seed: int) -> dict[str, Any]:
    """Weights, and numbers that a forward pass keeps."""
    kind: Any = {"rnn": VanillaRNN, "lstm": LSTM, "gru": GRU}[size.cell]
    network = kind(inputs=2, hidden=16, seed=seed)
    tape = network.forward(np.zeros((size.timesteps, 1, 2)), engine="reference")
    return {"solved": True, "weights": network.parameter_count, "kept": sum(array.size for array in tape)}


SIZES = check(
    "sizes",
    tr("Weights, and what a pass keeps, by cell and length"),
    tr("16 units, 2 inputs"),
    (
        Row(tr("LSTM, T = 10"), run_size, Size("lstm", 10)),
        Row(tr("LSTM, T = 1000"), run_size, Size("lstm", 1000)),
        Row(tr("RNN, T = 10"), run_size, Size("rnn", 10)),
        Row(tr("GRU, T = 10"), run_size, Size("gru", 10)),
    ),
    seeds=1,
)

# ---------------------------------------------------------------- gradients before training


@dataclass(frozen=True, slots=True)
class Start:
    """An untrained network."""

    cell: str
    bias: float | str = 0.0


def run_share(start: Start, seed: int) -> dict[str, Any]:
    """log10 of the gradient's share that reaches t = 1, and its range over all timesteps, in powers of ten."""
    made = compare(cells=start.cell, gap=49, hidden=16, batch=32, seed=seed, forget_bias=start.bias)
    curve = made.racers[0].trace.flow.log10_h[1:]
    return {"solved": True, "share": float(curve[0] - curve[-1]), "range": float(curve.max() - curve.min())}


SHARES = check(
    "shares",
    tr("Gradient left over 49 timesteps before training"),
    tr("First-token recall, T = 50, 16 units, 32 sequences; RNN with uniform start, gain 1"),
    (
        Row("RNN", run_share, Start("rnn")),
        *(Row(tr("LSTM, bias {bias:g}").format(bias=bias), run_share, Start("lstm", bias)) for bias in (0, 1, 2, 3, 5)),
        Row("LSTM, chrono", run_share, Start("lstm", "chrono")),
        *(Row(tr("GRU, bias {bias:g}").format(bias=bias), run_share, Start("gru", bias)) for bias in (0, 3)),
    ),
)

# ---------------------------------------------------------------- a bit that is held without a gradient


def run_latch(weight: float, seed: int) -> dict[str, Any]:
    """One tanh unit that feeds itself: what is left of its state after 1000 timesteps, and of the gradient."""
    network: Any = VanillaRNN(inputs=1, hidden=1, seed=seed)
    parameters = type(network.parameters)(np.zeros((1, 1)), np.full((1, 1), weight), np.zeros(1))
    network = network.with_parameters(parameters)
    tape = network.forward(np.zeros((1000, 1, 1)), h0=np.full((1, 1), 0.5), engine="reference")
    loss = np.zeros_like(tape.h[1:])
    loss[-1] = 1.0
    share = network.backward(tape, loss, engine="reference").log10_h
    return {"solved": True, "state": float(abs(tape.h[-1, 0, 0])), "share": float(share[1, 0] - share[-1, 0])}


LATCH = check(
    "held-bit",
    tr("A bit that an RNN holds"),
    tr("One tanh unit without input that starts at 0.5 and feeds itself with a fixed weight"),
    (Row(tr("weight 2"), run_latch, 2.0), Row(tr("weight 0.5"), run_latch, 0.5)),
    seeds=1,
    budget=tr("1000 timesteps"),
)

QUICK = (FORGET, LINEAR, SOURCES, OUTPUT_GATE, SIZES, SHARES, LATCH)
