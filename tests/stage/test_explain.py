"""Formulas of tiles: the numbers in them are the engine's, and they add up."""

import math
import re

import numpy as np
import pytest

from lstmviz.lab.comparison import compare
from lstmviz.stage.explain import explain
from lstmviz.stage.frame import Tile


def numbers(line):
    found = re.findall(r"−? ?\d+\.\d+", " | ".join(run.text for run in line if run.role == "number"))
    return [float(number.replace("−", "-").replace(" ", "")) for number in found]


@pytest.fixture(scope="module")
def racers():
    return {r.network.cell: r for r in compare(gap=12, cells="rnn,lstm,gru", engine="reference", seed=3).racers}


@pytest.mark.parametrize("t", [1, 6, 13])
@pytest.mark.parametrize("unit", [0, 7, 15])
def test_the_parts_shown_for_the_rnn_give_the_value_shown(racers, t, unit):
    line = explain(racers["rnn"], Tile("rnn", t, unit)).lines[-1]
    from_x, from_h, bias, value = numbers(line)
    assert math.tanh(from_x + from_h + bias) == pytest.approx(value, abs=0.0025)
    assert value == pytest.approx(racers["rnn"].trace.tape.h[t, 0, unit], abs=0.0005)


@pytest.mark.parametrize("t", [1, 6, 13])
def test_the_lines_of_the_lstm_lead_from_the_gates_to_h(racers, t):
    tape, unit = racers["lstm"].trace.tape, 4
    lines = explain(racers["lstm"], Tile("lstm", t, unit)).lines
    for line, name in zip(lines, "ifgo", strict=False):
        *parts, value = numbers(line)
        squash = math.tanh if name == "g" else lambda a: 1 / (1 + math.exp(-a))
        assert squash(sum(parts)) == pytest.approx(value, abs=0.0025)
        assert value == pytest.approx(getattr(tape, name)[t - 1, 0, unit], abs=0.0005)
    f, before, i, g, c = numbers(lines[4])
    assert f * before + i * g == pytest.approx(c, abs=0.005)
    o, tanh_c, h = numbers(lines[5])
    assert o * tanh_c == pytest.approx(h, abs=0.002)


def test_the_last_line_of_the_gru_mixes_old_and_new(racers):
    lines = explain(racers["gru"], Tile("gru", 5, 2)).lines
    new_share, n, z, before, h = numbers(lines[-1])
    assert new_share * n + z * before == pytest.approx(h, abs=0.003)
    assert h == pytest.approx(racers["gru"].trace.tape.h[5, 0, 2], abs=0.0005)


def test_a_gradient_tile_shows_the_norm_and_the_factor_from_the_timestep_after(racers):
    found = explain(racers["lstm"], Tile("lstm", 6, None))
    norm = np.linalg.norm(racers["lstm"].trace.gradients.h[6, 0])
    assert numbers(found.lines[0])[-1] == pytest.approx(norm, rel=0.01)
    factor, again, after = numbers(found.lines[1])
    assert factor == again and factor * after == pytest.approx(norm, rel=0.02)


def test_the_last_timestep_has_no_timestep_after_it(racers):
    assert len(explain(racers["rnn"], Tile("rnn", 13, None)).lines) == 1


def test_titles_count_units_and_timesteps_from_one(racers):
    assert explain(racers["rnn"], Tile("rnn", 1, 0)).title == "Hidden state of unit 1 at t = 1"
