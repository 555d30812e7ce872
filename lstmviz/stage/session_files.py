"""The files behind what a session shows: small ones stand in the session, large ones are named with a checksum.

Words used in this file
    beside    in the session's own folder, under the file's name; no other place is ever looked at
    digest    SHA-256 of the tensors that are used
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import BadInput, caps, parse_safetensors, path_inside
from lstmviz.lab.data import LONGEST_HORIZON, Source, adopt, open_data, source_of, task_from
from lstmviz.lab.opened import Opened, adopt_random, open_network, opened
from lstmviz.lab.settings import FIELDS
from lstmviz.lab.tasks import OWN, TASKS, Task
from lstmviz.lab.tasks.random_numbers import PREFIX, width_in
from lstmviz.stage.session_reader import Reader
from lstmviz.words import tr

LONGEST_NAME = 300  # characters of a file's or a column's name
NUMBER_CHARACTERS = 26  # of a written float64 and the space behind it, at most

# ----------------------------------------------------------------------------- weights


def digest(data: bytes) -> str:
    """What names weights that a session does not hold itself."""
    return hashlib.sha256(data).hexdigest()


def weights_tree(found: Opened) -> dict[str, Any]:
    """What a session file says of an opened network: itself where it is small, else its checksum."""
    if len(found.data) > caps.SESSION_WEIGHTS_BYTES:
        return {"file": found.name, "sha256": digest(found.data)}
    return {"file": found.name, "weights": _base64(found.data)}


@lru_cache(maxsize=2)
def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")  # once, not with every autosave


def read_weights(read: Reader, tree: Any, known: Opened | None = None) -> Opened:
    """The opened network of a session.

    Parameters
    ----------
    read : Reader
    tree : object
        As ``weights_tree`` gives it, or anything.
    known : Opened, optional
        What is open now, which may be what is meant.
    """
    read.keys(tree, "opened", ("file", "weights", "sha256"))
    name = read.text(tree, "opened", "file", LONGEST_NAME)
    if "weights" not in tree:
        return _found(read, name, read.text(tree, "opened", "sha256", 64), known)
    text = read.text(tree, "opened", "weights", 2 * caps.SESSION_WEIGHTS_BYTES)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        read.refuse("opened: weights", tr("this is no base64"), tr("as a session is saved"))
    try:
        return opened(*parse_safetensors(data, read.path), Path(name))
    except BadInput as error:
        raise read.within("opened", error) from None


def sidecar(found: Opened) -> str:
    """The name under which weights that are too large for a session are kept beside it after a crash."""
    return f"{digest(found.data)[:16]}.safetensors"


def _found(read: Reader, name: str, wanted: str, known: Opened | None) -> Opened:
    if known is not None and digest(known.data) == wanted:
        return known
    for candidate in (name, f"{wanted[:16]}.safetensors"):
        try:
            found = open_network(path_inside(read.path.parent, candidate, file=read.path))
        except BadInput:
            continue
        if digest(found.data) == wanted:
            return Opened(name, found.data, found.network, found.readout)
    wrong = tr("the weights of {file} are too large for a session, and are not beside it").format(file=name)
    read.refuse("opened", wrong, tr("put the file beside the session, or open it first"))


# ----------------------------------------------------------------------------- data


@dataclass(frozen=True, slots=True)
class Data:
    """What a session file says of own data; ``content`` is empty where it is too large."""

    file: str
    column: str  # empty for a text
    horizon: int  # 0 for a text
    content: str = ""


def data_of(task: str) -> Data | None:
    """What a session file says of the task's data; None for a task that is no own data."""
    source = source_of(task)
    return None if source is None or not task.startswith(OWN) else _data(source)


@lru_cache(maxsize=2)
def _data(source: Source) -> Data:
    if isinstance(source.content, str):
        small = len(source.content.encode("utf-8", "surrogatepass")) <= caps.SESSION_DATA_BYTES
        return Data(source.file, "", 0, source.content if small else "")
    small = len(source.content) * NUMBER_CHARACTERS <= caps.SESSION_DATA_BYTES
    text = " ".join(repr(float(value)) for value in source.content) if small else ""
    return Data(source.file, source.column, source.horizon, text)


def data_tree(data: Data) -> dict[str, Any]:
    """The data as it stands in a session file."""
    if not data.horizon:
        return {"file": data.file} | ({"text": data.content} if data.content else {})
    tree = {"file": data.file, "column": data.column, "horizon": data.horizon}
    return tree | ({"numbers": data.content} if data.content else {})


def read_data(read: Reader, tree: Any) -> Data:
    """The data of a session file, as far as they can be checked without the task that they are for."""
    read.keys(tree, "data", ("file", "column", "horizon", "numbers", "text"))
    content = read.text(tree, "data", "text" if "text" in tree else "numbers", caps.SESSION_DATA_BYTES, "")
    return Data(
        read.text(tree, "data", "file", LONGEST_NAME),
        read.text(tree, "data", "column", LONGEST_NAME, ""),
        read.whole(tree, "data", "horizon", 1 if "numbers" in tree else 0, LONGEST_HORIZON, 0),
        content,
    )


def know_task(read: Reader, task: Any, data: Data | None) -> None:
    """Let a session's task be known: own data from the file, from beside it or from what is open; random numbers."""
    if not isinstance(task, str) or task in FIELDS["task"].choices:
        return
    width = width_in(task) if task.startswith(PREFIX) else None
    if width is not None:
        adopt_random(width)
    elif task.startswith(OWN) and task not in TASKS:
        if data is None:
            wrong = tr("the data of {task} is not open").format(task=task[:40])
            read.refuse("settings: task", wrong, tr("open its table or text first, then the session"))
        if data.content:
            adopt(_made(read, task, data))
        elif not _beside(read, task, data):
            wrong = tr("the data of {file} are too large for a session, and are not beside it").format(file=data.file)
            read.refuse("data", wrong, tr("put the file beside the session, or open it first"))


def _made(read: Reader, wanted: str, data: Data) -> Task:
    """The task of the data that stand in the session."""
    content = data.content if not data.horizon else _numbers(read, data.content)
    try:
        task = task_from(Source(data.file, data.column, data.horizon, content), read.path)
    except BadInput as error:
        raise read.within("data", error) from None
    if task.name != wanted:
        read.refuse("data", tr("these are not the data that were saved"), tr("as a session is saved"))
    return task


def _numbers(read: Reader, text: str) -> NDArray[np.float64]:
    try:
        values = np.array([float(word) for word in text.split()])
    except ValueError:
        values = np.array([np.nan])
    if not np.isfinite(values).all():
        read.refuse("data: numbers", tr("these are not all numbers"), tr("finite numbers with spaces between them"))
    return values


def _beside(read: Reader, wanted: str, data: Data) -> bool:
    """Whether the data were found beside the session, as they were opened or kept; their task is then known."""
    columns = (data.column, data.column.rpartition(" ")[2])  # “column 2” of a table without a header is asked for as 2
    for file, column in (*((data.file, column) for column in columns), (_kept_name(wanted, data.column), "")):
        try:
            task = open_data(path_inside(read.path.parent, file, file=read.path), column or None, data.horizon or 1)
        except BadInput:
            continue
        source = source_of(wanted)
        if task.name == wanted and source is not None:
            adopt(task_from(replace(source, file=data.file, column=data.column), read.path))
            return True
    return False


def data_sidecar(task: str) -> tuple[str, bytes] | None:
    """Name and content of the file in which data that are too large for a session are kept beside it after a crash."""
    source, data = source_of(task), data_of(task)
    if source is None or data is None or data.content:
        return None
    content = source.content
    text = content if isinstance(content, str) else "".join(f"{float(value)!r}\n" for value in content)
    return _kept_name(task, source.column), text.encode("utf-8", "surrogatepass")


def _kept_name(task: str, column: str) -> str:
    return task + (".csv" if column else ".txt")
