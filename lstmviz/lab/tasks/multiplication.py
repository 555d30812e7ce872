"""Multiplication: the product of two marked numbers."""

from numpy.random import Generator

from lstmviz.lab.tasks.adding import marked_pairs, near, numbers
from lstmviz.lab.tasks.task import Array, Batch, Task, error
from lstmviz.words import tr


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Sequences of ``gap`` + 1 pairs (number, marker), as in adding; the target is the product.

    Parameters
    ----------
    gap : int
        Timesteps from the first timestep to the query, 2 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.

    References
    ----------
    Hochreiter & Schmidhuber (1997), section 5.5: marked numbers from U[0, 1], so that a sum will not do.
    """
    x, values, cues = marked_pairs(gap + 1, batch, rng)
    return Batch(x, (values[0] * values[1])[:, None], numbers(x), cues, query=gap + 1)


def solved(outputs: Array, batch: Batch) -> bool:
    """Whether the squared error is under 3 % of that of guessing, as for adding."""
    return error(outputs, batch) < 0.0015


MULTIPLICATION = Task(
    name="multiplication",
    title=tr("Multiplication"),
    question=tr("what product?"),
    about=tr(
        "Each timestep brings a number from 0 to 1 and a marker. Two numbers are marked, one in each half; at the last "
        "timestep the network gives their product. A cell state adds easily; here it also has to multiply."
    ),
    source="Hochreiter & Schmidhuber (1997), section 5.5; coding of Arjovsky, Shah & Bengio (2016), section 4.2",
    inputs=2,
    outputs=1,
    loss="squared_error",
    least_gap=2,
    chance=7.0 / 144.0,  # the variance of a product of two U[0, 1]: 1/9 - 1/16
    criterion=tr("mean squared error under 0.0015 on 500 unseen sequences"),
    draw=draw,
    score=near,
    score_name=tr("within 0.04"),
    solved=solved,
    shows="numbers",
    gap_means=tr("timesteps from the first number to the query"),
)
