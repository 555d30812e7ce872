"""The gradient reaching each timestep, as a figure for papers, notebooks and machines without a screen.

Words used in this file
    T         timesteps
    curve     log10 |dL/dh_t| of one network, entries 0 to T; entry 0 (before the first timestep) is not drawn
    band      what float64 cannot add to the largest gradient at T
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.animation import gif_bytes
from lstmviz.lab.canvas import Canvas, PixelCanvas, Point, SvgCanvas, text_width
from lstmviz.lab.gradient_flow import FLOAT64_DIGITS
from lstmviz.lab.settings import Settings
from lstmviz.words import MINUS, power, tr

Curves = dict[str, NDArray[np.floating]]
WIDTH, HEIGHT = 1000, 560
LEFT, RIGHT, TOP, BOTTOM = 150, 900, 76, 470
INK, SECOND, GRID, GROUND, BAND = "#14171B", "#616873", "#D3D7DD", "#FFFFFF", "#E4E7EB"
HUES = {"RNN": "#DD3B0B", "LSTM": "#2F33D8", "GRU": "#6B8B79"}
TEXT_HUES = {"RNN": "#D13201", "LSTM": "#2F33D8", "GRU": "#577665"}
SIDES = {"RNN": 3, "LSTM": 4, "GRU": 16}  # corners of each network's mark
GIF_PICTURES, GIF_SECONDS, GIF_REST = 40, 2.5, 2.0
MARKS = 11
EDGE = 16  # pixels that stay free at the sides
NAME_ROOM = 34  # pixels from one network's name to the next: two lines of text


@dataclass(frozen=True, slots=True)
class _Scale:
    """From timestep and decimal logarithm to a point of the figure."""

    last: int
    floor: float
    ceiling: float

    def point(self, t: float, log10: float) -> Point:
        x = LEFT + (t - 1) / max(self.last - 1, 1) * (RIGHT - LEFT)
        y = TOP + (self.ceiling - log10) / (self.ceiling - self.floor) * (BOTTOM - TOP)
        return x, y


def gradient_png(curves: Curves, caption: str = "", scale: float = 1.0) -> bytes:
    """The figure as PNG, 1000 x 560 pixels times ``scale``.

    Parameters
    ----------
    curves : dict of float64 (T + 1,)
        log10 |dL/dh_t| by network name; minus infinity and NaN leave a gap.
    caption : str
        Settings, written under the figure.
    scale : float
        Pixels per point, 0.5 to 4.
    """
    canvas = PixelCanvas(WIDTH, HEIGHT, GROUND, scale)
    _draw(canvas, curves, caption, first=1)
    return canvas.png()


def gradient_svg(curves: Curves, caption: str = "") -> bytes:
    """The figure as SVG; parameters as for ``gradient_png``."""
    canvas = SvgCanvas(WIDTH, HEIGHT, GROUND)
    _draw(canvas, curves, caption, first=1)
    return canvas.svg()


def gradient_gif(curves: Curves, caption: str = "") -> bytes:
    """The backward sweep as an animated GIF, from t = T to t = 1; parameters as for ``gradient_png``."""
    last = _last(curves)
    firsts = sorted({round(t) for t in np.linspace(last, 1, min(GIF_PICTURES, last))}, reverse=True)
    pictures = []
    for first in firsts:
        canvas = PixelCanvas(WIDTH, HEIGHT, GROUND)
        _draw(canvas, curves, caption, first)
        pictures.append((WIDTH, HEIGHT, canvas.image().tobytes()))
    each = round(1000 * GIF_SECONDS / len(pictures))
    return gif_bytes(pictures, [each] * (len(pictures) - 1) + [round(1000 * GIF_REST)])


def _draw(canvas: Canvas, curves: Curves, caption: str, first: int) -> None:
    """Axes, band and curves; of the curves only timesteps from ``first`` on."""
    scale = _scale(curves)
    band = max((float(c[-1]) for c in curves.values() if math.isfinite(c[-1])), default=0.0) + FLOAT64_DIGITS
    canvas.text((LEFT, 34), tr("Gradient reaching each timestep"), 20, INK, weight=600)
    width = text_width(tr("Gradient reaching each timestep"), 20, 600)
    canvas.text((LEFT + width + 16, 34), tr("‖∂L/∂hₜ‖, one absolute log axis"), 15, SECOND)
    if band > scale.floor:
        _band(canvas, scale, band)
    _axes(canvas, scale)
    for name, curve in curves.items():
        _curve(canvas, scale, name, curve, first)
    _names(canvas, scale, curves, first)
    # A long line begins further to the left, so that its end is not cut off.
    canvas.text((max(EDGE, min(LEFT, WIDTH - EDGE - text_width(caption, 13))), HEIGHT - 18), caption, 13, SECOND)


def _scale(curves: Curves) -> _Scale:
    values = np.concatenate([curve[1:][np.isfinite(curve[1:])] for curve in curves.values()] or [np.zeros(1)])
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    notch = 5 * 10 ** max(0, math.ceil(math.log10(max(-low, 20) / 50)))
    return _Scale(_last(curves), notch * math.floor(min(low, -15.1) / notch), max(1.0, math.ceil(high)))


def _last(curves: Curves) -> int:
    return max((len(curve) - 1 for curve in curves.values()), default=1)


def _band(canvas: Canvas, scale: _Scale, band: float) -> None:
    _, top = scale.point(1, band)
    canvas.shape([(LEFT, top), (RIGHT, top), (RIGHT, BOTTOM), (LEFT, BOTTOM)], BAND)
    for x in range(LEFT - int(BOTTOM - top), RIGHT, 10):
        start, end = max(0, LEFT - x), min(BOTTOM - top, RIGHT - x)
        if end > start:
            canvas.line([(x + start, BOTTOM - start), (x + end, BOTTOM - end)], GRID, 1)
    canvas.line([(LEFT, top), (RIGHT, top)], INK, 1)
    label = tr("below float64: added to the gradient at t = T, it changes no digit")
    width = text_width(label, 13)
    y = min(top + 24, BOTTOM - 8)
    if BOTTOM - top > 26:
        box = [(LEFT + 12, y - 15), (LEFT + 24 + width, y - 15), (LEFT + 24 + width, y + 6), (LEFT + 12, y + 6)]
        canvas.shape(box, GROUND)
        canvas.text((LEFT + 18, y), label, 13, INK)


def _axes(canvas: Canvas, scale: _Scale) -> None:
    span = scale.ceiling - scale.floor
    spacing = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if span / s <= 6), 5000)
    exponent = spacing * math.floor(scale.ceiling / spacing)
    while exponent >= scale.floor:
        _, y = scale.point(1, exponent)
        canvas.line([(LEFT, y), (RIGHT, y)], GRID, 1)
        canvas.text((RIGHT + 10, y + 5), _tick(exponent), 14, SECOND)
        exponent -= spacing
    corners = [(LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM), (LEFT, TOP)]
    canvas.line([(float(x), float(y)) for x, y in corners], SECOND, 1)
    for t in timestep_ticks(scale.last):
        x, _ = scale.point(t, 0)
        canvas.line([(x, BOTTOM), (x, BOTTOM + 6)], SECOND, 1)
        canvas.text((x, BOTTOM + 22), str(t), 14, SECOND, "middle")
    canvas.text(((LEFT + RIGHT) / 2, BOTTOM + 44), tr("timestep t"), 14, SECOND, "middle")
    canvas.text((LEFT, BOTTOM + 44), tr("← backward pass runs this way"), 14, "#822B73")


def timestep_ticks(last: int) -> list[int]:
    """Timesteps to label on an axis from 1 to ``last``: both ends, and round numbers that do not crowd them."""
    spacing = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if last / s <= 8), 5000)
    inner = [t for t in range(spacing, last, spacing) if spacing * 0.6 <= t - 1 and last - t >= spacing * 0.6]
    return [1, *inner, last] if last > 1 else [1]


def _curve(canvas: Canvas, scale: _Scale, name: str, curve: NDArray[np.floating], first: int) -> None:
    hue = HUES.get(name, INK)
    for stretch in _stretches(curve, first):
        points = [scale.point(t, float(curve[t])) for t in stretch]
        canvas.line(points, GROUND, 6)
        canvas.line(points, hue, 2.6, (9, 5) if name == "GRU" else None)
    marked = {round(t) for t in np.linspace(scale.last, 1, min(MARKS, scale.last))}
    for t in sorted(marked):
        if t >= first and math.isfinite(curve[t]):
            canvas.shape(mark(scale.point(t, float(curve[t])), SIDES.get(name, 16)), hue)


def _stretches(curve: NDArray[np.floating], first: int) -> list[list[int]]:
    """Runs of timesteps without a gap."""
    runs: list[list[int]] = [[]]
    for t in range(first, len(curve)):
        if math.isfinite(curve[t]):
            runs[-1].append(t)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def mark(centre: Point, sides: int) -> list[Point]:
    """The corners of a network's mark round a point."""
    turn = {3: -math.pi / 2, 4: math.pi / 4}.get(sides, 0.0)
    angles = [turn + 2 * math.pi * corner / sides for corner in range(sides)]
    return [(centre[0] + 6 * math.cos(angle), centre[1] + 6 * math.sin(angle)) for angle in angles]


def _names(canvas: Canvas, scale: _Scale, curves: Curves, first: int) -> None:
    """Beside the left end of each curve its network and, once the sweep has arrived, the value; never two in one place.

    A curve without a value there is named at the bottom.
    """
    wanted = [scale.point(1, float(c[first]))[1] if math.isfinite(c[first]) else float(BOTTOM) for c in curves.values()]
    for (name, curve), y in zip(curves.items(), spread(wanted, NAME_ROOM, TOP, BOTTOM), strict=True):
        canvas.text((LEFT - 12, y - 1), name, 15, TEXT_HUES.get(name, INK), "end", 600)
        if first == 1:
            value = float(curve[1])
            text = tr("exactly zero") if value == -math.inf else power(value)
            canvas.text((LEFT - 12, y + 16), text, 15, INK, "end", 600)


def spread(wanted: list[float], room: float, low: float, high: float) -> list[float]:
    """Places at least ``room`` apart between ``low`` and ``high``, in the order of those wanted and close to them.

    Parameters
    ----------
    wanted : list of float
        Where each label would stand if it were alone.
    room : float
        What one label needs; all of them fit between ``low`` and ``high``.
    low, high : float
        First and last place allowed.
    """
    places = list(wanted)
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    least = low
    for label in order:
        places[label] = least = max(least, wanted[label])
        least += room
    most = high
    for label in reversed(order):
        places[label] = most = min(most, places[label])
        most -= room
    return places


def _tick(exponent: float) -> str:
    return "1" if exponent == 0 else power(float(exponent), 1).replace("1 × ", "")


def caption_of(settings: Settings, update: int, interventions: int = 0) -> str:
    """The conditions under which a figure or a table holds, in one line; usual ones are left out at the end."""
    line = tr("{task}, gap {gap}, {hidden} units, forget bias {bias}, RNN {start}, gain {gain}, seed {seed}").format(
        task=settings.task,
        gap=settings.gap,
        hidden=settings.hidden,
        bias=str(settings.forget_bias).replace("-", MINUS),
        start=settings.initialisation,
        gain=settings.gain,
        seed=settings.seed,
    )
    known = {0: tr("untrained"), 1: tr("after 1 update")}
    parts = [line, known.get(update, tr("after {n} updates").format(n=update))]
    if settings.fair == "parameters":
        parts.append(tr("equal parameters"))
    if settings.variant != "vanilla" and "lstm" in settings.cells:
        parts.append(tr("LSTM {variant}").format(variant=settings.variant))
    if settings.reset != "after" and "gru" in settings.cells:
        parts.append(tr("GRU with the reset gate before the product"))
    if settings.layer_drawn():
        parts.append(settings.layer_drawn())
    if settings.batch > 1:
        parts.append(tr("{n} sequences").format(n=settings.batch))
    if settings.dtype != "float64":
        parts.append(settings.dtype)
    if interventions:
        words = tr("1 intervention") if interventions == 1 else tr("{n} interventions")
        parts.append(words.format(n=interventions))
    return ", ".join(parts)
