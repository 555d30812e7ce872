"""Frames: what is painted, which axis holds it, and the numbers behind the marks."""

import numpy as np
import pytest

from lstmviz.lab.comparison import compare
from lstmviz.stage.frame import MOST_ROWS, axis_of, flags_at, lane_of, painted
from lstmviz.stage.playback import Position


def lanes(**fields):
    return tuple(lane_of(racer) for racer in compare(engine="reference", **fields).racers)


def test_forward_paints_activations_and_no_gradient():
    assert painted(Position("forward", 7), 20) == (7, 21)


def test_the_loss_has_painted_every_activation_and_no_gradient():
    assert painted(Position("loss", 20), 20) == (20, 21)


def test_backward_paints_gradients_from_the_playhead_to_the_end():
    assert painted(Position("backward", 7), 20) == (20, 7)


def test_a_lane_shows_the_engines_hidden_states():
    racer = compare(gap=9, cells="lstm", engine="reference").racers[0]
    lane = lane_of(racer)
    for row, unit in enumerate(lane.rows):
        np.testing.assert_array_equal(lane.h[row], racer.trace.tape.h[1:, 0, unit])
    np.testing.assert_array_equal(lane.log10_h, racer.trace.flow.log10_h[1:])


@pytest.mark.parametrize("hidden", [1, 5, 16, 17, 100])
def test_a_lane_has_at_most_sixteen_rows_chosen_evenly(hidden):
    lane = lanes(gap=3, hidden=hidden, cells="rnn")[0]
    assert len(lane.rows) == min(hidden, MOST_ROWS) == len(set(lane.rows))
    assert lane.rows[0] == 0 and lane.rows[-1] == hidden - 1


@pytest.mark.parametrize(("gap", "floor"), [(5, -20), (50, -20), (200, -80)])
def test_the_axis_holds_the_smallest_gradient_in_a_marked_notch(gap, floor):
    axis = axis_of(lanes(gap=gap))
    assert axis.floor == floor and axis.ceiling == 1


def test_the_band_begins_53_bits_under_the_largest_gradient_at_the_end():
    drawn = lanes(gap=10)
    largest = max(10.0 ** lane.log10_h[-1] for lane in drawn)
    assert 10.0 ** axis_of(drawn).band == pytest.approx(largest * 2.0**-53)


def test_an_exploding_gradient_moves_the_ceiling():
    assert axis_of(lanes(gap=50, gain=3, initialisation="orthogonal", cells="rnn")).ceiling == 10


def test_exact_zeros_leave_the_axis_alone():
    axis = axis_of(lanes(gap=5, gain=0, cells="rnn"))
    assert (axis.floor, axis.ceiling) == (-20, 1)


def test_no_network_still_has_an_axis():
    assert axis_of(()).floor == -20


def test_flags_are_shown_only_where_the_gradient_has_arrived():
    drawn = lanes(gap=10)
    assert flags_at(drawn, 4, 5) == ()
    assert [flag.log10 for flag in flags_at(drawn, 5, 5)] == [lane.log10_h[4] for lane in drawn]
