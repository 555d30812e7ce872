"""Activity: two oscillations that take turns, as walking and running do in the signal of a wrist."""

import math

import numpy as np
from numpy.random import Generator

from lstmviz.lab.tasks.adding import numbers
from lstmviz.lab.tasks.task import Batch, Task, accuracy
from lstmviz.words import tr

PERIODS = (12.0, 5.0)  # timesteps, walking and running
NOISE = 0.15
STAYS = 25.0  # timesteps in one activity on average
SETTLED = 6  # timesteps of an activity before it is asked
LEAST_ACCURACY = 0.98


def draw(gap: int, batch: int, rng: Generator) -> Batch:
    """Signals of ``gap`` + 1 timesteps; the activity is asked where it has lasted for six timesteps or more.

    Parameters
    ----------
    gap : int
        Timesteps from the first to the last, 6 or more.
    batch : int
        Sequences.
    rng : numpy.random.Generator
        Where chance comes from.
    """
    timesteps = gap + 1
    change = rng.random((timesteps, batch)) < 1.0 / STAYS
    change[0] = rng.integers(0, 2, size=batch)
    change[max(timesteps - SETTLED, 1) :] = False  # the query at the end is asked of an activity that has settled
    activity = np.cumsum(change, axis=0) % 2
    phases = np.cumsum(2.0 * np.pi / np.array(PERIODS)[activity], axis=0) + rng.uniform(0.0, 2.0 * np.pi, size=batch)
    x = np.sin(phases) + NOISE * rng.standard_normal((timesteps, batch))
    times = np.arange(timesteps)[:, None]
    change[0] = True
    since = times - np.maximum.accumulate(np.where(change, times, 0), axis=0)
    asked = (since >= SETTLED - 1).astype(float)
    x = x[..., None]
    begun = int(timesteps - since[-1, 0])
    return Batch(x, activity, numbers(x), (begun,), query=timesteps, asked=asked)


def solved(outputs: np.ndarray, batch: Batch) -> bool:
    """Whether 98 % of the asked timesteps are right."""
    return accuracy(outputs, batch) >= LEAST_ACCURACY


ACTIVITY = Task(
    name="activity",
    title=tr("Activity"),
    question=tr("walk or run?"),
    about=tr(
        "A swinging arm, slow when walking and fast when running, with noise; the two take turns. At each timestep the "
        "network says which it is. One value alone cannot tell: the last few have to be held together."
    ),
    source="own toy task for activity recognition",
    inputs=1,
    outputs=2,
    loss="cross_entropy",
    least_gap=SETTLED,
    chance=math.log(2),
    criterion=tr("98 % of the settled timesteps of 500 unseen series right"),
    draw=draw,
    score=accuracy,
    score_name=tr("accuracy"),
    answers=(tr("walking"), tr("running")),
    solved=solved,
    loss_at="all",
    group="signals",
    shows="numbers",
    gap_means=tr("timesteps from the first to the last"),
)
