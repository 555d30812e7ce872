"""Networks from files on the stage: opened in the place of the untrained one of their kind, and put away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lstmviz.lab.opened import ENDINGS, Opened, is_weights, open_network, settings_for, words_of
from lstmviz.lab.settings import Settings
from lstmviz.stage.labs import Picked
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

__all__ = ["ENDINGS", "Opened", "OpenedNote", "is_weights", "note_of", "open_weights", "put_away", "show_opened"]


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """What a frame says of the network from a file."""

    cell: str
    name: str  # of the file
    words: str  # what was opened, what it reads, who answers


@lru_cache(maxsize=4)
def note_of(opened: Opened | None, settings: Settings) -> OpenedNote | None:
    """The note of what is open; None when nothing is, or it is not ticked."""
    if opened is None or opened.cell not in settings.cells:
        return None
    return OpenedNote(opened.cell, opened.name, words_of(opened, settings))


def open_weights(stage: Stage, path: str | Path) -> None:
    """Open a file of weights and show its network; one undo entry.

    Parameters
    ----------
    stage : Stage
        Where it is shown.
    path : str or path
        ``.safetensors`` or ``.npz``, with PyTorch's names (docs/convert.md).

    Raises
    ------
    BadInput
        If the file cannot be used; nothing has changed then.
    """
    show_opened(stage, open_network(path))


def show_opened(stage: Stage, found: Opened) -> None:
    """Show a network alone, on a task that it can read; one undo entry."""
    settings, gap = settings_for(found, stage.settings), stage.settings.gap
    stage.playback.pause()
    stage.remember()
    picked = Picked(found.cell, min(stage.labs.picked.unit, found.network.hidden - 1))
    now = stage.situation()
    stage.take(replace(now, settings=settings, tile=None, picked=picked, branch=0, opened=found))
    if settings.gap != gap:
        stage.notify(tr("Gap {gap} now, for what was opened").format(gap=settings.gap))


def put_away(stage: Stage) -> None:
    """Show the untrained network of its kind again; one undo entry."""
    if stage.opened is not None:
        stage.remember()
        stage.take(replace(stage.situation(), tile=None, branch=0, opened=None))
