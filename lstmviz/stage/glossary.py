"""The glossary: one readable file, read into words with their blocks; and where its words stand in other texts.

Words used in this file
    entry    one word: its other forms, its first paragraph, everything said of it
    short    the first paragraph as plain text: tool tip, and line of ``docs/notation.md``
    spot     a place in a text where a word of the glossary stands
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from lstmviz.resources import resource
from lstmviz.stage.lesson_blocks import pieces
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.stage.lesson_place import Place

FILE = "glossary.md"
TARGET = "glossary:"  # of a link that leads to a word
EVERYDAY = frozenset({"page", "tick", "frame", "stage", "window", "path", "bound", "chance"})  # meant otherwise, mostly
_ALSO = re.compile(r"\*Also: (.*)\*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the glossary."""

    name: str
    group: str
    also: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def short(self) -> str:
        """The first paragraph as plain text."""
        return "".join(run.text for run in self.blocks[0].runs)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a text a word stands."""

    start: int
    end: int
    name: str


@cache
def glossary() -> dict[str, Entry]:
    """All words by name, in the order of the file."""
    text = resource("assets", FILE).read_text(encoding="utf-8")
    found: dict[str, Entry] = {}
    group = ""
    for number, part in _parts(text):
        title, _, body = part.partition("\n")
        if title.startswith("# "):
            group = title[2:].strip()
        elif title.startswith("## "):
            name = title[3:].strip()
            also = _ALSO.search(body)
            blocks = tuple(piece for piece in pieces(_ALSO.sub("", body), Place(FILE, 0, number + 1)))
            kept = tuple(piece for piece in blocks if isinstance(piece, Block))
            forms = tuple(form.strip() for form in also[1].split(",")) if also else ()
            found[name] = Entry(name, group, forms, kept)
    return found


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The parts that headings begin, with the line of each."""
    starts = [match.start() for match in re.finditer(r"(?m)^##? ", text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text.count("\n", 0, start) + 1, text[start:end]


@cache
def _forms() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all forms of all words but everyday ones, the longest first, and the word of each form."""
    words = [entry for entry in glossary().values() if entry.name not in EVERYDAY]
    names = {form.lower(): entry.name for entry in words for form in (*entry.also, entry.name)}
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w-])", re.IGNORECASE)
    return pattern, names


def spots(text: str) -> list[Spot]:
    """Where words of the glossary stand in a text, from left to right; no two overlap."""
    pattern, names = _forms()
    return [Spot(*match.span(), names[match[0].lower()]) for match in pattern.finditer(text)]


@lru_cache(maxsize=256)
def linked(blocks: tuple[Block, ...], but: str = "") -> tuple[Block, ...]:
    """Blocks in which each word of the glossary is a link where it first stands.

    Parameters
    ----------
    blocks : tuple of Block
    but : str
        A word that is not linked: that of the entry itself.
    """
    seen = {but}
    return tuple(
        replace(
            block,
            runs=_linked_runs(block.runs, seen),
            rows=tuple(tuple(_linked_runs(cell, seen) for cell in row) for row in block.rows),
        )
        if block.kind in ("paragraph", "item", "quote", "table")
        else block
        for block in blocks
    )


def _linked_runs(runs: tuple[TextRun, ...], seen: set[str]) -> tuple[TextRun, ...]:
    found: list[TextRun] = []
    for run in runs:
        if run.style != "plain":
            found.append(run)
            continue
        end = 0
        for spot in spots(run.text):
            if spot.name in seen:
                continue
            seen.add(spot.name)
            found.append(TextRun(run.text[end : spot.start]))
            found.append(TextRun(run.text[spot.start : spot.end], "link", TARGET + spot.name))
            end = spot.end
        found.append(TextRun(run.text[end:]))
    return tuple(run for run in found if run.text)


def words_in(blocks: tuple[Block, ...]) -> list[str]:
    """The words of the glossary that stand in some text, in the order in which they first do."""
    found: dict[str, None] = {}
    for block in blocks:
        for run in (*block.runs, *(run for row in block.rows for cell in row for run in cell)):
            found.update((spot.name, None) for spot in spots(run.text) if run.style != "math")
    return list(found)


def words_like(text: str) -> list[str]:
    """The words in whose name, forms or explanation a text stands; those whose name begins with it first."""
    wanted = text.strip().lower()
    ranked = []
    for entry in glossary().values():
        names = [entry.name.lower(), *(form.lower() for form in entry.also)]
        if any(name.startswith(wanted) for name in names):
            ranked.append((0, entry.name.lower(), entry.name))
        elif any(wanted in name for name in names):
            ranked.append((1, entry.name.lower(), entry.name))
        elif wanted in entry.short.lower():
            ranked.append((2, entry.name.lower(), entry.name))
    return [name for _, _, name in sorted(ranked)]
