"""The control column: everything that decides what the open lab shows, top to bottom in the order of a first reading.

Words used in this file
    fold     to lie under “More”: less-used groups in a small window, details always
    foot     the open lab's buttons, under the part that scrolls
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.readouts import conditions
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.gap import GapGroup
from lstmviz.views.control_groups.group import Group
from lstmviz.views.control_groups.networks import FairGroup, NetworksGroup, TaskGroup
from lstmviz.views.control_groups.start import ForgetBiasGroup, GainGroup, InitialisationGroup, SeedGroup
from lstmviz.views.control_groups.training import TrainingGroup
from lstmviz.views.controls import KeyButton, button, label, rule
from lstmviz.views.icons import icon
from lstmviz.views.keys import shown_key, tip
from lstmviz.views.labs.lab import Lab
from lstmviz.views.opened_card import OpenedCard
from lstmviz.views.tab_order import focusable
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

Made = TypeVar("Made", bound=Group)


class ControlColumn(QFrame):
    """The groups of the open lab from top to bottom, its buttons, and Reset all."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "column")
        self.setAccessibleName(tr("Control column"))
        self._stage, self._commands, self._theme = stage, commands, theme
        self._folds = self._open = False
        self._spacing = 6
        self._made: dict[type[Group], Group] = {}
        self._rules: dict[Group, QFrame] = {}
        self._groups: tuple[Group, ...] = ()
        self._folding: tuple[Group, ...] = ()
        self._always: tuple[Group, ...] = ()
        self._feet: tuple[Group, ...] = ()
        self._highlight, self._trained = "", 0  # pictures of this training so far, up to 2
        self.more: QPushButton = button(tr("More"), "plain", self)
        self.more.setCheckable(True)
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
        self._more_row = QWidget(self._inner)
        self._more_line = QHBoxLayout(self._more_row)
        self._more_line.addWidget(self.more)
        self._more_line.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidget(self._inner)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.verticalScrollBar().rangeChanged.connect(self._margins)
        self.opened = OpenedCard(self._stage, self)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addWidget(self.reset)
        self._edge = rule(self)  # over the foot, where something lies under it
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.setSpacing(0)
        whole.addWidget(self.area, 1)
        whole.addWidget(self._edge)
        whole.addLayout(self._foot)

    # -- groups ------------------------------------------------------------------------------------------------

    def group(self, kind: type[Made]) -> Made:
        """The group of a kind, made on first use; labs that name the same kind share it."""
        if kind not in self._made:
            made = kind(self._stage, self._commands, self._theme, self)
            made.hide()
            self._made[kind] = made
            self._rules[made] = rule(self)
            self._rules[made].hide()
            made.set_folds(self._folds)
            made.set_scale()
        found = self._made[kind]
        assert isinstance(found, kind)
        return found

    def has(self, widget: QWidget) -> bool:
        """Whether a control belongs to the open lab."""
        return any(group.isAncestorOf(widget) for group in (*self._groups, *self._feet))

    def in_sight(self) -> list[Group]:
        """The groups of the open lab that are shown and not scrolled away, from top to bottom."""
        return [
            group for group in (*self._groups, *self._feet) if group.isVisible() and not group.visibleRegion().isEmpty()
        ]

    def show_lab(self, lab: Lab) -> None:
        """Put the groups of a lab in the place of those before."""
        for group in (*self._groups, *self._feet):
            group.hide()
            self._rules[group].hide()
            self._foot.removeWidget(group)
        # Qt deletes the layout item of a removed widget; one that takeAt gives to Python may live on, and while it does
        # the widget's next item is not told when heights change
        for group in self._groups:
            self._rows.removeWidget(group)
            self._rows.removeWidget(self._rules[group])
        for widget in (self._more_row, self._note):
            self._rows.removeWidget(widget)
        while self._rows.count():
            self._rows.takeAt(0)
        self._rows.addWidget(self.opened)
        self._groups = tuple(self.group(kind) for kind in lab.GROUPS)
        self._feet = () if lab.FOOT is None else (self.group(lab.FOOT),)
        self._always = tuple(self.group(kind) for kind in lab.MORE)
        self._folding = tuple(group for group in self._groups if group.FOLDS != "never" or group in self._always)
        for group in self._groups:
            if group is next(iter(self._folding), None):
                self._rows.addWidget(self._more_row)
            if group.RULED:
                self._rows.addWidget(self._rules[group])
            self._rows.addWidget(group)
            group.setVisible(group not in self._folding)
            self._rules[group].setVisible(group.RULED and group not in self._folding)
        self._rows.addWidget(self._note)
        self._rows.addStretch(1)
        for group in self._feet:
            self._foot.insertWidget(0, group)
            group.show()
        self._note.setVisible(lab.NOTE)
        self._name_more()
        self.set_scale()
        self.area.verticalScrollBar().setValue(0)

    def focus_order(self) -> list[QWidget]:
        """What Tab reaches, from top to bottom."""
        order: list[QWidget] = focusable(self.opened)
        for group in (*self._groups, *self._feet):
            if group is next(iter(self._under()), None):
                order.append(self.more)
            order += focusable(group)
        return [*order, self.reset]

    def _name_more(self) -> None:
        names = [group.accessibleName() for group in self._folding]
        named = tr(", ").join(names)
        self.more.setToolTip(named)
        self.more.setAccessibleName(tr("More controls: {names}").format(names=named))

    @property
    def task(self) -> TaskGroup:
        """What must be remembered."""
        return self.group(TaskGroup)

    @property
    def gap(self) -> GapGroup:
        """How long it must be remembered."""
        return self.group(GapGroup)

    @property
    def networks(self) -> NetworksGroup:
        """Which networks are compared."""
        return self.group(NetworksGroup)

    @property
    def fair(self) -> FairGroup:
        """How their sizes are made comparable."""
        return self.group(FairGroup)

    @property
    def forget_bias(self) -> ForgetBiasGroup:
        """Start value of the forget gate."""
        return self.group(ForgetBiasGroup)

    @property
    def initialisation(self) -> InitialisationGroup:
        """How the RNN's recurrent weights start."""
        return self.group(InitialisationGroup)

    @property
    def gain(self) -> GainGroup:
        """Factor on all recurrent weights."""
        return self.group(GainGroup)

    @property
    def seed(self) -> SeedGroup:
        """Which draw."""
        return self.group(SeedGroup)

    @property
    def training(self) -> TrainingGroup:
        """Training, beside the Race."""
        return self.group(TrainingGroup)

    def draw(self, frame: Frame) -> None:
        """Show the frame."""
        for group in (*self._groups, *self._feet):
            group.draw(frame)
        self.opened.draw(frame)
        self._note.setText(_note(frame))
        self._show_training(frame.training is not None)
        self._spotlight(frame.lesson.highlight if frame.lesson else "")

    def _show_training(self, trained: bool) -> None:
        """Once something is trained, scroll so far that the losses, which were not there before, can be seen."""
        shown = self.training in self._groups
        if shown and trained and self._trained == 1:  # in the second picture: by then they have their place
            self.area.ensureWidgetVisible(self.training, 0, fonts.scaled(8))
        self._trained = min(self._trained + 1, 2) if trained else 0

    def _spotlight(self, highlight: str) -> None:
        """Let all groups rest but the one that the page of a lesson names."""
        named = next((group for group in self._groups if highlight and highlight == group.SPOT), None)
        if named in self._folding and not self._open:
            self.show_all()
        for group in self._groups:
            group.rest(named is not None and group is not named)
        if named is not None and highlight != self._highlight:
            self.area.ensureWidgetVisible(named)
        self._highlight = highlight

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        for group in self._made.values():
            group.set_theme(theme)
        self._draw_more()

    def set_room(self, folds: bool, spacing: int) -> None:
        """Whether the less-used groups lie under “More”, and how far the groups stand apart."""
        self._folds, self._spacing = folds, spacing
        self.set_scale()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = self._side()
        self._margins(0, self.area.verticalScrollBar().maximum())
        self._rows.setSpacing(fonts.scaled(self._spacing))
        self._more_line.setContentsMargins(0, 0, 0, 0)
        self.more.setStyleSheet("padding-left: 0px")  # its words stand under those above
        self._foot.setContentsMargins(side, fonts.scaled(6), side, fonts.scaled(10))
        for group in self._made.values():
            group.set_folds(self._folds)
            group.set_scale()
        self.opened.set_scale()
        self._draw_more()

    def _side(self) -> int:
        return fonts.scaled(14 if self._folds else 18)

    @Slot(int, int)
    def _margins(self, _low: int, high: int) -> None:
        # where the column scrolls, the bar takes the place of the margin: the controls keep their width
        self._edge.setVisible(high > 0)
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

    def _under(self) -> list[Group]:
        """The groups that lie under “More” in this window."""
        return [group for group in self._folding if self._folds or group in self._always]

    def _draw_more(self) -> None:
        under = self._under()
        self._more_row.setVisible(bool(under))
        if under:  # right over the first group that it hides, and the hairline over that
            first = self._rules[under[0]] if under[0].RULED else under[0]
            self._rows.removeWidget(self._more_row)
            self._rows.insertWidget(self._rows.indexOf(first), self._more_row)
        self.more.setChecked(self._open)
        self.more.setIcon(icon("chevron" if self._open else "chevron-right", self._theme, fonts.scaled(16)))
        for group in self._folding:
            shown = self._open or group not in under
            group.setVisible(shown)
            self._rules[group].setVisible(shown and group.RULED)


def _note(frame: Frame) -> str:
    """The conditions of what is shown."""
    settings, training = frame.settings, frame.training
    state = tr("Untrained")
    if frame.opened is not None:
        alone = len(settings.cells) == 1
        state = tr("Opened from a file") if alone else tr("One opened from a file, the others untrained")
    if training is not None and training.running:
        state = tr("Update {n} of {aim}").format(n=count(training.trained), aim=count(training.aim))
    elif training is not None:
        state = tr("Update {n} of {aim}").format(n=count(training.update), aim=count(training.trained))
    sequences = tr("one sequence") if settings.batch == 1 else tr("{n} sequences").format(n=count(settings.batch))
    text = tr("{state}, {sequences}, {dtype}. Loss taken at the last timestep only.")
    said = text.format(state=state, sequences=sequences, dtype=settings.dtype)
    said = " ".join([*(f"{line}." for line in conditions(settings)), said])
    return said if training is None else said + " " + tr("A changed control starts training over.")
