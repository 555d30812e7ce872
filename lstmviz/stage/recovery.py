"""What a crash leaves: the session is kept in the program's own folder every minute, and offered at the next start.

Words used in this file
    generation   one of the three newest kept sessions; 1 is the newest
    left         what a program that did not end properly has left there
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from lstmviz.files import BadInput, atomic_save, caps
from lstmviz.stage.session import SUFFIX, Session, read_session, session_bytes, session_of
from lstmviz.stage.session_files import data_sidecar, sidecar

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

EVERY = 60.0  # seconds
GENERATIONS = 3
BESIDE = ("?" * 16 + ".safetensors", "own-*.csv", "own-*.txt")  # what was too large for a session
LOG = logging.getLogger(__name__)


class Recovery:
    """Keeps the session of a stage while the program runs, in a folder of its own.

    Parameters
    ----------
    stage : Stage
    folder : Path
        Made when something is kept; nothing else stands in it.
    """

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage, self._folder = stage, folder
        self._waited = 0.0
        self._kept = b""
        self.left = self._left()  # of the program before this one

    def _file(self, generation: int) -> Path:
        return self._folder / f"session-{generation}{SUFFIX}"

    def _left(self) -> Session | None:
        """The newest generation that can be read; it is offered once, and moved aside."""
        for generation in range(1, GENERATIONS + 1):
            path = self._file(generation)
            if not path.exists():
                continue
            try:
                found = read_session(path)
            except BadInput as error:
                LOG.warning("a kept session cannot be read: %s", error)
                continue
            with contextlib.suppress(OSError):
                path.replace(self._folder / f"session-left{SUFFIX}")
            return found
        return None

    def tick(self, dt: float) -> None:
        """Keep the session once a minute, if it has changed."""
        self._waited += dt
        if self._waited >= EVERY:
            self._waited = 0.0
            self.keep()

    def keep(self) -> None:
        """Keep the session now, if it has changed; that it cannot be kept is logged, and no reason to stop."""
        now = session_bytes(session_of(self._stage))
        if now == self._kept:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._keep_large()
            for generation in range(GENERATIONS, 1, -1):
                with contextlib.suppress(FileNotFoundError):
                    self._file(generation - 1).replace(self._file(generation))
            atomic_save(self._file(1), now)
            self._kept = now
        except (OSError, BadInput) as error:
            LOG.warning("the session was not kept: %s", error)

    def _keep_large(self) -> None:
        """Weights and data that are too large for a session stand beside it, once."""
        opened = self._stage.opened
        if opened is not None and len(opened.data) > caps.SESSION_WEIGHTS_BYTES:
            self._keep_beside(sidecar(opened), opened.data)
        data = data_sidecar(self._stage.settings.task)
        if data is not None:
            self._keep_beside(*data)

    def _keep_beside(self, name: str, content: bytes) -> None:
        path = self._folder / name
        if not path.exists():
            atomic_save(path, content)

    def close(self) -> None:
        """The program ends properly: nothing is left to recover."""
        kept = [self._file(generation) for generation in range(1, GENERATIONS + 1)]
        beside = [path for name in BESIDE for path in self._folder.glob(name)]
        for path in (*kept, *beside):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
