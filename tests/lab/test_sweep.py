"""A sweep writes each run down as it is finished, goes on after any end, and finds the same in every backend."""

import json
import math
import os
import subprocess
import sys
import threading
import time

import pytest

from lstmviz.cli import main
from lstmviz.files import BadInput
from lstmviz.lab.sweep import Job, Record, Sweep, one_run, read_records
from lstmviz.lab.sweep_spec import parse_spec
from lstmviz.lab.workers import run_all
from tests.lab.test_workers_dask import with_cluster
from tests.sources import ROOT

TINY = """
[runs]
cell = ["rnn", "lstm", "gru"]
gap = [4, 6]
hidden = 4
batch = 4
updates = 3
test_every = 2
seed = { first = 0, count = SEEDS }
"""


def tiny(seeds):
    return TINY.replace("SEEDS", str(seeds))


def found(path):
    """What the runs of a file say, apart from their time and order."""
    return {record.key(): json.dumps(record.outcome) for record in read_records(path)}


def swept(path, seeds, **options):
    with Sweep(parse_spec(tiny(seeds), "tiny.toml"), path) as sweep:
        return list(sweep.run(**({"backend": "serial"} | options)))


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    """Twelve runs, one after the other."""
    path = tmp_path_factory.mktemp("sweep") / "runs.jsonl"
    swept(path, 2)
    return path


def test_every_run_is_one_line_that_names_it_completely(twelve):
    lines = twelve.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 12
    line = json.loads(lines[0])
    assert line["values"]["cell"] == "rnn" and line["values"]["gap"] == 4 and line["values"]["clip"] == 1.0
    assert {"solved_at", "updates", "score", "loss", "test_loss", "log10_share"} <= line["outcome"].keys()
    assert line["outcome"]["updates"] <= 3 and line["seconds"] >= 0


@pytest.mark.parametrize("backend", ["threads", "processes"])
def test_every_backend_writes_the_same_bits(twelve, tmp_path, backend):
    swept(tmp_path / "runs.jsonl", 2, backend=backend, workers=2)
    assert found(tmp_path / "runs.jsonl") == found(twelve)


def test_a_cluster_of_two_processes_writes_the_same_bits(twelve, tmp_path):
    spec, path = tmp_path / "tiny.toml", tmp_path / "runs.jsonl"
    spec.write_text(tiny(2))
    assert with_cluster("sweep", spec, path)[-1].endswith("of 12 runs solved")
    assert found(path) == found(twelve)


def test_a_finished_sweep_has_nothing_left_and_more_seeds_go_on_from_it(twelve, tmp_path):
    path = tmp_path / "runs.jsonl"
    path.write_bytes(twelve.read_bytes())
    assert swept(path, 2) == []
    assert path.read_bytes() == twelve.read_bytes()
    assert len(swept(path, 3)) == 6
    assert len(found(path)) == 18


def test_a_torn_last_line_is_done_again(twelve, tmp_path):
    path = tmp_path / "runs.jsonl"
    path.write_bytes(twelve.read_bytes()[:-30])
    assert len(read_records(path)) == 11
    assert len(swept(path, 2)) == 1
    assert found(path) == found(twelve)


def test_an_empty_file_is_begun(tmp_path, twelve):
    path = tmp_path / "runs.jsonl"
    path.touch()
    assert len(swept(path, 2)) == 12


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda text: text.replace('"hidden":4', '"hidden":5', 1), "1 of its 12 runs are not in this sweep ("),
        (lambda text: text.replace('"lstmviz":"', '"lstmviz":"9', 1), "it was begun with version 9"),
        (lambda text: text.replace("{", "[", 1), "runs.jsonl:1: this is no finished run: "),
        (lambda text: text.replace('"solved_at"', '"solved"', 1), "runs.jsonl:1: outcome: the outcome is not complete"),
        (lambda text: text + "notes", "its last line has no end, and is not one of ours"),
    ],
)
def test_a_file_of_another_sweep_is_refused_and_left_as_it_is(twelve, tmp_path, change, line):
    path = tmp_path / "runs.jsonl"
    text = change(twelve.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        Sweep(parse_spec(tiny(2), "tiny.toml"), path)
    assert line in str(caught.value) and "\n" not in str(caught.value)
    assert path.read_text(encoding="utf-8") == text
    path.unlink()
    assert len(swept(path, 1)) == 6  # the lock is gone too


def test_a_stopped_sweep_writes_no_run_that_was_cut_short(tmp_path):
    path, stop = tmp_path / "runs.jsonl", threading.Event()
    plan = parse_spec(tiny(4).replace("updates = 3", "updates = 1000000"), "tiny.toml")
    threading.Timer(1.0, stop.set).start()
    start = time.perf_counter()
    with Sweep(plan, path) as sweep:
        records = list(sweep.run(workers=2, backend="threads", stop=stop))
    assert time.perf_counter() - start < 20
    assert all(record.solved or record.outcome["updates"] == 1_000_000 for record in records)
    assert len(found(path)) == len(records) < len(plan.trials)


def test_a_run_that_fails_is_told_with_what_it_was(tmp_path, monkeypatch):
    path = tmp_path / "runs.jsonl"
    with Sweep(parse_spec(tiny(1), "tiny.toml"), path) as sweep:
        monkeypatch.setattr("lstmviz.lab.sweep.__version__", "1.0")
        with pytest.raises(BadInput) as caught:
            list(run_all(one_run, [Job(sweep.left[0], "0.9")], backend="serial"))
    told = str(caught.value)
    assert told == "run 1: rnn, recall, gap 4, seed 0: RuntimeError: this worker has lstmviz 1.0, the sweep 0.9"


def test_numbers_that_json_cannot_say_come_back(tmp_path):
    outcome = {
        "solved_at": None,
        "updates": 1,
        "score": 0.5,
        "loss": math.nan,
        "test_loss": math.inf,
        "log10_share": -math.inf,
    }
    record = Record({"cell": "rnn"}, outcome, 1.0, "1")
    (tmp_path / "a.jsonl").write_bytes(record.line() + b"\n")
    again = read_records(tmp_path / "a.jsonl")[0]
    assert math.isnan(again.outcome["loss"])
    assert (again.outcome["test_loss"], again.outcome["log10_share"]) == (math.inf, -math.inf)


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_sweep_goes_on_and_loses_at_most_the_runs_in_flight(tmp_path):
    spec, path = tmp_path / "tiny.toml", tmp_path / "runs.jsonl"
    spec.write_text(tiny(102).replace("updates = 3", "updates = 30").replace(', "lstm", "gru"', ""))
    command = [sys.executable, "-m", "lstmviz", "sweep", spec, "-o", path, "--workers", "2"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while not (path.exists() and path.read_bytes().count(b"\n") >= 40) and process.poll() is None:
        time.sleep(0.02)
    process.kill()
    process.wait()
    before = path.read_bytes()
    assert 40 <= len(read_records(path)) < 204
    assert main(["sweep", str(spec), "-o", str(path), "--workers", "2", "--backend", "threads"]) == 0
    assert path.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    assert len(path.read_bytes().splitlines()) == len(found(path)) == 204


@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_ctrl_c_ends_a_sweep_cleanly_in_one_line(tmp_path):
    import signal

    spec, path = tmp_path / "long.toml", tmp_path / "runs.jsonl"
    spec.write_text(tiny(9).replace("updates = 3", "updates = 1000000").replace("gap = [4, 6]", "gap = 300"))
    command = [sys.executable, "-m", "lstmviz", "sweep", spec, "-o", path, "--workers", "2"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, process_group=0)
    process.stderr.readline()
    time.sleep(3)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it, too
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert told.splitlines()[-1] in ("stopped", "stopped; the same command goes on from here")
    assert "Traceback" not in told
