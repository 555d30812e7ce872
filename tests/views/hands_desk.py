"""What tests of hands share: a window with interventions, a drag, and a count of what Undo takes back."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from lstmviz.stage.hands import Clamp
from lstmviz.views.control_groups.interventions import InterventionsGroup
from lstmviz.views.picture import settle
from tests.views.desk import tick

LEFT, NONE, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
F = Clamp("lstm", "f", 20, 22, (0.1,))


def show(window, *interventions, lab="race"):
    """Open a lab with these interventions, and paint it."""
    window.stage.open_lab(lab)
    for one in interventions:
        window.stage.intervene(one)
    draw(window)
    return window.labs.current


def draw(window):
    tick(window, 2)
    settle(window)
    window.grab()


def group(window):
    return window.column.group(InterventionsGroup)


def undo_entries(window):
    """How many times Undo can be pressed, leaving the stage as it was."""
    count = 0
    while window.stage.frame.can_undo:
        window.stage.undo()
        tick(window)
        count += 1
    for _ in range(count):
        window.stage.redo()
        tick(window)
    return count


def drag(widget, start, *places, modifier=NONE):
    """Press, move through places, release; all in the widget's coordinates."""
    QTest.mousePress(widget, LEFT, modifier, start)
    for place in places:
        here = QPointF(place)
        event = QMouseEvent(QEvent.Type.MouseMove, here, widget.mapToGlobal(here), LEFT, LEFT, modifier)
        widget.mouseMoveEvent(event)
    QTest.mouseRelease(widget, LEFT, modifier, places[-1] if places else start)


def lane_at(lab, view, t):
    return lab.lanes[view].row_box(3, t).center()
