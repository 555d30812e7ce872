"""Guessed networks beside the plain formula."""

import numpy as np
import pytest

from lstmviz.engine.guess import first_right


def answers(weights, readouts, x):
    """What each guess (G) says at the end of each sequence (S)."""
    units = weights.shape[1]
    h = np.zeros((len(weights), len(x), units))
    for column in x.T:
        h = np.tanh(
            np.einsum("gjk,gsk->gsj", weights[..., :units], h)
            + weights[:, None, :, units] * column[None, :, None]
            + weights[:, None, :, units + 1]
        )
    return np.einsum("gk,gsk->gs", readouts[:, :units], h) + readouts[:, None, units]


@pytest.mark.parametrize("seed", range(4))
def test_the_first_guess_that_is_always_right_is_found(seed):
    rng = np.random.default_rng(seed)
    weights, readouts = rng.uniform(-3, 3, size=(60, 3, 5)), rng.uniform(-3, 3, size=(60, 4))
    x = rng.normal(size=(4, 9))
    said = answers(weights, readouts, x) > 0
    classes = said[25].astype(np.int64)
    wanted = int(np.flatnonzero((said == classes).all(axis=1))[0])
    assert wanted <= 25
    assert first_right(weights, readouts, x, classes) == wanted
    assert first_right(weights[:wanted], readouts[:wanted], x, classes) == -1


def test_a_latch_set_by_hand_holds_its_bit_for_a_thousand_timesteps():
    """One unit that feeds itself back by 2: the sign of the first input stays, whatever noise follows."""
    weights, readouts = np.array([[[2.0, 1.5, 0.0]]]), np.array([[1.0, 0.0]])
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 2, size=20)
    x = rng.normal(0, 0.1, size=(20, 1000))
    x[:, 0] = 2 * classes - 1
    assert first_right(weights, readouts, x, classes) == 0
    assert first_right(weights, readouts, x, 1 - classes) == -1
