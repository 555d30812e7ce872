"""The playhead: where the walk through the computation stands, and how it moves.

Words used in this file
    T           timesteps of the sequence
    place       one number for the whole walk: 0..T-1 forward t = 1..T, T the loss, T+1..2T backward t = T..1
    level       what one press of On means: "operation", "timestep" or "update"
    operation   what is done at once within a timestep, from 1; how many there are depends on the cell and the pass
    notch       as place, one number for each operation of each timestep
"""

import re
from dataclasses import dataclass
from typing import Literal

from lstmviz.stage.cell_operations import Walk
from lstmviz.words import tr

Pass = Literal["forward", "loss", "backward"]
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
LEVELS = ("operation", "timestep", "update")
USUAL_LEVEL = "timestep"
SECONDS_PER_OPERATION = 0.4
SPREAD = 0.320  # seconds that a value travels along its wire
_PLACE = re.compile(r"(forward|backward) ([1-9][0-9]{0,5}|end)(?:, operation ([1-9][0-9]?))?|loss")
END = 10**6  # stands for T until the settings are known
PLACES = tr("forward 7, forward end, loss, backward 7 or backward end; forward 7, operation 8")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in words: which pass, which timestep (1 to T; T at the loss), and how much of it is done."""

    stretch: Pass
    t: int
    operation: int = 0  # the last one done, from 1; 0: all of the timestep

    def words(self) -> str:
        """As files and lessons write it: ``forward 7``, ``loss``, ``backward 7, operation 2``."""
        if self.stretch == "loss":
            return "loss"
        return f"{self.stretch} {self.t}" + (f", operation {self.operation}" if self.operation else "")


def read_position(text: object) -> Position | None:
    """The position that ``Position.words`` wrote; ``end`` for a timestep is T forward (as ``END``) and 1 backward.

    Parameters
    ----------
    text : object
        What a file holds; None is returned for anything that is no place.
    """
    found = _PLACE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    if found[1] is None:
        return Position("loss", END)
    stretch: Pass = "forward" if found[1] == "forward" else "backward"
    t = (END if stretch == "forward" else 1) if found[2] == "end" else int(found[2])
    return Position(stretch, t, int(found[3] or 0))


def position_at(place: int, timesteps: int) -> Position:
    """The position of a place, 0 to 2T."""
    if place < timesteps:
        return Position("forward", place + 1)
    if place == timesteps:
        return Position("loss", timesteps)
    return Position("backward", 2 * timesteps - place + 1)


def place_of(position: Position, timesteps: int) -> int:
    """The place of a position; a timestep beyond T counts as T."""
    t = max(1, min(position.t, timesteps))
    if position.stretch == "forward":
        return t - 1
    return timesteps if position.stretch == "loss" else 2 * timesteps - t + 1


def seconds_per_timestep(timesteps: int) -> float:
    """How long one timestep takes at speed 1: the pass takes about 2.5 s, a timestep 20 to 200 ms."""
    return min(max(2.5 / timesteps, 0.020), 0.200)


class Playback:
    """Moves the playhead over 2T + 1 places, at level Operation over every operation of each; motion is by ``tick``."""

    def __init__(self, timesteps: int) -> None:
        self.timesteps = timesteps
        self.place = 2 * timesteps
        self.playing = False
        self.speed = 1.0
        self.level = USUAL_LEVEL
        self.walk = Walk()
        self.reduced_motion = False  # Play then advances twice a second
        self._operation = 0  # as in Position; kept while another level is looked at
        self._owed = 0.0
        self._since = SPREAD  # seconds since an operation was walked to; never more than matters

    @property
    def position(self) -> Position:
        """Where the playhead stands; with its operation at level Operation only."""
        here = position_at(self.place, self.timesteps)
        if self.level != "operation" or here.stretch == "loss":
            return here
        return Position(here.stretch, here.t, self.operation)

    # -- operations --------------------------------------------------------------------------------------------

    @property
    def operation(self) -> int:
        """The operation that was done last, from 1; 1 at the loss."""
        last = self._operations_at(self.place)
        whole = self.level != "operation" or self._operation == 0
        return last if whole else min(self._operation, last)

    def _operations_at(self, place: int) -> int:
        return 1 if place == self.timesteps else len(self.walk.through(place > self.timesteps))

    @property
    def loss_notch(self) -> int:
        """The notch of the loss: all operations of the forward pass stand before it."""
        return self.timesteps * len(self.walk.through(False))

    @property
    def notches(self) -> int:
        """The last notch: that of the last operation of the backward pass."""
        return self.loss_notch + self.timesteps * len(self.walk.through(True))

    @property
    def notch(self) -> int:
        """Where the playhead stands, counted in operations; the loss is one."""
        if self.place <= self.timesteps:
            return self.place * len(self.walk.through(False)) + self.operation - 1
        further = self.place - self.timesteps - 1
        return self.loss_notch + further * len(self.walk.through(True)) + self.operation

    def seek_notch(self, notch: int) -> None:
        """Go to an operation; outside the walk counts as the nearer end."""
        notch, self._since = max(0, min(notch, self.notches)), SPREAD
        if notch <= self.loss_notch:
            self.place, done = divmod(notch, len(self.walk.through(False)))
        else:
            further, done = divmod(notch - self.loss_notch - 1, len(self.walk.through(True)))
            self.place = self.timesteps + 1 + further
        self._operation = done + 1

    def to_operation(self, number: int, backward: bool) -> None:
        """To an operation of the timestep at hand, in the pass that is said; the loss counts as T."""
        self.go(Position("backward" if backward else "forward", self.position.t, number))

    def set_walk(self, walk: Walk) -> None:
        """Walk through the operations of another cell."""
        self.walk = walk

    # -- places ------------------------------------------------------------------------------------------------

    def fit(self, timesteps: int) -> None:
        """Keep the position when the sequence changes its length."""
        position, at_end = position_at(self.place, self.timesteps), self.place == 2 * self.timesteps
        whole_forward = position == Position("forward", self.timesteps)
        self.timesteps = timesteps
        if at_end:
            self.place = 2 * timesteps
        elif whole_forward:
            self.place = timesteps - 1
        else:
            self.place = place_of(position, timesteps)

    def seek(self, place: int) -> None:
        """Go to a place, all of its operations done; outside 0 to 2T counts as the nearer end."""
        self._since = SPREAD
        self.place, self._operation = max(0, min(place, 2 * self.timesteps)), 0

    def go(self, position: Position) -> None:
        """Go to a position."""
        self.seek(place_of(position, self.timesteps))
        self._operation = position.operation

    def move(self, far: int) -> None:
        """Walk on (positive) or back (negative), in operations or timesteps."""
        if self.level == "operation":
            before, since = self.notch, self._since
            self.seek_notch(before + far)
            self._since = since if self.notch == before else 0.0 if far > 0 else SPREAD
        else:
            self.seek(self.place + far)

    def first(self) -> None:
        """To the start of this pass: t = 1 forward, t = T backward."""
        self.seek(0 if self.place <= self.timesteps else self.timesteps + 1)
        if self.level == "operation":
            self._operation = 1

    def last(self) -> None:
        """To the end of this pass: t = T forward, t = 1 backward; the loss goes on to the end of the backward pass."""
        self.seek(self.timesteps - 1 if self.place < self.timesteps else 2 * self.timesteps)

    def loss(self) -> None:
        """To the loss."""
        self.seek(self.timesteps)

    def swap(self) -> None:
        """The same timestep in the other pass, and there the same place of the diagram."""
        here, backward = self.position, self.place > self.timesteps
        if self.place == self.timesteps:
            self.go(Position("forward", self.timesteps))
            return
        operation = self.walk.swapped(here.operation, backward) if here.operation else 0
        self.go(Position("forward" if backward else "backward", here.t, operation))

    # -- motion ------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Start walking; from the very end, from the beginning again."""
        if self._at_end():
            self.seek(0)
            self._operation = 1 if self.level == "operation" else 0
        self.playing, self._owed = True, 0.0

    def pause(self) -> None:
        """Stop walking; nothing else changes."""
        self.playing = False

    def change_speed(self, direction: int) -> None:
        """One notch faster (1) or slower (-1), 0.25 to 4."""
        index = SPEEDS.index(self.speed) + direction
        self.speed = SPEEDS[max(0, min(index, len(SPEEDS) - 1))]

    @property
    def spread(self) -> float:
        """How far the value of the operation walked to has come along its wire, 0 to 1, slow at both ends."""
        share = 1.0 if self.reduced_motion else self._since / SPREAD
        return 4 * share**3 if share < 0.5 else 1 - 4 * (1 - share) ** 3

    def tick(self, dt: float) -> bool:
        """Advance by ``dt`` seconds of play; True when the playhead moved."""
        self._since = min(self._since + dt, SPREAD)
        if not self.playing:
            return False
        usual = SECONDS_PER_OPERATION if self.level == "operation" else seconds_per_timestep(self.timesteps)
        whole, self._owed = divmod(self._owed + dt, 0.5 if self.reduced_motion else usual / self.speed)
        self.move(int(whole))
        if self._at_end():
            self.pause()
        return whole > 0

    def _at_end(self) -> bool:
        at_last = self.level != "operation" or self.operation == self._operations_at(self.place)
        return self.place == 2 * self.timesteps and at_last
