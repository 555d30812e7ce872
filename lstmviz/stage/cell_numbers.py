"""Every number of one unit at one timestep, under the names of the equations.

What the trace recorded is read from it; what it did not is what the equations say of what it recorded.

Words used in this file
    T, B, H    timesteps, sequences, units; the first sequence is drawn
    row        index into an array: timestep t is row t - 1, of a state row t
    block      the rows of a gate or candidate among the weights
    after      what comes back from the timestep after: there it is what goes to the one before
    held       at a value, whatever the equations say; frozen: a state that stays what it was
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstmviz.lab.formulas import HELD, Expression, Operation, form_of, operations_of
from lstmviz.lab.slopes import blocks_of
from lstmviz.lab.trace import Trace
from lstmviz.stage.cell_operations import equations_of
from lstmviz.stage.cell_wires import branches, factors

Array = NDArray[np.floating]
STATES = ("c", "h")
FED_BACK = ("i", "f", "o")  # gates that full gate recurrence sees
PARTS = {"W": "x", "U": "h", "R": "r", "b": "b", "p": "p"}  # a pre-activation's part, by the weight that makes it


class Unit:
    """One unit of a trace at one timestep.

    Parameters
    ----------
    trace : Trace
    unit : int
        From 0.
    t : int
        From 1 to T.
    """

    def __init__(self, trace: Trace, unit: int, t: int) -> None:
        self.trace, self.unit, self.t = trace, unit, t
        self.network, self.tape, self.found = trace.network, trace.tape, trace.gradients
        self.blocks = blocks_of(trace.network)
        self._equations = {
            direction: {one.result: one for one in equations_of(self.network.cell, form_of(self.network), direction)}
            for direction in ("forward", "backward")
        }

    @property
    def equations(self) -> dict[str, Operation]:
        """All equations of both passes, by the name of their result."""
        return {**self._equations["forward"], **self._equations["backward"]}

    # -- forward -----------------------------------------------------------------------------------------------

    def values(self) -> dict[str, float]:
        """Every value of the forward pass, and the parts of each pre-activation."""
        found: dict[str, float] = {"h_before": self._state("h", self.t - 1)}
        if self.network.cell == "lstm":
            found["c_before"] = self._state("c", self.t - 1)
        found |= self._gates_before()
        for one in self._equations["forward"].values():
            found |= self._parts(one)
            found[one.result] = self._value(one, found)
        return found | factors(self.network.cell, form_of(self.network), found)

    def _gates_before(self) -> dict[str, float]:
        """What full gate recurrence sees; 0 before the first timestep."""
        seen = {name for one in self._equations["forward"].values() for name in one.operands}
        return {
            name: float(self._seen(name)[self.unit]) for name in (f"{gate}_before" for gate in FED_BACK) if name in seen
        }

    def _value(self, one: Operation, found: Mapping[str, float]) -> float:
        name = one.result
        if name in STATES:
            return self._state(name, self.t)
        if name[:2] in ("z_", "a_") or (name == "a" and self.network.cell == "rnn"):
            return self._pre_activation(self.tape, name)
        if name in self.tape._fields:
            return float(getattr(self.tape, name)[self.t - 1, 0, self.unit])
        return evaluate(one.expression, found.__getitem__)

    def _state(self, name: str, row: int) -> float:
        return float(getattr(self.tape, name)[row, 0, self.unit])

    def _pre_activation(self, source: Any, name: str) -> float:
        kind, _, block = name.partition("_")
        array = getattr(source, kind)
        return float(array[self.t - 1, 0, self._row(block)])

    def _row(self, block: str) -> int:
        return self.unit + (self.network.hidden * self.blocks.index(block) if block else 0)

    def _parts(self, one: Operation) -> dict[str, float]:
        """What each side says of a pre-activation."""
        if one.expression.kind != "affine":
            return {}
        found: dict[str, float] = {}
        for term in one.expression.operands:
            name, value = self.part(term)
            if name:
                found[name] = found.get(name, 0.0) + value
        return found

    def part(self, term: Expression) -> tuple[str, float]:
        """Name and value of one term of a pre-activation; no name where the equations have one for it."""
        parameters, t, hidden = self.network.parameters, self.t, self.network.hidden
        if term.kind == "weight":
            block = term.name.partition("_")[2]
            bias = parameters.bias_hn[self.unit] if block == "hn" else parameters.bias[self._row(block)]
            return part_name(term), float(bias)
        if term.kind == "product" and term.operands[0].name.startswith("p_"):
            block = term.operands[0].name[2:]
            return part_name(term), self.peephole(block) * self._state("c", t if block == "o" else t - 1)
        if term.kind != "apply":
            return "", 0.0
        weight, vector = term.operands
        block = weight.name.partition("_")[2]
        if weight.name.startswith("R"):
            to, source = FED_BACK.index(block[0]), FED_BACK.index(block[1])
            row = parameters.weight_gates[to * hidden + self.unit, source * hidden : (source + 1) * hidden]
            return part_name(term), _dot(row, self._seen(vector.name))
        side = parameters.weight_ih if weight.name.startswith("W") else parameters.weight_hh
        return part_name(term), _dot(side[self._row(block)], self._seen(vector.name))

    def _seen(self, name: str) -> Array:
        """A vector that a weight is multiplied with: input, hidden states or gates of all units."""
        tape, t = self.tape, self.t
        if name == "x":
            return np.asarray(tape.x[t - 1, 0])
        if name == "rh":
            return np.asarray(tape.r[t - 1, 0] * tape.h[t - 1, 0])
        bare = name.removesuffix("_before")
        if bare == "h":
            return np.asarray(tape.h[t - 1, 0])
        gate = getattr(tape, bare)
        return np.asarray(gate[t - 2, 0]) if t > 1 else np.zeros_like(gate[0, 0])

    def peephole(self, gate: str) -> float:
        """The weight of a gate's peephole."""
        return float(self.network.parameters.peephole[FED_BACK.index(gate) * self.network.hidden + self.unit])

    # -- backward ----------------------------------------------------------------------------------------------

    def gradients(self, values: Mapping[str, float]) -> dict[str, float]:
        """dLoss/d of every value, and what came from where; ``values`` are those of the same timestep."""
        found = self._arriving()
        known = self.with_peepholes({**values, **found})
        for one in self._equations["backward"].values():
            found |= self._parts_back(one, known)
            found[one.result] = known[one.result] = self._gradient(one, known)
        wires = self._wires(known)
        return found | wires | branches(self.network.cell, {**known, **wires}, self.held("f") is not None)

    def _arriving(self) -> dict[str, float]:
        says = self.trace.d_h_loss
        found = {"d_h_loss": 0.0 if says is None else float(says[self.t - 1, 0, self.unit])}
        after = Unit(self.trace, self.unit, self.t + 1).going_back() if self.t < self.trace.timesteps else {}
        names = [name for one in operations_of(self.network, "backward") for name in one.operands]
        for name in names:
            if name.endswith("_after"):
                found[name] = after.get(name.removesuffix("_after") + "_before", 0.0)
        return found

    def going_back(self) -> dict[str, float]:
        """What this timestep hands to the states (and gates) before it: ``d_h_before``, ``d_c_before`` ..."""
        values = self.values()
        known = self.with_peepholes(values)
        for one in self._equations["backward"].values():
            if not any(name.endswith(("_after", "_loss")) for name in one.operands) or self._recorded(one.result):
                known[one.result] = self._gradient(one, known)
        return {name: value for name, value in known.items() if name.startswith("d_") and name.endswith("_before")}

    def with_peepholes(self, known: Mapping[str, float]) -> dict[str, float]:
        """The same with ``p_f`` and the like standing for the weights, as the backward equations mean them."""
        if not hasattr(self.network.parameters, "peephole"):
            return dict(known)
        return {**known, **{f"p_{gate}": self.peephole(gate) for gate in FED_BACK}}

    def _recorded(self, name: str) -> bool:
        bare = name.removeprefix("d_")
        return bare[:2] in ("z_", "a_") or bare in (*STATES, "x") or bare in self.found._fields

    def _gradient(self, one: Operation, known: Mapping[str, float]) -> float:
        name = one.result
        bare = name.removeprefix("d_")
        if bare == "x":
            return float(np.linalg.norm(self.found.x[self.t - 1, 0].astype(np.float64)))
        if bare[:2] in ("z_", "a_") or (bare == "a" and self.network.cell == "rnn"):
            return self._pre_activation(self.found, bare)
        if bare in STATES:
            return float(getattr(self.found, bare)[self.t, 0, self.unit])
        if bare in self.found._fields:
            return float(getattr(self.found, bare)[self.t - 1, 0, self.unit])
        return self._told(one, known)

    def _told(self, one: Operation, known: Mapping[str, float]) -> float:
        """What the equations say of a gradient that is not recorded, and what holding makes of it."""
        if one.result == "d_c_h" and self.held("h") is not None:
            return 0.0
        if one.result in ("d_c_along", "d_h_along"):
            state = one.result[2]
            held = self.held(state)
            if held is not None:
                return known[f"d_{state}"] if math.isinf(held) else 0.0
        value = evaluate(one.expression, known.__getitem__, self.applied)
        if one.result == "d_h_before" and self.network.cell != "gru" and self.held("h") == math.inf:
            value += known["d_h"]  # a frozen state hands on what arrives
        return value

    def applied(self, term: Expression) -> float:
        """A transposed weight times gradients of all units, for this unit."""
        weight, vector = term.operands
        hidden, t, block = self.network.hidden, self.t, weight.name.partition("_")[2]
        bare = vector.name.removeprefix("d_")
        if weight.name.startswith("R"):
            to, source = FED_BACK.index(block[0]), FED_BACK.index(block[1])
            column = self.network.parameters.weight_gates[to * hidden : (to + 1) * hidden, source * hidden + self.unit]
        else:
            start = hidden * self.blocks.index(block) if block else 0
            column = self.network.parameters.weight_hh[start : start + hidden, self.unit]
        if bare == "hn":
            return _dot(column, self.found.hn[t - 1, 0])
        kind, _, of = bare.partition("_")
        start = hidden * self.blocks.index(of) if of else 0
        return _dot(column, getattr(self.found, kind)[t - 1, 0, start : start + hidden])

    def _parts_back(self, one: Operation, known: Mapping[str, float]) -> dict[str, float]:
        """What goes back to the hidden state (and the gates) before through each gate of all units."""
        if not one.result.endswith("_before") or one.result == "d_c_before":
            return {}
        found = {}
        for term in one.expression.operands if one.expression.kind == "sum" else (one.expression,):
            if term.kind == "apply":
                block = term.operands[0].name.partition("_")[2][:1] or "a"
                found[f"{one.result}_{block}"] = self.applied(term)
            elif "d_rh" in term.names():  # the candidate's weights are crossed before the reset gate
                found["d_h_before_n"] = evaluate(term, known.__getitem__)
        return found

    def _wires(self, known: Mapping[str, float]) -> dict[str, float]:
        """Gradients at the ends of wires that the equations pass over."""
        if self.network.cell == "rnn":
            return {}
        if self.network.cell == "gru":
            state = 0.0 if self.held("h") is not None else known["d_h"]
            return {"d_kept": state, "d_written": state}
        held_h, held_c = self.held("h") is not None, self.held("c") is not None
        state = 0.0 if held_c else known["d_c"]
        return {
            "d_kept": state,
            "d_written": state,
            "d_tanh_c": 0.0 if held_h else known["d_h"] * known["o"],
        }

    # -- held --------------------------------------------------------------------------------------------------

    def held(self, quantity: str) -> float | None:
        """The value at which a quantity is held here, infinity if it is frozen, None if it is free."""
        names = HELD[self.network.cell]
        if self.trace.held is None or quantity not in names:
            return None
        value = float(self.trace.held[names.index(quantity), self.t - 1, 0, self.unit])
        return None if math.isnan(value) else value


def part_name(term: Expression) -> str:
    """The name of a pre-activation's part: ``x_f``, ``h_f``, ``b_f``, ``p_f``, ``r_f``; of the RNN ``x_a`` ..."""
    weight = term if term.kind == "weight" else term.operands[0]
    head, _, block = weight.name.partition("_")
    return f"{PARTS[head[0]]}_{(block[0] if head == 'R' else block) or 'a'}"


def evaluate(
    expression: Expression, value_of: Callable[[str], float], applied: Callable[[Expression], float] | None = None
) -> float:
    """The value of an expression.

    Parameters
    ----------
    expression : Expression
    value_of : callable
        The value of a name.
    applied : callable, optional
        The value of a weight times a vector, for the unit.
    """
    kind, operands = expression.kind, expression.operands
    if kind == "name":
        return value_of(expression.name)
    if kind == "number":
        return float(expression.name)
    if kind == "apply":
        assert applied is not None
        return applied(expression)
    parts = [value_of(one.name) if one.kind == "weight" else evaluate(one, value_of, applied) for one in operands]
    if kind == "product":
        return math.prod(parts)
    if kind == "difference":
        return parts[0] - parts[1]
    return sum(parts) if kind == "sum" else FUNCTION_OF[kind](parts[0])


def _sigmoid(a: float) -> float:
    e = math.exp(-abs(a))
    return (1.0 if a >= 0 else e) / (1.0 + e)


FUNCTION_OF: dict[str, Callable[[float], float]] = {
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
    "relu": lambda a: a if a > 0 or math.isnan(a) else 0.0,
    "relu_slope": lambda a: math.nan if math.isnan(a) else float(a > 0),
}


def _dot(weights: Array, vector: Array) -> float:
    return float(weights.astype(np.float64) @ vector.astype(np.float64))
