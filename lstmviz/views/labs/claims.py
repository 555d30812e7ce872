"""Claims: what is said of LSTMs and what papers report, voted on first, then decided by experiments run here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from lstmviz.files import BadInput, atomic_save
from lstmviz.stage.claims_frame import ClaimsPart
from lstmviz.stage.frame import Frame
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.claims.columns import LEAST
from lstmviz.views.claims.table import SIDE, ClaimTable
from lstmviz.views.control_groups.claims import ClaimsFilterGroup, ClaimsFoot, claims_desk
from lstmviz.views.controls import button, label
from lstmviz.views.elided import ElidedLabel
from lstmviz.views.help_overlay import Part
from lstmviz.views.labs.lab import Lab
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

INSET = 12


class ColumnNames(QWidget):
    """The names over the columns."""

    def __init__(self, table: ClaimTable, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table, self._theme = table, theme
        self.setAccessibleName(tr("Names of the columns"))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names, and a line under them."""
        columns, theme, font = self._table.columns, self._theme, fonts.text(12, 600)
        names = (
            (columns.words, tr("claim")),
            (columns.verdict, tr("verdict")),
            (columns.condition, tr("paper, or condition")),
            (columns.figure, tr("here")),
            (columns.solved, tr("solved")),
            (columns.seeds, tr("seeds")),
        )
        with QPainter(self) as painter:
            for column, name in names:
                if column.width:
                    box = QRectF(fonts.scaled(SIDE) + column.x, 0, column.width, self.height() - 4)
                    ink.paint_text(painter, box, name, font, theme.secondary)
            y = self.height() - 0.5
            ink.line(painter, 0, y, self._table.width(), y, ink.pen(theme.outline, 1))


class ClaimsLab(Lab):
    """The content area while Claims is open; parameters as for ``Lab``."""

    GROUPS = (ClaimsFilterGroup,)
    FOOT = ClaimsFoot
    WALKS = False

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self.setAccessibleName(tr("Claims"))
        self._desk = claims_desk(stage)
        self._part: ClaimsPart | None = None
        self.dialog: QFileDialog | None = None
        self._title, self._shown = label(tr("Claims"), "title", self), label("", "hint", self)
        self.find_line = QLineEdit(self)
        self.find_line.setPlaceholderText(tr("Find in claims (Ctrl F)"))
        self.find_line.setAccessibleName(tr("Find in claims"))
        self.find_line.setClearButtonEnabled(True)
        self.find_line.setMaxLength(100)
        self.claims = ClaimTable(self._desk, theme, self)
        self.names = ColumnNames(self.claims, theme, self)
        self.guides.attach(self.claims, "claims.table", self.claims.tip_at, inset=-1)
        self.guides.attach(self.names, "claims.table")
        self._line, self._notice = ElidedLabel("", self), ElidedLabel("hint", self)
        self._line.setAccessibleName(tr("What runs"))
        self._notice.setAccessibleName(tr("Notices"))
        self.cancel = button(tr("Cancel"), "", self)
        self.cancel.setAccessibleName(tr("Cancel what runs"))
        self.cancel.setToolTip(tr("Stop what runs; rows that are finished keep their runs"))
        self._lay_out()
        self.find_line.textChanged.connect(self._find)
        self.cancel.clicked.connect(self._cancel)
        self.claims.moved.connect(self._scroll_to)
        self.set_scale(fonts.text_size())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addSpacing(SIDE)
        head.addWidget(self._title)
        head.addSpacing(8)
        head.addWidget(self._shown)
        head.addStretch(1)
        head.addWidget(self.find_line)
        head.addSpacing(SIDE)
        self.area = QScrollArea(self)
        self.area.setWidget(self.claims)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._inside = QVBoxLayout()
        self._inside.addLayout(head)
        self._inside.addWidget(self.names)
        self._inside.addWidget(self.area, 1)
        self._foot = QFrame(self)
        self._foot.setProperty("role", "footer")
        self._row = QHBoxLayout(self._foot)
        self._row.addWidget(self._line, 1)
        self._row.addWidget(self.cancel)
        self._row.addWidget(self._notice, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._inside, 1)
        whole.addWidget(self._foot)

    # -- what the window asks ------------------------------------------------------------------------------------

    def home(self) -> QWidget:
        """The table."""
        return self.claims

    def focus_order(self) -> list[QWidget]:
        """Find, the table, what opens under a row, and Cancel."""
        return [self.find_line, self.claims, self.claims.learn, self.cancel]

    def sentence(self) -> str:
        """The chosen row in words."""
        return self.claims.sentence()

    def table(self, frame: Frame) -> PlotTable:
        """The rows shown: number of seeds and how many were solved."""
        rows = self._part.rows if self._part is not None else ()
        shown = [row for row in rows if row.shown]
        return PlotTable(
            title=tr("Claims and published results"),
            header=[tr("row"), tr("verdict"), tr("solved"), tr("here")],
            rows=[[row.words, row.verdict, row.solved, row.figure] for row in shown],
            names=["row", "solved", "seeds"],
            numbers=[[index + 1, sum(row.dots), len(row.dots)] for index, row in enumerate(shown)],
        )

    def help_parts(self) -> list[Part]:
        """Table, find, what runs."""
        return [
            Part(self.find_line, tr("Show only rows with these words.")),
            *self.guides.parts(),
            Part(self._foot, tr("What runs in the background; you can go on in any lab.")),
        ]

    def enter(self) -> bool:
        """Run the chosen row; in the find line, go to the first row found."""
        row = self.claims.chosen
        if self.find_line.hasFocus():
            self.claims.choose(0)
            self.claims.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif row is not None:
            self.claims.run_or_cancel(row)
        else:
            self.claims.choose(0)
        return True

    def leave(self) -> bool:
        """Clear the find line, else close the chosen row."""
        if self.find_line.text():
            self.find_line.clear()
        elif self.claims.chosen is not None:
            self._desk.choose("")
        else:
            return False
        return True

    def vote(self, holds: bool) -> None:
        """Vote on the chosen row."""
        row = self.claims.chosen
        if row is not None:
            self._desk.vote(row.key, holds)

    def find_words(self) -> None:
        """To the find line."""
        self.find_line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_line.selectAll()

    def open_in_learn(self) -> None:
        """Open the chosen row in Learn."""
        if self.claims.chosen is not None:
            self._desk.open_in_learn(self.claims.chosen.key)

    def export(self) -> bool:
        """Ask where to save the table."""
        if self.dialog is None:
            dialog = QFileDialog(self.window(), tr("Save the table"), "lstmviz-claims.csv")
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setNameFilters([tr("Table (*.csv)")])
            dialog.setDefaultSuffix("csv")
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.fileSelected.connect(self.save)
            dialog.finished.connect(self._forget)
            self.dialog = dialog
            dialog.open()
        return True

    @Slot()
    def _forget(self) -> None:
        self.dialog = None

    @Slot(str)
    def save(self, path: str) -> None:
        """Save the rows shown as CSV."""
        try:
            atomic_save(path, self._desk.table())
        except BadInput as error:
            self._stage.notify(str(error))
        else:
            self._stage.notify(tr("Saved {name}").format(name=Path(path).name))

    # -- hands ---------------------------------------------------------------------------------------------------

    @Slot(str)
    def _find(self, text: str) -> None:
        self._desk.set_filter(find=text)

    @Slot()
    def _cancel(self) -> None:
        self._desk.cancel()

    @Slot(QRect)
    def _scroll_to(self, row: QRect) -> None:
        bar = self.area.verticalScrollBar()
        if row.top() < bar.value():
            bar.setValue(row.top())
        elif row.bottom() > bar.value() + self.area.viewport().height():
            bar.setValue(min(row.bottom() - self.area.viewport().height(), row.top()))

    # -- look ----------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.claims.set_theme(theme)
        self.names.set_theme(theme)
        self.update()

    def set_scale(self, factor: float) -> None:
        """Take another text size, 0.8 to 2."""
        fonts.set_text_size(factor)
        side = fonts.scaled(INSET)
        self._inside.setContentsMargins(side, fonts.scaled(10), fonts.scaled(6), 0)
        self._inside.setSpacing(fonts.scaled(6))
        self._row.setContentsMargins(fonts.scaled(24), fonts.scaled(4), fonts.scaled(24), fonts.scaled(4))
        self._foot.setFixedHeight(fonts.scaled(48))
        self.find_line.setFixedWidth(fonts.scaled(240))
        self.names.setFixedHeight(fonts.scaled(24))
        self.claims.set_scale()

    def minimumSizeHint(self) -> QSize:
        """The size below which nothing could be read."""
        return QSize(LEAST + 40, fonts.scaled(320))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the names over the columns as they are now."""
        super().resizeEvent(event)
        self.names.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, and a line while the table is being read."""
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), qcolor(self._theme.window))

    # -- drawing -------------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show the frame; rows that did not change are not painted again."""
        self._frame = frame
        self._notice.show_text(frame.notice)
        part = frame.part
        if not isinstance(part, ClaimsPart) or part is self._part:
            return
        before, self._part = self._part, part
        self.claims.draw(part)
        text = tr("{n} of {all} rows shown") if len(part.rows) < part.all else tr("{n} rows")
        if part.state == "loading":
            text = tr("reading the experiments …")
        elif not part.rows:
            text = tr("no row is left by the filters on the left")
        self._shown.setText(text.format(n=count(len(part.rows)), all=count(part.all)))
        running = tr("Running: {words}").format(words=part.running) if part.running else tr("Nothing is running.")
        self._line.show_text(running)
        self.cancel.setVisible(bool(part.running))
        if self.find_line.text() != part.filter.find:
            self.find_line.setText(part.filter.find)
        if before is None or before.chosen != part.chosen:
            self.claims.show_chosen()
        self.names.update()
