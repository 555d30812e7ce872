"""``lstmviz``, ``lstmviz picture``, ``lstmviz lecture`` and ``lstmviz doctor``: what may need Qt."""

import argparse
import gc
import importlib
import os
import sys
from types import ModuleType
from typing import Any

from lstmviz.stage.lab_names import EXISTING
from lstmviz.words import tr

PICTURES = (".png", ".svg", ".pdf", ".gif", ".apng", ".mp4", ".csv", ".npz")


def add_parsers(commands: Any) -> None:
    """Add ``picture``, ``open``, ``lecture`` and ``doctor`` to the commands."""
    picture = commands.add_parser("picture", help=tr("render a lab as the window shows it"))
    picture.add_argument("lab", choices=EXISTING, help=tr("which lab"))
    picture.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="F.png",
        help=tr("F.png, F.svg, F.pdf; films F.gif, F.apng, F.mp4; numbers F.csv, F.npz"),
    )
    picture.add_argument("--size", default="1440x900", help=tr("width x height in pixels (1440x900)"))
    picture.add_argument("--theme", default="light", choices=("light", "dark", "projector"), help=tr("(light)"))
    picture.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help=tr("e.g. gap=80; repeatable"))
    picture.set_defaults(run=run_picture)
    opener = commands.add_parser(
        "open", help=tr("open the window with weights, a table, a text, a session or a lesson")
    )
    opener.add_argument("file", help=tr("F.safetensors, F.npz, F.csv, F.tsv, F.txt, F.lstmviz or F.md"))
    opener.set_defaults(run=run_open)
    lecture = commands.add_parser("lecture", help=tr("show a lesson on the projector, with a presenter window"))
    lecture.add_argument("file", help=tr("a lesson"))
    lecture.set_defaults(run=run_lecture)
    doctor = commands.add_parser("doctor", help=tr("say what is there, what is missing, and the line that mends it"))
    doctor.set_defaults(run=run_doctor)


def app() -> ModuleType:
    """``lstmviz.app``, imported without a search for garbage: nothing is, and looking takes a tenth of a second."""
    gc.disable()
    try:
        return importlib.import_module("lstmviz.app")
    finally:
        gc.enable()


def has_display() -> bool:
    """Whether a window can be opened: a display is there, or a platform was chosen by hand."""
    from lstmviz import doctor

    return bool(os.environ.get("QT_QPA_PLATFORM")) or doctor.has_display()


def qt_is_missing(window: bool) -> str:
    """Why Qt cannot be used here, with the line that mends it; empty when it can."""
    from lstmviz import doctor

    missing = doctor.missing_qt_libraries(window=window)
    if not missing:
        return ""
    return tr("Qt needs system libraries that are not here; this line installs them: {line}").format(
        line=doctor.install_line(missing)
    )


def can_open(no_display: str) -> bool:
    """Whether a window can be opened here; if not, why not is printed, ``no_display`` where there is no display."""
    wrong = no_display
    if has_display():
        wrong = qt_is_missing(window=os.environ.get("QT_QPA_PLATFORM", "") != "offscreen")
    if wrong:
        print(wrong, file=sys.stderr)
    return not wrong


def run_window(arguments: argparse.Namespace) -> int:
    """Open the window; where there is no display, do the main job headless."""
    if not has_display():
        return headless(tr("No display: the comparison is written instead."))
    missing = qt_is_missing(window=os.environ.get("QT_QPA_PLATFORM", "") != "offscreen")
    if missing:
        return headless(missing)
    return int(app().open_app())


def run_open(arguments: argparse.Namespace) -> int:
    """Open the window with a file in it."""
    from pathlib import Path

    from lstmviz.stage.openable import check_file

    path = Path(arguments.file)
    check_file(path)  # a bad file is refused before any window opens
    if not can_open(tr("A window needs a display; there is none. Try: lstmviz picture, lstmviz trace")):
        return 1
    return int(app().open_app(file=path))


def headless(reason: str) -> int:
    """The main job without a window: print the table, write numbers and picture, and say where."""
    from lstmviz.cli import home_of_outputs
    from lstmviz.cli_compare import deliver, started, summary, writer_for, wrote_line
    from lstmviz.lab.settings import Settings

    print(reason, file=sys.stderr)
    comparison = started(Settings())
    print(summary(comparison))
    folder = home_of_outputs()
    for kind, name in (("json", "lstmviz-race.json"), ("csv", "lstmviz-race.csv"), ("figure", "lstmviz-race.png")):
        path = str(folder / name)
        deliver(path, writer_for(kind, path)(comparison))
        print(wrote_line(path))
    return 0


def run_picture(arguments: argparse.Namespace) -> int:
    """Render a lab offscreen, exactly as the window shows it."""
    from lstmviz.cli_compare import check_targets, wrote_line
    from lstmviz.files import BadInput

    changes = dict(setting(text) for text in arguments.set)
    size = size_of(arguments.size)
    if not arguments.output.lower().endswith(PICTURES):
        raise BadInput(arguments.output, "-o", tr("unknown kind of picture"), ", ".join(PICTURES))
    check_targets([arguments.output])
    missing = qt_is_missing(window=False)
    if missing:
        print(missing, file=sys.stderr)
        return 1
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from lstmviz.views.picture import save_picture

    save_picture(arguments.lab, arguments.output, size, arguments.theme, changes)
    print(wrote_line(arguments.output))
    return 0


def setting(text: str) -> tuple[str, str]:
    """Key and value of one ``--set KEY=VALUE``."""
    from lstmviz.files import BadInput

    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise BadInput("lstmviz picture", "--set", tr("{text} has no key and value").format(text=text), "KEY=VALUE")
    return key.strip(), value.strip()


def size_of(text: str) -> tuple[int, int]:
    """Width and height of ``1920x1080``."""
    from lstmviz.files import BadInput
    from lstmviz.files.error_line import shortened

    width, _, height = text.lower().partition("x")
    text = shortened(text)
    if not (width.isdecimal() and height.isdecimal() and max(len(width), len(height)) < 10):
        raise BadInput("lstmviz picture", "--size", tr("{text} is no size").format(text=text), "1920x1080")
    size = int(width), int(height)
    if not (640 <= size[0] <= 7680 and 400 <= size[1] <= 4320):
        allowed = tr("640x400 to 7680x4320")
        raise BadInput("lstmviz picture", "--size", tr("{text} is out of range").format(text=text), allowed)
    return size


def run_lecture(arguments: argparse.Namespace) -> int:
    """Show a lesson on the projector and its notes on the desk."""
    from lstmviz.stage.lesson import read_lesson

    lesson = read_lesson(arguments.file)  # a bad file is refused before any window opens
    if not can_open(tr("A lecture needs a display; there is none.")):
        return 1
    return int(app().open_app(lesson=lesson, lecture=True))


def run_doctor(arguments: argparse.Namespace) -> int:
    """Say what is there, what is missing, and the line that mends it."""
    from lstmviz import doctor

    return int(doctor.main([]))
