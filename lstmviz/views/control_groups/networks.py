"""Which task, which networks, and how their sizes are made comparable."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from lstmviz.files import caps
from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.readouts import Readouts, readouts, task_groups, task_titles, task_words
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard, mark_icon, pad_spin_box
from lstmviz.views.controls import SegmentedControl, label
from lstmviz.views.keys import tip
from lstmviz.views.plain import plain
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

FAIR = ("units", "parameters")


class TaskGroup(Group):
    """What must be remembered."""

    SPOT = "task"

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Task"))
        self.names: list[str] = []  # by row; "" for the title of a group
        self.choice = QComboBox(self)
        self.choice.setMaxVisibleItems(24)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(12)  # a long title must not widen the column
        self._fill()
        self.choice.setAccessibleName(tr("Task"))
        self.choice.setToolTip(tip(commands.table["choose_task"]))
        self._guard = WheelGuard(self)
        self._guard.guard(self.choice)
        self.rows.addWidget(label(tr("Task"), "secondary", self))
        self.rows.addWidget(self.choice)
        self.choice.activated.connect(self._choose)

    def _fill(self) -> None:
        """Tasks under the titles of their groups, which cannot be chosen."""
        titles, model = task_titles(), self.choice.model()
        assert isinstance(model, QStandardItemModel)
        model.clear()
        self.names.clear()
        for group, names in task_groups().items():
            heading = QStandardItem(group)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setFont(fonts.text(12, 650))
            model.appendRow(heading)
            self.names.append("")
            for name in names:
                model.appendRow(QStandardItem(titles[name]))
                self.names.append(name)
        self.set_scale()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        view = self.choice.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + fonts.scaled(30))  # wider than the box: titles stay whole

    @Slot(int)
    def _choose(self, index: int) -> None:
        if self.names[index]:
            self.stage.choose_task(self.names[index])

    def draw(self, frame: Frame) -> None:
        """Show the task."""
        if frame.settings.task not in self.names:  # own data, opened after the list was made
            self._fill()
        index = self.names.index(frame.settings.task)
        if index != self.choice.currentIndex():
            self.choice.setCurrentIndex(index)
            named, about = plain(tip(self.commands.table["choose_task"])), plain(task_words(frame.settings.task))
            self.choice.setToolTip(f"<p>{named}</p><p>{about}</p>")  # paragraphs are wrapped, plain text is not


class NetworksGroup(Group):
    """RNN, LSTM and GRU, each with its mark and its parameter count."""

    SPOT = "networks"

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Networks"))
        self.rows.setSpacing(0)
        self.rows.addWidget(label(tr("Networks"), "strong", self))
        self.boxes: dict[str, QCheckBox] = {}
        self._counts: dict[str, QLabel] = {}
        for cell, name in NAMES.items():
            self.boxes[cell] = box = QCheckBox(name, self)
            box.setAccessibleName(name)
            box.setToolTip(tip(commands.table[f"toggle_{cell}"]))
            box.clicked.connect(getattr(commands, f"toggle_{cell}"))
            self._counts[cell] = label("", "hint", self)
            row = QHBoxLayout()
            row.setSpacing(2)
            row.addWidget(box)
            row.addStretch(1)
            row.addWidget(self._counts[cell])
            self.rows.addLayout(row)
        self.set_scale()

    def draw(self, frame: Frame) -> None:
        """Tick what is shown."""
        found = readouts(frame.settings)
        for cell, box in self.boxes.items():
            if box.isChecked() != (cell in frame.settings.cells):
                box.setChecked(cell in frame.settings.cells)
            self._counts[cell].setText(tr("{n} parameters").format(n=count(found.parameters[cell])))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        self._draw_marks()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._draw_marks()

    def _draw_marks(self) -> None:
        for cell, box in self.boxes.items():
            box.setIconSize(QSize(fonts.scaled(18), fonts.scaled(18)))
            box.setIcon(mark_icon(cell, self.theme))


class FairGroup(Group):
    """The same number of units for each network, or of parameters; and how many."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.setAccessibleName(tr("Fair by"))
        self.choice = SegmentedControl([tr("Units"), tr("Parameters")], tr("Fair by"), self)
        about = tr("Give each network the same number of units, or of parameters")
        for index in range(len(FAIR)):
            self.choice.segment(index).setToolTip(tip(commands.table["focus_fair"], about))
        self.units = QSpinBox(self)
        self.units.setRange(1, caps.HIDDEN)
        self.units.setKeyboardTracking(False)
        self.units.setAccessibleName(tr("Units"))
        self.units.setToolTip(tr("Hidden units of the LSTM, and with fair by units of all networks (1 to 512)"))
        self._guard = WheelGuard(self)
        self._guard.guard(self.units)
        self._whose, self._others = label("", "secondary", self), label("", "hint", self)
        row = QHBoxLayout()
        row.addWidget(self._whose)
        row.addStretch(1)
        row.addWidget(self.units)
        self.rows.setSpacing(4)
        self.rows.addWidget(label(tr("Fair by"), "secondary", self))
        self.rows.addWidget(self.choice)
        self.rows.addLayout(row)
        self.rows.addWidget(self._others)
        self.choice.chosen.connect(self._choose)
        self.units.valueChanged.connect(self._resize)

    @Slot(int)
    def _choose(self, index: int) -> None:
        self.change({"fair_by": FAIR[index]}, about="")

    @Slot(int)
    def _resize(self, units: int) -> None:
        self.change({"hidden": units})

    def draw(self, frame: Frame) -> None:
        """Show the choice and the sizes that follow from it."""
        settings, found = frame.settings, readouts(frame.settings)
        self.choice.choose(FAIR.index(settings.fair))
        if self.units.value() != settings.hidden:
            with QSignalBlocker(self.units):
                self.units.setValue(settings.hidden)
        alike = settings.fair == "units"
        self._whose.setText(tr("Units each") if alike else tr("LSTM units"))
        self._others.setVisible(not alike)
        self._others.setText(_sizes(found))

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self.units.setFixedWidth(fonts.scaled(112))
        pad_spin_box(self.units)


def _sizes(found: Readouts) -> str:
    parts = [tr("{name} {n}").format(name=NAMES[cell], n=found.units[cell]) for cell in ("rnn", "gru")]
    return tr("{networks} units to match it").format(networks=", ".join(parts))
