"""The gap: its value, large, and the slider that changes it, on a log scale.

Words used in this file
    track    the line of the slider, from gap 2 to gap 200
    hint     the one line under the slider until it was first moved
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.files import BadInput
from lstmviz.stage.frame import Frame
from lstmviz.stage.readouts import gap_words, greatest_gap, least_gap
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.race import ink
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.slider import PaintedSlider
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

LEAST, MOST = 2, 200
TICKS = (2, 5, 10, 20, 50, 100, 200)
HANDLE = 11.0  # radius of the handle
HINTED = 50  # where the hint says the slider should go
HINT = 14  # pixels that the hint needs under the slider


class GapSlider(PaintedSlider):
    """Gap 2 to 200 on a log scale; a drag changes the stage with each movement of the mouse."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Gap"), parent)
        self._stage, self._theme, self._drawn, self._least = stage, theme, LEAST, LEAST
        self._most = MOST
        self.setRange(LEAST, MOST)
        self.setAccessibleDescription(
            tr("Timesteps between the cue and the query, {low} to {high}").format(low=LEAST, high=MOST)
        )
        self.setToolTip(tr("Timesteps between the cue and the query"))
        self.moved.connect(self._change)
        self.ended.connect(self._close_entry)

    def show_gap(self, gap: int, least: int = LEAST, most: int = MOST) -> None:
        """Show the gap of the settings; one beyond the slider's ends stands at the nearer end.

        ``least`` and ``most`` are the task's own ends: the handle goes no lower and no higher.
        """
        self._least, self._most = least, max(most, least)
        self._drawn = min(max(gap, LEAST), MOST)
        self.show_notch(self._drawn)

    @Slot(int)
    def _change(self, gap: int) -> None:
        if gap < self._least:
            gap = self._least
            self._stage.notify(tr("the task on show needs a gap of {gap} or more").format(gap=gap))
        elif gap > self._most:
            gap = self._most
            self._stage.notify(tr("the task on show knows gaps up to {gap}").format(gap=gap))
        try:
            self._stage.change({"gap": gap})
            self.show_notch(gap)
        except BadInput as error:
            self._stage.notify(tr("{what} ({allowed})").format(what=error.wrong, allowed=error.allowed))
            self.show_notch(self._drawn)

    @Slot()
    def _close_entry(self) -> None:
        self._stage.close_entry()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves a drag; arrows as in every slider."""
        if event.key() == Qt.Key.Key_Escape and self.isSliderDown():
            self.cancel_drag()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(fonts.scaled(400), fonts.scaled(48))

    def minimumSizeHint(self) -> QSize:
        """Narrower, with fewer numbers under the track."""
        return QSize(fonts.scaled(120), fonts.scaled(44))

    def _radius(self) -> float:
        return HANDLE * min(fonts.text_size(), 1.5)

    @property
    def track(self) -> float:
        """Height of the middle of the track."""
        return self._radius() + 2

    def _ends(self) -> tuple[float, float]:
        inset = self._radius() + 1
        return inset, max(self.width() - inset, inset + 1)

    def x_of(self, notch: int) -> float:
        """Where a gap lies on the log scale, in pixels from the left edge of the slider."""
        left, right = self._ends()
        inside = min(max(notch, LEAST), MOST)
        return left + (right - left) * math.log(inside / LEAST) / math.log(MOST / LEAST)

    def notch_at(self, x: float) -> int:
        """The gap nearest to a place on the log scale."""
        left, right = self._ends()
        share = min(max((x - left) / (right - left), 0.0), 1.0)
        return round(float(LEAST * (MOST / LEAST) ** share))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, ticks, handle with three grooves."""
        theme, radius = self._theme, self._radius()
        left, right = self._ends()
        x, y = self.x_of(self.value()), self.track
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(qcolor(theme.hairline))
            painter.drawRoundedRect(QRectF(left - 2, y - 2.5, right - left + 4, 5), 2.5, 2.5)
            painter.setBrush(qcolor(theme.secondary))
            painter.drawRoundedRect(QRectF(left - 2, y - 2.5, x - left + 2, 5), 2.5, 2.5)
            self._paint_ticks(painter, y + radius)
            painter.setPen(ink.pen(theme.ink, 2))
            painter.setBrush(qcolor(theme.sunk if self.isSliderDown() else theme.panel))
            painter.drawEllipse(QPointF(x, y), radius - 1, radius - 1)
            for groove in (-3, 0, 3):
                ink.line(painter, x + groove, y - 4, x + groove, y + 4, ink.pen(theme.outline, 1.2))

    def _paint_ticks(self, painter: QPainter, top: float) -> None:
        font = fonts.text(12)
        measure = QFontMetricsF(font)
        free = -math.inf
        for gap in TICKS:
            x, text = self.x_of(gap), str(gap)
            width = measure.horizontalAdvance(text)
            if x - width / 2 < free:
                continue
            ink.line(painter, ink.crisp(x), top + 1, ink.crisp(x), top + 5, ink.pen(self._theme.outline, 1))
            inside = min(max(x - width / 2, 0.0), self.width() - width)
            painter.setFont(font)
            painter.setPen(qcolor(self._theme.hint))
            painter.drawText(QPointF(inside, top + 6 + measure.ascent()), text)
            free = inside + width + 8


class GapRow(QWidget):
    """The word Gap, its value, the slider and, until it is first moved, the hint."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._gap, self._hints, self._task, self._merged, self._inset = 0, False, "", False, 24
        self.slider = GapSlider(stage, theme, self)
        self.setAccessibleName(tr("Gap"))

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the picture: in a wide one the slider stands over the columns."""
        self._merged, self._inset = layout.merged, layout.inset
        columns, half = layout.columns, int(HANDLE) + 1
        left = int(columns.left) - half
        right = self.width() - fonts.scaled(12) if layout.merged else int(columns.right) + half
        height = self.slider.sizeHint().height()
        top = min(fonts.scaled(6 if layout.merged else 14), max(self.height() - height - fonts.scaled(HINT), 0))
        self.slider.setGeometry(QRect(left, top, max(right - left, 60), min(height, max(self.height() - top, 1))))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.slider.set_theme(theme)
        self.update()

    def draw(self, frame: Frame) -> None:
        """Show the gap of the settings."""
        gap, hints = frame.settings.gap, frame.pristine and frame.lesson is None and frame.settings.gap < HINTED
        task = frame.settings.task
        if (gap, hints, task) == (self._gap, self._hints, self._task):
            return
        self._gap, self._hints, self._task = gap, hints, task
        self.slider.show_gap(gap, least_gap(task), greatest_gap(task) or MOST)
        self.slider.setToolTip(gap_words(task))
        self.setAccessibleDescription(tr("Gap {gap} timesteps").format(gap=gap))
        self.update()

    @property
    def hint(self) -> str:
        """The line under the slider, or nothing."""
        return tr("Drag the gap to {gap}.").format(gap=HINTED) if self._hints else ""

    def _value_font(self, room: float) -> QFont:
        """As large as fits before the slider; gaps over 200 come from lessons and files."""
        sizes = (fonts.text(px, 700) for px in (30, 26, 22))
        return next((font for font in sizes if ink.text_width(str(self._gap), font) <= room), fonts.text(18, 700))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Word, value, unit and hint."""
        theme, slider = self._theme, self.slider.geometry()
        middle = slider.top() + self.slider.track
        word = fonts.text(14.5)
        with QPainter(self) as painter:
            box = QRectF(self._inset, middle - fonts.scaled(24), slider.left(), fonts.scaled(48))
            ink.paint_text(painter, box, tr("Gap"), word, theme.secondary)
            box.setLeft(self._inset + ink.text_width(tr("Gap"), word) + 12)
            ink.paint_text(painter, box, str(self._gap), self._value_font(slider.left() - box.left()), theme.ink)
            if not self._merged:
                unit = QRectF(slider.right() + 4, middle - 12, self.width() - slider.right() - 4, 24)
                ink.paint_text(painter, unit, tr("timesteps"), fonts.text(12), theme.hint)
            if self._hints:
                top = slider.bottom() - fonts.scaled(3)
                box = QRectF(self.slider.x() + HANDLE + 1, top, slider.width(), fonts.scaled(16))
                ink.paint_text(painter, box, self.hint, fonts.text(12, 600), theme.ink)
