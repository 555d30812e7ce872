"""Train the networks on show by some updates, and see their losses against chance.

Words used in this file
    chance    the loss of the best answer that does not look at the input
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QProgressBar, QSpinBox, QWidget

from lstmviz.stage.frame import Frame, TrainingFrame
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.commands import Commands
from lstmviz.views.control_groups.group import Group, WheelGuard, pad_spin_box
from lstmviz.views.controls import button, label
from lstmviz.views.theme import DASHES, Theme, qcolor
from lstmviz.words import count, number, tr


class TrainingGroup(Group):
    """Updates, Train or Stop, how far it is, and the loss curves."""

    SPOT = "training"
    RULED = True

    def __init__(self, stage: Stage, commands: Commands, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, commands, theme, parent)
        self.updates = QSpinBox(self)
        self.updates.setRange(1, 5000)
        self.updates.setValue(stage.desk.goal)
        self.updates.setKeyboardTracking(False)
        self.updates.setAccessibleName(tr("Updates"))
        self.updates.setToolTip(tr("How many updates one press of Train adds (1 to 5000)"))
        self._guard = WheelGuard(self)
        self._guard.guard(self.updates)
        self.train = button(tr("Train"), "", self)
        self._progress = QProgressBar(self)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(tr("Updates done"))
        self.losses = LossSketch(theme, self)
        self._caption = label(tr("Updates"), "secondary", self)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self.rows.setSpacing(6)
        self.rows.addLayout(self._grid)
        self.rows.addWidget(self._progress)
        self.rows.addWidget(self.losses)
        self.updates.valueChanged.connect(stage.set_goal)
        self.train.clicked.connect(self._toggle)

    @Slot()
    def _toggle(self) -> None:
        self.updates.interpretText()
        self.stage.toggle_training()

    def draw(self, frame: Frame) -> None:
        """Show how far the training is."""
        training = frame.training
        running = training is not None and training.running
        self.train.setText(tr("Stop") if running else tr("Train"))
        about = tr("Stop; what is trained is kept") if running else tr("Train all networks on the same batches")
        self.train.setToolTip(about)
        self.train.setAccessibleName(self.train.text())
        self.train.setEnabled(bool(frame.settings.cells))
        self._progress.setVisible(running)
        self.losses.setVisible(training is not None and frame.level != "update")  # there the content shows them
        if training is not None:
            self._progress.setRange(0, max(training.aim, 1))
            self._progress.setValue(training.trained)
        self.losses.draw(training)

    def set_folds(self, folds: bool) -> None:
        """In a narrow column the number of updates has a row of its own."""
        for widget in (self._caption, self.updates, self.train):
            self._grid.removeWidget(widget)
        self._caption.setVisible(folds)
        self.updates.setSuffix("" if folds else " " + tr("updates"))
        if folds:
            self._grid.addWidget(self._caption, 0, 0)
            self._grid.addWidget(self.updates, 0, 1)
            self._grid.addWidget(self.train, 1, 0, 1, 2)
        else:
            self._grid.addWidget(self.updates, 0, 0)
            self._grid.addWidget(self.train, 0, 1)
        self.updates.setFixedWidth(fonts.scaled(112 if folds else 146))
        self.train.setMinimumWidth(fonts.scaled(64))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        self.losses.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        pad_spin_box(self.updates)
        self.losses.updateGeometry()


class LossSketch(QWidget):
    """One loss curve per network over the updates, from 0 to a little over chance, with the chance line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._training: TrainingFrame | None = None
        self.setAccessibleName(tr("Loss over the updates"))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.update()

    def draw(self, training: TrainingFrame | None) -> None:
        """Show this training."""
        if training is not self._training:
            self._training = training
            self.setToolTip(_losses(training))
            self.setAccessibleDescription(_losses(training))
            self.update()

    def sizeHint(self) -> QSize:
        """A strip as wide as the column."""
        return QSize(fonts.scaled(160), fonts.scaled(84))

    def minimumSizeHint(self) -> QSize:
        """As high as ``sizeHint``."""
        return QSize(fonts.scaled(80), fonts.scaled(84))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame, chance line, curves, the update on show."""
        training, theme = self._training, self._theme
        if training is None:
            return
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5 - fonts.scaled(14))
        top = 1.5 * training.chance
        with QPainter(self) as painter:
            painter.setPen(QPen(qcolor(theme.hairline), 1))
            painter.drawRect(box)
            self._paint_words(painter, box, training, top)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(box)
            x = box.left() + box.width() * training.update / max(training.trained, 1)
            painter.setPen(QPen(qcolor(theme.ink), theme.lines.playhead))
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            for cell, losses in zip(training.cells, training.losses, strict=True):
                pen = QPen(qcolor(theme.network(cell).hue), 1.6)
                if theme.network(cell).dash:
                    pen.setDashPattern([value / 1.6 for value in theme.network(cell).dash])
                painter.setPen(pen)
                painter.drawPath(_curve(losses.tolist(), box, top))

    def _paint_words(self, painter: QPainter, box: QRectF, training: TrainingFrame, top: float) -> None:
        theme, font = self._theme, fonts.text(11)
        y = box.bottom() - box.height() * training.chance / top
        pen = QPen(qcolor(theme.chance), 1.5)
        pen.setDashPattern([value / 1.5 for value in DASHES["chance"]])
        painter.setPen(pen)
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setFont(font)
        painter.setPen(qcolor(theme.hint))
        measure = QFontMetricsF(font)
        chance = tr("chance {loss}").format(loss=number(training.chance, 2))
        painter.drawText(QPointF(box.left() + 4, y - 3), chance)
        baseline = box.bottom() + measure.ascent() + 2
        last = count(training.trained)
        painter.drawText(QPointF(box.left(), baseline), tr("loss, update 0"))
        painter.drawText(QPointF(box.right() - measure.horizontalAdvance(last), baseline), last)


def _curve(losses: list[float], box: QRectF, top: float) -> QPainterPath:
    """The line through all losses; one that is not a number leaves a gap."""
    path, drawn = QPainterPath(), False
    for index, loss in enumerate(losses):
        if loss != loss:
            drawn = False
            continue
        x = box.left() + box.width() * index / max(len(losses) - 1, 1)
        point = QPointF(x, box.bottom() - box.height() * min(loss, 2 * top) / top)
        if drawn:
            path.lineTo(point)
        else:
            path.moveTo(point)
        drawn = True
    return path


def _losses(training: TrainingFrame | None) -> str:
    """The newest losses in words."""
    if training is None or not training.trained:
        return tr("Not trained yet.")
    parts = [
        f"{name} {number(float(losses[-1]), 3)}" for name, losses in zip(training.names, training.losses, strict=True)
    ]
    text = tr("Loss at update {n}: {losses}; chance {chance}.")
    return text.format(n=count(training.trained), losses=", ".join(parts), chance=number(training.chance, 3))
