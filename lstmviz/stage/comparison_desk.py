"""The comparison on show: computed at once when a tick has time for it, in a thread when not, and never half.

Words used in this file
    on show    what is drawn now; while a longer computation runs, still the comparison before it
    quick      cheap enough to be answered inside a tick
"""

from dataclasses import replace

from lstmviz.lab.comparison import Comparison, race, sequence
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


class ComparisonDesk:
    """Computes the comparison that the settings name, and keeps what is drawn of it."""

    def __init__(self, jobs: Jobs, settings: Settings, engine: str) -> None:
        self._jobs, self.engine = jobs, engine
        self.comparison: Comparison | None = None
        self.batch: Batch = sequence(replace(settings, batch=1))
        self.settings = settings  # of what is on show
        self.lanes: tuple[Lane, ...] = ()
        self.axis: Axis = axis_of(())
        self.busy = ""  # what a thread computes
        self._asked: tuple[str, tuple[str, ...]] = ("", ())  # kernels of rarer cells that were asked for
        self._waited = 0.0  # seconds since there was nothing to wait for
        self.kernels = EngineState(kernels=engine != "reference" and kernels_ready())

    def warm_up(self, dtype: str) -> None:
        """Compile the kernels in a thread while the reference answers."""
        if self.engine == "auto" and not self.kernels.kernels:
            self._compile(dtype, forms_of(self.settings))

    def _compile(self, dtype: str, forms: tuple[str, ...]) -> None:
        self._jobs.start("kernels", lambda post, stop: compile_kernels(lambda *state: post(state), stop, dtype, forms))

    def _compile_rarer(self, settings: Settings) -> None:
        """Compile the kernels of a variant when it is first shown; others than the usual cells are not made ready."""
        rarer = tuple(form for form in forms_of(settings) if "/" in form)
        if (
            self.engine == "auto"
            and not kernels_ready(rarer, settings.dtype)
            and (settings.dtype, rarer) != self._asked
        ):
            self._asked = (settings.dtype, rarer)  # once, also where the kernels then turn out not to be right
            self._compile(settings.dtype, rarer)

    def compute(self, settings: Settings, opened: Opened | None = None) -> None:
        """Show the comparison of these settings, untrained but for what was opened, now or once a thread has it."""
        self._jobs.stop("comparison")
        self._compile_rarer(settings)
        waiting, self.busy = bool(self.busy), ""
        engine = self.engine
        if not settings.cells:
            self.show(None, settings)
        elif is_quick(settings, self.kernels.kernels or engine == "kernels"):
            self.show(untrained(settings, engine, opened), settings)
        else:
            self.busy = tr("Computing gap {gap} …").format(gap=settings.gap)
            self._waited = self._waited if waiting else 0.0
            self._jobs.start("comparison", lambda post, stop: untrained(settings, engine, opened))

    def tick(self, dt: float) -> None:
        """Count the time of waiting."""
        self._waited += dt

    @property
    def told(self) -> str:
        """What is said to be computed: nothing, before the wait is long enough to be noticed."""
        return self.busy if self._waited >= NOTICED else ""

    def take(self, result: Result) -> None:
        """Show what the thread computed; a failed one leaves the picture before."""
        self.busy = ""
        if result.value is not None:
            self.show(result.value, result.value.settings)

    def take_kernels(self, result: Result, settings: Settings) -> bool:
        """Note how far compiling is; True when the kernels have just become ready."""
        if not isinstance(result.value, tuple):
            return False
        done, total, name = result.value
        finished = done == total and kernels_ready(forms_of(settings) or ("rnn",), settings.dtype)
        self.kernels = EngineState(finished, done, total, name)
        return finished

    def show(self, comparison: Comparison | None, settings: Settings) -> None:
        """Draw this from now on; no comparison when no network is ticked."""
        self.comparison, self.settings = comparison, settings
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


def is_quick(settings: Settings, kernels: bool) -> bool:
    """Whether a tick has time for this comparison."""
    units = settings.hidden * (settings.hidden + 8)
    layers = settings.layers * (2 if settings.bidirectional else 1)
    cost = 12.0 * settings.timesteps() * settings.batch * units * len(settings.cells) * layers
    return cost <= QUICK * (1.0 if kernels else REFERENCE_SHARE)


def notch_text(axis: Axis) -> str:
    """The announcement of another end of the axis: ``axis now to 10⁻⁴⁰``."""
    return tr("axis now to {floor}").format(floor=power(float(axis.floor), 1).replace("1 × ", ""))
