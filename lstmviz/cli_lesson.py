"""``lstmviz lesson``: check, play, begin and list lessons."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lstmviz.words import tr

# Stands for any live number when a formula is tried: one with a fraction, a product and an exponent.
SAMPLE = r"4.6 \times 10^{-12}"


def add_parser(commands: Any) -> None:
    """Add ``lesson`` and its four commands."""
    lesson = commands.add_parser("lesson", help=tr("check, play, begin or list lessons"))
    verbs = lesson.add_subparsers(title=tr("commands"), metavar=tr("COMMAND"), required=True)
    check = verbs.add_parser("check", help=tr("say in one line each what is wrong in lesson files"))
    check.add_argument("files", nargs="+", metavar="FILE", help=tr("a lesson"))
    check.set_defaults(run=run_check)
    play = verbs.add_parser("play", help=tr("open the window with a lesson"))
    play.add_argument("file", metavar="FILE", help=tr("a lesson"))
    play.add_argument("--page", default="1", help=tr("where to begin (1)"))
    play.set_defaults(run=run_play)
    new = verbs.add_parser("new", help=tr("write a lesson to begin with, with comments"))
    new.add_argument("name", metavar="NAME", help=tr("the title; the file is named after it"))
    new.set_defaults(run=run_new)
    listed = verbs.add_parser("list", help=tr("the lessons that come with the program, and how far you came"))
    listed.set_defaults(run=run_list)


def run_check(arguments: argparse.Namespace) -> int:
    """Read each lesson and set its formulas; one line for each file, 2 when one is bad."""
    from lstmviz.files import BadInput
    from lstmviz.words import count

    bad = 0
    for file in arguments.files:
        try:
            lesson = checked(file)
        except BadInput as error:
            print(error, file=sys.stderr)
            bad += 1
        else:
            said = tr("{file}: {title}, {n} pages, nothing wrong")
            print(said.format(file=_one_line(file), title=_one_line(lesson.title), n=count(len(lesson.pages))))
    return 2 if bad else 0


def checked(file: str) -> Any:
    """The lesson in a file, its formulas tried too.

    Raises
    ------
    BadInput
        As ``stage.lesson.read_lesson``; also for the first formula that cannot be typeset.
    """
    from lstmviz.files import BadInput, caps, read_text
    from lstmviz.stage.lesson import parse_lesson

    text = read_text(file, cap=caps.LESSON_BYTES, kind=tr("a lesson"))
    lesson = parse_lesson(text, os.fspath(file))
    for number, page in enumerate(lesson.pages, start=1):
        for tex in formulas(page):
            fault = formula_fault(tex)
            if fault:
                place, line = tr("page {n}").format(n=number), line_of(tex, text, page.line)
                raise BadInput(file, place, fault, tr("TeX between dollar signs"), line=line)
    return lesson


def formulas(page: Any) -> Iterator[str]:
    """The TeX of every formula of a page: in its text, its questions and its notes."""
    blocks = (*page.before, *page.after, *page.notes)
    yield from (block.tex for block in blocks if block.tex)
    stretches = [block.runs for block in blocks] + [cell for block in blocks for row in block.rows for cell in row]
    stretches += [ask.ask for ask in page.asks] + [option.because for ask in page.asks for option in ask.options]
    stretches += [page.predict.ask] if page.predict else []
    stretches += [page.check.ask, page.check.hint] if page.check else []
    yield from (run.text for runs in stretches for run in runs if run.style == "math")


def formula_fault(tex: str) -> str:
    """Why a formula cannot be typeset, in one line; empty when it can."""
    from lstmviz.stage.lesson_resolve import PLACEHOLDER
    from lstmviz.stage.quantities import QUANTITIES

    tried = PLACEHOLDER.sub(lambda found: f"{{{SAMPLE}}}" if found[1] in QUANTITIES else found[0], tex)
    try:
        from lstmviz.views.formula import typeset
    except ImportError:  # no Qt on this machine: its system libraries are missing
        return _plain_fault(tried)
    try:
        typeset(tried, 16.0)
    except ValueError as error:
        return str(error)
    return ""


def _plain_fault(tex: str) -> str:
    import ziamath

    try:
        ziamath.Latex(tex)
    except Exception as error:  # ziamath and its parser raise some twenty kinds, none of them documented
        return tr("formula: {what}").format(what=type(error).__name__)
    return ""


def line_of(tex: str, text: str, first: int) -> int:
    """The line of a formula in the file, looked for from line ``first`` on; ``first`` when it is not found."""
    start = sum(len(line) + 1 for line in text.split("\n")[: first - 1])
    found = text.find(tex, start)
    return first if found < 0 else text.count("\n", 0, found) + 1


def run_play(arguments: argparse.Namespace) -> int:
    """Open the window with a lesson; a bad file is refused before any window opens."""
    from lstmviz.cli_window import can_open
    from lstmviz.files import BadInput
    from lstmviz.files.error_line import shortened

    lesson = checked(arguments.file)
    last = len(lesson.pages)
    if not (arguments.page.isdecimal() and len(arguments.page) < 10 and 1 <= int(arguments.page) <= last):
        wrong = tr("there is no page {page}").format(page=shortened(arguments.page))
        raise BadInput(arguments.file, "--page", wrong, tr("1 to {last}").format(last=last))
    if not can_open(tr("A lesson is played in the window; there is no display here.")):
        return 1
    from lstmviz.cli_window import app

    return int(app().open_app(lesson=lesson, page=int(arguments.page) - 1))


def run_new(arguments: argparse.Namespace) -> int:
    """Write a lesson to begin with into this folder; never over a file that is there."""
    from lstmviz.files import BadInput, atomic_save
    from lstmviz.resources import resource

    title = arguments.name.removesuffix(".md").strip()
    stem = "-".join("".join(c if c.isalnum() else " " for c in title).lower().split())
    if not stem or not title.isprintable() or len(title) > 80 or not set('"\\').isdisjoint(title):
        raise BadInput(
            "lstmviz lesson new", "NAME", tr("this is no title"), tr("such as Half-life, up to 80 characters")
        )
    path = Path(f"{stem}.md")
    if path.exists() or path.is_symlink():
        raise BadInput(path, "", tr("the file is there already"), tr("another name"))
    template = resource("lessons", "template.md").read_text(encoding="utf-8")
    atomic_save(path, template.replace("TITLE", title, 1).encode())
    print(tr("wrote {path}; try: lstmviz lesson play {path}").format(path=path))
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """Print the lessons that come with the program, and the page reached in each."""
    from lstmviz.stage.lesson import read_lesson
    from lstmviz.stage.lesson_list import shipped_lessons
    from lstmviz.stage.lesson_progress import LessonProgress

    progress = LessonProgress(progress_path())
    for path in shipped_lessons():
        lesson = read_lesson(path)
        reached = progress.of(lesson.file)
        said = tr("{number:>3}  {title}, {pages} pages, {minutes} minutes").format(
            number=lesson.number, title=lesson.title, pages=len(lesson.pages), minutes=lesson.minutes
        )
        if reached is not None:
            said += (
                tr("; finished") if reached.finished else tr("; page {page} reached").format(page=reached.furthest + 1)
            )
        print(f"{said}\n     {path}")
    return 0


def progress_path() -> Path:
    """Where the pages reached are kept: in the program's own data folder."""
    import platformdirs

    return Path(platformdirs.user_data_dir("lstmviz", appauthor=False)) / "lesson-progress.json"


def _one_line(text: str) -> str:
    from lstmviz.files.error_line import one_line

    return one_line(text)
