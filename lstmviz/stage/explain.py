"""The formula behind one tile, with the numbers of the running engine plugged in.

Words used in this file
    unit, t      the tile that was clicked; t from 1 to T
    line         one row of the card: symbols, then the same with numbers
    run          a stretch of text with a role, from which views choose face and colour
"""

from dataclasses import dataclass

import numpy as np

from lstmviz.lab.comparison import Racer
from lstmviz.lab.formulas import FUNCTIONS, SIGNS, Expression, Operation, operations_of
from lstmviz.lab.interventions import HELD
from lstmviz.lab.slopes import blocks_of
from lstmviz.stage.frame import Tile
from lstmviz.words import decimal, power, tr


@dataclass(frozen=True, slots=True)
class Run:
    """Text and its role.

    Roles: "plain", "symbol", "number", "sub", "sup", "label" (small), or a quantity ("h", "c", "f", "gradient" ...).
    """

    text: str
    role: str = "plain"


Line = tuple[Run, ...]
Part = str | tuple[object, str]
# gates and candidate with the role of what they are alike in the LSTM; states; and what is shown as part of a state
ROLES = {"i": "i", "f": "f", "g": "g", "o": "o", "r": "i", "z": "f", "n": "g"}
BY_HAND, FROZEN = tr(" held"), tr(" frozen")
STATES, INNER = ("c", "h"), ("kept", "written", "tanh_c")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One tile's formula: a title, and lines of symbols and numbers."""

    tile: Tile
    title: str
    value: str
    lines: tuple[Line, ...]


def explain(racer: Racer, tile: Tile) -> Explanation:
    """The formula of a tile of the first sequence, with numbers.

    Parameters
    ----------
    racer : Racer
        The network whose tile it is.
    tile : Tile
        Its timestep and unit; no unit means the gradient's norm over all units.
    """
    if tile.unit is None:
        return _gradient(racer, tile)
    lines = (_rnn if racer.network.cell == "rnn" else _cell)(racer, tile.unit, tile.t)
    title = tr("Hidden state of unit {unit} at t = {t}").format(unit=tile.unit + 1, t=tile.t)
    return Explanation(tile, title, decimal(float(racer.trace.tape.h[tile.t, 0, tile.unit]), 3), lines)


def _gradient(racer: Racer, tile: Tile) -> Explanation:
    """|dL/dh_t|, and how it comes from the timestep after it."""
    log10_h = racer.trace.gradients.log10_h[:, 0]
    last, t = racer.trace.timesteps, tile.t
    here = power(float(log10_h[t]), 3)
    norm = ("‖", ("∂L/∂h", "gradient"), (t, "sub"), "‖ = ")
    parts = ("√ Σ", ("j", "sub"), " (", ("∂L/∂h", "gradient"), (f"{t}, j", "sub"), ")", ("2", "sup"), " = ")
    lines = [_line(*norm, *parts, (here, "number"))]
    if t < last:
        factor, after = power(float(log10_h[t] - log10_h[t + 1]), 3), power(float(log10_h[t + 1]), 3)
        next_norm = ("‖", ("∂L/∂h", "gradient"), (t + 1, "sub"), "‖")
        share = power(float(log10_h[t] - log10_h[last]), 3)
        lines.append(_line(*norm, (factor, "number"), " · ", *next_norm, " = ", (f"{factor} · {after}", "number")))
        lines.append(_line(tr("share of the gradient at t = {t}: ").format(t=last), (share, "number")))
    return Explanation(tile, tr("Gradient at t = {t}").format(t=t), here, tuple(lines))


def _cell(racer: Racer, unit: int, t: int) -> tuple[Line, ...]:
    """One line for each gate, for the candidate and for each state, as the engine's equations say it."""
    found = operations_of(racer.network)
    by_name = {one.result: one.expression for one in found}
    lines = []
    for one in found:
        if one.result in (*STATES, *ROLES) and (held := _held(racer, one.result, unit, t)):
            lines.append(held)
        elif one.result in STATES:
            lines.append(_state(racer, one, by_name, unit, t))
        elif one.result in ROLES:
            lines.append(_gate(racer, one, by_name, unit, t))
    return tuple(sorted(lines, key=lambda line: line[0].text in STATES))  # gates first


def _rnn(racer: Racer, unit: int, t: int) -> tuple[Line, ...]:
    """The equation in symbols, then in numbers: there are no gates to explain it with."""
    held = _held(racer, "h", unit, t)
    if held is not None:
        return (held,)
    *_, squash = operations_of(racer.network)
    affine = (("W x", "symbol"), ("t", "sub"), " + ", ("U h", "symbol"), ("t−1", "sub"), " + ", ("b", "symbol"))
    symbols = _line(("h", "h"), ("t", "sub"), f" = {FUNCTIONS[squash.kind][0]}(", *affine, ")")
    parts = _added(racer, "", ("x", "h_before"), unit, t)
    value = float(racer.trace.tape.h[t, 0, unit])
    numbers = [f" = {FUNCTIONS[squash.kind][0]}(", *parts, ") = ", (decimal(value, 3), "number")]
    return symbols, _line(("h", "h"), ("t", "sub"), *numbers)


def _held(racer: Racer, name: str, unit: int, t: int) -> Line | None:
    """``f_t = 0.100, held``, where the equation does not say what the value is; None where it does."""
    names, held = HELD[racer.network.cell], racer.trace.held
    if held is None or name not in names or np.isnan(wanted := held[names.index(name), t - 1, 0, unit]):
        return None
    role, value = ROLES.get(name, name), (decimal(_value(racer, name, unit, t), 3), "number")
    if np.isinf(wanted):
        return _line((name, role), (t, "sub"), " = ", (name, role), (t - 1, "sub"), " = ", value, (FROZEN, "label"))
    return _line((name, role), (t, "sub"), " = ", value, (BY_HAND, "label"))


def _gate(racer: Racer, gate: Operation, by_name: dict[str, Expression], unit: int, t: int) -> Line:
    """``f_t = sigma(from x + from h + bias) = value``, in numbers; of a gate that is missing, what stands for it."""
    name = ((gate.result, ROLES[gate.result]), (t, "sub"), " = ")
    value = ((decimal(_value(racer, gate.result, unit, t), 3), "number"),)
    if gate.kind == "number":
        return _line(*name, *value)
    if gate.kind not in (*FUNCTIONS, "name"):
        return _line(*name, *_symbols(gate.expression, t), " = ", *value)
    (before,) = gate.operands  # its pre-activation
    parts = _added(racer, gate.result, by_name[before].names(), unit, t)
    if gate.kind == "name":
        return _line(*name, *parts, " = ", *value)
    return _line(*name, f"{FUNCTIONS[gate.kind][0]}(", *parts, ") = ", *value)


def _state(racer: Racer, state: Operation, by_name: dict[str, Expression], unit: int, t: int) -> Line:
    """``c_t = f · c_{t-1} + i · g``, in symbols and in numbers."""
    whole = state.expression
    for name in INNER:
        whole = whole.with_expression(name, by_name.get(name, whole))
    value = (decimal(_value(racer, state.result, unit, t), 3), "number")
    numbers = (_numbers(racer, whole, unit, t), "number")
    return _line((state.result, state.result), (t, "sub"), " = ", *_symbols(whole, t), " = ", numbers, " = ", value)


def _symbols(expression: Expression, t: int) -> list[Part]:
    """An expression as runs; gates and candidate without their timestep."""
    if expression.kind == "number":
        return [expression.name]
    if expression.kind == "name":
        name, _, before = expression.name.partition("_")
        index = [(t - 1 if before else t, "sub")] if name in STATES else []
        return [(name, ROLES.get(name, name)), *index]
    if expression.kind in FUNCTIONS:
        return [f"{FUNCTIONS[expression.kind][0]}(", *_symbols(expression.operands[0], t), ")"]
    found: list[Part] = []
    for number, one in enumerate(expression.operands):
        inner = _symbols(one, t)
        found += [SIGNS[expression.kind][0]] if number else []
        found += ["(", *inner, ")"] if expression.kind == "product" and one.kind == "difference" else inner
    return found


def _numbers(racer: Racer, expression: Expression, unit: int, t: int) -> str:
    """The same with numbers: factors and terms one by one, all else as its value."""
    if expression.kind == "sum":
        return " + ".join(_numbers(racer, one, unit, t) for one in expression.operands)
    if expression.kind == "product":
        first, *rest = (_number(racer, one, unit, t) for one in expression.operands)
        return " · ".join([decimal(first, 3), *map(_bracket, rest)])
    return decimal(_number(racer, expression, unit, t), 3)


def _number(racer: Racer, expression: Expression, unit: int, t: int) -> float:
    if expression.kind == "name":
        return _value(racer, expression.name, unit, t)
    if expression.kind == "number":
        return float(expression.name)
    if expression.kind == "tanh":
        return float(np.tanh(_number(racer, expression.operands[0], unit, t)))
    left, right = (_number(racer, one, unit, t) for one in expression.operands)
    return left - right


def _value(racer: Racer, name: str, unit: int, t: int) -> float:
    """A recorded quantity of one unit, by the name it has in the equations."""
    name, _, before = name.partition("_") if name.endswith("_before") else (name, "", "")
    row = t - 1 if before or name not in STATES else t
    return float(getattr(racer.trace.tape, name)[row, 0, unit])


def _added(racer: Racer, block: str, seen: tuple[str, ...], unit: int, t: int) -> list[Part]:
    """The parts of one pre-activation: from x, from h, from whatever else is seen, and the bias."""
    network, tape, parameters = racer.network, racer.trace.tape, racer.network.parameters
    blocks = blocks_of(network)
    hidden, row = network.hidden, unit + network.hidden * (blocks.index(block) if block else 0)
    from_x = float(parameters.weight_ih[row] @ tape.x[t - 1, 0])
    alone = racer.whole is None or racer.whole.network.depth == 1
    parts = [(from_x, tr(" from x") if alone else tr(" from the layer below"))]
    if "h_before" in seen:
        parts.append((float(parameters.weight_hh[row] @ tape.h[t - 1, 0]), tr(" from h")))
    if f"p_{block}" in seen:
        weight = float(parameters.peephole["ifo".index(block) * hidden + unit])
        parts.append((weight * float(tape.c[t if block == "o" else t - 1, 0, unit]), tr(" from c")))
    if "i_before" in seen:
        before = (
            np.concatenate([gate[t - 2, 0] for gate in (tape.i, tape.f, tape.o)]) if t > 1 else np.zeros(3 * hidden)
        )
        parts.append(
            (float(parameters.weight_gates["ifo".index(block) * hidden + unit] @ before), tr(" from the gates"))
        )
    parts.append((float(parameters.bias[row]), tr(" bias")))
    (first, label), *rest = parts
    runs: list[Part] = [(decimal(first, 3), "number"), (label, "label")]
    for value, label in rest:
        runs += [(f" {_signed(value)}", "number"), (label, "label")]
    if "hn" in seen:
        inner = _bracket(float(tape.hn[t - 1, 0, unit]))
        factor = f"{decimal(float(tape.r[t - 1, 0, unit]), 3)} · " if "r" in seen else ""
        runs += [(f" + {factor}{inner}", "number"), (tr(" from h"), "label")]
    return runs


def _line(*parts: Part) -> Line:
    """Runs from plain texts and (text, role) pairs."""
    return tuple(Run(part) if isinstance(part, str) else Run(str(part[0]), part[1]) for part in parts)


def _signed(value: float) -> str:
    text = decimal(abs(value), 3)
    return f"− {text}" if value < 0 else f"+ {text}"


def _bracket(value: float) -> str:
    return f"({decimal(value, 3)})" if value < 0 else decimal(value, 3)
