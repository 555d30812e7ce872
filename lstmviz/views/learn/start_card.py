"""What stands in the place of the losses before the first update: what will happen, and the button that begins it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.learn_frame import LearnFrame
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import StateCard, button, label
from lstmviz.words import count, tr


class StartCard(StateCard):
    """Nothing is trained yet."""

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__("empty", parent)
        self._stage = stage
        self._drawn: tuple[object, ...] = ()
        self.setAccessibleName(tr("Nothing is trained yet"))
        centre = Qt.AlignmentFlag.AlignHCenter
        self._title = label(tr("Nothing is trained yet"), "heading", self)
        self._about, self._bet = label("", "secondary", self), label("", "secondary", self)
        self.train = button(tr("Train"), "primary", self)
        self.train.setAccessibleName(tr("Train"))
        self.train.setToolTip(tr("Train the networks on the same batches (Enter)"))
        self._rows = QVBoxLayout(self)
        self._rows.addStretch(1)
        for words in (self._title, self._about, self._bet):
            words.setAlignment(centre)
            words.setWordWrap(True)
            self._rows.addWidget(words)
        self._rows.addSpacing(8)
        self._rows.addWidget(self.train, 0, centre)
        self._rows.addStretch(1)
        self.train.clicked.connect(self._train)
        self.set_scale()

    @Slot()
    def _train(self) -> None:
        self._stage.train_or_stop()

    def draw(self, frame: Frame, learn: LearnFrame) -> None:
        """Say what will be trained, and which bets are missing."""
        running = frame.training is not None and frame.training.running
        state = (learn.names, learn.budget, learn.recipe.batch, learn.bets, running)
        if state == self._drawn:
            return
        self._drawn = state
        names = tr(", ").join(learn.names)
        text = tr("{names}: {n} updates of {batch} sequences each, the same for all.")
        self._about.setText(text.format(names=names, n=count(learn.budget), batch=count(learn.recipe.batch)))
        waiting = [name for name, bet in zip(learn.names, learn.bets, strict=True) if bet is None]
        ask = tr("Bet first: will {name} solve it? Y for yes, Shift Y for no.")
        text = ask.format(name=waiting[0]) if waiting else tr("All bets are placed. Train to see.")
        self._bet.setText(
            tr("Preparing: the kernels are compiled once, then the first update is made.") if running else text
        )
        self._title.setText(tr("Training begins") if running else tr("Nothing is trained yet"))
        self.train.setText(tr("Stop") if running else tr("Train"))
        self.train.setAccessibleName(self.train.text())

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._rows.setSpacing(fonts.scaled(8))
        side = fonts.scaled(40)
        self._rows.setContentsMargins(side, fonts.scaled(12), side, fonts.scaled(12))
        self.train.setMinimumWidth(fonts.scaled(160))
