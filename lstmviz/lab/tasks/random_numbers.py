"""Random numbers of any width: what a network reads that was trained elsewhere, on inputs that no task here has."""

import re

import numpy as np
from numpy.random import Generator

from lstmviz.files import caps
from lstmviz.lab.tasks.adding import numbers
from lstmviz.lab.tasks.task import Batch, Task, error, share
from lstmviz.words import tr

PREFIX = "random-"
_NAME = re.compile(r"random-([1-9][0-9]{0,2})")
SOLVED, NEAR = 0.1, 0.1


def width_in(name: str) -> int | None:
    """How many random numbers a timestep the task of this name has; None for the name of another task."""
    match = _NAME.fullmatch(name)
    width = int(match[1]) if match else 0
    return width if 1 <= width <= caps.INPUTS else None


def random_task(inputs: int) -> Task:
    """The task whose timesteps are ``inputs`` random numbers each: give the very first one at the end.

    Parameters
    ----------
    inputs : int
        Numbers of a timestep, 1 to 256.
    """

    def draw(gap: int, batch: int, rng: Generator) -> Batch:
        # sequence by sequence, so that a longer gap begins with the same numbers
        x = rng.standard_normal((batch, gap + 1, inputs)).transpose(1, 0, 2).copy()
        return Batch(x, x[0, :, :1].copy(), numbers(x), cues=(1,), query=gap + 1)

    return Task(
        name=f"{PREFIX}{inputs}",
        title=tr("{n} random numbers").format(n=inputs) if inputs > 1 else tr("A random number"),
        question=tr("what came first?"),
        about=tr(
            "Each timestep brings {n} numbers from a normal distribution. At the last timestep the network gives the "
            "first number of the first timestep. It is there for networks that were trained elsewhere, on inputs that "
            "no other task has."
        ).format(n=inputs),
        source=tr("this program"),
        inputs=inputs,
        outputs=1,
        loss="squared_error",
        least_gap=2,
        chance=1.0,  # the variance of what is asked
        criterion=tr("mean squared error under {limit} on 500 unseen sequences").format(limit=SOLVED),
        draw=draw,
        score=lambda outputs, batch: share((np.abs(outputs - batch.targets) < NEAR).all(axis=-1), batch),
        score_name=tr("within {limit}").format(limit=NEAR),
        solved=lambda outputs, batch: error(outputs, batch) < SOLVED,
        group="own",
        shows="numbers",
    )
