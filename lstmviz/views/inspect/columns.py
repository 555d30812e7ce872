"""Where timesteps stand in a box: pixels to timesteps and back. Pure geometry, no Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """T timesteps, equally wide, between two edges."""

    left: float
    width: float
    timesteps: int

    @property
    def pitch(self) -> float:
        """Pixels per timestep."""
        return self.width / self.timesteps

    def edge(self, t: int) -> float:
        """Left edge of timestep t, from 1."""
        return self.left + (t - 1) * self.pitch

    def middle(self, t: int) -> float:
        """Middle of timestep t."""
        return self.edge(t) + self.pitch / 2

    def at(self, x: float) -> int:
        """The timestep under x, kept inside 1 to T."""
        return max(1, min(int((x - self.left) / self.pitch) + 1, self.timesteps))
