"""Many runs: the same results from every backend, told in one line when one fails, and ended promptly."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.workers import RunFailed, run_all
from tests.sources import ROOT

LOCAL = ("serial", "threads", "processes")


def drawn(seed):
    """A number whose last bits depend on every operation before it."""
    return float(np.tanh(np.random.default_rng(seed).normal(size=50)).prod())


def surroundings(item):
    return os.getpid(), os.environ.get("OPENBLAS_NUM_THREADS")


def fails_at_three(item):
    if item == 3:
        raise ValueError("three\nis too many")
    return item


def dies(item):
    os._exit(9)


def sleeps(seconds):
    time.sleep(seconds)
    return seconds


def waits_for_stop(item, stop):
    while not stop.is_set():
        time.sleep(0.01)
    return "cut short"


@pytest.mark.parametrize("backend", LOCAL)
def test_every_backend_gives_the_same_bits(backend):
    found = dict(run_all(drawn, range(12), workers=2, backend=backend))
    assert found == {seed: drawn(seed) for seed in range(12)}


def test_processes_are_others_with_one_thread_for_products():
    found = [result for _, result in run_all(surroundings, range(6), workers=2, backend="processes")]
    assert os.getpid() not in {pid for pid, _ in found}
    assert {threads for _, threads in found} == {"1"}


@pytest.mark.parametrize("backend", LOCAL)
def test_a_run_that_raises_is_told_in_one_line_with_its_item(backend):
    with pytest.raises(RunFailed) as caught:
        list(run_all(fails_at_three, range(6), workers=2, backend=backend))
    assert str(caught.value) == "run 4: 3: ValueError: three is too many"


def test_a_process_that_dies_is_told_in_one_line():
    with pytest.raises(RunFailed, match=r"^run 1: 7: the worker's process ended"):
        list(run_all(dies, [7], workers=2))


@pytest.mark.parametrize("backend", LOCAL)
def test_stop_ends_the_runs_promptly_and_gives_out_nothing_more(backend):
    stop = threading.Event()
    function, items = (sleeps, [0.0, 60.0, 60.0]) if backend == "processes" else (waits_for_stop, range(3))
    threading.Timer(0.3, stop.set).start()
    start = time.perf_counter()
    found = list(run_all(function, items, workers=2, backend=backend, stop=stop))
    assert found in ([], [(0, 0.0)])
    assert time.perf_counter() - start < 10


def test_leaving_early_ends_the_threads_that_still_run():
    runs = run_all(quick_then_waiting, range(4), workers=2, backend="threads")
    assert next(runs) == (0, "quick")
    runs.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("run")]


def quick_then_waiting(item, stop):
    return waits_for_stop(item, stop) if item else "quick"


def test_items_are_taken_as_they_are_needed():
    taken = []
    runs = run_all(drawn, (taken.append(i) or i for i in range(1000)), workers=2, backend="threads")
    next(runs)
    runs.close()
    assert len(taken) < 20


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"backend": "moon"}, "run_all: backend: moon is unknown (serial, threads, processes, dask)"),
        ({"workers": 0}, "run_all: workers: 0 is out of range (1 to 256)"),
        ({"backend": "dask"}, 'run_all: scheduler: "" is no address (such as tcp://127.0.0.1:8786)'),
        (
            {"backend": "dask", "scheduler": "moon://x"},
            'run_all: scheduler: "moon://x" is no address (such as tcp://127.0.0.1:8786)',
        ),
    ],
)
def test_options_that_make_no_sense_are_refused_at_once(options, line):
    with pytest.raises(BadInput) as caught:
        run_all(drawn, range(3), **options)
    assert str(caught.value) == line


def test_nothing_heavy_is_loaded_before_the_first_run():
    code = "import sys, lstmviz.lab.workers; print([n for n in ('joblib', 'distributed', 'numba') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_workers_of_a_killed_program_end_by_themselves(tmp_path):
    code = (
        "from tests.lab.test_workers import pid_then_sleep\nfrom lstmviz.lab.workers import run_all\n"
        "for _, pid in run_all(pid_then_sleep, range(100), workers=2): print(pid, flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    pids = {int(process.stdout.readline()) for _ in range(3)}
    process.kill()
    process.stdout.close()
    process.wait()
    deadline = time.monotonic() + 15
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in pids if alive(pid)]


def pid_then_sleep(item):
    time.sleep(0.1)
    return os.getpid()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
