"""What the presenter reads about the lecture: page, time, and where the playhead stands."""

from __future__ import annotations

from lstmviz.stage.frame import Frame
from lstmviz.stage.lesson_frame import LessonFrame
from lstmviz.words import count, tr


def clock_text(seconds: int) -> str:
    """Time as a clock shows it: ``12:40``, ``1:02:40``."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def page_text(lesson: LessonFrame) -> str:
    """``page 4 of 9``."""
    return tr("page {page} of {pages}").format(page=lesson.page + 1, pages=lesson.pages)


def status_text(frame: Frame) -> str:
    """Where the walk stands: ``Timestep 1, backward pass``."""
    if frame.level == "update" and frame.training is not None:
        return tr("Update {n}").format(n=count(frame.training.update))
    position = frame.position
    if position.stretch == "loss":
        return tr("The loss, at timestep {t}").format(t=count(position.t))
    stretch = tr("forward pass") if position.stretch == "forward" else tr("backward pass")
    told = tr("Timestep {t}, {stretch}").format(t=count(position.t), stretch=stretch)
    return f"{told}, {operation_text(frame)}" if position.operation else told


def operation_text(frame: Frame) -> str:
    """``operation 8 of 10: Add``."""
    names = frame.operations
    told = tr("operation {n} of {all}: {name}")
    return told.format(n=frame.operation, all=len(names), name=names[frame.operation - 1])
