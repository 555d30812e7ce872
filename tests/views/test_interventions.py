"""Interventions by hand: what cards, clamps and pictures show is what the engine has; each edit is one undo entry."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from lstmviz.lab.settings import Settings
from lstmviz.stage.hands import Clamp, Cut, Freeze, InputEdit, WeightEdit, codes
from lstmviz.words import decimal, number, power
from tests.views.desk import desk, press, tick
from tests.views.hands_desk import LEFT, NONE, SHIFT, F, drag, draw, group, lane_at, show, undo_entries

pytestmark = pytest.mark.gui


@pytest.fixture
def window(qapp):
    with desk(Settings(gap=50), size=(1280, 720)) as made:
        yield made


def test_without_interventions_one_line_says_what_one_can_do_and_the_chip_is_hidden(window):
    show(window)
    assert not group(window).hint.isHidden() and "Hold a gate" in group(window).hint.text()
    assert window.switch_bar.chip.isHidden() and group(window).ghost.isHidden() and group(window).effects.isHidden()


def test_each_intervention_has_a_card_with_its_words_and_the_chip_counts_them(window):
    show(window, F, Cut("lstm", 5, 2), InputEdit(1, codes("recall")["A"]), Freeze("rnn", 3, 4))
    cards = group(window).cards
    assert len(cards) == 4 and window.switch_bar.chip.text() == "4 interventions"
    assert "f = 0.1 at t = 20–22" in cards[0].accessibleName()
    cards[1].on.click()
    draw(window)
    assert window.switch_bar.chip.text() == "3 of 4 interventions"
    cards[0].remove.click()
    draw(window)
    assert [type(one).__name__ for one in window.stage.interventions] == ["Cut", "InputEdit", "Freeze"]
    group(window).clear.click()
    draw(window)
    assert not window.stage.interventions and undo_entries(window) == 7


def test_the_slider_of_a_card_changes_the_value_that_the_engine_holds_in_one_undo_entry(window):
    show(window, F)
    slider = group(window).cards[0].slider
    for notch in (20, 40, 73):
        slider.setValue(notch)
    slider.ended.emit()
    draw(window)
    tape = window.stage.frame.comparison.racer("lstm").trace.tape
    assert np.all(tape.f[19:22] == 0.73) and not np.any(tape.f[22] == 0.73)
    assert undo_entries(window) == 2


def test_what_it_did_are_the_numbers_of_the_engine_before_and_after(window):
    show(window, F)
    frame = window.stage.frame
    before, after = (one.racer("lstm").trace for one in (frame.ghost, frame.comparison))
    rows = {name: values for name, *values in group(window).effects.texts()}
    assert rows["loss"] == [number(before.loss), number(after.loss)]
    assert rows["share at t = 1"] == [power(before.flow.log10_share), power(after.flow.log10_share)]
    state = rows["c, unit 1, t = 51"]
    assert state == [decimal(float(trace.tape.c[-1, 0, 0]), 2) for trace in (before, after)]
    chances = [float(rows[f"answer “{letter}”"][1]) for letter in "AB"]
    assert sum(chances) == pytest.approx(1.0, abs=0.011)
    assert "gradient forecast" in group(window).effects.sentence.text()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("lab", ["race", "inspect"])
def test_no_card_is_wider_than_the_column_or_lies_over_another(qapp, size, lab):
    with desk(Settings(gap=50), size=size) as window:
        show(window, F, Clamp("rnn", "h", 2, 3, (0.0,)), WeightEdit("lstm", "bias", 20, 0, 1.5), lab=lab)
        for _ in range(4):
            draw(window)
        inside = group(window)
        assert inside.width() <= window.column.width() and inside.minimumSizeHint().width() <= inside.width()
        boxes = [card.geometry() for card in inside.cards]
        assert all(inside.rect().contains(box) for box in boxes)
        assert not any(a.intersects(b) for k, a in enumerate(boxes) for b in boxes[k + 1 :])
        for card in inside.cards:
            assert card.height() >= card.minimumSizeHint().height()


def test_with_the_tool_on_a_drag_over_a_lane_holds_its_gate_and_opens_the_card(window):
    lab = show(window)
    press(window, "C")
    assert window.panels.hands.tool_on and window.switch_bar.chip.text() == "Clamp tool on"
    drag(lab.lanes[1], lane_at(lab, 1, 22), lane_at(lab, 1, 21), lane_at(lab, 1, 18), lane_at(lab, 1, 20))
    draw(window)
    assert window.stage.interventions == (F,)
    card = window.panels.hands.clamp
    assert card.isVisible() and (card.first.value(), card.last.value(), card.value.value()) == (20, 22, 0.1)
    press(window, "Esc")
    assert card.isHidden() and window.panels.hands.tool_on
    press(window, "Esc")
    assert not window.panels.hands.tool_on and window.stage.interventions == (F,)
    assert undo_entries(window) == 1


def test_shift_and_a_drag_hold_the_rnns_state_without_the_tool(window):
    lab = show(window)
    drag(lab.lanes[0], lane_at(lab, 0, 5), lane_at(lab, 0, 9), modifier=SHIFT)
    assert window.stage.interventions == (Clamp("rnn", "h", 5, 9, (0.0,)),)


def test_escape_during_a_drag_leaves_nothing_behind(window):
    lab = show(window)
    press(window, "C")
    QTest.mousePress(lab.lanes[1], LEFT, NONE, lane_at(lab, 1, 12))
    tick(window)
    assert len(window.stage.interventions) == 1
    press(window, "Esc")
    QTest.mouseRelease(lab.lanes[1], LEFT, NONE, lane_at(lab, 1, 12))
    tick(window)
    assert window.stage.interventions == () and window.panels.hands.tool_on
    assert window.panels.hands.clamp.isHidden()


def test_keys_alone_hold_a_stretch_change_its_value_and_let_it_go(window):
    lab = show(window)
    window.stage.select(timestep=30)
    tick(window)
    press(window, "C")
    lab.lanes[1].setFocus()
    for _ in range(4):  # the first begins where the playhead stands
        press(window, "Shift+Left")
    press(window, "Return")
    held = window.stage.interventions[0]
    assert (held.cell, held.quantity, held.first, held.last) == ("lstm", "f", 27, 30)
    card = window.panels.hands.clamp
    assert card.isVisible() and card.value.hasFocus()
    press(window, "Up")
    assert window.stage.interventions[0].values == (0.15,)
    card.remove.setFocus()
    press(window, "Return")
    assert window.stage.interventions == () and card.isHidden()


def test_a_drag_over_a_panel_of_inspect_holds_units_and_timesteps_of_its_quantity(window):
    lab = show(window, lab="inspect")
    press(window, "C")
    view = next(one for one in lab.panels if one.panel.quantity == "g")
    start, end = ((round(view.span().middle(t)), round(view.row_box(u).center().y())) for t, u in ((4, 2), (7, 5)))
    drag(view, QPoint(*start), QPoint(*end))
    draw(window)
    assert window.stage.interventions == (Clamp("lstm", "g", 4, 7, (0.0,), (2, 3, 4, 5)),)
    g = window.stage.frame.comparison.racer("lstm").trace.tape.g
    assert np.all(g[3:7, 0, 2:6] == 0.0) and np.all(g[3:7, 0, 6:] != 0.0)
    gradient = next(one for one in lab.panels if one.panel.quantity == "d_c")
    window.panels.hands.leave()
    drag(gradient, QPoint(*start), QPoint(*end))
    assert len(window.stage.interventions) == 1  # a gradient cannot be held


def test_the_ghost_is_the_run_before_dashed_and_H_hides_it(window):
    lab = show(window, F)
    x, y = lab.plot.hands.ghosts["lstm"].getData()
    before = window.stage.frame.ghost.racer("lstm").trace.flow.log10_h[1:]
    assert y.tolist() == before.tolist() and x.tolist() == list(range(1, 52))
    assert len(lab.plot.hands.ghosts["rnn"].getData()[0]) == 0  # nothing was done to the RNN
    press(window, "H")
    draw(window)
    assert len(lab.plot.hands.ghosts["lstm"].getData()[0]) == 0 and window.stage.frame.ghost is None


@pytest.mark.parametrize("look", ["light", "dark", "projector"])
def test_a_held_stretch_is_yellow_in_lane_and_plot_and_named_once(qapp, look):
    with desk(Settings(gap=50), theme=look) as window:
        lab = show(window, F)
        lane, clamp = lab.lanes[1], window.theme.clamp
        colour = lane.grab().toImage().pixelColor(round(lab.lanes[1].columns.centre(21)), 2)
        assert colour.name().upper() == clamp
        shade = lab.plot.hands.shades.shades[0]
        edges = [lab.plot.columns.tile(t) for t in (20, 22)]
        assert shade.left + lab.plot.left <= edges[0][0] and shade.right + lab.plot.left >= edges[1][1]
        assert [text for _, text in lab.plot.hands.tags.tags] == ["LSTM f = 0.10"]


def test_everything_of_the_hands_has_a_name_for_screen_readers_and_no_two_keys_clash(window):
    show(window, F, WeightEdit("lstm", "bias", 20, 0, 1.5))
    hands = window.panels.hands
    for card in hands.cards():
        for part in card.findChildren(type(card.close_button)):
            assert part.accessibleName() or part.text()
    keys = [key for command in window.commands.table.values() for key in command.keys]
    assert len(keys) == len(set(keys)) and {"C", "H", "W"} <= set(keys)


def test_a_clamp_that_was_replaced_under_the_card_leaves_the_card_on_what_is_there(window):
    show(window, F)
    window.panels.hands.open_clamp(0, QPoint(600, 300))
    window.stage.change_intervention(0, replace(F, values=(0.8,)))
    draw(window)
    assert window.panels.hands.clamp.value.value() == 0.8
    window.stage.clear_interventions()
    draw(window)
    assert window.panels.hands.clamp.isHidden()


def test_tab_goes_through_the_cards_from_top_to_bottom_before_what_stands_under_them(window):
    show(window, F, WeightEdit("lstm", "bias", 20, 0, 1.5))
    inside, walked = group(window), []
    inside.add.setFocus()
    for _ in range(10):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        walked.append(window.focusWidget())
    first, second = inside.cards
    expected = [first.on, first.remove, first.edit, first.slider, second.on, second.remove, second.edit]
    assert walked[:9] == [*expected, inside.ghost, inside.clear]


def test_a_new_card_is_scrolled_into_sight(window):
    show(window, F)
    for _ in range(3):
        draw(window)
    card = group(window).cards[0]
    assert card.visibleRegion().boundingRect().height() == card.height()


def test_the_menu_holds_what_was_chosen_at_the_playhead_of_the_selected_network(window):
    show(window)
    window.stage.select(network="lstm", timestep=17)
    draw(window)
    actions = {action.objectName(): action for action in group(window).fill_menu().actions()}
    assert [name for name in actions if name.startswith("hold")] == [f"hold {q}" for q in "figoch"]
    actions["hold o"].trigger()
    draw(window)
    assert window.stage.interventions == (Clamp("lstm", "o", 17, 17, (0.1,)),)
    assert window.panels.hands.clamp.isVisible()
    group(window).fill_menu().actions()[6].trigger()
    draw(window)
    assert window.stage.interventions[1] == Freeze("lstm", 17, 17)
    card = window.panels.hands.clamp
    card.quantity.setCurrentIndex(card.quantity.findData("c"))
    card.quantity.activated.emit(card.quantity.currentIndex())
    assert window.stage.interventions[1] == Clamp("lstm", "c", 17, 17, (0.0,))


def test_the_chip_lists_what_there_is_in_every_lab_and_switches_it(window):
    show(window, F, Cut("lstm", 5, 2))
    chip = window.switch_bar.chip
    for lab in ("inspect", "map", "learn", "claims", "race"):
        window.stage.open_lab(lab)
        draw(window)
        assert chip.isVisible() and chip.text() == "2 interventions"
    first = chip.fill_menu().actions()[0]
    assert first.isChecked() and "f = 0.1" in first.text()
    first.trigger()
    draw(window)
    assert [one.on for one in window.stage.interventions] == [False, True]
    next(action for action in chip.fill_menu().actions() if action.objectName() == "clear").trigger()
    draw(window)
    assert chip.isHidden()


def test_the_card_changes_span_and_units_and_what_is_drawn_by_hand_goes_with_its_timesteps(window):
    show(window, F)
    card = window.panels.hands.clamp
    window.panels.hands.open_clamp(0, QPoint(600, 300))
    card.last.setValue(25)
    card.by_hand.click()
    draw(window)
    plot = card.values
    drag(plot, QPoint(round(plot.span().middle(2)), round(plot.y_of(0.8))))
    draw(window)
    drawn = window.stage.interventions[0].values[1]
    assert drawn == pytest.approx(0.8, abs=0.02)
    assert window.stage.interventions[0].values == (0.1, drawn, 0.1, 0.1, 0.1, 0.1)
    card.first.setValue(21)
    card.units.setCurrentIndex(1)
    card.units.activated.emit(1)
    draw(window)
    one = window.stage.interventions[0]
    assert (one.first, one.last, one.values, one.units) == (21, 25, (drawn, 0.1, 0.1, 0.1, 0.1), (0,))
    f = window.stage.frame.comparison.racer("lstm").trace.tape.f[20:25, 0]
    assert f[:, 0].tolist() == [drawn, 0.1, 0.1, 0.1, 0.1] and np.all(f[:, 1] > 0.9)


def test_the_clamp_tool_is_refused_where_there_is_nothing_to_drag_over(window):
    show(window, lab="map")
    window.commands.clamp_tool()
    tick(window)
    assert not window.panels.hands.tool_on and "nothing to clamp" in window.stage.frame.notice
    show(window, lab="race")
    window.commands.clamp_tool()
    tick(window)
    assert window.panels.hands.tool_on
    assert window.labs.current.lanes[0].cursor().shape() == Qt.CursorShape.CrossCursor
