"""Gradient flow: shares, half-lives, bounds and the cell path, without ever turning to zero."""

import math

import numpy as np
import pytest

from lstmviz.lab.comparison import compare
from lstmviz.lab.gradient_flow import cell_path, fade_per_timestep, half_life, horizon, log10_norm
from lstmviz.lab.network import LSTM, VanillaRNN
from lstmviz.lab.trace import trace


@pytest.mark.parametrize(
    ("bias", "timesteps"), [(0, 1.0), (1, 2.21), (2, 5.46), (3, 14.27), (4, 38.19), (5, 103.22), (6, 279.98)]
)
def test_half_life_of_a_forget_gate_follows_its_bias(bias, timesteps):
    assert half_life(1 / (1 + math.exp(-bias))) == pytest.approx(timesteps, abs=0.005)


def test_what_does_not_fade_has_no_half_life():
    assert half_life(1.0) == half_life(1.5) == math.inf
    assert half_life(0.0) == 0.0


def test_fade_is_the_share_per_timestep():
    assert fade_per_timestep(-10.0, 50) ** 50 == pytest.approx(1e-10)


def test_horizon_counts_timesteps_back_to_one_percent():
    fading = np.array([-9.0, *(-0.5 * np.arange(9, -1, -1.0))])
    assert horizon(fading) == 4
    assert horizon(np.zeros(11)) == 9


@pytest.mark.parametrize("gain", [0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0])
def test_the_orthogonal_rnn_stays_below_its_bound_at_every_gain(gain):
    found = compare(gap=49, hidden=32, gain=gain, initialisation="orthogonal", cells="rnn", batch=32)
    flow = found.racers[0].trace.flow
    assert (flow.log10_h[:-1] <= flow.log10_bound[:-1] + 1e-9).all()
    assert flow.log10_bound[1] - flow.log10_bound[-1] == pytest.approx(49 * math.log10(gain), abs=1e-9)


def test_the_share_of_the_lstm_rises_with_its_forget_bias_as_measured():
    measured = {0: -10.8, 1: -4.4, 2: -1.7, 3: -0.8, 5: -0.44}
    shares = [
        compare(gap=49, batch=32, cells="lstm", forget_bias=bias).racers[0].trace.flow.log10_share for bias in measured
    ]
    assert shares == sorted(shares)
    np.testing.assert_allclose(shares, list(measured.values()), atol=0.8)


def test_a_gradient_that_float64_cannot_hold_is_still_a_number():
    network = VanillaRNN(1, 1, activation="relu", initialisation="identity", gain=0.25)
    positive = network.with_parameters(network.parameters._replace(weight_ih=np.ones((1, 1))))
    flow = trace(positive, np.ones((2001, 1, 1))).flow
    assert flow.log10_share == pytest.approx(2000 * math.log10(0.25), abs=1e-9)


def test_a_gradient_that_is_exactly_zero_is_no_finite_number():
    network = VanillaRNN(1, 1, gain=0)
    flow = trace(network, np.ones((5, 1, 1))).flow
    assert flow.log10_h[1] == -math.inf
    assert flow.log10_share == -math.inf
    assert flow.fade == 0.0


def test_the_cell_path_is_the_product_of_forget_gates():
    network = LSTM(3, 4, forget_bias=2, gain=0)
    found = trace(network, np.random.default_rng(0).normal(size=(30, 1, 3)))
    kept = np.prod(found.tape.f[1:, 0], axis=0) * found.gradients.c[-1, 0]
    assert found.flow.log10_cell_path[1] == pytest.approx(math.log10(np.linalg.norm(kept)), abs=1e-12)


def test_with_the_recurrent_weights_cut_the_whole_gradient_is_the_cell_path():
    network = LSTM(3, 4, forget_bias=1, gain=0)
    flow = trace(network, np.random.default_rng(0).normal(size=(400, 1, 3))).flow
    np.testing.assert_allclose(flow.log10_c[:-1], flow.log10_cell_path[:-1], atol=1e-9)


def test_a_cell_path_far_below_float64_keeps_its_digits():
    path = cell_path(np.full((3000, 1, 2), 0.5), np.ones((1, 2)))
    assert path[0] == pytest.approx(3000 * math.log10(0.5) + math.log10(math.sqrt(2)), abs=1e-9)


def test_a_norm_of_logarithms_is_the_norm():
    np.testing.assert_allclose(log10_norm(np.log10([3.0, 4.0])), math.log10(5.0))
    assert log10_norm(np.array([-np.inf, -np.inf])) == -np.inf


def test_a_gradient_that_is_no_number_has_no_horizon():
    assert horizon(np.full(5, np.nan)) == 0
