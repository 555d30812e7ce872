"""Training as the window knows it: started, stopped, rewound and resumed; the work runs in a thread.

Words used in this file
    goal      updates that one press of Train adds
    trained   updates done so far; the one on show may be an earlier one
    sought    an earlier update that is being restored, to be shown
    branch    one training of the settings; resuming from an earlier update makes another one, and undo goes back to it
"""

import threading
from dataclasses import replace
from typing import Any

from lstmviz.lab.comparison import Comparison
from lstmviz.lab.opened import Opened, networks_for
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import FIXED, Training
from lstmviz.stage.frame import TrainingFrame
from lstmviz.stage.jobs import Jobs, Post, Result
from lstmviz.stage.learn_frame import LearnFrame
from lstmviz.stage.learning import Learning
from lstmviz.stage.trained import Trained
from lstmviz.stage.training_frame import learn_frame, training_frame
from lstmviz.stage.training_work import Either, Shown, Wanted, Work, done_again, resumed, shown, sought, trained_on
from lstmviz.words import tr

MOST_BRANCHES = 4  # kept for undo
MOST_UPDATES = 5000


class TrainingDesk:
    """Owns the training of the networks on show; one thread works on it at a time."""

    def __init__(self, jobs: Jobs, engine: str) -> None:
        self._jobs = jobs
        # The two engines differ in the last bit: one of them for a whole training, or rewinding is not exact.
        self._engine = "reference" if engine == "reference" else "kernels"
        self._lock = threading.Lock()  # a stopped job may still be inside its last update when the next one starts
        self._branches: dict[int, Training] = {}
        self.branch = 0  # the one on show; 0 when there is none
        self._next_branch = 1
        self._resumed: dict[int, int] = {}  # branch -> the update it goes on from
        self._shown: Shown | None = None
        self._opened: Opened | None = None  # where its kind of network starts
        self._cells: tuple[str, ...] = ()
        self.learning = Learning(jobs, self._engine)
        self.running = False  # a thread is at work: it trains, or seeks
        self._sought: int | None = None
        self._sought_next: int | None = None  # asked for while another one was sought: only the newest counts
        self.goal = 300
        self._begun_at = 0
        self._wanted = Wanted()
        self._frame: TrainingFrame | None = None
        self._learn_frame: tuple[tuple[Any, ...], LearnFrame] | None = None

    # -- what is known -----------------------------------------------------------------------------------------

    @property
    def comparison(self) -> Comparison | None:
        """The networks on show, as they stand after their updates."""
        return self._shown.comparison if self._shown else None

    @property
    def trained(self) -> int:
        """Updates done so far."""
        return len(self._shown.progress.learning_rates) if self._shown else 0

    @property
    def update(self) -> int:
        """The update on show."""
        return self._shown.progress.update if self._shown else 0

    @property
    def trains(self) -> bool:
        """Whether new updates are being made; a seek only shows known ones again."""
        return self.running and self._sought is None

    @property
    def recipe(self) -> Recipe:
        """As set: what is not trained yet will be trained by it."""
        return self._wanted.recipe

    @property
    def stopped(self) -> bool:
        """Whether early stopping has ended the training of every network."""
        stopped_at = self._shown.progress.stopped_at if self._shown else ()
        return bool(stopped_at) and None not in stopped_at

    @property
    def _training(self) -> Training | None:
        return self._branches.get(self.branch)

    # -- verbs -------------------------------------------------------------------------------------------------

    def train(self, settings: Settings, updates: int) -> None:
        """Train by this many updates more, from the newest one on."""
        if not settings.cells:
            return
        self._sought = self._sought_next = None
        if self._training is None:
            self._cells = settings.cells
            self._take_branch(self._new_training(settings, self._wanted.recipe, self._engine))
        self._begun_at, self._wanted.aim = self.trained, self.trained + updates
        wanted = self._wanted
        self._work(lambda training, post, stop: trained_on(training, wanted, post, stop))

    def move(self, direction: int, settings: Settings) -> None:
        """One update on (trained when it is new) or back."""
        if self.trains:
            return
        if direction > 0 and self.update == self.trained and not self.running:
            self.train(settings, 1)
        else:
            goals = (self._sought_next, self._sought, self.update)
            self.seek(next(goal for goal in goals if goal is not None) + direction)

    def seek(self, update: int) -> None:
        """Show an update already trained; its parameters come back bit for bit. While one is sought, it comes next."""
        if self._training is None or self.trains:
            return
        goal = max(0, min(update, self.trained))
        if self.running:
            self._sought_next = goal
            return
        self._sought = goal
        self._work(lambda training, post, stop: sought(training, goal))

    def can_resume(self, update: int) -> bool:
        """Whether training can go on from this update: an earlier one than the newest, and no thread is at work."""
        return self._training is not None and not self.running and 0 <= update < self.trained

    def resume_from(self, update: int, updates: int = 0) -> None:
        """Go on from an earlier update; what came after it is dropped, and kept only for undo.

        Parameters
        ----------
        update : int
            Where to go on.
        updates : int
            How many new ones to train from there; with 0 that update is only shown.
        """
        if not self.can_resume(update):
            return
        assert self._training is not None
        number = self._take_branch(self._training)  # until the thread has made a training of its own
        self._resumed[number] = update
        self._begun_at, self._wanted.aim = update, update + updates
        self._sought, wanted = None if updates else update, self._wanted
        self._work(lambda training, post, stop: resumed(training, update, wanted, post, stop))

    def as_recipe(self) -> Trained | None:
        """What would make the training on show again; None when there is none."""
        training = self._training
        if training is None or not self.trained:
            return None
        return Trained(training.engine, training.recipes, self.trained, self.update)

    def train_again(self, settings: Settings, trained: Trained) -> None:
        """Do a training again that was told by ``as_recipe``, in a thread; the one before is dropped."""
        self._drop()
        if not settings.cells:
            return
        self._cells, self._wanted.recipe = settings.cells, trained.recipes[-1][1]
        self._take_branch(self._new_training(settings, trained.recipes[0][1], trained.engine))
        self._wanted.aim, recipes = trained.trained, trained.recipes
        update, aim = trained.update, trained.trained
        self._work(lambda training, post, stop: done_again(training, recipes, update, aim, post, stop))

    def train_anew(self, settings: Settings) -> None:
        """Train from update 0, by the budget; bets and seeds stay."""
        self._drop()
        self.train(settings, self.goal)

    def show_branch(self, number: int) -> None:
        """Show another training of the same settings, as it was left: undo and redo of ``resume_from``."""
        if number == self.branch or number not in self._branches:
            return
        self.stop()
        self._jobs.stop("training")
        self.branch, self._sought = number, self.update
        self._work(lambda training, post, stop: shown(training))

    def stop(self) -> None:
        """Stop before the next update; what is trained is kept."""
        if self.running:
            self._stop.set()

    def set_goal(self, updates: int) -> None:
        """How many updates one press of Train adds, 1 to 5000; a training that runs ends there too."""
        self.goal = max(1, min(updates, MOST_UPDATES))
        if self.trains:
            self._wanted.aim = max(self._begun_at + self.goal, self.trained)

    def set_recipe(self, **changes: Any) -> None:
        """Another learning rate, batch or limit of the gradient, from the next new update on.

        What cannot change on the way (optimiser, tests, early stopping, number of sequences) drops what was trained.

        Raises
        ------
        BadInput
            If a value is out of its range; nothing has changed then.
        """
        fresh = replace(self._wanted.recipe, **changes)
        if any(getattr(fresh, name) != getattr(self._wanted.recipe, name) for name in FIXED):
            self.forget()
        self._wanted.recipe = fresh

    def bet(self, cell: str, will: bool | None) -> None:
        """The learner's word on whether this network will solve the task; only before the first update."""
        if self.trained or self.trains:
            return
        if will is None:
            self.learning.bets.pop(cell, None)
        else:
            self.learning.bets[cell] = will

    def run_seeds(self, settings: Settings, count: int) -> None:
        """Train every network from this many seeds in the background, those of the settings first."""
        self.learning.run_seeds(settings, self._wanted.recipe, self.goal, count)

    def test_lengths(self, gaps: tuple[int, ...] | None = None) -> None:
        """Test the networks on show at gaps that they were not trained on, in the background."""
        if self._training is None or self.running:
            return
        training = self._training
        self.learning.test_lengths(training.settings, training.runners, training.update, gaps)

    def forget(self) -> None:
        """Drop what was trained, and all around it."""
        self._drop()
        self.learning.forget()

    def _drop(self) -> None:
        self._jobs.stop("training")
        self._branches, self._resumed, self.branch = {}, {}, 0
        self._shown, self.running, self._frame = None, False, None
        self._sought = self._sought_next = None
        self._begun_at = self._wanted.aim = 0

    def settings_changed(self, settings: Settings, opened: Opened | None = None) -> None:
        """Training of other settings, or from other weights, is dropped."""
        if self._training is None or self._training.settings != settings or opened != self._opened:
            self.forget()
        self._opened = opened

    def _new_training(self, settings: Settings, recipe: Recipe, engine: str) -> Training:
        return Training(settings, recipe, engine, networks_for(settings, self._opened))

    # -- frames ------------------------------------------------------------------------------------------------

    def take(self, result: Result) -> None:
        """Keep what the thread posted."""
        if result.kind != "training":
            self.learning.take(result)
            return
        if result.value is not None:
            self._shown = result.value
            if self._shown.training is not None:
                self._branches[self.branch] = self._shown.training
        self._frame = None
        if result.finished:
            goal, self._sought, self._sought_next, self.running = self._sought_next, None, None, False
            if goal is not None and goal != self.update:
                self.seek(goal)

    def frame(self, chance: float, chance_name: str = tr("chance")) -> TrainingFrame | None:
        """What is drawn of the training; None when there is none."""
        if self._shown is None:
            return None
        now = (self.trains, self.goal, self._wanted.aim)
        if self._frame is None or (self._frame.running, self._frame.goal, self._frame.aim) != now:
            self._frame = replace(
                training_frame(self._shown.progress, self._shown.heat_maps, self._cells, chance),
                running=self.trains,
                goal=self.goal,
                aim=self._wanted.aim,
                chance_name=chance_name,
                resumed_at=self._resumed.get(self.branch),
            )
        return self._frame

    def learn_frame(self, settings: Settings) -> LearnFrame:
        """What the Learn lab draws around the training; the same object until something changes."""
        known = self._shown.progress if self._shown and (self.trained or self.trains) else None
        if known is None:
            self.learning.want_shares(settings, self._wanted.recipe, self._opened)
        new = self.trained > self._resumed.get(self.branch, 0)  # not only gone back, to go on from there
        over = not self.trains and new and (self.trained >= self._wanted.aim or self.stopped)
        key = (
            settings,
            self._wanted.recipe,
            self.goal,
            known is None,
            over,
            known and known.examinations,
            self.learning.key(),
        )
        if self._learn_frame is None or self._learn_frame[0] != key:
            self._learn_frame = key, learn_frame(settings, self._wanted.recipe, self.goal, known, over, self.learning)
        return self._learn_frame[1]

    # -- threads -----------------------------------------------------------------------------------------------

    def _take_branch(self, training: Training) -> int:
        number = self._next_branch
        self._next_branch += 1
        self._branches[number] = training
        self.branch = number
        for old in sorted(self._branches)[:-MOST_BRANCHES]:
            del self._branches[old]
        return number

    def _work(self, work: Work) -> None:
        training, lock = self._training, self._lock
        assert training is not None
        self._stop = threading.Event()
        mine = self._stop

        def run(post: Post, dropped: threading.Event) -> Any:
            with lock:
                return work(training, post, Either(mine, dropped))

        self.running = True
        self._jobs.start("training", run)
