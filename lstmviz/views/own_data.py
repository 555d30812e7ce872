"""Opening a file, by a dialog, from the list of recent ones or dropped on the window; and keeping a session in one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFileDialog, QFormLayout, QSpinBox, QWidget

from lstmviz.files import BadInput
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.openable import ALL_ENDINGS, kind_of, with_newest
from lstmviz.stage.opened import open_weights
from lstmviz.stage.own_data import columns, show_own_data
from lstmviz.stage.session import SUFFIX, open_session, read_session, save_session
from lstmviz.stage.stage import Stage
from lstmviz.views.control_groups.group import pad_spin_box
from lstmviz.views.controls import label
from lstmviz.views.plain import harmless, plain_label
from lstmviz.words import tr

LONGEST_HORIZON = 1000


class ColumnDialog(QDialog):
    """Which column of a table to forecast, and how many rows ahead."""

    def __init__(self, path: Path, names: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.path, self.names = path, names
        self.setWindowTitle(tr("Forecast a column"))
        self.column = QComboBox(self)
        self.column.addItems([harmless(name) for name in names])
        self.column.setAccessibleName(tr("Column"))
        self.column.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.column.setMinimumContentsLength(20)
        self.horizon = QSpinBox(self)
        self.horizon.setRange(1, LONGEST_HORIZON)
        self.horizon.setAccessibleName(tr("Rows ahead"))
        pad_spin_box(self.horizon)
        buttons = QDialogButtonBox(self)
        buttons.addButton(tr("Open"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows = QFormLayout(self)
        name = plain_label(path.name, self)
        name.setProperty("role", "heading")
        rows.addRow(name)
        rows.addRow(label(tr("Column"), "secondary", self), self.column)
        rows.addRow(label(tr("Rows ahead"), "secondary", self), self.horizon)
        about = tr("The first four fifths are for training, the rest for tests.")
        rows.addRow(label(about, "hint", self))
        rows.addRow(buttons)


class OwnData(QObject):
    """Asks for files and shows them on the stage; a bad file becomes one line, and nothing changes.

    Parameters
    ----------
    stage : Stage
        Where they are shown.
    window : QWidget
        The dialogs stand over it.
    """

    def __init__(self, stage: Stage, window: QWidget) -> None:
        super().__init__(window)
        self._stage, self._window = stage, window
        self.dialog: QDialog | None = None
        self.recent: tuple[str, ...] = ()  # files opened lately, the newest first

    @Slot()
    def ask(self) -> None:
        """Ask for a file; the window goes on meanwhile."""
        dialog = QFileDialog(self._window, tr("Open weights, a table, a text, a session or a lesson"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{ending}" for ending in ALL_ENDINGS)
        dialog.setNameFilters([tr("What can be opened ({patterns})").format(patterns=patterns), tr("All files (*)")])
        dialog.fileSelected.connect(self._open_named)
        self._show(dialog)

    @Slot(str)
    def _open_named(self, name: str) -> None:
        self.dialog = None  # the file dialog is closing; the next one may open
        self.open(Path(name))

    def open(self, path: Path) -> None:
        """Show a file at once; of a table with several columns ask for one first."""
        try:
            self._open(path, kind_of(path))
        except BadInput as error:
            self._stage.notify(str(error))

    def _open(self, path: Path, kind: str) -> None:
        if kind == "table":
            dialog = ColumnDialog(path, columns(path), self._window)
            dialog.accepted.connect(self._open_column)
            self._show(dialog)
            return
        if kind == "weights":
            open_weights(self._stage, path)
        elif kind == "session":
            open_session(self._stage, read_session(path, self._stage.opened))
            self._stage.notify(tr("Opened {name}").format(name=harmless(path.name)))
        elif kind == "lesson":
            self._stage.lesson.resume(read_lesson(path))
        else:
            show_own_data(self._stage, path)
        self.recent = with_newest(self.recent, path)

    @Slot()
    def ask_where_to_save(self) -> None:
        """Ask for a file and keep the session in it; the window goes on meanwhile."""
        dialog = QFileDialog(self._window, tr("Save the session"), f"session{SUFFIX}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Sessions ({pattern})").format(pattern=f"*{SUFFIX}")])
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.fileSelected.connect(self.save_session)
        self._show(dialog)

    @Slot(str)
    def save_session(self, name: str) -> None:
        """Keep the session; the old file or the new one is left, never half of one."""
        try:
            save_session(self._stage, name)
        except BadInput as error:
            self._stage.notify(str(error))
        else:
            self.recent = with_newest(self.recent, Path(name))
            self._stage.notify(tr("Saved {name}").format(name=harmless(Path(name).name)))

    @Slot()
    def _open_column(self) -> None:
        dialog = self.dialog
        if isinstance(dialog, ColumnDialog):
            self.show(dialog.path, dialog.names[dialog.column.currentIndex()], dialog.horizon.value())

    def show(self, path: Path, column: str | None = None, horizon: int = 1) -> None:
        """Make this data the task on show."""
        try:
            show_own_data(self._stage, path, column, horizon)
        except BadInput as error:
            self._stage.notify(str(error))
        else:
            self.recent = with_newest(self.recent, path)

    def _show(self, dialog: QDialog) -> None:
        if self.dialog is not None:
            dialog.deleteLater()
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _forget(self) -> None:
        if self.sender() is self.dialog:
            self.dialog = None


def dropped_file(data: QMimeData) -> Path | None:
    """The one local file that is dragged over the window, or None; what it cannot be is told once it is dropped."""
    urls = data.urls() if data.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())
