"""Vectors for Numba: a type whose values live in one register, and what can be done with them (``simd``)."""

import operator
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.extending import intrinsic, lower_builtin, models, register_model
from numba.core.typing.templates import AbstractTemplate, infer_global, signature

from lstmviz.engine.instruction_set import AVX512, BYTES

FRACTION = {"float64": (52, 1023), "float32": (23, 127)}  # bits of the fraction, bias of the exponent
CURRENT_ROUNDING = 4  # how AVX-512's instructions are told to round as everything else does


def lanes(dtype: Any) -> int:
    """How many numbers of a dtype, or of a Numba type, one vector holds."""
    return BYTES // (8 if str(dtype) == "float64" else 4)


class Vector(types.Type):
    """Numba's name for a vector of one dtype."""

    def __init__(self, dtype: types.Float) -> None:
        self.dtype, self.lanes = dtype, lanes(dtype)
        super().__init__(name=f"Vector({dtype} x {self.lanes})")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Vector) -> None:
        super().__init__(manager, kind, llvm_of(kind))


def llvm_of(kind: Vector) -> ir.VectorType:
    """LLVM's name for a vector."""
    return ir.VectorType(ir.DoubleType() if kind.dtype == types.float64 else ir.FloatType(), kind.lanes)


def splat(builder: Any, scalar: Any, lanes: int) -> Any:
    """All lanes the same number."""
    vector = ir.VectorType(scalar.type, lanes)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), zeros)


def _as_vector(context: Any, builder: Any, value: Any, kind: Any, wanted: Vector) -> Any:
    """Give a vector or a number as a vector."""
    if isinstance(kind, Vector):
        return value
    return splat(builder, context.cast(builder, value, kind, wanted.dtype), wanted.lanes)


def _vector_of(*kinds: Any) -> Any:
    """The one vector type among the arguments, or None."""
    found = [kind for kind in kinds if isinstance(kind, Vector)]
    fits = found and all(kind == found[0] or isinstance(kind, types.Float) for kind in kinds)
    return found[0] if fits else None


# ----------------------------------------------------------------------------- arithmetic


def _arithmetic(symbol: Any, instruction: str) -> None:
    class Template(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            vector = _vector_of(*args) if len(args) == 2 else None
            return signature(vector, *args) if vector else None

    setattr(Template, "key", symbol)  # noqa: B010 the class attribute Numba looks at
    infer_global(symbol)(Template)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        a, b = (_as_vector(context, builder, *pair, sig.return_type) for pair in zip(args, sig.args, strict=True))
        return getattr(builder, instruction)(a, b)

    for pair in ((Vector, Vector), (Vector, types.Float), (types.Float, Vector)):
        lower_builtin(symbol, *pair)(lower)


for _symbol, _instruction in (("add", "fadd"), ("sub", "fsub"), ("mul", "fmul"), ("truediv", "fdiv")):
    _arithmetic(getattr(operator, _symbol), _instruction)


def _of_vectors(emit: Any) -> Any:
    """Make an intrinsic of ``emit(builder, kind, *vectors)``; numbers among the arguments become vectors."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        wanted = _vector_of(*sig.args)
        return emit(
            builder, wanted, *(_as_vector(context, builder, *p, wanted) for p in zip(args, sig.args, strict=True))
        )

    return generate


def call(builder: Any, name: str, *vectors: Any) -> Any:
    """One of LLVM's own functions on vectors."""
    kind = vectors[0].type
    suffix = f"v{kind.count}f{64 if isinstance(kind.element, ir.DoubleType) else 32}"
    function = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(kind, [kind] * len(vectors)), f"llvm.{name}.{suffix}"
    )
    return builder.call(function, vectors)


def _multiply_add(builder: Any, kind: Vector, a: Any, b: Any, c: Any) -> Any:
    return call(builder, "fmuladd", a, b, c)


def _where_greater(builder: Any, kind: Vector, a: Any, b: Any, yes: Any, no: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", a, b), yes, no)


def _magnitude(builder: Any, kind: Vector, a: Any) -> Any:
    return call(builder, "fabs", a)


def _with_sign(builder: Any, kind: Vector, a: Any, of: Any) -> Any:
    return call(builder, "copysign", a, of)


def _power_of_two(builder: Any, kind: Vector, shifted: Any) -> Any:
    bits, bias = FRACTION[str(kind.dtype)]
    whole = ir.VectorType(ir.IntType(64 if bits == 52 else 32), kind.lanes)
    n = builder.add(builder.bitcast(shifted, whole), ir.Constant(whole, [bias] * kind.lanes))
    return builder.bitcast(builder.shl(n, ir.Constant(whole, [bits] * kind.lanes)), shifted.type)


def _scaled_by_power(builder: Any, kind: Vector, a: Any, n: Any) -> Any:
    bits = FRACTION[str(kind.dtype)][0]
    if AVX512:
        mask, whole = ir.IntType(kind.lanes), ir.IntType(32)
        arguments = [a, n, a, ir.Constant(mask, -1), ir.Constant(whole, CURRENT_ROUNDING)]
        name = f"llvm.x86.avx512.mask.scalef.{'pd' if bits == 52 else 'ps'}.512"
        types_of = ir.FunctionType(a.type, [argument.type for argument in arguments])
        return builder.call(cgutils.get_or_insert_function(builder.module, types_of, name), arguments)
    # below the normal numbers one power of two is not enough, so half of it at a time
    half, rounding = (ir.Constant(a.type, [number] * kind.lanes) for number in (0.5, 1.5 * 2.0**bits))
    shifted = call(builder, "fmuladd", n, half, rounding)
    rest = builder.fadd(builder.fsub(n, builder.fsub(shifted, rounding)), rounding)
    for part in (shifted, rest):
        a = builder.fmul(a, _power_of_two(builder, kind, part))
    return a


@intrinsic
def multiply_add(typing_context, a, b, c):
    """a * b + c"""
    return _vector_of(a, b, c)(a, b, c), _of_vectors(_multiply_add)


@intrinsic
def where_greater(typing_context, a, b, yes, no):
    """Yes where a > b, else no"""
    return _vector_of(a, b, yes, no)(a, b, yes, no), _of_vectors(_where_greater)


@intrinsic
def magnitude(typing_context, a):
    """|a|"""
    return a(a), _of_vectors(_magnitude)


@intrinsic
def with_sign(typing_context, a, of):
    """Magnitude of a, sign of the other"""
    return a(a, of), _of_vectors(_with_sign)


@intrinsic
def power_of_two(typing_context, shifted):
    """2**n, for a normal result"""
    return shifted(shifted), _of_vectors(_power_of_two)


@intrinsic
def scaled_by_power(typing_context, a, n):
    """a * 2**n, for whole n"""
    return a(a, n), _of_vectors(_scaled_by_power)


@intrinsic
def is_wide(typing_context, a):
    """Whether a vector or array is of float64: known while compiling, so the other branch is dropped"""
    wide = a.dtype == types.float64
    return types.literal(wide)(a), lambda context, builder, sig, args: context.get_dummy_value()


@intrinsic
def lanes_of(typing_context, array):
    """Lanes of the vectors of an array"""
    count = lanes(array.dtype)
    return types.intp(array), lambda context, builder, sig, args: context.get_constant(types.intp, count)


# ----------------------------------------------------------------------------- over the lanes


def _folded(join: Any) -> Any:
    """Join the halves of a vector until one lane is left: as short a chain as there is."""

    def emit(builder: Any, kind: Vector, a: Any) -> Any:
        undefined, width = ir.Constant(a.type, ir.Undefined), kind.lanes
        while width > 1:
            width //= 2
            order = [k + width if k < width else k for k in range(kind.lanes)]
            a = join(
                builder,
                a,
                builder.shuffle_vector(a, undefined, ir.Constant(ir.VectorType(ir.IntType(32), kind.lanes), order)),
            )
        return builder.extract_element(a, ir.Constant(ir.IntType(32), 0))

    return _of_vectors(emit)


@intrinsic
def total(typing_context, a):
    """Sum of the lanes"""
    return a.dtype(a), _folded(lambda builder, a, b: builder.fadd(a, b))


@intrinsic
def greatest(typing_context, a):
    """Greatest of the lanes; a lane that is nan should not be there"""
    return a.dtype(a), _folded(lambda builder, a, b: builder.select(builder.fcmp_ordered(">", a, b), a, b))


# ----------------------------------------------------------------------------- memory


def data_of(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """Where an array begins, given it or its pointer."""
    return value if isinstance(kind, types.CPointer) else context.make_array(kind)(context, builder, value).data


@intrinsic
def pointers(typing_context, arrays):
    """Where each array of a named tuple begins, under the same names; None stays None

    Numba counts references whenever an array is taken out of a tuple, with two locked instructions: they were 40 % of
    a backward pass. A pointer is taken out for nothing. The arrays must outlive it, as a kernel's arguments do.
    """
    kinds = [kind if kind == types.none else types.CPointer(kind.dtype) for kind in arrays.types]

    def generate(context, builder, sig, args):
        values = zip(sig.args[0].types, cgutils.unpack_tuple(builder, args[0]), strict=True)
        data = [value if kind == types.none else data_of(context, builder, kind, value) for kind, value in values]
        return context.make_tuple(builder, sig.return_type, data)

    return types.NamedTuple(kinds, arrays.instance_class)(arrays), generate


def vector_at(builder: Any, base: Any, at: Any, kind: Any) -> Any:
    """A pointer to the vector that begins at a position."""
    return builder.bitcast(builder.gep(base, [at]), kind.as_pointer())


def _masked(context: Any, builder: Any, name: str, array: Any, args: Any, value: Any) -> Any:
    """LLVM's masked load (``value`` None) or store; lanes from ``count`` on are left alone."""
    data, at, count = args[:3]
    kind = llvm_of(Vector(array.dtype))
    numbers = ir.Constant(ir.VectorType(count.type, kind.count), list(range(kind.count)))
    mask = builder.icmp_signed("<", numbers, splat(builder, count, kind.count))
    pointer = vector_at(builder, data_of(context, builder, array, data), at, kind)
    align = ir.Constant(ir.IntType(32), size_of(kind))
    arguments = [pointer, align, mask, ir.Constant(kind, [0.0] * kind.count)]
    if value is not None:
        arguments = [value, pointer, align, mask]
    result = kind if value is None else ir.VoidType()
    function = cgutils.get_or_insert_function(
        builder.module,
        ir.FunctionType(result, [a.type for a in arguments]),
        f"llvm.masked.{name}.v{kind.count}f{8 * size_of(kind)}.p0",
    )
    return builder.call(function, arguments)


def size_of(vector: Any) -> int:
    """Bytes of one number of a vector."""
    return 8 if isinstance(vector.element, ir.DoubleType) else 4


@intrinsic
def load(typing_context, array, at, count):
    """Elements from a flat position on, zero from lane ``count`` on"""

    def generate(context, builder, sig, args):
        return _masked(context, builder, "load", array, args, None)

    return Vector(array.dtype)(array, types.intp, types.intp), generate


@intrinsic
def store(typing_context, array, at, count, value):
    """Write the first ``count`` lanes from a flat position on"""

    def generate(context, builder, sig, args):
        _masked(context, builder, "store", array, args, args[3])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, Vector(array.dtype)), generate
