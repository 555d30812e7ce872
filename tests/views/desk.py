"""A window on a stage for tests: shown offscreen, ticked by hand, closed without a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.window import MainWindow

TICK = 0.016


def application() -> QApplication:
    app = QApplication.instance() or QApplication(["lstmviz"])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    fonts.load()
    return app


@contextmanager
def desk(settings=None, theme="light", size=(1440, 900), engine="reference") -> Iterator[MainWindow]:
    application()
    fonts.set_text_size(1.0)
    stage = Stage(settings, engine=engine)
    window = MainWindow(stage, theme)
    try:
        window.resize(*size)
        window.show()
        QTest.qWaitForWindowActive(window)
        tick(window, 2)
        yield window
    finally:
        window.close()
        stage.close()
        window.deleteLater()
        delete_now()
        fonts.set_text_size(1.0)


def tick(window: MainWindow, times: int = 1, dt: float = TICK) -> None:
    """Let the clock tick, and everything that was posted meanwhile happen."""
    for _ in range(times):
        window.stage.tick(dt)
        QCoreApplication.sendPostedEvents()


def press(window: MainWindow, key: str) -> None:
    """Press a key as ``QKeySequence`` writes it, with the focus where it is; then tick."""
    QTest.keySequence(window.focusWidget() or window, QKeySequence(key))
    tick(window)


def delete_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def descendants(widget: QWidget) -> list[QWidget]:
    return widget.findChildren(QWidget)
