"""Laws of the LSTM's family, of both forms of the GRU, and of gradients that are cut short."""

import numpy as np
import pytest

from lstmviz.engine.arrays import GateRecurrenceParameters, LSTMParameters, PeepholeParameters
from lstmviz.engine.variant import VARIANTS
from tests.engine.cases import (
    CELLS,
    ENGINES,
    FAMILY,
    Case,
    assert_rows_agree,
    backward,
    base_of,
    both,
    case,
    forward,
    last_only,
)

every_engine = pytest.mark.parametrize("engine", ENGINES)
all_of_the_family = pytest.mark.parametrize("cell", CELLS + FAMILY)


def with_input_gate_shut(cell: str, timesteps: int) -> Case:
    """A cell whose input gate is 0 whatever it sees, and a loss that looks at the end alone."""
    made = last_only(case(cell, sizes=(timesteps, 1, 2, 3)))
    for weight in made.parameters[:2]:
        weight[:3] = 0
    made.parameters.bias[:3] = -800
    return made


@every_engine
@pytest.mark.parametrize("gap", [1, 50, 2000])
def test_without_forget_gate_and_with_the_input_gate_shut_the_cell_state_is_kept_exactly_for_any_gap(gap, engine):
    tape, d = both(with_input_gate_shut("lstm/nfg", gap), engine)
    assert np.all(tape.c == tape.c[0]) and np.all(tape.f == 1)
    assert np.all(d.c[0] != 0)


@every_engine
@pytest.mark.parametrize("cell", ["lstm/nfg", "lstm/cifg"])
def test_a_coupled_or_missing_forget_gate_keeps_the_cell_state_where_nothing_is_written(cell, engine):
    tape, _ = both(with_input_gate_shut(cell, 20), engine)
    assert np.all(tape.c == tape.c[0])


@every_engine
def test_the_gradient_of_1997_goes_back_along_the_cell_state_unchanged(engine):
    made = last_only(case("lstm/nfg", sizes=(40, 2, 2, 4), gain=0.3))
    tape = forward(made, engine)
    d = backward(made, tape, engine, truncated=True)
    assert np.all(d.c == d.c[-1]) and np.all(d.c != 0)
    assert np.all(d.h[:-1] == 0) and np.all(d.log10_h[:-1] == -np.inf)
    assert np.all(d.z[0, :, :8] != 0)  # what reaches the cell state reaches the gates beside it


@every_engine
@pytest.mark.parametrize("cell", ["lstm", "lstm/peephole", "lstm/fgr", "lstm/cifg"])
def test_the_truncated_gradient_is_what_the_forget_gates_leave(cell, engine):
    made = last_only(case(cell, sizes=(12, 2, 2, 4)))
    tape = forward(made, engine)
    d = backward(made, tape, engine, truncated=True)
    for t in range(12):
        np.testing.assert_allclose(d.c[t], d.c[t + 1] * tape.f[t], rtol=1e-14)


@every_engine
def test_coupled_gates_add_up_to_one_and_share_their_gradient(engine):
    tape, d = both(case("lstm/cifg", gain=3.0), engine)
    np.testing.assert_allclose(tape.i + tape.f, 1, rtol=1e-15)
    np.testing.assert_allclose(d.f, d.c[1:] * tape.c[:-1], rtol=1e-13)
    np.testing.assert_allclose(d.i, d.c[1:] * (tape.g - tape.c[:-1]), rtol=1e-12, atol=1e-15)


@every_engine
@pytest.mark.parametrize(("variant", "gate"), [("nfg", "f"), ("nig", "i"), ("nog", "o")])
def test_a_missing_gate_is_recorded_as_ones_with_its_gradient(variant, gate, engine):
    tape, d = both(case(f"lstm/{variant}"), engine)
    assert np.all(getattr(tape, gate) == 1)
    whole = {"f": d.c[1:] * tape.c[:-1], "i": d.c[1:] * tape.g, "o": d.h[1:] * tape.tanh_c}[gate]
    np.testing.assert_allclose(getattr(d, gate), whole, rtol=1e-13)
    assert tape.z.shape[2] == d.z.shape[2] == 3 * tape.h.shape[2]


@every_engine
def test_without_tanh_the_candidate_and_the_output_are_what_goes_in(engine):
    tape, _ = both(case("lstm/niaf", gain=3.0), engine)
    np.testing.assert_array_equal(tape.g, np.split(tape.z, 4, axis=2)[2])
    tape, _ = both(case("lstm/noaf", gain=3.0), engine)
    np.testing.assert_array_equal(tape.tanh_c, tape.c[1:])
    np.testing.assert_allclose(tape.h[1:], tape.o * tape.c[1:], rtol=1e-15)


@every_engine
@pytest.mark.parametrize(("cell", "kind"), [("peephole", PeepholeParameters), ("fgr", GateRecurrenceParameters)])
def test_weights_of_zero_on_what_only_a_variant_sees_make_it_a_plain_lstm(cell, kind, engine):
    plain, rich = case("lstm", seed=4), case(f"lstm/{cell}", seed=4)
    extra = rich.parameters[3]
    extra[:] = 0
    assert isinstance(rich.parameters, kind)
    same = rich._replace(parameters=kind(*plain.parameters, extra), x=plain.x, state=plain.state, loss=plain.loss)
    tape, d = both(same, engine)
    plain_tape, plain_d = both(plain, engine)
    assert_rows_agree(tape, plain_tape, 1e-15)
    assert_rows_agree(d, plain_d, 1e-13)
    assert np.all(d[3] != 0)  # yet it could be learnt


@every_engine
def test_with_the_reset_gate_open_both_forms_of_the_gru_are_the_same(engine):
    results = []
    for cell in ("gru", "gru/before"):
        made = case(cell, seed=2)
        for weight in made.parameters[:2]:
            weight[:5] = 0
        made.parameters.bias[:5] = 800
        results.append(both(made, engine))
    assert np.all(results[0][0].r == 1)
    assert_rows_agree(results[1][0], results[0][0], 1e-14)
    for name in ("weight_ih", "weight_hh", "bias", "bias_hn", "x", "a", "z", "n", "hn", "h"):
        ours, theirs = getattr(results[1][1], name), getattr(results[0][1], name)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15)


@every_engine
def test_with_the_reset_gate_shut_neither_form_of_the_gru_lets_the_state_into_the_candidate(engine):
    made = case("gru/before", seed=2)
    for weight in made.parameters[:2]:
        weight[:5] = 0
    made.parameters.bias[:5] = -800
    made.parameters.bias_hn[:] = 0
    tape, d = both(made, engine)
    assert np.all(tape.hn == 0)
    assert np.all(d.weight_hh[10:] == 0)


def in_chunks(made: Case, window: int, engine: str):
    """Tapes and gradients of every chunk by itself, each begun with the states that the one before ended with."""
    state, found = made.state, []
    for start in range(0, len(made.x), window):
        part = slice(start, start + window)
        chunk = made._replace(x=made.x[part], loss=made.loss[part], state=state)
        tape, d = both(chunk, engine)
        found.append((tape, d))
        state = (tape.h[-1], tape.c[-1]) if base_of(made.cell) == "lstm" else (tape.h[-1],)
    return found


@every_engine
@pytest.mark.parametrize("cell", [cell for cell in CELLS + FAMILY if cell != "lstm/fgr"])  # gates begin at zero there
@pytest.mark.parametrize("window", [1, 3, 4])
def test_a_window_gives_what_chunks_with_detached_states_give(cell, window, engine):
    made = case(cell, sizes=(10, 2, 2, 5))
    tape = forward(made, engine)
    d = backward(made, tape, engine, window=window)
    chunks = in_chunks(made, window, engine)
    for name in d._fields:
        if name in made.parameters._fields:
            expected = sum(getattr(chunk_d, name) for _, chunk_d in chunks)
        elif len(getattr(d, name)) == len(made.x):
            expected = np.concatenate([getattr(chunk_d, name) for _, chunk_d in chunks])
        else:  # states: what is after a chunk belongs to it; what is before one counts for the first alone
            parts = [getattr(chunk_d, name)[1:] for _, chunk_d in chunks]
            expected = np.concatenate([getattr(chunks[0][1], name)[:1], *parts])
        np.testing.assert_allclose(getattr(d, name), expected, rtol=1e-11, atol=1e-14, err_msg=name)


@every_engine
def test_a_window_cuts_the_recurrence_of_gates_too(engine):
    made = last_only(case("lstm/fgr", sizes=(6, 2, 2, 5)))
    d = backward(made, forward(made, engine), engine, window=4)
    assert np.all(d.z[:4] == 0) and np.all(d.z[4:] != 0)


@all_of_the_family
def test_windows_and_truncation_are_the_same_in_kernels_and_reference(cell):
    made = case(cell, sizes=(9, 3, 2, 11))
    tape = forward(made)
    cuts = [{"window": 4}, {"window": 100}]
    if base_of(cell) == "lstm":
        cuts += [{"truncated": True}, {"window": 2, "truncated": True}]
    for cut in cuts:
        expected, got = backward(made, tape, **cut), backward(made, tape, "kernels", **cut)
        for name in expected._fields:
            np.testing.assert_allclose(getattr(got, name), getattr(expected, name), rtol=1e-11, atol=1e-14)


@all_of_the_family
def test_a_window_as_long_as_the_sequence_changes_nothing(cell):
    made = case(cell)
    tape = forward(made)
    for got, expected in zip(backward(made, tape, window=6), backward(made, tape), strict=True):
        np.testing.assert_array_equal(got, expected)


def test_every_variant_has_the_blocks_of_the_gates_it_has():
    assert {name: "".join(variant.parts.blocks) for name, variant in VARIANTS.items()} == {
        "vanilla": "ifgo",
        "nfg": "igo",
        "nig": "fgo",
        "nog": "ifg",
        "cifg": "igo",
        "niaf": "ifgo",
        "noaf": "ifgo",
        "peephole": "ifgo",
        "fgr": "ifgo",
    }
    assert LSTMParameters._fields == ("weight_ih", "weight_hh", "bias")
