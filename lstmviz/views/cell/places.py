"""Where the parts of a cell stand in the diagram: one table for the LSTM and its variants, one for each other cell.

A part that a variant lacks is not drawn, and its place stays empty: nothing else moves. All lengths are in units of the
scene, which the view scales.

Words used in this file
    rail     a horizontal wire through the whole picture: the states
    lane     a horizontal wire over the blocks, for what enters them from above
    post     a vertical wire that leaves a block upwards
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Point = tuple[float, float]
Side = Literal["left", "middle", "right"]
WIDTH, HEIGHT = 1184.0, 520.0
EDGE = 18.0  # where wires from and to the neighbouring timesteps end
OUTLINE = (112.0, 8.0, 936.0, 486.0)  # x, y, width, height of the cell's own outline
BLOCK = (148.0, 118.0)
RADIUS = 18.0  # of a node that multiplies or adds
PILL = (56.0, 32.0)
STATE, HIDDEN, BUS, INPUT = 80.0, 236.0, 464.0, 479.0  # y of the rails, and of the two wires under the blocks
BLOCKS = 365.0  # y of the middle of the blocks
LANE = 268.0
PARTS = 442.0  # y of the numbers under a block
FROM_H, FROM_X, BIAS = -49.0, 0.0, 49.0  # where the parts enter a block from below, from its middle
FROM_C, FROM_GATES = -46.0, (-62.0, -50.0, -38.0)  # and from above


@dataclass(frozen=True)
class Places:
    """The table of one kind of cell.

    A number's reader is "" where a value has one reader or its number is that of all, "*" where its readers are
    several and the shared piece has another place.
    """

    nodes: Mapping[str, Point]  # middle of what computes a result
    starts: Mapping[str, tuple[Point, ...]]  # where a value from outside begins, and how it goes to its rail
    detours: Mapping[tuple[str, str], tuple[Point, ...]]  # source and side of a block: the way to the lane or bus
    leaves: Mapping[str, float]  # results that leave the cell at the right, and at which height
    formulas: Mapping[str, tuple[float, float, Side]]  # result: where its formula stands, and its alignment
    numbers: Mapping[tuple[str, str], tuple[float, float, Side]]  # source and reader: where a number stands; see below
    below: bool = True  # blocks get their sums from below, with the weights inside
    pills: Mapping[str, Point] = field(default_factory=dict)  # signs on wires


_LSTM = Places(
    nodes={
        "f": (226, BLOCKS),
        "i": (400, BLOCKS),
        "g": (596, BLOCKS),
        "o": (840, BLOCKS),
        "kept": (226, STATE),
        "written": (498, 192),
        "c": (498, STATE),
        "tanh_c": (684, 150),
        "h": (840, HIDDEN),
    },
    starts={
        "c_before": ((EDGE, STATE),),
        "h_before": ((EDGE, BUS),),
        "x": ((126, HEIGHT), (126, INPUT)),
        "i_before": ((122, 236), (146, 236), (146, 262)),
        "f_before": ((122, 256), (136, 256), (136, 274)),
        "o_before": ((122, 276), (127, 276), (127, 286)),
    },
    detours={
        ("c_before", "top"): ((150, STATE), (150, LANE)),
        ("c", "top"): ((652, STATE), (652, LANE)),
        ("i", "right"): ((400, 282), (313, 282), (313, BLOCKS)),
    },
    leaves={"c": STATE, "h": HIDDEN},
    formulas={
        "kept": (130, 34, "left"),
        "c": (486, 34, "left"),
        "written": (498, 230, "middle"),
        "tanh_c": (722, 142, "left"),
        "h": (800, 180, "left"),
        "d_h": (800, 180, "left"),
        "f": (130, 34, "left"),
        "i": (326, 34, "left"),
        "g": (500, 34, "left"),
        "o": (640, 34, "left"),
    },
    numbers={
        ("c_before", ""): (60, 103, "middle"),
        ("c_before", "kept"): (188, 103, "middle"),
        ("h_before", ""): (52, 488, "middle"),
        ("i_before", ""): (48, 236, "left"),
        ("f_before", ""): (48, 256, "left"),
        ("o_before", ""): (48, 276, "left"),
        ("kept", ""): (365, 103, "middle"),
        ("written", ""): (513, 136, "left"),
        ("c", ""): (588, 103, "middle"),
        ("c", "out"): (930, 103, "middle"),
        ("c", "tanh_c"): (698, 106, "left"),
        ("c", "z_o"): (640, 200, "right"),
        ("tanh_c", ""): (698, 203, "left"),
        ("h", ""): (1003, 259, "middle"),
        ("f", ""): (240, 156, "left"),
        ("i", ""): (387, 212, "right"),
        ("i", "*"): (412, 281, "left"),
        ("i", "written"): (387, 212, "right"),
        ("i", "f"): (352, 264, "middle"),
        ("g", ""): (610, 281, "left"),
        ("o", ""): (854, 280, "left"),
    },
)

_GRU = Places(
    nodes={
        "z": (240, BLOCKS),
        "r": (480, BLOCKS),
        "n": (830, BLOCKS),
        "kept": (240, STATE),
        "written": (830, 192),
        "h": (830, STATE),
        "hn": (640, 406),
        "rhn": (640, 336),
    },
    starts={"h_before": ((EDGE, STATE),), "x": ((126, HEIGHT), (126, INPUT))},
    detours={
        ("h_before", "bottom"): ((138, STATE), (138, BUS)),
        ("h_before", "node"): ((138, STATE), (138, BUS)),
    },
    leaves={"h": STATE},
    formulas={
        "z": (130, 34, "left"),
        "r": (346, 34, "left"),
        "n": (560, 34, "left"),
        "h": (560, 34, "left"),
    },
    numbers={
        ("h_before", ""): (60, 103, "middle"),
        ("h_before", "kept"): (189, 103, "middle"),
        ("h_before", "rh"): (652, 437, "left"),
        ("h_before", "hn"): (652, 437, "left"),
        ("kept", ""): (520, 103, "middle"),
        ("z", ""): (254, 262, "left"),
        ("z", "kept"): (254, 136, "left"),
        ("z", "written"): (560, 214, "middle"),
        ("n", ""): (844, 262, "left"),
        ("written", ""): (844, 136, "left"),
        ("h", ""): (955, 103, "middle"),
        ("r", ""): (560, 290, "left"),
        ("hn", ""): (654, 362, "left"),
        ("rh", ""): (654, 365, "left"),
        ("rhn", ""): (705, 306, "middle"),
    },
    pills={"not_z": (372, 192)},
)

_RNN = Places(
    nodes={"a": (470, HIDDEN), "h": (760, HIDDEN), "U": (270, HIDDEN), "W": (470, 384), "b": (470, 110)},
    starts={"h_before": ((EDGE, HIDDEN),), "x": ((470, HEIGHT),)},
    detours={},
    leaves={"h": HIDDEN},
    formulas={"a": (494, 130, "left"), "h": (686, 330, "left"), "d_h": (686, 330, "left")},
    numbers={
        ("h_before", ""): (60, 259, "middle"),
        ("h_before", "a"): (376, 259, "middle"),
        ("x", ""): (484, 440, "left"),
        ("a", ""): (586, 259, "middle"),
        ("h", ""): (940, 259, "middle"),
    },
    below=False,
)

# the reset gate before the product: multiplication and weights change places
_GRU_BEFORE = replace(
    _GRU,
    nodes={**_GRU.nodes, "rh": (640, 406), "hn": (640, 336)},
    numbers={**_GRU.numbers, ("r", ""): (630, 434.5, "right"), ("hn", ""): (705, 306, "middle")},
)
# gates that see the gates before: their lanes lie where the candidate's gradient would stand
_LSTM_RECURRENT = replace(_LSTM, numbers={**_LSTM.numbers, ("g", ""): (610, 222, "left")})


def places_of(cell: str, form: str) -> Places:
    """The table of a kind of cell and its form."""
    if cell == "gru":
        return _GRU_BEFORE if form == "before" else _GRU
    if cell == "lstm":
        return _LSTM_RECURRENT if form == "fgr" else _LSTM
    return _RNN
