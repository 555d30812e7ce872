"""Products with matrices for the kernels: how weights are laid out, and the loops over tiles (``simd.tile``).

A cell reads one row per sequence and timestep, ``[padding | x | 1 | h before]``, so that one product gives what the
input, the bias and the hidden state add to the pre-activations. h begins at a multiple of the lanes.

Words used in this file
    block     the units of one vector; the last block may be padded
    G         sums that one unit needs: 4 for the LSTM
    strip     vectors side by side that one tile computes
"""

from typing import NamedTuple

import numpy as np

from lstmviz.engine.allocate import room
from lstmviz.engine.arrays import Array
from lstmviz.engine.instruction_set import BYTES, ROWS, WIDEST
from lstmviz.engine.jit import inlined, kernel, read_only
from lstmviz.engine.simd import lanes_of, load, multiply_add, pointers, tile, total

FEW = 4  # inputs; with so few, a vector of their gradients would be mostly padding
TALL = 4  # rows of a weight gradient in one tile
STRETCH = 64  # rows summed at a time, so that they are still in the cache for the next tile


def lanes(dtype: np.dtype) -> int:
    """Numbers in one vector."""
    return BYTES // dtype.itemsize


def padded(count: int, dtype: np.dtype) -> int:
    """The next multiple of the lanes."""
    return -(-count // lanes(dtype)) * lanes(dtype)


def workspace(dtype: np.dtype, *shapes: tuple[int, ...]) -> list[Array]:
    """Arrays of zeros that begin where a vector may: a load across two lines of the cache takes twice as long."""
    arrays = room(dtype, *shapes)
    arrays[0].base.fill(0)  # type: ignore[union-attr]
    return arrays


class ForwardSizes(NamedTuple):
    """Numbers that a forward pass needs."""

    timesteps: int
    sequences: int
    inputs: int
    hidden: int
    padded: int  # hidden, up to the next multiple of the lanes
    start: int  # where h begins in a row
    row: int  # length of a row
    begin: int  # first sequence to compute
    end: int  # the one after the last


class BackwardSizes(NamedTuple):
    """Numbers that a backward pass needs."""

    timesteps: int
    sequences: int
    inputs: int
    hidden: int
    padded: int  # hidden, up to the next multiple of the lanes
    carried: int  # length of a row of what is carried
    d_x: int  # length of a row of d_x, and the columns of weight_ih with padding
    wide_hh: int  # vectors side by side in a strip of weight_hh
    wide_ih: int  # the same of weight_ih; 0 for few inputs, which need no strips
    begin: int  # first sequence to compute
    end: int  # the one after the last


def forward_sizes(x: Array, weight_hh: Array) -> ForwardSizes:
    """Sizes of a pass over x (T, B, I) with recurrent weights (.., H)."""
    (timesteps, sequences, inputs), hidden, dtype = x.shape, weight_hh.shape[1], weight_hh.dtype
    units, start = padded(hidden, dtype), padded(inputs + 1, dtype)
    return ForwardSizes(timesteps, sequences, inputs, hidden, units, start, start + units, 0, sequences)


def backward_sizes(x: Array, hidden: int, states: int) -> BackwardSizes:
    """Sizes of a pass back over x (T, B, I); what is carried are so many states, d_h the last of them."""
    width, units = lanes(x.dtype), padded(hidden, x.dtype)
    timesteps, sequences, inputs = x.shape
    strips_hh, wide_hh = strips(hidden, x.dtype)
    strips_ih, wide_ih = strips(inputs, x.dtype) if inputs > FEW else (0, 0)
    carried = (states - 1) * units + strips_hh * wide_hh * width
    d_x = strips_ih * wide_ih * width
    return BackwardSizes(
        timesteps, sequences, inputs, hidden, units, carried, d_x, wide_hh, wide_ih, 0, sequences
    )  # fmt: skip


# ----------------------------------------------------------------------------- weights as the tiles read them


def strips(columns: int, dtype: np.dtype) -> tuple[int, int]:
    """How many strips of how many vectors hold that many columns: as few as possible, all of one width."""
    vectors = -(-columns // lanes(dtype))
    count = -(-vectors // WIDEST)
    return count, -(-vectors // count)


def pack_gates(weight: Array, gates: int, packed: Array) -> None:
    """Lay out (gates * H, K) as (blocks, K, gates, lanes): what a tile reads lies in the order it is read."""
    blocks, inputs, _, width = packed.shape
    hidden = weight.shape[0] // gates
    units = weight.reshape(gates, hidden, inputs)
    if hidden < blocks * width:
        units = np.concatenate([units, np.zeros((gates, blocks * width - hidden, inputs), weight.dtype)], axis=1)
    packed[:] = units.reshape(gates, blocks, width, inputs).transpose(1, 3, 0, 2)


def pack_columns(weight: Array, gates: int) -> Array:
    """Lay out (gates * H, N) as (strips, gates * H padded, wide, lanes), for products from the left: row @ weight."""
    hidden, outputs, width = weight.shape[0] // gates, weight.shape[1], lanes(weight.dtype)
    count, wide = strips(outputs, weight.dtype)
    tall, columns = padded(hidden, weight.dtype), count * wide * width
    (packed,) = workspace(weight.dtype, (count, gates, tall, wide, width))
    if columns == outputs:
        packed[:, :, :hidden] = weight.reshape(gates, hidden, count, wide, width).transpose(2, 0, 1, 3, 4)
    elif count == 1:
        packed.reshape(gates, tall, columns)[:, :hidden, :outputs] = weight.reshape(gates, hidden, outputs)
    else:
        rows = np.zeros((gates, hidden, columns), weight.dtype)
        rows[..., :outputs] = weight.reshape(gates, hidden, outputs)
        packed[:, :, :hidden] = rows.reshape(gates, hidden, count, wide, width).transpose(2, 0, 1, 3, 4)
    return packed


def pack_inputs(weight: Array, gates: int) -> Array:
    """Lay out (gates * H, I) for ``inputs_back``: few inputs as (I, gates * H padded), more as by ``pack_columns``."""
    outputs, inputs = weight.shape
    if inputs > FEW:
        return pack_columns(weight, gates)
    hidden = outputs // gates
    (packed,) = workspace(weight.dtype, (inputs, gates, padded(hidden, weight.dtype)))
    packed[:, :, :hidden] = weight.T.reshape(inputs, gates, hidden)
    return packed


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
def multiply_back(onto, out, at, out_row, left, left_at, left_row, weights, n, wide, columns, size):
    """Put ``left @ weights`` into ``out``, or add it, for all sequences; weights (n, columns) are of ``pack_columns``.

    From number ``left_at`` of each row of left on; to number ``at`` of each row of out.
    """
    step = wide * lanes_of(out)
    for j in range(0, columns, step):
        for b in range(size.begin, size.end, ROWS):
            multiply(
                onto, out, b * out_row + at + j, out_row, left, b * left_row + left_at, left_row,
                weights, j * n, n, wide, min(ROWS, size.end - b),
            )  # fmt: skip


@inlined
def write_inputs(rows, x, size, t):
    """Put the inputs of timestep t into the rows of all sequences, and the 1 after them."""
    for b in range(size.begin, size.end):
        end = (t % 2 * size.sequences + b) * size.row + size.start - 1
        rows[end] = 1
        for k in range(size.inputs):
            rows[end - size.inputs + k] = x[(t * size.sequences + b) * size.inputs + k]


@inlined
def inputs_back(d_x, work, left, left_at, left_row, n, size, t):
    """Record dLoss/dx of timestep t for all sequences: ``left`` times the weights of ``pack_inputs``.

    From n numbers of each row of left, ``left_at`` on; as mantissas with their exponents.
    """
    weights, width = work.weight_ih, lanes_of(work.weight_ih)
    if size.wide_ih:
        wide, row = size.wide_ih, size.d_x
        multiply_back(False, work.d_x, 0, row, left, left_at, left_row, weights, n, wide, row, size)
    for b in range(size.begin, size.end):
        work.x_exponent[t * size.sequences + b] = work.exponent[b]
        for k in range(size.inputs):
            if size.wide_ih:
                found = work.d_x[b * size.d_x + k]
            else:
                sums = load(weights, 0, 0)
                for j in range(0, n, width):
                    here, there = b * left_row + left_at + j, k * n + j
                    sums = multiply_add(load(left, here, width), load(weights, there, width), sums)
                found = total(sums)
            d_x[(t * size.sequences + b) * size.inputs + k] = found


@inlined
def gate_sums(onto, sums, gate, all_gates, rows, first, n, weights, gates, size, j, t, b, count):
    """Pre-activations of one block of units for ``count`` sequences from b on, written or added.

    From n numbers of each row, ``first`` on, to ``gates`` of all gates, from ``gate`` on.
    """
    # rows (2, B, size.row), sums (ROWS, all_gates, lanes), weights (blocks, n, gates, lanes) of pack_gates
    width = lanes_of(rows)
    multiply(
        onto, sums, gate * width, all_gates * width,
        rows, (t % 2 * size.sequences + b) * size.row + first, size.row,
        weights, j * n * gates, n, gates, count,
    )  # fmt: skip


# ----------------------------------------------------------------------------- weight gradients


class WeightGradient(NamedTuple):
    """What the kernel of the weight gradients computes with: N = T * B rows, K outputs."""

    weight_ih: Array  # (K, I)
    weight_hh: Array  # (K, H)
    bias: Array  # (K,)
    d_out: Array  # (T, B, K)
    x: Array  # (T, B, I)
    h: Array  # (T or more, B, H)
    rows: Array  # (N, columns) of [1 | x] and, unless it is apart, h before; padded with zeros
    sums: Array  # those with ``d_out``: (columns, K) if h is apart, else (K, columns)


def weight_gradient(weight_ih: Array, weight_hh: Array, bias: Array, d_out: Array, x: Array, h: Array) -> None:
    """Fill the first three: outer products of ``d_out`` (T, B, K) and ``[x | h before | 1]``, summed over T and B.

    Where the units fill whole vectors, h is multiplied where it lies, and ``[1 | x]`` apart: beside h, they would need
    a vector of their own, mostly padding.
    """
    (timesteps, sequences, outputs), inputs, hidden = d_out.shape, x.shape[2], h.shape[2]
    apart = hidden % lanes(x.dtype) == 0
    columns = -(-(1 + inputs) // TALL) * TALL if apart else padded(1 + inputs + hidden, x.dtype)
    rows, sums = room(x.dtype, (timesteps * sequences, columns), (outputs, columns))
    work = WeightGradient(weight_ih, weight_hh, bias, read_only(d_out), read_only(x), read_only(h), rows, sums)
    _weight_gradient(work, timesteps * sequences, outputs, inputs, hidden, columns, apart)


@kernel
def _weight_gradient(work, count, outputs, inputs, hidden, columns, apart):
    work = pointers(work)
    beside = 0 if apart else hidden
    for s in range(count):
        at = s * columns
        work.rows[at] = 1
        for k in range(inputs):
            work.rows[at + 1 + k] = work.x[s * inputs + k]
        for k in range(beside):
            work.rows[at + 1 + inputs + k] = work.h[s * hidden + k]
        for k in range(1 + inputs + beside, columns):
            work.rows[at + k] = 0
    for s in range(0, count, STRETCH):
        n = min(STRETCH, count - s)
        if apart:
            _outer_products(work.weight_hh, work.d_out, outputs, work.h, hidden, s, n)
            _outer_products(work.sums, work.rows, columns, work.d_out, outputs, s, n)
        else:
            _outer_products(work.sums, work.d_out, outputs, work.rows, columns, s, n)
    per_output, per_column = (1, outputs) if apart else (columns, 1)
    for k in range(outputs):
        at = k * per_output
        work.bias[k] = work.sums[at]
        for j in range(inputs):
            work.weight_ih[k * inputs + j] = work.sums[at + (1 + j) * per_column]
        for j in range(beside):
            work.weight_hh[k * hidden + j] = work.sums[at + (1 + inputs + j) * per_column]


@inlined
def _outer_products(out, left, rows, right, columns, s, n):
    """Of all columns of left (N, rows) with all of right (N, columns), summed over n rows from s on, into out.

    out (rows, columns) holds the sum up to s. The columns of right are whole vectors.
    """
    width, vectors = lanes_of(right), columns // lanes_of(right)
    widest = -(-vectors // -(-vectors // WIDEST))  # strips as wide as one another, but for the last
    for k in range(0, rows, TALL):
        for j in range(0, columns, widest * width):
            wide, at = min(widest, (columns - j) // width), k * columns + j
            if rows - k >= TALL:
                tile(
                    TALL, s > 0, out, at, columns, left, s * rows + k, 1, rows,
                    right, s * columns + j, columns, n, wide,
                )  # fmt: skip
            else:
                for r in range(rows - k):
                    tile(
                        1, s > 0, out, at + r * columns, columns, left, s * rows + k + r, 1, rows,
                        right, s * columns + j, columns, n, wide,
                    )  # fmt: skip
