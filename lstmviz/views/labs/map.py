"""The Map: for every pair of timesteps, how much of a change at the one is left at the other."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.map_desk import MapDesk
from lstmviz.stage.map_frame import CEILING, FLOOR, MapPart
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.control_groups.gap import GapGroup
from lstmviz.views.control_groups.interventions import InterventionsGroup
from lstmviz.views.control_groups.map import LowerGroup, MeasureGroup, PairGroup
from lstmviz.views.control_groups.networks import NetworksGroup, TaskGroup
from lstmviz.views.control_groups.start import ForgetBiasGroup, GainGroup, InitialisationGroup, SeedGroup
from lstmviz.views.labs.lab import Lab
from lstmviz.views.map.disk import EigenDisk
from lstmviz.views.map.lower import LowerPlot
from lstmviz.views.map.ramp import RampScale
from lstmviz.views.map.triangle import TriangleMap
from lstmviz.views.race import ink
from lstmviz.views.race.empty_card import EmptyCard
from lstmviz.views.theme import Theme
from lstmviz.words import count, power, tr

NETWORKS = 3
INSET, LOWER_SHARE = 20, 0.36


class MapLab(Lab):
    """The content area while the Map is open; parameters as for ``Lab``."""

    GROUPS = (
        TaskGroup,
        GapGroup,
        PairGroup,
        MeasureGroup,
        LowerGroup,
        InterventionsGroup,
        NetworksGroup,
        ForgetBiasGroup,
        InitialisationGroup,
        GainGroup,
        SeedGroup,
    )
    NOTE = False

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        desk = cast(MapDesk, stage.labs.desk("map"))
        self.maps = tuple(TriangleMap(desk, theme, self) for _ in range(NETWORKS))
        self.disks = tuple(EigenDisk(theme, self) for _ in range(NETWORKS))
        self.ramp = RampScale(FLOOR, CEILING, theme, self)
        self.under = LowerPlot(desk, theme, self)
        self.empty = EmptyCard(stage, theme, self)
        self._part: MapPart | None = None
        self._head = QRect()
        self.setAccessibleName(tr("Map"))
        for view in self.maps:
            self.guides.attach(view, "map.triangle")
        for disk in self.disks:
            self.guides.attach(disk, "map.disk")
        self.guides.attach(self.ramp, "map.ramp")

    def home(self) -> QWidget:
        """The first map."""
        return self.maps[0]

    def focus_order(self) -> list[QWidget]:
        """Maps, then the plot under them."""
        return [*self.maps, self.under]

    def draw(self, frame: Frame) -> None:
        """Show the frame's maps."""
        part = frame.part
        if not isinstance(part, MapPart):
            return
        before, self._frame, self._part = self._part, frame, part
        shown = min(len(part.maps), NETWORKS)
        for k, view in enumerate(self.maps):
            view.setVisible(k < shown)
            if k < shown:
                view.draw(part.maps[k], part)
        by_cell = {eigen.cell: eigen for eigen in part.eigen}
        for k, disk in enumerate(self.disks):
            eigen = by_cell.get(part.maps[k].cell) if k < shown else None
            wide = k < shown and eigen is None and not part.maps[k].refused and bool(part.maps[k].log10.size)
            disk.setVisible(eigen is not None or wide)
            if eigen is not None:
                disk.draw(eigen)
            elif wide:
                disk.refuse(part.maps[k].cell)
        for widget in (self.ramp, self.under):
            widget.setVisible(shown > 0)
        self.under.draw(part, frame)
        self.guides.attach(self.under, f"map.{part.lower}")
        self.empty.setVisible(not shown)
        if before is None or len(before.maps) != len(part.maps):
            self._arrange()
        if before is None or (before.end, before.busy, before.done) != (part.end, part.busy, part.done):
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        for view in self.maps:
            view.set_theme(theme)
        for disk in self.disks:
            disk.set_theme(theme)
        self.ramp.set_theme(theme)
        self.under.set_theme(theme)
        self.empty.set_theme(theme)
        self.update()

    def set_scale(self, factor: float) -> None:
        """Take another text size, 0.8 to 2."""
        fonts.set_text_size(factor)
        self._arrange()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give every picture its place."""
        super().resizeEvent(event)
        self._arrange()

    def _lower_height(self) -> int:
        """Of the plot below: a share of the whole, more where letters need it, but never so much that maps vanish."""
        least = min(fonts.scaled(190), round(0.42 * self.height()))
        return max(round(self.height() * LOWER_SHARE), least)

    def _arrange(self) -> None:
        """Maps side by side, as large as the height allows; ramp and disks at their right; the plot below."""
        inset, lower = fonts.scaled(INSET), self._lower_height()
        shown = max(len(self._part.maps) if self._part else 1, 1)
        height = self.height() - lower - inset
        frame_x, frame_y = fonts.scaled(62), fonts.scaled(66)  # of a map: numbers at its sides; title and numbers
        ramp, disk_least = fonts.scaled(70), fonts.scaled(110)
        free = self.width() - 2 * inset - ramp - disk_least - shown * frame_x - 12
        side = max(min(height - frame_y, free // shown), 60)
        x = inset
        for view in self.maps[:shown]:
            view.setGeometry(x, inset // 2, side + frame_x, side + frame_y)
            x += side + frame_x
        self.ramp.setGeometry(x, inset // 2 + fonts.scaled(28), ramp, side)
        left = x + ramp + 6
        room = self.width() - left - inset
        head = fonts.scaled(40)
        top = min(self.height() - lower, inset // 2 + side + frame_y + fonts.scaled(10))
        each = min((top - inset // 2 - head) // shown, room + fonts.scaled(24), fonts.scaled(240))
        for k, disk in enumerate(self.disks[:shown]):
            disk.setGeometry(left, inset // 2 + head + k * each, room, each - 6)
        self._head = QRect(left, inset // 2, room, head)
        self.under.setGeometry(inset, top, self.width() - 2 * inset, self.height() - top - 6)
        self.empty.setGeometry(self.rect())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """What stands over the disks, and what is still worked out."""
        part, theme = self._part, self._theme
        if part is None or not part.maps:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if any(disk.isVisibleTo(self) for disk in self.disks):
                box, row = self._head, fonts.scaled(18)
                text = tr("Eigenvalues, t = {t}").format(t=count(part.end))
                top = box.toRectF()
                ink.paint_text(
                    painter, top.adjusted(0, 0, 0, row - box.height()), text, fonts.text(13, 600), theme.ink, ink.CENTRE
                )
                low = top.adjusted(0, row, 0, 0)
                ink.paint_text(painter, low, tr("circle: size 1"), fonts.text(12), theme.hint, ink.CENTRE)
            waiting = part.busy or (tr("Working out the plot below …") if part.done < part.total else "")
            if waiting:
                box = self.under.geometry()
                place = box.toRectF().adjusted(0, -fonts.scaled(18), 0, -box.height())
                ink.paint_text(painter, place, waiting, fonts.text(12), theme.hint, ink.RIGHT)

    # -- words -------------------------------------------------------------------------------------------------

    def sentence(self) -> str:
        """The chosen pair of every network, and the plot below, in words."""
        if self._part is None or not self._part.maps:
            return tr("No network is shown.")
        words = [view.sentence() for view in self.maps[: len(self._part.maps)]]
        return " ".join([*words, self.under.sentence()])

    def table(self, frame: Frame) -> PlotTable:
        """What is left at the end of a change at each timestep: the row of the maps that is chosen."""
        part = self._part
        if part is None:
            return super().table(frame)
        title = tr("All entries of the Jacobian from timestep k to {t} together")
        if part.norm == "spectral":
            title = tr("Most that is left at t = {t} of a change at timestep k")
        title = title.format(t=count(part.end))
        numbers = [[k, *(part.value(one.cell, part.end, k) for one in part.maps)] for k in range(1, part.end + 1)]
        return PlotTable(
            title=title,
            header=[tr("timestep k"), *(one.name for one in part.maps)],
            rows=[[count(int(k)), *map(power, values)] for k, *values in numbers],
            names=["timestep", *(f"{one.cell}_log10_norm" for one in part.maps)],
            numbers=numbers,
        )
