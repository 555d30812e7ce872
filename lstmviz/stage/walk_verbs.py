"""The stage's verbs about the playhead: play, walk on and back, go somewhere, at whichever level is chosen.

Words used in this file
    level    what one press of On means: an operation, a timestep, an update
    walk     the operations of the network that is selected, forward and backward
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstmviz.lab.formulas import form_of
from lstmviz.stage.cell_operations import Walk, drawn_racer
from lstmviz.stage.playback import LEVELS, USUAL_LEVEL, Playback, Position

if TYPE_CHECKING:
    from lstmviz.lab.settings import Settings
    from lstmviz.stage.comparison_desk import ComparisonDesk
    from lstmviz.stage.labs import LabDesks
    from lstmviz.stage.training_desk import TrainingDesk


class WalkVerbs:
    """What windows may say about the playhead; ``Stage`` inherits it."""

    playback: Playback
    desk: TrainingDesk
    race: ComparisonDesk
    labs: LabDesks
    settings: Settings

    @property
    def lab(self) -> str:
        """The open lab."""
        raise NotImplementedError

    def train_or_stop(self) -> None:
        """What Learn's main button does."""
        raise NotImplementedError

    def toggle_training(self) -> None:
        """Train to the goal, or stop."""
        raise NotImplementedError

    def toggle_play(self) -> None:
        """Play, or pause; at level Update, train or stop."""
        if self.playback.level == "update" and self.lab == "learn":
            self.train_or_stop()
        elif self.playback.level == "update":
            self.toggle_training()
        elif self.playback.playing:
            self.playback.pause()
        else:
            self.fit_walk()
            self.playback.play()

    def on(self) -> None:
        """One operation, timestep or update on."""
        self._move(1)

    def back(self) -> None:
        """One operation, timestep or update back: the exact inverse of ``on``."""
        self._move(-1)

    def _move(self, direction: int) -> None:
        self.playback.pause()
        if self.playback.level == "update":
            self.desk.move(direction, self.settings)
        else:
            self.fit_walk()
            self.playback.move(direction)

    def first(self) -> None:
        """To the start of this pass, or to update 0."""
        if self.playback.level == "update":
            self.desk.seek(0)
        else:
            self.playback.first()

    def last(self) -> None:
        """To the end of this pass, or to the newest update."""
        if self.playback.level == "update":
            self.desk.seek(self.desk.trained)
        else:
            self.playback.last()

    def seek(self, place: int) -> None:
        """Move the playhead to a place of the walk (0 to 2T), or at level Update to that update."""
        if self.playback.level == "update":
            self.desk.seek(place)
        else:
            self.playback.seek(place)

    def seek_notch(self, notch: int) -> None:
        """As ``seek``; at level Operation to an operation of a timestep, counted as ``Frame.notch``."""
        if self.playback.level != "operation":
            self.seek(notch)
        else:
            self.fit_walk()
            self.playback.seek_notch(notch)

    def go_to(self, position: Position) -> None:
        """Move the playhead to a position of the passes."""
        self.fit_walk()
        self.playback.go(position)

    def go_to_operation(self, number: int, backward: bool) -> None:
        """Walk at level Operation from now on, and stand at an operation (from 1) of the timestep on show."""
        self.set_level("operation")
        self.fit_walk()
        self.playback.to_operation(number, backward)

    def loss(self) -> None:
        """To the loss."""
        self._to_the_passes()
        self.playback.loss()

    def swap(self) -> None:
        """The same timestep in the other pass; at level Operation the same place of the diagram."""
        self._to_the_passes()
        self.fit_walk()
        self.playback.swap()

    def _to_the_passes(self) -> None:
        self.playback.pause()
        if self.playback.level == "update":
            self.playback.level = USUAL_LEVEL

    def set_level(self, level: str) -> None:
        """What one press of On means: "operation", "timestep" or "update"."""
        if level in LEVELS:
            self.playback.pause()
            self.playback.level = level

    def set_reduced_motion(self, reduced: bool) -> None:
        """Paint at once and let Play advance twice a second."""
        self.playback.reduced_motion = reduced

    def fit_walk(self) -> None:
        """Count the operations of the network that is selected now."""
        racer = drawn_racer(self.race.comparison, self.labs.picked.network)
        if racer is not None:
            self.playback.set_walk(Walk(racer.network.cell, form_of(racer.network)))
