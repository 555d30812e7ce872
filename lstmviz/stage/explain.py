"""The formula behind one tile, with the numbers of the running engine plugged in.

Words used in this file
    unit, t      the tile that was clicked; t from 1 to T
    line         one row of the card: symbols, then the same with numbers
    run          a stretch of text with a role, from which views choose face and colour
"""

from dataclasses import dataclass

import numpy as np

from lstmviz.lab.comparison import Racer
from lstmviz.stage.frame import Tile
from lstmviz.words import decimal, power, tr


@dataclass(frozen=True, slots=True)
class Run:
    """Text and its role: "plain", "symbol", "number", "sub", "sup", or a quantity (h, c, f, i, o, g, gradient)."""

    text: str
    role: str = "plain"


Line = tuple[Run, ...]


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
    return {"rnn": _rnn, "lstm": _lstm, "gru": _gru}[racer.network.cell](racer, tile)


def _gradient(racer: Racer, tile: Tile) -> Explanation:
    """|dL/dh_t|, and how it comes from the timestep after it."""
    log10_h = racer.trace.gradients.log10_h[:, 0]
    last, t = racer.trace.timesteps, tile.t
    here = power(float(log10_h[t]), 3)
    norm = (Run("‖"), Run("∂L/∂h", "gradient"), Run(str(t), "sub"), Run("‖ = "))
    squares = (Run("√("), Run("Σ", "symbol"), Run("j", "sub"), Run(" ("), Run("∂L/∂h", "gradient"))
    squares += (Run(f"{t}, j", "sub"), Run(")"), Run("2", "sup"), Run(") = "), Run(here, "number"))
    lines = [norm + squares]
    if t < last:
        factor = power(float(log10_h[t] - log10_h[t + 1]), 3)
        after = power(float(log10_h[t + 1]), 3)
        lines.append(
            (Run("‖"), Run("∂L/∂h", "gradient"), Run(str(t), "sub"), Run("‖ = "), Run(tr("factor")), Run(" × ‖"))
            + (Run("∂L/∂h", "gradient"), Run(str(t + 1), "sub"), Run("‖ = "))
            + (Run(factor, "number"), Run(" × "), Run(after, "number"))
        )
        share = power(float(log10_h[t] - log10_h[last]), 3)
        lines.append(
            (Run(tr("share of the gradient at t = {t}").format(t=last)), Run(": "), Run(share, "number"))
        )
    title = tr("Gradient at t = {t}").format(t=t)
    return Explanation(tile, title, here, tuple(lines))


def _parts(racer: Racer, row: int, t: int) -> tuple[float, float, float]:
    """The three parts of one pre-activation: from x, from h, from the bias."""
    parameters, tape = racer.network.parameters, racer.trace.tape
    from_x = float(parameters.weight_ih[row] @ tape.x[t - 1, 0])
    from_h = float(parameters.weight_hh[row] @ tape.h[t - 1, 0])
    return from_x, from_h, float(parameters.bias[row])


def _sum(parts: tuple[float, float, float], activation: str, value: float, name: str, t: int) -> Line:
    """``f_t = sigma(from x + from h + bias) = value``; the shown parts add up because the last digit is the engine's."""
    x, h, b = (_signed(part) for part in parts)
    return (
        Run(name, name),
        Run(str(t), "sub"),
        Run(" = "),
        Run(activation, "symbol"),
        Run("("),
        Run(x.removeprefix("+ "), "number"),
        Run(" x", "label"),
        Run(f" {h}", "number"),
        Run(" h", "label"),
        Run(f" {b}", "number"),
        Run(" b", "label"),
        Run(") = "),
        Run(decimal(value, 3), "number"),
    )


def _signed(value: float) -> str:
    text = decimal(abs(value), 3)
    return f"− {text}" if value < 0 else f"+ {text}"


def _rnn(racer: Racer, tile: Tile) -> Explanation:
    t, j = tile.t, tile.unit or 0
    value = float(racer.trace.tape.h[t, 0, j])
    activation = "ReLU" if getattr(racer.network, "activation", "tanh") == "relu" else "tanh"
    symbols = (Run("h", "h"), Run("t", "sub"), Run(f" = {activation}(")) + _affine("")
    lines = (symbols, _sum(_parts(racer, j, t), activation, value, "h", t))
    return Explanation(tile, _title(tile), decimal(value, 3), lines)


def _affine(gate: str) -> Line:
    """``W x_t + U h_{t-1} + b)`` with the gate's name as index."""
    return (
        Run("W", "symbol"),
        Run(gate, "sub"),
        Run(" x", "symbol"),
        Run("t", "sub"),
        Run(" + "),
        Run("U", "symbol"),
        Run(gate, "sub"),
        Run(" h", "symbol"),
        Run("t−1", "sub"),
        Run(" + "),
        Run("b", "symbol"),
        Run(gate, "sub"),
        Run(")"),
    )


def _lstm(racer: Racer, tile: Tile) -> Explanation:
    t, j, tape, hidden = tile.t, tile.unit or 0, racer.trace.tape, racer.network.hidden
    gates = {name: float(getattr(tape, name)[t - 1, 0, j]) for name in "ifgo"}
    c, before = float(tape.c[t, 0, j]), float(tape.c[t - 1, 0, j])
    h = float(tape.h[t, 0, j])
    lines = [
        _sum(_parts(racer, block * hidden + j, t), "tanh" if name == "g" else "σ", gates[name], name, t)
        for block, name in enumerate("ifgo")
    ]
    lines.append(
        (Run("c", "c"), Run(str(t), "sub"), Run(" = "), Run("f", "f"), Run(" · "), Run("c", "c"), Run(str(t - 1), "sub"))
        + (Run(" + "), Run("i", "i"), Run(" · "), Run("g", "g"), Run(" = "))
        + (Run(f"{decimal(gates['f'], 3)} · {_bracket(before)} + ", "number"),)
        + (Run(f"{decimal(gates['i'], 3)} · {_bracket(gates['g'])}", "number"), Run(" = "), Run(decimal(c, 3), "number"))
    )
    lines.append(
        (Run("h", "h"), Run(str(t), "sub"), Run(" = "), Run("o", "o"), Run(" · tanh("), Run("c", "c"), Run(") = "))
        + (Run(f"{decimal(gates['o'], 3)} · {_bracket(float(np.tanh(c)))}", "number"), Run(" = "))
        + (Run(decimal(h, 3), "number"),)
    )
    return Explanation(tile, _title(tile), decimal(h, 3), tuple(lines))


def _gru(racer: Racer, tile: Tile) -> Explanation:
    t, j, tape, hidden = tile.t, tile.unit or 0, racer.trace.tape, racer.network.hidden
    r, z, n = (float(getattr(tape, name)[t - 1, 0, j]) for name in "rzn")
    inner, before, h = float(tape.hn[t - 1, 0, j]), float(tape.h[t - 1, 0, j]), float(tape.h[t, 0, j])
    from_x, _, bias = _parts(racer, 2 * hidden + j, t)
    lines = (
        _sum(_parts(racer, j, t), "σ", r, "r", t),
        _sum(_parts(racer, hidden + j, t), "σ", z, "z", t),
        (Run("n", "g"), Run(str(t), "sub"), Run(" = tanh("), Run(decimal(from_x, 3), "number"), Run(" x", "label"))
        + (Run(f" {_signed(bias)}", "number"), Run(" b", "label"), Run(f" + {decimal(r, 3)} · ", "number"))
        + (Run(_bracket(inner), "number"), Run(" h", "label"), Run(") = "), Run(decimal(n, 3), "number")),
        (Run("h", "h"), Run(str(t), "sub"), Run(" = (1 − "), Run("z", "z"), Run(") · "), Run("n", "g"), Run(" + "))
        + (Run("z", "z"), Run(" · "), Run("h", "h"), Run(str(t - 1), "sub"), Run(" = "))
        + (Run(f"{decimal(1 - z, 3)} · {_bracket(n)} + {decimal(z, 3)} · {_bracket(before)}", "number"), Run(" = "))
        + (Run(decimal(h, 3), "number"),),
    )
    return Explanation(tile, _title(tile), decimal(h, 3), lines)


def _bracket(value: float) -> str:
    return f"({decimal(value, 3)})" if value < 0 else decimal(value, 3)


def _title(tile: Tile) -> str:
    return tr("Hidden state of unit {unit} at t = {t}").format(unit=(tile.unit or 0) + 1, t=tile.t)
