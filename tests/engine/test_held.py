"""Quantities held at values and states that are frozen: laws, finite differences, and kernels beside the reference."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from lstmviz.engine import holding
from lstmviz.engine.choose import cell_functions
from lstmviz.engine.variant import HELD, HOLDS, STATES, VARIANTS
from tests.engine.cases import (
    CELLS,
    ENGINES,
    FAMILY,
    Case,
    as_float32,
    assert_rows_agree,
    base_of,
    case,
    kernel_of,
    last_only,
    options_of,
)

ALL = CELLS + FAMILY
EPSILON = 1e-6
every_engine = pytest.mark.parametrize("engine", ENGINES)
every_cell = pytest.mark.parametrize("cell", ALL)
COMPILED = ("rnn", "lstm", "gru")
rarer = [pytest.param(cell, marks=pytest.mark.soak) for cell in ALL if cell not in COMPILED]


def nothing_held(made: Case) -> np.ndarray:
    return np.full((len(HELD[base_of(made.cell)]), *made.loss.shape), np.nan, made.x.dtype)


def some_held(made: Case, seed: int = 1) -> np.ndarray:
    """A fifth of everything at random numbers, and a fifth of the states frozen."""
    rng, held = np.random.default_rng(seed), nothing_held(made)
    here = rng.random(held.shape) < 0.2
    held[here] = rng.normal(size=np.count_nonzero(here))
    for values, name in zip(held, HELD[base_of(made.cell)], strict=True):
        if name in STATES:
            values[rng.random(values.shape) < 0.2] = np.inf
    return held


def of(made: Case, held: np.ndarray, name: str) -> np.ndarray:
    """The part of ``held`` that is about one quantity."""
    return held[HELD[base_of(made.cell)].index(name)]


def forward(made: Case, held: np.ndarray | None, engine: str = "reference") -> Any:
    functions = cell_functions(kernel_of(made.cell) + HOLDS, made.x.dtype.name, engine)
    return functions.forward(made.parameters, made.x, *made.state, *options_of(made.cell), held=held)


def backward(made: Case, tape: Any, held: np.ndarray | None, engine: str = "reference", **options: Any) -> Any:
    functions = cell_functions(kernel_of(made.cell) + HOLDS, made.x.dtype.name, engine)
    return functions.backward(made.parameters, tape, made.loss, *options_of(made.cell), **options, held=held)


def both(made: Case, held: np.ndarray | None, engine: str = "reference") -> tuple[Any, Any]:
    tape = forward(made, held, engine)
    return tape, backward(made, tape, held, engine)


def loss_of(made: Case, held: np.ndarray) -> float:
    return float(np.sum(made.loss * forward(made, held).h[1:]))


# ----------------------------------------------------------------------------- gradients


@every_cell
def test_gradients_agree_with_finite_differences_while_a_fifth_of_everything_is_held(cell):
    made, rng = case(cell, seed=3), np.random.default_rng(4)
    held = some_held(made)
    _, d = both(made, held)
    places = {name: getattr(made.parameters, name) for name in made.parameters._fields} | {"x": made.x}
    slopes = {name: getattr(d, name) for name in places}
    for name, start in zip("hc", made.state, strict=False):
        places[f"{name}0"], slopes[f"{name}0"] = start, getattr(d, name)[0]
    for name, array in places.items():
        for _ in range(3):
            way = rng.normal(size=array.shape)
            ends = []
            for sign in (1, -1):
                array += sign * EPSILON * way
                ends.append(loss_of(made, held))
                array -= sign * EPSILON * way
            expected = (ends[0] - ends[1]) / (2 * EPSILON)
            assert np.sum(slopes[name] * way) == pytest.approx(expected, rel=1e-6, abs=1e-8), name


@every_cell
def test_the_gradient_by_a_held_value_is_what_the_loss_does_when_it_is_held_elsewhere(cell):
    made = case(cell, seed=5)
    held = some_held(made, seed=2)
    _, d = both(made, held)
    for name in HELD[base_of(cell)]:
        values, slopes = of(made, held, name), getattr(d, name)[-len(made.x) :]
        for place in np.argwhere(np.isfinite(values))[:6]:
            at = tuple(place)
            there, ends = values[at], []
            for sign in (1, -1):
                values[at] = there + sign * EPSILON
                ends.append(loss_of(made, held))
            values[at] = there
            assert slopes[at] == pytest.approx((ends[0] - ends[1]) / (2 * EPSILON), rel=1e-6, abs=1e-8), name


@pytest.mark.parametrize("cell", [*COMPILED, *rarer])
def test_kernels_and_reference_hold_the_same(cell):
    for sizes in ((9, 3, 2, 11), (4, 5, 5, 16)):
        made = case(cell, sizes=sizes, seed=3)
        held = some_held(made)
        tape = forward(made, held)
        assert "reference" not in cell_functions(kernel_of(cell) + HOLDS, engine="kernels").forward.__module__
        assert_rows_agree(forward(made, held, "kernels"), tape, 1e-13)
        cuts: list[dict[str, Any]] = [{}, {"window": 3}]
        if base_of(cell) == "lstm":
            cuts += [{"truncated": True}, {"window": 2, "truncated": True}]
        for cut in cuts:
            expected = backward(made, tape, held, **cut)
            assert_rows_agree(backward(made, tape, held, "kernels", **cut), expected, 1e-11)


def test_the_kernels_of_all_cells_hold_the_same_as_plain_python():
    code = """
from tests.engine.test_held import ALL, test_kernels_and_reference_hold_the_same
for cell in ALL:
    test_kernels_and_reference_hold_the_same(cell)
"""
    run = [sys.executable, "-W", "error", "-c", code]
    finished = subprocess.run(run, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.soak
def test_kernels_hold_in_single_precision_too():
    made = as_float32(case("lstm", seed=3))
    held = some_held(made)
    tape, d = both(made, held, "kernels")
    assert tape.h.dtype == d.h.dtype == np.float32
    expected = forward(made, held)
    assert_rows_agree(tape, expected, 1e-5)
    assert_rows_agree(backward(made, expected, held, "kernels"), backward(made, expected, held), 1e-4)


# ----------------------------------------------------------------------------- laws


@every_engine
@pytest.mark.parametrize("gap", [1, 50, 2000])
def test_forget_gates_held_at_one_and_input_gates_at_zero_keep_cell_state_and_gradient_to_the_bit(gap, engine):
    made = last_only(case("lstm", sizes=(gap + 1, 1, 2, 3), gain=2.0))
    held = nothing_held(made)
    for name, value in (("f", 1.0), ("i", 0.0), ("o", 0.5)):
        of(made, held, name)[:gap] = value
    tape, d = both(made, held, engine)
    assert np.all(tape.c[: gap + 1] == tape.c[0])
    assert np.all(d.c[:gap] == d.c[gap - 1]) and np.all(d.c[0] != 0)


@pytest.mark.parametrize(
    ("cell", "engine"),
    [*((cell, "reference") for cell in ALL), ("rnn", "kernels"), ("lstm", "kernels"), ("gru", "kernels")],
)
def test_a_held_quantity_has_its_value_and_lets_exactly_nothing_through(cell, engine):
    made = case(cell, seed=6)
    for name in HELD[base_of(cell)]:
        held = nothing_held(made)
        of(made, held, name)[2, :, 1:3] = 0.25
        tape, d = both(made, held, engine)
        assert np.all(getattr(tape, name)[-6:][2, :, 1:3] == 0.25)
        assert np.any(getattr(d, name)[-6:][2, :, 1:3] != 0)  # what if it were held elsewhere
        sums = d.z if base_of(cell) == "lstm" else d.a
        of_units = sums[2].reshape(2, -1, 5)[..., 1:3]
        free = sums[2].reshape(2, -1, 5)[..., [0, 3, 4]]
        closed = closed_blocks(cell, name)
        if closed:
            assert np.all(of_units[:, closed] == 0) and np.any(free[:, closed] != 0)


def closed_blocks(cell: str, name: str) -> list[int]:
    """Blocks of pre-activations that a held quantity leaves without any gradient."""
    if base_of(cell) == "rnn":
        return [0]
    if base_of(cell) == "gru":
        # with the reset gate before the product, the candidates of all units see each of them
        return {"r": [0], "z": [1], "n": [0, 2] if cell == "gru" else [2], "h": [0, 1, 2] if cell == "gru" else [1, 2]}[
            name
        ]
    blocks = VARIANTS[cell.partition("/")[2] or "vanilla"].parts.blocks
    fed_back = cell == "lstm/fgr"
    behind = {"c": "g" if fed_back else "ifg", "h": "" if fed_back else "o"}.get(name, name)
    return [blocks.index(block) for block in behind if block in blocks]


@every_engine
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_holding_everything_at_the_very_values_it_had_changes_no_forward_bit(cell, engine):
    made = case(cell, sizes=(9, 3, 2, 11), seed=3, gain=2.0)
    functions = cell_functions(kernel_of(cell), engine=engine)
    free = functions.forward(made.parameters, made.x, *made.state, *options_of(cell))
    held = nothing_held(made)
    for name in HELD[base_of(cell)]:
        of(made, held, name)[:] = getattr(free, name)[-9:]
    held[np.random.default_rng(0).random(held.shape) < 0.5] = np.nan
    for got, expected in zip(forward(made, held, engine), free, strict=True):
        np.testing.assert_array_equal(got, expected)


@every_engine
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_frozen_states_stay_what_they_were_and_hand_their_gradient_on_unchanged(cell, engine):
    made = last_only(case(cell, sizes=(8, 2, 2, 5)))
    held = nothing_held(made)
    names = [name for name in HELD[base_of(cell)] if name in STATES]
    for name in names:
        of(made, held, name)[3:6] = np.inf
    tape, d = both(made, held, engine)
    for name in names:
        states, gradients = getattr(tape, name), getattr(d, name)
        assert np.all(states[3:7] == states[3]) and np.any(states[7] != states[3])
        if name == "h":
            assert np.all(gradients[3:6] == gradients[6]) and np.all(gradients[6] != 0)
    if cell == "lstm":  # h of the timestep before has a way to c, those in between have none
        assert np.all(d.c[4:6] == d.c[6]) and np.all(d.c[6] != 0)
    assert np.all((d.z if base_of(cell) == "lstm" else d.a)[3:6, ..., :1] == 0)


@every_engine
def test_frozen_units_leave_the_others_alone(engine):
    made = case("lstm", sizes=(6, 1, 2, 5))
    held = nothing_held(made)
    held[4:, 2:4, :, 0] = np.inf
    tape, d = both(made, held, engine)
    assert np.all(tape.h[2:5, :, 0] == tape.h[2, :, 0]) and np.all(tape.c[2:5, :, 0] == tape.c[2, :, 0])
    assert np.all(tape.h[2:5, :, 1:] != tape.h[1:4, :, 1:])
    assert np.all(d.z[2:4, :, ::5] == 0) and np.all(d.z[2:4, :, 1::5] != 0)


@every_engine
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_gradient_that_has_left_floating_point_goes_through_a_frozen_span_with_its_exponent(cell, engine):
    made = last_only(case(cell, sizes=(1500, 1, 2, 5), gain=0.05))
    held = nothing_held(made)
    for name in HELD[base_of(cell)]:
        if name in STATES:
            of(made, held, name)[100:200] = np.inf
    _, d = both(made, held, engine)
    assert np.all(d.log10_h[100:200] == d.log10_h[200]) and -2000 < d.log10_h[200, 0] < -330
    assert np.all(d.log10_h[0] < d.log10_h[100])


def test_a_coupled_forget_gate_follows_a_held_input_gate_but_not_the_other_way_round():
    made = case("lstm/cifg")
    held = nothing_held(made)
    of(made, held, "i")[1], of(made, held, "f")[3] = 0.3, 0.9
    tape, d = both(made, held)
    assert np.all(tape.f[1] == 1 - 0.3)
    assert np.all(tape.f[3] == 0.9) and np.all(tape.i[3] != pytest.approx(0.1))
    np.testing.assert_allclose(d.i[3], d.c[4] * tape.g[3], rtol=1e-14)  # nothing through the forget gate


def test_a_gate_that_a_variant_lacks_can_be_held_all_the_same():
    made = case("lstm/nfg")
    held = nothing_held(made)
    of(made, held, "f")[2] = 0.0
    tape, d = both(made, held)
    np.testing.assert_array_equal(tape.c[3], tape.i[2] * tape.g[2])
    assert np.all(d.c[2] == d.h[2] * tape.o[1] * (1 - tape.tanh_c[1] ** 2))  # what was before is forgotten


@every_engine
def test_the_truncated_gradient_goes_along_frozen_states(engine):
    made = last_only(case("lstm", sizes=(6, 2, 2, 5)))
    held = nothing_held(made)
    held[4:, 3:] = np.inf
    d = backward(made, forward(made, held, engine), held, engine, truncated=True)
    assert np.all(d.h[3:] == d.h[-1]) and np.all(d.h[:3] == 0)
    assert np.all(d.c[3] != 0) and np.all(d.c[4:] == 0)  # h_3 is what c_3 says


@every_engine
def test_numbers_held_far_outside_what_a_gate_can_be_do_no_harm(engine):
    made = case("lstm")
    held = nothing_held(made)
    of(made, held, "g")[2], of(made, held, "o")[4] = 1e200, -1e200
    tape, d = both(made, held, engine)
    assert np.all(np.isfinite(tape.h[:5])) and np.all(d.z.reshape(6, 2, 4, 5)[2, :, 2] == 0)


def test_what_is_held_by_nobody_is_free():
    assert holding.held_in("lstm", None) is holding.FREE
    assert (
        holding.FREE.value(None, "h", 2.0) == holding.FREE.through("h", 2.0) == holding.FREE.along("h", 1.0, 2.0) == 2.0
    )
