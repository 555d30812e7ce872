"""Each operation of the Cell lab as two lines: symbols, and the same with the numbers of one unit.

Words used in this file
    equation   a result and the expression that gives it
    chain      = σ(terms) = σ(sum) = value
    folded     a pre-activation that is computed in the same operation as its gate, and written inside its line
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lstmviz.lab.formulas import FUNCTIONS, SIGNS, Expression, Operation
from lstmviz.stage import cell_digits as digits
from lstmviz.stage.cell_digits import Written, written
from lstmviz.stage.cell_frame import CellEquation, CellOperation
from lstmviz.stage.cell_numbers import FUNCTION_OF, Unit, evaluate, part_name
from lstmviz.stage.cell_operations import Group
from lstmviz.stage.cell_symbols import expression_runs, is_square, left_side, name_runs, written_out
from lstmviz.stage.explain import Line, Run
from lstmviz.words import MINUS, superscript, tr

INNER = ("d_c_h", "d_c_along", "d_h_along", "hn", "rh", "kept", "written", "tanh_c")  # outer ones first
BY_HOLDING = tr(" by what is held")
SAME = 1e-9  # relative: what differs by more is not what the equation says


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """What the lines are written from: a unit, its numbers, and all equations of both passes."""

    unit: Unit
    known: Mapping[str, float]  # values and gradients
    weighed: Mapping[str, float]  # the same with the peepholes' weights under their names
    by_name: dict[str, Operation]
    read: str  # what is read, in words
    upper: bool = False  # the cell of an upper layer reads what the layer below hands on


def operation_lines(reading: Reading, group: Group, number: int) -> CellOperation:
    """One operation with its lines."""
    results = tuple(one.result for one in group.operations)
    folded = _folded(group)
    told = [
        one
        for one in group.operations
        if one.result not in folded and (one.kind != "name" or one.operands[0] in folded)
    ]
    shown = tuple(_equation(reading, one, folded) for one in told)
    return CellOperation(number, group.name, results, shown or (_reading(reading),))


def _folded(group: Group) -> frozenset[str]:
    """Pre-activations that stand inside the line of their gate."""
    results = {one.result for one in group.operations}
    return frozenset(
        one.operands[0]
        for one in group.operations
        if one.kind in ("sigmoid", "tanh", "relu", "name") and one.operands[0] in results
        if not one.result.startswith("d_")
    )


def _reading(reading: Reading) -> CellEquation:
    """What is read: no equation, but what the timestep begins with."""
    names = ["h_before", *(["c_before"] if "c_before" in reading.known else [])]
    symbols: list[Run] = [Run("x", "symbol"), Run("t", "sub")]
    numbers: list[Run] = [Run("= "), Run(reading.read)]
    for name in names:
        symbols += [Run(", "), *name_runs(name)]
        numbers += [Run(", "), Run(written(reading.known[name]).text, "number")]
    return CellEquation("", tuple(symbols), tuple(numbers))


def _equation(reading: Reading, one: Operation, folded: frozenset[str]) -> CellEquation:
    names = (*sorted(folded), *INNER)
    symbols = (*left_side(one.result), *expression_runs(written_out(one.expression, reading.by_name, names)))
    held = reading.unit.held(one.result)
    if held is not None:
        told = tr(" frozen: as it was at t−1") if math.isinf(held) else tr(" held")
        numbers: Line = (Run("= "), Run(written(reading.known[one.result]).text, "number"), Run(told, "label"))
    elif one.result == "d_x":
        size = written(reading.known["d_x"]).text
        numbers = (Run(tr("size "), "label"), Run(size, "number"), Run(tr(" over all inputs"), "label"))
    elif _is_stopped(reading, one):
        numbers = (Run("= "), Run(written(reading.known[one.result]).text, "number"), Run(BY_HOLDING, "label"))
    else:
        inner = [reading.by_name[name] for name in one.expression.names() if name in INNER and name in reading.by_name]
        stopped = any(_is_stopped(reading, term) for term in inner)
        numbers = (*_numbers(reading, one, folded), *([Run(BY_HOLDING, "label")] if stopped else []))
    return CellEquation(one.result, symbols, numbers)


def _is_stopped(reading: Reading, one: Operation) -> bool:
    """Whether something held here makes the result another one than the equation says."""
    if reading.unit.trace.held is None or one.expression.kind in ("affine", *FUNCTIONS):
        return False
    value = reading.known[one.result]
    said = _value(reading, one.expression)
    return not math.isclose(value, said, rel_tol=SAME, abs_tol=1e-300) and not math.isnan(said)


def _numbers(reading: Reading, one: Operation, folded: frozenset[str]) -> Line:
    kind, value = one.expression.kind, reading.known[one.result]
    read = (reading.known.get(name, 0.0) for name in one.expression.names())
    if not (math.isfinite(value) and all(map(math.isfinite, read))):
        return Run("= "), Run(written(value).text, "number")
    if kind in FUNCTION_OF or (kind == "name" and one.operands[0] in folded):
        (inner,) = one.operands
        if inner in folded:
            return _chain(reading, reading.by_name[inner], kind, value)
        return _of_argument(kind, reading.known[inner], value)
    if kind in ("sum", "affine", "difference"):
        terms, labels = _terms(reading, one.expression)
        return _sum_line(digits.written_sum(terms, value), labels)
    if kind == "product":
        return _product_line(reading, one.expression, value)
    return Run("= "), Run(written(value).text, "number")


# ----------------------------------------------------------------------------- sums


def _terms(reading: Reading, expression: Expression) -> tuple[list[float], list[str]]:
    """The terms of a sum with their signs, and what stands behind each."""
    values = [_value(reading, term) for term in expression.operands]
    if expression.kind == "difference":
        values[1] = -values[1]
    labels = [_label(reading, term) if expression.kind == "affine" else "" for term in expression.operands]
    if expression.kind != "affine":
        return values, labels
    joined: dict[str, float] = {}  # what comes from all gates is one term
    for value, label in zip(values, labels, strict=True):
        joined[label] = joined.get(label, 0.0) + value
    return list(joined.values()), list(joined)


def _label(reading: Reading, term: Expression) -> str:
    if term.kind == "weight":
        return tr(" bias")
    if term.kind != "apply":
        peephole = term.kind == "product" and term.operands[0].name.startswith("p_")
        return tr(" from c") if peephole else tr(" from h")
    return {
        "x": tr(" from the layer below") if reading.upper else tr(" from x"),
        "h": tr(" from h"),
        "r": tr(" from the gates"),
    }[part_name(term)[0]]


def _value(reading: Reading, term: Expression) -> float:
    """The value of a term; of a part of a pre-activation under its own name."""
    known = reading.known
    if term.kind == "weight" or (term.kind == "apply" and not term.operands[0].name.partition("_")[0].endswith("^T")):
        if term.kind == "apply" and term.operands[0].name.startswith("R"):
            return reading.unit.part(term)[1]
        return known[part_name(term)]
    if term.kind == "product" and term.operands[0].name.startswith("p_"):
        return known[part_name(term)]
    return evaluate(term, reading.weighed.__getitem__, reading.unit.applied)


def _sum_line(shown: digits.WrittenSum, labels: list[str]) -> Line:
    inner = _sum_runs(shown, labels)
    if shown.power:
        inner = (Run("(", "number"), *inner, Run(f") × 10{superscript(shown.power)}", "number"))
    return Run("= "), *inner, Run(digits.EQUAL if shown.exact else digits.ABOUT), Run(_total(shown), "number")


def _sum_runs(shown: digits.WrittenSum, labels: list[str]) -> Line:
    """``0.032 + 0.064``, with a label behind each term that has one."""
    runs: list[Run] = []
    for number, (term, label) in enumerate(zip(shown.terms, labels, strict=True)):
        size = term.text.removeprefix(MINUS)
        sign = (f" {MINUS} " if term.negative else " + ") if number else MINUS if term.negative else ""
        runs.append(Run(f"{sign}{size}", "number"))
        runs += [Run(label, "label")] if label else []
    return tuple(runs)


def _total(shown: digits.WrittenSum) -> str:
    return f"{shown.total.text} × 10{superscript(shown.power)}" if shown.power else shown.total.text


# ----------------------------------------------------------------------------- functions


def _chain(reading: Reading, before: Operation, kind: str, value: float) -> Line:
    """``= σ(terms) = σ(sum) = value``; without a function ``= terms = value``."""
    terms, labels = _terms(reading, before.expression)
    total = reading.known[before.result]
    if kind == "name":
        return _sum_line(digits.written_sum(terms, total), labels)
    result = written(value)

    def holds(more: int) -> bool:
        return digits.written_sum(terms, total, more).exact and _gives(kind, _sum_value(terms, total, more), result)

    more, _ = digits.fewest(holds)
    shown = digits.written_sum(terms, total, more)
    name = FUNCTIONS[kind][0]
    first, *middle, last = _sum_line(shown, labels)
    joint, middle = middle[-1], middle[:-1]
    true = _gives(kind, _sum_value(terms, total, more), result)
    return (
        first,
        Run(f"{name}("),
        *middle,
        Run(f"){joint.text}{name}("),
        last,
        Run(f"){digits.EQUAL if true else digits.ABOUT}"),
        Run(result.text, "number"),
    )


def _sum_value(terms: list[float], total: float, more: int) -> Decimal:
    shown = digits.written_sum(terms, total, more)
    return shown.total.exact.scaleb(shown.power) if shown.total.exact.is_finite() else shown.total.exact


def _of_argument(kind: str, argument: float, value: float) -> Line:
    """``= tanh(0.096) = 0.096``."""
    result = written(value)
    more, true = digits.fewest(lambda more: _gives(kind, written(argument, more).exact, result))
    shown = Run(written(argument, more).text, "number")
    joint = Run(f"){digits.EQUAL if true else digits.ABOUT}")
    return Run(f"= {FUNCTIONS[kind][0]}("), shown, joint, Run(result.text, "number")


def _gives(kind: str, argument: Decimal, result: Written) -> bool:
    return digits.gives(FUNCTION_OF[kind](float(argument)), result)


# ----------------------------------------------------------------------------- products


def _product_line(reading: Reading, expression: Expression, value: float) -> Line:
    """``= −0.0076 · 0.949 = −0.0072``."""
    result = written(value)

    def exact(more: int) -> Decimal:
        factors = [_factor(reading, one, more)[1] for one in expression.operands]
        product = Decimal(1)
        for factor in factors:
            product *= factor
        return product

    more, true = digits.fewest(lambda more: digits.gives(exact(more), result))
    runs: list[Run] = [Run("= ")]
    for number, one in enumerate(expression.operands):
        runs += [Run(SIGNS["product"][0])] if number else []
        text, _ = _factor(reading, one, more)
        bracketed = number and text.startswith(MINUS)
        runs.append(Run(f"({text})" if bracketed else text, "number"))
    return *runs, Run(digits.EQUAL if true else digits.ABOUT), Run(result.text, "number")


def _factor(reading: Reading, one: Expression, more: int) -> tuple[str, Decimal]:
    """A factor as printed, and what that says: a number, or a difference in brackets."""
    if one.kind != "difference":
        shown = written(_value(reading, one), more)
        return shown.text, shown.exact
    parts = [_value(reading, part.operands[0] if is_square(part) else part) for part in one.operands]
    power = digits.power_for(parts)
    places = digits.places_for(parts, power) + more
    texts, exact = [], []
    for part, number in zip(one.operands, parts, strict=True):
        if part.kind == "number":
            texts.append(part.name)
            exact.append(Decimal(part.name))
            continue
        shown = digits.fixed(number, places, power)
        square = is_square(part)
        size = shown.exact.scaleb(power)
        text = shown.text if not power else f"{shown.text} × 10{superscript(power)}"
        texts.append(f"({text})²" if square and shown.negative else f"{text}²" if square else text)
        exact.append(size * size if square else size)
    second = f"({texts[1]})" if texts[1].startswith(MINUS) else texts[1]
    return f"({texts[0]} {MINUS} {second})", exact[0] - exact[1]
