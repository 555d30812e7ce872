"""The plot on show in words and as a table, built from the arrays that are drawn and from nothing that is not.

Words used in this file
    painted   timesteps that the backward pass has reached; the others are not told, as they are not drawn
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstmviz.stage.frame import Frame, Lane, TrainingFrame
from lstmviz.words import MINUS, count, power, tr

STRAIGHT = 0.04  # largest distance from a straight line, as a part of the whole fall, that still looks straight


def gradient_sentence(frame: Frame) -> str:
    """What the gradient plot shows, in a few sentences."""
    last, first = frame.timesteps, frame.painted_gradient
    if not frame.lanes:
        return tr("No network is shown.")
    if first > last:
        return tr("Gap {gap}. The backward pass has not begun.").format(gap=count(frame.settings.gap))
    head = tr("Gradient reaching each timestep, gap {gap}.").format(gap=count(frame.settings.gap))
    parts = [head, *(_lane(lane, first, last) for lane in frame.lanes)]
    parts.append(tr("The band below float64 begins at {value}.").format(value=power(frame.axis.band, 1)))
    return " ".join(parts)


def _lane(lane: Lane, first: int, last: int) -> str:
    if lane.not_finite:
        return tr("{name}: {what}.").format(name=lane.name, what=lane.not_finite)
    here, there = float(lane.log10_h[first - 1]), float(lane.log10_h[last - 1])
    change = here - there
    verb = tr("goes")
    if not math.isnan(change) and abs(change) > 0.5:
        verb = tr("falls") if change < 0 else tr("grows")
    text = tr("{name} {verb} from {there} at t = {last} to {here} at t = {first}").format(
        name=lane.name, verb=verb, there=power(there), here=power(here), first=count(first), last=count(last)
    )
    straight = tr(", nearly straight on the log axis") if _straight(lane.log10_h[first - 1 : last]) else ""
    return text + straight + "."


def _straight(log10: NDArray[np.floating]) -> bool:
    if len(log10) < 5 or not np.all(np.isfinite(log10)) or abs(log10[0] - log10[-1]) < 3:
        return False
    line = np.linspace(log10[0], log10[-1], len(log10))
    return bool(np.abs(log10 - line).max() <= STRAIGHT * abs(log10[0] - log10[-1]))


@dataclass(frozen=True, eq=False, slots=True)
class PlotTable:
    """The plot on show as a table: for the eye, and for a spreadsheet with every digit."""

    title: str
    header: list[str]
    rows: list[list[str]]
    names: list[str]  # header of the spreadsheet
    numbers: Sequence[Sequence[float | None]]


def plot_table(frame: Frame) -> PlotTable:
    """The table of the plot on show: the losses at level Update, once there are some; else the gradients."""
    if frame.level == "update" and frame.training is not None:
        return _losses(frame.training)
    return _gradients(frame)


def _gradients(frame: Frame) -> PlotTable:
    """One row per painted timestep, from t = 1 on: log10 of each network's gradient."""
    timesteps, lanes = range(frame.painted_gradient, frame.timesteps + 1), frame.lanes
    numbers: list[list[float | None]] = [[t, *(float(lane.log10_h[t - 1]) for lane in lanes)] for t in timesteps]
    return PlotTable(
        title=tr("Gradient reaching each timestep"),
        header=[tr("timestep t"), *(tr("{name}: log₁₀ |∂L/∂h|").format(name=lane.name) for lane in lanes)],
        rows=[[count(t), *map(_decimal, values)] for t, (_, *values) in zip(timesteps, numbers, strict=True)],
        names=["timestep", *(f"{lane.cell}_log10_grad_norm_h" for lane in lanes)],
        numbers=numbers,
    )


def _losses(training: TrainingFrame) -> PlotTable:
    """One row per update: each network's loss before it; empty once it has stopped early."""

    def loss(known: NDArray[np.floating], u: int) -> float | None:
        return float(known[u]) if u < len(known) else None

    losses = [[loss(known, u) for known in training.losses] for u in range(training.trained)]
    return PlotTable(
        title=tr("Loss at each update"),
        header=[tr("update"), *(tr("{name}: loss").format(name=name) for name in training.names)],
        rows=[[count(u), *map(_decimal, values)] for u, values in enumerate(losses)],
        names=["update", *(f"{cell}_loss" for cell in training.cells)],
        numbers=[[u, *values] for u, values in enumerate(losses)],
    )


def _decimal(value: float | None) -> str:
    if value is None:
        return ""
    if math.isnan(value):
        return tr("not a number")
    if math.isinf(value):
        return f"{MINUS}∞" if value < 0 else "∞"
    return f"{value:.4f}".replace("-", MINUS)
