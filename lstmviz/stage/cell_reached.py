"""Which numbers of a timestep are computed once its operations up to some one are done; the others are drawn grey."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from lstmviz.stage.cell_numbers import part_name
from lstmviz.stage.cell_operations import done_by, equations_of
from lstmviz.stage.cell_wires import KNOWN_WITH

# gradients at the ends of wires, and whose they are known with
WIRES: dict[str, dict[str, str]] = {
    "rnn": {},
    "lstm": {"d_kept": "d_c", "d_written": "d_c", "d_tanh_c": "d_c_h"},
    "gru": {"d_kept": "d_h", "d_written": "d_h"},
}


def reached(cell: str, form: str, direction: str, current: int, names: Iterable[str]) -> frozenset[str]:
    """The names among ``names`` that are computed when the operation of index ``current`` is done.

    Parameters
    ----------
    cell, form, direction : str
        As for ``cell_operations.groups``.
    current : int
        From 0.
    names : iterable of str
        Of values (forward) or gradients (backward), as in ``CellPart``.
    """
    done = done_by(cell, form, direction, current)
    told_by = KNOWN_WITH | (_told_by(cell, form) if direction == "forward" else WIRES[cell])
    return frozenset(name for name in names if told_by.get(name, _with(name)) in done or _is_given(name))


def _with(name: str) -> str:
    back, found, _ = name.partition("_before_")
    return f"{back}_before" if found else name


def _is_given(name: str) -> bool:
    """Whether the timestep begins with it."""
    if name.startswith("d_"):
        return name.endswith(("_after", "_loss"))
    return name.endswith("_before")


@cache
def _told_by(cell: str, form: str) -> dict[str, str]:
    """Parts of pre-activations, and the pre-activation with which each is known."""
    affine = [one for one in equations_of(cell, form, "forward") if one.expression.kind == "affine"]
    found: dict[str, str] = {}
    for one in affine:
        for term in one.expression.operands:
            is_part = term.kind in ("weight", "apply") or (term.kind == "product" and term.operands[0].name[:2] == "p_")
            if is_part:
                found[part_name(term)] = one.result
    return found
