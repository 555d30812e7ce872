"""The plot on show as a table, and in words: cards that can be copied from.

Words used in this file
    card    a frame with a heading, something in the middle, and buttons below
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from lstmviz.files import csv_bytes
from lstmviz.stage.frame import Frame
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button, label
from lstmviz.views.plain import plain_label
from lstmviz.words import tr

WIDEST = "−8.8 × 10⁻²⁸"  # a number of a table
Index = QModelIndex | QPersistentModelIndex


class TableModel(QAbstractTableModel):
    """The rows of a ``PlotTable`` for a table view."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._header: list[str] = []
        self._rows: list[list[str]] = []

    def fill(self, header: list[str], rows: list[list[str]]) -> None:
        """Show other rows."""
        if (header, rows) != (self._header, self._rows):
            self.beginResetModel()
            self._header, self._rows = header, rows
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Painted timesteps."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """The timestep, and one column per network."""
        return 0 if parent is not None and parent.isValid() else len(self._header)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._header[section] if section < len(self._header) else None
        return None


class _Card(QFrame):
    """A card with a heading, something in the middle, and buttons below."""

    def __init__(self, stage: Stage, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.stage = stage
        self.rows = QVBoxLayout(self)
        self.buttons = QHBoxLayout()
        self.close_button = button(tr("Close"), "", self)
        self.close_button.setToolTip(tr("Close (Esc)"))
        self.close_button.clicked.connect(self.hide)
        self.title = label(title, "heading", self)
        self.rows.addWidget(self.title)
        self.hide()

    def finish(self) -> None:
        """Put the buttons under everything else."""
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.close_button)
        self.rows.addLayout(self.buttons)
        self.set_scale()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(16)
        self.rows.setContentsMargins(side, side, side, side)
        self.rows.setSpacing(fonts.scaled(10))


class TableCard(_Card):
    """The plot on show as a table that can be copied.

    ``tell`` gives the table of a frame.
    """

    resized = Signal()  # it has more columns, or fewer

    def __init__(self, stage: Stage, tell: Callable[[Frame], PlotTable], parent: QWidget) -> None:
        super().__init__(stage, tr("The plot as a table"), parent)
        self._tell = tell
        self._drawn: tuple[object, ...] = ()
        self.model = TableModel(self)
        self.view = QTableView(self)
        self.view.setModel(self.model)
        self.view.verticalHeader().hide()
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.view.setTabKeyNavigation(False)
        self.view.setAcceptDrops(False)
        self.view.setAccessibleName(tr("Table of the plot"))
        self.copy = button(tr("Copy as CSV"), "", self)
        self.copy.setToolTip(tr("Every digit, for a spreadsheet"))
        self.copy.clicked.connect(self._copy)
        self.rows.addWidget(self.view, 1)
        self.buttons.addWidget(self.copy)
        self.finish()

    def draw(self, frame: Frame) -> None:
        """Show the frame, while the table is open."""
        now = (frame.lab, frame.lanes, frame.painted_gradient, frame.level, frame.training, frame.part)
        if self.isHidden() or now == self._drawn:
            return
        self._drawn = now
        table = self._tell(frame)
        self.title.setText(table.title)
        columns = self.model.columnCount()
        self.model.fill(table.header, table.rows)
        self.view.horizontalHeader().setMinimumSectionSize(self._column())
        if columns != self.model.columnCount():
            self.resized.emit()

    def _column(self) -> int:
        """The least width of a column: no number is cut."""
        return QFontMetrics(self.view.font()).horizontalAdvance(WIDEST) + fonts.scaled(22)

    def wanted_width(self) -> int:
        """The width at which every column is whole."""
        return self.model.columnCount() * self._column() + fonts.scaled(60)

    @Slot()
    def _copy(self) -> None:
        table = self._tell(self.stage.frame)
        QGuiApplication.clipboard().setText(csv_bytes(table.names, table.numbers).decode())
        self.stage.notify(tr("Table copied"))


class SentenceCard(_Card):
    """The plot on show in words that can be copied.

    ``say`` gives the words.
    """

    def __init__(self, stage: Stage, say: Callable[[], str], parent: QWidget) -> None:
        super().__init__(stage, tr("The plot in words"), parent)
        self._say = say
        self.text = plain_label("", self)
        self.text.setProperty("role", "body")
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = button(tr("Copy"), "", self)
        self.copy.setToolTip(tr("Copy the sentence"))
        self.copy.clicked.connect(self._copy)
        self.rows.addWidget(self.text, 1)
        self.buttons.addWidget(self.copy)
        self.finish()

    def draw(self, frame: Frame) -> None:
        """Show the frame, while the card is open."""
        if not self.isHidden():
            self.text.setText(self._say())

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.text())
        self.stage.notify(tr("Sentence copied"))
