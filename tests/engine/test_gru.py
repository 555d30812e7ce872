"""Laws of the GRU."""

import numpy as np
import pytest

from tests.engine.cases import ENGINES, both, case, last_only

every_engine = pytest.mark.parametrize("engine", ENGINES)


def with_gate_biases(r: float, z: float, timesteps: int = 6):
    """A GRU whose gates follow their biases alone."""
    made = last_only(case("gru", sizes=(timesteps, 2, 3, 4)))
    made.parameters.weight_ih[:8] = 0
    made.parameters.weight_hh[:8] = 0
    made.parameters.bias[:8] = np.repeat([r, z], 4)
    return made


@every_engine
@pytest.mark.parametrize("gap", [1, 50, 2000])
def test_update_gate_one_keeps_state_and_gradient_exactly_for_any_gap(gap, engine):
    tape, d = both(with_gate_biases(r=0.0, z=800.0, timesteps=gap), engine)
    assert np.all(tape.h == tape.h[0])
    assert np.all(d.h == d.h[-1])


@every_engine
def test_update_gate_zero_lets_the_candidate_take_over(engine):
    tape, _ = both(with_gate_biases(r=0.0, z=-800.0), engine)
    np.testing.assert_array_equal(tape.h[1:], tape.n)


@every_engine
def test_reset_gate_zero_cuts_the_candidate_off_from_the_state(engine):
    tape, d = both(with_gate_biases(r=-800.0, z=0.0), engine)
    inputs = tape.x @ np.split(with_gate_biases(0, 0).parameters.weight_ih, 3)[2].T
    np.testing.assert_allclose(tape.a[..., 8:], inputs + with_gate_biases(0, 0).parameters.bias[8:], rtol=1e-13)
    assert np.all(d.hn == 0) and np.all(d.bias_hn == 0)
    np.testing.assert_allclose(d.h[:-1], d.h[1:] * tape.z, rtol=1e-14)


@every_engine
def test_the_state_lies_between_the_state_before_and_the_candidate(engine):
    tape, _ = both(case("gru", gain=3.0), engine)
    low, high = np.minimum(tape.h[:-1], tape.n), np.maximum(tape.h[:-1], tape.n)
    assert np.all(tape.h[1:] >= low - 1e-15) and np.all(tape.h[1:] <= high + 1e-15)
    np.testing.assert_allclose(tape.h[1:], (1 - tape.z) * tape.n + tape.z * tape.h[:-1], rtol=1e-13, atol=1e-16)
