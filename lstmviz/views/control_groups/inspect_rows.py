"""Inspect's groups about rows and panels: units that go together, their order, and which quantities are shown."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.inspect_frame import InspectPart, title_of
from lstmviz.stage.stage import Stage
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.inspect import InspectGroup, desk_of, plain_symbol
from lstmviz.views.controls import SegmentedControl, button, label
from lstmviz.views.tab_order import grown
from lstmviz.views.theme import Theme
from lstmviz.words import count, number, tr

ALIKE = 4


class AlikeGroup(InspectGroup):
    """Units whose signal goes with that of the selected one, and the order of rows."""

    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Units with the same pattern"))
        self.rows.addWidget(label(tr("Units with the same pattern"), "strong", self))
        self.units: list[QPushButton] = []
        self._values: list[QLabel] = []
        self._shown: tuple[tuple[int, float], ...] = ()
        self._drawn = False
        for k in range(ALIKE):
            row = QHBoxLayout()
            unit = button("", "plain", self)
            unit.setToolTip(tr("Select this unit; correlation of its signal over the text"))
            unit.clicked.connect(getattr(self, f"_choose_{k}"))
            value = label("", "value", self)
            row.addWidget(unit)
            row.addStretch(1)
            row.addWidget(value)
            self.rows.addLayout(row)
            self.units.append(unit)
            self._values.append(value)
        self._none = label(tr("No other unit varies with it"), "hint", self)
        self._none.setWordWrap(True)
        self.rows.addWidget(self._none)
        self.order = SegmentedControl([tr("As stored"), tr("By similarity")], tr("Order of units"), self)
        self.order.setToolTip(tr("Rows in the order of the file, or with like units side by side"))
        self.rows.addWidget(label(tr("Order of units"), "secondary", self))
        self.rows.addWidget(self.order)
        self.order.chosen.connect(self._sort)

    @Slot()
    def _choose_0(self) -> None:
        self._choose(0)

    @Slot()
    def _choose_1(self) -> None:
        self._choose(1)

    @Slot()
    def _choose_2(self) -> None:
        self._choose(2)

    @Slot()
    def _choose_3(self) -> None:
        self._choose(3)

    def _choose(self, k: int) -> None:
        if k < len(self._shown):
            self.stage.select(unit=self._shown[k][0])

    @Slot(int)
    def _sort(self, index: int) -> None:
        desk_of(self.stage).sort(index == 1)

    def fill(self, part: InspectPart, frame: Frame) -> None:
        """Show the units and the order."""
        self.order.choose(int(part.by_similarity))
        self._none.setVisible(not part.alike)
        if part.alike == self._shown and self._drawn:
            return
        self._drawn = True
        self._shown = part.alike
        for k, (unit, value) in enumerate(zip(self.units, self._values, strict=True)):
            known = k < len(part.alike)
            unit.setVisible(known)
            value.setVisible(known)
            if known:
                unit.setText(tr("unit {n}").format(n=count(part.alike[k][0] + 1)))
                unit.setAccessibleName(unit.text())
                value.setText(number(part.alike[k][1], 2))

    def clear(self) -> None:
        """No network is shown."""
        self._shown, self._drawn = (), False
        for widget in (*self.units, *self._values, self._none):
            widget.hide()


class PanelsGroup(InspectGroup):
    """Which quantities have a panel."""

    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Panels"))
        self.rows.addWidget(label(tr("Panels"), "strong", self))
        self._grid = QGridLayout()
        self.rows.addLayout(self._grid)
        self.boxes: dict[str, QCheckBox] = {}
        self._known: tuple[str, ...] = ()

    def fill(self, part: InspectPart, frame: Frame) -> None:
        """Tick what is shown."""
        if part.known != self._known:
            self._make(part)
        for quantity, box in self.boxes.items():
            box.setChecked(quantity in part.chosen)
            box.setEnabled(part.chosen != (quantity,))  # the last one stays

    def _make(self, part: InspectPart) -> None:
        self._known = part.known
        for box in self.boxes.values():
            self._grid.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        for k, quantity in enumerate(part.known):
            box = QCheckBox(plain_symbol(quantity), self)
            box.setAccessibleName(f"{title_of(part.cell, quantity)} {plain_symbol(quantity)}")
            box.setToolTip(box.accessibleName())
            box.setObjectName(quantity)
            box.clicked.connect(self._tick)
            self._grid.addWidget(box, k // 2, k % 2)
            self.boxes[quantity] = box
        grown(self)

    @Slot(bool)
    def _tick(self, shown: bool) -> None:
        sender = self.sender()
        if sender is not None:
            desk_of(self.stage).tick_panel(sender.objectName(), shown)

    def clear(self) -> None:
        """No network is shown."""
        self._known = ()
        for box in self.boxes.values():
            box.setChecked(False)
