"""The lessons that come with the program."""

from pathlib import Path

from lstmviz.resources import resource


def shipped_lessons() -> list[Path]:
    """The files of the lessons that come with the program, in their order."""
    return sorted(Path(str(file)) for file in resource("lessons").iterdir() if file.name[:2].isdigit())
