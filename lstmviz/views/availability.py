"""What a command can do now: whether the open lab knows it, and what it waits for. For the help and the palette.

Words used in this file
    here    the open lab has what the command is about
    why     one short line for what is impossible; empty where nothing is in the way
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lstmviz.stage.claims_frame import ClaimsPart
from lstmviz.stage.playback import SPEEDS
from lstmviz.stage.preferences import LARGEST, SMALLEST
from lstmviz.views import fonts
from lstmviz.views.interventions.hand_commands import NOTHING_TO_DRAG
from lstmviz.views.labs.entries import entries
from lstmviz.views.labs.lab import Lab
from lstmviz.words import tr

if TYPE_CHECKING:
    from lstmviz.views.window import MainWindow

WALKS = ("play", "back", "on", "first", "last", "loss", "swap", "next_level", "previous_level", "slower", "faster")
OWN = {  # methods of a lab that do nothing unless it has its own
    "bet_yes": "vote",
    "bet_no": "vote",
    "open_in_learn": "open_in_learn",
    "find": "find_words",
    "turn_wires": "turn_wires",
}
LESSON = ("next_page", "previous_page", "clear_drawing", "sandbox", "what_if_0", "lecture_from_here")


def not_here(window: MainWindow, name: str) -> str:
    """Why the open lab has no use for a command; empty where it has.

    Parameters
    ----------
    window : MainWindow
    name : str
        Of the table in ``keys.py``.
    """
    lab, title = window.labs.current, entries()[window.labs.name].title
    if name in WALKS and not lab.WALKS:
        return tr("Nothing to walk through in {lab}").format(lab=title)
    if name in OWN and getattr(type(lab), OWN[name]) is getattr(Lab, OWN[name]):
        return tr("Not in {lab}").format(lab=title)
    if name == "clamp_tool" and window.labs.name in NOTHING_TO_DRAG:
        return tr("There is nothing to clamp in {lab}").format(lab=title)
    if name == "threshold" and lab.THRESHOLD is None:
        return tr("Not in {lab}").format(lab=title)
    control = _control(window, name)
    if control is not None and not control():
        return tr("{lab} has no such control").format(lab=title)
    return ""


def why_not(window: MainWindow, name: str) -> str:
    """Why a command would do nothing now; empty where it would do something. Parameters as for ``not_here``."""
    return not_here(window, name) or _not_now(window, name)


def _control(window: MainWindow, name: str) -> Callable[[], bool] | None:
    """Whether the control that a command gives the keyboard to belongs to the open lab."""
    column = window.column
    known: dict[str, Callable[[], bool]] = {
        "focus_gap": lambda: window.labs.name == "race" or column.has(column.gap),
        "focus_forget_bias": lambda: column.has(column.forget_bias),
        "focus_initialisation": lambda: column.has(column.initialisation),
        "focus_fair": lambda: column.has(column.fair),
    }
    return known.get(name)


def _not_now(window: MainWindow, name: str) -> str:
    frame = window.stage.frame
    if name in LESSON or name.startswith("what_if_"):
        return _lesson(window, name)
    if name == "ghost":
        return "" if frame.interventions else tr("There is no intervention")
    if name == "weights_in_hand":
        return "" if frame.lanes else tr("No network is shown")
    if name == "undo":
        return "" if frame.can_undo else tr("Nothing to undo")
    if name == "redo":
        return "" if frame.can_redo else tr("Nothing to redo")
    if name == "restore_session":
        return "" if window.left is not None else tr("There is no session to restore")
    if name in ("larger", "smaller"):
        end = fonts.text_size() >= LARGEST if name == "larger" else fonts.text_size() <= SMALLEST
        return tr("Text has this size already") if end else ""
    if name in ("slower", "faster"):
        end = frame.speed == (SPEEDS[-1] if name == "faster" else SPEEDS[0])
        return tr("Play has this speed already") if end else ""
    if name == "open_in_learn" and isinstance(frame.part, ClaimsPart):
        return "" if frame.part.chosen else tr("Choose a row first")
    hidden = _control(window, name) is not None and not window.column.isVisible()
    hidden = hidden and not (name == "focus_gap" and window.labs.name == "race")
    return tr("The lesson's page hides the controls") if hidden else ""


def _lesson(window: MainWindow, name: str) -> str:
    lesson = window.stage.frame.lesson
    if lesson is None:
        return tr("No lesson is open")
    if name == "next_page":
        return "" if lesson.can_next else lesson.reason
    if name == "previous_page":
        return "" if lesson.can_back else tr("This is the first page")
    if name == "clear_drawing":
        drawn = lesson.predict is not None and bool(lesson.predict.points) and not lesson.predict.committed
        return "" if drawn else tr("Nothing is drawn")
    if name.startswith("what_if_"):
        key = int(name.rpartition("_")[2])
        known = {prepared.key for prepared in lesson.what_ifs}
        return "" if key in known or (key == 0 and known) else tr("The page has no such state")
    return ""
