"""Undo and redo: frozen situations, newest last."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

S = TypeVar("S")
MOST = 200


@dataclass
class History(Generic[S]):
    """Situations before now and, after an undo, those ahead of it."""

    _past: list[S] = field(default_factory=list)
    _future: list[S] = field(default_factory=list)
    _open: str = ""  # what the newest entry was about: a drag makes one entry, not one per pixel

    def remember(self, situation: S, about: str) -> None:
        """Keep the situation before a change; changes about the same thing in a row share one entry."""
        if about and about == self._open:
            return
        self._past = [*self._past, situation][-MOST:]
        self._future.clear()
        self._open = about

    def close_entry(self) -> None:
        """The next change makes an entry of its own, whatever it is about."""
        self._open = ""

    def undo(self, now: S) -> S:
        """The situation before the newest change, or ``now`` when there is none."""
        self._open = ""
        if not self._past:
            return now
        self._future.append(now)
        return self._past.pop()

    def redo(self, now: S) -> S:
        """The situation before the newest undo, or ``now`` when there is none."""
        self._open = ""
        if not self._future:
            return now
        self._past.append(now)
        return self._future.pop()

    @property
    def can_undo(self) -> bool:
        """Whether there is a situation to go back to."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a situation to go forward to."""
        return bool(self._future)
