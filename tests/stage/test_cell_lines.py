"""What the Cell lab prints is true: sums add up to the last digit, products and functions once they are rounded."""

import itertools
import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.engine.variant import VARIANTS
from lstmviz.lab.comparison import compare
from lstmviz.lab.formulas import HELD, form_of
from lstmviz.lab.intervened import intervened
from lstmviz.lab.interventions import Clamp, Freeze
from lstmviz.lab.trace import Trace
from lstmviz.stage import cell_digits as digits
from lstmviz.stage.cell_frame import CellOperation
from lstmviz.stage.cell_lines import INNER, Reading, operation_lines
from lstmviz.stage.cell_numbers import Unit, evaluate
from lstmviz.stage.cell_operations import groups
from lstmviz.stage.cell_symbols import written_out
from lstmviz.stage.explain import Line
from tests.stage.printed import inside, is_sum, last_place, sides, value

FORMS = [
    {"cells": "rnn"},
    {"cells": "rnn", "initialisation": "identity"},
    *({"cells": "lstm", "variant": variant} for variant in VARIANTS),
    {"cells": "gru", "reset": "after"},
    {"cells": "gru", "reset": "before"},
]


def lines(trace: Trace, unit: int, t: int, direction: str) -> tuple[CellOperation, ...]:
    at = Unit(trace, unit, t)
    values = at.values()
    known = {**values, **at.gradients(values)}
    reading = Reading(at, known, at.with_peepholes(known), at.equations, "“e”")
    walk = groups(trace.network.cell, form_of(trace.network), direction)
    return tuple(operation_lines(reading, group, number) for number, group in enumerate(walk, start=1))


def check(line: Line) -> tuple[int, int]:
    """How many equal signs are true as printed, and how many are ``≈``; an untrue one fails."""
    found = sides(line)
    true = about = 0
    for (_, left), (sign, right) in itertools.pairwise(found):
        here, there = inside(left), inside(right)
        if here is not None and there is not None:
            left, right = here, there  # σ(terms) = σ(sum)
        if sign == "≈":
            about += 1
            continue
        if is_sum(left):
            assert value(left) == value(right), line
        else:
            assert abs(value(left) - value(right)) <= last_place(right) / 2, line
        true += 1
    return true, about


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(form.values()))
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_every_printed_equation_is_true_as_printed(form, direction):
    true = about = 0
    for seed in (0, 1):
        trace = compare(gap=12, seed=seed, hidden=9, engine="reference", **form).racers[0].trace
        for unit, t in ((0, 1), (3, 2), (8, 7), (5, 12), (2, 13)):
            for operation in lines(trace, unit, t, direction):
                for equation in operation.equations:
                    if equation.result and equation.result != "d_x":
                        more = check(equation.numbers)
                        true, about = true + more[0], about + more[1]
    assert true >= 20
    assert about <= 0.04 * true


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(form.values()))
def test_symbols_give_the_result_unless_the_line_says_that_something_is_held(form):
    cell, told = form["cells"], 0
    before = compare(gap=12, hidden=5, engine="reference", **form)
    for hand in (Freeze(cell, 5, 7, (1,)), *(Clamp(cell, name, 5, 7, (0.25,), (1,)) for name in HELD[cell])):
        trace = intervened(before, [hand], "reference").racers[0].trace
        for unit, t, direction in itertools.product((0, 1), (5, 7, 9), ("forward", "backward")):
            at = Unit(trace, unit, t)
            known = at.with_peepholes(at.values() | at.gradients(at.values()))
            for equation in (one for operation in lines(trace, unit, t, direction) for one in operation.equations):
                says = any("held" in run.text or "frozen" in run.text for run in equation.numbers)
                told += says
                if says or equation.result in ("", "d_x") or direction == "forward":
                    continue
                inner = tuple(name for name in INNER if name.startswith("d_"))
                whole = written_out(at.equations[equation.result].expression, at.equations, inner)
                result = evaluate(whole, known.__getitem__, at.applied)
                assert known[equation.result] == pytest.approx(result, rel=1e-9, abs=1e-13), (hand, unit, t, equation)
    assert told >= 6  # of a vanilla RNN only h can be held


def test_the_numbers_are_those_of_the_trace():
    trace = compare(gap=12, cells="lstm", engine="reference").racers[0].trace
    by_name = {one.name: one for one in lines(trace, 5, 7, "forward")}
    add = "".join(run.text for run in by_name["Add"].numbers)
    kept = float(trace.tape.f[6, 0, 5] * trace.tape.c[6, 0, 5])
    written = float(trace.tape.i[6, 0, 5] * trace.tape.g[6, 0, 5])
    assert add == f"= {kept:.3f} − {-written:.3f} = {trace.tape.c[7, 0, 5]:.3f}"
    symbols = "".join(run.text for run in by_name["Add"].symbols)
    assert symbols == "ct = ft · ct−1 + it · gt"
    assert "".join(run.text for run in by_name["Read"].numbers).startswith("= “e”, ")


@given(st.lists(st.floats(-5e3, 5e3, allow_subnormal=False), min_size=1, max_size=5), st.integers(-40, 40))
def test_a_written_sum_that_says_equal_adds_up_and_every_term_is_rounded(terms, power):
    terms = [math.ldexp(term, power) for term in terms]
    total = math.fsum(terms)
    shown = digits.written_sum(terms, total)
    unit = Decimal(1).scaleb(shown.total.exact.as_tuple().exponent)
    for term, one in zip([*terms, total], [*shown.terms, shown.total], strict=True):
        assert abs(Decimal(term).scaleb(-shown.power) - one.exact) <= unit * Decimal("0.5000000001")
    added = sum(one.exact for one in shown.terms)
    assert shown.exact == (added == shown.total.exact)
    assert abs(added - shown.total.exact) <= unit * (len(terms) + 1)


def test_most_sums_of_random_numbers_add_up_with_few_digits():
    import random

    draw = random.Random(4)
    many, exact, places = 4000, 0, 0
    for _ in range(many):
        terms = [draw.gauss(0, 1) * draw.choice([1, 0.1, 0.01]) for _ in range(draw.choice([2, 2, 3, 4]))]
        shown = digits.written_sum(terms, sum(terms))
        exact += shown.exact
        places += -shown.total.exact.as_tuple().exponent
    assert exact > 0.985 * many
    assert places < 3.7 * many


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.322, "0.322"),
        (-0.0076, "−0.0076"),
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (-2.7e-4, "−2.70 × 10⁻⁴"),
        (3.0, "3.000"),
        (12345.0, "1.23 × 10⁴"),
        (math.nan, "not a number"),
        (-math.inf, "−∞"),
    ],
)
def test_a_number_by_itself(number, text):
    assert digits.written(number).text == text


def test_what_is_no_number_is_written_as_such_and_never_adds_up():
    shown = digits.written_sum([math.nan, 1.0], math.nan)
    assert not shown.exact and shown.total.text == "not a number"
    assert not digits.written_sum([math.inf, -1.0], math.inf).exact


def test_the_reader_of_lines_notices_what_is_wrong():
    from lstmviz.stage.explain import Run

    with pytest.raises(AssertionError):
        check((Run("= 0.032 + 0.064 = 0.097"),))
    with pytest.raises(AssertionError):
        check((Run("= 0.100 · 0.322 = 0.033"),))
    with pytest.raises(AssertionError):
        check((Run("= σ(0.100 + 0.100) = σ(0.201) = 0.550"),))
    assert check((Run("= (−0.28 + 7.76 + 0.01) × 10⁻⁴ = 7.49 × 10⁻⁴"),)) == (1, 0)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(form.values()))
@pytest.mark.parametrize("strange", [math.nan, math.inf, -math.inf, 0.0, 5e-324, 1e300, -1e-300])
def test_strange_numbers_are_written_too(form, strange):
    trace = compare(gap=4, hidden=3, engine="reference", **form).racers[0].trace

    def filled(arrays):
        made = []
        for array in arrays:
            copy = array.copy()
            copy[..., 1:2] = strange
            made.append(copy)
        return type(arrays)(*made)

    spoiled = replace(trace, tape=filled(trace.tape), gradients=filled(trace.gradients))
    for direction in ("forward", "backward"):
        for t in (1, 3, 5):
            with np.errstate(all="ignore"):
                found = lines(spoiled, 1, t, direction)
            assert all(run.text for operation in found for run in operation.numbers)
