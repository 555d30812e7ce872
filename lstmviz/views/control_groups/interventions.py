"""What hands have done to the run: a list of cards, the ghost of the run before, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.hands import Clamp, Freeze, quantities_of
from lstmviz.stage.inspect_frame import title_of
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group
from lstmviz.views.controls import button, label
from lstmviz.views.interventions.edits import make
from lstmviz.views.interventions.effects_table import EffectsTable
from lstmviz.views.interventions.hands import hands_of
from lstmviz.views.interventions.list_card import ListCard
from lstmviz.views.interventions.quantities import range_of
from lstmviz.views.keys import tip
from lstmviz.views.tab_order import chain, focusable
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

HOLD, FREEZE, WEIGHTS, CUT, INPUT, BE = "hold", "freeze", "weights", "cut", "input", "be"


class InterventionsGroup(Group):
    """The list of interventions, and the ways to make another one."""

    SPOT = "interventions"
    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Interventions"))
        self.tool = button(tr("Clamp"), "plain", self)
        self.tool.setCheckable(True)
        self.add = button(tr("add +"), "plain", self)
        self.ghost = QCheckBox(tr("Ghost of the run before"), self)
        self.clear = button(tr("Clear all"), "link", self)
        self.hint = label("", "hint", self)
        self.hint.setWordWrap(True)
        self.effects = EffectsTable(self)
        self.cards: list[ListCard] = []
        self._menu = QMenu(self)
        self._reveals = False  # a card has come: once the column has made room, it is scrolled into sight
        self._connected = False
        self._name_all()
        self._lay_out()
        self._menu.triggered.connect(self._chosen)
        self.tool.clicked.connect(commands.method("clamp_tool"))
        self.add.clicked.connect(self.show_menu)
        self.ghost.clicked.connect(self._toggle_ghost)
        self.clear.clicked.connect(self._clear)

    def _name_all(self) -> None:
        table = self.commands.table
        for widget, name, about in (
            (self.tool, tr("Clamp tool"), tip(table["clamp_tool"])),
            (self.add, tr("Add an intervention"), tr("Hold, freeze, cut or change something")),
            (self.ghost, self.ghost.text(), tip(table["ghost"], tr("Keep the free run as a dashed line"))),
            (self.clear, self.clear.text(), tr("Take all interventions out of the list; undo brings them back")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(about)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(label(tr("Interventions"), "strong", self))
        head.addStretch(1)
        head.addWidget(self.tool)
        head.addWidget(self.add)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        foot = QHBoxLayout()
        foot.addWidget(self.ghost, 1)
        self.rows.setSpacing(4)
        self.rows.addLayout(head)
        self.rows.addWidget(self.hint)
        self.rows.addLayout(self._list)
        self.rows.addLayout(foot)
        self.rows.addWidget(self.effects)
        last = QHBoxLayout()
        last.addWidget(self.clear)
        last.addStretch(1)
        self.rows.addLayout(last)

    # -- showing -----------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show the list and what it did."""
        listed, hands = len(frame.interventions), hands_of(self)
        tool_on = hands is not None and hands.tool_on
        self.tool.setChecked(tool_on)
        told = tr("Hold a gate, freeze the state, cut a connection, change a weight or an input.")
        if tool_on:
            told = tr("Clamp tool on: drag over timesteps, or click an input. Esc puts it away.")
        self.hint.setText(told)
        self.hint.setVisible(tool_on or not listed)
        self._reveals = listed > len(self.cards)
        if not self._connected:
            self._connected = True
            self.commands.window.column.area.verticalScrollBar().rangeChanged.connect(self._make_room)
        before = len(self.cards)
        while len(self.cards) < listed:
            made = ListCard(self.stage, len(self.cards), self.theme, self)
            self.cards.append(made)
            self._list.addWidget(made)
            made.show()
        while len(self.cards) > listed:
            gone = self.cards.pop()
            gone.hide()
            self._list.removeWidget(gone)
            gone.deleteLater()
        if before != listed:
            self._chain()
        for card in self.cards:
            card.draw(frame)
        for part in (self.ghost, self.clear):
            part.setVisible(listed > 0)
        self.ghost.setChecked(self.stage.hands.ghost)
        self.effects.draw(frame)

    def _chain(self) -> None:
        """Tab goes through the cards in their place, though others were made before them."""
        below = (self.ghost, self.effects, self.clear)
        for widget in below:
            widget.raise_()
        chain(self.add, [*(part for card in self.cards for part in focusable(card)), self.ghost, self.clear])

    @Slot(int, int)
    def _make_room(self, _low: int, _high: int) -> None:
        """The column knows how high it is now: show what has come, the whole group or as much as there is room for."""
        area = self.commands.window.column.area
        if not self._reveals or not self.isVisible() or not self.cards:
            return
        if self.height() > area.viewport().height():
            area.ensureWidgetVisible(self.cards[-1], 0, fonts.scaled(30))
        else:
            area.ensureWidgetVisible(self, 0, 0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        for card in self.cards:
            card.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        for small in (self.tool, self.add):
            small.setStyleSheet(f"padding: 0px {fonts.scaled(6)}px; min-height: {fonts.scaled(26)}px;")
        for card in self.cards:
            card.set_scale()
        self.effects.set_scale()

    # -- hands -------------------------------------------------------------------------------------------------

    @Slot()
    def show_menu(self) -> None:
        """Open the list of what can be done, at the playhead and for the selected network."""
        self.fill_menu()
        self._menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    def fill_menu(self) -> QMenu:
        """The list of what can be done now."""
        frame, menu = self.stage.frame, self._menu
        cell, t = frame.selection.network, count(frame.selection.timestep)
        menu.clear()
        if cell in frame.settings.cells:
            for quantity in quantities_of(frame.settings, cell):
                text = tr("Hold {what} {symbol} of the {network} at t = {t}")
                words = text.format(what=title_of(cell, quantity), symbol=quantity, network=NAMES[cell], t=t)
                menu.addAction(words).setObjectName(f"{HOLD} {quantity}")
            freeze = tr("Freeze the state of the {network} at t = {t}").format(network=NAMES[cell], t=t)
            menu.addAction(freeze).setObjectName(FREEZE)
            menu.addSeparator()
            menu.addAction(tr("Change a weight of the {network} …").format(network=NAMES[cell])).setObjectName(WEIGHTS)
            menu.addAction(tr("Cut a connection of the {network} …").format(network=NAMES[cell])).setObjectName(CUT)
            menu.addAction(tr("Change the input at t = {t} …").format(t=t)).setObjectName(INPUT)
            menu.addSeparator()
        be = menu.addAction(tr("Be the LSTM: set its gates by hand"))
        be.setObjectName(BE)
        be.setEnabled("lstm" in frame.settings.cells)
        return menu

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        kind, _, quantity = action.objectName().partition(" ")
        cell, t = self.stage.selection.network, self.stage.selection.timestep
        hands, where = hands_of(self), self.mapToGlobal(self.rect().topRight())
        index: int | None = None
        if kind == HOLD:
            index = make(self.stage, Clamp(cell, quantity, t, t, (range_of(quantity).start,)))
        elif kind == FREEZE:
            index = make(self.stage, Freeze(cell, t, t))
        elif kind == BE:
            self.commands.be_the_lstm()
        elif hands is not None and kind == INPUT:
            hands.open_input(t, where)
        elif hands is not None:
            hands.open_weights()
        if index is not None and hands is not None:
            self.stage.tick(0.0)
            hands.open_clamp(index, where)

    @Slot(bool)
    def _toggle_ghost(self, on: bool) -> None:
        self.stage.set_ghost(on)

    @Slot()
    def _clear(self) -> None:
        self.stage.clear_interventions()
