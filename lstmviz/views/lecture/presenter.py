"""The presenter's window: what the room sees, what comes next, what to say, how late it is, and the clicker's keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.lecture import LectureState
from lstmviz.stage.lesson_frame import LessonFrame, WhatIf
from lstmviz.views import fonts
from lstmviz.views.controls import button, label
from lstmviz.views.focus_ring import FocusRing
from lstmviz.views.icons import program_pixmap
from lstmviz.views.lecture.audience import AudiencePicture
from lstmviz.views.lecture.notes import Notes
from lstmviz.views.lecture.presenter_parts import MirrorColumn, PageBars, VerbButton, WhatIfButton
from lstmviz.views.lecture.window import LectureWindow
from lstmviz.views.lecture.words import clock_text, page_text, status_text
from lstmviz.views.plain import harmless, plain_label
from lstmviz.views.style_sheet import palette, style_sheet
from lstmviz.views.theme import DARK
from lstmviz.words import tr

COLUMNS = 3  # of the what-ifs
TWO_ROWS = 1.25  # text size from which the keys below stand in two rows
PICTURE_SHARE, NOTES_SHARE = 792, 568  # widths of the two columns at 1440


class PresenterWindow(LectureWindow):
    """The second window of a lecture; without a lesson only the mirror, the clock and the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("lstmviz: presenter"))
        self.setAccessibleName(tr("Presenter"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setPalette(palette(DARK))
        self.setStyleSheet(style_sheet(DARK, fonts.text_size()) + f"PresenterWindow {{ background: {DARK.window}; }}")
        self.setMinimumSize(1120, 640)
        self.mirror, self.next_picture = AudiencePicture(), AudiencePicture()
        self.mirror.setAccessibleName(tr("On the projector"))
        self.next_picture.setAccessibleName(tr("Picture of the next page"))
        self.notes = Notes()
        self._screen_name = ""
        self._what_ifs: tuple[WhatIf, ...] | None = None
        self._lesson_parts: list[QWidget] = []
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._header())
        body = QHBoxLayout()
        body.setContentsMargins(24, 18, 24, 18)
        body.setSpacing(32)
        body.addWidget(self._left(), PICTURE_SHARE)
        body.addWidget(self._right(), NOTES_SHARE)
        body.addWidget(self._walk())
        rows.addLayout(body, 1)
        rows.addWidget(self._footer())
        self._ring = FocusRing(self)
        self._ring.setPalette(palette(DARK))

    # -- built once --------------------------------------------------------------------------------------------

    def _header(self) -> QWidget:
        bar = QFrame(self)
        bar.setProperty("role", "bar")
        bar.setFixedHeight(fonts.scaled(64))
        sign = QLabel(bar)
        sign.setPixmap(program_pixmap(28, dark=True))
        self._title, self._page = plain_label("", bar), label("", "hint", bar)
        self._title.setProperty("role", "heading")
        self.bars = PageBars(bar)
        room = self.bars.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # without a lesson it keeps title and clock apart
        self.bars.setSizePolicy(room)
        self._planned = label("", "hint", bar)
        self._planned.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.clock = button("0:00", "plain", bar)
        self.clock.setFont(fonts.text(30, 700))
        self.clock.setStyleSheet(f"font-size: {fonts.scaled(30)}px; font-weight: 700; color: {DARK.ink}; padding: 0;")
        self.clock.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clock.setToolTip(tr("Count from zero again"))
        self.clock.setProperty("verb", "restart_clock")
        self.clock.clicked.connect(self._clicked)
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 0, 24, 0)
        row.setSpacing(14)
        for widget in (sign, self._title, self._page):
            row.addWidget(widget)
        row.addWidget(self.bars, 1)
        row.addWidget(self._planned)
        row.addWidget(self.clock)
        self._lesson_parts += [self._page, self.bars]
        return bar

    def _left(self) -> QWidget:
        self._screen = label("", "hint")
        head = QWidget()
        head.setLayout(_heading(label(tr("On the projector"), "strong"), self._screen))
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        title = _heading(label(tr("What if …"), "strong"), None)
        title.insertWidget(1, label(tr("prepared states of this page; 0 returns to the page"), "hint"))
        self.what_if_grid = QGridLayout()
        self.what_if_grid.setSpacing(10)
        below.addLayout(title)
        below.addLayout(self.what_if_grid)
        below.addWidget(label(tr("Changes at once. The room sees the state, never this window."), "hint"))
        self.mirror_column = MirrorColumn(head, self.mirror, self._below, self)
        return self.mirror_column

    def _right(self) -> QWidget:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(_heading(label(tr("Next page"), "strong", side), None))
        self._next_title = plain_label("", side)
        self._next_title.setProperty("role", "heading")
        self._next_title.setWordWrap(True)
        self._next_hint = label("", "secondary", side)
        self._next_hint.setWordWrap(True)
        self.next = self._verb_button(tr("Next"), "PgDn", "next", "primary")
        words = QVBoxLayout()
        words.addWidget(self._next_title)
        words.addWidget(self._next_hint)
        words.addStretch(1)
        words.addWidget(self.next, 0, Qt.AlignmentFlag.AlignLeft)
        self.next_picture.setFixedSize(268, 151)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(self.next_picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        column.addLayout(row)
        column.addSpacing(14)
        smaller, larger = button("A−", "plain", side), button("A+", "plain", side)
        for made, verb, name in ((smaller, "smaller", tr("Smaller notes")), (larger, "larger", tr("Larger notes"))):
            made.setProperty("verb", verb)
            made.setAccessibleName(name)
            made.setToolTip(name)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(self._clicked)
        head = _heading(label(tr("Notes"), "strong", side), smaller)
        head.addWidget(larger)
        column.addLayout(head)
        card = QFrame(side)
        card.setProperty("role", "card")
        frame = QVBoxLayout(card)
        frame.setContentsMargins(1, 1, 1, 1)
        frame.addWidget(self.notes)
        column.addWidget(card, 1)
        self._lesson_parts.append(side)
        return side

    def _walk(self) -> QWidget:
        """What there is to do without a lesson."""
        self._walking = QWidget(self)
        column = QVBoxLayout(self._walking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("Walk"), "strong", self._walking))
        stops = label(tr("Next goes to the end of the forward pass, the loss, the end of the backward pass."), "hint")
        stops.setWordWrap(True)
        for text, key, verb in (
            (tr("Next"), "PgDn", "next"),
            (tr("Previous"), "PgUp", "previous"),
            (tr("Play / pause"), "Space", "play"),
            (tr("One timestep back"), "J", "back"),
            (tr("One timestep on"), "L", "on"),
        ):
            column.addWidget(self._verb_button(text, key, verb))
        column.addWidget(stops)
        column.addStretch(1)
        self._walking.setFixedWidth(fonts.scaled(230))
        return self._walking

    def _verb_button(self, text: str, key: str, verb: str, role: str = "") -> VerbButton:
        made = VerbButton(text, key, verb, role, self)
        made.clicked.connect(self._clicked)
        return made

    def _footer(self) -> QWidget:
        bar = QFrame(self)
        bar.setProperty("role", "footer")
        large = fonts.text_size() > TWO_ROWS
        bar.setFixedHeight(fonts.scaled(96 if large else 72))
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24, 0)
        grid = QGridLayout()
        grid.setSpacing(10)
        for k, (text, key, verb) in enumerate(
            (
                (tr("Previous"), "PgUp", "previous"),
                (tr("Next"), "PgDn", "next"),
                (tr("Blank"), "B", "black"),
                (tr("Play / pause"), "Space", "play"),
                (tr("Swap screens"), "F6", "swap"),
                (tr("Leave lecture"), "Esc", "leave"),
            )
        ):
            grid.addWidget(self._verb_button(text, key, verb), *(divmod(k, 3) if large else (0, k)))
        row.addLayout(grid)
        row.addStretch(1)
        self.status = label("", "strong", bar)
        keys = label(tr("Clicker keys: PgUp, PgDn, B, F5, Esc"), "hint", bar)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        for made_label in (self.status, keys):
            made_label.setAlignment(Qt.AlignmentFlag.AlignRight)
            column.addWidget(made_label)
        column.addStretch(1)
        row.addLayout(column)
        return bar

    # -- drawn -------------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show a frame."""
        self.mirror.draw(frame)
        self.status.setText(status_text(frame))
        lesson = frame.lesson
        for part in self._lesson_parts:
            part.setVisible(lesson is not None)
        self._walking.setVisible(lesson is None)
        self._title.setText(harmless(lesson.title) if lesson is not None else "lstmviz")
        self._draw_what_ifs(lesson.what_ifs if lesson is not None else ())
        if lesson is not None:
            self._draw_page(lesson)

    def _draw_page(self, lesson: LessonFrame) -> None:
        self._page.setText(page_text(lesson))
        self.bars.show_page(lesson.page, lesson.pages)
        reveals = lesson.predict is not None and not (lesson.predict.committed or lesson.predict.skipped)
        self._next_title.setText(harmless(lesson.next_title) or tr("This is the last page"))
        self._next_hint.setText(tr("First, Next shows what this page asks about.") if reveals else "")
        self.next.setText(tr("Reveal") if reveals else tr("Next"))
        self.next.setEnabled(reveals or lesson.page + 1 < lesson.pages)
        self.notes.draw(lesson, self.state.notes_px)

    def _draw_what_ifs(self, what_ifs: tuple[WhatIf, ...]) -> None:
        if what_ifs == self._what_ifs:
            return
        self._what_ifs = what_ifs
        while self.what_if_grid.count():
            item = self.what_if_grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._below.setVisible(bool(what_ifs))
        self._below.updateGeometry()
        shown = [*what_ifs, WhatIf(0, tr("back to the page"))] if what_ifs else []
        for k, what_if in enumerate(shown):
            made = WhatIfButton(what_if.key, harmless(what_if.label), self)
            made.clicked.connect(self._clicked)
            self.what_if_grid.addWidget(made, k // COLUMNS, k % COLUMNS)
        self._ring.raise_()

    def draw_next(self, frame: Frame | None) -> None:
        """Show the picture of the next page; None leaves its place empty."""
        self.next_picture.setVisible(frame is not None)
        if frame is not None:
            self.next_picture.draw(frame)

    def set_state(self, state: LectureState) -> None:
        """Show the clock, and whether the room sees black."""
        notes = state.notes_px != self.state.notes_px
        super().set_state(state)
        self.clock.setText(clock_text(state.elapsed))
        self.clock.setAccessibleName(tr("{time} elapsed").format(time=clock_text(state.elapsed)))
        planned = (
            tr("elapsed\nof {time}").format(time=clock_text(60 * state.minutes)) if state.minutes else tr("elapsed")
        )
        self._planned.setText(planned)
        self.mirror.blank(state.blank)
        self._show_screen()
        if notes and self.mirror.frame is not None and self.mirror.frame.lesson is not None:
            self.notes.draw(self.mirror.frame.lesson, state.notes_px)

    def set_screen(self, name: str, shape: float) -> None:
        """Name the audience's screen, and give the mirror its shape."""
        self._screen_name = name
        self.mirror_column.set_shape(shape)
        self._show_screen()

    def _show_screen(self) -> None:
        black = tr("black: any key but Esc returns")
        self._screen.setText(black if self.state.blank else self._screen_name)

    @Slot()
    def _clicked(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, QAbstractButton):
            self.acted.emit(str(pressed.property("verb")))

    def showEvent(self, event: QShowEvent) -> None:
        """Shown for the first time, the ring lies over everything that was made."""
        super().showEvent(event)
        self._ring.raise_()


def _heading(text: QWidget, right: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    row.addWidget(text)
    row.addStretch(1)
    if right is not None:
        row.addWidget(right)
    return row
