"""The folder compiled kernels are kept in between two starts, and its checksums.

Numba's cache is a pickle of machine code: whoever may write it may run code, and a damaged file crashes the
process. Hence a folder of our own that nobody else may enter, never a link, with a checksum of every file.
Numba notices changes of a kernel's own file only, not of the helpers it calls; hence a folder for each state
of the engine's sources.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
import sys
import tempfile
from importlib import metadata
from pathlib import Path

SEAL = "checksums.json"
CODE_OPTIONS = ("NUMBA_BOUNDSCHECK", "NUMBA_OPT", "NUMBA_DEBUGINFO")  # Numba's own cache takes no notice of them
KEPT = (".nbi", ".nbc")  # Numba's index and data files
STATE = re.compile(r".+-[0-9a-f]{16}")  # names of the folders of ``open_folder``
OTHERS = 3  # of them are kept beside the one in use: other versions may be in use, too


def open_folder() -> Path | None:
    """Make the folder for this state of the engine, open to this user alone.

    Returns
    -------
    Path or None
        None where there is none to be had: no home, nothing writable, a link or someone else's folder in its place.
        Kernels are then compiled at each start.
    """
    try:
        base = _base()
        base.mkdir(parents=True, exist_ok=True)
        folder = base
        for name in ("lstmviz", "kernels", f"{_version()}-{engine_hash()}"):
            folder = folder / name
            if not _make_private(folder):
                return None
        tempfile.TemporaryFile(dir=folder).close()
        os.utime(folder)
    except (OSError, RuntimeError):  # RuntimeError: the home folder is unknown
        return None
    with contextlib.suppress(OSError):  # another process removes them at the same time
        _prune(folder)
    return folder


def engine_hash() -> str:
    """First 16 hexadecimal digits of the SHA-256 of all the engine's sources and what else decides the code made."""
    digest = hashlib.sha256(repr([os.environ.get(name) for name in CODE_OPTIONS]).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


def is_whole(folder: Path) -> bool:
    """Whether each file is as it was written: none damaged, none added, none missing. An empty folder is whole."""
    try:
        sealed = json.loads((folder / SEAL).read_bytes())
    except FileNotFoundError:
        sealed = {}
    except (OSError, ValueError):
        return False
    try:
        return bool(sealed == _checksums(folder))
    except OSError:
        return False


def seal(folder: Path) -> None:
    """Write down the checksum of each file; an interrupted write leaves the checksums of before."""
    handle, name = tempfile.mkstemp(dir=folder, suffix=".tmp")
    with os.fdopen(handle, "w") as file:
        json.dump(_checksums(folder), file)
    Path(name).replace(folder / SEAL)


def wipe(folder: Path) -> None:
    """Remove what Numba and ``seal`` wrote, as far as that is possible."""
    for path in folder.glob("*"):
        if path.suffix in (*KEPT, ".json", ".tmp"):
            try:
                path.unlink()
            except OSError:
                continue  # another process was quicker, or the folder is read-only by now


def _prune(folder: Path) -> None:
    """Remove the folders of other states of the engine, but for the few that were opened last."""
    others = [path for path in folder.parent.iterdir() if STATE.fullmatch(path.name) and path != folder]
    real = [path for path in others if stat.S_ISDIR(path.lstat().st_mode)]
    for path in sorted(real, key=lambda path: path.lstat().st_mtime, reverse=True)[OTHERS:]:
        shutil.rmtree(path, ignore_errors=True)


def _base() -> Path:
    """Where this user's caches live."""
    if numbas := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(numbas).absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return chosen if chosen.is_absolute() else Path.home() / ".cache"  # relative ones are to be ignored


def _version() -> str:
    try:
        return metadata.version("lstmviz")
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        return "source"


def _make_private(folder: Path) -> bool:
    """Make ``folder`` if need be; whether it is a real folder of this user's, closed to all others."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    if hasattr(os, "geteuid"):
        if found.st_uid != os.geteuid():
            return False
        if stat.S_IMODE(found.st_mode) != 0o700:
            folder.chmod(0o700)
    return True


def _checksums(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*"))
        if path.suffix in KEPT
    }
