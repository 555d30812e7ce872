"""The questions of a lesson page: the prediction and its outcome, what was seen, and a task on live numbers.

Each is built once; ``draw`` shows a part of the lesson's frame. They send verbs to ``stage.lesson`` and keep no
answers.

Words used in this file
    live     judged by the numbers on the screen, anew with each frame
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from lstmviz.stage.lesson_frame import AskFrame, CheckFrame, PredictFrame, TextRun
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import KeyButton, button, label, rule
from lstmviz.views.icons import icon
from lstmviz.views.lesson_cards import Card, Options, PairRows, SideBySide
from lstmviz.views.lesson_text import LessonText
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

INSET = 8  # of text beside cards
NUDGE = 0.25  # powers of ten that one press of an arrow key moves a point


class Dots(QWidget):
    """How a drawn prediction looks on the plot, as a sample."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self) -> QSize:
        """A line of dots."""
        return QSize(fonts.scaled(108), fonts.scaled(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Round dots."""
        half = self.theme.lines.dot / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(self.theme.prediction))
            for k in range(12):
                painter.drawEllipse(QPointF(half + 1 + 9 * k, self.height() / 2), half, half)


class PredictCard(Card):
    """Asks for a prediction: drawn, chosen or typed. It takes the arrow keys while a curve is asked for."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self._drawn: PredictFrame | None = None
        self._heading = label(tr("Predict first"), "strong", self)
        self._ask = LessonText(theme, self)
        self._sample, self._dots = QWidget(self), Dots(theme, self)
        sample = QHBoxLayout(self._sample)
        sample.setContentsMargins(0, 0, 0, 0)
        sample.addWidget(self._dots)
        sample.addWidget(label(tr("your prediction"), "secondary", self))
        sample.addStretch(1)
        self._readout = PairRows(theme, self)
        self.options = Options(self)
        self.options.chosen.connect(self._choose)
        self.number = QLineEdit(self)
        self.number.setPlaceholderText(tr("such as 0.01 or 1e-4"))
        self.number.setAccessibleName(tr("Your prediction"))
        self.number.textEdited.connect(self._type)
        self.number.returnPressed.connect(self._commit)
        self.commit = KeyButton(tr("Commit"), tr("Enter"), "primary", self)
        self.commit.setToolTip(tr("Lock the prediction and run (Enter)"))
        self.commit.clicked.connect(self._commit)
        self.clear = button(tr("Draw again"), "", self)
        self.clear.setToolTip(tr("Clear the drawing (Backspace)"))
        self.clear.clicked.connect(self._clear)
        buttons = SideBySide(self.commit, self.clear, self)
        for part in (self._heading, self._ask, self._sample, self._readout, self.options, self.number):
            self.rows.addWidget(part)
        self.rows.addWidget(buttons)

    def draw(self, predict: PredictFrame) -> None:
        """Show an open prediction."""
        if predict == self._drawn:
            return
        self._drawn = predict
        curve = predict.kind == "curve"
        self._ask.show_runs(predict.ask)
        self._sample.setVisible(curve)
        self.options.setVisible(predict.kind == "choice")
        self.options.draw(predict.options, predict.chosen, enabled=True)
        self.number.setVisible(predict.kind == "number")
        if self.number.text() != predict.number:
            self.number.setText(predict.number)
        said = predict.readout.removesuffix(predict.value).strip()
        self._readout.show_pairs(((said, predict.value),) if said else ())
        self.commit.setEnabled(predict.ready)
        self.clear.setVisible(curve)
        self.clear.setEnabled(predict.ready)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if curve else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Predict first") + ". " + "".join(run.text for run in predict.ask))
        self.setAccessibleDescription(predict.readout)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys draw a curve without a mouse."""
        lesson, key = self.stage.lesson, event.key()
        if self._drawn is None or self._drawn.kind != "curve":
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            far = 4 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            lesson.move_point(NUDGE * far * (1 if key == Qt.Key.Key_Up else -1))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            lesson.choose_point(1 if key == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _commit(self) -> None:
        self.stage.lesson.commit()

    @Slot()
    def _clear(self) -> None:
        self.stage.lesson.clear()

    @Slot(int)
    def _choose(self, option: int) -> None:
        self.stage.lesson.choose(-1, option)

    @Slot(str)
    def _type(self, text: str) -> None:
        self.stage.lesson.type_number(text)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.theme = self._dots.theme = theme
        self._ask.set_theme(theme)
        self._readout.set_theme(theme)
        self._dots.update()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        super().set_scale()
        if hasattr(self, "clear"):  # not while the card is being built
            self._ask.set_scale()
            self._readout.set_scale()
            self.options.set_scale()


class OutcomeCard(Card):
    """What was predicted, what happened, and the factor between them."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self._pairs = PairRows(theme, self)
        self.rows.addWidget(self._pairs)

    def draw(self, outcome: tuple[tuple[str, str], ...]) -> None:
        """Show an outcome."""
        self._pairs.show_pairs(outcome)
        self.setAccessibleName(". ".join(f"{name} {value}" for name, value in outcome))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._pairs.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        super().set_scale()
        if hasattr(self, "_pairs"):
            self._pairs.set_scale()


class AskPart(QWidget):
    """One question about what was seen, its options, and what there is to say to the one chosen."""

    def __init__(self, stage: Stage, theme: Theme, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme, self._index = stage, theme, index
        self._drawn: AskFrame | None = None
        self._ask = LessonText(theme, self, weight=600, inset=INSET)
        self.options = Options(self)
        self.options.chosen.connect(self._choose)
        self._tick = QLabel(self)
        self._because = LessonText(theme, self)
        reason = QHBoxLayout()
        reason.addWidget(self._tick, 0, Qt.AlignmentFlag.AlignTop)
        reason.addWidget(self._because, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(fonts.scaled(8))
        for part in (rule(self), self._ask, self.options):
            rows.addWidget(part)
        rows.addLayout(reason)

    def draw(self, ask: AskFrame) -> None:
        """Show the question."""
        if ask == self._drawn:
            return
        self._drawn = ask
        self._ask.show_runs(ask.ask)
        self.options.draw(ask.options, ask.chosen, enabled=True)
        self._because.show_runs(ask.because)
        self._tick.setVisible(ask.right)
        self._draw_tick()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self._ask.set_theme(theme)
        self._because.set_theme(theme)
        self._draw_tick()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._ask.set_scale()
        self._because.set_scale()
        self.options.set_scale()
        self._draw_tick()

    def _draw_tick(self) -> None:
        size = fonts.scaled(20)
        self._tick.setPixmap(icon("tick", self._theme, size).pixmap(size, size))

    @Slot(int)
    def _choose(self, option: int) -> None:
        self._stage.lesson.choose(self._index, option)


class CheckCard(Card):
    """A task done with the controls; whether it is done shows as a tick and as a word."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self._drawn: CheckFrame | None = None
        self._ask = LessonText(theme, self)
        self._tick = QLabel(self)
        self._word = label("", "strong", self)
        self._now = LessonText(theme, self, px=13, role="secondary")
        self.hint_button = button(tr("Hint"), "link", self)
        self.hint_button.clicked.connect(self._show_hint)
        self._hint = LessonText(theme, self, px=13)
        state = QHBoxLayout()
        state.addWidget(self._tick)
        state.addWidget(self._word)
        state.addStretch(1)
        state.addWidget(self.hint_button)
        self.rows.addWidget(label(tr("Your turn"), "strong", self))
        self.rows.addWidget(self._ask)
        self.rows.addLayout(state)
        self.rows.addWidget(self._now)
        self.rows.addWidget(self._hint)

    def draw(self, check: CheckFrame) -> None:
        """Show the task and how the live numbers stand."""
        if check == self._drawn:
            return
        if self._drawn is None or check.ask != self._drawn.ask:
            self._hint.show_runs(())
        self._drawn = check
        self._ask.show_runs(check.ask)
        self._tick.setVisible(check.holds)
        self._word.setText(tr("Done") if check.holds else tr("Not yet"))
        self._now.show_runs((TextRun(check.now),))
        self.hint_button.setVisible(bool(check.hint) and self._hint.isHidden())
        if not self._hint.isHidden():
            self._hint.show_runs(check.hint)
        self._draw_tick()
        self.setAccessibleName("".join(run.text for run in check.ask))
        self.setAccessibleDescription(f"{self._word.text()}: {check.now}")

    @Slot()
    def _show_hint(self) -> None:
        if self._drawn is not None:
            self._hint.show_runs(self._drawn.hint)
            self.hint_button.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.theme = theme
        for text in (self._ask, self._now, self._hint):
            text.set_theme(theme)
        self._draw_tick()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        super().set_scale()
        if hasattr(self, "_hint"):
            for text in (self._ask, self._now, self._hint):
                text.set_scale()
            self._draw_tick()

    def _draw_tick(self) -> None:
        size = fonts.scaled(20)
        self._tick.setPixmap(icon("tick", self.theme, size).pixmap(size, size))
