"""One network's heat map on the screen: its title, the picture, clipped updates over it, and the update on show.

Words used in this file
    strip    a row of ticks over the picture: updates whose gradient was clipped
    pales    what a heat map does when its network has solved the task and little is left to learn
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from lstmviz.stage.frame import Frame, TrainingFrame
from lstmviz.stage.learn_words import broken_words, clipped_words, pales_from, start_words
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.icons import paint_mark
from lstmviz.views.learn.heat_image import HeatImage, same_map
from lstmviz.views.learn.update_axis import Updates
from lstmviz.views.plain import plain
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, power, tr

STRIP = 5  # height of the strip over the picture
WALK = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a heat map stands inside its widget, and how updates lie in it."""

    box: QRect  # of the picture; empty when only the strip is drawn
    strip: QRect | None
    updates: Updates


class HeatView(QWidget):
    """Gradient per timestep, growing by the update; click or drag to rewind."""

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._theme = stage, theme
        self._image = HeatImage()
        self._training: TrainingFrame | None = None
        self._start = ""
        self._index, self._cell, self._ends = 0, "rnn", ("", "")
        self._place: Place | None = None
        self._row: int | None = None  # timestep with a line, at level Timestep
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    @property
    def image(self) -> HeatImage:
        """The picture, for tests."""
        return self._image

    def arrange(self, place: Place) -> None:
        """Take another place."""
        if place != self._place:
            self._place = place
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        if self._training is not None:
            self._image.show(self._training.heat_maps[self._index], theme)
        self.update()

    def draw(self, frame: Frame, index: int) -> None:
        """Show one network of the training; only what changed is painted again."""
        training = frame.training
        assert training is not None
        before, self._training = self._training, training
        self._start = start_words(frame.settings, training.cells[index], frame.opened)
        ends = (tr("loss") if frame.query == frame.timesteps else "", tr("cue") if frame.cues == (1,) else "")
        row = frame.position.t if frame.level == "timestep" else None
        same = (self._index, self._ends, self._row) == (index, ends, row)
        self._index, self._cell, self._ends, self._row = index, training.cells[index], ends, row
        if before is training and same:
            return
        self._image.show(training.heat_maps[index], self._theme)
        self.setAccessibleName(tr("{name}: gradient at each update and timestep").format(name=training.names[index]))
        self.setAccessibleDescription(self.sentence())
        only_moved = before is not None and same and same_map(before.heat_maps[index], training.heat_maps[index])
        if only_moved and before is not None and self._place is not None:
            for update in (before.update, training.update):
                x = int(self._place.updates.x_of(update))
                self.update(QRect(x - 3, 0, 7, self.height()))
        else:
            self.update()

    def sentence(self) -> str:
        """The first and the newest column in words."""
        training = self._training
        if training is None or not len(training.heat_maps[self._index].log10):
            return tr("Not trained yet.")
        log10 = training.heat_maps[self._index].log10
        text = tr("{name}: at t = 1 arrives {first} at update 0, {last} at update {n}.")
        return text.format(
            name=training.names[self._index],
            first=power(float(log10[0, 0])),
            last=power(float(log10[-1, 0])),
            n=count(training.heat_maps[self._index].updates - 1),
        )

    # -- picture -------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, strip, picture, frame, labels, playhead."""
        training, place = self._training, self._place
        if training is None or place is None:
            return
        with QPainter(self) as painter:
            self._paint_title(painter, training, place)
            if place.strip is not None:
                self._paint_strip(painter, training, place)
            if place.box.height() > 2:
                self._paint_picture(painter, place)
                self._paint_ends(painter, training, place)
                x = ink.crisp(place.updates.x_of(training.update))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                ink.line(painter, x - 1, place.box.top(), x - 1, place.box.bottom(), ink.pen(self._theme.panel, 1))
                ink.line(painter, x + 1, place.box.top(), x + 1, place.box.bottom(), ink.pen(self._theme.panel, 1))
                ink.line(painter, x, place.box.top(), x, place.box.bottom(), ink.pen(self._theme.ink, 1))
                self._paint_pales(painter, training, place)

    def _paint_title(self, painter: QPainter, training: TrainingFrame, place: Place) -> None:
        theme, look = self._theme, self._theme.network(self._cell)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = place.strip.top() if place.strip is not None else place.box.top()
        x, height = float(place.box.left()), float(fonts.scaled(24))
        y = top - height - fonts.scaled(2)
        paint_mark(painter, look.mark, QPointF(x + 7, y + height / 2), 12 * fonts.text_size(), look.hue)
        bold, small = fonts.text(14, 650), fonts.text(12)
        name = training.names[self._index]
        x += fonts.scaled(22)
        ink.paint_text(painter, QRectF(x, y, place.box.width(), height), name, bold, theme.ink)
        x += ink.text_width(name, bold) + fonts.scaled(10)
        about = [self._start]
        broken = broken_words(training, self._index)
        if broken:
            about.append(broken)
        if place.strip is not None:
            about.append(clipped_words(training, self._index))
        if place.box.height() > 2:
            about.append(tr("gradient reaching each timestep, as training goes on"))
        room = place.box.right() - x
        ink.paint_text(
            painter, QRectF(x, y, room, height), ink.elided("   ".join(about), small, room), small, theme.hint
        )

    def _paint_strip(self, painter: QPainter, training: TrainingFrame, place: Place) -> None:
        assert place.strip is not None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        updates = training.clipped[self._index] - 1  # the gradient before update u stands at u - 1, as its loss does
        width = max(1, round(place.updates.pitch) - 1)
        strip = place.strip
        painter.fillRect(strip, qcolor(self._theme.sunk))
        for x in np.unique(np.round(place.updates.x_of(0) + place.updates.pitch * updates - width / 2).astype(int)):
            painter.fillRect(QRect(int(x), strip.top(), width, strip.height()), qcolor(self._theme.gradient))

    def _paint_picture(self, painter: QPainter, place: Place) -> None:
        assert self._training is not None
        theme, heat, box = self._theme, self._training.heat_maps[self._index], place.box
        painter.fillRect(box, qcolor(theme.panel))
        if self._image.columns:
            left, right = place.updates.x_of(-0.5), place.updates.x_of(heat.updates - 0.5)
            shrinks = self._image.columns > right - left
            painter.save()
            painter.setClipRect(box)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
            last = heat.updates / heat.updates_per_row  # the last column may hold fewer updates than the others
            whole = QRectF(left, box.top(), (right - left) * self._image.columns / last, box.height())
            painter.drawImage(whole, self._image.image())
            painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.pen(theme.outline, 1))
        painter.drawRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))
        if self._row is not None:
            y = ink.crisp(self._y_of(self._row))
            ink.line(painter, box.left(), y, box.right(), y, ink.pen(theme.ink, 1))

    def _y_of(self, t: int) -> float:
        assert self._place is not None and self._training is not None
        box, timesteps = self._place.box, self._training.heat_maps[self._index].timesteps
        return box.top() + (timesteps - t + 0.5) * box.height() / timesteps

    def _paint_ends(self, painter: QPainter, training: TrainingFrame, place: Place) -> None:
        theme, box, small = self._theme, place.box, fonts.text(12)
        high, timesteps = fonts.scaled(16), training.heat_maps[self._index].timesteps
        for y, name, number in (
            (box.top() - 2, self._ends[0], count(timesteps)),
            (box.bottom() - high + 3, self._ends[1], "1"),
        ):
            place_of = QRectF(0, y, box.left() - 8, high)
            ink.paint_text(painter, place_of, number, small, theme.secondary, ink.RIGHT)
            rest = place_of.adjusted(0, 0, -ink.text_width(number, small) - 8, 0)
            ink.paint_text(painter, rest, name, small, theme.hint, ink.RIGHT)
        if box.height() > 5 * high:
            middle = QRectF(0, box.center().y() - high / 2, box.left() - 12, high)
            ink.paint_text(painter, middle, "t", fonts.maths(15), theme.secondary, ink.RIGHT)

    def _paint_pales(self, painter: QPainter, training: TrainingFrame, place: Place) -> None:
        since = pales_from(training, self._index)
        if since is None:
            return
        font, text = fonts.text(12, 500), tr("solved: the loss is near 0, so all pales")
        width, height = ink.text_width(text, font) + 20, float(fonts.scaled(24))
        x = place.updates.x_of(since) + 8
        end = min(place.updates.x_of(training.heat_maps[self._index].updates), place.box.right())
        if x + width < end - 4 and height < place.box.height() - 16:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink.paint_label(painter, QRectF(x, place.box.top() + 8, width, height), text, font, self._theme)

    # -- hands ---------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Tell the exact value under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.tip_at(event.pos().x(), event.pos().y())
            if text:
                QToolTip.showText(event.globalPos(), plain(text), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def told_at(self, point: QPoint) -> str:
        """What the picture's own tool tip says at a point; empty where it has none."""
        return self.tip_at(point.x(), point.y())

    def tip_at(self, x: float, y: float) -> str:
        """The gradient at a point, in words; empty beside the picture."""
        training, place = self._training, self._place
        if training is None or place is None or not place.box.contains(int(x), int(y)):
            return ""
        heat = training.heat_maps[self._index]
        update = max(0, round(place.updates.update_at(x)))
        t = heat.timesteps - int((y - place.box.top()) * heat.timesteps / place.box.height())
        row, column = update // heat.updates_per_row, (t - 1) // heat.timesteps_per_column
        if row >= len(heat.log10) or not 0 <= column < heat.log10.shape[1]:
            return ""
        value = float(heat.log10[row, column])
        text = tr("update {n}, t = {t}: gradient {value}")
        said = text.format(n=count(update), t=count(t), value=power(value))
        merged = heat.updates_per_row > 1 or heat.timesteps_per_column > 1
        return said + (" " + tr("(mean of {n} updates)").format(n=heat.updates_per_row) if merged else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the update that was clicked."""
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Walk through the updates with the button held."""
        self._seek(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A fast second click is a click."""
        self._seek(event)

    def _seek(self, event: QMouseEvent) -> None:
        if self._place is None or self._training is None or not event.buttons() & Qt.MouseButton.LeftButton:
            event.ignore()
            return
        wanted = round(self._place.updates.update_at(event.position().x()))
        self._stage.seek_update(max(0, min(wanted, self._training.trained)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk through the updates, with Shift by ten."""
        direction = WALK.get(Qt.Key(event.key()))
        if direction is None or self._training is None:
            super().keyPressEvent(event)
            return
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._stage.seek_update(max(0, min(self._training.update + direction * far, self._training.trained)))
