"""The gradient by a state one timestep earlier, by the way on which it came; of one unit, from what was recorded.

dL/dc_(t-1) is a sum: what came straight along the cell state, what came through the gates of all units, over the
hidden state h_(t-1) that they read, what a frozen h_t hands on to h_(t-1), and what the loss itself says of h_(t-1).
``lab.path_split`` has it for all units and timesteps at once; a drawn cell needs one number of each, and has it for
any cell.
"""

from __future__ import annotations

from collections.abc import Mapping

from lstmviz.lab.formulas import form_of
from lstmviz.stage.cell_frame import WaySplit
from lstmviz.stage.cell_numbers import Unit
from lstmviz.words import tr


def way_split(unit: Unit, gradients: Mapping[str, float], values: Mapping[str, float]) -> WaySplit:
    """The split of dL/dc_(t-1), of an LSTM, or of dL/dh_(t-1).

    Parameters
    ----------
    unit : Unit
    gradients, values
        Of the unit, at timestep t.
    """
    return _of_cell_state(unit, gradients, values) if unit.network.cell == "lstm" else _of_hidden_state(unit, gradients)


def why(unit: Unit) -> str:
    """Why a way is missing, in words; nothing where all are there."""
    if unit.network.cell == "rnn":
        return tr("A vanilla RNN has no way past its weights.")
    if unit.network.cell == "lstm" and form_of(unit.network) == "peephole":
        return tr("What comes through a peephole is counted with its gate.")
    return ""


def _of_hidden_state(unit: Unit, gradients: Mapping[str, float]) -> WaySplit:
    total = float(unit.found.h[unit.t - 1, 0, unit.unit])
    along, loss = gradients.get("d_h_along", _frozen(unit, gradients)), _says(unit)
    gates = _through(gradients, 1.0)
    return WaySplit("h", along, total - along - loss, 0.0, loss, total, gates)


def _of_cell_state(unit: Unit, gradients: Mapping[str, float], values: Mapping[str, float]) -> WaySplit:
    total = float(unit.found.c[unit.t - 1, 0, unit.unit])
    along = gradients["d_c_along"]
    before = Unit(unit.trace, unit.unit, unit.t - 1) if unit.t > 1 else None
    factor = 0.0  # of h_0 the cell state before the first timestep knows nothing
    if before is not None and before.held("h") is None:
        factor = _slope_of_h(before)
    gates = dict(_through(gradients, factor))
    direct = unit.with_peepholes({})
    for gate in ("i", "f"):
        if f"p_{gate}" in direct:
            gates[gate] += gradients[f"d_z_{gate}"] * direct[f"p_{gate}"]
    loss, stays = _says(unit) * factor, _frozen(unit, gradients) * factor
    return WaySplit("c", along, total - along - stays - loss, stays, loss, total, tuple(gates.items()))


def _slope_of_h(unit: Unit) -> float:
    """dh/dc of one timestep: over the squashed cell state, and over the output gate where a peephole sees it."""
    values, weights = unit.values(), unit.with_peepholes({})
    o, squashed = values["o"], values["tanh_c"]
    slope = o * (1.0 - squashed * squashed if form_of(unit.network) != "noaf" else 1.0)
    if "p_o" in weights and unit.held("o") is None:
        slope += squashed * o * (1.0 - o) * weights["p_o"]
    return slope


def _frozen(unit: Unit, gradients: Mapping[str, float]) -> float:
    """What a frozen hidden state hands straight on."""
    return gradients["d_h"] if unit.held("h") == float("inf") else 0.0


def _through(gradients: Mapping[str, float], factor: float) -> tuple[tuple[str, float], ...]:
    start = "d_h_before_"
    return tuple(
        (name.removeprefix(start), value * factor) for name, value in gradients.items() if name.startswith(start)
    )


def _says(unit: Unit) -> float:
    """What the loss alone says of h one timestep earlier."""
    says = unit.trace.d_h_loss
    return 0.0 if says is None or unit.t < 2 else float(says[unit.t - 2, 0, unit.unit])
