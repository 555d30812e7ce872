"""The window: it draws what the stage says, says what the reader does, and is usable by keyboard and by ear."""

import gc
import weakref

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from lstmviz.lab.settings import Settings
from lstmviz.lab.trace import Trace
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.stage import START
from lstmviz.views import fonts
from tests.views.desk import delete_now, desk, press, tick


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


# ---------------------------------------------------------------- the stage decides what is shown


def test_the_window_starts_with_the_keyboard_on_the_gap(window):
    assert window.focusWidget() is window.race.gap.slider


def test_every_control_shows_what_the_stage_says(window):
    window.stage.change(
        {
            "task": "adding",
            "cells": ("rnn", "lstm", "gru"),
            "fair_by": "parameters",
            "hidden": 20,
            "lstm.forget_bias": 4.5,
            "rnn.initialisation": "orthogonal",
            "gain": 1.25,
            "seed": 12,
        }
    )
    tick(window)
    column = window.column
    assert column.task.choice.currentText() == "Adding"
    assert [box.isChecked() for box in column.networks.boxes.values()] == [True, True, True]
    assert column.fair.choice.index() == 1
    assert column.fair.units.value() == 20
    assert column.forget_bias.slider.value() == 45
    assert column.initialisation.chosen() is column.initialisation.radio("orthogonal")
    assert column.gain.slider.value() == 125
    assert column.seed.seed.value() == 12
    assert window.switch_bar.task.text() == "Adding"


def test_what_the_stage_says_is_not_sent_back_to_it(window, monkeypatch):
    sent = []
    change = window.stage.change
    monkeypatch.setattr(window.stage, "change", lambda changes, about=None: sent.append(changes))
    change({"gap": 40, "seed": 3, "gain": 2.0, "lstm.forget_bias": 1.0, "hidden": 8, "fair_by": "parameters"})
    monkeypatch.setattr(window.stage, "train", lambda updates: sent.append(updates))
    tick(window, 2)
    assert sent == []


def test_parameter_counts_are_those_of_the_networks(window):
    window.stage.change({"cells": ("rnn", "lstm", "gru"), "fair_by": "parameters", "hidden": 11, "task": "order"})
    tick(window)
    counts = {cell: text.text() for cell, text in window.column.networks._counts.items()}
    for racer in window.stage.frame.comparison.racers:
        shown = counts[racer.network.cell].replace("\u2009", "")
        assert shown == f"{racer.network.parameter_count} parameters"


def test_the_forget_bias_is_said_with_what_it_keeps(window):
    group = window.column.forget_bias
    assert (group._value.text(), group._kept.text(), group._half_life.text()) == ("3.0", "0.953", "14.3")
    assert group._gru.isHidden()
    window.stage.change({"cells": ("lstm", "gru")})
    tick(window)
    assert not group._gru.isHidden()


def test_chrono_is_a_toggle_that_gives_the_number_back(window):
    window.stage.change({"lstm.forget_bias": 1.5, "gap": 50})
    tick(window)
    group = window.column.forget_bias
    group.chrono.click()
    tick(window)
    assert window.stage.settings.forget_bias == "chrono"
    assert group._value.text() == "chrono"
    assert group._kept.text() == "0.50–0.98"
    group.chrono.click()
    tick(window)
    assert window.stage.settings.forget_bias == 1.5
    assert not group.chrono.isChecked()


def test_what_is_drawn_is_what_the_engine_computed(window):
    racer = window.stage.frame.comparison.racers[0]
    assert isinstance(racer.trace, Trace)
    assert window.race.lanes[0]._lane.log10_h is racer.trace.flow.log10_h[1:] or (
        window.race.lanes[0]._lane.log10_h.base is racer.trace.flow.log10_h
    )


# ---------------------------------------------------------------- the reader changes the stage


def test_a_drag_of_a_slider_is_live_and_one_undo(window):
    slider = window.column.forget_bias.slider
    middle = slider.height() // 3
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.x_of(30)), middle))
    seen = []
    for notch in (40, 45, 50):
        QTest.mouseMove(slider, QPoint(round(slider.x_of(notch)), middle))
        tick(window)
        seen.append(window.stage.settings.forget_bias)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.x_of(50)), middle))
    assert seen == [4.0, 4.5, 5.0]
    window.stage.undo()
    assert window.stage.settings.forget_bias == 3.0


def test_two_drags_are_two_undos(window):
    slider = window.column.gain.slider
    for notch in (150, 200):
        QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.x_of(notch)), 10))
        tick(window)
    assert window.stage.settings.gain == pytest.approx(2.0, abs=0.02)
    window.stage.undo()
    assert window.stage.settings.gain == pytest.approx(1.5, abs=0.02)


def test_what_is_not_allowed_becomes_one_quiet_line_and_the_control_shows_the_old_value(window):
    window.stage.change({"gap": 9999, "hidden": 1})
    tick(window)
    window.column.fair.units.setValue(512)
    tick(window)
    assert window.stage.settings.hidden == 1
    assert window.transport.line.whole().startswith("a trace of 10000 timesteps, 1 sequences and 512 units needs")
    assert window.column.fair.units.value() == 1


def test_a_task_chosen_at_too_small_a_gap_brings_its_own(window):
    window.stage.change({"gap": 2})
    tick(window)
    window.column.task._choose(window.column.task.names.index("order"))
    tick(window)
    assert (window.stage.settings.task, window.race.gap.slider.value()) == ("order", 3)
    assert window.transport.line.whole() == "Temporal order needs a gap of 3 or more"
    QTest.keyClick(window.race.gap.slider, Qt.Key.Key_Left)
    tick(window)
    assert (window.stage.settings.gap, window.race.gap.slider.value()) == (3, 3)


def test_the_wheel_scrolls_the_column_until_a_control_was_chosen(window):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    for control in (window.column.seed.seed, window.column.gain.slider, window.column.task.choice):
        middle = QPointF(control.rect().center())
        event = QWheelEvent(
            middle,
            control.mapToGlobal(middle),
            QPoint(0, 0),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(control, event)
    tick(window)
    assert window.stage.settings == START


def test_training_runs_from_the_column_and_says_how_far_it_is(window, qtbot):
    column = window.column
    column.training.updates.setValue(30)
    assert column._note.text().startswith("Untrained, one sequence, float64.")
    column.training.train.click()
    qtbot.waitUntil(lambda: tick(window) or _trained(window) == 30, timeout=20000)
    assert column._note.text().startswith("Update 30 of 30, one sequence")
    assert window.transport.update_label.text() == "Update 30"
    assert column.training.losses.isVisible()
    assert column.training.train.text() == "Train"
    press(window, "M")
    assert window.transport.scrubber.maximum() == 30
    window.transport.scrubber.setValue(10)
    qtbot.waitUntil(lambda: tick(window) or window.stage.frame.training.update == 10, timeout=20000)
    assert window.transport.update_label.text() == "Update 10"


def test_the_losses_of_a_first_training_are_scrolled_into_sight(window, qtbot):
    column = window.column
    window.resize(1440, 780)
    tick(window)
    column.training.train.click()
    qtbot.waitUntil(lambda: tick(window) or (_trained(window) == -1 and window.stage.desk.trained > 0), timeout=20000)
    window.stage.stop_training()
    qtbot.waitUntil(lambda: tick(window) or not window.stage.desk.running, timeout=20000)
    losses, area = column.training.losses, column.area.viewport()
    top = losses.mapTo(area, losses.rect().topLeft()).y()
    assert 0 <= top <= area.height() - losses.height()


def _trained(window):
    training = window.stage.frame.training
    return training.trained if training and not training.running else -1


def test_an_error_stands_in_the_banner_until_it_is_dismissed(window):
    assert window.banner.isHidden()
    window.stage.report("<b>one</b>")
    window.stage.report("two")
    tick(window)
    assert window.banner.isVisible()
    assert window.banner.text.text().startswith("two (2 in all)")
    window.banner.dismiss.click()
    tick(window)
    assert window.banner.isHidden()


def test_who_computes_is_said_quietly_while_kernels_compile(window):
    from lstmviz.stage.frame import EngineState

    window.stage.race.kernels = EngineState(False, 2, 6, "lstm_backward")
    tick(window)
    assert window.transport.line.whole() == "NumPy reference answers; compiling kernels, 3 of 6: lstm_backward"
    window.stage.race.kernels = EngineState(True, 6, 6)
    tick(window)
    assert window.transport.line.whole() == ""


# ---------------------------------------------------------------- lesson


def test_a_lesson_hides_the_controls_unless_its_page_names_one(window):
    lesson = read_lesson(shipped_lessons()[0])
    seen = set()
    for page in range(len(lesson.pages)):
        window.stage.lesson.open(lesson, page)
        tick(window)
        seen.add(window.stage.frame.lesson.shows_controls)
        assert window.column.isVisible() == window.stage.frame.lesson.shows_controls
        assert window.lesson.isVisible()
    assert seen == {True, False}
    window.stage.playback.pause()


def test_a_page_that_names_a_control_lets_the_others_rest(window):
    lesson = read_lesson(shipped_lessons()[0])
    page = next(k for k, page in enumerate(lesson.pages) if page.state.highlight == "forget bias")
    window.stage.lesson.open(lesson, page)
    tick(window)
    column = window.column
    resting = [group for group in column._groups if not group._veil.isHidden()]
    assert set(resting) == set(column._groups) - {column.forget_bias}
    QTest.mouseClick(column.networks.boxes["gru"], Qt.MouseButton.LeftButton, pos=QPoint(10, 14))
    tick(window)
    assert "gru" in window.stage.settings.cells
    window.stage.lesson.close()
    tick(window)
    assert all(group._veil.isHidden() for group in column._groups)


# ---------------------------------------------------------------- the end


def test_a_closed_window_hears_no_more_of_the_stage(qapp):
    with desk() as window:
        window.close()
        window.stage.change({"seed": 5})
        tick(window)
        assert window.column.seed.seed.value() == 0


def test_twenty_windows_leave_nothing_behind(qapp):
    dead = []
    for _ in range(20):
        with desk(Settings(gap=5)) as window:
            dead += [weakref.ref(window), weakref.ref(window.column), weakref.ref(window.commands)]
            dead += [weakref.ref(window.transport), weakref.ref(window.panels), weakref.ref(window.race)]
            listeners = window.stage.frame_changed
        assert len(listeners) == 0
        del window, listeners
        delete_now()
    gc.collect()
    assert [ref for ref in dead if ref() is not None] == []


def test_text_size_and_theme_reach_every_part(window):
    window.set_theme("dark")
    window.set_text_size(1.4)
    tick(window)
    assert fonts.text_size() == 1.4
    for part in (window.race, window.lesson, window.transport, window.switch_bar):
        theme = getattr(part, "theme", None) or part._theme
        assert theme.name == "dark"
