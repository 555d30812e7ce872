"""A session is written, read and shown again with the same bits; bad files become one line and change nothing."""

import dataclasses
import json

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.stage.playback import Position
from lstmviz.stage.recovery import GENERATIONS, Recovery
from lstmviz.stage.session import open_session, read_session, save_session, session_bytes, session_of
from lstmviz.stage.stage import Stage
from tests.stage.waiting import same_bits, wait


@pytest.fixture
def stages():
    made = []

    def make():
        made.append(Stage(engine="reference"))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


def test_an_untrained_session_comes_back_with_the_same_bits_playhead_lab_and_selection(stages, tmp_path):
    first, second = stages(), stages()
    first.change({"gap": 12, "cells": ("lstm", "gru"), "hidden": 5, "seed": 3, "lstm.forget_bias": "chrono"})
    first.open_lab("inspect")
    first.select(network="gru", unit=2)
    first.tick(0.0)
    first.seek(7)
    wait(first)
    save_session(first, tmp_path / "a.lstmviz")
    open_session(second, read_session(tmp_path / "a.lstmviz"))
    wait(second)
    same_bits(first, second)
    assert second.playback.position == first.playback.position
    assert (second.lab, second.selection) == ("inspect", first.selection)


@pytest.mark.parametrize(
    ("level", "told", "position"),
    [
        ("operation", "forward 7, operation 8", Position("forward", 7, 8)),
        ("operation", "backward 2, operation 1", Position("backward", 2, 1)),
        ("operation", "loss", Position("loss", 13)),
        ("timestep", "forward 7", Position("forward", 7)),
    ],
)
def test_the_operation_comes_back_with_its_numbers(stages, tmp_path, level, told, position):
    first, second = stages(), stages()
    first.change({"gap": 12, "cells": ("lstm",), "hidden": 5})
    first.select(network="lstm", unit=2)
    wait(first)
    first.set_level(level)
    first.go_to(position)
    wait(first)
    save_session(first, tmp_path / "o.lstmviz")
    assert json.loads((tmp_path / "o.lstmviz").read_text())["playhead"] == told
    open_session(second, read_session(tmp_path / "o.lstmviz"))
    wait(second)
    assert second.frame.position == position and second.frame.level == level
    one, other = first.cell.part(first.frame), second.cell.part(second.frame)
    assert one.values == other.values and one.gradients == other.gradients and one.current == other.current


def test_an_operation_that_the_cell_does_not_have_becomes_its_last(stages, tmp_path):
    first = stages()
    first.change({"cells": ("rnn",)})
    wait(first)
    tree = json.loads(session_bytes(session_of(first)))
    tree |= {"playhead": "forward 2, operation 8", "level": "operation"}
    (tmp_path / "r.lstmviz").write_text(json.dumps(tree))
    open_session(first, read_session(tmp_path / "r.lstmviz"))
    wait(first)
    assert first.frame.position == Position("forward", 2, 3)


def test_a_trained_session_is_trained_again_to_the_same_bits_at_the_update_on_show(stages, tmp_path):
    first, second = stages(), stages()
    first.change({"gap": 6, "cells": ("rnn", "lstm"), "hidden": 4})
    first.train(20)
    wait(first)
    first.desk.set_recipe(learning_rate=0.01, batch=8)
    first.train(13)
    wait(first)
    first.desk.seek(27)
    wait(first)
    save_session(first, tmp_path / "b.lstmviz")
    open_session(second, read_session(tmp_path / "b.lstmviz"))
    wait(second)
    same_bits(first, second)
    assert (second.desk.trained, second.desk.update) == (33, 27)
    for a, b in zip(first.frame.training.losses, second.frame.training.losses, strict=True):
        np.testing.assert_array_equal(a, b)


def test_opening_a_session_is_one_undo_entry(stages, tmp_path):
    stage, other = stages(), stages()
    other.change({"gap": 9})
    other.tick(0.0)
    save_session(other, tmp_path / "c.lstmviz")
    stage.change({"gap": 4})
    wait(stage)
    open_session(stage, read_session(tmp_path / "c.lstmviz"))
    wait(stage)
    assert stage.settings.gap == 9
    stage.undo()
    wait(stage)
    assert stage.settings.gap == 4


def test_reading_gives_what_was_written_and_writing_again_the_same_bytes(stages, tmp_path):
    stage = stages()
    stage.change({"gap": 8, "gain": 0.7})
    wait(stage)
    path = tmp_path / "d.lstmviz"
    save_session(stage, path)
    assert read_session(path) == session_of(stage)
    assert session_bytes(read_session(path)) == path.read_bytes()


def test_a_session_is_small_and_holds_no_path(stages, tmp_path):
    stage = stages()
    stage.train(5)
    wait(stage)
    text = session_bytes(session_of(stage)).decode()
    assert len(text) < 4000
    assert str(tmp_path) not in text and "/" not in text.replace("lstmviz.session/2", "")


GOOD = {
    "schema": "lstmviz.session/1",
    "settings": {"gap": 5},
    "playhead": "backward 1",
    "level": "timestep",
    "lab": "race",
    "selection": {"network": "lstm", "unit": 1},
}
RECIPE = {"from": 0}
CUT = {"kind": "cut", "network": "rnn", "source": 1, "target": 2}
CLAMP = {"kind": "clamp", "network": "lstm", "quantity": "f", "timesteps": [1, 3], "values": [0.5]}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            {"schema": "lstmviz.session/3"},
            r"schema: lstmviz.session/3 is unknown \(lstmviz.session/1, lstmviz.session/2\)",
        ),
        ({"colour": 1}, r"unknown key colour"),
        ({"settings": {"gap": 5, "lag": 2}}, r"settings: unknown key lag"),
        ({"settings": {"hidden": 9999}}, r"settings: hidden: 9999 is too large"),
        ({"settings": {"task": "own-3f2a"}}, r"the data of own-3f2a is not open \(open its table or text first"),
        ({"settings": []}, r"settings: this is no object"),
        ({"playhead": "backward 7"}, r"playhead: backward 7 is no place \(forward 1 to 6, loss, backward 1 to 6\)"),
        ({"playhead": "backward ²"}, r"playhead: backward ² is no place"),
        ({"playhead": 3}, r"playhead: 3 is no place"),
        ({"lab": "kitchen"}, r"lab: kitchen is unknown \(race"),
        ({"selection": {"network": "lstm", "unit": 0}}, r"selection: unit: 0 is out of range"),
        ({"selection": {"network": "lstm", "unit": True}}, r"selection: unit: True is out of range"),
        ({"ghost": 1}, r"ghost: 1 is neither true nor false"),
        ({"interventions": {}}, r"interventions: this is no list of interventions \(at most 1100\)"),
        ({"interventions": [CUT] * 1101}, r"interventions: this is no list of interventions"),
        ({"interventions": [3]}, r"interventions: 1: this is no object"),
        ({"interventions": [CUT, {}]}, r"interventions: 2: kind: None is unknown \(clamp, freeze, edit, cut, input\)"),
        ({"interventions": [{"kind": "cut", "network": "rnn"}]}, r"1: there is no source \(network, source, target\)"),
        ({"interventions": [CUT | {"colour": 1}]}, r"1: unknown key colour \(kind, network, source, target, on\)"),
        ({"interventions": [CUT | {"source": 0}]}, r"1: source: 0 is out of range \(1 to 512\)"),
        ({"interventions": [CUT | {"source": 1.5}]}, r"1: source: 1.5 is of the wrong kind \(a whole number\)"),
        ({"interventions": [CUT | {"on": "yes"}]}, r"1: on: yes is of the wrong kind \(true, false\)"),
        ({"interventions": [CUT | {"network": ["rnn"]}]}, r"1: network: .* is of the wrong kind \(a word\)"),
        ({"interventions": [CLAMP | {"network": "vax"}]}, r"1: network: vax is unknown"),
        ({"interventions": [CLAMP | {"quantity": "q"}]}, r"1: quantity: q is unknown \(i, f, g, o, c, h\)"),
        ({"interventions": [CLAMP | {"timesteps": [3]}]}, r"1: timesteps: .* is of the wrong kind \(2 whole numbers\)"),
        ({"interventions": [CLAMP | {"timesteps": [3, 2]}]}, r"1: timesteps: 2 is out of range \(3 to 10000\)"),
        ({"interventions": [CLAMP | {"timesteps": [1, True]}]}, r"1: timesteps: True is of the wrong kind"),
        ({"interventions": [CLAMP | {"values": []}]}, r"1: values: .* is of the wrong kind \(a list of numbers\)"),
        ({"interventions": [CLAMP | {"values": [2]}]}, r"1: value: 2.0 is out of range \(0 to 1\)"),
        ({"interventions": [CLAMP | {"values": [0.1, 0.1]}]}, r"1: values: there are 2 values \(1, or one for each"),
        ({"interventions": [CLAMP | {"values": ["a"]}]}, r"1: values: a is of the wrong kind \(a number\)"),
        ({"interventions": [CLAMP | {"units": [0]}]}, r"1: unit: 0 is out of range \(1 to 512\)"),
        ({"interventions": [CLAMP | {"units": []}]}, r"1: units: .* is of the wrong kind"),
        ({"interventions": [{"kind": "input", "timestep": 1, "values": [1e999]}]}, r"."),
        (
            {"interventions": [{"kind": "input", "timestep": 1, "values": [10**400]}]},
            r"1: values: .* of the wrong kind",
        ),
        ({"training": {"trained": 3, "recipes": []}}, r"training: recipes: this is no list of recipes"),
        (
            {"training": {"trained": 3, "update": 4, "recipes": [RECIPE]}},
            r"training: update: 4 is out of range \(0 to 3\)",
        ),
        ({"training": {"trained": -1, "recipes": [RECIPE]}}, r"training: trained: -1 is out of range"),
        ({"training": {"trained": 3, "recipes": [{"from": 1}]}}, r"recipe 1: from: 1 is out of range \(0 to 0\)"),
        ({"training": {"trained": 3, "recipes": [RECIPE, {"from": 0}]}}, r"recipe 2: from: 0 is out of range"),
        (
            {"training": {"trained": 3, "recipes": [{"from": 0, "batch": 1.5}]}},
            r"recipe 1: batch: 1.5 is of the wrong kind",
        ),
        (
            {"training": {"trained": 3, "recipes": [{"from": 0, "clip": "1"}]}},
            r"recipe 1: clip: 1 is of the wrong kind",
        ),
        (
            {"training": {"trained": 3, "recipes": [{"from": 0, "learning_rate": -1}]}},
            r"learning_rate: -1.0 is out of range",
        ),
        ({"training": {"trained": 3, "recipes": [{"from": 0, "schedule": {"kind": "up"}}]}}, r"kind: up is unknown"),
    ],
)
def test_a_malformed_session_is_refused_in_one_line_that_says_where(tmp_path, change, line):
    path = tmp_path / "bad.lstmviz"
    path.write_text(json.dumps(GOOD | change), encoding="utf-8")
    with pytest.raises(BadInput, match=line) as caught:
        read_session(path)
    assert "\n" not in str(caught.value) and str(caught.value).startswith(str(path))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"schema": NaN}', "[" * 100])
def test_what_is_no_session_at_all_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "bad.lstmviz"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        read_session(path)


def test_what_a_crash_left_is_offered_once_and_shows_the_same_bits(stages, tmp_path):
    crashed, fresh = stages(), stages()
    recovery = Recovery(crashed, tmp_path / "kept")
    assert recovery.left is None
    crashed.change({"gap": 11})
    wait(crashed)
    recovery.tick(59.0)
    assert not (tmp_path / "kept").exists()
    recovery.tick(1.5)
    after = Recovery(fresh, tmp_path / "kept")
    assert after.left is not None
    open_session(fresh, after.left)
    wait(fresh)
    same_bits(crashed, fresh)
    assert Recovery(stages(), tmp_path / "kept").left is None


def test_three_generations_are_kept_and_a_proper_end_leaves_none(stages, tmp_path):
    stage = stages()
    recovery = Recovery(stage, tmp_path)
    for gap in (4, 5, 6, 7, 8):
        stage.change({"gap": gap})
        wait(stage)
        recovery.keep()
    kept = [read_session(tmp_path / f"session-{n}.lstmviz").settings.gap for n in range(1, GENERATIONS + 1)]
    assert kept == [8, 7, 6]
    recovery.close()
    assert not list(tmp_path.iterdir())


def test_a_torn_generation_is_passed_over(stages, tmp_path):
    stage = stages()
    recovery = Recovery(stage, tmp_path)
    for gap in (4, 5):
        stage.change({"gap": gap})
        wait(stage)
        recovery.keep()
    newest = tmp_path / "session-1.lstmviz"
    newest.write_bytes(newest.read_bytes()[:40])
    left = Recovery(stages(), tmp_path).left
    assert left is not None and left.settings.gap == 4


def test_an_unchanged_session_is_not_written_again(stages, tmp_path):
    stage = stages()
    recovery = Recovery(stage, tmp_path)
    recovery.keep()
    before = (tmp_path / "session-1.lstmviz").stat().st_mtime_ns
    recovery.keep()
    assert (tmp_path / "session-1.lstmviz").stat().st_mtime_ns == before
    assert not (tmp_path / "session-2.lstmviz").exists()


def test_a_session_value_is_frozen(stages):
    with pytest.raises(dataclasses.FrozenInstanceError):
        session_of(stages()).level = "update"
