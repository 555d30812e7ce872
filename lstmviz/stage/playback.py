"""The playhead: where the walk through the computation stands, and how it moves.

Words used in this file
    T         timesteps of the sequence
    place     one number for the whole walk: 0..T-1 forward t = 1..T, T the loss, T+1..2T backward t = T..1
    level     what one press of On means: "timestep" or "update"
"""

from dataclasses import dataclass
from typing import Literal

Pass = Literal["forward", "loss", "backward"]
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)
LEVELS = ("timestep", "update")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in words: which pass, and which timestep (1 to T; T at the loss)."""

    stretch: Pass
    t: int


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
    """Moves the playhead over 2T + 1 places; all motion comes from ``tick``."""

    def __init__(self, timesteps: int) -> None:
        self.timesteps = timesteps
        self.place = 2 * timesteps
        self.playing = False
        self.speed = 1.0
        self.level = "timestep"
        self.reduced_motion = False  # Play then advances twice a second
        self._owed = 0.0

    @property
    def position(self) -> Position:
        """Where the playhead stands."""
        return position_at(self.place, self.timesteps)

    def fit(self, timesteps: int) -> None:
        """Keep the position when the sequence changes its length."""
        position, at_end = self.position, self.place == 2 * self.timesteps
        whole_forward = position == Position("forward", self.timesteps)
        self.timesteps = timesteps
        if at_end:
            self.place = 2 * timesteps
        elif whole_forward:
            self.place = timesteps - 1
        else:
            self.place = place_of(position, timesteps)

    def seek(self, place: int) -> None:
        """Go to a place; outside 0 to 2T counts as the nearer end."""
        self.place = max(0, min(place, 2 * self.timesteps))

    def move(self, places: int) -> None:
        """Walk on (positive) or back (negative)."""
        self.seek(self.place + places)

    def first(self) -> None:
        """To the start of this pass: t = 1 forward, t = T backward."""
        self.place = 0 if self.place <= self.timesteps else self.timesteps + 1

    def last(self) -> None:
        """To the end of this pass: t = T forward, t = 1 backward; the loss goes on to the end of the backward pass."""
        self.place = self.timesteps - 1 if self.place < self.timesteps else 2 * self.timesteps

    def loss(self) -> None:
        """To the loss."""
        self.place = self.timesteps

    def swap(self) -> None:
        """The same timestep in the other pass."""
        t = self.position.t
        other: Pass = "backward" if self.place < self.timesteps else "forward"
        self.place = place_of(Position(other, t), self.timesteps)

    def play(self) -> None:
        """Start walking; from the very end, from the beginning again."""
        if self.place >= 2 * self.timesteps:
            self.place = 0
        self.playing, self._owed = True, 0.0

    def pause(self) -> None:
        """Stop walking; nothing else changes."""
        self.playing = False

    def change_speed(self, direction: int) -> None:
        """One notch faster (1) or slower (-1), 0.25 to 4."""
        index = SPEEDS.index(self.speed) + direction
        self.speed = SPEEDS[max(0, min(index, len(SPEEDS) - 1))]

    def tick(self, dt: float) -> bool:
        """Advance by ``dt`` seconds of play; True when the playhead moved."""
        if not self.playing:
            return False
        per_place = 0.5 if self.reduced_motion else seconds_per_timestep(self.timesteps) / self.speed
        whole, self._owed = divmod(self._owed + dt, per_place)
        self.move(int(whole))
        if self.place == 2 * self.timesteps:
            self.pause()
        return whole > 0
