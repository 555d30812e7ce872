"""Reads the lines of numbers back: what they say, evaluated in decimal arithmetic."""

import ast
import math
import re
from collections.abc import Callable
from decimal import Decimal

from lstmviz.stage.explain import Line

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sigma": lambda a: 1.0 / (1.0 + math.exp(-a)),
    "tanh": math.tanh,
    "relu": lambda a: max(a, 0.0),
}


def sides(line: Line) -> list[tuple[str, str]]:
    """What stands between the signs of a line, each with the sign before it: ``=`` or ``≈``."""
    text = "".join("²" if run.role == "sup" else run.text for run in line if run.role != "label")
    parts = re.split(r"\s*([=≈])\s*", text)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def value(text: str) -> Decimal:
    """What an expression says, exactly, but for the functions in it."""
    text = re.sub(r"× 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"× 1e{found[1].translate(SUPERSCRIPTS)}", text)
    text = re.sub(r"([0-9.]+) × 1e(-?[0-9]+)", r"\1e\2", text).replace("× ", "* ")
    text = text.replace("−", "-").replace("·", "*").replace("²", "**2").replace("σ", "sigma").replace("ReLU", "relu")
    return _evaluated(ast.parse(text, mode="eval").body, text)


def _evaluated(node: ast.expr, text: str) -> Decimal:
    if isinstance(node, ast.Constant):
        return Decimal(ast.get_source_segment(text, node) or "")
    if isinstance(node, ast.UnaryOp):
        return -_evaluated(node.operand, text)
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return Decimal(FUNCTIONS[node.func.id](float(_evaluated(node.args[0], text))))
    assert isinstance(node, ast.BinOp)
    left, right = _evaluated(node.left, text), _evaluated(node.right, text)
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    return left * right if isinstance(node.op, ast.Mult) else left**right


def is_sum(text: str) -> bool:
    """Whether it is terms only: no product, no function."""
    return not re.search(r"[·σ²]|tanh|ReLU|\(−|[0-9] × .* [+−] ", text)


def inside(text: str) -> str | None:
    """The argument of a function that is the whole text, or None."""
    found = re.fullmatch(r"(?:σ|tanh|ReLU)\((.*)\)", text)
    return found[1] if found else None


def last_place(text: str) -> Decimal:
    """One unit in the last printed place of a number."""
    exact = value(text)
    exponent = exact.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)
