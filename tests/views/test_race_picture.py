"""What the Race shows is what the engine computed; and what no pass has reached is not shown."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QScrollBar, QWidget

from lstmviz.stage.frame import Tile
from lstmviz.stage.lesson import first_lesson
from lstmviz.views.labs.race import resting
from lstmviz.views.race.headline import remark
from lstmviz.views.race.lane import LaneView
from lstmviz.views.race.ramps import NOTHING, TOP, gradient_index, ramp_top, signed_index
from lstmviz.views.theme import DARK, LIGHT, PROJECTOR, THEMES
from lstmviz.words import power
from tests.views.race_desk import ALL, race_desk


@pytest.fixture
def desk(qapp):
    with race_desk({"gap": 50, "cells": ALL}) as shown_desk:
        yield shown_desk


# ---------------------------------------------------------------- ramps


def test_the_ramp_runs_from_the_band_to_ten_to_the_one_half():
    index = gradient_index(np.array([-16.0, TOP, -16.0 + (TOP + 16.0) / 2, 3.0]), -16.0)
    assert index.tolist() == [0, 255, 128, 255]


def test_nothing_below_the_band_has_a_colour():
    assert (gradient_index(np.array([-16.1, -400.0, -math.inf, math.nan]), -16.0) == NOTHING).all()


def test_the_ramp_holds_the_gradient_at_t_even_where_that_explodes():
    assert ramp_top(-16.0) == TOP
    assert ramp_top(30.0 - 15.95) >= 30.0


def test_the_signed_ramp_is_fixed_to_one_on_either_side():
    assert signed_index(np.array([-1.0, 0.0, 1.0, 7.0, -math.inf, math.inf])).tolist() == [0, 128, 255, 255, 0, 255]


# ---------------------------------------------------------------- tiles


def test_the_colour_of_every_gradient_tile_is_its_value_on_the_ramp(desk):
    racers = desk.frame.comparison.racers
    picture = desk.lab.grab().toImage()
    band = desk.frame.axis.band
    for lane, racer in zip(desk.lab.lanes, racers, strict=True):
        for t in range(2, 52, 7):  # t = 1 stands under the playhead
            log10 = racer.trace.flow.log10_h[t]
            entry = round(255 * (log10 - band) / (TOP - band))
            at = lane.mapTo(desk.lab, lane.tile_box(t).center())
            colour = picture.pixelColor(at)
            assert (colour.red(), colour.green(), colour.blue()) == tuple(LIGHT.ramp_gradient[entry])


def test_every_activation_has_the_colour_of_its_value_on_the_signed_ramp(desk):
    picture = desk.lab.grab().toImage()
    for view, racer in zip(desk.lab.lanes, desk.frame.comparison.racers, strict=True):
        for row in range(16):
            for t in (2, 17, 51):
                value = racer.trace.tape.h[t, 0, row]
                colour = picture.pixelColor(view.mapTo(desk.lab, view.row_box(row, t).center()))
                expected = LIGHT.ramp_signed[round(127.5 * (value + 1))]
                assert (colour.red(), colour.green(), colour.blue()) == tuple(expected)


def test_the_same_timestep_has_the_same_column_in_every_picture(desk):
    lab = desk.lab
    for t in (1, 2, 26, 51):
        x = lab.input.columns.centre(t)
        assert [view.columns.centre(t) for view in (*lab.lanes, lab.plot)] == [x] * 4
        in_plot = lab.plot.mapFromScene(lab.plot.view_box.mapViewToScene(lab.plot.view_box.viewRect().topLeft()))
        assert in_plot.x() == round(lab.plot.left)
        point = lab.plot.view_box.mapViewToScene(lab.plot.view_box.viewRect().center().__class__(t, 0.0))
        assert point.x() == pytest.approx(x, abs=0.01)
        assert lab.playhead.heads.columns.centre(t) == x
        cell = lab.input.cell(t)
        assert cell.left() <= x <= cell.right()
        assert lab.lanes[0].tile_box(t).contains(int(x), lab.lanes[0].tiles_top() + 1)


def test_at_gap_200_what_is_below_float64_is_empty_and_the_rest_is_not(desk):
    desk.change(gap=200)
    view, racer = desk.lab.lanes[0], desk.frame.comparison.racers[0]
    below = racer.trace.flow.log10_h[1:] < desk.frame.axis.band
    assert 100 < below.sum() < 201
    assert [view.look(t) for t in range(1, 202)] == ["empty" if low else "coloured" for low in below]
    picture = desk.lab.grab().toImage()
    empty, full = (picture.pixelColor(view.mapTo(desk.lab, view.tile_box(t).center())) for t in (60, 190))
    assert empty.name().upper() == LIGHT.panel
    assert full.name() != empty.name()


def test_activations_are_painted_by_the_forward_pass_and_tiles_by_the_backward_pass(desk):
    view, lab = desk.lab.lanes[1], desk.lab
    desk.seek("forward", 20)
    assert {view.look(t) for t in range(1, 52)} == {"not reached"}
    picture = lab.grab().toImage()
    painted, waiting = (view.mapTo(lab, view.row_box(7, t).center()) for t in (19, 30))
    assert picture.pixelColor(waiting).name().upper() == LIGHT.panel
    assert picture.pixelColor(painted).name().upper() != LIGHT.panel
    desk.seek("backward", 30)
    assert [view.look(t) for t in (29, 30, 51)] == ["not reached", "coloured", "coloured"]


@pytest.mark.parametrize("gap", [40, 80])
def test_a_sweep_leaves_the_same_picture_as_a_jump(qapp, gap):
    with race_desk({"gap": gap}) as walked, race_desk({"gap": gap}) as jumped:
        walked.seek("forward", 1)
        for place in range(2 * gap + 3):
            walked.stage.seek(place)
            walked.tick()
        assert walked.lab.grab().toImage() == jumped.lab.grab().toImage()
        for t in (gap, gap // 2, 7):
            walked.seek("backward", t)
        jumped.seek("backward", 7)
        assert walked.lab.grab().toImage() == jumped.lab.grab().toImage()


def test_a_value_that_is_no_number_is_crossed_out_and_said_in_words(qapp):
    with race_desk({"gap": 50, "cells": ("rnn",)}) as desk:
        frame = desk.frame
        lane = frame.lanes[0]
        log10_h, h = lane.log10_h.copy(), lane.h.copy()
        log10_h[:20], h[:, :20] = math.nan, math.nan
        bad = replace(
            lane, log10_h=log10_h, h=h, log10_share=math.nan, not_finite="NaN first at t=17 in the hidden state"
        )
        desk.lab.draw(replace(frame, lanes=(bad,), flags=()))
        view = desk.lab.lanes[0]
        assert [view.look(t) for t in (1, 20, 21)] == ["no number", "no number", "coloured"]
        assert "NaN first at t=17" in view.text_of(Tile("rnn", 3, None))
        assert any("NaN first at t=17" in text for _, text in desk.lab.plot.notes.texts())
        assert "NaN first at t=17" in desk.lab.headline.sentence()
        assert desk.lab.headline.values() == ("not a number",)
        assert not desk.lab.plot.names.names


# ---------------------------------------------------------------- the plot


def test_the_curves_are_the_arrays_of_the_frame(desk):
    for lane, racer in zip(desk.frame.lanes, desk.frame.comparison.racers, strict=True):
        ts, heights = desk.lab.plot.curves[lane.cell].line.getData()
        np.testing.assert_array_equal(ts, np.arange(1, 52))
        np.testing.assert_array_equal(heights, racer.trace.flow.log10_h[1:])


def test_a_curve_has_no_point_where_the_backward_pass_has_not_been(desk):
    desk.seek("backward", 30)
    ts, heights = desk.lab.plot.curves["lstm"].line.getData()
    np.testing.assert_array_equal(ts, np.arange(30, 52))
    np.testing.assert_array_equal(heights, desk.frame.lanes[1].log10_h[29:])
    desk.seek("forward", 51)
    assert points(desk.lab.plot.curves["lstm"].line) == 0


def points(curve) -> int:
    ts, _ = curve.getData()
    return 0 if ts is None else len(ts)


def test_the_axis_is_the_frames_and_never_the_networks_own(desk):
    (_, (low, high)) = desk.lab.plot.view_box.viewRange()
    assert (low, high) == (desk.frame.axis.floor, desk.frame.axis.ceiling) == (-20, 1)
    desk.change(gap=200)
    assert desk.lab.plot.view_box.viewRange()[1] == [desk.frame.axis.floor, desk.frame.axis.ceiling]
    assert desk.frame.axis.floor < -20


def test_ticks_are_powers_of_ten_with_raised_exponents(desk):
    texts = dict(desk.lab.plot.ramp.labels())
    assert texts[0.0] == "1"
    assert texts[-10.0] == "10^−10"


def test_a_flag_says_the_engines_number(desk):
    for t in (1, 17, 51):
        desk.seek("backward", t)
        drawn = desk.lab.plot.notes.flag_boxes()
        assert len(drawn) == 3
        for flag, _, text in drawn:
            engine = desk.frame.comparison.racer(flag.cell).trace.flow.log10_h[t]
            assert text.replace("^", "") == plain_power(engine)


def plain_power(log10: float) -> str:
    return power(float(log10)).translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789"))


@pytest.mark.parametrize("size", [(1184, 780), (1056, 616), (896, 536)])
@pytest.mark.parametrize("gap", [2, 5, 50, 120, 200])
def test_flags_stay_inside_the_plot_and_cover_neither_each_other_nor_a_label(qapp, size, gap):
    with race_desk({"gap": gap, "cells": ALL}, size=size) as desk:
        plot = desk.lab.plot
        inside = plot.notes.boundingRect()
        for t in {1, 2, gap // 2, gap, gap + 1} - {0}:
            desk.seek("backward", t)
            boxes = [box for _, box, _ in plot.notes.flag_boxes()] + [box for box, _ in plot.notes.texts()]
            assert all(inside.contains(box) for box in boxes)
            assert not any(a.intersects(b) for a, b in combinations(boxes, 2))


@pytest.mark.parametrize("size", [(1184, 780), (1608, 960), (1024, 620)])
def test_of_two_flags_over_each_other_the_higher_one_has_the_larger_value(qapp, size):
    with race_desk({"gap": 50, "cells": ALL}, size=size) as desk:
        for t in (1, 20, 45):
            desk.seek("backward", t)
            for (a, box, _), (b, other, _) in combinations(desk.lab.plot.notes.flag_boxes(), 2):
                if box.left() < other.right() and other.left() < box.right():
                    assert (box.y() < other.y()) == (a.log10 > b.log10)


def test_names_stand_at_the_left_ends_once_the_pass_is_done(desk):
    plot = desk.lab.plot
    names = plot.names.names
    assert [name for _, name, _, _ in names] == ["RNN", "LSTM", "GRU"]
    assert len({y for *_, y in names}) == 3
    for lane, (_, _, end, _) in zip(desk.frame.lanes, names, strict=True):
        at = plot.view_box.mapViewToScene(plot.view_box.viewRect().center().__class__(1.0, float(lane.log10_h[0])))
        assert end == pytest.approx(at.y(), abs=0.01)
    desk.seek("backward", 20)
    assert plot.names.names == ()


def test_an_exact_zero_is_a_gap_with_a_note_and_never_a_point(desk):
    desk.change(gain=0.0)
    plot, lane = desk.lab.plot, desk.frame.lanes[0]
    assert lane.log10_h[0] == -math.inf
    _, heights = plot.curves["rnn"].line.getData()
    assert np.isnan(heights[:-1]).all()
    assert math.isfinite(heights[-1])
    assert any("exactly zero" in text for _, text in plot.notes.texts())
    assert desk.lab.lanes[0].look(10) == "empty"
    assert desk.lab.lanes[0].text_of(Tile("rnn", 10, None)).endswith("exactly zero")
    assert "rnn" not in [cell for cell, *_ in plot.names.names]
    texts = {flag.cell: text for flag, _, text in plot.notes.flag_boxes()}
    assert texts["rnn"] == "0, exactly"


def test_the_band_is_labelled_and_begins_where_the_frame_says(desk):
    plot = desk.lab.plot
    texts = [text for _, text in plot.notes.texts()]
    assert texts == ["below float64: added to the gradient at t = 51, it changes no digit"]
    picture, bottom = desk.lab.grab().toImage(), plot.y() + desk.lab.layout_now.plot.height
    edge = round(plot.y() + (1 - desk.frame.axis.band) / 21 * desk.lab.layout_now.plot.height)
    x = int(desk.lab.input.columns.centre(45)) + 4
    above = {picture.pixelColor(x, y).name().upper() for y in range(edge - 30, edge - 2)}
    below = {picture.pixelColor(x, y).name().upper() for y in range(edge + 3, bottom - 3)}
    assert above <= {LIGHT.panel, LIGHT.hairline}
    assert LIGHT.band in below
    assert LIGHT.panel not in below


def test_the_bound_is_drawn_when_it_is_switched_on(desk):
    plot, lane = desk.lab.plot, desk.frame.lanes[0]
    assert points(plot.curves["rnn"].bound) == 0
    desk.lab.title.bound.setChecked(True)
    _, heights = plot.curves["rnn"].bound.getData()
    np.testing.assert_array_equal(heights, lane.log10_bound)
    assert (heights >= lane.log10_h - 1e-9).all()
    assert any("bound" in text for _, text in plot.notes.texts())
    desk.lab.title.bound.setChecked(False)
    assert points(plot.curves["rnn"].bound) == 0


# ---------------------------------------------------------------- headline, input


def test_the_headline_waits_for_the_backward_pass_and_then_says_the_share(desk):
    desk.seek("backward", 2)
    assert desk.lab.headline.values() == ("…",) * 3
    desk.seek("backward", 1)
    shares = [racer.trace.flow.log10_share for racer in desk.frame.comparison.racers]
    assert [value.replace("^", "") for value in desk.lab.headline.values()] == [plain_power(s) for s in shares]


def test_growth_is_called_growth(desk):
    desk.change(gain=3.0, rnn__initialisation="identity")
    share = desk.frame.lanes[0].log10_share
    assert share > 1
    assert remark(desk.frame.lanes[0]) == "× larger: explodes"
    lane = replace(desk.frame.lanes[0], log10_share=0.2)
    assert remark(lane) == "× larger"
    assert remark(replace(lane, log10_share=-0.2)) == ""


def test_the_input_strip_marks_the_cue_and_asks_at_the_query(desk):
    strip = desk.lab.input
    assert [text for _, text in strip.captions()] == ["query: which cue?", "cue"]
    assert "at t = 1" in strip.sentence()
    for widths in ({"gap": 200}, {"gap": 3, "task": "order"}, {"gap": 60, "task": "adding"}):
        desk.change(**widths)
        captions = strip.captions()
        assert captions
        assert not any(a.intersects(b) for (a, _), (b, _) in combinations(captions, 2))
        assert all(strip.rect().contains(box.toAlignedRect()) for box, _ in captions)


def test_the_adding_task_names_its_marked_numbers(qapp):
    with race_desk({"gap": 50, "task": "adding"}) as desk:
        numbers = [desk.frame.symbols[t - 1] for t in desk.frame.cues if t != desk.frame.query]
        assert set(numbers) <= {text for _, text in desk.lab.input.captions()}


# ---------------------------------------------------------------- the whole


@pytest.mark.parametrize("cells", [("gru",), ("rnn", "lstm"), ALL])
@pytest.mark.parametrize("size", [(1184, 780), (1056, 616), (896, 536), (576, 536)])
def test_every_network_has_a_lane_and_no_part_lies_over_another(qapp, cells, size):
    with race_desk({"gap": 50, "cells": cells}, size=size) as desk:
        lab = desk.lab
        lanes = [lane for lane in lab.lanes if lane.isVisible()]
        assert len(lanes) == len(cells)
        parts: list[QWidget] = [lab.gap, lab.headline, lab.input, *lanes, lab.title, lab.plot]
        for a, b in combinations(parts, 2):
            assert not a.geometry().intersects(b.geometry())
        assert all(lab.rect().contains(part.geometry()) for part in parts)
        assert lab.minimumSizeHint().height() <= size[1]


def test_without_a_network_one_button_brings_two_back(desk):
    desk.change(cells=())
    assert desk.lab.empty.isVisible()
    assert not desk.lab.plot.isVisible()
    desk.lab.empty.button.click()
    desk.tick()
    assert desk.stage.settings.cells == ("rnn", "lstm")
    assert desk.lab.plot.isVisible()
    assert not desk.lab.empty.isVisible()


def test_while_something_is_computed_the_old_picture_stays_under_a_bar(desk):
    frame = replace(desk.frame, busy="Computing gap 200 …", settings=replace(desk.frame.settings, gap=200))
    before = desk.lab.grab().toImage()
    desk.lab.draw(frame)
    picture = desk.lab.grab().toImage()
    assert picture.pixelColor(600, 0).name().upper() == LIGHT.ink
    assert before.pixelColor(600, 0).name().upper() == LIGHT.window
    lanes = desk.lab.lanes[0].geometry()
    assert picture.copy(lanes) == before.copy(lanes)
    desk.lab.draw(desk.frame)
    assert desk.lab.grab().toImage() == before


@pytest.mark.parametrize("name", THEMES)
def test_a_change_of_theme_repaints_everything(qapp, name):
    with race_desk({"gap": 50, "cells": ALL}) as desk, race_desk({"gap": 50, "cells": ALL}, look=name) as fresh:
        desk.lab.set_theme(THEMES[name])
        desk.tick()
        assert desk.lab.grab().toImage() == fresh.lab.grab().toImage()


def test_themes_differ(qapp):
    grounds = set()
    for theme in (LIGHT, DARK, PROJECTOR):
        with race_desk({"gap": 20}, look=theme.name) as desk:
            grounds.add(desk.pixel(desk.lab.lanes[0], desk.lab.input.columns.centre(20), 2))
            assert desk.pixel(desk.lab, 4, 300) == tuple(bytes.fromhex(theme.window[1:]))
    assert len(grounds) == 3


@pytest.mark.parametrize("factor", [0.8, 1.5, 2.0])
def test_larger_type_leaves_no_part_over_another(desk, factor):
    lab = desk.lab
    lab.resize(1056, 900)
    lab.set_scale(factor)
    desk.tick()
    lab.resize(1056, max(lab.minimumSizeHint().height(), 616))
    desk.tick()
    parts: list[QWidget] = [lab.gap, lab.headline, lab.input, *lab.lanes, lab.title, lab.plot]
    for a, b in combinations(parts, 2):
        assert not a.geometry().intersects(b.geometry())
    assert lab.gap.rect().contains(lab.gap.slider.geometry())


class Painted(QObject):
    """Every repaint of the widgets it watches."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.seen: list[tuple[object, QRect]] = []
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.seen.append((watched, QRect(event.rect())))
        return False


def test_the_same_frame_again_paints_nothing_and_a_step_only_its_column(desk):
    lab = desk.lab
    painted = Painted(
        lab, lab.gap, lab.gap.slider, lab.headline, lab.input, *lab.lanes, lab.playhead, lab.plot.viewport()
    )
    lab.draw(desk.frame)
    desk.tick()
    assert painted.seen == []
    desk.seek("backward", 20)
    painted.seen.clear()
    desk.seek("backward", 19)
    lanes = [box for watched, box in painted.seen if isinstance(watched, LaneView)]
    assert len(lanes) == 3
    assert all(box.width() < 6 * lab.input.columns.pitch for box in lanes)
    assert lab.headline not in [watched for watched, _ in painted.seen]


def test_every_part_has_a_name_for_screen_readers(desk):
    for widget in desk.lab.findChildren(QWidget):
        if not widget.objectName().startswith("qt_") and not isinstance(widget, QScrollBar):
            assert widget.accessibleName(), widget
    assert desk.lab.plot.accessibleDescription().startswith("Gradient reaching each timestep, gap 50. RNN falls from")
    assert desk.lab.sentence() == desk.lab.plot.accessibleDescription()


# ---------------------------------------------------------------- lessons


def test_what_a_lesson_names_stays_and_the_rest_goes_to_35_percent(desk):
    frame = desk.frame
    desk.stage.lesson.open(first_lesson(), 0)
    desk.tick()
    assert desk.frame.lesson.highlight == "input"
    layout = desk.lab.layout_now
    rests = desk.lab.playhead.rests
    assert all(not box.intersects(QRect(0, layout.input.y, layout.input.width, layout.input.height)) for box in rests)
    assert any(box.contains(QPoint(300, layout.plot.y + 30)) for box in rests)
    colour = desk.pixel(desk.lab.plot, desk.lab.input.columns.centre(3) + 20, 40)
    expected = [round(0.35 * 255 + 0.65 * part) for part in bytes.fromhex(LIGHT.window[1:])]
    assert colour == pytest.approx(tuple(expected), abs=1)
    desk.stage.lesson.close()
    desk.tick()
    assert desk.lab.playhead.rests == ()
    names = tuple(lane.name for lane in frame.lanes)
    layout = desk.lab.layout_now
    for part in ("gap", "headline", "activations", "gradient", "plot", "bound"):
        assert resting(part, layout, names[: len(layout.lanes)], False)
    for elsewhere in ("", "transport", "forget bias", "task"):
        assert resting(elsewhere, layout, names[: len(layout.lanes)], False) == ()


def test_a_prediction_stays_on_the_plot_beside_the_outcome(qapp):
    with race_desk({"gap": 50}) as desk:
        desk.stage.lesson.open(first_lesson(), 2)
        desk.tick()
        assert desk.frame.lesson.hides_gradient
        assert desk.lab.headline.values() == ("…", "…")
        before = desk.lab.plot.grab().toImage()
        desk.stage.lesson.draw([(1.0, -4.0), (51.0, -0.5)])
        desk.tick()
        drawn = desk.lab.plot.grab().toImage()
        assert drawn != before
        desk.stage.lesson.commit()
        desk.seek("backward", 1)
        ((first, height), *_) = desk.frame.lesson.predict.points
        x = desk.lab.input.columns.centre(first + 25)
        curve = np.interp(first + 25, *zip(*desk.frame.lesson.predict.points, strict=True))
        y = (1 - curve) / 21 * desk.lab.layout_now.plot.height
        around = [
            drawn.pixelColor(int(x) + dx, int(y) + dy).name().upper() for dx in range(-4, 5) for dy in range(-3, 4)
        ]
        assert LIGHT.prediction in around
        assert height == pytest.approx(-4.0)
        assert len(desk.lab.plot.curves["rnn"].line.getData()[0]) == 51
