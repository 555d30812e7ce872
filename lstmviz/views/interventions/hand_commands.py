"""What the keys of the hands do; a part of ``commands.py``."""

from __future__ import annotations

from PySide6.QtCore import Slot

from lstmviz.views.lesson_commands import LessonCommands
from lstmviz.words import tr

NOTHING_TO_DRAG = ("claims", "learn", "map")


class HandCommands(LessonCommands):
    """Commands about interventions; parameters as for ``Commands``."""

    @Slot()
    def clamp_tool(self) -> None:
        """Take the clamp tool into the hand, or put it away."""
        hands = self.window.panels.hands
        if not hands.tool_on and self.stage.lab in NOTHING_TO_DRAG:
            self.stage.notify(tr("There is nothing to clamp in this lab; open the Race, the Cell or Inspect"))
            return
        hands.set_tool(not hands.tool_on)
        if hands.tool_on:
            self.stage.notify(tr("Drag over timesteps to hold a value. Esc puts the tool away."))

    @Slot()
    def ghost(self) -> None:
        """Show or hide the run before the interventions."""
        self.stage.set_ghost(not self.stage.hands.ghost)

    @Slot()
    def weights_in_hand(self) -> None:
        """Show the weights of the selected network, or put them away."""
        self.window.panels.hands.toggle_weights()

    def be_the_lstm(self) -> None:
        """Take all gates of the selected network into the hands."""
        self.stage.be_the_lstm()
        self.stage.tick(0.0)
        self.window.panels.hands.open_gates()
