"""From the parts of the stage to the frame that is drawn; nothing here changes anything.

Words used in this file
    pointer   what the learner points at: a hovered timestep, and the tile that was opened
    before    the frame drawn last; what has not changed is taken from it, so that ``is`` tells
"""

from dataclasses import dataclass

from lstmviz.lab.comparison import Comparison
from lstmviz.stage.comparison_desk import ComparisonDesk
from lstmviz.stage.effects import resolve_effects
from lstmviz.stage.explain import Explanation, explain
from lstmviz.stage.frame import Frame, Tile, flags_at, painted
from lstmviz.stage.labs import LabDesks
from lstmviz.stage.lesson_frame import LessonFrame
from lstmviz.stage.playback import Playback


@dataclass(slots=True)
class Pointer:
    """What the learner points at."""

    hovered: int | None = None  # a timestep, from 1
    tile: Tile | None = None


def resolve(
    race: ComparisonDesk,
    playback: Playback,
    pointer: Pointer,
    labs: LabDesks,
    lesson: LessonFrame | None,
    before: Frame | None,
) -> Frame:
    """The frame of what is on show; the open lab's part, messages, training and undo are filled in by the stage.

    Parameters
    ----------
    race : ComparisonDesk
        The comparison on show.
    playback : Playback
        The playhead.
    pointer : Pointer
        What the learner points at.
    labs : LabDesks
        Which lab is open, and what is selected.
    lesson : LessonFrame or None
        The open page; it may keep the gradient back until a prediction is made.
    before : Frame or None
        The frame drawn last.
    """
    position = playback.position
    painted_h, painted_gradient = painted(position, race.timesteps)
    if lesson is not None and lesson.hides_gradient:
        painted_gradient = race.timesteps + 1
    at_loss = position.stretch == "loss"
    hovered = pointer.hovered if pointer.hovered is not None and pointer.hovered <= race.timesteps else None
    selection = labs.picked.selection(race.settings, position.t)
    return Frame(
        lab=labs.lab,
        selection=selection,
        part=None,
        settings=race.settings,
        timesteps=race.timesteps,
        comparison=race.comparison,
        lanes=race.lanes,
        axis=race.axis,
        symbols=race.batch.symbols,
        cues=race.batch.cues,
        query=race.batch.query,
        position=position,
        place=playback.place,
        playing=playback.playing,
        speed=playback.speed,
        level=playback.level,
        operations=() if at_loss else tuple(one.name for one in playback.walk.through(position.stretch == "backward")),
        operation=0 if at_loss else playback.operation,
        notch=playback.notch,
        loss_notch=playback.loss_notch,
        notches=playback.notches,
        painted_h=painted_h,
        painted_gradient=painted_gradient,
        hovered=hovered,
        flags=flags_at(race.lanes, hovered or position.t, painted_gradient),
        tile=pointer.tile,
        explanation=_explanation(race.comparison, pointer.tile, before),
        training=None,
        engine=race.kernels,
        busy=race.told,
        notice="",
        banner="",
        lesson=lesson,
        opened=None,
        interventions=(),
        ghost=None,
        effects=resolve_effects(race.effects, selection, before.effects if before else None),
        pristine=False,
        can_undo=False,
        can_redo=False,
    )


def _explanation(comparison: Comparison | None, tile: Tile | None, before: Frame | None) -> Explanation | None:
    racer = None if tile is None or comparison is None else comparison.racer(tile.cell)
    if tile is None or racer is None or tile.t > racer.trace.timesteps:
        return None
    if tile.unit is not None and tile.unit >= racer.network.hidden:
        return None
    same = before is not None and before.tile == tile and before.comparison is comparison
    if before is not None and same and before.explanation is not None:
        return before.explanation
    return explain(racer, tile)


def differs(a: Frame, b: Frame) -> bool:
    """Whether any field changed; values that hold arrays are compared by identity."""
    for name in Frame.__slots__:
        old, new = getattr(a, name), getattr(b, name)
        if old is not new and (name in ("comparison", "lanes") or old != new):
            return True
    return False
