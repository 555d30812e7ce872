"""Traces of stacks: every cell's arrays under PyTorch's names, aligned with the input, and NaN located in its layer."""

import csv

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.dropout import draw_masks
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.readout import new_readout
from lstmviz.lab.stack import Stack
from lstmviz.lab.stack_trace import StackTrace
from lstmviz.lab.trace import trace


def example(cell=LSTM, layers=2, bidirectional=True, timesteps=6, sequences=2, **options):
    x = np.random.default_rng(0).normal(size=(timesteps, sequences, 3))
    return Stack.of(cell, 3, 4, layers=layers, bidirectional=bidirectional, **options), x


def test_one_layer_is_traced_as_the_cell_by_itself():
    stack, x = example(layers=1, bidirectional=False)
    ours, alone = trace(stack, x), trace(stack.top, x)
    assert ours.loss == alone.loss
    assert repr(ours.flow) == repr(alone.flow)
    for name, array in alone.arrays().items():
        if name not in ("loss", "loss_weight", "x", "d_x"):
            np.testing.assert_array_equal(ours.arrays()[name + "_l0"], array)
    np.testing.assert_array_equal(ours.arrays()["d_x"], alone.arrays()["d_x"])


def test_every_array_of_a_reverse_stands_at_the_timestep_of_the_input_that_it_belongs_to():
    stack, x = example()
    named = trace(stack, x, loss="all").arrays()
    np.testing.assert_array_equal(named["x_l0_reverse"], x)
    seen = np.concatenate([named["h_l1"][1:], named["h_l1_reverse"][:-1]], axis=2)
    np.testing.assert_array_equal(named["output"], seen)
    np.testing.assert_array_equal(named["h_l0_reverse"][-1], 0.0)  # its initial state comes after x_T
    o, c = named["o_l0_reverse"], named["c_l0_reverse"]
    np.testing.assert_allclose(named["h_l0_reverse"][:-1], o * np.tanh(c[:-1]), rtol=1e-13)
    f, i, g = (named[f"{gate}_l0_reverse"] for gate in "fig")
    np.testing.assert_allclose(c[:-1], f * c[1:] + i * g, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(named["x_l1"], named["x_l1_reverse"])
    np.testing.assert_allclose(named["d_x"], named["d_x_l0"] + named["d_x_l0_reverse"], rtol=1e-13, atol=1e-18)
    weights = dict(zip(("weight_ih", "weight_hh"), stack.layers[1][1].parameters, strict=False))
    for base, weight in weights.items():
        np.testing.assert_array_equal(named[f"{base}_l1_reverse"], weight)


def test_dropout_is_saved_with_the_trace(tmp_path):
    stack, x = example()
    masks = draw_masks(np.random.default_rng(0), x.shape, stack.layer_widths, dropout=0.5, input_dropout=0.5)
    tape = stack.forward(x, masks=masks)
    found = StackTrace(stack, tape, stack.backward(tape, np.ones((6, 2, 8))), 0.0)
    found.save(tmp_path / "run.npz")
    kept = np.load(tmp_path / "run.npz")
    np.testing.assert_array_equal(kept["mask_input"], masks.inputs)
    np.testing.assert_array_equal(kept["mask_l0"], masks.between[0])
    for name, array in found.arrays().items():
        np.testing.assert_array_equal(kept[name], array)


def test_a_table_has_every_quantity_of_every_cell(tmp_path):
    stack, x = example(GRU)
    found = trace(stack, x)
    found.to_csv(tmp_path / "run.csv")
    with (tmp_path / "run.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    named = found.arrays()
    assert float(rows[5]["d_h_2_l0"]) == named["d_h_l0"][3, 1, 1]
    assert float(rows[5]["z_3_l1_reverse"]) == named["z_l1_reverse"][2, 1, 2]


@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_gradient_of_a_readout_agrees_with_finite_differences(bidirectional):
    stack, x = example(bidirectional=bidirectional)
    readout, targets = new_readout(2, stack.width, seed=0), np.array([0, 1])
    found = trace(stack, x, readout=readout, targets=targets)
    assert found.loss_of(found.tape) == found.loss
    rise = []
    for nudge in (1e-6, -1e-6):
        weights = [weight.copy() for weight in stack.weights()]
        weights[1][2, 3] += nudge
        rise.append(trace(stack.with_weights(weights), x, readout=readout, targets=targets).loss)
    slope = stack.weight_gradients(found.gradients)[1][2, 3]
    assert slope == pytest.approx((rise[0] - rise[1]) / 2e-6, rel=1e-5, abs=1e-9)


def test_the_trace_of_one_cell_knows_what_reached_it_but_not_the_loss():
    stack, x = example()
    found = trace(stack, x)
    assert [len(layer) for layer in found.cells] == [2, 2]
    lower = found.cells[0][1]
    np.testing.assert_array_equal(lower.d_h_loss, found.gradients.handed[0].true()[::-1, :, 4:])
    with pytest.raises(BadInput, match="trace: loss: it is not known"):
        lower.loss_of(lower.tape)
    single, x = example(bidirectional=False)
    top = trace(single, x).top
    assert top.loss_of(top.tape) == top.loss


def test_the_bound_is_told_only_of_the_layer_whose_last_state_alone_is_asked():
    stack, x = example(VanillaRNN, bidirectional=False)
    found = trace(stack, x)
    assert found.cells[1][0].flow.log10_bound is not None
    assert found.cells[0][0].flow.log10_bound is None
    assert trace(stack.top, np.ones((6, 1, 4)), loss="all").flow.log10_bound is None


def test_a_trace_of_a_stack_cannot_be_changed():
    stack, x = example()
    found = trace(stack, x)
    for array in (
        found.tape.x,
        found.tape.cells[0][1].h,
        found.gradients.handed[0].rows,
        found.gradients.cells[1][0].x,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def with_cell(stack, layer, reverse, **fresh):
    """The stack with other parameters in one cell."""
    cells = [list(cells) for cells in stack.layers]
    cell = cells[layer][reverse]
    cells[layer][reverse] = cell.with_parameters(cell.parameters._replace(**fresh))
    return Stack(cells)


@pytest.mark.parametrize(
    ("layer", "reverse", "says"),
    [
        (0, 0, "NaN first at t=17 in the forget gate of layer 1"),
        (0, 1, "NaN first at t=17 in the forget gate of layer 1, reverse"),
        (1, 0, "NaN first at t=17 in the forget gate of layer 2"),
        (1, 1, "NaN first at t=17 in the forget gate of layer 2, reverse"),
    ],
)
@pytest.mark.parametrize("engine", ["reference", "kernels"])
def test_nan_is_located_in_the_gate_and_the_layer_where_it_arose(layer, reverse, says, engine):
    stack, x = example(timesteps=20, sequences=1)
    x[:] = 0.0
    x[16] = 1.0  # what layer 1 hands on is 0 until it has read this, and far from 0 there
    for turn in (0, 1):
        stack = with_cell(stack, 0, turn, weight_ih=np.full((16, 3), 50.0))
    cell = stack.layers[layer][reverse]
    weight_ih, bias = np.zeros_like(cell.parameters.weight_ih), cell.parameters.bias.copy()
    read = slice(None) if layer == 0 else slice(4 * reverse, 4 * reverse + 4)
    weight_ih[4, read], bias[4] = 1.7e308, -np.inf  # the forget gate of unit 1: infinity minus infinity
    found = trace(with_cell(stack, layer, reverse, weight_ih=weight_ih, bias=bias), x, engine=engine)
    assert found.first_bad() == says


def test_a_sound_trace_has_nothing_to_locate():
    stack, x = example()
    assert trace(stack, x).first_bad() is None
    x[2, 1, 0] = np.nan
    assert trace(stack, x).first_bad() == "NaN first at t=3 in the input of layer 1"


@pytest.mark.parametrize("value", [0.0, -0.0, 5e-324, 1e4, 1e308, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("cell", [LSTM, GRU, VanillaRNN])
def test_extreme_inputs_raise_nothing_and_leave_no_silent_nan(cell, value):
    stack, x = example(cell, layers=3)
    x[2] = value
    found = trace(stack, x)
    finite = all(np.isfinite(array).all() for name, array in found.arrays().items() if not name.startswith("log10"))
    assert finite == (found.first_bad() is None)


@pytest.mark.parametrize(("timesteps", "hidden"), [(1, 1), (1, 512), (10_000, 1), (3, 512)])
def test_the_shortest_longest_smallest_and_largest_stacks_run(timesteps, hidden):
    stack = Stack.of(LSTM, 1, hidden, layers=2, bidirectional=True)
    found = trace(stack, np.ones((timesteps, 1, 1)))
    assert found.first_bad() is None
    assert found.tape.cells[1][1].h.shape == (timesteps + 1, 1, hidden)
    assert np.isfinite(found.gradients.x).all()


def test_a_trace_over_the_cap_is_refused_before_it_is_allocated():
    stack = Stack.of(LSTM, 3, 256, layers=4)
    with pytest.raises(BadInput, match="the trace needs"):
        trace(stack, np.broadcast_to(0.0, (3_000, 1, 3)))
    with pytest.raises(BadInput, match="needs 5x1x512"):
        trace(Stack.of(LSTM, 3, 256, bidirectional=True), np.zeros((5, 1, 3)), loss_weight=np.ones((5, 1, 256)))
