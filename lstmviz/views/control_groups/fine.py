"""Details under “More”: what makes a task harder."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group
from lstmviz.views.controls import label
from lstmviz.views.slider import ValueSlider
from lstmviz.views.theme import Theme
from lstmviz.words import decimal, tr


class NoiseGroup(Group):
    """Noise on the inputs, and timesteps that are missing."""

    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Noise and missing timesteps"))
        self.noise = ValueSlider(tr("Noise"), 0.0, 3.0, 0.05, self)
        self.noise.setToolTip(tr("Standard deviation of Gaussian noise on every input"))
        self.missing = ValueSlider(tr("Missing timesteps"), 0.0, 0.9, 0.05, self)
        self.missing.setToolTip(tr("Share of timesteps whose input is left out"))
        self._values = {"noise": label("", "value", self), "missing": label("", "value", self)}
        for name, slider in (("noise", self.noise), ("missing", self.missing)):
            head = QHBoxLayout()
            head.addWidget(label(slider.accessibleName(), "secondary", self))
            head.addStretch(1)
            head.addWidget(self._values[name])
            self.rows.addLayout(head)
            self.rows.addWidget(slider)
            slider.ended.connect(stage.close_entry)
        self.noise.chosen.connect(self._choose_noise)
        self.missing.chosen.connect(self._choose_missing)

    @Slot(float)
    def _choose_noise(self, noise: float) -> None:
        self.change({"noise": noise})

    @Slot(float)
    def _choose_missing(self, missing: float) -> None:
        self.change({"missing": missing})

    def draw(self, frame: Frame) -> None:
        """Show both."""
        self.noise.show_value(frame.settings.noise)
        self.missing.show_value(frame.settings.missing)
        self._values["noise"].setText(decimal(frame.settings.noise, 2))
        self._values["missing"].setText(decimal(frame.settings.missing, 2))

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.noise.updateGeometry()
        self.missing.updateGeometry()
