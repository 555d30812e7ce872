"""The stage: verbs, undo, training and the one clock; the frame says what the engine says."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lstmviz.files import BadInput
from lstmviz.lab.comparison import compare
from lstmviz.lab.settings import Settings
from lstmviz.stage.frame import Tile
from lstmviz.stage.playback import Position
from lstmviz.stage.stage import START, Stage


@pytest.fixture
def stage():
    made = Stage(engine="reference")
    yield made
    made.close()


def wait_for_training(stage, seconds=30.0):
    end = time.monotonic() + seconds
    stage.tick(0.01)
    while stage.desk.running and time.monotonic() < end:
        time.sleep(0.01)
        stage.tick(0.01)
    assert not stage.desk.running
    return stage.frame.training


def test_the_start_is_gap_5_with_the_backward_pass_done(stage):
    frame = stage.frame
    assert frame.settings == START and START.gap == 5
    assert frame.position == Position("backward", 1) and frame.backward_done and frame.pristine


def test_the_frame_shows_what_the_engine_computes(stage):
    stage.change({"gap": 33, "seed": 4})
    stage.tick(0.016)
    expected = compare(gap=33, seed=4, engine="reference")
    for lane, racer in zip(stage.frame.lanes, expected.racers, strict=True):
        np.testing.assert_array_equal(lane.log10_h, racer.trace.flow.log10_h[1:])
        assert lane.log10_share == racer.trace.flow.log10_share


def test_a_frame_stays_the_same_object_until_something_changes(stage):
    seen = []
    stage.frame_changed.connect(seen.append)
    first = stage.frame
    for _ in range(5):
        stage.tick(0.016)
    assert stage.frame is first and not seen
    stage.hover(3)
    stage.tick(0.016)
    assert len(seen) == 1 and seen[0] is stage.frame


def test_moving_the_playhead_keeps_the_comparison_and_the_lanes(stage):
    before = stage.frame
    stage.back()
    stage.tick(0.0)
    assert stage.frame is not before
    assert stage.frame.comparison is before.comparison and stage.frame.lanes is before.lanes


def test_a_value_that_is_not_allowed_changes_nothing(stage):
    before = stage.frame
    with pytest.raises(BadInput, match=r"window: gap: 1 is too small"):
        stage.change({"gap": 1})
    stage.tick(0.0)
    assert stage.frame is before and not stage.frame.can_undo


def test_a_drag_is_one_undo_entry(stage):
    for gap in (6, 9, 20, 50):
        stage.change({"gap": gap})
    stage.close_entry()
    stage.change({"gap": 51})
    stage.undo()
    assert stage.settings.gap == 50
    stage.undo()
    assert stage.settings.gap == 5
    stage.redo()
    assert stage.settings.gap == 50


def test_reset_goes_back_to_the_start_and_can_be_undone(stage):
    stage.change({"gap": 80, "cells": "lstm", "lstm.forget_bias": 0})
    stage.seek(4)
    changed = stage.situation()
    stage.reset()
    stage.tick(0.0)
    assert stage.settings == START and stage.frame.backward_done and stage.frame.pristine
    stage.undo()
    assert stage.situation() == changed


def test_a_longer_sequence_keeps_a_finished_backward_pass_finished(stage):
    stage.change({"gap": 100})
    stage.tick(0.0)
    assert stage.frame.backward_done


def test_a_changed_notch_is_announced(stage):
    stage.change({"gap": 200})
    stage.tick(0.01)
    assert stage.frame.notice == f"axis now to 10{'⁻⁸⁰' if stage.frame.axis.floor == -80 else '⁻⁴⁰'}"
    stage.tick(10.0)
    assert stage.frame.notice == ""


def test_without_a_network_there_is_no_comparison_and_no_lane(stage):
    stage.change({"cells": []})
    stage.tick(0.0)
    assert stage.frame.comparison is None and stage.frame.lanes == ()
    assert len(stage.frame.symbols) == 6


def test_opening_a_gradient_tile_puts_the_playhead_on_its_timestep(stage):
    stage.open_tile(Tile("lstm", 3, None))
    stage.tick(0.0)
    assert stage.frame.position == Position("backward", 3)
    assert stage.frame.explanation.title == "Gradient at t = 3"
    stage.close_tile()
    stage.tick(0.0)
    assert stage.frame.explanation is None


def test_a_tile_closes_when_its_network_changes(stage):
    stage.open_tile(Tile("lstm", 3, 1))
    stage.change({"gap": 9})
    stage.tick(0.0)
    assert stage.frame.tile is None and stage.frame.explanation is None


def test_play_walks_to_the_end_on_ticks_alone(stage):
    stage.seek(0)
    stage.toggle_play()
    seen = []
    for _ in range(400):
        stage.tick(0.016)
        seen.append(stage.frame.place)
    assert seen == sorted(seen) and seen[-1] == 12 and not stage.frame.playing


def test_training_lowers_the_loss_and_shows_the_trained_networks(stage):
    untrained = stage.frame.lanes
    stage.train(30)
    training = wait_for_training(stage)
    assert training.trained == training.update == 30
    assert all(len(losses) == 30 for losses in training.losses)
    assert stage.frame.comparison.update == 30 and stage.frame.lanes is not untrained


def test_an_earlier_update_is_shown_with_the_numbers_it_had(stage):
    stage.set_level("update")
    shares = {}
    for update in range(1, 4):
        stage.on()
        wait_for_training(stage)
        shares[update] = [lane.log10_share for lane in stage.frame.lanes]
    stage.back()
    assert wait_for_training(stage).update == 2
    assert [lane.log10_share for lane in stage.frame.lanes] == shares[2]


def test_of_a_drag_through_the_updates_the_last_place_is_shown(stage):
    stage.train(60)
    wait_for_training(stage)
    stage.set_level("update")
    for update in (40, 20, 7):
        stage.seek(update)  # each but the first comes while the one before is still restored
        stage.tick(0.0)
        assert not stage.frame.training.running  # nothing trains: the button goes on saying Train
    assert wait_for_training(stage).update == 7
    stage.back()
    stage.back()
    assert wait_for_training(stage).update == 5


def test_training_goes_on_from_the_newest_update_while_an_earlier_one_is_restored(stage):
    stage.train(30)
    wait_for_training(stage)
    stage.set_level("update")
    stage.seek(3)
    stage.train(2)
    training = wait_for_training(stage)
    assert (training.trained, training.update) == (32, 32)


def test_a_task_that_needs_a_larger_gap_brings_it_along(stage):
    stage.change({"gap": 2})
    stage.choose_task("order")
    stage.tick(0.0)
    assert (stage.settings.task, stage.settings.gap) == ("order", 3)
    assert stage.frame.notice == "Temporal order needs a gap of 3 or more"
    stage.undo()
    assert (stage.settings.task, stage.settings.gap) == ("recall", 2)
    stage.change({"gap": 50})
    stage.choose_task("adding")
    assert (stage.settings.task, stage.settings.gap) == ("adding", 50)


def test_stopping_keeps_what_is_trained(stage):
    stage.train(5000)
    end = time.monotonic() + 20
    while stage.desk.trained < 3 and time.monotonic() < end:
        time.sleep(0.01)
        stage.tick(0.01)
    stage.stop_training()
    training = wait_for_training(stage, 2.0)
    assert 3 <= training.trained < 5000


def test_another_setting_drops_the_training(stage):
    stage.train(2)
    wait_for_training(stage)
    stage.change({"seed": 8})
    stage.tick(0.0)
    assert stage.frame.training is None and stage.frame.comparison.update == 0


def test_a_comparison_too_large_for_a_tick_is_computed_in_a_thread(stage):
    before = stage.frame.comparison
    stage.change({"hidden": 200, "gap": 200})
    stage.tick(0.0)
    assert stage.frame.busy == "" and stage.frame.comparison is before  # a short wait is not told
    stage.change({"lstm.forget_bias": 2.0})
    stage.tick(0.2)
    assert stage.frame.busy == "Computing gap 200 …" and stage.frame.comparison is before
    assert stage.frame.timesteps == 6 == len(stage.frame.lanes[0].log10_h)
    end = time.monotonic() + 30
    while stage.race.busy and time.monotonic() < end:
        time.sleep(0.01)
        stage.tick(0.01)
    assert stage.frame.comparison.settings == stage.settings and stage.frame.busy == ""
    assert stage.frame.timesteps == 201 and stage.frame.backward_done


def test_a_failing_job_is_told_in_one_line_and_the_picture_stays(stage, monkeypatch, swallowed):
    def fail(*_):
        raise MemoryError("no room")

    monkeypatch.setattr("lstmviz.stage.comparison_desk.untrained", fail)
    before = stage.frame.comparison
    stage.change({"hidden": 200, "gap": 200})
    end = time.monotonic() + 10
    while not stage.frame.banner and time.monotonic() < end:
        time.sleep(0.01)
        stage.tick(0.01)
    assert "MemoryError" in stage.frame.banner and "\n" not in stage.frame.banner
    assert stage.frame.comparison is before and stage.frame.busy == ""
    assert [type(error) for error in swallowed] == [MemoryError]
    swallowed.clear()
    stage.dismiss()
    stage.tick(0.0)
    assert stage.frame.banner == ""


def test_closing_stops_every_thread():
    made = Stage(engine="reference")
    made.train(5000)
    made.close()
    assert not [thread for thread in made.jobs._threads if thread.is_alive()]


class Machine(RuleBasedStateMachine):
    """Any verbs in any order: undo and redo are inverse, and going on and back changes nothing."""

    def __init__(self):
        super().__init__()
        self.stage = Stage(Settings(gap=4, hidden=3), engine="reference")

    @rule(gap=st.integers(2, 12))
    def change_gap(self, gap):
        self.stage.change({"gap": gap})
        self.stage.close_entry()

    @rule(cells=st.sets(st.sampled_from(["rnn", "lstm", "gru"])), task=st.sampled_from(["recall", "adding"]))
    def change_networks(self, cells, task):
        self.stage.change({"cells": sorted(cells), "task": task})

    @rule(place=st.integers(-3, 40))
    def seek(self, place):
        self.stage.seek(place)

    @rule(t=st.integers(1, 13), unit=st.one_of(st.none(), st.integers(0, 2)))
    def open_tile(self, t, unit):
        self.stage.open_tile(Tile("lstm", t, unit))

    @rule()
    def reset(self):
        self.stage.reset()

    @rule()
    def play_a_little(self):
        self.stage.toggle_play()
        self.stage.tick(0.3)

    @precondition(lambda self: self.stage._history.can_undo)
    @rule()
    def redo_after_undo_changes_nothing(self):
        before = self.stage.situation()
        self.stage.undo()
        self.stage.redo()
        assert self.stage.situation() == before

    @rule()
    def back_after_on_changes_nothing(self):
        place = self.stage.playback.place
        if place < 2 * self.stage.settings.timesteps():
            self.stage.on()
            self.stage.back()
            assert self.stage.playback.place == place

    @invariant()
    def frame_fits_the_settings(self):
        self.stage.tick(0.0)
        frame = self.stage.frame
        assert 0 <= frame.place <= 2 * frame.timesteps
        assert frame.timesteps == frame.settings.timesteps()
        assert [lane.cell for lane in frame.lanes] == list(frame.settings.cells)
        assert all(lane.log10_h.shape == (frame.timesteps,) for lane in frame.lanes)
        assert len(frame.symbols) == frame.timesteps

    def teardown(self):
        self.stage.close()


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
