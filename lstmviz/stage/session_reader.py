"""Checks of what stands in a session file, each with the file's name and the place in its error line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn

from lstmviz.files import BadInput
from lstmviz.files.error_line import shortened
from lstmviz.words import tr


class Reader:
    """Checks of a tree's parts, each with the file's name in its error line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse(self, place: str, wrong: str, allowed: str) -> NoReturn:
        """Say what is wrong, where, and what is allowed."""
        raise BadInput(self.path, place, wrong, allowed)

    def within(self, place: str, error: BadInput) -> BadInput:
        """The complaint of another reader about a part of this file."""
        return BadInput(self.path, f"{place}: {error.place}" if error.place else place, error.wrong, error.allowed)

    def keys(self, tree: Any, place: str, known: tuple[str, ...]) -> None:
        """Refuse what is no object, or has another key."""
        if not isinstance(tree, dict):
            self.refuse(place, tr("this is no object"), "{...}")
        for key in tree:
            if key not in known:
                self.refuse(place, tr("unknown key {key}").format(key=shortened(key)), ", ".join(known))

    def word(self, tree: dict[str, Any], place: str, key: str, known: tuple[str, ...], usual: str | None = None) -> str:
        """One of a few words."""
        value = tree.get(key, usual)
        if not isinstance(value, str) or value not in known:
            shown = tr("{value} is unknown").format(value=shortened(str(value)))
            self.refuse(f"{place}: {key}" if place else key, shown, ", ".join(known))
        return str(value)

    def whole(self, tree: dict[str, Any], place: str, key: str, low: int, high: int, usual: int | None = None) -> int:
        """A whole number in a range."""
        value = tree.get(key, usual)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            shown = tr("{value} is out of range").format(value=shortened(str(value)))
            allowed = tr("{low} to {high}").format(low=low, high=high)
            self.refuse(f"{place}: {key}" if place else key, shown, allowed)
        return value

    def text(self, tree: dict[str, Any], place: str, key: str, longest: int, usual: str | None = None) -> str:
        """A text of no more than so many characters."""
        value = tree.get(key, usual)
        place = f"{place}: {key}" if place else key
        if not isinstance(value, str):
            self.refuse(place, tr("this is no text"), tr("such as {value}").format(value='"..."'))
        if len(value) > longest:
            self.refuse(place, tr("the text is too long"), tr("at most {n} characters").format(n=longest))
        return value

    def switch(self, tree: dict[str, Any], place: str, key: str, usual: bool | None = None) -> bool:
        """True or false."""
        value = tree.get(key, usual)
        if not isinstance(value, bool):
            shown = tr("{value} is neither true nor false").format(value=shortened(str(value)))
            self.refuse(f"{place}: {key}" if place else key, shown, "true, false")
        return value

    def made(self, kind: Callable[..., Any], place: str, given: dict[str, Any]) -> Any:
        """A value whose own checks speak of the file; a number written with or without a point is the same number."""
        usual = {field.name: field.default for field in fields(kind)}  # type: ignore[arg-type]
        for key, value in given.items():
            like = usual[key]
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if isinstance(like, bool):
                good = isinstance(value, bool)
            elif isinstance(like, int):
                good = isinstance(value, int) and not isinstance(value, bool)
            else:
                good = number if isinstance(like, float) else not number
            if not good:
                wrong = tr("{value} is of the wrong kind").format(value=shortened(str(value)))
                self.refuse(f"{place}: {key}", wrong, tr("such as {value}").format(value=like))
            if isinstance(like, float):
                given = given | {key: float(value)}
        try:
            return kind(**given)
        except BadInput as error:
            raise BadInput(self.path, f"{place}: {error.place}", error.wrong, error.allowed) from None
