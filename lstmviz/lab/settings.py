"""Everything that decides a comparison, in one frozen value; and the table of what each setting may be.

The window's controls, the keys of a lesson's ``stage`` blocks, ``--set`` and the command line's options are all read
from ``FIELDS``: there is no second list of ranges.
"""

import math
import numbers
from dataclasses import dataclass, replace
from typing import Any

from lstmviz.engine.variant import RESETS
from lstmviz.engine.variant import VARIANTS as VARIANTS
from lstmviz.files import BadInput, caps
from lstmviz.files.error_line import shortened
from lstmviz.lab.initialisation import INITIALISATIONS
from lstmviz.lab.tasks import OWN, TASKS
from lstmviz.words import tr

CELLS = ("rnn", "lstm", "gru")
FAIR = ("units", "parameters")
BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3}  # blocks of H rows in a cell's weights


@dataclass(frozen=True, slots=True)
class Settings:
    """What the learner has set; equal settings give equal numbers, bit for bit."""

    task: str = "recall"
    gap: int = 50  # timesteps between the cue and the query; T = gap + 1
    cells: tuple[str, ...] = ("rnn", "lstm")
    seed: int = 0
    hidden: int = 16  # units of the LSTM; of all networks when fair = "units"
    fair: str = "units"
    forget_bias: float | str = 3.0  # of the gates that keep: LSTM forget gate, GRU update gate; or "chrono"
    initialisation: str = "uniform"  # of the RNN's recurrent weights; "identity" goes with ReLU
    gain: float = 1.0  # factor on all recurrent weights
    variant: str = "vanilla"  # of the LSTM: a name of engine.variant.VARIANTS
    reset: str = "after"  # of the GRU: where its reset gate acts, "after" or "before" the product
    dtype: str = "float64"
    batch: int = 1  # sequences; the window draws one
    noise: float = 0.0  # standard deviation of Gaussian noise on x
    missing: float = 0.0  # share of the timesteps whose x is zero
    layers: int = 1  # of every network
    bidirectional: bool = False  # whether each layer also reads backward

    def timesteps(self) -> int:
        """T, the length of the sequence."""
        return self.gap + 1

    def layer_drawn(self) -> str:
        """Which part of stacked or bidirectional networks is drawn: ``layer 2 of 2``; nothing for single cells."""
        if self.layers == 1 and not self.bidirectional:
            return ""
        line = tr("layer {n} of {layers}").format(n=self.layers, layers=self.layers)
        return line + (tr(", forward of both directions") if self.bidirectional else "")


@dataclass(frozen=True, slots=True)
class Field:
    """One setting: its key in files and on the command line, and what it may be."""

    key: str
    name: str  # attribute of Settings
    kind: str  # "choice", "choices", "integer", "number", "switch"
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()  # of a "number": words allowed beside it
    title: str = ""  # as people call it

    def allowed(self) -> str:
        """What the setting may be, in words: ``2 to 9999`` or ``recall, adding, order``."""
        span = tr("{low:g} to {high:g}").format(low=self.low, high=self.high)
        if self.kind == "choices":
            return tr("one or more of {names}").format(names=", ".join(self.choices))
        if self.kind == "choice":
            return ", ".join(self.choices)
        if self.kind == "switch":
            return tr("true or false")
        return span + "".join(tr(" or {word}").format(word=word) for word in self.choices)


FIELDS = {
    field.key: field
    for field in (
        Field("task", "task", "choice", choices=tuple(TASKS), title=tr("Task")),
        Field("gap", "gap", "integer", 2, caps.TIMESTEPS - 1, title=tr("Gap")),
        Field("cells", "cells", "choices", choices=CELLS, title=tr("Networks")),
        Field("seed", "seed", "integer", 0, 9999, title=tr("Seed")),
        Field("hidden", "hidden", "integer", 1, caps.HIDDEN, title=tr("Hidden units")),
        Field("fair_by", "fair", "choice", choices=FAIR, title=tr("Fair by")),
        Field("lstm.forget_bias", "forget_bias", "number", -2, 10, choices=("chrono",), title=tr("Forget bias")),
        Field(
            "rnn.initialisation", "initialisation", "choice", choices=INITIALISATIONS, title=tr("RNN initialisation")
        ),
        Field("gain", "gain", "number", 0, 3, title=tr("Gain")),
        Field("lstm.variant", "variant", "choice", choices=tuple(VARIANTS), title=tr("LSTM variant")),
        Field("gru.reset", "reset", "choice", choices=tuple(RESETS), title=tr("GRU reset gate acts")),
        Field("dtype", "dtype", "choice", choices=("float64", "float32"), title=tr("Precision")),
        Field("batch", "batch", "integer", 1, 1024, title=tr("Sequences")),
        Field("noise", "noise", "number", 0, 3, title=tr("Noise")),
        Field("missing", "missing", "number", 0, 0.9, title=tr("Missing timesteps")),
        Field("layers", "layers", "integer", 1, caps.LAYERS, title=tr("Layers")),
        Field("bidirectional", "bidirectional", "switch", title=tr("Both directions")),
    )
}
BY_NAME = {field.name: field for field in FIELDS.values()}


def value_of(field: Field, value: Any, file: str, place: str = "", line: int | None = None) -> Any:
    """``value`` as the type of the setting, if it is allowed.

    Parameters
    ----------
    field : Field
        The setting.
    value : object
        As it came from a file, the command line (text) or Python.
    file, place, line
        Where it stands, for the error line.

    Raises
    ------
    BadInput
        If the value has the wrong type or lies outside the range.
    """
    label = f"{place}: {field.key}" if place else field.key

    def refuse(what: str) -> BadInput:
        return BadInput(file, label, what, field.allowed(), line=line)

    shown = shortened(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
    if field.kind == "choices":
        return _several(field, value, refuse)
    if field.kind == "choice":
        own = field.name == "task" and isinstance(value, str) and value in TASKS  # own data joins the list later
        if not own and (not isinstance(value, str) or value not in field.choices):
            raise refuse(tr("{value} is unknown").format(value=shown))
        return value
    if field.kind == "switch":
        if not isinstance(value, bool) and value not in ("true", "false"):
            raise refuse(tr("{value} is neither true nor false").format(value=shown))
        return value in (True, "true")
    if isinstance(value, str) and value in field.choices:
        return value
    found = _as_number(value)
    if found is None or isinstance(value, bool) or not math.isfinite(found):
        raise refuse(tr("{value} is not a number").format(value=shown))
    if field.kind == "integer" and found != int(found):
        raise refuse(tr("{value} is not a whole number").format(value=shown))
    if found < field.low:
        raise refuse(tr("{value} is too small").format(value=shown))
    if found > field.high:
        raise refuse(tr("{value} is too large").format(value=shown))
    return int(found) if field.kind == "integer" else found


def _several(field: Field, value: Any, refuse: Any) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise refuse(tr("{value} is not a list of names").format(value=shortened(str(value))))
    names = [name.strip() for name in names]
    for name in names:
        if name not in field.choices:
            raise refuse(tr("{value} is unknown").format(value=shortened(name) or '""'))
    return tuple(name for name in field.choices if name in names)


def _as_number(value: Any) -> float | None:
    if not isinstance(value, numbers.Real | str):  # Real: NumPy's numbers too, as a notebook's loops bring them
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def with_changes(
    settings: Settings, changes: dict[str, Any], file: str, place: str = "", line: int | None = None
) -> Settings:
    """``settings`` with the given keys changed, each checked.

    Parameters
    ----------
    settings : Settings
        Where to start.
    changes : dict
        Keys of ``FIELDS`` and new values.
    file, place, line
        Where the changes stand, for the error line.

    Raises
    ------
    BadInput
        For an unknown key, or a value that is not allowed; ``settings`` is untouched.
    """
    fresh: dict[str, Any] = {}
    for key, value in changes.items():
        if key not in FIELDS:
            known = ", ".join(FIELDS)
            unknown = tr("unknown key {key}").format(key=shortened(key))
            raise BadInput(file, place or tr("settings"), unknown, known, line=line)
        fresh[FIELDS[key].name] = value_of(FIELDS[key], value, file, place, line)
    return fitting(replace(settings, **fresh), file, place, line)


def fitting(settings: Settings, file: str, place: str = "", line: int | None = None) -> Settings:
    """``settings`` if the task allows this gap, and networks and traces keep to the caps.

    Raises
    ------
    BadInput
        If they do not; nothing has been allocated then. ``file``, ``place`` and ``line`` say where it stands.
    """
    task, prefix = TASKS[settings.task], f"{place}: " if place else ""
    least, most = task.least_gap, task.greatest_gap or caps.TIMESTEPS - 1
    if not least <= settings.gap <= most:
        what = (
            tr("{gap} is too small for the task {task}")
            if settings.gap < least
            else tr("{gap} is too large for the task {task}")
        )
        what = what.format(gap=settings.gap, task=task.title if settings.task.startswith(OWN) else settings.task)
        raise BadInput(file, prefix + "gap", what, tr("{low} to {high}").format(low=least, high=most), line=line)
    sizes = {cell: units(settings, cell) for cell in settings.cells or ("lstm",)}
    widest = max(sizes, key=sizes.__getitem__)
    if sizes[widest] > caps.HIDDEN:
        what = tr("{hidden} units of an LSTM have the parameters of {units} units of the {cell}")
        what = what.format(hidden=settings.hidden, units=sizes[widest], cell=widest.upper())
        raise BadInput(file, prefix + "hidden", what, tr("at most {most}").format(most=caps.HIDDEN), line=line)
    cells_of_each = settings.layers * _directions(settings)
    size = sum(trace_bytes(settings.timesteps(), settings.batch, hidden) for hidden in sizes.values()) * cells_of_each
    if size > caps.TRACE_BYTES:
        what = tr("a trace of {gap} timesteps, {batch} sequences and {hidden} units needs {size} MB")
        what = what.format(gap=settings.timesteps(), batch=settings.batch, hidden=settings.hidden, size=size >> 20)
        raise BadInput(
            file, prefix + tr("sizes"), what, tr("at most {size} MB").format(size=caps.TRACE_BYTES >> 20), line=line
        )
    return settings


def units(settings: Settings, cell: str) -> int:
    """Hidden units of one network: those of the LSTM, or as many as come nearest to the LSTM's parameter count."""
    if settings.fair == "units" or cell == "lstm":
        return settings.hidden
    wanted = parameter_count(settings, "lstm", settings.hidden)
    # H rows of H weights, and H rows of what does not grow with H, in each block: a H^2 + b H = wanted, solved for H
    a = _rows(settings, cell) * (1 + (settings.layers - 1) * (_directions(settings) + 1))
    b = _rows(settings, cell) * (TASKS[settings.task].inputs + settings.layers)
    exact = (-b + math.sqrt(b * b + 4 * a * wanted)) / (2 * a)
    nearest = (math.floor(exact), math.ceil(exact))
    return max(1, min(nearest, key=lambda hidden: abs(parameter_count(settings, cell, hidden) - wanted)))


def parameter_count(settings: Settings, cell: str, hidden: int) -> int:
    """Numbers that training changes in a network of ``hidden`` units per cell: one bias per row."""
    inputs, handed_on = TASKS[settings.task].inputs, _directions(settings) * hidden
    columns = inputs + hidden + 1 + (settings.layers - 1) * (handed_on + hidden + 1)
    found, cells = _rows(settings, cell) * hidden * columns, settings.layers * _directions(settings)
    if cell == "lstm" and VARIANTS[settings.variant].parts.peepholes:
        found += cells * 3 * hidden
    if cell == "lstm" and VARIANTS[settings.variant].parts.gate_recurrence:
        found += cells * 9 * hidden * hidden
    return found


def _rows(settings: Settings, cell: str) -> int:
    """Rows of weights for each unit of a layer."""
    blocks = len(VARIANTS[settings.variant].parts.blocks) if cell == "lstm" else BLOCKS[cell]
    return blocks * _directions(settings)


def _directions(settings: Settings) -> int:
    return 2 if settings.bidirectional else 1


def trace_bytes(timesteps: int, batch: int, hidden: int) -> int:
    """Bytes of a trace of the largest cell: forward and backward, 13 arrays (T, B, H) each way."""
    return 26 * 8 * (timesteps + 1) * batch * hidden
