"""Sigmoid and tanh of the kernels against 50 digits."""

import numpy as np
import pytest

from lstmviz.engine import reference
from lstmviz.engine.functions import sigmoid_row, tanh_row
from tests.engine.naive import FIFTY

EXACT = {sigmoid_row: lambda a: 1 / (1 + FIFTY.exp(-a)), tanh_row: FIFTY.tanh}


def of(function, a):
    out = np.empty_like(a)
    function(out, a)
    return out


def worst_error(function, a):
    """Largest error in units in the last place."""
    worst = 0.0
    for argument, got in zip(a.tolist(), of(function, a).tolist(), strict=True):
        exact = EXACT[function](FIFTY.mpf(argument))
        worst = max(worst, float(abs(FIFTY.mpf(got) - exact) / FIFTY.mpf(float(np.spacing(abs(float(exact)))))))
    return worst


@pytest.mark.parametrize("function", [sigmoid_row, tanh_row])
@pytest.mark.parametrize("size", [1e-300, 1e-8, 1e-3, 0.1, 0.2, 0.3, 0.6, 1.0, 3.0, 10.0, 40.0])
def test_errors_stay_below_two_and_a_half_units_in_the_last_place(function, size):
    a = np.random.default_rng(7).uniform(-size, size, 3000)
    assert worst_error(function, a) <= 2.5


def test_tanh_is_as_exact_where_its_two_forms_meet():
    edges = np.array([0.5, 1.5, 2.5, 3.5]) * np.log(2) / 2  # the whole multiple of ln 2 changes here
    assert worst_error(tanh_row, (edges[:, None] + np.linspace(-1e-3, 1e-3, 1001)).ravel()) <= 2.5


def test_sigmoid_is_exact_down_to_where_float64_ends():
    assert worst_error(sigmoid_row, np.random.default_rng(1).uniform(-760, -600, 3000)) <= 2.5


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_special_values(dtype):
    a = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e30, -1e30], dtype)
    np.testing.assert_array_equal(of(sigmoid_row, a), np.array([np.nan, 1, 0, 0.5, 0.5, 1, 0], dtype))
    np.testing.assert_array_equal(of(tanh_row, a), np.array([np.nan, 1, -1, 0, -0.0, 1, -1], dtype))
    assert np.signbit(of(tanh_row, a)).tolist() == np.signbit(a).tolist()


def test_tanh_is_odd_to_the_last_bit():
    a = np.random.default_rng(3).normal(size=5000) * 3
    np.testing.assert_array_equal(of(tanh_row, -a), -of(tanh_row, a))


@pytest.mark.parametrize("function", [sigmoid_row, tanh_row])
@pytest.mark.parametrize("size", [1e-30, 1e-3, 0.1, 0.3, 0.6, 1.0, 3.0, 10.0, 100.0])
def test_float32_is_within_two_and_a_half_of_its_own_units_too(function, size):
    a = np.random.default_rng(7).uniform(-size, size, 3000).astype(np.float32)
    got, wide = of(function, a), of(function, a.astype(np.float64))
    assert np.max(np.abs(got - wide) / np.spacing(np.abs(wide).astype(np.float32))) <= 2.5


def test_the_sigmoid_of_the_reference_neither_overflows_nor_loses_small_values():
    a = np.array([-800.0, -700.0, -40.0, 0.0, 40.0, 800.0, np.nan])
    expected = [0.0, 9.859676543759770e-305, 4.248354255291589e-18, 0.5, 1.0, 1.0, np.nan]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_allclose(reference.sigmoid(a), expected, rtol=1e-15)
