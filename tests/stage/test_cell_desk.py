"""The Cell lab's part of the frame: the right unit, the right operation, and never more work than needed."""

import itertools
import math
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from lstmviz.lab.interventions import Clamp, Freeze
from lstmviz.lab.settings import Settings
from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.playback import Position
from lstmviz.stage.stage import Stage

ALL = ("rnn", "lstm", "gru")


@pytest.fixture
def stage():
    made = Stage(Settings(gap=9, cells=ALL), engine="reference")
    made.select(network="lstm", unit=3)
    made.tick(0.0)
    yield made
    made.close()


def part(stage: Stage) -> CellPart:
    stage.tick(0.0)
    found = stage.cell.part(stage.frame)
    assert found is not None
    return found


def settled(stage: Stage) -> CellPart:
    """The part when nothing is being worked out any more."""
    found = part(stage)
    for _ in range(2000):
        if not stage.cell.working:
            return part(stage)
        time.sleep(0.002)
        found = part(stage)
    return found


def test_the_part_is_of_the_selected_unit_network_and_timestep(stage):
    stage.go_to(Position("forward", 4))
    found = part(stage)
    assert (found.cell, found.unit, found.units, found.t, found.timesteps) == ("lstm", 3, 16, 4, 10)
    trace = stage.frame.comparison.racer("lstm").trace
    assert found.values["c"] == trace.tape.c[4, 0, 3]
    assert found.gradients["d_c"] == trace.gradients.c[4, 0, 3]
    assert np.array_equal(found.strip, trace.tape.h[4, 0])
    assert found.read == f"“{stage.frame.symbols[3]}”"
    stage.select(network="gru", unit=15)
    found = part(stage)
    assert (found.cell, found.unit, len(found.operations)) == ("gru", 15, 5)


def test_the_part_is_the_same_object_until_something_changes(stage):
    before = part(stage)
    assert part(stage) is before
    stage.hover(3)
    assert part(stage) is before
    stage.select(unit=4)
    assert part(stage) is not before


def test_the_pass_decides_what_is_on_the_wires_unless_it_was_said(stage):
    stage.go_to(Position("forward", 4))
    assert part(stage).shows == "values"
    stage.go_to(Position("backward", 4))
    found = part(stage)
    assert (found.shows, found.forward, found.strip_name) == ("gradients", False, "d_c")
    stage.cell.set_shows("values")
    found = part(stage)
    assert found.shows == "values" and not found.walking
    assert found.current == 9 and found.reached == frozenset(found.values)
    stage.cell.toggle_shows()
    assert part(stage).shows == "gradients"  # what the pass shows anyway: the next pass decides again
    stage.go_to(Position("forward", 4))
    assert part(stage).shows == "values"


def test_operations_are_reached_one_after_the_other(stage):
    stage.go_to_operation(1, backward=False)
    seen = []
    for number in range(1, 11):
        found = part(stage)
        assert (found.current, found.walking) == (number - 1, True)
        seen.append(found.reached)
        stage.on()
    assert seen[0] == {"h_before", "c_before"}
    assert all(before < after for before, after in itertools.pairwise(seen))
    assert "f" in seen[1] and "b_f" in seen[1] and "i" not in seen[1]
    assert "c" not in seen[6] and "c" in seen[7]
    assert seen[9] == frozenset(found.values)
    assert (part(stage).t, part(stage).current) == (2, 0)


def test_backward_operations_are_reached_one_after_the_other(stage):
    stage.go_to(Position("backward", 5))
    stage.go_to_operation(1, backward=True)
    seen = []
    for _ in range(10):
        seen.append(part(stage).reached)
        stage.on()
    assert seen[0] == {"d_h", "d_h_after", "d_h_loss", "d_c_after"}
    assert "d_tanh_c" in seen[1] and "d_c" not in seen[1]
    assert {"d_c", "d_kept", "d_written"} <= seen[2]
    assert {"d_c_along", "d_c_before", "d_f"} <= seen[7] and "d_c_before" not in seen[6]
    assert {"d_h_before", "d_h_before_f"} <= seen[9]


@given(st.lists(st.sampled_from(["on", "on", "on", "back", "swap", "first", "last"]), max_size=25), st.data())
@how(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_place_gives_the_same_numbers_bit_for_bit_however_it_was_reached(stage, moves, data):
    stage.set_level("operation")
    stage.seek_notch(data.draw(st.integers(0, stage.playback.notches)))
    before, notch = part(stage), stage.frame.notch
    for move in moves:
        getattr(stage, move)()
        part(stage)
    stage.seek_notch(notch)
    after = part(stage)
    assert after.values == before.values and after.gradients == before.gradients
    assert (after.current, after.reached, after.operations) == (before.current, before.reached, before.operations)
    assert all(np.array_equal(a.values, b.values) for a, b in zip(after.curves, before.curves, strict=True))


@pytest.mark.parametrize("cell", ALL)
def test_the_ways_of_the_gradient_add_up(stage, cell):
    stage.select(network=cell)
    for t in (1, 2, 6, 10):
        stage.go_to(Position("backward", t))
        found = part(stage)
        split = found.split
        assert split.total == pytest.approx(split.along + split.through + split.loss, rel=1e-12)
        assert sum(value for _, value in split.gates) == pytest.approx(split.through, rel=1e-9, abs=1e-17)
        if cell == "rnn":
            assert split.along == 0.0 and found.split_why
        if cell == "lstm":
            assert split.along == pytest.approx(found.values["f"] * found.gradients["d_c"], rel=1e-14)
        if cell == "gru":
            assert split.along == pytest.approx(found.values["z"] * found.gradients["d_h"], rel=1e-14)


@pytest.mark.parametrize("form", [{"variant": v} for v in ("peephole", "fgr", "cifg", "noaf")] + [{"reset": "before"}])
def test_the_ways_of_other_cells_add_up_too(form):
    cell = "gru" if "reset" in form else "lstm"
    with_form = Settings(gap=9, cells=(cell,), **form)
    stage = Stage(with_form, engine="reference")
    try:
        for t in (1, 4, 10):
            stage.go_to(Position("backward", t))
            stage.select(network=cell, unit=2)
            split = part(stage).split
            assert sum(value for _, value in split.gates) == pytest.approx(split.through, rel=1e-9, abs=1e-16)
    finally:
        stage.close()


def test_the_curves_are_those_of_the_trace(stage):
    stage.select(unit=7)
    trace = stage.frame.comparison.racer("lstm").trace
    curves = {curve.name: curve for curve in part(stage).curves}
    assert set(curves) == {"f", "i", "o", "c", "h", "d_c", "d_h"}
    assert np.array_equal(curves["f"].values, trace.tape.f[:, 0, 7])
    assert np.array_equal(curves["c"].values, trace.tape.c[1:, 0, 7])
    assert np.allclose(10 ** curves["d_c"].values, np.abs(trace.gradients.c[1:, 0, 7]), rtol=1e-12)
    assert all(curve.ghost is None for curve in curves.values())


@pytest.mark.parametrize("cell", ALL)
def test_the_difference_check_agrees_and_goes_when_it_is_switched_off(stage, cell):
    stage.select(network=cell)
    stage.go_to(Position("backward", 3))
    assert part(stage).check is None
    stage.cell.set_check(True)
    found = settled(stage)
    assert found.check.analytic == found.split.total
    assert abs(found.check.error) < 1e-9
    stage.go_to(Position("backward", 2))
    assert part(stage).check is None  # the one before is not shown beside another gradient
    assert settled(stage).check.analytic == part(stage).split.total
    stage.cell.set_check(False)
    assert part(stage).check is None


def test_a_held_gate_is_told_and_its_ghost_stays(stage):
    free = part(stage)
    stage.intervene(Clamp("lstm", "f", 4, 6, (0.1,), (3,)))
    stage.go_to(Position("forward", 5))
    found = part(stage)
    assert [(span.quantity, span.first, span.last, span.frozen) for span in found.held] == [("f", 4, 6, False)]
    assert found.values["f"] == 0.1 and found.was["f"] != 0.1
    assert found.values["kept"] == 0.1 * found.values["c_before"]
    told = "".join(run.text for run in found.operations[1].numbers)
    assert told == "= 0.100 held"
    curves = {curve.name: curve for curve in found.curves}
    assert (curves["f"].values[3:6] == 0.1).all()
    assert np.array_equal(curves["c"].ghost, {curve.name: curve for curve in free.curves}["c"].values)
    stage.select(unit=4)
    assert part(stage).held == ()


def test_nothing_goes_back_past_a_held_gate_and_the_sums_still_hold(stage):
    stage.intervene(Clamp("lstm", "f", 4, 6, (0.1,), (3,)))
    stage.intervene(Clamp("lstm", "c", 8, 8, (0.5,), (3,)))
    for t in range(1, 11):
        stage.go_to(Position("backward", t))
        found = settled(stage)
        d = found.gradients
        assert d["d_h_after"] + d["d_h_loss"] == pytest.approx(d["d_h"], rel=1e-10, abs=1e-18)
        assert d["d_c_after"] + d["d_c_h"] == pytest.approx(d["d_c"], rel=1e-10, abs=1e-18)
        if 4 <= t <= 6:
            assert d["d_z_f"] == 0.0 and d["d_f"] != 0.0
            line = next(one for one in found.operations if one.name == "Forget gate").numbers
            assert "held" in "".join(run.text for run in line)
        if t == 8:
            assert d["d_c_before"] == 0.0 and d["d_f"] == 0.0 and d["d_c"] != 0.0


def test_a_frozen_state_hands_its_gradient_on_whole(stage):
    stage.intervene(Freeze("lstm", 3, 5, (3,)))
    for t in (3, 4, 5):
        stage.go_to(Position("backward", t))
        found = part(stage)
        assert found.gradients["d_c_along"] == found.gradients["d_c"]
        assert found.values["c"] == found.values["c_before"]
        d = found.gradients
        assert d["d_h_after"] + d["d_h_loss"] == pytest.approx(d["d_h"], rel=1e-10, abs=1e-18)
    assert {span.quantity for span in part(stage).held} == {"c", "h"}
    stage.cell.set_check(True)
    assert abs(settled(stage).check.error) < 1e-9


def test_a_lesson_that_hides_the_gradient_hides_it_here_too(stage):
    stage.tick(0.0)

    class Page:
        hides_gradient = True

    found = stage.cell.part(replace(stage.frame, lesson=Page()))
    assert found.shows == "values" and not found.gradients and found.split is None
    assert not [curve for curve in found.curves if curve.group == "gradients"]


def test_another_timestep_is_looked_at_after_the_same_operation(stage):
    stage.go_to(Position("forward", 4))
    stage.go_to_operation(8, backward=False)
    stage.select(timestep=6)
    assert part(stage).t == 6
    assert stage.frame.position == Position("forward", 6, 8)
    stage.loss()
    stage.select(timestep=6)
    assert part(stage).t == 6 and stage.frame.position.stretch == "forward"


@pytest.mark.parametrize(("stacked", "told"), [({"layers": 2}, "layer 1"), ({"bidirectional": True}, "“")])
def test_the_cell_of_an_upper_layer_reads_the_layer_below(stacked, told):
    stage = Stage(Settings(gap=6, cells=("lstm",), hidden=4, **stacked), engine="reference")
    try:
        stage.go_to(Position("forward", 3))
        found = part(stage)
        assert found.read.startswith(told)
        labels = [run.text for run in found.operations[1].numbers if run.role == "label"]
        assert labels[0] == (" from the layer below" if "layers" in stacked else " from x")
        assert found.values["c"] == stage.frame.comparison.racer("lstm").trace.tape.c[3, 0, 0]
        stage.cell.set_check(True)
        stage.go_to(Position("backward", 3))
        assert abs(settled(stage).check.error) < 1e-9
    finally:
        stage.close()


def test_a_network_that_exploded_is_shown_with_what_is_no_number():
    stage = Stage(Settings(gap=150, cells=("rnn",), initialisation="identity", gain=3.0, hidden=4), engine="reference")
    try:
        stage.change({"dtype": "float32"})
        for t in (1, 60, 100, 151):
            for stretch in ("forward", "backward"):
                stage.go_to(Position(stretch, t))
                found = part(stage)
                assert found.values["h"] == stage.frame.comparison.racer("rnn").trace.tape.h[t, 0, 0] or math.isnan(
                    found.values["h"]
                )
        assert not math.isfinite(found.gradients["d_h"]) or not math.isfinite(found.values["h"])
        told = "".join(run.text for operation in found.operations for run in operation.numbers)
        assert "∞" in told or "not a number" in told
    finally:
        stage.close()


def test_without_a_network_there_is_no_part(stage):
    stage.change({"cells": ()})
    stage.tick(0.0)
    assert stage.cell.part(stage.frame) is None
    stage.set_level("operation")
    stage.on()
    stage.tick(0.0)


def test_paths_are_drawn_as_asked(stage):
    stage.cell.set_path("through", False)
    assert part(stage).paths == {"along"}
    stage.cell.set_path("through", True)
    stage.cell.set_path("nonsense", True)
    assert part(stage).paths == {"along", "through"}


def test_at_the_loss_the_forward_numbers_of_the_end_stand(stage):
    stage.set_level("operation")
    stage.loss()
    found = part(stage)
    assert found.t == 10 and found.forward and found.shows == "values" and not found.walking
    assert found.current == 9
    assert stage.frame.operations == ()


def test_other_labs_paint_whole_timesteps_at_level_operation(stage):
    stage.set_level("operation")
    stage.go_to(Position("forward", 4, 2))
    stage.tick(0.0)
    assert stage.frame.painted_h == 4
    stage.go_to(Position("backward", 4, 2))
    stage.tick(0.0)
    assert stage.frame.painted_gradient == 4


def test_a_network_of_512_units_is_ready_far_within_a_tick():
    stage = Stage(Settings(gap=99, cells=("lstm",), hidden=512), engine="reference")
    try:
        while stage.race.busy:
            time.sleep(0.01)
            stage.tick(0.0)
        stage.set_level("operation")
        stage.select(network="lstm", unit=500)
        part(stage)
        times = []
        for t in range(20, 60):
            stage.go_to(Position("backward", t, 4))
            stage.tick(0.0)
            began = time.thread_time()
            stage.cell.part(stage.frame)
            times.append(time.thread_time() - began)
        assert sorted(times)[len(times) // 2] < 0.012  # some 2 ms on a machine with nothing else to do
        assert math.isfinite(part(stage).gradients["d_c"])
    finally:
        stage.close()
