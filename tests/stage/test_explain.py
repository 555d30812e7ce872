"""Formulas of tiles: the numbers in them are the engine's, and they add up."""

import math
import re

import numpy as np
import pytest

from lstmviz.lab.comparison import compare
from lstmviz.lab.intervened import intervened
from lstmviz.lab.interventions import Clamp, Freeze
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


@pytest.mark.parametrize("variant", ["nfg", "nig", "nog", "cifg", "niaf", "noaf", "peephole", "fgr"])
@pytest.mark.parametrize("t", [1, 9])
def test_the_lines_of_a_variant_say_what_it_computes(variant, t):
    (racer,) = compare(gap=12, cells="lstm", variant=variant, engine="reference", gain=2.0).racers
    tape, unit = racer.trace.tape, 4
    lines = {line[0].text: line for line in explain(racer, Tile("lstm", t, unit)).lines}
    assert set(lines) == set("ifgoch")
    squash = {"g": (lambda a: a) if variant == "niaf" else math.tanh}
    for name in "ifgo":
        *parts, value = numbers(lines[name])
        assert value == pytest.approx(getattr(tape, name)[t - 1, 0, unit], abs=0.0005)
        if parts:
            shown = squash.get(name, lambda a: 1 / (1 + math.exp(-a)))(sum(parts))
            assert shown == pytest.approx(value, abs=0.003)
    f, before, i, g, c = numbers(lines["c"])
    assert f * before + i * g == pytest.approx(c, abs=0.01)
    o, squashed, h = numbers(lines["h"])
    assert o * squashed == pytest.approx(h, abs=0.003)
    assert h == pytest.approx(tape.h[t, 0, unit], abs=0.0005)


def words(line):
    return "".join(run.text for run in line)


def test_a_missing_a_coupled_and_a_seeing_gate_are_written_as_they_are():
    def line(variant, name):
        (racer,) = compare(gap=12, cells="lstm", variant=variant, engine="reference").racers
        return next(words(line) for line in explain(racer, Tile("lstm", 3, 0)).lines if line[0].text == name)

    assert re.fullmatch(r"f3 = 1\.00+", line("nfg", "f"))
    assert line("cifg", "f").startswith("f3 = 1 − i = 0.")
    assert " from c" in line("peephole", "o") and " from the gates" in line("fgr", "i")
    assert line("niaf", "g").startswith("g3 = ") and "tanh" not in line("niaf", "g")
    assert "tanh" not in line("noaf", "h")


def test_the_candidate_of_the_older_gru_is_told_what_the_reset_gate_lets_through():
    (racer,) = compare(gap=12, cells="gru", reset="before", engine="reference").racers
    tape, lines = racer.trace.tape, explain(racer, Tile("gru", 5, 2)).lines
    *parts, n = numbers(lines[2])
    assert math.tanh(sum(parts)) == pytest.approx(n, abs=0.0025)
    assert parts[-1] == pytest.approx(tape.hn[4, 0, 2], abs=0.0005)


def test_what_is_held_or_frozen_says_so_instead_of_an_equation_that_does_not_give_it():
    base = compare(gap=12, cells="rnn,lstm,gru", engine="reference", seed=3)
    hands = (Clamp("lstm", "f", 3, 5, (0.25,), (4,)), Freeze("lstm", 5, 6), Clamp("rnn", "h", 4, 4, (0.5,)))
    after = intervened(base, hands, "reference")
    gate, free = (explain(after.racer("lstm"), Tile("lstm", 3, unit)).lines[1] for unit in (4, 5))
    assert "".join(run.text for run in gate) == "f3 = 0.250 held" and "σ" in "".join(run.text for run in free)
    c, h = explain(after.racer("lstm"), Tile("lstm", 6, 4)).lines[4:]
    value = after.racer("lstm").trace.tape.c[4, 0, 4]
    assert "".join(run.text for run in c).startswith("c6 = c5 = ") and c[-1].text == " frozen"
    assert numbers(c)[0] == pytest.approx(value, abs=0.0005) and h[0].text == "h"
    (line,) = explain(after.racer("rnn"), Tile("rnn", 4, 0)).lines
    assert "".join(run.text for run in line) == "h4 = 0.500 held"
