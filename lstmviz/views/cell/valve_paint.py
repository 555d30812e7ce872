"""How a valve looks: all texts and lengths of one gate block, and of the small gauge of a state."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.explain import Run
from lstmviz.views import fonts
from lstmviz.views.cell.look import LARGE, SMALL, TITLE, formula, number, small
from lstmviz.views.cell.nodes import is_current
from lstmviz.views.cell.places import BLOCK
from lstmviz.views.cell.plan import ROLES, Node
from lstmviz.views.cell.tags import gradient_text, name_of, value_text
from lstmviz.views.formula_text import symbol_runs
from lstmviz.views.interventions.quantities import Range
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import MINUS, tr
from lstmviz.words import number as written

MARGIN = 9.0  # round the block, for the ring of the current operation and the focus
GAUGE = QRectF(24, 34, 16, 74)
STATE_GAUGE = QRectF(20, 6, 14, 60)
STATE_SIZE = (64.0, 72.0)
ENDS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)


@dataclass(frozen=True, slots=True)
class Look:
    """Everything a valve paints."""

    quantity: str
    role: str
    block: bool
    gradients: bool
    value: float
    text: str  # of the value
    argument: str  # "σ(−0.042)"; "" where there is none
    was: str  # "was 0.952"; "" where nothing differs
    before: float | None
    held: bool
    reached: bool
    current: bool
    reach: Range
    handle: bool
    slope: str
    gradient: str
    gradient_reached: bool
    derived: bool  # it is what another gate leaves, and has no sum of its own


def state_range(value: float) -> Range:
    """The scale of a state's gauge: an absolute notch that holds the value."""
    size = abs(value) if value == value else 0.0
    end = next((end for end in ENDS if size <= end), ENDS[-1])
    return Range(-end, end, 0.01, 0.0)


def look_of(quantity: str, node: Node | None, part: CellPart, held: float | None, reach: Range, can_hold: bool) -> Look:
    """What a valve shows of a part of the frame."""
    value = part.values.get(quantity, float("nan"))
    before = part.was.get(quantity)
    was = ""
    if before is not None and value_text(before) != value_text(value):
        was = tr("was {value}").format(value=value_text(before))
    argument, slope, gradient, arrived = "", "", "", False
    if node is not None:
        inner = node.results[0] if len(node.results) > 1 else "a" if part.cell == "rnn" else ""
        if inner in part.values and held is None:
            shown = value_text(part.values[inner])
            argument = f"{node.sign}({shown})" if node.sign else f"= {shown}"
        elif node.sign == "1 −" and held is None:
            argument = f"1 {MINUS} i"
        slope = value_text(_slope(node.sign, value))
        name = f"d_{inner}" if inner else f"d_{quantity}"
        if name in part.gradients:
            gradient, arrived = gradient_text(part.gradients[name]), name in part.reached
    gradients = part.shows == "gradients"
    return Look(
        quantity,
        ROLES[quantity],
        node is not None,
        gradients,
        value,
        value_text(value),
        argument,
        was,
        before,
        held is not None,
        gradients or quantity in part.reached,
        node is not None and is_current(node, part),
        reach,
        can_hold,
        slope,
        gradient,
        arrived,
        node is not None and len(node.results) == 1 and part.cell != "rnn",
    )


def _slope(sign: str, value: float) -> float:
    """How steep the block's function is where it stands, told by its value."""
    if sign == "σ":
        return value * (1.0 - value)
    if sign == "tanh":
        return 1.0 - value * value
    return {"1 −": -1.0, "ReLU": float(value > 0)}.get(sign, 1.0)


def gauge_box(block: bool) -> QRectF:
    """The gauge in units of the scene, inside its valve."""
    return GAUGE if block else STATE_GAUGE


def paint(painter: QPainter, look: Look, theme: Theme) -> None:
    """The whole valve; the painter stands at its top left corner, in units of the scene."""
    if not look.block:
        if not look.gradients:
            _paint_gauge(painter, look, theme, STATE_GAUGE)
        return
    _paint_frame(painter, look, theme)
    if look.gradients:
        _paint_backward(painter, look, theme)
    else:
        _paint_gauge(painter, look, theme, GAUGE)
        _paint_values(painter, look, theme)


def _paint_frame(painter: QPainter, look: Look, theme: Theme) -> None:
    box = QRectF(0, 0, *BLOCK)
    if look.current:
        painter.setBrush(qcolor(theme.panel))
        painter.setPen(ink.pen(theme.ink, 2.6))
        painter.drawRoundedRect(box.adjusted(-6, -6, 6, 6), 13, 13)
    colour = theme.clamp_outline if look.held else getattr(theme, look.role)
    painter.setBrush(qcolor(theme.panel))
    painter.setPen(ink.pen(colour if look.reached or look.held else theme.outline, 2.0))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 8, 8)
    if look.held:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(theme.clamp))
        painter.drawRoundedRect(QRectF(2.5, 2.5, BLOCK[0] - 5, 5), 2.5, 2.5)
    font = fonts.text(TITLE, 500, fixed=True)
    symbol = formula(symbol_runs(f"{look.quantity}_t"), 19, theme, theme.text.get(look.role, theme.ink))
    room = BLOCK[0] - 28 - symbol.width
    ink.paint_text(
        painter, QRectF(10, 9, room, 20), ink.elided(name_of(look.quantity), font, room), font, theme.secondary
    )
    symbol.paint(painter, BLOCK[0] - 10 - symbol.width, 25)


def _paint_values(painter: QPainter, look: Look, theme: Theme) -> None:
    right = BLOCK[0] - 10
    shown = number(look.text, LARGE, 600, theme.ink if look.reached else theme.hint, theme)
    shown.paint(painter, right - shown.width, 60)
    rows = [78.0, 97.0]
    if look.held:
        _paint_row(painter, right, rows.pop(0), tr("clamped"), theme.text["clamp"], 600)
    elif look.argument:
        runs = (Run(look.argument, "plain"),)
        text = formula(runs, 13.5, theme, theme.secondary)
        text.paint(painter, right - text.width, rows.pop(0))
    if look.was:
        _paint_row(painter, right, rows[0], look.was, theme.hint, 400)


def _paint_row(painter: QPainter, right: float, baseline: float, text: str, colour: str, weight: int) -> None:
    box = QRectF(50, baseline - 14, right - 50, 19)
    ink.paint_text(painter, box, text, small(weight), colour, ink.RIGHT)


def _paint_backward(painter: QPainter, look: Look, theme: Theme) -> None:
    left, right = 10.0, BLOCK[0] - 10
    for y, name, text in ((47.0, tr("slope"), look.slope), (68.0, tr("value"), look.text)):
        ink.paint_text(painter, QRectF(left, y - 10, 70, 20), name, small(), theme.hint)
        shown = number(text, 13.0, 500, theme.ink, theme)
        shown.paint(painter, right - shown.width, y + 4.5)
    painter.setPen(ink.pen(theme.hairline, 1))
    painter.drawLine(QPointF(left, 82.5), QPointF(right, 82.5))
    letter = look.quantity if look.derived else "a" if look.quantity in "rznh" else "z"
    symbol = formula(symbol_runs(f"∂L/∂{letter}", "gradient"), 15, theme)
    symbol.paint(painter, left, 104)
    colour = theme.ink if look.gradient_reached else theme.hint
    shown = number(look.gradient, 13.0, 600 if look.current else 500, colour, theme)
    shown.paint(painter, right - shown.width, 104)


# ----------------------------------------------------------------------------- gauge


def _paint_gauge(painter: QPainter, look: Look, theme: Theme, box: QRectF) -> None:
    reach = look.reach

    def height(value: float) -> float:
        inside = min(max(value, reach.low), reach.high) if value == value else reach.low
        return box.bottom() - (inside - reach.low) / (reach.high - reach.low) * box.height()

    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(qcolor(theme.sunk))
    painter.drawRoundedRect(box, 3, 3)
    if look.reached or look.held:
        base, top = height(max(reach.low, 0.0)), height(look.value)
        painter.fillRect(
            QRectF(box.left() + 1, min(base, top), box.width() - 2, max(abs(base - top), 1.0)),
            qcolor(getattr(theme, look.role)),
        )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(ink.pen(theme.outline, 1.2))
    painter.drawRoundedRect(box, 3, 3)
    if reach.low < 0:
        painter.setPen(ink.pen(theme.secondary, 1))
        painter.drawLine(QPointF(box.left() - 3, height(0)), QPointF(box.right() + 3, height(0)))
    if look.was and look.before is not None:
        pen = ink.pen(theme.ink, 1.4)
        pen.setDashPattern([2.2, 1.8])
        painter.setPen(pen)
        painter.drawLine(QPointF(box.left() - 2, height(look.before)), QPointF(box.right() + 2, height(look.before)))
    font = fonts.text(11.5, fixed=True)
    for value, y in ((reach.high, box.top()), (reach.low, box.bottom())):
        text = written(value, 2).rstrip("0").rstrip(".") if value else "0"
        ink.paint_text(
            painter, QRectF(box.left() - 26, y - 8 + (6 if y == box.top() else -4), 22, 16), text, font, theme.hint,
            ink.RIGHT,
        )  # fmt: skip
    if look.handle:
        _paint_handle(painter, look, theme, box, height(look.value))


def _paint_handle(painter: QPainter, look: Look, theme: Theme, box: QRectF, y: float) -> None:
    if look.held:  # pushed in
        x = box.right() - 5
        shape = [(x, y), (x + 6, y - 6), (x + 16, y - 6), (x + 16, y + 6), (x + 6, y + 6)]
        painter.setPen(ink.pen(theme.clamp_outline if not theme.dark else theme.panel, 1.4))
        painter.setBrush(qcolor(theme.clamp))
    else:
        x = box.right() + 3
        shape = [(x, y), (x + 9, y - 6), (x + 9, y + 6)]
        painter.setPen(ink.pen(theme.ink if look.reached else theme.outline, 1.4))
        painter.setBrush(qcolor(theme.panel))
    painter.drawPolygon(QPolygonF([QPointF(*point) for point in shape]))


__all__ = ["BLOCK", "MARGIN", "SMALL", "Look", "gauge_box", "look_of", "paint", "state_range"]
