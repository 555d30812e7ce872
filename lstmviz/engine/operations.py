"""The equations as data: what a cell does in one timestep, operation by operation, for formulas and diagrams.

Nothing is written down here a second time: ``equations`` are run on symbols that remember what is done to them. Only
the products with the weights, which the equations leave to others, are put in front and behind.

Words used in this file
    operation    one result and the expression that gives it, the smallest thing a cell can be advanced by
    expression   a tree of names, numbers and what joins them
    operands     names of the values an operation reads: the wires of a diagram that lead to it
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from lstmviz.engine import equations
from lstmviz.engine.variant import GATES, RESETS, USUAL, VARIANTS, GRUParts, LSTMParts

BINDS = {"sum": 1, "difference": 1, "affine": 1, "product": 2}  # how strongly; all else needs no brackets
SIGNS = {"sum": (" + ", " + "), "affine": (" + ", " + "), "difference": (" − ", " - "), "product": (" · ", r" \odot ")}
SIGMOID, RELU = ("σ", r"\sigma"), ("ReLU", r"\mathrm{ReLU}")
FUNCTIONS = {"sigmoid": SIGMOID, "tanh": ("tanh", r"\tanh"), "relu": RELU, "relu_slope": ("ReLU′", r"\mathrm{ReLU}'")}
WORDS = {
    "i": "input gate",
    "f": "forget gate",
    "o": "output gate",
    "g": "candidate",
    "c": "cell state",
    "h": "hidden state",
    "r": "reset gate",
    "z": "update gate",
    "n": "candidate",
    "a": "pre-activation",
    "kept": "what is kept",
    "written": "what is written",
    "tanh_c": "output activation",
    "hn": "what the hidden state tells the candidate",
    "rh": "what the reset gate lets through",
    "x": "input",
}

LETTERS = {"tanh_c": "s", "rh": "q", "hn": "u", "kept": "k", "written": "w"}  # what has no letter of its own


@dataclass(frozen=True, slots=True)
class Expression:
    """A name, a number, or expressions joined by one kind of operation."""

    kind: str  # "name", "number", "weight", a key of SIGNS or of FUNCTIONS, or "apply": a matrix to a vector
    name: str = ""  # of a name or weight; digits of a number
    operands: tuple["Expression", ...] = ()

    def __add__(self, other: Any) -> "Expression":
        return _join("sum", self, other)

    def __mul__(self, other: Any) -> "Expression":
        return _join("product", self, other)

    def __sub__(self, other: Any) -> "Expression":
        return _join("difference", self, other)

    def __rsub__(self, other: Any) -> "Expression":
        return _join("difference", other, self)

    def names(self) -> tuple[str, ...]:
        """Names of the values it reads, each once, in reading order; weights are not among them."""
        if self.kind == "name":
            return (self.name,)
        return tuple(dict.fromkeys(name for operand in self.operands for name in operand.names()))

    def with_expression(self, name: str, meant: "Expression") -> "Expression":
        """The same with an expression in the place of a name."""
        if self.kind == "name" and self.name == name:
            return meant
        operands = [one.with_expression(name, meant) for one in self.operands]
        if self.kind == "sum":
            operands = [part for one in operands for part in (one.operands if one.kind == "sum" else (one,))]
        return Expression(self.kind, self.name, tuple(operands))

    def text(self, latex: bool = False) -> str:
        """The formula, plain or as TeX."""
        if self.kind == "number":
            return self.name
        if self.kind in ("name", "weight"):
            return symbol(self.name, latex)
        if self.kind in FUNCTIONS:
            return f"{FUNCTIONS[self.kind][latex]}({self.operands[0].text(latex)})"
        if self.kind == "apply":
            weight, vector = (operand.text(latex) for operand in self.operands)
            return f"{weight} {vector}"
        left, *rest = self.operands
        # a - (b + c): what is taken away needs brackets where an equal sign before it would not
        parts = [_bracketed(left, BINDS[self.kind], latex)]
        parts += [_bracketed(one, BINDS[self.kind] + (self.kind == "difference"), latex) for one in rest]
        return SIGNS[self.kind][latex].join(parts)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a timestep; frozen, for views and tests."""

    result: str  # name of what it gives: "f", "c", or "d_f"
    kind: str  # of the outermost operation of its expression
    operands: tuple[str, ...]
    expression: Expression

    @property
    def name(self) -> str:
        """What the result is called, in words; the name itself where there is no word for it."""
        bare = self.result.removeprefix("d_").removesuffix("_before")
        known = WORDS.get(bare) or (f"pre-activation of the {WORDS[bare[2:]]}" if bare[:2] in ("z_", "a_") else bare)
        known += " one timestep earlier" if self.result.endswith("_before") else ""
        return f"gradient by the {known}" if self.result.startswith("d_") else known

    def formula(self, latex: bool = False) -> str:
        """The operation as an equation, plain or as TeX."""
        return f"{symbol(self.result, latex)} = {self.expression.text(latex)}"


def operations(cell: str, form: str = "", direction: str = "forward") -> tuple[Operation, ...]:
    """What a cell does in one timestep, in the order of computation.

    Parameters
    ----------
    cell : "rnn", "lstm" or "gru"
    form : str
        Activation of the RNN, variant of the LSTM, place of the GRU's reset gate; "" for the usual one.
    direction : "forward" or "backward"
        Backward, results and operands beginning with ``d_`` are dLoss/d of what follows; ``d_c_after`` and the like
        come back from the next timestep, ``d_h_loss`` is what the loss alone says.

    Returns
    -------
    tuple of Operation
    """
    return _operations(cell, form or USUAL[cell], direction)


@cache
def _operations(cell: str, form: str, direction: str) -> tuple[Operation, ...]:
    notes: list[Operation] = []
    v, d = Recorder(notes), Recorder(notes, "d_")
    if direction == "forward":
        {"rnn": _rnn_forward, "lstm": _lstm_forward, "gru": _gru_forward}[cell](v, form)
    else:
        d.h = _name("d_h_after") + _name("d_h_loss")
        {"rnn": _rnn_backward, "lstm": _lstm_backward, "gru": _gru_backward}[cell](v, d, form)
    return tuple(notes)


class Recorder:
    """A namespace for ``equations``: what is assigned is noted, and reading it gives its name."""

    _notes: list[Operation]
    _prefix: str

    def __init__(self, notes: list[Operation], prefix: str = "") -> None:
        self.__dict__.update(_notes=notes, _prefix=prefix)

    def __getattr__(self, name: str) -> Expression:
        return _name(self._prefix + name)

    def __setattr__(self, name: str, value: Expression) -> None:
        result = self._prefix + name
        for place, note in enumerate(self._notes):
            if note.result == result:  # more of the same: one operation with all of it
                value = value.with_expression(result, note.expression)
                del self._notes[place]
                break
        self._notes.append(Operation(result, value.kind, value.names(), value))


# ----------------------------------------------------------------------------- the cells


def _rnn_forward(v: Recorder, form: str) -> None:
    v.a = _affine("", ("W", "x"), ("U", "h_before"))
    equations.rnn_forward(v, form == "relu", SYMBOLS)


def _rnn_backward(v: Recorder, d: Recorder, form: str) -> None:
    equations.rnn_backward(v, d, form == "relu", SYMBOLS)
    d.h_before, d.x = _back(("U", "a", "")), _back(("W", "a", ""))


def _lstm_forward(v: Recorder, form: str) -> None:
    cell = VARIANTS[form].parts
    for block in cell.blocks:
        terms = [("W", "x"), ("U", "h_before")]
        if cell.gate_recurrence and block in GATES:
            terms += [("R", f"{gate}_before") for gate in GATES]
        v.__dict__[f"sum_{block}"] = _affine(block, *terms)
    v.__dict__["one"] = Expression("number", "1")
    equations.lstm_forward(v, cell, SYMBOLS)


def _lstm_backward(v: Recorder, d: Recorder, form: str) -> None:
    cell: LSTMParts = VARIANTS[form].parts
    equations.lstm_backward_output(v, d, cell)
    equations.lstm_backward_state(v, d, cell)
    equations.lstm_backward_cell(v, d, cell)
    d.h_before = _back(*(("U", f"z_{block}", block) for block in cell.blocks))
    if cell.gate_recurrence:
        for gate in GATES:
            setattr(d, f"{gate}_before", _back(*(("R", f"z_{other}", f"{other}{gate}") for other in GATES)))
    d.x = _back(*(("W", f"z_{block}", block) for block in cell.blocks))


def _gru_forward(v: Recorder, form: str) -> None:
    cell = RESETS[form]
    for gate in "rz":
        v.__dict__[f"sum_{gate}"] = _affine(gate, ("W", "x"), ("U", "h_before"))
    v.__dict__["sum_n"] = _affine("n", ("W", "x"))
    equations.gru_forward_gates(v, cell, SYMBOLS)
    v.hn = Expression("affine", operands=(_apply("U_n", "rh" if cell.before else "h_before"), _weight("b_hn")))
    equations.gru_forward_state(v, cell, SYMBOLS)


def _gru_backward(v: Recorder, d: Recorder, form: str) -> None:
    cell: GRUParts = RESETS[form]
    equations.gru_backward_state(v, d, cell)
    if cell.before:
        d.rh = _back(("U", "hn", "n"))
    equations.gru_backward_gates(v, d, cell)
    through = [("U", "a_r", "r"), ("U", "a_z", "z")] + ([] if cell.before else [("U", "hn", "n")])
    d.h_before = d.h_before + _back(*through)
    d.x = _back(*(("W", f"a_{gate}", gate) for gate in "rzn"))


# ----------------------------------------------------------------------------- symbols


def _function(kind: str) -> Any:
    return lambda a: Expression(kind, operands=(a,))


SYMBOLS = equations.Functions(*map(_function, equations.Functions._fields))


def _name(name: str) -> Expression:
    return Expression("name", name)


def _weight(name: str) -> Expression:
    return Expression("weight", name)


def _join(kind: str, left: Any, right: Any) -> Expression:
    made = [one if isinstance(one, Expression) else Expression("number", f"{one:g}") for one in (left, right)]
    # a + b + c is one sum of three
    first = made[0].operands if made[0].kind in (kind, "affine") and kind == "sum" else (made[0],)
    return Expression("affine" if made[0].kind == "affine" and kind == "sum" else kind, operands=(*first, made[1]))


def _apply(weight: str, vector: str) -> Expression:
    return Expression("apply", operands=(_weight(weight), _name(vector)))


def _affine(block: str, *terms: tuple[str, str]) -> Expression:
    """W x + U h' + b of one block."""
    below = f"_{block}" if block else ""
    made = []
    for weight, vector in terms:
        fed_back = vector[0] if weight == "R" else ""
        made.append(_apply(f"{weight}{below}{fed_back}", vector))
    return Expression("affine", operands=(*made, _weight(f"b{below}")))


def _back(*terms: tuple[str, str, str]) -> Expression:
    """Sum of transposed weights times gradients of pre-activations."""
    made = [_apply(f"{weight}^T_{block}" if block else f"{weight}^T", f"d_{name}") for weight, name, block in terms]
    return made[0] if len(made) == 1 else Expression("sum", operands=tuple(made))


def _bracketed(expression: Expression, binds: int, latex: bool) -> str:
    text = expression.text(latex)
    return f"({text})" if BINDS.get(expression.kind, 9) < binds else text


def symbol(name: str, latex: bool = False) -> str:
    r"""How a value is written: ``c_{t-1}``, ``z_{f,t}``, ``\frac{\partial L}{\partial c_t}``; weights without a time.

    Parameters
    ----------
    name : str
        As in ``equations``, or a weight of this file.
    latex : bool
        As TeX; else as plain text.
    """
    if name.startswith("d_"):
        bare = name.removeprefix("d_")
        if bare.endswith("_after") or bare == "h_loss":
            base, _, end = bare.partition("_")
            where = {"after": ("t+1", "t+1"), "loss": ("L", "L")}[end][latex]
            return rf"\delta {base}^{{({where})}}_t" if latex else f"∂L/∂{base}_t from {where}"
        return rf"\frac{{\partial L}}{{\partial {symbol(bare, True)}}}" if latex else f"∂L/∂{symbol(bare)}"
    head, _, below = name.partition("_")
    if head[0].isupper() or head in ("b", "p"):
        base, up = (head[:-2], True) if head.endswith("^T") else (head, False)
        power = ("^{T}" if latex else "ᵀ") if up else ""
        return base + power + (f"_{{{below}}}" if below and latex else f"_{below}" if below else "")
    if name.endswith("_before"):
        return f"{head}_{{t-1}}" if latex else f"{head}_t−1"
    if name in LETTERS:
        head, below = LETTERS[name], ""
    index = f"{below},t" if below else "t"
    return f"{head}_{{{index}}}" if latex else f"{head}_{index}"
