"""The gradient split by path: the parts add up, and each is what its name says."""

import math

import numpy as np
import pytest

from lstmviz.lab.gradient_flow import cell_path
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.path_split import path_split
from lstmviz.lab.trace import trace

KINDS = {
    "rnn": lambda: VanillaRNN(3, 6, gain=2.0),
    "relu": lambda: VanillaRNN(3, 6, activation="relu"),
    "lstm": lambda: LSTM(3, 6, gain=3.0),
    "gru": lambda: GRU(3, 6, gain=3.0),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def traced(network, timesteps=30, loss="all"):
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(timesteps, 2, 3)), rng.normal(size=(timesteps, 2, network.hidden))
    return trace(network, x, loss=loss, loss_weight=weight, engine="reference")


@every_kind
@pytest.mark.parametrize("loss", ["last", "all"])
def test_the_parts_add_up_to_the_gradient_at_every_timestep(kind, loss):
    found = traced(KINDS[kind](), loss=loss)
    split = path_split(found)
    for one, gradient in ((split.h, found.gradients.h), (split.c, getattr(found.gradients, "c", None))):
        if one is None:
            continue
        size = np.abs(gradient).max(axis=2)
        assert (np.abs(one.parts.sum(axis=0) - gradient).max(axis=2) <= 1e-12 * size).all()
        np.testing.assert_allclose(one.share.sum(axis=0), 1.0, atol=1e-12)


def test_the_way_along_the_cell_state_is_the_gradient_after_it_times_the_forget_gate():
    found = traced(LSTM(3, 6))
    along = path_split(found).c.part("c")
    np.testing.assert_allclose(along[:-1], found.gradients.c[1:] * found.tape.f, rtol=1e-12, atol=1e-18)
    np.testing.assert_array_equal(along[-1], 0.0)


def test_each_gate_carries_what_its_own_weights_carry():
    for network, quantity, names in ((LSTM(3, 6), "z", "ifgo"), (GRU(3, 6), "a", "rz")):
        found = traced(network)
        split = path_split(found).h
        blocks = np.split(network.parameters.weight_hh, network.blocks)
        slopes = np.split(getattr(found.gradients, quantity), network.blocks, axis=2)
        for name, weights, d in zip(names, blocks, slopes, strict=False):
            np.testing.assert_allclose(split.part(name)[:-1], d @ weights, rtol=1e-10, atol=1e-16)


def test_a_gate_that_does_not_listen_to_the_hidden_state_carries_nothing():
    network = LSTM(3, 6)
    weights = network.parameters.weight_hh.copy()
    weights[6:12] = 0.0  # the forget gate's
    split = path_split(traced(network.with_parameters(network.parameters._replace(weight_hh=weights))))
    assert (split.h.part("f") == 0).all() and (split.c.log10[split.c.ways.index("f")] == -np.inf).all()
    assert (split.h.part("i")[:-1] != 0).any()


def test_with_the_recurrent_weights_cut_all_that_arrives_at_the_cell_state_came_along_it():
    network = LSTM(3, 6, gain=0)
    found = traced(network, timesteps=400, loss="last")
    split = path_split(found)
    np.testing.assert_allclose(split.unbroken_share, 1.0, rtol=1e-12)
    expected = cell_path(found.tape.f[:, :1], found.gradients.c[-1, :1])
    np.testing.assert_allclose(split.log10_unbroken[:, 0], expected, atol=1e-9)


def test_the_unbroken_path_of_a_gru_is_the_product_of_its_update_gates():
    found = traced(GRU(3, 6, update_bias=2.0), loss="last")
    kept = np.prod(found.tape.z[:, 1], axis=0) * found.d_h_loss[-1, 1]
    log10 = path_split(found).log10_unbroken[0, 1]
    assert log10 == pytest.approx(math.log10(np.linalg.norm(kept)), abs=1e-12)


def test_a_vanilla_rnn_has_no_unbroken_path():
    split = path_split(traced(VanillaRNN(3, 6)))
    assert (split.log10_unbroken == -np.inf).all()
    assert split.h.ways == ("loss", "a")


def test_parts_that_float64_cannot_hold_still_have_norms_and_shares():
    network = LSTM(3, 6, forget_bias=-2.0, gain=0.01)
    split = path_split(traced(network, timesteps=1500, loss="last"))
    assert (split.c.parts[:, 1] == 0).all()
    assert np.isfinite(split.c.log10[split.c.ways.index("c"), 1]).all()
    assert (split.c.log10[split.c.ways.index("c"), 1] < -400).all()
    np.testing.assert_allclose(split.c.share.sum(axis=0)[1:], 1.0, atol=1e-12)


def test_a_trace_that_does_not_know_its_loss_is_refused():
    from dataclasses import replace

    from lstmviz.files import BadInput

    with pytest.raises(BadInput, match="its loss is not known"):
        path_split(replace(traced(LSTM(3, 6)), d_h_loss=None))
