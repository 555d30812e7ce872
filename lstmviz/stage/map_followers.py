"""What the Map works out after its maps, in a thread: singular values, Lyapunov exponents, and paths of the gradient.

Words used in this file
    follower   one of the three, of one network
    missing    a follower that is not worked out, and why in words
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lstmviz.files import BadInput
from lstmviz.lab.comparison import Comparison, Racer
from lstmviz.lab.path_split import path_split
from lstmviz.lab.spectrum import lyapunov, singular_values_from
from lstmviz.lab.trace import Trace
from lstmviz.stage.jobs import Post
from lstmviz.stage.map_frame import Exponents, Missing, Paths, SingularValues
from lstmviz.words import count, tr

REST = 0.15  # seconds without another change before the work begins: a drag would start a thread at every notch
MOST_ENDS = 24  # timesteps at which all singular values are worked out: each takes 5 to 30 ms
MOST_WORK = 4.0e9  # multiplications of a follower that cannot be stopped half-way: about a second


@dataclass(frozen=True, eq=False, slots=True)
class Followers:
    """What is known of the networks beside their maps."""

    singular: tuple[SingularValues, ...] = ()
    exponents: tuple[Exponents, ...] = ()
    paths: tuple[Paths, ...] = ()
    missing: tuple[Missing, ...] = ()
    done: int = 0
    total: int = 0


def all_followers(comparison: Comparison, start: int, post: Post, stop: threading.Event) -> Followers | None:
    """All followers, one network after the other; quick ones first, so that none is waited for long.

    Parameters
    ----------
    comparison : Comparison
    start : int
        k, from which on singular values are taken.
    post : callable
        Given what is known so far.
    stop : Event
        Looked at between any two timesteps or networks.

    Returns
    -------
    Followers or None
        None when stopped.
    """
    found = Followers(total=len(comparison.racers))
    if stop.wait(REST):
        return None
    for racer in comparison.racers:
        for work in (_with_exponents, _with_paths):
            if stop.is_set():
                return None
            found = work(found, racer)
    post(found)
    for racer in comparison.racers:
        ends: list[int] = []
        rows = []
        try:
            for end, log10 in _singular(racer.trace, start):
                if stop.is_set():
                    return None
                ends.append(end)
                rows.append(log10)
        except BadInput as error:
            found = _without(found, "singular", racer, error)
        else:
            one = SingularValues(racer.network.cell, tuple(ends), np.array(rows))
            found = replace(found, singular=(*found.singular, one))
        found = replace(found, done=found.done + 1)
        post(found)
    return found


def numbers_in_state(trace: Trace) -> int:
    """S: c and h of an LSTM, h of the others."""
    return (2 if trace.network.cell == "lstm" else 1) * trace.network.hidden


def _without(found: Followers, lower: str, racer: Racer, error: BadInput) -> Followers:
    return replace(found, missing=(*found.missing, Missing(lower, racer.network.cell, error.wrong)))


def _check_work(work: float, trace: Trace) -> None:
    if work > MOST_WORK:
        what = tr("too slow with {n} numbers in the state").format(n=count(numbers_in_state(trace)))
        raise BadInput("map", "units", what, tr("fewer units or timesteps"))


def _singular(trace: Trace, start: int) -> Iterator[tuple[int, NDArray[np.floating]]]:
    last = trace.timesteps
    _check_work(100 * numbers_in_state(trace) ** 3, trace)
    ends = np.unique(np.linspace(start, last, min(MOST_ENDS, last - start + 1)).round().astype(int))
    yield from singular_values_from(trace, start, tuple(int(end) for end in ends))


def _with_exponents(found: Followers, racer: Racer) -> Followers:
    try:
        _check_work(10 * racer.trace.timesteps * numbers_in_state(racer.trace) ** 3, racer.trace)
        exponents = lyapunov(racer.trace)
    except BadInput as error:
        return _without(found, "lyapunov", racer, error)
    order = np.argsort(-exponents.running[-1], kind="stable")
    one = Exponents(racer.network.cell, exponents.running[:, order], exponents.half_life)
    return replace(found, exponents=(*found.exponents, one))


def _with_paths(found: Followers, racer: Racer) -> Followers:
    try:
        paths = path_split(racer.trace)
    except BadInput as error:
        return _without(found, "paths", racer, error)
    split, of = (paths.h, "h") if paths.c is None else (paths.c, "c")
    flow = racer.trace.flow
    log10 = flow.log10_h if of == "h" else flow.log10_c
    assert log10 is not None
    one = Paths(racer.network.cell, of, split.ways, split.share[:, 1:, 0], log10[1:])
    return replace(found, paths=(*found.paths, one))
