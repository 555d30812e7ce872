"""A number as a learner types it into a prediction: ``0.01``, ``1e-4``, ``10^-4``, ``2 x 10^-12``, ``5 %``."""

import math
import re

LONGEST = 24  # characters
_SIGNS = str.maketrans({"−": "-", "×": "x", "*": "x", "·": "x"} | dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True)))
_FORM = re.compile(
    r"(?:(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?)(?:x10\^(?P<times>-?\d{1,3}))?"
    r"|10\^(?P<power>-?\d{1,3}))(?P<percent>%)?",
    re.IGNORECASE | re.ASCII,
)


def typed_number(text: str) -> float | None:
    """The number that ``text`` says, or None when it says none.

    Parameters
    ----------
    text : str
        With a decimal point. Powers of ten as ``1e-4``, ``10^-4``, ``2 x 10^-4`` or with raised figures.
    """
    if len(text) > LONGEST:
        return None
    raised = re.sub(r"10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"10^\1", text)
    found = _FORM.fullmatch(re.sub(r"\s", "", raised).translate(_SIGNS))
    if found is None:
        return None
    exponent = int(found["power"] or found["times"] or 0)
    value = float(found["number"] or "1") * (10.0**exponent if exponent < 300 else math.inf)
    value /= 100.0 if found["percent"] else 1.0
    return value if math.isfinite(value) else None
