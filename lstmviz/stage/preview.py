"""The picture of a page that is not open yet, for the presenter."""

from dataclasses import replace

from lstmviz.lab.comparison import Comparison
from lstmviz.lab.settings import Settings
from lstmviz.stage.comparison_desk import is_quick, untrained
from lstmviz.stage.frame import Frame, axis_of, lane_of, painted
from lstmviz.stage.playback import place_of
from lstmviz.stage.stage import Stage


def page_frame(stage: Stage, page: int) -> Frame | None:
    """What the audience will see when a page of the open lesson is opened, before anyone answers there.

    Parameters
    ----------
    stage : Stage
        Whose lesson it is; nothing about it changes.
    page : int
        From 0.

    Returns
    -------
    Frame or None
        None when no lesson is open, it has no such page, or the page needs more computing than a page turn may take.
    """
    lesson = stage.lesson.lesson
    if lesson is None or not 0 <= page < len(lesson.pages):
        return None
    opened = lesson.pages[page]
    settings, position = opened.state.settings, opened.state.position
    comparison = _computed(stage, settings)
    if comparison is None:
        return None
    lanes = tuple(lane_of(racer) for racer in comparison.racers)
    painted_h, painted_gradient = painted(position, settings.timesteps())
    if opened.predict is not None and opened.predict.hides_gradient:
        painted_gradient = settings.timesteps() + 1
    return replace(
        stage.frame,
        lab=opened.state.lab,
        part=None,
        settings=settings,
        timesteps=settings.timesteps(),
        comparison=comparison,
        lanes=lanes,
        axis=axis_of(lanes),
        symbols=comparison.batch.symbols,
        cues=comparison.batch.cues,
        query=comparison.batch.query,
        position=position,
        place=place_of(position, settings.timesteps()),
        playing=False,
        level=opened.state.level,
        painted_h=painted_h,
        painted_gradient=painted_gradient,
        hovered=None,
        flags=(),
        tile=None,
        explanation=None,
        training=None,
        opened=None,
        interventions=(),
        ghost=None,
        effects=None,
        notice="",
        banner="",
        busy="",
        lesson=None,
    )


def _computed(stage: Stage, settings: Settings) -> Comparison | None:
    """The comparison on show when it is the page's own, else one made at once, when that is quick."""
    now = stage.frame.comparison
    as_drawn = stage.opened is None and now is not None and not now.interventions and now.update == 0
    if as_drawn and now is not None and now.settings == settings:
        return now
    if not settings.cells or not is_quick(settings, kernels=False):
        return None
    return untrained(settings, stage.race.engine)
