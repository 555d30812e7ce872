"""The labs opened so far, in one content area; each is made when it is first opened."""

from __future__ import annotations

from importlib import import_module

from PySide6.QtWidgets import QHBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.stage import Stage
from lstmviz.views.labs.entries import entries
from lstmviz.views.labs.lab import Lab
from lstmviz.views.theme import Theme


class Shelf:
    """The labs opened so far, in one content area.

    Parameters
    ----------
    stage : Stage
    theme : Theme
    content : QWidget
        Where they are put.
    lab : str
        The first one in sight.
    """

    def __init__(self, stage: Stage, theme: Theme, content: QWidget, lab: str) -> None:
        self._stage, self._theme, self._content = stage, theme, content
        self._row = QHBoxLayout(content)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._made: dict[str, Lab] = {}
        self.name = lab
        self.current = self.lab(lab)
        self.current.show()

    def lab(self, name: str) -> Lab:
        """A lab, made on first use."""
        if name not in self._made:
            entry = entries()[name]
            widget: type[Lab] = getattr(import_module(entry.module), entry.widget)
            self._made[name] = widget(self._stage, self._theme, self._content)
            self._made[name].hide()
            self._row.addWidget(self._made[name])
        return self._made[name]

    def show(self, name: str) -> bool:
        """Put a lab in sight; False when it is there already."""
        if name == self.name:
            return False
        fresh = self.lab(name)
        self.current.hide()
        self.name, self.current = name, fresh
        fresh.show()
        return True

    def draw(self, frame: Frame) -> None:
        """Hand the frame to the lab in sight."""
        self.current.draw(frame)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours, those out of sight too."""
        self._theme = theme
        for lab in self._made.values():
            lab.set_theme(theme)

    def set_scale(self, factor: float) -> None:
        """Take another text size, those out of sight too."""
        for lab in self._made.values():
            lab.set_scale(factor)
