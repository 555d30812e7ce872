"""What of a frame is painted: the few numbers that every picture of the Race asks for."""

from dataclasses import dataclass

from lstmviz.stage.frame import Frame
from lstmviz.stage.playback import Position, place_of


@dataclass(frozen=True, slots=True)
class Shown:
    """How far the two passes have painted, and where the playhead stands."""

    timesteps: int  # T
    painted_h: int  # activations of t = 1..painted_h are painted
    painted_gradient: int  # gradient tiles of t = painted_gradient..T are painted; T + 1: none
    t: int  # playhead
    hovered: int | None


def shown(frame: Frame) -> Shown:
    """What is painted of ``frame``."""
    return Shown(frame.timesteps, frame.painted_h, frame.painted_gradient, frame.position.t, frame.hovered)


def place_at(frame: Frame, t: int) -> int | None:
    """The place of the walk that a click on timestep ``t`` means: the same pass; from the loss, the backward pass.

    None while the walk is through updates: places are then no timesteps.
    """
    if frame.level == "update":
        return None
    stretch = "backward" if frame.position.stretch == "loss" else frame.position.stretch
    return place_of(Position(stretch, t), frame.timesteps)
