"""What the Claims lab draws: a table of claims and published experiments, and what runs at the moment.

Words used in this file
    claim       what is often said of LSTMs; its verdict is shown after the learner's vote
    published   an experiment from a paper, run again
    shipped     the runs come with the program; "here" they were made on this computer
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Sign = Literal["tick", "half disc", "cross", "bar", ""]  # "" for what was not tested
CLAIM, PUBLISHED = "claim", "published"
COSTS = re.compile(r"([\d.]+) (s|min)")


@dataclass(frozen=True, slots=True)
class Running:
    """How far a run is."""

    done: int  # runs of a row with one seed
    total: int
    waiting: bool  # another row is run first


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One line of the table, with what opens under it."""

    key: str  # "claim 3", "published 1997-6a"
    kind: str  # CLAIM or PUBLISHED
    words: str
    source: str
    topic: str
    verdict: str  # one of ``lab.claim_rulings.VERDICTS``
    sign: Sign  # says the same as the verdict
    condition: str
    paper: str  # what the paper found; "" for a claim
    figure: str  # what the runs gave
    solved: str  # "19 of 20"; "" where nothing is solved or not
    dots: tuple[bool, ...]  # one per seed of the row that counts
    shipped: bool
    seconds: float  # that its runs take, roughly
    details: tuple[tuple[str, str], ...]  # set-up, criterion, budget ..., as name and text
    opens: bool  # whether Learn can be opened on it
    vote: bool | None = None  # whether the learner says that it holds
    shown: bool = True  # False: the verdict waits for the vote
    running: Running | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are shown."""

    kinds: frozenset[str] = frozenset((CLAIM, PUBLISHED))
    hidden: frozenset[str] = frozenset()  # verdicts that are left out
    topic: str = ""  # "" for all
    within: float = 0.0  # seconds; 0 for any
    find: str = ""
    votes_first: bool = True

    def keeps(self, row: ClaimRow) -> bool:
        """Whether a row is shown."""
        return (
            row.kind in self.kinds
            and not (row.shown and row.verdict in self.hidden)
            and self.topic in ("", row.topic)
            and (not self.within or row.seconds <= self.within)
            and all(word in _searched(row) for word in self.find.casefold().split())
        )


@dataclass(frozen=True, eq=False, slots=True)
class ClaimsPart:
    """Everything the Claims lab draws."""

    state: Literal["loading", "ready"]
    rows: tuple[ClaimRow, ...]  # those that the filter keeps
    all: int  # rows there are
    topics: tuple[str, ...]
    verdicts: tuple[str, ...]
    chosen: str  # key of the row that is open; "" for none
    filter: Filter
    seconds: float  # that running all rows shown would take
    running: str  # words of the row that runs; "" for none


def seconds_of(cost: str) -> float:
    """``2 min`` in seconds; what cannot be read counts as a minute."""
    found = COSTS.fullmatch(cost)
    return 60.0 if found is None else float(found[1]) * (60 if found[2] == "min" else 1)


def _searched(row: ClaimRow) -> str:
    return " ".join((row.words, row.source, row.topic, row.condition if row.shown else "", row.paper)).casefold()
