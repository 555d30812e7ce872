"""The Claims lab's part of the stage: votes, filters, and a queue of rows that are run one after the other.

Words used in this file
    row      a claim or a published experiment, with the runs known of it
    known    a finding by key: shipped ones first, those made here in their place
    queue    rows waiting to be run; the first one runs
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lstmviz.files import BadInput, csv_bytes
from lstmviz.lab.settings import fitting
from lstmviz.stage.claims_frame import ClaimRow, ClaimsPart, Filter, Running
from lstmviz.stage.claims_rows import Book, open_book, row_of, settings_of
from lstmviz.stage.frame import Frame
from lstmviz.stage.jobs import Post, Result
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.lab.papers.parts import Finding
    from lstmviz.stage.stage import Stage

LOAD, RUN = "claims load", "claims run"
SHORT = 3.0  # seconds up to which a row is run in a thread; longer ones in processes, which can be ended at once
LONG = 180.0  # seconds above which running all rows is asked about


class ClaimsDesk:
    """Votes, filters, findings and the queue."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._book: Book | None = None
        self._known: dict[str, Finding] = {}
        self._here: set[str] = set()
        self._votes: dict[str, bool] = {}
        self._queue: list[str] = []
        self._done = (0, 0)
        self._chosen = ""
        self.filter = Filter()
        self._changes = 0
        self._drawn_at = -1
        self._part: ClaimsPart | None = None
        self._rows: dict[str, tuple[tuple[object, ...], ClaimRow]] = {}
        stage.jobs.start(LOAD, lambda post, stop: open_book())

    @property
    def working(self) -> bool:
        """Whether the table is still being read."""
        return self._book is None

    # -- verbs -------------------------------------------------------------------------------------------------

    def set_filter(self, **changes: Any) -> None:
        """Show other rows; names are those of ``Filter``."""
        fresh = replace(self.filter, **changes)
        if fresh != self.filter:
            self.filter = fresh
            self._changes += 1

    def choose(self, key: str) -> None:
        """Open a row, or with "" close the one that is open."""
        if key != self._chosen:
            self._chosen = key
            self._changes += 1

    def vote(self, key: str, holds: bool) -> None:
        """Say whether a claim holds; its verdict is then shown."""
        if self._book is not None and key in self._book.claims:
            self._votes[key] = holds
            self._changes += 1

    @property
    def votes(self) -> dict[str, bool]:
        """What was voted, by row."""
        return dict(self._votes)

    def put_votes(self, votes: Mapping[str, bool]) -> None:
        """Take the votes of a session in the place of those before."""
        self._votes = dict(votes)
        self._changes += 1

    def run(self, keys: list[str]) -> None:
        """Run rows, one after the other, behind those that wait already."""
        idle, known = not self._queue, self._book.keys if self._book is not None else ()
        self._queue += [key for key in dict.fromkeys(keys) if key in known and key not in self._queue]
        self._changes += 1
        if idle:
            self._start()

    def cancel(self, key: str = "") -> None:
        """Stop a row, or take it out of the queue; without a key, all. What is finished of a stopped one is dropped."""
        runs = bool(self._queue) and key in ("", self._queue[0])
        self._queue = [] if not key else [each for each in self._queue if each != key]
        self._changes += 1
        if runs:
            self._stage.jobs.stop(RUN)
            self._start()

    def open_in_learn(self, key: str) -> None:
        """Set the stage as the row's experiment has it, and open Learn."""
        found = None if self._book is None else settings_of(self._book, key)
        if found is None:
            self._stage.notify(tr("The networks of 1997 are trained here alone; Learn has no such rule"))
            return
        settings, rate, updates = found
        try:
            self._stage.take_setup(fitting(settings, tr("window")), rate, updates)
        except BadInput as error:
            self._stage.notify(tr("{what} ({allowed})").format(what=error.wrong, allowed=error.allowed))

    def table(self) -> bytes:
        """The rows shown as CSV; verdicts that wait for a vote are left out."""
        header = ("row", "kind", "words", "source", "topic", "vote", "verdict", "condition", "paper", "here", "solved")
        part = self._part
        return csv_bytes(
            (*header, "runs"),
            [
                (
                    row.key.partition(" ")[2],
                    row.kind,
                    row.words,
                    row.source,
                    row.topic,
                    None if row.vote is None else "holds" if row.vote else "does not hold",
                    *((row.verdict, row.condition) if row.shown else (None, None)),
                    row.paper,
                    *((row.figure, row.solved) if row.shown else (None, None)),
                    "shipped" if row.shipped else "here",
                )
                for row in (part.rows if part is not None else ())
            ],
        )

    # -- the queue ---------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._done = (0, 0)
        if not self._queue or self._book is None:
            return
        book, key = self._book, self._queue[0]
        workers = 1 if book.seconds(key) <= SHORT else max(2, (os.cpu_count() or 2) - 1)

        def work(post: Post, stop: threading.Event) -> tuple[str, Finding]:
            def progress(done: int, total: int, _run: object) -> None:
                post((key, done, total))

            return key, book.run(key, workers, stop, progress)

        self._stage.jobs.start(RUN, work)

    def take(self, result: Result) -> None:
        """Keep what the threads posted."""
        self._changes += 1
        if result.kind == LOAD and result.value is not None:
            self._book = result.value
            self._known = dict(self._book.kept)
        elif result.kind == RUN:
            if result.finished:
                if result.value is not None and result.value[1].results.runs:
                    key, finding = result.value
                    self._known[key] = finding
                    self._here.add(key)
                self._queue = self._queue[1:]
                self._start()
            else:
                self._done = (result.value[1], result.value[2])

    # -- what is drawn -----------------------------------------------------------------------------------------

    def part(self, shown: Frame) -> ClaimsPart:
        """What the lab draws; the same object until something changes."""
        if self._part is None or self._drawn_at != self._changes:
            self._drawn_at = self._changes
            self._part = self._resolve()
        return self._part

    def _resolve(self) -> ClaimsPart:
        book = self._book
        if book is None:
            return ClaimsPart("loading", (), 0, (), (), "", self.filter, 0.0, "")
        rows = tuple(self._row(book, key) for key in book.keys)
        kept = tuple(row for row in rows if self.filter.keeps(row))
        running = next((row.words for row in rows if self._queue and row.key == self._queue[0]), "")
        seconds = sum(row.seconds for row in kept)
        chosen = self._chosen if any(row.key == self._chosen for row in kept) else ""
        return ClaimsPart("ready", kept, len(rows), book.topics, book.verdicts, chosen, self.filter, seconds, running)

    def _row(self, book: Book, key: str) -> ClaimRow:
        """A row; made anew only when its runs changed."""
        finding = self._known.get(key)
        now = (finding, key in self._here)
        if key not in self._rows or self._rows[key][0] != now:
            self._rows[key] = now, row_of(book, key, finding, key not in self._here)
        vote = self._votes.get(key)
        running = None
        if key in self._queue:
            first = self._queue[0] == key
            running = Running(*(self._done if first else (0, 0)), waiting=not first)
        waits = key in book.claims and vote is None and self.filter.votes_first
        return replace(self._rows[key][1], vote=vote, shown=not waits, running=running)
