"""Random numbers of any width: what is asked is the first one, and a name says it all."""

import numpy as np
import pytest

from lstmviz.lab.tasks.random_numbers import random_task, width_in
from lstmviz.lab.tasks.task import error


@pytest.mark.parametrize("width", [1, 2, 37, 256])
def test_a_task_has_as_many_numbers_as_its_name_says_and_asks_for_the_first(width):
    task = random_task(width)
    assert width_in(task.name) == width == task.inputs
    batch = task.draw(7, 5, np.random.default_rng(0))
    assert batch.x.shape == (8, 5, width) and batch.targets.shape == (5, 1)
    np.testing.assert_array_equal(batch.targets[:, 0], batch.x[0, :, 0])
    assert (batch.cues, batch.query, len(batch.symbols)) == ((1,), 8, 8)
    assert task.solved(batch.targets, batch) and task.score(batch.targets, batch) == 1.0
    assert not task.solved(batch.targets + 1.0, batch) and task.score(batch.targets + 1.0, batch) == 0.0


@pytest.mark.parametrize("name", ["random-0", "random-257", "random-01", "random-", "random-1x", "own-12", "recall"])
def test_other_names_are_those_of_other_tasks(name):
    assert width_in(name) is None


def test_a_longer_gap_begins_with_the_same_numbers():
    short, long = (random_task(3).draw(gap, 1, np.random.default_rng(4)).x for gap in (5, 9))
    np.testing.assert_array_equal(short, long[:6])


def test_the_chance_loss_is_that_of_always_answering_zero():
    task = random_task(2)
    batch = task.draw(2, 40_000, np.random.default_rng(1))
    assert error(np.zeros((40_000, 1)), batch) == pytest.approx(task.chance_loss(2), rel=0.03)
