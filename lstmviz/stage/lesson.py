"""Read a lesson: one Markdown file, checked whole, becomes one frozen value or one error line.

Words used in this file
    source   the lines of one page, and where they begin
    fence    a ```toml block``` of a page
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import PurePath
from typing import Any

from lstmviz.files import caps, read_text
from lstmviz.stage.lesson_blocks import Fence, Heading, pieces
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.lesson_parts import Ask, Check, Lesson, Page, Predict, Prepared, State
from lstmviz.stage.lesson_place import Place
from lstmviz.stage.lesson_resolve import PLACEHOLDER
from lstmviz.stage.lesson_rules import START, ask_of, check_cell, check_of, fold, notes_of, predict_of, settled
from lstmviz.stage.quantities import QUANTITIES
from lstmviz.stage.toml_table import Table, parse_toml
from lstmviz.words import tr

__all__ = ["Lesson", "Page", "first_lesson", "parse_lesson", "read_lesson"]

KINDS = ("lesson", "stage", "predict", "ask", "check", "notes")
MOST_ASKS = 3
TITLE = 80  # characters
_FENCE = re.compile(r"[\s>*+\-\d.)]*(`{3,}|~{3,})(.*)")  # in a list or quotation too
_NUMBER = re.compile(r"\d{1,3}")


def read_lesson(path: str | PathLike[str]) -> Lesson:
    """The lesson in a file.

    Parameters
    ----------
    path : str or path
        A Markdown file; its pictures stand in the same folder.

    Returns
    -------
    Lesson

    Raises
    ------
    BadInput
        In one line with file, line and page, if anything in it is not allowed; see ``lessons/README.md``.
    """
    return parse_lesson(read_text(path, cap=caps.LESSON_BYTES, kind=tr("a lesson")), fspath(path))


def first_lesson() -> Lesson:
    """The first of the lessons that come with the program."""
    return read_lesson(shipped_lessons()[0])


def parse_lesson(text: str, file: str) -> Lesson:
    """The lesson in a text.

    Parameters
    ----------
    text : str
        Markdown; its lines end with a newline character alone.
    file : str
        The file's name, for error lines; pictures are looked for in its folder.

    Raises
    ------
    BadInput
        As ``read_lesson``.
    """
    whole = Place(file, 0, 1)
    if len(text) > caps.LESSON_BYTES:
        raise whole.refuse(tr("the lesson is too long"), tr("{n} characters at most").format(n=caps.LESSON_BYTES))
    pictures = text.count("![")  # before the first one is read from the disk
    if pictures > caps.LESSON_IMAGES:
        allowed = tr("at most {n} in a lesson").format(n=caps.LESSON_IMAGES)
        raise whole.refuse(tr("{n} pictures").format(n=pictures), allowed)
    head: Table | None = None
    state, pages = START, []
    for source, place in sources(text, whole):
        draft = _Draft(place, pieces(source, place))
        if place.page == 1:
            head = _head(draft)
            state = fold(START, head.table("start", ())) if "start" in head else START
        state = draft.stage(state)
        pages.append(draft.page(state))
    assert head is not None  # ``sources`` gives at least one page
    return Lesson(
        file=file,
        title=head.text("title", TITLE),
        number=int(found[0]) if (found := _NUMBER.match(PurePath(file).name)) else 0,
        minutes=head.whole("minutes", 1, 180, 15),
        needs=head.texts("needs", 0, 20, TITLE) if "needs" in head else (),
        pages=tuple(pages),
    )


def sources(text: str, whole: Place) -> Iterator[tuple[str, Place]]:
    """The text of each page with the place it begins at; pages are separated by ``---`` outside fences."""
    lines: list[str] = []
    place, fence, opened, before = Place(whole.file, 1, 1), "", 0, ""
    for number, line in enumerate(text.split("\n"), start=1):
        here = place.at(number)
        if len(line) > caps.LESSON_LINE_CHARACTERS:
            wrong = tr("a line of {n} characters").format(n=len(line))
            raise here.refuse(wrong, tr("at most {n}").format(n=caps.LESSON_LINE_CHARACTERS))
        if not fence and line.rstrip() == "---":
            if before.strip() and not before.startswith("#") and not _FENCE.match(before):
                raise here.refuse(tr("--- right under a text is a heading"), tr("a blank line above it"))
            yield _whole_page(lines, place)
            lines, place = [], Place(whole.file, place.page + 1, number + 1)
            if place.page > caps.LESSON_PAGES:
                raise place.refuse(tr("too many pages"), tr("at most {n}").format(n=caps.LESSON_PAGES))
        else:
            lines.append(line)
            was, fence = fence, _open_fence(fence, line)
            opened = opened if was else number
        before = line
    if fence:
        raise place.at(opened).refuse(tr("a block that begins with ``` has no end"), tr("``` on a line of its own"))
    yield _whole_page(lines, place)


def _open_fence(fence: str, line: str) -> str:
    """The marks of the fence that is open after this line."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    marks, rest = found[1], found[2]
    if not fence:
        return "" if marks[0] == "`" and "`" in rest else marks
    closes = marks[0] == fence[0] and len(marks) >= len(fence) and not rest.strip()
    return "" if closes else fence


def _whole_page(lines: list[str], place: Place) -> tuple[str, Place]:
    text = "\n".join(lines)
    if len(text) > caps.LESSON_PAGE_CHARACTERS:
        wrong = tr("{n} characters on one page").format(n=len(text))
        raise place.refuse(wrong, tr("at most {n}").format(n=caps.LESSON_PAGE_CHARACTERS))
    return text, place


@dataclass
class _Draft:
    """One page while it is read."""

    place: Place
    found: list[Block | Fence | Heading]
    fences: dict[str, list[tuple[Fence, dict[str, Any]]]] = field(default_factory=dict)
    heading: Heading | None = None
    before: list[Block] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        for piece in self.found:
            if isinstance(piece, Fence):
                self._take(piece)
            elif isinstance(piece, Heading):
                self.heading = piece
            elif self.heading is None:
                raise self.place.refuse(tr("the page has no heading, or text before it"), tr("# Heading first"))
            else:
                (self.after if "predict" in self.fences else self.before).append(piece)
        if self.heading is None or not self.heading.text:
            raise self.place.refuse(tr("the page has no heading"), tr("# Heading first"))
        if len(self.heading.text) > TITLE:
            raise self.heading.place.refuse(tr("the heading is too long"), tr("at most {n} characters").format(n=TITLE))

    def _take(self, fence: Fence) -> None:
        if fence.kind not in KINDS:
            raise fence.place.at(fence.place.line - 1).unknown(tr("block toml"), fence.kind, KINDS)
        if fence.kind == "lesson" and (self.place.page != 1 or self.heading is not None or self.fences):
            raise fence.place.refuse(tr("the lesson block stands here"), tr("once, before the first heading"))
        if fence.kind != "lesson" and self.heading is None:
            raise fence.place.refuse(tr("a toml block before the heading"), tr("below the heading of its page"))
        same = self.fences.setdefault(fence.kind, [])
        most = MOST_ASKS if fence.kind == "ask" else 1
        if len(same) == most:
            wrong = tr("too many blocks toml {kind} on one page").format(kind=fence.kind)
            raise fence.place.refuse(wrong, tr("at most {n}").format(n=most))
        same.append((fence, parse_toml(fence)))

    def stage(self, state: State) -> State:
        """The state of this page, given that of the page before."""
        for fence, entries in self.fences.get("stage", []):
            state = fold(state, Table(entries, (), fence))
        return state

    def page(self, unsettled: State) -> Page:
        """The finished page."""
        assert self.heading is not None
        state = settled(unsettled)
        predict: Predict | None = None
        check: Check | None = None
        notes: tuple[Block, ...] = ()
        prepared: tuple[Prepared, ...] = ()
        asks: list[Ask] = []
        for kind, found in self.fences.items():
            for fence, entries in found:
                if kind == "predict":
                    predict = predict_of(fence, entries, state)
                    self._check_runs(predict.ask, state, fence.place)
                elif kind == "ask":
                    asks.append(ask_of(fence, entries))
                    for option in asks[-1].options:
                        self._check_runs((TextRun(option.text), *option.because), state, fence.place)
                    self._check_runs(asks[-1].ask, state, fence.place)
                elif kind == "check":
                    check = check_of(fence, entries, state)
                    self._check_runs((*check.ask, *check.hint), state, fence.place)
                elif kind == "notes":
                    notes, prepared = notes_of(fence, entries, unsettled)
        for block in (*self.before, *self.after, *notes):
            self._check_runs(block.runs, state, self.heading.place)
            for row in block.rows:
                for cell in row:
                    self._check_runs(cell, state, self.heading.place)
            self._check_runs((TextRun(block.tex, "math"),), state, self.heading.place)
        title, line = self.heading.text, self.heading.place.line
        before, after = tuple(self.before), tuple(self.after)
        return Page(title, line, state, before, after, predict, tuple(asks), check, notes, prepared)

    def _check_runs(self, runs: tuple[TextRun, ...], state: State, place: Place) -> None:
        """Refuse the name of a quantity that does not exist; in a formula only a dotted name is one for sure."""
        for run in runs:
            for found in PLACEHOLDER.finditer(run.text) if run.style not in ("code", "key") else ():
                if found[1] in QUANTITIES:
                    check_cell(found[1], state, place)
                elif run.style != "math" or "." in found[1]:
                    raise place.unknown(tr("quantity"), found[1], QUANTITIES)


def _head(draft: _Draft) -> Table:
    if "lesson" not in draft.fences:
        wrong = tr("there is no block toml lesson")
        raise draft.place.refuse(wrong, tr('```toml lesson with title = "...", before the first heading'))
    fence, entries = draft.fences["lesson"][0]
    return Table(entries, ("title", "minutes", "needs", "start"), fence)
