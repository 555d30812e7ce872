"""The gap as a number, for labs whose content has no gap slider."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.readouts import gap_words, greatest_gap, least_gap
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard, pad_spin_box
from lstmviz.views.controls import label
from lstmviz.views.keys import tip
from lstmviz.views.theme import Theme
from lstmviz.words import tr

LARGEST = 200  # as the Race's slider


class GapGroup(Group):
    """Timesteps between the cue and the query."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Gap"))
        self.gap = QSpinBox(self)
        self.gap.setKeyboardTracking(False)
        self.gap.setAccessibleName(tr("Gap"))
        self.gap.setToolTip(tip(commands.table["focus_gap"], tr("Timesteps between the cue and the query")))
        self._guard = WheelGuard(self)
        self._guard.guard(self.gap)
        row = QHBoxLayout()
        row.addWidget(label(tr("Gap"), "secondary", self))
        row.addStretch(1)
        row.addWidget(self.gap)
        self.rows.addLayout(row)
        self.gap.valueChanged.connect(self._choose)

    @Slot(int)
    def _choose(self, gap: int) -> None:
        self.change({"gap": gap})

    def draw(self, frame: Frame) -> None:
        """Show the gap as set."""
        with QSignalBlocker(self.gap):
            task, largest = frame.settings.task, max(LARGEST, frame.settings.gap)
            self.gap.setRange(least_gap(task), min(largest, greatest_gap(task) or largest))
            self.gap.setValue(frame.settings.gap)
        self.gap.setToolTip(tip(self.commands.table["focus_gap"], gap_words(frame.settings.task)))

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.gap.setFixedWidth(fonts.scaled(112))
        pad_spin_box(self.gap)
