"""Another letter, or another number, at one timestep of the input."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.hands import codes
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button, label, stepper
from lstmviz.views.interventions.edits import free_input, input_edit, set_input
from lstmviz.views.interventions.hand_card import HandCard
from lstmviz.views.interventions.quantities import INPUT
from lstmviz.views.number_box import NumberBox
from lstmviz.views.plain import harmless
from lstmviz.views.tab_order import chain
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

A_ROW = 6  # letters side by side
MOST_NUMBERS = 8  # inputs that have a field each


class InputCard(HandCard):
    """What is read at one timestep: the letters of the task to choose from, or a field for each number.

    Parameters
    ----------
    stage : Stage
    theme : Theme
    """

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, tr("Input"), "strong", tr("Put this card away (Esc)"), parent)
        self.t = 0
        self._task = ""
        self.about = label("", "hint", self)
        self.about.setWordWrap(True)
        self.letters: dict[str, QPushButton] = {}
        self.numbers: list[NumberBox] = []
        self.back = button(tr("As it was"), "", self)
        self.back.setAccessibleName(tr("As it was"))
        self.back.setToolTip(tr("Let the networks read what the task drew"))
        self.back.clicked.connect(self._put_back)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        self._choices = QWidget(self)
        self._grid = QGridLayout(self._choices)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(head)
        self._rows.addWidget(self._choices)
        self._rows.addWidget(self.about)
        self._rows.addWidget(self.back)
        self.set_theme(theme)
        self.hide()

    def open(self, t: int) -> None:
        """Edit what is read at a timestep."""
        self.t = t
        self.draw(self._stage.frame)

    def draw(self, frame: Frame) -> None:
        """Show what is read now."""
        if frame.comparison is None or not 1 <= self.t <= frame.timesteps:
            self.leave()
            return
        now = tuple(map(float, frame.comparison.batch.x[self.t - 1, 0]))
        if frame.settings.task != self._task:
            self._task = frame.settings.task
            self._fill(len(now))
        self.title.setText(tr("Input at t = {t}").format(t=count(self.t)))
        known = codes(self._task)
        for letter, one in self.letters.items():
            one.setChecked(known[letter] == now)
        for value, box in zip(now, self.numbers, strict=False):
            with QSignalBlocker(box):
                box.setValue(value)
        edited = input_edit(self._stage, self.t) is not None
        self.back.setEnabled(edited)
        symbol = harmless(frame.symbols[self.t - 1])
        self.about.setText(tr("All networks read {symbol} here.").format(symbol=symbol))
        self.adjustSize()

    def _fill(self, inputs: int) -> None:
        for old in (*self.letters.values(), *self.numbers):
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.letters, self.numbers = {}, []
        for k, letter in enumerate(codes(self._task)):
            made = button(harmless(letter).replace("&", "&&"), "", self._choices)
            made.setObjectName(letter)
            made.setCheckable(True)
            made.setAccessibleName(tr("Read {letter}").format(letter=harmless(letter)))
            made.setToolTip(tr("Let all networks read this letter here"))
            made.clicked.connect(self._choose_letter)
            self.letters[letter] = made
            self._grid.addWidget(made, k // A_ROW, k % A_ROW)
        if not self.letters:
            for k in range(min(inputs, MOST_NUMBERS)):
                box = NumberBox(self._choices)
                box.setRange(INPUT.low, INPUT.high)
                box.setSingleStep(INPUT.notch)
                box.setDecimals(INPUT.places)
                box.setKeyboardTracking(False)
                box.setAccessibleName(tr("Input {k}").format(k=count(k + 1)))
                box.setToolTip(tr("The number that is read; ↑ and ↓ change it"))
                box.valueChanged.connect(self._choose_number)
                box.editingFinished.connect(self._stage.close_entry)
                stepper(box)
                self.numbers.append(box)
                self._grid.addWidget(label(tr("input {k}").format(k=count(k + 1)), "secondary", self), k, 0)
                self._grid.addWidget(box, k, 1)

        choices: list[QWidget] = [*self.letters.values(), *self.numbers]
        chain(choices[0], (*choices[1:], self.back, self.close_button))

    def first_control(self) -> QWidget:
        """Where the keyboard goes."""
        chosen = [one for one in self.letters.values() if one.isChecked()]
        return next(iter((*chosen, *self.letters.values(), *self.numbers)), self.close_button)

    @Slot()
    def _choose_letter(self) -> None:
        set_input(self._stage, self.t, codes(self._task)[self.sender().objectName()])

    @Slot()
    def _choose_number(self) -> None:
        values = list(map(float, self._stage.frame.comparison.batch.x[self.t - 1, 0]))  # type: ignore[union-attr]
        values[: len(self.numbers)] = [box.value() for box in self.numbers]
        set_input(self._stage, self.t, tuple(values), f"input {self.t}")

    @Slot()
    def _put_back(self) -> None:
        set_input(self._stage, self.t, free_input(self._stage, self.t))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        self.setStyleSheet(
            f"InputCard {{ border: 1px solid {theme.outline}; border-left: 5px solid {theme.clamp}; "
            f"border-radius: 6px; background: {theme.panel}; }}"
        )

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._rows.setContentsMargins(*(fonts.scaled(side) for side in (14, 6, 10, 10)))
        self._rows.setSpacing(fonts.scaled(6))
        self.setFixedWidth(fonts.scaled(300))
        super().set_scale()
