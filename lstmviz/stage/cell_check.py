"""The difference check of the Cell lab: one derivative at a time, worked out in a thread while the playhead moves on.

Words used in this file
    asked   the network, unit and timestep whose derivative is wanted
"""

from __future__ import annotations

from lstmviz.lab.comparison import Racer
from lstmviz.lab.difference import Derivative, by_differences
from lstmviz.stage.cell_frame import CellPart, Difference
from lstmviz.stage.jobs import Jobs, Result

KIND = "cell check"
Asked = tuple[Racer, str, int, int]  # network, state, timestep of the state, unit


class Checks:
    """Works out what is asked last, and keeps the newest answer.

    Parameters
    ----------
    jobs : Jobs
        Runs the work.
    """

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._under_way: Asked | None = None
        self._found: tuple[Asked, Difference | None] | None = None
        self._analytic = 0.0

    @property
    def working(self) -> bool:
        """Whether a derivative is being worked out."""
        return self._under_way is not None

    def of(self, racer: Racer, part: CellPart) -> Difference | None:
        """The gradient of a part's state beside its derivative; None while that is being worked out."""
        if part.split is None:
            return None
        asked = (racer, part.split.state, part.t - 1, part.unit)
        if self._found is not None and _same(self._found[0], asked):
            return self._found[1]
        if self._under_way is None:  # else the answer to the one before is waited for: it takes some milliseconds
            self._under_way, self._analytic = asked, part.split.total
            self._jobs.start(KIND, lambda post, stop: by_differences(racer.recorded, *asked[1:], stop=stop))
        return None

    def take(self, result: Result) -> None:
        """Take what the thread worked out; after an error there is no answer to this question."""
        asked, self._under_way = self._under_way, None
        if asked is None:
            return
        found = result.value
        if isinstance(found, Derivative):
            difference = Difference(asked[1], found.value, self._analytic, found.resolution)
            self._found = (asked, difference)
        else:
            self._found = (asked, None)


def _same(one: Asked, other: Asked) -> bool:
    return one[0] is other[0] and one[1:] == other[1:]
