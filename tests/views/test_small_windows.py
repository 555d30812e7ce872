"""Where there is little room: words are shortened or left out, never cut or laid over each other."""

import math
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from lstmviz.lab.settings import Settings
from lstmviz.stage.hands import Clamp, Cut, Freeze
from lstmviz.stage.opened import OpenedNote
from lstmviz.stage.readouts import task_titles
from lstmviz.views import fonts
from lstmviz.views.control_groups.cell import CellLookGroup, conditions
from lstmviz.views.control_groups.recipe import RecipeGroup
from lstmviz.views.elided import ElidedLabel
from lstmviz.views.interventions.hands import hands_of
from lstmviz.views.interventions.spans import stretches_of
from lstmviz.views.labs.inspect import readout_places
from lstmviz.views.number_box import NumberBox
from lstmviz.views.race.ink import text_width
from lstmviz.views.race.scale import Scale
from lstmviz.views.sizes import LEAST
from lstmviz.words import power
from tests.views.desk import desk, press, tick
from tests.views.hands_desk import draw, group, show

ALL = ("rnn", "lstm", "gru")


def in_window(window, widget):
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_a_label_says_the_shorter_words_before_it_cuts_any(qapp):
    made = ElidedLabel()
    made.show_text("share at t = 1", "share")
    made.resize(400, 20)
    assert made.shown() == "share at t = 1"
    made.resize(made.fontMetrics().horizontalAdvance("share at"), 20)
    assert made.shown() == "share" and made.whole() == "share at t = 1"
    made.resize(8, 20)
    assert made.shown() not in ("share at t = 1", "share")


def test_the_rows_of_what_it_did_are_never_cut_in_the_narrow_column(qapp):
    with desk(Settings(gap=50), size=(1120, 640)) as window:
        show(window, Clamp("lstm", "f", 20, 30, (0.1,)))
        names = [name for name, _, _ in group(window).effects._cells if not name.isHidden()]
        assert [name.shown() for name in names][-2:] == ["c, unit 1", "share"]
        assert names[-1].whole() == "share at t = 1"


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_names_of_the_passes_give_way_to_where_the_playhead_stands(qapp, scale):
    with desk(Settings(gap=50), size=(1280, 720)) as window:
        window.set_text_size(scale)
        tick(window)
        scrubber, font = window.transport.scrubber, fonts.text(12, 600)
        wide = text_width("Backward pass, t = 1", font) + 2 * text_width("Backward", font)
        assert scrubber.names_passes() == (wide + 2 * fonts.scaled(6) <= scrubber._ends()[1] - scrubber._ends()[0])
        if scale == 1.0:
            assert scrubber.names_passes()


@pytest.mark.parametrize(
    ("size", "scale"), [((1120, 640), 1.0), ((1280, 720), 1.0), ((1280, 720), 1.5), ((1920, 1080), 2.0)]
)
def test_the_hint_under_the_gap_lies_inside_its_row(qapp, size, scale):
    with desk(Settings(gap=12), size=size) as window:
        window.set_text_size(scale)
        tick(window)
        row = window.labs.current.gap
        assert row.hint and row.slider.y() >= 0
        assert row.slider.geometry().bottom() + fonts.scaled(12) <= row.height()
        high = 0.73 * fonts.text(30).pixelSize()  # of the figures of the gap, which stand at the track
        assert row.slider.y() + row.slider.track >= high / 2


def test_a_card_stands_where_the_window_shows_it_though_its_parts_need_more_room(qapp):
    with desk(Settings(gap=12), size=(1280, 720)) as window:
        window.set_text_size(1.5)
        draw(window)
        assert window.body.width() > window.area.viewport().width()
        for open_card in (window.commands.be_the_lstm, hands_of(window.labs.current).open_weights):
            open_card()
            draw(window)
            hands = hands_of(window.labs.current)
            (card,) = [one for one in hands.cards() if not one.isHidden()]
            assert window.rect().contains(in_window(window, card.close_button))


def test_the_names_of_held_stretches_stand_in_them_and_off_the_playhead_and_the_band(qapp):
    held = (Clamp("lstm", "f", 3, 5, (0.1,)), Clamp("gru", "z", 9, 10, (0.5,)), Freeze("rnn", 7, 7))
    with desk(Settings(gap=10, cells=ALL), size=(1280, 720)) as window:
        lab = show(window, *held)
        plot, frame = lab.plot, window.stage.frame
        tags = {text: box for box, text in plot.hands.tags.tags}
        high = plot.hands.tags.boundingRect().height()
        band = Scale(frame.axis.floor, frame.axis.ceiling, high).y(frame.axis.band)
        shades = {shade.stretch.cell: shade for shade in plot.hands.shades.shades}
        for cell, text in (("lstm", "LSTM f = 0.10"), ("gru", "GRU z = 0.50"), ("rnn", "RNN state frozen")):
            x, y, _, height = tags[text]
            assert shades[cell].left <= x <= shades[cell].right
            assert y + height <= band
        playhead = lab.input.columns.centre(frame.position.t) - plot.left
        assert not any(x < playhead < x + width for x, _, width, _ in tags.values())


def test_a_lane_says_how_many_clamps_it_has_where_their_words_have_no_room():
    held = [Clamp("lstm", gate, 1, 9, (0.5,) * 9) for gate in "ifo"]
    (stretch,) = stretches_of(held, "lstm", 20)
    assert (stretch.text, stretch.short) == ("i, f, o by hand", "3 clamps")
    (single,) = stretches_of(held[:1], "lstm", 20)
    (frozen,) = stretches_of([Freeze("lstm", 3, 4)], "lstm", 20)
    assert (single.short, frozen.text, frozen.short) == ("i held", "state frozen", "frozen")


def test_what_has_nothing_to_change_says_so_on_its_card_and_is_not_counted(qapp):
    with desk(Settings(gap=50), size=(1280, 720)) as window:
        show(window, Clamp("lstm", "f", 20, 30, (0.1,)), Freeze("rnn", 2, 9))
        window.stage.change({"gap": 6})
        draw(window)
        card, acting = group(window).cards
        assert card.about.whole() == "LSTM, t = 20–30, all units: nothing to change here"
        assert card.about.shown() == "nothing to change here"
        assert acting.about.whole() == "RNN, t = 2–9, all units"
        assert window.switch_bar.chip.text() == "1 of 2 interventions"
        window.stage.change({"gap": 50})
        draw(window)
        assert window.switch_bar.chip.text() == "2 interventions"


def test_the_tool_says_what_to_do_with_it_and_the_chip_says_all_to_a_screen_reader(qapp):
    with desk(Settings(gap=12), size=(1280, 720)) as window:
        show(window, Clamp("lstm", "f", 3, 5, (0.1,)))
        press(window, "C")
        assert "Drag over timesteps" in window.stage.frame.notice
        chip = window.switch_bar.chip
        assert (chip.text(), chip.accessibleName()) == ("Clamp tool on, 1", "Clamp tool on, 1 intervention")


def test_values_or_gradients_chosen_as_the_pass_shows_them_go_with_the_pass_again(qapp):
    with desk(Settings(gap=12), size=(1280, 720)) as window:
        window.open_lab("cell")
        window.stage.select(timestep=5)
        shown = []
        for key in ("V", "V", "D", "V", "D", "D", "V", "D"):
            press(window, key)
            tick(window)
            shown.append(window.stage.frame.part.shows)
        values, gradients = "values", "gradients"
        assert shown == [values, gradients, values, gradients, gradients, gradients, values, gradients]


def test_without_a_network_cells_controls_are_out_of_reach(qapp):
    with desk(Settings(gap=12, cells=()), size=(1280, 720)) as window:
        window.open_lab("cell")
        tick(window)
        look = window.column.group(CellLookGroup)
        assert not any(one.isEnabled() for one in (look.network, look.unit, look.timestep, look.shows))
        window.stage.change({"cells": ("lstm",)})
        tick(window, 2)
        assert all(one.isEnabled() for one in (look.network, look.unit, look.timestep, look.shows))


def test_the_readout_of_inspect_moves_together_before_it_leaves_out_a_value(qapp):
    wide, narrow = readout_places([100.0] * 8, 90.0, 1200.0), readout_places([90.0] * 8, 90.0, 880.0)
    assert wide == (max(116, fonts.scaled(130)), fonts.scaled(22))
    assert narrow[0] == 106 and narrow[0] + 8 * 90 + 7 * narrow[1] == pytest.approx(880)


@pytest.mark.parametrize("lab", ["cell", "inspect"])
def test_tab_reaches_what_a_lab_makes_while_it_draws_in_reading_order(qapp, lab):
    with desk(Settings(gap=12), size=(1280, 720)) as window:
        window.open_lab(lab)
        tick(window, 2)
        wanted = [one for one in window.labs.current.focus_order() if one.isVisible() and one.isEnabled()]
        wanted[0].setFocus()
        reached = [window.focusWidget()]
        for _ in wanted:
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            reached.append(window.focusWidget())
        assert reached[:-1] == wanted and window.transport.isAncestorOf(reached[-1])
        assert all(window.column.more.toolTip().split(", "))
        if lab == "inspect":
            names = [one.accessibleName() for one in window.column.focus_order() if one.isVisible()]
            at = [k for k, name in enumerate(names) if name.startswith("Order of units")][-1]
            assert names[at + 1] == "forget gate f"


def test_learn_says_that_it_trains_without_interventions(qapp):
    with desk(Settings(gap=12), size=(1280, 720)) as window:
        window.open_lab("learn")
        notes = [one for one in window.column.group(RecipeGroup).findChildren(QLabel) if one.wordWrap()]
        tick(window, 2)
        assert [one.text() for one in notes] == ["Adam; the same batches for all."]
        window.stage.intervene(Clamp("lstm", "f", 3, 5, (0.1,)))
        tick(window, 2)
        assert notes[0].text().endswith("Training goes on without interventions.")


def test_negative_numbers_have_a_real_minus_sign_and_can_be_typed_with_a_hyphen(qapp):
    made = NumberBox()
    made.setRange(-5, 5)
    made.setDecimals(2)
    made.setValue(-0.25)
    assert made.text() == "−0.25"
    for typed, value in (("-1.5", -1.5), ("−2.5", -2.5), ("3", 3.0)):
        made.lineEdit().setText(typed)
        made.interpretText()
        assert made.value() == value
    QTest.keyClick(made, Qt.Key.Key_Down)
    made.lineEdit().selectAll()
    QTest.keyClicks(made, "-0.5")
    QTest.keyClick(made, Qt.Key.Key_Return)
    assert (made.value(), made.text()) == (-0.5, "−0.50")


def test_the_least_window_holds_the_longest_task_and_any_count_of_interventions(qapp):
    longest = "order3"
    assert len(task_titles()[longest]) == max(map(len, task_titles().values()))
    with desk(Settings(gap=50), size=LEAST) as window:
        bar = window.switch_bar
        for k in range(12):
            window.stage.intervene(Cut("lstm", k, k + 1))
        window.stage.switch_intervention(0, False)
        tick(window, 2)
        assert (bar.task.text(), bar.chip.text()) == ("First-token recall", "11 of 12")
        assert bar.chip.accessibleName() == "11 of 12 interventions"
        window.stage.choose_task(longest)
        draw(window)
        assert bar.task.text().endswith("…") and bar.task.accessibleName().endswith(task_titles()[longest])
        assert window.body.width() == window.area.viewport().width() == LEAST[0]
        window.resize(1920, 1080)
        draw(window)
        assert (bar.task.text(), bar.chip.text()) == (task_titles()[longest], "11 of 12 interventions")


def test_one_of_a_thing_is_said_in_the_singular_and_a_file_only_of_its_own_network(qapp):
    with desk(Settings(gap=6, hidden=1), size=(1280, 720)) as window:
        window.open_lab("cell")
        tick(window, 2)
        frame = window.stage.frame
        assert conditions(frame, frame.part) == "Untrained, forget bias 3.0. It has one unit."
        show(window, Clamp("lstm", "f", 2, 3, (0.1,)), lab="cell")
        hands_of(window.labs.current).open_clamp(0)
        assert hands_of(window.labs.current).clamp.units.itemText(0) == "the only unit"
        note = replace(frame, opened=OpenedNote("gru", "a.npz", ""))
        assert conditions(note, frame.part).startswith("Untrained, forget bias 3.0.")
        note = replace(frame, opened=OpenedNote("lstm", "a.npz", ""))
        assert conditions(note, frame.part).startswith("Weights from a file.")


def test_where_nothing_reaches_h_the_plot_says_what_reaches_the_cell_state(qapp):
    gates = (("i", (1.0,) + (0.0,) * 12), ("f", (1.0,) * 13), ("o", (1.0,) * 13))
    with desk(Settings(gap=12), size=(1280, 720)) as window:
        lab = show(window, *(Clamp("lstm", gate, 1, 13, values) for gate, values in gates))
        flow = window.stage.frame.comparison.racer("lstm").trace.flow
        assert flow.log10_h[12] == -math.inf and math.isfinite(flow.log10_c[1])
        said = [text for _, text in lab.plot.notes.texts()] + [note.text for note, _ in lab.plot.notes._remarks]
        wanted = f"LSTM: exactly zero up to t = 12; its cell state at t = 1 gets {power(float(flow.log10_c[1]))}"
        assert wanted in said
