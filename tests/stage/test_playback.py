"""The playhead: one walk through both passes, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.stage.cell_operations import Walk
from lstmviz.stage.playback import (
    SECONDS_PER_OPERATION,
    Playback,
    Position,
    place_of,
    position_at,
    read_position,
    seconds_per_timestep,
)


@pytest.mark.parametrize("timesteps", [1, 2, 6, 51])
def test_place_and_position_are_inverse_over_the_whole_walk(timesteps):
    for place in range(2 * timesteps + 1):
        assert place_of(position_at(place, timesteps), timesteps) == place


def test_the_walk_goes_forward_through_the_loss_and_backward():
    walk = [position_at(place, 3) for place in range(7)]
    assert [position.stretch for position in walk] == ["forward"] * 3 + ["loss"] + ["backward"] * 3
    assert [position.t for position in walk] == [1, 2, 3, 3, 3, 2, 1]


def test_back_is_the_exact_inverse_of_on():
    playback = Playback(7)
    playback.seek(4)
    for _ in range(5):
        playback.move(1)
    for _ in range(5):
        playback.move(-1)
    assert playback.place == 4


def test_the_ends_hold():
    playback = Playback(5)
    playback.move(99)
    assert playback.position == Position("backward", 1)
    playback.move(-99)
    assert playback.position == Position("forward", 1)


def test_first_and_last_stay_in_the_pass():
    playback = Playback(10)
    playback.seek(place_of(Position("backward", 4), 10))
    playback.first()
    assert playback.position == Position("backward", 10)
    playback.last()
    assert playback.position == Position("backward", 1)
    playback.seek(3)
    playback.last()
    assert playback.position == Position("forward", 10)
    playback.first()
    assert playback.position == Position("forward", 1)


def test_swap_keeps_the_timestep():
    playback = Playback(10)
    playback.seek(place_of(Position("forward", 4), 10))
    playback.swap()
    assert playback.position == Position("backward", 4)
    playback.swap()
    assert playback.position == Position("forward", 4)


@pytest.mark.parametrize("steps", [1, 3, 17])
def test_play_arrives_after_the_same_time_however_often_it_ticks(steps):
    playback = Playback(20)
    playback.play()
    for _ in range(steps):
        playback.tick(5.5 * seconds_per_timestep(20) / steps)
    assert playback.place == 5


def test_play_stops_at_the_end_and_starts_again_from_the_beginning():
    playback = Playback(4)
    playback.play()
    assert playback.place == 0
    playback.tick(60.0)
    assert playback.position == Position("backward", 1) and not playback.playing
    playback.play()
    assert playback.place == 0


def test_one_timestep_takes_20_to_200_milliseconds():
    assert seconds_per_timestep(5) == 0.2
    assert seconds_per_timestep(50) == 0.05
    assert seconds_per_timestep(201) == 0.02


def test_with_reduced_motion_play_advances_twice_a_second():
    playback = Playback(50)
    playback.reduced_motion = True
    playback.play()
    playback.tick(2.0)
    assert playback.place == 4


def test_speed_moves_in_notches_and_stays_within_them():
    playback = Playback(5)
    for _ in range(9):
        playback.change_speed(1)
    assert playback.speed == 4.0
    for _ in range(9):
        playback.change_speed(-1)
    assert playback.speed == 0.25


@pytest.mark.parametrize(
    ("position", "after"),
    [
        (Position("backward", 1), Position("backward", 1)),
        (Position("backward", 30), Position("backward", 6)),
        (Position("forward", 3), Position("forward", 3)),
        (Position("forward", 51), Position("forward", 6)),
        (Position("loss", 51), Position("loss", 6)),
    ],
)
def test_a_shorter_sequence_keeps_the_position_where_it_can(position, after):
    playback = Playback(51)
    playback.seek(place_of(position, 51))
    playback.fit(6)
    assert playback.position == after


# ----------------------------------------------------------------------------- level Operation

WALKS = st.sampled_from([Walk("rnn", "tanh"), Walk("lstm"), Walk("lstm", "cifg"), Walk("lstm", "noaf"), Walk("gru")])


def at_operations(timesteps, walk=None):
    playback = Playback(timesteps)
    playback.set_walk(walk or Walk("lstm"))
    playback.level = "operation"
    return playback


def test_on_walks_the_operations_and_then_the_next_timestep():
    playback = at_operations(2)
    playback.seek_notch(0)
    seen = []
    for _ in range(playback.notches + 1):
        seen.append((playback.position.stretch, playback.position.t, playback.position.operation))
        playback.move(1)
    forward = [("forward", t, k) for t in (1, 2) for k in range(1, 11)]
    backward = [("backward", t, k) for t in (2, 1) for k in range(1, 11)]
    assert seen == [*forward, ("loss", 2, 0), *backward]
    assert playback.notch == playback.notches  # the end holds


@given(st.integers(1, 30), WALKS, st.data())
def test_a_walk_and_its_reverse_end_where_they_began(timesteps, walk, data):
    playback = at_operations(timesteps, walk)
    playback.seek_notch(data.draw(st.integers(0, playback.notches)))
    start = (playback.notch, playback.place, playback.position)
    moves = []
    for far in data.draw(st.lists(st.sampled_from([1, 1, 1, -1, 7, -5]), max_size=60)):
        if 0 <= playback.notch + far <= playback.notches:
            playback.move(far)
            moves.append(far)
    for far in reversed(moves):
        playback.move(-far)
    assert (playback.notch, playback.place, playback.position) == start


@given(st.integers(1, 30), WALKS, st.data())
def test_notch_and_position_say_the_same_place(timesteps, walk, data):
    playback = at_operations(timesteps, walk)
    notch = data.draw(st.integers(0, playback.notches))
    playback.seek_notch(notch)
    position = playback.position
    playback.seek(0)
    playback.go(position)
    assert playback.notch == notch and playback.position == position
    assert read_position(position.words()).stretch == position.stretch
    if position.stretch != "loss":
        assert read_position(position.words()) == position


@given(st.integers(1, 30), WALKS, WALKS, st.integers(1, 30), st.data())
def test_another_cell_or_length_keeps_the_place_or_the_nearest_there_is(timesteps, walk, other, longer, data):
    playback = at_operations(timesteps, walk)
    playback.seek_notch(data.draw(st.integers(0, playback.notches)))
    before = playback.position
    playback.set_walk(other)
    assert playback.position.t == before.t and playback.position.stretch == before.stretch
    if before.stretch != "loss":
        assert playback.position.operation == min(before.operation, len(other.through(before.stretch == "backward")))
    playback.fit(longer)
    assert 0 <= playback.notch <= playback.notches
    playback.set_walk(walk)
    playback.fit(timesteps)
    if longer >= timesteps:
        assert playback.position == before  # nothing is lost by looking at something else


def test_another_level_shows_the_whole_timestep_and_the_operation_is_found_again():
    playback = at_operations(6)
    playback.go(Position("forward", 4, 8))
    playback.level = "timestep"
    assert playback.position == Position("forward", 4)
    assert playback.operation == 10
    playback.level = "operation"
    assert playback.position == Position("forward", 4, 8)
    playback.level = "timestep"
    playback.move(1)
    playback.level = "operation"
    assert playback.position == Position("forward", 5, 10)


def test_first_and_last_of_a_pass_are_its_first_and_last_operation():
    playback = at_operations(5)
    playback.go(Position("backward", 3, 4))
    playback.first()
    assert playback.position == Position("backward", 5, 1)
    playback.last()
    assert playback.position == Position("backward", 1, 10)
    playback.go(Position("forward", 3, 4))
    playback.last()
    assert playback.position == Position("forward", 5, 10)
    playback.first()
    assert playback.position == Position("forward", 1, 1)


def test_swap_goes_to_the_same_place_of_the_diagram_and_back():
    playback = at_operations(9)
    for operation in range(1, 11):
        playback.go(Position("forward", 4, operation))
        playback.swap()
        there = playback.position
        assert (there.stretch, there.t) == ("backward", 4)
        playback.swap()
        assert playback.position == Position("forward", 4, operation)
    playback.go(Position("forward", 4, 8))
    playback.swap()
    assert playback.position == Position("backward", 4, 3)  # Add


def test_play_walks_the_operations_to_the_end_and_begins_again():
    playback = at_operations(2, Walk("gru"))
    playback.play()
    assert playback.position == Position("forward", 1, 1)
    playback.tick(3.5 * SECONDS_PER_OPERATION)
    assert playback.position == Position("forward", 1, 4)
    playback.tick(1000.0)
    assert playback.position == Position("backward", 1, 5) and not playback.playing


@pytest.mark.parametrize(
    "text", ["", "forward", "forward 0", "forward 7, operation 0", "loss, operation 2", "loss 3", 7]
)
def test_what_is_no_place_is_not_read_as_one(text):
    assert read_position(text) is None


def test_a_value_spreads_along_its_wire_for_320_ms_after_a_step_on_and_at_no_other_time():
    playback = Playback(5)
    playback.level = "operation"
    playback.seek_notch(3)
    assert playback.spread == 1.0
    playback.move(1)
    assert playback.spread == 0.0
    playback.tick(0.16)
    assert playback.spread == pytest.approx(0.5)
    playback.tick(0.17)
    assert playback.spread == 1.0
    playback.move(-1)
    assert playback.spread == 1.0
    playback.reduced_motion = True
    playback.move(1)
    assert playback.spread == 1.0


def test_play_lets_a_value_spread_between_two_operations():
    playback = Playback(5)
    playback.level = "operation"
    playback.seek(0)
    playback.play()
    playback.tick(0.39)
    playback.tick(0.02)
    at = playback.notch
    playback.tick(0.1)
    assert playback.notch == at and 0.0 < playback.spread < 1.0
