"""Interventions as they are typed: ``lstm f 10-40 0.1`` after ``--clamp``, or ``clamp=...`` after ``--set``.

Words used in this file
    line    one intervention, or several with semicolons between them
    list    whole numbers: ``3``, ``3,5-7``, ``all``
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.lab.intervention_checks import checked
from lstmviz.lab.intervention_text import blocks_of
from lstmviz.lab.interventions import (
    MOST,
    NAMES,
    Clamp,
    Cut,
    Freeze,
    InputEdit,
    Intervention,
    WeightEdit,
    sizes_of,
)
from lstmviz.lab.letters import codes
from lstmviz.lab.settings import CELLS, Settings
from lstmviz.words import tr

FORMS = {
    "clamp": tr("NETWORK QUANTITY TIMESTEPS VALUE [UNITS], e.g. lstm f 10-40 0.1"),
    "freeze": tr("NETWORK TIMESTEPS [UNITS], e.g. lstm 10-40"),
    "cut": tr("NETWORK FROM TO, e.g. rnn 3 7, or rnn all all"),
    "edit": tr("NETWORK ARRAY ROW COLUMN VALUE, e.g. lstm weight_hh f3 5 0.25"),
    "input": tr("TIMESTEP LETTER-OR-NUMBERS, e.g. 1 B, or 1 0.5,1"),
}


def interventions_in(
    lines: Mapping[str, str | Iterable[str]], settings: Settings, file: str, before: str = ""
) -> list[Intervention]:
    """The interventions that typed lines name, in the order of ``FORMS``.

    Parameters
    ----------
    lines : mapping
        By kind, a key of ``FORMS``: one line, or several.
    settings : Settings
        Which networks and sizes there are.
    file : str
        Where the lines stand, for the error line.
    before : str
        What stands before a kind there, such as ``--``.

    Raises
    ------
    BadInput
        If a line cannot be read, or names what there is not.
    """
    found: list[Intervention] = []
    for kind in FORMS:
        of_kind = lines.get(kind, ())
        for line in [of_kind] if isinstance(of_kind, str) else of_kind:
            for part in line.split(";"):
                found += _Line(kind, part, settings, file, before + kind).read()
    if len(found) > MOST:
        wrong = tr("there are {count} of them").format(count=len(found))
        raise BadInput(file, tr("interventions"), wrong, tr("at most {most}").format(most=MOST))
    return found


class _Line:
    """One intervention as it was typed."""

    def __init__(self, kind: str, text: str, settings: Settings, file: str, place: str) -> None:
        self.kind, self.text, self.settings = kind, text.strip(), settings
        self.file, self.place = file, place
        self.words = self.text.split()

    def refuse(self, wrong: str, allowed: str = "") -> BadInput:
        return BadInput(self.file, self.place, wrong, allowed or FORMS[self.kind])

    def read(self) -> list[Intervention]:
        """What it says."""
        makers: dict[str, Callable[[], list[Intervention]]] = {
            "clamp": self._clamp,
            "freeze": self._freeze,
            "cut": self._cuts,
            "edit": self._edit,
            "input": self._input,
        }
        return [checked(one, self.settings, self.file, self.place) for one in makers[self.kind]()]

    def _count(self, low: int, high: int) -> None:
        if not low <= len(self.words) <= high:
            raise self.refuse(tr("{text} cannot be read").format(text=shortened(self.text) or '""'))

    def _network(self) -> str:
        if self.words[0] not in CELLS:
            raise self.refuse(tr("{value} is unknown").format(value=shortened(self.words[0])), ", ".join(CELLS))
        if self.words[0] not in self.settings.cells:
            wrong = tr("there is no {value}").format(value=NAMES[self.words[0]])
            raise self.refuse(wrong, ", ".join(self.settings.cells))
        return self.words[0]

    def _clamp(self) -> list[Intervention]:
        self._count(4, 5)
        cell, (first, last) = self._network(), self._span(self.words[2])
        return [Clamp(cell, self.words[1], first, last, self._numbers(self.words[3]), self._units(4))]

    def _freeze(self) -> list[Intervention]:
        self._count(2, 3)
        cell, (first, last) = self._network(), self._span(self.words[1])
        return [Freeze(cell, first, last, self._units(2))]

    def _cuts(self) -> list[Intervention]:
        self._count(3, 3)
        cell = self._network()
        every = tuple(range(sizes_of(self.settings, cell).hidden))
        sources, targets = (self._list(word) or every for word in self.words[1:])
        if len(sources) * len(targets) > MOST:
            raise self.refuse(tr("these are too many connections"), tr("at most {most}").format(most=MOST))
        return [Cut(cell, source, target) for source in sources for target in targets]

    def _edit(self) -> list[Intervention]:
        self._count(4, 5)
        cell, array = self._network(), self.words[1]
        shapes = dict(sizes_of(self.settings, cell).arrays)
        if array not in shapes:
            raise self.refuse(tr("there is no {value}").format(value=shortened(array)), ", ".join(shapes))
        one_axis = len(shapes[array]) == 1
        self._count(4 if one_axis else 5, 4 if one_axis else 5)
        row = self._row(cell, self.words[2])
        column = 0 if one_axis else self._whole(self.words[3]) - 1
        (value,) = self._numbers(self.words[-1], 1)
        return [WeightEdit(cell, array, row, column, value)]

    def _input(self) -> list[Intervention]:
        self._count(2, 2)
        known = codes(self.settings.task)
        letters = tr("a letter of {letters}, or numbers: 0.5,1").format(letters=" ".join(known)) if known else ""
        values = known.get(self.words[1]) or self._numbers(self.words[1], allowed=letters)
        return [InputEdit(self._whole(self.words[0]), values)]

    # -- parts ---------------------------------------------------------------------------------------------------

    def _row(self, cell: str, word: str) -> int:
        """A row, from 0: ``18``, or ``f3`` for unit 3 of the block f."""
        blocks = blocks_of(cell, self.settings.variant)
        if word[:1] in blocks:
            return blocks.index(word[0]) * sizes_of(self.settings, cell).hidden + self._unit(cell, word[1:])
        return self._whole(word) - 1

    def _unit(self, cell: str, word: str) -> int:
        unit, hidden = self._whole(word), sizes_of(self.settings, cell).hidden
        if not 1 <= unit <= hidden:
            wrong = tr("there is no unit {unit}").format(unit=unit)
            raise self.refuse(wrong, tr("1 to {last}").format(last=hidden))
        return unit - 1

    def _units(self, at: int) -> tuple[int, ...]:
        return self._list(self.words[at]) if len(self.words) > at else ()

    def _list(self, word: str) -> tuple[int, ...]:
        """Whole numbers from 0, typed from 1; none for ``all``."""
        if word == "all":
            return ()
        found: dict[int, None] = {}
        for part in word.split(","):
            first, last = self._span(part)
            if last - first >= MOST:
                raise self.refuse(tr("{value} is out of range").format(value=shortened(part)))
            found |= dict.fromkeys(range(first - 1, last))
        return tuple(found)

    def _span(self, word: str) -> tuple[int, int]:
        """First and last of ``7`` or ``10-40``."""
        found = re.fullmatch(r"([0-9]{1,6})(?:[-–]([0-9]{1,6}))?", word)
        if found is None or not 1 <= int(found[1]) <= int(found[2] or found[1]):
            raise self.refuse(tr("{value} is no stretch").format(value=shortened(word)), tr("7, or 10-40"))
        return int(found[1]), int(found[2] or found[1])

    def _whole(self, word: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", word):
            raise self.refuse(tr("{value} is not a whole number").format(value=shortened(word) or '""'))
        return int(word)

    def _numbers(self, word: str, most: int = 0, allowed: str = "") -> tuple[float, ...]:
        found: list[Any] = word.split(",")
        try:
            values = tuple(map(float, found))
        except ValueError:
            raise self.refuse(tr("{value} is not a number").format(value=shortened(word)), allowed) from None
        if most and len(values) > most:
            raise self.refuse(tr("there are {count} values").format(count=len(values)))
        return values
