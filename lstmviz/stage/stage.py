"""Stage: everything that changes while the program runs. Windows set it through verbs and draw its frame.

Words used in this file
    situation   what undo, lessons and sessions restore: settings, playhead, level, lab and selection
    tick        one interval of the one clock
    desk        a part of the stage with verbs of its own: comparison, training, lesson, lecture
"""

import logging
from dataclasses import dataclass, replace
from typing import Any

from psygnal import Signal

from lstmviz.lab.opened import Opened, fits
from lstmviz.lab.settings import Settings, with_changes
from lstmviz.lab.tasks import TASKS
from lstmviz.stage.comparison_desk import ComparisonDesk, notch_text
from lstmviz.stage.export_desk import ExportDesk
from lstmviz.stage.frame import Frame, Tile
from lstmviz.stage.history import History
from lstmviz.stage.intervention_desk import NO_HANDS, Hands, InterventionVerbs
from lstmviz.stage.jobs import Jobs, Result
from lstmviz.stage.lab_names import LABS
from lstmviz.stage.lab_verbs import LabVerbs
from lstmviz.stage.labs import FIRST, OWN_LEVEL, LabDesks, Picked
from lstmviz.stage.lecture import Lecture
from lstmviz.stage.lesson_desk import LessonDesk
from lstmviz.stage.messages import Messages, MessageVerbs, what_happened
from lstmviz.stage.opened import note_of
from lstmviz.stage.playback import USUAL_LEVEL, Playback, Position
from lstmviz.stage.resolve import Pointer, differs, resolve
from lstmviz.stage.training_desk import TrainingDesk
from lstmviz.stage.walk_verbs import WalkVerbs
from lstmviz.words import tr

START = Settings(gap=5)  # both shares nearly equal: nothing to explain until the gap is dragged


@dataclass(frozen=True, slots=True)
class Situation:
    """What undo and lessons restore."""

    settings: Settings
    position: Position
    level: str
    tile: Tile | None
    lab: str = LABS[0]
    picked: Picked = FIRST
    branch: int = 0  # of the training on show; resuming from an earlier update makes another one
    opened: Opened | None = None  # from a file, in the place of the untrained network of its kind
    hands: Hands = NO_HANDS  # what is held and changed in what is on show


class Stage(MessageVerbs, InterventionVerbs, LabVerbs, WalkVerbs):
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
        self.opened: Opened | None = None
        self.hands = NO_HANDS
        self.playback = Playback(self.settings.timesteps())
        self.jobs = Jobs()
        self.race = ComparisonDesk(self.jobs, self.settings, engine)
        self.desk = TrainingDesk(self.jobs, engine)
        self.lesson = LessonDesk(self)
        self.lecture = Lecture(self)
        self.exports = ExportDesk(self)
        self.labs = LabDesks(self)
        self.messages = Messages()
        self._history: History[Situation] = History()
        self._stale = True
        self._arrival: Position | None = None  # where the playhead goes once a longer computation is on show
        self.pointer = Pointer()
        self._pristine = True
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
        put_away = self.opened
        self._take_settings(fresh, self.opened)
        if put_away is not None and self.opened is None:
            words = tr("{name} does not fit these settings and was put away; undo brings it back")
            self.notify(words.format(name=put_away.name))

    def choose_task(self, task: str) -> None:
        """Another task, with the gap moved into the range that it knows where it was outside; one undo entry."""
        chosen, gap = TASKS[task], self.settings.gap
        fitting = max(gap if chosen.greatest_gap is None else min(gap, chosen.greatest_gap), chosen.least_gap)
        if fitting == gap:
            self.change({"task": task}, about="")
            return
        self.change({"task": task, "gap": fitting}, about="")
        words = tr("{task} needs a gap of {gap} or more") if fitting > gap else tr("{task} knows gaps up to {gap}")
        self.notify(words.format(task=chosen.title, gap=fitting))

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
        self.take(Situation(self.start, Position("backward", 1), OWN_LEVEL.get(self.lab, USUAL_LEVEL), None, self.lab))

    def remember(self) -> None:
        """Make an undo entry of what is on show now."""
        self._history.remember(self.situation(), "")

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
        position, level, labs = self.playback.position, self.playback.level, self.labs
        tile, branch = self.pointer.tile, self.desk.branch
        return Situation(self.settings, position, level, tile, labs.lab, labs.picked, branch, self.opened, self.hands)

    def take(self, situation: Situation) -> None:
        """Restore a situation."""
        self._take_settings(situation.settings, situation.opened)
        self._take_hands(situation.hands)
        self.labs.restore(situation.lab, situation.picked)
        self._compute()
        self.desk.show_branch(situation.branch)
        self.playback.level = situation.level
        self.pointer.tile = situation.tile
        if self.race.busy:
            self._arrival = situation.position
        else:
            self.fit_walk()
            self.playback.go(situation.position)

    def _take_settings(self, fresh: Settings, opened: Opened | None) -> None:
        opened = opened if opened is not None and fits(opened, fresh) else None
        if fresh != self.settings or opened != self.opened:
            self.settings, self.opened = fresh, opened
            self.desk.settings_changed(fresh, opened)
            self._stale = True
            self.pointer.tile = None

    def take_hands(self, hands: Hands, about: str) -> None:
        """Show the run with these interventions; one undo entry, shared by changes about the same thing."""
        self._history.remember(self.situation(), about)
        self._take_hands(hands)

    def _take_hands(self, hands: Hands) -> None:
        self._stale = self._stale or hands.interventions != self.hands.interventions
        self.hands = hands

    # -- lessons -----------------------------------------------------------------------------------------------

    def enter_page(self, situation: Situation) -> None:
        """Make the stage what a page of a lesson says, absolutely. Can be undone."""
        self.playback.pause()
        self._history.remember(self.situation(), "")
        self.desk.forget()
        self.take(situation)

    def reveal(self) -> None:
        """Run the backward sweep that a committed prediction was about."""
        self.playback.loss()
        if self.playback.reduced_motion:
            self.playback.last()
        else:
            self.playback.play()

    # -- the clock ---------------------------------------------------------------------------------------------

    def warm_up(self) -> None:
        """Compile the kernels in a thread while the reference answers."""
        self.race.warm_up(self.settings.dtype)

    def tick(self, dt: float) -> None:
        """Advance by ``dt`` seconds: take finished work, move the playhead, resolve the frame."""
        for result in self.jobs.take():
            self._take_result(result)
        self._compute()
        self.fit_walk()
        self.playback.tick(dt)
        self.race.tick(dt)
        self.lecture.tick(dt)
        self.messages.tick(dt)
        fresh = self._resolve()
        if self._frame is None or differs(fresh, self._frame):
            self._frame = fresh
            self.frame_changed.emit(fresh)

    def _resolve(self) -> Frame:
        lesson = self.lesson.frame(self.race.comparison, self.playback.position)
        shown = resolve(self.race, self.playback, self.pointer, self.labs, lesson, self._frame)
        task = TASKS[self.settings.task]
        shown = replace(
            shown,
            settings=self.settings,
            opened=note_of(self.opened, self.settings),
            interventions=self.hands.interventions,
            ghost=self.race.ghost if self.hands.ghost else None,
            training=self.desk.frame(task.chance_loss(self.settings.gap), task.chance_means),
            notice=self.messages.notice,
            banner=self.messages.banner,
            pristine=self._pristine,
            can_undo=self._history.can_undo,
            can_redo=self._history.can_redo,
        )
        return replace(shown, part=self.labs.part(shown))

    def close(self) -> None:
        """Stop every thread; the stage is not used afterwards."""
        self.jobs.close()

    def _take_result(self, result: Result) -> None:
        if result.error is not None:
            logging.getLogger(__name__).error("%s failed", result.kind, exc_info=result.error)
            self.report(what_happened(result.kind, result.error))
        if result.kind == "kernels":
            self._stale = self.race.take_kernels(result, self.settings) or self._stale
        elif result.kind == "comparison":
            self._stale = self.race.take(result) or self._stale  # more may have been asked for meanwhile
            self._now_on_show()
        elif result.kind.partition(" ")[0] == "training":
            self.desk.take(result)
            self._show_trained()
        elif result.kind == "export":
            self.exports.take(result)
        else:
            self.labs.take(result)

    def _compute(self) -> None:
        if self._stale:
            self._stale = False
            if not self._show_trained():
                self.race.compute(self.settings, self.hands.interventions, self.opened)
                self._now_on_show()

    def _show_trained(self) -> bool:
        """Show the networks in training, if there are any of these settings."""
        trained = self.desk.comparison
        if trained is None or trained.settings != self.settings:
            return False
        if not self.race.shows(trained, self.hands.interventions):
            self.race.compute_trained(trained, self.hands.interventions)
            self._now_on_show()
        return True

    def _now_on_show(self) -> None:
        """Fit the playhead to what is on show, and say when an end of the axis has moved."""
        if self.race.busy:
            return
        self.playback.fit(self.race.timesteps)
        if self._arrival is not None:
            self.playback.go(self._arrival)
            self._arrival = None
        drawn = self.lab == "race"  # no other lab has this axis
        moved = drawn and self._frame is not None and self._frame.axis.floor != self.race.axis.floor
        if moved and self._frame is not None and self._frame.lanes and self.race.lanes:
            self.notify(notch_text(self.race.axis))
