"""Details under “More”: what the cells are made of, and what makes a task harder."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSpinBox, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.readouts import most_layers, variant_titles
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard, pad_spin_box
from lstmviz.views.controls import SegmentedControl, label
from lstmviz.views.slider import ValueSlider
from lstmviz.views.theme import Theme
from lstmviz.words import decimal, tr

RESETS = ("after", "before")


class CellsGroup(Group):
    """Which cell of the LSTM family, where the GRU resets, and how many layers."""

    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Cells and layers"))
        self._variants = list(variant_titles())
        self.variant, self.layers = QComboBox(self), QSpinBox(self)
        self.variant.addItems(list(variant_titles().values()))
        self.variant.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.variant.setMinimumContentsLength(12)
        self.variant.setAccessibleName(tr("LSTM variant"))
        self.variant.setToolTip(tr("The LSTM, what is left of it, or what was added to it"))
        self.reset = SegmentedControl([tr("after W h"), tr("before W h")], tr("GRU reset gate acts"), self)
        for index, about in enumerate((tr("r ∘ (W h), as in PyTorch"), tr("W (r ∘ h), as in the paper of 2014"))):
            self.reset.segment(index).setToolTip(about)
        self.layers.setRange(1, most_layers())
        self.layers.setKeyboardTracking(False)
        self.layers.setAccessibleName(tr("Layers"))
        self.layers.setToolTip(tr("Layers of every network; the readout sees the last one"))
        self.both = QCheckBox(tr("Both directions"), self)
        self.both.setAccessibleName(tr("Both directions"))
        self.both.setToolTip(tr("Each layer also reads the sequence backward"))
        self._guard = WheelGuard(self)
        self._guard.guard(self.variant)
        self._guard.guard(self.layers)
        self._reset_title = label(tr("GRU reset gate acts"), "secondary", self)
        row = QHBoxLayout()
        row.addWidget(label(tr("Layers"), "secondary", self))
        row.addStretch(1)
        row.addWidget(self.layers)
        self.rows.setSpacing(4)
        self.rows.addWidget(label(tr("LSTM variant"), "secondary", self))
        self.rows.addWidget(self.variant)
        self.rows.addWidget(self._reset_title)
        self.rows.addWidget(self.reset)
        self.rows.addLayout(row)
        self.rows.addWidget(self.both)
        self.variant.activated.connect(self._choose_variant)
        self.reset.chosen.connect(self._choose_reset)
        self.layers.valueChanged.connect(self._choose_layers)
        self.both.clicked.connect(self._choose_both)

    @Slot(int)
    def _choose_variant(self, index: int) -> None:
        self.change({"lstm.variant": self._variants[index]}, about="")

    @Slot(int)
    def _choose_reset(self, index: int) -> None:
        self.change({"gru.reset": RESETS[index]}, about="")

    @Slot(int)
    def _choose_layers(self, layers: int) -> None:
        self.change({"layers": layers})

    @Slot(bool)
    def _choose_both(self, both: bool) -> None:
        self.change({"bidirectional": both}, about="")

    def draw(self, frame: Frame) -> None:
        """Show what is set."""
        settings = frame.settings
        self.variant.setCurrentIndex(self._variants.index(settings.variant))
        self.variant.setEnabled("lstm" in settings.cells)
        for part in (self._reset_title, self.reset):
            part.setVisible("gru" in settings.cells)
        self.reset.choose(RESETS.index(settings.reset))
        with QSignalBlocker(self.layers):
            self.layers.setValue(settings.layers)
        self.both.setChecked(settings.bidirectional)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.layers.setFixedWidth(fonts.scaled(112))
        pad_spin_box(self.layers)


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
