"""Jacobians between timesteps: against complex steps, against the gradients, and where floating point ends."""

import math

import numpy as np
import pytest

from lstmviz.engine import jacobian, jacobian_kernels, jacobian_slopes
from lstmviz.engine.arrays import LSTMParameters, RNNParameters
from tests.engine.cases import CELLS, Case, as_float32, backward, case, forward, last_only
from tests.engine.naive import COMPLEX, Run

NUDGE = 1e-30
every_cell = pytest.mark.parametrize("cell", CELLS)
both_ways = pytest.mark.parametrize("module", [jacobian, jacobian_kernels])


def slopes_of(case: Case, sequence: int = 0) -> jacobian.Slopes:
    return jacobian.slopes(forward(case), sequence, "relu" if case.cell == "relu" else "")


def ends(case: Case) -> tuple[str, ...]:
    return ("h", "c") if case.cell == "lstm" else ("h",)


def by_complex_step(case: Case, sequence: int, of: tuple[str, int], by: tuple[str, int]) -> np.ndarray:
    """d of[unit] / d by[unit], (H, H), from one run of the definition for each column."""
    hidden = case.parameters.weight_hh.shape[1]
    cell, activation = ("rnn", "relu") if case.cell == "relu" else (case.cell, "")
    found = np.empty((hidden, hidden))
    for column in range(hidden):
        run = Run(COMPLEX, case.parameters, activation, {(*by, column): NUDGE * 1j})
        state = tuple(row[sequence].tolist() for row in case.state)
        run.loss(cell, case.x[:, sequence].tolist(), state, case.loss[:, sequence].tolist())
        found[:, column] = [run.found[(*of, row)].imag / NUDGE for row in range(hidden)]
    return found


def whole(row: jacobian.Row, t: int, name: str, hidden: int) -> np.ndarray:
    block = row.blocks[t, -hidden:] if name == "h" else row.blocks[t, :hidden]
    return np.ldexp(block, int(row.exponent[t])).T


@every_cell
@both_ways
def test_the_jacobians_of_the_last_state_agree_with_complex_steps(cell, module):
    one = case(cell, seed=3)
    for end in ends(one):
        row = module.row(slopes_of(one, 1), one.parameters.weight_hh, end, blocks=True)
        for t in range(7):
            for name in ends(one):
                expected = by_complex_step(one, 1, (end, 6), (name, t))
                np.testing.assert_allclose(whole(row, t, name, 5), expected, rtol=1e-11, atol=1e-13)
                norm = getattr(row, f"log10_{name}")[t]
                if expected.any():
                    assert norm == pytest.approx(math.log10(np.linalg.norm(expected)), abs=1e-11)
                else:
                    assert norm == -math.inf


@every_cell
@both_ways
def test_the_map_agrees_with_complex_steps_between_any_two_timesteps(cell, module):
    one = case(cell, seed=4)
    for by in ends(one):
        found = module.every_pair(slopes_of(one), one.parameters.weight_hh, by)
        for t, k in ((0, 0), (3, 3), (4, 3), (5, 2), (6, 0)):
            for of in ends(one):
                expected = np.linalg.norm(by_complex_step(one, 0, (of, t), (by, k)))
                log10 = getattr(found, f"log10_{of}")[t, k]
                assert log10 == pytest.approx(math.log10(expected), abs=1e-11) if expected else log10 == -math.inf


@every_cell
def test_the_jacobian_of_one_timestep_carries_a_small_nudge_of_the_state(cell):
    one = case(cell, seed=5, sizes=(1, 1, 3, 5))
    found = jacobian.one_timestep(slopes_of(one), one.parameters.weight_hh)[0]
    names = ("c", "h") if cell == "lstm" else ("h",)
    order = [one.state[1], one.state[0]] if cell == "lstm" else [one.state[0]]
    state, nudge = np.concatenate(order, axis=1), 1e-6
    for column in range(state.shape[1]):
        after = []
        for sign in (nudge, -nudge):
            moved = state.copy()
            moved[0, column] += sign
            parts = np.split(moved, len(order), axis=1)
            tape = forward(one._replace(state=tuple(parts[::-1])))
            after.append(np.concatenate([getattr(tape, name)[1, 0] for name in names]))
        np.testing.assert_allclose(found[:, column], (after[0] - after[1]) / (2 * nudge), atol=1e-8)


@every_cell
@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (9, 2, 3, 3), (12, 1, 2, 8), (7, 3, 2, 17)])
def test_the_kernels_agree_with_the_definition_at_every_size(cell, sizes):
    for one, tolerance in ((case(cell, sizes=sizes), 1e-11), (as_float32(case(cell, sizes=sizes)), 1e-4)):
        slopes, weights = slopes_of(one, sizes[1] - 1), one.parameters.weight_hh
        for name in ends(one):
            ours, theirs = (module.row(slopes, weights, name) for module in (jacobian_kernels, jacobian))
            np.testing.assert_allclose(ours.log10_h, theirs.log10_h, atol=tolerance)
            np.testing.assert_allclose(ours.log10_c, theirs.log10_c, atol=tolerance)
            found, expected = (module.every_pair(slopes, weights, name) for module in (jacobian_kernels, jacobian))
            np.testing.assert_allclose(found.log10_h, expected.log10_h, atol=tolerance)
            np.testing.assert_allclose(found.log10_c, expected.log10_c, atol=tolerance)


@every_cell
def test_the_kernels_read_the_same_slopes_from_the_tape(cell):
    for one in (case(cell), as_float32(case(cell))):
        tape, activation = forward(one), "relu" if cell == "relu" else ""
        for sequence in (0, 1):
            ours, theirs = (m.slopes(tape, sequence, activation) for m in (jacobian_slopes, jacobian))
            for got, expected in zip(ours, theirs, strict=True):
                assert got.shape == expected.shape and got.dtype == expected.dtype
                np.testing.assert_allclose(got, expected, rtol=4 * np.finfo(got.dtype).eps)


@every_cell
@both_ways
def test_a_gradient_is_the_loss_carried_back_by_the_jacobian(cell, module):
    one = last_only(case(cell, seed=6, sizes=(20, 2, 3, 5)))
    d = backward(one, forward(one))
    row = module.row(slopes_of(one, 1), one.parameters.weight_hh, blocks=True)
    for t in range(21):
        for name in ends(one):
            carried = one.loss[-1, 1] @ whole(row, t, name, 5)
            np.testing.assert_allclose(carried, getattr(d, name)[t, 1], rtol=1e-10, atol=1e-14)


@every_cell
def test_the_last_line_of_the_map_is_the_row(cell):
    one = case(cell, seed=7, sizes=(40, 1, 3, 6))
    slopes, weights = slopes_of(one), one.parameters.weight_hh
    rows = {end: jacobian_kernels.row(slopes, weights, end) for end in ends(one)}
    for by in ends(one):
        found = jacobian_kernels.every_pair(slopes, weights, by)
        for end, row in rows.items():
            np.testing.assert_allclose(getattr(found, f"log10_{end}")[-1], getattr(row, f"log10_{by}"), atol=1e-10)


def fading(share: float, timesteps: int, hidden: int = 3, dtype: str = "float64") -> tuple[jacobian.Slopes, np.ndarray]:
    """A ReLU RNN that keeps ``share`` of everything at each timestep."""
    parameters = RNNParameters(np.zeros((hidden, 1)), share * np.eye(hidden), np.ones(hidden))
    zeros = np.zeros((timesteps, 1, 1))
    one = Case("relu", parameters, zeros, (np.ones((1, hidden)),), np.zeros((timesteps, 1, hidden)))
    one = as_float32(one) if dtype == "float32" else one
    return slopes_of(one), one.parameters.weight_hh


@both_ways
@pytest.mark.parametrize(
    ("share", "timesteps", "log10"),
    [(0.5, 5000, -1505.149978319906), (0.9, 20000, -915.149811213502), (1e-200, 20, -4000.0), (1e60, 300, 18000.0)],
)
def test_a_jacobian_beyond_float64_keeps_its_size(share, timesteps, log10, module):
    row = module.row(*fading(share, timesteps, hidden=1))
    assert row.log10_h[0] == pytest.approx(log10, abs=1e-9)
    assert row.log10_h[timesteps] == 0.0


def test_in_float32_a_vanished_jacobian_is_no_zero_either():
    found = jacobian_kernels.every_pair(*fading(0.25, 300, dtype="float32"))
    assert found.log10_h[300, 0] == pytest.approx(300 * math.log10(0.25) + math.log10(3) / 2, abs=1e-4)


def test_where_nothing_passes_the_norm_is_minus_infinity():
    row = jacobian_kernels.row(*fading(0.0, 4))
    assert row.log10_h.tolist()[:4] == [-math.inf] * 4


@both_ways
def test_what_is_followed_no_further_says_how_far_it_was(module):
    slopes, weights = fading(0.1, 30)
    found = module.every_pair(slopes, weights, floor=-9.5)
    assert found.last.tolist() == [min(k + 10, 30) for k in range(31)]
    assert np.isnan(found.log10_h[11:, 0]).all() and np.isfinite(found.log10_h[:11, 0]).all()
    complete = module.every_pair(slopes, weights)
    assert complete.last.tolist() == [30] * 31
    reached = ~np.isnan(found.log10_h)
    np.testing.assert_array_equal(found.log10_h[reached], complete.log10_h[reached])


def test_a_lstm_whose_recurrent_weights_are_cut_passes_on_the_product_of_its_forget_gates():
    one = case("lstm", seed=8, sizes=(50, 1, 3, 6))
    cut = LSTMParameters(one.parameters.weight_ih, np.zeros((24, 6)), one.parameters.bias)
    one = one._replace(parameters=cut)
    row = jacobian_kernels.row(slopes_of(one), cut.weight_hh, "c", blocks=True)
    f = forward(one).f[:, 0]
    for t in (0, 20, 49):
        np.testing.assert_allclose(whole(row, t, "c", 6), np.diag(f[t:].prod(axis=0)), rtol=1e-12)


def test_a_nan_is_seen_from_there_on_back_and_nowhere_later():
    one = case("lstm", seed=9)
    tape = forward(one)
    tape.f[2, 0, 1] = np.nan
    row = jacobian_kernels.row(jacobian.slopes(tape), one.parameters.weight_hh)
    assert np.isnan(row.log10_h[:2]).all() and np.isfinite(row.log10_h[3:]).all()


def test_the_largest_singular_value_is_the_spectral_norm():
    one = case("gru", seed=10, sizes=(30, 1, 3, 6))
    row = jacobian_kernels.row(slopes_of(one), one.parameters.weight_hh, blocks=True)
    values = jacobian.log10_singular_values(row.blocks, row.exponent)
    for t in (0, 10, 30):
        assert values[t, 0] == pytest.approx(math.log10(np.linalg.norm(whole(row, t, "h", 6), 2)), abs=1e-12)
    np.testing.assert_allclose(np.log10((10.0 ** (2 * values)).sum(axis=1)) / 2, row.log10_h, atol=1e-12)


@every_cell
def test_the_spectral_norm_lies_between_the_frobenius_norm_and_its_share_of_the_root_of_the_units(cell):
    one = case(cell, seed=11, sizes=(20, 1, 3, 6))
    slopes, weights = slopes_of(one), one.parameters.weight_hh
    frobenius, spectral = (jacobian.every_pair(slopes, weights, norm=norm) for norm in ("frobenius", "spectral"))
    later = np.tril(np.ones((21, 21), bool)) & np.isfinite(frobenius.log10_h)
    gap = frobenius.log10_h[later] - spectral.log10_h[later]
    assert gap.min() >= -1e-12 and gap.max() <= math.log10(6) / 2 + 1e-12
    np.testing.assert_allclose(spectral.log10_h.diagonal(), 0.0, atol=1e-14)
