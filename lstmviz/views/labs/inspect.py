"""Inspect: every gate, state and gradient of all units over the whole text, with one crosshair through all of it."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.stage.inspect_desk import InspectDesk
from lstmviz.stage.inspect_frame import InspectPart, symbol_of
from lstmviz.stage.sentence import PlotTable
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.control_groups.gap import GapGroup
from lstmviz.views.control_groups.inspect import ColourGroup, LookGroup, ThresholdGroup
from lstmviz.views.control_groups.inspect_rows import AlikeGroup, PanelsGroup
from lstmviz.views.control_groups.interventions import InterventionsGroup
from lstmviz.views.control_groups.networks import NetworksGroup, TaskGroup
from lstmviz.views.control_groups.start import ForgetBiasGroup, SeedGroup
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.inspect.heat import ROLES, HeatPanel, value_text
from lstmviz.views.inspect.strip import TextStrip
from lstmviz.views.labs.lab import Lab
from lstmviz.views.race import ink
from lstmviz.views.race.empty_card import EmptyCard
from lstmviz.views.tab_order import grown
from lstmviz.views.theme import Theme
from lstmviz.words import count, tr

INSET = 18
BESIDE = 8  # pixels between a symbol of the readout and its value
LEAST_PANEL = 84  # pixels a panel is high at least; below it the page scrolls
GUIDES = {"gate": "inspect.gate", "signed": "inspect.state", "gradient": "inspect.gradient"}
WIDE = 1500  # content width from which there are three columns


class Page(QWidget):
    """What scrolls: the panels."""


class InspectLab(Lab):
    """The content area while Inspect is open; parameters as for ``Lab``."""

    GROUPS = (
        TaskGroup,
        GapGroup,
        LookGroup,
        ColourGroup,
        ThresholdGroup,
        InterventionsGroup,
        AlikeGroup,
        PanelsGroup,
        NetworksGroup,
        ForgetBiasGroup,
        SeedGroup,
    )

    THRESHOLD = ThresholdGroup

    def __init__(self, stage: Stage, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(stage, theme, parent)
        desk = cast(InspectDesk, stage.labs.desk("inspect"))
        self.strip = TextStrip(stage, desk, theme, self)
        self.page = Page(self)
        self.area = QScrollArea(self)
        self.area.setWidget(self.page)
        self.area.setWidgetResizable(False)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.panels: list[HeatPanel] = []
        self.empty = EmptyCard(stage, theme, self)
        self._part: InspectPart | None = None
        self.setAccessibleName(tr("Inspect"))
        self.guides.attach(self.strip, "inspect.strip", inset=130)

    def home(self) -> QWidget:
        """The text."""
        return self.strip

    def focus_order(self) -> list[QWidget]:
        """The text, then the panels."""
        return [self.strip, *self.panels]

    def draw(self, frame: Frame) -> None:
        """Show the frame's panels."""
        part = frame.part if isinstance(frame.part, InspectPart) else None
        before, self._part, self._frame = self._part, part, frame
        for widget in (self.strip, self.area):
            widget.setVisible(part is not None)
        self.empty.setVisible(part is None)
        if part is None:
            return
        while len(self.panels) < len(part.panels):
            made = HeatPanel(self._stage, self._theme, self.page)
            self.panels.append(made)
            grown(self)
        if before is None or len(before.panels) != len(part.panels) or before.beside != part.beside:
            self._arrange()
        self.strip.draw(part, frame.symbols, frame.settings.layer_drawn())
        self.strip.draw_hands(frame)
        shown = len(part.panels)
        for k, view in enumerate(self.panels):
            view.setVisible(k < shown)
            if k < shown:
                view.draw(part.panels[k], part)
                view.draw_hands(frame)
                self.guides.attach(view, GUIDES[part.panels[k].kind], view.told_at, inset=120)
        if part is not before:
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        for view in self.panels:
            view.set_theme(theme)
        self.strip.set_theme(theme)
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

    def _columns(self) -> int:
        part = self._part
        if part is None or part.beside:
            return 2
        wanted = 3 if self.width() >= WIDE else 2
        return min(wanted, max(len(part.panels), 1))

    def _arrange(self) -> None:
        """The text on top, panels in columns under it, the readout at the foot."""
        inset = fonts.scaled(INSET)
        self.empty.setGeometry(self.rect())
        strip = fonts.scaled(24 + 30 + 20)
        self.strip.setGeometry(inset - 10, inset // 2, self.width() - 2 * inset + 20, strip)
        top, foot = inset // 2 + strip + fonts.scaled(6), fonts.scaled(34)
        room = self.height() - top - foot
        self.area.setGeometry(inset - 10, top, self.width() - 2 * inset + 20, room)
        shown = len(self._part.panels) if self._part is not None else 0
        if not shown:
            return
        columns = self._columns()
        rows = -(-shown // columns)
        numbers = fonts.scaled(18)  # under the last row
        height = max((room - numbers) // rows, fonts.scaled(LEAST_PANEL))
        bar = self.area.verticalScrollBar().sizeHint().width() if rows * height + numbers > room else 0
        width = self.area.width() - bar
        self.page.setFixedSize(width, max(rows * height + numbers, room))
        between = fonts.scaled(26)
        each = (width - (columns - 1) * between) // columns
        for k, view in enumerate(self.panels[:shown]):
            last = k + columns >= shown
            view.set_numbered(last)
            x, y = (k % columns) * (each + between), (k // columns) * height
            view.setGeometry(x, y, each, height + (numbers if last else 0) - 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The exact values at the crosshair, in one row at the foot."""
        part, theme = self._part, self._theme
        if part is None:
            return
        row = QRectF(fonts.scaled(INSET), self.height() - fonts.scaled(32), self.width(), fonts.scaled(26))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            text = tr("unit {unit}, t = {t}").format(unit=count(part.unit + 1), t=count(part.timestep))
            bold, mono = fonts.text(13, 600), fonts.mono(13)
            ink.paint_text(painter, row, text, bold, theme.ink)
            entries = [self._entry(quantity, value) for quantity, value in part.readout]
            first, apart = readout_places(
                [symbol.width + BESIDE + ink.text_width(shown, mono) for symbol, shown in entries],
                ink.text_width(text, bold),
                self.width() - row.left() - 10,
            )
            x = row.left() + first
            for symbol, shown in entries:
                symbol.paint(painter, x, row.center().y() + 0.36 * fonts.scaled(15))
                x += symbol.width + BESIDE
                ink.paint_text(painter, row.translated(x - row.left(), 0), shown, mono, theme.ink)
                x += ink.text_width(shown, mono) + apart

    def _entry(self, quantity: str, value: float) -> tuple[FormulaText, str]:
        """A quantity's symbol and its value."""
        role = "gradient" if quantity.startswith("d_") else ROLES.get(quantity, "secondary")
        colour = self._theme.text.get(role, self._theme.ink)
        return FormulaText(symbol_runs(symbol_of(quantity)), 15, self._theme, colour=colour), value_text(
            quantity, value
        )

    # -- words -------------------------------------------------------------------------------------------------

    def sentence(self) -> str:
        """The text's colours and the values at the crosshair, in words."""
        part = self._part
        if part is None:
            return tr("No network is shown.")
        values = ", ".join(
            f"{symbol_of(quantity).replace('_{t}', '')} {value_text(quantity, value)}"
            for quantity, value in part.readout
        )
        where = tr("Unit {unit}, t = {t}: {values}.")
        told = where.format(unit=count(part.unit + 1), t=count(part.timestep), values=values)
        return f"{self.strip.sentence()} {told}"

    def table(self, frame: Frame) -> PlotTable:
        """Every quantity of the selected unit at every timestep."""
        part = self._part
        if part is None:
            return super().table(frame)
        panels = [one for one in part.panels if one.cell == part.cell]
        names = [one.quantity for one in panels]
        columns = [one.values[:, part.unit] for one in panels]
        numbers = [[t + 1, *(float(column[t]) for column in columns)] for t in range(len(part.colours.values))]
        return PlotTable(
            title=tr("Unit {unit} at every timestep").format(unit=count(part.unit + 1)),
            header=["t", *(symbol_of(name).replace("_{t}", "") for name in names)],
            rows=[
                [count(int(t)), *(value_text(name, value) for name, value in zip(names, values, strict=True))]
                for t, *values in numbers
            ],
            names=["timestep", *names],
            numbers=numbers,
        )


def readout_places(widths: list[float], text: float, room: float) -> tuple[float, float]:
    """Where the first value of the readout begins, and the space between two: wide, or as wide as the row allows.

    Parameters
    ----------
    widths : list of float
        Of the values with their symbols, pixels.
    text : float
        Width of the words before them.
    room : float
        Width of the row.
    """
    first, apart = max(text + 26, fonts.scaled(130)), float(fonts.scaled(22))
    if first + sum(widths) + apart * (len(widths) - 1) > room:
        first = text + 16
        apart = max((room - first - sum(widths)) / max(len(widths) - 1, 1), 4.0)
    return first, apart
