"""Numbers as runs of text whose exponents are really raised, so that they stay legible at every size.

Words used in this file
    run     a stretch of text with one role; what ``FormulaText`` lays out
    raised  an exponent written with superscript characters, as ``lstmviz.words.power`` writes it
"""

from __future__ import annotations

import re

from lstmviz.stage.explain import Run
from lstmviz.words import power

_RAISED = re.compile("([⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_LEVEL = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "−+0123456789")


def power_runs(log10: float, digits: int = 2) -> tuple[Run, ...]:
    """The number 10**``log10`` as runs: ``4.6 × 10`` and, raised, ``−12``.

    Parameters
    ----------
    log10 : float
        Decimal logarithm; minus infinity is an exact zero, NaN is said in words.
    digits : int
        Significant digits, 1 or more.
    """
    return number_runs(power(log10, digits))


def number_runs(text: str) -> tuple[Run, ...]:
    """Any text of ``lstmviz.words``; its superscript characters become runs with the role ``sup``."""
    return level_exponents(Run(text, "number"))


def level_exponents(run: Run) -> tuple[Run, ...]:
    """``run`` split so that its superscript characters stand apart, as ordinary figures with the role ``sup``."""
    parts = _RAISED.split(run.text)
    if len(parts) == 1:
        return (run,)
    runs = (Run(part.translate(_LEVEL), "sup") if k % 2 else Run(part, run.role) for k, part in enumerate(parts))
    return tuple(r for r in runs if r.text)
