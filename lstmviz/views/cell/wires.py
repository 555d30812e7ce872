"""Paints the wires: with values in the colour of their quantity, with gradients in that of their size."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from lstmviz.stage.cell_frame import CellPart
from lstmviz.views.cell.gradients import gradient_at, is_along
from lstmviz.views.cell.look import THIN, beginning, paint_arrow, path_of, wire_pen
from lstmviz.views.cell.places import HIDDEN, Point
from lstmviz.views.cell.plan import OUT, Piece, Plan
from lstmviz.views.cell.ramp import colour_of, floor_of, log10_size
from lstmviz.views.theme import Theme

ARROW = 9.0
LANES = (HIDDEN + 10, 300.0)  # between which the wires lie that come over the blocks
FAR = 70.0  # a stretch this long has an arrowhead in its middle
GATE_WIRE, SIDE_WIRE, THIN_WIRE = 3.0, 2.2, 1.5


def role_of(value: str, plan: Plan) -> str:
    """Which quantity's colour a value's wire has; "" for ink."""
    bare = value.removesuffix("_before")
    if bare in ("kept", "written"):
        return "cell" if plan.cell == "lstm" else "hidden"
    if bare in ("hn", "rh", "rhn"):
        return "hidden"
    return {
        "c": "cell", "h": "hidden", "f": "forget", "z": "forget", "i": "input", "r": "input", "o": "output",
        "g": "candidate", "n": "candidate",
    }.get(bare, "")  # fmt: skip


def width_of(piece: Piece, plan: Plan, theme: Theme) -> float:
    """How wide a wire is, with values on the wires: states are the widest, and what only looks at them is thin."""
    value, role = piece.value, role_of(piece.value, plan)
    looks = {"tanh_c", *(node.name for node in plan.blocks)}
    if value in ("c", "c_before") and looks.issuperset(piece.readers):
        return SIDE_WIRE
    if value in ("hn", "rh", "rhn"):
        return GATE_WIRE
    if role == "cell" or (role == "hidden" and plan.cell != "lstm" and value != "h_before"):
        return theme.lines.cell_wire
    if role == "hidden":
        return theme.lines.hidden_wire
    return THIN_WIRE if value == "x" or value.endswith("_before") else GATE_WIRE if role else SIDE_WIRE


def paint_values(painter: QPainter, plan: Plan, part: CellPart, theme: Theme, spread: float) -> None:
    """The wires with values: thin and grey where nothing has been computed yet."""
    now = part.operations[part.current].result
    made = {result for node in plan.nodes.values() for result in node.results}
    order = sorted(plan.pieces, key=lambda one: (lies_over(one), width_of(one, plan, theme)))
    cased = False
    for piece in order:
        if lies_over(piece) and not cased:
            cased = True
            paint_casings(painter, [one for one in plan.pieces if lies_over(one)], theme)
        reached = piece.value not in made or reaches(piece.value, part, plan)
        role = role_of(piece.value, plan)
        colour = getattr(theme, role) if role else theme.secondary if piece.value == "x" else theme.ink
        width = width_of(piece, plan, theme)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if not reached or (piece.value in now and spread < 1.0):
            painter.setPen(wire_pen(theme.outline, THIN))
            painter.drawPath(path_of(piece.points))
        if reached:
            points = list(piece.points)
            if piece.value in now and spread < 1.0:
                points = beginning(points, spread * piece.length)
            painter.setPen(wire_pen(colour, width))
            painter.drawPath(path_of(points))
    for piece in plan.pieces:
        if OUT in piece.readers and piece.points[-1][0] > 1100:
            reached = reaches(piece.value, part, plan)
            role = role_of(piece.value, plan)
            paint_arrow(
                painter, (piece.points[-1][0] + 4, piece.points[-1][1]), piece.points[-2], 14,
                getattr(theme, role) if reached else theme.outline,
            )  # fmt: skip


def reaches(value: str, part: CellPart, plan: Plan) -> bool:
    """Whether a value has been computed at the operation on show."""
    node = plan.nodes.get(value)
    if node is not None and node.kind == "pass":  # nothing is computed there
        return any(reaches(one.value, part, plan) for one in plan.pieces if value in one.readers)
    if value == "rhn":
        return "a_n" in part.reached
    return value in part.reached


def lies_over(piece: Piece) -> bool:
    """Whether a wire comes over the blocks and crosses what leaves them."""
    return piece.value.endswith("_before") and any(_in_lane(a, b) for a, b in pairwise(piece.points))


def _in_lane(a: Point, b: Point) -> bool:
    return a[1] == b[1] and LANES[0] < a[1] < LANES[1]


def paint_casings(painter: QPainter, pieces: list[Piece], theme: Theme) -> None:
    """Ground under the lanes, so that they are seen to cross and not to join."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(wire_pen(theme.panel, theme.lines.casing + 2))
    for piece in pieces:
        for a, b in pairwise(piece.points):
            if _in_lane(a, b):
                painter.drawPath(path_of((a, b)))


def paint_gradients(painter: QPainter, plan: Plan, part: CellPart, theme: Theme, spread: float) -> None:
    """The wires with gradients: bands from right to left, thin and grey where nothing has come back yet."""
    floor, now = floor_of(part), part.operations[part.current].result
    bands: list[tuple[Piece, str, float, float]] = []
    for piece in plan.pieces:
        found = None if piece.value == "x" else gradient_at(plan, piece, part.gradients)
        hidden = ("along" if is_along(piece, plan) else "through") not in part.paths
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(wire_pen(theme.hairline if hidden else theme.outline, THIN))
        painter.drawPath(path_of(piece.points))
        if found is not None and not hidden and found[0] in part.reached:
            colour = colour_of(found[1], floor, theme) or theme.panel
            bands.append((piece, colour, log10_size(found[1]), 1.0 if found[0] not in now else spread))
    bands.sort(key=lambda one: one[2])
    for under in (True, False):  # edges under all bands, so that joints stay open
        for piece, colour, _, share in bands:
            points = beginning(list(reversed(piece.points)), share * piece.length)
            width = theme.lines.gradient_wire + (1.6 if under else 0.0)
            painter.setPen(wire_pen(theme.outline if under else colour, width))
            painter.drawPath(path_of(points))
    for piece, _, _, share in bands:
        if share >= 1.0:
            _paint_heads(painter, piece, theme)


def _paint_heads(painter: QPainter, piece: Piece, theme: Theme) -> None:
    """Arrowheads in the middle of what is long enough: the gradient travels from reader to source."""
    for a, b in pairwise(piece.points):
        if a[1] == b[1] and b[0] - a[0] > FAR:
            middle = (a[0] + b[0]) / 2
            paint_arrow(painter, (middle - ARROW / 2, a[1]), (middle + ARROW, a[1]), ARROW, theme.ink)
