"""What all cells have in common, in both implementations: their numbers are the right ones."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstmviz.engine.warm_up import PARAMETERS
from tests.engine.cases import (
    CELLS,
    ENGINES,
    FAMILY,
    Case,
    as_float32,
    assert_rows_agree,
    backward,
    base_of,
    both,
    case,
    forward,
    last_only,
    options_of,
)
from tests.engine.naive import COMPLEX, FIFTY, FIFTY_DIGITS, Run

DATA = Path(__file__).parents[1] / "data"
FILE = {"rnn": "rnn_tanh", "relu": "rnn_relu", "lstm": "lstm", "gru": "gru"}

every_cell = pytest.mark.parametrize("cell", CELLS)
all_of_the_family = pytest.mark.parametrize("cell", CELLS + FAMILY)
every_engine = pytest.mark.parametrize("engine", ENGINES)


def from_file(cell: str, loss: str) -> tuple[Case, dict[str, np.ndarray]]:
    with np.load(DATA / f"{FILE[cell]}_{loss}.npz") as file:
        known = dict(file)
    hidden = known["h"].shape[2]
    bias, more = known["bias_ih"] + known["bias_hh"], ()
    if cell == "gru":
        bias[2 * hidden :] = known["bias_ih"][2 * hidden :]
        more = (known["bias_hh"][2 * hidden :],)
    parameters = PARAMETERS[base_of(cell)](known["weight_ih"], known["weight_hh"], bias, *more)
    state = (known["h"][0], known["c"][0]) if cell == "lstm" else (known["h"][0],)
    made = Case(cell, parameters, known["x"], state, known["loss_weight"])
    return (last_only(made) if loss == "last" else made), known


@every_engine
@every_cell
@pytest.mark.parametrize("loss", ["last", "all"])
def test_every_array_agrees_with_pytorch(cell, loss, engine):
    made, known = from_file(cell, loss)
    tape, d = both(made, engine)
    compared = 0
    for name in tape._fields:
        if name in known:
            np.testing.assert_allclose(getattr(tape, name), known[name], rtol=1e-12, atol=1e-13, err_msg=name)
            compared += 1
    for name in d._fields:
        if f"d_{name}" in known:
            np.testing.assert_allclose(getattr(d, name), known[f"d_{name}"], rtol=1e-12, atol=1e-13, err_msg=name)
            compared += 1
    assert compared == {"rnn": 9, "relu": 9, "lstm": 19, "gru": 13}[cell]
    if cell == "gru":
        hidden = d.hn.shape[2]
        np.testing.assert_allclose(d.bias_hn, known["d_bias_hh"][2 * hidden :], rtol=1e-12, atol=1e-13)


@all_of_the_family
@pytest.mark.parametrize("sizes", [(6, 2, 3, 5), (1, 1, 1, 1), (9, 3, 4, 8), (40, 1, 2, 17)])
@pytest.mark.parametrize("gain", [0.3, 1.0, 2.0])
def test_the_kernels_agree_with_the_reference(cell, sizes, gain):
    made = case(cell, sizes=sizes, gain=gain)
    expected, expected_d = both(made, "reference")
    assert_rows_agree(forward(made, "kernels"), expected, 1e-12)
    assert_rows_agree(backward(made, expected, "kernels"), expected_d, 1e-12)


def derivative(made: Case, key: tuple, sequence: int) -> float:
    """dLoss/d(what stands at ``key`` of one sequence), exact to rounding: no difference is taken."""
    run, cell = Run(COMPLEX, made.parameters, "".join(options_of(made.cell)), {key: 1e-30j}), base_of(made.cell)
    x, state, loss = made.x[:, sequence], tuple(a[sequence] for a in made.state), made.loss[:, sequence]
    return run.loss(cell, x.tolist(), tuple(a.tolist() for a in state), loss.tolist()).imag / 1e-30


@every_engine
@all_of_the_family
def test_every_gradient_agrees_with_complex_steps(cell, engine):
    made = case(cell, seed=3, sizes=(3, 2, 2, 3))
    d = both(made, engine)[1]
    for name in d._fields:
        if name.startswith("log10_"):
            continue
        got = getattr(d, name)
        expected = np.empty_like(got)
        for place in np.ndindex(got.shape):
            if name in made.parameters._fields:  # all sequences share the weights
                expected[place] = sum(derivative(made, (name, *place), b) for b in range(2))
            else:
                t, b, unit = place
                expected[place] = derivative(made, (name, t, unit), b)
        np.testing.assert_allclose(got, expected, rtol=1e-11, atol=1e-13, err_msg=name)


@every_engine
@all_of_the_family
def test_weight_gradients_agree_with_finite_differences(cell, engine):
    made = case(cell, seed=5, sizes=(7, 2, 2, 3))
    d = both(made, engine)[1]
    for name in made.parameters._fields:
        value = getattr(made.parameters, name)
        for place in np.ndindex(value.shape):
            losses = []
            for nudge in (1e-6, -1e-6):
                other = value.copy()
                other[place] += nudge
                nudged = made._replace(parameters=made.parameters._replace(**{name: other}))
                losses.append(np.sum(forward(nudged, engine).h[1:] * made.loss))
            assert abs((losses[0] - losses[1]) / 2e-6 - getattr(d, name)[place]) < 1e-6


def in_fifty_digits(made: Case, nudge: dict) -> tuple[Any, dict]:
    exact = [[[FIFTY.mpf(v) for v in row] for row in a[:, 0].tolist()] for a in (made.x, made.loss)]
    state = tuple([FIFTY.mpf(v) for v in a[0].tolist()] for a in made.state)
    parameters = type(made.parameters)(*(a.astype(object) + FIFTY.mpf(0) for a in made.parameters))
    run = Run(FIFTY_DIGITS, parameters, "".join(options_of(made.cell)), nudge)
    loss = run.loss(base_of(made.cell), exact[0], state, exact[1])
    return loss, run.found


@every_engine
@all_of_the_family
@pytest.mark.parametrize("gain", [0.5, 2.0, 6.0])
def test_forward_values_agree_with_fifty_digits(cell, engine, gain):
    for seed in range(5):
        made = case(cell, seed=seed, sizes=(4, 1, 2, 3), gain=gain)
        _, found = in_fifty_digits(made, {})
        tape = forward(made, engine)
        for name in tape._fields:
            for t, row in enumerate(getattr(tape, name)[:, 0]):
                exact = [found[name, t, k] for k in range(len(row))]
                size = max(map(abs, exact))
                for got, known in zip(row, exact, strict=True):
                    assert abs(FIFTY.mpf(float(got)) - known) <= 1e-12 * size, (seed, name, t)


@every_engine
@all_of_the_family
@pytest.mark.parametrize("gain", [0.5, 4.0])
def test_gradients_agree_with_fifty_digits(cell, engine, gain):
    if cell == "lstm/niaf":  # its cell state has no bounds, and 1 - tanh² of a large one has few digits
        gain = min(gain, 1.0)
    made = case(cell, seed=8, sizes=(4, 1, 1, 2), gain=gain)
    d = both(made, engine)[1]
    nudge = FIFTY.mpf(10) ** -20  # the error of a central difference is its square
    for name in ("h", "c") if base_of(cell) == "lstm" else ("h",):
        for t, row in enumerate(getattr(d, name)[:, 0]):
            exact = []
            for k in range(len(row)):
                rise = (
                    in_fifty_digits(made, {(name, t, k): nudge})[0] - in_fifty_digits(made, {(name, t, k): -nudge})[0]
                )
                exact.append(rise / (2 * nudge))
            size = max(map(abs, exact))
            for got, known in zip(row, exact, strict=True):
                assert abs(FIFTY.mpf(float(got)) - known) <= 1e-11 * size, (name, t)


@every_engine
@every_cell
def test_gradients_are_linear_in_the_loss(cell, engine):
    one, other = case(cell, seed=1), case(cell, seed=2)
    tape = forward(one, engine)
    apart = [backward(one._replace(loss=loss), tape, engine) for loss in (one.loss, other.loss)]
    together = backward(one._replace(loss=2 * one.loss - 3 * other.loss), tape, engine)
    for name in together._fields:
        if not name.startswith("log10_"):
            expected = 2 * getattr(apart[0], name) - 3 * getattr(apart[1], name)
            np.testing.assert_allclose(getattr(together, name), expected, rtol=1e-10, atol=1e-12)


@every_engine
@all_of_the_family
def test_a_loss_times_a_power_of_two_gives_the_same_bits_times_it(cell, engine):
    made = case(cell, sizes=(30, 2, 2, 4))
    tape = forward(made, engine)
    plain, scaled = (backward(made._replace(loss=made.loss * factor), tape, engine) for factor in (1, 2.0**-150))
    np.testing.assert_array_equal(plain.h * 2.0**-150, scaled.h)
    np.testing.assert_allclose(plain.log10_h - 150 * np.log10(2), scaled.log10_h, rtol=1e-13)


@every_engine
@all_of_the_family
def test_a_sequence_does_not_feel_its_neighbours_in_the_batch(cell, engine):
    made = case(cell, sizes=(6, 3, 2, 5))
    tape, d = both(made, engine)
    alone = made._replace(x=made.x[:, 1:2], state=tuple(a[1:2] for a in made.state), loss=made.loss[:, 1:2])
    lone_tape, lone_d = both(alone, engine)
    np.testing.assert_allclose(tape.h[:, 1:2], lone_tape.h, rtol=1e-13)
    np.testing.assert_allclose(d.h[:, 1:2], lone_d.h, rtol=1e-11, atol=1e-15)


@every_engine
@all_of_the_family
def test_log10_norms_are_those_of_the_gradients(cell, engine):
    d = both(case(cell, seed=4), engine)[1]
    np.testing.assert_allclose(d.log10_h, np.log10(np.linalg.norm(d.h, axis=2)), atol=1e-12)
    if base_of(cell) == "lstm":
        np.testing.assert_allclose(d.log10_c, np.log10(np.linalg.norm(d.c, axis=2)), atol=1e-12)


@every_engine
@pytest.mark.parametrize(
    "cell",
    (
        *CELLS,
        "lstm/cifg",
        *(pytest.param(cell, marks=pytest.mark.soak) for cell in ("lstm/peephole", "lstm/fgr", "gru/before")),
    ),
)
def test_float32_gives_float32_that_agrees_with_float64(cell, engine):
    made = case(cell, sizes=(20, 2, 2, 6))
    small = as_float32(made)
    tape, d = both(small, engine)
    wide_tape, wide_d = both(made, "reference")
    assert {a.dtype.name for a in tape} == {"float32"}
    assert {getattr(d, n).dtype.name for n in d._fields if not n.startswith("log10")} == {"float32"}
    assert d.log10_h.dtype == np.float64
    assert_rows_agree(tape, wide_tape, 1e-4)
    assert_rows_agree(d, wide_d, 1e-3)


@every_engine
@every_cell
def test_results_take_the_dtype_of_the_parameters_whatever_the_rest_is(cell, engine):
    made = case(cell)
    mixed = made._replace(parameters=as_float32(made).parameters)
    tape, d = both(mixed, engine)
    assert {a.dtype.name for a in tape} == {d.h.dtype.name, d.weight_hh.dtype.name} == {"float32"}


@every_engine
@every_cell
def test_frozen_and_strided_arrays_are_as_good_as_any_and_stay_as_they_are(cell, engine):
    made = case(cell)
    expected_tape, expected = both(made, engine)
    awkward = made._replace(
        parameters=type(made.parameters)(*(np.asfortranarray(a) for a in made.parameters)),
        x=np.repeat(made.x, 2, axis=2)[..., ::2],
        loss=np.asfortranarray(made.loss),
    )
    for array in (*awkward.parameters, awkward.x, *awkward.state, awkward.loss):
        array.flags.writeable = False
    before = [a.copy() for a in (*awkward.parameters, awkward.x, *awkward.state, awkward.loss)]
    tape = forward(awkward, engine)
    for array in tape:
        array.flags.writeable = False
    d = backward(awkward, tape, engine)
    assert_rows_agree(tape, expected_tape, 1e-13)
    assert_rows_agree(d, expected, 1e-13)
    assert all(a.flags.writeable and a.flags.c_contiguous for a in d)
    for array, old in zip((*awkward.parameters, awkward.x, *awkward.state, awkward.loss), before, strict=True):
        np.testing.assert_array_equal(array, old)


@every_engine
@every_cell
def test_the_tape_does_not_change_when_the_input_is_used_again(cell, engine):
    made = case(cell)
    tape = forward(made, engine)
    kept = tape.x.copy()
    made.x[:] = 7.0
    np.testing.assert_array_equal(tape.x, kept)
