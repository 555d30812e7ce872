"""What of a frame is painted, in terms of the lanes that are there.

While a longer computation runs, the settings already name the new gap and the lanes still hold the old one ("the old
picture stays"). Every picture asks here, so that all of them read the mixed frame in the same way.
"""

from dataclasses import dataclass

from lstmviz.stage.frame import Frame
from lstmviz.stage.playback import Position, place_of


@dataclass(frozen=True, slots=True)
class Shown:
    """How far the two passes have painted, and where the playhead stands."""

    timesteps: int  # T of the lanes
    painted_h: int  # activations of t = 1..painted_h are painted
    painted_gradient: int  # gradient tiles of t = painted_gradient..T are painted; T + 1: none
    t: int  # playhead
    hovered: int | None


def shown(frame: Frame) -> Shown:
    """What is painted of ``frame``; the same as the frame says unless its lanes are of another length."""
    timesteps = len(frame.lanes[0].log10_h) if frame.lanes else frame.timesteps
    h, gradient = frame.painted_h, frame.painted_gradient
    if timesteps != frame.timesteps:
        h = timesteps if h >= frame.timesteps else min(h, timesteps)
        gradient = timesteps + 1 if gradient > frame.timesteps else min(gradient, timesteps)
    hovered = frame.hovered if frame.hovered is not None and frame.hovered <= timesteps else None
    return Shown(timesteps, h, gradient, min(frame.position.t, timesteps), hovered)


def place_at(frame: Frame, t: int) -> int | None:
    """The place of the walk that a click on timestep ``t`` means: the same pass; from the loss, the backward pass.

    None while the walk is through updates: places are then no timesteps.
    """
    if frame.level == "update":
        return None
    stretch = "backward" if frame.position.stretch == "loss" else frame.position.stretch
    return place_of(Position(stretch, t), frame.timesteps)
