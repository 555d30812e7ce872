"""Laws of the vanilla RNN."""

import numpy as np
import pytest

from lstmviz.engine.arrays import RNNParameters
from tests.engine.cases import ENGINES, Case, both, case, forward, last_only

every_engine = pytest.mark.parametrize("engine", ENGINES)


@every_engine
@pytest.mark.parametrize("cell", ["rnn", "relu"])
@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_the_gradient_stays_below_the_largest_singular_value_to_the_power_of_the_distance(cell, gain, engine):
    made = last_only(case(cell, sizes=(300, 2, 2, 6), gain=gain))
    d = both(made, engine)[1]
    sigma = np.linalg.norm(made.parameters.weight_hh, 2)
    distance = np.arange(300, -1, -1)[:, None]
    assert np.all(d.log10_h <= d.log10_h[-1] + distance * np.log10(sigma) + 1e-9)


@every_engine
@pytest.mark.parametrize("cell", ["rnn", "relu"])
def test_without_recurrent_weights_no_gradient_reaches_back(cell, engine):
    made = last_only(case(cell))
    made.parameters.weight_hh[:] = 0
    d = both(made, engine)[1]
    assert np.all(d.h[:-1] == 0) and np.all(d.log10_h[:-1] == -np.inf)
    np.testing.assert_array_equal(d.h[-1], made.loss[-1])


@every_engine
def test_an_identity_relu_network_keeps_state_and_gradient_for_ever(engine):
    parameters = RNNParameters(np.zeros((3, 1)), np.eye(3), np.zeros(3))
    h0 = np.array([[0.1, 2.0, 3.7]])
    made = last_only(Case("relu", parameters, np.ones((500, 1, 1)), (h0,), np.full((500, 1, 3), 0.7)))
    tape, d = both(made, engine)
    assert np.all(tape.h == h0) and np.all(d.h == 0.7)


@every_engine
def test_relu_has_no_slope_at_zero(engine):
    parameters = RNNParameters(np.zeros((2, 1)), np.eye(2), np.zeros(2))
    made = Case("relu", parameters, np.zeros((3, 1, 1)), (np.zeros((1, 2)),), np.ones((3, 1, 2)))
    assert np.all(both(made, engine)[1].a == 0)


@every_engine
def test_a_latched_unit_remembers_while_its_gradient_is_gone(engine):
    parameters = RNNParameters(np.zeros((1, 1)), np.full((1, 1), 2.0), np.zeros(1))
    made = last_only(Case("rnn", parameters, np.zeros((1000, 1, 1)), (np.full((1, 1), 0.1),), np.ones((1000, 1, 1))))
    tape, d = both(made, engine)
    assert tape.h[-1, 0, 0] == pytest.approx(0.9575, abs=1e-4)
    assert d.log10_h[0, 0] < -700


@every_engine
def test_states_lie_between_minus_one_and_one(engine):
    assert np.abs(forward(case("rnn", gain=20.0), engine).h[1:]).max() <= 1
