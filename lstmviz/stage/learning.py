"""Around a training: the bets, the share of the gradient before it, more seeds, and tests at other gaps.

Words used in this file
    bet      the learner's word on whether a network will solve the task; it can be given until training begins
    before   settings, recipe and budget that seeds were run with; others make them void
"""

import math
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lstmviz.lab.generalisation import at_gaps, usual_gaps
from lstmviz.lab.learner import Runner
from lstmviz.lab.opened import Opened, networks_for
from lstmviz.lab.readiness import compile_kernels
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Training
from lstmviz.lab.trial import Outcome, Trial, run_trial
from lstmviz.lab.workers import Stop, run_all
from lstmviz.stage.jobs import Jobs, Post, Result
from lstmviz.stage.learn_frame import GapScore, LengthTest, SeedDot, SeedRuns

SEEDS, LENGTHS, SHARES = "training seeds", "training lengths", "training shares"  # kinds of jobs
MOST_SEEDS = 100
LAST_SEED = 9999


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides the outcome of more seeds, but for the seed."""

    settings: Settings
    recipe: Recipe
    budget: int


class Learning:
    """What is known around the training of some settings; it all goes when the settings change."""

    def __init__(self, jobs: Jobs, engine: str) -> None:
        self._jobs, self._engine = jobs, engine
        self.bets: dict[str, bool] = {}
        self.shares: dict[str, float] = {}
        self.seeds: SeedRuns | None = None
        self.lengths: LengthTest | None = None
        self._asked: Asked | None = None
        self._shares_of: tuple[object, ...] = ()
        self._trials: list[tuple[str, int]] = []  # cell and seed of each run of the job

    def forget(self) -> None:
        """Drop everything: the settings are others now."""
        for kind in (SEEDS, LENGTHS, SHARES):
            self._jobs.stop(kind)
        self.bets, self.shares = {}, {}
        self.seeds = self.lengths = self._asked = None
        self._shares_of = ()

    def want_shares(self, settings: Settings, recipe: Recipe, opened: Opened | None = None) -> None:
        """Compute the share of the gradient that reaches t = 1 before training, in a thread, once."""
        wanted = (settings, recipe, opened)
        if self._shares_of == wanted or not settings.cells:
            return
        self._shares_of, self.shares = wanted, {}
        engine = self._engine

        def work(post: Post, stop: threading.Event) -> dict[str, float]:
            training = Training(settings, recipe, engine, networks_for(settings, opened))
            return dict(zip(settings.cells, training.log10_shares(), strict=True))

        self._jobs.start(SHARES, work)

    def run_seeds(self, settings: Settings, recipe: Recipe, budget: int, count: int) -> None:
        """Train every network from ``count`` seeds, those of the settings first; what is known already is kept."""
        if not settings.cells:
            return
        asked = Asked(replace(settings, seed=0), recipe, budget)
        seeds = tuple((settings.seed + k) % (LAST_SEED + 1) for k in range(max(1, min(count, MOST_SEEDS))))
        known = self.seeds.dots if self.seeds is not None and asked == self._asked else ()
        self._asked = asked
        missing = [(cell, seed) for seed in seeds for cell in settings.cells]
        done = {(dot.cell, dot.seed) for dot in known}
        self._trials = [pair for pair in missing if pair not in done]
        self.seeds = SeedRuns(bool(self._trials), settings.cells, seeds, budget, known)
        trials = [Trial(replace(settings, seed=seed), recipe, cell, budget) for cell, seed in self._trials]
        if trials:
            self._jobs.start(SEEDS, lambda post, stop: run_trials(trials, post, stop))

    def stop_seeds(self) -> None:
        """Run no further seed; the dots so far stay."""
        self._jobs.stop(SEEDS)
        if self.seeds is not None:
            self.seeds = replace(self.seeds, running=False)

    def test_lengths(
        self, settings: Settings, runners: Sequence[Runner], update: int, gaps: Sequence[int] | None = None
    ) -> None:
        """Test these networks at other gaps, in a thread."""
        chosen = usual_gaps(settings) if gaps is None else tuple(gaps)
        self.lengths = LengthTest(True, update, settings.gap, chosen, ())
        engine = self._engine

        def work(post: Post, stop: threading.Event) -> None:
            for gap, found in at_gaps(settings, runners, chosen, engine, stop):
                post(
                    tuple(GapScore(c, gap, one.score, one.solved) for c, one in zip(settings.cells, found, strict=True))
                )

        self._jobs.start(LENGTHS, work)

    def stop_lengths(self) -> None:
        """Test no further gap; the scores so far stay."""
        self._jobs.stop(LENGTHS)
        if self.lengths is not None:
            self.lengths = replace(self.lengths, running=False)

    def take(self, result: Result) -> None:
        """Keep what a job posted."""
        if result.kind == SHARES and result.value is not None:
            self.shares = result.value
        elif result.kind == SEEDS and self.seeds is not None:
            dots = self.seeds.dots + (() if result.value is None else (self._dot(*result.value),))
            self.seeds = replace(self.seeds, dots=dots, running=not result.finished)
        elif result.kind == LENGTHS and self.lengths is not None:
            scores = self.lengths.scores + (result.value or ())
            self.lengths = replace(self.lengths, scores=scores, running=not result.finished)

    def _dot(self, index: int, outcome: Outcome) -> SeedDot:
        cell, seed = self._trials[index]
        return SeedDot(cell, seed, outcome.solved_at, outcome.score, outcome.log10_share)

    def key(self) -> tuple[object, ...]:
        """Equal as long as nothing here has changed."""
        return tuple(self.bets.items()), tuple(self.shares.items()), self.seeds, self.lengths

    def share(self, cell: str) -> float:
        """log10 of the share that reaches t = 1 before training; NaN while it is not known."""
        return self.shares.get(cell, math.nan)


def run_trials(trials: list[Trial], post: Post, stop: Stop) -> None:
    """Run trials in threads and post each outcome with its index."""
    compile_kernels(lambda *_: None, stop, trials[0].settings.dtype)  # once, not in every thread
    workers = max(1, min(4, (os.cpu_count() or 2) - 1))
    for found in run_all(run_trial, trials, workers=workers, backend="threads", stop=stop):
        post(found)
