"""A narrow column of notes on the projector, for a lecture with one screen; off until F7."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.lecture import LectureState
from lstmviz.views import fonts
from lstmviz.views.controls import label
from lstmviz.views.lecture.notes import Notes
from lstmviz.views.lecture.words import clock_text, page_text
from lstmviz.views.style_sheet import palette, style_sheet
from lstmviz.views.theme import DARK
from lstmviz.words import tr

WIDTH = 360


class Strip(QFrame):
    """Page, clock and notes, as wide as a phone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "side")
        self.setAccessibleName(tr("Notes on the projector"))
        self.setPalette(palette(DARK))
        self.setStyleSheet(style_sheet(DARK, fonts.text_size()))
        self.setFixedWidth(fonts.scaled(WIDTH))
        self._state = LectureState()
        self._page, self._clock = label("", "secondary", self), label("", "title", self)
        self.notes = Notes(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 16, 16, 16)
        rows.setSpacing(10)
        rows.addWidget(self._clock)
        rows.addWidget(self._page)
        rows.addWidget(self.notes, 1)

    def draw(self, frame: Frame) -> None:
        """Show the notes of the page that is open."""
        lesson = frame.lesson
        self.notes.setVisible(lesson is not None)
        self._page.setText(page_text(lesson) if lesson is not None else "")
        if lesson is not None:
            self.notes.draw(lesson, self._state.notes_px)

    def set_state(self, state: LectureState) -> None:
        """Show the clock."""
        self._state = state
        self._clock.setText(clock_text(state.elapsed))
