"""The card at the mouse: what is held, at which value, over which timesteps and units."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.hands import Clamp, Freeze, quantities_of, units_of
from lstmviz.stage.inspect_frame import title_of
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button, label, stepper
from lstmviz.views.interventions.edits import change, with_span
from lstmviz.views.interventions.hand_card import HandCard
from lstmviz.views.interventions.held_slider import HeldSlider
from lstmviz.views.interventions.quantities import range_of
from lstmviz.views.interventions.values_plot import ValuesPlot
from lstmviz.views.number_box import NumberBox
from lstmviz.views.tab_order import chain
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

FROZEN = "frozen"  # stands among the quantities: the state stays what it was
Held = Clamp | Freeze


class ClampCard(HandCard):
    """Edits one clamp, or one frozen stretch; everything it says takes effect at once.

    Parameters
    ----------
    stage : Stage
    theme : Theme
    """

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, tr("Clamp"), "strong", tr("Keep the clamp and put this card away (Esc)"), parent)
        self._theme = theme
        self.index = -1
        self._known: tuple[object, ...] = ()
        self.quantity, self.units = QComboBox(self), QComboBox(self)
        self.first, self.last = QSpinBox(self), QSpinBox(self)
        self.value, self.slider = NumberBox(self), HeldSlider(self)
        self.values = ValuesPlot(theme, self)
        self.by_hand = button(tr("Draw it"), "", self)
        self.by_hand.setCheckable(True)
        self.remove = button(tr("Remove"), "", self)
        self.done = button(tr("Done"), "primary", self)
        self._name_all()
        self._lay_out()
        held = (self.value, self.by_hand, self.slider, self.first, self.last, self.units, self.values)
        chain(self.quantity, (*held, self.remove, self.done, self.close_button))
        self._connect()
        self.set_theme(theme)
        self.hide()

    def _name_all(self) -> None:
        for widget, name, about in (
            (self.quantity, tr("What is held"), tr("A gate, a candidate or a state; or the state as it was")),
            (self.units, tr("Which units"), tr("All units, or only some")),
            (self.first, tr("From timestep"), tr("The first timestep at which it is held")),
            (self.last, tr("To timestep"), tr("The last timestep at which it is held")),
            (self.value, tr("Value"), tr("Hold this value; everything after it is computed again")),
            (self.by_hand, tr("Draw it"), tr("One value for each timestep, drawn by hand")),
            (self.remove, tr("Remove"), tr("Let the network have its own value again")),
            (self.done, tr("Done"), tr("Keep the clamp and put this card away")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(about)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        span, held = QWidget(self), QWidget(self)
        self._side_by_side(span, (self.first, label(tr("to"), "secondary", self), self.last))
        self._side_by_side(held, (self.value, self.by_hand))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        self._value_name = label(tr("at"), "secondary", self)
        for row, (name, part) in enumerate(
            (
                (label(tr("Hold"), "secondary", self), self.quantity),
                (self._value_name, held),
                (label("", "", self), self.slider),
                (label("t", "secondary", self), span),
                (label(tr("in"), "secondary", self), self.units),
            )
        ):
            grid.addWidget(name, row, 0)
            grid.addWidget(part, row, 1)
        grid.setColumnStretch(1, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.remove)
        foot.addStretch(1)
        foot.addWidget(self.done)
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(head)
        self._rows.addLayout(grid)
        self._rows.addWidget(self.values)
        self._rows.addLayout(foot)

    @staticmethod
    def _side_by_side(holder: QWidget, parts: tuple[QWidget, ...]) -> None:
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in parts:
            row.addWidget(part, 0 if isinstance(part, QLabel) else 1)

    def _connect(self) -> None:
        for box in (self.first, self.last, self.value):
            box.setKeyboardTracking(False)
        self.quantity.activated.connect(self._choose_quantity)
        self.units.activated.connect(self._choose_units)
        self.first.valueChanged.connect(self._choose_first)
        self.last.valueChanged.connect(self._choose_last)
        self.value.valueChanged.connect(self._choose_value)
        self.value.editingFinished.connect(self._stage.close_entry)
        self.slider.chosen.connect(self._choose_value)
        self.slider.ended.connect(self._stage.close_entry)
        self.by_hand.clicked.connect(self._toggle_by_hand)
        self.values.drawn.connect(self._draw_values)
        self.values.ended.connect(self._stage.close_entry)
        self.remove.clicked.connect(self._remove)
        self.done.clicked.connect(self.leave)

    # -- showing -----------------------------------------------------------------------------------------------

    def held(self) -> Held | None:
        """The intervention that is edited; None once it is gone."""
        known = self._stage.interventions
        one = known[self.index] if 0 <= self.index < len(known) else None
        return one if isinstance(one, Clamp | Freeze) else None

    def open(self, index: int) -> bool:
        """Edit an intervention; False where it is none that this card knows."""
        self.index = index
        if self.held() is None:
            return False
        self.draw(self._stage.frame)
        return True

    def draw(self, frame: Frame) -> None:
        """Show what is held now; the card goes when its clamp goes."""
        one = self.held()
        if one is None:
            self.leave()
            return
        self._fill(frame, one)
        frozen = isinstance(one, Freeze)
        name = title_of(one.cell, one.quantity) if isinstance(one, Clamp) else tr("the state")
        text = tr("Freeze {what}, {network}") if frozen else tr("Hold {what}, {network}")
        self.title.setText(text.format(what=name, network=NAMES[one.cell]))
        with QSignalBlocker(self.first), QSignalBlocker(self.last), QSignalBlocker(self.value):
            self.first.setRange(1, frame.timesteps)
            self.last.setRange(1, frame.timesteps)
            self.first.setValue(one.first)
            self.last.setValue(one.last)
            chosen = one.quantity if isinstance(one, Clamp) else FROZEN
            self.quantity.setCurrentIndex(self.quantity.findData(chosen))
            if isinstance(one, Clamp):
                reach = range_of(one.quantity)
                self.value.setDecimals(reach.places)
                self.value.setRange(reach.low, reach.high)
                self.value.setSingleStep(5 * reach.notch)
                self.value.setValue(one.values[0])
                self.slider.set_reach(reach)
                self.slider.show_value(one.values[0])
        many = isinstance(one, Clamp) and len(one.values) > 1
        self.by_hand.setChecked(many)
        self.by_hand.setVisible(not frozen and one.last > one.first)
        self.value.setVisible(not frozen)
        self.slider.setVisible(not frozen and not many)
        self.value.setEnabled(not many)
        self._value_name.setVisible(not frozen)
        self.values.setVisible(many)
        if isinstance(one, Clamp) and many:
            self.values.draw(one)
        self.adjustSize()

    def _fill(self, frame: Frame, one: Held) -> None:
        """The choices, when they are others than before."""
        hidden, unit = units_of(frame.settings, one.cell), frame.selection.unit
        state = (one.cell, frame.settings.variant, hidden, unit, one.units)
        if state == self._known:
            return
        self._known = state
        self.quantity.clear()
        for name in quantities_of(frame.settings, one.cell):
            self.quantity.addItem(f"{title_of(one.cell, name)} {name}", name)
        self.quantity.addItem(tr("state as it was"), FROZEN)
        self.units.clear()
        self.units.addItem(tr("the only unit") if hidden == 1 else tr("all {n} units").format(n=count(hidden)), ())
        choices = [(unit,)] if one.units in ((), (unit,)) else [(unit,), one.units]
        for chosen in choices:
            self.units.addItem(units_text(chosen), chosen)
        self.units.setCurrentIndex(0 if not one.units else len(choices))

    # -- hands -------------------------------------------------------------------------------------------------

    def _change(self, one: Held, about: str = "") -> None:
        if one != self.held():
            change(self._stage, self.index, one, about and f"{about} {self.index}")

    @Slot(int)
    def _choose_quantity(self, index: int) -> None:
        one, wanted = self.held(), self.quantity.itemData(index)
        if one is None:
            return
        if wanted == FROZEN:
            self._change(Freeze(one.cell, one.first, one.last, one.units, one.on))
        elif isinstance(one, Freeze) or wanted != one.quantity:
            start = (range_of(wanted).start,)
            self._change(Clamp(one.cell, wanted, one.first, one.last, start, one.units, one.on))

    @Slot(int)
    def _choose_units(self, index: int) -> None:
        one = self.held()
        if one is not None:
            self._change(replace(one, units=tuple(self.units.itemData(index))))

    @Slot(int)
    def _choose_first(self, t: int) -> None:
        one = self.held()
        if one is not None:
            self._change(with_span(one, t, max(t, one.last)), "clamp span")

    @Slot(int)
    def _choose_last(self, t: int) -> None:
        one = self.held()
        if one is not None:
            self._change(with_span(one, min(t, one.first), t), "clamp span")

    @Slot(float)
    def _choose_value(self, value: float) -> None:
        one = self.held()
        if isinstance(one, Clamp):
            self._change(replace(one, values=(value,)), "clamp value")

    @Slot(bool)
    def _toggle_by_hand(self, by_hand: bool) -> None:
        one = self.held()
        if isinstance(one, Clamp):
            span = one.last - one.first + 1
            self._change(replace(one, values=one.values[:1] * span if by_hand else one.values[:1]))

    @Slot(int, float)
    def _draw_values(self, t: int, value: float) -> None:
        one = self.held()
        if isinstance(one, Clamp):
            self._change(drawn(one, t, value), "clamp drawn")

    @Slot()
    def _remove(self) -> None:
        index = self.index
        self.leave()
        self._stage.remove_intervention(index)

    @Slot()
    def leave(self) -> None:
        """Put the card away; what it said stays."""
        self.index = -1
        super().leave()

    # -- look --------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        super().set_theme(theme)
        self.values.set_theme(theme)
        self.setStyleSheet(
            f"ClampCard {{ border: 1px solid {theme.outline}; border-left: 5px solid {theme.clamp}; "
            f"border-radius: 6px; background: {theme.panel}; }}"
        )

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._rows.setContentsMargins(*(fonts.scaled(side) for side in (14, 6, 10, 10)))
        self._rows.setSpacing(fonts.scaled(8))
        self.setFixedWidth(fonts.scaled(330))
        super().set_scale()
        self.by_hand.setFixedWidth(fonts.scaled(84))
        for box in (self.first, self.last, self.value):
            stepper(box)
            box.setMinimumWidth(fonts.scaled(100))
        self.values.setFixedHeight(fonts.scaled(84))


def drawn(one: Clamp, t: int, value: float) -> Clamp:
    """The clamp with another value at one timestep."""
    span = one.last - one.first + 1
    values = list(one.values if len(one.values) > 1 else one.values * span)
    values[t - one.first] = value
    return replace(one, values=tuple(values))


def units_text(units: tuple[int, ...]) -> str:
    """Units, from 0, as people count them: ``unit 7``, ``units 3 to 6``, ``units 1, 4, 9``."""
    if len(units) == 1:
        return tr("unit {n}").format(n=count(units[0] + 1))
    ordered = sorted(units)
    if ordered == list(range(ordered[0], ordered[-1] + 1)):
        return tr("units {first} to {last}").format(first=count(ordered[0] + 1), last=count(ordered[-1] + 1))
    names = ", ".join(count(unit + 1) for unit in ordered[:4])
    return tr("units {names}").format(names=names + (" …" if len(ordered) > 4 else ""))
