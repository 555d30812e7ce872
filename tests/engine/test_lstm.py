"""Laws of the LSTM."""

import numpy as np
import pytest

from lstmviz.engine.arrays import LSTMParameters
from tests.engine.cases import ENGINES, Case, both, case, last_only

every_engine = pytest.mark.parametrize("engine", ENGINES)


def gated(timesteps: int, i: float, f: float, o: float, hidden: int = 3) -> Case:
    """An LSTM whose gates follow their biases alone, with noise on the candidate's input."""
    rng = np.random.default_rng(2)
    weight_ih = np.zeros((4 * hidden, 1))
    weight_ih[2 * hidden : 3 * hidden] = rng.normal(size=(hidden, 1))
    bias = np.repeat([i, f, 0.0, o], hidden)
    state = tuple(rng.normal(size=(1, hidden)) for _ in range(2))
    parameters = LSTMParameters(weight_ih, np.zeros((4 * hidden, hidden)), bias)
    made = Case("lstm", parameters, rng.normal(size=(timesteps, 1, 1)), state, np.ones((timesteps, 1, hidden)))
    return last_only(made)


@every_engine
@pytest.mark.parametrize("gap", [1, 50, 2000])
def test_forget_gate_one_and_input_gate_zero_keep_the_cell_state_exactly_for_any_gap(gap, engine):
    tape, d = both(gated(gap, i=-800.0, f=800.0, o=0.0), engine)
    assert np.all(tape.i == 0) and np.all(tape.f == 1)
    assert np.all(tape.c == tape.c[0])
    assert np.all(d.c == d.c[-1])


@every_engine
def test_forget_gate_zero_forgets_at_once(engine):
    tape, d = both(gated(5, i=0.0, f=-800.0, o=0.0), engine)
    np.testing.assert_array_equal(tape.c[1:], tape.i * tape.g)
    assert np.all(d.c[:-1] == 0)


@every_engine
def test_output_gate_zero_hides_the_cell_state_and_stops_the_gradient(engine):
    tape, d = both(gated(5, i=0.0, f=3.0, o=-800.0), engine)
    assert np.all(tape.h[1:] == 0)
    assert np.all(d.c == 0) and np.all(d.log10_c == -np.inf)


@every_engine
def test_without_recurrent_weights_the_gradient_goes_back_through_the_cell_state_alone(engine):
    made = last_only(case("lstm"))
    made.parameters.weight_hh[:] = 0
    tape, d = both(made, engine)
    assert np.all(d.h[:-1] == 0)
    for t in range(len(tape.f)):
        np.testing.assert_allclose(d.c[t], d.c[t + 1] * tape.f[t], rtol=1e-14)


@every_engine
def test_gates_lie_between_zero_and_one_and_the_rest_is_what_the_equations_say(engine):
    tape, _ = both(case("lstm", gain=5.0), engine)
    for gate in (tape.i, tape.f, tape.o):
        assert gate.min() >= 0 and gate.max() <= 1
    np.testing.assert_allclose(tape.c[1:], tape.f * tape.c[:-1] + tape.i * tape.g, rtol=1e-14, atol=1e-16)
    np.testing.assert_allclose(tape.h[1:], tape.o * tape.tanh_c, rtol=1e-15)
