"""Which gradient travels back along which piece of wire.

A value that is read once has one gradient. Where it is read by several, each branch has the part that this reader sends
back, and what the branches share has their sum.
"""

from __future__ import annotations

from collections.abc import Mapping

from lstmviz.views.cell.plan import OUT, Piece, Plan

WAYS = {
    ("c", "tanh_c"): "d_c_h",
    ("c_before", "kept"): "d_c_along",
    ("h_before", "kept"): "d_h_along",
    ("h_before", "hn"): "d_h_before_n",
    ("h_before", "rh"): "d_h_before_n",
}
ALONG = {("c_before", "kept"), ("kept", "c"), ("c", OUT), ("h_before", "kept"), ("kept", "h")}  # straight on


def name_of_branch(value: str, reader: str) -> str:
    """The gradient that one reader of a value sends back to it."""
    if reader == OUT:
        return f"d_{value}_after"
    if (value, reader) in WAYS:
        return WAYS[value, reader]
    return f"d_{value}_{reader}"


def name_of_whole(value: str) -> str:
    """The gradient by a value; what stands inside a block's sum has the gradient of that sum."""
    return "d_a_n" if value == "rhn" else f"d_{value}"


def gradient_at(plan: Plan, piece: Piece, gradients: Mapping[str, float]) -> tuple[str, float] | None:
    """Name and size of the gradient on a piece of wire; None where it is not known."""
    if piece.whole:
        name = name_of_whole(piece.value)
        return (name, gradients[name]) if name in gradients else None
    names = [name_of_branch(piece.value, reader) for reader in piece.readers]
    if not all(name in gradients for name in names):
        return None
    return names[0], sum(gradients[name] for name in names)


def is_along(piece: Piece, plan: Plan) -> bool:
    """Whether a piece is part of the straight way of the state, which no weight lies on."""
    if plan.cell == "rnn":
        return False
    return any((piece.value, reader) in ALONG for reader in piece.readers)
