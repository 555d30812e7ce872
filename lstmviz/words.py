"""Words and numbers as people read them: the one translation function, and the one way a number is written.

Every layer but the engine may import this file. It knows no Qt and no terminal.
"""

import gettext
import math
from importlib.resources import files

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MINUS = "−"
THIN_SPACE = "\u2009"


def _catalogue() -> gettext.NullTranslations:
    """The catalogue for the reader's language; English text is its own identifier, so none is needed for English."""
    return gettext.translation("lstmviz", str(files("lstmviz") / "locale"), fallback=True)


_translations = _catalogue()


def tr(text: str) -> str:
    """Text in the reader's language; all that a person reads passes through here.

    Parameters
    ----------
    text : str
        English, which is also the identifier. Fill in values afterwards: ``tr("Gap {gap}").format(gap=3)``.
    """
    return _translations.gettext(text) if text else text


def number(value: float, digits: int = 2) -> str:
    """A number with ``digits`` significant digits: ``0.12``, ``14``, ``4.6 × 10⁻¹²``, with a real minus sign.

    Parameters
    ----------
    value : float
        Any float64, infinities and NaN included.
    digits : int
        Significant digits, 1 or more.
    """
    if math.isnan(value):
        return tr("not a number")
    if value == 0:
        return "0"
    sign = MINUS if value < 0 else ""
    if math.isinf(value):
        return sign + "∞"
    return sign + power(math.log10(abs(value)), digits)


def power(log10: float, digits: int = 2) -> str:
    """The number 10**``log10``, also where float64 has no room for it: ``6.5 × 10⁻⁴⁵⁰``.

    Parameters
    ----------
    log10 : float
        Decimal logarithm; minus infinity stands for an exact zero.
    digits : int
        Significant digits, 1 or more.
    """
    if math.isnan(log10):
        return tr("not a number")
    if math.isinf(log10):
        return "∞" if log10 > 0 else "0"
    exponent, mantissa = split_power(log10, digits)
    if -3 <= exponent <= 3:
        return f"{float(mantissa) * 10.0**exponent:.{max(digits - 1 - exponent, 0)}f}"
    return f"{mantissa} × 10{superscript(exponent)}"


def superscript(exponent: int) -> str:
    """A whole number as an exponent is written: ``⁻¹²``."""
    return str(exponent).translate(_SUPERSCRIPT)


def split_power(log10: float, digits: int = 2) -> tuple[int, str]:
    """Exponent and rounded mantissa of 10**``log10``, e.g. ``(-12, "4.6")``.

    Parameters
    ----------
    log10 : float
        A finite decimal logarithm.
    digits : int
        Significant digits of the mantissa, 1 or more.
    """
    exponent = math.floor(log10)
    mantissa = f"{10.0 ** (log10 - exponent):.{digits - 1}f}"
    if mantissa.startswith("10"):  # 9.96 rounds up to 10: carry
        exponent, mantissa = exponent + 1, f"{1:.{digits - 1}f}"
    return exponent, mantissa


def decimal(value: float, places: int) -> str:
    """A number with a fixed count of decimals and a real minus sign: ``−0.281``."""
    if math.isnan(value):
        return tr("not a number")
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{value:.{places}f}"
    return text.replace("-", MINUS)


def count(amount: int) -> str:
    """A whole number with thin spaces between the thousands: ``1 600``."""
    return f"{amount:,}".replace(",", THIN_SPACE).replace("-", MINUS)
