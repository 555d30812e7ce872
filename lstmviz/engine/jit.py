"""The one decorator of all kernels, and how arrays are handed to them.

Importing this file imports Numba, so only kernel modules do, and they are imported when kernels are first
asked for (``choose``, ``warm_up``).
"""

import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast, overload

import numba
import numpy as np
from numba.core.caching import FunctionCache

from lstmviz.engine import cache_folder
from lstmviz.engine.arrays import Array, Parameters, Tape

Function = TypeVar("Function", bound=Callable[..., Any])
Arrays = TypeVar("Arrays", bound=Parameters | Tape)

log = logging.getLogger(__name__)
config: Any = numba.config
_config_lock = threading.Lock()


def kernel(function: Function) -> Function:
    """Compile ``function`` on its first call, and keep the machine code on disk where that is possible.

    ``nogil``: a kernel that held the GIL froze the window for 814 ms. ``error_model="numpy"``: the default
    puts a zero check into every division and the loop is not vectorised. Never ``fastmath``: it breaks nan.
    """
    if config.DISABLE_JIT:
        return function
    dispatcher: Any = numba.njit(nogil=True, error_model="numpy")(function)
    folder = _folder()
    if folder is not None:
        _keep_on_disk(dispatcher, folder)
    return cast(Function, dispatcher)


def inlined(function: Function) -> Function:
    """Make ``function`` part of every kernel that calls it, by LLVM: its vectors then stay in registers."""
    if config.DISABLE_JIT:
        return function
    return cast(Function, numba.njit(nogil=True, error_model="numpy", inline="always")(function))


@overload
def read_only(arrays: Array) -> Array: ...
@overload
def read_only(arrays: Arrays) -> Arrays: ...
def read_only(arrays: Any) -> Any:
    """Give a contiguous read-only view of an array, or of each array of a named tuple.

    Numba compiles anew for read-only arrays, and the layers above freeze theirs: with this, a kernel sees one type
    of input whatever the caller holds. Writing into an input then fails to compile, too.
    """
    if isinstance(arrays, tuple):
        return type(arrays)(*map(read_only, arrays))
    view = (arrays if arrays.flags.c_contiguous else np.ascontiguousarray(arrays)).view()
    view.setflags(write=False)
    return view


@cache
def _folder() -> Path | None:
    return cache_folder.open_folder()


def _keep_on_disk(dispatcher: Any, folder: Path) -> None:
    """Give a dispatcher a checked cache in ``folder``; leave other packages' Numba settings alone."""
    with _config_lock:
        theirs, config.CACHE_DIR = config.CACHE_DIR, str(folder)
        try:
            checked = CheckedCache(dispatcher.py_func)
        except (RuntimeError, OSError) as error:
            log.warning("kernels are not kept on disk: %s", error)
            return
        finally:
            config.CACHE_DIR = theirs
    if folder in Path(checked.cache_path).parents:  # NUMBA_CACHE_LOCATOR_CLASSES can lead elsewhere
        dispatcher._cache = checked


def _is_whole_by_now(folder: Path) -> bool:
    """Whether the checksums fit, given another process the time to write down those of a file it just wrote."""
    if cache_folder.is_whole(folder):
        return True
    time.sleep(0.1)
    return cache_folder.is_whole(folder)


class CheckedCache(FunctionCache):
    """Numba's cache on disk, which is a pickle of machine code without any check, behind checksums.

    A folder with a file that is not as it was written is emptied, and the kernels are compiled again.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Compiled code for one signature, or None if it has to be compiled."""
        folder = Path(self.cache_path)
        try:
            if _is_whole_by_now(folder):
                return super().load_overload(sig, target_context)
            reason = "a file is not as it was written"
        except Exception as error:  # unpickling what another Numba wrote may raise anything
            reason = f"{type(error).__name__}: {error}"
        log.warning("compiled kernels in the cache are thrown away and made again: %s", reason)
        cache_folder.wipe(folder)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep compiled code for the next start; without room or permission, do without."""
        try:
            super().save_overload(sig, data)
            cache_folder.seal(Path(self.cache_path))
        except OSError as error:
            log.warning("a compiled kernel is not kept on disk: %s", error)
