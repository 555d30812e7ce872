"""What interventions did beside what the gradient forecast: right to first order, and against a hand calculation."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lstmviz.engine.arrays import LSTMParameters
from lstmviz.lab.comparison import Comparison, compare, racer_of, sequence
from lstmviz.lab.effects import effects
from lstmviz.lab.intervened import intervened
from lstmviz.lab.interventions import Clamp, Cut, Freeze, InputEdit, WeightEdit
from lstmviz.lab.network import LSTM
from lstmviz.lab.readout import ReadoutParameters
from lstmviz.lab.settings import Settings
from lstmviz.lab.trace import trace

SETTINGS = Settings(gap=7, hidden=4, cells=("rnn", "lstm", "gru"), seed=3, gain=1.5)


def effect_of(base, cell, *interventions):
    found = effects(base, intervened(base, interventions, "reference"), "reference")
    return next(one for one in found if one.cell == cell)


def natural(base, cell, quantity, first, last, unit):
    return getattr(base.racer(cell).trace.tape, quantity)[-base.settings.timesteps() :][first - 1 : last, 0, unit]


def nudges(base, cell, size):
    """Edits of every kind that move one network by ``size``."""
    parameters = base.racer(cell).network.parameters
    gate = {"rnn": "h", "lstm": "f", "gru": "z"}[cell]
    held = natural(base, cell, gate, 3, 5, 1)
    x = base.batch.x[1, 0]
    return {
        "input": (InputEdit(2, tuple(x + size * np.linspace(-1, 1, len(x)))),),
        "weight": (WeightEdit(cell, "weight_hh", 2, 1, float(parameters.weight_hh[2, 1]) + size),),
        "bias": (WeightEdit(cell, "bias", 1, 0, float(parameters.bias[1]) - size),),
        "readout": (WeightEdit(cell, "readout_weight", 0, 2, float(base.racer(cell).readout.weight[0, 2]) + size),),
        "clamp": (Clamp(cell, gate, 3, 3, (float(held[0]) + size,), (1,)),),
        "clamps": (Clamp(cell, gate, 3, 5, tuple(held + size * np.array([1, -0.5, 0.7])), (1,)),),
        "state": (Clamp(cell, "h", 4, 4, (float(natural(base, cell, "h", 4, 4, 0)[0]) - size,), (0,)),),
    }


@pytest.mark.parametrize("kind", ["input", "weight", "bias", "readout", "clamp", "clamps", "state"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_forecast_approaches_the_true_change_with_the_square_of_the_edit(cell, kind):
    base = compare(SETTINGS, engine="reference")
    errors = []
    for size in (1e-3, 5e-4, 2.5e-4):
        found = effect_of(base, cell, *nudges(base, cell, size)[kind])
        errors.append(abs(found.true_change - found.forecast))
        assert abs(found.forecast) > 1e-9
    rounding = 1e-14  # of the two losses, whose difference the true change is
    assert errors[2] <= errors[0] / 12 + rounding, "a quarter of the size leaves a sixteenth of the error"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_several_edits_at_once_are_forecast_together(cell):
    base = compare(SETTINGS, engine="reference")
    errors = []
    for size in (1e-3, 2.5e-4):
        kinds = nudges(base, cell, size)
        found = effect_of(base, cell, *kinds["input"], *kinds["weight"], *kinds["readout"], *kinds["clamps"])
        errors.append(abs(found.true_change - found.forecast))
    assert errors[1] <= errors[0] / 12 + 1e-14


def test_in_stacks_too():
    base = compare(replace(SETTINGS, layers=2, bidirectional=True), engine="reference")
    for kind in ("input", "clamps", "weight"):
        errors = []
        for size in (1e-3, 2.5e-4):
            found = effect_of(base, "lstm", *nudges(base, "lstm", size)[kind])
            errors.append(abs(found.true_change - found.forecast))
        assert errors[1] <= errors[0] / 12 + 1e-14, kind


def test_a_clamp_at_what_the_gate_is_anyway_changes_no_number_forward_and_forecasts_nothing():
    base = compare(SETTINGS, engine="reference")
    values = tuple(map(float, natural(base, "lstm", "f", 2, 6, 3)))
    after = intervened(base, [Clamp("lstm", "f", 2, 6, values, (3,))], "reference")
    for a, b in zip(base.racer("lstm").trace.tape, after.racer("lstm").trace.tape, strict=True):
        np.testing.assert_array_equal(a, b)
    (found,) = effects(base, after, "reference")
    assert found.true_change == found.forecast == 0.0


def test_a_freeze_keeps_the_state_and_hands_its_gradient_back_unchanged():
    base = compare(SETTINGS, engine="reference")
    after = intervened(base, [Freeze("lstm", 3, 6)], "reference").racer("lstm").trace
    np.testing.assert_array_equal(after.tape.c[3:7], np.broadcast_to(after.tape.c[2], after.tape.c[3:7].shape))
    np.testing.assert_array_equal(after.gradients.c[3:6], np.broadcast_to(after.gradients.c[6], (3, 1, 4)))


def test_a_cut_is_forecast_by_the_gradient_of_its_weights():
    base = compare(SETTINGS, engine="reference")
    racer = base.racer("gru")
    weights, gradient = racer.network.parameters.weight_hh, racer.trace.gradients.weight_hh
    found = effect_of(base, "gru", Cut("gru", 1, 2))
    np.testing.assert_allclose(found.forecast, -np.sum((gradient * weights)[2::4, 1]), rtol=1e-12)


# ----------------------------------------------------------------------------- by hand


def sigmoid(a):
    return 1.0 / (1.0 + math.exp(-a))


def test_a_clamped_lstm_of_one_unit_gives_what_a_hand_calculation_gives():
    """Two gates held, at two of three timesteps; every number worked out with math alone."""
    settings = Settings(gap=2, hidden=1, cells=("lstm",))
    batch = sequence(settings)
    w, u, b = (0.5, -0.3, 0.8, 0.2), (0.1, 0.4, -0.6, 0.3), (0.0, 1.0, 0.1, -0.2)  # i, f, g, o
    weight_ih = np.zeros((4, 8))
    weight_ih[:] = np.array(w)[:, None]  # every letter is a 1 in one place: x adds w
    parameters = LSTMParameters(weight_ih, np.array(u)[:, None], np.array(b))
    readout = ReadoutParameters(np.array([[0.7], [-0.4]]), np.array([0.05, 0.0]))
    target = batch.targets
    found = trace(LSTM.from_arrays(parameters), batch.x, readout=readout, targets=target, engine="reference")
    base = Comparison(settings, batch, (racer_of(found),))
    after = intervened(base, [Clamp("lstm", "f", 2, 3, (0.25,)), Clamp("lstm", "o", 3, 3, (0.9,))], "reference")
    tape, gradients = after.racers[0].trace.tape, after.racers[0].trace.gradients

    h = c = 0.0
    kept = {}
    for t in (1, 2, 3):
        i, f, g, o = (
            function(w[n] + u[n] * h + b[n]) for n, function in enumerate((sigmoid, sigmoid, math.tanh, sigmoid))
        )
        f, o = 0.25 if t > 1 else f, 0.9 if t == 3 else o
        before = c
        c = f * c + i * g
        h = o * math.tanh(c)
        kept[t] = (i, f, g, o, before, c, h)
        row = [getattr(tape, name)[t - 1, 0, 0] for name in "ifgo"] + [tape.c[t, 0, 0], tape.h[t, 0, 0]]
        np.testing.assert_allclose(row, [i, f, g, o, c, h], rtol=1e-14)

    logits = (0.7 * h + 0.05, -0.4 * h)
    chances = [math.exp(y) / sum(map(math.exp, logits)) for y in logits]
    np.testing.assert_allclose(after.racers[0].trace.loss, -math.log(chances[int(target[0])]), rtol=1e-13)

    d_y = [chances[k] - (k == int(target[0])) for k in (0, 1)]
    d_h, d_c, d_u_f = 0.7 * d_y[0] - 0.4 * d_y[1], 0.0, 0.0
    for t in (3, 2, 1):
        i, f, g, o, before, c, h = kept[t]
        d_c += d_h * o * (1 - math.tanh(c) ** 2)
        np.testing.assert_allclose(gradients.h[t, 0, 0], d_h, rtol=1e-12)
        np.testing.assert_allclose(gradients.c[t, 0, 0], d_c, rtol=1e-12)
        np.testing.assert_allclose(gradients.f[t - 1, 0, 0], d_c * before, rtol=1e-12, atol=1e-300)
        np.testing.assert_allclose(gradients.o[t - 1, 0, 0], d_h * math.tanh(c), rtol=1e-12)
        d_z = [
            d_c * g * i * (1 - i),
            d_c * before * f * (1 - f) * (t == 1),  # held at 2 and 3: nothing flows to its weights
            d_c * i * (1 - g * g),
            d_h * math.tanh(c) * o * (1 - o) * (t != 3),
        ]
        h_before = kept[t - 1][6] if t > 1 else 0.0
        d_u_f += d_z[1] * h_before
        d_h, d_c = sum(d * weight for d, weight in zip(d_z, u, strict=True)), d_c * f
    np.testing.assert_allclose(gradients.weight_hh[1, 0], d_u_f, rtol=1e-12, atol=1e-300)


def test_the_words_say_whether_the_answer_became_right():
    base = compare(SETTINGS, engine="reference")
    racer = base.racer("lstm")
    right = int(racer.trace.targets[0])
    for answer, word in ((right, "right"), (1 - right, "wrong")):
        found = effect_of(base, "lstm", WeightEdit("lstm", "readout_bias", answer, 0, 50.0))
        assert found.right[1] == (word == "right") and found.verdict.endswith(word)
        assert found.said[1][answer] > 0.99 and found.right_answer == found.answers[right]
    numbers = compare(SETTINGS, task="adding", engine="reference")
    found = effect_of(numbers, "lstm", InputEdit(2, (0.5, 1.0)))
    assert found.right == (None, None) and found.verdict == "" and len(found.said[0]) == 1
