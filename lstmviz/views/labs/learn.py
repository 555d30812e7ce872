"""Learn: the race of the losses, the gradient per timestep as training goes on, the bet, seeds and other gaps."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from lstmviz.stage.frame import Frame, TrainingFrame
from lstmviz.stage.learn_frame import LearnFrame
from lstmviz.stage.learn_words import learn_sentence, loss_name
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.control_groups.fine import CellsGroup, NoiseGroup
from lstmviz.views.control_groups.gap import GapGroup
from lstmviz.views.control_groups.networks import FairGroup, NetworksGroup, TaskGroup
from lstmviz.views.control_groups.recipe import RecipeGroup, TrainFoot
from lstmviz.views.control_groups.start import ForgetBiasGroup, GainGroup, InitialisationGroup, SeedGroup
from lstmviz.views.controls import SegmentedControl
from lstmviz.views.labs.lab import Lab
from lstmviz.views.learn.heat_view import STRIP, HeatView, Place
from lstmviz.views.learn.layout import ENDS, LEAST_WIDTH, LearnLayout, lay_out, least_height
from lstmviz.views.learn.results import Results
from lstmviz.views.learn.start_card import StartCard
from lstmviz.views.learn.update_axis import HeatRamp, UpdateAxis, Updates
from lstmviz.views.race import ink
from lstmviz.views.race.empty_card import EmptyCard
from lstmviz.views.race.layout import Box
from lstmviz.views.race.loss_plot import LossPlot, last_update
from lstmviz.views.theme import Theme, qcolor
from lstmviz.words import count, tr

NETWORKS = 3
RAMP = 16  # between the heat maps and their ramp


class Themed(Protocol):
    """What has the colours of a theme."""

    def set_theme(self, theme: Theme) -> None:
        """Take those of another one."""


class LearnLab(Lab):
    """The content area while Learn is open; parameters as for ``Lab``."""

    GROUPS = (
        TaskGroup,
        GapGroup,
        NetworksGroup,
        RecipeGroup,
        ForgetBiasGroup,
        InitialisationGroup,
        FairGroup,
        GainGroup,
        CellsGroup,
        NoiseGroup,
        SeedGroup,
    )
    MORE = (FairGroup, GainGroup, CellsGroup, NoiseGroup, SeedGroup)
    FOOT = TrainFoot

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        self.setAccessibleName(tr("Learn"))
        self._learn: LearnFrame | None = None
        self._layout: LearnLayout | None = None
        self._arranged: tuple[object, ...] = ()
        self.tabs = SegmentedControl([tr("Plots"), tr("Results")], tr("Learn shows"), self)
        self.tabs.choose(0)
        self.loss = LossPlot(stage, theme, self)
        self.boxes = self._make_boxes()
        self.heats = tuple(HeatView(stage, theme, self) for _ in range(NETWORKS))
        self.axis, self.ramp = UpdateAxis(theme, self), HeatRamp(theme, self)
        self.results = Results(stage, theme, self)
        self.start, self.empty = StartCard(stage, self), EmptyCard(stage, theme, self)
        self.tabs.chosen.connect(self._turn)
        self._attach_guides()

    def _attach_guides(self) -> None:
        self.guides.attach(self.loss, "learn.loss")
        for view in self.heats:
            self.guides.attach(view, "learn.heat", view.told_at)
        self.guides.attach(self.ramp, "learn.ramp")
        self.guides.attach(self.results.bet, "learn.bet")
        for table in (self.results.table, self.results.start_table):
            self.guides.attach(table, "learn.seeds")
        self.guides.attach(self.results.lengths, "learn.lengths")

    def _make_boxes(self) -> dict[str, QCheckBox]:
        """What is drawn over the losses and under them."""
        names = {
            "chance": (tr("Chance line"), tr("The loss of the best answer that does not look at the input")),
            "gradient": (tr("Gradient per timestep"), tr("Heat maps: which timesteps the gradient reaches")),
            "clipped": (tr("Clipped updates"), tr("Mark updates whose gradient was shrunk")),
        }
        made = {}
        for name, (text, about) in names.items():
            made[name] = box = QCheckBox(text, self)
            box.setChecked(name != "clipped")
            box.setAccessibleName(text)
            box.setToolTip(about)
            box.clicked.connect(self._choose_drawn)
        return made

    @Slot()
    def _choose_drawn(self) -> None:
        self._arrange()
        self._draw()

    @Slot(int)
    def _turn(self, _index: int) -> None:
        self._arrange()
        self._draw()

    # -- what the window asks ------------------------------------------------------------------------------------

    def home(self) -> QWidget:
        """The losses; before the first update, the button that begins."""
        return self.loss if self.loss.isVisibleTo(self) else self.start.train

    def focus_order(self) -> list[QWidget]:
        """Plots from top to bottom, then the results."""
        segments: list[QWidget] = [self.tabs.segment(index) for index in range(2)]
        plots: list[QWidget] = [*self.boxes.values(), self.empty.button, self.start.train, self.loss, *self.heats]
        bets: list[QWidget] = [
            choice.segment(index) for choice in self.results.bet.choices.values() for index in range(2)
        ]
        return [*segments, *plots, *bets, self.results.few, self.results.many, self.results.starts, self.results.gaps]

    def sentence(self) -> str:
        """Losses, what came of the networks, and seeds, in words."""
        if self._frame is None or not self._frame.lanes:
            return tr("No network is shown.")
        return learn_sentence(self._frame.training, self._learn)

    def vote(self, holds: bool) -> None:
        """Bet on the next network."""
        self._stage.bet_next(holds)

    def enter(self) -> bool:
        """Train, or stop."""
        if self._frame is None or not self._frame.settings.cells:
            return False
        self._stage.train_or_stop()
        return True

    # -- look ----------------------------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        parts: tuple[Themed, ...] = (self.loss, *self.heats, self.axis, self.ramp, self.results, self.empty)
        for part in parts:
            part.set_theme(theme)
        self.update()

    def set_scale(self, factor: float) -> None:
        """Take another text size, 0.8 to 2."""
        fonts.set_text_size(factor)
        self.results.set_scale()
        self.start.set_scale()
        self._arranged = ()
        self._arrange()
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """The size below which rows would overlap."""
        networks = len(self._frame.lanes) if self._frame is not None else 2
        return QSize(LEAST_WIDTH, least_height(networks, self.boxes["gradient"].isChecked(), fonts.text_size()))

    def sizeHint(self) -> QSize:
        """The content area of a window of 1440 x 900."""
        return QSize(1184, 780)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out again."""
        super().resizeEvent(event)
        self._arrange()
        self._draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, and the title over the losses."""
        theme, layout, frame = self._theme, self._layout, self._frame
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), qcolor(theme.window))
            if layout is None or frame is None or self.loss.isHidden() or self._learn is None:
                return
            bold, small = fonts.text(14, 650), fonts.text(12)
            box = QRectF(layout.left, layout.title.y, layout.width, layout.title.height)
            ink.paint_text(painter, box, tr("Loss"), bold, theme.ink)
            x = layout.left + ink.text_width(tr("Loss"), bold) + fonts.scaled(12)
            free = min(box.x() for box in self.boxes.values() if not box.isHidden()) - x - 8
            words = tr("{loss}, mean of {n} sequences").format(
                loss=loss_name(frame.settings), n=count(self._learn.recipe.batch)
            )
            rest = QRectF(x, box.y(), free, box.height())
            ink.paint_text(painter, rest, ink.elided(words, small, free), small, theme.hint)

    # -- drawing -------------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show the frame; parts that did not change are not painted again."""
        before, self._frame = self._frame, frame
        self._learn = frame.part if isinstance(frame.part, LearnFrame) else None
        if before is None or len(before.lanes) != len(frame.lanes):
            self.updateGeometry()
        self._arrange()
        self._draw()

    def _training(self) -> TrainingFrame | None:
        """The training, once it has a first loss."""
        training = self._frame.training if self._frame is not None else None
        return training if training is not None and training.trained and training.heat_maps else None

    def _arrange(self) -> None:
        frame = self._frame
        if frame is None:
            return
        training = self._training()
        networks = len(training.cells) if training is not None else len(frame.settings.cells)
        drawn = tuple(box.isChecked() for box in self.boxes.values())
        state = (self.width(), self.height(), networks, drawn, fonts.text_size(), self.tabs.index())
        if state == self._arranged:
            return
        self._arranged = state
        _, heats, strips = drawn
        size = (self.width(), self.height())
        self._layout = layout = lay_out(size, networks, heats, strips, fonts.text_size(), self.tabs.index() == 1)
        if layout.tabs is not None:
            width, height = fonts.scaled(220), fonts.scaled(30)
            self.tabs.setGeometry(layout.left, fonts.scaled(8), width, height)
        if layout.results is not None:
            self.results.setGeometry(_rect(layout.results))
        self.loss.setGeometry(0, layout.loss.y, layout.left + layout.width + fonts.scaled(ENDS), layout.loss.height + 9)
        self.loss.place(layout.left, layout.width, layout.loss.height, axis=False)
        self._arrange_boxes(layout)
        self.axis.setGeometry(_rect(layout.axis))
        foot = layout.axis.bottom
        self.start.setGeometry(self._card(layout))
        self.empty.setGeometry(layout.title.x, 0, layout.title.width, max(foot, 1))
        if layout.heats and heats:
            first, x = layout.heats[0], layout.left + layout.width + RAMP
            self.ramp.setGeometry(x, first.y, fonts.scaled(74), first.height)
        self.update()

    def _card(self, layout: LearnLayout) -> QRect:
        width = min(fonts.scaled(480), layout.title.width - 32)
        height = min(fonts.scaled(250), self.height() - 40)
        top = max((self.height() - height) // 3, layout.title.y)
        return QRect(layout.title.x + (layout.title.width - width) // 2, top, width, height)

    def _arrange_boxes(self, layout: LearnLayout) -> None:
        x = layout.left + layout.width
        for box in reversed(list(self.boxes.values())):
            hint = box.sizeHint()
            x -= hint.width()
            box.setGeometry(x, layout.title.y + (layout.title.height - hint.height()) // 2, hint.width(), hint.height())
            x -= fonts.scaled(12)

    def _draw(self) -> None:
        frame, layout, learn = self._frame, self._layout, self._learn
        if frame is None or layout is None:
            return
        training = self._training()
        filled = bool(frame.settings.cells)
        plots = layout.tabs is None or self.tabs.index() == 0
        self.tabs.setVisible(layout.tabs is not None and filled)
        self.results.setVisible(layout.results is not None and filled and learn is not None)
        self.empty.setVisible(not filled)
        self.start.setVisible(filled and plots and training is None)
        shown = filled and plots and training is not None
        plotted: tuple[QWidget, ...] = (self.loss, self.axis, *self.boxes.values())
        for part in plotted:
            part.setVisible(shown)
        self.ramp.setVisible(shown and self.boxes["gradient"].isChecked())
        if learn is not None:
            if not self.results.isHidden():
                self.results.draw(frame, learn)
            if not self.start.isHidden():
                self.start.draw(frame, learn)
        for index, view in enumerate(self.heats):
            view.setVisible(shown and index < len(layout.heats) and index < len(training.cells if training else ()))
        if shown and training is not None:
            self._draw_plots(frame, training, layout)
        self.update(_rect(layout.title))

    def _draw_plots(self, frame: Frame, training: TrainingFrame, layout: LearnLayout) -> None:
        updates = Updates(float(layout.left), float(layout.width), last_update(training))
        self.loss.show_chance(self.boxes["chance"].isChecked())
        self.loss.draw(frame)
        here = Updates(updates.left - layout.axis.x, updates.width, updates.last)
        self.axis.draw(here, training.update)
        strips, heats = self.boxes["clipped"].isChecked(), self.boxes["gradient"].isChecked()
        for index, (view, head, box) in enumerate(zip(self.heats, layout.titles, layout.heats, strict=False)):
            if index >= len(training.cells):
                continue
            view.setGeometry(head.x, head.y, layout.left + layout.width - head.x + 2, head.height + box.height + 2)
            picture = QRect(layout.left - head.x, head.height, box.width, box.height if heats else 0)
            strip = QRect(picture.x(), head.height - STRIP - 1, box.width, STRIP) if strips else None
            view.arrange(Place(picture, strip, here))
            view.draw(frame, index)


def _rect(box: Box) -> QRect:
    return QRect(QPoint(box.x, box.y), QSize(box.width, box.height))
