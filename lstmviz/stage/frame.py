"""Frame: everything a window draws at one instant, resolved by one pure function. Views decide nothing.

Words used in this file
    T         timesteps; arrays over timesteps have T entries, entry 0 is t = 1
    lane      one network's rows: hidden states, and one row of gradient tiles
    notch     one of the marked ends of the absolute log axis
    band      gradients under 2**-53 of the largest gradient at T, which float64 cannot add to it
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.comparison import Comparison, Racer
from lstmviz.lab.examiner import Examination
from lstmviz.lab.gradient_flow import FLOAT64_DIGITS as FLOAT64_DIGITS
from lstmviz.lab.interventions import Intervention
from lstmviz.lab.series import HeatMap as HeatMap
from lstmviz.lab.settings import Settings
from lstmviz.stage.playback import Position
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.effects import Effects
    from lstmviz.stage.explain import Explanation
    from lstmviz.stage.lesson_frame import LessonFrame
    from lstmviz.stage.opened import OpenedNote

FLOORS = (-20, -40, -80, -160, -324, -648, -1296, -2592, -5184, -10368)
CEILINGS = (1, 10, 30, 100, 310, 620, 1240, 2480)
MOST_ROWS = 16
NAMES = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}  # of the networks, as written on screen


@dataclass(frozen=True, eq=False, slots=True)
class Lane:
    """One network as drawn."""

    cell: str
    name: str
    units: int
    parameters: int
    rows: tuple[int, ...]  # units (0-based) that have a row in the picture
    h: NDArray[np.floating]  # (rows, T) hidden states of the first sequence
    log10_h: NDArray[np.floating]  # (T,) log10 |dL/dh_t|; -inf is an exact zero, NaN is not drawn
    log10_bound: NDArray[np.floating] | None  # (T,)
    log10_share: float
    loss: float
    not_finite: str | None  # where the first NaN or infinity arose
    remark: str = ""  # of a variant: "without forget gate"


@dataclass(frozen=True, slots=True)
class Axis:
    """The absolute log axis shared by all networks."""

    floor: int
    ceiling: int
    band: float  # log10 below which the band begins


@dataclass(frozen=True, slots=True)
class Flag:
    """An absolute value at the playhead (or at the hovered timestep)."""

    cell: str
    t: int
    log10: float


@dataclass(frozen=True, slots=True)
class EngineState:
    """Who computes: the NumPy reference until the kernels are compiled."""

    kernels: bool
    done: int = 0
    total: int = 0
    name: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class TrainingFrame:
    """Training so far: one loss curve per network, the chance line, and which update is on show."""

    running: bool
    update: int  # on show
    trained: int
    goal: int  # updates that one press of Train adds
    aim: int  # the update at which the running training ends
    names: tuple[str, ...]
    cells: tuple[str, ...]
    losses: tuple[NDArray[np.floating], ...]
    chance: float
    solved_at: tuple[int | None, ...]
    means: tuple[NDArray[np.floating], ...] = ()  # of each loss and up to 7 on either side, as long as ``losses``
    # A network that stopped early has fewer losses than updates were trained.
    heat_maps: tuple[HeatMap, ...] = ()  # log10 |dL/dh_t| by update and timestep
    norms: tuple[NDArray[np.floating], ...] = ()  # as losses: of the gradient before clipping
    clipped_norms: tuple[NDArray[np.floating], ...] = ()  # after clipping
    clipped: tuple[NDArray[np.integer], ...] = ()  # the updates, from 1, at which the gradient was clipped
    learning_rates: NDArray[np.floating] | None = None  # (trained,)
    tests: tuple[tuple[Examination, ...], ...] = ()  # of each network: update, loss, score, solved, validation_loss
    log10_shares: tuple[float, ...] = ()  # of |dL/dh_1| / |dL/dh_T| before training
    best_at: tuple[int | None, ...] = ()  # early stopping: update whose weights were best
    stopped_at: tuple[int | None, ...] = ()  # early stopping: update at which the best weights were taken back
    chance_name: str = tr("chance")  # or another answer that is the mark to beat
    resumed_at: int | None = None  # the update from which this training goes on differently than it did before


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile that was clicked: one unit's hidden state, or (unit None) the gradient's norm, at one timestep."""

    cell: str
    t: int
    unit: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What the learner looks at in every lab."""

    network: str  # a cell, as in ``Settings.cells``
    unit: int  # from 0
    timestep: int  # the playhead's, 1 to T


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """Everything a window draws at one instant."""

    lab: str  # the open one, of ``lab_names.EXISTING``
    selection: Selection
    part: object  # what the open lab alone draws; see ``stage.labs``
    settings: Settings  # as set; while a longer computation runs, what is on show is still that of the ones before
    timesteps: int  # T of what is on show
    comparison: Comparison | None  # None: no network is ticked
    lanes: tuple[Lane, ...]
    axis: Axis
    symbols: tuple[str, ...]
    cues: tuple[int, ...]
    query: int
    position: Position
    place: int
    playing: bool
    speed: float
    level: str
    operations: tuple[str, ...]  # of one timestep of this pass, in words; none at the loss
    operation: int  # the last one done, from 1; the last of all but at level Operation; 0 at the loss
    notch: int  # as ``place``, counted in operations
    loss_notch: int  # the notch of the loss: as many lie before it
    notches: int  # the last notch
    painted_h: int  # activations of t = 1..painted_h are painted
    painted_gradient: int  # gradient tiles of t = painted_gradient..T are painted; T + 1: none
    hovered: int | None
    flags: tuple[Flag, ...]
    tile: Tile | None
    explanation: "Explanation | None"
    training: TrainingFrame | None
    engine: EngineState
    busy: str
    notice: str  # one line, e.g. "axis now to 10⁻⁴⁰"
    banner: str  # an error that was caught; shown until dismissed
    lesson: "LessonFrame | None"
    opened: "OpenedNote | None"  # what came from a file
    interventions: tuple[Intervention, ...]  # as listed; what is on show has those that are on
    ghost: Comparison | None  # what is on show, without interventions; None: there are none, or it is hidden
    effects: "Effects | None"  # what they did; None: nothing acts
    pristine: bool  # the gap slider was not moved yet: the hint under it shows
    can_undo: bool
    can_redo: bool

    @property
    def backward_done(self) -> bool:
        """Whether the headline shares can be said: the backward pass has reached t = 1."""
        return self.painted_gradient <= 1


def lane_of(racer: Racer) -> Lane:
    """What is drawn of one network; several sequences are shown by the first."""
    units = racer.network.hidden
    rows = tuple(int(row) for row in np.linspace(0, units - 1, min(units, MOST_ROWS)).round())
    h = np.ascontiguousarray(racer.trace.tape.h[1:, 0, rows].T, dtype=np.float64)
    flow = racer.trace.flow
    for array in (h,):
        array.flags.writeable = False
    return Lane(
        cell=racer.network.cell,
        name=racer.name,
        units=units,
        parameters=racer.parameters,
        rows=rows,
        h=h,
        log10_h=flow.log10_h[1:],
        log10_bound=None if flow.log10_bound is None else flow.log10_bound[1:],
        log10_share=flow.log10_share,
        loss=racer.trace.loss,
        not_finite=racer.recorded.first_bad(),
        remark=remark_of(racer),
    )


def remark_of(racer: Racer) -> str:
    """Which member of its family a network is, in as few words as fit beside a lane: ``no forget gate``."""
    words = racer.network.full_title.removeprefix(racer.network.title).strip()
    return words.replace(tr("without "), tr("no "), 1).removeprefix(tr("with its ")).removeprefix(tr("with "))


def axis_of(lanes: tuple[Lane, ...]) -> Axis:
    """The notches that hold every finite value of all networks, whatever is painted yet."""
    values = np.concatenate([lane.log10_h[np.isfinite(lane.log10_h)] for lane in lanes] or [np.zeros(1)])
    if not len(values):
        values = np.zeros(1)
    last = [lane.log10_h[-1] for lane in lanes if np.isfinite(lane.log10_h[-1])]
    floor = next((notch for notch in FLOORS if notch <= values.min()), FLOORS[-1])
    ceiling = next((notch for notch in CEILINGS if notch >= values.max()), CEILINGS[-1])
    return Axis(floor, ceiling, max(last, default=0.0) + FLOAT64_DIGITS)


def painted(position: Position, timesteps: int) -> tuple[int, int]:
    """Which activations (1 to the first number) and gradient tiles (from the second number on) are painted."""
    if position.stretch == "forward":
        return position.t, timesteps + 1
    return timesteps, timesteps + 1 if position.stretch == "loss" else position.t


def flags_at(lanes: tuple[Lane, ...], t: int, painted_gradient: int) -> tuple[Flag, ...]:
    """Absolute values of the gradient at one timestep, for the networks whose tile there is painted."""
    if t < painted_gradient:
        return ()
    return tuple(Flag(lane.cell, t, float(lane.log10_h[t - 1])) for lane in lanes)
