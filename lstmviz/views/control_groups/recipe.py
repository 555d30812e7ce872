"""How the networks of the Learn lab are trained: learning rate, batch, clipping, budget; and the buttons under it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QWidget

from lstmviz.files import BadInput
from lstmviz.stage.frame import Frame
from lstmviz.stage.learn_frame import LearnFrame
from lstmviz.stage.learn_words import progress_words, train_words
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard, pad_spin_box
from lstmviz.views.control_groups.notches import NotchBox
from lstmviz.views.controls import KeyButton, button, label
from lstmviz.views.elided import ElidedLabel
from lstmviz.views.keys import shown_key, tip
from lstmviz.views.theme import Theme
from lstmviz.words import tr

RATES = (1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 0.01, 0.02, 0.03, 0.05, 0.1)
BATCHES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
CLIPS = (0.0, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
BUDGETS = (50.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 800.0, 1000.0, 1500.0, 2000.0, 3000.0, 5000.0)


class RecipeGroup(Group):
    """Learning rate, batch, clipping and budget; live: they count from the next update on."""

    RULED = True
    SPOT = "training"

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Training"))
        self.rate = NotchBox(tr("Learning rate"), RATES, 5, parent=self)
        self.batch = NotchBox(tr("Batch"), BATCHES, 0, parent=self)
        self.clip = NotchBox(tr("Clip norm at"), CLIPS, 2, off=True, parent=self)
        self.budget = NotchBox(tr("Budget"), BUDGETS, 0, parent=self)
        self.rate.setToolTip(tr("Size of one update; counts from the next one on"))
        self.batch.setToolTip(tr("Sequences per update, the same for all networks"))
        self.clip.setToolTip(tr("Shrink the gradient when its norm is larger; such updates can be marked"))
        self.budget.setToolTip(tr("Updates after which training stops (50 to 5000)"))
        self._guard = WheelGuard(self)
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        self._boxes = (self.rate, self.batch, self.clip, self.budget)
        for row, box in enumerate(self._boxes):
            self._guard.guard(box)
            grid.addWidget(label(box.accessibleName(), "secondary", self), row, 0)
            grid.addWidget(box, row, 1)
        self._note = label("", "hint", self)
        self._note.setWordWrap(True)
        self.rows.setSpacing(4)
        self.rows.addWidget(label(tr("Training"), "strong", self))
        self.rows.addLayout(grid)
        self.rows.addWidget(self._note)
        self.rate.valueChanged.connect(self._change_rate)
        self.batch.valueChanged.connect(self._change_batch)
        self.clip.valueChanged.connect(self._change_clip)
        self.budget.valueChanged.connect(self._change_budget)

    @Slot(float)
    def _change_rate(self, rate: float) -> None:
        self._send(learning_rate=rate)

    @Slot(float)
    def _change_batch(self, batch: float) -> None:
        self._send(batch=round(batch))

    @Slot(float)
    def _change_clip(self, clip: float) -> None:
        self._send(**({"clip_by": "norm", "clip": clip} if clip > 0 else {"clip_by": "none"}))

    @Slot(float)
    def _change_budget(self, budget: float) -> None:
        self.stage.set_goal(round(budget))

    def _send(self, **changes: Any) -> None:
        try:
            self.stage.desk.set_recipe(**changes)
        except BadInput as error:
            self.stage.notify(tr("{what} ({allowed})").format(what=error.wrong, allowed=error.allowed))

    def draw(self, frame: Frame) -> None:
        """Show the recipe as set."""
        learn = frame.part
        if not isinstance(learn, LearnFrame):
            return
        self._note.setText(note_of(frame))
        recipe = learn.recipe
        clip = recipe.clip if recipe.clip_by != "none" else 0.0
        for box, value in zip(self._boxes, (recipe.learning_rate, recipe.batch, clip, learn.budget), strict=True):
            if abs(box.value() - value) > 1e-12:
                with QSignalBlocker(box):
                    box.setValue(value)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        for box in self._boxes:
            box.setFixedWidth(fonts.scaled(104))
            pad_spin_box(box)


def note_of(frame: Frame) -> str:
    """What every update has in common; and that hands do not reach it."""
    said = tr("Adam; the same batches for all.")
    acting = any(one.on for one in frame.interventions)
    return said + (" " + tr("Training goes on without interventions.") if acting else "")


class TrainFoot(Group):
    """Train or Stop, how far it is, and a new seed."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        enter, seed = commands.table["enter"], commands.table["next_seed"]
        # one line: wrapped text outside the part that scrolls would give the whole window its preferred height
        self._words = ElidedLabel("hint", self)
        self._words.setAccessibleName(tr("How far the training is"))
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(tr("Updates done"))
        self.train = KeyButton(tr("Train"), shown_key(enter), "primary", self)
        self.anew = button(tr("From 0"), "", self)
        self.anew.setAccessibleName(tr("Train again from update 0"))
        self.anew.setToolTip(tr("Forget what is trained, and train again by the recipe as it is now"))
        self.seed = button(tr("New seed"), "", self)
        self.seed.setAccessibleName(tr("New seed"))
        self.seed.setToolTip(tip(seed, tr("Another start, same settings")))
        row = QHBoxLayout()
        row.setSpacing(fonts.scaled(8))
        row.addWidget(self.anew)
        row.addWidget(self.seed)
        self.rows.setSpacing(6)
        self.rows.setContentsMargins(0, 0, 0, fonts.scaled(2))
        self.rows.addWidget(self._words)
        self.rows.addWidget(self._progress)
        self.rows.addWidget(self.train)
        self.rows.addLayout(row)
        self.train.clicked.connect(self._toggle)
        self.anew.clicked.connect(self._train_anew)
        self.seed.clicked.connect(commands.next_seed)

    @Slot()
    def _toggle(self) -> None:
        self.stage.train_or_stop()

    @Slot()
    def _train_anew(self) -> None:
        self.stage.train_anew()

    def draw(self, frame: Frame) -> None:
        """Show what pressing does, and how far it is."""
        learn, training = frame.part, frame.training
        if not isinstance(learn, LearnFrame):
            return
        text = train_words(training, learn.budget)
        running = training is not None and training.running
        if text != self.train.text():
            self.train.setText(text)
            self.train.setAccessibleName(text)
        enter = self.commands.table["enter"]
        self.train.setToolTip(tip(enter, tr("Stop; what is trained is kept") if running else tr("Train the networks")))
        self.train.setEnabled(bool(frame.settings.cells))
        unfinished = training is not None and (training.update < training.trained or training.trained < learn.budget)
        self.anew.setVisible(unfinished and training is not None and training.trained > 0 and not running)
        self._words.show_text(progress_words(training, learn.budget))
        self._progress.setVisible(running)
        if training is not None:
            self._progress.setRange(0, max(training.aim, 1))
            self._progress.setValue(training.trained)
