"""The stage's verbs about training; the work itself is done by ``training_desk``.

Words used in this file
    budget    updates after which training stops; the desk calls it its goal
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.lab.opened import Opened
    from lstmviz.lab.settings import Settings
    from lstmviz.stage.learn_starts import Starts
    from lstmviz.stage.training_desk import TrainingDesk


class TrainingVerbs:
    """What windows may say about training; ``Stage`` inherits it."""

    desk: TrainingDesk
    settings: Settings
    opened: Opened | None

    def train(self, updates: int) -> None:
        """Train all networks by this many updates more, in a thread; ``stop_training`` ends it within 0.2 s."""
        self.desk.train(self.settings, updates)

    def stop_training(self) -> None:
        """Stop; what is trained is kept."""
        self.desk.stop()

    def toggle_training(self) -> None:
        """Train to the goal, or stop."""
        if self.desk.trains:
            self.desk.stop()
        else:
            self.train(self.desk.goal)

    def set_goal(self, updates: int) -> None:
        """How many updates one press of Train adds, 1 to 5000."""
        self.desk.set_goal(updates)

    # -- the Learn lab -------------------------------------------------------------------------------------------

    def train_or_stop(self) -> None:
        """What Learn's main button does: stop; go on from the update on show; go on to the budget; begin anew."""
        desk = self.desk
        if desk.trains:
            desk.stop()
        elif desk.running:
            return  # an update is being restored; it takes less than a second
        elif desk.update < desk.trained:
            self.remember()
            desk.resume_from(desk.update, max(desk.goal - desk.update, 1))
        elif desk.trained < desk.goal:
            desk.train(self.settings, desk.goal - desk.trained)
        else:
            self.train_anew()

    def train_anew(self) -> None:
        """Forget what is trained, and train again from update 0; bets and seeds stay."""
        if self.settings.cells:
            self.desk.train_anew(self.settings)

    def seek_update(self, update: int) -> None:
        """Show an update already trained, at whatever level."""
        self.desk.seek(update)

    def bet(self, cell: str, will: bool) -> None:
        """Bet whether a network will solve the task within the budget; only before the first update."""
        self.desk.bet(cell, will)

    def bet_next(self, will: bool) -> None:
        """Bet on the first network that has no bet yet."""
        waiting = [cell for cell in self.settings.cells if cell not in self.desk.learning.bets]
        if self.desk.trained or self.desk.trains:
            self.notify(tr("Bets are placed before the first update"))
        elif waiting:
            self.bet(waiting[0], will)
        elif self.settings.cells:
            self.notify(tr("All bets are placed; train to see"))

    def notify(self, text: str) -> None:
        """Show one line for a few seconds."""
        raise NotImplementedError

    def remember(self) -> None:
        """What is on show now can be come back to by undo."""
        raise NotImplementedError

    def run_seeds(self, count: int) -> None:
        """Train every network from this many seeds, in the background."""
        if self.opened is not None and self.opened.cell in self.settings.cells:
            what = tr("Seeds draw untrained networks: untick or put away what was opened from {file}")
            self.notify(what.format(file=self.opened.name))
            return
        self.desk.run_seeds(self.settings, count)

    def stop_seeds(self) -> None:
        """Run no further seed; what is known stays."""
        self.desk.learning.stop_seeds()

    def compare_starts(self) -> None:
        """Train every usual cell and initialisation from a few seeds, in the background; again: stop."""
        starts = self._starts()
        if starts.runs is not None and starts.runs.running:
            starts.stop()
        else:
            starts.run()

    def _starts(self) -> Starts:
        raise NotImplementedError

    def test_lengths(self) -> None:
        """Test the networks on show at gaps that they were never trained on, in the background."""
        self.desk.test_lengths()

    def stop_lengths(self) -> None:
        """Test no further gap; what is known stays."""
        self.desk.learning.stop_lengths()
