"""Every colour, mark and line width on the screen, in three themes.

A theme holds plain hex strings and numbers, no Qt objects, so it can be tested and read without a window. Contrast and
colour-vision distances of these values were measured (see the tests); the reasons stand in the interface design.

Words used in this file
    role        what a colour means; one meaning per hue, one hue per meaning
    panel       the ground of plots, cards and the control column; contrast is measured against it
    ink         text, playhead, selection, focus; controls are ink and grey, never a hue
    text shade  the variant of a role's colour that is dark (or light) enough for letters
    ramp        256 colours, equally far apart for the eye
    dash        pattern of a line in units of the line's width; () is a solid line
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from lstmviz.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QColor

Shape = Literal["triangle", "square", "circle"]
ThemeName = Literal["light", "dark", "projector"]


@dataclass(frozen=True, slots=True)
class Lines:
    """Line widths and mark sizes, in device-independent pixels."""

    hairline: float = 1.0  # grid, borders, axes
    playhead: float = 1.5  # also every selection
    curve: float = 2.6  # a network's curve
    cell_curve: float = 2.8  # the cell state over time
    gate_curve: float = 2.2  # gates, candidate, hidden state over time
    ghost: float = 1.6
    cell_wire: float = 5.0
    hidden_wire: float = 3.5
    gradient_wire: float = 8.0
    casing: float = 6.0  # in panel colour, under a curve, so that crossings stay legible
    mark: float = 9.0  # width of a network's mark on its curve
    dot: float = 3.8  # of a drawn prediction
    chance: float = 2.0
    focus: float = 2.0  # focus ring, and its distance from the control


# For the picture a room looks at, 1920 x 1080, seen from the last row. The projector theme itself keeps desk widths: it
# can be chosen at the desk too, where a curve of 9 px would hide its neighbour.
AUDIENCE_LINES = Lines(
    hairline=2.0,
    playhead=4.0,
    curve=9.0,
    cell_curve=9.0,
    gate_curve=7.0,
    ghost=5.0,
    casing=15.0,
    mark=30.0,
    dot=12.0,
    chance=5.0,
)


@dataclass(frozen=True, slots=True)
class NetworkLook:
    """How one network is told from the others: hue, mark and line say the same thing."""

    hue: str
    text: str
    mark: Shape
    dash: tuple[float, ...]  # in pixels; () is solid


@dataclass(frozen=True, eq=False, slots=True)
class Theme:
    """All colour roles of one theme as ``"#RRGGBB"``, its line widths and its ramps.

    ``text`` gives the text shade of a role that has one: ``theme.text["gradient"]``.
    ``ramp_gradient`` runs from the float64 limit (entry 0) to 10^0.5 (entry 255), ``ramp_signed`` from -1 to 1,
    ``ramp_gate`` from 0 to 1; each is uint8 (256, 3), read-only.
    """

    name: ThemeName
    dark: bool

    window: str  # ground of the window
    panel: str  # ground of panels and plots
    sunk: str  # pressed, selected, inset
    hairline: str  # grid and borders that carry no information
    outline: str  # of controls; axes
    ink: str  # text, playhead, selection
    secondary: str  # labels beside the main text
    hint: str  # hints, tick labels, disabled controls

    forget: str
    input: str
    output: str
    candidate: str
    cell: str
    hidden: str

    rnn: str
    lstm: str
    gru: str
    gradient: str

    clamp: str  # a fill, never without clamp_outline
    clamp_outline: str
    ghost: str
    prediction: str
    chance: str
    band: str  # below float64; never without its hatch, edge and label

    text: Mapping[str, str]
    lines: Lines
    ramp_gradient: np.ndarray
    ramp_signed: np.ndarray
    ramp_gate: np.ndarray

    def network(self, cell: str) -> NetworkLook:
        """Hue, text shade, mark and line of the network of kind ``cell``.

        Parameters
        ----------
        cell : str
            ``"rnn"``, ``"lstm"`` or ``"gru"``.

        Raises
        ------
        KeyError
            If ``cell`` is none of the three.
        """
        mark, dash = _MARKS[cell]
        return NetworkLook(getattr(self, cell), self.text[cell], mark, dash)


_MARKS: dict[str, tuple[Shape, tuple[float, ...]]] = {
    "rnn": ("triangle", ()),
    "lstm": ("square", ()),
    "gru": ("circle", (9.0, 5.0)),
}

# dash patterns in pixels, by role; a role that is not here has a solid line
DASHES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {"gru": (9.0, 5.0), "input": (7.0, 4.0), "output": (2.0, 3.5), "ghost": (4.0, 3.0), "chance": (12.0, 6.0)}
)


def _ramps(name: str) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(resource("assets", "ramps.npz").read_bytes()), allow_pickle=False) as tables:
        ramps = {f"ramp_{kind}": tables[f"{kind}_{name}"] for kind in ("gradient", "signed", "gate")}
    for ramp in ramps.values():
        ramp.flags.writeable = False
    return ramps


def _text(**shades: str) -> Mapping[str, str]:
    return MappingProxyType(shades)


LIGHT = Theme(
    name="light",
    dark=False,
    window="#F3F4F6",
    panel="#FFFFFF",
    sunk="#E9EBEE",
    hairline="#D3D7DD",
    outline="#7C8590",
    ink="#14171B",
    secondary="#454B54",
    hint="#616873",
    forget="#3F3BE4",
    input="#4F7A54",
    output="#982D0C",
    candidate="#A88A1A",
    cell="#16131F",
    hidden="#2F98AE",
    rnn="#DD3B0B",
    lstm="#2F33D8",
    gru="#6B8B79",
    gradient="#822B73",
    clamp="#FFD23F",
    clamp_outline="#5C4300",
    ghost="#7C8590",
    prediction="#14171B",
    chance="#616873",
    band="#E4E7EB",
    text=_text(
        forget="#3F3BE4",
        input="#4E7953",
        output="#982D0C",
        candidate="#886C00",
        cell="#16131F",
        hidden="#007A8F",
        rnn="#D13201",
        lstm="#2F33D8",
        gru="#577665",
        gradient="#822B73",
        clamp="#5C4300",
    ),
    lines=Lines(),
    **_ramps("light"),
)

DARK = Theme(
    name="dark",
    dark=True,
    window="#0F1216",
    panel="#171B20",
    sunk="#0A0D10",
    hairline="#2E343C",
    outline="#78828E",
    ink="#EEF1F4",
    secondary="#BFC6CE",
    hint="#97A0AB",
    forget="#6878FF",
    input="#529152",
    output="#EE9230",
    candidate="#BAD18C",
    cell="#F7F2FE",
    hidden="#6FB2B7",
    rnn="#FA5F18",
    lstm="#7B76F5",
    gru="#B2ECB8",
    gradient="#F8A4EA",
    clamp="#FFD23F",
    clamp_outline="#FFD23F",
    ghost="#78828E",
    prediction="#EEF1F4",
    chance="#97A0AB",
    band="#242A31",
    text=_text(
        forget="#6878FF",
        input="#529152",
        output="#EE9230",
        candidate="#BAD18C",
        cell="#F7F2FE",
        hidden="#6FB2B7",
        rnn="#FA5F18",
        lstm="#7B76F5",
        gru="#B2ECB8",
        gradient="#F8A4EA",
        clamp="#FFD23F",
    ),
    lines=Lines(),
    **_ramps("dark"),
)

PROJECTOR = Theme(
    name="projector",
    dark=False,
    window="#FFFFFF",
    panel="#FFFFFF",
    sunk="#ECECEC",
    hairline="#B9BDC3",
    outline="#4A4F57",
    ink="#000000",
    secondary="#1E2227",
    hint="#3B4149",
    forget="#3018E0",
    input="#335F3A",
    output="#621A00",
    candidate="#80750C",
    cell="#0E0A18",
    hidden="#2C828A",
    rnn="#CC2B00",
    lstm="#2012D2",
    gru="#547B62",
    gradient="#801C71",
    clamp="#FFC400",
    clamp_outline="#3D2C00",
    ghost="#4A4F57",
    prediction="#000000",
    chance="#3B4149",
    band="#DDDFE3",
    text=_text(
        forget="#3018E0",
        input="#335F3A",
        output="#621A00",
        candidate="#80750C",
        cell="#0E0A18",
        hidden="#2A8189",
        rnn="#CC2B00",
        lstm="#2012D2",
        gru="#547B62",
        gradient="#801C71",
        clamp="#3D2C00",
    ),
    lines=Lines(),
    **_ramps("projector"),
)

THEMES: Mapping[str, Theme] = MappingProxyType({"light": LIGHT, "dark": DARK, "projector": PROJECTOR})


def theme(name: str) -> Theme:
    """The theme called ``"light"``, ``"dark"`` or ``"projector"``.

    Raises
    ------
    ValueError
        If there is no theme of that name.
    """
    if name not in THEMES:
        raise ValueError(f"no theme {name!r} (one of {', '.join(THEMES)})")
    return THEMES[name]


@cache
def qcolor(colour: str, alpha: float = 1.0) -> QColor:
    """A colour role's hex string as a ``QColor``; ``alpha`` 0 (clear) .. 1 (solid). Treat the result as read-only."""
    from PySide6.QtGui import QColor

    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


def contrast(colour: str, ground: str) -> float:
    """WCAG 2 contrast of two ``"#RRGGBB"`` colours: 1 (the same) .. 21 (black on white)."""
    brighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(value / 255) for value in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
