"""RNN, LSTM and GRU on the same sequence with the same loss: the main job, as a value.

Words used in this file
    racer     one network of a comparison, with its readout and its trace
    share     |dL/dh_1| / |dL/dh_T|
"""

import json
import math
import os
from dataclasses import asdict, dataclass
from typing import Any

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.files import BadInput, atomic_save, csv_bytes, npz_bytes
from lstmviz.files.error_line import shortened
from lstmviz.lab.arguments import check_word
from lstmviz.lab.batches import last_targets, shown_batch
from lstmviz.lab.gradient_flow import half_life
from lstmviz.lab.intervention_text import to_plain
from lstmviz.lab.interventions import Intervention
from lstmviz.lab.network import GRU, LSTM, Network, VanillaRNN
from lstmviz.lab.readout import new_readout
from lstmviz.lab.settings import BY_NAME, FIELDS, Settings, units, with_changes
from lstmviz.lab.stack import AnyNetwork, Stack
from lstmviz.lab.stack_trace import StackTrace
from lstmviz.lab.tasks import TASKS, Batch, Task
from lstmviz.lab.trace import ENGINES, Trace, trace
from lstmviz.words import count, number, power, tr

SCHEMA = "lstmviz.compare/1"


@dataclass(frozen=True, eq=False, slots=True)
class Racer:
    """One network of a comparison; of a stack, what is drawn is the top layer's forward cell.

    Attributes
    ----------
    network : Network
        The cell that is drawn.
    readout : ReadoutParameters
        Of the whole network.
    trace : Trace
        Of the cell that is drawn.
    whole : StackTrace or None
        Of the stack that the cell is part of.
    """

    network: Network
    readout: ReadoutParameters
    trace: Trace
    whole: StackTrace | None = None

    @property
    def name(self) -> str:
        """As written on screen: RNN, LSTM, GRU."""
        return self.network.title

    @property
    def parameters(self) -> int:
        """Numbers that training changes in the whole network."""
        return self.network.parameter_count if self.whole is None else self.whole.network.parameter_count

    @property
    def recorded(self) -> Trace | StackTrace:
        """The trace of the whole network."""
        return self.trace if self.whole is None else self.whole


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Comparison:
    """Several networks on one batch of sequences.

    Attributes
    ----------
    settings : Settings
        What decided it all; the same settings give the same numbers.
    batch : Batch
        The sequences and their answers.
    racers : tuple of Racer
        In the order RNN, LSTM, GRU.
    update : int
        How many updates the networks were trained for; 0 is untrained.
    interventions : tuple of Intervention
        What was held or changed in this run; none for the run that the settings alone decide.
    """

    settings: Settings
    batch: Batch
    racers: tuple[Racer, ...]
    update: int = 0
    interventions: tuple[Intervention, ...] = ()

    @property
    def task(self) -> Task:
        """The task of the comparison."""
        return TASKS[self.settings.task]

    def racer(self, cell: str) -> Racer | None:
        """The racer with this kind of cell, or None."""
        return next((racer for racer in self.racers if racer.network.cell == cell), None)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain values; what float64 cannot say in JSON (infinity, NaN) is None."""
        tree = {
            "schema": SCHEMA,
            "settings": asdict(self.settings) | {"timesteps": self.settings.timesteps(), "updates": self.update},
            "networks": [_racer_dict(racer) for racer in self.racers],
        }
        held = [to_plain(one) for one in self.interventions]
        return tree | {"interventions": held} if held else tree

    def to_json(self) -> str:
        """The comparison as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False) + "\n"

    def arrays(self) -> dict[str, Any]:
        """All arrays of all networks, named ``<cell>.<array>``."""
        return {f"{r.network.cell}.{name}": array for r in self.racers for name, array in r.recorded.arrays().items()}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all arrays to an ``.npz`` file."""
        atomic_save(path, npz_bytes(self.arrays()))

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write one line per timestep: log10 of each network's gradient norm."""
        atomic_save(path, csv_bytes(*self.rows()))

    def rows(self) -> tuple[list[str], list[list[float]]]:
        """Header and lines of the CSV form; an exact zero of the gradient is written as -inf."""
        header, columns = ["timestep"], []
        for racer in self.racers:
            flow = racer.trace.flow
            header.append(f"{racer.network.cell}_log10_grad_norm_h")
            columns.append(flow.log10_h)
            if flow.log10_c is not None:
                header.append(f"{racer.network.cell}_log10_grad_norm_c")
                columns.append(flow.log10_c)
        lines = [[t, *(float(column[t]) for column in columns)] for t in range(self.settings.timesteps() + 1)]
        return header, lines

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows that a person reads."""
        last = self.settings.timesteps()
        header = [
            tr("network"),
            tr("units"),
            tr("parameters"),
            tr("loss"),
            tr("gradient at t = {t}").format(t=last),
            tr("gradient at t = 1"),
            tr("share"),
            tr("half-life"),
            tr("horizon"),
        ]
        return header, [_racer_row(racer) for racer in self.racers]

    def sentence(self) -> str:
        """What the comparison shows, in one sentence."""
        parts = [f"{r.name} {power(r.trace.flow.log10_share)}" for r in self.racers]
        last = self.settings.timesteps()
        return tr("Of the gradient at t = {t}, this share reaches t = 1: {shares}.").format(
            t=last, shares=", ".join(parts)
        )

    def __repr__(self) -> str:
        held = f", interventions={self.interventions!r}" if self.interventions else ""
        return f"Comparison({self.settings!r}, update={self.update}{held})"

    def _repr_html_(self) -> str:
        header, rows = self.table()
        cell = "<{0} style='text-align:left'>{1}</{0}>"
        lines = ["".join(cell.format("th", text) for text in header)]
        lines += ["".join(cell.format("td", text) for text in row) for row in rows]
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return f"<table>{body}</table><p>{self.sentence()}</p>"

    def _repr_png_(self) -> bytes:
        from lstmviz.lab.figure import gradient_png

        return gradient_png({racer.name: racer.trace.flow.log10_h for racer in self.racers})


def compare(settings: Settings | None = None, *, engine: str = "auto", **fields: Any) -> Comparison:
    """Run the chosen networks on the same sequence and keep every quantity, forward and backward.

    Parameters
    ----------
    settings : Settings, optional
        Where to start; the defaults when left out.
    engine : str
        "auto", "kernels" or "reference".
    **fields
        Attributes of Settings to change, e.g. ``gap=80, forget_bias="chrono", cells="rnn,lstm,gru"``.

    Returns
    -------
    Comparison

    Raises
    ------
    BadInput
        If a setting is unknown or out of its range.
    """
    check_word("compare", "engine", engine, ENGINES)
    settings = settings_from(settings or Settings(), fields)
    racers = [(build(settings, cell), readout_for(settings, cell)) for cell in settings.cells]
    return race(settings, racers, engine=engine)


def settings_from(settings: Settings, fields: dict[str, Any]) -> Settings:
    """``settings`` with attributes changed and checked; names are those of Settings, or keys of ``FIELDS``."""
    for name in fields:
        if name not in BY_NAME and name not in FIELDS:
            unknown = tr("unknown setting {name}").format(name=shortened(name))
            raise BadInput("compare", tr("settings"), unknown, ", ".join(BY_NAME))
    return with_changes(
        settings,
        {BY_NAME[name].key if name in BY_NAME else name: value for name, value in fields.items()},
        "compare",
    )


def race(
    settings: Settings,
    networks: list[tuple[AnyNetwork, ReadoutParameters]],
    update: int = 0,
    engine: str = "auto",
) -> Comparison:
    """The comparison of given networks, trained or not, on the sequence that the settings name."""
    task, batch = TASKS[settings.task], sequence(settings)
    racers = []
    for network, readout in networks:
        targets = last_targets(batch, task, network.dtype)
        racers.append(racer_of(trace(network, batch.x, readout=readout, targets=targets, engine=engine)))
    return Comparison(settings, batch, tuple(racers), update)


def racer_of(found: Trace | StackTrace) -> Racer:
    """The racer of a trace whose loss comes from a readout."""
    assert found.readout is not None
    if isinstance(found, StackTrace):
        return Racer(found.top.network, found.readout, found.top, found)
    return Racer(found.network, found.readout, found)


def sequence(settings: Settings) -> Batch:
    """The sequences that all networks read; one seed, one draw, whatever the networks."""
    return shown_batch(settings)


def build(settings: Settings, cell: str) -> AnyNetwork:
    """The untrained network of one kind that the settings describe."""
    kind, options = _start_of(settings, cell)
    inputs, hidden = TASKS[settings.task].inputs, units(settings, cell)
    options |= {"gain": settings.gain, "seed": settings.seed, "dtype": settings.dtype}
    if settings.layers > 1 or settings.bidirectional:
        options |= {"layers": settings.layers, "bidirectional": settings.bidirectional}
        return Stack.of(kind, inputs, hidden, **options)
    made: Network = kind(inputs, hidden, **options)
    return made


def _start_of(settings: Settings, cell: str) -> tuple[Any, dict[str, Any]]:
    """The class of one kind of cell, and what the settings say about its start."""
    if cell == "rnn":
        activation = "relu" if settings.initialisation == "identity" else "tanh"
        return VanillaRNN, {"activation": activation, "initialisation": settings.initialisation}
    if cell == "lstm":
        options: dict[str, Any] = {"variant": settings.variant, "forget_bias": settings.forget_bias}
        return LSTM, options | {"timesteps": settings.timesteps()}
    options = {"reset": settings.reset, "update_bias": settings.forget_bias}
    return GRU, options | {"timesteps": settings.timesteps()}


def readout_for(settings: Settings, cell: str) -> ReadoutParameters:
    """The untrained readout of one network; networks of equal size start with the same readout."""
    width = units(settings, cell) * (2 if settings.bidirectional else 1)
    return new_readout(TASKS[settings.task].outputs, width, settings.seed, settings.dtype)


def gate_half_life(settings: Settings) -> float | None:
    """Half-life of a cell whose forget gate stands at sigma(forget_bias), or at 1; None for the chrono start."""
    if settings.variant == "nfg":
        return math.inf
    if isinstance(settings.forget_bias, str):
        return None
    return half_life(1.0 / (1.0 + math.exp(-settings.forget_bias)))


def _racer_dict(racer: Racer) -> dict[str, Any]:
    flow = racer.trace.flow
    return {
        "name": racer.name,
        "cell": racer.network.cell,
        "units": racer.network.hidden,
        "parameters": racer.parameters,
        "loss": _finite(racer.trace.loss),
        "log10_grad_norm_h": [_finite(value) for value in flow.log10_h],
        "log10_grad_norm_c": None if flow.log10_c is None else [_finite(value) for value in flow.log10_c],
        "log10_bound_h": None if flow.log10_bound is None else [_finite(value) for value in flow.log10_bound],
        "log10_cell_path_c": None if flow.log10_cell_path is None else [_finite(v) for v in flow.log10_cell_path],
        "log10_gradient_share": _finite(flow.log10_share),
        "fade_per_timestep": _finite(flow.fade),
        "half_life": _finite(flow.half_life),
        "horizon": flow.horizon,
        "not_finite": racer.recorded.first_bad(),
    }


def _racer_row(racer: Racer) -> list[str]:
    flow = racer.trace.flow
    return [
        racer.name,
        count(racer.network.hidden),
        count(racer.parameters),
        number(racer.trace.loss, 3),
        power(float(flow.log10_h[-1])),
        power(float(flow.log10_h[1])),
        power(flow.log10_share),
        number(flow.half_life, 3),
        count(flow.horizon),
    ]


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
