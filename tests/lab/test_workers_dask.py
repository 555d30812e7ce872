"""Dask is held to what the other backends do, on a real cluster of two worker processes."""

import os
import subprocess
import sys

import pytest

from lstmviz.files import BadInput
from lstmviz.lab.workers import run_all
from tests.lab.test_workers import drawn
from tests.sources import ROOT

pytest.importorskip("distributed", reason="needs the extra: pip install lstmviz[cluster]", exc_type=ImportError)


def with_cluster(what, *arguments):
    """What ``tests.lab.cluster`` prints, in a process that may use sockets of this machine."""
    command = [sys.executable, "-m", "tests.lab.cluster", what, *map(str, arguments)]
    surroundings = os.environ | {"LSTMVIZ_TEST_LOOPBACK": "1"}
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_cluster_of_two_gives_the_same_bits_and_tells_a_failure_in_one_line():
    assert with_cluster("functions") == ["True", "2 processes", "{'1'}", "run 4: 3: ValueError: three is too many"]


def test_a_scheduler_that_does_not_answer_is_told_in_one_line():
    code = (
        "from lstmviz.lab import workers\nfrom tests.lab.test_workers import drawn\nworkers.CONNECT_WITHIN = 1\n"
        "try: list(workers.run_all(drawn, [1], backend='dask', scheduler='tcp://127.0.0.1:9'))\n"
        "except ValueError as error: print(error)"
    )
    surroundings = os.environ | {"LSTMVIZ_TEST_LOOPBACK": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=surroundings, capture_output=True, text=True)
    line = "dask: tcp://127.0.0.1:9: no scheduler answered within 1 s (such as tcp://127.0.0.1:8786)"
    assert (done.stdout.strip(), done.stderr) == (line, "")


def test_without_the_extra_the_line_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"distributed is not installed \(pip install lstmviz\[cluster\]\)"):
        list(run_all(drawn, [1], backend="dask", scheduler="tcp://127.0.0.1:8786"))
