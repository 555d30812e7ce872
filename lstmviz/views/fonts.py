"""The fonts that come with the program, and the text size setting.

No system font is relied on: a bare machine has none and would draw boxes. Sizes are in device-independent pixels at a
text size of 100 %; the setting (80 .. 200 %) is applied here, so that no view multiplies by it. Pictures that are sized
by their own geometry (lecture, export) ask for ``fixed=True``.

Words used in this file
    face    text (Inter), mono (JetBrains Mono) or maths (STIX Two)
    weight  400 regular, 500 medium, 600 semibold, 700 bold; 650 and 680 of the design round to 600 and 700
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase

from lstmviz.resources import resource

TEXT = "Inter"
MONO = "JetBrains Mono"
MATHS = "STIX Two Text"
MATHS_SIGNS = "STIX Two Math"  # the signs STIX Two Text lacks: the partial derivative, nabla, arrows

SMALLEST, LARGEST = 0.8, 2.0  # text size, as a factor

FILES = {
    "inter": ("Inter_400Regular.ttf", "Inter_500Medium.ttf", "Inter_600SemiBold.ttf", "Inter_700Bold.ttf"),
    "jetbrains-mono": ("JetBrainsMono_400Regular.ttf", "JetBrainsMono_500Medium.ttf", "JetBrainsMono_600SemiBold.ttf"),
    "stix-two": ("STIXTwoText_400Regular.ttf", "STIXTwoText_400Regular_Italic.ttf", "STIXTwoMath-Regular.ttf"),
}

_size = 1.0


@cache
def load() -> None:
    """Make the shipped fonts known to Qt; call once, after the ``QGuiApplication`` exists. Later calls do nothing.

    Raises
    ------
    FileNotFoundError
        If a font file is missing from the installation.
    ValueError
        If Qt refuses a font file: the installation is damaged.
    """
    for folder, names in FILES.items():
        for name in names:
            data = resource("assets", "fonts", folder, name).read_bytes()
            if QFontDatabase.addApplicationFontFromData(QByteArray(data)) < 0:
                raise ValueError(f"assets/fonts/{folder}/{name}: not a font Qt can read (install lstmviz again)")


def set_text_size(factor: float) -> None:
    """Set the text size of every font asked for from now on; ``factor`` 0.8 .. 2.0, clipped to that range."""
    global _size
    _size = min(max(factor, SMALLEST), LARGEST)


def text_size() -> float:
    """The text size now in force, as a factor 0.8 .. 2.0."""
    return _size


def scaled(px: float) -> int:
    """``px`` at a text size of 100 %, as whole pixels at the size now in force: for row heights and hit targets."""
    return round(px * _size)


def text(px: float, weight: int = 400, *, fixed: bool = False, prose: bool = False) -> QFont:
    """Interface text: Inter with figures of equal width.

    Parameters
    ----------
    px : float
        Height of the em in device-independent pixels at a text size of 100 %.
    weight : int
        100 .. 900; taken to the nearest shipped weight (400, 500, 600, 700).
    fixed : bool
        True: ``px`` is final, whatever the text size setting.
    prose : bool
        True: figures of their natural width. For words: Inter's figures of equal width make the hyphen as wide as a
        figure, too, and tear "First-token" apart.
    """
    font = _font((TEXT, MATHS_SIGNS), px, weight, fixed=fixed)
    if prose and hasattr(font, "clearFeatures"):
        font.clearFeatures()
    return font


def mono(px: float, weight: int = 400, *, fixed: bool = False) -> QFont:
    """Values that change in place, and key caps: JetBrains Mono. Parameters as for ``text``; weights 400, 500, 600."""
    return _font((MONO, TEXT, MATHS_SIGNS), px, weight, fixed=fixed)


def maths(px: float, italic: bool = True, *, fixed: bool = False) -> QFont:
    """Symbols and formulas: STIX Two Text, ``italic`` for variables, upright for functions. Else as ``text``."""
    font = _font((MATHS, MATHS_SIGNS), px, 400, fixed=fixed)
    font.setItalic(italic)
    return font


def signs(px: float, *, fixed: bool = False) -> QFont:
    """Mathematical signs, upright: STIX Two Math. Parameters as for ``text``."""
    return _font((MATHS_SIGNS, MATHS), px, 400, fixed=fixed)


def _font(families: tuple[str, ...], px: float, weight: int, *, fixed: bool) -> QFont:
    load()
    font = QFont(list(families))
    # whole pixels are all QFont takes; points would be finer but follow the screen's dots per inch. Halves go up.
    font.setPixelSize(max(1, int((px if fixed else px * _size) + 0.5)))
    font.setWeight(QFont.Weight(min((400, 500, 600, 700), key=lambda shipped: (abs(shipped - weight), -shipped))))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if hasattr(font, "setFeature"):  # Qt 6.7 on
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
