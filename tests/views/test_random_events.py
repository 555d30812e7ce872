"""Random clicks, drags, keys, wheels, sizes and hands, from a seed: nothing is raised, warned of or slow.

The fixture round every test (tests/conftest.py) fails it for any exception that Python or Qt would have swallowed.
"""

import random
import time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from lstmviz.lab.papers.parts import judged
from lstmviz.stage.claims_rows import Book
from lstmviz.stage.hands import Clamp, Cut, Freeze, WeightEdit
from lstmviz.stage.lab_names import EXISTING
from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.views import lecture
from lstmviz.views.interventions.edits import make
from lstmviz.views.keys import commands
from tests.views.desk import desk, tick

EVENTS = 800
LONGEST = 2.0  # seconds of this thread's own work that one event may take, whatever else the machine does
KEYS = [key for command in commands().values() for key in command.keys]
KEYS += ["Left", "Right", "Up", "Down", "Tab", "Shift+Tab", "Shift+Left", "Shift+Right", "7", "x", "Delete"]
# full screen and the lecture have tests of their own; the file dialog stops the keyboard
LEFT_OUT = {"F11", "F5", "Shift+F5", "Ctrl+E"}
SLOW = ["Ctrl++", "Ctrl+=", "Ctrl+-", "Ctrl+0", "Ctrl+Shift+D"]  # a new style sheet for the whole program: 0.1 s
QUICK = [key for key in KEYS if key not in LEFT_OUT and key not in SLOW]


class Monkey:
    """Does one random thing after the other to a window."""

    def __init__(self, window, seed):
        self.window, self.chance, self.log = window, random.Random(seed), []

    def act(self):
        kinds = {"click": 35, "drag": 20, "double": 10, "wheel": 7, "key": 25, "resize": 3, "hand": 8}
        kind = self.chance.choices(list(kinds), list(kinds.values()))[0]
        getattr(self, kind)()
        tick(self.window, 1, self.chance.choice((0.0, 0.016, 0.1)))
        if self.chance.random() < 0.1:
            self.put_away()

    def put_away(self):
        for menu in self.window.findChildren(QMenu):
            menu.close()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        for dialog in self.window.findChildren(QFileDialog):
            dialog.close()

    def place(self):
        """A random point, and the widget that lies under it."""
        point = QPoint(self.chance.randrange(self.window.width()), self.chance.randrange(self.window.height()))
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup, QPoint(self.chance.randrange(popup.width()), self.chance.randrange(popup.height()))
        widget = self.window.childAt(point) or self.window
        return widget, widget.mapFrom(self.window, point) if widget is not self.window else point

    def note(self, *what):
        self.log.append(what)

    def click(self):
        widget, point = self.place()
        button = self.chance.choice((Qt.MouseButton.LeftButton,) * 9 + (Qt.MouseButton.RightButton,))
        self.note("click", type(widget).__name__, point)
        QTest.mouseClick(widget, button, pos=point)

    def double(self):
        widget, point = self.place()
        self.note("double", type(widget).__name__, point)
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=point)

    def drag(self):
        widget, point = self.place()
        self.note("drag", type(widget).__name__, point)
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=point)
        for _ in range(self.chance.randrange(1, 5)):
            if not is_alive(widget):
                return
            point += QPoint(self.chance.randrange(-150, 150), self.chance.randrange(-60, 60))
            QTest.mouseMove(widget, point)
            tick(self.window)
        if is_alive(widget):
            QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=point)

    def wheel(self):
        widget, point = self.place()
        self.note("wheel", type(widget).__name__, point)
        turn = QPoint(0, self.chance.choice((-120, 120)))
        where = QPointF(point)
        buttons, keys, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(where, widget.mapToGlobal(where), QPoint(0, 0), turn, buttons, keys, phase, False)
        QApplication.sendEvent(widget, event)

    def key(self):
        key = self.chance.choice(SLOW if self.chance.random() < 0.03 else QUICK)
        target = QApplication.activePopupWidget() or self.window.focusWidget() or self.window
        self.note("key", key, type(target).__name__)
        QTest.keySequence(target, QKeySequence(key))

    def hand(self):
        """Hold, cut, change, switch or take back something that may or may not be there."""
        stage, chance = self.window.stage, self.chance
        cell, first = chance.choice(("rnn", "lstm", "gru")), chance.randrange(1, 9)
        last, value = first + chance.randrange(9), chance.choice((0.0, 0.3, 1.0))
        made = (
            Clamp(cell, chance.choice("ifgochrzn"), first, last, (value,)),
            Freeze(cell, first, first + 3, chance.choice(((), (2,)))),
            Cut(cell, first, 2),
            WeightEdit(cell, "weight_hh", first, 1, chance.uniform(-2, 2)),
        )
        verbs = (self.window.commands.be_the_lstm, stage.undo, stage.redo, stage.clear_interventions)
        what = chance.choice((*made, *verbs))
        self.note("hand", what)
        if callable(what):
            what()
        else:
            make(stage, what)
            stage.switch_intervention(chance.randrange(4), chance.random() < 0.7)

    def resize(self):
        size = self.chance.randrange(500, 1500), self.chance.randrange(350, 950)
        self.note("resize", size)
        self.window.resize(*size)


def is_alive(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return isValid(widget)


def never(book, key, workers, stop, progress):
    """Stands for minutes of runs in processes of their own, which have tests of their own."""
    stop.wait(0.2)
    return judged(book.experiments[key], [])


def no_trials(_trials, _post, stop):
    """Stands for runs with other seeds or starts; like them it gives back nothing but what it posts."""
    stop.wait(0.2)


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(more, marks=pytest.mark.soak) for more in range(3, 20))])
def test_random_events_break_nothing(qapp, seed, monkeypatch):
    monkeypatch.setattr(Book, "run", never)
    for module in ("learning", "learn_starts"):
        monkeypatch.setattr(f"lstmviz.stage.{module}.run_trials", no_trials)
    with desk(size=(1120, 640)) as window:
        monkey = Monkey(window, seed)
        window.open_lab(EXISTING[seed % len(EXISTING)])
        if seed % 2:
            window.stage.lesson.open(read_lesson(shipped_lessons()[0]), seed)
            tick(window)
        slowest = (0.0, ())
        for number in range(EVENTS):
            begun = time.thread_time()
            monkey.act()
            slowest = max(slowest, (time.thread_time() - begun, monkey.log[-1]), key=lambda found: found[0])
            window.stage.stop_training()
            lecture.leave()
            settings, frame = window.stage.settings, window.stage.frame
            assert frame.settings == settings, (number, monkey.log[-5:])
            assert 0 <= frame.place <= 2 * frame.timesteps
            assert frame.banner == "", (number, monkey.log[-5:], frame.banner)
        monkey.put_away()
        assert slowest[0] <= LONGEST, slowest
