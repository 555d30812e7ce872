"""What hands do in the Race: drag the gap, hover and click tiles, draw a prediction, and all of it by keyboard."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from lstmviz.stage.frame import Tile
from lstmviz.stage.lesson import first_lesson
from lstmviz.stage.playback import Position
from lstmviz.views.race.gap_row import TICKS
from lstmviz.words import decimal, power
from tests.views.race_desk import ALL, race_desk

LEFT, NONE, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def desk(qapp):
    with race_desk({"gap": 50, "cells": ALL}) as shown_desk:
        yield shown_desk


def middle(desk, t, view=0, row=None):
    """The middle of a tile of a lane: of a row, or of the gradient."""
    lane = desk.lab.lanes[view]
    return (lane.tile_box(t) if row is None else lane.row_box(row, t)).center()


# ---------------------------------------------------------------- the gap


def test_the_slider_is_on_a_log_scale(desk):
    slider = desk.lab.gap.slider
    xs = [slider.x_of(gap) for gap in (2, 20, 200)]
    assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1])
    assert [slider.notch_at(slider.x_of(gap)) for gap in TICKS] == list(TICKS)
    assert [slider.notch_at(slider.x_of(gap)) for gap in range(2, 201)] == list(range(2, 201))
    assert (slider.notch_at(-50), slider.notch_at(5000)) == (2, 200)


def test_its_ends_stand_over_the_first_and_the_last_column(desk):
    slider, columns = desk.lab.gap.slider, desk.lab.input.columns
    assert slider.x() + slider.x_of(2) == pytest.approx(columns.left, abs=1)
    assert slider.x() + slider.x_of(200) == pytest.approx(columns.right, abs=1)


@pytest.mark.parametrize(
    ("key", "modifier", "gap"),
    [
        (Key.Key_Right, NONE, 51),
        (Key.Key_Left, NONE, 49),
        (Key.Key_Up, NONE, 51),
        (Key.Key_Right, SHIFT, 60),
        (Key.Key_Left, SHIFT, 40),
    ],
)
def test_arrow_keys_change_the_gap(desk, key, modifier, gap):
    QTest.keyClick(desk.lab.gap.slider, key, modifier)
    desk.tick()
    assert desk.frame.settings.gap == gap
    assert desk.lab.gap.slider.value() == gap
    assert len(desk.lab.plot.curves["rnn"].line.getData()[0]) == gap + 1


@pytest.mark.parametrize("key", [Key.Key_PageUp, Key.Key_PageDown, Key.Key_Home, Key.Key_End])
def test_keys_of_clickers_and_of_the_transport_are_left_alone(desk, key):
    QTest.keyClick(desk.lab.gap.slider, key)
    desk.tick()
    assert desk.frame.settings.gap == 50


def test_a_drag_is_live_and_one_undo_entry(desk):
    slider = desk.lab.gap.slider
    y = slider.height() // 3
    QTest.mousePress(slider, LEFT, NONE, QPoint(round(slider.x_of(50)), y))
    for gap in (80, 120, 150):
        QTest.mouseMove(slider, QPoint(round(slider.x_of(gap)), y))
        desk.tick()
        assert desk.frame.settings.gap == pytest.approx(gap, rel=0.01)
        assert desk.frame.lanes[0].log10_h.shape == (desk.frame.settings.gap + 1,)
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(round(slider.x_of(150)), y))
    desk.stage.undo()
    desk.tick()
    assert desk.frame.settings.gap == 50
    assert slider.value() == 50


def test_escape_leaves_a_drag_where_it_began(desk):
    slider = desk.lab.gap.slider
    QTest.mousePress(slider, LEFT, NONE, QPoint(round(slider.x_of(50)), 10))
    QTest.mouseMove(slider, QPoint(round(slider.x_of(150)), 10))
    desk.tick()
    QTest.keyClick(slider, Key.Key_Escape)
    desk.tick()
    assert desk.frame.settings.gap == 50
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(round(slider.x_of(150)), 10))
    desk.tick()
    assert desk.frame.settings.gap == 50


def test_a_gap_the_task_cannot_have_is_refused_in_one_line(desk):
    desk.change(task="order", gap=3)
    QTest.keyClick(desk.lab.gap.slider, Key.Key_Left)
    desk.tick()
    assert desk.frame.settings.gap == 3
    assert desk.frame.notice == "the task on show needs a gap of 3 or more"
    assert desk.lab.gap.slider.value() == 3
    assert "\n" not in desk.frame.notice
    assert desk.lab.gap.slider.value() == 3


def test_the_wheel_moves_the_slider_only_once_it_was_chosen(desk):
    slider = desk.lab.gap.slider
    at = QPointF(slider.rect().center())
    for focused, gap in ((False, 50), (True, 51)):
        desk.lab.activateWindow()
        slider.setFocus() if focused else slider.clearFocus()
        wheel = QWheelEvent(
            at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(slider, wheel)
        desk.tick()
        assert desk.frame.settings.gap == gap


def test_the_hint_stands_until_the_gap_was_moved(qapp):
    with race_desk({"gap": 5}) as desk:
        assert desk.lab.gap.hint == "Drag the gap to 50."
        QTest.keyClick(desk.lab.gap.slider, Key.Key_Right)
        desk.tick()
        assert desk.lab.gap.hint == ""


# ---------------------------------------------------------------- tiles


def test_a_click_on_a_tile_opens_its_formula_beside_its_column(desk):
    lane = desk.lab.lanes[1]
    for t, row in ((5, 3), (48, 3), (26, None)):
        at = middle(desk, t, 1, row)
        desk.click(lane, at.x(), at.y())
        assert desk.frame.tile == Tile("lstm", t, row)
        card, x = desk.lab.card, desk.lab.input.x()
        x0, x1 = lane.columns.tile(t)
        assert card.isVisible()
        assert desk.lab.rect().contains(card.geometry())
        assert card.geometry().right() < x + x0 or card.geometry().left() > x + x1


def test_the_card_says_the_engines_numbers(desk):
    at = middle(desk, 20, 1, 4)
    desk.click(desk.lab.lanes[1], at.x(), at.y())
    tape = desk.frame.comparison.racer("lstm").trace.tape
    text = desk.lab.card.text()
    for value in (tape.f[19, 0, 4], tape.i[19, 0, 4], tape.c[20, 0, 4], tape.h[20, 0, 4]):
        assert decimal(float(value), 3) in text
    assert "20" in desk.lab.card.accessibleName()
    assert "f_20" in desk.lab.card.accessibleDescription()


@pytest.mark.parametrize("size", [(896, 536), (576, 536)])
def test_in_a_small_picture_the_card_still_leaves_its_column_free(qapp, size):
    with race_desk({"gap": 50}, size=size) as desk:
        lane = desk.lab.lanes[1]
        for t in (2, 26, 50):
            at = middle(desk, t, 1, 3)
            desk.click(lane, at.x(), at.y())
            x0, x1 = lane.columns.tile(t)
            card = desk.lab.card.geometry()
            assert desk.lab.rect().contains(card)
            assert card.right() < x0 or card.left() > x1


@pytest.mark.parametrize("way", ["button", "escape"])
def test_the_card_is_put_away(desk, way):
    at = middle(desk, 20, 0, 4)
    desk.click(desk.lab.lanes[0], at.x(), at.y())
    if way == "button":
        desk.lab.card.close_button.click()
    else:
        QTest.keyClick(desk.lab, Key.Key_Escape)
    desk.tick()
    assert desk.frame.tile is None
    assert not desk.lab.card.isVisible()


def test_the_card_goes_with_its_network(desk):
    at = middle(desk, 20, 2)
    desk.click(desk.lab.lanes[2], at.x(), at.y())
    assert desk.lab.card.isVisible()
    desk.change(cells=("rnn",))
    assert not desk.lab.card.isVisible()


def test_hovering_a_tile_says_its_value(desk):
    lane, racer = desk.lab.lanes[0], desk.frame.comparison.racers[0]
    for row, value in (
        (3, decimal(float(racer.trace.tape.h[17, 0, 3]), 3)),
        (None, power(racer.trace.flow.log10_h[17])),
    ):
        text, where = lane.tip_at(middle(desk, 17, 0, row))
        assert text.endswith(value)
        assert "t = 17" in text
        assert where.contains(middle(desk, 17, 0, row))
    desk.seek("forward", 9)
    assert lane.tip_at(middle(desk, 17, 0, 3))[0].endswith("not reached yet")
    assert lane.tip_at(middle(desk, 17))[0].endswith("not reached yet")


def test_a_tool_tip_shows_text_and_never_html(desk):
    lane = desk.lab.lanes[0]
    at = middle(desk, 17, 0, 3)
    QApplication.sendEvent(lane, QHelpEvent(QEvent.Type.ToolTip, at, lane.mapToGlobal(at)))
    assert QToolTip.text().startswith("RNN, unit 4 of 16, hidden state at t = 17: ")
    QToolTip.hideText()


def test_more_units_than_rows_are_said_at_the_label(qapp):
    with race_desk({"gap": 10, "hidden": 40}) as desk:
        text, _ = desk.lab.lanes[0].tip_at(QPoint(40, 10))
        assert text == "16 of 40 units are drawn, evenly chosen"
        rows = desk.frame.lanes[0].rows
        assert desk.lab.lanes[0].tile_at(middle(desk, 4, 0, 15)).unit == rows[15] == 39


def test_hovering_marks_the_column_everywhere_and_moves_the_flags(desk):
    for widget in (desk.lab.input, desk.lab.lanes[1], desk.lab.plot.viewport()):
        QTest.mouseMove(widget, QPoint(int(desk.lab.input.columns.centre(30)), widget.height() // 2))
        desk.tick()
        assert desk.frame.hovered == 30
        assert desk.lab.playhead.heads.hovered == 30
        assert {flag.t for flag, _, _ in desk.lab.plot.notes.flag_boxes()} == {30}
        left = desk.lab.plot if widget is desk.lab.plot.viewport() else widget
        QApplication.sendEvent(left, QEvent(QEvent.Type.Leave))
        desk.tick()
        assert desk.frame.hovered is None
        assert {flag.t for flag, _, _ in desk.lab.plot.notes.flag_boxes()} == {1}


def test_a_click_on_input_or_plot_sets_the_playhead_in_the_same_pass(desk):
    x = desk.lab.input.columns.centre(23)
    desk.click(desk.lab.input, x, 30)
    assert desk.frame.position == Position("backward", 23)
    assert desk.lab.playhead.heads.t == 23
    desk.seek("forward", 4)
    desk.click(desk.lab.plot, x, 100)
    assert desk.frame.position == Position("forward", 23)
    desk.stage.seek(51)
    desk.tick()
    desk.click(desk.lab.plot, x, 100)
    assert desk.frame.position == Position("backward", 23)


# ---------------------------------------------------------------- by keyboard alone


def test_arrow_keys_walk_along_the_screen(desk):
    for widget in (desk.lab.input, desk.lab.lanes[0], desk.lab.plot):
        desk.seek("backward", 20)
        for key, modifier, t in ((Key.Key_Right, NONE, 21), (Key.Key_Left, SHIFT, 11), (Key.Key_Left, NONE, 10)):
            QTest.keyClick(widget, key, modifier)
            desk.tick()
            assert desk.frame.position == Position("backward", t)


def test_every_tile_is_reached_and_opened_by_keyboard(desk):
    lane = desk.lab.lanes[1]
    lane.setFocus()
    desk.seek("backward", 20)
    QTest.keyClick(lane, Key.Key_Return)
    desk.tick()
    assert desk.frame.tile == Tile("lstm", 20, None)
    for _ in range(3):
        QTest.keyClick(lane, Key.Key_Up)
    QTest.keyClick(lane, Key.Key_Return)
    desk.tick()
    assert desk.frame.tile == Tile("lstm", 20, 13)
    assert "unit 14 of 16" in lane.accessibleDescription()
    for _ in range(30):
        QTest.keyClick(lane, Key.Key_Up)
    assert lane.keyboard_tile() == Tile("lstm", 20, 0)
    for _ in range(30):
        QTest.keyClick(lane, Key.Key_Down)
    assert lane.keyboard_tile() == Tile("lstm", 20, None)


def test_tab_goes_in_reading_order(desk):
    lab = desk.lab
    wanted = [lab.gap.slider, lab.input, *lab.lanes, lab.title.bound, lab.plot]
    met, widget = [], lab.gap.slider
    for _ in range(60):
        if widget in wanted:
            met.append(widget)
        widget = widget.nextInFocusChain()
    assert met[: len(wanted)] == wanted


# ---------------------------------------------------------------- predictions


@pytest.fixture
def asked(qapp):
    with race_desk({"gap": 50}) as shown_desk:
        shown_desk.stage.lesson.open(first_lesson(), 2)
        shown_desk.tick()
        assert shown_desk.frame.lesson.predict.kind == "curve"
        yield shown_desk


def test_a_drag_in_the_plot_draws_the_prediction(asked):
    plot, columns = asked.lab.plot, asked.lab.input.columns
    height = asked.lab.layout_now.plot.height
    place = asked.stage.playback.place

    def at(t, log10):
        return QPoint(round(columns.centre(t)), round((1 - log10) / 21 * height))

    QTest.mousePress(plot.viewport(), LEFT, NONE, at(51, -1.0))
    for t, log10 in ((35, -3.0), (20, -5.0), (1, -9.0)):
        QTest.mouseMove(plot.viewport(), at(t, log10))
    QTest.mouseRelease(plot.viewport(), LEFT, NONE, at(1, -9.0))
    asked.tick()
    points = asked.frame.lesson.predict.points
    assert points[0] == (1.0, pytest.approx(-9.0, abs=0.1))
    heights = [log10 for _, log10 in points]
    assert heights == sorted(heights)
    assert asked.stage.playback.place == place  # a drawing moves no playhead


def test_arrow_keys_move_the_points_of_a_prediction(asked):
    plot = asked.lab.plot
    QTest.keyClick(plot, Key.Key_Down)
    asked.tick()
    low = asked.frame.lesson.predict.points[0][1]
    QTest.keyClick(plot, Key.Key_Down)
    asked.tick()
    assert asked.frame.lesson.predict.points[0][1] < low
    QTest.keyClick(plot, Key.Key_Right)
    asked.tick()
    assert asked.frame.lesson.predict.point == 1


def test_a_committed_prediction_is_no_longer_drawn_on(asked):
    asked.stage.lesson.draw([(1.0, -4.0), (51.0, -0.5)])
    asked.stage.lesson.commit()
    asked.tick()
    before = asked.frame.lesson.predict.points
    asked.click(asked.lab.plot, asked.lab.input.columns.centre(10), 200)
    assert asked.frame.lesson.predict.points == before
