"""Truth: what stands on the screen is what the engine says, and what the engine says is what the loss does.

A mark on the plot is compared with the engine's gradient, and that with the loss of networks run again with one number
nudged. Nothing in between is trusted.
"""

import numpy as np
import pytest

from lstmviz.lab.readout import ask
from tests.views.race_desk import ALL, race_desk

pytestmark = pytest.mark.gui
GAP = 12
NUDGE = 1e-5


@pytest.fixture(scope="module")
def drawn():
    """Curves as drawn, and the racers behind them."""
    with race_desk({"gap": GAP, "cells": ALL, "hidden": 5, "seed": 2}, engine="kernels") as desk:
        curves = {cell: desk.lab.plot.curves[cell].line.getData() for cell in ALL}
        yield curves, desk.frame.comparison


def loss_from(racer, batch, t, h, c):
    """The loss when the network goes on after timestep t from the states h and c."""
    tape = racer.network.forward(batch.x[t:], h, c, engine="reference") if t < len(batch.x) else None
    states = tape.h if tape is not None else np.stack([h, h])
    return ask(racer.readout, states, batch.targets, "cross_entropy").loss


def slopes(racer, batch, t):
    """dL/dh_t by central differences: nudge each unit of h after timestep t, keep c, run on."""
    tape = racer.trace.tape
    h, c = tape.h[t].copy(), tape.c[t].copy() if racer.network.cell == "lstm" else None
    found = []
    for unit in range(racer.network.hidden):
        rise = []
        for nudge in (NUDGE, -NUDGE):
            moved = h.copy()
            moved[0, unit] += nudge
            rise.append(loss_from(racer, batch, t, moved, c))
        found.append((rise[0] - rise[1]) / (2 * NUDGE))
    return np.array(found)


@pytest.mark.parametrize("cell", ALL)
@pytest.mark.parametrize("t", [1, 2, 7, GAP, GAP + 1])
def test_a_point_of_a_curve_is_the_slope_of_the_loss(drawn, cell, t):
    curves, comparison = drawn
    timesteps, heights = curves[cell]
    on_screen = 10.0 ** heights[list(timesteps).index(t)]
    measured = slopes(comparison.racer(cell), comparison.batch, t)
    assert on_screen == pytest.approx(np.linalg.norm(measured), rel=1e-4, abs=1e-10)


@pytest.mark.parametrize("cell", ALL)
def test_every_weight_gradient_is_the_slope_of_the_loss(drawn, cell):
    _, comparison = drawn
    racer = comparison.racer(cell)
    parameters = racer.network.parameters
    rng = np.random.default_rng(0)
    for name in parameters._fields:
        values = getattr(parameters, name)
        place = tuple(rng.integers(0, size) for size in values.shape)
        rise = []
        for nudge in (NUDGE, -NUDGE):
            moved = values.copy()
            moved[place] += nudge
            network = racer.network.with_parameters(parameters._replace(**{name: moved}))
            tape = network.forward(comparison.batch.x, engine="reference")
            rise.append(ask(racer.readout, tape.h, comparison.batch.targets, "cross_entropy").loss)
        slope = (rise[0] - rise[1]) / (2 * NUDGE)
        assert getattr(racer.trace.gradients, name)[place] == pytest.approx(slope, rel=1e-4, abs=1e-9)
