"""One cell as a room sees it: the wires, one formula and at most three numbers.

Words used in this file
    lines     the unit of length, 1/1080 of the picture's height
    scene     the diagram's own lengths, as at the desk
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.explain import Line
from lstmviz.stage.frame import Frame
from lstmviz.views import fonts
from lstmviz.views.cell.look import number
from lstmviz.views.cell.nodes import is_current, paint_cross, paint_outline
from lstmviz.views.cell.places import EDGE, HEIGHT, RADIUS, WIDTH, Side
from lstmviz.views.cell.plan import ROLES, Node, Plan, plan_of
from lstmviz.views.cell.tags import Tag, gradient_text, tags_of, value_text
from lstmviz.views.cell.wires import paint_gradients, paint_values
from lstmviz.views.cell.words import sentence_of
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.lecture.geometry import MARGIN
from lstmviz.views.lecture.labels import LEAST, VALUE, Label
from lstmviz.views.race import ink
from lstmviz.views.theme import AUDIENCE_LINES, Theme, qcolor

TOP, FORMULA_TOP, LAST = 50.0, 872.0, 1022.0
SYMBOL, NUMBER = 56.0, 52.0
MOST = 3  # numbers
PILL = (88.0, 42.0)
BAR, HANDLE = 11.0, 58.0  # a clamp: height of its bar, and its length on a wire


Number = tuple[str, float, float, Side]  # text, and where it stands in the scene


class CellPicture:
    """One frame of the Cell lab. Parameters as for ``RacePicture``; ``frame.part`` is a ``CellPart``."""

    def __init__(self, frame: Frame, width: float, theme: Theme) -> None:
        assert isinstance(frame.part, CellPart)
        self.frame, self.theme, self.part = frame, theme, frame.part
        self.width = width
        self.plan: Plan = plan_of(self.part.cell, self.part.form)
        self.zoom = min((width - 2 * MARGIN) / WIDTH, (FORMULA_TOP - 70 - TOP) / HEIGHT)
        self.left = (width - self.zoom * WIDTH) / 2
        self._labels = [*self._symbols(), *self._numbers(), *self._formula()]

    def labels(self) -> list[Label]:
        """Everything written in the picture."""
        return self._labels

    def sentence(self) -> str:
        """The picture in words, for screen readers."""
        return sentence_of(self.part)

    # -- what is written ---------------------------------------------------------------------------------------

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """A place of the scene in lines."""
        return self.left + self.zoom * x, TOP + self.zoom * y

    def _label(self, kind: str, text: FormulaText, px: float, middle: tuple[float, float]) -> Label:
        return Label(kind, text, px, middle[0] - text.width / 2, middle[1] + 0.36 * px)

    def _symbols(self) -> list[Label]:
        """Gates in their blocks, states where they leave, and the functions in their pills."""
        theme, made = self.theme, []
        for node in self.plan.blocks:
            text = self._symbol(node.name)
            x, y = self._at(node.box[2] - 30, node.box[1] + 26)
            made.append(self._label("name", text, SYMBOL, (x, y)))
        inside = {node.name for node in self.plan.blocks}
        for name, height in self.plan.places.leaves.items():
            if name in inside:
                continue
            text = self._symbol(name)
            x, y = self._at(WIDTH - EDGE - 24, height - 30)
            made.append(self._label("name", text, SYMBOL, (x, y)))
        for node in self.plan.nodes.values():
            if node.kind == "pill" and node.sign != "1":
                text = FormulaText(symbol_runs(node.sign), LEAST, theme, face="text", weight=600, fixed=True)
                made.append(self._label("name", text, LEAST, self._at(node.x, node.y)))
        return made

    def _symbol(self, name: str) -> FormulaText:
        colour = self.theme.text[ROLES[name]]
        return FormulaText(symbol_runs(f"{name}_t"), SYMBOL, self.theme, colour=colour, fixed=True)

    def _numbers(self) -> list[Label]:
        """What the operation on show computes, and what it is computed from."""
        found: list[Label] = []
        for text, x, y, side in self._wanted():
            shown = number(text, NUMBER, 600, self.theme.ink, self.theme)
            share = {"left": 0.0, "middle": 0.5, "right": 1.0}[side]
            left, middle = self._at(x, y)
            left = min(max(left - share * shown.width, MARGIN), self.width - MARGIN - shown.width)
            made = Label("value", shown, NUMBER, left, middle + 0.36 * NUMBER)
            if len(found) < MOST and not any(made.rect().intersects(one.rect()) for one in found):
                found.append(made)
        return found

    def _wanted(self) -> list[Number]:
        """Numbers with their places in the scene: results first, then operands."""
        part, plan = self.part, self.plan
        tags = {one.name: one for one in tags_of(plan, part) if not one.part}  # of two places the one further right
        now = part.operations[part.current].result
        wanted = {name: _number(one) for name, one in tags.items() if one.current}
        for node in plan.blocks:
            inner = f"d_{node.results[0]}"
            if part.shows == "values" and node.name in now:
                wanted[node.name] = (value_text(part.values[node.name]), node.x, node.y + 20, "middle")
            elif part.shows == "gradients" and inner in now:
                wanted[inner] = (gradient_text(part.gradients[inner]), node.x, node.y + 20, "middle")
        joints = {
            node.name
            for node in plan.nodes.values()
            if node.kind != "block" and any(one in now for one in node.results)
        }
        for piece in plan.pieces if part.shows == "values" else ():
            node_before = plan.nodes.get(piece.value)
            if not joints.intersection(piece.readers) or piece.value in wanted:
                continue
            if node_before is not None and node_before.kind == "block":
                text = value_text(part.values[piece.value])
                wanted[piece.value] = (text, node_before.x, node_before.y + 20, "middle")
            elif piece.value in tags:
                wanted[piece.value] = _number(tags[piece.value])
        return list(wanted.values())

    def _formula(self) -> list[Label]:
        """The formula of the operation, in symbols and with numbers."""
        operation = self.part.operations[self.part.current]
        made = []
        for runs, baseline in ((operation.symbols, FORMULA_TOP + 64), (operation.numbers, LAST)):
            text, px = self._fitting(runs)
            made.append(Label("formula", text, px, (self.width - text.width) / 2, baseline))
        return made

    def _fitting(self, runs: Line) -> tuple[FormulaText, float]:
        px = VALUE
        while True:
            text = FormulaText(runs, px, self.theme, fixed=True)
            if px <= LEAST or text.width <= self.width - 2 * MARGIN:
                return text, px
            px -= 4.0

    # -- painting ----------------------------------------------------------------------------------------------

    def paint_standing(self, painter: QPainter) -> None:
        """Paint all of it."""
        plan, part, theme = self.plan, self.part, self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.translate(self.left, TOP)
        painter.scale(self.zoom, self.zoom)
        paint_outline(painter, theme)
        if part.shows == "values":
            paint_values(painter, plan, part, theme, part.spread)
        else:
            paint_gradients(painter, plan, part, theme, part.spread)
        for node in plan.nodes.values():
            self._paint_node(painter, node)
        for _, sign, (x, y) in plan.signs:
            self._paint_sign(painter, sign, x, y)
        painter.setPen(ink.pen(theme.clamp_outline, 2))
        painter.setBrush(qcolor(theme.clamp))
        for bar in self.held_bars():
            painter.drawRect(bar)
        painter.restore()
        for each in self._labels:
            each.paint(painter, theme)

    def held_bars(self) -> list[QRectF]:
        """A bar in the block of each gate that is held now, and on the wire of each state; in lengths of the scene."""
        held = {span.quantity for span in self.part.held if span.first <= self.part.t <= span.last}
        blocks = {node.name: node.box for node in self.plan.blocks}
        made = []
        for name in sorted(held):
            if name in blocks:
                left, _, right, bottom = blocks[name]
                made.append(QRectF(left + 4, bottom - 4 - BAR, right - left - 8, BAR))
            elif name in self.plan.places.leaves:
                height = self.plan.places.leaves[name]
                made.append(QRectF(WIDTH - EDGE - HANDLE, height - BAR / 2, HANDLE, BAR))
        return made

    def _paint_sign(self, painter: QPainter, sign: str, x: float, y: float) -> None:
        box = QRectF(x - 30, y - 20, 60, 40)
        painter.setBrush(qcolor(self.theme.panel))
        painter.setPen(ink.pen(self.theme.ink, 2.5))
        painter.drawRoundedRect(box, 20, 20)
        ink.paint_text(painter, box, sign, fonts.text(28, 600, fixed=True), self.theme.ink, ink.CENTRE)

    def _paint_node(self, painter: QPainter, node: Node) -> None:
        theme, current = self.theme, is_current(node, self.part)
        if node.kind == "pass":
            return
        if node.kind == "block":
            left, top, right, bottom = node.box
            box, round_ = QRectF(left, top, right - left, bottom - top), 8.0
            colour = getattr(theme, ROLES[node.name])
        else:
            wide, high = PILL if node.kind == "pill" and node.sign != "1" else (2 * RADIUS, 2 * RADIUS)
            box, round_ = QRectF(node.x - wide / 2, node.y - high / 2, wide, high), high / 2
            colour = theme.ink
        painter.setBrush(qcolor(theme.panel))
        if current:
            painter.setPen(ink.pen(theme.ink, 3.5))
            painter.drawRoundedRect(box.adjusted(-7, -7, 7, 7), round_ + 7, round_ + 7)
        painter.setPen(ink.pen(colour, AUDIENCE_LINES.playhead * 0.8))
        painter.drawRoundedRect(box, round_, round_)
        if node.kind == "circle":
            paint_cross(painter, node.x, node.y, node.sign, theme.ink)
        elif node.sign == "1":
            ink.paint_text(painter, box, "1", fonts.text(27, 600, fixed=True), theme.ink, ink.CENTRE)


def _number(tag: Tag) -> Number:
    """A number of the desk's diagram, a little lower: its type is larger."""
    return tag.text, tag.x, tag.y + (8.0 if tag.side == "middle" else 18.0), tag.side
