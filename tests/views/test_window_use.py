"""The window at every size and text size, and for those who use the keyboard or a screen reader."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from lstmviz.lab.settings import Settings
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.views.sizes import LARGE, MIDDLE, SMALL, sizes_for
from tests.views.desk import desk, tick


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


# ---------------------------------------------------------------- sizes


@pytest.mark.parametrize(
    ("width", "height", "text_size", "sizes"),
    [
        (1120, 640, 1.0, SMALL),
        (1280, 720, 1.0, SMALL),
        (1440, 900, 1.0, MIDDLE),
        (1920, 1080, 1.0, LARGE),
        (3840, 2160, 1.0, LARGE),
        (1920, 1080, 1.5, SMALL),
        (3840, 2160, 2.0, LARGE),
    ],
)
def test_size_classes(width, height, text_size, sizes):
    assert sizes_for(width, height, text_size) == sizes


@pytest.mark.parametrize("text_size", [0.8, 1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", [(1120, 640), (1280, 720), (1440, 900), (1920, 1080)])
def test_nothing_is_cut_off_at_any_size_of_window_and_text(qapp, size, text_size):
    with desk(Settings(cells=("rnn", "lstm", "gru"), fair="parameters"), size=size) as window:
        window.set_text_size(text_size)
        window.stage.change({"lstm.forget_bias": "chrono"})
        tick(window, 3)
        column = window.column
        assert column._inner.minimumSizeHint().width() <= column.area.viewport().width()
        for bar in (window.switch_bar, window.transport):
            assert bar.minimumSizeHint().width() <= bar.width()
            assert bar.layout().minimumSize().height() <= bar.height()
        boxes = [part.geometry() for part in (window.switch_bar, column, window.content)]
        top = window.transport.mapTo(window, window.transport.rect().topLeft()).y()
        assert window.area.geometry().bottom() < top  # what scrolls never lies under the transport bar
        for k, box in enumerate(boxes):
            assert not any(box.intersects(other) for other in boxes[k + 1 :])


def test_a_window_smaller_than_the_least_scrolls(qapp):
    with desk(size=(700, 450)) as window:
        assert window.area.horizontalScrollBar().maximum() > 0
        assert window.body.width() >= 1120
        assert window.body.height() + window.transport.height() >= 640
        assert window.transport.visibleRegion().boundingRect().height() == window.transport.height()


def test_the_less_used_controls_fold_in_a_small_window(qapp):
    with desk(size=(1280, 720)) as window:
        assert window.column.gain.isHidden()
        window.column.more.click()
        assert window.column.gain.isVisibleTo(window.column)
        window.column.more.click()
        assert window.column.seed.isHidden()


# ---------------------------------------------------------------- keyboard and ear


def tab_walk(window, times):
    seen = []
    for _ in range(times):
        seen.append(window.focusWidget())
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    return seen


def test_tab_goes_round_the_window_in_reading_order_and_is_never_trapped(window):
    window.switch_bar.tabs["race"].setFocus()
    seen = tab_walk(window, 80)
    assert seen.count(window.switch_bar.tabs["race"]) >= 2
    once = seen[: seen.index(window.switch_bar.tabs["race"], 1)]
    regions = [window.switch_bar, window.column, window.content, window.transport]
    order = [next(k for k, region in enumerate(regions) if region.isAncestorOf(widget)) for widget in once]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}
    for needed in (
        window.column.task.choice,
        window.column.fair.units,
        window.column.forget_bias.slider,
        window.column.reset,
        window.race.gap.slider,
        window.race.plot,
        window.transport.scrubber,
    ):
        assert needed in once


def nameless(window):
    """Visible widgets that take the keyboard and that a screen reader could not name."""
    inside = (QAbstractSpinBox, QComboBox, QAbstractItemView)
    found = []
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        part_of_another = isinstance(parent, inside) or isinstance(widget, QScrollBar)
        is_viewport = isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget
        if part_of_another or is_viewport or not widget.isVisible() or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name):
            found.append(widget)
    return found


def test_every_widget_that_takes_the_keyboard_has_a_name(window):
    assert nameless(window) == []
    for name in ("toggle_gru", "table_of_plot", "sentence", "help"):
        window.commands.method(name)()
        tick(window)
    assert nameless(window) == []
    lesson = read_lesson(shipped_lessons()[0])
    for page in range(len(lesson.pages)):
        window.stage.lesson.open(lesson, page)
        tick(window, 2)
        assert nameless(window) == []
    window.stage.playback.pause()


def test_every_control_says_what_it_does_when_pointed_at(window):
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)
    silent = []
    for region in (window.switch_bar, window.column, window.transport):
        for widget in region.findChildren(QWidget):
            if isinstance(widget, kinds) and not isinstance(widget, QScrollBar | QLineEdit) and not widget.toolTip():
                silent.append(widget)
    assert not silent


def test_the_scrubber_is_a_slider_whose_text_says_where_it_stands(window):
    interface = QAccessible.queryAccessibleInterface(window.transport.scrubber)
    assert interface.role() == QAccessible.Role.Slider
    assert interface.text(QAccessible.Text.Name) == "Playhead"
    assert interface.text(QAccessible.Text.Description) == "Backward pass, t = 1"
    value = interface.valueInterface()
    assert (value.minimumValue(), value.currentValue(), value.maximumValue()) == (0, 12, 12)
