"""The learner's own data on the stage: opened, adopted among the tasks, and chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lstmviz.files import columns
from lstmviz.lab.data import TABLES, TEXTS, adopt, open_data

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

__all__ = ["TABLES", "TEXTS", "columns", "is_data", "is_table", "show_own_data"]


def is_table(path: Path) -> bool:
    """Whether a file's name says that it is a table, of which a column has to be chosen."""
    return path.suffix.lower() in TABLES


def is_data(path: Path) -> bool:
    """Whether a file's name says that it holds data to learn."""
    return path.suffix.lower() in (*TABLES, *TEXTS)


def show_own_data(stage: Stage, path: Path, column: str | None = None, horizon: int = 1) -> None:
    """Open a file and make it the task on show; one undo entry.

    Parameters
    ----------
    stage : Stage
        Where it is shown.
    path, column, horizon
        As for ``lab.data.open_data``.

    Raises
    ------
    BadInput
        If the file cannot be used; nothing has changed then.
    """
    stage.choose_task(adopt(open_data(path, column, horizon)))
