"""A slider whose ends can be changed: one serves every quantity that can be held."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from lstmviz.views.interventions.quantities import Range
from lstmviz.views.slider import ValueSlider
from lstmviz.words import MINUS, tr

MOST_NUMBERS = 5  # whole numbers under the track; of more, only ends and middle are written


class HeldSlider(ValueSlider):
    """The value at which something is held."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Value"), 0.0, 1.0, 0.01, parent)
        self.setToolTip(tr("Hold this value; everything after it is computed again"))

    def set_reach(self, reach: Range) -> None:
        """Take other ends; nobody is told."""
        if (reach.low, reach.high, reach.notch) == (self._low, self._high, self._notch):
            return
        self._low, self._high, self._notch = reach.low, reach.high, reach.notch
        blocked = self.blockSignals(True)
        self.setRange(0, round((reach.high - reach.low) / reach.notch))
        self.blockSignals(blocked)
        self.update()

    def number_at(self, whole: int) -> str:
        """Whole numbers; of many, the ends and the middle."""
        many = self._high - self._low + 1 > MOST_NUMBERS
        if many and whole not in (round(self._low), 0, round(self._high)):
            return ""
        return str(whole).replace("-", MINUS)
