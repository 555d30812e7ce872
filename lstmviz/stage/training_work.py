"""What the thread of a training does, and what it hands to the desk.

Words used in this file
    wanted    what the learner has set meanwhile; the thread looks at it before every update
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from lstmviz.lab.comparison import Comparison
from lstmviz.lab.readiness import compile_kernels
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.records import Progress
from lstmviz.lab.series import HeatMap
from lstmviz.lab.training import Training
from lstmviz.lab.workers import Stop
from lstmviz.stage.jobs import Post

POST_EVERY = 0.1  # seconds between two pictures while training


class Shown(NamedTuple):
    """All that can be drawn of a training."""

    progress: Progress
    comparison: Comparison | None  # None before the first update
    heat_maps: tuple[HeatMap, ...]
    training: Training | None = None  # a new branch


Work = Callable[[Training, Post, Stop], Shown | None]


@dataclass
class Wanted:
    """Set by the desk while the thread is at work."""

    aim: int = 0  # the update at which training ends
    recipe: Recipe = field(default_factory=Recipe)


class Either:
    """Set when one of two events is."""

    def __init__(self, *events: threading.Event) -> None:
        self._events = events

    def is_set(self) -> bool:
        """Whether one of them is."""
        return any(event.is_set() for event in self._events)


def trained_on(training: Training, wanted: Wanted, post: Post, stop: Stop) -> Shown | None:
    """Train from the newest update to the one wanted, and post a picture every 0.1 s."""
    if training.trained == 0:  # so that Stop can be pressed while the kernels are still compiled
        post(Shown(training.progress(), None, training.heat_maps()))
    if training.engine == "kernels":
        # one after the other, so that Stop is heard between two: all of them take ten seconds on a first start
        compile_kernels(_quietly, stop, training.settings.dtype)
        if stop.is_set():
            return None
    if training.update != training.trained:
        training.seek(training.trained)
    posted = 0.0
    while training.update < wanted.aim and not training.stopped and not stop.is_set():
        if training.recipe != wanted.recipe:
            training.change(wanted.recipe)
        training.advance(stop)
        if time.monotonic() - posted > POST_EVERY:
            post(shown(training))
            posted = time.monotonic()
    return shown(training)


def resumed(before: Training, update: int, wanted: Wanted, post: Post, stop: Stop) -> Shown | None:
    """Make a training that goes on from an earlier update of another one, and train it to the update wanted."""
    training = before.branch(update)
    post(shown(training, new=True))
    return trained_on(training, wanted, post, stop) if wanted.aim > update else None


def done_again(
    training: Training, recipes: tuple[tuple[int, Recipe], ...], update: int, aim: int, post: Post, stop: Stop
) -> Shown | None:
    """Train to ``aim`` by recipes that each count from an update on, and end at ``update``."""
    later, wanted = dict(recipes[1:]), Wanted()
    found: Shown | None = None
    for end in (*later, aim):
        wanted.aim, wanted.recipe = min(end, aim), training.recipe
        found = trained_on(training, wanted, post, stop)
        if stop.is_set() or training.update < wanted.aim:
            return found
        if end in later:
            training.change(later[end])
    return sought(training, update) if update != training.update else found


def sought(training: Training, update: int) -> Shown:
    """Go to an update already trained."""
    training.seek(update)
    return shown(training)


def shown(training: Training, new: bool = False) -> Shown:
    """The training as it stands."""
    return Shown(training.progress(), training.comparison(), training.heat_maps(), training if new else None)


def _quietly(_done: int, _all: int, _name: str) -> None:
    """The window's own compiling says how far it is."""
