"""Training as the window knows it: started, stopped, and rewound; the work runs in a thread.

Words used in this file
    goal      updates that one press of Train adds
    trained   updates done so far; the one on show may be an earlier one
    sought    an earlier update that is being restored, to be shown
"""

import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.comparison import Comparison
from lstmviz.lab.readiness import compile_kernels
from lstmviz.lab.settings import Settings
from lstmviz.lab.training import Progress, Training
from lstmviz.stage.frame import TrainingFrame
from lstmviz.stage.jobs import Jobs, Post, Result

MEAN_OF = 15  # losses in a point of the smoothed curve
POST_EVERY = 0.1  # seconds between two pictures while training


class TrainingDesk:
    """Owns the training of the networks on show; one thread works on it at a time."""

    def __init__(self, jobs: Jobs, engine: str) -> None:
        self._jobs = jobs
        # The two engines differ in the last bit: one of them for a whole training, or rewinding is not exact.
        self._engine = "reference" if engine == "reference" else "kernels"
        self._lock = threading.Lock()  # a stopped job may still be inside its last update when the next one starts
        self._training: Training | None = None
        self._progress: Progress | None = None
        self._cells: tuple[str, ...] = ()
        self.comparison: Comparison | None = None
        self.running = False  # a thread is at work: it trains, or seeks
        self._sought: int | None = None
        self._sought_next: int | None = None  # asked for while another one was sought: only the newest counts
        self.goal = 300
        self._aim = 0
        self._frame: TrainingFrame | None = None

    @property
    def trained(self) -> int:
        """Updates done so far."""
        return len(self._progress.losses[0]) if self._progress and self._progress.losses else 0

    @property
    def update(self) -> int:
        """The update on show."""
        return self._progress.update if self._progress else 0

    @property
    def trains(self) -> bool:
        """Whether new updates are being made; a seek only shows known ones again."""
        return self.running and self._sought is None

    def train(self, settings: Settings, updates: int) -> None:
        """Train by this many updates more, from the newest one on."""
        if not settings.cells:
            return
        self._sought = self._sought_next = None
        if self._training is None:
            self._training, self._cells = Training(settings, engine=self._engine), settings.cells
        goal = self._aim = self.trained + updates
        self._work(lambda training, post, stop: _train(training, goal, post, stop))

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
        self._work(lambda training, post, stop: _seek(training, goal))

    def stop(self) -> None:
        """Stop after the update that is running; what is trained is kept."""
        if self.running:
            self._stop.set()

    def forget(self) -> None:
        """Drop what was trained."""
        self._jobs.stop("training")
        self._training, self._progress, self.comparison, self.running = None, None, None, False
        self._sought = self._sought_next = None
        self._frame = None

    def settings_changed(self, settings: Settings) -> None:
        """Training of other settings is dropped."""
        if self._training is not None and self._training.settings != settings:
            self.forget()

    def take(self, result: Result) -> None:
        """Keep what the thread posted."""
        if result.value is not None:
            self._progress, self.comparison = result.value
        self._frame = None
        if result.finished:
            goal, self._sought, self._sought_next, self.running = self._sought_next, None, None, False
            if goal is not None and goal != self.update:
                self.seek(goal)

    def frame(self, chance: float) -> TrainingFrame | None:
        """What is drawn of the training; None when there is none."""
        if self._progress is None:
            return None
        if self._frame is None or self._frame.running != self.trains or self._frame.goal != self.goal:
            progress = self._progress
            self._frame = TrainingFrame(
                running=self.trains,
                update=progress.update,
                trained=self.trained,
                goal=self.goal,
                aim=self._aim,
                names=progress.names,
                cells=self._cells,
                losses=progress.losses,
                chance=chance,
                solved_at=progress.solved_at,
                means=tuple(running_mean(losses) for losses in progress.losses),
            )
        return self._frame

    def _work(self, work: Any) -> None:
        training, lock = self._training, self._lock
        self._stop = threading.Event()
        mine = self._stop

        def run(post: Post, dropped: threading.Event) -> Any:
            with lock:
                return work(training, post, _Either(mine, dropped))

        self.running = True
        self._jobs.start("training", run)


class _Either:
    """Set when one of two events is."""

    def __init__(self, *events: threading.Event) -> None:
        self._events = events

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._events)


def _train(training: Training, goal: int, post: Post, stop: _Either) -> tuple[Progress, Comparison] | None:
    newest = len(training.progress().losses[0])
    if newest == 0:
        post((training.progress(), None))  # so that Stop can be pressed while the kernels are still compiled
    if training.engine == "kernels":
        # one after the other, so that Stop is heard between two: all of them take ten seconds on a first start
        compile_kernels(_quietly, stop, training.settings.dtype)
        if stop.is_set():
            return None
    if training.update != newest:
        training.seek(newest)
    shown = 0.0
    while training.update < goal and not stop.is_set():
        progress = training.advance()
        if time.monotonic() - shown > POST_EVERY:
            post((progress, training.comparison()))
            shown = time.monotonic()
    return training.progress(), training.comparison()


def _quietly(_done: int, _all: int, _name: str) -> None:
    """The window's own compiling says how far it is."""


def _seek(training: Training, update: int) -> tuple[Progress, Comparison]:
    training.seek(update)
    return training.progress(), training.comparison()


def running_mean(losses: NDArray[np.floating], updates: int = MEAN_OF) -> NDArray[np.floating]:
    """Each loss averaged with its neighbours, as many before it as after: a line that does not lag behind the losses.

    Parameters
    ----------
    losses : float (U,)
        One loss per update; a mean that holds NaN is NaN.
    updates : int
        How many are averaged, an odd number; fewer near both ends.

    Returns
    -------
    float (U,), read-only
    """
    half = np.minimum(np.arange(len(losses)), updates // 2)
    half = np.minimum(half, half[::-1])
    means = np.array([losses[k - h : k + h + 1].mean() for k, h in enumerate(half)])
    means.flags.writeable = False
    return means
