"""Two-sequence latch: which sign the first numbers had, behind noise."""

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.tasks.adding import numbers, shortest
from lstmviz.lab.tasks.task import Array, Batch, Task, mostly_right_sets, right_sets
from lstmviz.words import tr

INFORMATIVE = 3  # N of the paper
VARIANCE = 0.2


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of up to ``gap`` + 1 numbers, the first three 1 or -1, then noise; the first is the longest.

    Parameters
    ----------
    gap : int
        Timesteps from the first number of the longest sequence to its query, 4 or more; the shortest sequence has that
        length divided by 1.1.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps = gap + 1
    classes = rng.integers(0, 2, size=batch)
    lengths = rng.integers(max(shortest(timesteps), INFORMATIVE + 1), timesteps + 1, size=batch)
    lengths[0] = timesteps
    x = latched(classes, lengths, INFORMATIVE, rng)
    targets = np.broadcast_to(classes.astype(float), (timesteps, batch))[..., None].copy()
    asked = np.zeros((timesteps, batch))
    asked[lengths - 1, np.arange(batch)] = 1.0
    return Batch(x, targets, numbers(x), tuple(range(1, INFORMATIVE + 1)), query=timesteps, asked=asked)


def latched(
    classes: NDArray[np.integer], lengths: NDArray[np.integer], informative: int, rng: Generator, noisy: bool = False
) -> Array:
    """Numbers (T, B, 1) of the two-sequence problem, zero beyond each length.

    Parameters
    ----------
    classes, lengths : int (B,)
        0 (the first numbers are -1) or 1, and timesteps of each sequence.
    informative : int
        N of the paper: how many numbers carry the class.
    rng : numpy.random.Generator
        Where chance comes from.
    noisy : bool
        Add the noise to the informative numbers too: experiment 3b.

    References
    ----------
    Bengio, Simard & Frasconi (1994); Hochreiter & Schmidhuber (1997), section 5.3: noise of variance 0.2.
    """
    noise = rng.standard_normal((int(lengths.max()), len(lengths))) * math.sqrt(VARIANCE)
    if not noisy:
        noise[:informative] = 0.0
    noise[:informative] += 2.0 * classes - 1.0
    noise[np.arange(len(noise))[:, None] >= lengths] = 0.0
    return noise[:, :, None]


LATCH = Task(
    name="latch",
    title=tr("Two-sequence latch"),
    question=tr("which sign?"),
    about=tr(
        "The first three numbers are all 1 or all −1; noise follows. At the end the network says which it was. One bit "
        "has to be latched. Weights drawn at random solve this task surprisingly often, so it proves little alone."
    ),
    source="Bengio, Simard & Frasconi (1994); Hochreiter & Schmidhuber (1997), section 5.3, experiment 3a",
    inputs=1,
    outputs=1,
    loss="binary",
    least_gap=4,
    chance=math.log(2),
    criterion=tr("99.5 % of 500 unseen sequences right"),
    draw=draw,
    score=right_sets,
    score_name=tr("accuracy"),
    solved=mostly_right_sets,
    shows="numbers",
    gap_means=tr("timesteps from the first number to the query of the longest sequence"),
)
