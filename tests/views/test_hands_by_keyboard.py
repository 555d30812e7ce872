"""Cards of the hands by keyboard: Tab goes through them as they are read, and Esc gives the keyboard back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lstmviz.lab.settings import Settings
from lstmviz.stage.hands import Clamp
from lstmviz.views.interventions.hands import hands_of
from tests.views.desk import desk, press, tick
from tests.views.hands_desk import draw, show


@pytest.fixture
def window(qapp):
    with desk(Settings(gap=20), size=(1280, 720)) as made:
        yield made


def walk(window, start, times):
    start.setFocus()
    reached = [start]
    for _ in range(times):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        tick(window)
        reached.append(window.focusWidget())
    return reached


def test_a_clamp_is_drawn_typed_and_left_with_keys_alone(window):
    lab = show(window)
    lane = lab.lanes[1]
    lane.setFocus()
    press(window, "C")
    window.stage.select(timestep=7)
    tick(window)
    for _ in range(4):
        QTest.keyClick(lane, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        tick(window)
    QTest.keyClick(lane, Qt.Key.Key_Return)
    tick(window)
    card = hands_of(lab).clamp
    assert window.focusWidget() is card.value
    card.value.lineEdit().selectAll()
    QTest.keyClicks(card.value, "0.25")
    QTest.keyClick(card.value, Qt.Key.Key_Return)
    tick(window)
    assert window.stage.interventions == (Clamp("lstm", "f", 7, 10, (0.25,)),)
    press(window, "Esc")
    assert card.isHidden() and window.focusWidget() is lane and hands_of(lab).tool_on
    press(window, "Esc")
    assert not hands_of(lab).tool_on


def test_tab_goes_through_the_clamps_card_as_it_is_read(window):
    lab = show(window, Clamp("lstm", "f", 3, 5, (0.1,)))
    hands_of(lab).open_clamp(0)
    draw(window)
    card = hands_of(lab).clamp
    wanted = [card.quantity, card.value, card.by_hand, card.slider, card.first, card.last, card.units]
    wanted += [card.remove, card.done, card.close_button]
    assert walk(window, card.quantity, 9) == wanted


@pytest.mark.parametrize("task", ["recall", "adding"])
def test_tab_goes_through_letters_or_numbers_and_then_out_of_the_inputs_card(window, task):
    window.stage.choose_task(task)
    tick(window, 2)
    hands_of(show(window)).open_input(3)
    draw(window)
    card = hands_of(window.labs.current).input
    choices = [*card.letters.values(), *card.numbers]
    assert choices and walk(window, choices[0], len(choices)) == [*choices, card.close_button]
    card.back.setEnabled(True)
    assert walk(window, choices[0], len(choices) + 1) == [*choices, card.back, card.close_button]
