"""Numbers of a formula, written so that what is printed is true.

A sum whose terms are each rounded to three digits is often one off in the last: 0.0324 + 0.0644 = 0.0968 would be
printed 0.032 + 0.064 = 0.097. A reader who adds up finds a mistake where there is none. So the digits are chosen: the
fewest for which the rounded numbers themselves add up. Every number stays rounded as it should be; none is bent.

    sums        all terms and the result to the same decimals, and the printed terms give the printed result exactly
    all else    the printed factors, or the printed argument, give the printed result once that is rounded to its digits

Where no more than ``MOST_MORE`` further digits bring this about, ``≈`` takes the place of ``=``.

Words used in this file
    more     digits beyond the usual ones
    places   decimals; below 0.001 and from 10,000 on, those of the mantissa
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lstmviz.words import MINUS, superscript, tr

USUAL_PLACES = 3
MOST_MORE = 3
EQUAL, ABOUT = " = ", " ≈ "


@dataclass(frozen=True, slots=True)
class Written:
    """One number as printed."""

    text: str
    exact: Decimal  # what the text says

    @property
    def negative(self) -> bool:
        """Whether it needs brackets behind another sign."""
        return self.text.startswith(MINUS)


@dataclass(frozen=True, slots=True)
class WrittenSum:
    """Terms and their sum in the same decimals; all times 10**power where that is not 0."""

    terms: tuple[Written, ...]
    total: Written
    power: int
    exact: bool  # whether the printed terms give the printed total


def written(value: float, more: int = 0) -> Written:
    """A number by itself: 0.322, 0.0072, −7.6 × 10⁻⁴; what is no number in words."""
    if not math.isfinite(value):
        text = tr("not a number") if math.isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
        return Written(text, Decimal(value))
    power = power_for((value,))
    places = places_for((value,), power) + more
    inner = fixed(value, places, power)
    if power:
        return Written(f"{inner.text} × 10{superscript(power)}", inner.exact.scaleb(power))
    return inner


def written_sum(terms: Sequence[float], total: float, least_more: int = 0) -> WrittenSum:
    """Terms and their sum with the fewest digits, from ``least_more`` on, for which what is printed adds up.

    Parameters
    ----------
    terms : sequence of float
        With their signs.
    total : float
        Their sum, as it was computed.
    least_more : int
        How many more digits than usual at least.
    """
    values = (*terms, total)
    if not all(map(math.isfinite, values)):
        return WrittenSum(tuple(map(written, terms)), written(total), 0, False)
    power = power_for(values)
    usual = places_for(values, power)
    for more in range(least_more, MOST_MORE + 1):
        found = _sum_at(terms, total, usual + more, power)
        if found.exact:
            return found
    return _sum_at(terms, total, usual + least_more, power)


def _sum_at(terms: Sequence[float], total: float, places: int, power: int) -> WrittenSum:
    shown = tuple(fixed(term, places, power) for term in terms)
    whole = fixed(total, places, power)
    return WrittenSum(shown, whole, power, sum((one.exact for one in shown), Decimal(0)) == whole.exact)


def fewest(true_at: Callable[[int], bool], least: int = 0) -> tuple[int, bool]:
    """The fewest further digits at which something printed is true, and whether there are any."""
    for more in range(least, MOST_MORE + 1):
        if true_at(more):
            return more, True
    return least, False


def gives(value: float | Decimal, shown: Written) -> bool:
    """Whether a value, rounded to the digits in which a number is printed, is that number."""
    if not shown.exact.is_finite():
        return False
    exact = value if isinstance(value, Decimal) else Decimal(value)
    return exact.is_finite() and abs(exact - shown.exact) <= unit_of(shown) / 2


def unit_of(shown: Written) -> Decimal:
    """One unit in the last printed place of a finite number."""
    exponent = shown.exact.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)


def power_for(values: Sequence[float]) -> int:
    """The power of ten that is written apart: that of the largest size, below 0.001 and from 10,000 on; else 0."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0.0 or 1e-3 <= largest < 1e4:
        return 0
    return math.floor(math.log10(largest))


def places_for(values: Sequence[float], power: int) -> int:
    """Decimals for a list of numbers: three, or as many as the largest needs for two digits."""
    largest = max((abs(value) for value in values), default=0.0)
    if power:
        return 2
    return USUAL_PLACES if largest == 0.0 else max(USUAL_PLACES, 1 - math.floor(math.log10(largest)))


def fixed(value: float, places: int, power: int = 0) -> Written:
    """value / 10**power in fixed decimals, rounded once, from the binary number itself."""
    exact = Decimal(value).scaleb(-power).quantize(Decimal(1).scaleb(-places))
    exact = abs(exact) if exact == 0 else exact  # no minus before a zero
    return Written(f"{exact:f}".replace("-", MINUS), exact)
