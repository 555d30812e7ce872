"""Equations as runs of symbols: each name in the colour of its quantity, with its index.

Words used in this file
    inner    what has no symbol of its own in a picture: it is written out where it is used
"""

from __future__ import annotations

from lstmviz.lab.formulas import BINDS, FUNCTIONS, LETTERS, SIGNS, Expression, Operation
from lstmviz.stage.explain import ROLES, Line, Run
from lstmviz.words import MINUS, tr

NAMELESS = (*LETTERS, "d_c_h", "d_c_along", "d_h_along")
BEFORE = f"t{MINUS}1"


def left_side(result: str) -> Line:
    """``f_t =``; nothing for what has no symbol."""
    return () if result in NAMELESS else (*name_runs(result), Run(" = "))


def expression_runs(expression: Expression) -> Line:
    """The right-hand side of an equation."""
    kind = expression.kind
    if kind == "number":
        return (Run(expression.name),)
    if kind in ("name", "weight"):
        return name_runs(expression.name)
    if kind in FUNCTIONS:
        return (Run(f"{FUNCTIONS[kind][0]}("), *expression_runs(expression.operands[0]), Run(")"))
    if kind == "apply":
        weight, vector = expression.operands
        return (*name_runs(weight.name), Run(" "), *_bracketed(vector, BINDS["product"] + 1))
    if is_square(expression):
        return _square(expression.operands[0])
    found: list[Run] = []
    for number, one in enumerate(expression.operands):
        if number:
            found.append(Run(SIGNS[kind][0]))
        binds = BINDS[kind] + (1 if kind == "difference" and number else 0)
        found += _bracketed(one, binds)
    return tuple(found)


def written_out(expression: Expression, by_name: dict[str, Operation], names: tuple[str, ...]) -> Expression:
    """The same with what the names stand for in their places."""
    for name in names:
        if name in by_name:
            expression = expression.with_expression(name, by_name[name].expression)
    return expression


def is_square(expression: Expression) -> bool:
    """Whether it is something times itself."""
    return (
        expression.kind == "product"
        and len(expression.operands) == 2
        and expression.operands[0] == expression.operands[1]
    )


def name_runs(name: str) -> Line:
    """A name with its index: ``c_t−1``, ``z_f,t``, ``∂L/∂c_t``, ``W_f``."""
    if name.startswith("d_"):
        return _gradient_runs(name.removeprefix("d_"))
    head, _, below = name.partition("_")
    if head[0].isupper() or (head in ("b", "p") and name not in LETTERS):
        base, turned = (head[:-2], True) if head.endswith("^T") else (head, False)
        runs = [Run(base, "symbol")]
        runs += [Run("T", "sup")] if turned else []
        return (*runs, Run(below, "sub")) if below else tuple(runs)
    if below == "before":
        return Run(head, _role(head)), Run(BEFORE, "sub")
    if name in LETTERS:
        return Run(LETTERS[name], "symbol"), Run("t", "sub")
    return Run(head, _role(head) if not below else "symbol"), Run(f"{below},t" if below else "t", "sub")


def _gradient_runs(bare: str) -> Line:
    base, _, end = bare.partition("_")
    if end == "after":
        return Run(f"∂L/∂{base}", "gradient"), Run("t", "sub"), Run(tr(" from t+1"), "label")
    if end == "loss":
        return Run(f"∂L/∂{base}", "gradient"), Run("t", "sub"), Run(tr(" from L"), "label")
    if end == "before":
        return Run(f"∂L/∂{base}", "gradient"), Run(BEFORE, "sub")
    letter, index = name_runs(bare)
    return Run(f"∂L/∂{letter.text}", "gradient"), index


def _role(letter: str) -> str:
    return ROLES.get(letter, letter if letter in ("c", "h") else "symbol")


def _square(base: Expression) -> Line:
    if base.kind in FUNCTIONS:
        return Run(FUNCTIONS[base.kind][0]), Run("2", "sup"), Run("("), *expression_runs(base.operands[0]), Run(")")
    return *expression_runs(base), Run("2", "sup")


def _bracketed(one: Expression, binds: int) -> Line:
    runs = expression_runs(one)
    return (Run("("), *runs, Run(")")) if BINDS.get(one.kind, 9) < binds else runs
