"""What the Cell lab shows: whose cell, which unit and timestep, values or gradients; and the gradient by its ways."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox, QWidget

from lstmviz.stage.cell_desk import CellDesk
from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.cell.legend import RampLegend
from lstmviz.views.cell.split_bars import SplitBars
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard, named_rows, pad_spin_box
from lstmviz.views.controls import SegmentedControl, label, rule
from lstmviz.views.theme import Theme
from lstmviz.words import count, number, tr

SHOWS = ("values", "gradients")
MANY = 1000  # from here on "900 of 1 000" would be cut


def desk_of(stage: Stage) -> CellDesk:
    """Cell's part of the stage."""
    return cast(CellDesk, stage.labs.desk("cell"))


class CellLookGroup(Group):
    """Network, unit, timestep, and what stands on the wires."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Cell on show"))
        self.network, self.unit, self.timestep = QComboBox(self), QSpinBox(self), QSpinBox(self)
        self._guard = WheelGuard(self)
        words = (
            (self.network, tr("Network"), tr("Whose cell is drawn; of a stack, the top layer’s")),
            (self.unit, tr("Unit"), tr("One unit; the gates read all of them")),
            (self.timestep, tr("Timestep"), tr("Same as the playhead")),
        )
        grid = named_rows(words, self._guard, self)
        grid.setVerticalSpacing(6)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        for box in (self.unit, self.timestep):
            box.setKeyboardTracking(False)
        self.shows = SegmentedControl([tr("Values"), tr("Gradients")], tr("Show on the wires"), self)
        self.shows.setToolTip(tr("Forward values or backward gradients (V)"))
        self.rows.addLayout(grid)
        self.rows.addSpacing(4)
        self.rows.addWidget(label(tr("Show on the wires"), "secondary", self))
        self.rows.addWidget(self.shows)
        self._cells: tuple[str, ...] = ()
        self.network.activated.connect(self._choose_network)
        self.unit.valueChanged.connect(self._choose_unit)
        self.timestep.valueChanged.connect(self._choose_timestep)
        self.shows.chosen.connect(self._choose_shows)

    @Slot(int)
    def _choose_network(self, index: int) -> None:
        self.stage.select(network=self._cells[index])

    @Slot(int)
    def _choose_unit(self, unit: int) -> None:
        self.stage.select(unit=unit - 1)

    @Slot(int)
    def _choose_timestep(self, timestep: int) -> None:
        self.stage.select(timestep=timestep)

    @Slot(int)
    def _choose_shows(self, index: int) -> None:
        desk_of(self.stage).choose_shows("gradients" if SHOWS[index] == "gradients" else "values")

    def draw(self, frame: Frame) -> None:
        """Show the choice."""
        part = frame.part
        for widget in (self.network, self.unit, self.timestep, self.shows):
            widget.setEnabled(isinstance(part, CellPart))
        if not isinstance(part, CellPart):
            return
        cells = frame.settings.cells
        if cells != self._cells:
            self._cells = cells
            self.network.clear()
            self.network.addItems([NAMES[cell] for cell in cells])
        self.network.setCurrentIndex(cells.index(part.cell) if part.cell in cells else 0)
        for box, last, value in ((self.unit, part.units, part.unit + 1), (self.timestep, part.timesteps, part.t)):
            with QSignalBlocker(box):
                box.setRange(1, last)
                box.setSuffix(" " + tr("of {n}").format(n=count(last)) if last < MANY else "")
                box.setValue(value)
        self.shows.choose(SHOWS.index(part.shows))
        self.shows.segment(1).setEnabled(bool(part.gradients))

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        for box in (self.unit, self.timestep):
            box.setMinimumWidth(fonts.scaled(118))
            pad_spin_box(box)


class CellGradientGroup(Group):
    """How the gradient came to the state before, which of its ways are drawn, and the colours of wires."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Gradient by its ways"))
        self._title = label("", "strong", self)
        self.bars = SplitBars(theme, self)
        self._why = label("", "hint", self)
        self._why.setWordWrap(True)
        self.along = QCheckBox(tr("Path along the cell state"), self)
        self.through = QCheckBox(tr("Paths through the gates"), self)
        self.check = QCheckBox(tr("Difference check"), self)
        self._checked = label("", "hint", self)
        self._checked.setWordWrap(True)
        self.legend = RampLegend(theme, self)
        for box, about in (
            (self.along, tr("Draw this part of the gradient")),
            (self.through, tr("Draw this part of the gradient")),
            (self.check, tr("Compare with a numerical derivative")),
        ):
            box.setAccessibleName(box.text())
            box.setToolTip(about)
        self._ramp = label(tr("Wire colour: size of the gradient"), "secondary", self)
        self._ramp.setWordWrap(True)
        self._all = (
            rule(self),
            self._title,
            self.bars,
            self._why,
            rule(self),
            label(tr("Draw"), "strong", self),
            self.along,
            self.through,
            self.check,
            self._checked,
            rule(self),
            self._ramp,
            self.legend,
        )
        self.rows.setSpacing(5)
        for widget in self._all:
            self.rows.addWidget(widget)
        self.along.clicked.connect(self._draw_along)
        self.through.clicked.connect(self._draw_through)
        self.check.clicked.connect(self._check_it)

    @Slot(bool)
    def _draw_along(self, on: bool) -> None:
        desk_of(self.stage).set_path("along", on)

    @Slot(bool)
    def _draw_through(self, on: bool) -> None:
        desk_of(self.stage).set_path("through", on)

    @Slot(bool)
    def _check_it(self, on: bool) -> None:
        desk_of(self.stage).set_check(on)

    def draw(self, frame: Frame) -> None:
        """Show the split; nothing while the wires carry values."""
        part = frame.part
        shown = isinstance(part, CellPart) and part.shows == "gradients"
        for widget in self._all:
            widget.setVisible(shown)
        if not isinstance(part, CellPart) or not shown:
            return
        state = "h" if part.split is None else part.split.state
        self._title.setText(tr("Gradient at {state} of t − 1, by path").format(state=state))
        self.bars.setVisible(part.split is not None)
        if part.split is not None:
            self.bars.draw(part.split, part.paths)
        self._why.setText(part.split_why[:1].upper() + part.split_why[1:])
        self._why.setVisible(bool(part.split_why))
        name = tr("Path along the cell state") if part.cell == "lstm" else tr("Path along the hidden state")
        self.along.setText(name)
        self.along.setEnabled(part.cell != "rnn")
        self.along.setChecked("along" in part.paths)
        self.through.setChecked("through" in part.paths)
        self.check.setChecked(part.checking)
        self._checked.setVisible(part.checking)
        if part.check is not None:
            told = tr("numeric {numeric}, analytic {analytic}; difference {error}")
            self._checked.setText(
                told.format(
                    numeric=number(part.check.numeric, 6),
                    analytic=number(part.check.analytic, 6),
                    error=number(part.check.error, 1),
                )
            )
        else:
            self._checked.setText(tr("working it out …"))
        self.legend.draw(part)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        self.bars.set_theme(theme)
        self.legend.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.bars.updateGeometry()
        self.legend.updateGeometry()


class CellNoteGroup(Group):
    """Under which conditions the numbers stand."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Conditions"))
        self.words = label("", "hint", self)
        self.words.setWordWrap(True)
        self.rows.addWidget(rule(self))
        self.rows.addWidget(self.words)

    def draw(self, frame: Frame) -> None:
        """Say them."""
        part = frame.part
        if isinstance(part, CellPart):
            self.words.setText(conditions(frame, part))


def conditions(frame: Frame, part: CellPart) -> str:
    """How the network came to be, and what is drawn of it: ``Trained for 40 updates, forget bias 3. ...``."""
    update = 0 if frame.training is None else frame.training.update
    opened = frame.opened is not None and frame.opened.cell == part.cell
    if opened and not update:
        made = tr("Weights from a file")
    elif update:
        made = tr("Trained for 1 update") if update == 1 else tr("Trained for {n} updates").format(n=count(update))
    else:
        made = tr("Untrained")
    bias = frame.settings.forget_bias
    if opened and update:
        made += tr(", from the weights of a file")
    if part.cell != "rnn" and not opened:
        shown = bias if isinstance(bias, str) else number(bias)
        made += tr(", forget bias {bias}").format(bias=shown)
    said = [made + "."]
    if frame.settings.layers > 1 or frame.settings.bidirectional:
        said.append(tr("The cell is the top layer’s, reading forward."))
    reads = (
        tr("One unit drawn; the gates read all {n}.") if part.cell != "rnn" else tr("One unit drawn; it reads all {n}.")
    )
    said.append(tr("It has one unit.") if part.units == 1 else reads.format(n=count(part.units)))
    return " ".join(said)
