"""What the Learn lab draws beyond the training itself: the recipe, the bets, more seeds, and gaps never trained on.

Words used in this file
    bet        the learner's word on whether a network will solve the task, given before the first update
    share      |dL/dh_1| / |dL/dh_T| on the first batch, before training
"""

from dataclasses import dataclass

from lstmviz.lab.recipe import Recipe


@dataclass(frozen=True, slots=True)
class SeedDot:
    """What came of one network trained from one seed."""

    cell: str
    seed: int
    solved_at: int | None  # None: not within the budget
    score: float  # of its last test
    log10_share: float


@dataclass(frozen=True, eq=False, slots=True)
class SeedRuns:
    """More seeds, run in the background; dots come one by one, in the order in which they are finished."""

    running: bool
    cells: tuple[str, ...]
    seeds: tuple[int, ...]  # all that were asked for, the one on show first
    budget: int  # updates each network has
    dots: tuple[SeedDot, ...]

    def of(self, cell: str) -> tuple[SeedDot, ...]:
        """The dots of one network by seed, those still missing left out."""
        found = {dot.seed: dot for dot in self.dots if dot.cell == cell}
        return tuple(found[seed] for seed in self.seeds if seed in found)

    def solved(self, cell: str) -> int:
        """How many seeds of one network solved the task so far."""
        return sum(dot.solved_at is not None for dot in self.of(cell))


@dataclass(frozen=True, slots=True)
class GapScore:
    """What one network answers at one gap."""

    cell: str
    gap: int
    score: float
    solved: bool


@dataclass(frozen=True, eq=False, slots=True)
class LengthTest:
    """The networks on show, tested on 500 sequences at gaps that they were not trained on; scores come gap by gap."""

    running: bool
    update: int  # the networks tested are those after this update
    trained_gap: int
    gaps: tuple[int, ...]
    scores: tuple[GapScore, ...]


@dataclass(frozen=True, slots=True)
class SeedRow:
    """One row of a table of seeds."""

    cell: str
    name: str
    start: str
    log10_share: float  # before training, a geometric mean over the seeds; NaN while it is not known
    waits: bool  # the share is still being computed
    dots: tuple[bool | None, ...]  # one per seed: solved or not, None while it is awaited

    @property
    def known(self) -> int:
        """Seeds that were run."""
        return sum(dot is not None for dot in self.dots)

    @property
    def solved(self) -> int:
        """Seeds that solved the task."""
        return sum(dot is True for dot in self.dots)


@dataclass(frozen=True, eq=False, slots=True)
class StartRuns:
    """All starts that were asked for, and how far they are."""

    running: bool
    budget: int
    rows: tuple[SeedRow, ...]

    @property
    def done(self) -> int:
        """Trainings that are finished."""
        return sum(row.known for row in self.rows)

    @property
    def total(self) -> int:
        """Trainings in all."""
        return sum(len(row.dots) for row in self.rows)


@dataclass(frozen=True, eq=False, slots=True)
class LearnFrame:
    """What the Learn lab draws; ``frame.part`` while it is open."""

    recipe: Recipe  # as set: what is not trained yet will be trained by it
    budget: int  # updates; training stops there
    cells: tuple[str, ...]
    names: tuple[str, ...]
    log10_shares: tuple[float, ...]  # before training; NaN while it is being computed
    bets: tuple[bool | None, ...]  # None: no bet
    won: tuple[bool | None, ...]  # whether the bet was right; None while that is open, or where there is no bet
    can_bet: bool  # nothing is trained yet
    criterion: str  # "solved", in words
    score_name: str  # "accuracy"
    seeds: SeedRuns | None  # None: never asked for
    lengths: LengthTest | None
    shown: tuple[SeedRow, ...] = ()  # the networks on show, with their seeds
    starts: StartRuns | None = None  # other starts; None: never asked for
