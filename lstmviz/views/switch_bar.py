"""The switch bar: the program's name, the labs that exist, what is on show; and view, lesson, lecture, help."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QWidget

from lstmviz.files import BadInput
from lstmviz.stage.frame import Frame
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.readouts import task_groups, task_titles
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands, caption
from lstmviz.views.controls import TabButton, button, label
from lstmviz.views.file_menu import FileMenu
from lstmviz.views.icons import icon, program_pixmap
from lstmviz.views.interventions.chip import Chip
from lstmviz.views.interventions.hands import hands_of
from lstmviz.views.keys import tip
from lstmviz.views.labs.entries import entries
from lstmviz.views.plain import harmless
from lstmviz.views.race import ink
from lstmviz.views.sizes import LEAST
from lstmviz.views.theme import THEMES, Theme
from lstmviz.words import tr

OPEN = "open_data"
VIEW = ("table_of_plot", "sentence", "", "larger", "smaller", "normal_size", "", "full_screen")


class SwitchBar(QFrame):
    """Icon and name; the labs; task and seed; File, View, Lesson, Lecture, Help."""

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setAccessibleName(tr("Switch bar"))
        self._stage, self._commands, self._theme = stage, commands, theme
        self._labs = QHBoxLayout()
        self._icon = QLabel(self)
        self._icon.setAccessibleName("lstmviz")
        self._name = label("lstmviz", "heading", self)
        self.tabs = {name: self._make_tab(name, entry.title) for name, entry in entries().items()}
        self.task = button("", "plain", self)
        self.task.setToolTip(tip(commands.table["choose_task"]))
        self.task.clicked.connect(self.show_tasks)
        self._seed = label("", "hint", self)
        self.chip = Chip(stage, theme, self)
        self.file = button(tr("File"), "", self)
        self.view, self.lesson = button(tr("View"), "", self), button(tr("Lesson"), "", self)
        self.lecture, self.help = button(tr("Lecture"), "", self), button(tr("Help"), "", self)
        self.lesson.setCheckable(True)
        self.file.setToolTip(tip(commands.table["recent_files"]))
        self.view.setToolTip(tr("Theme, text size, the plot in numbers and words"))
        self._task_groups: list[QMenu] = []  # kept here: a menu that only Qt knows of may go with its last wrapper
        self._task_names: tuple[str, ...] = ()
        self._tasks, self._views, self.files = QMenu(self), self._make_views(), FileMenu(commands, self)
        self._tasks.triggered.connect(self._choose_task)
        self._fill_tasks()
        self._lessons = QMenu(self)
        self._lessons.triggered.connect(self._choose_lesson)
        for made in (self.file, self.view, self.lesson, self.lecture, self.help):
            made.setAccessibleName(made.text())
        for name, made in (("lesson", self.lesson), ("lecture", self.lecture), ("help", self.help)):
            made.setToolTip(tip(commands.table[name]))
            made.clicked.connect(commands.method(name))
        self.file.clicked.connect(self.show_files)
        self.view.clicked.connect(self._show_views)
        self._fitted: tuple[object, ...] = ()
        self._row = QHBoxLayout(self)
        for menu in (self.file, self.view):
            menu.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron stands behind the word
        self._lay_out()
        self.set_scale()

    def _make_tab(self, name: str, title: str) -> TabButton:
        tab = TabButton(title, self)
        tab.setObjectName(name)
        tab.setAccessibleName(title)
        tab.setToolTip(tip(self._commands.table[name]))
        tab.clicked.connect(self._open_lab)
        self._labs.addWidget(tab)
        return tab

    def _lay_out(self) -> None:
        line = QFrame(self)
        line.setProperty("role", "rule")
        line.setFixedWidth(1)
        self._line = line
        self._row.addWidget(self._icon)
        self._row.addWidget(self._name)
        self._row.addSpacing(fonts.scaled(14))
        self._row.addLayout(self._labs)
        self._row.addSpacing(fonts.scaled(14))
        for widget in (line, self.task, self._seed, self.chip):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        for widget in (self.file, self.view, self.lesson, self.lecture, self.help):
            self._row.addWidget(widget)

    def _fill_tasks(self) -> None:
        """Tasks by group, own data among them, and the way to open more."""
        menu, titles = self._tasks, task_titles()
        menu.clear()
        for old in self._task_groups:
            old.deleteLater()
        self._task_groups, self._task_names = [], tuple(titles)
        for group, names in task_groups().items():
            part = QMenu(group, menu)
            menu.addMenu(part)
            self._task_groups.append(part)
            for name in names:
                action = part.addAction(titles[name].replace("&", "&&"))
                action.setObjectName(name)
                action.setCheckable(True)
        menu.addSeparator()
        menu.addAction(caption(self._commands.table[OPEN])).setObjectName(OPEN)

    def _make_views(self) -> QMenu:
        menu = QMenu(self)
        titles = {"light": tr("Light theme"), "dark": tr("Dark theme"), "projector": tr("Projector theme")}
        for name in THEMES:
            action = menu.addAction(titles[name])
            action.setObjectName(f"theme {name}")
            action.setCheckable(True)
        menu.addSeparator()
        for name in VIEW:
            if name:
                menu.addAction(caption(self._commands.table[name])).setObjectName(name)
            else:
                menu.addSeparator()
        still = menu.addAction(tr("Reduced motion"))
        still.setObjectName("reduced motion")
        still.setCheckable(True)
        menu.triggered.connect(self._choose_view)
        return menu

    @Slot()
    def _open_lab(self) -> None:
        tab = self.sender()
        assert isinstance(tab, TabButton)
        tab.setChecked(True)  # a click on the open lab's tab does not close it
        self._commands.window.open_lab(tab.objectName())

    @Slot()
    def show_tasks(self) -> None:
        """Open the list of tasks."""
        if self._task_names != tuple(task_titles()):
            self._fill_tasks()
        for action in (action for group in self._task_groups for action in group.actions()):
            action.setChecked(action.objectName() == self._stage.settings.task)
        self._tasks.popup(self.task.mapToGlobal(QPoint(0, self.task.height())))

    @Slot()
    def show_lessons(self) -> None:
        """Open the list of lessons, each with the page that was reached."""
        self._lessons.clear()
        for path in shipped_lessons():
            try:
                lesson = read_lesson(path)
            except BadInput as error:
                self._stage.notify(str(error))
                continue
            reached = self._stage.lesson.reached(lesson.file)
            pages = tr("{n} pages").format(n=len(lesson.pages))
            if reached is not None:
                pages = tr("page {n} of {pages}").format(n=reached.furthest + 1, pages=len(lesson.pages))
            title = harmless(lesson.title).replace("&", "&&")
            action = self._lessons.addAction(f"{lesson.number}  {title}\t{pages}")
            action.setData(str(path))
        self._lessons.popup(self.lesson.mapToGlobal(QPoint(0, self.lesson.height())))

    @Slot(QAction)
    def _choose_lesson(self, action: QAction) -> None:
        self._commands.window.open_lesson(Path(action.data()))

    @Slot()
    def show_files(self) -> None:
        """Open the menu of files."""
        self.files.fill()
        self.files.popup(self.file.mapToGlobal(QPoint(0, self.file.height())))

    @Slot()
    def _show_views(self) -> None:
        for action in self._views.actions():
            if action.objectName().startswith("theme "):
                action.setChecked(action.objectName() == f"theme {self._theme.name}")
            if action.objectName() == "reduced motion":
                action.setChecked(self._stage.playback.reduced_motion)
        self._views.popup(self.view.mapToGlobal(QPoint(0, self.view.height())))

    @Slot(QAction)
    def _choose_task(self, action: QAction) -> None:
        if action.objectName() == OPEN:
            self._commands.open_data()
        else:
            self._stage.choose_task(action.objectName())

    @Slot(QAction)
    def _choose_view(self, action: QAction) -> None:
        name = action.objectName()
        if name == "reduced motion":
            self._stage.set_reduced_motion(action.isChecked())
        elif name.startswith("theme "):
            self._commands.window.set_theme(name.removeprefix("theme "))
        else:
            self._commands.method(name)()

    def draw(self, frame: Frame) -> None:
        """Show task, seed and whether a lesson is open."""
        for name, tab in self.tabs.items():
            tab.setChecked(name == frame.lab)
        title = task_titles()[frame.settings.task]
        self.task.setAccessibleName(tr("Task: {title}").format(title=title))
        seed, layer = tr("seed {n}").format(n=frame.settings.seed), frame.settings.layer_drawn()
        self._seed.setText(seed + tr(", layer {n}").format(n=frame.settings.layers) if layer else seed)
        self._seed.setToolTip(tr("Drawn: {layer}").format(layer=layer) if layer else "")
        self.lesson.setChecked(frame.lesson is not None)
        hands = hands_of(self)
        self.chip.draw(frame, hands is not None and hands.tool_on)
        self.fit(title)

    def fit(self, title: str = "") -> None:
        """Let the chip's words, then the task's name become shorter where the row needs more than the window has."""
        title = title or task_titles()[self._stage.settings.task]
        width = max(self.window().width(), LEAST[0])
        state = (title, self.chip.told, self.chip.isHidden(), width, fonts.text_size(), self._seed.isHidden())
        if state == self._fitted:
            return
        self._fitted = state
        self.task.setText(title)
        self.chip.shorten(False)
        if self._over(width) > 0:
            self.chip.shorten(True)
        over = self._over(width)
        if over > 0:
            font = fonts.text(13)
            room = max(ink.text_width(title, font) - over - fonts.scaled(6), ink.text_width("…", font))
            self.task.setText(ink.elided(title, font, room))

    def _over(self, width: int) -> int:
        self._row.invalidate()
        return self._row.minimumSize().width() - width

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.set_scale()

    def set_scale(self, height: int = 48, tight: bool = False) -> None:
        """Take the text size that is now in force, the height of this window's size class, and whether it is small."""
        self.setFixedHeight(fonts.scaled(height))
        self._row.setContentsMargins(fonts.scaled(16), 0, fonts.scaled(12 if tight else 22), 0)
        self._row.setSpacing(fonts.scaled(5 if tight else 8))
        side = fonts.scaled(23)
        ratio = self.devicePixelRatioF()
        pixmap = program_pixmap(round(side * ratio), dark=self._theme.dark)
        pixmap.setDevicePixelRatio(ratio)
        self._icon.setPixmap(pixmap)
        self._line.setFixedHeight(fonts.scaled(18))
        self.chip.set_theme(self._theme)
        for menu in (self.file, self.view):
            menu.setIcon(icon("chevron", self._theme, fonts.scaled(14)))
            menu.setIconSize(QSize(fonts.scaled(14), fonts.scaled(14)))
        self._labs.setSpacing(0 if tight else fonts.scaled(4))
        for tab in self.tabs.values():
            tab.set_tight(tight)
        self._seed.setVisible(not tight)
        self._fitted = ()
        self.fit()
