"""The bet: which networks will solve the task within the budget? Asked before the first update, compared after it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.learn_frame import LearnFrame
from lstmviz.stage.learn_words import bet_words, start_words
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.control_groups.group import Mark
from lstmviz.views.controls import SegmentedControl, label
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

CELLS = ("rnn", "lstm", "gru")


class BetCard(QWidget):
    """One line per network: its mark, its start, and yes or no; afterwards what came of it."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self._drawn: tuple[object, ...] = ()
        self.setAccessibleName(tr("Your bet"))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._about = label("", "secondary", self)
        self._about.setWordWrap(True)
        self._rows.addWidget(label(tr("Your bet"), "heading", self))
        self._rows.addWidget(self._about)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._rows.addLayout(self._grid)
        self.choices: dict[str, SegmentedControl] = {}
        self._marks = {cell: Mark(cell, theme, self) for cell in CELLS}
        self._names = {cell: label("", "strong", self) for cell in CELLS}
        self._starts = {cell: label("", "hint", self) for cell in CELLS}
        self._said = {cell: label("", "secondary", self) for cell in CELLS}
        for row, cell in enumerate(CELLS):
            choice = SegmentedControl([tr("Yes"), tr("No")], tr("{name} will solve it").format(name=cell.upper()), self)
            choice.setObjectName(cell)
            choice.segment(0).setToolTip(tr("It will solve the task within the budget (Y for the next network)"))
            choice.segment(1).setToolTip(tr("It will not (Shift Y for the next network)"))
            choice.chosen.connect(self._bet)
            self.choices[cell] = choice
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(self._names[cell])
            words.addWidget(self._starts[cell])
            self._grid.addWidget(self._marks[cell], row, 0)
            self._grid.addLayout(words, row, 1)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            self._grid.addWidget(choice, row, 2, right)
            self._grid.addWidget(self._said[cell], row, 2, right)
        self.set_scale()

    @Slot(int)
    def _bet(self, index: int) -> None:
        choice = self.sender()
        assert isinstance(choice, SegmentedControl)
        self._stage.bet(choice.objectName(), index == 0)

    def draw(self, frame: Frame, learn: LearnFrame) -> None:
        """Show the bets, and what came of them."""
        seeds = learn.seeds.dots if learn.seeds is not None else ()
        state = (frame.settings, learn.bets, learn.won, learn.can_bet, learn.budget, learn.cells, len(seeds))
        if state == self._drawn:
            return
        self._drawn = state
        asks = tr("Which solve it in {n} updates? Placed before training, kept beside what happens.")
        placed = tr("Which solve it in {n} updates? Placed before training.")
        none = tr("No bet was placed before training.")
        text = asks if learn.can_bet else placed if any(bet is not None for bet in learn.bets) else none
        self._about.setText(text.format(n=count(learn.budget)))
        for cell in CELLS:
            shown = cell in learn.cells
            choice = self.choices[cell]
            for widget in (self._marks[cell], self._names[cell], self._starts[cell]):
                widget.setVisible(shown)
            choice.setVisible(shown and learn.can_bet)
            self._said[cell].setVisible(shown and not learn.can_bet)
            if not shown:
                continue
            index = learn.cells.index(cell)
            self._names[cell].setText(learn.names[index])
            self._starts[cell].setText(start_words(frame.settings, cell, frame.opened))
            self._said[cell].setText(bet_words(learn, index))
            bet = learn.bets[index]
            choice.show_index(-1 if bet is None else 0 if bet else 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        for mark in self._marks.values():
            mark.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._rows.setSpacing(fonts.scaled(6))
        self._grid.setHorizontalSpacing(fonts.scaled(8))
        self._grid.setVerticalSpacing(fonts.scaled(6))
        for cell, choice in self.choices.items():
            choice.setFixedWidth(fonts.scaled(112))
            self._marks[cell].set_scale()
