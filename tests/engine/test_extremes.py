"""Nothing a number can be makes a cell fail, and what is not a number stays visible."""

import numpy as np
import pytest

from tests.engine.cases import CELLS, ENGINES, FAMILY, backward, both, case, forward

every_cell = pytest.mark.parametrize("cell", CELLS)
# the kernels of the rarer cells are compiled for test_cells; a second worker would compile them again
seldom = [pytest.param(cell, "kernels", marks=pytest.mark.soak) for cell in FAMILY]
often = [*((cell, "kernels") for cell in CELLS), *((cell, "reference") for cell in CELLS + FAMILY)]
every_other_kernel_seldom = pytest.mark.parametrize(
    "cell", [*CELLS, *(pytest.param(cell, marks=pytest.mark.soak) for cell in FAMILY)]
)
every_cell_and_engine = pytest.mark.parametrize(("cell", "engine"), [*often, *seldom])
EXTREMES = [0.0, -0.0, 5e-324, -5e-324, 1e4, -1e4, 1e308, -1e308, np.inf, -np.inf, np.nan]


def assert_finite(tape, d):
    for result in (tape, d):
        for name in result._fields:
            if name.startswith("log10"):  # of zero it is -inf
                assert np.all(getattr(result, name) < np.inf), name
            else:
                assert np.isfinite(getattr(result, name)).all(), name


@every_cell_and_engine
@pytest.mark.parametrize("where", ["x", "weight_ih", "weight_hh", "bias", "h0", "loss"])
def test_no_number_makes_a_cell_fail(cell, where, engine):
    for value in EXTREMES:
        made = case(cell, sizes=(4, 2, 2, 5))
        target = {"x": made.x, "h0": made.state[0], "loss": made.loss}.get(where)
        if target is None:
            target = getattr(made.parameters, where)
        target.flat[1] = value
        tape, d = both(made, engine)
        if np.isfinite(value) and abs(value) <= 1e4:
            assert_finite(tape, d)


@every_cell_and_engine
def test_nan_in_the_input_shows_from_its_timestep_on_and_in_its_sequence_alone(cell, engine):
    made = case(cell, sizes=(6, 2, 2, 5))
    made.x[2, 1, 0] = np.nan
    tape = forward(made, engine)
    assert np.isnan(tape.h[3:, 1]).all()
    assert np.isfinite(tape.h[:3]).all() and np.isfinite(tape.h[:, 0]).all()


@every_other_kernel_seldom
@pytest.mark.parametrize("where", ["x", "h0", "loss"])
def test_nan_shows_at_the_same_places_in_kernels_and_reference(cell, where):
    made = case(cell, sizes=(6, 2, 2, 5))
    {"x": made.x[2], "h0": made.state[0], "loss": made.loss[2]}[where][1, 0] = np.nan
    results = [both(made, engine) for engine in ENGINES]
    nans = 0
    for ours, theirs in zip(*results, strict=True):
        for name in theirs._fields:
            found = np.isnan(getattr(theirs, name))
            np.testing.assert_array_equal(np.isnan(getattr(ours, name)), found, err_msg=name)
            nans += found.sum()
    assert nans > 0


@every_cell_and_engine
def test_nan_in_the_loss_shows_in_the_log_norms_from_there_back(cell, engine):
    made = case(cell, sizes=(6, 2, 2, 5))
    made.loss[3, 1] = np.nan
    d = both(made, engine)[1]
    assert np.isnan(d.log10_h[:5, 1]).all()
    assert np.isfinite(d.log10_h[5:, 1]).all() and np.isfinite(d.log10_h[:, 0]).all()


def test_a_dead_unit_with_a_pre_activation_of_minus_infinity_has_no_gradient():
    made = case("relu", sizes=(3, 1, 2, 4))
    made.parameters.bias[1] = -np.inf
    for engine in ENGINES:
        tape, d = both(made, engine)
        assert np.all(tape.h[1:, 0, 1] == 0)
        assert np.all(d.a[:, 0, 1] == 0)


@every_cell_and_engine
@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (1, 3, 2, 2), (2, 1, 1, 512), (3, 1, 256, 2)])
def test_the_smallest_and_the_widest_networks_run(cell, sizes, engine):
    tape, d = both(case(cell, sizes=sizes), engine)
    timesteps, sequences, inputs, hidden = sizes
    assert tape.h.shape == d.h.shape == (timesteps + 1, sequences, hidden)
    assert d.x.shape == (timesteps, sequences, inputs)
    assert_finite(tape, d)


@every_cell
def test_ten_thousand_timesteps_run_and_agree(cell):
    made = case(cell, sizes=(10_000, 1, 1, 2), gain=0.5)
    tape = forward(made, "kernels")
    d = backward(made, tape, "kernels")
    assert_finite(tape, d)
    np.testing.assert_allclose(forward(made, "reference").h, tape.h, atol=1e-12)
    np.testing.assert_allclose(backward(made, tape, "reference").h, d.h, rtol=1e-10, atol=1e-13)
