"""Qt's own messages go to the log, not to the terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
USUAL = "This plugin does not support"  # said of size hints and raising by the platform that draws into memory


def log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """One message of Qt's own, into the log."""
    level = logging.DEBUG if message.startswith(USUAL) else LEVELS.get(kind, logging.WARNING)
    logging.getLogger("lstmviz.qt").log(level, "%s", message)


@contextmanager
def qt_messages_logged() -> Iterator[None]:
    """While inside, Qt's messages go to the log."""
    before = qInstallMessageHandler(log_qt_message)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
