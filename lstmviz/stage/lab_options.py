"""What was set in each lab beyond what all labs share, as plain values: for session files.

Words used in this file
    option   one thing that a lab's desk was asked for: how to get it, how to set it, what it may be
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lstmviz.files import caps
from lstmviz.files.error_line import shortened
from lstmviz.stage.inspect_frame import OF_CELL
from lstmviz.stage.map_frame import LOWER, NORMS, STATES
from lstmviz.stage.session_reader import Reader
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.stage.stage import Stage

Options = Mapping[str, Mapping[str, Any]]  # by lab, by name
Check = Callable[[Reader, dict[str, Any], str, str], Any]
QUANTITIES = tuple(dict.fromkeys(name for names in OF_CELL.values() for name in names))
MOST_VOTES, LONGEST_KEY = 1000, 100


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a desk."""

    usual: Any
    get: Callable[[Any], Any]
    set: Callable[[Any, Any], None]
    check: Check


def _word(*known: str) -> Check:
    return lambda read, tree, place, key: read.word(tree, place, key, known)


def _switch(read: Reader, tree: dict[str, Any], place: str, key: str) -> bool:
    return read.switch(tree, place, key)


def _timestep(read: Reader, tree: dict[str, Any], place: str, key: str) -> int:
    return read.whole(tree, place, key, 1, caps.TIMESTEPS)


def _number(read: Reader, tree: dict[str, Any], place: str, key: str) -> float:
    value = tree[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        wrong = tr("{value} is not a number").format(value=shortened(str(value)))
        read.refuse(f"{place}: {key}", wrong, tr("such as {value}").format(value=0.5))
    return float(value)


def _list(read: Reader, tree: dict[str, Any], place: str, key: str) -> list[Any]:
    value = tree[key]
    if not isinstance(value, list):
        read.refuse(f"{place}: {key}", tr("this is no list"), "[...]")
    return value


def _words(*known: str) -> Check:
    def check(read: Reader, tree: dict[str, Any], place: str, key: str) -> list[str]:
        return [read.word({key: word}, place, key, known) for word in _list(read, tree, place, key)]

    return check


def _span(read: Reader, tree: dict[str, Any], place: str, key: str) -> list[int]:
    found = [read.whole({key: t}, place, key, 1, caps.TIMESTEPS) for t in _list(read, tree, place, key)]
    if len(found) != 2 or found[0] > found[1]:
        read.refuse(f"{place}: {key}", tr("this is no span of timesteps"), tr("first and last, such as [3, 7]"))
    return found


def _votes(read: Reader, tree: dict[str, Any], place: str, key: str) -> dict[str, bool]:
    value = tree[key]
    good = isinstance(value, dict) and len(value) <= MOST_VOTES and all(len(name) <= LONGEST_KEY for name in value)
    if not good:
        read.refuse(f"{place}: {key}", tr("these are no votes"), '{"claim 1": true}')
    return {name: read.switch(value, f"{place}: {key}", name) for name in value}


def _plain(name: str, usual: Any, check: Check, as_set: Callable[[Any], Any] = lambda value: value) -> Option:
    """An option that is an attribute of the desk."""

    def get(desk: Any) -> Any:
        value = getattr(desk, name)
        if isinstance(value, frozenset):
            return sorted(value)
        return list(value) if isinstance(value, tuple) else value

    return Option(usual, get, lambda desk, value: setattr(desk, name, as_set(value)), check)


def _asked(name: str, usual: Any, check: Check) -> Option:
    """An option that stands in the Cell desk's ``asked``."""

    def get(desk: Any) -> Any:
        value = getattr(desk.asked, name)
        return sorted(value) if isinstance(value, frozenset) else value

    def put(desk: Any, value: Any) -> None:
        desk.asked = replace(desk.asked, **{name: frozenset(value) if isinstance(value, list) else value})

    return Option(usual, get, put, check)


OPTIONS: dict[str, dict[str, Option]] = {
    "cell": {
        "shows": _asked("shows", None, _word("values", "gradients")),
        "paths": _asked("paths", ["along", "through"], _words("along", "through")),
        "checking": _asked("checking", False, _switch),
    },
    "inspect": {
        "colour_by": _plain("colour_by", "c", _word(*QUANTITIES)),
        "beside": _plain("beside", "", _word("rnn", "lstm", "gru")),
        "hidden": _plain("hidden", [], _words(*QUANTITIES), frozenset),
        "similar": _plain("similar", False, _switch),
        "threshold": _plain("threshold", None, _number),
        "brushed": _plain("brushed", None, _span, lambda span: None if span is None else tuple(span)),
    },
    "map": {
        "start": Option(1, lambda desk: desk.start, lambda desk, t: desk.put_start(t), _timestep),
        "end": Option(None, lambda desk: desk.end, lambda desk, t: desk.put_end(t), _timestep),
        "by": Option("h", lambda desk: desk.by, lambda desk, word: desk.set_by(word), _word(*STATES)),
        "norm": Option("frobenius", lambda desk: desk.norm, lambda desk, word: desk.set_norm(word), _word(*NORMS)),
        "lower": Option("singular", lambda desk: desk.lower, lambda desk, word: desk.set_lower(word), _word(*LOWER)),
    },
    "claims": {
        "votes": Option({}, lambda desk: desk.votes, lambda desk, votes: desk.put_votes(votes), _votes),
    },
}


def options_of(stage: Stage) -> Options:
    """What differs from the usual in the labs opened so far."""
    found = {}
    for lab, options in OPTIONS.items():
        desk = stage.labs.opened(lab)
        if desk is not None:
            now = {name: option.get(desk) for name, option in options.items()}
            other = {name: value for name, value in now.items() if value != options[name].usual}
            if other:
                found[lab] = other
    return found


def take_options(stage: Stage, wanted: Options) -> None:
    """Set what is given; the usual where nothing is. Desks are made only for labs of which something is."""
    for lab, options in OPTIONS.items():
        given = wanted.get(lab, {})
        desk = stage.labs.desk(lab) if given else stage.labs.opened(lab)
        if desk is not None:
            for name, option in options.items():
                option.set(desk, given.get(name, option.usual))


def read_options(read: Reader, tree: Any) -> Options:
    """The options in a session file."""
    read.keys(tree, "labs", tuple(OPTIONS))
    found = {}
    for lab, given in tree.items():
        place = f"labs: {lab}"
        read.keys(given, place, tuple(OPTIONS[lab]))
        found[lab] = {name: OPTIONS[lab][name].check(read, given, place, name) for name in given}
    return found
