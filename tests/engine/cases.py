"""Small networks with random weights, and one way to run any cell in any implementation."""

from typing import Any, NamedTuple

import numpy as np

from lstmviz.engine.choose import cell_functions
from lstmviz.engine.warm_up import OTHERS, parameter_shapes

CELLS = ("rnn", "relu", "lstm", "gru")  # "relu" is the vanilla RNN with ReLU
FAMILY = OTHERS  # "lstm/nfg" ... "gru/before"
ENGINES = ("reference", "kernels")


class Case(NamedTuple):
    """One call: what goes into forward and backward."""

    cell: str
    parameters: Any
    x: np.ndarray  # (T, B, I)
    state: tuple[np.ndarray, ...]  # (h0,) or (h0, c0)
    loss: np.ndarray  # (T, B, H)


def case(cell: str, seed: int = 0, *, sizes: tuple[int, int, int, int] = (6, 2, 3, 5), gain: float = 1.0) -> Case:
    """``sizes`` are T, B, I, H. The loss looks at every timestep."""
    timesteps, sequences, inputs, hidden = sizes
    rng = np.random.default_rng(seed)
    shapes = parameter_shapes(kernel_of(cell), inputs, hidden)
    parameters = shapes._make(gain * rng.normal(size=shape) / np.sqrt(hidden) for shape in shapes)
    state = tuple(rng.normal(size=(sequences, hidden)) / 2 for _ in range(2 if base_of(cell) == "lstm" else 1))
    x, loss = rng.normal(size=(timesteps, sequences, inputs)), rng.normal(size=(timesteps, sequences, hidden))
    return Case(cell, parameters, x, state, loss)


def kernel_of(cell: str) -> str:
    """The cell as ``choose`` and ``warm_up`` name it."""
    return "rnn" if cell == "relu" else cell


def base_of(cell: str) -> str:
    """Give "rnn", "lstm" or "gru"."""
    return kernel_of(cell).partition("/")[0]


def options_of(cell: str) -> tuple[str, ...]:
    """What its functions are told beside the parameters."""
    return ("relu",) if cell == "relu" else tuple(filter(None, [cell.partition("/")[2]]))


def forward(case: Case, engine: str = "reference") -> Any:
    functions = cell_functions(kernel_of(case.cell), case.parameters.bias.dtype.name, engine)
    return functions.forward(case.parameters, case.x, *case.state, *options_of(case.cell))


def backward(case: Case, tape: Any, engine: str = "reference", **options: Any) -> Any:
    functions = cell_functions(kernel_of(case.cell), case.parameters.bias.dtype.name, engine)
    return functions.backward(case.parameters, tape, case.loss, *options_of(case.cell), **options)


def both(case: Case, engine: str = "reference") -> tuple[Any, Any]:
    tape = forward(case, engine)
    return tape, backward(case, tape, engine)


def last_only(case: Case) -> Case:
    """The same, with a loss that looks at the last timestep alone."""
    loss = np.zeros_like(case.loss)
    loss[-1] = case.loss[-1]
    return case._replace(loss=loss)


def as_float32(case: Case) -> Case:
    parameters = type(case.parameters)(*(a.astype(np.float32) for a in case.parameters))
    return case._replace(
        parameters=parameters,
        x=case.x.astype(np.float32),
        state=tuple(a.astype(np.float32) for a in case.state),
        loss=case.loss.astype(np.float32),
    )


def assert_rows_agree(got: Any, expected: Any, tolerance: float) -> None:
    """Compare two tapes or two gradients, each row by the largest value in it."""
    for name in expected._fields:
        ours, theirs = getattr(got, name), getattr(expected, name)
        size = np.max(np.abs(theirs), axis=-1, keepdims=True)
        worst = np.max(np.abs(ours - theirs) / np.where(size > 0, size, 1))
        assert worst <= tolerance, f"{name} is off by {worst:.2g} of its row"
