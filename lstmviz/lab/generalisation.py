"""Length generalisation: what trained networks answer at gaps that they were never trained on.

Words used in this file
    gap    timesteps between cue and query; the networks were trained at that of their settings
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lstmviz.files import caps
from lstmviz.lab.batches import unseen_batch
from lstmviz.lab.examiner import TEST_SEQUENCES, Examination, examined
from lstmviz.lab.learner import Interrupted, Runner
from lstmviz.lab.settings import Settings, fitting
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.workers import Stop
from lstmviz.words import tr

MULTIPLES = (1, 2, 4, 10, 20)
LONGEST = 2000  # timesteps of a gap that is offered by itself


def usual_gaps(settings: Settings) -> tuple[int, ...]:
    """The trained gap, and 2, 4, 10 and 20 times it, as far as the task and a person's patience go."""
    most = min(TASKS[settings.task].greatest_gap or caps.TIMESTEPS - 1, max(LONGEST, settings.gap))
    return tuple(settings.gap * multiple for multiple in MULTIPLES if settings.gap * multiple <= most)


def at_gaps(
    settings: Settings,
    runners: Sequence[Runner],
    gaps: Sequence[int],
    engine: str = "kernels",
    stop: Stop | None = None,
) -> Iterator[tuple[int, tuple[Examination, ...]]]:
    """Test networks on 500 unseen sequences at one gap after the other.

    Parameters
    ----------
    settings : Settings
        Task and seed that the networks were trained with.
    runners : sequence of Runner
        The networks, as ``Training.runners`` has them.
    gaps : sequence of int
        Each in the range that the task allows.
    engine : str
        "auto", "kernels" or "reference".
    stop : object with ``is_set()``, optional
        When set, nothing more is tested.

    Yields
    ------
    int, tuple of Examination
        A gap, and what each network answered there.

    Raises
    ------
    BadInput
        If the task does not know a gap; nothing has been tested then.
    """
    others = [fitting(replace(settings, gap=gap), tr("length generalisation")) for gap in gaps]
    for other in others:
        batch = unseen_batch(other, TEST_SEQUENCES)
        try:
            found = tuple(examined(runner, batch, TASKS[settings.task], 0, engine, stop) for runner in runners)
        except Interrupted:
            return
        yield other.gap, found
