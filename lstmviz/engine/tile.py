"""Product of two small matrices, register tile by register tile, for the Jacobian kernels.

A tile is ROWS rows of the result by one or two vectors of columns. Its sums stay in registers over the whole inner
index; plain loops load and store them once for every four products, and check for aliasing before every row, which
for 32 columns costs more than the row.

Words used in this file
    K, M, N   inner index, rows and columns of the result; M is a multiple of ROWS, N of ``lanes(dtype)``
"""

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from lstmviz.engine.arrays import Array
from lstmviz.engine.jit import config, kernel

ROWS = 4
# 256 bits also where there are more: the machines measured do twice as many of these at a time.
VECTOR_BYTES = 32


def lanes(dtype: Any) -> int:
    """How many numbers of this dtype one vector holds."""
    return VECTOR_BYTES // np.dtype(dtype).itemsize


def padded(count: int, multiple: int) -> int:
    """The next multiple."""
    return -(-count // multiple) * multiple


def _tile(vectors: int) -> Any:
    """Make the function that fills one tile of ``vectors`` vectors a row."""

    def plain(out: Array, left: Array, right: Array, i: int, j: int) -> None:
        columns = slice(j, j + vectors * lanes(out.dtype))
        out[i : i + ROWS, columns] = left[:, i : i + ROWS].T @ right[:, columns]

    if config.DISABLE_JIT:
        return plain

    def fill(typing: Any, out: Any, left: Any, right: Any, i: Any, j: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _emit(context, builder, signature.args[:3], arguments, vectors)
            return context.get_dummy_value()

        return types.void(out, left, right, types.intp, types.intp), codegen

    return intrinsic(fill)


def _emit(context: Any, builder: Any, kinds: Any, arguments: Any, vectors: int) -> None:
    """out[i:i+ROWS, j:j+N] = sum over k of left[k, i:i+ROWS] and right[k, j:j+N] as machine vectors."""
    out, left, right = (
        context.make_array(kind)(context, builder, value) for kind, value in zip(kinds, arguments[:3], strict=True)
    )
    i, j = arguments[3:]
    number = context.get_value_type(kinds[0].dtype)
    width = VECTOR_BYTES // (kinds[0].dtype.bitwidth // 8)
    vector = ir.VectorType(number, width)
    align = kinds[0].dtype.bitwidth // 8
    index = ir.IntType(64)

    def place(array: Any, row: Any, column: Any) -> Any:
        length = builder.extract_value(array.shape, 1)
        return builder.gep(array.data, [builder.add(builder.mul(row, length), column)])

    def column(n: int) -> Any:
        return builder.add(j, ir.Constant(index, n * width))

    def row(n: int) -> Any:
        return builder.add(i, ir.Constant(index, n))

    sums = [[cgutils.alloca_once(builder, vector) for _ in range(vectors)] for _ in range(ROWS)]
    for one in (one for line in sums for one in line):
        builder.store(ir.Constant(vector, [0.0] * width), one)
    name = f"llvm.fmuladd.v{width}f{8 * align}"  # one instruction where the machine has it, else two
    multiply_add = cgutils.get_or_insert_function(builder.module, ir.FunctionType(vector, [vector] * 3), name)
    with cgutils.for_range(builder, builder.extract_value(left.shape, 0)) as loop:
        loaded = [
            builder.load(builder.bitcast(place(right, loop.index, column(n)), vector.as_pointer()), align=align)
            for n in range(vectors)
        ]
        for n in range(ROWS):
            factor = builder.load(place(left, loop.index, row(n)))
            spread = builder.shuffle_vector(
                builder.insert_element(ir.Constant(vector, ir.Undefined), factor, ir.Constant(ir.IntType(32), 0)),
                ir.Constant(vector, ir.Undefined),
                ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width),
            )
            for m in range(vectors):
                builder.store(builder.call(multiply_add, [spread, loaded[m], builder.load(sums[n][m])]), sums[n][m])
    for n in range(ROWS):
        for m in range(vectors):
            target = builder.bitcast(place(out, row(n), column(m)), vector.as_pointer())
            builder.store(builder.load(sums[n][m]), target, align=align)


_fill_two, _fill_one = _tile(2), _tile(1)


@kernel
def product(out, left, right, width):
    """Set ``out`` to left transposed times right."""
    # out (M, N), left (K, M), right (K, N); width is lanes(dtype)
    rows, columns = out.shape
    paired = columns - columns % (2 * width)
    for j in range(0, paired, 2 * width):
        for i in range(0, rows, ROWS):
            _fill_two(out, left, right, i, j)
    for j in range(paired, columns, width):
        for i in range(0, rows, ROWS):
            _fill_one(out, left, right, i, j)
