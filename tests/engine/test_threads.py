"""A batch in parts on several threads gives the same numbers, to the last bit, as in one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lstmviz.engine import threads
from tests.engine.cases import as_float32, both, case


def passed(cell):
    """Tape and gradients of 11 sequences: two tiles of four and a rest, or five of two and a rest."""
    tape, d = both(as_float32(case(cell, sizes=(7, 11, 2, 19))), "kernels")
    return [array.copy() for array in (*tape, *d)]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "gru/before"])
def test_parts_of_a_batch_give_the_bits_of_the_whole(cell, monkeypatch):
    whole, handed = passed(cell), []

    class Pool(ThreadPoolExecutor):
        def submit(self, run, part):
            handed.append((part.begin, part.end))
            return super().submit(run, part)

    monkeypatch.setattr(threads, "LEAST", 1.0)
    monkeypatch.setattr(threads, "_idle", threading.Semaphore(2))
    monkeypatch.setattr(threads, "ThreadPoolExecutor", Pool)
    in_parts = passed(cell)
    assert len(handed) == 4  # two beside the caller's, forward and backward
    for one, other in zip(whole, in_parts, strict=True):
        np.testing.assert_array_equal(one, other)


def test_cores_that_others_use_are_left_to_them(monkeypatch):
    monkeypatch.setattr(threads, "LEAST", 1.0)
    monkeypatch.setattr(threads, "_idle", threading.Semaphore(0))
    size = threads.ForwardSizes(10, 100, 1, 8, 8, 2, 10, 0, 100)
    found = []
    threads.in_parts(lambda part: found.append((part.begin, part.end, threading.current_thread())), size, 4)
    assert found == [(0, 100, threading.current_thread())]


def test_cores_are_given_back_after_an_error(monkeypatch):
    monkeypatch.setattr(threads, "LEAST", 1.0)
    monkeypatch.setattr(threads, "_idle", threading.Semaphore(1))
    size = threads.ForwardSizes(10, 100, 1, 8, 8, 2, 10, 0, 100)

    def fail(part):
        raise ZeroDivisionError(str(part.begin))

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            threads.in_parts(fail, size, 4)
    assert threads._idle.acquire(blocking=False)


def test_little_work_stays_on_the_thread_that_asks():
    size = threads.ForwardSizes(200, 8, 2, 32, 32, 16, 48, 0, 8)
    found = []
    threads.in_parts(lambda part: found.append(part), size, 4)
    assert found == [size]
