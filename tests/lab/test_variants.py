"""The LSTM's family as networks: how they start, how many numbers they have, and that they can be trained."""

from dataclasses import replace

import numpy as np
import pytest

from lstmviz.engine.variant import RESETS, VARIANTS
from lstmviz.files import BadInput
from lstmviz.lab.comparison import build, compare
from lstmviz.lab.network import GRU, LSTM
from lstmviz.lab.settings import Settings, parameter_count, units
from lstmviz.lab.slopes import blocks_of
from lstmviz.lab.trace import trace
from lstmviz.lab.training import Training

every_variant = pytest.mark.parametrize("variant", VARIANTS)


@every_variant
def test_the_settings_know_how_many_numbers_training_changes(variant):
    settings = Settings(variant=variant, hidden=6)
    network = build(settings, "lstm")
    assert network.parameter_count == parameter_count(settings, "lstm", 6) == sum(w.size for w in network.weights())
    fair = replace(settings, fair="parameters")
    rnn = parameter_count(fair, "rnn", units(fair, "rnn"))
    assert abs(rnn - network.parameter_count) < 0.1 * network.parameter_count


@every_variant
def test_what_a_variant_shares_with_the_plain_lstm_starts_the_same(variant):
    plain, other = (LSTM(3, 5, variant=name, seed=7) for name in ("vanilla", variant))
    for name in ("weight_ih", "weight_hh"):
        blocks = getattr(plain.parameters, name).reshape(4, 5, -1)
        kept = blocks[["ifgo".index(block) for block in blocks_of(other)]]
        np.testing.assert_array_equal(getattr(other.parameters, name), kept.reshape(-1, blocks.shape[2]))


def test_coupled_gates_start_with_the_forget_gate_where_the_plain_lstm_has_it():
    x = np.zeros((1, 1, 2))
    for bias in (3.0, "chrono"):
        plain, coupled = (LSTM(2, 5, variant=name, forget_bias=bias) for name in ("vanilla", "cifg"))
        np.testing.assert_allclose(coupled.forward(x).f, plain.forward(x).f, rtol=1e-14)


def test_peepholes_and_gate_recurrence_start_as_recurrent_weights_do():
    for variant, name in (("peephole", "peephole"), ("fgr", "weight_gates")):
        weights = getattr(LSTM(2, 16, variant=variant, seed=3).parameters, name)
        assert 0 < np.abs(weights).max() <= 0.25 and np.abs(weights).mean() > 0.1
        assert np.all(getattr(LSTM(2, 16, variant=variant, gain=0.0).parameters, name) == 0)


def test_an_unknown_form_is_refused_in_one_line():
    with pytest.raises(BadInput, match=r"^LSTM: variant: .*vanilla, nfg, nig, nog, cifg, niaf, noaf, peephole, fgr"):
        LSTM(2, 3, variant="gru")
    with pytest.raises(BadInput, match=r"^GRU: reset: .*after, before"):
        GRU(2, 3, reset="never")
    with pytest.raises(BadInput, match=r"^compare: lstm.variant: "):
        compare(gap=5, variant="lstm")


@every_variant
def test_a_trace_of_a_variant_holds_every_array_with_its_gradient(variant):
    network = LSTM(2, 3, variant=variant, seed=1)
    arrays = trace(network, np.random.default_rng(0).normal(size=(4, 2, 2))).arrays()
    for name in ("i", "f", "g", "o", "c", "h", "z"):
        assert arrays[name].shape == arrays[f"d_{name}"].shape
    for name in network.parameters._fields[3:]:
        assert arrays[name].shape == arrays[f"d_{name}"].shape


@pytest.mark.parametrize("value", [np.nan, np.inf])
@every_variant
def test_the_first_bad_value_of_a_variant_is_named(variant, value):
    x = np.zeros((6, 1, 2))
    x[3, 0, 1] = 1.0
    network = LSTM(2, 3, variant=variant)
    weight = np.array(network.parameters.weight_ih)
    weight[-1, 1] = value  # the last unit of the last block: of the output gate, if there is one
    found = trace(network.with_parameters(network.parameters._replace(weight_ih=weight)), x, engine="reference")
    if np.isnan(value):
        assert found.first_bad() == "NaN first at t=1 in the " + ("candidate" if variant == "nog" else "output gate")
    else:  # a gate is then open, and nothing is wrong from t=4 on; before, infinity times zero is no number
        assert found.first_bad().startswith("NaN first at t=1 in the ")


@pytest.mark.parametrize(("variant", "reset"), [*((name, "after") for name in VARIANTS), ("vanilla", "before")])
def test_training_lowers_the_loss_of_every_form(variant, reset):
    cell = "gru" if reset == "before" else "lstm"
    settings = Settings(task="recall", gap=5, hidden=8, cells=(cell,), variant=variant, reset=reset)
    training = Training(settings, engine="reference")
    losses = [training.comparison().racers[0].trace.loss]
    for _ in range(40):
        training.advance()
    losses.append(training.comparison().racers[0].trace.loss)
    assert losses[1] < losses[0]


def test_every_place_of_the_reset_gate_is_a_form_of_its_own():
    assert [GRU(2, 3, reset=reset).form for reset in RESETS] == ["gru", "gru/before"]
    assert repr(GRU(2, 3, reset="before")) == "GRU(inputs=2, hidden=3, reset='before')"
    assert repr(LSTM(2, 3)) == "LSTM(inputs=2, hidden=3)"
