"""Dropout: seeded, scaled so that the mean stays, never behind the last layer."""

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.dropout import Masks, draw_masks
from lstmviz.lab.network import LSTM

SHAPE = (50, 8, 5)


def drawn(seed=0, shape=SHAPE, widths=(16, 16, 16), **options):
    return draw_masks(np.random.default_rng(seed), shape, widths, **options)


def test_masks_hold_zero_or_the_inverse_of_what_is_kept():
    masks = drawn(dropout=0.25, input_dropout=0.5)
    assert set(np.unique(masks.inputs)) == {0.0, 2.0}
    assert [mask.shape for mask in masks.between] == [(50, 8, 16)] * 2
    for mask in masks.between:
        assert set(np.unique(mask)) == {0.0, 1 / 0.75}
        assert mask.mean() == pytest.approx(1.0, abs=0.03)


def test_the_same_seed_gives_the_same_masks_and_another_does_not():
    one, same, other = (drawn(seed, dropout=0.5, input_dropout=0.2) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.inputs, same.inputs)
    np.testing.assert_array_equal(one.between[1], same.between[1])
    assert not np.array_equal(one.inputs, other.inputs)


def test_a_mask_of_the_sequence_stays_and_one_of_the_timestep_changes():
    kept = drawn(dropout=0.5, each="sequence").between[0]
    np.testing.assert_array_equal(kept, np.broadcast_to(kept[:1], kept.shape))
    changing = drawn(dropout=0.5).between[0]
    assert not np.array_equal(changing[0], changing[1])


def test_nothing_is_drawn_when_nothing_is_dropped():
    rng = np.random.default_rng(0)
    assert draw_masks(rng, SHAPE, (16, 16)) is None
    assert draw_masks(rng, SHAPE, (16,), dropout=0.5) is None  # behind the last layer nothing is dropped
    assert rng.random() == np.random.default_rng(0).random()


def test_masks_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        drawn(input_dropout=0.5).inputs[0] = 1.0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"dropout": 0.91}, "draw_masks: dropout: 0.91 is out of range (0 to 0.9)"),
        ({"input_dropout": -0.1}, "draw_masks: input_dropout: -0.1 is out of range (0 to 0.9)"),
        ({"each": "unit"}, "draw_masks: each: unit is unknown (timestep, sequence)"),
    ],
)
def test_a_share_out_of_range_is_refused_in_one_line(options, says):
    with pytest.raises(BadInput) as caught:
        drawn(**options)
    assert str(caught.value) == says


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("engine", ["reference", "kernels"])
def test_a_network_reads_the_input_times_its_mask(dtype, engine):
    network, x = LSTM(5, 4, dtype=dtype), np.random.default_rng(0).normal(size=(6, 2, 5)).astype(dtype)
    masks = drawn(shape=x.shape, widths=(4,), input_dropout=0.5)
    dropped = network.forward(x, masks=masks, engine=engine)
    np.testing.assert_array_equal(dropped.x, x * masks.inputs.astype(dtype))
    whole = network.forward(x, masks=Masks(), engine=engine)
    np.testing.assert_array_equal(whole.h, network.forward(x, engine=engine).h)
    assert not np.array_equal(whole.h, dropped.h)
