"""The sequences that settings name: the one on show, those of each update, and those kept for tests.

All networks of a comparison read the same ones, and every batch can be drawn again from its seeds alone.

Words used in this file
    shown      the sequence of the Race
    unseen     sequences that no update is made on
    disturbed  with noise on x and with timesteps missing
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS, Batch, Task

SHOWN, TRAINING, UNSEEN, VALIDATION, POOL = 1, 2, 3, 4, 5  # the second seed of each kind of draw
DISTURBANCE = 7  # the last seed of noise, which so never moves the sequence under it


def shown_batch(settings: Settings) -> Batch:
    """The sequences on show: ``settings.batch`` of them."""
    return _drawn(settings, settings.batch, SHOWN)


def training_batch(settings: Settings, update: int, size: int) -> Batch:
    """The sequences of one update, drawn from (seed, update) alone.

    Parameters
    ----------
    settings : Settings
        Task, gap, seed, noise and missing timesteps.
    update : int
        Updates made before this one.
    size : int
        Sequences.
    """
    return _drawn(settings, size, TRAINING, update)


def unseen_batch(settings: Settings, size: int) -> Batch:
    """Sequences for a test; change ``gap``, ``noise`` or ``missing`` of the settings to test beyond the training."""
    return _drawn(settings, size, UNSEEN)


def validation_batch(settings: Settings, size: int) -> Batch:
    """Sequences that early stopping looks at: no update is made on them, and no test either."""
    return _drawn(settings, size, VALIDATION)


def pool_batch(settings: Settings, size: int) -> Batch:
    """All sequences of a training that knows only so many."""
    return _drawn(settings, size, POOL)


def last_targets(batch: Batch, task: Task, dtype: str) -> NDArray[Any]:
    """The right answers at t = T alone, (B,) or (B, K): what the Race asks, also where training asks more often.

    Classes are integers, numbers are of ``dtype``, and answers by sigmoids are true or false.
    """
    per_sequence = batch.asked is None and task.loss_at == "last"
    targets = batch.targets if per_sequence else batch.targets[-1]
    if task.loss == "binary":
        return targets > 0.5
    return targets.astype(dtype) if task.loss == "squared_error" else targets


def disturbed(batch: Batch, noise: float, missing: float, rng: Generator) -> Batch:
    """The same sequences with Gaussian noise on every input, and then some timesteps without any input.

    Parameters
    ----------
    batch : Batch
        Sequences; their answers stay as they are.
    noise : float
        Standard deviation, 0 or more.
    missing : float
        Share of the timesteps whose x is zero, 0 to 1. A larger share adds to the timesteps of a smaller one.
    rng : numpy.random.Generator
        Where chance comes from; it draws the same whatever the two sizes are, so that x moves smoothly with them.
    """
    if not noise and not missing:
        return batch
    lots = rng.random(batch.x.shape[:2])
    x = batch.x + noise * rng.standard_normal(batch.x.shape) if noise else batch.x.copy()
    x[lots < missing] = 0.0
    fresh = replace(batch, x=x)
    if missing and batch.x.shape[1]:
        gone = lots[:, 0] < missing
        object.__setattr__(fresh, "write", lambda: _with_gaps(batch, gone))
    return fresh


def _with_gaps(batch: Batch, gone: np.ndarray) -> tuple[str, ...]:
    return tuple("·" if lost else symbol for lost, symbol in zip(gone, batch.symbols, strict=True))


def _drawn(settings: Settings, size: int, *stream: int) -> Batch:
    task = TASKS[settings.task]
    draw = task.unseen if stream[0] in (UNSEEN, VALIDATION) and task.unseen is not None else task.draw
    batch = draw(settings.gap, size, np.random.default_rng([settings.seed, *stream]))
    if not settings.noise and not settings.missing:
        return batch
    return disturbed(
        batch, settings.noise, settings.missing, np.random.default_rng([settings.seed, *stream, DISTURBANCE])
    )
