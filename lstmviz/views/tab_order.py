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


def grown(widget: QWidget) -> None:
    """Say that there is something new in a widget for Tab to reach; the window chains it once all is drawn."""
    chain_again = getattr(widget.window(), "chain_again", None)
    if chain_again is not None:
        chain_again()


def first_in(region: QWidget) -> QWidget | None:
    """The first widget of a region that Tab would reach."""
    widget = region.nextInFocusChain()
    while widget is not None and widget is not region:
        if region.isAncestorOf(widget) and _takes_tab(widget):
            return widget
        widget = widget.nextInFocusChain()
    return None


def _takes_tab(widget: QWidget) -> bool:
    policy = widget.focusPolicy()
    return widget.isVisible() and widget.isEnabled() and bool(policy & Qt.FocusPolicy.TabFocus)
