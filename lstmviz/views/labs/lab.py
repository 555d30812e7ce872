"""What every lab is to the window: a widget for the content area, the groups of its control column, and its words."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.sentence import PlotTable, plot_table
from lstmviz.stage.stage import Stage
from lstmviz.views.control_groups.group import Group
from lstmviz.views.guides import Guides
from lstmviz.views.help_overlay import Part
from lstmviz.views.tab_order import focusable
from lstmviz.views.theme import Theme


class Lab(QWidget):
    """The content area while one lab is open; made when it is opened first.

    Parameters
    ----------
    stage : Stage
        Told of every touch; never read, since ``draw`` is given all there is to show.
    theme : Theme
    """

    GROUPS: ClassVar[tuple[type[Group], ...]] = ()  # its part of the control column, from top to bottom
    MORE: ClassVar[tuple[type[Group], ...]] = ()  # those of them that lie under “More” in every window
    WALKS: ClassVar[bool] = True  # whether the transport bar has anything to walk through
    THRESHOLD: ClassVar[type[Group] | None] = None  # the group that X gives the keyboard to
    NOTE: ClassVar[bool] = False  # whether the conditions of the picture stand under the groups
    FOOT: ClassVar[type[Group] | None] = None  # its buttons under the column, over Reset all

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self._frame: Frame | None = None
        self.guides = Guides(self)

    def draw(self, frame: Frame) -> None:
        """Show the frame; parts that did not change are not painted again."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        raise NotImplementedError

    def set_scale(self, factor: float) -> None:
        """Take another text size, 0.8 to 2."""
        raise NotImplementedError

    def sentence(self) -> str:
        """What the lab shows, in words."""
        raise NotImplementedError

    def table(self, frame: Frame) -> PlotTable:
        """What the lab shows, as a table."""
        return plot_table(frame)

    def help_parts(self) -> list[Part]:
        """What F1 explains of it: the pictures in sight."""
        return self.guides.parts()

    def home(self) -> QWidget:
        """Where the keyboard goes when the lab is opened."""
        return self

    def focus_order(self) -> list[QWidget]:
        """What Tab reaches, in reading order."""
        return focusable(self)

    def vote(self, holds: bool) -> None:
        """Y or Shift Y was pressed."""

    def open_in_learn(self) -> None:
        """Ctrl Enter was pressed."""

    def find_words(self) -> None:
        """Ctrl F was pressed."""

    def turn_wires(self) -> None:
        """V was pressed."""

    def export(self) -> bool:
        """Ctrl E was pressed; True when the lab saves something of its own."""
        return False

    def enter(self) -> bool:
        """Enter was pressed where it presses no button; True when the lab did something."""
        return False

    def leave(self) -> bool:
        """Esc was pressed; True when the lab put something away."""
        return False
