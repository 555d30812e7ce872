"""Running one function over many items: here, in threads, in processes, or on a Dask cluster; the results are the same.

Words used in this file
    item      what one run needs; with processes and Dask it travels to another process
    index     the place of an item among all items, from 0
    backend   where the runs happen: "serial", "threads", "processes" or "dask"

joblib and distributed are loaded when the first run starts, not before.
"""

import inspect
import itertools
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

from lstmviz.files import BadInput
from lstmviz.files.error_line import one_line, quoted, shortened
from lstmviz.words import tr

Item = TypeVar("Item")
Result = TypeVar("Result")
BACKENDS = ("serial", "threads", "processes", "dask")
MOST_WORKERS = 256
LOOK_EVERY = 0.05  # seconds between two looks at `stop`
CONNECT_WITHIN = 10  # seconds a Dask scheduler may take to answer
IDLE_FOR = 300  # seconds after which a worker process without work ends by itself
ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?[\w.-]+:\d{1,5}|(?:tcp|tls)://\[[0-9a-fA-F:]+\]:\d{1,5}")
# One thread for each product: the workers share the cores among themselves.
ONE_THREAD = dict.fromkeys(("NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Stop(Protocol):
    """What tells the runs to end: a ``threading.Event``, or anything else that can be asked."""

    def is_set(self) -> bool:
        """Whether they should end."""


class RunFailed(BadInput):
    """A run that raised, or whose process died; one line with the item, as every command prints it.

    Parameters
    ----------
    index : int
        Which item.
    item : object
        The item itself; shown cut to one line.
    wrong : str
        What happened.
    """

    def __init__(self, index: int, item: Any, wrong: str) -> None:
        super().__init__(tr("run {n}").format(n=index + 1), shortened(str(item)), wrong, "")
        self.args = (index, item, wrong)  # those of __init__, so that the error survives a trip between processes
        self.index = index


def run_all(
    function: Callable[..., Result],
    items: Iterable[Item],
    *,
    workers: int = 1,
    backend: str = "processes",
    scheduler: str = "",
    stop: Stop | None = None,
) -> Iterator[tuple[int, Result]]:
    """The results of ``function(item)`` for all items, in the order in which they are finished.

    Parameters
    ----------
    function : callable
        Of a module's top level. If it takes an argument ``stop``, it is given one in the backends "serial" and
        "threads", where a run can only end by itself.
    items : iterable
        May be long: only a few at a time are taken from it.
    workers : int
        Runs at a time, 1 to 256; with 1, and unless the backend is "dask", the runs happen in the calling thread.
        A Dask cluster has the workers that it has.
    backend : str
        "serial"; "threads", enough for what the kernels compute, as they let go of Python's lock; "processes",
        started afresh and never forked; "dask".
    scheduler : str
        Address of the Dask scheduler, such as ``tcp://127.0.0.1:8786``.
    stop : object with ``is_set()``, optional
        When set, nothing more is started or given out; processes are ended, threads waited for.

    Yields
    ------
    int, result
        Index of the item, and what the function returned.

    Raises
    ------
    BadInput
        For an unknown backend, a number of workers out of range, or a scheduler that does not answer.
    RunFailed
        When a run raised; the others are then stopped.
    """
    _check(workers, backend, scheduler)
    return _results(
        function, items, workers, "serial" if workers == 1 and backend != "dask" else backend, scheduler, stop
    )


def _check(workers: int, backend: str, scheduler: str) -> None:
    if backend not in BACKENDS:
        raise BadInput("run_all", "backend", tr("{value} is unknown").format(value=backend), ", ".join(BACKENDS))
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= MOST_WORKERS:
        what = tr("{value} is out of range").format(value=shortened(str(workers)))
        raise BadInput("run_all", "workers", what, tr("{low} to {high}").format(low=1, high=MOST_WORKERS))
    if backend == "dask" and not ADDRESS.fullmatch(scheduler):
        what = tr("{value} is no address").format(value=quoted(scheduler))
        raise BadInput("run_all", "scheduler", what, tr("such as tcp://127.0.0.1:8786"))


def _results(
    function: Callable[..., Result],
    items: Iterable[Item],
    workers: int,
    backend: str,
    scheduler: str,
    stop: Stop | None,
) -> Iterator[tuple[int, Result]]:
    stopping = _AnyStop(stop)
    call = partial(function, stop=stopping) if backend in ("serial", "threads") and _takes_stop(function) else function
    if backend == "serial":
        yield from _one_by_one(call, items, stopping)
        return
    with _executor(backend, workers, scheduler, stopping) as (executor, room):
        yield from _as_finished(executor, room, call, items, stopping)


class _AnyStop:
    """Set when the caller's is set, or when nobody waits for the results any more."""

    def __init__(self, theirs: Stop | None) -> None:
        self._theirs, self._ours = theirs, threading.Event()

    def set(self) -> None:
        self._ours.set()

    def is_set(self) -> bool:
        return self._ours.is_set() or (self._theirs is not None and self._theirs.is_set())


def _takes_stop(function: Callable[..., Any]) -> bool:
    return "stop" in inspect.signature(function).parameters


def _one_by_one(call: Callable[[Item], Result], items: Iterable[Item], stop: Stop) -> Iterator[tuple[int, Result]]:
    for index, item in enumerate(items):
        if stop.is_set():
            return
        try:
            result = call(item)
        except Exception as error:
            raise RunFailed(index, item, _told(error)) from error
        if stop.is_set():  # the run may have ended early because of it
            return
        yield index, result


def _as_finished(
    executor: Executor, room: Callable[[], int], call: Callable[[Item], Result], items: Iterable[Item], stop: Stop
) -> Iterator[tuple[int, Result]]:
    """Keep the workers busy with a few items ahead, and give out what is finished."""
    waiting = enumerate(items)
    running: dict[Future[Result], tuple[int, Item]] = {}
    while not stop.is_set():
        for index, item in itertools.islice(waiting, max(room() - len(running), 0)):
            running[executor.submit(call, item)] = index, item
        if not running:
            return
        done, _ = wait(running, timeout=LOOK_EVERY, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=lambda future: running[future][0]):
            index, item = running.pop(future)
            try:
                result = future.result()
            except (Exception, CancelledError) as error:
                raise RunFailed(index, item, _told(error)) from error
            if stop.is_set():
                return
            yield index, result


def _told(error: BaseException) -> str:
    """An exception in one line."""
    kind, text = type(error).__name__, one_line(" ".join(str(error).split()))
    if kind in ("TerminatedWorkerError", "BrokenProcessPool", "KilledWorker"):
        return tr("the worker's process ended; out of memory, perhaps")
    if isinstance(error, BadInput):
        return text
    return f"{kind}: {text}" if text else kind


@contextmanager
def _executor(
    backend: str, workers: int, scheduler: str, stop: _AnyStop
) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Where the runs happen, and how many items to hand over at a time; all of it ended on leaving."""
    ahead = 2 * workers  # one that runs and one that waits for each worker
    if backend == "threads":
        pool = ThreadPoolExecutor(workers, thread_name_prefix="run")
        try:
            yield pool, lambda: ahead
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
    elif backend == "processes":
        from joblib.externals.loky import ProcessPoolExecutor

        # loky starts a fresh interpreter for each worker, without the caller's script.
        processes = ProcessPoolExecutor(
            workers, timeout=IDLE_FOR, initializer=_begin, initargs=(os.getpid(),), env=ONE_THREAD
        )
        try:
            yield processes, lambda: ahead
        finally:
            processes.shutdown(kill_workers=True)
    else:
        with _client(scheduler) as client:
            yield client.get_executor(pure=False), lambda: 2 * max(sum(client.ncores().values()), 1)


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    """A connection to a Dask scheduler; what was handed over and not begun is taken back on leaving."""
    try:
        import distributed
    except ImportError as error:
        what, allowed = tr("distributed is not installed"), "pip install lstmviz[cluster]"
        raise BadInput("dask", scheduler, what, allowed) from error
    try:
        connect: Any = distributed.Client  # it carries no types
        client = connect(scheduler, timeout=CONNECT_WITHIN, set_as_default=False)
    except OSError as error:
        what = tr("no scheduler answered within {n} s").format(n=CONNECT_WITHIN)
        raise BadInput("dask", scheduler, what, tr("such as tcp://127.0.0.1:8786")) from error
    try:
        yield client
    finally:
        client.close()


def _begin(parent: int) -> None:
    """What each worker process does first: leave Ctrl-C to its parent, and end when that has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    # A parent that was killed can tell nobody: without this, its workers would wait for ever.
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
