"""Jacobians between any two timesteps as Numba kernels; ``jacobian`` says what they are and in what words.

Both directions carry H columns, the lanes of the machine's vectors, through rows of the state. They first add the
blocks of recurrent weights to one matrix, so a timestep costs 2 H**3 products for the LSTM and H**3 for the others:
a half and a third of a backward pass with H sequences.

Words used in this file
    link      what one timestep does beside ``keep`` and ``out``: of the LSTM drive_i U_i + drive_f U_f + drive_g U_g
              above drive_o U_o + stay, of the others the whole Jacobian; rows count units after, columns units before
    carried   (S, N) mantissas with one exponent, c above h
    M, N      H with zero rows up to a multiple of TALL, with zero columns up to one of the lanes; here S is M or 2M
"""

import math

import numpy as np

from lstmviz.engine.arrays import Array
from lstmviz.engine.instruction_set import WIDEST
from lstmviz.engine.jacobian import Map, Row, Slopes, empty_map, empty_row
from lstmviz.engine.jit import inlined, kernel, read_only
from lstmviz.engine.scaled import LOG10_OF_2, ROOM
from lstmviz.engine.simd import lanes_of, load, multiply_add, store, tile, total

TALL = 4  # rows of the result in one tile
SQUARES_LOW, SQUARES_HIGH = 1e-24, 1e30  # between them a sum of squares has lost nothing, in float32 too


def row(slopes: Slopes, weight_hh: Array, end: str = "h", blocks: bool = False) -> Row:
    """Jacobians of the last state by the state at every timestep; see ``jacobian.row``."""
    timesteps, hidden = slopes.keep.shape
    found = empty_row(timesteps, hidden, slopes.out.shape[1] > 0, blocks, weight_hh.dtype)
    _row(found, _read_only(slopes), read_only(weight_hh), end == "h", ROOM[weight_hh.dtype.name])
    return found


def every_pair(
    slopes: Slopes, weight_hh: Array, by: str = "h", floor: float = -math.inf, starts: range | None = None
) -> Map:
    """Jacobians between every two timesteps, in Frobenius norm; see ``jacobian.every_pair``."""
    lstm = slopes.out.shape[1] > 0
    found = empty_map(len(slopes.keep), lstm)
    lines_h, lines_c = found.log10_h.T.copy(), found.log10_c.T.copy()  # one line for each k
    first, end = (0, len(lines_h)) if starts is None else (starts.start, starts.stop)
    given = _read_only(slopes), read_only(weight_hh), by == "h", float(floor), ROOM[weight_hh.dtype.name]
    _every_pair(lines_h, lines_c, found.last, *given, first, end)
    return Map(lines_h.T, lines_c.T, found.last)


def _read_only(slopes: Slopes) -> Slopes:
    return Slopes(*(read_only(array) for array in slopes))


@kernel
def _empty_state(slopes, weight_hh):
    """Zeros (S, N)."""
    H, width = slopes.keep.shape[1], lanes_of(weight_hh)
    rows = (H + TALL - 1) // TALL * TALL
    states = 2 if slopes.out.shape[1] > 0 else 1
    return np.zeros((states * rows, (H + width - 1) // width * width), weight_hh.dtype)


@kernel
def _with_zero_columns(weight_hh, N):
    """The recurrent weights, their rows as long as those of the state."""
    wide = np.zeros((weight_hh.shape[0], N), weight_hh.dtype)
    for k in range(weight_hh.shape[0]):
        for j in range(weight_hh.shape[1]):
            wide[k, j] = weight_hh[k, j]
    return wide


@kernel
def _row(found, slopes, weight_hh, of_h, room):
    """Fill ``found``, going backward."""
    carried = _empty_state(slopes, weight_hh)
    other, link = np.zeros_like(carried), np.zeros_like(carried)
    weights = _with_zero_columns(weight_hh, carried.shape[1])
    keep, out, zero = slopes.keep, slopes.out, 0 * carried[0, 0]
    T, H = keep.shape
    S, N = carried.shape
    lstm = out.shape[1] > 0
    h = S // 2 * N if lstm else 0  # where h begins
    for k in range(H):
        carried[h // N + k if of_h else k, k] = 1
    if lstm:  # c also acts through h of the same timestep
        for k in range(H):
            _add_row(carried, k * N, carried, h + k * N, out[T - 1, k], N)
    exponent = np.int64(0)
    for t in range(T, -1, -1):
        squares_h = _squares(carried, h, S * N)
        squares_c = _squares(carried, 0, h)
        if not _is_ordinary(squares_c + squares_h, room):
            exponent = _rescaled(carried, exponent)
            squares_c, squares_h = _squares(carried, 0, h), _squares(carried, h, S * N)
        found.log10_h[t] = _log10(squares_h, carried, h, S * N, exponent)
        if lstm:
            found.log10_c[t] = _log10(squares_c, carried, 0, h, exponent)
        if found.blocks.shape[0] > 0:
            _keep_blocks(found, carried, t, exponent)
        if t > 0:
            _fill_link(link, 0, slopes, weights, t - 1)
            _product(other, h, link, 0, 1, N, carried, 0, S * N - h, S)
            if lstm:
                for k in range(H):
                    through_h = out[t - 2, k] if t > 1 else zero  # at t = 0 both are given
                    _set_sum(other, k * N, carried, k * N, keep[t - 1, k], other, h + k * N, through_h, N)
            carried, other = other, carried


@kernel
def _keep_blocks(found, carried, t, exponent):
    H = found.blocks.shape[2]
    found.exponent[t] = exponent
    for k in range(H):
        for j in range(H):
            found.blocks[t, k, j] = carried[k, j]
            if found.blocks.shape[1] > H:
                found.blocks[t, H + k, j] = carried[carried.shape[0] // 2 + k, j]


@kernel
def _every_pair(lines_h, lines_c, last, slopes, weight_hh, by_h, floor, room, first, end):
    """Fill the lines of every start from ``first`` to before ``end``."""
    T, H = slopes.keep.shape
    carried = _empty_state(slopes, weight_hh)
    S, N = carried.shape
    lstm = slopes.out.shape[1] > 0
    other, links = np.zeros_like(carried), np.zeros((T, S, N), carried.dtype)
    weights = _with_zero_columns(weight_hh, N)
    for t in range(first, T):
        _fill_link(links, t * S * N, slopes, weights, t)
    h = S // 2 if lstm else 0
    for start in range(first, end):
        carried[:] = 0
        for k in range(H):
            if by_h:
                carried[h + k, k] = 1
            else:
                carried[k, k] = 1
                if start > 0:
                    carried[h + k, k] = slopes.out[start - 1, k]
        line_c = lines_c[start] if lstm else lines_h[start]
        last[start] = _push(lines_h[start], line_c, links, slopes, carried, other, start, floor, room)


@kernel
def _fill_link(links, at, slopes, weights, t):
    """Fill the link of one timestep, from a flat position on."""
    keep, drive, stay = slopes.keep, slopes.drive, slopes.stay
    flat = links.reshape(links.size)  # here, as each view takes 10 ns
    blocks, H = drive.shape[1:]
    S, N = links.shape[-2:]
    below = S // 2 * N
    for k in range(H):
        here, w = at + k * N, k * N
        if blocks == 1:
            _set_row(links, here, weights, w, drive[t, 0, k], N)
        else:
            first, second, third = drive[t, 0, k], drive[t, 1, k], drive[t, 2, k]
            for j in range(0, N, lanes_of(links)):
                sums = load(weights, w + j, lanes_of(links)) * first
                sums = multiply_add(load(weights, w + H * N + j, lanes_of(links)), second, sums)
                sums = multiply_add(load(weights, w + 2 * H * N + j, lanes_of(links)), third, sums)
                store(links, here + j, lanes_of(links), sums)
        if blocks == 4:
            _set_row(links, here + below, weights, w + 3 * H * N, drive[t, 3, k], N)
            if stay.shape[0] > 0:
                flat[here + below + k] += stay[t, k]
        else:
            flat[here + k] += keep[t, k]


@kernel
def _push(line_h, line_c, links, slopes, carried, other, start, floor, room):
    """Fill one start's lines, going forward; give the last timestep computed."""
    T = slopes.keep.shape[0]
    S, N = carried.shape
    lstm = slopes.out.shape[1] > 0
    h = S // 2 * N if lstm else 0
    squares_c, squares_h = _squares(carried, 0, h), _squares(carried, h, S * N)
    exponent = np.int64(0)
    for t in range(start, T + 1):
        if not _is_ordinary(squares_c + squares_h, room):
            exponent = _rescaled(carried, exponent)
            squares_c, squares_h = _squares(carried, 0, h), _squares(carried, h, S * N)
        top = line_h[t] = _log10(squares_h, carried, h, S * N, exponent)
        if lstm:
            line_c[t] = _log10(squares_c, carried, 0, h, exponent)
            top = max(top, line_c[t])
        if top < floor:
            line_h[t + 1 :] = np.nan
            line_c[t + 1 :] = np.nan
            return t
        if t == T:
            break
        _product(other, 0, links, t * S * N, N, 1, carried, h, S * N, S * N - h)
        if lstm:
            squares_c, squares_h = _through_the_cell(carried, other, slopes.keep[t], slopes.out[t])
        else:
            carried, other = other, carried
            squares_h = _squares(carried, 0, S * N)
    return T


@inlined
def _through_the_cell(carried, other, keep, out):
    """c = keep c + what h adds, h = out c + what h adds; give their sums of squares."""
    S, N = carried.shape
    h = S // 2 * N
    sum_c, sum_h = load(carried, 0, 0), load(carried, 0, 0)
    for k in range(keep.shape[0]):
        for j in range(k * N, k * N + N, lanes_of(carried)):
            c = multiply_add(load(carried, j, lanes_of(carried)), keep[k], load(other, j, lanes_of(carried)))
            around = multiply_add(c, out[k], load(other, h + j, lanes_of(carried)))
            store(carried, j, lanes_of(carried), c)
            store(carried, h + j, lanes_of(carried), around)
            sum_c, sum_h = multiply_add(c, c, sum_c), multiply_add(around, around, sum_h)
    return np.float64(total(sum_c)), np.float64(total(sum_h))


@inlined
def _product(out, at, left, left_at, left_row, left_step, right, right_at, count, n):
    """Set ``count`` numbers of out, rows as long as those of right, to the product of left and right."""
    # n: numbers of right when left_step is 1, else its rows
    N = right.shape[1]
    inner = n // N if left_step == 1 else n
    width = lanes_of(out)
    for v in range(0, N, WIDEST * width):
        wide = min(WIDEST, (N - v) // width)
        for r in range(0, count // N, TALL):
            tile(
                TALL, False, out, at + r * N + v, N,
                left, left_at + r * left_row, left_row, left_step, right, right_at + v, N, inner, wide,
            )  # fmt: skip


@inlined
def _set_row(out, at, a, a_at, factor, count):
    """out = factor * a"""
    for j in range(0, count, lanes_of(out)):
        store(out, at + j, lanes_of(out), load(a, a_at + j, lanes_of(out)) * factor)


@inlined
def _set_sum(out, at, a, a_at, factor, b, b_at, other, count):
    """out = factor * a + other * b"""
    for j in range(0, count, lanes_of(out)):
        sums = load(a, a_at + j, lanes_of(out)) * factor
        store(out, at + j, lanes_of(out), multiply_add(load(b, b_at + j, lanes_of(out)), other, sums))


@inlined
def _add_row(out, at, a, a_at, factor, count):
    """out = out + factor * a"""
    for j in range(0, count, lanes_of(out)):
        sums = multiply_add(load(a, a_at + j, lanes_of(out)), factor, load(out, at + j, lanes_of(out)))
        store(out, at + j, lanes_of(out), sums)


@inlined
def _squares(a, at, end):
    """Sum of squares from one flat position to another, whole tiles of them."""
    one, two = load(a, 0, 0), load(a, 0, 0)  # two sums do not wait for each other
    for j in range(at, end, 2 * lanes_of(a)):
        u, v = load(a, j, lanes_of(a)), load(a, j + lanes_of(a), lanes_of(a))
        one, two = multiply_add(u, u, one), multiply_add(v, v, two)
    return np.float64(total(one)) + np.float64(total(two))


@inlined
def _is_ordinary(squares, room):
    """Whether mantissas with this sum of squares need no rescaling."""
    high = 2.0**60 if room < 100 else 2.0**180
    return 1.0 / high < squares < high


@kernel
def _largest(a, at, end):
    """Largest magnitude; nan is passed over."""
    found = 0.0
    for v in a.reshape(a.size)[at:end]:
        if abs(v) > found:
            found = np.float64(abs(v))
    return found


@kernel
def _rescaled(carried, exponent):
    """Bring the largest mantissa to 1/2..1, and give the exponent that belongs to it; leave zeros, nan and inf."""
    size = _largest(carried, 0, carried.size)
    if size == 0.0 or size == np.inf:
        return exponent
    shift = math.frexp(size)[1]
    half = shift // 2
    flat = carried.reshape(carried.size)
    for k in range(flat.size):
        flat[k] = flat[k] * math.ldexp(1.0, -half) * math.ldexp(1.0, half - shift)
    return exponent + shift


@kernel
def _log10(squares, a, at, end, exponent):
    """log10 of the Frobenius norm of the true values: -inf for zeros, nan where an entry is nan."""
    if SQUARES_LOW < squares < SQUARES_HIGH:
        return 0.5 * math.log10(squares) + exponent * LOG10_OF_2
    size = _largest(a, at, end)
    within = 0.0 < size < np.inf
    total_ = 0.0
    for v in a.reshape(a.size)[at:end]:
        share = np.float64(v) / size if within else np.float64(v)
        total_ += share * share
    if within:
        return math.log10(size) + 0.5 * math.log10(total_) + exponent * LOG10_OF_2
    return -np.inf if total_ == 0.0 else total_  # else inf or nan
