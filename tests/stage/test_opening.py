"""The stage that ``--set`` asks for."""

import pytest

from lstmviz.files import BadInput
from lstmviz.lab.tasks import TASKS
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.opening import open_stage
from lstmviz.stage.playback import Position
from lstmviz.stage.stage import START


def opened(**changes):
    stage = open_stage({key.replace("__", "."): value for key, value in changes.items()}, engine="reference")
    stage.close()
    return stage


def test_without_changes_it_is_the_start_up_state():
    stage = opened()
    assert stage.settings == START
    assert stage.frame.pristine
    assert stage.frame.position == Position("backward", 1)


def test_settings_are_read_from_text():
    stage = opened(gap="30", lstm__forget_bias="chrono", cells="rnn,gru", gain="1.5")
    assert (stage.settings.gap, stage.settings.gain) == (30, 1.5)
    assert stage.settings.forget_bias == "chrono"
    assert stage.frame.comparison.settings == stage.settings
    assert not stage.frame.pristine


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("forward 3", Position("forward", 3)),
        ("forward end", Position("forward", 21)),
        ("loss", Position("loss", 21)),
        ("backward 17", Position("backward", 17)),
        ("backward end", Position("backward", 1)),
    ],
)
def test_the_playhead_is_placed_in_words(words, position):
    assert opened(gap="20", playhead=words).frame.position == position


@pytest.mark.parametrize(
    ("changes", "looked_at"),
    [
        ({}, ("lstm", 0)),
        ({"unit": "16"}, ("lstm", 15)),
        ({"network": "rnn", "unit": "3"}, ("rnn", 2)),
        ({"cells": "rnn,gru", "network": "gru"}, ("gru", 0)),
        ({"network": "rnn", "operation": "3", "playhead": "forward 2"}, ("rnn", 0)),
    ],
)
def test_the_network_and_the_unit_to_look_at_are_chosen(changes, looked_at):
    selection = opened(**changes).frame.selection
    assert (selection.network, selection.unit) == looked_at


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"network": "gru"}, r"network: there is no gru \(rnn, lstm\)"),
        ({"unit": "0"}, r"unit: there is no unit 0 \(1 to 16\)"),
        ({"unit": "17"}, r"unit: there is no unit 17 \(1 to 16\)"),
        ({"unit": "a"}, r"unit: there is no unit a"),
        ({"network": "rnn", "operation": "4"}, r"operation: there is no operation 4 \(1 to 3\)"),
    ],
)
def test_a_network_or_unit_that_is_not_there_is_refused(changes, wrong):
    with pytest.raises(BadInput, match=wrong):
        opened(**changes)


@pytest.mark.parametrize(
    ("changes", "position", "name"),
    [
        ({"playhead": "forward 7", "operation": "8"}, Position("forward", 7, 8), "Add"),
        ({"level": "operation", "playhead": "forward 7", "operation": "8"}, Position("forward", 7, 8), "Add"),
        ({"playhead": "backward 7, operation 3"}, Position("backward", 7, 3), "Add"),
        ({"operation": "10"}, Position("backward", 1, 10), "Leave"),
        ({"cells": "gru", "playhead": "forward 1", "operation": "5"}, Position("forward", 1, 5), "Mix"),
    ],
)
def test_an_operation_is_chosen_by_its_number(changes, position, name):
    frame = opened(gap="20", **changes).frame
    assert (frame.level, frame.position) == ("operation", position)
    assert frame.operations[frame.operation - 1] == name


@pytest.mark.parametrize(
    "changes", [{"operation": "0"}, {"operation": "11"}, {"operation": "-1"}, {"playhead": "loss", "operation": "1"}]
)
def test_an_operation_that_is_not_there_is_refused(changes):
    with pytest.raises(BadInput):
        opened(gap="20", **changes)


@pytest.mark.parametrize("words", ["", "7", "sideways 3", "forward", "forward 0", "backward 22", "loss 3", "forward ²"])
def test_other_words_are_refused(words):
    with pytest.raises(BadInput):
        opened(gap="20", playhead=words)


def test_a_lesson_decides_and_the_other_keys_change_it():
    path = str(shipped_lessons()[0])
    page = opened(lesson=path, page="2").frame.lesson
    assert page.page == 1
    changed = opened(lesson=path, page="2", seed="9")
    assert changed.settings.seed == 9
    assert changed.frame.lesson.page == 1


def test_a_long_comparison_is_waited_for():
    stage = opened(gap="150", hidden="128")
    assert stage.frame.comparison.settings == stage.settings
    assert stage.frame.busy == ""


def test_a_file_of_own_data_becomes_the_task(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("day,level\n" + "".join(f"d{k},{k * k % 29}\n" for k in range(90)))
    stage = open_stage({"data": str(path), "column": "level", "horizon": "2", "gap": "9"}, engine="reference")
    try:
        task = TASKS[stage.settings.task]
        assert task.title == "a.csv: level" and task.question == "2 rows later?" and stage.frame.timesteps == 10
    finally:
        del TASKS[stage.settings.task]


@pytest.mark.parametrize(("key", "value"), [("horizon", "0"), ("horizon", "x"), ("column", "no such")])
def test_own_data_that_cannot_be_opened_is_refused(tmp_path, key, value):
    path = tmp_path / "a.csv"
    path.write_text("".join(f"{k % 7}\n" for k in range(90)))
    with pytest.raises(BadInput):
        open_stage({"data": str(path), key: value}, engine="reference")
