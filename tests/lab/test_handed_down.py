"""A layer below hears what the layers above say of it, also where floating point holds no such number.

Words used in this file
    a, b    share of the gradient that the lower and the upper layer keep per timestep
"""

import math

import numpy as np
import pytest

from lstmviz.engine.arrays import RNNParameters
from lstmviz.engine.scaled import ScaledRows, scaled_rows, total
from lstmviz.lab.dropout import Masks
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.path_split import path_split
from lstmviz.lab.stack import Stack
from lstmviz.lab.trace import trace

every_engine = pytest.mark.parametrize("engine", ["reference", "kernels"])


def linear(share, weight=1.0, inputs=1, dtype="float64"):
    """One ReLU unit that keeps ``share`` of its state: linear, since all its numbers are positive."""
    parameters = RNNParameters(np.full((1, inputs), weight), np.full((1, 1), share), np.ones(1))
    return VanillaRNN.from_arrays(RNNParameters(*(array.astype(dtype) for array in parameters)), activation="relu")


def traced(stack, timesteps, engine, dtype="float64"):
    d_seen = np.zeros((timesteps, 1, stack.width), dtype)
    d_seen[-1] = 1.0
    tape = stack.forward(np.ones((timesteps, 1, 1), dtype), engine=engine)
    return stack.backward(tape, d_seen, engine)


def log10_lower(a, b, weight, timesteps, t):
    """log10 of dL/dh_t in the lower layer: the sum over s = t to T of b^(T - s) weight a^(s - t)."""
    logs = [(timesteps - s) * math.log10(b) + (s - t) * math.log10(a) for s in (t, timesteps)]
    ratio = min(a / b, b / a)
    many = (1 - ratio ** (timesteps - t + 1)) / (1 - ratio)
    return max(logs) + math.log10(many * weight)


@every_engine
@pytest.mark.parametrize(
    ("a", "b", "weight"), [(0.1, 0.5, 1.0), (0.5, 0.1, 1.0), (0.3, 0.25, 1e-30), (0.25, 0.9, 1e30), (0.01, 0.02, 5.0)]
)
def test_a_lower_layer_neither_ends_in_a_plateau_nor_in_zeros(a, b, weight, engine):
    found = traced(Stack([linear(a), linear(b, weight)]), 5000, engine)
    for t in (1, 2, 2500, 4000, 4999, 5000):
        lower = found.cells[0][0].log10_h[t, 0]
        assert lower == pytest.approx(log10_lower(a, b, weight, 5000, t), abs=1e-9), t
        assert found.cells[1][0].log10_h[t, 0] == pytest.approx((5000 - t) * math.log10(b), abs=1e-9)


@every_engine
def test_a_fourth_layer_still_hears_of_a_gradient_of_ten_to_the_minus_six_thousand(engine):
    stack = Stack([linear(0.01), linear(0.01), linear(0.01), linear(0.25)])
    found = traced(stack, 10_000, engine)
    # far from T each layer adds the factor 1 / (1 - 0.01 / 0.25)
    expected = 9999 * math.log10(0.25) - 3 * math.log10(1 - 0.04)
    assert found.cells[0][0].log10_h[1, 0] == pytest.approx(expected, abs=1e-9)
    assert expected < -6000
    assert found.cells[0][0].h[1, 0, 0] == 0.0  # what float64 can hold of it


@every_engine
def test_an_exploded_gradient_is_handed_down_as_a_number(engine):
    stack = Stack([linear(0.5), linear(0.5)])
    tape = stack.forward(np.zeros((3000, 1, 1)), engine=engine)
    grown = Stack([linear(0.5), linear(2.0)])  # as if the states had stayed finite
    d_seen = np.zeros((3000, 1, 1))
    d_seen[-1] = 1.0
    found = grown.backward(tape, d_seen, engine)
    assert found.cells[1][0].x[0, 0, 0] == found.x[0, 0, 0] == np.inf  # and no warning
    # the sum over s of 2^(T - s) 0.5^(s - t)
    assert found.cells[0][0].log10_h[1, 0] == pytest.approx(2999 * math.log10(2) - math.log10(1 - 0.25), abs=1e-9)


@every_engine
def test_single_precision_hands_down_what_it_cannot_hold(engine):
    found = traced(Stack([linear(0.1, dtype="float32"), linear(0.5, dtype="float32")]), 2000, engine, "float32")
    assert found.cells[0][0].log10_h[1, 0] == pytest.approx(log10_lower(0.1, 0.5, 1.0, 2000, 1), abs=1e-2)


@every_engine
def test_the_two_directions_add_up_outside_floating_point(engine):
    """The reverse reads from the end: what it says of the lower layer fades the other way."""
    lower = (linear(0.01), linear(0.01))
    upper = (linear(0.25, 1.0, 2), linear(0.25, 1.0, 2))
    stack, timesteps = Stack([lower, upper]), 3001
    d_seen = np.zeros((timesteps, 1, 2))
    d_seen[-1, 0, 0] = d_seen[0, 0, 1] = 1.0  # the last output of each direction
    found = stack.backward(stack.forward(np.ones((timesteps, 1, 1)), engine=engine), d_seen, engine)
    middle = 1501
    handed = found.handed[0]
    size = np.log10(handed.rows[middle - 1, 0, 0]) + handed.exponent[middle - 1, 0] * math.log10(2)
    assert size == pytest.approx(1500 * math.log10(0.25) + math.log10(2), abs=1e-9)
    assert found.cells[0][0].log10_h[middle, 0] == pytest.approx(
        # all that comes later, from the forward cell, and the little that fades towards there
        1500 * math.log10(0.25) + math.log10(1 / (1 - 0.04) + 1 / (1 - 0.01 * 0.25)),
        abs=1e-9,
    )


@every_engine
@pytest.mark.parametrize("cell", [LSTM, GRU, VanillaRNN])
def test_mantissas_with_exponents_mean_the_same_as_plain_numbers(cell, engine):
    rng = np.random.default_rng(0)
    network, x = cell(3, 5), rng.normal(size=(9, 2, 3))
    tape, d_h = network.forward(x, engine=engine), rng.normal(size=(9, 2, 5))
    plain = network.backward(tape, d_h, engine)
    exponent = rng.integers(-30, 30, size=(9, 2)).astype(np.intc)
    given = network.backward(tape, ScaledRows(np.ldexp(d_h, -exponent[..., None]), exponent), engine)
    for name in plain._fields:
        theirs = given.x.true() if name == "x" else getattr(given, name)
        np.testing.assert_allclose(theirs, getattr(plain, name), rtol=1e-12, atol=1e-15, err_msg=name)
    far = network.backward(tape, ScaledRows(d_h, np.full((9, 2), -5000, np.intc)), engine)
    np.testing.assert_allclose(far.log10_h, plain.log10_h - 5000 * math.log10(2), atol=1e-9)
    np.testing.assert_allclose(np.ldexp(far.x.rows, far.x.exponent[..., None] + 5000), plain.x, rtol=1e-12, atol=1e-15)
    assert not far.h.any()


def test_ordinary_gradients_are_handed_down_bit_for_bit_as_plain_numbers():
    stack = Stack.of(LSTM, 2, 4, layers=2)
    x = np.random.default_rng(0).normal(size=(12, 1, 2))
    found = trace(stack, x, loss="all")
    upper = found.cells[1][0]
    alone = stack.layers[0][0].backward(found.tape.cells[0][0], upper.gradients.x)
    np.testing.assert_array_equal(alone.h, found.gradients.cells[0][0].h)
    assert not found.gradients.handed[0].exponent.any()


@pytest.mark.parametrize("mask", [0.0, 2.0])
def test_dropout_multiplies_what_is_handed_down_and_a_dropped_number_is_an_exact_zero(mask):
    stack, timesteps = Stack([linear(0.1), linear(0.25)]), 2000
    masks = Masks(between=(np.full((timesteps, 1, 1), mask),))
    d_seen = np.zeros((timesteps, 1, 1))
    d_seen[-1] = 1.0
    found = stack.backward(stack.forward(np.ones((timesteps, 1, 1)), masks=masks), d_seen)
    expected = log10_lower(0.1, 0.25, 2.0, timesteps, 1) if mask else -math.inf
    assert found.cells[0][0].log10_h[1, 0] == pytest.approx(expected, abs=1e-9)


def test_sums_keep_the_larger_of_two_and_lose_nothing_that_shows():
    def row(value, exponent):
        return ScaledRows(np.full((1, 1, 2), value), np.full((1, 1), exponent, np.intc))

    assert total(row(1.0, -3000), row(1.0, -3000)).exponent[0, 0] == -3000
    found = total(row(1.0, -3000), row(0.0, 0))
    assert (found.rows[0, 0, 0], found.exponent[0, 0]) == (1.0, -3000)
    found = total(row(1.0, -3000), row(1.0, -2999))
    assert np.log2(found.rows[0, 0, 0]) + found.exponent[0, 0] == pytest.approx(-3000 + np.log2(3))
    np.testing.assert_array_equal(total(row(1.0, -3000), row(0.5, 0)).true(), 0.5)
    assert np.isnan(total(row(np.nan, 0), row(1.0, 10)).rows).all()
    assert scaled_rows(np.ones((2, 1, 3)), np.dtype("f8")).exponent.shape == (2, 1)


def test_a_lower_layers_paths_add_up_to_its_gradient_outside_floating_point():
    found = trace(Stack([linear(0.1), linear(0.5)]), np.ones((3000, 1, 1)))
    split = path_split(found.cells[0][0])
    log10 = np.log10(np.sum(10 ** (split.h.log10[:, 1, 0] - split.h.log10[0, 1, 0]))) + split.h.log10[0, 1, 0]
    assert log10 == pytest.approx(log10_lower(0.1, 0.5, 1.0, 3000, 1), abs=1e-9)
    np.testing.assert_allclose(split.h.share[:, 1, 0].sum(), 1.0)
