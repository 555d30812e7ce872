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
    """Text and its role.

    Roles: "plain", "symbol", "number", "sub", "sup", "label" (small), or a quantity ("h", "c", "f", "gradient" ...).
    """

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
    lines = {"rnn": _rnn, "lstm": _lstm, "gru": _gru}[racer.network.cell](racer, tile.unit, tile.t)
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


def _rnn(racer: Racer, unit: int, t: int) -> tuple[Line, ...]:
    squash = "ReLU" if getattr(racer.network, "activation", "tanh") == "relu" else "tanh"
    affine = (("W x", "symbol"), ("t", "sub"), " + ", ("U h", "symbol"), ("t−1", "sub"), " + ", ("b", "symbol"))
    symbols = _line(("h", "h"), ("t", "sub"), f" = {squash}(", *affine, ")")
    value = float(racer.trace.tape.h[t, 0, unit])
    return symbols, _squashed(racer, unit, squash, ("h", "h"), value, t)


def _lstm(racer: Racer, unit: int, t: int) -> tuple[Line, ...]:
    tape, hidden = racer.trace.tape, racer.network.hidden
    i, f, g, o = (float(getattr(tape, name)[t - 1, 0, unit]) for name in "ifgo")
    c, before, h = float(tape.c[t, 0, unit]), float(tape.c[t - 1, 0, unit]), float(tape.h[t, 0, unit])
    gates = [
        _squashed(racer, block * hidden + unit, "tanh" if name == "g" else "σ", (name, name), value, t)
        for block, (name, value) in enumerate(zip("ifgo", (i, f, g, o), strict=True))
    ]
    kept = (("f", "f"), " · ", ("c", "c"), (t - 1, "sub"), " + ", ("i", "i"), " · ", ("g", "g"))
    numbers = f"{decimal(f, 3)} · {_bracket(before)} + {decimal(i, 3)} · {_bracket(g)}"
    exposed = (("o", "o"), " · tanh(", ("c", "c"), (t, "sub"), ")")
    product = f"{decimal(o, 3)} · {_bracket(float(np.tanh(c)))}"
    return (
        *gates,
        _line(("c", "c"), (t, "sub"), " = ", *kept, " = ", (numbers, "number"), " = ", (decimal(c, 3), "number")),
        _line(("h", "h"), (t, "sub"), " = ", *exposed, " = ", (product, "number"), " = ", (decimal(h, 3), "number")),
    )


def _gru(racer: Racer, unit: int, t: int) -> tuple[Line, ...]:
    tape, hidden = racer.trace.tape, racer.network.hidden
    r, z, n = (float(getattr(tape, name)[t - 1, 0, unit]) for name in "rzn")
    inner, before, h = float(tape.hn[t - 1, 0, unit]), float(tape.h[t - 1, 0, unit]), float(tape.h[t, 0, unit])
    from_x, _, bias = _parts(racer, 2 * hidden + unit, t)
    argument = (
        *((decimal(from_x, 3), "number"), (_source(racer), "label")),
        *((f" {_signed(bias)}", "number"), (tr(" bias"), "label")),
        *((f" + {decimal(r, 3)} · {_bracket(inner)}", "number"), (tr(" from h"), "label")),
    )
    mixed = ("(1 − ", ("z", "f"), ") · ", ("n", "g"), " + ", ("z", "f"), " · ", ("h", "h"), (t - 1, "sub"))
    numbers = f"{decimal(1 - z, 3)} · {_bracket(n)} + {decimal(z, 3)} · {_bracket(before)}"
    return (
        _squashed(racer, unit, "σ", ("r", "i"), r, t),
        _squashed(racer, hidden + unit, "σ", ("z", "f"), z, t),
        _line(("n", "g"), (t, "sub"), " = tanh(", *argument, ") = ", (decimal(n, 3), "number")),
        _line(("h", "h"), (t, "sub"), " = ", *mixed, " = ", (numbers, "number"), " = ", (decimal(h, 3), "number")),
    )


def _squashed(racer: Racer, row: int, squash: str, name: tuple[str, str], value: float, t: int) -> Line:
    """``f_t = sigma(from x + from h + bias) = value``, in numbers."""
    from_x, from_h, bias = _parts(racer, row, t)
    return _line(
        name,
        (t, "sub"),
        f" = {squash}(",
        (decimal(from_x, 3), "number"),
        (_source(racer), "label"),
        (f" {_signed(from_h)}", "number"),
        (tr(" from h"), "label"),
        (f" {_signed(bias)}", "number"),
        (tr(" bias"), "label"),
        ") = ",
        (decimal(value, 3), "number"),
    )


def _source(racer: Racer) -> str:
    """What a cell reads: x, or what the layer below hands on."""
    return tr(" from x") if racer.whole is None or racer.whole.network.depth == 1 else tr(" from the layer below")


def _parts(racer: Racer, row: int, t: int) -> tuple[float, float, float]:
    """The three parts of one pre-activation: from x, from h, from the bias."""
    parameters, tape = racer.network.parameters, racer.trace.tape
    from_x = float(parameters.weight_ih[row] @ tape.x[t - 1, 0])
    from_h = float(parameters.weight_hh[row] @ tape.h[t - 1, 0])
    return from_x, from_h, float(parameters.bias[row])


def _line(*parts: str | tuple[object, str]) -> Line:
    """Runs from plain texts and (text, role) pairs."""
    return tuple(Run(part) if isinstance(part, str) else Run(str(part[0]), part[1]) for part in parts)


def _signed(value: float) -> str:
    text = decimal(abs(value), 3)
    return f"− {text}" if value < 0 else f"+ {text}"


def _bracket(value: float) -> str:
    return f"({decimal(value, 3)})" if value < 0 else decimal(value, 3)
