"""The LSTM's family and both GRUs, taken apart timestep by timestep: what the analysis says of them."""

import numpy as np
import pytest

from lstmviz.engine.variant import VARIANTS
from lstmviz.files import BadInput
from lstmviz.lab.counterfactual import counterfactual
from lstmviz.lab.jacobian import jacobian_map, jacobian_row
from lstmviz.lab.network import GRU, LSTM
from lstmviz.lab.path_split import path_split
from lstmviz.lab.slopes import local_slopes, recurrent_weights
from lstmviz.lab.spectrum import log10_bound, recurrent_spectra, timestep_spectrum
from lstmviz.lab.trace import trace

TAKEN_APART = [name for name in VARIANTS if name != "fgr"]
SPLIT = [name for name in TAKEN_APART if name != "peephole"]


def traced(variant: str, timesteps: int = 7):
    rng = np.random.default_rng(3)
    network = LSTM(2, 4, variant=variant, gain=2.0, seed=5)
    return trace(network, rng.normal(size=(timesteps, 1, 2)), loss_weight=rng.normal(size=(timesteps, 1, 4)))


@pytest.mark.parametrize("engine", ["reference", "kernels"])
@pytest.mark.parametrize("variant", TAKEN_APART)
def test_the_jacobians_of_a_variant_are_those_of_finite_differences(variant, engine):
    found = traced(variant)
    network, x = found.network, found.tape.x
    rows = {end: jacobian_row(found, end=end, engine=engine) for end in "hc"}
    for k in (0, 3):
        h, c = found.tape.h[k], found.tape.c[k]
        for end in "hc":
            by_h, by_c = np.empty((4, 4)), np.empty((4, 4))
            for unit in range(4):
                nudge = np.zeros((1, 4))
                nudge[0, unit] = 1e-6
                for state, h_, c_ in ((by_h, nudge, 0), (by_c, 0, nudge)):
                    ends = [network.forward(x[k:], h + s * h_, c + s * c_, "reference") for s in (1, -1)]
                    state[:, unit] = (getattr(ends[0], end)[-1, 0] - getattr(ends[1], end)[-1, 0]) / 2e-6
            if k == 0:  # afterwards c also acts through the h of its own timestep
                np.testing.assert_allclose(10 ** rows[end].log10_c[0], np.linalg.norm(by_c), rtol=1e-6)
            np.testing.assert_allclose(10 ** rows[end].log10_h[k], np.linalg.norm(by_h), rtol=1e-6)


@pytest.mark.parametrize("variant", TAKEN_APART)
def test_map_row_and_bound_of_a_variant_fit_together(variant):
    found = traced(variant)
    row, whole = jacobian_row(found), jacobian_map(found)
    np.testing.assert_allclose(whole.log10_h[-1], row.log10_h, atol=1e-10)
    assert np.all(log10_bound(found) >= jacobian_row(found, norm="spectral").log10_h - 1e-12)
    assert timestep_spectrum(found, 3).eigenvalues.shape == (8,)
    assert "".join(recurrent_spectra(found.network)) == "".join(VARIANTS[variant].parts.blocks)


@pytest.mark.parametrize("variant", SPLIT)
def test_the_parts_of_a_variants_gradient_add_up_to_the_whole(variant):
    found = traced(variant)
    split = path_split(found)
    np.testing.assert_allclose(split.h.parts.sum(axis=0), found.gradients.h, rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(split.c.parts.sum(axis=0), found.gradients.c, rtol=1e-11, atol=1e-15)
    for gate in set("ifgo") - set(VARIANTS[variant].parts.blocks):
        assert np.all(split.h.part(gate) == 0)


@pytest.mark.parametrize("variant", TAKEN_APART)
def test_a_small_counterfactual_input_does_what_the_gradient_of_a_variant_predicted(variant):
    found = traced(variant)
    x = np.array(found.tape.x)
    x[2, 0, 1] += 1e-6
    other = counterfactual(found, x)
    np.testing.assert_allclose(other.forecast_loss_change, other.true_loss_change, rtol=1e-4)
    np.testing.assert_allclose(other.forecast_h_change, other.true_h_change, rtol=1e-3, atol=1e-12)


def test_missing_blocks_are_zeros_in_the_weights_that_the_analysis_sees():
    network = LSTM(2, 3, variant="nfg")
    whole = recurrent_weights(network).reshape(4, 3, 3)
    assert np.all(whole[1] == 0)
    np.testing.assert_array_equal(whole[[0, 2, 3]].reshape(9, 3), network.parameters.weight_hh)


def test_what_cannot_be_taken_apart_is_refused_in_one_line():
    x = np.ones((4, 1, 2))
    for network, name in ((LSTM(2, 3, variant="fgr"), "lstm/fgr"), (GRU(2, 3, reset="before"), "gru/before")):
        with pytest.raises(BadInput, match=f"^jacobian: network: the Jacobian of {name} is not known"):
            local_slopes(trace(network, x))
        with pytest.raises(BadInput, match=r"is not known"):
            path_split(trace(network, x))
    with pytest.raises(BadInput, match=r"^path_split: network: a peephole is a way along the cell state"):
        path_split(trace(LSTM(2, 3, variant="peephole"), x))
