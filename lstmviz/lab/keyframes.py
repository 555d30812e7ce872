"""Keyframes: states of a training kept on the way, so that any earlier update can be gone back to; memory is bounded.

Words used in this file
    keyframe   what all networks were after some update
    spacing    updates between two keyframes; doubles, and every other keyframe goes, when there are too many
"""

from typing import Generic, TypeVar

State = TypeVar("State")
FIRST_SPACING = 25
MOST_FRAMES = 64
MOST_BYTES = 256 << 20


class Keyframes(Generic[State]):
    """States by the update they were reached at.

    The updates from a keyframe to the one sought are done again, ``spacing`` - 1 at most; and ``spacing`` is 25, or
    less than 4 / ``most`` of the updates done: with 64 keyframes one sixteenth.

    Parameters
    ----------
    start : state
        At update 0; it is always kept.
    size : int
        Bytes of one state; together they take 256 MB at most, unless 4 take more.
    """

    def __init__(self, start: State, size: int) -> None:
        self._states: dict[int, State] = {0: start}
        self._most = max(4, min(MOST_FRAMES, MOST_BYTES // max(size, 1)))
        self._size, self.spacing = size, FIRST_SPACING

    def __len__(self) -> int:
        return len(self._states)

    def offer(self, update: int, state: State) -> None:
        """Keep this state if its update is one to be kept."""
        if update % self.spacing:
            return
        self._states.setdefault(update, state)
        if len(self._states) > self._most:
            self.spacing *= 2
            self._states = {known: kept for known, kept in self._states.items() if known % self.spacing == 0}

    def before(self, update: int) -> tuple[int, State]:
        """The last keyframe at or before an update, and its update."""
        known = max(known for known in self._states if known <= update)
        return known, self._states[known]

    def up_to(self, update: int) -> "Keyframes[State]":
        """Keyframes of their own, with those of later updates left out."""
        fresh = Keyframes(self._states[0], self._size)
        fresh.spacing = self.spacing
        fresh._states = {known: kept for known, kept in self._states.items() if known <= update}
        return fresh
