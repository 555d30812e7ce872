"""The readout and its losses: numbers, slopes, and what no logit can break."""

import numpy as np
import pytest

from lstmviz.engine.readout import (
    ReadoutParameters,
    cross_entropy,
    readout_backward,
    readout_forward,
    squared_error,
)


def example(dtype="float64"):
    rng = np.random.default_rng(0)
    parameters = ReadoutParameters(rng.normal(size=(3, 4)).astype(dtype), rng.normal(size=3).astype(dtype))
    return parameters, rng.normal(size=(5, 4)).astype(dtype), np.array([0, 2, 1, 1, 2])


def slopes_by_differences(loss, array):
    slopes = np.empty_like(array)
    for place in np.ndindex(array.shape):
        values = []
        for nudge in (1e-6, -1e-6):
            nudged = array.copy()
            nudged[place] += nudge
            values.append(loss(nudged))
        slopes[place] = (values[0] - values[1]) / 2e-6
    return slopes


def test_outputs_are_weight_times_state_plus_bias():
    parameters, h, _ = example()
    y = readout_forward(parameters, h)
    assert y[1, 2] == pytest.approx(sum(parameters.weight[2, k] * h[1, k] for k in range(4)) + parameters.bias[2])


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
def test_all_slopes_agree_with_finite_differences(loss):
    parameters, h, classes = example()
    targets = classes if loss == "cross_entropy" else np.eye(3)[classes]
    of = {"cross_entropy": cross_entropy, "squared_error": squared_error}[loss]

    def whole(weight=parameters.weight, bias=parameters.bias, h=h):
        return of(readout_forward(ReadoutParameters(weight, bias), h), targets)[0]

    d_y = of(readout_forward(parameters, h), targets)[1]
    d_h, d = readout_backward(parameters, h, d_y)
    np.testing.assert_allclose(d_h, slopes_by_differences(lambda a: whole(h=a), h), atol=1e-8)
    np.testing.assert_allclose(d.weight, slopes_by_differences(lambda a: whole(weight=a), parameters.weight), atol=1e-8)
    np.testing.assert_allclose(d.bias, slopes_by_differences(lambda a: whole(bias=a), parameters.bias), atol=1e-8)


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_the_number_of_classes():
    loss, d_y, probabilities = cross_entropy(np.full((4, 8), 3.7), np.array([0, 1, 2, 7]))
    assert loss == pytest.approx(np.log(8), abs=1e-15)
    np.testing.assert_allclose(probabilities, 1 / 8, rtol=1e-15)
    np.testing.assert_allclose(d_y.sum(axis=1), 0, atol=1e-17)


@pytest.mark.parametrize("size", [1e3, 1e300])
def test_cross_entropy_takes_logits_of_any_size(size):
    y = np.array([[size, 0.0, -size], [-size, 0.0, size]])
    loss, d_y, probabilities = cross_entropy(y, np.array([0, 1]))
    assert loss == pytest.approx(size / 2)
    np.testing.assert_array_equal(probabilities, [[1, 0, 0], [0, 0, 1]])
    np.testing.assert_array_equal(d_y, [[0, 0, 0], [0, -0.5, 0.5]])


def test_cross_entropy_does_not_change_when_all_logits_shift():
    y, targets = np.random.default_rng(1).normal(size=(6, 4)), np.array([0, 1, 2, 3, 0, 1])
    assert cross_entropy(y, targets)[0] == pytest.approx(cross_entropy(y + 100.0, targets)[0], rel=1e-13)


def test_squared_error_sums_over_outputs_and_averages_over_rows():
    loss, d_y = squared_error(np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[0.0, 0.0], [3.0, 4.0]]))
    assert loss == (1 + 4 + 0 + 1) / 2
    np.testing.assert_array_equal(d_y, [[1, 2], [0, 1]])


@pytest.mark.parametrize("loss", [cross_entropy, squared_error])
def test_nan_stays_nan(loss):
    y = np.array([[np.nan, 1.0], [0.0, 1.0]])
    value, d_y, *_ = loss(y, np.array([0, 1]) if loss is cross_entropy else np.zeros((2, 2)))
    assert np.isnan(value) and np.isnan(d_y[0, 0]) and np.isfinite(d_y[1]).all()


def test_float32_stays_float32():
    parameters, h, classes = example("float32")
    y = readout_forward(parameters, h)
    for d_y in (cross_entropy(y, classes)[1], squared_error(y, np.zeros((5, 3)))[1]):
        d_h, d = readout_backward(parameters, h, d_y)
        assert {a.dtype.name for a in (y, d_y, d_h, *d)} == {"float32"}
