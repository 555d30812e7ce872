"""Recipe: learning rates, what each optimiser keeps, and refusals."""

import math

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.recipe import OPTIMISERS, Recipe, Schedule


def rates(schedule, updates):
    recipe = Recipe(learning_rate=0.1, schedule=schedule)
    return [recipe.rate(update) for update in range(1, updates + 1)]


def test_without_a_schedule_the_learning_rate_is_constant():
    assert rates(Schedule(), 5) == [0.1] * 5


def test_a_staircase_goes_down_by_its_factor_after_every_span():
    np.testing.assert_allclose(rates(Schedule("staircase", span=2, factor=0.5), 5), [0.1, 0.1, 0.05, 0.05, 0.025])


def test_a_cosine_goes_from_the_start_to_its_factor_and_stays_there():
    found = rates(Schedule("cosine", span=10, factor=0.2), 15)
    expected = [0.02 + 0.5 * 0.08 * (1 + math.cos(math.pi * min(update, 10) / 10)) for update in range(15)]
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert found[0] == pytest.approx(0.1) and found[5] == pytest.approx(0.06) and found[14] == pytest.approx(0.02)


@pytest.mark.parametrize("kind", ["constant", "staircase", "cosine"])
def test_a_warm_up_rises_evenly_and_then_the_schedule_begins(kind):
    found = rates(Schedule(kind, span=3, factor=0.5, warm_up=4), 12)
    np.testing.assert_allclose(found[:4], [0.025, 0.05, 0.075, 0.1])
    np.testing.assert_allclose(found[4:], rates(Schedule(kind, span=3, factor=0.5), 8))


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_optimiser_finds_the_bottom_of_a_bowl(optimiser):
    recipe = Recipe(learning_rate=0.02, optimiser=optimiser, schedule=Schedule("cosine", span=1500, factor=0.0))
    arrays = [np.array([[3.0, -2.0]]), np.array([1.0])]
    kept = recipe.nothing_kept(arrays)
    for update in range(1, 1501):
        recipe.apply(arrays, [2 * array for array in arrays], kept, update)
    np.testing.assert_allclose(np.concatenate([array.ravel() for array in arrays]), 0, atol=1e-3)


def test_weight_decay_leaves_biases_alone():
    arrays = [np.ones((2, 2)), np.ones(2)]
    Recipe(learning_rate=0.5, weight_decay=0.1, optimiser="sgd").apply(arrays, [np.zeros((2, 2)), np.zeros(2)], (), 1)
    np.testing.assert_allclose(arrays[0], 0.95)
    np.testing.assert_array_equal(arrays[1], 1.0)


@pytest.mark.parametrize(("by", "after"), [("norm", 1.0), ("value", math.sqrt(2)), ("none", 5.0)])
def test_the_norm_is_known_before_and_after_clipping(by, after):
    found = Recipe(clip_by=by).clipped([np.array([3.0]), np.array([[4.0]])])
    assert found == pytest.approx((5.0, after))


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"optimiser": "newton"}, "Recipe: optimiser: newton is unknown (sgd, momentum, rmsprop, adam)"),
        ({"clip": 0}, "Recipe: clip: 0 is out of range"),
        ({"clip": math.nan}, "Recipe: clip: nan is out of range"),
        ({"momentum": 1.0}, "Recipe: momentum: 1.0 is out of range (0 to 0.9999)"),
        ({"weight_decay": -1.0}, "Recipe: weight_decay: -1.0 is out of range (0 to 1000)"),
    ],
)
def test_a_recipe_out_of_range_is_refused_in_one_line(wrong, line):
    with pytest.raises(BadInput) as refused:
        Recipe(**wrong)
    assert str(refused.value).startswith(line)


def test_a_schedule_nobody_knows_is_refused():
    with pytest.raises(BadInput, match="Schedule: kind: linear is unknown"):
        Schedule("linear")
