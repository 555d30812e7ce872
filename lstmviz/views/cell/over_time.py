"""The unit over time under the diagram: gates, states, or the size of its gradients; it is the scrubber, too.

Words used in this file
    plot     one of the fields under each other: "gates" (0 to 1), "states", "gradients" (log10)
    sketch   a drag in the gates: it makes a clamp over the timesteps it passes, or draws a gate that is in hand
    edge     an end of a clamp, which can be dragged
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.cell_frame import CellCurve, CellPart
from lstmviz.stage.frame import Frame
from lstmviz.stage.hands import Clamp
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.cell import over_time_paint
from lstmviz.views.cell.holding import clamp_index
from lstmviz.views.cell.over_time_paint import Field
from lstmviz.views.cell.plan import plan_of
from lstmviz.views.cell.tags import gradient_text, name_of, value_text
from lstmviz.views.inspect.columns import Span
from lstmviz.views.interventions.clamp_card import drawn
from lstmviz.views.interventions.edits import change, make, with_span
from lstmviz.views.interventions.quantities import FIRST
from lstmviz.views.race.shown import place_at
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

TOP = 9.0
GRAB = 8.0  # pixels within which a curve or an edge is meant
FAR = 10
UNITS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
ALONG = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
LEFT, RIGHT, AXIS, BETWEEN = 124.0, 62.0, 22.0, 10.0


class OverTime(QWidget):
    """The plots of one unit.

    Parameters
    ----------
    stage : Stage
        Told of the playhead, the unit and clamps.
    theme : Theme
    """

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self.part: CellPart | None = None
        self._frame: Frame | None = None
        self.gate = ""  # whose clamp a sketch makes
        self.folded = False
        self.everyone = False
        self._hand = ""  # "scrub", "clamp", "sketch", "first" or "last"
        self._index, self._from = -1, 1
        self._before = (1, 0.0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("The unit over time"))

    # -- showing -----------------------------------------------------------------------------------------------

    def draw(self, frame: Frame, part: CellPart) -> None:
        """Show the unit's curves."""
        missing = plan_of(part.cell, part.form).constants
        if missing:
            part = replace(part, curves=tuple(one for one in part.curves if one.name not in missing))
        self._frame, self.part = frame, part
        gates = [one.name for one in part.curves if one.group == "gates"]
        if self.gate not in gates:
            self.gate = FIRST[part.cell] if FIRST[part.cell] in gates else next(iter(gates), "")
        self.setToolTip(
            ""
            if part.shows == "gradients" or not gates
            else tr("Drag over the gates to hold one there; with Shift, of all units")
        )
        self._describe()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def set_folded(self, folded: bool) -> None:
        """Whether there is room for one plot alone: the states."""
        self.folded = folded
        self.update()

    def _describe(self) -> None:
        part = self.part
        assert part is not None
        said = []
        for one in self.shown():
            value = float(one.values[part.t - 1])
            bare = one.name.removeprefix("d_")
            gradient = one.name.startswith("d_")
            text = gradient_text(part.gradients.get(one.name, 0.0)) if gradient else value_text(value)
            said.append(f"{tr('gradient by the') + ' ' if gradient else ''}{name_of(bare)} {text}")
        where = tr("unit {unit}, timestep {t} of {n}").format(
            unit=count(part.unit + 1), t=count(part.t), n=count(part.timesteps)
        )
        self.setAccessibleDescription(tr(", ").join((where, *said)))

    def shown(self) -> list[CellCurve]:
        """The curves that are drawn."""
        part = self.part
        if part is None:
            return []
        groups = {field.group for field in self.fields()}
        return [one for one in part.curves if one.group in groups]

    # -- geometry ----------------------------------------------------------------------------------------------

    def span(self) -> Span:
        """Where the timesteps stand."""
        left, right = fonts.scaled(LEFT), fonts.scaled(RIGHT)
        return Span(left, max(self.width() - left - right, 10), self.part.timesteps if self.part else 1)

    def fields(self) -> list[Field]:
        """The plots from top to bottom."""
        part = self.part
        if part is None:
            return []
        span = self.span()
        room = max(self.height() - fonts.scaled(AXIS) - 4, 20)
        if part.shows == "gradients":
            return [self._field("gradients", TOP, room - TOP, span)]
        gates = any(one.group == "gates" for one in part.curves)
        if self.folded or not gates:
            return [self._field("states", TOP, room - TOP, span)]
        upper = round(0.44 * (room - BETWEEN))
        return [
            self._field("gates", TOP, upper - TOP, span),
            self._field("states", upper + BETWEEN, room - upper - BETWEEN, span),
        ]

    def _field(self, group: str, top: float, height: float, span: Span) -> Field:
        assert self.part is not None
        low, high = over_time_paint.range_of_group(group, self.part)
        return Field(group, QRectF(span.left, top, span.width, height), low, high)

    def point(self, field: Field, t: int, value: float) -> QPointF:
        """Where a value at a timestep is painted."""
        return QPointF(self.span().middle(t), field.y(value))

    # -- hands -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a clamp, draw a gate, move an edge, or set the playhead."""
        part, where = self.part, event.position()
        if event.button() != Qt.MouseButton.LeftButton or part is None:
            event.ignore()
            return
        t = self.span().at(where.x())
        self._from, self._hand = t, "scrub"
        self.everyone = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        edge = self.edge_at(where)
        gates = next((field for field in self.fields() if field.group == "gates"), None)
        if edge is not None:
            self._index, self._hand = edge
        elif gates is not None and gates.box.contains(where):
            self._take_gate(gates, t, where)
        if self._hand == "scrub":
            self._seek(t)

    def _take_gate(self, field: Field, t: int, where: QPointF) -> None:
        """Which gate a press in the gates means, and whether it is in hand timestep by timestep."""
        part = self.part
        assert part is not None
        near = self.curve_at(field, t, where.y())
        if near:
            self.gate = near
        index = clamp_index(self._stage.interventions, part, self.gate, t)
        one = self._stage.interventions[index] if index is not None else None
        by_hand = isinstance(one, Clamp) and len(one.values) > 1
        self._index = index if index is not None and by_hand else -1
        self._hand = "sketch" if by_hand else "clamp"
        self._before = (t, field.value(where.y()))
        if by_hand:
            self._sketch(field, t, where.y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what the press began."""
        where = event.position()
        if not self._hand:
            at_edge = self.edge_at(where) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if at_edge else Qt.CursorShape.ArrowCursor)
            return
        t = self.span().at(where.x())
        if self._hand == "scrub":
            self._seek(t)
        elif self._hand in ("first", "last"):
            self._move_edge(t)
        else:
            field = next((field for field in self.fields() if field.group == "gates"), None)
            if field is not None and self._hand == "clamp":
                self._clamp(t)
            elif field is not None:
                self._sketch(field, t, where.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag is one undo entry; a press that went nowhere sets the playhead."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._hand == "clamp" and self._index < 0:
            self._seek(self._from)
        elif self._hand not in ("", "scrub"):
            self._stage.close_entry()
        self._hand, self._index = "", -1

    def _clamp(self, t: int) -> None:
        """Hold the gate from where the drag began to here, at the height where it began."""
        part = self.part
        assert part is not None
        first, last = min(self._from, t), max(self._from, t)
        if self._index < 0:
            if t == self._from:
                return
            value = round(min(max(self._before[1], 0.0), 1.0), 2)
            units = () if self.everyone else (part.unit,)
            made = make(self._stage, Clamp(part.cell, self.gate, first, last, (value,), units), "cell range")
            self._index = -1 if made is None else made
            return
        one = self._stage.interventions[self._index]
        if isinstance(one, Clamp) and (one.first, one.last) != (first, last):
            change(self._stage, self._index, with_span(one, first, last), "cell range")

    def _sketch(self, field: Field, t: int, y: float) -> None:
        """Draw the gate by hand: every timestep that the pointer passed takes the height on its way."""
        value = round(min(max(field.value(y), 0.0), 1.0), 2)
        before, height = self._before
        one = self._stage.interventions[self._index]
        if not isinstance(one, Clamp):
            return
        made = one
        steps = max(abs(t - before), 1)
        for k in range(1, steps + 1):
            at = before + round((t - before) * k / steps)
            if one.first <= at <= one.last:
                made = drawn(made, at, round(height + (value - height) * k / steps, 2))
        self._before = (t, value)
        if made != one:
            change(self._stage, self._index, made, "cell sketch")

    def _move_edge(self, t: int) -> None:
        one = self._stage.interventions[self._index]
        if not hasattr(one, "first"):
            return
        assert isinstance(one, Clamp)
        first, last = (min(t, one.last), one.last) if self._hand == "first" else (one.first, max(t, one.first))
        if (first, last) != (one.first, one.last):
            change(self._stage, self._index, with_span(one, first, last), "cell edge")

    def _seek(self, t: int) -> None:
        assert self._frame is not None
        place = place_at(self._frame, t)
        if place is not None:
            self._stage.select(timestep=t)

    def leave_drag(self) -> bool:
        """Esc: put back what was before the drag; False when there is none."""
        hand, changed = self._hand, self._index >= 0
        self._hand, self._index = "", -1
        if hand in ("", "scrub") or not changed:
            return bool(hand)
        self._stage.close_entry()
        self._stage.undo()
        return True

    def edge_at(self, where: QPointF) -> tuple[int, str] | None:
        """The clamp in the list whose end lies under a place, and which end."""
        part, span = self.part, self.span()
        if part is None or not any(field.box.contains(where) for field in self.fields()):
            return None
        for index, one in enumerate(self._stage.interventions):
            if isinstance(one, Clamp) and one.on and one.cell == part.cell and one.first <= part.timesteps:
                if one.units and part.unit not in one.units:
                    continue
                ends = (("last", span.edge(min(one.last, part.timesteps) + 1)), ("first", span.edge(one.first)))
                for end, x in ends:
                    if abs(where.x() - x) <= GRAB / 2:
                        return index, end
        return None

    def curve_at(self, field: Field, t: int, y: float) -> str:
        """The gate whose curve lies under a place; "" for none."""
        found = [
            (abs(field.y(float(one.values[t - 1])) - y), one.name) for one in self.shown() if one.group == field.group
        ]
        near = min(found, default=(np.inf, ""))
        return near[1] if near[0] <= GRAB else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← → move the playhead, Shift by ten; ↑ ↓ choose the unit."""
        part, key = self.part, Qt.Key(event.key())
        far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if part is not None and key in ALONG:
            self._seek(max(1, min(part.t + far * ALONG[key], part.timesteps)))
        elif part is not None and key in UNITS:
            self._stage.select(unit=max(0, min(part.unit + far * UNITS[key], part.units - 1)))
        else:
            event.ignore()

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fields, spans, curves, playhead, numbers."""
        part = self.part
        if part is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            over_time_paint.paint(painter, part, self.fields(), self.span(), self.gate, self._theme)
