"""Functions that run while a kernel is compiled: what they write is what they would have computed."""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from lstmviz.engine.functions import sigmoid
from lstmviz.engine.instruction_set import config
from lstmviz.engine.jit import inlined, kernel
from lstmviz.engine.simd import lanes_of, load, pointers, store
from lstmviz.engine.staged import staged


class Work(NamedTuple):
    out: np.ndarray
    a: np.ndarray
    b: np.ndarray


class Parts(NamedTuple):
    squashed: bool | None = None
    doubled: bool | None = None


@inlined
def twice(a):
    return a + a


@staged
def _both(work, j):
    return SimpleNamespace(a=load(work.a, j, 11 - j), b=load(work.b, j, 11 - j))


@staged
def _combine(work, parts, minus, j):
    v = _both(work, j)
    found = (1 - v.a * v.a) / 2 - v.b if minus else (1 - v.a * v.a) / 2 + v.b
    found = sigmoid(found) if parts.squashed else found
    found = twice(found) if parts.doubled else found
    store(work.out, j, 11 - j, found)


@kernel
def run(work, parts, minus):
    work = pointers(work)
    for j in range(0, 11, lanes_of(work.a)):
        if minus:
            _combine(work, parts, True, j)
        else:
            _combine(work, parts, False, j)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("minus", [True, False])
@pytest.mark.parametrize("parts", [Parts(), Parts(True), Parts(None, True), Parts(True, True)])
def test_what_is_written_is_what_python_would_compute(parts, minus, dtype):
    rng = np.random.default_rng(0)
    work = Work(*(rng.normal(size=11).astype(dtype) for _ in range(3)))
    run(work, parts, minus)
    expected = (1 - work.a**2) / 2 + (-work.b if minus else work.b)
    expected = 1 / (1 + np.exp(-expected)) if parts.squashed else expected
    expected = 2 * expected if parts.doubled else expected
    np.testing.assert_allclose(work.out, expected, rtol=1e-13 if dtype == "float64" else 1e-5)


@pytest.mark.skipif(config.DISABLE_JIT, reason="without the compiler there are no signatures")
def test_each_set_of_parts_is_compiled_by_itself_and_only_once():
    work = Work(*(np.ones(11) for _ in range(3)))
    for _ in range(2):
        for parts in (Parts(), Parts(True)):
            run(work, parts, True)
    assert len(run.signatures) == len(set(run.signatures)) >= 2
    assert {str(signature[1]).count("bool") for signature in run.signatures} >= {0, 1}
