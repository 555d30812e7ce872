"""Drawn predictions never rise on their way back, and typed ones say the number that was meant."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.stage.prediction import LAST, POINTS, Curve, factor_words
from lstmviz.stage.typed_number import typed_number

END, FLOOR = -0.4, -20.0
strokes = st.lists(st.tuples(st.floats(-5, 60), st.floats(-40, 5)), max_size=20)
moves = st.lists(st.tuples(st.integers(0, LAST), st.floats(-8, 8)), max_size=10)


def falls(curve):
    values = curve.values(END)
    return bool(np.all(np.diff(values) >= -1e-12)) and values[-1] == END and FLOOR - 1e-9 <= values[0] <= END


@given(st.lists(strokes, max_size=4), moves)
def test_whatever_is_drawn_and_moved_the_curve_only_falls_from_right_to_left(drawn, moved):
    curve = Curve()
    for stroke in drawn:
        curve = curve.drawn(stroke, 51, END, FLOOR)
        assert falls(curve)
    for point, delta in moved:
        curve = curve.moved(point, delta, END, FLOOR)
        assert falls(curve)


def test_a_stroke_from_right_to_left_is_taken_at_seven_points():
    stroke = [(t, END - (51 - t) * 0.1) for t in range(51, 0, -1)]
    points = Curve().drawn(stroke, 51, END, FLOOR).points(51, END)
    assert [t for t, _ in points] == pytest.approx(np.linspace(1, 51, POINTS))
    assert [y for _, y in points] == pytest.approx([END - (51 - t) * 0.1 for t in np.linspace(1, 51, POINTS)])


def test_a_stroke_that_rises_leftwards_stays_level_instead():
    stroke = [(51, END), (26, -8.0), (1, -2.0)]
    values = Curve().drawn(stroke, 51, END, FLOOR).values(END)
    assert values[0] == values[3] == -8.0


def test_the_newest_stroke_decides_and_the_rest_gives_way():
    first = Curve().drawn([(1, -10.0), (51, END)], 51, END, FLOOR)
    higher = first.drawn([(22, -1.0), (30, -1.0)], 51, END, FLOOR)
    assert higher.values(END)[3] == -1.0
    assert min(higher.values(END)[4:]) >= -1.0
    assert higher.values(END)[0] == -10.0
    lower = first.drawn([(22, -15.0), (30, -15.0)], 51, END, FLOOR)
    assert max(lower.values(END)[:4]) == -15.0


def test_moving_only_the_left_end_draws_a_straight_line():
    values = Curve().moved(0, -3.6, END, FLOOR).values(END)
    assert values == pytest.approx(np.linspace(END - 3.6, END, POINTS))


def test_moving_a_point_pushes_its_neighbours_along():
    curve = Curve().moved(0, -3.6, END, FLOOR).moved(3, -5.0, END, FLOOR)
    assert curve.values(END)[3] == pytest.approx(END - 1.8 - 5.0)
    assert curve.values(END)[0] == curve.values(END)[3]


def test_the_point_at_the_query_cannot_be_moved():
    assert Curve().moved(LAST, -3, END, FLOOR) == Curve()


def test_a_stroke_of_no_numbers_draws_nothing():
    assert Curve().drawn([(math.nan, 1.0), (3, math.inf)], 51, END, FLOOR).empty


def test_an_empty_curve_has_no_points():
    assert Curve().points(51, END) == ()


@pytest.mark.parametrize("timesteps", [1, 2, 3, 10_000])
def test_a_curve_can_be_drawn_over_any_number_of_timesteps(timesteps):
    curve = Curve().drawn([(1, -5.0), (timesteps, END)], timesteps, END, FLOOR)
    assert falls(curve)
    assert curve.points(timesteps, END)[-1] == (float(timesteps), END)


@pytest.mark.parametrize(
    ("log10", "words"),
    [
        (0.0, "1.0"),
        (math.log10(3.26), "3.3"),
        (math.log10(47), "47"),
        (math.log10(5432), "5\u2009400"),
        (math.log10(5e7), "50 million"),
        (-math.log10(4.3e6), "4.3 million"),
        (math.log10(9.96e5), "1 million"),
        (math.log10(2.5e9), "2.5 billion"),
        (15.3, "2.0 × 10¹⁵"),
    ],
)
def test_a_factor_is_said_in_words(log10, words):
    assert factor_words(log10) == words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.01", 0.01),
        (".5", 0.5),
        ("3.", 3.0),
        ("-2", -2.0),
        ("1e-4", 1e-4),
        ("1E-12", 1e-12),
        ("10^-4", 1e-4),
        ("10⁻⁴", 1e-4),
        ("2 x 10^-12", 2e-12),
        ("2.5×10⁻¹²", 2.5e-12),
        ("5 %", 0.05),
        ("−1", -1.0),
    ],
)
def test_a_number_may_be_typed_in_several_ways(text, value):
    assert typed_number(text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "1,5", "10^", "1e", "nan", "inf", "210^4", "1e999", "10^999", "0x10", "1_0", "٣", "1" * 30 + "x"],
)
def test_what_is_no_number_is_none(text):
    assert typed_number(text) is None
