"""Stacks against their definition: in complex numbers, whose small steps give every gradient, and in 50 digits.

Words used in this file
    place    number of a cell in PyTorch's order, then what stands in it: ``(1, "weight_hh", 0, 2)``
"""

from itertools import chain

import numpy as np
import pytest

from lstmviz.lab.dropout import Masks, draw_masks
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.stack import Stack
from tests.engine.naive import COMPLEX, FIFTY, FIFTY_DIGITS, Run

T, INPUTS = 3, 2
KINDS = {
    "rnn": (VanillaRNN, {}),
    "relu": (VanillaRNN, {"activation": "relu"}),
    "lstm": (LSTM, {}),
    "gru": (GRU, {"update_bias": 0.5}),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
every_build = pytest.mark.parametrize(("layers", "bidirectional"), [(2, True), (3, False), (1, True)])
every_engine = pytest.mark.parametrize("engine", ["reference", "kernels"])


def made(kind, layers, bidirectional, seed=0, gain=1.0):
    """A small stack with random biases, an input of one sequence, weights of the loss, and masks."""
    cell, options = KINDS[kind]
    rng = np.random.default_rng(seed)
    stack = Stack.of(cell, INPUTS, 3, layers=layers, bidirectional=bidirectional, seed=seed, gain=gain, **options)
    stack = stack.with_weights([weight + 0.3 * rng.normal(size=weight.shape) for weight in stack.weights()])
    x, weights = rng.normal(size=(T, 1, INPUTS)), rng.normal(size=(T, 1, stack.width))
    return stack, x, weights, draw_masks(rng, x.shape, stack.layer_widths, dropout=0.3, input_dropout=0.2) or Masks()


def times(rows, mask, convert):
    if mask is None:
        return rows
    return [[value * convert(m) for value, m in zip(row, of, strict=True)] for row, of in zip(rows, mask, strict=True)]


def definition(numbers, convert, stack, x, weights, masks, nudge=None):
    """L, and what every cell computed; ``nudge`` adds a number at one place."""
    flowing, found = [[convert(v) for v in row] for row in x[:, 0]], []
    for layer, cells in enumerate(stack.layers):
        mask = masks.inputs if layer == 0 else masks.between[layer - 1] if masks.between else None
        flowing, handed = times(flowing, None if mask is None else mask[:, 0], convert), []
        for cell, turn in zip(cells, (1, -1), strict=False):
            numbered = [np.vectorize(convert, otypes=[object])(array) for array in cell.parameters]
            place, *key = nudge[0] if nudge else (None,)
            here = {tuple(key): nudge[1]} if place == len(found) else {}
            run = Run(numbers, type(cell.parameters)(*numbered), getattr(cell, "activation", ""), here)
            zeros = [convert(0.0)] * cell.hidden
            run.loss(cell.cell, flowing[::turn], (zeros, zeros)[: 2 if cell.cell == "lstm" else 1], [zeros] * T)
            found.append(run.found)
            handed.append([[run.found["h", t + 1, k] for k in range(cell.hidden)] for t in range(T)][::turn])
        flowing = [list(chain(*rows)) for rows in zip(*handed, strict=True)]
    pairs = zip(weights[:, 0].ravel(), chain(*flowing), strict=True)
    loss = sum(convert(weight) * h for weight, h in pairs)
    return loss, found


@every_engine
@every_build
@every_kind
def test_every_gradient_agrees_with_complex_steps(kind, layers, bidirectional, engine):
    stack, x, weights, masks = made(kind, layers, bidirectional, seed=3)
    gradients = stack.backward(stack.forward(x, engine=engine, masks=masks), weights, engine)
    rng = np.random.default_rng(0)
    cells = [d for of_layer in gradients.cells for d in of_layer]
    for number, d in enumerate(cells):
        for name in d._fields:
            if name.startswith("log10_"):
                continue
            got = getattr(d, name)
            places = list(np.ndindex(got.shape))
            for which in rng.permutation(len(places))[:6]:
                place = places[which]
                key = (name, *place) if name in stack.top.parameters._fields else (name, place[0], place[2])
                loss, _ = definition(COMPLEX, complex, stack, x, weights, masks, ((number, *key), 1e-30j))
                assert got[place] == pytest.approx(loss.imag / 1e-30, rel=1e-11, abs=1e-13), (number, name, place)


@every_engine
@every_build
@every_kind
@pytest.mark.parametrize("gain", [0.5, 3.0])
def test_forward_values_agree_with_fifty_digits(kind, layers, bidirectional, gain, engine):
    stack, x, weights, masks = made(kind, layers, bidirectional, seed=4, gain=gain)
    _, exact = definition(FIFTY_DIGITS, FIFTY.mpf, stack, x, weights, masks)
    tape = stack.forward(x, engine=engine, masks=masks)
    for of_cell, known in zip([tape for of_layer in tape.cells for tape in of_layer], exact, strict=True):
        for name in of_cell._fields:
            for t, row in enumerate(getattr(of_cell, name)[:, 0]):
                expected = np.array([float(known[name, t, k]) for k in range(len(row))])
                np.testing.assert_allclose(row, expected, rtol=0, atol=1e-12 * max(1.0, np.abs(expected).max()))


@every_engine
@every_build
@every_kind
def test_gradients_agree_with_fifty_digits(kind, layers, bidirectional, engine):
    stack, x, weights, masks = made(kind, layers, bidirectional, seed=5, gain=2.0)
    gradients = stack.backward(stack.forward(x, engine=engine, masks=masks), weights, engine)
    start, _ = definition(FIFTY_DIGITS, FIFTY.mpf, stack, x, weights, masks)
    rng, small = np.random.default_rng(1), FIFTY.mpf("1e-30")
    for number, d in enumerate(d for of_layer in gradients.cells for d in of_layer):
        t = int(rng.integers(0, T + 1))
        row = d.h[t, 0]
        exact = []
        for unit in range(len(row)):
            loss, _ = definition(FIFTY_DIGITS, FIFTY.mpf, stack, x, weights, masks, ((number, "h", t, unit), small))
            exact.append(float((loss - start) / small))
        size = float(np.abs(exact).max())
        assert np.abs(row - exact).max() <= 1e-11 * size, (number, t)
