"""The diagram of a cell as data: what computes, and the wires between, derived from the engine's equations.

Nothing is drawn here by hand for a variant: a node is there when an operation of the equations has a result of its own,
a wire when an operation reads a value. ``places`` only says where.

Words used in this file
    node      what gives a result: a block (gate, candidate), a circle that multiplies or adds, a pill (tanh, a weight)
    reader    the node that a wire leads to; "out" beyond the right edge
    piece     a stretch of wire that carries a value to the same readers from end to end
    constant  a gate that the variant lacks: it is 1, and what it would multiply passes
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from lstmviz.stage.cell_operations import equations_of
from lstmviz.views.cell.places import (
    BLOCK,
    EDGE,
    FROM_C,
    FROM_GATES,
    FROM_H,
    FROM_X,
    STATE,
    WIDTH,
    Places,
    Point,
    places_of,
)

OUT = "out"
FUNCTIONS = {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU", "name": ""}
ROLES = {
    "f": "forget",
    "i": "input",
    "o": "output",
    "g": "candidate",
    "c": "cell",
    "h": "hidden",
    "z": "forget",
    "r": "input",
    "n": "candidate",
}


@dataclass(frozen=True, slots=True)
class Node:
    """What gives one result."""

    name: str
    kind: str  # "block", "circle", "pill" or "pass": nothing is done
    sign: str  # ×, +, tanh, U; of a block the function that gives its value
    x: float
    y: float
    results: tuple[str, ...]  # what is computed in it, its own result last

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of a block."""
        width, height = BLOCK
        return self.x - width / 2, self.y - height / 2, self.x + width / 2, self.y + height / 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of wire."""

    value: str  # name of what travels
    readers: tuple[str, ...]
    whole: bool  # it leads to all readers of the value
    points: tuple[Point, ...]  # from where the value is made to where it is read

    @property
    def role(self) -> str:
        """Which quantity's colour it has; "" for ink."""
        return ROLES.get(self.value.removesuffix("_before"), "")

    @property
    def length(self) -> float:
        """In units of the scene."""
        return sum(abs(b[0] - a[0]) + abs(b[1] - a[1]) for a, b in pairwise(self.points))


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """The diagram of one cell."""

    cell: str
    form: str
    places: Places
    nodes: dict[str, Node]
    pieces: tuple[Piece, ...]
    signs: tuple[tuple[str, str, Point], ...]  # of pills on wires: name, sign, middle
    wires: tuple[tuple[str, str], ...]  # value and the result that reads it, each once
    constants: frozenset[str]

    def node_of(self, result: str) -> Node | None:
        """The node that computes a result."""
        return next((node for node in self.nodes.values() if result in node.results), None)

    @property
    def blocks(self) -> tuple[Node, ...]:
        """Gates and candidates, from left to right."""
        return tuple(sorted((one for one in self.nodes.values() if one.kind == "block"), key=lambda one: one.x))


@dataclass(frozen=True, slots=True)
class _Step:
    """An operation as far as the picture cares."""

    result: str
    kind: str
    operands: tuple[str, ...]
    factor: str = ""  # an operand that enters as 1 minus itself


@cache
def plan_of(cell: str, form: str) -> Plan:
    """The diagram of a kind of cell.

    Parameters
    ----------
    cell : "rnn", "lstm" or "gru"
    form : str
        Activation of the RNN, variant of the LSTM, place of the GRU's reset gate.
    """
    places, steps = places_of(cell, form), _steps(cell, form)
    constants = frozenset(one.result for one in steps if one.kind == "number")
    nodes = _nodes(places, steps, constants)
    wires = [(value, one) for one in steps for value in one.operands if value not in constants]
    inside = {result: node.name for node in nodes.values() for result in node.results}
    readers: dict[str, list[str]] = {}
    for value, one in wires:
        if inside.get(value) != inside[one.result]:  # a sum that is made inside its block has no wire of its own
            readers.setdefault(value, []).append(inside[one.result])
    for value in places.leaves:
        readers.setdefault(value, []).append(OUT)
    pieces: list[Piece] = []
    for value, all_readers in readers.items():
        ways = {reader: _way(value, reader, nodes, places) for reader in all_readers}
        pieces += _cut(value, ways)
    signs = [("not_z", "1 −", places.pills["not_z"]) for one in steps if one.factor and "not_z" in places.pills]
    if not places.below:
        signs += [(sign, sign, places.nodes[sign]) for sign in "UW"]
    return Plan(
        cell,
        form,
        places,
        nodes,
        tuple(pieces),
        tuple(signs),
        tuple((value, one.result) for value, one in wires),
        constants,
    )


# ----------------------------------------------------------------------------- nodes


def _steps(cell: str, form: str) -> tuple[_Step, ...]:
    """The equations, with the product inside a sum as an operation of its own."""
    found = []
    for one in equations_of(cell, form, "forward"):
        operands = tuple(name for name in one.operands if not name.startswith("p_"))
        factor = ""
        for inner in one.expression.operands:
            values = inner.names()
            if inner.kind == "product" and len(values) == 2 and not any(name.startswith("p_") for name in values):
                product = "".join(values)
                found.append(_Step(product, "product", values))
                operands = (*(name for name in operands if name not in values), product)
            if inner.kind == "difference" and one.kind == "product":
                (factor,) = values
        found.append(_Step(one.result, one.kind, operands, factor))
    return tuple(found)


def _nodes(places: Places, steps: tuple[_Step, ...], constants: frozenset[str]) -> dict[str, Node]:
    sums = {one.result for one in steps if one.kind == "affine" and one.result not in places.nodes}
    nodes = {}
    for one in steps:
        if one.result in constants or one.result in sums:
            continue
        x, y = places.nodes[one.result]
        inner = tuple(name for name in one.operands if name in sums)
        kind, sign = _look(one, bool(inner) or one.operands == ("a",), constants)
        nodes[one.result] = Node(one.result, kind, sign, x, y, (*inner, one.result))
    return nodes


def _look(one: _Step, block: bool, constants: frozenset[str]) -> tuple[str, str]:
    """Kind and sign of what computes an operation."""
    if block:
        return "block", FUNCTIONS[one.kind]
    if one.kind == "difference":
        return "block", "1 −"
    if one.kind == "product":
        return ("pill", "1") if constants.intersection(one.operands) else ("circle", "×")
    if one.kind == "sum" or one.result == "a":
        return "circle", "+"
    if one.kind == "affine":
        return "pill", "U"
    return ("pass", "") if one.kind == "name" else ("pill", FUNCTIONS[one.kind])


# ----------------------------------------------------------------------------- wires


def _way(value: str, reader: str, nodes: dict[str, Node], places: Places) -> tuple[Point, ...]:
    """The corners of a wire from where a value is made to where it is read."""
    source = nodes.get(value)
    if reader == OUT:
        goal, side = (WIDTH - EDGE, places.leaves[value]), OUT
    else:
        goal, side = _entry(value, source, nodes[reader], places)
    if source is None:
        corners = list(places.starts[value])
    elif source.kind == "block":
        _, top, right, bottom = source.box
        corners = [(right, goal[1])] if top < goal[1] < bottom and side != "right" else [(source.x, top)]
    else:
        corners = [(source.x, source.y)]
    level = corners[-1][1] == goal[1]
    detour = () if level and side == "node" else places.detours.get((value, side), ())
    corners += [point for point in detour if point != corners[-1]]
    x, y = corners[-1]
    along = source is None or bool(detour) or (source.kind == "circle" and y in (STATE, *places.leaves.values()))
    if x != goal[0] and y != goal[1]:
        corners.append((goal[0], y) if along and side != "right" else (x, goal[1]))
    return _straightened((*corners, goal))


def _entry(value: str, source: Node | None, node: Node, places: Places) -> tuple[Point, str]:
    """Where a wire enters a node, and at which side."""
    if node.kind != "block":
        return (node.x, node.y), "node"
    left, top, right, bottom = node.box
    if value in ("x", "h_before") and places.below:
        return (node.x + (FROM_X if value == "x" else FROM_H), bottom), "bottom"
    if source is not None and source.kind == "block":
        return (right, node.y), "right"
    if source is not None and top < source.y < bottom:
        return (left, source.y), "left"
    gates = ("i_before", "f_before", "o_before")
    offset = FROM_GATES[gates.index(value)] if value in gates else FROM_C
    return (node.x + offset, top), "top"


def _straightened(points: Iterable[Point]) -> tuple[Point, ...]:
    """Without corners at which nothing turns."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _cut(value: str, ways: dict[str, tuple[Point, ...]]) -> list[Piece]:
    """The ways of one value, cut where they part: what they share is one piece."""
    corners = {point for way in ways.values() for point in way}
    carried: dict[tuple[Point, Point], list[str]] = {}
    links = {reader: _links(way, corners) for reader, way in ways.items()}
    for reader, found in links.items():
        for link in found:
            carried.setdefault(link, []).append(reader)
    pieces: list[Piece] = []
    for reader, found in links.items():
        points: list[Point] = []
        for k, link in enumerate(found):
            points = points or [link[0]]
            points.append(link[1])
            if k + 1 == len(found) or carried[found[k + 1]] != carried[link]:
                readers = tuple(carried[link])
                if readers[0] == reader:  # the others share it
                    pieces.append(Piece(value, readers, len(readers) == len(ways), _straightened(points)))
                points = []
    return pieces


def _links(way: tuple[Point, ...], corners: set[Point]) -> list[tuple[Point, Point]]:
    """A way as links from one corner, its own or another way's, to the next."""
    found = []
    for a, b in pairwise(way):
        between = [one for one in corners if one not in (a, b) and _lies_between(one, a, b)]
        stops = [a, *sorted(between, key=lambda one: abs(one[0] - a[0]) + abs(one[1] - a[1])), b]
        found += list(pairwise(stops))
    return found


def _lies_between(point: Point, a: Point, b: Point) -> bool:
    if a[0] == b[0] == point[0]:
        return min(a[1], b[1]) < point[1] < max(a[1], b[1])
    return a[1] == b[1] == point[1] and min(a[0], b[0]) < point[0] < max(a[0], b[0])
