"""Hands on the stage: each edit is one undo entry, undone to the same bits, kept in sessions, cleared by lessons."""

import random
from dataclasses import replace

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.interventions import MOST, Clamp, Cut, Freeze, InputEdit, WeightEdit
from lstmviz.lab.letters import codes
from lstmviz.stage.lesson import parse_lesson
from lstmviz.stage.opening import open_stage
from lstmviz.stage.recovery import Recovery
from lstmviz.stage.session import open_session, read_session, save_session
from lstmviz.stage.stage import Stage
from tests.stage.lessons import GOOD
from tests.stage.waiting import bits, equal, wait

CLAMP = Clamp("lstm", "f", 2, 4, (0.1,))
EDIT = WeightEdit("rnn", "weight_hh", 1, 2, 0.5)


@pytest.fixture
def stages():
    made = []

    def make(**changes):
        made.append(Stage(engine="reference"))
        made[-1].change({"gap": 9, "hidden": 4} | changes)
        made[-1].tick(0.0)
        return made[-1]

    yield make
    for stage in made:
        stage.close()


ALL = (
    CLAMP,
    Clamp("lstm", "c", 3, 5, (0.5, 0.4, 0.3), (1,)),
    Freeze("rnn", 2, 3),
    EDIT,
    Cut("lstm", 1, 0),
    InputEdit(2, codes("recall")["A"]),
)


@pytest.mark.parametrize("one", ALL)
def test_an_intervention_changes_what_is_on_show_and_undo_and_redo_give_the_same_bits_back(stages, one):
    stage = stages()
    free = bits(stage)
    stage.intervene(one)
    stage.tick(0.0)
    held = bits(stage)
    assert stage.interventions == (one,) == stage.frame.interventions and not equal(held, free)
    assert equal([np.array(a) for r in stage.frame.ghost.racers for a in (*r.trace.tape, *r.trace.gradients)], free)
    stage.undo()
    stage.tick(0.0)
    assert stage.interventions == () and stage.frame.ghost is None and stage.frame.effects is None
    assert equal(bits(stage), free)
    stage.redo()
    stage.tick(0.0)
    assert stage.interventions == (one,) and equal(bits(stage), held)


def test_one_that_is_switched_off_gives_the_bits_of_none_and_stays_in_the_list(stages):
    stage = stages()
    free = bits(stage)
    for one in ALL:
        stage.intervene(one)
    for index in range(len(ALL)):
        stage.switch_intervention(index, False)
    stage.tick(0.0)
    assert equal(bits(stage), free) and stage.frame.ghost is None
    assert [one.on for one in stage.frame.interventions] == [False] * len(ALL)
    stage.switch_intervention(3, True)
    stage.tick(0.0)
    assert stage.frame.ghost is not None
    assert stage.frame.comparison.racer("lstm") is stage.frame.ghost.racer("lstm"), "the RNN's edit leaves the LSTM"


def touched(stage):
    effects = stage.frame.effects
    return [] if effects is None else [one.effect.cell for one in effects.networks]


def meant(stage):
    acting = stage.frame.comparison.interventions
    cells = {cell for one in acting for cell in ([one.cell] if hasattr(one, "cell") else stage.settings.cells)}
    return [cell for cell in stage.settings.cells if cell in cells]


def test_what_is_on_show_follows_from_the_list_alone_whatever_was_done_and_undone_before(stages):
    stage, chance = stages(cells=("rnn", "lstm", "gru")), random.Random(3)
    for _ in range(120):
        index = chance.randrange(max(len(stage.interventions), 1))
        verb = chance.randrange(10)
        if verb < 3:
            stage.intervene(chance.choice(ALL), about=chance.choice(("", "drag")))
        elif verb == 3:
            stage.remove_intervention(index)
        elif verb == 4:
            stage.switch_intervention(index, chance.random() < 0.5)
        elif verb == 5 and stage.interventions:
            stage.change_intervention(index, chance.choice(ALL))
        elif verb == 6:
            stage.be_the_lstm()
        elif verb == 9:
            stage.clear_interventions()
        elif verb == 7:
            stage.undo()
        else:
            stage.redo()
        if chance.random() < 0.5:
            stage.tick(0.0)
            assert touched(stage) == meant(stage)
    stage.tick(0.0)
    fresh = stages(cells=("rnn", "lstm", "gru"))
    fresh.take_hands(stage.hands, "")
    fresh.tick(0.0)
    assert len(stage.interventions) > 2 and equal(bits(stage), bits(fresh))
    assert stage.frame.effects == fresh.frame.effects
    while stage.frame.can_undo:
        stage.undo()
        stage.tick(0.0)
    assert stage.interventions == ()


def test_a_drag_is_one_undo_entry_and_two_edits_are_two(stages):
    stage = stages()
    stage.intervene(CLAMP, about="drag")
    for value in (0.2, 0.3, 0.4):
        stage.change_intervention(0, replace(CLAMP, values=(value,)), about="drag")
        stage.tick(0.0)
    stage.close_entry()
    stage.intervene(EDIT)
    stage.undo()
    assert stage.interventions == (replace(CLAMP, values=(0.4,)),)
    stage.undo()
    assert stage.interventions == ()


def test_a_second_hand_on_the_same_place_replaces_the_first_and_stands_last(stages):
    stage = stages()
    stage.intervene(EDIT)
    stage.intervene(CLAMP)
    stage.intervene(replace(EDIT, value=-1.0))
    assert stage.interventions == (CLAMP, replace(EDIT, value=-1.0))
    stage.remove_intervention(0)
    assert stage.interventions == (replace(EDIT, value=-1.0),)
    stage.clear_interventions()
    assert stage.interventions == ()


def test_what_does_not_fit_is_refused_and_nothing_has_changed(stages):
    stage = stages()
    can_undo = stage.frame.can_undo
    for one in (Clamp("gru", "z", 1, 2, (0.5,)), Clamp("lstm", "f", 1, 99, (0.5,)), Cut("rnn", 0, 99)):
        with pytest.raises(BadInput, match="window"):
            stage.intervene(one)
    stage.intervene(EDIT)
    with pytest.raises(BadInput, match=r"window: value: 7.0 is out of range"):
        stage.change_intervention(0, replace(CLAMP, values=(7.0,)))
    stage.tick(0.0)
    assert stage.interventions == (EDIT,) and stage.frame.can_undo >= can_undo


def test_no_more_than_a_list_can_hold_are_taken(stages):
    stage = stages(hidden=40)
    stage.take_hands(replace(stage.hands, interventions=tuple(Cut("rnn", n // 40, n % 40) for n in range(MOST))), "")
    with pytest.raises(BadInput, match=rf"there are {MOST} already"):
        stage.intervene(Cut("rnn", 39, 39))


def test_no_more_numbers_are_taken_than_a_session_can_hold_and_that_many_come_back(stages, tmp_path, monkeypatch):
    stage = stages(gap=999, hidden=2, cells=("lstm",))
    many = (0.5,) * 1000
    stage.take_hands(replace(stage.hands, interventions=(Clamp("lstm", "f", 1, 1000, many),) * 80), "")
    save_session(stage, tmp_path / "a.lstmviz")
    assert read_session(tmp_path / "a.lstmviz").hands == stage.hands
    for refused in (
        lambda: stage.intervene(CLAMP),
        lambda: stage.change_intervention(0, Clamp("lstm", "f", 1, 1000, many, (1,))),
    ):
        with pytest.raises(BadInput, match=r"interventions: they name 80001 numbers \(at most 80000\)"):
            refused()
    said = []
    monkeypatch.setattr(stage, "notify", said.append)
    stage.be_the_lstm()
    assert len(stage.interventions) == 80 and "numbers (at most 80000)" in said[0]


def test_what_the_settings_have_no_room_for_is_kept_and_acts_again_later(stages):
    stage = stages()
    late = Clamp("lstm", "f", 8, 9, (0.1,))
    stage.intervene(late)
    stage.tick(0.0)
    held = bits(stage)
    stage.change({"gap": 5})
    stage.tick(0.0)
    assert stage.interventions == (late,) and stage.frame.ghost is None
    stage.change({"gap": 9})
    stage.tick(0.0)
    assert equal(bits(stage), held) and stage.frame.ghost is not None


def test_the_ghost_can_be_hidden_and_the_effects_stay(stages):
    stage = stages()
    stage.intervene(CLAMP)
    stage.set_ghost(False)
    stage.tick(0.0)
    assert stage.frame.ghost is None and stage.frame.effects is not None
    stage.undo()
    stage.tick(0.0)
    assert stage.frame.ghost is not None


def test_the_effects_are_those_of_the_selected_unit_and_of_the_networks_that_were_touched(stages):
    stage = stages()
    stage.intervene(CLAMP)
    stage.select(network="lstm", unit=2)
    stage.tick(0.0)
    (found,) = stage.frame.effects.networks
    before, after = (shown.racer("lstm").trace for shown in (stage.frame.ghost, stage.frame.comparison))
    assert (found.effect.cell, found.unit, found.effect.state) == ("lstm", 2, "c")
    assert found.final == (before.tape.c[-1, 0, 2], after.tape.c[-1, 0, 2])
    assert found.effect.loss == (before.loss, after.loss)
    assert found.effect.said == (tuple(before.answer.probabilities[0]), tuple(after.answer.probabilities[0]))
    assert stage.frame.effects.of("rnn") is None
    assert "LSTM" in found.sentence and "forecast" in found.sentence
    same = stage.frame.effects
    stage.hover(3)
    stage.tick(0.0)
    assert stage.frame.effects is same


# ----------------------------------------------------------------------------- be the LSTM


def test_being_the_lstm_puts_all_gates_half_open_over_the_whole_sequence_in_one_entry(stages):
    stage = stages()
    stage.be_the_lstm()
    stage.tick(0.0)
    tape = stage.frame.comparison.racer("lstm").trace.tape
    assert (tape.i == 0.5).all() and (tape.f == 0.5).all() and (tape.o == 0.5).all()
    assert [one.quantity for one in stage.interventions] == ["i", "f", "o"]
    assert all(len(one.values) == 10 for one in stage.interventions)
    assert stage.frame.ghost is not None and stage.frame.effects.of("lstm").effect.verdict
    stage.undo()
    assert stage.interventions == ()


def test_being_the_lstm_takes_the_gru_where_it_is_selected_and_says_so_where_there_are_no_gates(stages):
    stage = stages(cells=("rnn", "lstm", "gru"))
    stage.select(network="gru")
    stage.be_the_lstm()
    assert [(one.cell, one.quantity) for one in stage.interventions] == [("gru", "r"), ("gru", "z")]
    alone = stages(cells=("rnn",))
    alone.be_the_lstm()
    alone.tick(0.0)
    assert alone.interventions == () and "no network with gates" in alone.frame.notice


def test_a_variant_gives_only_the_gates_that_it_has(stages):
    stage = stages(**{"lstm.variant": "nfg"})
    stage.be_the_lstm()
    assert [one.quantity for one in stage.interventions] == ["i", "o"]


# ----------------------------------------------------------------------------- training, lessons, sessions


def test_training_is_never_intervened_and_what_it_shows_always_is(stages):
    plain, held = stages(), stages()
    held.intervene(CLAMP)
    held.intervene(EDIT)
    for stage in (plain, held):
        stage.train(8)
        wait(stage)
    assert held.frame.comparison.update == 8 and (held.frame.comparison.racer("lstm").trace.tape.f[1:4] == 0.1).all()
    assert held.frame.comparison.racer("rnn").network.parameters.weight_hh[1, 2] == 0.5
    for a, b in zip(plain.frame.training.losses, held.frame.training.losses, strict=True):
        np.testing.assert_array_equal(a, b)
    held.clear_interventions()
    wait(held)
    assert equal(bits(held), bits(plain))


def test_reset_and_the_pages_of_lessons_take_hands_off(stages):
    stage = stages()
    stage.intervene(CLAMP)
    stage.reset()
    stage.tick(0.0)
    assert stage.interventions == () and stage.frame.ghost is None
    stage.undo()
    assert stage.interventions == (CLAMP,)
    stage.lesson.open(parse_lesson(GOOD, "a.md"))
    stage.tick(0.0)
    assert stage.interventions == ()
    stage.undo()
    assert stage.interventions == (CLAMP,)


def test_a_session_brings_interventions_back_with_the_same_bits(stages, tmp_path):
    first, second = stages(cells=("rnn", "lstm", "gru")), stages()
    for one in (*ALL, Freeze("gru", 1, 2), replace(CLAMP, quantity="o", on=False)):
        first.intervene(one)
    first.set_ghost(False)
    first.train(3)
    wait(first)
    save_session(first, tmp_path / "a.lstmviz")
    open_session(second, read_session(tmp_path / "a.lstmviz"))
    wait(second)
    assert second.hands == first.hands and len(second.interventions) == len(ALL) + 2
    assert equal(bits(first), bits(second))


def test_a_crash_leaves_the_interventions_too(stages, tmp_path):
    stage = stages()
    recovery = Recovery(stage, tmp_path)
    stage.intervene(CLAMP)
    recovery.keep()
    assert Recovery(stages(), tmp_path).left.hands.interventions == (CLAMP,)


# ----------------------------------------------------------------------------- --set


def test_set_opens_a_stage_with_what_it_names_in_hand():
    stage = open_stage({"gap": "9", "clamp": "lstm f 2-4 0.1; lstm o 3 1 1,4", "input": "2 A"}, engine="reference")
    try:
        assert stage.interventions == (CLAMP, Clamp("lstm", "o", 3, 3, (1.0,), (0, 3)), ALL[-1])
        assert (stage.frame.comparison.racer("lstm").trace.tape.f[1:4] == 0.1).all()
    finally:
        stage.close()


def test_set_refuses_what_there_is_not_in_one_line_before_anything_is_computed():
    with pytest.raises(BadInput, match=r"^lstmviz picture: clamp: timesteps: there is no t = 40 \(1 to 10\)$"):
        open_stage({"gap": "9", "clamp": "lstm f 10-40 0.1", "updates": "5000"}, engine="reference")
