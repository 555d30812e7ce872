"""Weights, inputs and whole gates in the hand: screen and engine agree, and each edit is one undo entry."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from lstmviz.lab.settings import Settings
from lstmviz.stage.hands import Cut, InputEdit, WeightEdit, codes
from lstmviz.stage.weight_blocks import Entry
from lstmviz.views.race.ramps import signed_index, signed_table
from lstmviz.words import number
from tests.views.desk import desk, press, tick
from tests.views.hands_desk import LEFT, NONE, drag, draw, group, show, undo_entries

pytestmark = pytest.mark.gui


@pytest.fixture
def window(qapp):
    with desk(Settings(gap=50), size=(1280, 720)) as made:
        yield made


def test_the_picture_of_weights_has_the_colour_of_every_number_and_marks_what_was_edited(window):
    show(window, WeightEdit("lstm", "weight_hh", 20, 3, 0.2), Cut("lstm", 5, 2))
    press(window, "W")
    draw(window)
    picture = window.panels.hands.weights.picture
    parameters = window.stage.frame.comparison.racer("lstm").network.parameters
    assert picture.blocks.value(Entry("weight_hh", 20, 3)) == 0.2 == parameters.weight_hh[20, 3]
    rows = {Entry("weight_hh", row, 5) for row in range(2, 64, 16)}
    assert picture.edited == rows | {Entry("weight_hh", 20, 3)}
    assert all(parameters.weight_hh[entry.row, 5] == 0.0 for entry in rows)
    table, limit = signed_table(window.theme), picture._limit
    for name, row, column in (("weight_ih", 7, 2), ("weight_hh", 63, 15), ("bias", 20, 0)):
        value = picture.blocks.arrays[name][row, column]
        assert picture._images[name].pixel(column, row) == table[int(signed_index(np.array(value / limit)))]


def test_a_weight_is_changed_by_a_drag_by_keys_and_by_its_field_each_one_undo_entry(window):
    show(window)
    press(window, "W")
    draw(window)
    card = window.panels.hands.weights
    entry = Entry("weight_ih", 10, 1)
    own = card.picture.blocks.value(entry)
    at = card.picture.box(entry).center().toPoint()
    drag(card.picture, at, at - QPoint(0, 10), at - QPoint(0, 30))
    draw(window)
    weights = lambda: window.stage.frame.comparison.racer("lstm").network.parameters.weight_ih  # noqa: E731
    assert weights()[10, 1] == pytest.approx(own + 0.3, abs=1e-4) and card.picture.chosen == entry
    card.picture.setFocus()
    press(window, "+")
    press(window, "+")
    assert weights()[10, 1] == pytest.approx(own + 0.4, abs=1e-4)
    card.value.setValue(-0.25)
    tick(window)
    assert weights()[10, 1] == -0.25 and len(window.stage.interventions) == 1
    card.back.click()
    tick(window)
    assert weights()[10, 1] == own and window.stage.interventions == ()


def test_X_cuts_the_recurrent_connection_of_the_chosen_weight_and_joins_it_again(window):
    show(window)
    press(window, "W")
    draw(window)
    picture = window.panels.hands.weights.picture
    press(window, "Right")
    press(window, "Down")
    assert picture.chosen == Entry("weight_hh", 1, 1)
    press(window, "X")
    assert window.stage.interventions == (Cut("lstm", 1, 1),)
    press(window, "Del")
    assert window.stage.interventions == ()


@pytest.mark.parametrize(
    ("variant", "entry", "words", "way", "there"),
    [
        ("peephole", Entry("peephole", 33, 0), "output gate of unit 2 from its own cell state", "Up", 32),
        ("peephole", Entry("peephole", 32, 0), "output gate of unit 1 from its own cell state", "Up", 31),
        ("fgr", Entry("weight_gates", 16, 17), "forget gate of unit 1 from the forget gate of unit 2", "Down", 17),
    ],
)
def test_peepholes_and_weights_between_gates_stand_at_the_lines_of_their_gates(
    window, variant, entry, words, way, there
):
    show(window)
    window.stage.change({"lstm.variant": variant})
    press(window, "W")
    draw(window)
    picture = window.panels.hands.weights.picture
    at = picture.box(entry).center()
    assert picture.entry_at(at) == entry and words in picture.words(entry)
    gate = picture.blocks.block_of(entry)
    line = 16 * picture.blocks.blocks.index(gate) + picture.blocks.unit_of(entry)
    assert at.y() == pytest.approx(picture.box(Entry("weight_hh", line, 0)).center().y())
    picture.choose(entry)
    picture.setFocus()
    press(window, way)
    assert picture.chosen == Entry(entry.array, there, entry.column)
    press(window, "+")
    array = getattr(window.stage.frame.comparison.racer("lstm").network.parameters, entry.array)
    own = getattr(window.stage.frame.ghost.racer("lstm").network.parameters, entry.array)
    changed = np.argwhere(array.reshape(len(array), -1) != own.reshape(len(own), -1)).tolist()
    assert changed == [[there, entry.column]]


def test_the_readout_is_a_picture_of_its_own_and_can_be_changed(window):
    show(window)
    press(window, "W")
    draw(window)
    card = window.panels.hands.weights
    card.part.segment(1).click()
    draw(window)
    assert list(card.picture.blocks.arrays) == ["readout_weight", "readout_bias"] and not card.cut.isEnabled()
    card.picture.choose(Entry("readout_weight", 1, 5))
    assert "answer 2 from h of unit 6" in card.told.text()
    card.value.setValue(0.75)
    tick(window)
    assert window.stage.frame.comparison.racer("lstm").readout.weight[1, 5] == 0.75
    assert window.stage.interventions == (WeightEdit("lstm", "readout_weight", 1, 5, 0.75),)
    card.part.segment(0).click()
    draw(window)
    assert card.picture.chosen.array == "weight_hh"


def test_a_letter_is_chosen_for_a_timestep_and_put_back(window):
    lab = show(window)
    lab.input.setFocus()
    window.stage.select(timestep=1)
    tick(window)
    press(window, "Return")
    card = window.panels.hands.input
    assert card.isVisible() and card.letters["B"].isChecked()
    card.letters["A"].click()
    draw(window)
    frame = window.stage.frame
    assert frame.symbols[0] == "A" and tuple(frame.comparison.batch.x[0, 0]) == codes("recall")["A"]
    assert window.stage.interventions == (InputEdit(1, codes("recall")["A"]),)
    card.back.click()
    draw(window)
    assert window.stage.interventions == () and window.stage.frame.symbols[0] == "B"


def test_with_two_letters_a_click_flips_and_the_true_change_stands_beside_the_forecast(qapp):
    with desk(Settings(task="parity", gap=12)) as window:
        lab = show(window)
        window.panels.hands.set_tool(True)
        before = window.stage.frame.symbols[4]
        QTest.mouseClick(lab.input, LEFT, NONE, lab.input.cell(5).center().toPoint())
        draw(window)
        assert window.stage.frame.symbols[4] != before and len(window.stage.interventions) == 1
        effect = window.stage.frame.effects.of("lstm").effect
        told = group(window).effects.sentence.text()
        assert number(abs(effect.true_change)) in told and number(abs(effect.forecast)) in told
        QTest.mouseClick(lab.input, LEFT, NONE, lab.input.cell(5).center().toPoint())
        draw(window)
        assert window.stage.interventions == ()


def test_a_number_is_dragged_up_and_down(qapp):
    with desk(Settings(task="adding", gap=12)) as window:
        lab = show(window)
        window.panels.hands.set_tool(True)
        own = float(window.stage.frame.comparison.batch.x[6, 0, 0])
        at = lab.input.cell(7).center().toPoint()
        drag(lab.input, at, at - QPoint(0, 8), at - QPoint(0, 20))
        draw(window)
        assert window.stage.frame.comparison.batch.x[6, 0, 0] == pytest.approx(own + 0.2, abs=0.006)
        assert undo_entries(window) == 1


def test_be_the_lstm_puts_every_gate_into_the_hand(window):
    show(window)
    window.stage.select(network="lstm")
    window.commands.be_the_lstm()
    draw(window)
    card = window.panels.hands.gates
    assert card.isVisible() and [plot.clamp.quantity for plot in card.plots] == ["i", "f", "o"]
    plot = card.plots[1]
    span = plot.span()
    at = [QPoint(round(span.middle(t)), round(plot.y_of(0.9))) for t in (10, 14)]
    drag(plot, *at)
    draw(window)
    f = window.stage.frame.comparison.racer("lstm").trace.tape.f[:, 0, 0]
    assert f[9:14] == pytest.approx([0.9] * 5, abs=0.02) and f[8] == f[14] == 0.5
    assert undo_entries(window) == 2


def test_the_weights_of_every_network_are_told_in_words(qapp):
    with desk(Settings(gap=5, cells=("rnn", "lstm", "gru"))) as window:
        show(window)
        window.commands.weights_in_hand()
        told = {}
        for cell in ("rnn", "lstm", "gru"):
            window.stage.select(network=cell)
            draw(window)
            picture = window.panels.hands.weights.picture
            told[cell] = [picture.words(Entry(name, 3, 0)) for name in picture.blocks.arrays]
            assert picture.blocks.cell == cell
        assert told["rnn"][1].startswith("hidden state of unit 4 from h of unit 1: ")
        assert told["lstm"][0].startswith("input gate of unit 4 from input A: ")
        assert told["gru"][3].startswith("candidate of unit 4, bias of what the reset gate multiplies: ")
        window.commands.weights_in_hand()
        assert window.panels.hands.weights.isHidden()


def test_another_network_or_part_forgets_an_entry_that_it_has_not(window):
    show(window)
    window.stage.select(network="lstm")
    press(window, "W")
    draw(window)
    card = window.panels.hands.weights
    card.picture.choose(Entry("weight_hh", 60, 12))
    card.picture.hovered = Entry("weight_hh", 60, 12)
    window.stage.select(network="rnn")
    draw(window)
    assert card.picture.hovered is None and card.picture.blocks.has(card.picture.chosen)
    card.picture.hovered = Entry("weight_hh", 3, 12)
    card.part.segment(1).click()
    draw(window)
    assert card.picture.hovered is None and "answer 1" in card.told.text()
