"""Training: every network of a comparison on the same batches, one update at a time, exactly reversible.

Words used in this file
    update      one optimiser update of every network, on one batch drawn from (seed, update)
    trained     updates made so far; ``update`` is where the networks stand, and lower after going back
    keyframe    a state kept every few updates; the updates between are run again, bit for bit
    branch      a training that goes on from an earlier update of another one
"""

from bisect import bisect
from copy import copy
from dataclasses import dataclass

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.files import BadInput
from lstmviz.lab.comparison import Comparison, build, race, readout_for
from lstmviz.lab.examiner import Examination, Examiner
from lstmviz.lab.keyframes import FIRST_SPACING, Keyframes
from lstmviz.lab.learner import Interrupted, Report, Runner, Turn, go_on, new_runner, updated
from lstmviz.lab.pool import Batches
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.records import Progress, Record
from lstmviz.lab.series import HeatMap, Series
from lstmviz.lab.settings import Settings
from lstmviz.lab.stack import AnyNetwork
from lstmviz.lab.tasks import TASKS, Batch
from lstmviz.lab.workers import Stop
from lstmviz.words import tr

Runners = tuple[Runner, ...]
KEYFRAME_EVERY = FIRST_SPACING
# What may not change on the way: what the optimiser keeps, when tests are made, and what there is to learn from.
FIXED = ("optimiser", "test_every", "early_stopping", "sequences")


@dataclass(frozen=True, eq=False, slots=True)
class Resumed:
    """Networks as another training left them, with what its optimiser kept, and how many updates it had made."""

    runners: Runners
    updates: int = 0


class Training:
    """Trains all networks of the settings side by side; any earlier update can be gone back to.

    Parameters
    ----------
    settings : Settings
        Networks, task, gap and seed.
    recipe : Recipe
        Optimiser, learning rate, clipping and batch.
    engine : str
        "kernels" or "reference"; one for the whole training, since the two differ in the last bit.
    networks : sequence of (network, ReadoutParameters), optional
        Where to start, one for each cell of the settings; untrained ones when left out.
    resumed : Resumed, optional
        Where another training ended, instead of ``networks``: its batches, schedule and optimiser go on from there.

    References
    ----------
    Kingma & Ba (2015): Adam. Pascanu, Mikolov & Bengio (2013): clipping by norm. The others: ``engine.optimiser``.
    """

    def __init__(
        self,
        settings: Settings,
        recipe: Recipe | None = None,
        engine: str = "kernels",
        networks: list[tuple[AnyNetwork, ReadoutParameters]] | None = None,
        resumed: Resumed | None = None,
    ) -> None:
        self.settings, self.recipe, self.engine = settings, recipe or Recipe(), engine
        self.task = TASKS[settings.task]
        if resumed is None:
            pairs = networks or [(build(settings, cell), readout_for(settings, cell)) for cell in settings.cells]
            resumed = Resumed(tuple(new_runner(network, readout, self.recipe) for network, readout in pairs))
        start, self.made_before = resumed.runners, resumed.updates
        self.update = 0
        self._runners: Runners = start
        self._best: list[Runner] = list(start)  # of early stopping
        self._batches = Batches(settings, self.recipe.sequences)
        self._recipes: list[tuple[int, Recipe]] = [(0, self.recipe)]  # from which update on
        self._keyframes = Keyframes(start, sum(map(_bytes, start)))
        self._records = [Record(settings.timesteps(), self.recipe.early_stopping) for _ in start]
        self._rates = Series()
        self._examiner = Examiner(settings, self.recipe.early_stopping > 0, engine)

    # -- going on and back -------------------------------------------------------------------------------------

    @property
    def trained(self) -> int:
        """Updates made so far."""
        return len(self._rates)

    @property
    def stopped(self) -> bool:
        """Whether early stopping has ended the training of every network."""
        return bool(self._records) and all(record.stopped_at is not None for record in self._records)

    @property
    def solved(self) -> bool:
        """Whether every network has met the task's criterion in some test."""
        return bool(self._records) and all(record.solved_at is not None for record in self._records)

    def advance(self, stop: Stop | None = None) -> Progress:
        """Train by one update and say how far it went.

        Parameters
        ----------
        stop : object with ``is_set()``, optional
            Asked between the networks, and often in a test. Once it is set the update is not made at all.
        """
        number = self.update + 1
        tests = number > self.trained and number % self.recipe.test_every == 0
        try:
            runners, reports = self._after(self._runners, self.update, stop)
            found = [self._examiner.examine(runner, number, stop) for runner in runners] if tests else []
        except Interrupted:
            return self.progress()
        self.update = number
        if number > self.trained:
            self._record(runners, reports, found)
        self._runners = self._settled(runners, number)
        self._keyframes.offer(number, self._runners)
        return self.progress()

    def seek(self, update: int) -> None:
        """Go to an update already trained, forward or back; the parameters come back bit for bit.

        Fewer than 25 updates are done again, or fewer than a sixteenth of those trained when that is more.

        Parameters
        ----------
        update : int
            0 to the number of updates trained so far.

        Raises
        ------
        ValueError
            If that update was not reached yet.
        """
        if not 0 <= update <= self.trained:
            raise ValueError(f"update {update} was not trained (0 to {self.trained})")
        start, runners = self._keyframes.before(update)
        if start <= self.update <= update:
            start, runners = self.update, self._runners
        for number in range(start, update):
            runners = self._settled(self._after(runners, number)[0], number + 1)
        self._runners, self.update = runners, update

    def branch(self, update: int) -> "Training":
        """A training that goes on from an earlier update of this one, which is left as it is.

        What came after that update is not in the new one; up to there both have the same losses, bit for bit.

        Parameters
        ----------
        update : int
            0 to the number of updates trained so far.

        Raises
        ------
        ValueError
            If that update was not reached yet.
        """
        fresh = copy(self)
        fresh.seek(update)
        fresh._records = [record.up_to(update) for record in self._records]
        fresh._keyframes, fresh._rates = self._keyframes.up_to(update), self._rates.up_to(update)
        fresh._recipes = [(start, recipe) for start, recipe in self._recipes if start <= update]
        fresh.recipe, fresh._best = fresh._recipes[-1][1], list(self._best)
        for index, record in enumerate(fresh._records):
            if record.best_at is not None and record.best_at != self._records[index].best_at:
                fresh.seek(record.best_at)
                fresh._best[index] = fresh._runners[index]
        fresh._complete_heat_maps(update)
        return fresh

    def _complete_heat_maps(self, update: int) -> None:
        """Do the updates again that a heat map of merged updates has lost, and end at ``update``."""
        missing = [record for record in self._records if record.heat.updates < len(record.loss)]
        self.seek(min((record.heat.updates for record in missing), default=update))
        while self.update < update:
            runners, reports = self._after(self._runners, self.update)
            for record, report in zip(self._records, reports, strict=True):
                if report is not None and record.heat.updates == self.update:
                    record.heat.append(report.log10_h)
            self.update += 1
            self._runners = self._settled(runners, self.update)

    def change(self, recipe: Recipe) -> None:
        """Train by another recipe from the next new update on; updates already made are still done again by theirs.

        Raises
        ------
        BadInput
            If it differs in what cannot change on the way: the optimiser, the tests, early stopping, or the number of
            training sequences.
        """
        for name in FIXED:
            if getattr(recipe, name) != getattr(self.recipe, name):
                what = tr("{value} comes too late: training has begun").format(value=getattr(recipe, name))
                raise BadInput("Training", name, what, str(getattr(self.recipe, name)))
        self._recipes = [entry for entry in self._recipes if entry[0] < self.trained] + [(self.trained, recipe)]
        self.recipe = recipe

    @property
    def recipes(self) -> tuple[tuple[int, Recipe], ...]:
        """Every recipe with the update, counted from 0, from which on it counts."""
        return tuple(self._recipes)

    def recipe_at(self, update: int) -> Recipe:
        """The recipe of one update, counted from 0."""
        return self._recipes[bisect([start for start, _ in self._recipes], update) - 1][1]

    # -- what is known -----------------------------------------------------------------------------------------

    def progress(self) -> Progress:
        """Losses, norms and tests so far, as read-only values."""
        records = self._records
        return Progress(
            update=self.update,
            names=tuple(runner.network.title for runner in self._runners),
            losses=tuple(record.loss.so_far() for record in records),
            solved_at=tuple(record.solved_at for record in records),
            norms=tuple(record.norm.so_far() for record in records),
            clipped_norms=tuple(record.clipped_norm.so_far() for record in records),
            learning_rates=self._rates.so_far(),
            examinations=tuple(record.examinations for record in records),
            log10_shares=tuple(record.log10_share for record in records),
            best_at=tuple(record.best_at for record in records),
            stopped_at=tuple(record.stopped_at for record in records),
        )

    def heat_maps(self) -> tuple[HeatMap, ...]:
        """The gradient at every update and timestep of each network."""
        return tuple(record.heat.so_far() for record in self._records)

    def log10_shares(self) -> tuple[float, ...]:
        """log10 of |dL/dh_1| / |dL/dh_T| of each network before training, on the first batch."""
        if self.trained:
            return tuple(record.log10_share for record in self._records)
        return tuple(report.log10_share for report in self._after(self._runners, 0)[1] if report is not None)

    def examine(self, stop: Stop | None = None) -> tuple[Examination, ...]:
        """What each network answers now to 500 unseen sequences, the same at every test.

        Raises
        ------
        Interrupted
            When ``stop`` was set.
        """
        return tuple(self._examiner.examine(runner, self.update, stop) for runner in self._runners)

    def comparison(self) -> Comparison:
        """The networks as they stand now, on the sequence of the settings."""
        return race(self.settings, self.networks(), self.update, self.engine)

    def networks(self) -> list[tuple[AnyNetwork, ReadoutParameters]]:
        """The networks as they stand now, with their readouts."""
        return [(runner.network, runner.readout) for runner in self._runners]

    @property
    def runners(self) -> Runners:
        """The networks as they stand now, with what the optimiser keeps."""
        return self._runners

    def batch(self, update: int) -> Batch:
        """The batch of one update, counted from 0; drawn from (seed, update) alone, so it can be drawn again."""
        return self._batches.batch(self.made_before + update, self.recipe_at(update).batch)

    # -- one update, one test ----------------------------------------------------------------------------------

    def _after(self, runners: Runners, update: int, stop: Stop | None = None) -> tuple[Runners, list[Report | None]]:
        """All networks after one more update; those that stopped before it stay as they are and have no report."""
        batch, recipe = self.batch(update), self.recipe_at(update)
        turn = Turn(self.made_before + update + 1, self.settings.seed, self.engine, share=not self.trained)
        fresh: list[Runner] = []
        reports: list[Report | None] = []
        for runner, record in zip(runners, self._records, strict=True):
            go_on(stop)
            if record.stopped_at is not None and update >= record.stopped_at:
                fresh.append(runner)
                reports.append(None)
            else:
                after, report = updated(runner, batch, self.task, recipe, turn)
                fresh.append(after)
                reports.append(report)
        return tuple(fresh), reports

    def _settled(self, runners: Runners, update: int) -> Runners:
        """The networks after an update, with the best weights back in those that have stopped by then."""
        return tuple(
            best if record.stopped_at is not None and record.stopped_at <= update else runner
            for runner, record, best in zip(runners, self._records, self._best, strict=True)
        )

    def _record(self, runners: Runners, reports: list[Report | None], found: list[Examination]) -> None:
        """Take in a new update, and the test after it if there was one."""
        self._rates.append(self.recipe.rate(self.made_before + self.update))
        for record, report in zip(self._records, reports, strict=True):
            if report is not None:
                record.add(report)
        for index, examination in enumerate(found):
            record = self._records[index]
            if record.stopped_at is None and record.examine(examination):
                self._best[index] = runners[index]


def _bytes(runner: Runner) -> int:
    arrays = (*runner.network.weights(), *runner.readout)
    return sum(array.nbytes for array in arrays) * (1 + len(runner.kept))
