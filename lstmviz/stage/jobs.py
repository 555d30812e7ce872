"""Work too long for a tick: two threads at most, newest generation wins, results come back through a queue."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Post = Callable[[Any], None]


@dataclass(frozen=True, eq=False, slots=True)
class Result:
    """What a job posted: of which kind and generation, and what; ``error`` when it raised."""

    kind: str
    generation: int
    value: Any = None
    error: BaseException | None = None
    finished: bool = False


class Jobs:
    """Runs one job per kind; starting another of the same kind stops the one before."""

    def __init__(self) -> None:
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._generation: dict[str, int] = {}
        self._stops: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False

    def start(self, kind: str, work: Callable[[Post, threading.Event], Any]) -> int:
        """Run ``work(post, stop)`` in a thread; what it posts, and what it returns, comes out of ``take``.

        Parameters
        ----------
        kind : str
            Jobs of one kind replace each other.
        work : callable
            Must look at ``stop`` at least every 100 ms.
        """
        self.stop(kind)
        generation = self._generation.get(kind, 0) + 1
        if self._closed:
            return generation
        self._generation[kind] = generation
        stop = self._stops[kind] = threading.Event()

        def post(value: Any) -> None:
            self._results.put(Result(kind, generation, value))

        def run() -> None:
            try:
                value = work(post, stop)
            except Exception as error:  # shown as one banner line by the stage; a thread has nobody else to tell
                self._results.put(Result(kind, generation, error=error, finished=True))
            else:
                self._results.put(Result(kind, generation, value, finished=True))

        thread = threading.Thread(target=run, name=f"lstmviz {kind}")
        self._threads = [known for known in self._threads if known.is_alive()] + [thread]
        thread.start()
        return generation

    def stop(self, kind: str) -> None:
        """Ask the running job of this kind to stop, and drop what it still posts."""
        if kind in self._stops:
            self._stops[kind].set()
            self._generation[kind] += 1

    def take(self) -> list[Result]:
        """Results of the newest generation of each kind, in order."""
        taken: list[Result] = []
        while True:
            try:
                result = self._results.get_nowait()
            except queue.Empty:
                return taken
            if result.generation == self._generation.get(result.kind):
                taken.append(result)

    def close(self) -> None:
        """Stop all jobs and wait for their threads."""
        self._closed = True
        for kind in tuple(self._stops):
            self.stop(kind)
        for thread in self._threads:
            thread.join()
