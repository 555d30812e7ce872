"""The Race: RNN, LSTM and GRU on the same sequence, one column a timestep, one playhead through all of it.

Words used in this file
    content   the part of this widget that is drawn on: all of it, or its middle on a very wide screen
    part      what a lesson can speak of while the rest rests: "gradient", "input", "gap", a network ...
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.sentence import gradient_sentence
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.control_groups.fine import CellsGroup, NoiseGroup
from lstmviz.views.control_groups.interventions import InterventionsGroup
from lstmviz.views.control_groups.networks import FairGroup, NetworksGroup, TaskGroup
from lstmviz.views.control_groups.start import ForgetBiasGroup, GainGroup, InitialisationGroup, SeedGroup
from lstmviz.views.control_groups.training import TrainingGroup
from lstmviz.views.labs.lab import Lab
from lstmviz.views.race.empty_card import EmptyCard
from lstmviz.views.race.gap_row import GapRow
from lstmviz.views.race.gradient_plot import GradientPlot
from lstmviz.views.race.headline import Headline
from lstmviz.views.race.input_strip import InputStrip
from lstmviz.views.race.lane import LaneView
from lstmviz.views.race.layout import Box, RaceLayout, lay_out, least_height
from lstmviz.views.race.loss_plot import LossPlot
from lstmviz.views.race.playhead import Heads, Playhead
from lstmviz.views.race.plot_title import PlotTitle
from lstmviz.views.race.shown import shown
from lstmviz.views.race.tile_card import TileCard
from lstmviz.views.tab_order import chain
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import tr

NETWORKS, USUAL = 3, 2  # lanes at most; rows keep the place of two while none is ticked
LEAST_WIDTH = 560


class Part(Protocol):
    """What every picture of the Race can be told."""

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the picture."""


class RaceLab(Lab):
    """The content area while the Race is open; parameters as for ``Lab``."""

    GROUPS = (
        TaskGroup,
        NetworksGroup,
        FairGroup,
        ForgetBiasGroup,
        InitialisationGroup,
        InterventionsGroup,
        GainGroup,
        SeedGroup,
        CellsGroup,
        NoiseGroup,
        TrainingGroup,
    )
    MORE = (CellsGroup, NoiseGroup)
    NOTE = True

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self._layout: RaceLayout | None = None
        self._arranged: tuple[object, ...] = ()
        self.gap = GapRow(stage, theme, self)
        self.headline = Headline(theme, self)
        self.input = InputStrip(stage, theme, self)
        self.lanes = tuple(LaneView(stage, theme, self) for _ in range(NETWORKS))
        self.plot = GradientPlot(stage, theme, self)
        self.loss = LossPlot(stage, theme, self)
        self.title = PlotTitle(self.plot, theme, self)
        self.playhead = Playhead(theme, self)
        self.empty = EmptyCard(stage, theme, self)
        self.card = TileCard(stage, theme, self)
        self.setAccessibleName(tr("Race"))
        self.setFocusProxy(self.gap.slider)
        chain(self, self.focus_order())
        self.guides.attach(self.gap, "race.gap")
        self.guides.attach(self.headline, "race.headline")
        self.guides.attach(self.input, "race.input", self.input.tip_at)
        for lane in self.lanes:
            self.guides.attach(lane, "race.lane", lane.tip_at)
        self.guides.attach(self.plot, "race.plot")
        self.guides.attach(self.loss, "race.loss")

    def focus_order(self) -> list[QWidget]:
        """Rows from top to bottom."""
        return [self.gap.slider, self.input, *self.lanes, self.title.bound, self.plot, self.loss, self.empty.button]

    @property
    def layout_now(self) -> RaceLayout | None:
        """Where the rows stand."""
        return self._layout

    def sentence(self) -> str:
        """What the focused or only plot shows, in words."""
        if self._frame is None:
            return ""
        return self.loss.sentence() if self.loss.isVisibleTo(self) else gradient_sentence(self._frame)

    def home(self) -> QWidget:
        """The gap slider."""
        return self.gap.slider

    # -- look ----------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        for part in self._parts():
            part.set_theme(theme)
        self._arranged = ()
        self._arrange()
        self.update()

    def set_scale(self, factor: float) -> None:
        """Take another text size, 0.8 to 2."""
        fonts.set_text_size(factor)
        self.title.set_scale()
        self._arranged = ()
        self._arrange()
        self.updateGeometry()
        self.update()

    def _parts(self) -> tuple[Part, ...]:
        plots = (self.plot, self.loss, self.title, self.playhead, self.empty, self.card)
        return (self.gap, self.headline, self.input, *self.lanes, *plots)

    def minimumSizeHint(self) -> QSize:
        """The size below which rows would overlap."""
        networks = max(1, len(self._frame.lanes)) if self._frame is not None else 2
        return QSize(LEAST_WIDTH, least_height(networks, max(self.width(), LEAST_WIDTH), fonts.text_size()))

    def sizeHint(self) -> QSize:
        """The content area of a window of 1440 x 900."""
        return QSize(1184, 780)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out again."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, a line under the gap, and a bar on top while something is being computed."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), qcolor(theme.window))
            if self._layout is not None:
                painter.fillRect(QRect(0, self._layout.gap.bottom - 1, self.width(), 1), qcolor(theme.hairline))
            if self._frame is not None and self._frame.busy:
                painter.fillRect(QRect(0, 0, self.width(), 2), qcolor(theme.ink))

    # -- drawing -------------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show the frame; parts that did not change are not painted again."""
        before, self._frame = self._frame, frame
        if before is None or bool(before.busy) != bool(frame.busy):
            self.update(0, 0, self.width(), 3)
        if before is None or len(before.lanes) != len(frame.lanes):
            self.updateGeometry()
        self._arrange()
        self._draw()

    def _arrange(self) -> None:
        frame = self._frame
        if frame is None:
            return
        networks, timesteps = len(frame.lanes), shown(frame).timesteps
        state = (self.width(), self.height(), networks, timesteps, fonts.text_size())
        if state == self._arranged:
            return
        self._arranged = state
        layout = lay_out(self.width(), self.height(), networks or USUAL, timesteps, fonts.text_size())
        self._layout = layout
        self.gap.setGeometry(_rect(layout.gap))
        self.headline.setGeometry(_rect(layout.headline))
        self.input.setGeometry(_rect(layout.input))
        for lane, box in zip(self.lanes, layout.lanes, strict=False):
            lane.setGeometry(_rect(box))
        self.title.setGeometry(_rect(layout.title))
        plot = _rect(layout.plot).adjusted(0, 0, 0, layout.axis)
        self.plot.setGeometry(plot)
        self.loss.setGeometry(plot)
        self.playhead.setGeometry(layout.gap.x, 0, layout.input.width, self.height())
        rest = layout.gap.bottom
        self.empty.setGeometry(layout.gap.x, rest, layout.input.width, max(self.height() - rest, 1))
        for part in self._parts():
            part.arrange(layout)
        self._draw()
        self.update()

    def _draw(self) -> None:
        frame, layout = self._frame, self._layout
        if frame is None or layout is None:
            return
        self.gap.draw(frame)
        filled = bool(frame.lanes)
        loss = filled and frame.level == "update" and frame.training is not None
        self.empty.setVisible(not filled)
        for part in (self.headline, self.input, self.title, self.playhead):
            part.setVisible(filled)
        self.plot.setVisible(filled and not loss)
        self.loss.setVisible(loss)
        for index, view in enumerate(self.lanes):
            view.setVisible(index < len(frame.lanes))
        if not filled:
            self.card.draw(None, "", QRect(), QRect(), QRect())
            return
        self.headline.draw(frame)
        self.input.draw(frame)
        for view, lane in zip(self.lanes, frame.lanes, strict=False):
            view.draw(frame, lane)
        self.title.draw(frame, loss)
        if loss:
            self.loss.draw(frame)
        else:
            self.plot.draw(frame)
        self._draw_playhead(frame, layout, loss)
        self._draw_card(frame, layout)

    def _draw_playhead(self, frame: Frame, layout: RaceLayout, loss: bool) -> None:
        now, lanes = shown(frame), layout.lanes
        top = layout.input.y + fonts.scaled(17) - 3 if layout.columns.lettered else lanes[0].y - 4
        self.playhead.draw(
            Heads(
                t=now.t,
                hovered=now.hovered,
                columns=layout.columns,
                top=top,
                bottom=lanes[-1].bottom + 3,
                plot_top=layout.plot.y,
                plot_bottom=layout.plot.bottom,
                line=not loss,
            )
        )
        highlight = frame.lesson.highlight if frame.lesson is not None else ""
        self.playhead.rest(resting(highlight, layout, tuple(lane.name for lane in frame.lanes), loss))

    def _draw_card(self, frame: Frame, layout: RaceLayout) -> None:
        explanation, x = frame.explanation, layout.input.x
        names = [lane.cell for lane in frame.lanes]
        if explanation is None or explanation.tile.cell not in names:
            self.card.draw(None, "", QRect(), QRect(), QRect())
            return
        index = names.index(explanation.tile.cell)
        x0, x1 = layout.columns.tile(min(explanation.tile.t, layout.columns.timesteps))
        column = QRect(x + x0 - 2, layout.input.y, x1 - x0 + 4, layout.plot.bottom - layout.input.y)
        room = QRect(x + 8, layout.input.y + 4, layout.input.width - 16, layout.plot.bottom - layout.input.y)
        self.card.draw(explanation, frame.lanes[index].name, column, _rect(layout.lanes[index]), room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts an open formula away."""
        if event.key() == Qt.Key.Key_Escape and self.card.isVisibleTo(self):
            self._stage.close_tile()
        else:
            super().keyPressEvent(event)


def resting(highlight: str, layout: RaceLayout, names: tuple[str, ...], loss: bool) -> tuple[QRect, ...]:
    """The parts that rest while a lesson speaks of ``highlight``; none when it speaks of nothing in this picture.

    Parameters
    ----------
    highlight : str
        As the lesson names it.
    layout : RaceLayout
    names : tuple of str
        The networks drawn, from top to bottom.
    loss : bool
        Whether the loss plot is shown in place of the gradient's.
    """
    x = layout.input.x
    gap, headline, strip = (_rect(box).translated(-x, 0) for box in (layout.gap, layout.headline, layout.input))
    lanes = [_rect(box).translated(-x, 0) for box in layout.lanes]
    plot = _rect(layout.title).translated(-x, 0)
    plot.setBottom(layout.plot.bottom + layout.axis)
    high = layout.activations
    states = [QRect(lane.left(), lane.top(), lane.width(), high) for lane in lanes]
    tiles = [QRect(lane.left(), lane.top() + high, lane.width(), lane.height() - high) for lane in lanes]
    lit: dict[str, list[QRect]] = {
        "gap": [gap],
        "headline": [headline],
        "input": [strip],
        "activations": states,
        "gradient": [headline, *tiles, plot],
        "plot": [plot],
        "bound": [plot],
    }
    if loss:
        lit["loss"] = lit["training"] = [plot]
    for name, lane in zip(names, lanes, strict=True):
        lit[name] = [headline, lane, plot]
    if highlight not in lit:
        return ()
    everything = (gap, headline, strip, *states, *tiles, plot)
    return tuple(box for box in everything if not any(part.contains(box) for part in lit[highlight]))


def _rect(box: Box) -> QRect:
    return QRect(QPoint(box.x, box.y), QSize(box.width, box.height))
