"""Files that take long to make: in a thread, with progress in words, and given up when asked.

Words used in this file
    make     makes the bytes of a file; told how many of all parts are done, it raises once it shall stop
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lstmviz.files import BadInput, atomic_save
from lstmviz.files.error_line import one_line, shortened
from lstmviz.lab.animation import ENDINGS as FILMS
from lstmviz.lab.animation import Report, check_film, film_bytes
from lstmviz.stage.jobs import Post, Result
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

__all__ = ["FILMS", "ExportDesk", "Make", "Report", "check_film", "film_bytes"]

KIND = "export"
Make = Callable[[Report], bytes]


class _Stopped(Exception):
    """It was told to stop; nothing is saved."""


class ExportDesk:
    """Saves one file at a time in a thread.

    Parameters
    ----------
    stage : Stage
        Told in one line how far it is, what was saved, or why not.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.busy = ""  # the name of the file that is made

    def save(self, path: str | os.PathLike[str], make: Make) -> None:
        """Make a file and save it; the old file or the new one is left, never half of one."""
        self.busy = named(path)

        def work(post: Post, stop: threading.Event) -> str:
            def report(done: int, total: int) -> None:
                if stop.is_set():
                    raise _Stopped
                post((done, total))

            try:
                data = make(report)
                if stop.is_set():
                    return ""
                atomic_save(path, data)
            except _Stopped:
                return ""
            except BadInput as error:
                return str(error)
            return tr("Saved {name}").format(name=named(path))

        self._stage.jobs.start(KIND, work)

    def cancel(self) -> bool:
        """Give the file up; whether there was one."""
        if not self.busy:
            return False
        self._stage.jobs.stop(KIND)
        self.busy = ""
        return True

    def take(self, result: Result) -> None:
        """Say what the thread posted."""
        if isinstance(result.value, tuple):
            done, total = result.value
            words = tr("{name}: picture {done} of {all} is packed; Esc gives up")
            self._stage.notify(words.format(name=self.busy, done=done, all=total))
        elif isinstance(result.value, str) and result.value:
            self._stage.notify(result.value)
        if result.finished:
            self.busy = ""


def named(path: str | os.PathLike[str]) -> str:
    """A file's name as it is said."""
    return shortened(one_line(Path(path).name))
