"""Sessions hold the files behind them, what each lab was asked for, and the bets; malformed ones become one line."""

import base64
import json

import numpy as np
import pytest

from lstmviz.files import BadInput, atomic_save, caps, safetensors_bytes
from lstmviz.lab.network import GRU, LSTM
from lstmviz.lab.opened import open_network
from lstmviz.lab.stack import Stack
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.weights import tensors_of_network, weights_bytes
from lstmviz.stage import session_files
from lstmviz.stage.opened import open_weights
from lstmviz.stage.own_data import show_own_data
from lstmviz.stage.recovery import Recovery
from lstmviz.stage.session import open_session, read_session, save_session, session_bytes, session_of
from lstmviz.stage.stage import Stage
from tests.stage.waiting import same_bits, wait


@pytest.fixture
def stages():
    made, known = [], set(TASKS)

    def make():
        made.append(Stage(engine="reference"))
        return made[-1]

    yield make
    for stage in made:
        stage.close()
    for name in set(TASKS) - known:
        del TASKS[name]


def weights(folder, network, outputs=2, name="net.safetensors"):
    rng = np.random.default_rng(5)
    fc = {"fc.weight": rng.normal(size=(outputs, network.width)), "fc.bias": rng.normal(size=outputs)}
    atomic_save(folder / name, weights_bytes(network, fc))
    return folder / name


@pytest.mark.parametrize("trained", [0, 7])
def test_a_session_with_opened_weights_shows_the_same_bits_where_the_file_is_not(stages, tmp_path, trained):
    first, second = stages(), stages()
    path = weights(tmp_path, Stack.of(GRU, 8, 5, layers=2, bidirectional=True, seed=4))
    open_weights(first, path)
    wait(first)
    if trained:
        first.train(trained)
        wait(first)
    save_session(first, tmp_path / "a.lstmviz")
    path.unlink()
    open_session(second, read_session(tmp_path / "a.lstmviz"))
    wait(second)
    same_bits(first, second)
    assert second.frame.opened == first.frame.opened and second.frame.opened.name == "net.safetensors"
    assert second.desk.trained == trained
    assert session_bytes(session_of(second)) == (tmp_path / "a.lstmviz").read_bytes()


def test_random_numbers_are_known_again(stages, tmp_path):
    first, second = stages(), stages()
    open_weights(first, weights(tmp_path, LSTM(113, 3)))
    wait(first)
    save_session(first, tmp_path / "a.lstmviz")
    del TASKS["random-113"]
    open_session(second, read_session(tmp_path / "a.lstmviz"))
    wait(second)
    same_bits(first, second)


def show_data(stage, folder, kind):
    if kind == "table":
        path = folder / "weather.csv"
        rows = np.random.default_rng(1).normal(size=90)
        path.write_text("day,sun\n" + "".join(f"d{k},{value!r}\n" for k, value in enumerate(rows.tolist())))
        show_own_data(stage, path, "sun", 2)
    else:
        path = folder / "poem.txt"
        path.write_text("the “sun” & the rain\n" * 40, encoding="utf-8")
        show_own_data(stage, path)
    wait(stage)
    return path


@pytest.mark.parametrize("kind", ["table", "text"])
def test_a_session_with_own_data_shows_the_same_bits_where_the_data_are_not(stages, tmp_path, kind):
    first, second = stages(), stages()
    path = show_data(first, tmp_path, kind)
    title = TASKS[first.settings.task].title
    save_session(first, tmp_path / "a.lstmviz")
    path.unlink()
    about = TASKS.pop(first.settings.task).about
    open_session(second, read_session(tmp_path / "a.lstmviz"))
    wait(second)
    same_bits(first, second)
    assert TASKS[second.settings.task].title == title and TASKS[second.settings.task].about == about
    assert read_session(tmp_path / "a.lstmviz") == session_of(second)


def test_what_is_too_large_is_found_beside_the_session_or_open_and_else_asked_for(stages, tmp_path, monkeypatch):
    monkeypatch.setattr(caps, "SESSION_WEIGHTS_BYTES", 100)
    monkeypatch.setattr(caps, "SESSION_DATA_BYTES", 100)
    stage = stages()
    data = tmp_path / "a.csv"
    data.write_text("".join(f"{k * k % 29}\n" for k in range(90)))
    show_own_data(stage, data)
    open_weights(stage, weights(tmp_path, LSTM(1, 4), 1))
    wait(stage)
    save_session(stage, tmp_path / "a.lstmviz")
    text = (tmp_path / "a.lstmviz").read_text()
    assert len(text) < 2000 and "sha256" in text and str(tmp_path) not in text
    del TASKS[stage.settings.task]
    found = read_session(tmp_path / "a.lstmviz")
    assert found.opened == stage.opened
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.lstmviz").write_text(text)
    assert read_session(elsewhere / "a.lstmviz", stage.opened).opened == stage.opened  # data and weights are open now
    with pytest.raises(BadInput, match=r"opened: the weights of net.safetensors are too large for a session"):
        read_session(elsewhere / "a.lstmviz")
    del TASKS[stage.settings.task]
    with pytest.raises(BadInput, match=r"data: the data of a.csv are too large for a session, and are not beside it"):
        read_session(elsewhere / "a.lstmviz")
    data.rename(elsewhere / "a.csv")
    (elsewhere / "a.csv").write_text("7\n" * 3 + "".join(f"{k * k % 29}\n" for k in range(90)))
    with pytest.raises(BadInput, match=r"data of a.csv"):  # another table of the same name
        read_session(elsewhere / "a.lstmviz")
    assert stage.settings.task not in TASKS


def test_large_weights_survive_a_crash_and_a_proper_end_leaves_nothing(stages, tmp_path, monkeypatch):
    monkeypatch.setattr(caps, "SESSION_WEIGHTS_BYTES", 100)
    stage = stages()
    path = weights(tmp_path, LSTM(8, 4))
    open_weights(stage, path)
    wait(stage)
    recovery = Recovery(stage, tmp_path / "kept")
    recovery.keep()
    path.unlink()
    left = Recovery(stages(), tmp_path / "kept").left
    assert left is not None and left.opened.data == stage.opened.data and left.opened.name == "net.safetensors"
    recovery.keep()
    recovery.close()
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["session-left.lstmviz"]


@pytest.mark.parametrize("kind", ["table", "text"])
def test_large_data_survive_a_crash_too(stages, tmp_path, monkeypatch, kind):
    monkeypatch.setattr(caps, "SESSION_DATA_BYTES", 100)
    first, second = stages(), stages()
    path = show_data(first, tmp_path, kind)
    recovery = Recovery(first, tmp_path / "kept")
    recovery.keep()
    recovery.keep()
    path.unlink()
    title = TASKS.pop(first.settings.task).title
    left = Recovery(second, tmp_path / "kept").left
    assert left is not None
    open_session(second, left)
    wait(second)
    same_bits(first, second)
    assert TASKS[second.settings.task].title == title
    recovery.close()
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["session-left.lstmviz"]


def test_what_each_lab_was_asked_for_comes_back_and_is_usual_where_nothing_is_said(stages, tmp_path):
    first, second = stages(), stages()
    first.change({"gap": 12, "cells": ("lstm", "gru")})
    wait(first)
    inspect, map_ = first.labs.desk("inspect"), first.labs.desk("map")
    inspect.colour_text_by("f")
    inspect.show_beside("gru")
    inspect.tick_panel("g", False)
    inspect.sort(True)
    inspect.set_threshold(0.25)
    inspect.brush(3, 7)
    map_.choose(4, 9)
    map_.set_by("c")
    map_.set_lower("paths")
    first.labs.desk("claims").put_votes({"claim 3": True})
    first.open_lab("map")
    wait(first)
    save_session(first, tmp_path / "a.lstmviz")
    second.labs.desk("inspect").sort(False)
    open_session(second, read_session(tmp_path / "a.lstmviz"))
    wait(second)
    for lab, names in (
        ("inspect", ("colour_by", "beside", "hidden", "similar", "threshold", "brushed")),
        ("map", ("start", "end", "by", "norm", "lower")),
        ("claims", ("votes",)),
    ):
        for name in names:
            assert getattr(second.labs.desk(lab), name) == getattr(first.labs.desk(lab), name), (lab, name)
    assert (second.frame.part.start, second.frame.part.end) == (first.frame.part.start, first.frame.part.end) == (4, 9)
    assert session_bytes(session_of(second)) == (tmp_path / "a.lstmviz").read_bytes()
    (tmp_path / "b.lstmviz").write_text('{"schema": "lstmviz.session/1"}')
    open_session(second, read_session(tmp_path / "b.lstmviz"))
    wait(second)
    assert second.labs.desk("inspect").threshold is None and second.labs.desk("map").start == 1
    assert second.labs.desk("claims").votes == {}


def test_bets_come_back_also_after_training(stages, tmp_path):
    first, second = stages(), stages()
    first.change({"cells": ("rnn", "lstm"), "hidden": 4})
    first.bet("rnn", False)
    first.bet("lstm", True)
    first.train(3)
    wait(first)
    save_session(first, tmp_path / "a.lstmviz")
    open_session(second, read_session(tmp_path / "a.lstmviz"))
    wait(second)
    assert second.desk.learning.bets == {"rnn": False, "lstm": True}


def test_a_session_of_the_first_version_still_opens(stages, tmp_path):
    text = """{"schema": "lstmviz.session/1", "settings": {"task": "recall", "gap": 9, "hidden": 5, "seed": 3},
      "playhead": "forward 4", "level": "timestep", "lab": "inspect", "selection": {"network": "rnn", "unit": 2},
      "updates": 40, "training": {"engine": "reference", "trained": 2, "update": 1, "recipes": [{"from": 0}]}}"""
    (tmp_path / "old.lstmviz").write_text(text)
    stage = stages()
    open_session(stage, read_session(tmp_path / "old.lstmviz"))
    wait(stage)
    assert (stage.settings.gap, stage.lab, stage.desk.trained, stage.desk.update) == (9, "inspect", 2, 1)


GOOD = {"schema": "lstmviz.session/2", "settings": {"gap": 5, "hidden": 4, "cells": ["lstm"]}}
TENSORS = tensors_of_network(LSTM(8, 4))


def packed(tensors):
    return base64.b64encode(safetensors_bytes(tensors)).decode()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"opened": 3}, r"opened: this is no object"),
        ({"opened": {}}, r"opened: file: this is no text"),
        ({"opened": {"file": "a", "colour": 1}}, r"opened: unknown key colour"),
        ({"opened": {"file": "a"}}, r"opened: sha256: this is no text"),
        ({"opened": {"file": "../a.npz", "sha256": "0"}}, r"opened: the weights of \.\./a.npz are too large"),
        ({"opened": {"file": "a", "weights": "§"}}, r"opened: weights: this is no base64"),
        ({"opened": {"file": "a", "weights": "abc"}}, r"opened: weights: this is no base64"),
        ({"opened": {"file": "a", "weights": "aGVsbG8="}}, r"opened: "),
        ({"opened": {"file": "a", "weights": packed({"a": np.zeros(2)})}}, r"opened: .*no recurrent layer"),
        (
            {"opened": {"file": "a", "weights": packed(TENSORS | {"weight_hh_l0": TENSORS["weight_hh_l0"][:3]})}},
            r"opened: tensor \"weight_hh_l0\": shape",
        ),
        (
            {"opened": {"file": "a", "weights": packed(tensors_of_network(LSTM(8, 5)))}},
            r"opened: the network does not fit the settings",
        ),
        ({"settings": {"task": "random-0"}}, r"settings: task: random-0 is unknown"),
        ({"settings": {"task": "random-257"}}, r"settings: task: random-257 is unknown"),
        ({"settings": {"task": "own-3f2a"}}, r"settings: task: the data of own-3f2a is not open"),
        ({"settings": {"task": "own-3f2a"}, "data": []}, r"data: this is no object"),
        ({"settings": {"task": "own-3f2a"}, "data": {"file": 7}}, r"data: file: this is no text"),
        (
            {"settings": {"task": "own-3f2a"}, "data": {"file": "a.csv", "horizon": -1}},
            r"data: horizon: -1 is out of range",
        ),
        (
            {"settings": {"task": "own-3f2a"}, "data": {"file": "a.csv", "horizon": 1, "numbers": "1 2 x"}},
            r"data: numbers: these are not all numbers",
        ),
        (
            {"settings": {"task": "own-3f2a"}, "data": {"file": "a.csv", "horizon": 1, "numbers": "1 inf"}},
            r"data: numbers: these are not all numbers",
        ),
        (
            {"settings": {"task": "own-3f2a"}, "data": {"file": "a.csv", "horizon": 1, "numbers": "1 2 3"}},
            r"data: .*the column has 3 numbers",
        ),
        (
            {"settings": {"task": "own-3f2a"}, "data": {"file": "a.csv", "horizon": 0, "numbers": "1 2 3"}},
            r"data: horizon: 0 is out of range \(1 to 1000\)",
        ),
        (
            {"settings": {"task": "own-3f2a"}, "data": {"file": "a.txt", "text": "abcd" * 200}},
            r"data: these are not the data that were saved",
        ),
        ({"settings": {"task": "own-3f2a"}, "data": {"file": "a.txt", "text": 5}}, r"data: text: this is no text"),
        ({"settings": {"task": "own-3f2a"}, "data": {"file": "/etc/passwd"}}, r"data: the data of /etc/passwd are too"),
        ({"labs": []}, r"labs: this is no object"),
        ({"labs": {"kitchen": {}}}, r"labs: unknown key kitchen"),
        ({"labs": {"map": {"colour": 1}}}, r"labs: map: unknown key colour"),
        ({"labs": {"map": {"start": 0}}}, r"labs: map: start: 0 is out of range"),
        ({"labs": {"map": {"by": "x"}}}, r"labs: map: by: x is unknown \(h, c\)"),
        ({"labs": {"inspect": {"hidden": "f"}}}, r"labs: inspect: hidden: this is no list"),
        ({"labs": {"inspect": {"hidden": ["q"]}}}, r"labs: inspect: hidden: q is unknown"),
        ({"labs": {"inspect": {"threshold": True}}}, r"labs: inspect: threshold: True is not a number"),
        ({"labs": {"inspect": {"brushed": [5, 3]}}}, r"labs: inspect: brushed: this is no span"),
        ({"labs": {"inspect": {"similar": 1}}}, r"labs: inspect: similar: 1 is neither true nor false"),
        ({"labs": {"claims": {"votes": [1]}}}, r"labs: claims: votes: these are no votes"),
        ({"labs": {"claims": {"votes": {"claim 1": "yes"}}}}, r"claim 1: yes is neither true nor false"),
        ({"bets": {"rnn": 1}}, r"bets: rnn: 1 is neither true nor false"),
        ({"bets": {"cnn": True}}, r"bets: unknown key cnn"),
    ],
)
def test_a_malformed_part_is_refused_in_one_line_that_says_where_and_leaves_no_task(tmp_path, change, line):
    path, before = tmp_path / "bad.lstmviz", set(TASKS)
    path.write_text(json.dumps(GOOD | change), encoding="utf-8")
    with pytest.raises(BadInput, match=line) as caught:
        read_session(path)
    assert "\n" not in str(caught.value) and str(caught.value).startswith(str(path))
    assert set(TASKS) == before


def test_data_of_a_session_that_is_refused_later_are_not_kept(stages, tmp_path):
    stage = stages()
    text = tmp_path / "poem.txt"
    text.write_text("the sun & the rain\n" * 40)
    show_own_data(stage, text)
    save_session(stage, tmp_path / "a.lstmviz")
    TASKS.pop(stage.settings.task)
    tree = json.loads((tmp_path / "a.lstmviz").read_text()) | {"bets": 5}
    (tmp_path / "b.lstmviz").write_text(json.dumps(tree))
    with pytest.raises(BadInput, match="bets"):
        read_session(tmp_path / "b.lstmviz")
    assert stage.settings.task not in TASKS
    TASKS[stage.settings.task] = session_files.open_data(text)  # for the stage, which still shows it


def test_weights_within_the_cap_are_in_the_file_and_above_it_are_not(tmp_path):
    found = open_network(weights(tmp_path, LSTM(8, 4)))
    assert "weights" in session_files.weights_tree(found)
    whole = len(session_files.weights_tree(found)["weights"]) / len(found.data) * caps.SESSION_WEIGHTS_BYTES
    assert whole + 2 * caps.SESSION_DATA_BYTES < caps.SESSION_BYTES * 1.12
