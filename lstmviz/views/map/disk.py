"""Eigenvalues of one network's Jacobian of one timestep, against the circle of size 1."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import NAMES
from lstmviz.stage.map_frame import WIDE, Eigen
from lstmviz.views import fonts
from lstmviz.views.guides import describe
from lstmviz.views.icons import paint_mark
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, number, tr

LEAST_EXTENT = 1.12  # what the picture reaches, so that the circle of size 1 is whole


class EigenDisk(QWidget):
    """A square with the circle of size 1, one dot per eigenvalue, and the largest magnitude under it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._eigen: Eigen | None = None
        self._refused, self._words = "", ""  # a network without eigenvalues, and why

    def refuse(self, cell: str) -> None:
        """Say that a network has too many numbers in its state."""
        name = tr("Eigenvalues of the {name}").format(name=NAMES[cell])
        words = tr("None: more than {most} numbers in the state.").format(most=count(WIDE))
        if self._eigen is not None or self._refused != cell:
            self._eigen, self._refused, self._words = None, cell, words
            self.setAccessibleName(name)
            describe(self, words)
            self.update()

    def draw(self, eigen: Eigen) -> None:
        """Show these eigenvalues."""
        if eigen is not self._eigen:
            self._eigen = eigen
            name = NAMES[eigen.cell]
            self.setAccessibleName(tr("Eigenvalues of the {name}").format(name=name))
            about = tr("largest magnitude {radius}, largest singular value {sigma}")
            describe(self, about.format(radius=number(eigen.radius, 3), sigma=number(eigen.sigma_max, 3)))
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def disk(self) -> QRectF:
        """The square that holds the circle."""
        side = max(min(self.width(), self.height() - fonts.scaled(22)), 20)
        return QRectF((self.width() - side) / 2, 0, side, side).adjusted(1, 1, -1, -1)

    def place_of(self, eigenvalue: complex) -> QPointF:
        """Where an eigenvalue is painted."""
        disk, extent = self.disk(), self._extent()
        half = disk.width() / 2 / extent
        return QPointF(disk.center().x() + eigenvalue.real * half, disk.center().y() - eigenvalue.imag * half)

    def _extent(self) -> float:
        most = self._eigen.radius if self._eigen is not None else 0.0
        return max(LEAST_EXTENT, 1.08 * most) if np.isfinite(most) else LEAST_EXTENT

    def _paint_refusal(self) -> None:
        if not self._refused:
            return
        disk, theme = self.disk(), self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            look = theme.network(self._refused)
            paint_mark(painter, look.mark, disk.topLeft() + QPointF(10, 10), 9 * fonts.text_size(), look.hue)
            painter.setFont(fonts.text(12))
            painter.setPen(qcolor(theme.hint))
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(0, fonts.scaled(24), 0, 0), flags, self._words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, axes, circle, dots."""
        eigen, theme = self._eigen, self._theme
        if eigen is None:
            self._paint_refusal()
            return
        disk, look = self.disk(), theme.network(eigen.cell)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(ink.pen(theme.hairline, 1))
            painter.setBrush(qcolor(theme.panel))
            painter.drawRoundedRect(disk, 4, 4)
            middle, grid = disk.center(), ink.pen(theme.hairline, 1)
            ink.line(painter, disk.left() + 4, middle.y(), disk.right() - 4, middle.y(), grid)
            ink.line(painter, middle.x(), disk.top() + 4, middle.x(), disk.bottom() - 4, grid)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(ink.pen(theme.ink, 1.2))
            radius = disk.width() / 2 / self._extent()
            painter.drawEllipse(middle, radius, radius)
            painter.setPen(ink.pen(theme.panel, 1))
            painter.setBrush(qcolor(look.hue))
            for value in eigen.eigenvalues:
                painter.drawEllipse(self.place_of(complex(value)), 3.6, 3.6)
            corner = QPointF(disk.left() + 11, disk.top() + 11)
            paint_mark(painter, look.mark, corner, 9 * fonts.text_size(), look.hue)
            text = tr("largest {radius}").format(radius=number(eigen.radius, 2))
            box = QRectF(0, disk.bottom() + 3, self.width(), fonts.scaled(18))
            ink.paint_text(painter, box, text, fonts.text(13, 600), theme.ink, ink.CENTRE)
