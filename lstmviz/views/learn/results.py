"""The results column of the Learn lab: the bet, seeds, and other gaps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.learn_frame import LearnFrame
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button, label, rule
from lstmviz.views.learn.bet_card import BetCard
from lstmviz.views.learn.length_plot import LengthPlot
from lstmviz.views.learn.seed_table import SeedTable
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

FEW, MANY = 5, 20  # seeds


class Results(QFrame):
    """Bet, seeds, other gaps; it scrolls where it has too little room."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self.setProperty("role", "side")
        self.setAccessibleName(tr("Results"))
        self.bet, self.lengths = BetCard(stage, theme, self), LengthPlot(theme, self)
        self.table = SeedTable(tr("Solved, of all seeds"), theme, self)
        self.start_table = SeedTable(tr("Solved, by start"), theme, self)
        self._criterion = label("", "hint", self)
        self._criterion.setWordWrap(True)
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(tr("Seeds done"))
        self._seed_words, self._gap_words = label("", "hint", self), label("", "hint", self)
        self._gap_words.setWordWrap(True)
        self.few = button(tr("Run {n} seeds").format(n=FEW), "", self)
        self.many = button(tr("Run {n}").format(n=MANY), "", self)
        self.few.setToolTip(tr("Train every network from {n} seeds, in the background").format(n=FEW))
        self.many.setToolTip(tr("Train every network from {n} seeds, in the background").format(n=MANY))
        self.many.setAccessibleName(tr("Run {n} seeds").format(n=MANY))
        self.starts = button(tr("Compare starts"), "", self)
        about = tr("RNN, LSTM and GRU with {n} starts, {seeds} seeds each, in the background")
        self.starts.setToolTip(about.format(n=8, seeds=FEW))
        self._start_words = label("", "hint", self)
        self._start_words.setWordWrap(True)
        self.gaps = button(tr("Test at other gaps"), "", self)
        self._lay_out()
        self.few.clicked.connect(self._run_few)
        self.many.clicked.connect(self._run_many)
        self.starts.clicked.connect(self._compare)
        self.gaps.clicked.connect(self._test_gaps)
        self.set_scale()

    def _lay_out(self) -> None:
        inner = QFrame(self)
        inner.setProperty("role", "panel")
        self._rows = QVBoxLayout(inner)
        self._seeds_row = QHBoxLayout()
        self._seeds_row.addWidget(self.few, 1)
        self._seeds_row.addWidget(self.many)
        for widget in (
            self.bet,
            rule(self),
            label(tr("Solved, of all seeds"), "heading", self),
            self._criterion,
            self.table,
            self._progress,
            self._seed_words,
        ):
            self._rows.addWidget(widget)
        self._rows.addLayout(self._seeds_row)
        starts: tuple[QWidget, ...] = (
            rule(self),
            label(tr("Solved, by start"), "heading", self),
            self._start_words,
            self.start_table,
            self.starts,
        )
        for part in starts:
            self._rows.addWidget(part)
        title = label(tr("At other gaps"), "heading", self)
        below: tuple[QWidget, ...] = (rule(self), title, self._gap_words, self.lengths, self.gaps)
        for part in below:
            self._rows.addWidget(part)
        self._rows.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.addWidget(self._area)

    @Slot()
    def _run_few(self) -> None:
        learn = self._stage.frame.part
        if isinstance(learn, LearnFrame) and learn.seeds is not None and learn.seeds.running:
            self._stage.stop_seeds()
        else:
            self._stage.run_seeds(FEW)

    @Slot()
    def _run_many(self) -> None:
        self._stage.run_seeds(MANY)

    @Slot()
    def _compare(self) -> None:
        self._stage.compare_starts()

    @Slot()
    def _test_gaps(self) -> None:
        learn = self._stage.frame.part
        if isinstance(learn, LearnFrame) and learn.lengths is not None and learn.lengths.running:
            self._stage.stop_lengths()
        else:
            self._stage.test_lengths()

    def draw(self, frame: Frame, learn: LearnFrame) -> None:
        """Show the frame."""
        self.bet.draw(frame, learn)
        self.table.draw(learn.shown)
        self._draw_starts(learn)
        self.lengths.draw(learn)
        self._criterion.setText(tr("{what}, in {n} updates").format(what=learn.criterion, n=count(learn.budget)))
        seeds, lengths = learn.seeds, learn.lengths
        running = seeds is not None and seeds.running
        self._progress.setVisible(running)
        self._seed_words.setVisible(seeds is not None)
        if seeds is not None:
            wanted = len(seeds.seeds) * len(seeds.cells)
            self._progress.setRange(0, max(wanted, 1))
            self._progress.setValue(len(seeds.dots))
            self._seed_words.setText(tr("{n} of {all} trainings done").format(n=len(seeds.dots), all=wanted))
        self.few.setText(tr("Cancel") if running else tr("Run {n} seeds").format(n=FEW))
        self.few.setAccessibleName(self.few.text())
        self.many.setVisible(not running)
        for made in (self.few, self.many):
            made.setEnabled(bool(learn.cells))
        tested = frame.training is not None and frame.training.trained > 0
        busy = lengths is not None and lengths.running
        self.lengths.setVisible(lengths is not None)
        self.gaps.setEnabled(tested and not (frame.training is not None and frame.training.running))
        self.gaps.setText(tr("Cancel") if busy else tr("Test at other gaps"))
        self.gaps.setAccessibleName(self.gaps.text())
        words = tr("Train first; then test at gaps that were never trained on.")
        if lengths is not None:
            text = tr("{score} on 500 new sequences, the networks after update {n}")
            words = text.format(score=learn.score_name, n=count(lengths.update))
        elif tested:
            words = tr("The networks on show, on 500 new sequences at gaps they were never trained on.")
        self._gap_words.setText(words)

    def _draw_starts(self, learn: LearnFrame) -> None:
        runs = learn.starts
        self.start_table.setVisible(runs is not None)
        words = tr("The same task with {n} other starts: which solve it? The share at update 0 says much of it.")
        text = words.format(n=8)
        if runs is not None:
            self.start_table.draw(runs.rows)
            done = tr("{n} of {all} trainings done, {budget} updates at most")
            text = done.format(n=runs.done, all=runs.total, budget=count(runs.budget))
        self._start_words.setText(text)
        running = runs is not None and runs.running
        self.starts.setText(tr("Cancel") if running else tr("Compare starts"))
        self.starts.setAccessibleName(self.starts.text())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        for part in (self.bet, self.table, self.start_table, self.lengths):
            part.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(18)
        self._rows.setContentsMargins(side, fonts.scaled(14), side, fonts.scaled(14))
        self._rows.setSpacing(fonts.scaled(8))
        self.bet.set_scale()
        self.table.updateGeometry()
        self.start_table.updateGeometry()
        self.lengths.updateGeometry()
