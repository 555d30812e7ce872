"""How the unit over time looks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from lstmviz.stage.cell_frame import CellCurve, CellPart
from lstmviz.stage.inspect_frame import limit_of
from lstmviz.views import fonts
from lstmviz.views.cell.strokes import stroke
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.inspect.columns import Span
from lstmviz.views.race import ink
from lstmviz.views.race.scale import timestep_ticks
from lstmviz.views.theme import DASHES, Theme, qcolor
from lstmviz.words import MINUS, count, number, tr

ROLES = {"f": "forget", "i": "input", "o": "output", "g": "candidate", "c": "cell", "h": "hidden"}
FLOOR = -16  # log10 below which a gradient is lost beside one of 1; the axis goes no further unless all lies below


@dataclass(frozen=True, slots=True)
class Field:
    """One plot: its place and its range."""

    group: str
    box: QRectF
    low: float
    high: float

    def y(self, value: float) -> float:
        """Height of a value, kept a little around the plot."""
        share = (value - self.low) / (self.high - self.low)
        return self.box.bottom() - min(max(share, -0.02), 1.02) * self.box.height()

    def value(self, y: float) -> float:
        """The value of a height."""
        return self.low + (self.box.bottom() - y) / self.box.height() * (self.high - self.low)


def range_of_group(group: str, part: CellPart) -> tuple[float, float]:
    """The ends of a plot's axis: gates 0 to 1, states to a round number, gradients in whole decades."""
    if group == "gates":
        return 0.0, 1.0
    curves = [one for one in part.curves if one.group == group]
    arrays = [array for one in curves for array in (one.values, one.ghost) if array is not None]
    values = np.concatenate([*arrays, np.zeros(0)])
    finite = values[np.isfinite(values)]
    if group == "states":
        low, high = min(float(finite.min(initial=0.0)), 0.0), max(float(finite.max(initial=0.0)), 0.0)
        return (-_notch(-low) if low < 0 else 0.0), max(_notch(high), 0.5)
    if not len(finite):
        return -5.0, 0.0
    high = max(math.ceil(float(finite.max())), 0)
    low = min(math.floor(float(finite.min())), high - 2)
    return float(low), float(high)


def _notch(value: float) -> float:
    """A round number that holds a value, so that the axis does not move with every change."""
    return 0.5 if value <= 0.5 else limit_of(np.array([value]))


def paint(
    painter: QPainter, part: CellPart, fields: list[Field], span: Span, gate: str, theme: Theme
) -> None:  # fmt: skip
    """All fields."""
    for field in fields:
        _paint_ground(painter, part, field, span, theme)
    for field in fields:
        _paint_curves(painter, part, field, span, gate, theme)
    _paint_heading(painter, part, fields, theme)
    _paint_playhead(painter, part, fields, span, theme)


def _paint_ground(painter: QPainter, part: CellPart, field: Field, span: Span, theme: Theme) -> None:
    box = field.box
    painter.fillRect(box, qcolor(theme.panel))
    for first, last in held_timesteps(part):
        left, right = span.edge(first), span.edge(last + 1)
        shade = qcolor(theme.clamp, 0.28 if theme.dark else 0.45)
        painter.fillRect(QRectF(left, box.top(), right - left, box.height()), shade)
        for x in (left, right):
            ink.line(painter, x, box.top(), x, box.bottom(), ink.pen(theme.clamp_outline, 1, alpha=0.7))
    small = fonts.text(12)
    for value in ticks_of(field):
        y = field.y(value)
        ink.line(painter, box.left(), ink.crisp(y), box.right(), ink.crisp(y), ink.pen(theme.hairline, 1))
        words = _tick(value)
        ink.paint_text(painter, QRectF(box.left() - 50, y - 9, 43, 18), words, small, theme.hint, ink.RIGHT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(ink.pen(theme.hairline, 1))
    painter.drawRect(box)


def held_timesteps(part: CellPart) -> list[tuple[int, int]]:
    """Stretches at which anything of the unit is held; what overlaps or touches is one."""
    found: list[tuple[int, int]] = []
    for one in sorted(part.held, key=lambda one: one.first):
        last = min(one.last, part.timesteps)
        if found and one.first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((one.first, last))
    return found


def ticks_of(field: Field) -> list[float]:
    """Values with a number at the left: few enough for the height."""
    apart = fonts.scaled(17)
    if field.group == "gates":
        return [0.0, 1.0] if field.box.height() >= apart else [1.0]
    reach = field.high - field.low
    steps = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0) if reach > 2 else (0.5, 1.0, 2.0)
    step = next((one for one in steps if one / reach * field.box.height() >= apart), steps[-1])
    first = math.ceil(field.low / step - 1e-9)
    return [k * step for k in range(first, math.floor(field.high / step + 1e-9) + 1)]


def _tick(value: float) -> str:
    text = f"{value:g}"
    return text.replace("-", MINUS)


def _paint_curves(painter: QPainter, part: CellPart, field: Field, span: Span, gate: str, theme: Theme) -> None:
    curves = [one for one in part.curves if one.group == field.group]
    ghosts = False
    painter.save()
    painter.setClipRect(field.box.adjusted(-1, -2, 1, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for one in curves:
        if one.ghost is not None and not np.array_equal(one.ghost, one.values, equal_nan=True):
            _stroke(painter, one.ghost, field, span, theme.ghost, theme.lines.ghost, DASHES["ghost"])
            ghosts = True
    for one in sorted(curves, key=lambda one: (one.name.endswith("c"), one.name == gate)):
        role = role_of(one)
        width = theme.lines.cell_curve if role == "cell" else theme.lines.gate_curve
        if role == "cell":  # it is the one that crosses the others
            _stroke(painter, one.values, field, span, theme.panel, width + 3)
        _stroke(painter, one.values, field, span, getattr(theme, role), width, DASHES.get(role, ()))
    painter.restore()
    _paint_names(painter, curves, field, span, gate, theme)
    if ghosts and field.group == "states":
        _paint_note(painter, curves, field, span, tr("dashed: without what is held"), theme.hint, theme)
    for held in part.held if field.group == "gates" else ():
        words = tr("held at t = {t}").format(t=count(held.first))
        if held.last > held.first:
            words = tr("held, t = {first} to {last}").format(first=count(held.first), last=count(held.last))
        left = span.edge(min(held.last, part.timesteps) + 1)
        _paint_note(painter, curves, field, span, words, theme.text["clamp"], theme, left)
        break


def _paint_note(
    painter: QPainter,
    curves: list[CellCurve],
    field: Field,
    span: Span,
    words: str,
    colour: str,
    theme: Theme,
    left: float | None = None,
) -> None:
    """A few words where no curve runs: at the right end, or to the right of ``left``; none where there is no room."""
    font, high = fonts.text(12, 500), fonts.scaled(16)
    wide = ink.text_width(words, font) + 8
    x = field.box.right() - wide - 4 if left is None else left + 4
    if x + wide > field.box.right():
        return
    first, last = span.at(x), span.at(x + wide)
    for top in (field.box.top() + 2, field.box.bottom() - high - 2, field.box.center().y() - high / 2):
        box = QRectF(x, top, wide, high)
        if not any(_crosses(array[first - 1 : last], field, box) for one in curves for array in _both(one)):
            ink.paint_text(painter, box, words, font, colour, ink.CENTRE)
            return


def _both(curve: CellCurve) -> list[np.ndarray]:
    return [array for array in (curve.values, curve.ghost) if array is not None]


def _crosses(values: np.ndarray, field: Field, box: QRectF) -> bool:
    ys = [field.y(float(value)) for value in values if np.isfinite(value)]
    return bool(ys) and max(ys) > box.top() - 3 and min(ys) < box.bottom() + 3


def role_of(curve: CellCurve) -> str:
    """Which colour a curve has."""
    return ROLES.get(curve.role, ROLES.get(curve.name.removeprefix("d_"), "cell"))


def _stroke(
    painter: QPainter,
    values: np.ndarray,
    field: Field,
    span: Span,
    colour: str,
    width: float,
    dash: tuple[float, ...] = (),
) -> None:
    """A curve over the timesteps, kept a little around its plot."""
    xs = span.left + (np.arange(len(values)) + 0.5) * span.pitch
    with np.errstate(invalid="ignore"):
        share = np.clip((values.astype(np.float64) - field.low) / (field.high - field.low), -0.02, 1.02)
    stroke(painter, xs, field.box.bottom() - share * field.box.height(), colour, width, dash)


def _paint_names(painter: QPainter, curves: list[CellCurve], field: Field, span: Span, gate: str, theme: Theme) -> None:
    """The symbols at the right ends, moved apart where they would touch."""
    px = 16
    high = fonts.scaled(px)
    wanted = []
    for one in curves:
        finite = one.values[np.isfinite(one.values)]
        wanted.append((field.y(float(finite[-1])) if len(finite) else field.box.bottom(), one))
    wanted.sort(key=lambda pair: pair[0])
    top = field.box.top() + high * 0.3
    ys = [y for y, _ in wanted]
    for k in range(len(ys)):
        ys[k] = max(ys[k], ys[k - 1] + high if k else top)
    over = ys[-1] - (field.box.bottom() - 0.2 * high) if ys else 0.0
    if over > 0:
        ys[-1] -= over
        for k in range(len(ys) - 2, -1, -1):
            ys[k] = min(ys[k], ys[k + 1] - high)
    for y, (_, one) in zip(ys, wanted, strict=True):
        markup = f"∂L/∂{one.name[2:]}_t" if one.name.startswith("d_") else f"{one.name}_t"
        colour = theme.text.get(role_of(one), theme.ink)
        text = FormulaText(symbol_runs(markup), px, theme, colour=colour)
        x = span.left + span.width + 8
        text.paint(painter, x, y + 0.3 * high)
        if one.name == gate and len(curves) > 1:
            ink.line(painter, x, y + 0.52 * high, x + text.width, y + 0.52 * high, ink.pen(colour, 1.5))


def _paint_heading(painter: QPainter, part: CellPart, fields: list[Field], theme: Theme) -> None:
    first = fields[0]
    bold, small = fonts.text(13, 650), fonts.text(12)
    line = fonts.scaled(17)
    unit = tr("Unit {n}").format(n=count(part.unit + 1))
    names = {
        "gates": (tr("gates"), tr("0 to 1")),
        "states": (tr("states"),),
        "gradients": (tr("log₁₀ of the"), tr("gradient’s size")),
    }
    for field in fields:
        y = field.box.top() - 3
        if field is first:
            ink.paint_text(painter, QRectF(4, y, 90, line + 2), unit, bold, theme.ink)
            y += line + 2
        for words in names[field.group]:
            if y + line <= field.box.bottom() + 6:
                ink.paint_text(painter, QRectF(4, y, 100, line), words, small, theme.secondary)
            y += line - 1


def _paint_playhead(painter: QPainter, part: CellPart, fields: list[Field], span: Span, theme: Theme) -> None:
    x = ink.crisp(span.middle(part.t))
    top, bottom = fields[0].box.top(), fields[-1].box.bottom()
    ink.line(painter, x, top, x, bottom, ink.pen(theme.ink, theme.lines.playhead))
    font, bold = fonts.text(12), fonts.text(12, 700)
    shown = count(part.t)
    wide = max(ink.text_width(shown, bold) + 14, fonts.scaled(28))
    left = min(max(x - wide / 2, span.left - 10), span.left + span.width + 10 - wide)
    row = QRectF(left, bottom + 3, wide, fonts.scaled(18))
    for t in timestep_ticks(part.timesteps, span.pitch, max(64.0, fonts.scaled(48))):
        at = span.middle(t)
        half = ink.text_width(count(t), font) / 2 + 2
        if at + half < row.left() - 4 or at - half > row.right() + 4:
            box = QRectF(at - half, row.top(), 2 * half, row.height())
            ink.paint_text(painter, box, count(t), font, theme.secondary, ink.CENTRE)
    ink.paint_pill(painter, row, shown, bold, theme)


__all__ = ["Field", "number", "paint", "range_of_group", "role_of", "ticks_of"]
