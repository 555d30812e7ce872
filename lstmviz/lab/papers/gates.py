"""What gates are good for: one taken away at a time, and the forget gate on a stream that never ends.

Words used in this file
    stream    strings of the embedded Reber grammar one after the other, the state never reset
    outer     the second T or P of a string, which only the first one tells
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstmviz.lab.papers.modern import FRESH, TRAINING, base, fail, solve, trained
from lstmviz.lab.papers.parts import Expectation, Experiment, Results, Row
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS, Batch
from lstmviz.lab.tasks.reber import P, T
from lstmviz.lab.tasks.task import Array, sets
from lstmviz.lab.training import Training
from lstmviz.words import tr

# ---------------------------------------------------------------- one gate taken away

NAMES = {
    "vanilla": tr("all gates"),
    "nig": tr("no input gate"),
    "nfg": tr("no forget gate"),
    "nog": tr("no output gate"),
    "cifg": tr("input gate = 1 − forget gate"),
    "niaf": tr("no tanh of the candidate"),
    "noaf": tr("no tanh of the cell state"),
}
ADDING = base("adding", 50, 12, 5e-3, 1200)


def _not_slower(results: Results) -> bool:
    return results.median(NAMES["cifg"], "solved_at") <= results.median(NAMES["vanilla"], "solved_at")


GATES = Experiment(
    name="gates",
    title=tr("One gate taken away"),
    source=tr("Greff, Srivastava, Koutník, Steunebrink & Schmidhuber (2017): eight variants, three other tasks"),
    setup=tr("Adding over 50 timesteps; LSTM of 12 units, bias 1, learning rate 0.005; ") + TRAINING,
    same=tr("The variants."),
    differs=tr("A toy task, where the paper has speech, handwriting and music; no peepholes. ") + FRESH,
    criterion=tr("mean squared error below 0.005 on 500 unseen sequences"),
    budget=tr("1200 updates"),
    paper=tr(
        "Forget gate and output tanh matter most; coupled gates and no peepholes cost nothing. "
        "On this task only the second half holds"
    ),
    seeds=4,
    cost=tr("60 s"),
    headline=NAMES["cifg"],
    rows=tuple(trained(name, "lstm", ADDING, forget_bias=1.0, variant=variant) for variant, name in NAMES.items()),
    expected=(
        fail((NAMES["nig"],), of=4),
        solve((NAMES["cifg"],), 4, 4),
        Expectation(tr("coupled gates: the median is not above that of all gates"), _not_slower),
    ),
)

# ---------------------------------------------------------------- a stream

WINDOW, SYMBOLS, STRINGS = 75, 7500, 200
ENOUGH = 0.9995  # of all answers; one in twelve is an outer symbol
FORGETS, KEEPS = tr("forget gate, bias 1"), tr("no forget gate")
EARLY, LATE, OUTER = tr("|c| after 75 symbols"), tr("|c| at the end"), tr("outer symbols right at the end")


@dataclass(frozen=True, slots=True)
class Course:
    """One network, trained on windows of a stream."""

    settings: Settings
    recipe: Recipe
    updates: int


def run_stream(course: Course, seed: int) -> dict[str, Any]:
    """Train on windows, then read one stream; of a module's top level, so that it travels to processes."""
    settings = replace(course.settings, seed=seed)
    training = Training(settings, course.recipe)
    best = 0.0
    while training.update < course.updates and best < ENOUGH:
        best = max((found.score for found in training.advance().examinations[0]), default=0.0)
    network, readout = training.networks()[0]
    batch = TASKS["stream"].draw(SYMBOLS - 1, 1, np.random.default_rng([seed, 8]))
    tape: Any = network.forward(batch.x.astype(network.dtype), engine="kernels")
    outputs = network.seen(tape)[1:] @ readout.weight.T + readout.bias
    norms = np.linalg.norm(tape.c[:, 0].astype(np.float64), axis=1)
    right = outer_right(outputs, batch)
    return {"solved": right >= 0.98, EARLY: float(norms[WINDOW]), LATE: float(norms[-1]), OUTER: right}


def outer_right(outputs: Array, batch: Batch) -> float:
    """Share of the outer symbols of the last 200 strings that are foreseen, exactly that one of T and P.

    Parameters
    ----------
    outputs : float (T, 1, 7)
    batch : Batch
        One stream.
    """
    certain = batch.targets.sum(axis=-1) == 1
    outer = np.flatnonzero(certain[:, 0] & (batch.targets[:, 0, [T, P]].sum(axis=-1) == 1))[-STRINGS:]
    return float(np.mean(sets(outputs, batch)[outer, 0]))


def _stream(name: str, variant: str) -> Row:
    settings = Settings(
        task="stream", gap=WINDOW - 1, cells=("lstm",), hidden=12, forget_bias=1.0, variant=variant, dtype="float32"
    )
    return Row(name, run_stream, Course(settings, Recipe(learning_rate=1e-2, test_every=50), 4000))


STREAM = Experiment(
    name="stream",
    title=tr("A stream that is never reset, with and without a forget gate"),
    source=tr("Gers, Schmidhuber & Cummins (2000), Learning to Forget, section 4: continual embedded Reber grammar"),
    setup=tr("LSTM of 12 units, learning rate 0.01; ") + TRAINING + tr("; windows of 75 symbols of a stream"),
    same=tr("Grammar, strings without a mark between them, and that nothing is reset in the test."),
    differs=tr("The state is reset at the start of each training window. The paper trains on until the first mistake."),
    criterion=tr("98 % of the outer symbols of the last 200 strings of one stream right"),
    budget=tr(
        "4000 updates or until 99.95 % of all answers in unseen windows are right, then a stream of 7500 symbols"
    ),
    paper=tr("Perfect streams of a million symbols: 18 % of the networks, 62 % with falling learning rate; else none"),
    seeds=3,
    cost=tr("60 s"),
    headline=FORGETS,
    rows=(_stream(FORGETS, "vanilla"), _stream(KEEPS, "nfg")),
    expected=(
        Expectation(
            tr("without the gate |c| ends more than 50 times as large, in the median"),
            lambda results: results.median(KEEPS, LATE) > 50 * results.median(FORGETS, LATE),
        ),
        Expectation(
            tr("with the gate at least 98 % of the outer symbols at the end are right for every seed"),
            lambda results: results.every(FORGETS, OUTER, lambda value: value >= 0.98),
        ),
    ),
)
