"""Stage: everything that changes while the program runs. Windows set it through verbs and draw its frame.

Words used in this file
    situation   what undo, lessons and sessions restore: settings, playhead and level
    tick        one interval of the one clock
    generation  number of a job; only the newest one's results are shown
"""

import logging
from dataclasses import dataclass, replace
from typing import Any

from psygnal import Signal

from lstmviz.files import BadInput
from lstmviz.lab.comparison import Comparison, build, race, readout_for, sequence
from lstmviz.lab.readiness import compile_kernels, kernels_ready
from lstmviz.lab.settings import Settings, with_changes
from lstmviz.lab.tasks import TASKS
from lstmviz.stage.explain import explain
from lstmviz.stage.frame import EngineState, Frame, Lane, Tile, axis_of, flags_at, lane_of, painted
from lstmviz.stage.history import History
from lstmviz.stage.jobs import Jobs, Result
from lstmviz.stage.lecture import Lecture
from lstmviz.stage.lesson_desk import LessonDesk
from lstmviz.stage.playback import LEVELS, Playback, Position, place_of
from lstmviz.stage.training_desk import TrainingDesk
from lstmviz.words import power, tr

START = Settings(gap=5)  # both shares nearly equal: nothing to explain until the gap is dragged
QUICK = 2.0e7  # multiplications a tick may spend: about 15 ms on kernels, T = 200, three networks of 32 units
NOTICE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What undo and lessons restore."""

    settings: Settings
    position: Position
    level: str
    tile: Tile | None


class Stage:
    """The state of the running program, and its verbs.

    Parameters
    ----------
    settings : Settings, optional
        Where to start; the start-up state when left out.
    engine : str
        "auto" (reference until the kernels are compiled), "kernels" or "reference".
    """

    frame_changed = Signal(object)

    def __init__(self, settings: Settings | None = None, engine: str = "auto") -> None:
        self.start = settings or START
        self.settings = self.start
        self._engine = engine
        self.playback = Playback(self.settings.timesteps())
        self.jobs = Jobs()
        self.desk = TrainingDesk(self.jobs)
        self.lesson = LessonDesk(self)
        self.lecture = Lecture(self)
        self._history: History[Situation] = History()
        self._comparison: Comparison | None = None
        self._lanes: tuple[Lane, ...] = ()
        self._stale = True
        self._busy = False
        self._hovered: int | None = None
        self._tile: Tile | None = None
        self._notice, self._notice_left = "", 0.0
        self._banner, self._banners = "", 0
        self._pristine = True
        self._kernels = EngineState(kernels=engine != "reference" and kernels_ready())
        self._frame: Frame | None = None
        self.tick(0.0)

    @property
    def frame(self) -> Frame:
        """What is drawn now; the same object until something changes."""
        assert self._frame is not None
        return self._frame

    # -- settings ----------------------------------------------------------------------------------------------

    def change(self, changes: dict[str, Any], about: str | None = None) -> None:
        """Change settings by their keys; one undo entry, shared by a drag.

        Parameters
        ----------
        changes : dict
            Keys of ``lab.settings.FIELDS`` and values.
        about : str, optional
            What the change is about; changes about the same thing in a row are undone together. A setting's own key
            when left out, so that a drag is one entry.

        Raises
        ------
        BadInput
            If a value is not allowed; nothing has changed then.
        """
        fresh = with_changes(self.settings, changes, tr("window"))
        if fresh == self.settings:
            return
        self._history.remember(self.situation(), about if about is not None else ",".join(changes))
        if fresh.gap != self.settings.gap:
            self._pristine = False
        self._take_settings(fresh)

    def close_entry(self) -> None:
        """A drag has ended: the next change is undone on its own."""
        self._history.close_entry()

    def next_seed(self) -> None:
        """Another draw of weights and sequence."""
        self.change({"seed": (self.settings.seed + 1) % 10000}, about="")

    def reset(self) -> None:
        """Back to the start-up state. Can be undone."""
        self._history.remember(self.situation(), "")
        self.desk.forget()
        self._pristine = True
        self.playback.pause()
        timesteps = self.start.timesteps()
        self.take(Situation(self.start, Position("backward", 1), LEVELS[0], None))
        self.playback.seek(2 * timesteps)

    def undo(self) -> None:
        """Take back the newest change of a control or reset."""
        if self._history.can_undo:
            self.take(self._history.undo(self.situation()))

    def redo(self) -> None:
        """Do again what undo took back."""
        if self._history.can_redo:
            self.take(self._history.redo(self.situation()))

    def situation(self) -> Situation:
        """What undo, lessons and sessions restore."""
        return Situation(self.settings, self.playback.position, self.playback.level, self._tile)

    def take(self, situation: Situation) -> None:
        """Restore a situation."""
        self._take_settings(situation.settings)
        self.playback.level = situation.level
        self.playback.seek(place_of(situation.position, self.settings.timesteps()))
        self._tile = situation.tile

    def _take_settings(self, fresh: Settings) -> None:
        if fresh != self.settings:
            self.settings = fresh
            self.desk.settings_changed(fresh)
            self._stale = True
            self._tile = None
            self.playback.fit(fresh.timesteps())

    # -- playhead ----------------------------------------------------------------------------------------------

    def toggle_play(self) -> None:
        """Play, or pause; at level Update, train or stop."""
        if self.playback.level == "update":
            self.toggle_training()
        elif self.playback.playing:
            self.playback.pause()
        else:
            self.playback.play()

    def on(self) -> None:
        """One timestep (or update) on."""
        self._move(1)

    def back(self) -> None:
        """One timestep (or update) back: the exact inverse of ``on``."""
        self._move(-1)

    def _move(self, direction: int) -> None:
        self.playback.pause()
        if self.playback.level == "update":
            self.desk.move(direction, self.settings)
        else:
            self.playback.move(direction)

    def first(self) -> None:
        """To the start of this pass, or to update 0."""
        if self.playback.level == "update":
            self.desk.seek(0)
        else:
            self.playback.first()

    def last(self) -> None:
        """To the end of this pass, or to the newest update."""
        if self.playback.level == "update":
            self.desk.seek(self.desk.trained)
        else:
            self.playback.last()

    def seek(self, place: int) -> None:
        """Move the playhead to a place of the walk (0 to 2T), or at level Update to that update."""
        if self.playback.level == "update":
            self.desk.seek(place)
        else:
            self.playback.seek(place)

    def set_level(self, level: str) -> None:
        """What one press of On means: "timestep" or "update"."""
        if level in LEVELS:
            self.playback.pause()
            self.playback.level = level

    def set_reduced_motion(self, reduced: bool) -> None:
        """Paint at once and let Play advance twice a second."""
        self.playback.reduced_motion = reduced

    # -- pointing ----------------------------------------------------------------------------------------------

    def hover(self, t: int | None) -> None:
        """The timestep under the pointer, 1 to T, or None."""
        self._hovered = t if t is None or 1 <= t <= self.settings.timesteps() else None

    def open_tile(self, tile: Tile) -> None:
        """Show the formula of a tile, and put the playhead on its timestep."""
        last = self.settings.timesteps()
        if not 1 <= tile.t <= last:
            return
        self._tile = tile
        self.playback.pause()
        stretch = self.playback.position.stretch
        if tile.unit is None or stretch == "backward":
            self.playback.seek(place_of(Position("backward", tile.t), last))
        else:
            self.playback.seek(place_of(Position("forward", tile.t), last))

    def close_tile(self) -> None:
        """Put the formula away."""
        self._tile = None

    # -- training ----------------------------------------------------------------------------------------------

    def train(self, updates: int) -> None:
        """Train all networks by this many updates more, in a thread; ``stop_training`` ends it within 0.2 s."""
        self.desk.train(self.settings, updates)

    def stop_training(self) -> None:
        """Stop; what is trained is kept."""
        self.desk.stop()

    def toggle_training(self) -> None:
        """Train to the goal, or stop."""
        if self.desk.running:
            self.desk.stop()
        else:
            self.train(self.desk.goal)

    def set_goal(self, updates: int) -> None:
        """How many updates one press of Train adds, 1 to 5000."""
        self.desk.goal = max(1, min(updates, 5000))

    # -- lessons -----------------------------------------------------------------------------------------------

    def enter_page(self, situation: Situation) -> None:
        """Make the stage what a page of a lesson says, absolutely. Can be undone."""
        self.playback.pause()
        self._history.remember(self.situation(), "")
        self.desk.forget()
        self.take(situation)

    def reveal(self) -> None:
        """Run the backward sweep that a committed prediction was about."""
        self.playback.seek(self.settings.timesteps())
        if self.playback.reduced_motion:
            self.playback.seek(2 * self.settings.timesteps())
        else:
            self.playback.play()

    # -- messages ----------------------------------------------------------------------------------------------

    def notify(self, text: str) -> None:
        """Show one line for a few seconds."""
        self._notice, self._notice_left = text, NOTICE_SECONDS

    def report(self, text: str) -> None:
        """Show an error in the banner until it is dismissed; further ones are counted."""
        self._banners += 1
        self._banner = text if self._banners == 1 else tr("{text} ({n} in all)").format(text=text, n=self._banners)

    def dismiss(self) -> None:
        """Put the banner away."""
        self._banner, self._banners = "", 0

    # -- the clock ---------------------------------------------------------------------------------------------

    def warm_up(self) -> None:
        """Compile the kernels in a thread while the reference answers."""
        if self._engine == "auto" and not self._kernels.kernels:
            self.jobs.start(
                "kernels",
                lambda post, stop: compile_kernels(lambda *state: post(state), stop, self.settings.dtype),
            )

    def tick(self, dt: float) -> None:
        """Advance by ``dt`` seconds: take finished work, move the playhead, resolve the frame."""
        for result in self.jobs.take():
            self._take_result(result)
        if self._stale:
            self._compute()
        self.playback.tick(dt)
        self.lecture.tick(dt)
        self._notice_left -= dt
        if self._notice_left <= 0:
            self._notice = ""
        fresh = self._resolve()
        if self._frame is None or _differs(fresh, self._frame):
            self._frame = fresh
            self.frame_changed.emit(fresh)

    def close(self) -> None:
        """Stop every thread; the stage is not used afterwards."""
        self.jobs.close()

    def _take_result(self, result: Result) -> None:
        if result.error is not None:
            logging.getLogger(__name__).error("%s failed", result.kind, exc_info=result.error)
            self.report(str(result.error) if isinstance(result.error, BadInput) else _what_happened(result))
        if result.kind == "kernels" and isinstance(result.value, tuple):
            done, total, name = result.value
            finished = done == total and kernels_ready(self.settings.cells or ("rnn",), self.settings.dtype)
            self._kernels = EngineState(finished, done, total, name)
            self._stale = self._stale or finished
        elif result.kind == "comparison":
            self._busy = False
            if result.value is not None:
                self._show(result.value)
        elif result.kind == "training":
            self.desk.take(result)
            if self.desk.comparison is not None:
                self._show(self.desk.comparison)

    def _compute(self) -> None:
        self._stale = False
        self.jobs.stop("comparison")
        if self.desk.comparison is not None and self.desk.comparison.settings == self.settings:
            return
        settings, engine = self.settings, self._engine
        if not settings.cells:
            self._show(None)
        elif self._cost(settings) <= QUICK * (1.0 if self._kernels.kernels or engine == "kernels" else 0.5):
            self._busy = False
            self._show(untrained(settings, engine))
        else:
            self._busy = True
            self.jobs.start("comparison", lambda post, stop: untrained(settings, engine))

    @staticmethod
    def _cost(settings: Settings) -> float:
        return (
            12.0 * settings.timesteps() * settings.batch * settings.hidden * (settings.hidden + 8) * len(settings.cells)
        )

    def _show(self, comparison: Comparison | None) -> None:
        before = axis_of(self._lanes) if self._lanes else None
        self._comparison = comparison
        self._lanes = () if comparison is None else tuple(lane_of(racer) for racer in comparison.racers)
        after = axis_of(self._lanes)
        if before is not None and after.floor != before.floor and self._lanes:
            self.notify(tr("axis now to {floor}").format(floor=_whole_power(after.floor)))

    def _resolve(self) -> Frame:
        settings, playback = self.settings, self.playback
        position = playback.position
        painted_h, painted_gradient = painted(position, settings.timesteps())
        batch = self._comparison.batch if self._comparison else sequence(replace(settings, batch=1))
        lesson = self.lesson.frame(self._comparison, position)
        if lesson is not None and lesson.hides_gradient:
            painted_gradient = settings.timesteps() + 1
        busy = tr("Computing gap {gap} …").format(gap=settings.gap) if self._busy else ""
        t = self._hovered or position.t
        return Frame(
            settings=settings,
            comparison=self._comparison,
            lanes=self._lanes,
            axis=axis_of(self._lanes),
            symbols=batch.symbols,
            cues=batch.cues,
            query=batch.query,
            position=position,
            place=playback.place,
            playing=playback.playing,
            speed=playback.speed,
            level=playback.level,
            painted_h=painted_h,
            painted_gradient=painted_gradient,
            hovered=self._hovered,
            flags=flags_at(self._lanes, t, painted_gradient),
            tile=self._tile,
            explanation=self._explanation(),
            training=self.desk.frame(TASKS[settings.task].chance_loss),
            engine=self._kernels,
            busy=busy,
            notice=self._notice,
            banner=self._banner,
            lesson=lesson,
            pristine=self._pristine,
            can_undo=self._history.can_undo,
            can_redo=self._history.can_redo,
        )

    def _explanation(self) -> Any:
        if self._tile is None or self._comparison is None:
            return None
        racer = self._comparison.racer(self._tile.cell)
        fits = racer is not None and (self._tile.unit is None or self._tile.unit < racer.network.hidden)
        if racer is None or not fits or self._tile.t > racer.trace.timesteps:
            return None
        if self._frame is not None and self._frame.tile == self._tile and self._frame.comparison is self._comparison:
            return self._frame.explanation
        return explain(racer, self._tile)


def untrained(settings: Settings, engine: str) -> Comparison:
    """The comparison that the settings name, before any training."""
    return race(settings, [(build(settings, c), readout_for(settings, c)) for c in settings.cells], engine=engine)


def _differs(a: Frame, b: Frame) -> bool:
    """Whether any field changed; values that are frozen arrays are compared by identity."""
    for name in Frame.__slots__:
        old, new = getattr(a, name), getattr(b, name)
        if old is not new and (name in ("comparison", "lanes") or old != new):
            return True
    return False


def _what_happened(result: Result) -> str:
    what = tr("{kind}: {error}; the picture before is kept (see the log)")
    return what.format(kind=result.kind, error=type(result.error).__name__)


def _whole_power(exponent: int) -> str:
    return power(float(exponent), 1).replace("1 × ", "")
