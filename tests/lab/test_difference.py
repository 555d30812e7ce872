"""Derivatives by differences agree with the backward pass, for every cell and whatever is held."""

import numpy as np
import pytest

from lstmviz.engine.variant import HELD, STATES, VARIANTS
from lstmviz.files import BadInput
from lstmviz.lab.comparison import Racer, compare
from lstmviz.lab.difference import by_differences
from lstmviz.lab.trace import trace

FORMS = [
    {"cells": "rnn"},
    {"cells": "rnn", "initialisation": "identity"},
    *({"cells": "lstm", "variant": variant} for variant in VARIANTS),
    {"cells": "gru"},
    {"cells": "gru", "reset": "before"},
    {"cells": "lstm", "layers": 2},
    {"cells": "gru", "layers": 2, "bidirectional": True},
]


def racer(form: dict[str, object], seed: int = 1) -> Racer:
    return compare(gap=8, hidden=6, seed=seed, engine="reference", **form).racers[0]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(map(str, form.values())))
@pytest.mark.parametrize("t", [0, 1, 5, 9])
def test_the_derivative_is_the_gradient(form, t):
    found = racer(form)
    for quantity in HELD[found.network.cell]:
        if t == 0 and quantity not in STATES:
            continue
        derivative = by_differences(found.recorded, quantity, t, 2, engine="reference")
        row = t if quantity in STATES else t - 1
        analytic = getattr(found.trace.gradients, quantity)[row, 0, 2]
        assert abs(derivative.value - analytic) < 1e-9 * abs(analytic) + 5 * derivative.resolution


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_it_knows_what_is_held(cell):
    free = racer({"cells": cell})
    generator = np.random.default_rng(3)
    names = HELD[cell]
    held = np.full((len(names), *free.trace.tape.h[1:].shape), np.nan)
    held[generator.integers(len(names)), 3:6, 0, :3] = 0.2
    held[names.index("h"), 7, 0, 4] = np.inf
    asked = {"readout": free.readout, "targets": np.array([0]), "engine": "reference", "held": held}
    found = trace(free.network, free.trace.tape.x, **asked)
    for unit in (1, 4):
        derivative = by_differences(found, "h", 2, unit, engine="reference")
        assert abs(derivative.value - found.gradients.h[2, 0, unit]) < 1e-11


@pytest.mark.parametrize("form", [{}, {"layers": 2}, {"bidirectional": True}])
def test_a_network_in_float32_is_moved_in_float64(form):
    found = racer({"cells": "lstm", "dtype": "float32", **form})
    derivative = by_differences(found.recorded, "c", 4, 1, engine="reference")
    assert derivative.resolution < 1e-11
    assert derivative.value == pytest.approx(found.trace.gradients.c[4, 0, 1], rel=1e-4)


@pytest.mark.parametrize(
    ("quantity", "t", "unit"), [("c", 1, 0), ("a", 1, 0), ("h", 10, 0), ("h", -1, 0), ("h", 1, 6), ("z", 0, 0)]
)
def test_what_is_not_there_is_refused(quantity, t, unit):
    with pytest.raises(BadInput):
        by_differences(racer({"cells": "gru"}).recorded, quantity, t, unit)


def test_it_stops_when_it_is_told_to():
    class Stopped:
        def is_set(self) -> bool:
            return True

    assert np.isnan(by_differences(racer({"cells": "gru"}).recorded, "h", 1, 0, stop=Stopped()).value)
