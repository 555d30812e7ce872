"""The transport bar and its scrubber: one track for the whole computation, and words for every place of it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from lstmviz.views.transport import quiet_line
from tests.views.desk import desk, press, tick


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


@pytest.mark.parametrize("gap", [2, 5, 50, 200])
def test_every_place_has_its_own_pixel_and_is_found_there_again(window, gap):
    window.stage.change({"gap": gap})
    tick(window, 2)
    scrubber = window.transport.scrubber
    xs = [scrubber.x_of(place) for place in range(2 * gap + 3)]
    assert xs == sorted(xs)
    assert [scrubber.notch_at(x) for x in xs] == list(range(2 * gap + 3))
    assert scrubber.notch_at(-100) == 0
    assert scrubber.notch_at(scrubber.width() + 100) == 2 * gap + 2


def test_the_loss_stands_in_the_middle(window):
    scrubber = window.transport.scrubber
    assert scrubber.x_of(window.stage.frame.timesteps) == pytest.approx(scrubber.width() / 2, abs=1)


def test_a_drag_moves_the_playhead_and_never_recomputes(window):
    scrubber, before = window.transport.scrubber, window.stage.frame.comparison
    middle = scrubber.height() // 2
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(round(scrubber.x_of(2)), middle))
    tick(window)
    assert window.stage.frame.place == 2
    QTest.mouseMove(scrubber, QPoint(round(scrubber.x_of(9)), middle))
    tick(window)
    QTest.mouseRelease(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(round(scrubber.x_of(9)), middle))
    assert window.stage.frame.place == 9
    assert window.stage.frame.comparison is before
    assert not window.stage.frame.can_undo


def test_arrows_walk_and_with_shift_by_ten(window):
    window.stage.change({"gap": 50})
    tick(window)
    window.transport.scrubber.setFocus()
    press(window, "Left")
    assert window.stage.frame.position.t == 2
    press(window, "Shift+Left")
    assert window.stage.frame.position.t == 12


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (0, "Forward pass, t = 1"),
        (5, "Forward pass done"),
        (6, "The loss, taken at t = 6"),
        (9, "Backward pass, t = 4"),
        (12, "Backward pass, t = 1"),
    ],
)
def test_every_place_is_said_in_words(window, place, words):
    window.stage.seek(place)
    tick(window)
    assert window.transport.scrubber.accessibleDescription() == words


def test_buttons_do_what_they_say_at_each_level(window):
    buttons = window.transport._buttons
    buttons["back"].click()
    tick(window)
    assert window.stage.frame.position.t == 2
    assert buttons["on"].toolTip() == "One timestep on (L)"
    window.transport.level.segment(0).click()
    tick(window)
    assert window.stage.frame.level == "operation"
    assert buttons["on"].toolTip() == "One operation on (L)"
    assert window.transport.scrubber.accessibleDescription() == "Operation 10 of 10: Leave, t = 2"
    buttons["back"].click()
    tick(window)
    assert window.transport.scrubber.accessibleDescription() == "Operation 9 of 10: Forget gate, t = 2"
    window.transport.level.segment(2).click()
    tick(window)
    assert window.stage.frame.level == "update"
    assert buttons["on"].toolTip() == "One update on (L)"
    assert window.transport.scrubber.accessibleDescription() == "Untrained: press On or Train"


def test_the_scrubber_has_a_place_for_every_operation_and_goes_there(window):
    window.stage.set_level("operation")
    window.stage.select(network="lstm")
    tick(window)
    scrubber, frame = window.transport.scrubber, window.stage.frame
    assert scrubber.maximum() == frame.notches == 6 * 20
    xs = [scrubber.x_of(notch) for notch in range(frame.notches + 1)]
    assert xs == sorted(xs)
    assert [scrubber.notch_at(x) for x in xs] == list(range(frame.notches + 1))
    middle = scrubber.height() // 2
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(round(scrubber.x_of(27)), middle))
    tick(window)
    QTest.mouseRelease(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(round(scrubber.x_of(27)), middle))
    assert window.stage.frame.notch == 27
    assert scrubber.accessibleDescription() == "Operation 8 of 10: Add, t = 3"


@pytest.mark.parametrize(("width", "height"), [(1120, 640), (1280, 720), (1440, 900)])
@pytest.mark.parametrize("level", ["operation", "timestep", "update"])
def test_the_bar_fits_into_the_window_at_every_level(window, width, height, level):
    window.stage.set_level(level)
    window.resize(width, height)
    tick(window, 3)
    bar = window.transport
    assert bar.minimumSizeHint().width() <= width and bar.width() <= width
    segments = [bar.level.segment(index) for index in range(3)]
    for one in segments:
        assert one.fontMetrics().horizontalAdvance(one.text()) <= one.width()
    assert bar.level.geometry().right() < bar.scrubber.geometry().left()


def test_a_click_on_the_speed_goes_faster_and_from_the_fastest_to_the_slowest(window):
    seen = []
    for _ in range(4):
        window.transport.speed.click()
        tick(window)
        seen.append(window.stage.frame.speed)
    assert seen == [2.0, 4.0, 0.25, 0.5]


def test_a_notice_is_said_for_some_seconds_and_goes(window):
    window.stage.notify("<i>axis</i>")
    tick(window)
    assert window.transport.line.text() == "<i>axis</i>"
    assert "<i>" not in window.transport.line.toolTip()
    tick(window, 1, dt=10.0)
    assert quiet_line(window.stage.frame) == ""
    assert window.transport.line.text() == ""
