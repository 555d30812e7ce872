"""What the reader prefers, kept in one small file: theme, text size, motion, keys. Nothing about what was on show."""

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lstmviz.files import BadInput, atomic_save, caps, parse_json, read_text
from lstmviz.words import tr

BYTES = 64 * caps.KB
THEMES = ("", "light", "dark", "projector")
SMALLEST, LARGEST = 0.8, 2.0
MOST_RECENT = 10


@dataclass(frozen=True, slots=True)
class Preferences:
    """One reader's preferences."""

    theme: str = ""  # "" follows the system
    text_size: float = 1.0
    reduced_motion: bool = False
    keys: dict[str, str] = field(default_factory=dict)  # keys by the name of their command
    recent: tuple[str, ...] = ()  # files opened lately, the newest first


def read_preferences(path: Path) -> Preferences:
    """The preferences in a file; the usual ones where there is none.

    Parameters
    ----------
    path : Path
        A JSON file.

    Raises
    ------
    BadInput
        If the file is no JSON, has an unknown key, or a value that is not allowed.
    """
    if not path.exists():
        return Preferences()
    found = parse_json(read_text(path, cap=BYTES, kind=tr("preferences")), path)
    if not isinstance(found, dict):
        raise BadInput(path, "", tr("this is no object"), "{...}")
    checks = {"theme": _theme, "text_size": _size, "reduced_motion": _flag, "keys": _keys, "recent": _recent}
    for key, value in found.items():
        if key not in checks:
            raise BadInput(path, key, tr("unknown key"), ", ".join(checks))
        allowed = checks[key](value)
        if allowed:
            raise BadInput(path, key, tr("the value is not allowed"), allowed)
    return Preferences(**(found | {"recent": tuple(found.get("recent", ()))}))


def _theme(value: Any) -> str:
    return "" if value in THEMES else tr("light, dark, projector, or empty: as the system")


def _size(value: Any) -> str:
    good = isinstance(value, int | float) and not isinstance(value, bool) and SMALLEST <= value <= LARGEST
    return "" if good else tr("{low} to {high}").format(low=SMALLEST, high=LARGEST)


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "true, false"


def _keys(value: Any) -> str:
    good = isinstance(value, dict) and all(isinstance(key, str) for key in value.values())
    return "" if good else tr("keys by the name of their command")


def _recent(value: Any) -> str:
    good = isinstance(value, list) and len(value) <= MOST_RECENT and all(isinstance(name, str) for name in value)
    return "" if good else tr("names of at most {most} files").format(most=MOST_RECENT)


def save_preferences(preferences: Preferences, path: Path) -> None:
    """Keep the preferences; that they cannot be written is logged, and no reason to stop."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic_save(path, (json.dumps(asdict(preferences), indent=1) + "\n").encode())
    except (OSError, BadInput) as error:
        logging.getLogger(__name__).warning("preferences were not saved: %s", error)
