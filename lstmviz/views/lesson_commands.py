"""What the keys of lessons, lectures, own data and looking things up do; the other half of ``commands.py``."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction

from lstmviz.views.file_commands import FileCommands


class LessonCommands(FileCommands):
    """Commands about lessons and lectures; parameters as for ``Commands``."""

    @Slot()
    def lesson(self) -> None:
        """Show or hide the lesson."""
        self.window.toggle_lesson()

    @Slot()
    def lesson_list(self) -> None:
        """Open the list of lessons."""
        self.window.switch_bar.show_lessons()

    @Slot()
    def next_page(self) -> None:
        """Next page."""
        self.stage.lesson.next()

    @Slot()
    def previous_page(self) -> None:
        """Page before."""
        self.stage.lesson.back()

    @Slot()
    def clear_drawing(self) -> None:
        """Clear the drawn prediction."""
        self.stage.lesson.clear()

    @Slot()
    def sandbox(self) -> None:
        """To the sandbox, or back to the page."""
        lesson = self.stage.frame.lesson
        if lesson is not None and lesson.sandbox:
            self.stage.lesson.to_page()
        else:
            self.stage.lesson.to_sandbox()

    @Slot()
    def palette(self) -> None:
        """Find anything by its name."""
        self.window.panels.toggle(self.window.finder)

    @Slot()
    def glossary(self) -> None:
        """Show or hide the glossary."""
        self.window.panels.toggle(self.window.glossary)

    @Slot()
    def what_if(self) -> None:
        """The prepared state of the number key that was pressed."""
        action = self.sender()
        if isinstance(action, QAction):
            self.stage.lesson.what_if(int(action.objectName().rpartition("_")[2]))

    @Slot()
    def lecture(self) -> None:
        """Show on the projector."""
        self.window.start_lecture(from_page=False)

    @Slot()
    def lecture_from_here(self) -> None:
        """Show on the projector from this page."""
        self.window.start_lecture(from_page=True)
