"""The network of Hochreiter & Schmidhuber (1997) and one trial of it, from a seed to a verdict.

Words used in this file
    block      one input gate, one output gate and some memory cells
    milestone  a rule that may hold before the one that ends a trial; the sequence at which it first held is kept

References
----------
Hochreiter & Schmidhuber (1997), Long Short-Term Memory, section 5 and tables 10 and 11.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.weights_1997 import Rule1997, Stream1997, Weights1997, no_recent
from lstmviz.lab.papers.reber_1997 import all_right, draw_sets, picked, strings_as_stream
from lstmviz.lab.papers.sequences_1997 import Draw, draw_distractors, draw_marked, draw_order, draw_two_sequences

Array = NDArray[np.floating]
TEST_SEQUENCES = 2560
AT_A_TIME = 1000  # sequences drawn together; it does not decide when training stops
REBER_SET, REBER_EVERY = 256, 100


@dataclass(frozen=True, slots=True)
class Setup1997:
    """One set-up of the paper's tables 10 and 11.

    Parameters
    ----------
    inputs, outputs, blocks, cells : int
        Sizes; ``cells`` in each block.
    rate : float
        Learning rate.
    span : float
        Weights start between -span and span.
    in_biases, out_biases : tuple of float
        Start of the gates' biases, block by block; empty: as the other weights.
    biased : str
        "all" units but inputs, "hidden" units, "gates", or "none".
    draw : callable, optional
        Draws sequences; without one, the strings of experiment 1.
    rule : Rule1997
        Ends the training: solved.
    milestones : dict
        Name to rule.
    budget : int
        Sequences after which a trial has failed.
    every : bool
        Update at each timestep, not at the end of each sequence.
    proof : int
        So many fresh sequences must be answered rightly, without learning, once the rule holds; if one is not, training
        goes on and the rule begins anew.
    """

    inputs: int
    outputs: int
    blocks: int
    cells: int
    rate: float
    span: float
    budget: int
    rule: Rule1997
    in_biases: tuple[float, ...] = ()
    out_biases: tuple[float, ...] = ()
    biased: str = "all"
    draw: Draw | None = None
    milestones: dict[str, Rule1997] = field(default_factory=dict)
    every: bool = False
    proof: int = 0

    @property
    def units(self) -> int:
        """U, hidden units: gates and cells."""
        return self.blocks * (2 + self.cells)


def start(setup: Setup1997, rng: np.random.Generator) -> Weights1997:
    """Weights before the first sequence."""
    units, n = setup.units, setup.blocks
    hidden = rng.uniform(-setup.span, setup.span, size=(1 + units + setup.inputs, units))
    output = rng.uniform(-setup.span, setup.span, size=(1 + n * setup.cells, setup.outputs))
    if setup.in_biases:
        hidden[0, :n] = setup.in_biases
    if setup.out_biases:
        hidden[0, n : 2 * n] = setup.out_biases
    biased = np.zeros(units)
    biased[: {"all": units, "hidden": units, "gates": 2 * n, "none": 0}[setup.biased]] = 1.0
    hidden[0] *= biased
    output_biased = float(setup.biased == "all")
    output[0] *= output_biased
    return Weights1997(hidden, output, biased, output_biased, n)


def weight_count(setup: Setup1997) -> int:
    """Weights that are trained, as the paper counts them."""
    made = start(setup, np.random.default_rng(0))
    without = (made.hidden.shape[0] - 1) * made.hidden.shape[1] + (made.output.shape[0] - 1) * made.output.shape[1]
    return int(without + made.hidden_biased.sum() + made.output_biased * setup.outputs)


def run_1997(setup: Setup1997, seed: int) -> dict[str, Any]:
    """One trial.

    Parameters
    ----------
    setup : Setup1997
    seed : int
        Of weights, training sequences and test sequences.

    Returns
    -------
    dict
        ``solved``, ``solved_at`` (a number of sequences, or None), ``sequences`` and ``timesteps`` trained on, one
        entry for each milestone (as ``solved_at``), and of 2560 fresh sequences ``wrong``, ``mean_error`` (absolute)
        and ``mean_squared_error``.
    """
    found = _run_strings(setup, seed) if setup.draw is None else _run_drawn(setup, setup.draw, seed)
    return {"solved": found["solved"], "solved_at": found["sequences"] if found["solved"] else None} | found


def _run_drawn(setup: Setup1997, draw: Draw, seed: int) -> dict[str, Any]:
    from lstmviz.engine.lstm_1997 import train_1997

    weights, rng = start(setup, np.random.default_rng([seed, 0])), np.random.default_rng([seed, 1])
    recent, solved, sequences, timesteps, history = no_recent(setup.rule), False, 0, 0, []
    while sequences < setup.budget and not solved:
        stream = draw(min(AT_A_TIME, setup.budget - sequences), rng)
        errors = np.zeros((len(stream.starts) - 1, 2))
        done, solved = train_1997(weights, stream, setup.rate, setup.every, setup.rule, recent, errors)
        sequences, timesteps = sequences + done, timesteps + int(stream.starts[done])
        history.append(errors[:done])
        if solved and not _proved(setup, weights, draw, rng):
            solved, recent = False, no_recent(setup.rule)
    past = np.concatenate(history)
    reached = {name: first_time(past, rule) for name, rule in setup.milestones.items()}
    return {"solved": bool(solved), "sequences": sequences, "timesteps": timesteps, **reached} | _tested(
        setup, weights, draw(TEST_SEQUENCES, np.random.default_rng([seed, 2]))
    )


def _proved(setup: Setup1997, weights: Weights1997, draw: Draw, rng: np.random.Generator) -> bool:
    """Whether the weights as they are answer all of ``proof`` fresh sequences rightly."""
    for begun in range(0, setup.proof, AT_A_TIME):
        stream = draw(min(AT_A_TIME, setup.proof - begun), rng)
        off = np.abs(_answers(weights, stream) - stream.targets)
        if not np.all(off < setup.rule.each):
            return False
    return True


def _tested(setup: Setup1997, weights: Weights1997, stream: Stream1997) -> dict[str, Any]:
    off = np.abs(_answers(weights, stream) - stream.targets)
    wrong = int(np.sum(~(off.max(axis=1) < setup.rule.each)))
    return {"wrong": wrong, "mean_error": float(off.mean()), "mean_squared_error": float(np.mean(off**2))}


def first_time(history: Array, rule: Rule1997) -> int | None:
    """After how many sequences a rule first held.

    Parameters
    ----------
    history : float64 (S, 2)
        Mean and largest absolute error of each sequence.
    rule : Rule1997
    """
    if len(history) < rule.window:
        return None
    mean = _sums(history[:, 0], rule.window) < rule.mean * rule.window
    wrong = _sums(~(history[:, 1] < rule.each), rule.window) <= rule.wrong
    found = np.flatnonzero(mean & wrong)
    return int(found[0]) + rule.window if len(found) else None


def _sums(values: NDArray[Any], window: int) -> Array:
    """Sum of each ``window`` neighbours (S - window + 1,)."""
    summed = np.concatenate([[0.0], np.cumsum(values, dtype=float)])
    return np.asarray(summed[window:] - summed[:-window])


def _run_strings(setup: Setup1997, seed: int) -> dict[str, Any]:
    """A trial of experiment 1: ten seeds share each of three pairs of sets, as in the paper."""
    from lstmviz.engine.lstm_1997 import train_1997

    known, unseen = map(strings_as_stream, draw_sets(REBER_SET, np.random.default_rng([seed // 10 % 3, 3])))
    weights, rng = start(setup, np.random.default_rng([seed, 0])), np.random.default_rng([seed, 1])
    solved, strings, timesteps, errors = False, 0, 0, np.zeros((REBER_EVERY, 2))
    while strings < setup.budget and not solved:
        stream = picked(known.stream, rng.integers(0, REBER_SET, size=REBER_EVERY))
        train_1997(weights, stream, setup.rate, setup.every, setup.rule, no_recent(setup.rule), errors)
        strings, timesteps = strings + REBER_EVERY, timesteps + int(stream.starts[-1])
        solved = all(all_right(_answers(weights, those.stream), those.legal) for those in (known, unseen))
    return {"solved": solved, "sequences": strings, "timesteps": timesteps}


def _answers(weights: Weights1997, stream: Stream1997) -> Array:
    from lstmviz.engine.lstm_1997 import answers_1997

    answers = np.zeros_like(stream.targets)
    answers_1997(answers, weights, stream)
    return answers


# ---------------------------------------------------------------- the set-ups

NEVER = Rule1997(1, 0.0, 0.0, 0)  # experiment 1 is judged on its sets, not on the errors


def _reber(blocks: int, cells: int, rate: float, every: bool = False) -> Setup1997:
    out = (-1.0, -2.0, -3.0, -4.0)[:blocks]
    return Setup1997(7, 7, blocks, cells, rate, 0.2, 60_000, NEVER, out_biases=out, biased="gates", every=every)


def _two_sequences(informative: int, noisy: bool) -> Setup1997:
    draw = partial(draw_two_sequences, informative=informative, noisy=noisy)
    wrong, mean = (5, 0.04) if noisy else (0, 0.01)
    rule, first = Rule1997(256, mean, 0.2, wrong), Rule1997(256, np.inf, 0.2, wrong)
    gates_in, gates_out = (-1.0, -3.0, -5.0), (-2.0, -4.0, -6.0)
    return Setup1997(1, 1, 3, 1, 1.0, 0.1, 400_000, rule, gates_in, gates_out, "hidden", draw, {"ST1": first})


def _distractors(lag: int, kinds: int) -> Setup1997:
    draw, rule = partial(draw_distractors, lag=lag, kinds=kinds), Rule1997(1000, np.inf, 0.2, 0)
    return Setup1997(kinds + 4, 2, 2, 1, 0.01, 0.2, 300_000, rule, biased="none", draw=draw, proof=10_000)


def _adding(shortest: int, budget: int) -> Setup1997:
    milestones = {
        "mean error below 0.01": Rule1997(2000, 0.01, 0.04, 2000),
        "5 % wrong": Rule1997(2000, np.inf, 0.04, 100),
        "1 % wrong": Rule1997(2000, np.inf, 0.04, 20),
        "3 of 2000 wrong": Rule1997(2000, np.inf, 0.04, 3),
    }
    draw, rule = partial(draw_marked, shortest=shortest), Rule1997(2000, 0.01, 0.04, 0)
    return Setup1997(2, 1, 2, 2, 0.5, 0.1, budget, rule, (-3.0, -6.0), draw=draw, milestones=milestones)


def _product() -> Setup1997:
    rule = Rule1997(2000, np.inf, 0.04, 139)
    return Setup1997(2, 1, 2, 2, 0.1, 0.1, 1_300_000, rule, draw=partial(draw_marked, product=True))


def _order(windows: tuple[tuple[int, int], ...], rate: float, budget: int) -> Setup1997:
    count, rule = len(windows), Rule1997(2000, 0.1, 0.3, 0)
    gates, draw = (-2.0, -4.0, -6.0)[:count], partial(draw_order, windows=windows)
    begun = {"1 % wrong": Rule1997(2000, np.inf, 0.3, 20)}
    return Setup1997(8, 2**count, count, 2, rate, 0.1, budget, rule, gates, draw=draw, milestones=begun)


SETUPS: dict[str, Setup1997] = {
    "1, 4 blocks, rate 0.1": _reber(4, 1, 0.1),
    "1, 3 blocks, rate 0.1": _reber(3, 2, 0.1),
    "1, 3 blocks, rate 0.2": _reber(3, 2, 0.2),
    "1, 4 blocks, rate 0.5": _reber(4, 1, 0.5),
    "1, 3 blocks, rate 0.5": _reber(3, 2, 0.5),
    "1, 3 blocks, rate 0.2, each timestep": _reber(3, 2, 0.2, every=True),
    "1, 3 blocks, rate 0.5, each timestep": _reber(3, 2, 0.5, every=True),
    "2c, p = q = 50": _distractors(50, 50),
    "2c, p = q = 100": _distractors(100, 100),
    "3a, N = 1": _two_sequences(1, False),
    "3a, N = 3": _two_sequences(3, False),
    "3b, N = 1": _two_sequences(1, True),
    "3b, N = 3": _two_sequences(3, True),
    "4, T = 100": _adding(100, 200_000),
    "4, T = 500": _adding(500, 220_000),
    "5": _product(),
    "6a": _order(((10, 20), (50, 60)), 0.5, 60_000),
    "6b": _order(((10, 20), (33, 43), (66, 76)), 0.1, 800_000),
}
