"""Spectra, bounds and Lyapunov exponents: against closed forms, laws, and many digits."""

import math

import numpy as np
import pytest

from lstmviz.engine.arrays import RNNParameters
from lstmviz.files import BadInput
from lstmviz.lab.jacobian import jacobian_row
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.spectrum import (
    cell_path_exponents,
    log10_bound,
    log10_singular_values,
    lyapunov,
    recurrent_spectra,
    spectrum,
    timestep_spectrum,
)
from lstmviz.lab.trace import trace

KINDS = {
    "rnn": lambda: VanillaRNN(3, 6, gain=2.0),
    "relu": lambda: VanillaRNN(3, 6, activation="relu", gain=2.0),
    "lstm": lambda: LSTM(3, 6, gain=2.0),
    "gru": lambda: GRU(3, 6, gain=2.0),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def traced(network, timesteps=40):
    x = np.random.default_rng(0).normal(size=(timesteps, 2, network.inputs))
    return trace(network, x, engine="reference")


def linear(weights, timesteps):
    """A ReLU RNN whose units never reach zero: every Jacobian is its recurrent weights."""
    hidden = len(weights)
    network = VanillaRNN(1, hidden, activation="relu")
    parameters = RNNParameters(np.full((hidden, 1), 1e3), np.asarray(weights, float), np.ones(hidden))
    return trace(network.with_parameters(parameters), np.ones((timesteps, 1, 1)), engine="reference")


def test_a_rotation_has_its_eigenvalues_on_the_unit_circle():
    turn = spectrum(np.array([[0.6, -0.8], [0.8, 0.6]]) * 0.5)
    np.testing.assert_allclose(sorted(turn.eigenvalues, key=np.imag), [0.3 - 0.4j, 0.3 + 0.4j], atol=1e-15)
    assert turn.spectral_radius == pytest.approx(0.5) and turn.sigma_max == pytest.approx(0.5)


def test_a_matrix_far_from_normal_grows_at_first_although_its_spectral_radius_says_it_fades():
    weights = np.array([[0.9, 5.0], [0.0, 0.9]])
    found = spectrum(weights)
    assert found.spectral_radius == pytest.approx(0.9) and found.sigma_max == pytest.approx(5.157, abs=1e-3)
    row = jacobian_row(linear(weights, 51), norm="spectral").log10_h[::-1]
    assert int(np.argmax(row)) == 9
    assert 10.0 ** row[[1, 9, 51]] == pytest.approx([5.2, 19.4, 1.3], abs=0.06)


def test_recurrent_weights_are_looked_at_block_by_block():
    network = LSTM(3, 6)
    found = recurrent_spectra(network)
    assert list(found) == ["i", "f", "g", "o"]
    assert found["g"].sigma_max == pytest.approx(np.linalg.norm(network.parameters.weight_hh[12:18], 2))
    orthogonal = recurrent_spectra(VanillaRNN(3, 6, initialisation="orthogonal", gain=1.25))["h"]
    np.testing.assert_allclose(np.abs(orthogonal.eigenvalues), 1.25)


@every_kind
def test_the_jacobian_of_one_timestep_has_the_spectrum_of_a_product_of_one(kind):
    found = traced(KINDS[kind]())
    once = timestep_spectrum(found, 40, sequence=1)
    values = log10_singular_values(found, (1,), sequence=1)[0]
    positive = once.singular_values > 1e-9
    np.testing.assert_allclose(values[positive], np.log10(once.singular_values[positive]), atol=1e-6)
    assert once.spectral_radius <= once.sigma_max + 1e-12


@every_kind
def test_no_jacobian_exceeds_the_bound(kind):
    found = traced(KINDS[kind](), timesteps=60)
    for sequence in (0, 1):
        bound = log10_bound(found, sequence)
        assert bound[-1] == 0
        largest = log10_singular_values(found, tuple(range(61)), sequence)[::-1, 0]
        assert (largest <= bound + 1e-12).all()
        assert (jacobian_row(found, sequence=sequence, norm="spectral").log10_h <= bound + 1e-12).all()


def test_the_bound_of_an_orthogonal_linear_network_is_reached():
    np.testing.assert_allclose(log10_bound(linear(0.5 * np.eye(3), 20))[::-1], np.arange(21) * math.log10(0.5))


def test_singular_values_go_on_far_below_float64():
    found = log10_singular_values(linear(np.diag([0.9, 0.5, 1e-3]), 1000), (1000, 0, 10))
    expected = np.log10([0.9, 0.5, 1e-3])
    np.testing.assert_allclose(found, [1000 * expected, 0 * expected, 10 * expected], atol=1e-9)


def test_the_largest_singular_values_are_those_of_the_multiplied_product():
    found = traced(GRU(3, 6, gain=2.0), timesteps=8)
    direct = jacobian_row(found, norm="spectral").log10_h[::-1]
    np.testing.assert_allclose(log10_singular_values(found, tuple(range(9)))[:, 0], direct, atol=1e-12)


def test_lyapunov_exponents_of_a_constant_jacobian_are_the_logarithms_of_its_eigenvalues():
    weights = np.array([[0.9, 0.3, 0.1], [0.0, 0.5, 0.2], [0.0, 0.0, 0.1]])
    found = lyapunov(linear(weights, 300), transient=100)
    np.testing.assert_allclose(found.exponents, np.log([0.9, 0.5, 0.1]), atol=1e-12)
    assert found.half_life == pytest.approx(math.log(0.5) / math.log(0.9))
    assert found.running.shape == (200, 3)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_the_exponents_add_up_to_the_mean_logarithm_of_the_determinant(kind):
    found = traced(KINDS[kind]())
    logs = [np.log(timestep_spectrum(found, t).singular_values).sum() for t in range(1, 41)]
    assert lyapunov(found).exponents.sum() == pytest.approx(np.mean(logs), rel=1e-9)


def test_relu_units_at_zero_lose_a_direction_for_good():
    found = traced(KINDS["relu"]())
    assert (found.tape.h[1:, 0] == 0).any(axis=1).all()
    assert lyapunov(found).exponents[-1] == -np.inf
    assert log10_singular_values(found, (40,))[0, -1] == -np.inf


def test_with_the_recurrent_weights_cut_the_lstm_has_the_exponents_of_its_cell_path():
    found = traced(LSTM(3, 6, forget_bias=1.0, gain=0), timesteps=500)
    exponents = lyapunov(found).exponents
    expected = np.sort(cell_path_exponents(found))[::-1]
    # what h adds at the last timestep, sqrt(1 + out^2) at most sqrt 2, is spread over all timesteps
    np.testing.assert_allclose(exponents[:6], expected, atol=0.5 * math.log(2) / 500)
    assert (exponents[6:] == -np.inf).all()
    slopes = np.log(found.tape.f[:, 0]).mean(axis=0)
    np.testing.assert_array_equal(np.sort(slopes)[::-1], expected)


@pytest.mark.parametrize(("gain", "sign"), [(0.7, -1), (1.6, 1)])
def test_a_random_tanh_network_without_input_turns_chaotic_at_gain_one(gain, sign):
    rng = np.random.default_rng(1)
    hidden = 100
    weights = gain * rng.normal(size=(hidden, hidden)) / math.sqrt(hidden)
    network = VanillaRNN(1, hidden).with_parameters(RNNParameters(np.ones((hidden, 1)), weights, np.zeros(hidden)))
    x = np.zeros((300, 1, 1))
    x[0] = 1.0
    found = lyapunov(trace(network, x, engine="reference"), transient=100)
    assert sign * found.largest > 0.02
    assert (found.half_life == math.inf) == (sign > 0)


def test_a_trace_with_nan_is_refused_and_the_timestep_named():
    found = traced(LSTM(3, 6))
    found.tape.f.flags.writeable = True
    found.tape.f[16, 0, 2] = np.nan
    with pytest.raises(BadInput, match="the Jacobian of timestep 17 holds NaN or infinity"):
        lyapunov(found)


@pytest.mark.parametrize(
    "ask",
    [
        lambda found: timestep_spectrum(found, 0),
        lambda found: timestep_spectrum(found, 41),
        lambda found: log10_singular_values(found, (41,)),
        lambda found: lyapunov(found, transient=40),
        lambda found: cell_path_exponents(found),
        lambda found: spectrum(np.ones((2, 3))),
        lambda found: spectrum(np.full((2, 2), np.inf)),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(ask):
    with pytest.raises(BadInput) as refused:
        ask(traced(GRU(3, 6)))
    assert "\n" not in str(refused.value) and str(refused.value).startswith("spectrum: ")
