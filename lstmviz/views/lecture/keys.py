"""What a key does in a lecture, in either window: the one table that key presses and button caps are read from.

Words used in this file
    verb    a name that ``LectureShow.act`` understands
    arrows  some clickers send arrow keys instead of PageUp and PageDown; a preference maps them to pages
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

K = Qt.Key

VERBS = {
    K.Key_PageDown: "next",
    K.Key_PageUp: "previous",
    K.Key_Space: "play",
    K.Key_J: "back",
    K.Key_L: "on",
    K.Key_B: "black",
    K.Key_Period: "black",
    K.Key_S: "skip",
    K.Key_F6: "swap",
    K.Key_F7: "strip",
    K.Key_Escape: "leave",
    **{Qt.Key(K.Key_0.value + digit): f"what_if_{digit}" for digit in range(10)},
}
ARROWS = {K.Key_Right: "next", K.Key_Down: "next", K.Key_Left: "previous", K.Key_Up: "previous"}
CONTROL = {
    K.Key_Plus: "larger",
    K.Key_Equal: "larger",
    K.Key_Minus: "smaller",
}
MODIFIERS = {K.Key_Shift, K.Key_Control, K.Key_Alt, K.Key_AltGr, K.Key_Meta, K.Key_CapsLock, K.Key_NumLock}
HELD = {"back", "on", "larger", "smaller"}  # holding these keys goes on; a clicker held down must not race


def verb_of(event: QKeyEvent, arrows: bool) -> str:
    """The verb of a key press, "" for a key that has none.

    Parameters
    ----------
    event : QKeyEvent
    arrows : bool
        Whether the clicker sends arrows.
    """
    key = Qt.Key(event.key())
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    if held == Qt.KeyboardModifier.ControlModifier:
        verb = CONTROL.get(key, "")
    elif held:
        verb = ""
    else:
        verb = VERBS.get(key, "") or (ARROWS.get(key, "") if arrows else "")
    return "" if event.isAutoRepeat() and verb not in HELD else verb


def wakes(event: QKeyEvent) -> bool:
    """Whether a key brings the picture back from black: any but Esc, which leaves, and modifiers on their own."""
    return event.key() != K.Key_Escape and Qt.Key(event.key()) not in MODIFIERS and not event.isAutoRepeat()
