"""What every key and every button of the window does; ``keys.py`` has the names, the keys and the words.

Words used in this file
    leave    Esc: the topmost thing that can be left is left, and nothing else happens
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QRadioButton, QWidget

from lstmviz.files import BadInput
from lstmviz.stage.playback import LEVELS
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.interventions.hand_commands import HandCommands
from lstmviz.views.keys import Command, shown_key
from lstmviz.views.labs.entries import entries
from lstmviz.views.slider import PaintedSlider
from lstmviz.views.theme import THEMES
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.views.window import MainWindow

TEXT_NOTCH = 0.1


class Commands(HandCommands):
    """One method per name of the table.

    Parameters
    ----------
    stage : Stage
    table : dict of Command
        From ``keys.commands``.
    window : MainWindow
        Whose actions these become; also their parent.
    """

    def __init__(self, stage: Stage, table: dict[str, Command], window: MainWindow) -> None:
        super().__init__(stage, window)
        self.table = table
        self.actions: dict[str, QAction] = {}

    def make_actions(self) -> None:
        """Give the window one action per line of the table."""
        for command in self.table.values():
            action = QAction(command.about, self.window)
            action.setObjectName(command.name)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setAutoRepeat(command.repeats)
            action.triggered.connect(self.method(command.name))
            self.actions[command.name] = action
            self.window.addAction(action)
        self.fit()

    def fit(self) -> None:
        """Leave the keys that the open lab has no use for to whatever has the keyboard."""
        self.actions["threshold"].setEnabled(self.window.labs.current.THRESHOLD is not None)

    def method(self, name: str) -> Callable[[], None]:
        """What does the command of this name; the ten prepared states of a page share one, and so do the labs."""
        found: Callable[[], None] = getattr(self, shared(name))
        return found

    # -- walk --------------------------------------------------------------------------------------------------

    @Slot()
    def play(self) -> None:
        """Play or pause."""
        self.stage.toggle_play()

    @Slot()
    def back(self) -> None:
        """One operation, timestep or update back."""
        self.stage.back()

    @Slot()
    def on(self) -> None:
        """One operation, timestep or update on."""
        self.stage.on()

    @Slot()
    def first(self) -> None:
        """To the start of this pass."""
        self.stage.first()

    @Slot()
    def last(self) -> None:
        """To the end of this pass."""
        self.stage.last()

    @Slot()
    def loss(self) -> None:
        """To the loss."""
        self.stage.loss()

    @Slot()
    def swap(self) -> None:
        """Same timestep, other pass."""
        self.stage.swap()

    @Slot()
    def next_level(self) -> None:
        """The next level, from the last one the first."""
        self._turn_level(1)

    @Slot()
    def previous_level(self) -> None:
        """The level before."""
        self._turn_level(-1)

    def _turn_level(self, direction: int) -> None:
        index = LEVELS.index(self.stage.playback.level) + direction
        self.stage.set_level(LEVELS[index % len(LEVELS)])

    @Slot()
    def slower(self) -> None:
        """Play walks slower."""
        self.stage.playback.change_speed(-1)

    @Slot()
    def faster(self) -> None:
        """Play walks faster."""
        self.stage.playback.change_speed(1)

    # -- set ---------------------------------------------------------------------------------------------------

    @Slot()
    def focus_gap(self) -> None:
        """The keyboard goes to the gap slider."""
        if self.stage.lab == "race":
            self.window.focus_on(self.window.race.gap.slider)
        else:
            self._focus_control(self.window.column.gap.gap)

    @Slot()
    def focus_forget_bias(self) -> None:
        """The keyboard goes to the forget bias."""
        self._focus_control(self.window.column.forget_bias.slider)

    @Slot()
    def focus_initialisation(self) -> None:
        """The keyboard goes to the chosen initialisation."""
        self._focus_control(self.window.column.initialisation.chosen())

    @Slot()
    def focus_fair(self) -> None:
        """The keyboard goes to fair by."""
        choice = self.window.column.fair.choice
        self._focus_control(choice.segment(choice.index()))

    def _focus_control(self, widget: QWidget) -> None:
        if self.window.column.isVisible() and self.window.column.has(widget):
            self.window.focus_on(widget)

    @Slot()
    def next_seed(self) -> None:
        """Another draw."""
        self.stage.next_seed()

    @Slot()
    def toggle_rnn(self) -> None:
        """Show or hide the RNN."""
        self._toggle_cell("rnn")

    @Slot()
    def toggle_lstm(self) -> None:
        """Show or hide the LSTM."""
        self._toggle_cell("lstm")

    @Slot()
    def toggle_gru(self) -> None:
        """Show or hide the GRU."""
        self._toggle_cell("gru")

    def _toggle_cell(self, cell: str) -> None:
        cells = self.stage.settings.cells
        shown = tuple(c for c in cells if c != cell) if cell in cells else (*cells, cell)
        try:
            self.stage.change({"cells": shown}, about="")
        except BadInput as error:
            self.stage.notify(tr("{what} ({allowed})").format(what=error.wrong, allowed=error.allowed))

    @Slot()
    def bet_yes(self) -> None:
        """The next network will solve the task; the claim holds."""
        self.window.labs.current.vote(True)

    @Slot()
    def bet_no(self) -> None:
        """The next network will not; the claim does not hold."""
        self.window.labs.current.vote(False)

    @Slot()
    def open_in_learn(self) -> None:
        """The chosen claim in Learn."""
        self.window.labs.current.open_in_learn()

    @Slot()
    def find(self) -> None:
        """The keyboard goes to the find line of the open lab."""
        self.window.labs.current.find_words()

    @Slot()
    def turn_wires(self) -> None:
        """Values or gradients on the wires."""
        self.window.labs.current.turn_wires()

    @Slot()
    def choose_task(self) -> None:
        """Open the list of tasks."""
        if self.window.column.isVisible() and self.window.column.has(self.window.column.task.choice):
            self.window.focus_on(self.window.column.task.choice)
            self.window.column.task.choice.showPopup()
        else:
            self.window.switch_bar.show_tasks()

    @Slot()
    def reset(self) -> None:
        """Back to the start-up state."""
        self.stage.reset()

    @Slot()
    def undo(self) -> None:
        """Take back the newest change."""
        self.stage.undo()

    @Slot()
    def redo(self) -> None:
        """Do it again."""
        self.stage.redo()

    # -- look --------------------------------------------------------------------------------------------------

    @Slot()
    def table_of_plot(self) -> None:
        """Show or hide the plot as a table."""
        self.window.panels.toggle_table()

    @Slot()
    def sentence(self) -> None:
        """Show or hide the plot in words."""
        self.window.panels.toggle_sentence()

    @Slot()
    def threshold(self) -> None:
        """Switch the open lab's threshold on and give it the keyboard; from there off again."""
        kind = self.window.labs.current.THRESHOLD
        if kind is not None and self.window.column.isVisible():
            self.window.column.group(kind).begin()

    @Slot()
    def larger(self) -> None:
        """Larger text."""
        self.window.set_text_size(fonts.text_size() + TEXT_NOTCH)

    @Slot()
    def smaller(self) -> None:
        """Smaller text."""
        self.window.set_text_size(fonts.text_size() - TEXT_NOTCH)

    @Slot()
    def normal_size(self) -> None:
        """Text at 100 %."""
        self.window.set_text_size(1.0)

    @Slot()
    def next_theme(self) -> None:
        """Light, dark, projector, light."""
        names = list(THEMES)
        self.window.set_theme(names[(names.index(self.window.theme.name) + 1) % len(names)])

    @Slot()
    def full_screen(self) -> None:
        """Full screen, or back."""
        if self.window.isFullScreen():
            self.window.showNormal()
        else:
            self.window.showFullScreen()

    # -- window ------------------------------------------------------------------------------------------------

    @Slot()
    def open_lab(self) -> None:
        """Open the lab whose key was pressed."""
        action = self.sender()
        if isinstance(action, QAction):
            self.window.open_lab(action.objectName())

    @Slot()
    def next_region(self) -> None:
        """To the next region."""
        self.window.walk_regions(1)

    @Slot()
    def previous_region(self) -> None:
        """To the region before."""
        self.window.walk_regions(-1)

    @Slot()
    def help(self) -> None:
        """Show or hide the help."""
        self.window.panels.toggle_help()

    @Slot()
    def enter(self) -> None:
        """Press the focused button; else commit the prediction."""
        focused = self.window.focusWidget()
        if isinstance(focused, QRadioButton) and focused.isChecked():
            self.stage.lesson.commit()  # it is chosen already: Enter goes on
        elif isinstance(focused, QAbstractButton) and focused.isVisible():
            focused.click()
        elif isinstance(focused, QComboBox) and focused.isVisible():
            focused.showPopup()
        elif isinstance(focused, QAbstractSpinBox):
            focused.interpretText()
        elif not self.window.labs.current.enter():
            self.stage.lesson.commit()

    @Slot()
    def leave(self) -> None:
        """Leave a drag, else a film that is made, else a panel, else the card of a tile, else full screen."""
        grabber = QWidget.mouseGrabber() or QApplication.focusWidget()
        if isinstance(grabber, PaintedSlider) and grabber.isSliderDown():
            grabber.cancel_drag()
        elif self.window.exporter.cancel() or self.window.panels.leave() or self.window.labs.current.leave():
            return
        elif self.stage.frame.tile is not None:
            self.stage.close_tile()
        elif self.window.isFullScreen():
            self.window.showNormal()


def shared(name: str) -> str:
    """The method behind a command: its own, or one that looks which of several was asked for."""
    if name in entries():
        return "open_lab"
    return "what_if" if name.startswith("what_if_") else name


def caption(command: Command) -> str:
    """Words and key of a command for a menu: Qt prints what follows the tab at the right."""
    return f"{command.about}\t{shown_key(command)}"
