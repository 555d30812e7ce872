"""What Inspect shows: which network, what colours the text, the threshold, the order of units, and which panels."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSpinBox, QWidget

from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.inspect_desk import InspectDesk
from lstmviz.stage.inspect_frame import InspectPart, symbol_of, title_of
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard, named_rows, pad_spin_box
from lstmviz.views.controls import label
from lstmviz.views.inspect.threshold import ThresholdSlider
from lstmviz.views.theme import Theme
from lstmviz.words import count, number, tr

ALIKE = 4


def desk_of(stage: Stage) -> InspectDesk:
    """Inspect's part of the stage."""
    return cast(InspectDesk, stage.labs.desk("inspect"))


def plain_symbol(quantity: str) -> str:
    """A quantity as a short text: ``f``, ``∂L/∂c``."""
    return symbol_of(quantity).replace("_{t}", "")


class InspectGroup(Group):
    """A group that has something to show only while Inspect has."""

    def draw(self, frame: Frame) -> None:
        """Show the part; without one, nothing of what was on show before is left."""
        part = frame.part
        if isinstance(part, InspectPart):
            self.setEnabled(True)
            self.fill(part, frame)
        elif self.isEnabled():
            self.setEnabled(False)
            self.clear()

    def fill(self, part: InspectPart, frame: Frame) -> None:
        """Show what Inspect shows."""
        raise NotImplementedError

    def clear(self) -> None:
        """No network is shown."""
        raise NotImplementedError


class LookGroup(InspectGroup):
    """The network that is looked at, and one beside it."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Networks looked at"))
        self.network, self.beside = QComboBox(self), QComboBox(self)
        self._guard = WheelGuard(self)
        words = (
            (self.network, tr("Network"), tr("Whose quantities are shown; tick more networks in the Race")),
            (self.beside, tr("Beside it"), tr("Another network on the same text, panel by panel")),
        )
        grid = named_rows(words, self._guard, self)
        grid.setColumnStretch(1, 1)
        self.rows.addLayout(grid)
        self._cells: tuple[str, ...] = ()
        self.network.activated.connect(self._choose)
        self.beside.activated.connect(self._choose_beside)

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.stage.select(network=self._cells[index])

    @Slot(int)
    def _choose_beside(self, index: int) -> None:
        desk_of(self.stage).show_beside(self.beside.itemData(index) or "")

    def fill(self, part: InspectPart, frame: Frame) -> None:
        """Show the choice."""
        cells = frame.settings.cells
        if cells != self._cells:
            self._cells = cells
            self.network.clear()
            self.network.addItems([NAMES[cell] for cell in cells])
        self.network.setCurrentIndex(cells.index(part.cell) if part.cell in cells else 0)
        others = ["", *(cell for cell in cells if cell != part.cell)]
        if [self.beside.itemData(k) for k in range(self.beside.count())] != others:
            self.beside.clear()
            for cell in others:
                self.beside.addItem(NAMES.get(cell, tr("none")), cell)
        self.beside.setCurrentIndex(others.index(part.beside))

    def clear(self) -> None:
        """No network is shown."""
        self._cells = ()
        self.network.clear()
        self.beside.clear()


class ColourGroup(InspectGroup):
    """What colours the text, and of which unit."""

    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Colour the text by"))
        self.quantity, self.unit = QComboBox(self), QSpinBox(self)
        self.quantity.setAccessibleName(tr("Colour the text by"))
        self.quantity.setToolTip(tr("Colour of each letter"))
        self.unit.setAccessibleName(tr("Unit"))
        self.unit.setKeyboardTracking(False)
        self.unit.setToolTip(tr("Which unit; ↑ and ↓ on a panel do the same"))
        self._guard = WheelGuard(self)
        self._guard.guard(self.quantity)
        self._guard.guard(self.unit)
        self._known: tuple[str, ...] = ()
        self.rows.addWidget(label(tr("Colour the text by"), "strong", self))
        self.rows.addWidget(self.quantity)
        row = QHBoxLayout()
        row.addWidget(label(tr("Unit"), "secondary", self))
        row.addStretch(1)
        row.addWidget(self.unit)
        self.rows.addLayout(row)
        self.quantity.activated.connect(self._choose)
        self.unit.valueChanged.connect(self._choose_unit)

    @Slot(int)
    def _choose(self, index: int) -> None:
        desk_of(self.stage).colour_text_by(self._known[index])

    @Slot(int)
    def _choose_unit(self, unit: int) -> None:
        self.stage.select(unit=unit - 1)

    def fill(self, part: InspectPart, frame: Frame) -> None:
        """Show the choice."""
        if part.known != self._known:
            self._known = part.known
            self.quantity.clear()
            self.quantity.addItems([f"{title_of(part.cell, q)} {plain_symbol(q)}" for q in part.known])
        self.quantity.setCurrentIndex(part.known.index(part.colour_by))
        with QSignalBlocker(self.unit):
            units = part.colours.values.shape[1]
            self.unit.setRange(1, units)
            self.unit.setSuffix(" " + tr("of {n}").format(n=count(units)))
            self.unit.setValue(part.unit + 1)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.unit.setFixedWidth(fonts.scaled(124))
        pad_spin_box(self.unit)

    def clear(self) -> None:
        """No network is shown."""
        self._known = ()
        self.quantity.clear()
        with QSignalBlocker(self.unit):
            self.unit.setRange(0, 0)
            self.unit.setSuffix("")


class ThresholdGroup(InspectGroup):
    """Marks where the unit is beyond a threshold."""

    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Threshold"))
        self.on = QCheckBox(tr("Threshold"), self)
        self.on.setAccessibleName(tr("Threshold"))
        self.on.setToolTip(tr("Mark where the value is beyond this; drag over the text to find places like it"))
        self._value = label("", "value", self)
        self.slider = ThresholdSlider(self)
        self._found, self._places = label("", "hint", self), label("", "hint", self)
        self._found.setWordWrap(True)
        self._places.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self.on)
        head.addStretch(1)
        head.addWidget(self._value)
        self.rows.addLayout(head)
        for widget in (self.slider, self._found, self._places):
            self.rows.addWidget(widget)
        self.on.clicked.connect(self._toggle)
        self.slider.chosen.connect(self._choose)

    def begin(self) -> None:
        """On, with the keyboard at the slider; pressed there once more, off."""
        on = not (self.on.isChecked() and self.slider.hasFocus())
        if on != self.on.isChecked():
            self._toggle(on)
            self.stage.tick(0.0)  # now: a slider that is off takes no keyboard
        if on:
            self.commands.window.focus_on(self.slider)

    @Slot(bool)
    def _toggle(self, on: bool) -> None:
        desk_of(self.stage).set_threshold(0.5 * self.slider.limit if on else None)

    @Slot(float)
    def _choose(self, share: float) -> None:
        desk_of(self.stage).set_threshold(share * self.slider.limit)

    def fill(self, part: InspectPart, frame: Frame) -> None:
        """Show the threshold and what it finds."""
        marked = part.marked
        self.slider.set_limit(part.limit)
        self.on.setChecked(marked is not None)
        self.slider.setEnabled(marked is not None)
        self.slider.show_value(None if marked is None else marked.threshold / part.limit)
        name = plain_symbol(part.colour_by)
        self._value.setText(
            "" if marked is None else f"{name} {'>' if marked.threshold >= 0 else '<'} {number(marked.threshold, 2)}"
        )
        for shown in (self._found, self._places):
            shown.setVisible(marked is not None)
        if marked is None:
            return
        text = tr("{n} of {all} timesteps")
        self._found.setText(text.format(n=count(len(marked.timesteps)), all=count(len(part.colours.values))))
        if marked.brushed is None:
            self._places.setText(tr("Drag over the text: where else are the same units on?"))
        else:
            places = ", ".join(
                f"{place.first}–{place.last}" if place.last > place.first else str(place.first)
                for place in marked.places[:6]
            )
            found = tr("Same pattern at t = {places}").format(places=places + (" …" if len(marked.places) > 6 else ""))
            told = marked.told()
            self._places.setText(found if marked.places else told[:1].upper() + told[1:])

    def clear(self) -> None:
        """No network is shown."""
        self.on.setChecked(False)
        self.slider.show_value(None)
        for words in (self._value, self._found, self._places):
            words.setText("")
