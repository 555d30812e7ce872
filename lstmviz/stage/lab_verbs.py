"""The stage's verbs about labs and pointing: which lab is open, what is selected, which tile's formula is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from lstmviz.lab.settings import Settings
from lstmviz.stage.frame import Selection, Tile
from lstmviz.stage.labs import OWN_LEVEL, LabDesks, place_in_pass
from lstmviz.stage.learn_desk import LearnDesk
from lstmviz.stage.learn_starts import Starts
from lstmviz.stage.playback import Playback, Position, place_of
from lstmviz.stage.resolve import Pointer
from lstmviz.stage.training_verbs import TrainingVerbs

if TYPE_CHECKING:
    from lstmviz.stage.cell_desk import CellDesk  # made, and imported, when the lab is first opened
    from lstmviz.stage.stage import Situation


class LabVerbs(TrainingVerbs):
    """What windows may say about labs and pointing; ``Stage`` inherits it."""

    labs: LabDesks
    playback: Playback
    pointer: Pointer

    def situation(self) -> Situation:
        """What undo, lessons and sessions restore."""
        raise NotImplementedError

    def take(self, situation: Situation) -> None:
        """Restore a situation."""
        raise NotImplementedError

    # -- labs --------------------------------------------------------------------------------------------------

    @property
    def lab(self) -> str:
        """The open lab, one of ``lab_names.EXISTING``."""
        return self.labs.lab

    @property
    def selection(self) -> Selection:
        """Network, unit and timestep that are looked at in every lab."""
        return self.labs.picked.selection(self.settings, self.playback.position.t)

    def open_lab(self, lab: str) -> None:
        """Show another lab on the same settings, playhead and selection."""
        self.labs.open(lab, self.playback)

    @property
    def cell(self) -> CellDesk:
        """The Cell lab's desk."""
        return cast("CellDesk", self.labs.desk("cell"))

    def _starts(self) -> Starts:
        desk = self.labs.desk("learn")
        assert isinstance(desk, LearnDesk)
        return desk.starts

    def select(self, network: str | None = None, unit: int | None = None, timestep: int | None = None) -> None:
        """Look at another network, unit (from 0) or timestep (from 1); what is left out stays.

        The playhead goes to the timestep, in the pass in which it stands; at level Operation to the same operation.
        """
        self.labs.select(network, unit)
        if timestep is not None:
            self.playback.pause()
            operation = self.playback.position.operation
            self.playback.seek(place_in_pass(timestep, self.playback))
            self.playback.go(replace(self.playback.position, operation=operation))

    def take_setup(self, settings: Settings, learning_rate: float, updates: int) -> None:
        """Show a set-up in Learn, ready to be trained. Can be undone."""
        self.remember()
        self.playback.pause()
        level = OWN_LEVEL["learn"]
        self.take(replace(self.situation(), settings=settings, level=level, tile=None, lab="learn", branch=0))
        self.desk.set_recipe(learning_rate=learning_rate)
        self.set_goal(updates)

    # -- pointing ----------------------------------------------------------------------------------------------

    def hover(self, t: int | None) -> None:
        """The timestep under the pointer, 1 to T, or None."""
        self.pointer.hovered = t if t is None or 1 <= t <= self.playback.timesteps else None

    def open_tile(self, tile: Tile) -> None:
        """Show the formula of a tile, and put the playhead on its timestep."""
        last = self.playback.timesteps
        if not 1 <= tile.t <= last:
            return
        self.pointer.tile = tile
        self.labs.select(tile.cell, tile.unit)
        self.playback.pause()
        stretch = self.playback.position.stretch
        if tile.unit is None or stretch == "backward":
            self.playback.seek(place_of(Position("backward", tile.t), last))
        else:
            self.playback.seek(place_of(Position("forward", tile.t), last))

    def close_tile(self) -> None:
        """Put the formula away."""
        self.pointer.tile = None
