"""A widget as SVG and PDF: lines and letters as such, no pixels but those of heat maps and of what is scrolled.

Words used in this file
    scrolled   what stands in a scroll area with more in it than fits: vector formats do not clip it, so it is an image
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsEffect, QScrollArea, QWidget

from lstmviz.views.svg_text import outlined

_MILLIMETRES = re.compile(rb'width="[\d.]+mm" height="[\d.]+mm"')
_RANDOM = (  # what Qt writes into every PDF anew, and what stands there instead; of the same length
    (re.compile(rb"D:\d{14}"), b"D:20000101000000"),
    (re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"), b"2000-01-01T00:00:00"),
    (re.compile(rb"uuid:[0-9a-f-]{36}"), b"uuid:00000000-0000-0000-0000-000000000000"),
)
_IDENTITY = re.compile(rb"/ID \[ <[0-9a-f]*> <[0-9a-f]*> \]")
DOTS = 96  # per inch of a PDF, the size in which a widget is laid out
POINTS = 72 / DOTS
SHARP = 3  # device pixels per point of what is scrolled


class _Nothing(QGraphicsEffect):
    """Leaves a widget and all in it unpainted."""

    def draw(self, _painter: QPainter) -> None:
        """Paint nothing."""


def svg_bytes(widget: QWidget) -> bytes:
    """The widget as the bytes of an SVG file, with letters as outlines."""
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(widget.size()))
    generator.setViewBox(QRect(QPoint(0, 0), widget.size()))
    generator.setResolution(int(widget.screen().logicalDotsPerInch()))  # else texts are laid out for another size
    generator.setTitle("lstmviz")
    with QPainter(generator) as painter:
        _paint(widget, painter)
    buffer.close()
    size = f'width="{widget.width()}" height="{widget.height()}"'.encode()  # Qt writes millimetres of this screen
    return outlined(_MILLIMETRES.sub(size, bytes(kept.data()), count=1))


def pdf_bytes(widget: QWidget) -> bytes:
    """The widget as the bytes of a PDF file of one page of its size; its fonts are in the file.

    It says no date, so that the same picture gives the same bytes.
    """
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS)
    writer.setTitle("lstmviz")
    writer.setCreator("lstmviz")
    size = QSizeF(widget.width() * POINTS, widget.height() * POINTS)
    page = QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    with QPainter(writer) as painter:
        _paint(widget, painter)
    buffer.close()
    return _always_alike(bytes(kept.data()))


def _always_alike(pdf: bytes) -> bytes:
    for pattern, constant in _RANDOM:
        pdf = pattern.sub(constant, pdf)
    return _IDENTITY.sub(lambda found: found[0][:5] + re.sub(rb"[0-9a-f]", b"0", found[0][5:]), pdf)


def _paint(widget: QWidget, painter: QPainter) -> None:
    painter.fillRect(widget.rect(), widget.palette().color(widget.backgroundRole()))
    areas = [area for area in widget.findChildren(QScrollArea) if area.isVisible() and _is_scrolled(area)]
    images = [(_place(area, widget), _image(area)) for area in areas]
    with _unpainted([inner for inner in (area.widget() for area in areas) if inner is not None]):
        widget.render(painter, QPoint(0, 0), renderFlags=QWidget.RenderFlag.DrawChildren)
    for place, image in images:
        painter.drawImage(QRectF(place), image)


def _is_scrolled(area: QScrollArea) -> bool:
    inner = area.widget()
    if inner is None:
        return False
    return inner.height() > area.viewport().height() or inner.width() > area.viewport().width()


def _place(area: QScrollArea, widget: QWidget) -> QRect:
    view = area.viewport()
    return QRect(view.mapTo(widget, QPoint(0, 0)), view.size())


def _image(area: QScrollArea) -> QImage:
    view = area.viewport()
    image = QImage(view.size() * SHARP, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SHARP)
    image.fill(0)
    with QPainter(image) as painter:
        view.render(painter, QPoint(0, 0), renderFlags=QWidget.RenderFlag.DrawChildren)
    return image


@contextmanager
def _unpainted(widgets: list[QWidget]) -> Iterator[None]:
    """While inside, these are left out of pictures."""
    effects = [_Nothing() for _ in widgets]  # kept here while they are in use
    for widget, effect in zip(widgets, effects, strict=True):
        widget.setGraphicsEffect(effect)
    try:
        yield
    finally:
        for widget in widgets:
            widget.setGraphicsEffect(None)  # type: ignore[arg-type]
