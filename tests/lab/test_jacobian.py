"""Jacobians of a trace: rows, maps, norms, limits."""

import math

import numpy as np
import pytest

from lstmviz.engine import jacobian_choice
from lstmviz.files import BadInput
from lstmviz.lab.jacobian import jacobian_map, jacobian_row, rounding_floor
from lstmviz.lab.network import GRU, LSTM, VanillaRNN
from lstmviz.lab.trace import trace

KINDS = {"rnn": lambda: VanillaRNN(3, 6), "lstm": lambda: LSTM(3, 6), "gru": lambda: GRU(3, 6)}
every_kind = pytest.mark.parametrize("kind", KINDS)


def traced(network, timesteps=20):
    return trace(network, np.random.default_rng(0).normal(size=(timesteps, 2, network.inputs)), engine="reference")


@every_kind
def test_no_gradient_shrinks_less_than_the_spectral_norm_allows(kind):
    found = traced(KINDS[kind]())
    row = jacobian_row(found, sequence=1, norm="spectral")
    assert (found.gradients.log10_h[:, 1] - found.gradients.log10_h[-1, 1] <= row.log10_h + 1e-12).all()


@every_kind
@pytest.mark.parametrize("norm", ["frobenius", "spectral"])
def test_kernels_and_reference_give_the_same_rows_and_maps(kind, norm):
    found = traced(KINDS[kind]())
    for make in (jacobian_row, jacobian_map):
        ours, theirs = (make(found, sequence=1, norm=norm, engine=engine) for engine in ("kernels", "reference"))
        np.testing.assert_allclose(ours.log10_h, theirs.log10_h, atol=1e-10)
        if kind == "lstm":
            np.testing.assert_allclose(ours.log10_c, theirs.log10_c, atol=1e-10)
        else:
            assert ours.log10_c is None


def test_an_orthogonal_linear_network_keeps_every_norm():
    network = VanillaRNN(3, 6, activation="relu", initialisation="identity")
    ones = network.with_parameters(network.parameters._replace(weight_ih=np.ones((6, 3))))
    found = trace(ones, np.ones((30, 1, 3)))
    np.testing.assert_allclose(jacobian_row(found, norm="spectral").log10_h, 0.0, atol=1e-13)
    np.testing.assert_allclose(jacobian_row(found).log10_h, math.log10(6) / 2, atol=1e-13)


def test_a_map_that_follows_no_further_than_rounding_agrees_with_the_whole_one_down_to_there():
    found = traced(LSTM(3, 6, forget_bias=-2.0, gain=0.3), timesteps=80)
    floor = rounding_floor(found)
    part, whole = jacobian_map(found, floor=floor), jacobian_map(found)
    assert part.floor == floor and part.last[0] < 80 and whole.last[0] == 80
    reached = ~np.isnan(part.log10_h)
    np.testing.assert_allclose(part.log10_h[reached], whole.log10_h[reached], atol=1e-10)
    assert (whole.log10_h[~reached] < floor).mean() > 0.99


@every_kind
@pytest.mark.parametrize("engine", ["kernels", "reference"])
def test_a_map_worked_out_bit_by_bit_is_the_same_and_tells_how_far_it_is(kind, engine):
    found, told = traced(KINDS[kind](), timesteps=12), []
    whole = jacobian_map(found, engine=engine, floor=-3.0)
    parts = jacobian_map(found, engine=engine, floor=-3.0, goes_on=lambda share: told.append(share) or True)
    np.testing.assert_array_equal(parts.log10_h, whole.log10_h)
    np.testing.assert_array_equal(parts.last, whole.last)
    assert told == sorted(told) and told[0] == 0 and 0.5 < told[-1] < 1


def test_a_map_that_is_stopped_has_no_numbers_where_it_did_not_come_to():
    found, left = traced(LSTM(3, 6)), iter([True, True, False])
    some, whole = jacobian_map(found, goes_on=lambda share: next(left)), jacobian_map(found)
    reached = int(np.isnan(some.log10_h[-1]).argmax())
    assert 0 < reached < 21
    np.testing.assert_array_equal(some.log10_h[:, :reached], whole.log10_h[:, :reached])
    assert np.isnan(some.log10_c[np.tril_indices(21)].reshape(-1)).any() and np.isneginf(some.log10_h[0, 1:]).all()


def test_the_row_says_what_it_is_the_row_of_and_cannot_be_changed():
    row = jacobian_row(traced(LSTM(3, 6)), end="c")
    assert (row.end, row.norm) == ("c", "frobenius")
    assert row.log10_c[-1] == pytest.approx(math.log10(6) / 2) and row.log10_h[-1] == -np.inf
    with pytest.raises(ValueError, match="read-only"):
        row.log10_h[0] = 0.0


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"sequence": 2}, "jacobian: sequence: 2 is out of range (0 to 1)"),
        ({"norm": "nuclear"}, "jacobian: norm: nuclear is unknown (frobenius, spectral)"),
        ({"end": "c"}, "jacobian: end: c is unknown (h)"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(wrong, line):
    with pytest.raises(BadInput) as refused:
        jacobian_row(traced(GRU(3, 6)), **wrong)
    assert str(refused.value) == line


def test_a_map_too_large_for_memory_is_refused_before_it_is_begun():
    found = trace(VanillaRNN(1, 1), np.zeros((9000, 1, 1)))
    with pytest.raises(BadInput, match="the Jacobians need"):
        jacobian_map(found)


def test_kernels_that_give_wrong_answers_are_not_used(monkeypatch, caplog):
    from lstmviz.engine import jacobian_kernels

    monkeypatch.setattr(jacobian_choice, "_checked", {})
    right = jacobian_kernels.row
    monkeypatch.setattr(
        jacobian_kernels, "row", lambda *given: right(*given)._replace(log10_h=right(*given).log10_h + 1)
    )
    assert jacobian_choice.jacobian_functions("float64", "kernels") is jacobian_choice.REFERENCE
    assert "log10_h of row differs from the reference" in caplog.text
    assert not jacobian_choice.ready("float64")


def test_without_waiting_the_reference_answers_until_the_kernels_are_ready(monkeypatch):
    from lstmviz.engine import jacobian_kernels
    from lstmviz.engine.jacobian_choice import REFERENCE, jacobian_functions

    monkeypatch.setattr(jacobian_choice, "_checked", {})
    assert jacobian_functions("float64", "auto") is REFERENCE
    assert jacobian_choice.prepare("float64")
    assert jacobian_functions("float64", "auto").row is jacobian_kernels.row
    assert jacobian_functions("float64", "reference") is REFERENCE
