"""The window as a picture, made without a screen: still, as a film of the walk, or its numbers; always the same bytes.

Words used in this file
    ratio    device pixels per point: 2 from 2160 lines on, as such displays are used
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from lstmviz.files import BadInput, atomic_save
from lstmviz.stage.export_desk import FILMS, check_film, film_bytes
from lstmviz.stage.film import milliseconds, stops
from lstmviz.stage.lab_names import EXISTING
from lstmviz.stage.numbers import arrays_npz, table_csv
from lstmviz.stage.opening import FILE, open_stage, settle_work
from lstmviz.views import fonts
from lstmviz.views.export import NUMBERS, STILLS, WIDEST, png_bytes, widget_image
from lstmviz.views.qt_log import qt_messages_logged
from lstmviz.views.recorder import rgb
from lstmviz.views.vector import pdf_bytes, svg_bytes
from lstmviz.views.window import MainWindow
from lstmviz.words import tr

FINE = 2160  # lines of a picture that is drawn with two pixels per point
LAYOUTS = 4  # a scroll bar that comes or goes asks for another
ENDINGS = (*STILLS, *FILMS, *NUMBERS)

Size = tuple[int, int]
Changes = Mapping[str, Any]


def save_picture(lab: str, path: str | Path, size: Size, theme: str = "light", changes: Changes | None = None) -> None:
    """Write the window as it looks in a given state.

    Parameters
    ----------
    lab : str
        One of ``stage.lab_names.EXISTING``.
    path : str or path
        Its ending decides: ``.png``, ``.svg``, ``.pdf``; ``.gif``, ``.apng``, ``.mp4`` for a film of the pass in which
        the playhead stands; ``.csv`` and ``.npz`` for the numbers.
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
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(path, "", tr("unknown kind of picture"), ", ".join(ENDINGS))
    check_film(ending, str(path))
    with window(changes or {}, size, theme, lab) as shown:
        data = _bytes_of(shown, ending, _ratio(size))
    atomic_save(path, data)


def _bytes_of(shown: MainWindow, ending: str, ratio: int) -> bytes:
    if ending in FILMS:
        return _film(shown, ending, ratio)
    frame = shown.stage.frame
    if ending == ".csv":
        return table_csv(shown.labs.current.table(frame))
    if ending == ".npz":
        return arrays_npz(frame)
    makers = {".svg": svg_bytes, ".pdf": pdf_bytes}
    return makers[ending](shown) if ending in makers else png_bytes(widget_image(shown, ratio))


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
    """A film of the walk as an animated GIF at most 960 px wide; parameters as for ``save_picture``."""
    with window(changes, size, theme, lab) as shown:
        return _film(shown, ".gif", _ratio(size))


def _film(shown: MainWindow, ending: str, ratio: int) -> bytes:
    pictures, stage = [], shown.stage
    for stop in stops(stage.frame):
        stage.seek(stop)
        settle_work(stage)
        settle(shown)
        pictures.append(rgb(widget_image(shown, ratio), WIDEST[ending]))
    return film_bytes(ending, pictures, milliseconds(len(pictures)))


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
        shown.transport.tells_engine = False  # who computes is nothing that a picture should keep
        shown.transport.draw(stage.frame)
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


def _ratio(size: Size) -> int:
    return 2 if size[1] >= FINE else 1
