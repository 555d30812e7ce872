"""Stacks: cells that run as they do alone, gradients that flow through all of them, and what makes no stack."""

import subprocess
import sys

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.dropout import draw_masks
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.stack import Stack

CELLS = (VanillaRNN, LSTM, GRU)
ENGINES = ("reference", "kernels")


def example(cell=LSTM, layers=3, bidirectional=True, timesteps=7, sequences=2, **options):
    x = np.random.default_rng(0).normal(size=(timesteps, sequences, 3))
    return Stack.of(cell, 3, 4, layers=layers, bidirectional=bidirectional, **options), x


def loss_and_gradients(stack, x, seed=1, **options):
    """L = sum of random weights times what is seen; its gradients."""
    d_seen = np.random.default_rng(seed).normal(size=(*x.shape[:2], stack.width))
    tape = stack.forward(x, **options)
    return float(np.sum(d_seen * stack.seen(tape)[1:])), stack.backward(tape, d_seen), tape


# ---------------------------------------------------------------- composition


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("engine", ENGINES)
def test_one_layer_is_the_cell_by_itself_bit_for_bit(cell, engine):
    stack, x = example(cell, layers=1, bidirectional=False)
    alone = cell(3, 4)
    tape, same = stack.forward(x, engine=engine), alone.forward(x, engine=engine)
    d_seen = np.random.default_rng(1).normal(size=(7, 2, 4))
    gradients, expected = stack.backward(tape, d_seen, engine), alone.backward(same, d_seen, engine)
    for ours, theirs in zip((*tape.cells[0][0], *gradients.cells[0][0]), (*same, *expected), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("cell", CELLS)
def test_each_layer_is_recorded_as_if_it_ran_alone_on_what_the_layer_below_handed_on(cell):
    stack, x = example(cell)
    _, gradients, tape = loss_and_gradients(stack, x)
    flowing = x
    for layer, tapes, found, handed in zip(stack.layers, tape.cells, gradients.cells, gradients.handed, strict=True):
        for one, recorded, d, turn, part in zip(
            layer, tapes, found, (1, -1), np.split(handed.true(), 2, axis=2), strict=True
        ):
            alone = one.forward(flowing[::turn])
            expected = one.backward(alone, np.ascontiguousarray(part[::turn]))
            for ours, theirs in zip((*recorded, *d), (*alone, *expected), strict=True):
                np.testing.assert_array_equal(ours, theirs)
        flowing = np.concatenate([tapes[0].h[1:], tapes[1].h[1:][::-1]], axis=2)
    np.testing.assert_array_equal(stack.seen(tape)[1:], flowing)


def test_a_reverse_has_read_the_rest_of_the_sequence_and_nothing_before():
    stack, x = example(layers=1)
    changed = x.copy()
    changed[2] += 1.0
    before, after = (stack.seen(stack.forward(array))[1:] for array in (x, changed))
    same = np.isclose(before, after, rtol=0, atol=0).all(axis=1)
    assert same[:2, :4].all() and not same[2:, :4].any()  # forward: t = 1 and 2 have not read x_3
    assert same[3:, 4:].all() and not same[:3, 4:].any()  # reverse: t = 4 to 7 have not read it


def test_the_row_before_the_first_timestep_holds_the_initial_states():
    stack, x = example(layers=2)
    h0 = np.random.default_rng(3).normal(size=(4, 2, 4))
    seen = stack.seen(stack.forward(x, h0=h0))
    np.testing.assert_array_equal(seen[0], np.concatenate([h0[2], h0[3]], axis=1))


def test_another_layer_leaves_those_below_as_they_start():
    small, large = (Stack.of(LSTM, 3, 4, layers=layers, seed=5) for layers in (2, 4))
    for one, other in zip(small.cells, large.cells, strict=False):
        for array, same in zip(one.parameters, other.parameters, strict=True):
            np.testing.assert_array_equal(array, same)
    starts = [cell.parameters.weight_hh for cell in Stack.of(GRU, 3, 4, layers=4, bidirectional=True).cells]
    assert len({start.tobytes() for start in starts}) == 8


def test_a_layer_may_read_more_than_a_network_may():
    stack = Stack.of(VanillaRNN, 2, 300, layers=2, bidirectional=True)
    assert stack.layers[1][0].inputs == 600
    assert np.abs(stack.layers[1][0].parameters.weight_ih).max() <= 1 / np.sqrt(300)


def test_sizes_add_up_as_in_pytorch():
    stack, _ = example()
    assert (stack.inputs, stack.hidden, stack.width, stack.depth, stack.cell_count) == (3, 4, 8, 3, 6)
    assert stack.layer_widths == (8, 8, 8)
    assert stack.parameter_count == 2 * 16 * (3 + 4 + 1) + 4 * 16 * (8 + 4 + 1)
    assert sum(weight.size for weight in stack.weights()) == stack.parameter_count
    assert repr(stack) == "Stack(LSTM(inputs=3, hidden=4), layers=3, bidirectional=True)"
    assert "3 layers, both directions" in stack._repr_html_()


def test_weights_can_be_taken_out_and_put_back():
    stack, x = example(GRU)
    doubled = stack.with_weights([2 * weight for weight in stack.weights()])
    for one, two in zip(stack.weights(), doubled.weights(), strict=True):
        np.testing.assert_array_equal(2 * one, two)
    _, gradients, _ = loss_and_gradients(stack, x)
    slopes = stack.weight_gradients(gradients)
    assert [slope.shape for slope in slopes] == [weight.shape for weight in stack.weights()]


def test_a_stack_is_frozen():
    stack, _ = example()
    with pytest.raises(AttributeError):
        stack.layers = ()


# ---------------------------------------------------------------- gradients


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_gradients_agree_with_finite_differences(cell, bidirectional, dropout):
    stack, x = example(cell, bidirectional=bidirectional)
    masks = draw_masks(
        np.random.default_rng(2), x.shape, stack.layer_widths, dropout=dropout, input_dropout=dropout / 2
    )
    _, gradients, _ = loss_and_gradients(stack, x, masks=masks)
    weights, slopes = stack.weights(), stack.weight_gradients(gradients)
    rng = np.random.default_rng(4)
    for number in rng.permutation(len(weights))[:6]:
        place = tuple(int(rng.integers(0, size)) for size in weights[number].shape)
        rise = []
        for nudge in (1e-6, -1e-6):
            moved = [weight.copy() for weight in weights]
            moved[number][place] += nudge
            rise.append(loss_and_gradients(stack.with_weights(moved), x, masks=masks)[0])
        assert slopes[number][place] == pytest.approx((rise[0] - rise[1]) / 2e-6, rel=1e-6, abs=1e-8)
    for _ in range(4):
        place = tuple(int(rng.integers(0, size)) for size in x.shape)
        rise = []
        for nudge in (1e-6, -1e-6):
            moved_x = x.copy()
            moved_x[place] += nudge
            rise.append(loss_and_gradients(stack, moved_x, masks=masks)[0])
        assert gradients.x[place] == pytest.approx((rise[0] - rise[1]) / 2e-6, rel=1e-6, abs=1e-8)


def test_single_precision_stays_near_double():
    stack, x = example()
    small, _ = example(dtype="float32")
    _, whole, _ = loss_and_gradients(stack, x)
    _, half, tape = loss_and_gradients(small, x.astype(np.float32))
    assert half.x.dtype == tape.cells[2][1].h.dtype == np.float32
    np.testing.assert_allclose(half.x, whole.x, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("variant", ["nfg", "nog", "cifg", "peephole", "fgr"])
@pytest.mark.parametrize("hidden", [4, 150])
def test_stacks_of_every_kind_of_lstm_have_gradients_that_agree_with_finite_differences(variant, hidden):
    stack = Stack.of(LSTM, 3, hidden, layers=2, bidirectional=True, variant=variant)
    x = np.random.default_rng(0).normal(size=(5, 1, 3))
    _, gradients, _ = loss_and_gradients(stack, x)
    weights, slopes = stack.weights(), stack.weight_gradients(gradients)
    for number in range(0, len(weights), 2):
        place = tuple(size - 1 for size in weights[number].shape)
        rise = []
        for nudge in (1e-5, -1e-5):
            moved = [weight.copy() for weight in weights]
            moved[number][place] += nudge
            rise.append(loss_and_gradients(stack.with_weights(moved), x)[0])
        assert slopes[number][place] == pytest.approx((rise[0] - rise[1]) / 2e-5, rel=1e-6, abs=1e-8)


def test_the_truncated_gradient_of_1997_still_flows_between_layers():
    stack, x = example(layers=2, bidirectional=False)
    d_seen = np.zeros((7, 2, 4))
    d_seen[-1] = 1.0
    tape = stack.forward(x)
    found, whole = stack.backward(tape, d_seen, truncated=True), stack.backward(tape, d_seen)
    upper, lower = found.cells[1][0], found.cells[0][0]
    assert not upper.h[1:-1].any() and upper.c[1:].all()  # along the cell state alone
    assert lower.h[1:].all()  # each timestep of the lower layer hears of the upper layer's gates
    assert not np.allclose(lower.weight_hh, whole.cells[0][0].weight_hh)


# ---------------------------------------------------------------- dropout


def test_dropout_is_recorded_and_acts_between_layers_only():
    stack, x = example(layers=2, bidirectional=False)
    masks = draw_masks(np.random.default_rng(0), x.shape, stack.layer_widths, dropout=0.5)
    tape = stack.forward(x, masks=masks)
    assert tape.masks is masks
    np.testing.assert_array_equal(tape.cells[0][0].h, stack.forward(x).cells[0][0].h)
    np.testing.assert_array_equal(tape.cells[1][0].x, tape.cells[0][0].h[1:] * masks.between[0])


def test_the_same_seed_gives_the_same_bits_in_another_process():
    code = (
        "import numpy as np, hashlib\n"
        "from lstmviz.lab.stack import Stack\n"
        "from lstmviz.lab.network import LSTM\n"
        "from lstmviz.lab.dropout import draw_masks\n"
        "stack = Stack.of(LSTM, 3, 5, layers=2, bidirectional=True, seed=7)\n"
        "x = np.random.default_rng(0).normal(size=(9, 2, 3))\n"
        "masks = draw_masks(np.random.default_rng(1), x.shape, stack.layer_widths, dropout=0.3, input_dropout=0.1)\n"
        "tape = stack.forward(x, engine='reference', masks=masks)\n"
        "found = stack.backward(tape, np.ones((9, 2, 10)), 'reference')\n"
        "arrays = (*stack.weights(), *stack.weight_gradients(found), found.x, stack.seen(tape))\n"
        "print(hashlib.sha256(b''.join(array.tobytes() for array in arrays)).hexdigest())\n"
    )
    said = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert said[0] == said[1] and len(said[0]) == 65


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Stack([]), "Stack: layers: 0 layers are out of range (1 to 4)"),
        (lambda: Stack([LSTM(2, 2)] * 5), "Stack: layers: 5 layers are out of range (1 to 4)"),
        (lambda: Stack([LSTM(2, 3), LSTM(2, 3)]), "Stack: layer 2: 2 inputs do not fit what it reads (needs 3)"),
        (
            lambda: Stack([LSTM(2, 3), GRU(3, 3)]),
            "Stack: layers: the cells differ (one kind, one size, one number type)",
        ),
        (
            lambda: Stack([VanillaRNN(2, 2), VanillaRNN(2, 2, activation="relu")]),
            "Stack: layers: the cells differ (one kind, one size, one number type)",
        ),
        (
            lambda: Stack([(LSTM(2, 2), LSTM(2, 2)), LSTM(4, 2)]),
            "Stack: layers: the layers run in different directions (one network, or a pair, in every layer)",
        ),
        (
            lambda: Stack([(LSTM(2, 2), LSTM(3, 2))]),
            "Stack: layer 1: 3 inputs do not fit what it reads (needs 2)",
        ),
        (lambda: Stack.of(LSTM, 2, 3, layers=5), "Stack: layers: 5 is out of range (1 to 4)"),
        (lambda: Stack.of(LSTM, 2, 3, layers=1.5), "Stack: layers: 1.5 is no whole number (such as 16)"),
        (lambda: Stack.of(LSTM, 257, 3), "Stack: inputs: 257 is out of range (1 to 256)"),
        (lambda: Stack.of(LSTM, 2, 513), "Stack: hidden: 513 is out of range (1 to 512)"),
    ],
)
def test_what_makes_no_stack_is_refused_in_one_line(make, says):
    with pytest.raises(BadInput) as caught:
        make()
    assert str(caught.value) == says
