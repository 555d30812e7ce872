"""The scrubber: the whole computation on one track, forward 1 → T, the loss, backward T → 1; or all updates.

Words used in this file
    place    one number for the whole walk, 0 to 2T: T is the loss (see ``stage.playback``)
    notch    what the handle can stand on: a place, at level Operation an operation, at level Update an update
    half     the track left (forward) or right (backward) of the node L
    node     the circle L between the halves: the loss
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.views import fonts
from lstmviz.views.icons import paint_mark
from lstmviz.views.slider import PaintedSlider
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

TRACK = 6.0  # height of the track
NODE = 9.0  # radius of the node
NODE_GAP = 7.0  # between the node and the halves
HANDLE = (10.0, 26.0)


class Scrubber(PaintedSlider):
    """Drag to any timestep (at level Operation, to any operation) of either pass, or at level Update to any update."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(tr("Playhead"), parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._timesteps = 1
        self._per_half = (1, 1)  # notches of the forward half; of the backward half
        self._updates = False
        self._solved: tuple[tuple[str, int], ...] = ()
        self._words = ""
        self._tight = False

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def set_tight(self, tight: bool) -> None:
        """One line of labels over the track instead of one over and one under it."""
        if tight != self._tight:
            self._tight = tight
            self.updateGeometry()
            self.update()

    def draw(self, frame: Frame) -> None:
        """Show where the playhead stands."""
        updates, training = frame.level == "update", frame.training
        by_operation = frame.level == "operation"
        halves = _per_half(frame)
        top = (training.trained if training else 0) if updates else sum(halves)
        words = _words(frame)
        solved: tuple[tuple[str, int], ...] = ()
        if updates and training:
            pairs = zip(training.cells, training.solved_at, strict=True)
            solved = tuple((cell, at) for cell, at in pairs if at is not None)
        fresh = (updates, frame.timesteps, halves, solved, words)
        same = fresh == (self._updates, self._timesteps, self._per_half, self._solved, self._words)
        self._updates, self._timesteps, self._per_half, self._solved, self._words = fresh
        if top != self.maximum():
            blocked = self.blockSignals(True)
            self.setRange(0, top)
            self.blockSignals(blocked)
            same = False
        place = frame.notch if by_operation else frame.place
        self.show_notch((training.update if training else 0) if updates else place)
        if not same:
            self.setAccessibleDescription(words)
            self.update()

    # -- geometry ----------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Track and its labels."""
        return QSize(fonts.scaled(520), fonts.scaled(52 if self._tight else 64))

    def minimumSizeHint(self) -> QSize:
        """As ``sizeHint``, narrower."""
        return QSize(fonts.scaled(240), self.sizeHint().height())

    def _ends(self) -> tuple[float, float]:
        inset = HANDLE[0] * fonts.text_size() / 2 + 2
        return inset, self.width() - inset

    def _halves(self) -> tuple[tuple[float, float], tuple[float, float]]:
        left, right = self._ends()
        middle, reach = (left + right) / 2, self._node() + NODE_GAP
        return (left, middle - reach), (middle + reach, right)

    def _node(self) -> float:
        return NODE * fonts.text_size()

    def x_of(self, notch: int) -> float:
        """Where a place or an update lies, in pixels."""
        if self._updates:
            left, right = self._ends()
            return left + (right - left) * notch / max(self.maximum(), 1)
        forward, backward = self._halves()
        before, after = self._per_half
        if notch == before:
            return (forward[1] + backward[0]) / 2
        if notch < before:
            return forward[0] + (forward[1] - forward[0]) * notch / max(before - 1, 1)
        return backward[0] + (backward[1] - backward[0]) * (notch - before - 1) / max(after - 1, 1)

    def notch_at(self, x: float) -> int:
        """The place or update nearest to ``x``."""
        if self._updates:
            left, right = self._ends()
            return round(min(max((x - left) / max(right - left, 1), 0.0), 1.0) * self.maximum())
        forward, backward = self._halves()
        before, after = self._per_half
        if abs(x - (forward[1] + backward[0]) / 2) <= self._node():
            return before
        on_forward = x < backward[0] - self._node() - NODE_GAP
        (start, end), many = (forward, before) if on_forward else (backward, after)
        nearest = round(min(max((x - start) / max(end - start, 1), 0.0), 1.0) * (many - 1))
        return nearest if on_forward else before + 1 + nearest

    # -- picture -----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, node, handle and words."""
        theme = self._theme
        y = fonts.scaled(34) if self._tight else self.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._updates:
                self._paint_updates(painter, y)
            else:
                self._paint_passes(painter, y)
            self._paint_handle(painter, y)
            painter.setPen(qcolor(theme.ink))
            self._paint_labels(painter, y)

    def _paint_passes(self, painter: QPainter, y: float) -> None:
        forward, backward = self._halves()
        theme, x = self._theme, self.x_of(self.value())
        loss = self.value() >= self._per_half[0]
        self._bar(painter, forward, y, theme.secondary, forward[1] if loss else x)
        self._bar(painter, backward, y, theme.gradient, x if self.value() > self._per_half[0] else backward[0])
        middle, radius = QPointF((forward[1] + backward[0]) / 2, y), self._node()
        painter.setPen(QPen(qcolor(theme.outline), 1.2))
        painter.setBrush(qcolor(theme.panel))
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(qcolor(theme.ink))
        painter.setFont(fonts.maths(13))
        box = QRectF(middle.x() - radius, y - radius, 2 * radius, 2 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "L")

    def _paint_updates(self, painter: QPainter, y: float) -> None:
        theme = self._theme
        self._bar(painter, self._ends(), y, theme.secondary, self.x_of(self.value()))
        marks_x = -math.inf
        for cell, update in sorted(self._solved, key=lambda solved: solved[1]):
            look = theme.network(cell)
            x = self.x_of(update)
            painter.setPen(QPen(qcolor(theme.ink), 1.5))
            painter.drawLine(QPointF(x, y - 11), QPointF(x, y + 11))
            marks_x = max(x, marks_x + 10)  # two networks that solved it together stand side by side
            paint_mark(painter, look.mark, QPointF(marks_x, y - 15), 8, look.hue, theme.panel)

    def _bar(self, painter: QPainter, ends: tuple[float, float], y: float, colour: str, done: float) -> None:
        left, right = ends
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(self._theme.hairline))
        painter.drawRoundedRect(QRectF(left, y - TRACK / 2, right - left, TRACK), 1.5, 1.5)
        if done > left:
            painter.setBrush(qcolor(colour))
            painter.drawRoundedRect(QRectF(left, y - TRACK / 2, min(done, right) - left, TRACK), 1.5, 1.5)

    def _paint_handle(self, painter: QPainter, y: float) -> None:
        width, height = (side * fonts.text_size() for side in HANDLE)
        box = QRectF(self.x_of(self.value()) - width / 2, y - height / 2, width, height)
        painter.setPen(QPen(qcolor(self._theme.ink), 2))
        painter.setBrush(qcolor(self._theme.sunk if self.isSliderDown() else self._theme.panel))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)

    def _paint_labels(self, painter: QPainter, y: float) -> None:
        theme, left, right = self._theme, *self._ends()
        over = y - fonts.scaled(17)
        under = over if self._tight else y + fonts.scaled(26)
        middle = (left + right) / 2
        small, strong = fonts.text(12), fonts.text(12, 600)
        if not self._updates and self.names_passes():
            self._label(painter, left, over, tr("Forward"), fonts.text(12, 500), theme.secondary, 0.0)
            self._label(painter, right, over, tr("Backward"), strong, theme.text["gradient"], 1.0)
        if self._tight:
            self._label(painter, middle, over, self._words, strong, theme.ink, 0.5)
            return
        self._label(painter, middle, under, self._words, strong, theme.ink, 0.5)
        if self._updates:
            self._label(painter, left, under, "0", small, theme.hint, 0.0)
            self._label(painter, right, under, count(self.maximum()), small, theme.hint, 1.0)
            return
        forward, backward = self._halves()
        last = tr("t = {t}").format(t=count(self._timesteps))
        self._label(painter, forward[1], over, last, small, theme.hint, 1.0)
        self._label(painter, backward[0], over, last, small, theme.hint, 0.0)
        self._label(painter, left, under, "1", small, theme.hint, 0.0)
        self._label(painter, right, under, "1", small, theme.hint, 1.0)

    def names_passes(self) -> bool:
        """Whether the names of the passes have room beside the words on their line."""
        if not self._tight:
            return True
        measure = QFontMetricsF(fonts.text(12, 600))
        left, right = self._ends()
        side = (right - left - measure.horizontalAdvance(self._words)) / 2 - fonts.scaled(6)
        return max(map(measure.horizontalAdvance, (tr("Forward"), tr("Backward")))) <= side

    def _label(
        self, painter: QPainter, x: float, baseline: float, text: str, font: QFont, colour: str, anchor: float
    ) -> None:
        painter.setFont(font)
        painter.setPen(qcolor(colour))
        width = QFontMetricsF(font).horizontalAdvance(text)
        painter.drawText(QPointF(x - anchor * width, baseline), text)


def _words(frame: Frame) -> str:
    """Where the playhead stands, in words."""
    last = frame.timesteps
    if frame.level == "update":
        training = frame.training
        if training is None:
            return tr("Untrained: press On or Train")
        if training.running:
            return tr("Training, update {n}").format(n=count(training.update))
        return tr("Update {n} of {trained}").format(n=count(training.update), trained=count(training.trained))
    position = frame.position
    if position.stretch == "loss":
        return tr("The loss, taken at t = {t}").format(t=count(last))
    if frame.level == "operation":
        done, names = frame.operation, frame.operations
        told = tr("Operation {n} of {all}: {name}, t = {t}")
        return told.format(n=done, all=len(names), name=names[done - 1], t=count(position.t))
    if position.stretch == "forward":
        if position.t == last:
            return tr("Forward pass done")
        return tr("Forward pass, t = {t}").format(t=count(position.t))
    return tr("Backward pass, t = {t}").format(t=count(position.t))


def _per_half(frame: Frame) -> tuple[int, int]:
    """Notches of the forward half and of the backward half."""
    if frame.level != "operation":
        return frame.timesteps, frame.timesteps
    forward = frame.loss_notch
    return forward, frame.notches - forward
