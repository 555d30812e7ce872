"""Be the LSTM: the gates of one network over the whole sequence, drawn by hand, and what they make of the answer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lstmviz.stage.effects import NetworkEffect
from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.hands import Clamp
from lstmviz.stage.inspect_frame import title_of
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import label
from lstmviz.views.inspect.columns import Span
from lstmviz.views.interventions.clamp_card import drawn
from lstmviz.views.interventions.edits import change
from lstmviz.views.interventions.effects_table import sentence_of
from lstmviz.views.interventions.hand_card import HandCard
from lstmviz.views.interventions.values_plot import ValuesPlot
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme
from lstmviz.words import tr

MOST = 3  # gates of a network
LEAST_LETTER = 8.0  # pixels per timestep under which letters are left out


class Letters(QWidget):
    """What the network reads, over the bars."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._symbols: tuple[str, ...] = ()
        self._cues: tuple[int, ...] = ()
        self.setAccessibleName(tr("Input"))

    def draw(self, symbols: tuple[str, ...], cues: tuple[int, ...], query: int) -> None:
        """Show the input; cues and query stand out."""
        if (symbols, (*cues, query)) != (self._symbols, self._cues):
            self._symbols, self._cues = symbols, (*cues, query)
            self.setAccessibleDescription(" ".join(symbols))
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A letter for each timestep."""
        span = Span(4, max(self.width() - 8, 4), max(len(self._symbols), 1))
        with QPainter(self) as painter:
            for t, symbol in enumerate(self._symbols, start=1):
                told = t in self._cues
                font = fonts.mono(12, 600 if told else 400)
                if span.pitch < LEAST_LETTER and not told:
                    continue
                box = QRectF(span.edge(t), 0, span.pitch, self.height())
                colour = self._theme.ink if told else self._theme.hint
                fits = told or ink.text_width(symbol, font) <= span.pitch
                ink.paint_text(painter, box, symbol if fits else "", font, colour, ink.CENTRE)


class GatesCard(HandCard):
    """A row of bars for each gate that is held over several timesteps; a drag over them sets them.

    Parameters
    ----------
    stage : Stage
    theme : Theme
    """

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        leaving = tr("Keep the gates and put this card away (Esc)")
        super().__init__(stage, tr("Gates by hand"), "heading", leaving, parent)
        self._rows: list[int] = []  # index of the clamp of each row
        self.told = label("", "", self)
        self.told.setWordWrap(True)
        self.letters = Letters(theme, self)
        self.names = [QLabel(self) for _ in range(MOST)]
        self.plots = [ValuesPlot(theme, self) for _ in range(MOST)]
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.close_button)
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.addWidget(self.letters, 0, 1)
        for k, (name, plot) in enumerate(zip(self.names, self.plots, strict=True), start=1):
            grid.addWidget(name, k, 0)
            grid.addWidget(plot, k, 1)
            grid.setRowStretch(k, 1)
            plot.drawn.connect((self._draw_first, self._draw_second, self._draw_third)[k - 1])
            plot.ended.connect(stage.close_entry)
        grid.setColumnStretch(1, 1)
        hint = label(tr("Drag over the bars: each is what the gates of all units do at one timestep."), "hint", self)
        hint.setWordWrap(True)
        self._whole = QVBoxLayout(self)
        self._whole.addLayout(head)
        self._whole.addWidget(hint)
        self._whole.addLayout(grid, 1)
        self._whole.addWidget(self.told)
        self.set_theme(theme)
        self.hide()

    @staticmethod
    def rows_of(frame: Frame) -> list[int]:
        """Clamps of the selected network, or of the first one that has any, that are drawn by hand."""
        found = [
            (index, one.cell)
            for index, one in enumerate(frame.interventions)
            if isinstance(one, Clamp) and len(one.values) > 1
        ]
        cells = [cell for _, cell in found]
        cell = frame.selection.network if frame.selection.network in cells else next(iter(cells), "")
        return [index for index, other in found if other == cell][:MOST]

    def draw(self, frame: Frame) -> None:
        """Show the gates; the card goes when none is held any more."""
        self._rows = self.rows_of(frame)
        if not self._rows:
            self.leave()
            return
        for k, (name, plot) in enumerate(zip(self.names, self.plots, strict=True)):
            there = k < len(self._rows)
            name.setVisible(there)
            plot.setVisible(there)
            one = frame.interventions[self._rows[k]] if there else None
            if isinstance(one, Clamp):
                name.setText(f"{title_of(one.cell, one.quantity)} {one.quantity}")
                plot.draw(one)
                self.title.setText(tr("Be the {network}").format(network=NAMES[one.cell]))
        self.letters.draw(frame.symbols, frame.cues, frame.query)
        one = frame.interventions[self._rows[0]]
        effect = frame.effects.of(one.cell) if frame.effects is not None and isinstance(one, Clamp) else None
        self.told.setText("" if effect is None else _answers(effect) + sentence_of(effect))

    def _draw_row(self, row: int, t: int, value: float) -> None:
        one = self._stage.interventions[self._rows[row]]
        if isinstance(one, Clamp):
            change(self._stage, self._rows[row], drawn(one, t, value), f"gates by hand {row}")

    @Slot(int, float)
    def _draw_first(self, t: int, value: float) -> None:
        self._draw_row(0, t, value)

    @Slot(int, float)
    def _draw_second(self, t: int, value: float) -> None:
        self._draw_row(1, t, value)

    @Slot(int, float)
    def _draw_third(self, t: int, value: float) -> None:
        self._draw_row(2, t, value)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        super().set_theme(theme)
        self.letters.set_theme(theme)
        for plot in self.plots:
            plot.set_theme(theme)

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        side = fonts.scaled(14)
        self._whole.setContentsMargins(side, fonts.scaled(8), side, fonts.scaled(12))
        self._whole.setSpacing(fonts.scaled(4))
        super().set_scale()
        self.letters.setFixedHeight(fonts.scaled(18))
        for plot in self.plots:
            plot.setMinimumHeight(fonts.scaled(56))


def _answers(shown: NetworkEffect) -> str:
    """What the network answers now, with its probability."""
    names, said = shown.effect.answers, shown.effect.said[1]
    if not names or len(names) != len(said):
        return ""
    best = max(range(len(said)), key=said.__getitem__)
    return tr("It says {answer}, with {chance}. ").format(answer=names[best], chance=f"{said[best]:.2f}")
