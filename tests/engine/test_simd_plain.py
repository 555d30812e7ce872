"""Without the compiler every access is checked: there the kernels' positions are held to their arrays."""

import numpy as np
import pytest

from lstmviz.engine.simd_plain import lanes_of, load, store, tile


@pytest.mark.parametrize(("at", "count"), [(-1, 1), (3, 8), (6, 1)])
def test_what_lies_beyond_an_array_is_neither_read_nor_written(at, count):
    array = np.ones((2, 3))
    with pytest.raises(IndexError):
        load(array, at, count)
    with pytest.raises(IndexError):
        store(array, at, count, np.zeros(lanes_of(array)))
    assert np.all(array == 1)


def test_a_tile_that_leaves_its_arrays_is_an_error():
    width = lanes_of(np.ones(1))
    out, left, right = np.zeros(2 * width), np.ones(8), np.ones(4 * width)
    tile(2, False, out, 0, width, left, 0, 4, 1, right, 0, width, 4, 1)
    np.testing.assert_array_equal(out, 4.0)
    with pytest.raises(IndexError):
        tile(2, False, out, 0, width, left, 0, 4, 1, right, 0, width, 5, 1)
