"""Numbers of wires that the equations pass over: branches of a value with several readers, and factors made on the way.

Words used in this file
    branch   what one reader of a value sends back to it: ``d_i_f`` goes back to the input gate through the coupled
             forget gate, ``d_c_o`` to the cell state through the output gate's peephole
"""

from __future__ import annotations

from collections.abc import Mapping

# branches and factors, and the name that each is known with
KNOWN_WITH = {
    "d_i_f": "d_f",
    "d_i_written": "d_i",
    "d_c_o": "d_z_o",
    "d_c_before_i": "d_z_i",
    "d_c_before_f": "d_z_f",
    "d_z_kept": "d_z",
    "d_z_written": "d_z",
    "rhn": "a_n",
    "not_z": "z",
}


def factors(cell: str, form: str, values: Mapping[str, float]) -> dict[str, float]:
    """Factors that stand on wires of the GRU: 1 - z, and with the reset gate after the product r times it."""
    if cell != "gru":
        return {}
    found = {"not_z": 1.0 - values["z"]}
    return found if form == "before" else found | {"rhn": values["r"] * values["hn"]}


def branches(cell: str, known: Mapping[str, float], f_held: bool) -> dict[str, float]:
    """Gradients of the branches.

    Parameters
    ----------
    cell : "rnn", "lstm" or "gru"
    known : mapping
        Values, gradients, gradients at the ends of wires and, with peepholes, their weights ``p_f``.
    f_held : bool
        Whether the forget gate is held: then nothing goes back through it.
    """
    if cell == "gru":
        return {"d_z_kept": known["d_kept"] * known["h_before"], "d_z_written": -known["d_written"] * known["n"]}
    if cell == "rnn":
        return {}
    found = {}
    if "d_z_f" not in known and "d_f" in known:  # coupled: f is what i leaves
        found = {"d_i_f": 0.0 if f_held else -known["d_f"], "d_i_written": known["d_written"] * known["g"]}
    if "p_o" in known:
        found |= {f"d_c_before_{gate}": known[f"d_z_{gate}"] * known[f"p_{gate}"] for gate in "if"}
        found["d_c_o"] = known["d_z_o"] * known["p_o"]
    return found
