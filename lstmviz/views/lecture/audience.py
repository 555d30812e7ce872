"""The audience's window: one picture, full screen, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from lstmviz.stage.cell_frame import CellPart
from lstmviz.stage.frame import Frame
from lstmviz.stage.lecture import LectureState
from lstmviz.stage.sentence import gradient_sentence
from lstmviz.views import fonts
from lstmviz.views.lecture.geometry import View, view_of
from lstmviz.views.lecture.loss_picture import LossPicture
from lstmviz.views.lecture.race_picture import RacePicture
from lstmviz.views.lecture.strip import Strip
from lstmviz.views.lecture.window import LectureWindow
from lstmviz.views.theme import PROJECTOR, Theme, qcolor
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.views.lecture.cell_picture import CellPicture


class AudiencePicture(QWidget):
    """The one picture a room sees; on the projector, and small in the presenter's window.

    Parameters
    ----------
    theme : Theme
        The projector's, unless a test asks for another.
    """

    def __init__(self, theme: Theme = PROJECTOR, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Picture for the room"))
        self._theme = theme
        self._frame: Frame | None = None
        self._picture: RacePicture | LossPicture | CellPicture | None = None
        self._ground: QImage | None = None
        self._blank = False

    # -- what is shown -----------------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame | None:
        """The frame on show."""
        return self._frame

    @property
    def picture(self) -> RacePicture | LossPicture | CellPicture | None:
        """The laid-out picture of it; None before the first frame and when no network is ticked."""
        return self._picture

    def draw(self, frame: Frame) -> None:
        """Show a frame; of a sweep, only what has changed is painted again."""
        old, self._frame = self._frame, frame
        picture = self._picture
        if old is None or not isinstance(picture, RacePicture) or not _same_picture(old, frame):
            self._lay_out()
            return
        boxes = picture.moving()
        picture.follow(frame)
        boxes += [*picture.moving(), picture.between(old, frame)]
        if _prediction(old) is not _prediction(frame):
            boxes.append(picture.place.plot)
        self._describe()
        for box in boxes:
            self.update(self._pixels(box))

    def blank(self, black: bool) -> None:
        """Show black, or the picture again."""
        if black != self._blank:
            self._blank = black
            self.update()

    # -- size --------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As in the presenter's window."""
        return QSize(792, 446)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the picture out again."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        self._ground = self._picture = None
        frame, view = self._frame, self._view()
        if frame is not None and frame.lanes and view.scale > 0:
            if _shows_cell(frame):
                from lstmviz.views.lecture.cell_picture import CellPicture  # brings the whole diagram along

                self._picture = CellPicture(frame, view.width, self._theme)
            elif _shows_training(frame):
                self._picture = LossPicture(frame, view.width, self._theme)
            else:
                self._picture = RacePicture(frame, view.width, self._theme, view.scale * self.devicePixelRatioF())
            self._describe()
        self.update()

    def _describe(self) -> None:
        # not while it sweeps: a reader could not follow, and the sentence would cost more than the picture
        frame, picture = self._frame, self._picture
        if frame is not None and picture is not None and not frame.playing:
            words = gradient_sentence(frame) if isinstance(picture, RacePicture) else picture.sentence()
            self.setAccessibleDescription(words)

    def _view(self) -> View:
        return view_of(self.width(), self.height())

    def _pixels(self, box: QRectF) -> QRect:
        view = self._view()
        scaled = QRectF(box.topLeft() * view.scale, box.size() * view.scale).translated(view.left, view.top)
        return scaled.toAlignedRect().adjusted(-2, -2, 2, 2)

    # -- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Black, or the standing part from its image and the moving part over it."""
        with QPainter(self) as painter:
            if self._blank:
                painter.fillRect(event.rect(), Qt.GlobalColor.black)
                return
            if self._picture is None:
                self._paint_nothing(painter)
                return
            ratio = self.devicePixelRatioF()
            rects: list[QRect] = list(event.region())  # type: ignore[call-overload]
            for rect in rects:
                source = QRectF(rect.topLeft().toPointF() * ratio, rect.size().toSizeF() * ratio)
                painter.drawImage(QRectF(rect), self._standing(ratio), source)
            if not isinstance(self._picture, RacePicture):
                return
            painter.setClipRegion(event.region())
            view = self._view()
            painter.translate(view.left, view.top)
            painter.scale(view.scale, view.scale)
            self._picture.paint(painter, [self._lines(rect) for rect in rects])

    def _lines(self, rect: QRect) -> QRectF:
        view = self._view()
        corner = (rect.topLeft().toPointF() - QPointF(view.left, view.top)) / view.scale
        return QRectF(corner, rect.size().toSizeF() / view.scale)

    def _standing(self, ratio: float) -> QImage:
        if self._ground is None or self._ground.devicePixelRatio() != ratio:
            self._ground = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
            self._ground.setDevicePixelRatio(ratio)
            self._ground.fill(qcolor(self._theme.panel))
            view = self._view()
            with QPainter(self._ground) as painter:
                painter.translate(view.left, view.top)
                painter.scale(view.scale, view.scale)
                assert self._picture is not None
                self._picture.paint_standing(painter)
        return self._ground

    def _paint_nothing(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), qcolor(self._theme.panel))
        if self._frame is not None:
            painter.setPen(qcolor(self._theme.ink))
            painter.setFont(fonts.text(40 * max(self._view().scale, 0.1), 500, fixed=True))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("No network to draw."))


class AudienceWindow(LectureWindow):
    """The picture, full screen; with one screen only, on demand with a strip of notes beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("lstmviz: projector"))
        self.setAccessibleName(tr("Projector"))
        self.setCursor(Qt.CursorShape.BlankCursor)  # a pointer at rest on the picture would look like a mark
        self.setAutoFillBackground(True)
        self.picture = AudiencePicture(parent=self)
        self.strip = Strip(self)
        self.strip.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.picture, 1)
        row.addWidget(self.strip)

    def draw(self, frame: Frame) -> None:
        """Show a frame."""
        self.picture.draw(frame)
        self.strip.draw(frame)

    def set_state(self, state: LectureState) -> None:
        """Black or not, and the strip where it is wanted."""
        super().set_state(state)
        self.picture.blank(state.blank)
        self.strip.set_state(state)
        self.strip.setVisible(state.strip and not state.blank)


def _shows_training(frame: Frame) -> bool:
    return frame.level == "update" and frame.training is not None


def _shows_cell(frame: Frame) -> bool:
    return isinstance(frame.part, CellPart)


def _same_picture(old: Frame, new: Frame) -> bool:
    """Whether the standing part is the same, so that only what moves has to be painted."""
    return (
        old.lanes is new.lanes
        and not _shows_cell(new)
        and not _shows_training(new)
        and old.axis == new.axis
        and old.settings == new.settings
        and old.symbols == new.symbols
        and old.interventions == new.interventions
        and _highlight(old) == _highlight(new)
        and (old.cues, old.query) == (new.cues, new.query)
    )


def _highlight(frame: Frame) -> str:
    return "" if frame.lesson is None else frame.lesson.highlight


def _prediction(frame: Frame) -> object:
    return None if frame.lesson is None else frame.lesson.predict
