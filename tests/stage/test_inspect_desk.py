"""Inspect's part of the stage: panels hold the engine's arrays, and marks, order and selection say what they hold."""

import numpy as np
import pytest

from lstmviz.lab.patterns import by_similarity, correlations, most_alike, same_pattern
from lstmviz.stage.inspect_frame import OF_CELL, InspectPart, limit_of
from lstmviz.stage.stage import Stage


@pytest.fixture
def stage():
    made = Stage(engine="reference")
    made.change({"gap": 14, "cells": ("rnn", "lstm", "gru"), "hidden": 5})
    made.open_lab("inspect")
    made.tick(0.0)
    yield made
    made.close()


def part(stage) -> InspectPart:
    stage.tick(0.0)
    found = stage.frame.part
    assert isinstance(found, InspectPart)
    return found


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_panel_holds_the_engines_array(stage, cell):
    stage.select(network=cell)
    trace = stage.frame.comparison.racer(cell).trace
    found = part(stage)
    assert [one.quantity for one in found.panels] == list(OF_CELL[cell])
    for one in found.panels:
        source = trace.gradients if one.quantity.startswith("d_") else trace.tape
        expected = getattr(source, one.quantity.removeprefix("d_"))[-15:, 0]
        np.testing.assert_array_equal(one.values, expected)


def test_the_readout_is_the_value_at_the_crosshair(stage):
    stage.select(network="lstm", unit=3, timestep=7)
    found = part(stage)
    trace = stage.frame.comparison.racer("lstm").trace
    assert (found.unit, found.timestep) == (3, 7)
    told = dict(found.readout)
    assert told["f"] == trace.tape.f[6, 0, 3]
    assert told["c"] == trace.tape.c[7, 0, 3]
    assert told["d_c"] == trace.gradients.c[7, 0, 3]


def test_marks_stand_where_the_unit_is_beyond_the_threshold(stage):
    desk = stage.labs.desk("inspect")
    stage.select(network="lstm", unit=2)
    c = stage.frame.comparison.racer("lstm").trace.tape.c[1:, 0, 2]
    for threshold in (float(np.sort(np.abs(c))[7]), -float(np.sort(np.abs(c))[7])):
        desk.set_threshold(threshold)
        on = c > threshold if threshold > 0 else c < threshold
        assert part(stage).marked.timesteps == tuple(np.flatnonzero(on) + 1)
    desk.set_threshold(None)
    assert part(stage).marked is None


def test_a_brushed_place_finds_its_like(stage):
    desk = stage.labs.desk("inspect")
    desk.set_threshold(0.01)
    desk.brush(9, 6)
    found = part(stage)
    assert found.marked.brushed == (6, 9)
    expected = same_pattern(found.colours.values, 6, 9, 0.01)
    assert [(p.first, p.last) for p in found.marked.places] == [(p.first, p.last) for p in expected]
    stage.change({"gap": 3})
    assert part(stage).marked.brushed is None or part(stage).marked.brushed[1] <= 4


def test_rows_are_sorted_by_similarity_of_what_colours_the_text_and_back(stage):
    desk = stage.labs.desk("inspect")
    stage.select(network="lstm")
    desk.sort(True)
    found = part(stage)
    assert found.order == by_similarity(found.colours.values)
    assert found.row(found.order[2]) == 2
    desk.sort(False)
    assert part(stage).order == (0, 1, 2, 3, 4)


def test_units_with_the_same_pattern_are_those_of_the_colour(stage):
    desk = stage.labs.desk("inspect")
    desk.colour_text_by("h")
    stage.select(network="lstm", unit=1)
    found = part(stage)
    assert found.alike == most_alike(correlations(found.colours.values), 1)


def test_two_networks_stand_side_by_side_where_their_quantities_match(stage):
    stage.select(network="lstm")
    stage.labs.desk("inspect").show_beside("gru")
    found = part(stage)
    pairs = [(a.quantity, b.quantity) for a, b in zip(found.panels[::2], found.panels[1::2], strict=True)]
    assert {("f", "z"), ("g", "n"), ("h", "h"), ("d_h", "d_h")} <= set(pairs)
    assert all(one.cell == "lstm" for one in found.panels[::2])
    assert all(one.cell == "gru" for one in found.panels[1::2])


def test_a_panel_that_is_not_ticked_is_not_shown(stage):
    desk = stage.labs.desk("inspect")
    stage.select(network="lstm")
    desk.tick_panel("o", False)
    assert "o" not in [one.quantity for one in part(stage).panels]
    desk.tick_panel("o", True)
    assert "o" in [one.quantity for one in part(stage).panels]


def test_panels_stay_the_same_objects_while_only_the_crosshair_moves(stage):
    before = part(stage)
    stage.select(unit=4, timestep=3)
    after = part(stage)
    assert after is not before
    assert all(a is b for a, b in zip(before.panels, after.panels, strict=True))
    assert part(stage) is after


def test_no_network_has_no_panels(stage):
    stage.change({"cells": ()})
    stage.tick(0.0)
    assert stage.frame.part is None


@pytest.mark.parametrize(
    ("values", "limit"),
    [([0.2, -0.9], 1.0), ([0.0], 1.0), ([1.2], 1.5), ([-4.2, 1], 5.0), ([6.9e8], 7e8), ([np.nan, 2.5], 3.0)],
)
def test_the_end_of_the_scale_is_a_round_number_that_holds_every_value(values, limit):
    assert limit_of(np.array(values)) == pytest.approx(limit)


def test_a_brush_through_which_no_unit_is_on_is_not_called_a_pattern(stage):
    stage.open_lab("inspect")
    desk = stage.labs.desk("inspect")
    desk.set_threshold(1e6)
    desk.brush(2, 4)
    stage.tick(0.0)
    marked = stage.frame.part.marked
    assert marked.units == 0 and marked.told() == "no unit is beyond the threshold throughout"
    values = stage.frame.part.colours.values[1:4]
    threshold = float(values.min(axis=0).max()) - 1e-9
    desk.set_threshold(max(threshold, 0.0))
    stage.tick(0.0)
    assert stage.frame.part.marked.units == int((values > max(threshold, 0.0)).all(axis=0).sum())
