"""The card with the weights of the selected network: the picture, the chosen entry, and what can be done with it."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.hands import Cut, WeightEdit, codes
from lstmviz.stage.stage import Stage
from lstmviz.stage.weight_blocks import Blocks, Entry, blocks_of, readout_blocks
from lstmviz.views import fonts
from lstmviz.views.controls import SegmentedControl, button, label, stepper
from lstmviz.views.interventions.edits import cut_of, set_weight, toggle_cut, weight_edit
from lstmviz.views.interventions.hand_card import HandCard
from lstmviz.views.interventions.quantities import WEIGHT
from lstmviz.views.interventions.weights_picture import WeightsPicture
from lstmviz.views.number_box import NumberBox
from lstmviz.views.theme import Theme
from lstmviz.words import number, tr

CELL, READOUT = range(2)  # whose weights are shown


class WeightsCard(HandCard):
    """Every weight of one network in the hand.

    Parameters
    ----------
    stage : Stage
    theme : Theme
    """

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, tr("Weights"), "heading", tr("Put the weights away (Esc)"), parent)
        self._cell = ""
        self._frame: Frame | None = None
        self._drawn: tuple[object, ...] = ()
        self._scale = label("", "hint", self)
        self.part = SegmentedControl([tr("Cell"), tr("Readout")], tr("Weights of"), self)
        self.part.choose(CELL)
        self.picture = WeightsPicture(theme, self)
        self.told = label("", "secondary", self)
        self.told.setWordWrap(True)
        self.value = NumberBox(self)
        self.value.setRange(WEIGHT.low, WEIGHT.high)
        self.value.setDecimals(WEIGHT.places)
        self.value.setSingleStep(WEIGHT.notch)
        self.value.setKeyboardTracking(False)
        self.cut, self.back = button(tr("Cut"), "", self), button(tr("As it was"), "", self)
        for widget, name, about in (
            (self.value, tr("Value of the chosen weight"), tr("Another value; + and − on the picture do the same")),
            (self.cut, tr("Cut the connection"), tr("Cut this recurrent connection, or join it again (X or Delete)")),
            (self.back, tr("As it was"), tr("Put the weight's own value back")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(about)
        self._lay_out()
        self.part.chosen.connect(self._show_part)
        self.picture.changed.connect(self._change)
        self.picture.ended.connect(stage.close_entry)
        self.picture.chose.connect(self._chose)
        self.picture.looked.connect(self._tell)
        self.picture.cut.connect(self._toggle_cut)
        self.value.valueChanged.connect(self._type)
        self.value.editingFinished.connect(stage.close_entry)
        self.cut.clicked.connect(self._cut_chosen)
        self.back.clicked.connect(self._put_back)
        self.set_theme(theme)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.part)
        head.addStretch(1)
        head.addWidget(self._scale)
        head.addWidget(self.close_button)
        foot = QHBoxLayout()
        foot.addWidget(self.value)
        foot.addWidget(self.cut)
        foot.addWidget(self.back)
        foot.addStretch(1)
        hint = label("", "hint", self)
        hint.setText(tr("Drag an entry up or down, or use + and −; X cuts a connection from unit to unit."))
        hint.setWordWrap(True)
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(head)
        self._rows.addWidget(hint)
        self._rows.addWidget(self.picture, 1)
        self._rows.addWidget(self.told)
        self._rows.addLayout(foot)

    # -- showing -----------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show the weights of the selected network."""
        cell, comparison = frame.selection.network, frame.comparison
        racer = None if comparison is None else comparison.racer(cell)
        if racer is None:
            self.leave()
            return
        state = (racer, frame.interventions, frame.settings.task, self.part.index())
        if len(state) == len(self._drawn) and all(a is b for a, b in zip(state, self._drawn, strict=True)):
            return
        self._frame, self._drawn, self._cell = frame, state, cell
        base = frame.ghost.racer(cell) if frame.ghost is not None else racer
        readout = self.part.index() == READOUT
        blocks, free = (
            readout_blocks(cell, one.readout) if readout else blocks_of(one.network) for one in (racer, base or racer)
        )
        limit = end_of_colours(free)
        symbols = tuple(codes(frame.settings.task)) if frame.settings.layers == 1 else ()
        self.picture.draw(blocks, limit, edited_entries(frame, cell, blocks), symbols)
        self.title.setText(tr("Weights of the {network}").format(network=NAMES[cell]))
        self._scale.setText(f"−{number(limit)} … {number(limit)}")
        self._show_chosen()

    @Slot(int)
    def _show_part(self, _part: int) -> None:
        if self._frame is not None:
            self.draw(self._frame)

    @Slot(object)
    def _chose(self, _entry: Entry) -> None:
        self._show_chosen()

    def _show_chosen(self) -> None:
        entry, blocks = self.picture.chosen, self.picture.blocks
        if blocks is None:
            return
        self._tell()
        with QSignalBlocker(self.value):
            self.value.setValue(blocks.value(entry))
        recurrent = entry.array == "weight_hh"
        joined = not recurrent or cut_of(self._stage, self._cell, entry.column, blocks.unit_of(entry)) is None
        self.cut.setEnabled(recurrent)
        self.cut.setText(tr("Cut") if joined else tr("Join"))
        self.value.setEnabled(joined)
        self.back.setEnabled(weight_edit(self._stage, self._cell, entry) is not None)

    @Slot()
    def _tell(self) -> None:
        """The entry under the pointer, else the chosen one, in words and with every digit."""
        self.told.setText(self.picture.words(self.picture.hovered or self.picture.chosen))

    # -- hands -------------------------------------------------------------------------------------------------

    @Slot(object, float)
    def _change(self, entry: Entry, value: float) -> None:
        inside = min(max(value, WEIGHT.low), WEIGHT.high)
        set_weight(self._stage, self._cell, entry, inside, f"weight {self._cell} {entry}")

    @Slot(float)
    def _type(self, value: float) -> None:
        self._change(self.picture.chosen, value)

    @Slot(object)
    def _toggle_cut(self, entry: Entry) -> None:
        if entry.array == "weight_hh" and self.picture.blocks is not None:
            toggle_cut(self._stage, self._cell, entry.column, self.picture.blocks.unit_of(entry))
        else:
            self._stage.notify(tr("Only connections from unit to unit can be cut"))

    @Slot()
    def _cut_chosen(self) -> None:
        self._toggle_cut(self.picture.chosen)

    @Slot()
    def _put_back(self) -> None:
        index = weight_edit(self._stage, self._cell, self.picture.chosen)
        if index is not None:
            self._stage.remove_intervention(index)

    # -- look --------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        self.picture.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(14)
        self._rows.setContentsMargins(side, fonts.scaled(8), side, side)
        self._rows.setSpacing(fonts.scaled(6))
        super().set_scale()
        self.value.setFixedWidth(fonts.scaled(150))
        stepper(self.value)
        self.told.setMinimumHeight(fonts.scaled(34))


def end_of_colours(blocks: Blocks) -> float:
    """The first round number that no weight exceeds; biases may, and take the colour of the end."""
    weights = [array for name, array in blocks.arrays.items() if "weight" in name]
    most = max(float(np.abs(array).max(initial=0.0)) for array in weights)
    if not 0.0 < most < math.inf:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next((step * power for step in (1.0, 1.5, 2.0, 3.0, 5.0, 7.0) if most <= step * power), 10.0 * power)


def edited_entries(frame: Frame, cell: str, blocks: Blocks) -> frozenset[Entry]:
    """The entries that interventions which are on have changed."""
    found = set()
    for one in frame.interventions:
        if isinstance(one, WeightEdit) and one.on and one.cell == cell:
            found.add(Entry(one.array, one.row, one.column))
        elif isinstance(one, Cut) and one.on and one.cell == cell:
            rows = range(one.target, blocks.height, blocks.hidden)
            found |= {Entry("weight_hh", row, one.source) for row in rows}
    return frozenset(entry for entry in found if blocks.has(entry))
