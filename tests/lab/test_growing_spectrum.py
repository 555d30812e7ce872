"""Singular values of a product whose end grows: against those whose start recedes, and against what is known."""

import numpy as np
import pytest

import lstmviz as lv
from lstmviz.files import BadInput
from lstmviz.lab.spectrum import log10_singular_values, singular_values_from


@pytest.fixture(scope="module")
def trace():
    x = np.random.default_rng(0).normal(size=(12, 1, 3))
    return lv.trace(lv.LSTM(inputs=3, hidden=4, forget_bias=2, seed=1), x, engine="reference")


def test_the_whole_product_has_the_singular_values_that_its_start_gives(trace):
    *_, (end, log10) = singular_values_from(trace, 3, (5, 12))
    assert end == 12
    np.testing.assert_allclose(log10, log10_singular_values(trace, (9,))[0], rtol=0, atol=1e-10)


def test_no_timestep_at_all_changes_nothing(trace):
    ((end, log10),) = singular_values_from(trace, 7, (7,))
    assert end == 7
    np.testing.assert_allclose(log10, np.zeros(8), atol=1e-15)


def test_an_end_before_the_start_is_refused(trace):
    with pytest.raises(BadInput, match=r"spectrum: end: 4 is out of range \(5 to 12\)"):
        next(singular_values_from(trace, 5, (4,)))
