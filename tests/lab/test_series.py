"""Series and heat maps: they grow, what was given out stays, and a heat map never grows beyond its caps."""

import numpy as np
import pytest

from lstmviz.lab.series import GrowingHeatMap, Series


def grown(updates, timesteps=6, **caps):
    heat = GrowingHeatMap(timesteps, **caps)
    rows = np.random.default_rng(1).normal(-3, 2, size=(updates, timesteps))
    for row in rows:
        heat.append(row)
    return heat, rows


def test_a_heat_map_holds_every_update_while_it_has_room():
    heat, rows = grown(100)
    np.testing.assert_array_equal(heat.so_far().log10, rows.astype(np.float32))
    assert heat.so_far().updates_per_row == heat.so_far().timesteps_per_column == 1


@pytest.mark.parametrize("updates", [9, 16, 17, 24, 33, 100])
def test_a_full_heat_map_holds_the_means_of_merged_updates_and_says_so(updates):
    heat, rows = grown(updates, most_rows=8)
    found = heat.so_far()
    per_row = found.updates_per_row
    assert found.updates == updates and per_row > 1 and len(found.log10) <= 9
    means = [rows[start : start + per_row].mean(axis=0) for start in range(0, updates, per_row)]
    np.testing.assert_allclose(found.log10, means, rtol=1e-5)


def test_a_long_sequence_has_the_means_of_merged_timesteps_as_columns():
    heat, rows = grown(3, timesteps=10, most_columns=4)
    found = heat.so_far()
    assert found.timesteps_per_column == 3 and found.log10.shape == (3, 4)
    np.testing.assert_allclose(found.log10[:, 0], rows[:, :3].mean(axis=1), rtol=1e-5)
    np.testing.assert_allclose(found.log10[:, 3], rows[:, 9], rtol=1e-5)


def test_a_heat_map_never_holds_more_numbers_than_its_caps():
    heat, _ = grown(5000, timesteps=40, most_rows=16, most_columns=8)
    assert heat._values.size <= 16 * 8


def test_a_heat_map_that_was_given_out_stays_as_it_is_when_rows_are_merged():
    heat, rows = grown(8, most_rows=8)
    early = heat.so_far()
    for row in rows:
        heat.append(row)
    np.testing.assert_array_equal(early.log10, rows.astype(np.float32))
    with pytest.raises(ValueError, match="read-only"):
        early.log10[0, 0] = 1.0


def test_a_gradient_of_exactly_zero_stays_minus_infinity_when_merged():
    heat = GrowingHeatMap(2, most_rows=2)
    for _ in range(4):
        heat.append(np.array([-np.inf, -1.0]))
    np.testing.assert_array_equal(heat.so_far().log10, [[-np.inf, -1.0]] * 2)


def test_a_heat_map_begun_anew_at_an_earlier_update_leaves_the_old_one_alone():
    heat, rows = grown(20, most_rows=8)
    old = heat.so_far()
    fresh = heat.up_to(7)
    for row in rows[fresh.updates : 7]:
        fresh.append(row)
    np.testing.assert_allclose(fresh.so_far().log10, [rows[:4].mean(axis=0), rows[4:7].mean(axis=0)], rtol=1e-5)
    np.testing.assert_array_equal(old.log10, heat.so_far().log10)


def test_a_series_begun_anew_leaves_the_old_one_alone():
    series = Series()
    for value in range(100):
        series.append(value)
    fresh = series.up_to(70)
    fresh.append(-1.0)
    np.testing.assert_array_equal(series.so_far(), np.arange(100.0))
    np.testing.assert_array_equal(fresh.so_far(), [*range(70), -1.0])
