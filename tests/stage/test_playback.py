"""The playhead: one walk through both passes, and back."""

import pytest

from lstmviz.stage.playback import Playback, Position, place_of, position_at, seconds_per_timestep


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
