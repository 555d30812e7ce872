"""What is on show as a file or on the clipboard: a picture, a film of the walk, or the numbers.

Words used in this file
    ratio    device pixels per point of the picture
    ending   of the file's name: it decides what is saved
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from lstmviz.files import BadInput, atomic_save
from lstmviz.stage.export_desk import FILMS, check_film, film_bytes, named
from lstmviz.stage.film import milliseconds
from lstmviz.stage.frame import Frame
from lstmviz.stage.numbers import arrays_npz, table_csv, table_text
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage
from lstmviz.views.recorder import Picture, Recorder
from lstmviz.views.vector import pdf_bytes, svg_bytes
from lstmviz.words import tr

RATIO = 2  # of exported and copied figures: sharp in a paper and on a slide
STILLS, NUMBERS = (".png", ".svg", ".pdf"), (".csv", ".npz")
WIDEST = {".gif": 960, ".apng": 1440, ".mp4": 1920}  # pixels: a GIF is read in a page of text


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


def still_bytes(widget: QWidget, ending: str, ratio: float = RATIO) -> bytes:
    """The widget as a picture that does not move: ".svg", ".pdf", else PNG."""
    if ending == ".svg":
        return svg_bytes(widget)
    return pdf_bytes(widget) if ending == ".pdf" else png_bytes(widget_image(widget, ratio))


def formats() -> list[str]:
    """What can be saved, as the lines of a file dialog."""
    return [
        tr("PNG picture (*.png)"),
        tr("SVG drawing (*.svg)"),
        tr("PDF page (*.pdf)"),
        tr("GIF film (*.gif)"),
        tr("APNG film, every colour (*.apng)"),
        tr("MP4 film (*.mp4)"),
        tr("Table of what is on show (*.csv)"),
        tr("All arrays for NumPy (*.npz)"),
    ]


class Exporter(QObject):
    """Saves and copies what is on show.

    Parameters
    ----------
    stage : Stage
        Told in one line what was saved, or why not.
    figure : QWidget
        What is saved and copied as a picture.
    table : callable
        The table of what is on show, of a frame.
    parent : QWidget
        The window; the dialog stands over it.
    """

    def __init__(self, stage: Stage, figure: QWidget, table: Callable[[Frame], PlotTable], parent: QWidget) -> None:
        super().__init__(parent)
        self._stage, self._figure, self._table, self._parent = stage, figure, table, parent
        self.recorder = Recorder(stage, figure, widget_image, self)
        self.dialog: QFileDialog | None = None

    @Slot()
    def ask(self) -> None:
        """Ask for a file; the window goes on meanwhile."""
        if self.dialog is not None:
            return
        dialog = QFileDialog(self._parent, tr("Save what is on show"), f"lstmviz-{self._stage.lab}.png")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(formats())
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(self._take_filter)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    @Slot(str)
    def _take_filter(self, line: str) -> None:
        """The name gets the ending of the chosen line, in the place of another line's."""
        if self.dialog is None:
            return
        ending = line.rpartition("*.")[2].rstrip(")")
        self.dialog.setDefaultSuffix(ending)
        name = Path(next(iter(self.dialog.selectedFiles()), ""))
        if name.suffix.lower() in (*STILLS, *FILMS, *NUMBERS):
            self.dialog.selectFile(name.with_suffix(f".{ending}").name)

    @Slot()
    def _forget(self) -> None:
        self.dialog = None

    @Slot(str)
    def save(self, path: str) -> None:
        """Save what the name's ending says; the old file or the new one is left, never half of one."""
        ending = Path(path).suffix.lower()
        try:
            if ending in FILMS:
                check_film(ending, path)
                self._film(path, ending)
            elif ending == ".npz":
                frame = self._stage.frame
                self._stage.exports.save(path, lambda _report: arrays_npz(frame))
            else:
                atomic_save(path, self._bytes(path, ending))
                self._stage.notify(tr("Saved {name}").format(name=named(path)))
        except BadInput as error:
            self._stage.notify(str(error))

    def _bytes(self, path: str, ending: str) -> bytes:
        if ending == ".csv":
            return table_csv(self._table(self._stage.frame))
        if ending not in STILLS:
            raise BadInput(path, "", tr("unknown kind of file"), ", ".join((*STILLS, *FILMS, *NUMBERS)))
        return still_bytes(self._figure, ending)

    def _film(self, path: str, ending: str) -> None:
        def packed(pictures: list[Picture]) -> None:
            stays = milliseconds(len(pictures))
            self._stage.exports.save(path, lambda report: film_bytes(ending, pictures, stays, report))

        if self.recorder.running or self._stage.exports.busy:
            self._stage.notify(tr("Another file is still being made; Esc gives it up"))
            return
        self.recorder.start(WIDEST[ending], packed)

    def cancel(self) -> bool:
        """Give up what is being made; whether there was anything."""
        if self.recorder.cancel() or self._stage.exports.cancel():
            self._stage.notify(tr("Given up; nothing was saved"))
            return True
        return False

    @Slot()
    def copy(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(widget_image(self._figure, RATIO))
        self._stage.notify(tr("Picture copied"))

    @Slot()
    def copy_numbers(self) -> None:
        """Put the table of what is on show on the clipboard, as a spreadsheet takes it."""
        table = self._table(self._stage.frame)
        if not table.numbers:
            self._stage.notify(tr("There are no numbers to copy yet"))
            return
        QGuiApplication.clipboard().setText(table_text(table))
        rows = tr("Numbers copied: {rows} rows, {columns} columns")
        self._stage.notify(rows.format(rows=len(table.numbers), columns=len(table.names)))
