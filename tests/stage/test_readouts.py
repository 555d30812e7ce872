"""What the control column says beside its controls."""

import math

import numpy as np
import pytest

from lstmviz.lab.comparison import build, gate_half_life
from lstmviz.lab.settings import Settings
from lstmviz.stage.readouts import readouts, task_titles
from lstmviz.words import number


@pytest.mark.parametrize("fair", ["units", "parameters"])
@pytest.mark.parametrize("task", ["recall", "adding", "order"])
@pytest.mark.parametrize("hidden", [1, 16, 37])
def test_counts_are_those_of_the_networks_that_would_be_built(task, fair, hidden):
    settings = Settings(task=task, fair=fair, hidden=hidden, cells=("rnn",))
    found = readouts(settings)
    for cell in ("rnn", "lstm", "gru"):
        network = build(settings, cell)
        assert found.units[cell] == network.hidden
        assert found.parameters[cell] == network.parameter_count


@pytest.mark.parametrize("bias", [-2.0, 0.0, 1.5, 3.0, 10.0])
def test_kept_and_half_life_follow_from_the_forget_bias(bias):
    found = readouts(Settings(forget_bias=bias))
    assert float(found.kept) == pytest.approx(1 / (1 + math.exp(-bias)), abs=5e-4)
    assert found.half_life == number(gate_half_life(Settings(forget_bias=bias)), 3)
    assert not found.spread


def test_the_chrono_start_is_said_as_a_span_that_holds_every_unit():
    settings = Settings(forget_bias="chrono", gap=50, hidden=64)
    low, high = map(float, readouts(settings).kept.split("–"))
    network = build(settings, "lstm")
    gates = 1 / (1 + np.exp(-network.parameters.bias[64:128]))
    assert low - 0.005 <= gates.min()
    assert gates.max() <= high + 0.005
    assert readouts(settings).spread
    assert readouts(settings).half_life == "1.0–35"


def test_tasks_have_titles():
    assert task_titles()["recall"] == "First-token recall"
