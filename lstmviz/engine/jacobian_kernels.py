"""Jacobians between any two timesteps as Numba kernels; ``jacobian`` says what they are and in what words.

Both directions carry H columns, the lanes of the machine's vectors, through rows of the state. They first add the
blocks of recurrent weights to one matrix, so a timestep costs 2 H**3 products for the LSTM and H**3 for the others:
a half and a third of a backward pass with H sequences.

Words used in this file
    link      what one timestep does beside ``keep`` and ``out``: of the LSTM drive_i U_i + drive_f U_f + drive_g U_g
              above drive_o U_o, of the others the whole Jacobian
    carried   (S, N) mantissas with one exponent, c above h
    M, N      H with zero rows up to a multiple of ROWS, with zero columns up to one of ``lanes``; here S is M or 2M
"""

import math

import numpy as np

from lstmviz.engine.arrays import Array
from lstmviz.engine.jacobian import Map, Row, Slopes, empty_map, empty_row, start_of
from lstmviz.engine.jit import kernel, read_only
from lstmviz.engine.scaled import LOG10_OF_2, ROOM
from lstmviz.engine.scaled_kernels import keep_in_range, log10_norm
from lstmviz.engine.tile import ROWS, lanes, padded, product


def row(slopes: Slopes, weight_hh: Array, end: str = "h", blocks: bool = False) -> Row:
    """Jacobians of the last state by the state at every timestep; see ``jacobian.row``."""
    timesteps, hidden = slopes.keep.shape
    lstm, dtype = slopes.out.shape[1] > 0, weight_hh.dtype
    found = empty_row(timesteps, hidden, lstm, blocks, dtype)
    height = padded(hidden, ROWS)
    carried = np.zeros((2 * height if lstm else height, padded(hidden, lanes(dtype))), dtype)
    carried[height if lstm and end == "h" else 0 :][:hidden, :hidden] = np.eye(hidden)
    slopes = Slopes(*map(read_only, slopes))
    _row(found, slopes, read_only(weight_hh), carried, ROOM[dtype.name], lanes(dtype))
    return found


def every_pair(slopes: Slopes, weight_hh: Array, by: str = "h", floor: float = -math.inf) -> Map:
    """Jacobians between every two timesteps, in Frobenius norm; see ``jacobian.every_pair``."""
    timesteps, hidden = slopes.keep.shape
    lstm, dtype = slopes.out.shape[1] > 0, weight_hh.dtype
    height = padded(hidden, ROWS)
    links = np.zeros((timesteps, height, 2 * height if lstm else height), dtype)
    slopes = Slopes(*map(read_only, slopes))
    _fill_links(links, slopes, read_only(weight_hh.T))
    found = empty_map(timesteps, lstm)
    lines_h, lines_c = found.log10_h.T.copy(), found.log10_c.T.copy()  # one line for each k
    carried = np.zeros((links.shape[2], padded(hidden, lanes(dtype))), dtype)
    other = np.zeros_like(carried)
    for k in range(timesteps + 1):
        first = start_of(slopes, k, by)
        carried[:] = 0
        carried[:hidden, :hidden], carried[-height:][:hidden, :hidden] = first[:hidden], first[-hidden:]
        line_c = lines_c[k] if lstm else lines_c.ravel()
        found.last[k] = _push(
            lines_h[k], line_c, links, slopes, carried, other, k, float(floor), ROOM[dtype.name], lanes(dtype)
        )
    return Map(lines_h.T, lines_c.T, found.last)


@kernel
def _row(found, slopes, weight_hh, carried, room, width):
    """Fill ``found``, going backward."""
    T, H = slopes.keep.shape
    lstm = slopes.out.shape[1] > 0
    M, N = (carried.shape[0] // 2 if lstm else carried.shape[0]), carried.shape[1]
    link = np.zeros((carried.shape[0], M), carried.dtype)
    other = np.zeros_like(carried)
    sums = np.zeros(N, carried.dtype)
    exponent = np.int64(0)
    for t in range(T, -1, -1):
        if lstm and t > 0:
            for k in range(H):
                add_multiple(carried[k], slopes.out[t - 1, k], carried[M + k])
        exponent = range_kept(carried, exponent, sums, room)
        found.log10_h[t] = log10_of(carried[carried.shape[0] - M :], exponent, sums)
        if lstm:
            found.log10_c[t] = log10_of(carried[:M], exponent, sums)
        if found.blocks.shape[0] > 0:
            found.exponent[t] = exponent
            for k in range(H):
                found.blocks[t, k] = carried[k, :H]
                if lstm:
                    found.blocks[t, H + k] = carried[M + k, :H]
        if t > 0:
            _fill_link(link, slopes, weight_hh, t - 1)
            product(other[other.shape[0] - M :], link, carried, width)
            if lstm:
                for k in range(H):
                    set_multiple(other[k], slopes.keep[t - 1, k], carried[k])
            carried, other = other, carried


@kernel
def _fill_link(link, slopes, weight_hh, t):
    """Set the link of one timestep, its rows counting units after, its columns units before."""
    H = slopes.keep.shape[1]
    lstm = slopes.out.shape[1] > 0
    blocks = slopes.drive.shape[1]
    for k in range(H):
        set_multiple(link[k], slopes.drive[t, 0, k], weight_hh[k])
        for block in range(1, 3 if lstm else blocks):
            add_multiple(link[k], slopes.drive[t, block, k], weight_hh[block * H + k])
        if lstm:
            set_multiple(link[link.shape[1] + k], slopes.drive[t, 3, k], weight_hh[3 * H + k])
        else:
            link[k, k] += slopes.keep[t, k]


@kernel
def _fill_links(links, slopes, weight):
    """Set all links transposed: rows count units before, columns units after."""
    # weight (H, K * H), transposed recurrent weights
    T, H = slopes.keep.shape
    M = links.shape[1]
    lstm = slopes.out.shape[1] > 0
    for t in range(T):
        for before in range(H):
            line = links[t, before]
            for block in range(slopes.drive.shape[1]):
                shift = M if lstm and block == 3 else 0
                for k in range(H):
                    line[shift + k] += slopes.drive[t, block, k] * weight[before, block * H + k]
            if not lstm:
                line[before] += slopes.keep[t, before]


@kernel
def _push(line_h, line_c, links, slopes, carried, other, start, floor, room, width):
    """Fill one start's lines, going forward; give the last timestep computed."""
    T, H = slopes.keep.shape
    lstm = slopes.out.shape[1] > 0
    M = links.shape[1]
    below = carried.shape[0] - M  # where h begins
    sums = np.zeros(carried.shape[1], carried.dtype)
    exponent = np.int64(0)
    for t in range(start, T + 1):
        exponent = range_kept(carried, exponent, sums, room)
        top = line_h[t] = log10_of(carried[below:], exponent, sums)
        if lstm:
            line_c[t] = log10_of(carried[:M], exponent, sums)
            top = max(top, line_c[t])
        if top < floor:
            line_h[t + 1 :] = np.nan
            line_c[t + 1 :] = np.nan
            return t
        if t == T:
            break
        product(other, links[t], carried[below:], width)
        if lstm:
            for k in range(H):
                keep, out, c, h = slopes.keep[t, k], slopes.out[t, k], carried[k], carried[M + k]
                from_h, around = other[k], other[M + k]
                for j in range(c.shape[0]):
                    now = keep * c[j] + from_h[j]
                    c[j] = now
                    h[j] = out * now + around[j]
        else:
            carried, other = other, carried
    return T


@kernel
def set_multiple(out, factor, line):
    """Set ``out`` to ``factor * line``, as far as ``line`` goes."""
    for j in range(line.shape[0]):
        out[j] = factor * line[j]


@kernel
def add_multiple(out, factor, line):
    """Add ``factor * line`` to ``out``, as far as ``line`` goes."""
    for j in range(line.shape[0]):
        out[j] += factor * line[j]


@kernel
def squares_of(matrix, sums):
    """Sum of squares, one sum per column first: those do not wait for each other."""
    # matrix (M, N), sums (N,)
    sums[:] = 0
    for k in range(matrix.shape[0]):
        line = matrix[k]
        for j in range(line.shape[0]):
            sums[j] += line[j] * line[j]
    total = 0.0
    for j in range(sums.shape[0]):
        total += np.float64(sums[j])
    return total


@kernel
def range_kept(matrix, exponent, sums, room):
    """Rescale the matrix if its mantissas have left the range round 1; give the exponent it has now."""
    high = math.ldexp(1.0, 2 * room - 20)
    if 1.0 / high < squares_of(matrix, sums) < high:
        return exponent
    return keep_in_range(matrix.reshape(matrix.size), exponent, room)


@kernel
def log10_of(matrix, exponent, sums):
    """log10 of the Frobenius norm of the true matrix: -inf for zeros, nan where an entry is nan."""
    squares = squares_of(matrix, sums)
    if 1e-25 < squares < 1e30:  # what a square lost to float32's end does not show
        return 0.5 * math.log10(squares) + exponent * LOG10_OF_2
    return log10_norm(matrix.reshape(matrix.size), exponent)
