"""Networks: how they start, and what they refuse."""

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.network import GRU, LSTM, VanillaRNN


def test_a_network_counts_one_bias_per_row():
    assert VanillaRNN(8, 16).parameter_count == 16 * (8 + 16 + 1) == 400
    assert LSTM(8, 16).parameter_count == 1600
    assert GRU(8, 16).parameter_count == 1200


def test_the_forget_bias_sits_on_the_forget_gate_alone():
    bias = LSTM(2, 3, forget_bias=2.5).parameters.bias
    np.testing.assert_array_equal(bias, [0, 0, 0, 2.5, 2.5, 2.5, 0, 0, 0, 0, 0, 0])


def test_the_update_bias_sits_on_the_update_gate_alone():
    np.testing.assert_array_equal(GRU(2, 2, update_bias=1).parameters.bias, [0, 0, 1, 1, 0, 0])


def test_chrono_biases_lie_between_zero_and_the_logarithm_of_t_and_mirror_the_input_gate():
    bias = LSTM(2, 200, forget_bias="chrono", timesteps=100).parameters.bias
    forget = bias[200:400]
    assert forget.min() >= 0 and forget.max() <= np.log(99)
    assert np.median(forget) == pytest.approx(np.log(50), abs=0.3)
    np.testing.assert_array_equal(bias[:200], -forget)


def test_an_orthogonal_start_turns_vectors_and_keeps_their_length():
    weight = VanillaRNN(4, 32, initialisation="orthogonal").parameters.weight_hh
    np.testing.assert_allclose(weight @ weight.T, np.eye(32), atol=1e-12)


def test_gain_multiplies_the_recurrent_weights_and_nothing_else():
    for kind in ("uniform", "orthogonal", "identity"):
        once = VanillaRNN(4, 6, initialisation=kind).parameters
        twice = VanillaRNN(4, 6, initialisation=kind, gain=2).parameters
        np.testing.assert_array_equal(twice.weight_hh, 2 * once.weight_hh)
        np.testing.assert_array_equal(twice.weight_ih, once.weight_ih)


def test_changing_the_initialisation_keeps_the_input_weights():
    starts = [VanillaRNN(4, 6, initialisation=kind).parameters for kind in ("uniform", "orthogonal", "identity")]
    for start in starts[1:]:
        np.testing.assert_array_equal(start.weight_ih, starts[0].weight_ih)


def test_uniform_weights_stay_within_one_over_the_root_of_h():
    weight = LSTM(3, 25).parameters.weight_hh
    assert np.abs(weight).max() <= 0.2 and np.abs(weight).max() > 0.19


def test_a_network_is_frozen():
    network = LSTM(2, 3)
    with pytest.raises(ValueError, match="read-only"):
        network.parameters.weight_hh[0, 0] = 1.0
    with pytest.raises(AttributeError):
        network.parameters = None


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: LSTM(0, 3), "LSTM: inputs: 0 is out of range (1 to 256)"),
        (lambda: LSTM(2, 513), "LSTM: hidden: 513 is out of range (1 to 512)"),
        (lambda: LSTM(2, 3, forget_bias=11), "LSTM: forget_bias: 11 is out of range (-2 to 10 or chrono)"),
        (lambda: LSTM(2, 3, forget_bias="high"), "LSTM: forget_bias: high is out of range (-2 to 10 or chrono)"),
        (lambda: GRU(2, 3, gain=-1), "GRU: gain: -1 is out of range (0 to 3)"),
        (lambda: VanillaRNN(2, 3, activation="sine"), "VanillaRNN: activation: sine is unknown (tanh, relu)"),
        (lambda: VanillaRNN(2, 3, dtype="int8"), "VanillaRNN: dtype: int8 is unknown (float64, float32)"),
        (lambda: VanillaRNN(2, 3, gain=float("nan")), "VanillaRNN: gain: nan is out of range (0 to 3)"),
    ],
)
def test_what_is_out_of_range_is_refused_in_one_line(make, says):
    with pytest.raises(BadInput) as error:
        make()
    assert str(error.value) == says


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"hidden": 2.5}, "LSTM: hidden: 2.5 is no whole number (such as 16)"),
        ({"hidden": True}, "LSTM: hidden: True is no whole number (such as 16)"),
        ({"forget_bias": None}, "LSTM: forget_bias: None is out of range (-2 to 10 or chrono)"),
        ({"gain": [1.0]}, "LSTM: gain: [1.0] is out of range (0 to 3)"),
        ({"seed": -1}, "lstm: seed: -1 is out of range (0 to 9.22337e+18)"),
        ({"seed": None}, "lstm: seed: None is no whole number (such as 16)"),
    ],
)
def test_what_is_no_number_of_the_right_kind_is_refused_in_one_line(options, says):
    with pytest.raises(BadInput) as caught:
        LSTM(**{"inputs": 2, "hidden": 3} | options)
    assert str(caught.value) == says


@pytest.mark.parametrize("cell", [VanillaRNN, LSTM, GRU])
def test_training_sees_every_array_that_it_changes_and_its_gradient(cell):
    network = cell(3, 4)
    tape = network.forward(np.ones((5, 2, 3)))
    gradients = network.backward(tape, np.ones((5, 2, network.width)))
    weights, slopes = network.weights(), network.weight_gradients(gradients)
    assert [weight.shape for weight in weights] == [slope.shape for slope in slopes]
    assert sum(weight.size for weight in weights) == network.parameter_count
    np.testing.assert_array_equal(network.seen(tape), tape.h)
    doubled = network.with_weights([2 * weight for weight in weights])
    for one, two in zip(weights, doubled.weights(), strict=True):
        np.testing.assert_array_equal(2 * one, two)


def test_the_inner_bias_of_a_gru_stays_when_its_weights_are_replaced():
    network = GRU(2, 3)
    filled = network.with_parameters(network.parameters._replace(bias_hn=np.ones(3)))
    fresh = filled.with_weights([np.zeros_like(weight) for weight in filled.weights()])
    np.testing.assert_array_equal(fresh.parameters.bias_hn, 1.0)
    assert not fresh.parameters.weight_hh.any()
