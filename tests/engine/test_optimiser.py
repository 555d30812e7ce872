"""Optimisers and clipping: against the published rules, in place, at any size."""

import math

import numpy as np
import pytest

from lstmviz.engine.optimiser import (
    adam,
    clip_by_norm,
    clip_by_value,
    decay_weights,
    joint_norm,
    momentum,
    rmsprop,
    sgd,
)


def adam_of_one_number(slopes, learning_rate):
    """Algorithm 1 of Kingma & Ba (2015), for one number that starts at 0."""
    value = m = v = 0.0
    for update, slope in enumerate(slopes, start=1):
        m = 0.9 * m + 0.1 * slope
        v = 0.999 * v + 0.001 * slope**2
        value -= learning_rate * (m / (1 - 0.9**update)) / (math.sqrt(v / (1 - 0.999**update)) + 1e-8)
    return value


def test_adam_is_algorithm_one_of_the_paper():
    slopes = np.random.default_rng(0).normal(size=(30, 2, 3))
    value, mean, square = (np.zeros((2, 3)) for _ in range(3))
    for update, slope in enumerate(slopes, start=1):
        adam([value], [slope], [mean], [square], update, 0.01)
    for place in np.ndindex(2, 3):
        assert value[place] == pytest.approx(
            adam_of_one_number(slopes[(slice(None), *place)].tolist(), 0.01), rel=1e-12
        )


@pytest.mark.parametrize("size", [1e-5, 1.0, 1e100])
def test_the_first_update_moves_by_the_learning_rate_whatever_the_size_of_the_gradient(size):
    value, mean, square = np.array([1.0, 1.0]), np.zeros(2), np.zeros(2)
    adam([value], [np.array([size, -size])], [mean], [square], 1, 0.02)
    np.testing.assert_allclose(value, [0.98, 1.02], rtol=1e-3)


def test_adam_changes_its_arrays_in_place_and_keeps_their_dtype():
    value, mean, square = (np.ones(3, np.float32) for _ in range(3))
    same = value
    adam([value], [np.ones(3, np.float32)], [mean], [square], 5, 0.1)
    assert same is value and value.dtype == mean.dtype == square.dtype == np.float32
    assert not np.any(value == 1)


def test_adam_finds_the_bottom_of_a_bowl():
    value, mean, square = np.array([3.0, -2.0]), np.zeros(2), np.zeros(2)
    for update in range(1, 2001):
        adam([value], [2 * value * [1.0, 10.0]], [mean], [square], update, 0.02)
    np.testing.assert_allclose(value, 0, atol=1e-3)


def test_clipping_shortens_to_the_limit_and_keeps_the_direction():
    gradients = [np.array([[3.0, 0.0]]), np.array([0.0, 4.0])]
    assert clip_by_norm(gradients, 1.0) == 5.0
    np.testing.assert_allclose(gradients[0], [[0.6, 0]], rtol=1e-15)
    np.testing.assert_allclose(gradients[1], [0, 0.8], rtol=1e-15)


def test_a_gradient_within_the_limit_keeps_its_bits():
    gradients = [np.array([0.3, 0.1])]
    assert clip_by_norm(gradients, 1.0) == pytest.approx(math.sqrt(0.1))
    assert gradients[0].tolist() == [0.3, 0.1]


@pytest.mark.parametrize("size", [1e-200, 1e200, 1e308])
def test_the_norm_is_right_where_squares_are_not(size):
    gradients = [np.array([0.6 * size]), np.array([[0.8 * size]])]
    assert clip_by_norm(gradients, size / 2) == pytest.approx(size)
    np.testing.assert_allclose([gradients[0][0], gradients[1][0, 0]], [0.3 * size, 0.4 * size])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_has_no_length_is_left_as_it_is(value):
    gradients = [np.array([1.0, 2.0]), np.array([value, 3.0])]
    assert np.isnan(clip_by_norm(gradients, 0.1)) if np.isnan(value) else clip_by_norm(gradients, 0.1) == np.inf
    np.testing.assert_array_equal(np.concatenate(gradients), [1, 2, value, 3])


def test_zeros_have_norm_zero():
    gradients = [np.zeros(3), np.zeros((2, 2))]
    assert clip_by_norm(gradients, 1.0) == 0.0


SLOPES = np.random.default_rng(1).normal(size=(20, 2, 3))


def by_hand(rule, place):
    """One number that starts at 1, updated by ``rule(value, kept, slope)`` for each slope."""
    value, kept = 1.0, 0.0
    for slope in SLOPES[(slice(None), *place)].tolist():
        value, kept = rule(value, kept, slope)
    return value


def test_sgd_goes_against_the_gradient():
    value = np.ones((2, 3))
    for slope in SLOPES:
        sgd([value], [slope], 0.1)
    for place in np.ndindex(2, 3):
        assert value[place] == pytest.approx(by_hand(lambda w, v, g: (w - 0.1 * g, v), place), rel=1e-13)


def test_momentum_is_equations_one_and_two_of_sutskever_and_others():
    def rule(w, v, g):
        v = 0.8 * v - 0.1 * g
        return w + v, v

    value, velocity = np.ones((2, 3)), np.zeros((2, 3))
    for slope in SLOPES:
        momentum([value], [slope], [velocity], 0.1, 0.8)
    for place in np.ndindex(2, 3):
        assert value[place] == pytest.approx(by_hand(rule, place), rel=1e-13)


def test_rmsprop_divides_by_the_root_of_the_running_mean_square():
    def rule(w, v, g):
        v = 0.9 * v + 0.1 * g**2
        return w - 0.01 * g / (math.sqrt(v) + 1e-8), v

    value, square = np.ones((2, 3)), np.zeros((2, 3))
    for slope in SLOPES:
        rmsprop([value], [slope], [square], 0.01)
    for place in np.ndindex(2, 3):
        assert value[place] == pytest.approx(by_hand(rule, place), rel=1e-13)


def test_a_constant_gradient_reaches_the_terminal_velocity():
    value, velocity = np.zeros(1), np.zeros(1)
    for _ in range(300):
        momentum([value], [np.ones(1)], [velocity], 0.1, 0.9)
    np.testing.assert_allclose(velocity, -0.1 / (1 - 0.9), rtol=1e-12)


@pytest.mark.parametrize("rule", [sgd, momentum, rmsprop])
def test_every_rule_works_in_place_and_in_the_dtype_of_its_arrays(rule):
    value, kept = np.ones(3, np.float32), np.zeros(3, np.float32)
    rule([value], [np.ones(3, np.float32)], *([] if rule is sgd else [[kept]]), 0.1)
    assert value.dtype == kept.dtype == np.float32
    assert np.all(value < 1) and (rule is sgd or np.any(kept != 0))


def test_weight_decay_shrinks_apart_from_the_gradient():
    value = np.array([2.0, -4.0])
    decay_weights([value], 0.1, 0.5)
    np.testing.assert_allclose(value, [1.9, -3.8], rtol=1e-15)


def test_no_weight_decay_changes_no_bit():
    value = np.array([np.inf, -0.0, 0.1])
    decay_weights([value], 0.1, 0.0)
    np.testing.assert_array_equal(value, [np.inf, -0.0, 0.1])


def test_clipping_by_value_brings_each_number_into_the_limits():
    gradients = [np.array([[3.0, 0.2]]), np.array([-4.0, np.nan, np.inf])]
    assert np.isnan(clip_by_value(gradients, 1.0))
    np.testing.assert_array_equal(gradients[0], [[1.0, 0.2]])
    np.testing.assert_array_equal(gradients[1], [-1.0, np.nan, 1.0])


def test_clipping_by_value_reports_the_norm_before():
    gradients = [np.array([3.0]), np.array([[-4.0]])]
    assert clip_by_value(gradients, 1.0) == 5.0
    assert joint_norm(gradients) == pytest.approx(math.sqrt(2))
