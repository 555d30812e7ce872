"""Products with matrices for the kernels: plain loops over contiguous memory that the compiler vectorises.

Four rows at a time: the sum is then loaded and stored once for four products.
"""

from lstmviz.engine.arrays import Array
from lstmviz.engine.jit import kernel, read_only


@kernel
def add_product(out, vector, matrix):
    """Add ``vector @ matrix`` to ``out``."""
    # out (N,), vector (K,), matrix (K, N)
    rows, columns = matrix.shape
    for k in range(0, rows - 3, 4):
        v0, v1, v2, v3 = vector[k], vector[k + 1], vector[k + 2], vector[k + 3]
        for j in range(columns):
            out[j] += v0 * matrix[k, j] + v1 * matrix[k + 1, j] + v2 * matrix[k + 2, j] + v3 * matrix[k + 3, j]
    for k in range(rows - rows % 4, rows):
        for j in range(columns):
            out[j] += vector[k] * matrix[k, j]


@kernel
def copy_row(out, row):
    """Copy; ``out[:] = row`` would have Numba compile its error message, for 1.5 s."""
    # out, row (N,)
    for k in range(row.shape[0]):
        out[k] = row[k]


def add_weight_gradient(d_weight: Array, d_out: Array, into: Array) -> None:
    """Add dLoss/dweight of ``out = weight @ into``, summed over timesteps and sequences.

    Parameters
    ----------
    d_weight : (K, N)
    d_out : (T, B, K)
    into : (T, B, N)
    """
    _add_outer_products(d_weight, _rows(d_out), _rows(into))


def add_bias_gradient(d_bias: Array, d_out: Array) -> None:
    """Add dLoss/dbias of ``out = ... + bias``: ``d_out`` (T, B, K) summed over timesteps and sequences."""
    _add_rows(d_bias, _rows(d_out))


def _rows(a: Array) -> Array:
    return read_only(a.reshape(-1, a.shape[2]))


@kernel
def _add_outer_products(d_weight, d_out, into):
    # d_weight (K, N), d_out (S, K), into (S, N)
    rows, outputs = d_out.shape
    columns = into.shape[1]
    for s in range(0, rows - 3, 4):
        for k in range(outputs):
            d0, d1, d2, d3 = d_out[s, k], d_out[s + 1, k], d_out[s + 2, k], d_out[s + 3, k]
            for j in range(columns):
                d_weight[k, j] += d0 * into[s, j] + d1 * into[s + 1, j] + d2 * into[s + 2, j] + d3 * into[s + 3, j]
    for s in range(rows - rows % 4, rows):
        for k in range(outputs):
            for j in range(columns):
                d_weight[k, j] += d_out[s, k] * into[s, j]


@kernel
def _add_rows(d_bias, d_out):
    # d_bias (K,), d_out (S, K)
    rows, outputs = d_out.shape
    for s in range(rows):
        for k in range(outputs):
            d_bias[k] += d_out[s, k]
