"""The comparison on show: computed at once when a tick has time for it, in a thread when not, and never half.

Words used in this file
    on show    what is drawn now; while a longer computation runs, still the comparison before it
    quick      cheap enough to be answered inside a tick
    base       the run without interventions; it is drawn as a ghost behind the one with them
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from lstmviz.lab.comparison import Comparison, race, sequence
from lstmviz.lab.effects import Effect, effects
from lstmviz.lab.intervened import intervened
from lstmviz.lab.interventions import Clamp, Freeze, Intervention
from lstmviz.lab.opened import Opened, networks_for
from lstmviz.lab.readiness import compile_kernels, forms_of, kernels_ready
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import Batch
from lstmviz.stage.frame import Axis, EngineState, Lane, axis_of, lane_of
from lstmviz.stage.jobs import Jobs, Result
from lstmviz.words import power, tr

QUICK = 2.0e7  # multiplications a tick may spend: about 15 ms on kernels, T = 200, three networks of 32 units
NOTICED = 0.15  # seconds after which a wait is told
REFERENCE_SHARE = 0.5  # of that, when the NumPy reference answers
WITH_HANDS = 1.5  # runs that an intervention costs: forward, backward, and backward again for the forecast

Interventions: TypeAlias = tuple[Intervention, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Wish:
    """A comparison that is asked for, and what is held and changed in it."""

    settings: Settings
    interventions: Interventions  # all of them, also those that do nothing
    origin: tuple[object, ...]  # what the base comes from; last how often kernels had become ready
    base: Comparison | None  # without interventions, where it is known
    make: Callable[[str], Comparison]


@dataclass(frozen=True, eq=False, slots=True)
class Run:
    """A comparison, the same with interventions, and what they did."""

    base: Comparison
    interventions: Interventions
    origin: tuple[object, ...]
    comparison: Comparison
    effects: tuple[Effect, ...]


class ComparisonDesk:
    """Computes the comparison that the settings name, and keeps what is drawn of it."""

    def __init__(self, jobs: Jobs, settings: Settings, engine: str) -> None:
        self._jobs, self.engine = jobs, engine
        self.comparison: Comparison | None = None
        self.batch: Batch = sequence(replace(settings, batch=1))
        self.settings = settings  # of what is on show
        self.lanes: tuple[Lane, ...] = ()
        self.axis: Axis = axis_of(())
        self.ghost: Comparison | None = None  # what is on show, without its interventions
        self.effects: tuple[Effect, ...] = ()
        self._shown: Run | None = None
        self._age = 0  # how often kernels have become ready
        self.busy = ""  # what a thread computes
        self._wanted: tuple[object, ...] = ()  # the origin of what a thread computes
        self._asked: tuple[str, tuple[str, ...]] = ("", ())  # kernels of rarer cells that were asked for
        self._waited = 0.0  # seconds since there was nothing to wait for
        self.kernels = EngineState(kernels=engine != "reference" and kernels_ready())

    def warm_up(self, dtype: str) -> None:
        """Compile the kernels in a thread while the reference answers."""
        if self.engine == "auto" and not self.kernels.kernels:
            self._compile(dtype, (*forms_of(self.settings), *self._asked[1]))

    def _compile(self, dtype: str, forms: tuple[str, ...]) -> None:
        self._jobs.start("kernels", lambda post, stop: compile_kernels(lambda *state: post(state), stop, dtype, forms))

    def _compile_rarer(self, settings: Settings, interventions: Interventions = ()) -> None:
        """Compile the kernels of a variant, or of a cell that is held, when it is first shown."""
        rarer = tuple(form for form in forms_of(settings, held_cells(interventions)) if "/" in form or "+" in form)
        if (
            self.engine == "auto"
            and not kernels_ready(rarer, settings.dtype)
            and (settings.dtype, rarer) != self._asked
        ):
            self._asked = (settings.dtype, rarer)  # once, also where the kernels then turn out not to be right
            self._compile(settings.dtype, rarer)

    def compute(self, settings: Settings, interventions: Interventions = (), opened: Opened | None = None) -> None:
        """Show the comparison of these settings, untrained but for what was opened, now or once a thread has it."""
        origin = (settings, opened, self._age)
        base = self._shown.base if self._shown is not None and origin == self._shown.origin else None
        self._answer(Wish(settings, interventions, origin, base, lambda engine: untrained(settings, engine, opened)))

    def compute_trained(self, trained: Comparison, interventions: Interventions) -> None:
        """Show networks in training, with what is held and changed in them."""
        origin = ("trained", trained.settings, self._age)
        self._answer(Wish(trained.settings, interventions, origin, trained, lambda engine: trained))

    def shows(self, base: Comparison | None, interventions: Interventions) -> bool:
        """Whether these networks with these interventions are on show, computed by the kernels that are ready."""
        shown = self._shown
        if shown is None or self.busy:
            return False
        return base is shown.base and shown.interventions == interventions and shown.origin[-1] == self._age

    def _answer(self, wish: Wish) -> None:
        self._compile_rarer(wish.settings, wish.interventions)
        quick = self._is_quick(wish)
        if self.busy and self._wanted == wish.origin and not quick:
            return  # a drag: what the thread is at is shown first, and then the newest
        self._jobs.stop("comparison")
        waiting, self.busy = bool(self.busy), ""
        if not wish.settings.cells:
            self.show(None, wish.settings)
        elif self.shows(wish.base, wish.interventions):
            return
        elif quick:
            self._take_run(run_of(wish, self.engine, self._shown))
        else:
            self.busy = tr("Computing gap {gap} …").format(gap=wish.settings.gap)
            self._waited = self._waited if waiting else 0.0
            self._wanted, engine, earlier = wish.origin, self.engine, self._shown
            self._jobs.start("comparison", lambda post, stop: run_of(wish, engine, earlier))

    def _is_quick(self, wish: Wish) -> bool:
        settings, cells = wish.settings, wish.settings.cells
        held = forms_of(settings, held_cells(wish.interventions))[len(cells) :]
        kernels = self.kernels.kernels and kernels_ready(held, settings.dtype)
        touched = {getattr(one, "cell", "") for one in wish.interventions if one.on}  # inputs are read by all
        share = 1.0 if "" in touched else len(touched.intersection(cells)) / max(len(cells), 1)
        runs = (wish.base is None) + WITH_HANDS * share
        return is_quick(settings, kernels or self.engine == "kernels", runs)

    def tick(self, dt: float) -> None:
        """Count the time of waiting."""
        self._waited += dt

    @property
    def told(self) -> str:
        """What is said to be computed: nothing, before the wait is long enough to be noticed."""
        return self.busy if self._waited >= NOTICED else ""

    def take(self, result: Result) -> bool:
        """Show what the thread computed; False where it failed, which leaves the picture before."""
        self.busy = ""
        if result.value is not None:
            self._take_run(result.value)
        return result.value is not None

    def _take_run(self, run: Run) -> None:
        self._shown, self.effects = run, run.effects
        self.ghost = None if run.comparison is run.base else run.base
        self.show(run.comparison, run.comparison.settings)

    def take_kernels(self, result: Result, settings: Settings) -> bool:
        """Note how far compiling is; True when the kernels have just become ready."""
        if not isinstance(result.value, tuple):
            return False
        done, total, name = result.value
        finished = done == total and kernels_ready(forms_of(settings) or ("rnn",), settings.dtype)
        self.kernels = EngineState(finished, done, total, name)
        self._age += finished
        return finished

    def show(self, comparison: Comparison | None, settings: Settings) -> None:
        """Draw this from now on; no comparison when no network is ticked."""
        self.comparison, self.settings = comparison, settings
        if comparison is None:
            self._shown, self.ghost, self.effects = None, None, ()
        self.batch = comparison.batch if comparison else sequence(replace(settings, batch=1))
        self.lanes = () if comparison is None else tuple(lane_of(racer) for racer in comparison.racers)
        self.axis = axis_of(self.lanes)

    @property
    def timesteps(self) -> int:
        """T of what is on show."""
        return self.settings.timesteps()


def untrained(settings: Settings, engine: str, opened: Opened | None = None) -> Comparison:
    """The comparison that the settings name, before any training here; an opened network stands in its place."""
    return race(settings, networks_for(settings, opened), engine=engine)


def run_of(wish: Wish, engine: str, earlier: Run | None = None) -> Run:
    """Run what is asked for, and see what the interventions do; an earlier run of it spares what has not changed."""
    base = wish.make(engine) if wish.base is None else wish.base
    if earlier is None or earlier.base is not base or earlier.origin != wish.origin:
        earlier = Run(base, (), wish.origin, base, ())
    found = intervened(base, wish.interventions, engine, earlier.comparison)
    did = effects(base, found, engine, earlier.comparison, earlier.effects)
    return Run(base, wish.interventions, wish.origin, found, did)


def held_cells(interventions: Interventions) -> tuple[str, ...]:
    """The kinds of cells of which something is held or frozen."""
    return tuple(dict.fromkeys(one.cell for one in interventions if one.on and isinstance(one, Clamp | Freeze)))


def is_quick(settings: Settings, kernels: bool, runs: float = 1.0) -> bool:
    """Whether a tick has time for so many runs of this comparison."""
    units = settings.hidden * (settings.hidden + 8)
    layers = settings.layers * (2 if settings.bidirectional else 1)
    cost = 12.0 * settings.timesteps() * settings.batch * units * len(settings.cells) * layers
    return cost * runs <= QUICK * (1.0 if kernels else REFERENCE_SHARE)


def notch_text(axis: Axis) -> str:
    """The announcement of another end of the axis: ``axis now to 10⁻⁴⁰``."""
    return tr("axis now to {floor}").format(floor=power(float(axis.floor), 1).replace("1 × ", ""))
