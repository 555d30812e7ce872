"""The operations of one timestep as they are walked: the engine's equations, put together under the names on screen.

Nothing is said here of what a cell computes. ``lab.formulas`` has the equations; this file says which of them one press
of On does together, and drops what a variant lacks. The order is that on screen, changed where one needs the result
of another: a peephole's output gate comes after the cell state.

Words used in this file
    group      results that are computed together, under one name
    term       one summand of a sum that is computed before the sum: what h alone says of the cell state, and what
               comes along the cell state alone
    idle       an equation that only gives a number or another name: the variant lacks what would be computed there
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from lstmviz.lab.comparison import Comparison, Racer
from lstmviz.lab.formulas import Expression, Operation, operations
from lstmviz.words import tr

READ, ARRIVE, LEAVE = "read", "arrive", "leave"

# name of a group, and the results in it, the one that is shown first in front
GROUPS: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("rnn", "forward"): {READ: (), "sum": ("a",), "squash": ("h",)},
    ("rnn", "backward"): {ARRIVE: ("d_h",), "unsquash": ("d_a",), LEAVE: ("d_h_before", "d_x")},
    ("lstm", "forward"): {
        READ: (),
        "f": ("f", "z_f"),
        "i": ("i", "z_i"),
        "g": ("g", "z_g"),
        "o": ("o", "z_o"),
        "keep": ("kept",),
        "write": ("written",),
        "add": ("c",),
        "squash": ("tanh_c",),
        "expose": ("h",),
    },
    ("lstm", "backward"): {
        ARRIVE: ("d_h",),
        "unsquash": ("d_c_h",),
        "add": ("d_c",),
        "o": ("d_z_o", "d_o"),
        "write": ("d_i", "d_g"),
        "g": ("d_z_g",),
        "i": ("d_z_i",),
        "keep": ("d_c_along", "d_f"),
        "f": ("d_z_f",),
        LEAVE: ("d_h_before", "d_c_before", "d_i_before", "d_f_before", "d_o_before", "d_x"),
    },
    ("gru", "forward"): {
        READ: (),
        "r": ("r", "a_r"),
        "z": ("z", "a_z"),
        "n": ("n", "a_n", "hn", "rh"),
        "mix": ("h", "written", "kept"),
    },
    ("gru", "backward"): {
        ARRIVE: ("d_h",),
        "n": ("d_a_n", "d_n", "d_hn", "d_rh"),
        "z": ("d_a_z", "d_z"),
        "r": ("d_a_r", "d_r"),
        LEAVE: ("d_h_before", "d_h_along", "d_x"),
    },
}
# a summand with its own name: of which sum, and which value tells it
TERMS: dict[str, dict[str, tuple[str, str]]] = {
    "rnn": {},
    "lstm": {"d_c_h": ("d_c", "d_h"), "d_c_along": ("d_c_before", "f")},
    "gru": {"d_h_along": ("d_h_before", "z")},
}
SWAPPED = {READ: LEAVE, "expose": ARRIVE, "squash": "unsquash"}  # the same place of the diagram in the other pass


@dataclass(frozen=True, slots=True)
class Group:
    """What one press of On does."""

    key: str
    name: str  # in words
    operations: tuple[Operation, ...]  # the main one first; none where nothing but reading is done


def groups(cell: str, form: str, direction: str) -> tuple[Group, ...]:
    """The operations of one timestep in the order in which they are walked.

    Parameters
    ----------
    cell : "rnn", "lstm" or "gru"
    form : str
        Activation of the RNN, variant of the LSTM, place of the GRU's reset gate; "" for the usual one.
    direction : "forward" or "backward"
    """
    return _groups(cell, form, direction)


@cache
def _groups(cell: str, form: str, direction: str) -> tuple[Group, ...]:
    found = {one.result: one for one in equations_of(cell, form, direction)}
    table = dict(GROUPS[cell, direction])
    if "unsquash" in table and cell == "lstm" and not _squashes(form):
        table["add"] += table.pop("unsquash")
    given = frozenset(name for one in found.values() for name in one.operands) - frozenset(found)
    waiting = {key: tuple(found[name] for name in results if name in found) for key, results in table.items()}
    waiting = {key: made for key, made in waiting.items() if key == READ or any(map(_does, made))}
    order: list[Group] = []
    while waiting:
        known = given | _done(order, found)
        key = next(key for key, made in waiting.items() if _can_be_done(made, known))
        order.append(Group(key, name_of(key), waiting.pop(key)))
    return tuple(order)


def done_by(cell: str, form: str, direction: str, current: int) -> frozenset[str]:
    """Names of what the operations up to index ``current`` compute, and of what is only another name for it."""
    found = {one.result: one for one in equations_of(cell, form, direction)}
    return _done(list(groups(cell, form, direction)[: current + 1]), found)


def _done(order: list[Group], found: dict[str, Operation]) -> frozenset[str]:
    done = {one.result for group in order for one in group.operations}
    for one in found.values():  # in the order of computation
        if not _does(one) and done.issuperset(one.operands):
            done.add(one.result)
    return frozenset(done)


@dataclass(frozen=True, slots=True)
class Walk:
    """The operations of both passes of one cell: what the playhead goes through at level Operation."""

    cell: str = "lstm"
    form: str = ""

    def through(self, backward: bool) -> tuple[Group, ...]:
        """The operations of one timestep of a pass."""
        return groups(self.cell, self.form, "backward" if backward else "forward")

    def swapped(self, operation: int, backward: bool) -> int:
        """The operation (from 1) at the same place of the diagram in the other pass than ``backward`` says."""
        here, there = self.through(backward), self.through(not backward)
        return swapped(here[operation - 1].key, here, there) + 1


@cache
def equations_of(cell: str, form: str, direction: str) -> tuple[Operation, ...]:
    """The engine's equations of one timestep, with the terms that have a name of their own taken out of their sums."""
    constants = {one.result for one in operations(cell, form, "forward") if one.kind == "number"}
    found = []
    for one in operations(cell, form, direction):
        if one.result.removeprefix("d_") in constants and one.result.startswith("d_"):
            continue  # nothing to learn where there is no gate
        found += _with_terms(one, TERMS[cell])
    return tuple(found)


def swapped(key: str, here: tuple[Group, ...], there: tuple[Group, ...]) -> int:
    """Index, in the other pass, of the operation at the same place of the diagram; where there is none, mirrored."""
    other = SWAPPED | {value: key for key, value in SWAPPED.items()}
    wanted = other.get(key, key)
    keys = [group.key for group in there]
    if wanted in keys:
        return keys.index(wanted)
    index = [group.key for group in here].index(key)
    return max(0, min(len(there) - 1 - index, len(there) - 1))


def name_of(key: str) -> str:
    """An operation in words."""
    return {
        READ: tr("Read"),
        "sum": tr("Sum"),
        "squash": tr("Squash"),
        "unsquash": tr("Unsquash"),
        "f": tr("Forget gate"),
        "i": tr("Input gate"),
        "g": tr("Candidate"),
        "o": tr("Output gate"),
        "keep": tr("Keep"),
        "write": tr("Write"),
        "add": tr("Add"),
        "expose": tr("Expose"),
        "r": tr("Reset gate"),
        "z": tr("Update gate"),
        "n": tr("Candidate"),
        "mix": tr("Mix"),
        ARRIVE: tr("Arrive"),
        LEAVE: tr("Leave"),
    }[key]


def _with_terms(one: Operation, terms: dict[str, tuple[str, str]]) -> list[Operation]:
    """An equation, and before it the terms of its sum that have a name."""
    found: list[Operation] = []
    for term, (whole, tells) in terms.items():
        if one.result != whole:
            continue
        if one.expression.kind != "sum":
            return [replace(one, result=term, expression=flat(one.expression)), _same_as(one, term)]
        parts = list(one.expression.operands)
        place = next(at for at, part in enumerate(parts) if part.kind == "product" and tells in part.names())
        part = flat(parts[place])
        found.append(Operation(term, part.kind, part.names(), part))
        parts[place] = Expression("name", term)
        whole_sum = replace(one.expression, operands=tuple(parts))
        one = Operation(one.result, one.kind, whole_sum.names(), whole_sum)
    return [*found, replace(one, expression=flat(one.expression))]


def _same_as(one: Operation, term: str) -> Operation:
    same = Expression("name", term)
    return Operation(one.result, same.kind, same.names(), same)


def flat(expression: Expression) -> Expression:
    """The same with a · b · c as one product of three, and without factors of 1."""
    operands = tuple(flat(one) for one in expression.operands)
    if expression.kind == "product" and operands[0] != operands[-1]:  # a square stays one
        operands = tuple(part for one in operands for part in (one.operands if one.kind == "product" else (one,)))
        kept = tuple(one for one in operands if (one.kind, one.name) != ("number", "1"))
        operands = kept if len(kept) > 1 else operands
    return replace(expression, operands=operands)


def _squashes(form: str) -> bool:
    return any(one.result == "tanh_c" and _does(one) for one in operations("lstm", form))


def _does(one: Operation) -> bool:
    return one.kind not in ("number", "name")


def _can_be_done(made: tuple[Operation, ...], known: frozenset[str]) -> bool:
    together = known | {one.result for one in made}
    return all(name in together for one in made for name in one.operands)


def drawn_racer(comparison: Comparison | None, network: str) -> Racer | None:
    """The network whose operations are walked, and whose cell is drawn: the selected one, else the first."""
    return None if comparison is None else comparison.racer(network) or next(iter(comparison.racers), None)
