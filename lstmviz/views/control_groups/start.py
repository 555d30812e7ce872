"""How the networks start: forget bias, the RNN's recurrent weights, gain, seed."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QHBoxLayout, QLabel, QRadioButton, QSpinBox, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.readouts import readouts
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, Mark, WheelGuard, pad_spin_box
from lstmviz.views.controls import label
from lstmviz.views.keys import tip
from lstmviz.views.slider import ValueSlider
from lstmviz.views.theme import Theme
from lstmviz.words import decimal, tr

INITIALISATIONS = ("uniform", "orthogonal", "identity")
CHRONO = "chrono"


class ForgetBiasGroup(Group):
    """Start value of the forget gate, and what it keeps."""

    SPOT = "forget bias"
    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Forget bias"))
        self._mark = Mark("lstm", theme, self)
        self._value = label("", "value", self)
        self.slider = ValueSlider(tr("LSTM forget bias"), 0.0, 6.0, 0.1, self)
        about = tr("Start value of the forget gate: f = σ(b)")
        self.slider.setToolTip(tip(commands.table["focus_forget_bias"], about))
        self.chrono = QCheckBox(tr("Chrono"), self)
        self.chrono.setAccessibleName(tr("Chrono start of the forget bias"))
        self.chrono.setToolTip(tr("Draw each unit's bias from ln U[1, T − 1], so that half-lives spread up to the gap"))
        self._kept, self._half_life = label("", "value", self), label("", "value", self)
        self._keeps = label("", "hint", self)
        self._gru = label(tr("Also of the GRU's update gate."), "hint", self)
        self._before_chrono = 3.0
        self._narrow = self._spread = False
        self._lay_out()
        self.slider.chosen.connect(self._choose)
        self.slider.ended.connect(stage.close_entry)
        self.chrono.clicked.connect(self._choose_chrono)

    def _lay_out(self) -> None:
        head, grid = QHBoxLayout(), QGridLayout()
        head.setSpacing(6)
        head.addWidget(self._mark)
        head.addWidget(label(tr("LSTM forget bias"), "strong", self))
        head.addStretch(1)
        head.addWidget(self._value)
        self._grid = grid
        grid.setVerticalSpacing(1)
        self._sigma = label("σ(b) =", "", self)
        for row, (name, value, unit) in enumerate(
            (
                (self._sigma, self._kept, self._keeps),
                (label(tr("Half-life"), "secondary", self), self._half_life, label(tr("timesteps"), "hint", self)),
            )
        ):
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
            grid.addWidget(unit, row, 2)
        grid.setColumnStretch(2, 1)
        self.rows.addLayout(head)
        self.rows.addWidget(self.slider)
        self.rows.addLayout(grid)
        self.rows.addWidget(self._gru)
        self.rows.addWidget(self.chrono)

    @Slot(float)
    def _choose(self, bias: float) -> None:
        self.change({"lstm.forget_bias": bias})

    @Slot(bool)
    def _choose_chrono(self, chrono: bool) -> None:
        self.change({"lstm.forget_bias": CHRONO if chrono else self._before_chrono}, about="")

    def draw(self, frame: Frame) -> None:
        """Show the bias and what follows from it."""
        bias, found = frame.settings.forget_bias, readouts(frame.settings)
        if isinstance(bias, str):
            self.slider.show_value(None)
            self._value.setText(CHRONO)
        else:
            self._before_chrono = float(bias)
            self.slider.show_value(float(bias))
            self._value.setText(decimal(float(bias), 1 if round(bias, 1) == bias else 2))
        if self.chrono.isChecked() != isinstance(bias, str):
            self.chrono.setChecked(isinstance(bias, str))
        self._kept.setText(found.kept)
        self._spread = found.spread
        self._say_unit()
        self._half_life.setText(found.half_life)
        self._gru.setVisible("gru" in frame.settings.cells)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        self._mark.set_theme(theme)

    def set_folds(self, folds: bool) -> None:
        """Shorter words in a narrow column."""
        self._narrow = folds
        self._grid.setHorizontalSpacing(fonts.scaled(5 if folds else 8))
        self._say_unit()

    def _say_unit(self) -> None:
        whole, short = tr("kept per timestep"), tr("per timestep")
        self._keeps.setText(tr("kept") if self._spread else short if self._narrow else whole)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._mark.set_scale()
        self._sigma.setFont(fonts.maths(16))
        self.slider.updateGeometry()


class InitialisationGroup(Group):
    """How the RNN's recurrent weights start."""

    SPOT = "initialisation"
    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("RNN initialisation"))
        self._mark = Mark("rnn", theme, self)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._mark)
        head.addWidget(label(tr("RNN initialisation"), "strong", self))
        head.addStretch(1)
        self.rows.setSpacing(0)
        self.rows.addLayout(head)
        texts = {"uniform": tr("Uniform ±1/√H"), "orthogonal": tr("Orthogonal"), "identity": tr("Identity, ReLU")}
        about = tr("How the recurrent weights start")
        self._choices = QButtonGroup(self)
        for index, name in enumerate(INITIALISATIONS):
            radio = QRadioButton(texts[name], self)
            radio.setAccessibleName(tr("RNN initialisation: {name}").format(name=texts[name]))
            radio.setToolTip(tip(commands.table["focus_initialisation"], about))
            self._choices.addButton(radio, index)
            row = QHBoxLayout()
            row.addWidget(radio)
            row.addStretch(1)
            if index == 0:
                row.addWidget(label(tr("default"), "hint", self))
            self.rows.addLayout(row)
        self._choices.idClicked.connect(self._choose)

    def chosen(self) -> QRadioButton:
        """The radio button that is on."""
        button = self._choices.checkedButton()
        assert isinstance(button, QRadioButton)
        return button

    def radio(self, name: str) -> QRadioButton:
        """The radio button of one initialisation."""
        button = self._choices.button(INITIALISATIONS.index(name))
        assert isinstance(button, QRadioButton)
        return button

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.change({"rnn.initialisation": INITIALISATIONS[index]}, about="")

    def draw(self, frame: Frame) -> None:
        """Show the choice."""
        self.radio(frame.settings.initialisation).setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        self._mark.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._mark.set_scale()


class GainGroup(Group):
    """Factor on all recurrent weights."""

    SPOT = "gain"
    FOLDS = "small"

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Gain"))
        self._value: QLabel = label("", "value", self)
        self.slider = ValueSlider(tr("Gain"), 0.0, 3.0, 0.01, self)
        self.slider.setToolTip(tr("Multiplies all recurrent weights; over 1 the gradient can explode"))
        head = QHBoxLayout()
        head.addWidget(label(tr("Gain"), "secondary", self))
        head.addStretch(1)
        head.addWidget(self._value)
        self.rows.addLayout(head)
        self.rows.addWidget(self.slider)
        self.slider.chosen.connect(self._choose)
        self.slider.ended.connect(stage.close_entry)

    @Slot(float)
    def _choose(self, gain: float) -> None:
        self.change({"gain": gain})

    def draw(self, frame: Frame) -> None:
        """Show the gain."""
        self.slider.show_value(frame.settings.gain)
        self._value.setText(decimal(frame.settings.gain, 2))

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.slider.updateGeometry()


class SeedGroup(Group):
    """Which draw of weights and sequence."""

    SPOT = "seed"
    FOLDS = "small"

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Seed"))
        self.seed = QSpinBox(self)
        self.seed.setRange(0, 9999)
        self.seed.setKeyboardTracking(False)
        self.seed.setAccessibleName(tr("Seed"))
        self.seed.setToolTip(tip(commands.table["next_seed"]))
        self._guard = WheelGuard(self)
        self._guard.guard(self.seed)
        row = QHBoxLayout()
        row.addWidget(label(tr("Seed"), "secondary", self))
        row.addStretch(1)
        row.addWidget(self.seed)
        self.rows.addLayout(row)
        self.seed.valueChanged.connect(self._choose)

    @Slot(int)
    def _choose(self, seed: int) -> None:
        self.change({"seed": seed})

    def draw(self, frame: Frame) -> None:
        """Show the seed."""
        if self.seed.value() != frame.settings.seed:
            with QSignalBlocker(self.seed):
                self.seed.setValue(frame.settings.seed)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.seed.setFixedWidth(fonts.scaled(112))
        pad_spin_box(self.seed)
