"""A lecture without a window: black, clock, pages kept, and the stops of the walk."""

import pytest

from lstmviz.lab.settings import Settings
from lstmviz.stage.lecture import LARGEST_NOTES, SMALLEST_NOTES
from lstmviz.stage.playback import Position
from lstmviz.stage.stage import Stage


@pytest.fixture
def stage():
    made = Stage(Settings(gap=6), engine="reference")
    yield made
    made.close()


def test_the_clock_runs_through_ticks_and_only_while_the_lecture_does(stage):
    stage.tick(5.0)
    assert stage.lecture.state.elapsed == 0
    stage.lecture.start()
    for _ in range(25):
        stage.tick(0.1)
    assert stage.lecture.state.elapsed == 2
    stage.lecture.leave()
    stage.tick(60.0)
    assert stage.lecture.state.elapsed == 2


def test_the_clock_goes_on_where_the_lecture_was_left(stage):
    stage.lecture.start()
    stage.tick(90.0)
    stage.lecture.leave()
    stage.lecture.start()
    stage.tick(10.0)
    assert stage.lecture.state.elapsed == 100
    stage.lecture.restart_clock()
    assert stage.lecture.state.elapsed == 0


def test_a_change_is_announced_once_a_second_and_not_once_a_tick(stage):
    seen = []
    stage.lecture.start()
    stage.lecture.changed.connect(seen.append)
    for _ in range(32):
        stage.tick(1 / 16)
    assert [state.elapsed for state in seen] == [1, 2]


def test_the_key_that_returns_from_black_does_nothing_else(stage):
    stage.lecture.start()
    stage.lecture.black()
    assert stage.lecture.state.blank
    assert stage.lecture.wake()
    assert not stage.lecture.state.blank
    assert not stage.lecture.wake()


def test_a_lecture_never_begins_or_ends_black(stage):
    stage.lecture.start()
    stage.lecture.black()
    stage.lecture.leave()
    assert not stage.lecture.state.blank
    stage.lecture.start()
    assert not stage.lecture.state.blank


def test_leaving_keeps_the_stage_as_it_is(stage):
    stage.lecture.start()
    stage.seek(9)
    stage.change({"gap": 20})
    before = stage.situation()
    stage.lecture.leave()
    assert stage.situation() == before


def test_without_a_lesson_next_walks_over_the_forward_pass_the_loss_and_the_backward_pass(stage):
    stage.lecture.start()
    stage.playback.seek(0)
    seen = []
    for _ in range(4):
        stage.lecture.next()
        seen.append(stage.playback.position)
    done = Position("backward", 1)
    assert seen == [Position("forward", 7), Position("loss", 7), done, done]


def test_previous_walks_back_over_the_same_stops(stage):
    stage.lecture.start()
    seen = []
    for _ in range(4):
        stage.lecture.previous()
        seen.append(stage.playback.place)
    assert seen == [7, 6, 0, 0]


def test_next_in_the_middle_of_a_sweep_ends_it(stage):
    stage.lecture.start()
    stage.toggle_play()
    stage.tick(0.5)
    assert 0 < stage.playback.place < 6
    stage.lecture.next()
    assert (stage.playback.place, stage.playback.playing) == (6, False)


def test_notes_stay_between_their_smallest_and_largest_size(stage):
    for _ in range(40):
        stage.lecture.larger_notes()
    assert stage.lecture.state.notes_px == LARGEST_NOTES
    for _ in range(40):
        stage.lecture.smaller_notes()
    assert stage.lecture.state.notes_px == SMALLEST_NOTES


def test_a_second_start_changes_nothing(stage):
    stage.lecture.start()
    stage.tick(3.0)
    before = stage.lecture.state
    stage.lecture.start()
    assert stage.lecture.state is before
