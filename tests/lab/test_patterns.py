"""Patterns in what units do: on made-up signals whose structure is known."""

import numpy as np
import pytest

from lstmviz.files import BadInput
from lstmviz.lab.patterns import beyond, by_similarity, correlations, most_alike, same_pattern


def waves(timesteps=60, units=8, seed=0):
    return np.random.default_rng(seed).normal(size=(timesteps, units))


def test_correlations_are_those_of_numpy():
    signals = waves()
    np.testing.assert_allclose(correlations(signals), np.corrcoef(signals.T), atol=1e-13)


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e200, 1e307])
def test_a_correlation_does_not_depend_on_the_size_of_the_signals(size):
    signals = waves()
    np.testing.assert_allclose(correlations(signals * size), correlations(signals), atol=1e-10)


def test_a_unit_that_never_changes_or_is_not_finite_goes_with_none_but_itself():
    signals = waves()
    signals[:, 2], signals[5, 3] = 0.7, np.nan
    found = correlations(signals)
    for unit in (2, 3):
        expected = np.zeros(8)
        expected[unit] = 1.0
        np.testing.assert_array_equal(found[unit], expected)
    assert np.isfinite(found).all()


def test_the_units_most_alike_come_by_the_size_of_their_correlation_whatever_its_sign():
    signals = waves(units=5)
    signals[:, 3] = -signals[:, 1]
    signals[:, 4] = signals[:, 1] + 0.5 * signals[:, 0]
    found = most_alike(correlations(signals), 1, count=2)
    assert [unit for unit, _ in found] == [3, 4]
    assert found[0][1] == pytest.approx(-1.0)


def test_ordering_by_similarity_brings_groups_that_were_mixed_together():
    rng = np.random.default_rng(3)
    causes = rng.normal(size=(200, 3))
    groups = np.array([0, 1, 2, 1, 0, 2, 0, 1, 2, 2, 1, 0])
    signals = causes[:, groups] * rng.choice([-1, 1], size=12) + 0.2 * rng.normal(size=(200, 12))
    order = by_similarity(signals)
    assert sorted(order) == list(range(12))
    found = groups[list(order)]
    assert np.count_nonzero(np.diff(found)) == 2  # each group in one stretch


def test_an_order_by_similarity_does_not_depend_on_how_units_were_stored():
    signals = np.cumsum(waves(timesteps=100, units=7), axis=0)
    shuffled = np.random.default_rng(1).permutation(7)
    here = [signals[:, k] for k in by_similarity(signals)]
    there = [signals[:, shuffled[k]] for k in by_similarity(signals[:, shuffled])]
    same = all(np.array_equal(a, b) for a, b in zip(here, there, strict=True))
    mirrored = all(np.array_equal(a, b) for a, b in zip(here, there[::-1], strict=True))
    assert same or mirrored


@pytest.mark.parametrize("units", [1, 2])
def test_one_or_two_units_stay_as_they_are(units):
    assert by_similarity(waves(units=units)) == tuple(range(units))


def test_a_negative_threshold_asks_for_what_lies_below_it_and_nan_is_never_on():
    signal = np.array([-2.0, -0.5, np.nan, 0.5, 2.0])
    assert beyond(signal, 0.4).tolist() == [False, False, False, True, True]
    assert beyond(signal, -1.0).tolist() == [True, False, False, False, False]


def test_the_same_pattern_is_found_where_the_brushed_units_are_on_together():
    signals = np.zeros((30, 4))
    for first, last in ((3, 6), (12, 13), (20, 26)):
        signals[first - 1 : last, [1, 2]] = 1.0
    signals[14:18, 1] = 1.0  # only one of the two
    places = same_pattern(signals, 3, 6, 0.5)
    assert [(place.first, place.last) for place in places] == [(20, 26), (12, 13)]
    assert all(place.agreement == 1.0 for place in places)
    looser = same_pattern(signals, 3, 6, 0.5, least=0.5)
    assert [(place.first, place.last, place.agreement) for place in looser] == [
        (20, 26, 1.0),
        (15, 18, 0.5),
        (12, 13, 1.0),
    ]


def test_no_unit_on_in_the_brushed_place_finds_nothing():
    assert same_pattern(np.zeros((10, 3)), 2, 4, 0.5) == ()


def test_a_place_outside_the_sequence_is_refused():
    with pytest.raises(BadInput, match=r"11 is out of range \(1 to 10\)"):
        same_pattern(np.zeros((10, 3)), 11, 11, 0.5)
