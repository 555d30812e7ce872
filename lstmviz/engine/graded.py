"""Singular values of a long product of matrices, each with its digits, however far they lie apart.

The product of a few hundred Jacobians has singular values from 1e-900 to 1: multiplied out, all but the first are
rounding. So the product is kept in three factors, U diag(d) V, with U orthogonal, d positive with an exponent of
its own for each, and the rows of V of ordinary size. One more matrix from the left is multiplied to U alone; a QR
decomposition with its columns sorted by size gives the new U, and passes on to V only ratios of at most about 1. At
the end one-sided Jacobi rotations on the columns of V' diag(d) find the singular values, each to its own accuracy.

Words used in this file
    S           size of the matrices
    d           (S,) as mantissas and exponents: mantissa * 2**exponent

References
----------
Loh et al. (1992), Stable numerical simulations of models of interacting electrons: the three factors.
Demmel & Veselic (1992), Jacobi's method is more accurate than QR: one-sided rotations of scaled columns.
Cox & Higham (1998), Stability of Householder QR factorization for weighted least squares problems: sorted rows.
Engelken, Wolf & Abbott (2023), Lyapunov spectra of chaotic recurrent neural networks: why one wants them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.scaled import LOG10_OF_2

Matrix = NDArray[np.float64]
SWEEPS = 30  # rotations converge in 5 to 10 sweeps; a nan never does
NOTHING = -(2**40)  # exponent of a zero


class Graded(NamedTuple):
    """A product of matrices in three factors: ``basis @ diag(mantissa * 2**exponent) @ rows``."""

    basis: Matrix  # (S, S) orthogonal
    mantissa: Matrix  # (S,) 1/2 to 1, or 0
    exponent: NDArray[np.int64]  # (S,)
    rows: Matrix  # (S, S)


def identity(size: int) -> Graded:
    """The empty product."""
    return Graded(np.eye(size), np.full(size, 0.5), np.ones(size, np.int64), np.eye(size))


def times(matrix: Matrix, product: Graded) -> Graded:
    """``matrix @ product``.

    Parameters
    ----------
    matrix : float64 (S, S)
        Finite. Directions lost in it through rows of zeros are lost for good; those lost because its rows depend on
        each other are seen only as rounding, 16 digits below the others.
    product : Graded
    """
    moved = matrix @ product.basis
    size, power = np.frexp(np.linalg.norm(moved, axis=0) * product.mantissa)
    order = _by_size(size, np.where(size > 0, power + product.exponent, NOTHING))
    # with the largest rows on top the small ones keep their digits, and rows of zeros stay zeros
    rows = np.argsort(-np.abs(moved).max(axis=1), kind="stable")
    basis, r = np.linalg.qr(moved[np.ix_(rows, order)])
    basis = basis[np.argsort(rows)]
    mantissa, exponent = product.mantissa[order], product.exponent[order]
    diagonal = np.diag(r)
    new, power = np.frexp(np.abs(diagonal) * mantissa)
    passes = new > 0
    # rows of diag(1 / new d) r diag(d); where a direction is lost its row no longer matters
    with np.errstate(divide="ignore", invalid="ignore", under="ignore", over="ignore"):
        ratio = r * (mantissa / np.abs(diagonal * mantissa)[:, None])
        ratio = np.ldexp(ratio, _as_intc(exponent - exponent[:, None]))
    ratio[~passes] = np.eye(len(r))[~passes]
    return Graded(basis, new, np.where(passes, power + exponent, NOTHING), np.triu(ratio) @ product.rows[order])


def log10_singular_values(product: Graded) -> Matrix:
    """Singular values of the product as decimal logarithms (S,), largest first; -inf for zeros."""
    columns, exponent = product.rows.T * product.mantissa, product.exponent.copy()
    columns, exponent = _sorted_columns(columns, exponent)
    # One QR decomposition first, and on with the transposed triangle: its columns are nearly orthogonal already.
    r = np.linalg.qr(columns)[1]
    with np.errstate(under="ignore", over="ignore"):
        columns = np.tril(np.ldexp(r.T, _as_intc(exponent[:, None] - exponent)))
    columns, exponent = _rotated(columns, exponent)
    with np.errstate(divide="ignore"):
        log10 = np.log10(np.linalg.norm(columns, axis=0)) + exponent * LOG10_OF_2
    log10[exponent <= NOTHING // 2] = -np.inf
    return np.sort(log10)[::-1]


def _sorted_columns(columns: Matrix, exponent: NDArray[np.int64]) -> tuple[Matrix, NDArray[np.int64]]:
    """Columns of norms 1/2 to 1, those with the largest exponents first."""
    size, power = np.frexp(np.linalg.norm(columns, axis=0))
    exponent = np.where(size > 0, exponent + power, NOTHING)
    columns = np.ldexp(columns, _as_intc(np.where(size > 0, -power, 0)))
    order = _by_size(size, exponent)
    return columns[:, order], exponent[order]


def _rotated(columns: Matrix, exponent: NDArray[np.int64]) -> tuple[Matrix, NDArray[np.int64]]:
    """Rotate pairs of columns until all are orthogonal to each other."""
    size = len(exponent)
    for _ in range(SWEEPS):
        columns, exponent = _sorted_columns(columns, exponent)
        worst = 0.0
        for first, second in _rounds(size):
            worst = max(worst, _rotate(columns, exponent, first, second))
        if worst <= size * np.finfo(np.float64).eps:
            break
    return columns, exponent


def _rotate(columns: Matrix, exponent: NDArray[np.int64], first: NDArray[np.intp], second: NDArray[np.intp]) -> float:
    """Make pairs of columns orthogonal in place; give the largest cosine there was."""
    x, y = columns[:, first], columns[:, second]  # first is the one with the larger exponent
    a, b, c = (np.einsum("kn,kn->n", p, q) for p, q in ((x, x), (y, y), (x, y)))
    with np.errstate(divide="ignore", invalid="ignore", under="ignore", over="ignore"):
        cosine = np.where(a * b > 0, np.abs(c) / np.sqrt(a * b), 0.0)
        s = np.ldexp(1.0, _as_intc(exponent[second] - exponent[first]))
        half = (b * s * s - a) / (2 * c)
        # tangent of the rotation over s: stays finite where s is 0, and is then a projection
        u = np.where(cosine > 0, np.where(half < 0, -1.0, 1.0) / (np.abs(half) + np.hypot(s, half)), 0.0)
        shrink = 1 / np.hypot(1.0, s * u)
        columns[:, first], columns[:, second] = shrink * (x - s * s * u * y), shrink * (u * x + y)
    return float(cosine.max(initial=0.0))


def _rounds(size: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Every pair of columns once, in rounds without a column twice, as at a tournament; the smaller index first."""
    players = size + size % 2
    circle = np.arange(1, players)
    rounds = []
    for _ in range(players - 1):
        table = np.concatenate([[0], circle])
        one, other = table[: players // 2], table[: players // 2 - 1 : -1]
        plays = (one < size) & (other < size)  # with an odd number one rests
        rounds.append((np.minimum(one, other)[plays], np.maximum(one, other)[plays]))
        circle = np.roll(circle, 1)
    return rounds


def _by_size(mantissa: Matrix, exponent: NDArray[np.int64]) -> NDArray[np.intp]:
    """Order from the largest to the smallest."""
    return np.lexsort((-mantissa, -exponent))


def _as_intc(exponent: NDArray[np.int64]) -> NDArray[np.intc]:
    """Exponents as ``np.ldexp`` takes them; beyond 5,000 every float64 but 0 becomes 0 or inf."""
    return np.clip(exponent, -5000, 5000).astype(np.intc)
