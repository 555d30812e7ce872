"""The pictures of the Cell lab: facts of what is painted, and what hands and keys do."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from lstmviz.stage.hands import Clamp
from lstmviz.stage.playback import Position
from lstmviz.views.cell.gradients import gradient_at
from lstmviz.views.cell.look import tag_box
from lstmviz.views.cell.tags import gradient_text, value_text
from lstmviz.views.control_groups.cell import CellGradientGroup, CellLookGroup
from tests.views.cell_forms import FORMS, cell_window, draw, part_of, show

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def shown():
    with cell_window() as made:
        yield made


@pytest.fixture
def fresh(shown):
    stage = shown.stage
    stage.clear_interventions()
    stage.change({"cells": ("lstm", "gru"), "lstm.variant": "vanilla", "gru.reset": "after"})
    stage.labs.desk("cell").set_shows("values")
    stage.set_level("timestep")
    stage.go_to(Position("forward", 7))
    stage.select(network="lstm", unit=3)
    draw(shown)
    yield shown
    stage.labs.desk("cell").set_shows(None)


def trace_of(made):
    return made.stage.frame.comparison.racer(part_of(made).cell).trace


def tag(made, name):
    return next(one for one in made.labs.current.diagram.tags if one.name == name)


def drag(widget, points):
    """A mouse drag over points of a widget."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        place, left = QPointF(point), Qt.MouseButton.LeftButton
        moved = QMouseEvent(
            QEvent.Type.MouseMove, place, widget.mapToGlobal(place), left, left, Qt.KeyboardModifier.NoModifier
        )
        widget.mouseMoveEvent(moved)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=points[-1])


# ----------------------------------------------------------------------------- numbers


def test_the_numbers_on_the_wires_are_the_engines(fresh):
    tape = trace_of(fresh).tape
    for name, value in (
        ("c_before", tape.c[6, 0, 3]),
        ("c", tape.c[7, 0, 3]),
        ("h", tape.h[7, 0, 3]),
        ("h_before", tape.h[6, 0, 3]),
        ("kept", tape.f[6, 0, 3] * tape.c[6, 0, 3]),
        ("written", tape.i[6, 0, 3] * tape.g[6, 0, 3]),
        ("tanh_c", tape.tanh_c[6, 0, 3]),
    ):
        assert tag(fresh, name).text == value_text(float(value))
    for name in "figo":
        look = fresh.labs.current.diagram.valves[name].look
        assert look.text == value_text(float(getattr(tape, name)[6, 0, 3]))


def test_the_parts_under_a_block_are_what_its_sum_is_made_of(fresh):
    trace = trace_of(fresh)
    values, hidden = part_of(fresh).values, trace.network.hidden
    for k, name in enumerate("ifgo"):
        row = k * hidden + 3
        parts = [values[f"{side}_{name}"] for side in "xhb"]
        assert sum(parts) == pytest.approx(float(trace.tape.z[6, 0, row]))
        assert [tag(fresh, f"{side}_{name}").text for side in "xhb"] == [value_text(part) for part in parts]


def test_the_gradients_on_the_wires_are_the_engines(fresh):
    fresh.stage.labs.desk("cell").set_shows("gradients")
    draw(fresh)
    found = trace_of(fresh).gradients
    for name, value in (
        ("d_c", found.c[7, 0, 3]),
        ("d_h", found.h[7, 0, 3]),
        ("d_c_before", found.c[7, 0, 3] * trace_of(fresh).tape.f[6, 0, 3]),  # without what h before adds
        ("d_h_before", found.h[6, 0, 3]),
        ("d_f", found.f[6, 0, 3]),
        ("d_o", found.o[6, 0, 3]),
    ):
        assert tag(fresh, name).text == gradient_text(float(value))


def test_gradients_of_branches_add_up_to_that_of_the_value(shown):
    for cell, form, value, branches in (
        ("lstm", "vanilla", "d_c", ("d_c_h", "d_c_after")),
        ("lstm", "peephole", "d_c", ("d_c_h", "d_c_after", "d_c_o")),
        ("lstm", "peephole", "d_c_before", ("d_c_along", "d_c_before_i", "d_c_before_f")),
        ("lstm", "cifg", "d_i", ("d_i_f", "d_i_written")),
        ("lstm", "fgr", "d_i_before", ("d_i_before_i", "d_i_before_f", "d_i_before_o")),
        ("gru", "after", "d_z", ("d_z_kept", "d_z_written")),
        ("gru", "before", "d_h_before", ("d_h_along", "d_h_before_r", "d_h_before_z", "d_h_before_n")),
    ):
        show(shown, cell, form, backward=True)
        known = part_of(shown).gradients
        assert sum(known[name] for name in branches) == pytest.approx(known[value], rel=1e-9, abs=1e-15)


def test_every_wire_has_a_gradient_and_no_number_lies_on_another(shown):
    for cell, form in FORMS:
        for backward in (False, True):
            diagram = show(shown, cell, form, backward).diagram
            part = part_of(shown)
            assert (part.cell, part.form, part.shows) == (cell, form, "gradients" if backward else "values")
            for piece in diagram.plan.pieces:
                assert piece.value == "x" or gradient_at(diagram.plan, piece, part.gradients) is not None, piece
            for number in range(1, len(part.operations) + 1):
                shown.stage.go_to_operation(number, backward)
                formulas_stand_free(draw(shown).diagram, shown.theme, (form, backward, number))


def formulas_stand_free(diagram, theme, where):
    """The current operation's formula is there, and none lies on a number or on another one."""
    boxes = [tag_box(one, theme) for one in diagram.tags]
    blocks = [QRectF(QPointF(*one.box[:2]), QPointF(*one.box[2:])) for one in diagram.plan.blocks]
    assert diagram.formulas and diagram.formulas[0].current
    for k, one in enumerate(diagram.formulas):
        inner = one.box.adjusted(1, 3, -1, -3)
        hit = [tag.name for tag, box in zip(diagram.tags, boxes, strict=True) if inner.intersects(box)]
        assert not hit, (where, one.result, hit)
        assert not any(one.box.intersects(block) for block in blocks), (where, one.result)
        assert not any(inner.intersects(other.box) for other in diagram.formulas[k + 1 :]), where


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1920, 1080)])
def test_no_number_lies_on_another_or_on_a_block(shown, size):
    before = shown.size()
    shown.resize(*size)
    try:
        for cell, form in FORMS:
            for backward in (False, True):
                show(shown, cell, form, backward)
                shown.stage.intervene(Clamp(cell, "h", 3, 4, (0.7,)))
                numbers_stand_free(draw(shown).diagram, (cell, form, backward))
    finally:
        shown.resize(before)


def numbers_stand_free(diagram, where):
    """Numbers lie inside the picture, on no other number and on no block."""
    visible = [one for one in diagram.numbers if one.isVisibleTo(diagram)]
    assert len(visible) == len(diagram.tags) > 2
    boxes = [QRectF(one.geometry()).adjusted(1.5, 1.5, -1.5, -1.5) for one in visible]
    blocks = []
    for node in diagram.plan.blocks:
        x0, y0, x1, y1 = (edge * diagram.zoom for edge in node.box)
        blocks.append(QRectF(x0, y0, x1 - x0, y1 - y0))
    for k, box in enumerate(boxes):
        name = (*where, visible[k].tag.name)
        assert diagram.rect().contains(box.toAlignedRect()), name
        hit = [
            second.tag.name
            for other, second in zip(boxes, visible, strict=True)
            if other is not box and box.intersects(other)
        ]
        assert not hit, (name, hit)
        assert not any(block.intersects(box) for block in blocks), name


# ----------------------------------------------------------------------------- operations


def test_what_is_not_reached_is_grey_and_what_is_computed_now_is_larger(fresh):
    fresh.stage.go_to_operation(6, False)  # Keep
    draw(fresh)
    assert tag(fresh, "kept").current and tag(fresh, "kept").reached
    assert not tag(fresh, "written").reached and not tag(fresh, "h").reached
    assert tag(fresh, "c_before").reached and not tag(fresh, "c_before").current


def test_the_buttons_are_the_operations_and_a_press_goes_there(fresh):
    lab = draw(fresh)
    names = [button.text() for button in lab.operations.shown()]
    assert names == [one.name for one in part_of(fresh).operations]
    lab.operations.buttons[7].click()
    lab = draw(fresh)
    assert part_of(fresh).current == 7 and fresh.stage.frame.level == "operation"
    assert [button.now for button in lab.operations.shown()].index(True) == 7


def test_a_value_spreads_along_its_wire_after_a_press_of_on(fresh):
    fresh.stage.go_to_operation(5, False)
    draw(fresh)
    assert fresh.labs.current.diagram.spread == 1.0
    fresh.stage.on()
    fresh.stage.tick(0.08)
    assert 0.0 < fresh.labs.current.diagram.spread < 1.0
    fresh.stage.tick(0.3)
    assert fresh.labs.current.diagram.spread == 1.0


def test_v_turns_values_into_gradients_and_back(fresh):
    lab = fresh.labs.current
    for expected in ("gradients", "values"):
        fresh.commands.turn_wires()
        draw(fresh)
        assert part_of(fresh).shows == expected
    assert lab.table(fresh.stage.frame).numbers[6][1] == float(trace_of(fresh).tape.f[6, 0, 3])


# ----------------------------------------------------------------------------- hands


def test_dragging_a_handle_clamps_as_one_undo_entry_and_undo_restores_the_bits(fresh):
    before = trace_of(fresh).tape.h.copy()
    valve = fresh.labs.current.diagram.valves["f"]
    tip, gauge = valve.handle().toPoint(), valve.gauge()
    low = QPoint(tip.x(), round(gauge.bottom()))
    drag(valve, [tip + QPoint(4, 0), QPoint(tip.x(), round(gauge.center().y())), low])
    draw(fresh)
    (clamp,) = fresh.stage.interventions
    assert clamp == Clamp("lstm", "f", 7, 7, (0.0,), (3,))
    assert valve.look.held and valve.look.was
    assert part_of(fresh).values["f"] == 0.0 and part_of(fresh).values["kept"] == 0.0
    assert tag(fresh, "c").was
    fresh.stage.undo()
    draw(fresh)
    assert fresh.stage.interventions == ()
    np.testing.assert_array_equal(trace_of(fresh).tape.h, before)


def test_with_shift_a_clamp_holds_all_units(fresh):
    valve = fresh.labs.current.diagram.valves["f"]
    QTest.keyClick(valve, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    draw(fresh)
    assert fresh.stage.interventions[0].units == ()
    tape = trace_of(fresh).tape
    assert len(set(tape.f[6, 0].tolist())) == 1


def test_esc_leaves_a_drag_as_if_it_had_not_been(fresh):
    valve = fresh.labs.current.diagram.valves["i"]
    QTest.mousePress(valve, Qt.MouseButton.LeftButton, pos=valve.handle().toPoint() + QPoint(3, 0))
    draw(fresh)
    assert fresh.stage.interventions
    assert fresh.labs.current.leave()
    draw(fresh)
    assert fresh.stage.interventions == ()


def test_the_keyboard_alone_holds_a_gate_moves_it_and_lets_it_go(fresh):
    lab = fresh.labs.current
    order = lab.focus_order()
    valve = lab.diagram.valves["o"]
    assert valve in order and valve.focusPolicy() & Qt.FocusPolicy.TabFocus
    valve.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(valve, Qt.Key.Key_C)
    draw(fresh)
    held = fresh.stage.interventions[0].values[0]
    assert held == round(float(part_of(fresh).was["o"]), 2)
    QTest.keyClick(valve, Qt.Key.Key_Up)
    QTest.keyClick(valve, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    draw(fresh)
    assert fresh.stage.interventions[0].values[0] == pytest.approx(held + 0.11)
    assert "clamped" in valve.accessibleDescription()
    QTest.keyClick(valve, Qt.Key.Key_C)
    draw(fresh)
    assert fresh.stage.interventions == ()


def test_a_drag_over_the_gates_holds_one_there_and_its_ends_can_be_moved(fresh):
    plot = draw(fresh).over_time
    span = plot.span()
    gates = plot.fields()[0]
    y = round(gates.y(0.25))
    drag(plot, [QPoint(round(span.middle(4)), y), QPoint(round(span.middle(6)), y), QPoint(round(span.middle(8)), y)])
    draw(fresh)
    (clamp,) = fresh.stage.interventions
    assert (clamp.quantity, clamp.first, clamp.last, clamp.units) == ("f", 4, 8, (3,))
    assert clamp.values[0] == pytest.approx(0.25, abs=0.03)
    edge = QPoint(round(span.edge(9)), y)
    drag(plot, [edge, QPoint(round(span.middle(11)), y)])
    draw(fresh)
    assert fresh.stage.interventions[0].last == 11
    fresh.stage.undo()
    draw(fresh)
    assert fresh.stage.interventions[0].last == 8


def test_a_gate_in_hand_is_drawn_by_a_drag_timestep_by_timestep(fresh):
    fresh.stage.be_the_lstm()
    plot = draw(fresh).over_time
    span, gates = plot.span(), plot.fields()[0]
    drag(plot, [QPoint(round(span.middle(2)), round(gates.y(0.5))), QPoint(round(span.middle(6)), round(gates.y(0.9)))])
    draw(fresh)
    drawn = [one for one in fresh.stage.interventions if len(set(one.values)) > 1]
    assert len(drawn) == 1
    values = drawn[0].values
    assert values[5] == pytest.approx(0.9, abs=0.03) and values[1] < values[3] < values[5]


def test_a_click_in_the_plots_moves_the_playhead_and_one_in_the_strip_the_unit(fresh):
    lab = draw(fresh)
    states = lab.over_time.fields()[1]
    at = QPoint(round(lab.over_time.span().middle(10)), round(states.box.center().y()))
    QTest.mouseClick(lab.over_time, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseClick(lab.units, Qt.MouseButton.LeftButton, pos=lab.units.tile(9).center().toPoint())
    draw(fresh)
    assert (part_of(fresh).t, part_of(fresh).unit) == (10, 9)
    QTest.keyClick(lab.units, Qt.Key.Key_Left)
    QTest.keyClick(lab.over_time, Qt.Key.Key_Right)
    draw(fresh)
    assert (part_of(fresh).t, part_of(fresh).unit) == (11, 8)


def test_every_unit_of_a_wide_layer_can_be_clicked(fresh):
    fresh.stage.change({"hidden": 512})
    draw(fresh)
    strip = fresh.labs.current.units
    for unit in (0, 255, 511):
        assert strip.unit_at(strip.tile(unit).center()) == unit
        fresh.stage.select(unit=unit)
        draw(fresh)
        assert part_of(fresh).unit == unit
    fresh.stage.change({"hidden": 16})


# ----------------------------------------------------------------------------- column, words, sizes


def test_the_column_chooses_network_unit_timestep_and_what_stands_on_the_wires(fresh):
    look = fresh.column.group(CellLookGroup)
    look.network.activated.emit(1)
    look.unit.setValue(2)
    look.timestep.setValue(5)
    draw(fresh)
    part = part_of(fresh)
    assert (part.cell, part.unit, part.t) == ("gru", 1, 5)
    assert set(fresh.labs.current.diagram.valves) == {"z", "r", "n", "h"}
    look.shows.segment(1).click()
    draw(fresh)
    assert part_of(fresh).shows == "gradients"


def test_the_numbers_of_the_split_add_up_as_printed(fresh):
    fresh.stage.labs.desk("cell").set_shows("gradients")
    draw(fresh)
    group = fresh.column.group(CellGradientGroup)
    *terms, total = [Decimal(text.split("×")[0].replace("−", "-")) for text in group.bars.texts()]
    assert sum(terms) == total
    group.through.click()
    draw(fresh)
    assert part_of(fresh).paths == {"along"}
    group.through.click()


def test_wires_and_gates_are_said_with_their_timestep_and_what_they_were(fresh):
    fresh.stage.intervene(Clamp("lstm", "f", 6, 7, (0.1,)))
    draw(fresh)
    said = tag(fresh, "c").words
    part = part_of(fresh)
    assert said == f"cell state, timestep 7, {value_text(part.values['c'])}, was {value_text(part.was['c'])}"
    lab = fresh.labs.current
    shown = [number.accessibleName() for number in lab.diagram.numbers if number.isVisibleTo(lab.diagram)]
    assert said in shown
    assert "clamped" in lab.diagram.valves["f"].accessibleDescription()
    QTest.keyClick(lab.diagram, Qt.Key.Key_Right)
    assert lab.diagram.accessibleDescription().startswith(lab.diagram.tags[lab.diagram.chosen].words)
    assert "was" in lab.sentence()


def test_no_row_of_the_lab_lies_on_another_in_any_window(shown):
    before = shown.size()
    try:
        for size in ((1120, 640), (1280, 720), (1440, 900), (1920, 1080)):
            shown.resize(*size)
            for factor in (1.0, 1.5):
                shown.set_text_size(factor)
                lab = draw(shown)
                rows = [lab.operations, lab.diagram, lab.units, lab.over_time]
                for one, other in pairwise(rows):
                    assert one.geometry().bottom() <= other.geometry().top(), (size, factor)
                assert lab.page.rect().contains(lab.over_time.geometry())
                assert all(field.box.height() >= 30 for field in lab.over_time.fields()), (size, factor)
    finally:
        shown.set_text_size(1.0)
        shown.resize(before)


def test_without_a_network_there_is_a_card_and_no_diagram(fresh):
    fresh.stage.change({"cells": ()})
    lab = draw(fresh)
    assert lab.empty.isVisibleTo(lab) and not lab.area.isVisibleTo(lab)
    assert lab.sentence()


def test_a_double_click_on_a_lane_of_the_race_opens_its_cell_there(fresh):
    fresh.open_lab("race")
    lane = draw(fresh).lanes[0]
    place = lane.row_box(5, 9).center()
    QTest.mouseClick(lane, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(lane, Qt.MouseButton.LeftButton, pos=place)
    draw(fresh)
    assert fresh.stage.lab == "cell"
    assert (part_of(fresh).unit, part_of(fresh).t) == (lane.tile_at(place).unit, 9)
    assert fresh.stage.frame.tile is None
