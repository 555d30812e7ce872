"""What is easy to overlook in the window: notices, tables, an empty lab, conditions, large text."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics

from lstmviz.lab.settings import Settings
from lstmviz.stage.readouts import conditions, disturbances
from lstmviz.views.control_groups.inspect import ColourGroup, LookGroup, ThresholdGroup
from lstmviz.views.control_groups.inspect_rows import AlikeGroup, PanelsGroup
from lstmviz.views.transport import quiet_line
from tests.views.desk import desk, tick


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


# ---------------------------------------------------------------- notices


def test_another_end_of_the_axis_is_announced_where_the_axis_is_drawn(window):
    window.stage.change({"gap": 150})
    tick(window, 3)
    assert window.stage.frame.notice.startswith("axis now to")


@pytest.mark.parametrize("lab", ["inspect", "map", "learn"])
def test_and_not_in_labs_that_have_no_such_axis(window, lab):
    window.open_lab(lab)
    tick(window)
    window.stage.change({"gap": 150})
    tick(window, 3)
    assert "axis" not in window.stage.frame.notice


def test_a_picture_does_not_say_who_computes(window):
    from dataclasses import replace

    from lstmviz.stage.frame import EngineState

    frame = replace(window.stage.frame, engine=EngineState(False, 0, 8, "rnn_forward"), notice="", busy="")
    assert "compiling" in quiet_line(frame)
    assert quiet_line(frame, tells_engine=False) == ""


# ---------------------------------------------------------------- the table


def test_the_table_of_inspect_cuts_no_number_in_a_small_window(qapp):
    with desk(size=(1280, 720)) as window:
        window.open_lab("inspect")
        tick(window)
        window.panels.toggle_table()
        tick(window)
        card = window.panels.table
        measure = QFontMetrics(card.view.font())
        widths = [card.view.columnWidth(k) for k in range(card.model.columnCount())]
        for row in card.model._rows:
            for text, width in zip(row, widths, strict=True):
                assert measure.horizontalAdvance(text) + 6 <= width, text
        assert window.content.geometry().contains(card.geometry())


def test_the_table_takes_the_width_of_the_lab_that_is_open(window):
    window.panels.toggle_table()
    tick(window)
    narrow = window.panels.table.width()
    window.open_lab("inspect")
    tick(window, 2)
    assert window.panels.table.width() > narrow


# ---------------------------------------------------------------- an empty Inspect


def test_an_empty_inspect_keeps_nothing_of_the_network_before(window):
    window.open_lab("inspect")
    tick(window)
    column = window.column
    assert column.group(LookGroup).network.currentText() == "LSTM"
    window.stage.change({"cells": ()})
    tick(window, 2)
    for kind in (LookGroup, ColourGroup, ThresholdGroup, AlikeGroup, PanelsGroup):
        assert not column.group(kind).isEnabled(), kind
    assert column.group(LookGroup).network.currentText() == ""
    assert column.group(ColourGroup).quantity.currentText() == ""
    assert not any(unit.isVisible() for unit in column.group(AlikeGroup).units)
    window.stage.change({"cells": ("gru",)})
    tick(window, 2)
    assert column.group(LookGroup).isEnabled()
    assert column.group(LookGroup).network.currentText() == "GRU"
    assert column.group(ColourGroup).unit.value() == 1
    assert set(column.group(PanelsGroup).boxes) == {"z", "r", "n", "h", "d_n", "d_h"}


# ---------------------------------------------------------------- conditions


def test_the_usual_cells_and_input_have_no_conditions():
    assert conditions(Settings()) == []
    assert disturbances(Settings()) == ""


def test_variant_reset_noise_and_missing_timesteps_are_said():
    settings = Settings(cells=("lstm", "gru"), variant="nfg", reset="before", noise=0.5, missing=0.2)
    assert conditions(settings) == [
        "LSTM without forget gate",
        "GRU with its reset gate before the product",
        "Noise 0.5, 20 % left out",
    ]


def test_a_variant_of_a_network_that_is_not_shown_is_not_said():
    assert conditions(Settings(cells=("rnn",), variant="nfg")) == []


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({}, ""),
        ({"lstm.variant": "nfg"}, "no forget gate"),
        ({"lstm.variant": "cifg"}, "coupled gates"),
        ({"lstm.variant": "peephole"}, "peepholes"),
        ({"lstm.variant": "nfg", "layers": 2}, "no forget gate"),
    ],
)
def test_the_lane_says_which_member_of_the_family_it_is(window, changes, remark):
    window.stage.change(changes)
    tick(window, 3)
    assert {lane.cell: lane.remark for lane in window.stage.frame.lanes} == {"rnn": "", "lstm": remark}
    assert not window.grab().isNull()


def test_the_note_under_the_controls_says_it_too(window):
    window.stage.change({"lstm.variant": "nig", "noise": 1.0})
    tick(window, 3)
    assert window.column._note.text().startswith("LSTM without input gate. Noise 1. Untrained")


# ---------------------------------------------------------------- large text


@pytest.mark.parametrize("text_size", [1.0, 1.25, 1.5, 2.0])
def test_the_transport_bar_stays_in_sight_whatever_the_size_of_the_text(qapp, text_size):
    with desk(size=(1280, 720)) as window:
        window.set_text_size(text_size)
        tick(window, 2)
        assert window.size().width() == 1280 and window.size().height() == 720
        play = window.transport._buttons["play"]
        corner = play.mapTo(window, QPoint(0, play.height()))
        assert 0 < corner.y() <= window.height()
        assert not play.visibleRegion().isEmpty()


def test_the_transport_bar_leaves_no_gap_where_there_is_nothing_to_walk(window):
    window.open_lab("claims")
    tick(window, 2)
    assert window.area.height() == window.height()
    window.open_lab("race")
    tick(window, 2)
    assert window.transport.isVisible() and window.area.height() < window.height()


def test_a_window_that_opens_with_claims_has_no_transport_bar(qapp):
    from lstmviz.views.picture import window as picture

    with picture({}, (1280, 720), "light", "claims") as shown:
        assert shown.transport.isHidden()
        assert shown.area.height() == shown.height()


def test_a_line_parts_the_buttons_from_what_scrolls_under_them(qapp):
    with desk(size=(1280, 720)) as window:
        window.open_lab("learn")
        tick(window, 2)
        assert window.column._edge.isVisible()
