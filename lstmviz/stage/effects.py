"""What the interventions did, as windows say it: per network, with the selected unit's state at the end."""

from __future__ import annotations

from dataclasses import dataclass

from lstmviz.lab.effects import Effect as Effect
from lstmviz.stage.frame import Selection


@dataclass(frozen=True, slots=True)
class NetworkEffect:
    """What the interventions did to one network; pairs are (before, after)."""

    effect: Effect
    unit: int  # the selected one, or the last one there is
    final: tuple[float, float]  # c_T of that unit, or h_T of a cell without c

    @property
    def sentence(self) -> str:
        """What they did, in one line."""
        return self.effect.sentence


@dataclass(frozen=True, slots=True)
class Effects:
    """What the interventions did to each network that they touched; empty when they touched none."""

    networks: tuple[NetworkEffect, ...]

    def of(self, cell: str) -> NetworkEffect | None:
        """What they did to one network, or None."""
        return next((one for one in self.networks if one.effect.cell == cell), None)


def resolve_effects(found: tuple[Effect, ...], selection: Selection, before: Effects | None) -> Effects | None:
    """The effects with the selected unit; the same object as ``before`` where nothing has changed."""
    if not found:
        return None
    fresh = Effects(tuple(_with_unit(effect, selection.unit) for effect in found))
    return before if before == fresh else fresh


def _with_unit(effect: Effect, unit: int) -> NetworkEffect:
    unit = min(unit, len(effect.final[0]) - 1)
    return NetworkEffect(effect, unit, (effect.final[0][unit], effect.final[1][unit]))
