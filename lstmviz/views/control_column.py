"""The control column: everything that decides the comparison, top to bottom in the order of a first reading.

Words used in this file
    fold     in a low window Gain and Seed lie under “More”
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group
from lstmviz.views.control_groups.networks import FairGroup, NetworksGroup, TaskGroup
from lstmviz.views.control_groups.start import ForgetBiasGroup, GainGroup, InitialisationGroup, SeedGroup
from lstmviz.views.control_groups.training import TrainingGroup
from lstmviz.views.controls import KeyButton, button, label, rule
from lstmviz.views.icons import icon
from lstmviz.views.keys import shown_key, tip
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr


class ControlColumn(QFrame):
    """Task, networks, fair by, forget bias, initialisation, gain, seed, training, Reset all."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "column")
        self.setAccessibleName(tr("Control column"))
        self._theme = theme
        self._folds = self._open = False
        self._spacing = 6
        given = (stage, commands, theme, self)
        self.task, self.networks, self.fair = TaskGroup(*given), NetworksGroup(*given), FairGroup(*given)
        self.forget_bias, self.initialisation = ForgetBiasGroup(*given), InitialisationGroup(*given)
        self.gain, self.seed, self.training = GainGroup(*given), SeedGroup(*given), TrainingGroup(*given)
        self._groups: tuple[Group, ...] = (
            self.task,
            self.networks,
            self.fair,
            self.forget_bias,
            self.initialisation,
            self.gain,
            self.seed,
            self.training,
        )
        self._named: dict[str, Group] = {
            "task": self.task,
            "networks": self.networks,
            "forget bias": self.forget_bias,
            "initialisation": self.initialisation,
            "gain": self.gain,
            "seed": self.seed,
            "training": self.training,
        }
        self._highlight, self._trained = "", 0  # pictures of this training so far, up to 2
        self._rules = {group: rule(self) for group in (self.forget_bias, self.initialisation, self.training)}
        self.more: QPushButton = button(tr("More"), "plain", self)
        self.more.setCheckable(True)
        self.more.setToolTip(tr("Gain and seed"))
        self.more.setAccessibleName(tr("More controls: gain and seed"))
        self._note = label("", "hint", self)
        self._note.setWordWrap(True)
        command = commands.table["reset"]
        self.reset = KeyButton(tr("Reset all"), shown_key(command), "", self)
        self.reset.setAccessibleName(tr("Reset all"))
        self.reset.setToolTip(tip(command, tr("Back to the start-up state. Can be undone.")))
        self._lay_out()
        self.more.clicked.connect(self._toggle_more)
        self.reset.clicked.connect(commands.reset)
        self.set_scale()

    def _lay_out(self) -> None:
        self._inner = QFrame(self)
        self._inner.setProperty("role", "panel")
        self._rows = QVBoxLayout(self._inner)
        for group in self._groups:
            if group is self.gain:
                self._more_row = QHBoxLayout()
                self._more_row.addWidget(self.more)
                self._more_row.addStretch(1)
                self._rows.addLayout(self._more_row)
            if group in self._rules:
                self._rows.addWidget(self._rules[group])
            self._rows.addWidget(group)
        self._rows.addWidget(self._note)
        self._rows.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidget(self._inner)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.verticalScrollBar().rangeChanged.connect(self._margins)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self.reset)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.setSpacing(0)
        whole.addWidget(self.area, 1)
        whole.addLayout(self._foot)

    def draw(self, frame: Frame) -> None:
        """Show the frame."""
        for group in self._groups:
            group.draw(frame)
        self._note.setText(_note(frame))
        self._show_training(frame.training is not None)
        self._spotlight(frame.lesson.highlight if frame.lesson else "")

    def _show_training(self, trained: bool) -> None:
        """Once something is trained, scroll so far that the losses, which were not there before, can be seen."""
        if trained and self._trained == 1:  # in the second picture: by then they have their place
            self.area.ensureWidgetVisible(self.training, 0, fonts.scaled(8))
        self._trained = min(self._trained + 1, 2) if trained else 0

    def _spotlight(self, highlight: str) -> None:
        """Let all groups rest but the one that the page of a lesson names."""
        named = self._named.get(highlight)
        if named in (self.gain, self.seed) and not self._open:
            self.show_all()
        for group in self._groups:
            group.rest(named is not None and group is not named)
        if named is not None and highlight != self._highlight:
            self.area.ensureWidgetVisible(named)
        self._highlight = highlight

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        for group in self._groups:
            group.set_theme(theme)
        self._draw_more()

    def set_room(self, folds: bool, spacing: int) -> None:
        """Whether Gain and Seed lie under “More”, and how far the groups stand apart."""
        self._folds, self._spacing = folds, spacing
        self.set_scale()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = self._side()
        self._margins(0, self.area.verticalScrollBar().maximum())
        self._rows.setSpacing(fonts.scaled(self._spacing))
        self._more_row.setContentsMargins(-fonts.scaled(10), 0, 0, 0)  # its words stand under those above
        self._foot.setContentsMargins(side, fonts.scaled(6), side, fonts.scaled(10))
        for group in self._groups:
            group.set_folds(self._folds)
            group.set_scale()
        self._draw_more()

    def _side(self) -> int:
        return fonts.scaled(14 if self._folds else 18)

    @Slot(int, int)
    def _margins(self, _low: int, high: int) -> None:
        # where the column scrolls, the bar takes the place of the margin: the controls keep their width
        side, bar = self._side(), self.area.verticalScrollBar().sizeHint().width() if high > 0 else 0
        self._rows.setContentsMargins(side, fonts.scaled(10), max(side - bar, 1), fonts.scaled(6))

    def show_all(self) -> None:
        """Open “More”, so that a control under it can be reached."""
        self._open = True
        self._draw_more()

    @Slot()
    def _toggle_more(self) -> None:
        self._open = not self._open
        self._draw_more()

    def _draw_more(self) -> None:
        self.more.setVisible(self._folds)
        self.more.setChecked(self._open)
        self.more.setIcon(icon("chevron" if self._open else "chevron-right", self._theme, fonts.scaled(16)))
        for group in (self.gain, self.seed):
            group.setVisible(self._open or not self._folds)


def _note(frame: Frame) -> str:
    """The conditions of what is shown."""
    settings, training = frame.settings, frame.training
    state = tr("Untrained")
    if training is not None and training.running:
        state = tr("Update {n} of {aim}").format(n=count(training.trained), aim=count(training.aim))
    elif training is not None:
        state = tr("Update {n} of {aim}").format(n=count(training.update), aim=count(training.trained))
    sequences = tr("one sequence") if settings.batch == 1 else tr("{n} sequences").format(n=count(settings.batch))
    text = tr("{state}, {sequences}, {dtype}. Loss taken at the last timestep only.")
    said = text.format(state=state, sequences=sequences, dtype=settings.dtype)
    return said if training is None else said + " " + tr("A changed control starts training over.")
