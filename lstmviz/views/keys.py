"""One table of everything a key can do: the shortcuts, the tool tips and the help are made from it and nothing else.

Words used in this file
    command    what a key does; a method of the same name in ``commands.py`` does it
    reserved   keys that remotes ("clickers") send; no command but those named here may have them
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtGui import QKeySequence

from lstmviz.files import BadInput
from lstmviz.views.labs.entries import entries, key_of
from lstmviz.words import tr

RESERVED = ("PgUp", "PgDown", "B", ".", "F5", "Shift+F5", "Esc")


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the table.

    ``keys`` are portable ``QKeySequence`` texts, the first one is shown; ``repeats``: holding the key goes on.
    """

    name: str
    group: str
    keys: tuple[str, ...]
    about: str
    repeats: bool = False


def _commands() -> tuple[Command, ...]:
    walk, setting, look = tr("Walk"), tr("Set"), tr("Look")
    window, lesson = tr("Window"), tr("Lesson and lecture")
    return (
        Command("play", walk, ("Space",), tr("Play or pause")),
        Command("back", walk, ("J",), tr("One back"), repeats=True),
        Command("on", walk, ("L",), tr("One on"), repeats=True),
        Command("first", walk, ("Home",), tr("To the start of this pass")),
        Command("last", walk, ("End",), tr("To the end of this pass")),
        Command("loss", walk, ("O",), tr("Show the loss: the answer and its error")),
        Command("swap", walk, ("D",), tr("Same timestep, other pass")),
        Command("next_level", walk, ("M",), tr("Next level: operation, timestep, update")),
        Command("previous_level", walk, ("Shift+M",), tr("Level before")),
        Command("slower", walk, ("Shift+J",), tr("Play walks slower")),
        Command("faster", walk, ("Shift+L",), tr("Play walks faster")),
        Command("focus_gap", setting, ("G",), tr("Gap; then ← →, with Shift by 10")),
        Command("focus_forget_bias", setting, ("F",), tr("Forget bias; then ← →")),
        Command("focus_initialisation", setting, ("I",), tr("RNN initialisation; then ↑ ↓")),
        Command("focus_fair", setting, ("P",), tr("Fair by; then ← →")),
        Command("next_seed", setting, ("N",), tr("Another draw of weights and sequence")),
        Command("toggle_rnn", setting, ("Alt+R",), tr("Show the RNN")),
        Command("toggle_lstm", setting, ("Alt+L",), tr("Show the LSTM")),
        Command("toggle_gru", setting, ("Alt+U",), tr("Show the GRU")),
        Command("bet_yes", setting, ("Y",), tr("Bet on the next network, vote: yes")),
        Command("bet_no", setting, ("Shift+Y",), tr("Bet on the next network, vote: no")),
        Command("open_in_learn", setting, ("Ctrl+Return",), tr("The chosen claim in Learn")),
        Command("find", look, ("Ctrl+F",), tr("Find in claims")),
        Command("clamp_tool", setting, ("C",), tr("Clamp tool: drag over timesteps to hold a value")),
        Command("turn_wires", look, ("V",), tr("Values or gradients on the wires of the cell")),
        Command("ghost", look, ("H",), tr("Ghost of the run before the interventions")),
        Command("weights_in_hand", setting, ("W",), tr("All weights of the selected network in the hand")),
        Command("choose_task", setting, ("Ctrl+T",), tr("What must be remembered")),
        Command("open_data", setting, ("Ctrl+O",), tr("Open weights, data, a session or a lesson")),
        Command("recent_files", setting, ("Alt+O",), tr("Files: recent ones, save, copy")),
        Command("save_session", setting, ("Ctrl+S",), tr("Save the session in one small file")),
        Command("restore_session", setting, ("Ctrl+Shift+R",), tr("Restore the session after a crash")),
        Command("reset", setting, ("R",), tr("Back to the start-up state")),
        Command("undo", setting, ("Ctrl+Z",), tr("Undo")),
        Command("redo", setting, ("Ctrl+Shift+Z", "Ctrl+Y"), tr("Redo")),
        Command("table_of_plot", look, ("T",), tr("The plot as a table of numbers")),
        Command("sentence", look, ("Shift+T",), tr("The plot in one sentence")),
        Command("export", look, ("Ctrl+E",), tr("Save picture, film or numbers")),
        Command("threshold", look, ("X",), tr("Threshold; then ← →")),
        Command("copy", look, ("Ctrl+C",), tr("Copy the picture")),
        Command("copy_numbers", look, ("Ctrl+Shift+C",), tr("Copy the numbers for a spreadsheet")),
        Command("larger", look, ("Ctrl++", "Ctrl+="), tr("Larger text")),
        Command("smaller", look, ("Ctrl+-",), tr("Smaller text")),
        Command("normal_size", look, ("Ctrl+0",), tr("Text at 100 %")),
        Command("next_theme", look, ("Ctrl+Shift+D",), tr("Theme: light, dark, projector")),
        Command("full_screen", look, ("F11",), tr("Full screen")),
        *(Command(name, window, (key_of(name),), entry.about) for name, entry in entries().items()),
        Command("next_region", window, ("F6",), tr("To the next region of the window")),
        Command("previous_region", window, ("Shift+F6",), tr("To the region before")),
        Command("palette", window, ("Ctrl+K", "Ctrl+Shift+P"), tr("Find any command, task, lesson, setting")),
        Command("glossary", window, ("Shift+F1",), tr("What a word means")),
        Command("help", window, ("F1",), tr("Explain the screen and every key")),
        Command("enter", window, ("Return", "Enter"), tr("Press the button, or commit")),
        Command("leave", window, ("Esc",), tr("Leave a drag, a card, full screen")),
        Command("lesson", lesson, ("Ctrl+L",), tr("Show or hide the lesson")),
        Command("lesson_list", lesson, ("Ctrl+Shift+L",), tr("All lessons, with progress")),
        Command("next_page", lesson, ("PgDown",), tr("Next page")),
        Command("previous_page", lesson, ("PgUp",), tr("Page before")),
        Command("clear_drawing", lesson, ("Backspace",), tr("Clear the drawn prediction")),
        Command("sandbox", lesson, ("Ctrl+Shift+O",), tr("Try anything; come back to this page")),
        *(
            Command(f"what_if_{key}", lesson, (str(key),), tr("Prepared state {n} of the page").format(n=key))
            for key in range(1, 10)
        ),
        Command("what_if_0", lesson, ("0",), tr("Back to the page's own state")),
        Command("lecture", lesson, ("F5",), tr("Show on the projector")),
        Command("lecture_from_here", lesson, ("Shift+F5",), tr("Show on the projector from this page")),
    )


MAY_HAVE_RESERVED = {"leave", "next_page", "previous_page", "lecture", "lecture_from_here"}


def commands(changed: Mapping[str, str] | None = None) -> dict[str, Command]:
    """The table, by name, with the keys that the reader's preferences give instead.

    Parameters
    ----------
    changed : mapping of str to str, optional
        Keys by the name of their command, as ``QKeySequence`` reads them: ``{"play": "K"}``.

    Raises
    ------
    BadInput
        If a name is unknown, a key is none or reserved, or two commands would have the same key.
    """
    table = {command.name: command for command in _commands()}
    for name, key in (changed or {}).items():
        place = tr("key of {name}").format(name=name)
        if name not in table:
            raise BadInput(FILE, place, tr("unknown command"), ", ".join(table))
        sequence = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
        if not sequence:
            raise BadInput(FILE, place, tr("{key} is no key").format(key=key), tr("such as K or Ctrl+K"))
        if sequence in RESERVED and sequence not in table[name].keys:
            raise BadInput(FILE, place, tr("{key} is kept for clickers").format(key=key), tr("any other key"))
        table[name] = replace(table[name], keys=(sequence,))
    _refuse_clashes(table)
    return table


FILE = "preferences.json"


def _refuse_clashes(table: Mapping[str, Command]) -> None:
    owners: dict[str, str] = {}
    for command in table.values():
        for key in command.keys:
            if owners.setdefault(key, command.name) != command.name:
                what = tr("{key} is the key of {other} already").format(key=key, other=owners[key])
                raise BadInput(FILE, tr("key of {name}").format(name=command.name), what, tr("any other key"))


def shown_key(command: Command) -> str:
    """The command's first key as it is printed on a cap in help and tool tips: ``Ctrl + L``, ``PgDn``."""
    names = {"PgDown": "PgDn", "PgUp": "PgUp", "Return": "Enter", "-": "−"}
    key = command.keys[0]
    parts = [*key[:-1].rstrip("+").split("+"), key[-1]] if key.endswith("+") else key.split("+")
    return " ".join(names.get(part, part) for part in parts if part)


def tip(command: Command, about: str = "") -> str:
    """The tool tip of a command: what it does, and its key."""
    return f"{about or command.about} ({shown_key(command)})"
