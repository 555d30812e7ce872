"""Memory is used again when nobody looks at it any more, and not before."""

import threading

import numpy as np

from lstmviz.engine import allocate
from lstmviz.engine.allocate import KEPT, LINE, room

DTYPE = np.dtype(np.float64)
MANY = (1000, 40)  # more than NumPy keeps at hand itself


def address(array):
    return array.__array_interface__["data"][0]


def test_arrays_have_their_shapes_and_begin_at_a_line_of_the_cache_without_overlap():
    for shapes in ([(3,), (2, 5), (1, 1, 7)], [MANY, (5,), MANY]):
        arrays = room(DTYPE, *shapes)
        assert [a.shape for a in arrays] == shapes
        assert all(address(a) % LINE == 0 and a.flags.c_contiguous and a.flags.writeable for a in arrays)
        ends = [address(a) + a.nbytes for a in arrays]
        assert all(end <= address(after) for end, after in zip(ends, arrays[1:], strict=False))


def test_a_block_is_used_again_when_the_last_view_of_it_is_gone():
    arrays = room(DTYPE, MANY, MANY)
    where, kept = address(arrays[0]), arrays[1][5:9].T
    kept[:] = 7
    del arrays
    others = [room(DTYPE, MANY, MANY) for _ in range(3)]
    assert where not in {address(other[0]) for other in others}
    for other in others:
        other[1][:] = 0
    assert np.all(kept == 7)
    del kept
    others += [room(DTYPE, MANY, MANY) for _ in range(len(allocate._blocks))]
    assert where in {address(other[0]) for other in others}


def test_a_small_request_does_not_take_a_large_block():
    room(DTYPE, (4000, 4000))
    small = room(DTYPE, MANY)
    assert small[0].base.nbytes <= 2 * (small[0].nbytes + LINE)


def test_no_more_than_a_bounded_amount_of_unused_memory_is_kept():
    for megabytes in range(40, 120, 8):
        room(DTYPE, (megabytes << 17,))
    assert sum(block.size for block in allocate._blocks) <= KEPT + (120 << 20)


def test_threads_never_share_a_block():
    wrong = []

    def work(number):
        for _ in range(200):
            array = room(DTYPE, MANY)[0]
            array[:] = number
            if not np.all(array == number):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
