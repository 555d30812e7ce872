"""What could be set: every setting of the one table with the values that it may have, for lists to choose from.

Words used in this file
    offer    one setting with one value; a number without a value waits for one to be typed
    why      why the offer does nothing now; empty where it does something
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lstmviz.files import BadInput
from lstmviz.lab.settings import FIELDS, VARIANTS, Field, Settings, with_changes
from lstmviz.words import MINUS, tr

ELSEWHERE = ("task", "cells")  # chosen from lists of their own
_NUMBER = re.compile(r"(.*?\S)[\s=:]+([-−]?\d+(?:[.,]\d+)?)\s*")
Fits = Callable[[str, str, str], object]


@dataclass(frozen=True, slots=True)
class Offer:
    """One setting with one value."""

    key: str  # of the setting, as in lessons and --set
    setting: str  # as people call it
    value: Any  # None: a number is still to be typed
    title: str
    remark: str = ""
    why: str = ""


def offers(settings: Settings) -> Iterator[Offer]:
    """Every setting with every value that can be listed; numbers once, without a value.

    Parameters
    ----------
    settings : Settings
        As they are now.
    """
    for field in FIELDS.values():
        if field.key in ELSEWHERE:
            continue
        now = _shown(field, getattr(settings, field.name))
        if field.kind in ("integer", "number"):
            remark = tr("now {value}; type a number, {allowed}").format(value=now, allowed=_range(field))
            yield Offer(field.key, field.title, None, field.title, remark)
        for choice in ("true", "false") if field.kind == "switch" else field.choices:
            yield offer(settings, field, choice)


def offer(settings: Settings, field: Field, value: Any) -> Offer:
    """One setting with one value, and why it cannot be taken, where it cannot."""
    shown = _shown(field, value)
    why = tr("It is set so") if shown == _shown(field, getattr(settings, field.name)) else ""
    try:
        with_changes(settings, {field.key: value}, "")
    except BadInput as error:
        why = tr("{what} ({allowed})").format(what=error.wrong, allowed=error.allowed)
    title = tr("{setting}: {value}").format(setting=field.title, value=shown)
    return Offer(field.key, field.title, value, title, why=why)


def typed_offers(settings: Settings, text: str, fits: Fits) -> list[Offer]:
    """The settings that a text names and gives a number: ``gap 80``, ``forget bias = 2.5``.

    Parameters
    ----------
    settings : Settings
    text : str
    fits : callable
        Whether typed words fit a title and further words; None where they do not.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return []
    number = float(match[2].replace("−", "-").replace(",", "."))
    value = int(number) if number == int(number) else number
    numeric = (field for field in FIELDS.values() if field.kind in ("integer", "number"))
    return [offer(settings, field, value) for field in numeric if fits(match[1], field.title, field.key) is not None]


def _range(field: Field) -> str:
    return tr("{low:g} to {high:g}").format(low=field.low, high=field.high).replace("-", MINUS)


def _shown(field: Field, value: Any) -> str:
    if field.kind == "switch":
        return tr("on") if value in (True, "true") else tr("off")
    if field.name == "variant":
        return VARIANTS[value].title
    return f"{value:g}".replace("-", MINUS) if isinstance(value, int | float) else str(value)
