"""Singular values of long products: against many digits, and where float64 ends."""

import math

import mpmath
import numpy as np
import pytest

from lstmviz.engine import graded


def product_of(matrices):
    product = graded.identity(len(matrices[0]))
    for matrix in matrices:
        product = graded.times(matrix, product)
    return product


def with_many_digits(matrices):
    digits = mpmath.MPContext()
    digits.dps = 900
    product = digits.eye(len(matrices[0]))
    for matrix in matrices:
        product = digits.matrix(matrix.tolist()) * product
    values = digits.eigsy(product.T * product, eigvals_only=True)
    return sorted((float(digits.log10(abs(value)) / 2) for value in values), reverse=True)


@pytest.mark.parametrize(("seed", "size", "count"), [(0, 4, 60), (1, 5, 40), (2, 3, 150), (3, 6, 25), (4, 1, 30)])
def test_every_singular_value_has_its_digits_however_small(seed, size, count):
    rng = np.random.default_rng(seed)
    fading = np.diag(10.0 ** -np.linspace(0, 1.2, size))
    matrices = [fading @ rng.normal(size=(size, size)) for _ in range(count)]
    expected = with_many_digits(matrices)
    assert size == 1 or expected[0] - expected[-1] > 15
    np.testing.assert_allclose(graded.log10_singular_values(product_of(matrices)), expected, rtol=0, atol=1e-10)


def test_a_single_matrix_has_the_singular_values_of_numpy():
    for size in (1, 2, 7, 12):
        matrix = np.random.default_rng(size).normal(size=(size, size))
        expected = np.log10(np.linalg.svd(matrix, compute_uv=False))
        np.testing.assert_allclose(graded.log10_singular_values(product_of([matrix])), expected, atol=1e-13)


def test_a_badly_scaled_triangle_keeps_its_smallest_value():
    matrix = np.array([[1.0, 1.0], [0.0, 1e-180]])
    found = graded.log10_singular_values(product_of([matrix]))
    np.testing.assert_allclose(found, [math.log10(math.sqrt(2)), -180 - math.log10(math.sqrt(2))], atol=1e-12)


def test_powers_of_a_diagonal_go_on_below_float64():
    found = graded.log10_singular_values(product_of([np.diag([1.0, 0.5, 1e-3])] * 1000))
    np.testing.assert_allclose(found, [0.0, 1000 * math.log10(0.5), -3000.0], atol=1e-9)


def test_what_explodes_goes_on_above_float64():
    found = graded.log10_singular_values(product_of([np.diag([1e3, 1.0])] * 500))
    np.testing.assert_allclose(found, [1500.0, 0.0], atol=1e-9)


def test_many_directions_over_many_timesteps_have_the_right_ends_and_the_right_sum():
    rng = np.random.default_rng(8)
    matrices = [0.3 * np.eye(24) + rng.normal(size=(24, 24)) / 10 for _ in range(150)]
    forth = graded.log10_singular_values(product_of(matrices))
    back = graded.log10_singular_values(product_of([np.linalg.inv(matrix) for matrix in matrices[::-1]]))
    np.testing.assert_allclose(forth, -back[::-1], atol=1e-8)
    assert forth[0] - forth[-1] > 40


def test_a_direction_that_is_lost_is_minus_infinity_and_the_others_are_right():
    rng = np.random.default_rng(5)
    matrices = [rng.normal(size=(4, 4)) for _ in range(12)]
    rank_two = matrices[0][:, :2] @ rng.normal(size=(2, 4))
    exact = np.diag([2.0, 1.0, 0.0, 0.0])
    found = graded.log10_singular_values(product_of([exact] * 10))
    assert found[0] == pytest.approx(10 * math.log10(2)) and found[1] == pytest.approx(0, abs=1e-14)
    assert (found[2:] == -np.inf).all()
    tail = graded.log10_singular_values(product_of([rank_two, *matrices[1:]]))
    np.testing.assert_allclose(tail[:2], with_many_digits([rank_two, *matrices[1:]])[:2], atol=1e-10)


def test_the_determinant_of_a_product_is_the_product_of_the_determinants():
    rng = np.random.default_rng(6)
    matrices = [rng.normal(size=(9, 9)) / 5 for _ in range(200)]
    log10 = sum(np.linalg.slogdet(matrix)[1] for matrix in matrices) / math.log(10)
    found = graded.log10_singular_values(product_of(matrices))
    assert found.sum() == pytest.approx(log10, abs=1e-9)
    assert log10 < -400


def test_units_that_are_cut_off_are_lost_exactly_and_small_ones_are_not():
    rng = np.random.default_rng(7)
    slopes = [np.array([1.0, 1e-90, 0.7, 0.0, 1e-40]), np.array([0.5, 1.0, 1e-60, 1.0, 1.0])]
    matrices = [slope[:, None] * rng.normal(size=(5, 5)) for slope in slopes * 3]
    found = graded.log10_singular_values(product_of(matrices))
    assert found[-1] == -np.inf
    np.testing.assert_allclose(found[:4], with_many_digits(matrices)[:4], atol=1e-10)
