"""Tests: what a network in training answers to sequences that no update was made on.

Words used in this file
    test         500 unseen sequences, the same at every test
    validation   500 others, which early stopping looks at; the test so stays untouched by it
"""

import math
from dataclasses import dataclass, replace

from lstmviz.lab.batches import unseen_batch, validation_batch
from lstmviz.lab.learner import Runner, answered
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS, Batch, Task
from lstmviz.lab.workers import Stop

TEST_SEQUENCES = 500
KEPT_BYTES = 64 << 20  # of input; sequences that take more are drawn again for every test


@dataclass(frozen=True, slots=True)
class Examination:
    """What one network answered to unseen sequences after some updates."""

    update: int
    loss: float
    score: float  # in the task's own measure
    solved: bool
    validation_loss: float = math.nan  # when early stopping looks at it


class Examiner:
    """Tests the networks of one training.

    Parameters
    ----------
    settings : Settings
        Task, gap and seed.
    validates : bool
        Whether early stopping wants the loss on validation sequences too.
    engine : str
        "auto", "kernels" or "reference".
    """

    def __init__(self, settings: Settings, validates: bool, engine: str) -> None:
        self._settings, self._validates, self._engine = settings, validates, engine
        self._task = TASKS[settings.task]
        self._kept: tuple[Batch, Batch | None] | None = None

    def examine(self, runner: Runner, update: int, stop: Stop | None = None) -> Examination:
        """What one network answers now.

        Raises
        ------
        Interrupted
            When ``stop`` was set.
        """
        unseen, validation = self._batches()
        found = examined(runner, unseen, self._task, update, self._engine, stop)
        if validation is None:
            return found
        return replace(found, validation_loss=answered(runner, validation, self._task, self._engine, stop)[1])

    def _batches(self) -> tuple[Batch, Batch | None]:
        if self._kept is not None:
            return self._kept
        validation = validation_batch(self._settings, TEST_SEQUENCES) if self._validates else None
        drawn = unseen_batch(self._settings, TEST_SEQUENCES), validation
        if drawn[0].x.nbytes <= KEPT_BYTES:
            self._kept = drawn
        return drawn


def examined(
    runner: Runner, batch: Batch, task: Task, update: int, engine: str, stop: Stop | None = None
) -> Examination:
    """What one network answers to unseen sequences, in the task's own measure. Raises as ``answered`` does."""
    outputs, loss = answered(runner, batch, task, engine, stop)
    return Examination(update, loss, task.score(outputs, batch), task.solved(outputs, batch))
