"""PySide6 6.12.0 on Python 3.11 drops one reference to ``None`` on every void call, and aborts after about 5,000."""

import sys

import pytest


@pytest.mark.gui
def test_a_hundred_void_calls_of_qt_keep_the_reference_count_of_none(qtbot):
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(10, 10)
    before = sys.getrefcount(None)
    for size in range(100):
        widget.resize(10, 10 + size)
    lost = before - sys.getrefcount(None)
    assert abs(lost) < 50, f"100 calls lost {lost} references to None: pin PySide6-Essentials as pyproject.toml says"
