"""The line over the plot: what is plotted, in words and as a symbol, and whether the RNN's bound is drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from lstmviz.stage.frame import Frame
from lstmviz.views import fonts
from lstmviz.views.formula_text import FormulaText, symbol_runs
from lstmviz.views.race import ink
from lstmviz.views.race.gradient_plot import GradientPlot
from lstmviz.views.race.layout import RaceLayout
from lstmviz.views.theme import Theme
from lstmviz.words import tr

LOSSES = {"cross_entropy": "cross entropy", "squared_error": "squared error", "binary": "binary cross entropy"}


class PlotTitle(QWidget):
    """Title and remark; at its right end the switch for the bound."""

    def __init__(self, plot: GradientPlot, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot, self._theme = plot, theme
        self._title, self._remark = "", ""
        self._left, self._right, self._loss = 0.0, 0.0, False
        self.bound = QCheckBox(tr("RNN bound"), self)
        self.bound.setToolTip(tr("Draw what no RNN gradient can exceed"))
        self.bound.setAccessibleName(tr("RNN bound"))
        self.bound.toggled.connect(self._toggled)
        self.setAccessibleName(tr("Title of the plot"))
        self.set_scale()

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        self._plot.set_bound(on)

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self._theme = theme
        self.set_scale()

    def set_scale(self) -> None:
        """Take the text size that is now in force."""
        self._symbol = FormulaText(symbol_runs("|∂L/∂h_t|", "gradient"), 15, self._theme)
        # by a sheet of its own: the program's gives every control its size again whenever one is first shown
        self.bound.setStyleSheet(f"font-size: {fonts.scaled(12)}px")
        self._place()

    def arrange(self, layout: RaceLayout) -> None:
        """Take the geometry of the picture."""
        self._left, self._right = layout.columns.left - 4, layout.columns.right
        self._place()

    def _place(self) -> None:
        hint = self.bound.sizeHint()
        height = min(hint.height(), max(self.height(), 1))
        self.bound.setGeometry(int(self._right) - hint.width(), self._middle() - height // 2, hint.width(), height)
        self.update()

    def _middle(self) -> int:
        return max(self.height() - fonts.scaled(14), fonts.scaled(10))

    def draw(self, frame: Frame, loss: bool) -> None:
        """Show the title of the gradient plot, or of the loss plot."""
        title, remark = (
            tr("Gradient reaching each timestep"),
            frame.settings.layer_drawn() or tr("one absolute log axis"),
        )
        if loss:
            title, remark = tr("Loss"), ""
            if frame.comparison is not None:
                remark = tr(LOSSES.get(frame.comparison.task.loss, frame.comparison.task.loss))
        spoken_of = (
            frame.lesson is not None and frame.lesson.highlight == "bound"
        )  # drawn then, whatever the switch says
        self.bound.setVisible(not loss and not spoken_of and any(lane.log10_bound is not None for lane in frame.lanes))
        if (title, remark, loss) != (self._title, self._remark, self._loss):
            self._title, self._remark, self._loss = title, remark, loss
            self.setAccessibleDescription(f"{title}, {remark}" if remark else title)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, symbol, remark, as far as there is room."""
        theme, middle = self._theme, self._middle()
        bold, small = fonts.text(14.5, 600), fonts.text(12.5)
        right = self.bound.x() - 12 if self.bound.isVisible() else self._right
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x = self._left
            ink.paint_text(painter, QRectF(x, middle - 14, right - x, 28), self._title, bold, theme.ink)
            x += ink.text_width(self._title, bold) + fonts.scaled(18)
            if not self._loss and x + self._symbol.width < right:
                self._symbol.paint(painter, x, middle + 0.34 * fonts.scaled(15))
                x += self._symbol.width + fonts.scaled(16)
            if x + ink.text_width(self._remark, small) < right:
                ink.paint_text(painter, QRectF(x, middle - 14, right - x, 28), self._remark, small, theme.hint)
