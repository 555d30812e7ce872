"""The same task from other starts: every cell and initialisation that is usual, from a few seeds each, side by side.

Words used in this file
    start    how a network's weights begin
    row      one cell with one start; its dots come one by one, in whatever order they are finished
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lstmviz.lab.settings import Settings
from lstmviz.lab.trial import Trial
from lstmviz.stage.frame import NAMES
from lstmviz.stage.jobs import Result
from lstmviz.stage.learn_frame import LearnFrame, SeedRow, StartRuns
from lstmviz.stage.learn_words import start_words
from lstmviz.stage.learning import run_trials
from lstmviz.stage.opened import OpenedNote

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

KIND = "learn starts"
SEEDS = 5
STARTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rnn", {"initialisation": "uniform"}),
    ("rnn", {"initialisation": "orthogonal"}),
    ("lstm", {"forget_bias": 0.0}),
    ("lstm", {"forget_bias": 1.0}),
    ("lstm", {"forget_bias": 3.0}),
    ("lstm", {"forget_bias": "chrono"}),
    ("gru", {"forget_bias": 0.0}),
    ("gru", {"forget_bias": 2.0}),
)


def shown_rows(settings: Settings, learn: LearnFrame, opened: OpenedNote | None = None) -> tuple[SeedRow, ...]:
    """The networks on show, with the seeds that were run of them."""
    rows = []
    for cell, name, share in zip(learn.cells, learn.names, learn.log10_shares, strict=True):
        dots: tuple[bool | None, ...] = ()
        if learn.seeds is not None and cell in learn.seeds.cells:
            found = {dot.seed: dot.solved_at is not None for dot in learn.seeds.of(cell)}
            dots = tuple(found.get(seed) for seed in learn.seeds.seeds)
        rows.append(SeedRow(cell, name, start_words(settings, cell, opened), share, learn.can_bet, dots))
    return tuple(rows)


class Starts:
    """Runs every start in the background; other tasks, gaps and sizes make what is known void."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._asked: tuple[Settings, object, int] | None = None
        self._trials: list[tuple[int, int]] = []  # row and place of the seed of each training
        self.runs: StartRuns | None = None

    def run(self) -> None:
        """Train every start from the first seeds."""
        settings, desk = self._stage.settings, self._stage.desk
        self._asked = self._key()
        seeds = [(settings.seed + k) % 10_000 for k in range(SEEDS)]
        made = [replace(settings, cells=(cell,), **changes) for cell, changes in STARTS]
        rows = tuple(
            SeedRow(cell, NAMES[cell], start_words(one, cell), math.nan, True, (None,) * SEEDS)
            for (cell, _), one in zip(STARTS, made, strict=True)
        )
        self.runs = StartRuns(True, desk.goal, rows)
        self._trials = [(row, place) for place in range(SEEDS) for row in range(len(STARTS))]
        trials = [
            Trial(replace(made[row], seed=seeds[place]), desk.recipe, STARTS[row][0], desk.goal)
            for row, place in self._trials
        ]
        self._stage.jobs.start(KIND, lambda post, stop: run_trials(trials, post, stop))

    def stop(self) -> None:
        """Run no further training; the dots so far stay."""
        self._stage.jobs.stop(KIND)
        if self.runs is not None and self.runs.running:
            self.runs = replace(self.runs, running=False)

    def take(self, result: Result) -> None:
        """Keep what one training gave."""
        if self.runs is None:
            return
        if result.finished:
            self.runs = replace(self.runs, running=False)
        elif result.value is not None:
            index, outcome = result.value
            number, place = self._trials[index]
            row = self.runs.rows[number]
            before = row.known
            whole = row.log10_share * before if before else 0.0
            mean = (whole + outcome.log10_share) / (before + 1)
            dots = (*row.dots[:place], outcome.solved_at is not None, *row.dots[place + 1 :])
            fresh = replace(row, log10_share=mean, waits=False, dots=dots)
            rows = (*self.runs.rows[:number], fresh, *self.runs.rows[number + 1 :])
            self.runs = replace(self.runs, rows=rows)

    def shown(self) -> StartRuns | None:
        """The runs, while task, gap, sizes and recipe are those that they were asked with."""
        if self.runs is not None and self._key() != self._asked:
            self.stop()
            self.runs = None
        return self.runs

    def _key(self) -> tuple[Settings, object, int]:
        settings, desk = self._stage.settings, self._stage.desk
        same = replace(settings, cells=(), seed=0, forget_bias=0.0, initialisation="uniform")
        return same, desk.recipe, desk.goal
