"""What if the input had been different: the true change and the forecast of the gradient."""

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.counterfactual import counterfactual, with_input
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.readout import new_readout
from lstmviz.lab.trace import trace

KINDS = {
    "rnn": lambda: VanillaRNN(3, 5),
    "relu": lambda: VanillaRNN(3, 5, activation="relu"),
    "lstm": lambda: LSTM(3, 5),
    "gru": lambda: GRU(3, 5),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
RNG = np.random.default_rng(0)
X, NUDGE = RNG.normal(size=(12, 2, 3)), RNG.normal(size=(12, 2, 3))


def asked(kind):
    targets = RNG.normal(size=(12, 2, 2))
    readout = new_readout(2, 5, seed=0)
    return trace(KINDS[kind](), X, loss="all", readout=readout, targets=targets, engine="reference")


@every_kind
def test_a_change_ten_times_smaller_is_forecast_a_hundred_times_better(kind):
    found = asked(kind)
    errors = [abs(counterfactual(found, X + size * NUDGE).error) for size in (1e-3, 1e-4)]
    assert errors[1] == pytest.approx(errors[0] / 100, rel=0.2)


@every_kind
def test_hidden_states_and_outputs_are_forecast_to_first_order(kind):
    found = counterfactual(asked(kind), X + 1e-6 * NUDGE)
    for true, forecast in (
        (found.true_h_change, found.forecast_h_change),
        (found.true_output_change, found.forecast_output_change),
    ):
        np.testing.assert_allclose(forecast, true, atol=1e-10)
        assert np.abs(true[1:]).max() > 1e-8


@every_kind
def test_the_same_input_changes_nothing(kind):
    found = counterfactual(asked(kind), X, engine="reference")
    assert found.true_loss_change == found.forecast_loss_change == found.error == 0.0
    assert not found.true_h_change.any() and not found.forecast_h_change.any()


def test_the_true_change_is_that_of_a_trace_over_the_other_input():
    network, weight = GRU(3, 5), RNG.normal(size=(12, 2, 5))
    one, other = (trace(network, x, loss_weight=weight) for x in (X, X + NUDGE))
    found = counterfactual(one, X + NUDGE)
    assert found.true_loss_change == pytest.approx(other.loss - one.loss, rel=1e-12)
    np.testing.assert_array_equal(found.tape.h, other.tape.h)
    assert found.true_output_change is None


def test_only_what_is_changed_contributes_to_the_forecast():
    one = trace(LSTM(3, 5), X)
    found = counterfactual(one, with_input(one, 4, [1.0, 0.0, -1.0], sequence=1))
    places = np.argwhere(found.forecast_by_timestep)
    assert places.tolist() == [[3, 1]]
    assert found.forecast_loss_change == pytest.approx(float(one.gradients.x[3, 1] @ ([1.0, 0.0, -1.0] - X[3, 1])))
    assert not found.true_h_change[:4].any() and not found.true_h_change[:, 0].any()


def test_a_large_change_that_the_gradient_cannot_foresee_is_still_true():
    network = VanillaRNN(1, 1, gain=0).with_parameters(
        type(VanillaRNN(1, 1).parameters)(np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1))
    )
    found = counterfactual(trace(network, np.full((1, 1, 1), 20.0)), np.full((1, 1, 1), -20.0))
    assert found.true_loss_change == pytest.approx(-2.0)  # from tanh 20 to tanh -20
    assert abs(found.forecast_loss_change) < 1e-12  # where the slope is gone


@pytest.mark.parametrize(("timestep", "sequence"), [(0, 0), (13, 0), (1, 2)])
def test_a_place_outside_the_input_is_refused(timestep, sequence):
    with pytest.raises(BadInput, match="is out of range"):
        with_input(trace(LSTM(3, 5), X), timestep, 0.0, sequence)


def test_an_input_of_another_length_is_refused():
    with pytest.raises(BadInput, match="shape 11x2x3 does not fit the trace"):
        counterfactual(trace(LSTM(3, 5), X), X[:11])
