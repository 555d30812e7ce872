"""The menu of files: open, the recent ones, save a session, save and copy what is on show."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from lstmviz.stage.openable import recent_titles
from lstmviz.views.commands import Commands, caption
from lstmviz.views.plain import harmless, plain
from lstmviz.words import tr

ABOVE, BELOW = ("open_data",), ("", "save_session", "restore_session", "", "export", "copy", "copy_numbers")
RECENT = "recent "


class FileMenu(QMenu):
    """Made anew each time it is shown: files come and go."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._commands = commands
        self.triggered.connect(self._choose)
        self.fill()

    def fill(self) -> None:
        """List what there is now."""
        self.clear()
        self._add(ABOVE)
        self.addSeparator()
        self.addAction(tr("Recent files")).setEnabled(False)  # a title
        recent = self._commands.recent()
        for name, title in recent_titles(recent):
            action = self.addAction(harmless(title).replace("&", "&&"))
            action.setObjectName(RECENT + name)
            action.setToolTip(plain(name))
        if not recent:
            self.actions()[-1].setText(tr("No recent files yet"))
        self._add(BELOW)

    def _add(self, names: tuple[str, ...]) -> None:
        for name in names:
            if name:
                self.addAction(caption(self._commands.table[name])).setObjectName(name)
            else:
                self.addSeparator()

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        name = action.objectName()
        if name.startswith(RECENT):
            self._commands.window.own_data.open(Path(name.removeprefix(RECENT)))
        else:
            self._commands.method(name)()
