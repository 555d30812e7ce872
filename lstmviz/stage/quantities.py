"""The live numbers a lesson can name: in its text, in a prediction, and in the condition of a check.

Words used in this file
    scale   how a number is kept and said: "power" as its decimal logarithm, so that 10⁻⁴⁵⁰ is not zero; "number";
            "whole"; "setting" with as many digits as it was set
    share   |dL/dh_1| / |dL/dh_T|
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstmviz.lab.comparison import Comparison, Racer
from lstmviz.lab.gradient_flow import half_life
from lstmviz.lab.settings import CELLS, Settings
from lstmviz.words import MINUS, count, number, power, tr

Scale = Literal["power", "number", "whole", "setting"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a name."""

    name: str
    meaning: str
    scale: Scale
    read: Callable[[Comparison], float | None]  # None: the network is not there; a decimal logarithm for "power"
    digits: int = 2
    cell: str = ""  # the network that must be in the race; "" none

    def text(self, value: float | None) -> str:
        """The number as people read it; an ellipsis while there is none."""
        if value is None:
            return "…"
        if self.scale == "power":
            return power(value, self.digits)
        if self.scale == "whole" and math.isfinite(value):
            return count(round(value))
        if self.scale == "setting" and math.isfinite(value):
            return f"{value:g}".replace("-", MINUS)
        return number(value, self.digits)

    def kept(self, value: float) -> float:
        """A plain number (a limit from a lesson, a number typed) on the scale of this quantity."""
        if self.scale != "power":
            return value
        return math.log10(value) if value > 0 else -math.inf


def within(value: float | None, low: float, high: float) -> bool:
    """Whether a value lies between two limits on the same scale; what is not there or not a number does not."""
    return value is not None and low <= value <= high


def _of(cell: str, read: Callable[[Racer], float]) -> Callable[[Comparison], float | None]:
    def reading(comparison: Comparison) -> float | None:
        racer = comparison.racer(cell)
        return None if racer is None else float(read(racer))

    return reading


def _of_settings(read: Callable[[Settings], float]) -> Callable[[Comparison], float | None]:
    def reading(comparison: Comparison) -> float | None:
        return float(read(comparison.settings))

    return reading


def _held(racer: Racer) -> float:
    """How far the gradient's size wanders from t = T - 2 to t = 1: log10 of its largest over its smallest."""
    held = racer.trace.flow.log10_h[1:-2]
    return float(held.max() - held.min()) if len(held) and np.isfinite(held).all() else math.nan


def _slope(racer: Racer) -> float:
    """Mean over units and timesteps 2 to T of the slope of tanh (1 - h²) or of ReLU (0 or 1)."""
    h = racer.trace.tape.h[2:].astype(np.float64)
    if getattr(racer.network, "activation", "tanh") == "relu":
        return float((h > 0).mean())
    return float((1.0 - h**2).mean())


def _sigma_max(racer: Racer) -> float:
    """The largest singular value of the recurrent weights."""
    return float(np.linalg.norm(racer.network.parameters.weight_hh.astype(np.float64), 2))


def _bound_share(racer: Racer) -> float:
    """log10 of (sigma_max gamma)^(T - 1), over which no share can lie when only h_T is asked."""
    bound = racer.trace.flow.log10_bound
    return math.nan if bound is None else float(bound[1] - bound[-1])


def _gate(settings: Settings) -> float:
    """The forget gate at the start, sigma(b), without input, or 1 where there is none; not a number for chrono."""
    if settings.variant == "nfg":
        return 1.0
    if isinstance(settings.forget_bias, str):
        return math.nan
    return 1.0 / (1.0 + math.exp(-settings.forget_bias))


def _bias(settings: Settings) -> float:
    return math.nan if isinstance(settings.forget_bias, str) else settings.forget_bias


def _for_each_cell(cell: str) -> list[Quantity]:
    def make(name: str, meaning: str, scale: Scale, read: Callable[[Racer], float], digits: int = 2) -> Quantity:
        return Quantity(f"{cell}.{name}", meaning, scale, _of(cell, read), digits, cell)

    return [
        make("gradient_share", tr("share of the gradient at T that reaches t = 1"), "power", _share),
        make("gradient_start", tr("gradient at t = 1"), "power", lambda r: r.trace.flow.log10_h[1]),
        make("gradient_end", tr("gradient at t = T"), "power", lambda r: r.trace.flow.log10_h[-1]),
        make("fade", tr("factor per timestep on the way back"), "number", lambda r: r.trace.flow.fade, 3),
        make("half_life", tr("timesteps after which half of the gradient is left"), "number", _half_life),
        make("horizon", tr("timesteps back over which 1 % or more arrives"), "whole", lambda r: r.trace.flow.horizon),
        make("held", tr("largest over smallest gradient from t = T − 2 back to t = 1"), "power", _held),
        make("loss", tr("loss"), "number", lambda r: r.trace.loss),
        make("units", tr("hidden units"), "whole", lambda r: r.network.hidden),
        make("parameters", tr("parameters"), "whole", lambda r: r.network.parameter_count),
    ]


def _share(racer: Racer) -> float:
    return racer.trace.flow.log10_share


def _half_life(racer: Racer) -> float:
    return racer.trace.flow.half_life


QUANTITIES = {
    quantity.name: quantity
    for quantity in (
        Quantity("gap", tr("timesteps between cue and query"), "whole", _of_settings(lambda s: s.gap)),
        Quantity("timesteps", tr("T, the length of the sequence"), "whole", _of_settings(lambda s: s.timesteps())),
        Quantity("chance_loss", tr("loss of guessing"), "number", lambda c: c.task.chance_loss(c.settings.gap)),
        *(quantity for cell in CELLS for quantity in _for_each_cell(cell)),
        Quantity("rnn.slope", tr("mean slope 1 − h²"), "number", _of("rnn", _slope), cell="rnn"),
        Quantity("rnn.sigma_max", tr("largest singular value of W"), "number", _of("rnn", _sigma_max), 3, "rnn"),
        Quantity("rnn.bound_share", tr("share that the bound allows"), "power", _of("rnn", _bound_share), cell="rnn"),
        Quantity("lstm.forget_bias", tr("forget bias at the start"), "setting", _of_settings(_bias), cell="lstm"),
        Quantity("lstm.forget_gate", tr("forget gate at the start, σ(b)"), "number", _of_settings(_gate), 3, "lstm"),
        Quantity(
            "lstm.gate_half_life",
            tr("half-life of a cell whose forget gate is σ(b)"),
            "number",
            _of_settings(lambda s: half_life(_gate(s))),
            cell="lstm",
        ),
    )
}
