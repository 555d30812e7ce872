"""Comparison: the same sequence for all, equal bits for equal settings, and one JSON that says it all."""

import csv
import json
import math

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.comparison import build, compare, gate_half_life
from lstmviz.lab.figure import gradient_gif, gradient_png, gradient_svg
from lstmviz.lab.settings import Settings, units


def test_all_networks_read_the_same_sequence():
    found = compare(cells="rnn,lstm,gru", gap=10)
    first, *others = [racer.trace.tape.x for racer in found.racers]
    for other in others:
        np.testing.assert_array_equal(first, other)


def test_the_same_settings_give_the_same_bits():
    one, two = (compare(cells="rnn,lstm,gru", gap=30, seed=7).arrays() for _ in range(2))
    for name, array in one.items():
        np.testing.assert_array_equal(array, two[name])


def test_the_json_says_what_was_compared_and_what_was_found():
    found = compare(gap=20)
    said = json.loads(found.to_json())
    assert said["schema"] == "lstmviz.compare/1"
    assert said["settings"]["gap"] == 20 and said["settings"]["timesteps"] == 21
    for network, racer in zip(said["networks"], found.racers, strict=True):
        assert network["name"] == racer.name and network["cell"] == racer.network.cell
        assert network["parameters"] == racer.network.parameter_count
        assert len(network["log10_grad_norm_h"]) == 22
        np.testing.assert_array_equal(network["log10_grad_norm_h"], racer.trace.flow.log10_h)
        share = network["log10_grad_norm_h"][1] - network["log10_grad_norm_h"][-1]
        assert network["log10_gradient_share"] == pytest.approx(share)
    assert said["networks"][0]["log10_grad_norm_c"] is None
    assert len(said["networks"][1]["log10_grad_norm_c"]) == 22


def test_what_json_has_no_word_for_is_null():
    said = compare(gap=5, gain=0, cells="rnn").to_dict()["networks"][0]
    assert said["log10_gradient_share"] is None
    assert said["log10_grad_norm_h"][1] is None


def test_a_flat_gradient_has_a_half_life_of_null():
    said = compare(gap=30, cells="rnn", initialisation="orthogonal", gain=2).to_dict()["networks"][0]
    assert said["fade_per_timestep"] > 1 and said["half_life"] is None


@pytest.mark.parametrize("task", ["recall", "adding"])
@pytest.mark.parametrize("cell", ["rnn", "gru"])
@pytest.mark.parametrize("hidden", [4, 16, 64])
def test_equal_parameters_come_as_near_as_a_whole_unit_allows(task, cell, hidden):
    settings = Settings(task=task, hidden=hidden, fair="parameters")
    wanted = build(settings, "lstm").parameter_count
    got = {h: build(Settings(task=task, hidden=h), cell).parameter_count for h in range(1, 3 * hidden + 9)}
    chosen = units(settings, cell)
    assert abs(got[chosen] - wanted) == min(abs(count - wanted) for count in got.values())


def test_equal_units_are_equal_units():
    assert [r.network.hidden for r in compare(cells="rnn,lstm,gru", gap=3, hidden=9).racers] == [9, 9, 9]


def test_the_table_holds_a_row_per_network():
    header, rows = compare(gap=5, cells="rnn,lstm,gru").table()
    assert [row[0] for row in rows] == ["RNN", "LSTM", "GRU"]
    assert all(len(row) == len(header) for row in rows)


def test_the_csv_holds_a_line_per_row_of_the_norms(tmp_path):
    found = compare(gap=5)
    found.to_csv(tmp_path / "race.csv")
    with (tmp_path / "race.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["timestep"]) for row in rows] == list(range(7))
    assert float(rows[1]["lstm_log10_grad_norm_h"]) == found.racers[1].trace.flow.log10_h[1]


def test_an_unknown_setting_is_refused():
    with pytest.raises(BadInput, match="compare: settings: unknown setting lag"):
        compare(lag=3)


def test_a_gate_half_life_is_that_of_the_forget_bias():
    assert gate_half_life(Settings(forget_bias=3.0)) == pytest.approx(14.27, abs=0.01)
    assert gate_half_life(Settings(forget_bias="chrono")) is None
    assert gate_half_life(Settings(variant="nfg")) == math.inf


def test_a_figure_is_drawn_in_three_forms():
    curves = {racer.name: racer.trace.flow.log10_h for racer in compare(gap=8, cells="rnn,lstm,gru").racers}
    assert gradient_png(curves).startswith(b"\x89PNG")
    assert gradient_gif(curves).startswith(b"GIF89a")
    svg = gradient_svg(curves, "a < b").decode()
    assert all(name in svg for name in curves) and "a &lt; b" in svg


def test_a_figure_of_exact_zeros_says_so_and_draws_no_curve_there():
    curves = {"RNN": compare(gap=5, gain=0, cells="rnn").racers[0].trace.flow.log10_h}
    assert "exactly zero" in gradient_svg(curves).decode()


def test_the_gradient_fades_alike_in_float32():
    small, whole = (compare(gap=20, dtype=dtype).racers[0].trace.flow for dtype in ("float32", "float64"))
    np.testing.assert_allclose(small.log10_h[1:], whole.log10_h[1:], atol=1e-3)


def test_numbers_of_numpy_are_numbers():
    found = compare(gap=np.int64(6), gain=np.float32(1.5), seed=np.uint8(3), engine="reference").settings
    assert (found.gap, found.gain, found.seed) == (6, 1.5, 3)
    assert [type(value) for value in (found.gap, found.gain, found.seed)] == [int, float, int]


def test_an_unknown_setting_in_python_is_answered_with_the_names_of_python():
    with pytest.raises(BadInput, match=r"unknown setting init \(task, gap, .*fair, forget_bias, initialisation"):
        compare(init="orthogonal")


def test_equal_parameters_that_need_too_many_units_are_refused_in_the_words_of_the_settings():
    says = "compare: hidden: 512 units of an LSTM have the parameters of 1028 units of the RNN (at most 512)"
    with pytest.raises(BadInput) as caught:
        compare(hidden=512, fair="parameters", gap=5)
    assert str(caught.value) == says
    assert compare(hidden=254, fair="parameters", gap=2, engine="reference").racers[0].network.hidden <= 512
