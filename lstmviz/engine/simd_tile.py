"""One tile of a matrix product, the innermost loop of everything (``simd``): sums that stay in registers.

Written as LLVM's code, because Numba has no way to say "these 24 sums in these 24 registers".
"""

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.extending import intrinsic

from lstmviz.engine.instruction_set import WIDEST
from lstmviz.engine.simd_llvm import Vector, call, data_of, llvm_of, size_of, splat, vector_at

WIDEST_OF_ALL = max(WIDEST, 4)  # four gates side by side go through one tile on every machine
INTP, BOOLEAN = ir.IntType(cgutils.intp_t.width), ir.IntType(1)
CHAINS = 8  # sums that should be under way at once: a multiply-add takes 4 cycles and two may start in each


@intrinsic(prefer_literal=True)
def tile(
    typing_context,
    rows,
    onto,
    out,
    at,
    out_row,
    left,
    left_at,
    left_row,
    left_step,
    right,
    right_at,
    right_step,
    n,
    wide,
):
    """Products of ``rows`` rows of numbers with a strip of ``wide`` vectors, summed over n

    out[at + r * out_row + j] = (what is there if ``onto``, else 0) + sum over k < n of
    left[left_at + r * left_row + k * left_step] * right[right_at + k * right_step + j], for r < rows and all lanes j of
    ``wide`` vectors. ``rows`` is a constant, ``wide`` 1..WIDEST or 4. The sums stay in registers.
    """
    count = rows.literal_value

    def generate(context, builder, sig, args):
        kind, found = llvm_of(Vector(out.dtype)), dict(zip(_Tile.ARGUMENTS, args[1:], strict=True))
        for name, array in (("out", out), ("left", left), ("right", right)):
            found[name] = data_of(context, builder, array, found[name])
        builder.call(_Tile(builder.module, kind, count).function, [found[name] for name in _Tile.ARGUMENTS])
        return context.get_dummy_value()

    whole = types.intp
    kinds = (types.boolean, out, whole, whole, left, whole, whole, whole, right, whole, whole, whole, whole)
    return types.void(rows, *kinds), generate


class _Tile:
    """LLVM's code for ``tile`` with so many rows: one function for each module, not copied into those that call it."""

    ARGUMENTS = (
        "onto", "out", "at", "out_row", "left", "left_at", "left_row", "left_step",
        "right", "right_at", "right_step", "n", "wide",
    )  # fmt: skip

    def __init__(self, module, kind, rows):
        self.kind, self.rows, self.bytes = kind, rows, size_of(kind)
        name, data, whole = f"lstmviz_tile_{rows}_{kind.count}x{8 * self.bytes}", kind.element.as_pointer(), INTP
        if name in module.globals:
            self.function = module.globals[name]
            return
        kinds = {"onto": BOOLEAN, "out": data, "left": data, "right": data}
        arguments = [kinds.get(argument, whole) for argument in self.ARGUMENTS]
        self.function = ir.Function(module, ir.FunctionType(ir.VoidType(), arguments), name)
        self.function.linkage = "linkonce_odr"
        self.function.attributes.add("noinline")
        self.given = dict(zip(self.ARGUMENTS, self.function.args, strict=True))
        self._switch()

    def _switch(self):
        self.builder = builder = ir.IRBuilder(self.function.append_basic_block("entry"))
        done = builder.append_basic_block("done")
        switch = builder.switch(self.given["wide"], done)
        for wide in range(1, WIDEST_OF_ALL + 1):
            block = builder.append_basic_block(f"wide{wide}")
            switch.add_case(ir.Constant(INTP, wide), block)
            with builder.goto_block(block):
                self._strip(wide)
                builder.branch(done)
        builder.position_at_end(done)
        builder.ret_void()

    def _strip(self, wide):
        builder, n = self.builder, self.given["n"]
        chains = max(1, min(4, CHAINS // (self.rows * wide)))
        places = [(r, g) for r in range(self.rows) for g in range(wide)]
        sums = [{place: self._variable(place, chain) for place in places} for chain in range(chains)]
        together = builder.mul(builder.sdiv(n, _whole(chains)), _whole(chains))
        with cgutils.for_range_slice(builder, _whole(0), together, _whole(chains), INTP) as (k, _):
            for chain in range(chains):
                self._products(builder.add(k, _whole(chain)), wide, sums[chain])
        if chains > 1:
            with cgutils.for_range_slice(builder, together, n, _whole(1), INTP) as (k, _):
                self._products(k, wide, sums[0])
        for place in places:
            parts = [builder.load(chain[place]) for chain in sums]
            while len(parts) > 1:
                parts = [*parts[2:], builder.fadd(*parts[:2])]
            builder.store(parts[0], self._out(place), align=self.bytes)

    def _out(self, place):
        r, g = place
        row = self.builder.mul(self.given["out_row"], _whole(r))
        at = self.builder.add(self.builder.add(self.given["at"], row), _whole(g * self.kind.count))
        return vector_at(self.builder, self.given["out"], at, self.kind)

    def _variable(self, place, chain):
        """A sum in a register: LLVM turns the variable into one."""
        variable = cgutils.alloca_once(self.builder, self.kind)
        begin = ir.Constant(self.kind, [0.0] * self.kind.count)
        if chain == 0:
            there = self.builder.load(self._out(place), align=self.bytes)
            begin = self.builder.select(self.given["onto"], there, begin)
        self.builder.store(begin, variable)
        return variable

    def _products(self, k, wide, sums):
        builder, given = self.builder, self.given
        at = builder.add(given["right_at"], builder.mul(k, given["right_step"]))
        vectors = []
        for g in range(wide):
            pointer = vector_at(builder, given["right"], builder.add(at, _whole(g * self.kind.count)), self.kind)
            vectors.append(builder.load(pointer, align=self.bytes))
        at = builder.add(given["left_at"], builder.mul(k, given["left_step"]))
        for r in range(self.rows):
            place = builder.add(at, builder.mul(given["left_row"], _whole(r)))
            number = splat(builder, builder.load(builder.gep(given["left"], [place])), self.kind.count)
            for g in range(wide):
                sum_before = builder.load(sums[r, g])
                builder.store(call(builder, "fmuladd", number, vectors[g], sum_before), sums[r, g])


def _whole(number):
    return ir.Constant(INTP, number)
