"""The diagram: a scene of fixed size, scaled; numbers and valves are widgets of their own, so that all can reach them.

Words used in this file
    scene    the diagram's own lengths, 1184 x 520
    zoom     pixels per unit of the scene
    spread   how far the value of the current operation has come along its wire, 0 to 1
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.views.cell import valve_paint
from lstmviz.views.cell.formulas import Placed, placed_formulas
from lstmviz.views.cell.look import formula, tag_box
from lstmviz.views.cell.nodes import paint_edges, paint_nodes, paint_outline
from lstmviz.views.cell.number_tag import NumberTag
from lstmviz.views.cell.places import BIAS, BUS, HEIGHT, HIDDEN, PARTS, STATE, WIDTH
from lstmviz.views.cell.plan import Plan, plan_of
from lstmviz.views.cell.tags import Tag, tags_of
from lstmviz.views.cell.valve import Valve
from lstmviz.views.cell.wires import paint_gradients, paint_values
from lstmviz.views.formula_text import symbol_runs
from lstmviz.views.plain import plain
from lstmviz.views.race import ink
from lstmviz.views.tab_order import grown
from lstmviz.views.theme import Theme

STATE_GAUGES = {"c": (1060.0, STATE + 14), "h": (1060.0, HIDDEN + 46)}
STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class CellDiagram(QWidget):
    """One cell at one timestep.

    Parameters
    ----------
    stage : Stage
        Told of clamps.
    theme : Theme
    """

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self.plan: Plan | None = None
        self.part: CellPart | None = None
        self._frame: Frame | None = None
        self.tags: tuple[Tag, ...] = ()
        self.formulas: list[Placed] = []
        self.numbers: list[NumberTag] = []
        self.valves: dict[str, Valve] = {}
        self._known: dict[tuple[str, str, str], Valve] = {}
        self.chosen = -1  # of the tags, by the arrow keys
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    # -- geometry ----------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Pixels per unit of the scene."""
        return min(self.width() / WIDTH, self.height() / HEIGHT)

    def scene_rect(self, box: QRectF) -> QRect:
        """A box of the scene in pixels of this widget."""
        zoom = self.zoom
        return QRectF(box.left() * zoom, box.top() * zoom, box.width() * zoom, box.height() * zoom).toAlignedRect()

    def sizeHint(self) -> QSize:
        """The scene at its own size."""
        return QSize(round(WIDTH), round(HEIGHT))

    # -- drawing -----------------------------------------------------------------------------------------------

    def draw(self, frame: Frame, part: CellPart) -> None:
        """Show a part of the frame."""
        plan = plan_of(part.cell, part.form)
        if plan is not self.plan:
            self.plan, self.chosen = plan, -1
            self._show_valves(plan)
        self._frame, self.part = frame, part
        self.tags = tags_of(plan, part)
        for valve in self.valves.values():
            valve.draw(frame, part)
        self.arrange()
        self._describe()

    def arrange(self) -> None:
        """Give numbers and valves their places at the zoom that is now in force."""
        plan, part = self.plan, self.part
        if plan is None or part is None:
            return
        while len(self.numbers) < len(self.tags):
            self.numbers.append(NumberTag(self._theme, self))
        boxes = [tag_box(tag, self._theme) for tag in self.tags]
        for k, number in enumerate(self.numbers):
            number.setVisible(k < len(self.tags))
            if k < len(self.tags):
                number.draw(self.tags[k], boxes[k], self.zoom, k == self.chosen)
                number.setGeometry(self.scene_rect(boxes[k]))
        for name, valve in self.valves.items():
            valve.zoom = self.zoom
            valve.setGeometry(self.scene_rect(self.valve_box(name)))
            valve.setVisible(valve.node is not None or (part.shows == "values" and valve.can_hold()))
        self.formulas = placed_formulas(plan, part, self._theme, boxes)
        self.update()

    def valve_box(self, name: str) -> QRectF:
        """Where a valve lies in the scene, with its margin."""
        valve, margin = self.valves[name], valve_paint.MARGIN
        if valve.node is not None:
            left, top, right, bottom = valve.node.box
            box = QRectF(left, top, right - left, bottom - top)
        else:
            assert self.plan is not None
            x, _ = STATE_GAUGES[name]
            y = self.plan.places.leaves[name] + (14 if name == "c" else 48)
            box = QRectF(x, y, *valve_paint.STATE_SIZE)
        return box.adjusted(-margin, -margin, margin, margin)

    def _show_valves(self, plan: Plan) -> None:
        for valve in self.valves.values():
            valve.hide()
        self.valves = {}
        names = [(node.name, node) for node in plan.blocks]
        states = [(name, None) for name in plan.places.leaves if name not in plan.nodes or name not in dict(names)]
        for name, node in (*names, *states):
            key = (plan.cell, plan.form, name)
            if key not in self._known:
                self._known[key] = Valve(name, node, self._stage, self._theme, self)
            self.valves[name] = self._known[key]
        grown(self)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        for number in self.numbers:
            number.set_theme(theme)
        for valve in self._known.values():
            valve.set_theme(theme)
        self.arrange()

    @property
    def spread(self) -> float:
        """How far the value of the operation on show has come."""
        return float(getattr(self.part, "spread", 1.0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Outline, wires, nodes, symbols, formulas."""
        plan, part, theme = self.plan, self.part, self._theme
        if plan is None or part is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self.zoom, self.zoom)
            paint_outline(painter, theme)
            self._paint_biases(painter, plan, theme)
            if part.shows == "values":
                paint_values(painter, plan, part, theme, self.spread)
            else:
                paint_gradients(painter, plan, part, theme, self.spread)
            paint_nodes(painter, plan, part, theme)
            paint_edges(painter, plan, part, theme)
            for one in self.formulas:
                one.paint(painter)

    def _paint_biases(self, painter: QPainter, plan: Plan, theme: Theme) -> None:
        """A short wire for each bias, which comes from nowhere."""
        painter.setPen(ink.pen(theme.secondary, 1.5))
        if not plan.places.below:
            x, y = plan.places.nodes["b"]
            ink.line(painter, x, y, x, plan.nodes["a"].y, ink.pen(theme.secondary, 1.5))
            formula(symbol_runs("b"), 16, theme, theme.secondary).paint(painter, x - 4, y - 7)
            return
        for node in plan.blocks:
            if len(node.results) > 1:
                x, bottom = node.x + BIAS, node.box[3]
                ink.line(painter, x, bottom, x, PARTS, ink.pen(theme.secondary, 1.5))
                letter = formula(symbol_runs("b"), 13, theme, theme.hint)
                letter.paint(painter, x - letter.width / 2, BUS - 4)

    # -- hands and words ---------------------------------------------------------------------------------------

    def resizeEvent(self, _event: object) -> None:
        """Take another zoom."""
        self.arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → go from number to number, for those who hear them."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or not self.tags:
            event.ignore()
            return
        self.chosen = max(0, min(self.chosen + step, len(self.tags) - 1)) if self.chosen >= 0 else 0
        self.arrange()
        self._describe()
        number = self.numbers[self.chosen]
        QToolTip.showText(number.mapToGlobal(number.rect().bottomLeft()), plain(self.tags[self.chosen].words), number)

    def _describe(self) -> None:
        if self.part is None:
            return
        self.setAccessibleName(self.part.title)
        if 0 <= self.chosen < len(self.tags):
            self.setAccessibleDescription(self.tags[self.chosen].words)
        else:
            self.setAccessibleDescription(self.part.operations[self.part.current].name)

    def valve_order(self) -> list[Valve]:
        """Gates from left to right, then the states."""
        return list(self.valves.values())
