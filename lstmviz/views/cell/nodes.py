"""Paints what computes and what stands at the edges: circles, pills, signs, the symbols of the states."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from lstmviz.stage.cell_frame import CellPart
from lstmviz.views import fonts
from lstmviz.views.cell.look import formula, small
from lstmviz.views.cell.places import BUS, EDGE, HIDDEN, OUTLINE, PILL, RADIUS, STATE, WIDTH
from lstmviz.views.cell.plan import Node, Plan
from lstmviz.views.cell.wires import reaches
from lstmviz.views.formula_text import symbol_runs
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

SYMBOL = 21.0


def paint_outline(painter: QPainter, theme: Theme) -> None:
    """The cell's own outline."""
    painter.setPen(ink.pen(theme.hairline, 1.5))
    painter.setBrush(qcolor(theme.panel))
    painter.drawRoundedRect(QRectF(*OUTLINE), 18, 18)


def paint_nodes(painter: QPainter, plan: Plan, part: CellPart, theme: Theme) -> None:
    """Circles and pills; the one of the current operation with a double ring."""
    for node in plan.nodes.values():
        if node.kind in ("circle", "pill"):
            current = is_current(node, part)
            done = part.shows == "gradients" or reaches(node.name, part, plan)
            _paint_node(painter, node.kind, node.sign, (node.x, node.y), current, done, theme)
    for _, sign, (x, y) in plan.signs:
        _paint_sign(painter, sign, x, y, theme)


def is_current(node: Node, part: CellPart) -> bool:
    """Whether the operation on show computes something in this node."""
    now = part.operations[part.current].result
    if part.shows == "values":
        return any(result in now for result in node.results) or (node.name == "rhn" and "a_n" in now)
    around = {
        "tanh_c": ("d_c_h",),
        "h": ("d_h",) if node.kind != "block" else ("d_a",),
        "c": ("d_c",),
        "kept": ("d_c_along", "d_f"),
        "written": ("d_i", "d_g"),
        "a": ("d_a",),
        "rhn": ("d_hn",),
        "rh": ("d_rh",),
        "hn": ("d_hn",),
    }
    return any(name in now for name in around.get(node.name, (f"d_{node.results[0]}",)))


def _paint_node(
    painter: QPainter, kind: str, sign: str, where: tuple[float, float], current: bool, done: bool, theme: Theme
) -> None:
    x, y = where
    box = (
        QRectF(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS)
        if kind == "circle"
        else QRectF(x - PILL[0] / 2, y - PILL[1] / 2, *PILL)
    )
    round_ = min(box.width(), box.height()) / 2
    idle = kind == "pill" and sign == "1"
    if idle:  # nothing is there that multiplies
        box = QRectF(x - 12, y - 12, 24, 24)
        round_ = 12.0
    painter.setBrush(qcolor(theme.panel))
    if current:
        painter.setPen(ink.pen(theme.ink, 2.6))
        painter.drawRoundedRect(box.adjusted(-6, -6, 6, 6), round_ + 6, round_ + 6)
    pen = ink.pen(theme.ink if done and not idle else theme.outline, 1.2 if idle else 2.2)
    if idle:
        pen.setDashPattern([3, 2.4])
    painter.setPen(pen)
    painter.drawRoundedRect(box, round_, round_)
    if kind == "circle":
        paint_cross(painter, x, y, sign, theme.ink if done else theme.hint)
        return
    if sign in ("U", "W"):
        text = formula(symbol_runs(sign), 17, theme)
        text.paint(painter, x - text.width / 2, y + 5.5)
    else:
        ink.paint_text(
            painter, box, sign, fonts.text(13.5, 600, fixed=True), theme.ink if done else theme.hint, ink.CENTRE
        )


def paint_cross(painter: QPainter, x: float, y: float, sign: str, colour: str) -> None:
    """× and + as lines: glyphs sit at other heights in every font."""
    painter.setPen(ink.pen(colour, 2.2))
    far = 6.0 if sign == "+" else 4.6
    ends = ((far, 0.0), (0.0, far)) if sign == "+" else ((far, far), (far, -far))
    for dx, dy in ends:
        painter.drawLine(QPointF(x - dx, y - dy), QPointF(x + dx, y + dy))


def _paint_sign(painter: QPainter, sign: str, x: float, y: float, theme: Theme) -> None:
    width = 44.0 if len(sign) > 1 else 34.0
    box = QRectF(x - width / 2, y - 13, width, 26)
    painter.setBrush(qcolor(theme.panel))
    painter.setPen(ink.pen(theme.ink, 1.6))
    painter.drawRoundedRect(box, 13, 13)
    if sign in ("U", "W"):
        text = formula(symbol_runs(sign), 16, theme)
        text.paint(painter, x - text.width / 2, y + 5)
    else:
        ink.paint_text(painter, box, sign, fonts.text(13.5, 600, fixed=True), theme.ink, ink.CENTRE)


def paint_edges(painter: QPainter, plan: Plan, part: CellPart, theme: Theme) -> None:
    """What comes in at the left and leaves at the right, as symbols."""
    cell, hidden, ink_ = theme.text["cell"], theme.text["hidden"], theme.secondary
    if plan.cell == "lstm":
        _symbol(painter, "c_{t−1}", cell, 22, STATE - 17, theme)
        _symbol(painter, "h_{t−1}", hidden, 22, BUS - 17, theme)
        _symbol(painter, "c_t", cell, WIDTH - 44, STATE - 17, theme)
        _symbol(painter, "h_t", hidden, WIDTH - 44, HIDDEN - 17, theme)
    else:
        y = plan.places.leaves["h"]
        _symbol(painter, "h_{t−1}", hidden, 22, y - 17, theme)
        _symbol(painter, "h_t", hidden, WIDTH - 44, y - 17, theme)
    x, _ = plan.places.starts["x"][0]
    _symbol(painter, "x_t", ink_, x - 26, 513, theme)
    ink.paint_text(painter, QRectF(x + 8, 498, 240, 20), part.read, small(500), theme.secondary)
    if "i_before" in plan.places.starts and any(piece.value == "i_before" for piece in plan.pieces):
        for gate, role in (("i", "input"), ("f", "forget"), ("o", "output")):
            y = plan.places.starts[f"{gate}_before"][0][1]
            text = formula(symbol_runs(f"{gate}_{{t−1}}"), 15, theme, theme.text[role])
            text.paint(painter, 22, y + 4)
    y = plan.places.leaves["h"] + 13
    told = tr("to the readout")
    if part.t < part.timesteps:
        told += "\n" + tr("and timestep {t}").format(t=count(part.t + 1))
    painter.setFont(small())
    painter.setPen(qcolor(theme.hint))
    flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    painter.drawText(QRectF(1052, y, WIDTH - 1052 - EDGE, 40), flags, told)


def _symbol(painter: QPainter, markup: str, colour: str, x: float, y: float, theme: Theme) -> None:
    formula(symbol_runs(markup), SYMBOL, theme, colour).paint(painter, x, y)
