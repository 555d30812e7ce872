"""A box for a number that may be negative, with the minus sign that stands everywhere else."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox

from lstmviz.words import decimal


class NumberBox(QDoubleSpinBox):
    """As ``QDoubleSpinBox``, which reads a hyphen and a minus sign alike."""

    def textFromValue(self, value: float) -> str:
        """With the decimals of the box."""
        return decimal(value, self.decimals())
