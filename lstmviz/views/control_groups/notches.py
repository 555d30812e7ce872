"""Number boxes whose arrows go through useful values instead of adding a constant."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

from lstmviz.words import tr


class NotchBox(QDoubleSpinBox):
    """A box for numbers that span decades; any value between the ends can be typed.

    Parameters
    ----------
    name : str
        For screen readers.
    notches : tuple of float
        Where the arrows lead, rising; the first and the last are the ends.
    places : int
        Decimals that can be typed.
    off : bool
        The first notch is shown as "off".
    """

    def __init__(
        self, name: str, notches: tuple[float, ...], places: int, off: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._notches = notches
        self.setDecimals(places)
        self.setRange(notches[0], notches[-1])
        self.setKeyboardTracking(False)
        self.setAccessibleName(name)
        if off:
            self.setSpecialValueText(tr("off"))

    def textFromValue(self, value: float) -> str:
        """As few digits as say it: 0.003, 1, 32."""
        return f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".") if self.decimals() else f"{value:.0f}"

    def stepBy(self, steps: int) -> None:
        """To the next notch up or down."""
        value, last = self.value(), len(self._notches) - 1
        for _ in range(abs(steps)):
            if steps > 0:
                index = min(bisect_right(self._notches, value * (1 + 1e-9)), last)
            else:
                index = max(bisect_left(self._notches, value * (1 - 1e-9)) - 1, 0)
            value = self._notches[index]
        self.setValue(value)
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Both ways, but not beyond the ends."""
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self.value() > self.minimum():
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        if self.value() < self.maximum():
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        return flags
