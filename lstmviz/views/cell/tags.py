"""Every number of the diagram: what it says, in print and in words, and where it stands.

Words used in this file
    tag      a number at a wire
    part     what a block's sum gets from one side; its number stands on the wire under the block
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lstmviz.stage.cell_frame import CellPart
from lstmviz.views.cell.gradients import gradient_at
from lstmviz.views.cell.places import BIAS, FROM_C, FROM_GATES, FROM_H, FROM_X, HIDDEN, PARTS, Point, Side
from lstmviz.views.cell.plan import OUT, Node, Piece, Plan
from lstmviz.words import MINUS, count, decimal, number, tr

GATES_BEFORE = ("i_before", "f_before", "o_before")
LARGE = 1000.0  # from here on a value has four digits instead of three decimals


@dataclass(frozen=True, slots=True)
class Tag:
    """One number and where it stands."""

    name: str  # of the value, or of the gradient
    text: str
    words: str  # for screen readers: "cell state, timestep 21, 0.096, was 1.603"
    was: str  # without interventions; "" where nothing differs
    x: float  # left end, middle or right end
    y: float  # middle of the line
    side: Side
    reached: bool
    current: bool  # the operation on show computes it
    part: bool = False  # small, on its wire


def value_text(value: float) -> str:
    """A value as it stands on a wire: three decimals; four digits from 1000 on."""
    return decimal(value, 3) if not abs(value) >= LARGE else number(value, 4)


def gradient_text(value: float) -> str:
    """A gradient as it stands on a wire: its sign and two digits."""
    if not math.isfinite(value) or value == 0:
        return number(value)
    return ("+" if value > 0 else "") + number(value).replace(" × ", "×")


def _was(text: str) -> str:
    return tr("was {value}").format(value=text)


def tags_of(plan: Plan, part: CellPart) -> tuple[Tag, ...]:
    """The numbers of the diagram, of values or of gradients, in reading order."""
    made = _values(plan, part) if part.shows == "values" else _gradients(plan, part)
    return tuple(sorted(made, key=lambda one: (one.y, one.x)))


def name_of(name: str) -> str:
    """A value in words."""
    bare, before = name.removesuffix("_before"), name.endswith("_before")
    known = {
        "c": tr("cell state"),
        "h": tr("hidden state"),
        "f": tr("forget gate"),
        "i": tr("input gate"),
        "o": tr("output gate"),
        "g": tr("candidate"),
        "r": tr("reset gate"),
        "z": tr("update gate"),
        "n": tr("candidate"),
        "a": tr("pre-activation"),
        "x": tr("input"),
        "kept": tr("what is kept"),
        "written": tr("what is written"),
        "tanh_c": tr("output activation"),
        "hn": tr("what the hidden state tells the candidate"),
        "rh": tr("what the reset gate lets through"),
        "rhn": tr("what the reset gate lets through"),
    }
    said = known.get(bare, bare)
    return tr("{name} before").format(name=said) if before else said


# ----------------------------------------------------------------------------- values


def _values(plan: Plan, part: CellPart) -> Iterator[Tag]:
    told = set()
    for piece in plan.pieces:
        node = plan.nodes.get(piece.value)
        silent = piece.value == "x" or (node is not None and node.kind in ("block", "pass"))
        if silent or not piece.whole or piece.value in told:
            continue  # a block says its own number
        told.add(piece.value)
        yield _value(plan, part, piece.value, _place(plan, piece, ""))
        if piece.value == "c" and len(piece.readers) > 1:
            yield _value(plan, part, "c", plan.places.numbers["c", OUT])
    if plan.cell != "lstm" and "h" not in told:
        yield _value(plan, part, "h", plan.places.numbers["h", ""])
    if "not_z" in plan.places.pills:
        yield _value(plan, part, "not_z", plan.places.numbers["z", "written"])
    yield from _parts(plan, part)


def _value(plan: Plan, part: CellPart, name: str, place: tuple[float, float, Side]) -> Tag:
    base = {"not_z": "z", "rhn": "a_n"}.get(name, name)
    value = part.values.get(name, math.nan)
    before = part.was.get(name)
    text = value_text(value)
    was = "" if before is None or value_text(before) == text else _was(value_text(before))
    t = part.t - 1 if name.endswith("_before") else part.t
    words = [name_of(name), tr("timestep {t}").format(t=count(t)), text]
    if was:
        words.append(was)
    reached = base in part.reached or base not in {result for node in plan.nodes.values() for result in node.results}
    now = base in part.operations[part.current].result
    small = name in GATES_BEFORE
    return Tag(name, text, tr(", ").join(words), "" if small else was, *place, reached=reached, current=now, part=small)


def _parts(plan: Plan, part: CellPart) -> Iterator[Tag]:
    """What each sum is made of, on the wires that bring it."""
    for name, node, x, y in part_places(plan):
        if name in part.values:
            yield _part(name, node, part.values, (x, y, "middle"), plan, part)


def part_places(plan: Plan) -> Iterator[tuple[str, str, float, float]]:
    """Name of a part, the result it belongs to, and the middle of its number."""
    if not plan.places.below:
        y = HIDDEN
        x, up = plan.nodes["a"].x, plan.nodes["a"].y
        yield "h_a", "a", (plan.places.nodes["U"][0] + x) / 2 + 6, y
        yield "x_a", "a", x, (plan.places.nodes["W"][1] + up) / 2
        yield "b_a", "a", x, (plan.places.nodes["b"][1] + up) / 2
        return
    for node in plan.blocks:
        if len(node.results) < 2:
            continue
        top = node.box[1] - 17
        for letter, offset, y in (
            ("h", FROM_H, PARTS),
            ("x", FROM_X, PARTS),
            ("b", BIAS, PARTS),
            ("p", FROM_C, top),
            ("r", FROM_GATES[1], top + 7),
        ):
            yield f"{letter}_{node.name}", node.results[0], node.x + offset, y


def _part(
    name: str, result: str, numbers: Mapping[str, float], place: tuple[float, float, Side], plan: Plan, part: CellPart
) -> Tag:
    sources = {
        "x": tr("from the input"),
        "h": tr("from the hidden state"),
        "b": tr("bias"),
        "p": tr("from the cell state"),
        "r": tr("from the gates before"),
    }
    text = value_text(numbers[name])
    node = plan.node_of(result)
    words = [name_of(node.name if node else result), sources[name[0]], text]
    now = result in part.operations[part.current].result
    return Tag(name, text, tr(", ").join(words), "", *place, reached=result in part.reached, current=now, part=True)


# ----------------------------------------------------------------------------- gradients


def _gradients(plan: Plan, part: CellPart) -> Iterator[Tag]:
    for piece in plan.pieces:
        if piece.value == "x":
            continue
        node = plan.nodes.get(piece.value)
        if node is not None and node.kind == "pass":
            continue
        if piece.value in plan.places.starts and len(piece.readers) == 1 and not piece.whole:
            reader = plan.nodes[piece.readers[0]]
            if reader.kind == "block":  # what goes back through one gate
                yield from _back_through(piece, reader, plan, part)
                continue
        several = piece.whole and len(piece.readers) > 1 and (piece.value, "*") in plan.places.numbers
        key = (piece.value, "*" if several else "") if piece.whole else (piece.value, _named(piece, plan))
        if key in plan.places.numbers:
            tag = _gradient(plan, part, piece, plan.places.numbers[key], piece.value in GATES_BEFORE)
            if tag is not None:
                yield tag


def _named(piece: Piece, plan: Plan) -> str:
    for reader in piece.readers:
        if (piece.value, reader) in plan.places.numbers and len(piece.readers) == 1:
            return reader
    return "?"


def _back_through(piece: Piece, reader: Node, plan: Plan, part: CellPart) -> Iterator[Tag]:
    """Where a value's number stands under (or over) the block, its gradient's share stands too."""
    letter = {"h_before": "h", "c_before": "p", "c": "p"}.get(piece.value, "")
    for name, _, x, y in part_places(plan):
        if letter and name == f"{letter}_{reader.name}":
            found = _gradient(plan, part, piece, (x, y, "middle"), small=True)
            if found is not None:
                yield found


def _gradient(
    plan: Plan, part: CellPart, piece: Piece, place: tuple[float, float, Side], small: bool = False
) -> Tag | None:
    found = gradient_at(plan, piece, part.gradients)
    if found is None:
        return None
    name, value = found
    text = gradient_text(value)
    before = gradient_at(plan, piece, part.was)
    was = "" if before is None or gradient_text(before[1]) == text else _was(gradient_text(before[1]))
    t = part.t - 1 if piece.value.endswith("_before") else part.t
    said = tr("gradient by the {name}").format(name=name_of(piece.value))
    words = [said, tr("timestep {t}").format(t=count(t)), text]
    if was:
        words.append(was)
    now = name in part.operations[part.current].result
    return Tag(
        name, text, tr(", ").join(words), "" if small else was, *place, reached=name in part.reached, current=now,
        part=small,
    )  # fmt: skip


def _place(plan: Plan, piece: Piece, reader: str) -> tuple[float, float, Side]:
    return plan.places.numbers[piece.value, reader]


__all__ = ["MINUS", "Point", "Tag", "gradient_text", "name_of", "part_places", "tags_of", "value_text"]
