"""Interventions: what they change is changed, what they leave alone keeps its bits, and what cannot be is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.comparison import compare
from lstmviz.lab.effects import effects
from lstmviz.lab.intervened import intervened
from lstmviz.lab.intervention_checks import checked, well_formed
from lstmviz.lab.intervention_text import describe, from_plain, to_plain
from lstmviz.lab.interventions import (
    Clamp,
    Cut,
    Freeze,
    InputEdit,
    WeightEdit,
    applies,
    place,
    sizes_of,
)
from lstmviz.lab.letters import NEUTRAL, codes, letter_of
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS

CELLS = ("rnn", "lstm", "gru")
SETTINGS = Settings(gap=8, hidden=4, cells=CELLS)
ALL = (
    Clamp("lstm", "f", 2, 5, (0.25,), (1, 3)),
    Clamp("gru", "z", 3, 4, (0.1, 0.9)),
    Freeze("lstm", 6, 7),
    WeightEdit("rnn", "weight_hh", 2, 1, -0.75),
    Cut("gru", 3, 0),
    InputEdit(4, (0.0,) * 7 + (1.0,), on=False),
)


def run(*interventions, **fields):
    base = compare(replace(SETTINGS, **fields), engine="reference")
    return base, intervened(base, interventions, "reference")


def same_bits(one, other):
    for a, b in zip((*one.tape, *one.gradients), (*other.tape, *other.gradients), strict=True):
        np.testing.assert_array_equal(a, b)


# ----------------------------------------------------------------------------- what they do


def test_cutting_every_recurrent_connection_of_an_rnn_leaves_no_gradient_before_the_last_timestep():
    _, after = run(*(Cut("rnn", source, target) for source in range(4) for target in range(4)))
    log10_h = after.racer("rnn").trace.gradients.log10_h[:, 0]
    assert np.isneginf(log10_h[1:-1]).all() and np.isfinite(log10_h[-1])


@pytest.mark.parametrize("cell", CELLS)
def test_a_cut_connection_is_zero_in_every_block_and_no_other_weight_moves(cell):
    base, after = run(Cut(cell, 2, 1))
    before, cut = (found.racer(cell).network.parameters.weight_hh for found in (base, after))
    moved = before != cut
    assert set(map(tuple, np.argwhere(moved))) == {(block * 4 + 1, 2) for block in range(len(before) // 4)}
    assert not cut[moved].any()


@pytest.mark.parametrize(
    ("array", "row", "column"), [("weight_ih", 3, 2), ("weight_hh", 9, 1), ("bias", 7, 0), ("bias_hn", 2, 0)]
)
def test_an_edited_weight_is_the_number_that_was_given_and_the_others_stay(array, row, column):
    base, after = run(WeightEdit("gru", array, row, column, 0.5))
    before, edited = (getattr(found.racer("gru").network.parameters, array) for found in (base, after))
    assert edited[(row, column)[: edited.ndim]] == 0.5
    assert (before != edited).sum() == 1


def test_an_edited_readout_changes_the_answer_and_no_state():
    base, after = run(WeightEdit("lstm", "readout_bias", 1, 0, 2.0))
    before, edited = base.racer("lstm").trace, after.racer("lstm").trace
    np.testing.assert_array_equal(before.tape.h, edited.tape.h)
    np.testing.assert_allclose(edited.answer.outputs - before.answer.outputs, [[0.0, 2.0]], rtol=0, atol=1e-15)


def test_an_edited_input_is_read_by_all_networks_and_the_answer_that_is_asked_for_stays():
    code = codes("recall")["e"]
    base, after = run(InputEdit(3, code))
    for racer in after.racers:
        np.testing.assert_array_equal(racer.trace.tape.x[2, 0], code)
    np.testing.assert_array_equal(after.batch.targets, base.batch.targets)
    assert after.batch.symbols[2] == "e" and base.batch.symbols[2] != "e"
    assert after.batch.symbols[:2] + after.batch.symbols[3:] == base.batch.symbols[:2] + base.batch.symbols[3:]


def test_of_two_edits_of_one_number_the_later_one_counts():
    _, after = run(WeightEdit("rnn", "weight_hh", 1, 2, 0.5), Cut("rnn", 2, 1))
    assert after.racer("rnn").network.parameters.weight_hh[1, 2] == 0.0
    _, after = run(Cut("rnn", 2, 1), WeightEdit("rnn", "weight_hh", 1, 2, 0.5))
    assert after.racer("rnn").network.parameters.weight_hh[1, 2] == 0.5


def test_an_intervention_that_is_off_or_finds_nothing_gives_the_very_same_run():
    outside = (Clamp("lstm", "f", 30, 40, (0.1,)), Cut("rnn", 7, 7), InputEdit(2, (1.0,)), InputEdit(99, (0.0,) * 8))
    off = tuple(replace(one, on=False) for one in ALL)
    base, after = run(*outside, *off)
    assert after is base


def test_a_network_that_no_intervention_touches_keeps_its_racer_and_the_others_know_what_was_done():
    base, after = run(*ALL[3:5])
    assert after.racer("lstm") is base.racer("lstm")
    assert after.racer("rnn") is not base.racer("rnn") and after.racer("gru") is not base.racer("gru")
    assert after.interventions == ALL[3:5] and base.interventions == ()


@pytest.mark.parametrize("before", [InputEdit(4, (0.5,) * 8), Clamp("lstm", "f", 2, 5, (0.25,)), Cut("gru", 3, 0)])
def test_a_network_that_is_let_go_is_that_of_the_base_again_and_a_held_one_is_not_run_twice(before):
    kept = Freeze("rnn", 2, 3)
    base, earlier = run(before, kept)
    after = intervened(base, [kept], "reference", earlier)
    assert after.batch is base.batch
    assert [after.racer(cell) is base.racer(cell) for cell in CELLS] == [False, True, True]
    same_inputs = earlier.batch is base.batch
    assert (after.racer("rnn") is earlier.racer("rnn")) == same_inputs
    assert [one.cell for one in effects(base, after, "reference")] == ["rnn"]


def test_a_weight_set_to_what_it_is_gives_the_same_bits():
    base = compare(SETTINGS, engine="reference")
    value = float(base.racer("lstm").network.parameters.weight_hh[5, 2])
    after = intervened(base, [WeightEdit("lstm", "weight_hh", 5, 2, value)], "reference")
    same_bits(base.racer("lstm").trace, after.racer("lstm").trace)


def test_in_a_stack_the_top_layers_forward_cell_is_meant():
    base, after = run(WeightEdit("lstm", "weight_ih", 3, 7, 0.5), layers=2, bidirectional=True)
    before, edited = base.racer("lstm").whole, after.racer("lstm").whole
    assert edited.network.top.parameters.weight_ih[3, 7] == 0.5
    same_bits(before.cells[0][1], before.cells[0][1])
    np.testing.assert_array_equal(before.tape.cells[0][1].h, edited.tape.cells[0][1].h)
    assert not np.array_equal(before.tape.cells[1][0].h, edited.tape.cells[1][0].h)


# ----------------------------------------------------------------------------- letters


@pytest.mark.parametrize("task", [name for name, task in TASKS.items() if task.shows == "letters"])
def test_every_letter_of_a_task_is_found_with_the_code_that_stands_under_it(task):
    known = codes(task)
    batch = TASKS[task].draw(max(TASKS[task].least_gap, 12), 1, np.random.default_rng(12345))
    for letter, row in zip(batch.symbols, batch.x[:, 0], strict=True):
        assert known.get(letter, tuple(row)) == tuple(row)
    assert len(known) > 1 and len(set(known.values())) == len(known)


def test_what_is_no_code_of_a_letter_gets_a_neutral_mark_and_numbers_show_themselves():
    assert letter_of("recall", codes("recall")["B"]) == "B"
    assert letter_of("recall", (0.5,) * 8) == NEUTRAL
    assert letter_of("adding", (0.25, 1.0)) == "0.25"


# ----------------------------------------------------------------------------- words, values, checks


@pytest.mark.parametrize("one", ALL)
def test_an_intervention_comes_back_from_json_as_it_was(one):
    assert from_plain(json.loads(json.dumps(to_plain(one))), "a.lstmviz") == one


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Clamp("lstm", "f", 10, 40, (0.1,)), "LSTM: f = 0.1 at t = 10–40, all units"),
        (Clamp("lstm", "c", 3, 3, (-2.5,), (0, 2)), "LSTM: c = −2.5 at t = 3, units 1, 3"),
        (Clamp("gru", "z", 1, 2, (0.5, 0.25), (6,)), "GRU: z by hand at t = 1–2, unit 7"),
        (Freeze("rnn", 2, 4), "RNN: state frozen at t = 2–4, all units"),
        (Cut("rnn", 2, 0), "RNN: connection from unit 3 to unit 1 cut"),
        (WeightEdit("lstm", "weight_hh", 5, 2, 0.25), "LSTM: weight from h3 to 6 = 0.25"),
        (InputEdit(5, (0.5, 1.0)), "Input at t = 5: 0.5, 1"),
    ],
)
def test_an_intervention_is_described_in_words(one, words):
    assert describe(one) == words


def test_with_the_settings_weights_are_named_by_gate_and_unit_inputs_by_letter_and_idle_ones_say_so():
    assert describe(WeightEdit("lstm", "weight_hh", 5, 2, 0.25), SETTINGS) == "LSTM: weight from h3 to f2 = 0.25"
    assert describe(InputEdit(5, codes("recall")["A"]), SETTINGS) == "Input at t = 5: A"
    assert describe(Cut("rnn", 20, 0), SETTINGS).endswith("(nothing to change here)")


@pytest.mark.parametrize("variant", ["vanilla", "nfg", "cifg", "peephole", "fgr"])
@pytest.mark.parametrize("layers", [1, 2])
def test_the_sizes_that_settings_tell_are_those_of_the_run(variant, layers):
    from lstmviz.lab.intervened import sizes_of_racer

    settings = replace(SETTINGS, variant=variant, layers=layers, bidirectional=layers == 2)
    for racer in compare(settings, engine="reference").racers:
        told, found = sizes_of(settings, racer.network.cell), sizes_of_racer(racer)
        assert dict(told.arrays) == dict(found.arrays)
        assert (told.timesteps, told.inputs, told.hidden) == (found.timesteps, found.inputs, found.hidden)
        assert told.quantities == found.quantities


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (Clamp("lstm", "q", 1, 2, (0.5,)), r"window: quantity: q is unknown \(i, f, g, o, c, h\)"),
        (Clamp("lstm", "f", 0, 2, (0.5,)), r"window: timesteps: 0 is out of range"),
        (Clamp("lstm", "f", 3, 2, (0.5,)), r"window: timesteps: 2 is out of range \(3 to 10000\)"),
        (Clamp("lstm", "f", 1, 2, (1.5,)), r"window: value: 1.5 is out of range \(0 to 1\)"),
        (Clamp("lstm", "c", 1, 2, (float("nan"),)), r"window: value: nan is out of range"),
        (Clamp("lstm", "f", 1, 3, (0.5, 0.5)), r"values: there are 2 values \(1, or one for each of the 3 timesteps\)"),
        (Clamp("vax", "f", 1, 2, (0.5,)), r"window: network: vax is unknown"),
        (Freeze("rnn", 1, 99999), r"window: timesteps: 99999 is out of range"),
        (WeightEdit("rnn", "peephole", 0, 0, 1.0), r"window: array: peephole is unknown"),
        (WeightEdit("rnn", "bias", -1, 0, 1.0), r"window: row: 0 is out of range \(1 to 2048\)"),
        (WeightEdit("rnn", "bias", 0, 0, float("inf")), r"window: value: inf is out of range"),
        (Cut("gru", 0, 9999), r"window: target: 10000 is out of range \(1 to 512\)"),
        (InputEdit(1, ()), r"window: values: 0 is out of range"),
    ],
)
def test_what_can_mean_nothing_is_refused_in_one_line(one, line):
    with pytest.raises(BadInput, match=line):
        well_formed(one, "window")


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (Clamp("lstm", "f", 3, 10, (0.5,)), r"timesteps: there is no t = 10 \(1 to 9\)"),
        (Clamp("lstm", "f", 3, 9, (0.5,), (0, 4)), r"unit: there is no unit 5 \(1 to 4\)"),
        (Freeze("gru", 10, 10), r"timesteps: there is no t = 10"),
        (Cut("rnn", 4, 0), r"unit: there is no unit 5"),
        (WeightEdit("lstm", "peephole", 0, 0, 1.0), r"array: there is no peephole \(weight_ih"),
        (WeightEdit("lstm", "weight_ih", 16, 0, 1.0), r"weight_ih: there is no row 17, column 1 \(16 × 8\)"),
        (WeightEdit("lstm", "bias", 0, 1, 1.0), r"bias: there is no row 1, column 2"),
        (InputEdit(10, (0.0,) * 8), r"timestep: there is no t = 10"),
        (InputEdit(1, (0.0,)), r"values: there are 1 values \(8\)"),
    ],
)
def test_what_lies_outside_the_settings_is_well_formed_and_yet_refused_by_a_hand(one, line):
    well_formed(one)
    with pytest.raises(BadInput, match=line):
        checked(one, SETTINGS)


def test_what_applies_and_what_does_not_follows_from_the_settings():
    assert all(applies(one, SETTINGS) for one in ALL)
    assert applies(Clamp("lstm", "f", 9, 40, (0.1,), (3, 99)), SETTINGS), "a part of it is there"
    assert not applies(Clamp("lstm", "f", 1, 2, (0.1,)), replace(SETTINGS, variant="nfg"))
    assert not applies(Cut("gru", 0, 0), replace(SETTINGS, cells=("rnn",)))
    assert not applies(ALL[-1], replace(SETTINGS, task="adding"))


def test_two_hands_on_the_same_thing_are_at_one_place():
    assert place(ALL[0]) == place(replace(ALL[0], values=(0.9,), on=False)) != place(replace(ALL[0], units=()))
    assert place(ALL[3]) == place(replace(ALL[3], value=0.0)) != place(replace(ALL[3], row=0))
    assert place(Cut("rnn", 0, 1)) == place(Cut("rnn", 0, 1, on=False)) != place(Cut("rnn", 1, 0))
    assert place(Freeze("rnn", 1, 2)) != place(Freeze("rnn", 1, 3))
    assert place(InputEdit(1, (0.0,))) == place(InputEdit(1, (2.0,)))
