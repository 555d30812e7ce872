"""A session that holds weights and data, changed at random, is read or refused in one line, and nothing else."""

import json

import numpy as np
import pytest

from lstmviz.files import BadInput, atomic_save
from lstmviz.lab.network import LSTM
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.weights import weights_bytes
from lstmviz.stage.hands import Clamp, InputEdit
from lstmviz.stage.opened import open_weights
from lstmviz.stage.own_data import show_own_data
from lstmviz.stage.session import read_session, save_session
from lstmviz.stage.stage import Stage

MUTANTS = 150
WORDS = ["", "null", "true", "-1", "1e400", "9" * 30, '"x"', "[]", "{}", "[[[[]]]]", "1.5", '"\\ud800"', '"../a"', "§"]


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder, known = tmp_path_factory.mktemp("session"), set(TASKS)
    stage = Stage(engine="reference")
    data = folder / "a.csv"
    data.write_text("".join(f"{k * k % 29}\n" for k in range(90)))
    show_own_data(stage, data)
    atomic_save(folder / "net.safetensors", weights_bytes(LSTM(1, 3)))
    open_weights(stage, folder / "net.safetensors")
    stage.tick(0.0)
    stage.intervene(Clamp("lstm", "f", 2, 3, (0.5,)))
    stage.intervene(InputEdit(2, (0.25,)))
    stage.labs.desk("inspect").set_threshold(0.5)
    stage.desk.learning.bets["lstm"] = True
    stage.tick(0.0)
    save_session(stage, folder / "a.lstmviz")
    stage.close()
    yield (folder / "a.lstmviz").read_bytes()
    for name in set(TASKS) - known:
        del TASKS[name]


def held(path):
    """Read it, or see it refused in one line."""
    before = dict(TASKS)
    try:
        read_session(path)
    except BadInput as error:
        assert "\n" not in str(error) and str(error).startswith(str(path))
        assert before == TASKS


@pytest.mark.parametrize("seed", range(4))
def test_bytes_changed_at_random_are_read_or_refused_in_one_line(good, tmp_path, seed):
    rng = np.random.default_rng(seed)
    for _ in range(MUTANTS // 4):
        changed = bytearray(good)
        for _ in range(int(rng.integers(1, 6))):
            at = int(rng.integers(len(changed)))
            kind = rng.integers(3)
            if kind == 0:
                changed[at] = int(rng.integers(256))
            elif kind == 1:
                del changed[at : at + int(rng.integers(1, 40))]
            else:
                changed[at:at] = WORDS[int(rng.integers(len(WORDS)))].encode("utf-8", "surrogatepass")
        path = tmp_path / "mutant.lstmviz"
        path.write_bytes(bytes(changed))
        held(path)


@pytest.mark.parametrize("seed", range(4))
def test_values_changed_at_random_are_read_or_refused_in_one_line(good, tmp_path, seed):
    rng, values = np.random.default_rng(seed), [None, True, -1, 0, 3.5, 10**30, "", "x", [], {}, [1, 2], {"a": 1}]
    for _ in range(MUTANTS // 2):
        tree = json.loads(good)
        node, key = tree, None
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = keys[int(rng.integers(len(keys)))]
            if not isinstance(node[key], dict | list) or not node[key] or rng.random() < 0.3:
                break
            node = node[key]
        node[key] = values[int(rng.integers(len(values)))]
        path = tmp_path / "mutant.lstmviz"
        path.write_text(json.dumps(tree), encoding="utf-8")
        held(path)
