"""The pictures of Inspect: facts of what is painted, and what hands do."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from lstmviz.views.control_groups.inspect import ColourGroup, ThresholdGroup
from lstmviz.views.control_groups.inspect_rows import AlikeGroup, PanelsGroup
from lstmviz.views.inspect.colours import pixels
from lstmviz.views.picture import settle, window
from lstmviz.words import number

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def shown():
    with window({"gap": "40", "cells": "lstm,gru"}, (1440, 900), "light", "inspect") as made:
        yield made


def draw(shown):
    shown.stage.tick(0.0)
    settle(shown)
    shown.labs.current.grab()
    return shown.labs.current


def test_every_pixel_of_a_panel_has_the_colour_of_the_engines_number(shown):
    lab = draw(shown)
    part = shown.stage.frame.part
    for view in lab.panels[: len(part.panels)]:
        expected = pixels(view.panel.values[:, part.order].T, view.panel, shown.theme)
        assert (view.image.height(), view.image.width()) == expected.shape
        for row, t in ((0, 0), (3, 17), (15, 40)):
            assert view.image.pixel(t, row) == int(expected[row, t])


def test_gates_run_from_one_end_of_their_ramp_to_the_other(shown):
    panel = next(one for one in shown.stage.frame.part.panels if one.kind == "gate")
    low, high, none = pixels(np.array([0.0, 1.0, np.nan]), panel, shown.theme).tolist()
    ramp = shown.theme.ramp_gate
    for colour, entry in ((low, ramp[0]), (high, ramp[-1])):
        assert [(colour >> shift) & 255 for shift in (16, 8, 0)] == entry.tolist()
    assert none == 0


def test_a_click_selects_unit_and_timestep_in_every_panel(shown):
    lab = draw(shown)
    view = lab.panels[3]
    x, box = view.span().middle(12), view.row_box(6)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(box.center().y())))
    draw(shown)
    part = shown.stage.frame.part
    assert (part.unit, part.timestep) == (6, 12)
    for other in lab.panels[: len(part.panels)]:
        assert other.place_at(other.row_box(6).center()) == (6, other.span().at(other.row_box(6).center().x()))


def test_arrow_keys_walk_through_rows_and_timesteps(shown):
    lab = draw(shown)
    shown.stage.select(unit=6, timestep=12)
    draw(shown)
    QTest.keyClick(lab.panels[0], Qt.Key.Key_Down)
    draw(shown)
    QTest.keyClick(lab.panels[0], Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    draw(shown)
    part = shown.stage.frame.part
    assert (part.unit, part.timestep) == (7, 22)


def test_a_drag_over_the_text_brushes_and_a_click_forgets_it(shown):
    lab = draw(shown)
    shown.stage.labs.desk("inspect").set_threshold(0.001)
    draw(shown)
    strip, span = lab.strip, lab.strip.span()
    y = round(strip.tiles().center().y())
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(round(span.middle(5)), y))
    QTest.mouseMove(strip, QPoint(round(span.middle(9)), y))
    strip.mouseMoveEvent(_held(strip, span.middle(9), y))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(round(span.middle(9)), y))
    draw(shown)
    assert shown.stage.frame.part.marked.brushed == (5, 9)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(round(span.middle(2)), y))
    draw(shown)
    assert shown.stage.frame.part.marked.brushed is None


def _held(widget, x, y):
    left = Qt.MouseButton.LeftButton
    place = QPointF(x, y)
    return QMouseEvent(
        QEvent.Type.MouseMove, place, widget.mapToGlobal(place), left, left, Qt.KeyboardModifier.NoModifier
    )


def test_the_table_holds_every_digit_of_the_selected_unit(shown):
    lab = draw(shown)
    shown.stage.select(network="lstm", unit=2)
    draw(shown)
    table = lab.table(shown.stage.frame)
    trace = shown.stage.frame.comparison.racer("lstm").trace
    column = table.names.index("c")
    assert [row[column] for row in table.numbers] == trace.tape.c[1:, 0, 2].tolist()


def test_controls_of_the_column_reach_the_desk(shown):
    draw(shown)
    shown.column.group(ThresholdGroup).on.click()
    draw(shown)
    before = shown.stage.frame.part.marked is None
    shown.column.group(ThresholdGroup).on.click()
    draw(shown)
    assert (shown.stage.frame.part.marked is None) != before
    shown.column.group(AlikeGroup).order.segment(1).click()
    draw(shown)
    assert shown.stage.frame.part.by_similarity
    alike = shown.stage.frame.part.alike[0][0]
    shown.column.group(AlikeGroup).units[0].click()
    draw(shown)
    assert shown.stage.frame.part.unit == alike
    shown.column.group(PanelsGroup).boxes["o"].click()
    draw(shown)
    assert "o" not in shown.stage.frame.part.chosen
    shown.column.group(PanelsGroup).boxes["o"].click()
    shown.column.group(ColourGroup).unit.setValue(4)
    draw(shown)
    assert shown.stage.frame.part.unit == 3 and "o" in shown.stage.frame.part.chosen


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("beside", ["", "gru"])
def test_no_panel_lies_over_another_in_any_window(size, beside):
    with window({"gap": "12", "cells": "lstm,gru"}, size, "dark", "inspect") as made:
        made.stage.labs.desk("inspect").show_beside(beside)
        lab = draw(made)
        visible = [view for view in lab.panels if view.isVisibleTo(lab.page)]
        assert len(visible) == len(made.stage.frame.part.panels)
        for k, one in enumerate(visible):
            assert lab.page.rect().contains(one.geometry())
            assert not any(one.geometry().intersects(other.geometry()) for other in visible[k + 1 :])
        assert not lab.strip.geometry().intersects(lab.area.geometry())


def test_moving_the_crosshair_over_a_thousand_timesteps_of_128_units_builds_no_image_anew():
    with window({"gap": "999", "hidden": "128", "cells": "lstm"}, (1920, 1080), "light", "inspect") as made:
        lab = draw(made)
        before = [view.image for view in lab.panels]
        for t in (100, 500, 900):
            made.stage.select(unit=t % 128, timestep=t)
            draw(made)
        assert made.stage.frame.part.timestep == 900
        assert all(view.image is image for view, image in zip(lab.panels, before, strict=True))


def test_every_panel_of_the_last_row_has_its_timesteps_however_many_columns_there_are():
    with window({"gap": "12", "cells": "lstm"}, (1920, 1080), "light", "inspect") as made:
        lab = draw(made)
        assert len(made.stage.frame.part.panels) == 8
        tops = [view.y() for view in lab.panels[:8]]
        assert len(set(tops)) == 3  # three columns
        below = [view.field().bottom() < view.height() - 10 for view in lab.panels[:8]]
        assert below == [False] * 5 + [True] * 3
        heights = [view.field().height() for view in lab.panels[3:6]]
        assert max(heights) - min(heights) <= 1.0


def test_the_threshold_slider_is_written_in_the_values_of_the_text():
    with window({"gap": "50", "cells": "lstm"}, (1280, 720), "light", "inspect") as made:
        draw(made)
        slider = made.column.group(ThresholdGroup).slider
        limit = made.stage.frame.part.limit
        assert limit > 1.0 and slider.number_at(1) == number(limit, 2)
        assert slider.height() >= slider.sizeHint().height()
        made.column.group(ThresholdGroup).on.click()
        slider.setValue(slider.maximum())
        draw(made)
        assert made.stage.frame.part.marked.threshold == limit


def test_a_single_unit_says_that_there_is_no_other():
    with window({"gap": "5", "cells": "lstm", "hidden": "1"}, (1280, 720), "light", "inspect") as made:
        draw(made)
        words = [one.text() for one in made.column.group(AlikeGroup).findChildren(QLabel) if one.isVisible()]
        assert "No other unit varies with it" in words


def test_the_heading_names_the_layer_and_which_gradient_it_is():
    with window({"gap": "5", "cells": "lstm", "layers": "2"}, (1280, 720), "light", "inspect") as made:
        made.stage.labs.desk("inspect").colour_text_by("d_c")
        lab = draw(made)
        assert "gradient ∂L/∂c of unit 1, layer 2 of 2" in lab.strip.sentence()


def test_screen_readers_are_told_names_without_the_marks_of_formulas(shown):
    lab = draw(shown)
    names = [view.accessibleName() for view in lab.focus_order()]
    assert all(names) and not any(mark in name for name in names for mark in "{}_")
