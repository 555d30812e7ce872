"""A widget as a picture: PNG and SVG bytes, the clipboard, and the dialog that asks for a file.

Words used in this file
    ratio    device pixels per point of the picture
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from lstmviz.files import BadInput, atomic_save
from lstmviz.stage.stage import Stage
from lstmviz.views.svg_text import outlined
from lstmviz.words import tr

_MILLIMETRES = re.compile(rb'width="[\d.]+mm" height="[\d.]+mm"')
RATIO = 2  # of exported and copied figures: sharp in a paper and on a slide


def widget_image(widget: QWidget, ratio: float = 1.0) -> QImage:
    """The widget as an image of ``ratio`` times its size."""
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(widget.palette().color(widget.backgroundRole()))
    with QPainter(image) as painter:
        widget.render(painter, QPoint(0, 0))
    return image


def png_bytes(image: QImage) -> bytes:
    """An image as the bytes of a PNG file; the same picture gives the same bytes."""
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(kept.data())


def svg_bytes(widget: QWidget) -> bytes:
    """The widget as the bytes of an SVG file: lines and outlines of letters, no pixels but those of lanes."""
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
        painter.fillRect(widget.rect(), widget.palette().color(widget.backgroundRole()))
        widget.render(painter, QPoint(0, 0), renderFlags=QWidget.RenderFlag.DrawChildren)
    buffer.close()
    size = f'width="{widget.width()}" height="{widget.height()}"'.encode()  # Qt writes millimetres of this screen
    return outlined(_MILLIMETRES.sub(size, bytes(kept.data()), count=1))


def figure_bytes(widget: QWidget, path: str | Path, ratio: float = RATIO) -> bytes:
    """The widget in the format that the file's name asks for: SVG, else PNG."""
    if str(path).lower().endswith(".svg"):
        return svg_bytes(widget)
    return png_bytes(widget_image(widget, ratio))


class Exporter(QObject):
    """Saves and copies the figure on show.

    Parameters
    ----------
    stage : Stage
        Told in one line what was saved, or why not.
    figure : QWidget
        What is saved and copied.
    parent : QWidget
        The window; the dialog stands over it.
    """

    def __init__(self, stage: Stage, figure: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._stage, self._figure, self._parent = stage, figure, parent
        self.dialog: QFileDialog | None = None

    @Slot()
    def ask(self) -> None:
        """Ask for a file; the window goes on meanwhile."""
        if self.dialog is not None:
            return
        dialog = QFileDialog(self._parent, tr("Save the figure"), f"lstmviz-{self._stage.lab}.png")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)")])
        dialog.setDefaultSuffix("png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _forget(self) -> None:
        self.dialog = None

    @Slot(str)
    def save(self, path: str) -> None:
        """Save the figure; the old file or the new one is left, never half of one."""
        name = Path(path).name
        try:
            atomic_save(path, figure_bytes(self._figure, path))
        except BadInput as error:
            self._stage.notify(str(error))
        else:
            self._stage.notify(tr("Saved {name}").format(name=name))

    @Slot()
    def copy(self) -> None:
        """Put the figure on the clipboard."""
        QGuiApplication.clipboard().setImage(widget_image(self._figure, RATIO))
        self._stage.notify(tr("Figure copied"))
