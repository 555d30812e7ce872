"""A strip at the edge of the window that stays in sight; where the window is narrower than it, it scrolls by itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

FITS = (
    QEvent.Type.ShowToParent,
    QEvent.Type.HideToParent,
    QEvent.Type.Resize,
    QEvent.Type.LayoutRequest,
)


class Dock(QScrollArea):
    """As high as the one widget in it, and gone while that one is hidden."""

    def __init__(self, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(widget)
        widget.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the widget's height, and whether it is shown."""
        if watched is self.widget() and event.type() in FITS:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the scroll bar, or take it back."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """No width at all: the window decides."""
        return QSize(0, self.minimumHeight())

    def _fit(self) -> None:
        widget = self.widget()
        if widget is None or widget.isHidden():
            self.setFixedHeight(0)
            return
        narrow = self.width() < widget.minimumSizeHint().width()
        bar = self.horizontalScrollBar().sizeHint().height() if narrow else 0
        self.setFixedHeight(max(widget.minimumHeight(), widget.minimumSizeHint().height()) + bar)
