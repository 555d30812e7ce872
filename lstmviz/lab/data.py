"""The learner's own data as tasks: a column of a table to forecast, or a text to learn the letters of.

Words used in this file
    part      the first four fifths of a series (nine tenths of a text) are trained on, the rest is for tests
    horizon   how many rows ahead the forecast is
    window    the gap + 1 rows that a network reads
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lstmviz.files import BadInput, caps, read_column, read_text
from lstmviz.files.error_line import one_line, shortened
from lstmviz.lab.tasks import OWN, TASKS, Batch, Task
from lstmviz.lab.tasks.forecasts import SAME_AS_NOW, forecast, skill, skilled
from lstmviz.lab.tasks.task import Draw
from lstmviz.lab.tasks.text import Text
from lstmviz.words import number, tr

Path = str | os.PathLike[str]
TABLES, TEXTS = (".csv", ".tsv"), (".txt",)
TRAINING_SHARE = 0.8  # of a series
LEAST_ROWS, LEAST_CHARACTERS = 50, 400
LONGEST_HORIZON = 1000
LEAST_SKILL = 0.1


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """What a task of own data was made of.

    Attributes
    ----------
    file : str
        Its name, without folders.
    column : str
        Of a table; empty for a text.
    horizon : int
        Rows ahead; 0 for a text.
    content : float64 (rows,) or str
        The column, or the text.
    """

    file: str
    column: str
    horizon: int
    content: NDArray[np.float64] | str


_SOURCES: dict[str, Source] = {}  # of the tasks of own data, by their names


def source_of(task: str) -> Source | None:
    """What a task of own data was made of; None for other tasks."""
    return _SOURCES.get(task)


def task_from(source: Source, file: Path) -> Task:
    """The task made of this again; ``file`` stands in the error lines. Errors as ``open_data``."""
    if isinstance(source.content, str):
        return text_task(source.content, file, source.file)
    _check_horizon(source.horizon, file)
    return series_task(source.content, file, source.column, source.horizon, source.file)


def open_data(path: Path, column: str | None = None, horizon: int = 1) -> Task:
    """The task that a file holds: a forecast for a table (.csv, .tsv), the next letter for a text (.txt).

    Parameters
    ----------
    path : str or path
        The name as the user gave it.
    column : str, optional
        Of a table: a name in its header, or a number from 1; the first column of numbers when left out.
    horizon : int
        Of a forecast, 1 to 1000 rows.

    Returns
    -------
    Task
        Known to the program only after ``adopt``.

    Raises
    ------
    BadInput
        If the file cannot be used, in one line.
    """
    suffix = PurePath(path).suffix.lower()
    if suffix in TABLES:
        return open_series(path, column, horizon)
    if is_text(path):
        return open_text(path)
    raise BadInput(path, "", tr("this is no data that can be learned"), ", ".join((*TABLES, *TEXTS)))


def is_text(path: Path) -> bool:
    """Whether the name is that of a text, whose letters are learned."""
    return PurePath(path).suffix.lower() in TEXTS


def adopt(task: Task) -> str:
    """Add a task of own data to those that settings may name, and return its name.

    The name holds a checksum of the data, so equal settings still give equal numbers. Only this process knows it.
    """
    TASKS[task.name] = task
    return task.name


def open_series(path: Path, column: str | None = None, horizon: int = 1) -> Task:
    """The forecast of one column of a table; parameters and errors as ``open_data``."""
    _check_horizon(horizon, path)
    name, values = read_column(path, column)
    return series_task(values, path, name, horizon)


def _check_horizon(horizon: int, path: Path) -> None:
    if not 1 <= horizon <= LONGEST_HORIZON:
        wrong = tr("horizon = {value} is out of range").format(value=horizon)
        raise BadInput(path, "", wrong, tr("{low} to {high}").format(low=1, high=LONGEST_HORIZON))


def series_task(values: NDArray[np.float64], path: Path, name: str, horizon: int, file: str = "") -> Task:
    """The forecast of numbers that were read from a column; errors as ``open_data``."""
    file = file or _short(path)
    least = max(LEAST_ROWS, 5 * (horizon + 3))
    if len(values) < least:
        wrong = tr("the column has {n} numbers").format(n=len(values))
        raise BadInput(path, name, wrong, tr("{least} or more").format(least=least))
    cut = round(TRAINING_SHARE * len(values))
    mean, spread = _scale(values[:cut])
    if not spread > 0:
        wrong = tr("the numbers of the training part are all alike, or too far apart to tell")
        raise BadInput(path, name, wrong, tr("a series that changes"))
    scaled = (values - mean) / spread
    moves = scaled[horizon:cut] - scaled[: cut - horizon]
    if not float(np.mean(moves**2)) > 0:
        wrong = tr("the series repeats itself at this horizon")
        raise BadInput(path, name, wrong, tr("another horizon"))
    ahead = tr("the next row") if horizon == 1 else tr("{n} rows ahead").format(n=horizon)
    task = Task(
        name=_name(values.tobytes(), horizon),
        title=tr("{file}: {column}").format(file=file, column=shortened(name)),
        question=tr("what comes next?") if horizon == 1 else tr("{n} rows later?").format(n=horizon),
        about=tr(
            "The column “{column}” of {file}, {n} rows in their order; at each row the network forecasts {ahead}. The "
            "first four fifths are for training and set the scale (mean {mean}, deviation {spread}); the rest is for "
            "tests. The line to beat is “same as now”."
        ).format(
            column=shortened(name),
            file=file,
            n=len(values),
            ahead=ahead,
            mean=number(mean, 3),
            spread=number(spread, 3),
        ),
        source=tr("own data"),
        inputs=1,
        outputs=1,
        loss="squared_error",
        least_gap=2,
        greatest_gap=min(len(values) - cut - horizon - 1, caps.TIMESTEPS - 1),
        chance=float(np.mean(moves**2)),
        chance_means=SAME_AS_NOW,
        criterion=tr("squared error at most 90 % of that of “same as now”, on the rows kept for tests"),
        draw=_windows(scaled[:cut], horizon),
        unseen=_windows(scaled[cut:], horizon),
        score=skill,
        score_name=tr("skill"),
        solved=skilled(LEAST_SKILL),
        loss_at="all",
        group="own",
        shows="numbers",
        gap_means=tr("rows that are read, less one"),
    )
    _SOURCES[task.name] = Source(file, name, horizon, values)
    return task


def open_text(path: Path) -> Task:
    """The letters of a text; errors as ``open_data``."""
    return text_task(read_text(path, cap=caps.TEXT_BYTES, kind=tr("a text (.txt)")).strip(), path)


def text_task(text: str, path: Path, file: str = "") -> Task:
    """The letters of a text that was read; errors as ``open_data``."""
    file = file or _short(path)
    if len(text) < LEAST_CHARACTERS:
        wrong = tr("the text has {n} characters").format(n=len(text))
        raise BadInput(path, "", wrong, tr("{least} or more").format(least=LEAST_CHARACTERS))
    letters = Text(text)
    if letters.kinds < 2:
        raise BadInput(path, "", tr("the text is one character over and over"), tr("two different ones at least"))
    task = letters.task(
        {
            "name": _name(text.encode("utf-8", "surrogatepass"), 0),
            "title": tr("Letters of {file}").format(file=file),
            "about": tr(
                "The text {file}, letter by letter; at each one the network foresees the next. It has {n} characters, "
                "{kinds} different ones to tell apart. The last tenth is kept for tests."
            ).format(file=file, n=len(text), kinds=letters.kinds),
            "source": tr("own data"),
            "group": "own",
        }
    )
    _SOURCES[task.name] = Source(file, "", 0, text)
    return task


def _scale(values: NDArray[np.floating]) -> tuple[float, float]:
    """Mean and standard deviation; not a number where float64 cannot hold them."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean, spread = float(np.mean(values)), float(np.std(values))
    enough = np.isfinite(spread) and spread > 1e-12 * abs(mean)  # below that the scaled numbers are rounding errors
    return mean, spread if enough else float("nan")


def _windows(series: NDArray[np.floating], horizon: int) -> Draw:
    """Draws windows of one part; inputs and answers all lie within it."""

    def draw(gap: int, batch: int, rng: Generator) -> Batch:
        span = gap + 1 + horizon
        starts = np.floor(rng.random(batch) * (len(series) - span + 1)).astype(int)
        return forecast(series[starts + np.arange(span)[:, None]][..., None], horizon)

    return draw


def _name(data: bytes, horizon: int) -> str:
    digest = hashlib.sha256(data + horizon.to_bytes(4, "little")).hexdigest()
    return f"{OWN}{digest[:12]}"


def _short(path: Path) -> str:
    return shortened(one_line(PurePath(path).name))
