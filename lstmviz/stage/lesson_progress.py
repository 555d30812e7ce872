"""How far the learner came in each lesson, kept in one small file. Only page numbers are kept, never an answer."""

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeGuard

from lstmviz.files import BadInput, atomic_save, caps, decode_text, parse_json, read_bytes
from lstmviz.words import tr

BYTES = 256 * caps.KB
LESSONS = 1000  # the oldest entries go first


@dataclass(frozen=True, slots=True)
class Reached:
    """One lesson: pages count from 0."""

    page: int
    furthest: int
    pages: int

    @property
    def finished(self) -> bool:
        """Whether the last page was opened."""
        return self.furthest + 1 >= self.pages


class LessonProgress:
    """Pages reached, by the lesson's file name.

    Parameters
    ----------
    path : Path
        Where they are kept. A file that is missing or damaged counts as none; it is replaced at the next page.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reached: dict[str, Reached] = {}
        if path.exists():
            try:
                data = read_bytes(path, cap=BYTES, kind=tr("lesson progress"))
                self._reached = _entries(parse_json(decode_text(data, path), path))
            except BadInput as error:
                logging.getLogger(__name__).warning("lesson progress begins anew: %s", error)

    def of(self, file: str) -> Reached | None:
        """What was reached in a lesson, or None when it was never opened."""
        return self._reached.get(Path(file).name)

    def note(self, file: str, page: int, pages: int) -> None:
        """A page was opened; written to the disk when it is a new one."""
        name, before = Path(file).name, self.of(file)
        known = before is not None and before.pages == pages
        furthest = max(page, before.furthest) if known and before is not None else page
        self._reached.pop(name, None)  # the newest entry stands last
        self._reached[name] = Reached(page, furthest, pages)
        while len(self._reached) > LESSONS:
            del self._reached[next(iter(self._reached))]
        if not known or before is None or furthest > before.furthest:
            self.save()

    def save(self) -> None:
        """Write everything; progress that cannot be written is logged, and no reason to stop a lesson."""
        lessons = {name: asdict(reached) for name, reached in self._reached.items()}
        text = json.dumps({"schema": 1, "lessons": lessons}, indent=1)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            atomic_save(self._path, text.encode("utf-8", "surrogatepass"))
        except (OSError, BadInput) as error:
            logging.getLogger(__name__).warning("lesson progress was not saved: %s", error)


def _entries(found: Any) -> dict[str, Reached]:
    """The entries of a progress file; those that make no sense are left out."""
    lessons = found.get("lessons") if isinstance(found, dict) else None
    entries: dict[str, Reached] = {}
    for name, entry in lessons.items() if isinstance(lessons, dict) else ():
        if isinstance(entry, dict):
            page, furthest, pages = (entry.get(key) for key in ("page", "furthest", "pages"))
            if _is_page(page) and _is_page(furthest) and _is_page(pages):
                entries[name] = Reached(page, furthest, pages)
    return entries


def _is_page(number: Any) -> TypeGuard[int]:
    return type(number) is int and 0 <= number <= caps.LESSON_PAGES
