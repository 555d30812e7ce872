"""The Map's part of the stage: what is shown is what the engine computes, and it follows settings and playhead."""

import time

import numpy as np
import pytest

from lstmviz.lab.jacobian import jacobian_map
from lstmviz.lab.path_split import path_split
from lstmviz.lab.spectrum import lyapunov, singular_values_from, timestep_spectrum
from lstmviz.stage.map_frame import MapPart
from lstmviz.stage.stage import Stage


@pytest.fixture
def stage():
    made = Stage(engine="reference")
    made.change({"gap": 9, "cells": ("rnn", "lstm", "gru"), "hidden": 4})
    made.open_lab("map")
    wait(made)
    yield made
    made.close()


def wait(stage):
    """Tick until nothing is worked out any more; a hang is ended by the suite's timeout."""
    stage.tick(0.0)
    while stage.race.busy or stage.labs.working:
        time.sleep(0.002)
        stage.tick(0.0)


def part(stage) -> MapPart:
    stage.tick(0.0)
    found = stage.frame.part
    assert isinstance(found, MapPart)
    return found


def test_every_map_holds_the_norms_of_the_engine(stage):
    for one, racer in zip(part(stage).maps, stage.frame.comparison.racers, strict=True):
        expected = jacobian_map(racer.trace).log10_h[1:, 1:]
        np.testing.assert_array_equal(one.log10, expected)
        assert np.isneginf(one.log10[np.triu_indices(10, 1)]).all()


def test_the_cell_state_is_shown_where_there_is_one(stage):
    stage.labs.desk("map").set_by("c")
    wait(stage)
    rnn, lstm, _ = part(stage).maps
    racers = stage.frame.comparison.racers
    np.testing.assert_array_equal(lstm.log10, jacobian_map(racers[1].trace, by="c").log10_c[1:, 1:])
    np.testing.assert_array_equal(rnn.log10, jacobian_map(racers[0].trace).log10_h[1:, 1:])


def test_a_pair_chosen_is_the_pair_told_and_the_playhead_goes_to_its_end(stage):
    stage.labs.desk("map").choose(2, 7)
    found = part(stage)
    assert (found.start, found.end, stage.selection.timestep) == (2, 7, 7)
    racer = stage.frame.comparison.racers[1]
    assert found.value("lstm") == jacobian_map(racer.trace).log10_h[7, 2]


def test_the_end_is_the_last_timestep_until_the_playhead_moves(stage):
    assert part(stage).end == 10
    stage.select(timestep=4)
    assert part(stage).end == 4


def test_a_start_after_the_end_takes_the_end_along(stage):
    stage.labs.desk("map").choose(3, 5)
    stage.labs.desk("map").choose(8)
    assert (part(stage).start, part(stage).end) == (8, 8)


def test_eigenvalues_are_those_of_the_timestep_that_is_measured(stage):
    stage.labs.desk("map").choose(1, 6)
    wait(stage)
    for eigen, racer in zip(part(stage).eigen, stage.frame.comparison.racers, strict=True):
        np.testing.assert_array_equal(eigen.eigenvalues, timestep_spectrum(racer.trace, 6).eigenvalues)


def test_what_stands_under_the_maps_is_the_analysis_of_the_same_traces(stage):
    stage.labs.desk("map").choose(2)
    wait(stage)
    found = part(stage)
    assert found.done == found.total == 3
    for racer, singular, exponents, paths in zip(
        stage.frame.comparison.racers, found.singular, found.exponents, found.paths, strict=True
    ):
        expected = dict(singular_values_from(racer.trace, 2, singular.ends))
        np.testing.assert_array_equal(singular.log10, [expected[end] for end in singular.ends])
        assert exponents.running[-1, 0] == lyapunov(racer.trace).largest
        split = path_split(racer.trace)
        split = split.h if split.c is None else split.c
        np.testing.assert_array_equal(paths.share, split.share[:, 1:, 0])


def test_other_settings_bring_another_map_and_a_shorter_gap_keeps_the_pair_inside(stage):
    stage.labs.desk("map").choose(9, 10)
    before = part(stage).maps
    stage.change({"gap": 4})
    wait(stage)
    found = part(stage)
    assert found.maps is not before and len(found.maps[0].log10) == 5
    assert (found.start, found.end) == (5, 5)


def test_nothing_new_gives_the_same_part(stage):
    assert part(stage) is part(stage)


def test_no_network_has_no_map(stage):
    stage.change({"cells": ()})
    wait(stage)
    assert part(stage).maps == () and part(stage).singular == ()


def test_a_map_too_long_for_a_tick_comes_from_a_thread_and_is_the_same(stage):
    stage.change({"gap": 60, "hidden": 12, "cells": ("lstm",)})
    stage.tick(0.0)
    assert stage.frame.part.busy
    wait(stage)
    (one,) = part(stage).maps
    np.testing.assert_array_equal(one.log10, jacobian_map(stage.frame.comparison.racers[0].trace).log10_h[1:, 1:])
    assert not part(stage).busy


def test_a_long_map_tells_how_much_of_it_is_done(stage, monkeypatch):
    monkeypatch.setattr("lstmviz.stage.map_desk.QUICK", 0.0)
    monkeypatch.setattr("lstmviz.lab.jacobian.BETWEEN", 0.0)  # one column at a time
    told = []
    stage.frame_changed.connect(lambda frame: told.append(frame.part.busy))
    stage.change({"gap": 60})
    wait(stage)
    shares = [int(text.split()[-2]) for text in told if "%" in text]
    assert shares and shares == sorted(shares) and told[-1] == ""


def test_undo_leaves_the_map_with_the_settings_before(stage):
    before = part(stage).maps[0].log10
    stage.change({"gain": 2.0})
    wait(stage)
    assert not np.array_equal(part(stage).maps[0].log10, before)
    stage.undo()
    wait(stage)
    np.testing.assert_array_equal(part(stage).maps[0].log10, before)


def test_a_failure_in_the_thread_is_told_once_and_not_tried_again_with_every_tick(stage, monkeypatch, swallowed):
    calls = []

    def fail(*arguments):
        calls.append(arguments)
        raise RuntimeError("out of luck")

    monkeypatch.setattr("lstmviz.stage.map_desk.map_of", fail)
    stage.change({"gap": 60, "hidden": 12, "cells": ("lstm",)})
    wait(stage)
    for _ in range(3):
        stage.tick(0.0)
    assert len(calls) == 1 and not part(stage).busy
    assert part(stage).maps[0].refused and stage.frame.banner
    assert [type(error) for error in swallowed] == [RuntimeError]
    swallowed.clear()


def test_what_cannot_be_drawn_under_the_maps_is_told_with_its_network_and_why(stage):
    stage.change({"cells": ("rnn", "lstm"), "lstm.variant": "peephole"})
    wait(stage)
    (missing,) = part(stage).missing
    assert (missing.lower, missing.cell) == ("paths", "lstm") and "peephole" in missing.why


def test_the_map_of_stacked_networks_says_which_layer_it_is_of(stage):
    assert not part(stage).layer
    stage.change({"layers": 2})
    wait(stage)
    found = part(stage)
    assert found.layer == "layer 2 of 2"
    trace = stage.frame.comparison.racers[1].trace
    np.testing.assert_array_equal(found.maps[1].log10, jacobian_map(trace).log10_h[1:, 1:])
