"""What the keys of files do: open, recent ones, save a session, save and copy what is on show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from lstmviz.stage.stage import Stage

if TYPE_CHECKING:
    from lstmviz.views.window import MainWindow


class FileCommands(QObject):
    """Commands about files and the clipboard; parameters as for ``Commands``."""

    def __init__(self, stage: Stage, window: MainWindow) -> None:
        super().__init__(window)
        self.stage, self.window = stage, window

    @Slot()
    def open_data(self) -> None:
        """Ask for weights, a table, a text, a session or a lesson."""
        self.window.own_data.ask()

    def recent(self) -> tuple[str, ...]:
        """Files opened lately, the newest first."""
        own_data = getattr(self.window, "own_data", None)  # made after the menus
        return () if own_data is None else tuple(own_data.recent)

    @Slot()
    def recent_files(self) -> None:
        """Open the list of recent files."""
        self.window.switch_bar.show_files()

    @Slot()
    def save_session(self) -> None:
        """Ask where to keep the session."""
        self.window.own_data.ask_where_to_save()

    @Slot()
    def restore_session(self) -> None:
        """Show what the program before this one left, if it did not end properly."""
        self.window.restore_session()

    @Slot()
    def export(self) -> None:
        """Ask for a file and save what is on show: picture, film or numbers."""
        if not self.window.labs.current.export():
            self.window.exporter.ask()

    @Slot()
    def copy(self) -> None:
        """Copy the picture."""
        self.window.exporter.copy()

    @Slot()
    def copy_numbers(self) -> None:
        """Copy the numbers on show as a spreadsheet takes them."""
        self.window.exporter.copy_numbers()
