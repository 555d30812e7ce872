"""Comparisons of stacked and bidirectional networks: what settings make of them, and that they train."""

import json
from dataclasses import replace

import numpy as np
import pytest

from lstmviz.cli import main
from lstmviz.files import BadInput
from lstmviz.lab.comparison import build, compare, readout_for
from lstmviz.lab.figure import caption_of
from lstmviz.lab.network import LSTM
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import CELLS, Settings, parameter_count, units
from lstmviz.lab.stack import Stack
from lstmviz.lab.training import Training

DEEP = Settings(gap=8, hidden=6, cells=CELLS, layers=3, bidirectional=True)


def test_one_layer_in_one_direction_is_no_stack():
    assert isinstance(build(Settings(), "lstm"), LSTM)
    assert isinstance(build(Settings(bidirectional=True), "lstm"), Stack)


@pytest.mark.parametrize("cell", CELLS)
def test_settings_decide_layers_and_directions(cell):
    network = build(DEEP, cell)
    assert (network.cell, network.depth, network.bidirectional, network.hidden) == (cell, 3, True, 6)
    assert readout_for(DEEP, cell).weight.shape[1] == 12
    assert network.parameter_count == parameter_count(DEEP, cell, 6)
    alone = build(replace(DEEP, layers=1, bidirectional=False), cell)
    for array, same in zip(network.cells[0].parameters, alone.parameters, strict=True):
        np.testing.assert_array_equal(array, same)


@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_equal_parameters_are_as_equal_as_whole_units_allow(layers, bidirectional, cell):
    settings = Settings(hidden=20, fair="parameters", layers=layers, bidirectional=bidirectional)
    wanted = build(settings, "lstm").parameter_count
    nearest = units(settings, cell)
    apart = [abs(parameter_count(settings, cell, nearest + more) - wanted) for more in (-1, 0, 1)]
    assert apart[1] == min(apart)
    assert build(settings, cell).parameter_count == parameter_count(settings, cell, nearest)


@pytest.mark.parametrize("engine", ["reference", "kernels"])
def test_a_comparison_shows_the_top_layer_and_keeps_all_of_them(engine):
    found = compare(DEEP, engine=engine)
    for racer in found.racers:
        assert racer.network is racer.whole.network.layers[-1][0]
        assert racer.parameters == racer.whole.network.parameter_count
        np.testing.assert_array_equal(racer.trace.gradients.h, racer.whole.gradients.cells[-1][0].h)
    assert "lstm.d_h_l2_reverse" in found.arrays()
    assert json.loads(found.to_json())["settings"]["layers"] == 3
    assert caption_of(DEEP, 0).endswith("layer 3 of 3, forward of both directions")
    assert "layer" not in caption_of(Settings(), 0)
    assert found._repr_html_() and found._repr_png_()


@pytest.mark.parametrize(("name", "value"), [("layers", 2), ("bidirectional", True)])
def test_the_loss_of_a_shown_network_is_that_of_the_whole(name, value):
    racer = compare(replace(DEEP, layers=1, bidirectional=False), **{name: value}).racers[1]
    assert racer.trace.loss == racer.whole.loss
    assert racer.recorded.loss_of(racer.whole.tape) == racer.whole.loss


def test_stacks_train_with_dropout_and_come_back_bit_for_bit():
    settings = replace(DEEP, layers=2, hidden=8, gap=4)
    training = Training(settings, Recipe(dropout=0.2, input_dropout=0.1))
    kept = [training.comparison().racers[1].whole.network.weights()]
    for _ in range(30):
        progress = training.advance()
        kept.append(training.comparison().racers[1].whole.network.weights())
    assert progress.losses[1][-5:].mean() < progress.losses[1][:5].mean()
    training.seek(27)
    for array, same in zip(training.comparison().racers[1].whole.network.weights(), kept[27], strict=True):
        np.testing.assert_array_equal(array, same)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"layers": 5}, "compare: layers: 5 is too large (1 to 4)"),
        ({"layers": 0}, "compare: layers: 0 is too small (1 to 4)"),
        ({"bidirectional": "yes"}, "compare: bidirectional: yes is neither true nor false (true or false)"),
        ({"bidirectional": 1}, "compare: bidirectional: 1 is neither true nor false (true or false)"),
        (
            {"layers": 4, "bidirectional": True, "gap": 3000, "hidden": 100},
            "compare: sizes: a trace of 3001 timesteps, 1 sequences and 100 units needs 952 MB (at most 512 MB)",
        ),
    ],
)
def test_a_value_out_of_range_is_refused_in_one_line(changes, says):
    with pytest.raises(BadInput) as caught:
        compare(**changes)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ""),
        ({"layers": 3}, "layer 3 of 3"),
        ({"bidirectional": True}, "layer 1 of 1, forward of both directions"),
    ],
)
def test_settings_say_which_layer_is_drawn(changes, says):
    assert replace(Settings(), **changes).layer_drawn() == says


def test_the_terminal_compares_stacks(capsys, tmp_path):
    out = tmp_path / "run.npz"
    assert (
        main(["compare", "--gap", "4", "--cells", "lstm", "--layers", "2", "--bidirectional", "--npz", str(out)]) == 0
    )
    assert "layer 2 of 2, forward of both directions" in capsys.readouterr().out
    assert "lstm.h_l1_reverse" in np.load(out)
    assert main(["compare", "--layers", "5"]) == 2
    assert capsys.readouterr().err.strip() == "lstmviz compare: --layers: 5 is too large (1 to 4)"
