"""The window as a picture, made without a screen: PNG, SVG, or the backward sweep as a GIF; always the same bytes.

Words used in this file
    ratio    device pixels per point: 2 from 2160 lines on, as such displays are used
    sweep    the backward pass, from the loss to t = 1
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from lstmviz.files import BadInput, atomic_save
from lstmviz.stage.lab_names import EXISTING
from lstmviz.stage.opening import FILE, gif_bytes, open_stage
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.export import png_bytes, svg_bytes, widget_image
from lstmviz.views.qt_log import qt_messages_logged
from lstmviz.views.window import MainWindow
from lstmviz.words import tr

FINE = 2160  # lines of a picture that is drawn with two pixels per point
LAYOUTS = 4  # a scroll bar that comes or goes asks for another
GIF_PICTURES = 50
GIF_SWEEP, GIF_REST = 2500, 2000  # milliseconds
GIF_WIDTH = 960  # a larger picture is drawn smaller: a GIF is read in a page of text

Size = tuple[int, int]
Changes = Mapping[str, Any]


def save_picture(lab: str, path: str | Path, size: Size, theme: str = "light", changes: Changes | None = None) -> None:
    """Write the window as it looks in a given state.

    Parameters
    ----------
    lab : str
        One of ``stage.lab_names.EXISTING``.
    path : str or path
        Its ending decides: ``.png``, ``.svg``, or ``.gif`` for the backward sweep.
    size : (int, int)
        Width and height in pixels.
    theme : str
        "light", "dark" or "projector".
    changes : mapping, optional
        See ``stage.opening.open_stage``.

    Raises
    ------
    BadInput
        For an unknown lab, ending or key, a value that is not allowed, or a file that cannot be written.
    """
    if lab not in EXISTING:
        raise BadInput(FILE, "lab", tr("{value} is unknown").format(value=lab), ", ".join(EXISTING))
    makers = {".png": render_png, ".svg": render_svg, ".gif": render_gif}
    ending = Path(path).suffix.lower()
    if ending not in makers:
        raise BadInput(path, "", tr("unknown kind of picture"), ", ".join(makers))
    atomic_save(path, makers[ending](changes or {}, size, theme, lab))


def render_window(changes: Changes, size: Size, theme: str = "light", lab: str = "") -> QImage:
    """The window with a lab, the first when left out; parameters as for ``save_picture``."""
    with window(changes, size, theme, lab) as shown:
        return widget_image(shown, _ratio(size))


def render_png(changes: Changes, size: Size, theme: str = "light", lab: str = "") -> bytes:
    """The window as PNG; parameters as for ``save_picture``."""
    return png_bytes(render_window(changes, size, theme, lab))


def render_svg(changes: Changes, size: Size, theme: str = "light", lab: str = "") -> bytes:
    """The window as SVG; parameters as for ``save_picture``."""
    with window(changes, size, theme, lab) as shown:
        return svg_bytes(shown)


def render_gif(changes: Changes, size: Size, theme: str = "light", lab: str = "") -> bytes:
    """The backward sweep as an animated GIF at most 960 px wide; parameters as for ``save_picture``."""
    pictures = []
    with window(changes, size, theme, lab) as shown:
        for place in sweep(shown.stage):
            shown.stage.seek(place)
            shown.stage.tick(0.0)
            settle(shown)
            pictures.append(rgb(widget_image(shown, _ratio(size))))
    each = max(20, round(GIF_SWEEP / len(pictures) / 10) * 10)  # GIF counts in hundredths of a second
    return gif_bytes(pictures, [*([each] * (len(pictures) - 1)), GIF_REST])


def sweep(stage: Stage) -> list[int]:
    """Places of the walk from the loss to t = 1, at most ``GIF_PICTURES`` of them."""
    last = stage.settings.timesteps()
    return sorted({round(place) for place in np.linspace(last, 2 * last, min(GIF_PICTURES, last + 1))})


@contextmanager
def window(changes: Changes, size: Size, theme: str, lab: str = "") -> Iterator[MainWindow]:
    """The window in a given state, laid out and never seen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with qt_messages_logged():
        app = QApplication.instance() or QApplication(["lstmviz"])
        assert isinstance(app, QApplication)
        app.setStyle("Fusion")
        fonts.load()
        text_size = fonts.text_size()
        fonts.set_text_size(1.0)
        stage = open_stage(dict(changes), lab=lab)
        shown = MainWindow(stage, theme)
        try:
            shown.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            shown.resize(round(size[0] / _ratio(size)), round(size[1] / _ratio(size)))
            shown.show()
            shown.clearFocus()
            settle(shown)
            yield shown
        finally:
            shown.close()
            stage.close()
            shown.deleteLater()
            fonts.set_text_size(text_size)


def settle(shown: MainWindow) -> None:
    """Let layouts that were asked for happen now."""
    for _ in range(LAYOUTS):
        QCoreApplication.sendPostedEvents()


def rgb(image: QImage) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of an image, drawn smaller where it is wider than a GIF should be."""
    if image.width() > GIF_WIDTH:
        image = image.scaledToWidth(GIF_WIDTH, Qt.TransformationMode.SmoothTransformation)
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height, stride = plain.width(), plain.height(), plain.bytesPerLine()
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(height, stride)[:, : 3 * width]
    return width, height, rows.tobytes()


def _ratio(size: Size) -> int:
    return 2 if size[1] >= FINE else 1
