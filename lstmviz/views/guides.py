"""Reading guides at the pictures: tool tips where a picture says nothing itself, a “?” in its corner, spoken.

Words used in this file
    mark     the small “?” in the corner of the picture under the pointer
    told     what a picture says itself about a point: the exact value there
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QCursor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from lstmviz.views import fonts
from lstmviz.views.help_overlay import Part
from lstmviz.views.reading_guides import Guide, guides
from lstmviz.words import tr

SIDE = 20  # of the mark, at 100 %
EDGE = 6  # between the mark and the corner
Told = Callable[[QPoint], object]


@dataclass(frozen=True, eq=False, slots=True)
class _Guided:
    """One picture with a guide."""

    name: str
    told: Told | None
    inset: int  # from the right end, at 100 %: of a picture whose corner is taken; below 0 for no mark


class Guides(QObject):
    """The guides of one lab.

    Parameters
    ----------
    lab : QWidget
        Whose pictures are guided; the mark is its child.
    """

    def __init__(self, lab: QWidget) -> None:
        super().__init__(lab)
        self._lab = lab
        self._guided: dict[QWidget, _Guided] = {}
        self._table = guides()
        self.mark = GuideMark(lab)

    def attach(self, widget: QWidget, name: str, told: Told | None = None, inset: int = 0) -> None:
        """Give a picture its guide; once more, with another name, when it shows something else.

        Parameters
        ----------
        widget : QWidget
        name : str
            Of ``reading_guides.guides``.
        told : callable, optional
            Whether the picture itself has a tool tip at a point; where it has none, the guide is shown.
        inset : int
            How far the mark keeps from the right end; below 0 there is none.
        """
        before = self._guided.get(widget)
        if before is not None and before.name == name:
            return
        if before is None:
            widget.installEventFilter(self)
        self._guided[widget] = _Guided(name, told or (before.told if before else None), inset)
        widget.setWhatsThis(self._table[name].words())
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.accessibleDescription():
            describe(widget, widget.accessibleDescription())

    def of(self, widget: QWidget) -> Guide | None:
        """The guide of a picture."""
        found = self._guided.get(widget)
        return None if found is None else self._table[found.name]

    def parts(self) -> list[Part]:
        """What F1 explains: the pictures in sight, each kind once."""
        shown: dict[str, Part] = {}
        for widget, guided in self._guided.items():
            if widget.isVisible():
                guide = self._table[guided.name]
                shown.setdefault(guided.name, Part(widget, guide.words(), guide.title))
        return list(shown.values())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the mark and the tool tip; say the guide once to a reader who arrives with the keyboard."""
        guide = self.of(watched) if isinstance(watched, QWidget) else None
        if guide is None or not isinstance(watched, QWidget):
            return False
        kind = event.type()
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._tip(watched, guide, event)
        if kind == QEvent.Type.Enter and self._guided[watched].inset >= 0:
            self._place(watched)
        elif kind in (QEvent.Type.Leave, QEvent.Type.Hide):
            self.mark.leave()
        elif kind == QEvent.Type.FocusIn:
            describe(watched, watched.accessibleDescription())
        return False

    def _tip(self, widget: QWidget, guide: Guide, event: QHelpEvent) -> bool:
        told = self._guided[widget].told
        if told is not None and told(event.pos()):
            return False
        own = widget.toolTip()
        QToolTip.showText(event.globalPos(), (f"<p>{own}</p>" if own else "") + guide.markup(), widget)
        return True

    def _place(self, widget: QWidget) -> None:
        """The mark into the corner of a picture."""
        inset = fonts.scaled(self._guided[widget].inset + EDGE)
        side = fonts.scaled(SIDE)
        corner = widget.mapTo(self._lab, QPoint(widget.width() - inset - side, fonts.scaled(2)))
        self.mark.show_at(corner, side, self._table[self._guided[widget].name])


class GuideMark(QWidget):
    """A “?” in a circle; the guide is its tool tip, and a click shows it at once."""

    def __init__(self, lab: QWidget) -> None:
        super().__init__(lab)
        self._guide: Guide | None = None
        self.setAccessibleName(tr("How to read this picture"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_at(self, corner: QPoint, side: int, guide: Guide) -> None:
        """Stand there, for this guide."""
        self._guide = guide
        self.setToolTip(guide.markup())
        self.setAccessibleDescription(guide.words())
        self.setGeometry(corner.x(), corner.y(), side, side)
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Go, unless the pointer has only moved from the picture to the mark."""
        if not self.rect().contains(self.mapFromGlobal(QCursor.pos())):
            self.hide()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went on; over a picture the mark comes back at once."""
        self.hide()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the guide without waiting."""
        if self._guide is not None:
            QToolTip.showText(event.globalPosition().toPoint(), self._guide.markup(), self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The circle and the sign."""
        palette = self.palette()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
            painter.setBrush(palette.color(QPalette.ColorRole.Base))
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            painter.setFont(fonts.text(12, 600))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, "?")


def describe(widget: QWidget, sentence: str) -> None:
    """Give screen readers what a picture shows now, and how it is read."""
    guide = widget.whatsThis()
    own = sentence.removesuffix(guide).rstrip() if guide else sentence
    widget.setAccessibleDescription(" ".join(part for part in (own, guide) if part))
