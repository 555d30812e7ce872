"""Parts of kernels that are written in Python and run once, while the kernel around them is compiled.

Such a function gets vectors, whole numbers and pointers that write an instruction whenever something is done to them.
What Python decides meanwhile (``if``, ``for``, names) is decided before the kernel exists, and Numba, which takes long
to read a function, has nothing to read. So an equation is an ordinary function that also runs on NumPy
arrays, and what a cell lacks is never there. Loops and branches at run time are the kernel's, not such a function's.

    @staged
    def _units(tape, work, cell, at): ...      # called by kernels; only another staged function can take its result

Within it, the functions of ``simd`` and what is ``inlined`` work as everywhere. A field of a named tuple that is True
or None, and a constant True or False, is known while compiling.
"""

import inspect
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.extending import _Intrinsic, intrinsic
from numba.core.typing import signature

from lstmviz.engine.instruction_set import config
from lstmviz.engine.simd_llvm import Vector, llvm_of, splat

Function = TypeVar("Function", bound=Callable[..., Any])

# of vectors, of whole numbers; none of these is negative
INSTRUCTIONS = {
    "add": ("fadd", "add"),
    "sub": ("fsub", "sub"),
    "mul": ("fmul", "mul"),
    "div": ("fdiv", ""),
    "mod": ("", "srem"),
}


def staged(function: Function) -> Function:
    """Make ``function`` part of every kernel that calls it; see above."""
    if config.DISABLE_JIT:
        return function

    def define(typing_context: Any, *kinds: Any) -> Any:
        return signature(types.none, *kinds), _run

    def _run(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        writer = Writer(context, builder)
        _with_values(function)(*(writer.value(kind, given) for kind, given in zip(sig.args, args, strict=True)))
        return context.get_dummy_value()

    context = inspect.Parameter("typing_context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    own = inspect.signature(function).parameters.values()
    define.__signature__ = inspect.Signature([context, *own])  # type: ignore[attr-defined]
    define.__name__ = define.__qualname__ = function.__name__
    made: Any = intrinsic(prefer_literal=True)(define)
    made.py_func = function
    return cast(Function, made)


class Writer:
    """Where instructions go."""

    def __init__(self, context: Any, builder: Any) -> None:
        self.context, self.builder = context, builder

    def value(self, kind: Any, given: Any) -> Any:
        """An argument of the kernel's as a function sees it."""
        if isinstance(kind, types.Literal):
            return kind.literal_value
        if isinstance(kind, types.NamedTuple | types.NamedUniTuple):
            fields: Any = zip(kind, cgutils.unpack_tuple(self.builder, given), strict=True)
            return kind.instance_class(*(self.value(*field) for field in fields))
        if isinstance(kind, types.NoneType):
            return None
        if isinstance(kind, types.Boolean):
            return True
        return Value(self, kind, given)

    def kind_of(self, given: Any) -> Any:
        """Numba's type of a value, or of a number of Python's."""
        if isinstance(given, Value):
            return given.kind
        return types.float64 if isinstance(given, float) else types.intp

    def as_kind(self, given: Any, wanted: Any) -> Any:
        """What LLVM knows a value or number by, in the type that is wanted."""
        if isinstance(given, Value):
            return given.code
        if isinstance(wanted, Vector):
            return splat(self.builder, ir.Constant(llvm_of(wanted).element, float(given)), wanted.lanes)
        return self.context.get_constant(wanted, given)

    def arithmetic(self, name: str, a: Any, b: Any) -> "Value":
        """One operation with two numbers, at least one of them a ``Value``."""
        kind = next(given.kind for given in (a, b) if isinstance(given, Value))
        left, right = self.as_kind(a, kind), self.as_kind(b, kind)
        if isinstance(kind, Vector):
            # "contract": the machine may round a * b + c once
            return Value(self, kind, getattr(self.builder, INSTRUCTIONS[name][0])(left, right, flags=("contract",)))
        return Value(self, kind, getattr(self.builder, INSTRUCTIONS[name][1])(left, right))


class Value:
    """A vector, whole number or pointer of a kernel that is being compiled."""

    __slots__ = ("code", "kind", "writer")

    def __init__(self, writer: Writer, kind: Any, code: Any) -> None:
        self.writer, self.kind, self.code = writer, kind, code

    def __add__(self, other: Any) -> "Value":
        return self.writer.arithmetic("add", self, other)

    def __radd__(self, other: Any) -> "Value":
        return self.writer.arithmetic("add", other, self)

    def __sub__(self, other: Any) -> "Value":
        return self.writer.arithmetic("sub", self, other)

    def __rsub__(self, other: Any) -> "Value":
        return self.writer.arithmetic("sub", other, self)

    def __mul__(self, other: Any) -> "Value":
        return self.writer.arithmetic("mul", self, other)

    def __rmul__(self, other: Any) -> "Value":
        return self.writer.arithmetic("mul", other, self)

    def __truediv__(self, other: Any) -> "Value":
        return self.writer.arithmetic("div", self, other)

    def __rtruediv__(self, other: Any) -> "Value":
        return self.writer.arithmetic("div", other, self)

    def __mod__(self, other: Any) -> "Value":
        return self.writer.arithmetic("mod", self, other)


@cache
def _with_values(function: Any) -> Any:
    """The same function, with all functions it calls taking and giving ``Value``s."""
    names = {name: _for_values(known) for name, known in function.__globals__.items() if _is_compiled(known)}
    code, defaults = function.__code__, function.__defaults__
    return FunctionType(code, function.__globals__ | names, function.__name__, defaults, function.__closure__)


def _is_compiled(known: Any) -> bool:
    return isinstance(known, _Intrinsic) or hasattr(known, "py_func")


def _for_values(known: Any) -> Callable[..., Any]:
    if hasattr(known, "py_func"):
        return lambda *arguments: _with_values(known.py_func)(*arguments)
    return lambda *arguments: _call(known, *arguments)


def _call(known: _Intrinsic, *arguments: Any) -> Any:
    """Write what one of the functions of ``simd`` stands for."""
    writer = next(given.writer for given in arguments if isinstance(given, Value))
    found, write = known._defn(None, *map(writer.kind_of, arguments))
    if isinstance(found.return_type, types.Literal):
        return found.return_type.literal_value
    code = [writer.as_kind(given, kind) for given, kind in zip(arguments, found.args, strict=True)]
    return Value(writer, found.return_type, write(writer.context, writer.builder, found, code))
