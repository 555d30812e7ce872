"""Find a file that a lesson names, inside the lesson's own folder and nowhere else."""

# os.path throughout: the check compares what the operating system makes of the names, links included.
# ruff: noqa: PTH113, PTH118, PTH208

from __future__ import annotations

import os
import re
import unicodedata

from lstmviz.files.error_line import BadInput, quoted
from lstmviz.files.save import Path
from lstmviz.words import tr

_LONGEST = 200  # characters, folders included
# Names that Windows gives to devices, whatever follows the first point.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)", re.IGNORECASE)


def path_inside(folder: Path, name: str, *, file: Path, line: int | None = None) -> str:
    r"""The path of a plain file that stands inside ``folder``, named as a lesson names it.

    The same names are allowed on every system, so that a lesson that works here works elsewhere.

    Parameters
    ----------
    folder : str or path
        The lesson's own folder.
    name : str
        Relative, with ``/`` between folders; no ``..``, no ``\``, no ``:``, no ``%``, no device names, and spelt as
        on the disk, capitals included.
    file : str or path
        The lesson's name, for the error line.
    line : int, optional
        The line that names the file.

    Returns
    -------
    str
        A path with every link followed; to be read with ``read_bytes`` and a cap.

    Raises
    ------
    BadInput
        If the name is not allowed, leads outside, or there is no plain file of that name.
    """
    parts = name.split("/")
    if not name or len(name) > _LONGEST or not all(_is_plain(part) for part in parts):
        allowed = tr("a file in the lesson's folder, such as pictures/gate.png")
        raise BadInput(file, quoted(name), tr("the name is not allowed"), allowed, line=line)
    try:
        root = os.path.realpath(folder, strict=True)
        here = root
        for part in parts:
            # listed, not just opened: some systems open GATE.PNG when asked for gate.png
            if part not in os.listdir(here):
                raise FileNotFoundError(part)
            here = os.path.realpath(os.path.join(here, part), strict=True)
            if os.path.commonpath((root, here)) != root:
                wrong = tr("the link leads out of the lesson's folder")
                raise BadInput(file, quoted(name), wrong, tr("a file in the lesson's folder"), line=line)
        if not os.path.isfile(here):
            raise BadInput(file, quoted(name), tr("this is no plain file"), tr("a picture file"), line=line)
    except (OSError, UnicodeError) as error:
        wrong = tr("there is no such file")
        raise BadInput(file, quoted(name), wrong, tr("spelt as on the disk, capitals included"), line=line) from error
    return here


def _is_plain(part: str) -> bool:
    """Whether a part of a name means the same, and nothing special, on every system."""
    return (
        part not in ("", ".", "..")
        and not part.startswith((" ", "~"))
        and not part.endswith((" ", "."))
        and not any(mark in part for mark in '\\:*?"<>|%$')
        and part.isprintable()
        and unicodedata.normalize("NFKC", part) == part
        and not _DEVICE.match(part)
    )
