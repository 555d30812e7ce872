"""Where things stand in the Race, before anything is painted."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstmviz.views.race.columns import LETTER_WIDTH, MOST_LINKED, Columns
from lstmviz.views.race.flags import Wanted, place, spread
from lstmviz.views.race.layout import LEAST_PLOT, PRESETS, WIDEST, Box, lay_out, least_height
from lstmviz.views.race.scale import Scale, timestep_ticks

lengths = st.integers(1, 400)
widths = st.floats(120, 2200)
lefts = st.floats(0, 300)


# ---------------------------------------------------------------- columns


@given(lefts, widths, lengths)
def test_neighbouring_tiles_keep_exactly_the_gap_between_them(left, width, timesteps):
    columns = Columns(left, width, timesteps)
    tiles = columns.tiles()
    if columns.gap:
        assert all(after[0] - before[1] == columns.gap for before, after in pairwise(tiles))
    assert all(x0 < x1 for x0, x1 in tiles)


@given(lefts, widths, lengths, st.floats(0.001, 0.999))
def test_every_place_in_a_column_belongs_to_its_timestep(left, width, timesteps, share):
    columns = Columns(left, width, timesteps)
    t = 1 + int(share * timesteps)
    inside = columns.left + (t - 1 + share) * columns.pitch
    assert columns.at(inside) in (t, columns.nearest(inside))
    assert columns.at(columns.centre(t)) == t
    assert columns.tile(t)[0] - 1 <= columns.centre(t) <= columns.tile(t)[1] + 1


def test_outside_all_columns_there_is_no_timestep():
    columns = Columns(100.0, 500.0, 50)
    assert columns.at(99.9) is None
    assert columns.at(600.0) is None
    assert (columns.nearest(-50.0), columns.nearest(9999.0)) == (1, 50)


def test_tiles_are_linked_up_to_76_timesteps_and_one_pixel_apart_beyond():
    assert Columns(0, 946, MOST_LINKED).gap == 3
    assert Columns(0, 946, MOST_LINKED).linked
    assert Columns(0, 946, MOST_LINKED + 1).gap == 1
    assert not Columns(0, 946, MOST_LINKED + 1).linked
    assert Columns(0, 946, 5000).gap == 0  # or nothing of a tile would be left


def test_letters_are_drawn_from_nine_pixels_per_timestep_on():
    assert LETTER_WIDTH == 9
    assert Columns(0, 900, 100).lettered
    assert not Columns(0, 899, 100).lettered


@given(lefts, widths, lengths, st.floats(0, 2000), st.floats(0, 500))
def test_a_span_meets_just_the_columns_it_touches(left, width, timesteps, start, length):
    columns = Columns(left, width, timesteps)
    met = columns.between(start, start + length)
    for t in range(1, timesteps + 1):
        middle = columns.centre(t)
        if start < middle < start + length:
            assert t in met


# ---------------------------------------------------------------- rows

SIZES = [
    (1184, 780),  # 1440 x 900
    (1056, 616),  # 1280 x 720
    (1640, 960),  # 1920 x 1080
    (3560, 2040),  # 4K at 100 %
    (1080, 780),  # beside a lesson
    (960, 616),
    (896, 536),  # the least window
    (800, 536),
    (576, 536),  # the least window, with controls and a lesson
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("networks", [1, 2, 3])
def test_no_row_overlaps_another_at_any_size(size, networks):
    layout = lay_out(*size, networks, 51)
    check_rows(layout, *size)
    assert len(layout.lanes) == networks
    assert layout.plot.height >= LEAST_PLOT


@settings(max_examples=200)
@given(st.integers(560, 2600), st.integers(0, 800), st.integers(1, 3), st.sampled_from([0.8, 1.0, 1.25, 1.5, 2.0]))
def test_no_row_overlaps_another_from_the_least_height_on(width, more, networks, text_size):
    height = least_height(networks, width, text_size) + more
    layout = lay_out(width, height, networks, 201, text_size)
    check_rows(layout, width, height)
    assert layout.plot.height >= LEAST_PLOT


def check_rows(layout, width, height):
    boxes = layout.boxes()
    for a, b in combinations(boxes, 2):
        assert not overlap(a, b), (a, b)
    for box in boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= width
    assert layout.plot.bottom + layout.axis <= height
    assert layout.columns.left >= layout.inset
    assert layout.columns.right < layout.input.width
    for lane in layout.lanes:
        assert layout.activations + layout.tiles <= lane.height


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.bottom and b.y < a.bottom


def test_the_sizes_of_the_design_are_met():
    usual = lay_out(1184, 780, 2, 51)
    assert (usual.activations, usual.tiles) == (64, 20)
    assert (round(usual.columns.left), round(usual.columns.right)) == (152, 1098)
    assert usual.plot.height >= 310
    assert lay_out(1184, 780, 3, 51).plot.height >= 230
    small = lay_out(1056, 616, 2, 51)
    assert small.activations >= 40
    assert small.tiles == 16
    assert small.merged  # the headline stands in the gap row
    assert small.plot.height >= 210
    assert lay_out(1056, 616, 3, 51).plot.height >= 210
    large = lay_out(1640, 960, 2, 51)
    assert (large.activations, large.tiles) == (96, 28)


def test_a_very_wide_picture_is_centred():
    layout = lay_out(3560, 2040, 2, 51)
    assert layout.input.width == WIDEST
    assert layout.input.x == (3560 - WIDEST) // 2


def test_a_row_of_units_has_the_same_height_as_the_next_one():
    assert all(preset.activations % 16 == 0 for preset in PRESETS)


# ---------------------------------------------------------------- scales


@given(st.integers(-400, -5), st.integers(1, 40), st.floats(100, 900), st.floats(0, 1))
def test_a_height_is_read_back_as_the_value_it_stands_for(low, high, height, share):
    scale = Scale(low, high, height)
    value = low + share * (high - low)
    assert scale.value(scale.y(value)) == pytest.approx(value, abs=1e-9 * (high - low))
    assert (scale.y(high), scale.y(low)) == (0.0, pytest.approx(height))


@given(st.integers(-10368, -5), st.integers(1, 2480), st.floats(120, 900))
def test_ticks_are_apart_and_on_the_axis(low, high, height):
    scale = Scale(low, high, height)
    ticks = scale.ticks(36.0)
    assert ticks
    assert all(low <= tick <= high for tick in ticks)
    assert all(scale.y(after) - scale.y(before) >= 35.9 for before, after in pairwise(ticks))


@given(st.integers(1, 5000), st.floats(100, 2000))
def test_timestep_numbers_begin_with_one_and_end_with_the_last(timesteps, width):
    pitch = width / timesteps
    ticks = timestep_ticks(timesteps, pitch, 64.0)
    assert (ticks[0], ticks[-1]) == (1, timesteps)
    inner = ticks if timesteps * pitch < 128 else ticks[1:]
    assert all((after - before) * pitch >= 47 for before, after in pairwise(inner)) or len(inner) <= 2


# ---------------------------------------------------------------- labels

ROOM = (0.0, 0.0, 900.0, 300.0)
labels = st.lists(st.tuples(st.floats(0, 300), st.floats(50, 130)), min_size=1, max_size=3)


@given(labels, st.floats(0, 900))
def test_flags_stay_in_the_plot_and_off_each_other(drawn, x):
    wanted = [Wanted(x, y, width, 21.0) for y, width in drawn]
    found = place(wanted, ROOM, [], np.zeros((0, 2)))
    for left, top, width, height in found:
        assert left >= 0
        assert left + width <= 900
        assert top >= 0
        assert top + height <= 300
    for a, b in combinations(found, 2):
        assert not overlap(Box(*a), Box(*b))


@given(labels)
def test_flags_keep_off_what_is_in_the_way(drawn):
    obstacle = (14.0, 250.0, 400.0, 20.0)
    wanted = [Wanted(20.0, y, width, 21.0) for y, width in drawn]
    assert not any(overlap(Box(*box), Box(*obstacle)) for box in place(wanted, ROOM, [obstacle], np.zeros((0, 2))))


def test_a_flag_stands_on_the_side_without_curves():
    right = np.array([[x, 100.0 + 0.1 * x] for x in range(400, 900, 6)])
    ((left, _, width, _),) = place([Wanted(400.0, 140.0, 80.0, 21.0)], ROOM, [], right)
    assert left + width < 400


@given(st.lists(st.floats(0, 300), min_size=1, max_size=3))
def test_names_keep_their_distance_and_stay_beside_the_plot(ys):
    placed = spread(ys, 19.0, 10.0, 290.0)
    ordered = sorted(placed)
    assert all(after - before >= 19.0 - 1e-9 for before, after in pairwise(ordered))
    assert ordered[0] >= 10.0 - 1e-9
    assert ordered[-1] <= 290.0 + 1e-9


def test_names_far_apart_stand_where_they_want():
    assert spread([40.0, 200.0, 120.0], 19.0, 10.0, 290.0) == [40.0, 200.0, 120.0]
