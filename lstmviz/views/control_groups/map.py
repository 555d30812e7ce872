"""What the Map measures: from which timestep to which, which state, by which norm, and what stands under the maps."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QSpinBox, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.map_desk import MapDesk
from lstmviz.stage.map_frame import LOWER, NORMS, STATES, MapPart
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard, named_rows, pad_spin_box
from lstmviz.views.controls import SegmentedControl, label
from lstmviz.views.theme import Theme
from lstmviz.words import tr


def desk_of(stage: Stage) -> MapDesk:
    """The Map's part of the stage."""
    return cast(MapDesk, stage.labs.desk("map"))


class PairGroup(Group):
    """The timestep at which the change is made, and the one at which it is measured."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("From and to"))
        self.start, self.end = QSpinBox(self), QSpinBox(self)
        self._guard = WheelGuard(self)
        self.rows.addWidget(label(tr("From and to"), "strong", self))
        words = (
            (self.start, tr("from timestep k"), tr("Where the change is made")),
            (self.end, tr("to timestep t"), tr("Where its effect is measured; the playhead goes there")),
        )
        for box in (self.start, self.end):
            box.setKeyboardTracking(False)
        grid = named_rows(words, self._guard, self)
        grid.setColumnStretch(0, 1)
        self.rows.addLayout(grid)
        self.start.valueChanged.connect(self._choose_start)
        self.end.valueChanged.connect(self._choose_end)

    @Slot(int)
    def _choose_start(self, k: int) -> None:
        desk_of(self.stage).choose(k)

    @Slot(int)
    def _choose_end(self, t: int) -> None:
        desk = desk_of(self.stage)
        desk.choose(min(desk.start, t), t)

    def draw(self, frame: Frame) -> None:
        """Show the pair."""
        if not isinstance(frame.part, MapPart):
            return
        for box, value in ((self.start, frame.part.start), (self.end, frame.part.end)):
            with QSignalBlocker(box):
                box.setRange(1, frame.timesteps)
                box.setValue(value)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        for box in (self.start, self.end):
            box.setFixedWidth(fonts.scaled(96))
            pad_spin_box(box)


class MeasureGroup(Group):
    """Which state is derived by itself, and how the size of the result is taken."""

    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("What is measured"))
        self.state = SegmentedControl([tr("∂h / ∂h"), tr("∂c / ∂c")], tr("State"), self)
        self.state.setToolTip(tr("Of the hidden state by itself, or of the LSTM's cell state; the others have only h"))
        self.norm = SegmentedControl([tr("All entries"), tr("Largest")], tr("Size"), self)
        about = tr("Root of the sum of squares of all entries, or the largest singular value, which takes longer")
        self.norm.setToolTip(about)
        for name, control in ((tr("State"), self.state), (tr("Size"), self.norm)):
            self.rows.addWidget(label(name, "secondary", self))
            self.rows.addWidget(control)
        self.state.chosen.connect(self._choose_state)
        self.norm.chosen.connect(self._choose_norm)

    @Slot(int)
    def _choose_state(self, index: int) -> None:
        desk_of(self.stage).set_by(STATES[index])

    @Slot(int)
    def _choose_norm(self, index: int) -> None:
        desk_of(self.stage).set_norm(NORMS[index])

    def draw(self, frame: Frame) -> None:
        """Show what is measured."""
        if isinstance(frame.part, MapPart):
            self.state.choose(STATES.index(frame.part.by))
            self.norm.choose(NORMS.index(frame.part.norm))


class LowerGroup(Group):
    """What stands under the maps."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Plot below"))
        self.choice = QComboBox(self)
        self.choice.addItems([tr("Singular values"), tr("Lyapunov exponents"), tr("Paths of the gradient")])
        self.choice.setAccessibleName(tr("Plot below"))
        about = (
            tr("Singular values of the product of Jacobians from k, as t grows"),
            tr("Lyapunov exponents: how fast changes grow or fade per timestep, direction by direction"),
            tr("On which ways the gradient arrived: along the state, or through each gate"),
        )
        for index, text in enumerate(about):
            self.choice.setItemData(index, text, Qt.ItemDataRole.ToolTipRole)
        self._guard = WheelGuard(self)
        self._guard.guard(self.choice)
        self.rows.addWidget(label(tr("Plot below"), "secondary", self))
        self.rows.addWidget(self.choice)
        self.choice.activated.connect(self._choose)

    @Slot(int)
    def _choose(self, index: int) -> None:
        desk_of(self.stage).set_lower(LOWER[index])

    def draw(self, frame: Frame) -> None:
        """Show the choice."""
        if isinstance(frame.part, MapPart):
            self.choice.setCurrentIndex(LOWER.index(frame.part.lower))
