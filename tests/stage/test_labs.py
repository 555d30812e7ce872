"""Labs: one stage, several pictures of it; what one changes all of them show."""

import pytest

from lstmviz.lab.settings import Settings
from lstmviz.stage.lab_names import EXISTING, LABS
from lstmviz.stage.playback import Position
from lstmviz.stage.stage import Stage


@pytest.fixture
def stage():
    made = Stage(Settings(gap=20), engine="reference")
    yield made
    made.close()


def test_every_existing_lab_has_a_place_in_the_switch_bar():
    assert [lab for lab in LABS if lab in EXISTING] == list(EXISTING)


def test_a_lab_that_does_not_exist_is_not_opened(stage):
    stage.open_lab("kitchen")
    assert stage.lab == "race"


def test_another_lab_has_the_same_settings_playhead_and_selection(stage):
    stage.select(network="rnn", unit=3, timestep=7)
    stage.tick(0.0)
    before = stage.frame
    stage.open_lab("learn")
    stage.tick(0.0)
    after = stage.frame
    assert (before.lab, after.lab) == ("race", "learn")
    assert (after.settings, after.position, after.selection) == (before.settings, before.position, before.selection)
    assert (after.selection.network, after.selection.unit, after.selection.timestep) == ("rnn", 3, 7)


def test_learn_walks_through_updates_and_gives_the_level_back(stage):
    assert stage.playback.level == "timestep"
    stage.open_lab("learn")
    assert stage.playback.level == "update"
    stage.open_lab("race")
    assert stage.playback.level == "timestep"


def test_a_level_chosen_before_is_the_one_that_comes_back(stage):
    stage.set_level("update")
    stage.open_lab("learn")
    stage.open_lab("race")
    assert stage.playback.level == "update"


def test_the_part_of_a_lab_is_resolved_only_while_it_is_open(stage):
    stage.tick(0.0)
    assert stage.frame.part is None
    stage.open_lab("learn")
    stage.tick(0.0)
    assert stage.frame.part is not None
    stage.open_lab("race")
    stage.tick(0.0)
    assert stage.frame.part is None


def test_a_part_is_the_same_object_until_something_changes(stage):
    stage.open_lab("learn")
    while stage.desk.learning.shares == {}:
        stage.tick(0.01)
    stage.tick(0.0)
    frame = stage.frame
    stage.tick(0.016)
    assert stage.frame is frame
    stage.bet("lstm", True)
    stage.tick(0.016)
    assert stage.frame.part is not frame.part


def test_a_selection_that_no_longer_exists_is_shown_as_the_nearest_one(stage):
    stage.select(network="lstm", unit=15)
    stage.change({"hidden": 4})
    assert stage.selection.unit == 3
    stage.change({"cells": ("rnn", "gru")})
    assert stage.selection.network == "rnn"
    stage.change({"cells": ("rnn", "lstm"), "hidden": 16})
    assert (stage.selection.network, stage.selection.unit) == ("lstm", 15)


def test_selecting_a_timestep_moves_the_playhead_in_its_pass(stage):
    stage.seek(3)
    stage.select(timestep=9)
    assert stage.playback.position == Position("forward", 9)
    stage.seek(2 * 21)
    stage.select(timestep=9)
    assert stage.playback.position == Position("backward", 9)


def test_undo_returns_to_the_lab_in_which_the_change_was_made(stage):
    stage.change({"gap": 30})
    stage.open_lab("learn")
    stage.undo()
    assert (stage.lab, stage.settings.gap, stage.playback.level) == ("race", 20, "timestep")
    stage.redo()
    assert (stage.lab, stage.settings.gap, stage.playback.level) == ("learn", 30, "update")


def test_reset_stays_in_the_lab_at_its_own_level(stage):
    stage.open_lab("learn")
    stage.change({"gap": 33})
    stage.reset()
    assert (stage.lab, stage.playback.level, stage.settings) == ("learn", "update", stage.start)
