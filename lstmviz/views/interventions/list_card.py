"""One intervention in the list: what it is, on or off, its value in the hand, and away with it.

Words used in this file
    title   what is held, in words where there is room, then as a formula
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from lstmviz.stage.explain import Run
from lstmviz.stage.frame import NAMES, Frame
from lstmviz.stage.hands import (
    Clamp,
    Freeze,
    InputEdit,
    Intervention,
    WeightEdit,
    applies,
    describe,
    row_name,
)
from lstmviz.stage.inspect_frame import title_of
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts
from lstmviz.views.controls import button
from lstmviz.views.elided import ElidedLabel
from lstmviz.views.formula_text import QUANTITIES, FormulaText
from lstmviz.views.icons import icon
from lstmviz.views.interventions.clamp_card import units_text
from lstmviz.views.interventions.edits import change
from lstmviz.views.interventions.hands import hands_of
from lstmviz.views.interventions.held_slider import HeldSlider
from lstmviz.views.interventions.quantities import range_of
from lstmviz.views.race import ink
from lstmviz.views.theme import Theme
from lstmviz.words import count, decimal, tr


class CardTitle(QWidget):
    """Words and formula on one line; the words give way where there is no room for both."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = ""
        self._runs: tuple[Run, ...] = ()
        self._weak = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def draw(self, words: str, runs: tuple[Run, ...], theme: Theme, weak: bool) -> None:
        """Show a title; ``weak``: it does nothing now."""
        if (words, runs, theme, weak) != (self._words, self._runs, self._theme, self._weak):
            self._words, self._runs, self._theme, self._weak = words, runs, theme, weak
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words, then the formula."""
        theme, font = self._theme, fonts.text(13, 600)
        colour = theme.hint if self._weak else theme.ink
        formula = FormulaText(self._runs, 15, theme, colour=colour)
        x, wide = 0.0, ink.text_width(self._words, font) + 7
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect())
            if not self._runs:
                ink.paint_text(painter, box, ink.elided(self._words, font, box.width()), font, colour)
                return
            if wide + formula.width <= box.width():
                ink.paint_text(painter, box, self._words, font, colour)
                x = wide
            formula.paint(painter, x, box.center().y() + 0.36 * fonts.scaled(15))


class ListCard(QFrame):
    """One intervention of the list.

    Parameters
    ----------
    stage : Stage
    index : int
        Its place in the list.
    theme : Theme
    """

    def __init__(self, stage: Stage, index: int, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self.index, self._theme = stage, index, theme
        self._drawn: tuple[object, ...] = ()
        self.on = QCheckBox(self)
        self.title = CardTitle(theme, self)
        self.remove, self.edit = button("", "plain", self), button(tr("Edit"), "link", self)
        self.about = ElidedLabel("hint", self)
        self.slider = HeldSlider(self)
        head, below = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.on)
        head.addWidget(self.title, 1)
        head.addWidget(self.remove)
        below.addWidget(self.about, 1)
        below.addWidget(self.edit)
        self._rows = QVBoxLayout(self)
        for part in (head, below):
            part.setSpacing(4)
            self._rows.addLayout(part)
        self._rows.addWidget(self.slider)
        self.on.clicked.connect(self._switch)
        self.remove.clicked.connect(self._remove)
        self.edit.clicked.connect(self._edit)
        self.slider.chosen.connect(self._choose)
        self.slider.ended.connect(stage.close_entry)
        self.set_theme(theme)
        self.set_scale()

    def draw(self, frame: Frame) -> None:
        """Show the intervention."""
        one = frame.interventions[self.index]
        state = (one, frame.settings, self._theme)
        if state == self._drawn:
            return
        self._drawn = state
        told, works = describe(one, frame.settings), one.on and applies(one, frame.settings)
        words, runs, about = told_of(one, frame)
        self.setAccessibleName(told)
        self.setToolTip(told)
        self.title.draw(words, runs, self._theme, not works)
        idle = one.on and not works
        nothing = tr("nothing to change here")
        self.about.show_text(f"{about}: {nothing}" if idle else about, nothing if idle else "")
        self.on.setChecked(one.on)
        for widget, name, tip in (
            (self.on, tr("On: {what}"), tr("Whether it acts; off, it is kept and does nothing")),
            (self.edit, tr("Edit: {what}"), tr("Change value, timesteps and units")),
            (self.remove, tr("Remove: {what}"), tr("Take it out of the list")),
            (self.slider, tr("Value: {what}"), tr("Hold this value; everything after it is computed again")),
        ):
            widget.setAccessibleName(name.format(what=told))
            widget.setToolTip(tip)
        single = isinstance(one, Clamp) and len(one.values) == 1
        self.slider.setVisible(single)
        if isinstance(one, Clamp) and single:
            self.slider.set_reach(range_of(one.quantity))
            self.slider.show_value(one.values[0])

    @Slot(bool)
    def _switch(self, on: bool) -> None:
        self._stage.switch_intervention(self.index, on)

    @Slot()
    def _remove(self) -> None:
        self._stage.remove_intervention(self.index)

    @Slot()
    def _edit(self) -> None:
        hands = hands_of(self)
        if hands is not None:
            hands.open_of(self.index, self.mapToGlobal(self.rect().topRight()))

    @Slot(float)
    def _choose(self, value: float) -> None:
        one = self._stage.interventions[self.index]
        if isinstance(one, Clamp) and one.values != (value,):
            change(self._stage, self.index, replace(one, values=(value,)), f"clamp value {self.index}")

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self._theme = theme
        self.remove.setIcon(icon("cross", theme, 14))
        self.setStyleSheet(
            f"ListCard {{ border: 1px solid {theme.outline}; border-left: 5px solid {theme.clamp}; "
            f"border-radius: 4px; background: {theme.panel}; }}"
        )

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._rows.setContentsMargins(fonts.scaled(7), 1, fonts.scaled(4), fonts.scaled(3))
        self._rows.setSpacing(0)
        self.title.setFixedHeight(fonts.scaled(26))
        self.remove.setFixedSize(fonts.scaled(24), fonts.scaled(24))
        self.remove.setStyleSheet("min-height: 0px; padding: 0px;")
        self.edit.setStyleSheet(f"min-height: 0px; font-size: {fonts.scaled(12)}px;")
        self._drawn = ()


def told_of(one: Intervention, frame: Frame) -> tuple[str, tuple[Run, ...], str]:
    """An intervention as its card says it: words, formula, and where."""
    if isinstance(one, Clamp | Freeze):
        network = NAMES[one.cell]
        span = tr("t = {t}").format(t=count(one.first))
        if one.last > one.first:
            span = tr("t = {first}–{last}").format(first=count(one.first), last=count(one.last))
        about = f"{network}, {span}, {units_text(one.units) if one.units else tr('all units')}"
        if isinstance(one, Freeze):
            return tr("state frozen"), (), about
        role = one.quantity if one.quantity in QUANTITIES else "symbol"
        value = tr("by hand") if len(one.values) > 1 else f"= {decimal(one.values[0], 2)}"
        runs = (Run(one.quantity, role), Run("t", "sub"), Run(" " + value, "number"))
        return title_of(one.cell, one.quantity), runs, about
    told = describe(one, frame.settings)
    name, _, what = told.partition(": ")
    if isinstance(one, InputEdit):
        now = tr("input: {values}").format(values=what.partition(" (")[0])
        return now, (), tr("t = {t}, all networks").format(t=count(one.t))
    if isinstance(one, WeightEdit):
        row, value = row_name(one, frame.settings), f" = {decimal(one.value, 2)}"
        start = {"weight_ih": f"x{one.column + 1} → ", "weight_hh": f"h{one.column + 1} → ", "bias": "b "}
        if one.array in start:
            return tr("weight") if one.array != "bias" else tr("bias"), (Run(f"{start[one.array]}{row}{value}"),), name
        return what, (), name
    return tr("cut: unit {a} → unit {b}").format(a=count(one.source + 1), b=count(one.target + 1)), (), name
