"""The window round the labs: switch bar, control column, content, lesson, transport bar; all draw one frame.

Words used in this file
    body      everything but the transport bar; it scrolls where the window is too small for it
    region    one of the parts that F6 walks
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from lstmviz.files import BadInput
from lstmviz.stage.frame import Frame
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.session import Session, open_session
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts, keys, lecture, style_sheet
from lstmviz.views.banner import Banner
from lstmviz.views.commands import Commands
from lstmviz.views.control_column import ControlColumn
from lstmviz.views.dock import Dock
from lstmviz.views.export import Exporter
from lstmviz.views.focus_ring import FocusRing
from lstmviz.views.glossary_card import GlossaryCard
from lstmviz.views.help_overlay import HelpOverlay
from lstmviz.views.help_parts import told
from lstmviz.views.icons import program_icon
from lstmviz.views.labs.shelf import Shelf
from lstmviz.views.lesson_panel import LessonPanel
from lstmviz.views.own_data import OwnData, dropped_file
from lstmviz.views.palette import Palette
from lstmviz.views.palette_entries import found_now, typed
from lstmviz.views.panels import Panels
from lstmviz.views.sizes import LEAST, SMALL, Sizes, sizes_for
from lstmviz.views.switch_bar import SwitchBar
from lstmviz.views.tab_order import chain, first_in, focusable
from lstmviz.views.theme import THEMES
from lstmviz.views.transport import TransportBar
from lstmviz.words import tr


class Body(QWidget):
    """All but the transport bar; never smaller than its parts need, nor than in the least window that is supported."""

    def minimumSizeHint(self) -> QSize:
        """The size below which the window scrolls."""
        return super().minimumSizeHint().expandedTo(QSize(LEAST[0], LEAST[1] - SMALL.transport))


class MainWindow(QWidget):
    """One window on a stage. It draws frames and sends verbs; it keeps nothing of its own but theme and text size.

    Parameters
    ----------
    stage : Stage
        Shown; another window may show it too. Closing the window does not close it.
    theme : str
        "light", "dark" or "projector".
    changed_keys : mapping of str to str, optional
        See ``keys.commands``.

    Raises
    ------
    BadInput
        If ``changed_keys`` clash.
    """

    def __init__(self, stage: Stage, theme: str = "light", changed_keys: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.stage, self.theme = stage, THEMES[theme]
        self.chose_theme = False  # by hand; else the system's is followed
        self.setWindowTitle("lstmviz")
        self.setWindowIcon(program_icon())
        self.setAccessibleName("lstmviz")
        style_sheet.apply(_application(), self.theme)
        self.commands = Commands(stage, keys.commands(changed_keys), self)
        self.body = Body(self)
        given = (stage, self.commands, self.theme, self.body)
        self.switch_bar = SwitchBar(*given)
        self.banner = Banner(stage, self.body)
        self.column = ControlColumn(*given)
        self.content = QWidget(self.body)
        self.labs = Shelf(stage, self.theme, self.content, stage.lab)
        self.column.show_lab(self.labs.current)
        self.lesson = LessonPanel(stage, self.theme, self.body)
        self.transport = TransportBar(*given)
        self._sizes: Sizes | None = None
        self.left: Session | None = None  # of a program that did not end properly
        self._shows = (False, False)
        self._chained = False
        self._lay_out()
        overlay = HelpOverlay(partial(told, self), self.theme, self)
        self.panels = Panels(stage, self.body, self.content, overlay, self._sentence, self._table)
        self.finder = Palette(partial(found_now, self), partial(typed, self), self.body)
        self.glossary = GlossaryCard(stage, self.theme, self.body)
        self.panels.add(self.finder, self.glossary)
        self.lesson.word_clicked.connect(self.open_word)
        self.exporter = Exporter(stage, self.content, self._table, self)
        self.own_data = OwnData(stage, self)
        self.setAcceptDrops(True)
        self.commands.make_actions()
        self._chain_focus()
        self.ring = FocusRing(self)
        stage.frame_changed.connect(self.draw)
        self.draw(stage.frame)
        self.labs.current.home().setFocus()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.column)
        middle.addWidget(self.content, 1)
        middle.addWidget(self.lesson)
        rows = QVBoxLayout(self.body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.switch_bar)
        rows.addWidget(self.banner)
        rows.addLayout(middle, 1)
        self.area = QScrollArea(self)
        self.area.setWidget(self.body)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.area, 1)
        whole.addWidget(Dock(self.transport, self))  # not in what scrolls: it stays in sight
        self.transport.setVisible(self.labs.current.WALKS)

    # -- drawing -----------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Hand the frame to every part; each draws only what changed."""
        lesson = frame.lesson
        shows = (lesson is None or lesson.shows_controls or lesson.sandbox, lesson is not None)
        if shows != self._shows:
            self._shows = shows
            self.column.setVisible(shows[0])
            self.lesson.setVisible(shows[1])
        self._show_lab(frame.lab)
        for part in (self.switch_bar, self.banner, self.column, self.labs.current, self.lesson, self.transport):
            if not part.isHidden() or part is self.banner:
                part.draw(frame)
        self.panels.draw(frame)
        if not self._chained:
            self._chain_focus()

    def _show_lab(self, name: str) -> None:
        held = self.content.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        if self.labs.show(name):
            self.column.show_lab(self.labs.current)
            self.transport.setVisible(self.labs.current.WALKS)
            self._chain_focus()
            self.commands.fit()
            if held:
                self.labs.current.home().setFocus(Qt.FocusReason.OtherFocusReason)

    def _chain_focus(self) -> None:
        """Tab goes through switch bar, banner, column and content, whatever was made first."""
        self._chained = True
        above = [*focusable(self.switch_bar), *focusable(self.banner)]
        chain(above[0], [*above[1:], *self.column.focus_order(), *self.labs.current.focus_order()])

    def chain_again(self) -> None:
        """Something for Tab to reach has come or gone; its place is given to it after this drawing."""
        self._chained = False

    def open_lab(self, name: str) -> None:
        """Show a lab and give it the keyboard."""
        self.stage.open_lab(name)
        self.stage.tick(0.0)  # now, so that there is something to give the keyboard to
        self.focus_on(self.labs.current.home())

    @property
    def race(self) -> Any:
        """The Race, whichever lab is open."""
        return self.labs.lab("race")

    def _sentence(self) -> str:
        return self.labs.current.sentence()

    def _table(self, frame: Frame) -> PlotTable:
        return self.labs.current.table(frame)

    def set_theme(self, name: str) -> None:
        """Light, dark or projector."""
        self.theme, self.chose_theme = THEMES[name], True
        style_sheet.apply(_application(), self.theme)
        for part in (self.switch_bar, self.column, self.labs, self.lesson, self.transport, self.panels):
            part.set_theme(self.theme)
        self._fit(anew=True)

    def set_text_size(self, factor: float) -> None:
        """Text, rows and targets from 80 to 200 %; plots keep their size."""
        fonts.set_text_size(round(factor, 2))
        style_sheet.apply(_application(), self.theme)
        self.labs.set_scale(fonts.text_size())
        for part in (self.lesson, self.banner, self.panels):
            part.set_scale()
        self._fit(anew=True)

    # -- sizes -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the size class of the window."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self, anew: bool = False) -> None:
        sizes = sizes_for(max(self.width(), LEAST[0]), max(self.height(), LEAST[1]), fonts.text_size())
        if anew or sizes != self._sizes:
            self._sizes = sizes
            self.switch_bar.set_scale(sizes.switch_bar, sizes.folds)
            self.column.setFixedWidth(round(sizes.column * max(fonts.text_size(), 1.0)))
            self.column.set_room(sizes.folds, sizes.spacing)
            self.lesson.setFixedWidth(fonts.scaled(sizes.lesson))
            self.transport.set_tight(sizes.folds)
        self.switch_bar.fit()
        self.panels.place()

    # -- focus -------------------------------------------------------------------------------------------------

    def focus_on(self, widget: QWidget) -> None:
        """Give a control the keyboard, wherever it hides."""
        if self.column.isAncestorOf(widget):
            if widget.isHidden() or not widget.isVisible():
                self.column.show_all()
            self.column.area.ensureWidgetVisible(widget)
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def regions(self) -> list[QWidget]:
        """The parts that F6 walks, in reading order, without those that are hidden."""
        parts = (self.switch_bar, self.banner, self.column, self.content, self.lesson, self.transport)
        return [part for part in parts if part.isVisible()]

    def walk_regions(self, direction: int) -> None:
        """Give the keyboard to the next region."""
        regions, focused = self.regions(), self.focusWidget()
        here = next((k for k, part in enumerate(regions) if focused and part.isAncestorOf(focused)), -1)
        for distance in range(1, len(regions) + 1):
            goal = first_in(regions[(here + direction * distance) % len(regions)])
            if goal is not None:
                goal.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def event(self, event: QEvent) -> bool:
        """Space belongs to a focused button; everywhere else it plays."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            focused = self.focusWidget()
            if event.key() == Qt.Key.Key_Space and isinstance(focused, QAbstractButton | QComboBox):
                event.accept()
                return True
        return super().event(event)

    # -- lesson, lecture, end ----------------------------------------------------------------------------------

    def toggle_lesson(self) -> None:
        """Show or hide the lesson; the first time, the one that comes with the program."""
        desk = self.stage.lesson
        if desk.lesson is not None:
            desk.close()
        elif not desk.toggle():
            self.open_lesson(shipped_lessons()[0])

    def offer(self, left: Session | None) -> None:
        """Say that there is a session of a program that did not end properly; nothing, without one."""
        self.left = left
        if left is not None:
            key = keys.shown_key(self.commands.table["restore_session"])
            self.stage.report(tr("lstmviz did not end properly. {key} restores what was on show.").format(key=key))

    def restore_session(self) -> None:
        """Show the session that was offered."""
        if self.left is None:
            self.stage.notify(tr("There is no session to restore"))
            return
        left, self.left = self.left, None
        self.stage.dismiss()
        try:
            open_session(self.stage, left)
        except BadInput as error:
            self.stage.notify(str(error))

    def open_lesson(self, path: Path) -> None:
        """Open a lesson where it was left; a bad file becomes one line, and nothing changes."""
        try:
            self.stage.lesson.resume(read_lesson(path))
        except BadInput as error:
            self.stage.notify(str(error))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file; what it is not is told when it is dropped."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open it."""
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.own_data.open(path)

    @Slot(str)
    def open_word(self, name: str) -> None:
        """Show what a word means."""
        if self.glossary.isHidden():
            self.panels.toggle(self.glossary)
        self.glossary.show_word(name)

    def start_lecture(self, from_page: bool) -> None:
        """Open the audience's and the presenter's windows."""
        lecture.start(self, self.stage, from_page)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hear no more of the stage; nothing that was started here goes on."""
        self.exporter.recorder.cancel()
        self.stage.frame_changed.disconnect(self.draw, missing_ok=True)
        self.stage.playback.pause()
        super().closeEvent(event)


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
