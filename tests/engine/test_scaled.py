"""Gradients far outside floating point keep their size: mantissa and exponent apart."""

import numpy as np
import pytest

from lstmviz.engine import scaled
from lstmviz.engine.arrays import GRUParameters, LSTMParameters, RNNParameters
from tests.engine.cases import ENGINES, Case, as_float32, backward, both, case, forward

every_engine = pytest.mark.parametrize("engine", ENGINES)


def fading(share: float, timesteps: int, hidden: int = 2) -> Case:
    """A ReLU RNN that keeps ``share`` of its gradient at each timestep, and a loss of 1 at the end."""
    parameters = RNNParameters(np.zeros((hidden, 1)), share * np.eye(hidden), np.ones(hidden))
    loss = np.zeros((timesteps, 1, hidden))
    loss[-1, 0, 0] = 1.0
    return Case("relu", parameters, np.zeros((timesteps, 1, 1)), (np.ones((1, hidden)),), loss)


@every_engine
@pytest.mark.parametrize(
    ("share", "timesteps", "log10"),
    [
        (0.25, 2000, -1204.119982655925),
        (0.5, 5000, -1505.149978319906),
        (0.9, 20000, -915.149811213502),
        (0.99, 10000, -43.648054024500),
        (1e-30, 50, -1500.0),
        (1e-200, 20, -4000.0),
    ],
)
def test_a_vanished_gradient_is_a_number_and_not_zero(share, timesteps, log10, engine):
    d = both(fading(share, timesteps), engine)[1]
    assert d.log10_h[0, 0] == pytest.approx(log10, abs=1e-9)
    np.testing.assert_allclose(d.log10_h[:, 0], np.log10(share) * np.arange(timesteps, -1, -1), atol=1e-9)


@every_engine
@pytest.mark.parametrize("share", [2.0, 1e3, 1e60])
def test_an_exploded_gradient_is_a_number_and_not_infinity(share, engine):
    made = fading(share, 3000, hidden=1)
    tape = forward(made, engine)
    d = backward(made, tape._replace(a=np.ones_like(tape.a)), engine)  # as if the states had stayed finite
    assert d.log10_h[0, 0] == pytest.approx(3000 * np.log10(share), rel=1e-12)
    assert d.h[0, 0, 0] == np.inf
    assert d.h[2999, 0, 0] == share


@every_engine
def test_the_arrays_hold_what_float64_can_hold(engine):
    d = both(fading(0.5, 2000), engine)[1]
    exact = np.ldexp(1.0, -np.arange(2000, -1, -1, dtype=np.intc))  # denormal from 2**-1023 on, 0 from 2**-1075 on
    np.testing.assert_array_equal(d.h[:, 0, 0], exact)
    np.testing.assert_array_equal(d.a[:, 0, 0], exact[1:])


@every_engine
@pytest.mark.parametrize("bias", [-700.0, -50.0, -1.0, 0.0, 3.0])
def test_the_cell_path_of_an_lstm_is_the_product_of_its_forget_gates(bias, engine):
    timesteps, hidden = 3000, 3
    b = np.zeros(4 * hidden)
    b[hidden : 2 * hidden] = bias
    parameters = LSTMParameters(np.zeros((4 * hidden, 1)), np.zeros((4 * hidden, hidden)), b)
    state = np.zeros((1, hidden))
    made = Case("lstm", parameters, np.zeros((timesteps, 1, 1)), (state, state), np.zeros((timesteps, 1, hidden)))
    made.loss[-1] = 1.0
    d = both(made, engine)[1]
    log10_f = -np.log1p(np.exp(-bias)) / np.log(10)
    assert d.log10_c[0, 0] - d.log10_c[-1, 0] == pytest.approx(timesteps * log10_f, rel=1e-12)
    assert np.all(d.log10_h[:-1] == -np.inf)


@every_engine
def test_a_gru_that_keeps_half_halves_its_gradient(engine):
    hidden, timesteps = 2, 4000
    zeros = np.zeros
    parameters = GRUParameters(zeros((6, 1)), zeros((6, hidden)), zeros(6), zeros(hidden))
    made = Case("gru", parameters, zeros((timesteps, 1, 1)), (zeros((1, hidden)),), zeros((timesteps, 1, hidden)))
    made.loss[-1] = 1.0
    d = both(made, engine)[1]
    assert d.log10_h[0, 0] - d.log10_h[-1, 0] == pytest.approx(timesteps * np.log10(0.5), abs=1e-9)


@every_engine
def test_float32_keeps_its_exponents_too(engine):
    d = both(as_float32(fading(0.5, 1500)), engine)[1]
    assert d.log10_h[0, 0] == pytest.approx(1500 * np.log10(0.5), abs=1e-9)
    assert d.h.dtype == np.float32
    assert d.h[1500 - 149, 0, 0] == np.float32(2.0**-149) and d.h[1500 - 150, 0, 0] == 0


@every_engine
def test_an_ordinary_loss_met_on_the_way_back_takes_over_from_a_vanished_gradient(engine):
    made = fading(0.5, 4000)
    made.loss[999, 0, 0] = 3.0
    d = both(made, engine)[1]
    assert d.log10_h[1001, 0] == pytest.approx(2999 * np.log10(0.5), abs=1e-9)
    assert d.h[1000, 0, 0] == 3.0
    assert d.log10_h[0, 0] == pytest.approx(np.log10(3) + 1000 * np.log10(0.5), abs=1e-9)


@every_engine
def test_a_loss_as_small_as_the_gradient_it_meets_is_added_to_it(engine):
    made = fading(0.5, 1200)
    made.loss[199, 0, 0] = 2.0**-1000  # what arrives there from the end
    d = both(made, engine)[1]
    assert d.h[200, 0, 0] == 2.0**-999
    assert d.log10_h[0, 0] == pytest.approx(1199 * np.log10(0.5), abs=1e-9)


@every_engine
def test_a_loss_too_small_to_matter_changes_nothing(engine):
    made = fading(4.0, 1500, hidden=1)
    tape = forward(made, engine)._replace(a=np.ones((1500, 1, 1)))
    alone = backward(made, tape, engine).log10_h
    made.loss[:1000] = 1e-300
    np.testing.assert_array_equal(backward(made, tape, engine).log10_h, alone)


@every_engine
@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-160, 1e160, 1e308])
def test_extreme_losses_at_every_timestep_scale_the_gradient_and_nothing_else(size, engine):
    made = case("lstm", sizes=(20, 2, 1, 3))
    made.loss[:] = 1.0
    tape = forward(made, engine)
    plain, extreme = (backward(made._replace(loss=made.loss * factor), tape, engine) for factor in (1.0, size))
    np.testing.assert_allclose(extreme.log10_h, plain.log10_h + np.log10(size), rtol=1e-12)
    np.testing.assert_allclose(extreme.log10_c, plain.log10_c + np.log10(size), rtol=1e-12)


@every_engine
def test_sequences_of_one_batch_scale_apart(engine):
    made = case("rnn", sizes=(400, 3, 1, 4), gain=0.3)
    made.loss[:-1, 1:] = 0
    made.loss[:, 2] = 0
    d = both(made, engine)[1]
    assert d.log10_h[0, 0] > -5
    assert -1000 < d.log10_h[0, 1] < -100
    assert np.all(d.log10_h[:, 2] == -np.inf)


def plain_backward(made: Case, tape) -> np.ndarray:
    """Backpropagation through time of a tanh RNN with nothing added: the numbers carry no exponent."""
    d_h = np.zeros_like(tape.h)
    for t in range(len(tape.a), 0, -1):
        d_h[t] += made.loss[t - 1]
        d_h[t - 1] = (d_h[t] * (1 - tape.h[t] ** 2)) @ made.parameters.weight_hh
    return d_h


@pytest.mark.parametrize("gain", [0.2, 0.6, 1.0])
def test_where_float64_suffices_the_bits_are_those_of_plain_backpropagation(gain):
    made = case("rnn", sizes=(150, 2, 2, 6), gain=gain)
    made.loss[:-1] = 0
    tape, d = both(made, "reference")
    plain = plain_backward(made, tape)
    ordinary = np.abs(plain).min(axis=(1, 2)) > 1e-290  # below, the plain ones lose digits
    assert ordinary.sum() > 100
    np.testing.assert_array_equal(d.h[ordinary], plain[ordinary])


def test_nan_and_infinity_are_passed_on_and_rescale_nothing():
    rows = np.array([[np.nan, 1.0], [np.inf, 1.0], [np.nan, 1e-200], [0.0, 0.0]])
    exponent, kept = scaled.keep_in_range(scaled.no_exponent(4), rows)
    np.testing.assert_array_equal(exponent, [0, 0, -664, 0])
    np.testing.assert_array_equal(kept[[0, 1, 3]], rows[[0, 1, 3]])
    assert np.isnan(kept[2, 0]) and 0.5 <= kept[2, 1] < 1
    norms = scaled.log10_norm(kept, exponent)
    np.testing.assert_array_equal(norms, [np.nan, np.inf, np.nan, -np.inf])


def test_norms_of_rows_whose_squares_float64_cannot_hold_are_right():
    rows = np.array([[3e-200, 4e-200], [3e200, 4e200], [5e-324, 0.0]])
    norms = scaled.log10_norm(rows, scaled.no_exponent(3))
    np.testing.assert_allclose(norms, [np.log10(5) - 200, np.log10(5) + 200, np.log10(5e-324)], rtol=1e-14)
