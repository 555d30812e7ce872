"""The equations as data: evaluated with the engine's numbers they give the engine's numbers."""

import numpy as np
import pytest

from lstmviz.engine import reference
from lstmviz.engine.operations import BINDS, Expression, operations
from lstmviz.engine.variant import GATES, USUAL
from tests.engine.cases import CELLS, FAMILY, base_of, both, case, options_of

all_of_the_family = pytest.mark.parametrize("cell", CELLS + FAMILY)
T = 3  # the timestep that is looked at, of 6


def blocks(made, name: str) -> dict[str, np.ndarray]:
    """Blocks of H rows of a weight, by the letter under which the operations know it."""
    weight = getattr(made.parameters, name)
    hidden = made.parameters.weight_hh.shape[1]
    if base_of(made.cell) == "rnn":
        return {"": weight}
    letters = "rzn" if base_of(made.cell) == "gru" else [o.result[2:] for o in found(made) if o.result[:2] == "z_"]
    order = sorted(letters, key=("ifgo" + "rzn").index)
    return dict(zip(order, weight.reshape(-1, hidden, *weight.shape[1:]), strict=True))


def found(made, direction: str = "forward"):
    return operations(base_of(made.cell), "".join(options_of(made.cell)), direction)


def weight(made, name: str) -> np.ndarray:
    base, _, below = name.replace("^T", "").partition("_")
    if base == "R":
        hidden = made.parameters.weight_hh.shape[1]
        parts = made.parameters.weight_gates.reshape(3, hidden, 3, hidden)
        value = parts[GATES.index(below[0]), :, GATES.index(below[1])]
    elif name == "b_hn":
        value = made.parameters.bias_hn
    else:
        value = blocks(made, {"W": "weight_ih", "U": "weight_hh", "b": "bias"}[base])[below]
    return value.T if "^T" in name else value


def value(made, tape, d, name: str, known: dict) -> np.ndarray:
    """A value of timestep T, (B, H): computed before, a parameter, or from the tape."""
    if name in known:
        return known[name]
    if name.startswith("p_"):
        return np.split(made.parameters.peephole, 3)[GATES.index(name[2])]
    source, bare = (d, name[2:]) if name.startswith("d_") else (tape, name)
    base = bare.removesuffix("_before")
    before = bare != base
    if base in ("h", "c"):
        return getattr(source, base)[T - 1 if before else T]
    return getattr(source, base)[T - 2 if before else T - 1]


def evaluated(made, tape, d, expression: Expression, known: dict) -> np.ndarray:
    def of(one):
        return evaluated(made, tape, d, one, known)

    kind, operands = expression.kind, expression.operands
    if kind == "number":
        return np.full_like(tape.h[0], float(expression.name))
    if kind == "name":
        return value(made, tape, d, expression.name, known)
    if kind == "weight":
        return weight(made, expression.name)
    if kind == "apply":
        return of(operands[1]) @ of(operands[0]).T
    if kind in reference.FUNCTIONS._fields:
        return getattr(reference.FUNCTIONS, kind)(of(operands[0]))
    first, *rest = map(of, operands)
    for one in rest:
        first = first * one if kind == "product" else first - one if kind == "difference" else first + one
    return first


@all_of_the_family
def test_evaluated_forward_they_give_what_the_engine_computes(cell):
    made = case(cell)
    tape, d = both(made)
    known: dict = {}
    for one in found(made):
        known[one.result] = evaluated(made, tape, d, one.expression, known)
    recorded = set(tape._fields) - {"x", "z", "a"} if base_of(cell) == "lstm" else set(tape._fields) - {"x", "a"}
    assert recorded <= known.keys()
    for name in recorded:
        np.testing.assert_allclose(known[name], value(made, tape, d, name, {}), rtol=1e-12, err_msg=name)


@all_of_the_family
def test_evaluated_backward_they_give_the_engines_gradients(cell):
    made = case(cell)
    tape, d = both(made)
    forward = found(made)
    known: dict = {}
    for one in forward:
        known[one.result] = evaluated(made, tape, d, one.expression, known)
    # what comes back from the timestep after: all that d holds but what this timestep adds
    known["d_h_loss"] = made.loss[T - 1]
    known["d_h_after"] = d.h[T] - made.loss[T - 1]
    if base_of(cell) == "lstm":
        after = tape.f[T] * d.c[T + 1]
        if cell == "lstm/peephole":
            p_i, p_f, _ = np.split(made.parameters.peephole, 3)
            d_z_i, d_z_f, *_ = np.split(d.z[T], 4, axis=1)
            after = after + d_z_i * p_i + d_z_f * p_f
        known["d_c_after"] = after
    if cell == "lstm/fgr":
        d_z_i, d_z_f, _, d_z_o = np.split(d.z[T], 4, axis=1)
        gates = np.concatenate([d_z_i, d_z_f, d_z_o], axis=1) @ made.parameters.weight_gates
        known |= dict(zip(("d_i_after", "d_f_after", "d_o_after"), np.split(gates, 3, axis=1), strict=True))
    for one in found(made, "backward"):
        known[one.result] = evaluated(made, tape, d, one.expression, known)
    for name in set(d._fields) & {"h", "c", "i", "f", "g", "o", "r", "n", "hn", "x"}:
        expected = value(made, tape, d, f"d_{name}", {})
        np.testing.assert_allclose(known[f"d_{name}"], expected, rtol=1e-10, atol=1e-13, err_msg=name)
    before = d.h[T - 1] - made.loss[T - 2]
    np.testing.assert_allclose(known["d_h_before"], before, rtol=1e-10, atol=1e-13)


@all_of_the_family
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_every_operand_is_given_or_was_a_result_before(cell, direction):
    outside = {"x", "h_before", "c_before", "p_i", "p_f", "p_o", "i_before", "f_before", "o_before"}
    if direction == "backward":
        outside |= {o.result for o in found(case(cell))} | {"one"}
        outside |= {f"d_{name}" for name in ("h_loss", "h_after", "c_after", "i_after", "f_after", "o_after")}
    done: set[str] = set()
    for one in found(case(cell), direction):
        assert set(one.operands) <= outside | done, one
        assert one.result not in done, "each result once"
        done.add(one.result)


def test_the_formulas_of_the_lstm_are_those_of_a_textbook():
    assert [one.formula() for one in operations("lstm")][-6:] == [
        "w_t = i_t · g_t",
        "c_t = k_t + w_t",
        "z_o,t = W_o x_t + U_o h_t−1 + b_o",
        "o_t = σ(z_o,t)",
        "s_t = tanh(c_t)",
        "h_t = o_t · s_t",
    ]
    by_name = {one.result: one for one in operations("lstm", "peephole")}
    assert by_name["z_o"].formula(latex=True) == "z_{o,t} = W_{o} x_{t} + U_{o} h_{t-1} + b_{o} + p_{o} \\odot c_{t}"
    assert by_name["z_o"].operands == ("x", "h_before", "p_o", "c")
    assert by_name["f"].name == "forget gate" and by_name["z_f"].name == "pre-activation of the forget gate"


def test_brackets_stand_where_they_are_needed_and_nowhere_else():
    a, b, c = (Expression("name", name) for name in "agc")
    assert ((a + b) * c).text() == "(a_t + g_t) · c_t"
    assert (a * b + c).text() == "a_t · g_t + c_t"
    assert (a - (b - c)).text() == "a_t − (g_t − c_t)"
    assert (1 - a).text(latex=True) == "1 - a_{t}"
    assert max(BINDS.values()) == 2


def test_the_usual_form_is_what_is_meant_where_none_is_named():
    for cell, form in USUAL.items():
        assert operations(cell) == operations(cell, form)
