"""The Cell lab: one unit of one network at one timestep, with the running engine's number on every wire.

From top to bottom: the operations of the timestep, the diagram, a strip of all units, the unit over time.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.frame import Frame
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.cell.diagram import CellDiagram
from lstmviz.views.cell.operation_strip import OperationStrip
from lstmviz.views.cell.over_time import OverTime
from lstmviz.views.cell.places import HEIGHT, WIDTH
from lstmviz.views.cell.unit_strip import UnitStrip
from lstmviz.views.cell.words import sentence_of, table_of
from lstmviz.views.control_groups.cell import CellGradientGroup, CellLookGroup, CellNoteGroup, desk_of
from lstmviz.views.control_groups.fine import CellsGroup
from lstmviz.views.control_groups.gap import GapGroup
from lstmviz.views.control_groups.interventions import InterventionsGroup
from lstmviz.views.control_groups.networks import NetworksGroup, TaskGroup
from lstmviz.views.control_groups.start import ForgetBiasGroup, SeedGroup
from lstmviz.views.labs.lab import Lab
from lstmviz.views.race.empty_card import EmptyCard
from lstmviz.views.tab_order import chain
from lstmviz.views.theme import Theme
from lstmviz.words import tr

MOST_ZOOM, LEAST_ZOOM = 1.35, 0.87
FOLDS = 0.95  # zoom under which the plots make room
INSET, GAP = 12, 3
PLOT, PLOTS = 84, 140  # pixels that one plot takes at least, and two, with their axis


@dataclass(frozen=True, slots=True)
class Rows:
    """Heights of what stands round the diagram, at a text size of 100 %."""

    inset: int
    strip: int
    units: int

    def without(self, plots: int) -> int:
        """What the diagram leaves to everything else."""
        return self.inset + fonts.scaled(self.strip) + fonts.scaled(self.units) + fonts.scaled(plots) + 3 * GAP


USUAL, TIGHT = Rows(12, 32, 28), Rows(4, 32, 22)


class Page(QWidget):
    """What scrolls."""


class CellLab(Lab):
    """The content area while Cell is open; parameters as for ``Lab``."""

    GROUPS = (
        CellLookGroup,
        CellGradientGroup,
        InterventionsGroup,
        CellNoteGroup,
        CellsGroup,
        TaskGroup,
        GapGroup,
        NetworksGroup,
        ForgetBiasGroup,
        SeedGroup,
    )
    MORE = (CellsGroup, TaskGroup, GapGroup, NetworksGroup, ForgetBiasGroup, SeedGroup)

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self.page = Page(self)
        self.area = QScrollArea(self)
        self.area.setWidget(self.page)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.operations = OperationStrip(stage, theme, self.page)
        self.diagram = CellDiagram(stage, theme, self.page)
        self.units = UnitStrip(stage, theme, self.page)
        self.over_time = OverTime(stage, theme, self.page)
        self.empty = EmptyCard(stage, theme, self)
        self._part: CellPart | None = None
        self.setAccessibleName(tr("Cell"))
        self.guides.attach(self.diagram, "cell.diagram", inset=20)
        self.guides.attach(self.operations, "cell.operations")
        self.guides.attach(self.units, "cell.strip", self.units.told_at)
        self.guides.attach(self.over_time, "cell.states")

    def draw(self, frame: Frame) -> None:
        """Show the frame's unit."""
        part = frame.part if isinstance(frame.part, CellPart) else None
        before, self._part, self._frame = self._part, part, frame
        self.area.setVisible(part is not None)
        self.empty.setVisible(part is None)
        if part is None or part is before:
            return
        self.operations.draw(part)
        self.diagram.draw(frame, part)
        self.units.draw(part)
        self.over_time.draw(frame, part)
        backward = part.shows == "gradients"
        self.guides.attach(self.diagram, "cell.backward" if backward else "cell.diagram", inset=20)
        self.guides.attach(self.over_time, "cell.gradients" if backward else "cell.states")
        if before is None or (before.cell, before.form) != (part.cell, part.form):
            chain(self, self.focus_order())

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        for part in (self.operations, self.diagram, self.units, self.over_time, self.empty):
            part.set_theme(theme)

    def set_scale(self, factor: float) -> None:
        """Take another text size, 0.8 to 2."""
        fonts.set_text_size(factor)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give every picture its place."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.empty.setGeometry(self.rect())
        self.area.setGeometry(self.rect())
        width, height, least = self.width(), self.height(), LEAST_ZOOM * fonts.text_size()
        rows = USUAL
        zoom = min(width / WIDTH, (height - rows.without(PLOTS)) / HEIGHT, MOST_ZOOM)
        folded = zoom < FOLDS * fonts.text_size()
        if folded:
            rows = TIGHT
            zoom = max(min(width / WIDTH, (height - rows.without(PLOT)) / HEIGHT), least)
        wide, high = round(WIDTH * zoom), round(HEIGHT * zoom)
        needed = rows.without(PLOT if folded else PLOTS) + high
        bar = self.area.verticalScrollBar().sizeHint().width() if needed > height else 0
        self.page.setFixedSize(max(width - bar, wide), max(height, needed))
        left = (self.page.width() - wide) // 2
        strip, units = fonts.scaled(rows.strip), fonts.scaled(rows.units)
        self.operations.setGeometry(left + INSET, rows.inset, wide - 2 * INSET, strip)
        above = rows.inset + strip + GAP
        self.diagram.setGeometry(left, above, wide, high)
        top = above + high + GAP
        self.units.setGeometry(left + INSET, top, wide - 2 * INSET, units)
        self.over_time.set_folded(folded)
        rest = self.page.height() - top - units - GAP
        self.over_time.setGeometry(left + INSET, top + units, wide - 2 * INSET, rest)

    # -- hands -------------------------------------------------------------------------------------------------

    def home(self) -> QWidget:
        """The diagram."""
        return self.diagram

    def focus_order(self) -> list[QWidget]:
        """Operations, diagram, its gates from left to right, units, the unit over time."""
        return [
            *self.operations.shown(),
            self.diagram,
            *self.diagram.valve_order(),
            self.units,
            self.over_time,
            self.empty.button,
        ]

    def turn_wires(self) -> None:
        """Values become gradients, and back."""
        desk_of(self._stage).toggle_shows()

    def leave(self) -> bool:
        """Esc ends a drag as if it had not been."""
        drags = [valve.leave_drag for valve in self.diagram.valve_order()]
        return any(leave() for leave in (*drags, self.over_time.leave_drag))

    # -- words -------------------------------------------------------------------------------------------------

    def sentence(self) -> str:
        """The operation on show with its numbers, and where it stands."""
        return sentence_of(self._part) if self._part is not None else tr("No network is shown.")

    def table(self, frame: Frame) -> PlotTable:
        """The unit at every timestep."""
        return table_of(self._part) if self._part is not None else super().table(frame)
