"""The slider of the threshold: one range of notches for every quantity, written in the quantity's own values."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from lstmviz.views.slider import ValueSlider
from lstmviz.words import number, tr


class ThresholdSlider(ValueSlider):
    """A share of the largest value that the colours know, with the values themselves under the track."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Threshold"), -1.0, 1.0, 0.01, parent)
        self.limit = 1.0

    def set_limit(self, limit: float) -> None:
        """Write other values under the track."""
        if limit != self.limit:
            self.limit = limit
            self.update()

    def number_at(self, whole: int) -> str:
        """The value at an end or in the middle."""
        return number(whole * self.limit, 2) if whole else "0"
