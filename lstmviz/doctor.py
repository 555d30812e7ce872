"""What this machine has for lstmviz, what it lacks, and the line that mends it.

Only the standard library is imported, and Qt never: this must run where half of the set-up is missing. Each of Qt's
system libraries is tried with ``ctypes.CDLL``, because ``import PySide6`` on a machine without one of them names a
single file and no package.

Words used in this file
    library   a shared library of the system, by the name the loader knows: ``libEGL.so.1``
    package   what one asks a package manager for: ``libegl1``
    finding   one line of the report
"""

import argparse
import ctypes
import importlib.metadata
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lstmviz.words import decimal, tr

OLDEST, NEWEST = (3, 11), (3, 13)
ROOM = 200e6  # bytes that the kernel cache, a session and some exports need

# What PySide6's wheel asks the system for (the NEEDED entries of its libraries), for each package manager. The C and
# C++ run-time libraries are left out: Python and apt themselves do not start without them.
#               library                    apt                      dnf                    pacman
OFFSCREEN = {
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libz.so.1": ("zlib1g", "zlib", "zlib"),
    "libzstd.so.1": ("libzstd1", "libzstd", "zstd"),
}
WINDOW = {
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
}
LINES = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed --noconfirm",
}


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """One line of the report: what was looked at, what was found, and what mends it if anything does."""

    what: str
    found: str
    state: Literal["ok", "missing", "spare"] = "ok"  # spare: missing, but of no use on this machine
    mend: str = ""


def has_display() -> bool:
    """Whether a window can be shown: on Linux a display server is named; macOS and Windows always have one."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_qt_libraries(window: bool | None = None) -> list[str]:
    """The system libraries that Qt needs and the loader does not find, e.g. ``["libEGL.so.1"]``.

    Parameters
    ----------
    window : bool, optional
        Also those for showing a window; without them Qt still draws into memory. The default asks ``has_display``.
    """
    if sys.platform != "linux":  # elsewhere Qt's wheel brings all it needs
        return []
    wanted = OFFSCREEN | WINDOW if (has_display() if window is None else window) else OFFSCREEN
    return [library for library in wanted if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def apt_line(libraries: Iterable[str], manager: str = "apt-get", root: bool | None = None) -> str:
    """The command that installs ``libraries``; ``""`` when there are none.

    Parameters
    ----------
    libraries : iterable of str
        As ``missing_qt_libraries`` names them.
    manager : {"apt-get", "dnf", "pacman"}
        The package manager to speak to; Debian's and Ubuntu's by default.
    root : bool, optional
        Whether the reader is root and needs no ``sudo`` before it. The default asks the system.
    """
    column = list(LINES).index(manager)
    known = OFFSCREEN | WINDOW
    packages = sorted({known[library][column] for library in libraries})
    if not packages:
        return ""
    if root is None:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
    return " ".join([*([] if root else ["sudo"]), LINES[manager], *packages])


def install_line(libraries: Iterable[str], root: bool | None = None) -> str:
    """As ``apt_line``, for the package manager that this machine has."""
    present = [manager for manager in LINES if shutil.which(manager)]
    return apt_line(libraries, present[0] if present else "apt-get", root)


def report() -> list[Finding]:
    """Everything that was looked at, one finding a line, in the order a reader mends things."""
    return [_python(), *_packages(), *_qt(), _display(), _cache(), _disk()]


def _python() -> Finding:
    found = f"{platform.python_version()}, {sys.executable}"
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return Finding("Python", found)
    low, high = (".".join(map(str, version)) for version in (OLDEST, NEWEST))
    return Finding("Python", found, "missing", tr("install Python {low} to {high}").format(low=low, high=high))


def _packages() -> list[Finding]:
    """One finding for all packages, or one for each that is missing."""
    names = _requirements()
    if not names:
        return [Finding(tr("packages"), tr("lstmviz itself is not installed here"), "missing", "./dev")]
    absent = [name for name in names if _version(name) is None]
    if absent:
        pip = f"{sys.executable} -m pip install"
        return [Finding(name, tr("not installed"), "missing", f"{pip} {name}") for name in absent]
    return [Finding(tr("packages"), ", ".join(f"{name} {_version(name)}" for name in names))]


def _requirements() -> list[str]:
    """Names of what lstmviz cannot run without, from its own metadata; empty when it is not installed."""
    try:
        lines = importlib.metadata.requires("lstmviz") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    needed = [line for line in lines if "extra ==" not in line]
    names = {match[0] for match in map(re.compile(r"[A-Za-z0-9._-]+").match, needed) if match}
    return sorted(names, key=str.lower)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _qt() -> list[Finding]:
    """Qt's system libraries: those for drawing (pictures, the tests) and those that only a window needs."""
    drawing = missing_qt_libraries(window=False)
    window = [library for library in missing_qt_libraries(window=True) if library not in drawing]
    return [
        _libraries(tr("Qt's libraries for drawing"), drawing, needed=True),
        _libraries(tr("Qt's libraries for a window"), window, needed=has_display()),
    ]


def _libraries(what: str, absent: list[str], needed: bool) -> Finding:
    if not absent:
        return Finding(what, tr("all there"))
    return Finding(what, ", ".join(absent), "missing" if needed else "spare", install_line(absent))


def _display() -> Finding:
    if has_display():
        return Finding(tr("display"), tr("yes"))
    return Finding(tr("display"), tr("none: no window opens, pictures and numbers are written to files"), "spare")


def _cache() -> Finding:
    from lstmviz.engine.cache_folder import open_folder  # the engine's own answer; it too is standard library only

    folder = open_folder()
    if folder is not None:
        return Finding(tr("kernel cache"), str(folder))
    mend = tr("set NUMBA_CACHE_DIR to a folder of your own that you may write to")
    return Finding(tr("kernel cache"), tr("none: kernels are compiled at each start"), "missing", mend)


def _disk() -> Finding:
    home = Path.home()
    free = shutil.disk_usage(home if home.exists() else Path.cwd()).free
    found = tr("{gigabytes} GB free").format(gigabytes=decimal(free / 1e9, 1))
    if free >= ROOM:
        return Finding(tr("disk"), found)
    return Finding(tr("disk"), found, "missing", tr("free {gigabytes} GB").format(gigabytes=decimal(ROOM / 1e9, 1)))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report; 0 when nothing is missing that this machine could use, else 1."""
    parser = argparse.ArgumentParser(prog="lstmviz doctor", description=tr("What is there, and what mends the rest."))
    parser.add_argument(
        "--install-line",
        action="store_true",
        help=tr("print only the command, for root, that installs Qt's missing system libraries; nothing if none is"),
    )
    if parser.parse_args(argv).install_line:
        line = install_line(missing_qt_libraries(), root=True)
        if line:
            print(line)
        return 0
    findings = report()
    labels = {"ok": tr("ok"), "missing": tr("MISSING"), "spare": tr("not needed here")}
    width = max(map(len, labels.values()))
    for finding in findings:
        print(f"{labels[finding.state]:{width}}  {finding.what}: {finding.found}")
        if finding.mend:
            print(f"{'':{width}}  {tr('to mend it:')} {finding.mend}")
    return 1 if any(finding.state == "missing" for finding in findings) else 0


if __name__ == "__main__":
    raise SystemExit(main())
