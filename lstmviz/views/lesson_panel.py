"""The docked lesson: which page of how many, its text and questions, and the way on.

Built once; ``draw`` shows what changed in the lesson's frame.

Words used in this file
    bar      one short line per page above the title: done, open, to come
    way on   Back, Next, and why Next is off
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.glossary import linked
from lstmviz.stage.lesson_frame import LessonFrame, TextRun
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import KeyButton, button, label
from lstmviz.views.lesson_questions import INSET, AskPart, CheckCard, OutcomeCard, PredictCard
from lstmviz.views.lesson_text import LessonText
from lstmviz.views.plain import harmless, plain_label
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

ASKS = 3  # questions about what was seen, at most, on one page


class PageBars(QWidget):
    """One bar per page: done grey, the open one thicker and ink, those to come hairline grey."""

    GAP, LOW, HIGH = 5, 5, 7

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self._page, self._pages = theme, 0, 1

    def draw(self, page: int, pages: int) -> None:
        """Show page ``page`` (from 0) of ``pages``."""
        if (page, pages) != (self._page, self._pages):
            self._page, self._pages = page, pages
            self.update()

    def sizeHint(self) -> QSize:
        """A strip as high as the thicker bar."""
        return QSize(fonts.scaled(200), self.HIGH + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bars; where there are too many to part, without gaps."""
        theme, gap = self.theme, self.GAP if self._pages <= 24 else 1
        width = (self.width() - gap * (self._pages - 1)) / self._pages
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for k in range(self._pages):
                colour = theme.secondary if k < self._page else theme.ink if k == self._page else theme.hairline
                height = self.HIGH if k == self._page else self.LOW
                painter.setBrush(qcolor(colour))
                box = QRectF(k * (width + gap), (self.height() - height) / 2, width, height)
                painter.drawRoundedRect(box, 2, 2)


class LinkCard(QFrame):
    """Asks before an address is opened in the browser."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._address = ""
        self.text = LessonText(theme, self, px=13)
        self.open_button, self.leave = button(tr("Open in the browser"), "", self), button(tr("Stay here"), "", self)
        self.open_button.clicked.connect(self._open)
        self.leave.clicked.connect(self.hide)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button, 1)
        buttons.addWidget(self.leave, 1)
        rows = QVBoxLayout(self)
        rows.addWidget(self.text)
        rows.addLayout(buttons)
        self.hide()

    @Slot(str)
    def offer(self, address: str) -> None:
        """Ask about an address."""
        if address.startswith("https://"):
            self._address = address
            self.text.show_runs((TextRun(address),))
            self.show()
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _open(self) -> None:
        self.hide()
        QDesktopServices.openUrl(QUrl(self._address))


class LessonPanel(QFrame):
    """The panel at the right of the window.

    Parameters
    ----------
    stage : Stage
        Gets the verbs.
    theme : Theme
    """

    word_clicked = Signal(str)  # a word of the glossary in the text

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "side")
        self.setAccessibleName(tr("Lesson"))
        self.stage, self.theme = stage, theme
        self._drawn: LessonFrame | None = None
        self.number, self.place = plain_label("", self), plain_label("", self)
        self.bars = PageBars(theme, self)
        self.to_page = button("", "primary", self)
        self.to_page.clicked.connect(self._to_page)
        self.title = LessonText(theme, self, px=21, weight=700, inset=INSET)
        self.before, self.after = LessonText(theme, self, inset=INSET), LessonText(theme, self, inset=INSET)
        self.predict, self.outcome = PredictCard(stage, theme, self), OutcomeCard(stage, theme, self)
        self.keys_hint = LessonText(theme, self, px=13, role="secondary", inset=INSET)
        self.asks = [AskPart(stage, theme, k, self) for k in range(ASKS)]
        self.check = CheckCard(stage, theme, self)
        self.link = LinkCard(theme, self)
        for text in (self.before, self.after):
            text.link_clicked.connect(self.link.offer)
            text.word_clicked.connect(self.word_clicked)
        self._lay_out()

    # -- building ----------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._head, self._body, self._foot = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        names = QHBoxLayout()
        for name in (self.number, self.place):
            name.setProperty("role", "hint")
        names.addWidget(self.number)
        names.addStretch(1)
        names.addWidget(self.place)
        self._head.addWidget(self.to_page)
        self._head.addLayout(names)
        self._head.addWidget(self.bars)
        inside = QFrame(self)
        inside.setProperty("role", "panel")
        inside.setLayout(self._body)
        top = (self.title, self.outcome, self.before, self.predict, self.keys_hint, self.after)
        for part in (*top, *self.asks, self.check, self.link):
            self._body.addWidget(part)
        self._body.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(1, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(self._head)
        rows.addWidget(self.area, 1)
        rows.addWidget(self._footer())
        self.set_scale()

    def _footer(self) -> QFrame:
        footer = QFrame(self)
        footer.setProperty("role", "footer")
        footer.setLayout(self._foot)
        self.sandbox = button(tr("Open in sandbox"), "link", footer)
        self.sandbox.setToolTip(tr("Try anything; come back to this page (Ctrl Shift O)"))
        self.sandbox.clicked.connect(self._to_sandbox)
        kept = label(tr("Your work is kept."), "hint", footer)
        self.back, self.next = (
            KeyButton(tr("Back"), "PgUp", "", footer),
            KeyButton(tr("Next"), "PgDn", "primary", footer),
        )
        self.back.clicked.connect(self._back)
        self.next.clicked.connect(self._next)
        self.reason = label("", "hint", footer)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        links, buttons = QHBoxLayout(), QHBoxLayout()
        links.addWidget(self.sandbox)
        links.addStretch(1)
        links.addWidget(kept)
        buttons.addWidget(self.back, 1)
        buttons.addWidget(self.next, 2)
        self._foot.addLayout(links)
        self._foot.addLayout(buttons)
        self._foot.addWidget(self.reason)
        return footer

    # -- drawing -----------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show the lesson of a frame; without one the panel stays as it is, hidden by its window."""
        lesson = frame.lesson
        if lesson is None or lesson is self._drawn:
            return
        before, focused = self._drawn, self.window().focusWidget()
        turned = before is None or (lesson.page, lesson.title) != (before.page, before.title)
        answering = focused is not None and self.area.isAncestorOf(focused)
        done = before is not None and _waits(before) and not _waits(lesson)
        self._drawn = lesson
        self._draw_head(lesson)
        self._draw_foot(lesson)
        if answering and (turned or done):  # else what is hidden now would pass the focus on to any other widget
            (self.next if lesson.can_next else self.back).setFocus(Qt.FocusReason.OtherFocusReason)
        self._draw_body(lesson)
        if turned:
            self.area.verticalScrollBar().setValue(0)
            self.link.hide()
            self._take_keyboard(lesson)
        elif before is not None:
            self._keep_in_sight(before, lesson)

    def _draw_head(self, lesson: LessonFrame) -> None:
        self.number.setText(harmless(lesson.number))
        self.number.setToolTip(harmless(lesson.title).replace("<", "‹"))
        self.place.setText(tr("page {n} of {pages}").format(n=lesson.page + 1, pages=lesson.pages))
        self.bars.draw(lesson.page, lesson.pages)
        self.to_page.setVisible(lesson.sandbox)
        self.to_page.setText(tr("Back to page {n}").format(n=lesson.page + 1))

    def _draw_body(self, lesson: LessonFrame) -> None:
        predict = lesson.predict
        waits = _waits(lesson)
        outcome = predict.outcome if predict is not None else ()
        self.title.show_runs((TextRun(lesson.page_title),))
        # once it is told, the text that led to the question makes room for what comes of it
        self.before.show_blocks(() if outcome else linked(lesson.before))
        self.predict.setVisible(waits)
        if predict is not None and waits:
            self.predict.draw(predict)
        self.keys_hint.show_runs(KEYS_HINT if waits and predict is not None and predict.kind == "curve" else ())
        self.outcome.setVisible(bool(outcome))
        self.outcome.draw(outcome)
        self.after.show_blocks(linked(lesson.after))
        for k, part in enumerate(self.asks):
            part.setVisible(k < len(lesson.asks))
            if k < len(lesson.asks):
                part.draw(lesson.asks[k])
        self.check.setVisible(lesson.check is not None)
        if lesson.check is not None:
            self.check.draw(lesson.check)

    def _draw_foot(self, lesson: LessonFrame) -> None:
        self.sandbox.setVisible(not lesson.sandbox)
        self.back.setEnabled(lesson.can_back)
        self.next.setEnabled(lesson.can_next)
        self.reason.setText(lesson.reason)
        self.back.setToolTip(tr("Page {n} (PgUp)").format(n=lesson.page) if lesson.can_back else "")
        self.next.setToolTip(tr("Page {n} (PgDn)").format(n=lesson.page + 2) if lesson.can_next else lesson.reason)

    def _take_keyboard(self, lesson: LessonFrame) -> None:
        """A page that asks for a prediction gives the keyboard to its card, so that it is answered at once."""
        predict = lesson.predict
        if predict is None or not _waits(lesson) or not self.isVisible():
            return
        if predict.kind == "curve":
            self.predict.setFocus(Qt.FocusReason.OtherFocusReason)
        elif predict.kind == "choice":
            self.predict.options.focus_row(0)
        else:
            self.predict.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_in_sight(self, before: LessonFrame, lesson: LessonFrame) -> None:
        """Where the page is longer than the panel, scroll to the part that has just become the next thing to do."""
        now_ready = lesson.predict is not None and lesson.predict.ready
        if _waits(before) and not _waits(lesson):
            self.area.verticalScrollBar().setValue(0)
        elif _waits(lesson) and now_ready and not (before.predict is not None and before.predict.ready):
            self._body.activate()
            self.area.ensureWidgetVisible(self.predict)
        elif lesson.asks and not before.asks and self.next.hasFocus():
            self._body.activate()
            self.asks[0].options.focus_row(0)
            self.area.ensureWidgetVisible(self.asks[0])

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.theme = self.bars.theme = theme
        for part in self._parts():
            part.set_theme(theme)
        self.link.text.set_theme(theme)
        self.bars.update()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side, edge = fonts.scaled(23), fonts.scaled(15)
        self._head.setContentsMargins(side, fonts.scaled(20), side, fonts.scaled(8))
        self._head.setSpacing(fonts.scaled(4))
        self._body.setContentsMargins(edge, fonts.scaled(8), edge, fonts.scaled(16))
        self._body.setSpacing(fonts.scaled(12))
        self._foot.setContentsMargins(edge, fonts.scaled(16), edge, fonts.scaled(8))
        self._foot.setSpacing(fonts.scaled(6))
        for part in self._parts():
            part.set_scale()
        self.link.text.set_scale()

    def _parts(self) -> tuple[LessonText | PredictCard | OutcomeCard | AskPart | CheckCard, ...]:
        texts = (self.title, self.before, self.after, self.keys_hint)
        return (*texts, self.predict, self.outcome, *self.asks, self.check)

    # -- verbs -------------------------------------------------------------------------------------------------

    @Slot()
    def _next(self) -> None:
        self.stage.lesson.next()

    @Slot()
    def _back(self) -> None:
        self.stage.lesson.back()

    @Slot()
    def _to_sandbox(self) -> None:
        self.stage.lesson.to_sandbox()

    @Slot()
    def _to_page(self) -> None:
        self.stage.lesson.to_page()


def _waits(lesson: LessonFrame) -> bool:
    """Whether the page asks for a prediction that is neither locked nor skipped."""
    predict = lesson.predict
    return predict is not None and not (predict.committed or predict.skipped)


KEYS_HINT = (
    TextRun(tr("No mouse? Press ")),
    TextRun("↑", "key"),
    TextRun(" "),
    TextRun("↓", "key"),
    TextRun(tr(" to move the left end, ")),
    TextRun("←", "key"),
    TextRun(" "),
    TextRun("→", "key"),
    TextRun(tr(" to choose another point.")),
)
