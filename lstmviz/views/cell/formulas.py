"""Where the formulas of a timestep stand: each at the node that it is of, in two lines, never over another one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from lstmviz.stage.cell_frame import CellEquation, CellPart
from lstmviz.views.cell.look import formula
from lstmviz.views.cell.places import OUTLINE
from lstmviz.views.cell.plan import Plan
from lstmviz.views.formula_text import FormulaText
from lstmviz.views.theme import Theme

CURRENT, OTHER, LEAST = 17.0, 15.0, 11.0
LEADING = 1.28
TERMS = {"c_h": "tanh_c", "c_along": "kept", "h_along": "kept", "c_before": "kept"}
EDGE = 14.0
RAIL = 55.0  # where the rings of the nodes on the upper rail begin


@dataclass(frozen=True, eq=False, slots=True)
class Placed:
    """One formula and its place."""

    result: str
    lines: tuple[FormulaText, ...]
    box: QRectF
    side: str
    current: bool
    upper: bool  # it stands at the upper edge of the outline

    def paint(self, painter: QPainter) -> None:
        """Both lines."""
        y = self.box.top()
        for line in self.lines:
            x = self.box.left() + (0.0 if self.side == "left" else (self.box.width() - line.width) / 2)
            line.paint(painter, x, y + line.ascent)
            y += line.ascent + line.descent


def placed_formulas(plan: Plan, part: CellPart, theme: Theme, taken: list[QRectF]) -> list[Placed]:
    """The formula of the operation on show, and those of nodes before it where there is room.

    Parameters
    ----------
    plan : Plan
    part : CellPart
    theme : Theme
    taken : list of QRectF
        What already stands in the diagram.
    """
    order = [part.current, *reversed(range(part.current))]
    boxes: list[QRectF] = list(taken)
    found: list[Placed] = []
    for index in order:
        operation, current = part.operations[index], index == part.current
        one = _placed(plan, part, operation.equations[0], theme, current)
        if one is None:
            continue
        if not current and one.upper:
            one = _pushed(one, found)
        if current or not any(one.box.intersects(box) for box in boxes):
            found.append(one)
            boxes.append(one.box)
    return found


def _pushed(one: Placed, found: list[Placed]) -> Placed:
    """The same to the right of what stands in its place at the upper edge, where there is room."""
    ends = [other.box.right() for other in found if other.upper and other.box.intersects(one.box)]
    right = OUTLINE[0] + OUTLINE[2] - EDGE
    if ends and max(ends) + 2 * EDGE + one.box.width() <= right:
        return replace(one, box=QRectF(max(ends) + 2 * EDGE, one.box.top(), one.box.width(), one.box.height()))
    return one


def anchor_of(plan: Plan, result: str) -> tuple[float, float, str]:
    """Where a result's formula begins: at its node, or in the upper left corner where it has none."""
    if result in plan.places.formulas:
        return plan.places.formulas[result]
    bare = result.removeprefix("d_")
    bare = TERMS.get(bare, bare)
    node = plan.node_of(bare)
    for name in (bare, node.name if node is not None else ""):
        if name in plan.places.formulas:
            return plan.places.formulas[name]
    return OUTLINE[0] + EDGE + 4, 34.0, "left"


def _placed(plan: Plan, part: CellPart, equation: CellEquation, theme: Theme, current: bool) -> Placed | None:
    node = plan.node_of(equation.result.removeprefix("d_"))
    if not current and node is not None and node.sign == "1":
        return None  # nothing is multiplied there
    x, y, side = anchor_of(plan, equation.result)
    upper = y < 60
    if not current and upper and equation.result.removeprefix("d_") not in ("kept", "c", "h", "c_along", "h_along"):
        return None  # the upper edge belongs to what stands on the rail; gates speak there while they are current
    colour = theme.ink if current else theme.secondary
    size = CURRENT if current else OTHER
    right = OUTLINE[0] + OUTLINE[2] - EDGE
    room = OUTLINE[2] - 2 * EDGE if upper else right - x if side == "left" else 172.0
    lines = _laid_out(equation, size, room, theme, colour)
    width = max(line.width for line in lines)
    height = sum(line.ascent + line.descent for line in lines)
    left = min(x, right - width) if side == "left" else x - width / 2
    top = y - lines[0].ascent + 2
    if upper:
        top = max(min(top, RAIL - height), OUTLINE[1] + 2)
    return Placed(equation.result, lines, QRectF(left, top, width, height), side, current, upper)


def _laid_out(equation: CellEquation, size: float, room: float, theme: Theme, colour: str) -> tuple[FormulaText, ...]:
    """Both lines in the largest type that fits."""
    while True:
        lines = tuple(formula(runs, size, theme, colour) for runs in (equation.symbols, equation.numbers) if runs)
        if size <= LEAST or max(line.width for line in lines) <= room:
            return lines
        size -= 1.0
