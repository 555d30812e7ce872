"""What a training leaves behind: its history as a table or as JSON, and its weights as files that PyTorch reads.

Words used in this file
    history    everything that was found on the way, update by update and test by test
    readout    stored beside its network as ``readout.weight`` (K, H) and ``readout.bias`` (K,)
    kept       what the optimiser keeps, stored as ``training.adam.0`` and so on, with ``training.updates``
"""

import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import PurePath
from typing import Any

import numpy as np

from lstmviz.engine.readout import ReadoutParameters
from lstmviz.files import BadInput, read_safetensors
from lstmviz.files.array_checks import shape_text
from lstmviz.lab.comparison import build, readout_for
from lstmviz.lab.learner import Runner, new_runner
from lstmviz.lab.recipe import Recipe
from lstmviz.lab.settings import Settings
from lstmviz.lab.tasks import TASKS
from lstmviz.lab.training import Resumed, Training
from lstmviz.lab.weights import load_network, weights_bytes
from lstmviz.words import count, number, power, tr

Path = str | os.PathLike[str]
SCHEMA = "lstmviz.train/1"
MOST_UPDATES = 10**9


def history_json(training: Training) -> str:
    """The history as JSON text; what float64 cannot say in JSON (infinity, NaN) is null."""
    progress, settings = training.progress(), training.settings
    networks = []
    for index, (cell, (network, _)) in enumerate(zip(settings.cells, training.networks(), strict=True)):
        networks.append(
            {
                "name": progress.names[index],
                "cell": cell,
                "units": network.hidden,
                "parameters": network.parameter_count,
                "solved_at": progress.solved_at[index],
                "best_at": progress.best_at[index],
                "stopped_at": progress.stopped_at[index],
                "log10_gradient_share": _finite(progress.log10_shares[index]),
                "losses": [_finite(value) for value in progress.losses[index]],
                "grad_norms": [_finite(value) for value in progress.norms[index]],
                "clipped_grad_norms": [_finite(value) for value in progress.clipped_norms[index]],
                "tests": [_test(found) for found in progress.examinations[index]],
            }
        )
    found = {
        "schema": SCHEMA,
        "settings": asdict(settings) | {"timesteps": settings.timesteps()},
        "recipe": asdict(training.recipe),
        "updates": training.trained,
        "updates_before": training.made_before,
        "chance_loss": training.task.chance_loss(settings.gap),
        "score_name": training.task.score_name,
        "learning_rates": [float(rate) for rate in progress.learning_rates],
        "networks": networks,
    }
    return json.dumps(found, indent=1, allow_nan=False) + "\n"


def history_rows(training: Training) -> tuple[list[str], list[list[Any]]]:
    """Header and one line per update; test columns are empty at updates without a test."""
    progress = training.progress()
    header = ["update", "learning_rate"]
    columns: list[list[float | None]] = [list(map(float, progress.learning_rates))]
    for index, cell in enumerate(training.settings.cells):
        tests = {found.update: found for found in progress.examinations[index]}
        header += [f"{cell}_{name}" for name in ("loss", "grad_norm", "clipped_grad_norm", "test_loss", "score")]
        series = (progress.losses, progress.norms, progress.clipped_norms)
        columns += [_filled(map(float, known[index]), training.trained) for known in series]
        updates = range(1, training.trained + 1)
        columns.append([tests[update].loss if update in tests else None for update in updates])
        columns.append([tests[update].score if update in tests else None for update in updates])
    return header, [[update + 1, *row] for update, row in enumerate(zip(*columns, strict=True))]


def result_table(training: Training) -> tuple[list[str], list[list[str]]]:
    """Header and rows that a person reads at the end; scores are of 500 unseen sequences, now."""
    progress, chance = training.progress(), training.task.chance_loss(training.settings.gap)
    header = [
        tr("network"),
        tr("units"),
        tr("parameters"),
        tr("loss"),
        tr("test loss"),
        tr("chance"),
        training.task.score_name,
        tr("solved at update"),
        tr("share at update {n}").format(n=training.made_before),
    ]
    stops = any(at is not None for at in progress.best_at)
    rows = []
    for index, (found, (network, _)) in enumerate(zip(training.examine(), training.networks(), strict=True)):
        losses, solved_at = progress.losses[index], progress.solved_at[index]
        row = [
            progress.names[index],
            count(network.hidden),
            count(network.parameter_count),
            number(float(losses[-1]), 3) if len(losses) else "–",
            number(found.loss, 3),
            number(chance, 3),
            number(found.score, 3),
            "–" if solved_at is None else count(solved_at),
            power(progress.log10_shares[index]),
        ]
        best = progress.best_at[index]
        rows.append([*row, "–" if best is None else count(best)] if stops else row)
    return [*header, tr("best update")] if stops else header, rows


def network_bytes(runner: Runner, optimiser: str, updates: int) -> bytes:
    """A network in training as the bytes of a ``.safetensors`` file, which PyTorch and ``load_network`` read too.

    Parameters
    ----------
    runner : Runner
        Network, readout, and what the optimiser keeps.
    optimiser : str
        Whose.
    updates : int
        Made so far.
    """
    others = {"readout.weight": runner.readout.weight, "readout.bias": runner.readout.bias}
    others |= {f"training.{optimiser}.{index}": block for index, (block,) in enumerate(runner.kept)}
    return weights_bytes(runner.network, others | {"training.updates": np.array([float(updates)])})


def network_path(path: Path, cell: str, cells: tuple[str, ...]) -> str:
    """Where one network of several goes: ``run.safetensors`` becomes ``run.lstm.safetensors``."""
    if len(cells) == 1:
        return os.fspath(path)
    pure = PurePath(path)
    return str(pure.with_name(f"{pure.stem}.{cell}{pure.suffix}"))


def load_trained(path: Path, settings: Settings, cell: str, recipe: Recipe) -> Resumed:
    """A network to go on from, as ``network_bytes`` wrote it; what the file does not hold begins afresh.

    Parameters
    ----------
    path : str or path
        A ``.safetensors`` file, also one of PyTorch.
    settings : Settings
        What it must fit.
    cell : str
        "rnn", "lstm" or "gru".
    recipe : Recipe
        Whose optimiser goes on; another one than that of the file begins afresh.

    Raises
    ------
    BadInput
        If the file cannot be used, or holds another network than the settings name.
    """
    found, wanted = load_network(path), build(settings, cell)
    for name, is_, should in (
        (tr("cell"), found.cell, wanted.cell),
        (tr("inputs"), found.inputs, wanted.inputs),
        (tr("units"), found.hidden, wanted.hidden),
        (tr("layers"), len(found.layer_widths), len(wanted.layer_widths)),
        (tr("width"), found.width, wanted.width),
    ):
        if is_ != should:
            what, needed = tr("{value} does not fit"), tr("needs {value}")
            raise BadInput(path, name, what.format(value=is_), needed.format(value=should))
    network = found.with_weights([array.astype(settings.dtype) for array in found.weights()])
    tensors = read_safetensors(path)
    fresh = new_runner(network, _readout(tensors, path, settings, cell), recipe)
    kept = [tensors.get(f"training.{recipe.optimiser}.{index}") for index in range(len(fresh.kept))]
    if any(block is None or block.shape != zeros.shape for block, (zeros,) in zip(kept, fresh.kept, strict=True)):
        return Resumed((fresh,), 0)
    blocks = tuple((np.array(block, dtype=settings.dtype),) for block in kept)
    return Resumed((replace(fresh, kept=blocks),), _updates(tensors, path))


def joined(parts: Sequence[Resumed]) -> Resumed:
    """Several networks to go on from together.

    Raises
    ------
    BadInput
        If they have been trained by different numbers of updates: their batches would no longer be the same.
    """
    made = [part.updates for part in parts]
    if len(set(made)) > 1:
        what = tr("the networks have been trained by {numbers} updates").format(numbers=", ".join(map(count, made)))
        raise BadInput("--resume", tr("updates"), what, tr("the same number"))
    return Resumed(tuple(runner for part in parts for runner in part.runners), made[0])


def _updates(tensors: Mapping[str, Any], path: Path) -> int:
    """How many updates the file says were made; 0 when it does not say."""
    told = tensors.get("training.updates")
    if told is None:
        return 0
    made = float(told.ravel()[0]) if told.size == 1 else math.nan
    if not (0 <= made <= MOST_UPDATES and made == int(made)):
        what = tr("{value} is no number of updates").format(value=made)
        raise BadInput(path, "training.updates", what, tr("{low} to {high}").format(low=0, high=MOST_UPDATES))
    return int(made)


def _readout(tensors: Mapping[str, Any], path: Path, settings: Settings, cell: str) -> ReadoutParameters:
    fresh, arrays = readout_for(settings, cell), []
    for name, array in zip(("readout.weight", "readout.bias"), fresh, strict=True):
        if name not in tensors:
            return fresh
        if tensors[name].shape != array.shape:
            what = tr("shape {shape} does not fit the task {task}")
            what = what.format(shape=shape_text(tensors[name].shape), task=TASKS[settings.task].name)
            raise BadInput(path, name, what, tr("needs {shape}").format(shape=shape_text(array.shape)))
        arrays.append(np.array(tensors[name], dtype=settings.dtype))
    return ReadoutParameters(*arrays)


def _filled(values: Iterable[float], count: int) -> list[float | None]:
    known: list[float | None] = list(values)
    return known + [None] * (count - len(known))


def _test(found: Any) -> dict[str, Any]:
    named = {"update": found.update, "loss": _finite(found.loss), "score": _finite(found.score), "solved": found.solved}
    if not math.isnan(found.validation_loss):
        named["validation_loss"] = _finite(found.validation_loss)
    return named


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
