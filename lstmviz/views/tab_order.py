"""In which order Tab reaches widgets that were not made in that order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focusable(widget: QWidget) -> list[QWidget]:
    """The widget and all in it that Tab may reach, in the order in which they were made."""
    return [
        found
        for found in (widget, *widget.findChildren(QWidget))
        if found.window() is widget.window()  # the list of a combo box is a window of its own
        and found.focusPolicy() & Qt.FocusPolicy.TabFocus
        and found.focusProxy() is None
    ]


def chain(anchor: QWidget, widgets: Iterable[QWidget]) -> None:
    """Let Tab go through ``widgets`` one after the other, beginning where it passes ``anchor``."""
    for before, after in pairwise((anchor, *widgets)):
        QWidget.setTabOrder(before, after)
