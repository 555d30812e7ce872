"""The card of all keys: made from the table of commands, in as many columns as the window is wide.

Words used in this file
    group     what the commands of one line of thought are called in the table: Walk, Set, Look ...
    column    whole groups, one under the other
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from lstmviz.views import fonts
from lstmviz.views.controls import cap_width, paint_cap
from lstmviz.views.keys import Command, shown_key
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

Groups = list[tuple[str, list[Command]]]
COLUMN, PAD, LINE = 400, 22, 20  # pixels at 100 %
MOST_COLUMNS = 4
HEAD = 2  # lines over the columns


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a column: the name of a group, a command, or nothing."""

    title: str = ""
    command: Command | None = None


def grouped(commands: Iterable[Command]) -> Groups:
    """The commands by group, in the table's order; the nine prepared states of a page share one line."""
    groups: dict[str, list[Command]] = {}
    table = list(commands)
    states = [command for command in table if command.name.startswith("what_if_") and command.name != "what_if_0"]
    for command in table:
        if command not in states:
            groups.setdefault(command.group, []).append(command)
        elif command is states[0]:
            key = f"{shown_key(states[0])} … {shown_key(states[-1])}"
            shared = replace(command, keys=(key,), about=tr("Prepared states of the page"))
            groups.setdefault(command.group, []).append(shared)
    return list(groups.items())


def said(groups: Groups) -> str:
    """All keys as one text for screen readers."""
    return "; ".join(f"{shown_key(command)}: {command.about}" for _, group in groups for command in group)


class KeyCard:
    """All keys, laid out for the room there is.

    Parameters
    ----------
    groups : list of (str, list of Command)
    width, height : int
        The room, pixels; where it is too small for all keys the card is larger, and whoever paints it shrinks it.
    """

    def __init__(self, groups: Groups, width: int, height: int) -> None:
        most = max(1, min(MOST_COLUMNS, (width - fonts.scaled(PAD)) // fonts.scaled(COLUMN)))
        rows = max((height - fonts.scaled(2 * PAD)) // fonts.scaled(LINE) - HEAD, 1)
        choices = [_packed(groups, number) for number in range(min(2, most), most + 1)]
        fitting = [columns for columns in choices if max(map(len, columns), default=0) <= rows]
        self.columns = fitting[0] if fitting else choices[-1]
        tall = max((len(column) for column in self.columns), default=0)
        wide = fonts.scaled(COLUMN) * len(self.columns) + fonts.scaled(PAD)
        self.size = QSize(wide, fonts.scaled(2 * PAD + LINE * (tall + HEAD)))

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint hint and columns at the painter's origin."""
        pad = fonts.scaled(PAD)
        painter.setFont(fonts.text(12))
        painter.setPen(qcolor(theme.hint))
        hint = tr("These keys work here; letters everywhere but in a text field. F1 or Esc: close")
        painter.drawText(pad, pad + fonts.scaled(8), hint)
        for k, column in enumerate(self.columns):
            _paint_column(painter, pad + k * fonts.scaled(COLUMN), pad + fonts.scaled(2 * LINE), column, theme)


def _packed(groups: Groups, number: int) -> list[list[_Line]]:
    """Whole groups in ``number`` columns of about the same length, the longest groups placed first."""
    columns: list[list[int]] = [[] for _ in range(number)]
    sizes = [len(group) + 2 for _, group in groups]
    for index in sorted(range(len(groups)), key=lambda index: -sizes[index]):
        shortest = min(columns, key=lambda column: sum(sizes[k] for k in column))
        shortest.append(index)
    found = []
    for column in sorted((sorted(column) for column in columns if column), key=lambda column: column[0]):
        lines: list[_Line] = []
        for index in column:
            title, group = groups[index]
            lines += [_Line(), _Line(title)] if lines else [_Line(title)]
            lines += [_Line(command=command) for command in group]
        found.append(lines)
    return found


def _paint_column(painter: QPainter, x: int, y: int, column: Sequence[_Line], theme: Theme) -> None:
    font, line = fonts.text(12), fonts.scaled(LINE)
    measure = QFontMetricsF(font)
    caps = [cap_width(shown_key(one.command)) for one in column if one.command is not None]
    reserve = max(caps, default=0.0) + fonts.scaled(10)
    width = fonts.scaled(COLUMN - PAD)
    for one in column:
        if one.command is not None:
            key = shown_key(one.command)
            cap = QRectF(x, y - fonts.scaled(14), cap_width(key), fonts.scaled(18))
            paint_cap(painter, cap, key, qcolor(theme.ink))
            painter.setFont(font)
            painter.setPen(qcolor(theme.secondary))
            painter.drawText(
                round(x + reserve),
                y,
                measure.elidedText(one.command.about, Qt.TextElideMode.ElideRight, width - reserve),
            )
        elif one.title:
            painter.setFont(fonts.text(13, 600))
            painter.setPen(qcolor(theme.ink))
            painter.drawText(x, y, one.title)
        y += line
