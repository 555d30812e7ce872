"""What the traces of a network and of a stack share: their loss, and how they are saved and shown.

Words used in this file
    T, B, H     timesteps, sequences, hidden units
"""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.files import BadInput, atomic_save, csv_bytes, npz_bytes
from lstmviz.lab.readout import ask
from lstmviz.words import number, power, tr

Array = NDArray[np.floating]


class Recorded:
    """What the traces of a network and of a stack share."""

    network: Any
    tape: Any
    loss: float
    loss_weight: Array | None
    readout: ReadoutParameters | None
    d_h_loss: Array | None
    targets: NDArray[Any] | None
    loss_at: str
    held: Array | None
    flow: Any  # GradientFlow

    @property
    def timesteps(self) -> int:
        """T."""
        return int(self.tape.x.shape[0])

    def loss_of(self, tape: Any) -> float:
        """L of another tape with the same sizes; BadInput if this trace does not know what L is."""
        seen = self.network.seen(tape)
        if self.targets is not None and self.readout is not None:
            return ask(self.readout, seen, self.targets, kind_of(self.targets), self.loss_at).loss
        if self.d_h_loss is None or self.loss_weight is None:
            raise BadInput("trace", "loss", tr("it is not known"), tr("use a trace made by lstmviz.trace"))
        with np.errstate(invalid="ignore", over="ignore"):  # a NaN is located by first_bad, not warned about
            return float(np.sum(self.d_h_loss * seen[1:]))

    def arrays(self) -> dict[str, Array]:
        """All arrays by name."""
        raise NotImplementedError

    def columns(self) -> tuple[list[str], Array]:
        """Names and values (T, B, columns) of every quantity of every unit at every timestep."""
        raise NotImplementedError

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all arrays to an ``.npz`` file; the old file stays whole if that fails."""
        atomic_save(path, npz_bytes(self.arrays()))

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write one line per timestep and sequence: every quantity of every unit, and its gradient."""
        atomic_save(path, csv_bytes(*self.rows()))

    def rows(self) -> tuple[list[str], list[list[float]]]:
        """Header and lines of the CSV form."""
        names, table = self.columns()
        lines = [[t + 1, b + 1, *map(float, table[t, b])] for t in range(table.shape[0]) for b in range(table.shape[1])]
        return ["timestep", "sequence", *names], lines

    def __repr__(self) -> str:
        sequences = self.tape.x.shape[1]
        return f"Trace({self.network!r}, timesteps={self.timesteps}, sequences={sequences}, loss={self.loss:.6g})"

    def _repr_html_(self) -> str:
        line = "<tr><th style='text-align:left'>{}</th><td style='text-align:left'>{}</td></tr>"
        rows = [
            (tr("network"), f"{self.network.title}, {self.network.hidden} {tr('units')}"),
            (tr("timesteps"), str(self.timesteps)),
            (tr("loss"), number(self.loss, 4)),
            (tr("gradient at t = T"), power(float(self.flow.log10_h[-1]))),
            (tr("gradient at t = 1"), power(float(self.flow.log10_h[1]))),
            (tr("this share reaches t = 1"), power(self.flow.log10_share)),
        ]
        return "<table>" + "".join(line.format(*row) for row in rows) + "</table>"

    def _repr_png_(self) -> bytes:
        from lstmviz.lab.figure import gradient_png

        return gradient_png({self.network.title: self.flow.log10_h})


def kind_of(targets: NDArray[Any]) -> str:
    """Which loss right answers belong to: "binary", "cross_entropy" or "squared_error"."""
    if targets.dtype == np.bool_:
        return "binary"
    return "cross_entropy" if np.issubdtype(targets.dtype, np.integer) else "squared_error"
