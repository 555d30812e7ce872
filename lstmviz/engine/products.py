"""Products with matrices for the kernels: how weights are laid out, and the loops over tiles (``simd.tile``).

A cell reads one row per sequence and timestep, ``[padding | x | 1 | h before]``, so that one product gives what the
input, the bias and the hidden state add to the pre-activations. h begins at a multiple of the lanes.

Words used in this file
    block     the units of one vector; the last block may be padded
    G         sums that one unit needs: 4 for the LSTM
    strip     vectors side by side that one tile computes
"""

import numpy as np

from lstmviz.engine.arrays import Array
from lstmviz.engine.instruction_set import BYTES, ROWS, WIDEST
from lstmviz.engine.jit import inlined, kernel, read_only
from lstmviz.engine.simd import lanes_of, tile

TALL = 4  # rows of a weight gradient in one tile
STRETCH = 128  # rows summed at a time, so that they are still in the cache for the next tile


def lanes(dtype: np.dtype) -> int:
    """Numbers in one vector."""
    return BYTES // dtype.itemsize


def padded(count: int, dtype: np.dtype) -> int:
    """The next multiple of the lanes."""
    return -(-count // lanes(dtype)) * lanes(dtype)


def workspace(*shape: int, dtype: np.dtype) -> Array:
    """Zeros that begin where a vector may: a load across two lines of the cache takes twice as long."""
    size = int(np.prod(shape))
    memory = np.zeros(size * dtype.itemsize + 64, np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start : start + size * dtype.itemsize].view(dtype).reshape(shape)


# ----------------------------------------------------------------------------- weights as the tiles read them


def pack_gates(weight: Array, gates: int) -> Array:
    """Lay out (gates * H, K) as (blocks, K, gates, lanes): what a tile reads lies in the order it is read."""
    inputs, width = weight.shape[1], lanes(weight.dtype)
    hidden = weight.shape[0] // gates
    blocks = -(-hidden // width)
    units = np.zeros((gates, blocks * width, inputs), weight.dtype)
    units[:, :hidden] = weight.reshape(gates, hidden, inputs)
    packed = workspace(blocks, inputs, gates, width, dtype=weight.dtype)
    packed[:] = units.reshape(gates, blocks, width, inputs).transpose(1, 3, 0, 2)
    return read_only(packed)


def pack_columns(weight: Array, gates: int) -> Array:
    """Lay out (gates * H, N) as (strips, gates * H padded, wide, lanes), for products from the left: row @ weight."""
    hidden, outputs, width = weight.shape[0] // gates, weight.shape[1], lanes(weight.dtype)
    vectors = -(-outputs // width)
    strips = -(-vectors // WIDEST)
    wide = -(-vectors // strips)
    tall, all_columns = padded(hidden, weight.dtype), strips * wide * width
    rows = np.zeros((gates, tall, all_columns), weight.dtype)
    rows[:, :hidden, :outputs] = weight.reshape(gates, hidden, outputs)
    packed = workspace(strips, gates * tall, wide, width, dtype=weight.dtype)
    packed[:] = rows.reshape(gates * tall, strips, wide, width).transpose(1, 0, 2, 3)
    return read_only(packed)


def columns(packed: Array) -> int:
    """Columns that a product with the result of ``pack_columns`` has, padding included."""
    return int(packed.shape[0] * packed.shape[2] * packed.shape[3])


def input_rows(x: Array, h0: Array) -> tuple[Array, int]:
    """Rows ``[padding | x | 1 | h before]`` for an even and an odd timestep (2 * B, padded), and where h begins.

    ``h0`` stands in the even ones, the ones are there, the input is not.
    """
    sequences, inputs = x.shape[1:]
    start = padded(inputs + 1, h0.dtype)
    rows = workspace(2, sequences, start + padded(h0.shape[1], h0.dtype), dtype=h0.dtype)
    rows[:, :, start - 1] = 1
    rows[0, :, start : start + h0.shape[1]] = h0
    return rows.reshape(2 * sequences, -1), start


def padded_copy(state: Array) -> Array:
    """A copy of (B, H) with zeros up to the next multiple of the lanes."""
    copy = workspace(state.shape[0], padded(state.shape[1], state.dtype), dtype=state.dtype)
    copy[:, : state.shape[1]] = state
    return copy


# ----------------------------------------------------------------------------- inside a pass


@inlined
def multiply(onto, out, at, out_row, left, left_at, left_row, right, right_at, n, wide, count):
    """Products of ``count`` rows of n numbers with one strip: as many rows at a time as there are registers."""
    step = wide * lanes_of(out)
    if count == ROWS:
        tile(ROWS, onto, out, at, out_row, left, left_at, left_row, 1, right, right_at, step, n, wide)
    else:
        for r in range(count):
            at_row, left_at_row = at + r * out_row, left_at + r * left_row
            tile(1, onto, out, at_row, out_row, left, left_at_row, left_row, 1, right, right_at, step, n, wide)


@inlined
def multiply_back(onto, out, at, left, left_at, weights):
    """Put ``left @ weights`` into ``out``, or add it, for all sequences; weights are of ``pack_columns``.

    From column ``left_at`` of left and to column ``at`` of out.
    """
    # out (B, at + columns or more), left (B, left_at + K or more), weights (strips, K, wide, lanes)
    strips, n, wide = weights.shape[:3]
    sequences, left_row, out_row = out.shape[0], left.shape[1], out.shape[1]
    columns = wide * lanes_of(out)
    for strip in range(strips):
        for b in range(0, sequences, ROWS):
            multiply(
                onto, out, b * out_row + at + strip * columns, out_row, left, b * left_row + left_at, left_row,
                weights, strip * n * columns, n, wide, min(ROWS, sequences - b),
            )  # fmt: skip


@kernel
def write_inputs(rows, start, x, t):
    """Put the inputs of timestep t into the rows of all sequences, before the 1 that stands before ``start``."""
    sequences, inputs = x.shape[1:]
    first = start - 1 - inputs
    for b in range(sequences):
        for k in range(inputs):
            rows[t % 2 * sequences + b, first + k] = x[t, b, k]


@kernel
def copy_inputs(d_x, row, t):
    """Record dLoss/dx of timestep t for all sequences."""
    # d_x (T, B, I), row (B, I or more)
    for b in range(d_x.shape[1]):
        for k in range(d_x.shape[2]):
            d_x[t, b, k] = row[b, k]


@inlined
def gate_sums(onto, sums, gate, rows, first, n, weights, block, t, b, count):
    """Pre-activations of one block of units for ``count`` sequences from b on, written or added.

    From n numbers of each row, ``first`` on, to the sums from ``gate`` on.
    """
    # sums (ROWS, all gates, lanes), weights (blocks, n, gates here, lanes) of pack_gates
    gates, width = weights.shape[2], lanes_of(rows)
    row = t % 2 * (rows.shape[0] // 2) + b
    multiply(
        onto, sums, gate * width, sums.shape[1] * width, rows, row * rows.shape[1] + first, rows.shape[1],
        weights, block * n * gates * width, n, gates, count,
    )  # fmt: skip


# ----------------------------------------------------------------------------- weight gradients


def gradient_rows(x: Array, h_before: Array) -> Array:
    """Rows ``[1 | x | h before]`` (T * B, padded) of all timesteps: what a weight gradient multiplies with."""
    timesteps, sequences, inputs = x.shape
    hidden = h_before.shape[2]
    width = -(-(1 + inputs + hidden) // lanes(x.dtype))
    strips = -(-width // WIDEST)
    width = strips * -(-width // strips) * lanes(x.dtype)
    rows = workspace(timesteps, sequences, width, dtype=x.dtype)
    rows[..., 0] = 1
    rows[..., 1 : 1 + inputs] = x
    rows[..., 1 + inputs : 1 + inputs + hidden] = h_before
    return read_only(rows.reshape(-1, width))


def weight_gradient(d_out: Array, rows: Array) -> Array:
    """Outer products of ``d_out`` (T, B, K) and ``rows`` (T * B, N), summed: (K, N)."""
    gradient = workspace(d_out.shape[2], rows.shape[1], dtype=rows.dtype)
    _add_outer_products(gradient, read_only(d_out.reshape(-1, d_out.shape[2])), rows)
    return gradient


@kernel
def _add_outer_products(gradient, d_out, rows):
    # gradient (K, N), d_out (S, K), rows (S, N)
    outputs, columns = gradient.shape
    vectors = columns // lanes_of(rows)
    wide = vectors // (-(-vectors // WIDEST))
    width = wide * lanes_of(rows)
    for first in range(0, rows.shape[0], STRETCH):
        n = min(STRETCH, rows.shape[0] - first)
        for k in range(0, outputs, TALL):
            for j in range(0, columns, width):
                at, left_at, right_at = k * columns + j, first * outputs + k, first * columns + j
                if outputs - k >= TALL:
                    tile(
                        TALL, True, gradient, at, columns, d_out, left_at, 1, outputs, rows, right_at, columns, n, wide
                    )
                else:
                    for r in range(outputs - k):
                        tile(
                            1, True, gradient, at + r * columns, columns, d_out, left_at + r, 1, outputs,
                            rows, right_at, columns, n, wide,
                        )  # fmt: skip
