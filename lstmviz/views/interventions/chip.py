"""The chip in the switch bar: how many interventions there are, in every lab; a click lists them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.hands import applies, describe
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.plain import harmless
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

GHOST, CLEAR = "ghost", "clear"
MOST_LISTED = 20


class Chip(QPushButton):
    """Hidden while there is nothing to tell; yellow, with a word."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self.told = self._short = ""  # the words where there is room, and where there is little
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._chosen)
        self.setToolTip(tr("What is held or changed by hand; a click lists it"))
        self.clicked.connect(self.show_menu)
        self.set_theme(theme)
        self.hide()

    def draw(self, frame: Frame, tool_on: bool) -> None:
        """Show how many there are, and how many of them act; or that the tool is in the hand."""
        listed = len(frame.interventions)
        acting = sum(one.on and applies(one, frame.settings) for one in frame.interventions)
        text = tr("1 intervention") if listed == 1 else tr("{n} interventions").format(n=count(listed))
        if acting < listed:
            text = tr("{n} of {all} interventions").format(n=count(acting), all=count(listed))
        told = text
        if tool_on:
            text = tr("Clamp tool on") if not listed else tr("Clamp tool on, {n}").format(n=count(listed))
            told = tr("Clamp tool on") if not listed else tr("Clamp tool on, {listed}").format(listed=told)
        self._short = (
            count(listed) if acting == listed else tr("{n} of {all}").format(n=count(acting), all=count(listed))
        )
        self._short = tr("Clamp tool on") if tool_on else self._short
        if text != self.told:
            self.told = text
            self.setText(text)
            self.setAccessibleName(told)
        self.setVisible(listed > 0 or tool_on)

    def shorten(self, short: bool) -> None:
        """Say only the count, or all again."""
        self.setText(self._short if short else self.told)

    @Slot()
    def show_menu(self) -> None:
        """Open the list."""
        self.fill_menu()
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def fill_menu(self) -> QMenu:
        """Every intervention with a tick for on and off; the ghost; and all away."""
        menu, hands = self._menu, self._stage.hands
        menu.clear()
        for index, one in enumerate(hands.interventions[:MOST_LISTED]):
            told = harmless(describe(one, self._stage.settings)).replace("&", "&&")
            action = menu.addAction(told)
            action.setObjectName(str(index))
            action.setCheckable(True)
            action.setChecked(one.on)
        more = len(hands.interventions) - MOST_LISTED
        if more > 0:
            menu.addAction(tr("and {n} more").format(n=count(more))).setEnabled(False)
        menu.addSeparator()
        ghost = menu.addAction(tr("Ghost of the run before"))
        ghost.setObjectName(GHOST)
        ghost.setCheckable(True)
        ghost.setChecked(hands.ghost)
        clear = menu.addAction(tr("Clear all"))
        clear.setObjectName(CLEAR)
        clear.setEnabled(bool(hands.interventions))
        return menu

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        name = action.objectName()
        if name == GHOST:
            self._stage.set_ghost(action.isChecked())
        elif name == CLEAR:
            self._stage.clear_interventions()
        elif name:
            self._stage.switch_intervention(int(name), action.isChecked())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme, at the text size now in force."""
        dark = "#14171B"  # on yellow, in every theme
        self.setStyleSheet(
            f"QPushButton {{ background: {theme.clamp}; color: {dark}; border: 1px solid {theme.clamp_outline}; "
            f"border-radius: {fonts.scaled(13)}px; min-height: {fonts.scaled(26)}px; "
            f"padding: 0 {fonts.scaled(11)}px; font-size: {fonts.scaled(12)}px; font-weight: 600; }}"
            f"QPushButton:hover {{ border: 2px solid {theme.clamp_outline}; }}"
        )
