"""Kernels are used when they are compiled and have given the known answers, and not before."""

import os
import re
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from lstmviz.engine import choose, reference, warm_up
from lstmviz.engine.warm_up import KernelMismatch, compile_one, plan, ready
from tests.engine.cases import case


@pytest.fixture
def fresh(monkeypatch):
    """As at the start of a session."""
    monkeypatch.setattr(warm_up, "_checked", set())
    monkeypatch.setattr(warm_up, "_failed", {})


def test_the_plan_names_each_kernel_once_in_the_order_asked_for():
    assert plan() == ("rnn_forward", "rnn_backward", "lstm_forward", "lstm_backward", "gru_forward", "gru_backward")
    assert plan("float32", ("lstm",)) == ("lstm_forward_float32", "lstm_backward_float32")


def test_a_cell_is_ready_when_both_its_kernels_are(fresh):
    assert not ready("rnn")
    compile_one("rnn_forward")
    assert not ready("rnn")
    compile_one("rnn_backward")
    assert ready("rnn") and not ready("rnn", "float32") and not ready("lstm")


def test_a_variant_is_made_ready_by_itself_and_when_it_is_asked_for(fresh):
    assert plan(cells=("lstm/cifg",)) == ("lstm/cifg_forward", "lstm/cifg_backward")
    assert not set(plan()) & set(plan(cells=warm_up.OTHERS))
    assert choose.cell_functions("lstm/cifg").forward is reference.lstm_forward
    assert choose.cell_functions("lstm/cifg", engine="kernels").forward is warm_up.kernels("lstm").lstm_forward
    assert ready("lstm/cifg") and not ready("lstm") and not ready("lstm/nfg")


def test_kernels_that_hold_are_made_ready_by_themselves_and_when_they_are_asked_for(fresh):
    assert not set(warm_up.HOLDING) & {*warm_up.CELLS, *warm_up.OTHERS}
    assert choose.cell_functions("rnn+held").forward is reference.rnn_forward
    assert choose.cell_functions("rnn+held", engine="kernels").forward is warm_up.kernels("rnn+held").rnn_forward
    assert ready("rnn+held") and not ready("rnn")
    assert warm_up.taken_apart("lstm/cifg+held") == ("lstm", "cifg", True)


def test_an_unknown_name_is_an_error(fresh):
    with pytest.raises(ValueError, match="no kernel is called 'transformer_forward'"):
        compile_one("transformer_forward")


def test_automatic_choice_never_waits_and_changes_over_when_ready(fresh):
    assert choose.cell_functions("lstm").forward is reference.lstm_forward
    for name in plan(cells=("lstm",)):
        compile_one(name)
    chosen = choose.cell_functions("lstm")
    assert chosen.forward is warm_up.kernels("lstm").lstm_forward
    assert chosen.backward is warm_up.kernels("lstm").lstm_backward


def test_asking_for_kernels_compiles_them_and_asking_for_the_reference_does_not(fresh):
    assert choose.cell_functions("gru", engine="reference").backward is reference.gru_backward
    assert not ready("gru")
    assert choose.cell_functions("gru", engine="kernels").backward is warm_up.kernels("gru").gru_backward
    assert ready("gru")
    assert choose.cell_functions("gru", engine="reference").backward is reference.gru_backward


def slightly_wrong(function, field, factor):
    def wrong(*arguments, **named):
        result = function(*arguments, **named)
        getattr(result, field)[...] *= factor
        return result

    return wrong


OFF = {
    "lstm/peephole_backward": "peephole",
    "lstm/fgr_backward": "weight_gates",
    "gru/before_backward": "hn",
    "rnn+held_backward": "a",
    "rnn_forward": "h",
    "rnn_backward": "weight_hh",
    "lstm_forward": "tanh_c",
    "lstm_backward": "log10_c",
    "gru_forward": "hn",
    "gru_backward": "bias_hn",
}


@pytest.mark.parametrize(("name", "field"), OFF.items())
def test_a_kernel_that_is_off_by_a_billionth_is_not_used_in_this_session(name, field, fresh, monkeypatch, caplog):
    cell, direction = name.split("_")
    base = warm_up.taken_apart(cell)[0]
    module, function = warm_up.kernels(cell), f"{base}_{direction}"
    with monkeypatch.context() as patched:
        patched.setattr(module, function, slightly_wrong(getattr(module, function), field, 1 + 1e-9))
        with pytest.raises(KernelMismatch, match=re.escape(f"{name}: {field} differs from the reference")):
            compile_one(name)
    with pytest.raises(KernelMismatch):  # no second try
        compile_one(name)
    assert choose.cell_functions(cell, engine="kernels").forward is getattr(reference, f"{base}_forward")
    assert not ready(cell)
    assert [record.message for record in caplog.records if record.name == warm_up.__name__] == [
        f"kernel {name} is not used, the reference is: {field} differs from the reference"
    ]


def test_a_kernel_that_gives_nan_is_not_used(fresh, monkeypatch):
    module = warm_up.kernels("rnn")
    monkeypatch.setattr(module, "rnn_forward", slightly_wrong(module.rnn_forward, "h", np.nan))
    with pytest.raises(KernelMismatch):
        compile_one("rnn_forward")


def test_a_kernel_that_cannot_be_compiled_is_not_used(fresh, monkeypatch):
    def fails(*arguments):
        raise RuntimeError("no such target")

    monkeypatch.setattr(warm_up.kernels("lstm"), "lstm_forward", fails)
    functions = choose.cell_functions("lstm", engine="kernels")
    assert functions == (reference.lstm_forward, reference.lstm_backward)
    with pytest.raises(KernelMismatch, match="RuntimeError: no such target"):
        compile_one("lstm_forward")


def test_where_numba_cannot_be_imported_the_reference_answers(fresh, monkeypatch):
    def no_numba(cell):
        raise ImportError("No module named 'numba'")

    monkeypatch.setattr(warm_up, "kernels", no_numba)
    assert choose.cell_functions("lstm", engine="kernels").forward is reference.lstm_forward


def test_two_threads_that_want_the_same_kernel_check_it_once(fresh, monkeypatch):
    module = warm_up.kernels("rnn")
    calls, real = [], module.rnn_forward

    def slow(*arguments):
        calls.append(threading.get_ident())
        time.sleep(0.02)
        return real(*arguments)

    monkeypatch.setattr(module, "rnn_forward", slow)
    threads = [threading.Thread(target=compile_one, args=("rnn_forward",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(calls)) == 1


def test_the_reference_answers_while_another_thread_compiles(fresh):
    thread = threading.Thread(target=lambda: [compile_one(name) for name in plan()])
    thread.start()
    made = case("lstm", sizes=(50, 1, 2, 8))
    while thread.is_alive():
        functions = choose.cell_functions("lstm")
        tape = functions.forward(made.parameters, made.x, *made.state)
        assert np.isfinite(functions.backward(made.parameters, tape, made.loss).h).all()
    thread.join()
    assert all(ready(cell) for cell in warm_up.CELLS)


def run_python(code, **environment):
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=os.environ | environment, capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_importing_the_engine_and_using_the_reference_does_not_import_numba():
    run_python("""
import sys
import lstmviz.engine
from lstmviz.engine import arrays, choose, optimiser, readout, reference, warm_up
choose.cell_functions("lstm")
warm_up.ready("lstm")
assert "numba" not in sys.modules
""")


COMPARE = """
from lstmviz.engine import warm_up
from tests.engine.cases import CELLS, FAMILY, as_float32, assert_rows_agree, both, case
for cell, sizes in [(cell, sizes) for cell in {cells} for sizes in ((5, 2, 2, 5), (3, 5, 5, 16))]:
    made = case(cell, sizes=sizes)
    for kernels, reference in zip(both(made, "kernels"), both(made, "reference")):
        assert_rows_agree(kernels, reference, 1e-13)
    assert warm_up.ready("rnn" if cell == "relu" else cell)
"""


def test_the_kernels_say_the_same_as_plain_python():
    run_python(COMPARE.format(cells="CELLS + FAMILY"), NUMBA_DISABLE_JIT="1")


@pytest.mark.parametrize(
    "cells",
    [("rnn", "relu"), pytest.param(("lstm", "gru", "lstm/peephole", "lstm/fgr", "gru/before"), marks=pytest.mark.soak)],
)
def test_no_kernel_reads_or_writes_beyond_its_arrays(cells):
    run_python(COMPARE.format(cells=cells), NUMBA_BOUNDSCHECK="1")


@pytest.mark.soak
def test_the_kernels_are_as_right_with_the_vectors_and_tiles_of_a_machine_without_avx512():
    run_python(
        "from lstmviz.engine import instruction_set\nassert instruction_set.BYTES == 32\n"
        + COMPARE.format(cells="CELLS + FAMILY"),
        NUMBA_CPU_NAME="haswell",
    )
