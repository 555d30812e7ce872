"""What a file that is opened, dropped or named on the command line can be, and the list of those opened lately.

Words used in this file
    kind     weights, table, text, session or lesson; a file's name decides, its bytes are then held to it
    recent   the newest first, each once
"""

from __future__ import annotations

from pathlib import Path

from lstmviz.files import BadInput, columns, refuse_by_name
from lstmviz.files.error_line import one_line, shortened
from lstmviz.lab.data import TABLES, TEXTS, open_data
from lstmviz.lab.opened import ENDINGS, open_network
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.preferences import MOST_RECENT
from lstmviz.stage.session import SUFFIX, read_session
from lstmviz.words import tr

KINDS = {"weights": ENDINGS, "table": TABLES, "text": TEXTS, "session": (SUFFIX,), "lesson": (".md",)}
ALL_ENDINGS = tuple(ending for endings in KINDS.values() for ending in endings)


def kind_of(path: Path) -> str:
    """What a file is by its name.

    Raises
    ------
    BadInput
        If it is nothing that can be opened; of a pickle, an archive and the like it says what to do instead.
    """
    ending = path.suffix.lower()
    for kind, endings in KINDS.items():
        if ending in endings:
            return kind
    refuse_by_name(path)
    raise BadInput(path, "", tr("this kind of file is not opened"), ", ".join(ALL_ENDINGS))


def check_file(path: Path) -> None:
    """Read a file as far as it must be to know that it can be opened; errors as those who open it raise."""
    kind = kind_of(path)
    if kind == "weights":
        open_network(path)
    elif kind == "session":
        read_session(path)
    elif kind == "lesson":
        read_lesson(path)
    elif kind == "table":
        columns(path)
    else:
        open_data(path)


def with_newest(recent: tuple[str, ...], path: Path) -> tuple[str, ...]:
    """The list with a file at its front; the oldest goes when there are too many."""
    name = str(path.absolute())
    return (name, *(other for other in recent if other != name))[:MOST_RECENT]


def recent_titles(recent: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each file of the list and what its line says; one that is gone says so."""
    return [(name, _title(Path(name))) for name in recent]


def _title(path: Path) -> str:
    try:
        there = path.is_file()
    except OSError:
        there = False
    title = shortened(one_line(path.name))
    return title if there else tr("{file} (not found)").format(file=title)
