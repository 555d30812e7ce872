"""What the TOML blocks of a lesson may say: each kind of block becomes one frozen value, or one error line.

Words used in this file
    changes   keys of the stage and values, dotted keys flattened; a page's state is the state before plus its changes
"""

import math
from dataclasses import replace
from typing import Any

from lstmviz.files import BadInput
from lstmviz.lab.settings import CELLS, FIELDS, Settings, fitting, value_of
from lstmviz.stage.lab_names import EXISTING
from lstmviz.stage.lesson_blocks import Fence, pieces
from lstmviz.stage.lesson_frame import Block
from lstmviz.stage.lesson_parts import Ask, Check, Condition, Option, Predict, Prepared, State
from lstmviz.stage.lesson_place import Place
from lstmviz.stage.playback import END, LEVELS, PLACES, USUAL_LEVEL, Position, read_position
from lstmviz.stage.quantities import QUANTITIES
from lstmviz.stage.toml_table import Table, shown
from lstmviz.words import tr

HIGHLIGHTS = (
    "gap",
    "input",
    "activations",
    "gradient",
    "plot",
    "bound",
    "headline",
    "loss",
    "RNN",
    "LSTM",
    "GRU",
    "transport",
    "task",
    "networks",
    "forget bias",
    "initialisation",
    "gain",
    "seed",
    "training",
)
CONTROLS = frozenset({"task", "networks", "forget bias", "initialisation", "gain", "seed", "training"})
STAGE_KEYS = (*FIELDS, "playhead", "level", "highlight", "lab")
REVEALS = ("gradient",)
ASK, REASON, OPTION, LABEL = 400, 500, 120, 40  # characters

START = State(Settings(), Position("backward", 1), USUAL_LEVEL, "")


# -- the stage -------------------------------------------------------------------------------------------------


def fold(state: State, table: Table) -> State:
    """The state after the changes of a table.

    Parameters
    ----------
    state : State
        The state of the page before.
    table : Table
        A ``toml stage`` block, the ``start`` of a lesson, or the ``stage`` of a what-if.

    Raises
    ------
    BadInput
        For unknown keys, values that are not allowed, and a playhead beyond the sequence.
    """
    fresh: dict[str, Any] = {}
    for key, value in flat(table).items():
        place = table.place(key.rpartition(".")[2])
        if key not in STAGE_KEYS:
            raise place.unknown(tr("key"), key, STAGE_KEYS)
        if key in FIELDS:
            fresh[FIELDS[key].name] = _setting(key, value, place)
        else:
            state = _other(state, key, value, place)
    place = table.place()
    settings = _fitting(replace(state.settings, **fresh), place)
    return replace(state, settings=settings, position=_within(state.position, settings, place))


def flat(table: Table) -> dict[str, Any]:
    """The entries of a table and of the tables in it, with dotted keys."""
    found: dict[str, Any] = {}
    waiting = list(table.entries.items())
    while waiting:
        key, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting = [(f"{key}.{inner}", entry) for inner, entry in value.items()] + waiting
        elif key in found:
            raise table.place(key).refuse(tr("the key stands there twice"), tr("once"), key)
        else:
            found[key] = value
    return found


def _setting(key: str, value: Any, place: Place) -> Any:
    if isinstance(value, bool) != (FIELDS[key].kind == "switch") or not isinstance(value, str | int | float | list):
        raise place.refuse(tr("{value} is no setting").format(value=shown(value)), FIELDS[key].allowed(), key)
    if FIELDS[key].kind in ("integer", "number") and isinstance(value, str) and value not in FIELDS[key].choices:
        raise place.refuse(tr("{value} is not a number").format(value=shown(value)), FIELDS[key].allowed(), key)
    try:
        return value_of(FIELDS[key], value, place.file, place.words, place.line)
    except BadInput as error:
        if len(error.wrong) <= 80:
            raise
        wrong = tr("{value} is not allowed").format(value=shown(value))
        raise place.refuse(wrong, FIELDS[key].allowed(), key) from error


def _fitting(settings: Settings, place: Place) -> Settings:
    if not settings.cells:
        raise place.refuse(tr("there is no network"), ", ".join(CELLS), "cells")
    return fitting(settings, place.file, place.words, place.line)


def _other(state: State, key: str, value: Any, place: Place) -> State:
    if key == "playhead":
        return replace(state, position=_playhead(value, place))
    if key == "level":
        if value not in LEVELS:
            raise place.refuse(tr("{value} is unknown").format(value=shown(value)), ", ".join(LEVELS), key)
        return replace(state, level=str(value))
    if key == "highlight":
        if value != "" and value not in HIGHLIGHTS:
            if isinstance(value, str):
                raise place.unknown(key, value, HIGHLIGHTS)
            raise place.refuse(tr("{value} is unknown").format(value=shown(value)), ", ".join(HIGHLIGHTS), key)
        return replace(state, highlight=str(value))
    if value not in EXISTING:
        raise place.refuse(tr("{value} is unknown").format(value=shown(value)), ", ".join(EXISTING), key)
    return replace(state, lab=str(value))


def _playhead(value: Any, place: Place) -> Position:
    """``forward 7``, ``forward end`` (t = T), ``loss``, ``backward 7``, ``backward end`` (t = 1)."""
    found = read_position(value)
    if found is None:
        raise place.refuse(tr("{value} is no place").format(value=shown(value)), PLACES, "playhead")
    return found


def _within(position: Position, settings: Settings, place: Place) -> Position:
    if position.t > settings.timesteps() and position.t != END:
        wrong = tr("t = {t} is beyond the end").format(t=position.t)
        raise place.refuse(wrong, tr("1 to {last}").format(last=settings.timesteps()), "playhead")
    return position


def settled(state: State) -> State:
    """The state with the end of the sequence put in as a number."""
    last = state.settings.timesteps()
    return replace(state, position=replace(state.position, t=min(state.position.t, last)))


# -- questions -------------------------------------------------------------------------------------------------


def predict_of(fence: Fence, entries: dict[str, Any], state: State) -> Predict:
    """A ``toml predict`` block."""
    known = {
        "curve": ("kind", "ask", "reveals", "cell"),
        "choice": ("kind", "ask", "reveals", "options", "answer"),
        "number": ("kind", "ask", "reveals", "quantity"),
    }
    kind = Table(entries, (), fence).choice("kind", tuple(known))
    table = Table(entries, known[kind], fence)
    ask = table.runs("ask", ASK)
    reveals = table.choice("reveals", REVEALS, REVEALS[0] if kind == "curve" else "")
    if kind == "curve":
        cell = table.choice("cell", CELLS, "rnn")
        if cell not in state.settings.cells:
            wrong = tr("{cell} is not in this race").format(cell=cell)
            raise table.place("cell").refuse(wrong, ", ".join(state.settings.cells), "cell")
        return Predict("curve", ask, True, cell)
    if kind == "choice":
        options = table.texts("options", 2, 6, OPTION)
        answer = table.whole("answer", 1, len(options)) - 1
        return Predict("choice", ask, bool(reveals), options=options, answer=answer)
    return Predict("number", ask, bool(reveals), quantity=_quantity(table, state))


def ask_of(fence: Fence, entries: dict[str, Any]) -> Ask:
    """A ``toml ask`` block."""
    table = Table(entries, ("ask", "options"), fence)
    options = []
    for option in table.tables("options", ("text", "because", "right"), 2, 6):
        right = option.entries.get("right", False)
        if not isinstance(right, bool):
            raise option.place("right").refuse(tr("{value} is no answer").format(value=shown(right)), "true, false")
        options.append(Option(option.text("text", OPTION), right, option.runs("because", REASON)))
    if sum(option.right for option in options) != 1:
        raise table.place("options").refuse(tr("not exactly one option is right"), tr("right = true, once"), "options")
    return Ask(table.runs("ask", ASK), tuple(options))


def check_of(fence: Fence, entries: dict[str, Any], state: State) -> Check:
    """A ``toml check`` block."""
    table = Table(entries, ("ask", "holds", "hint"), fence)
    holds = table.table("holds", ("quantity", "at_least", "at_most", "between"))
    quantity = _quantity(holds, state)
    limits = [key for key in ("at_least", "at_most", "between") if key in holds]
    if ("between" in limits and len(limits) > 1) or not limits:
        raise table.place("holds").refuse(
            tr("no limit, or too many"), "at_least, at_most, between = [low, high]", "holds"
        )
    if "between" in limits:
        condition = Condition(quantity, *holds.between("between"))
    else:
        low = holds.real("at_least") if "at_least" in holds else -math.inf
        high = holds.real("at_most") if "at_most" in holds else math.inf
        if low > high:
            raise table.place("holds").refuse(tr("no number is both"), tr("at_least below at_most"), "holds")
        condition = Condition(quantity, low, high)
    return Check(table.runs("ask", ASK), condition, table.runs("hint", ASK, ""))


def _quantity(table: Table, state: State) -> str:
    name = table.text("quantity", 60)
    if name not in QUANTITIES:
        raise table.place("quantity").unknown(tr("quantity"), name, QUANTITIES)
    check_cell(name, state, table.place("quantity"))
    return name


def check_cell(name: str, state: State, place: Place) -> None:
    """Refuse a quantity of a network that this page does not show."""
    cell = QUANTITIES[name].cell
    if cell and cell not in state.settings.cells:
        wrong = tr("{name} needs the {cell}, which is not in this race").format(name=name, cell=cell.upper())
        raise place.refuse(wrong, tr("cells = {cells}").format(cells=", ".join(state.settings.cells)))


# -- notes -----------------------------------------------------------------------------------------------------


def notes_of(fence: Fence, entries: dict[str, Any], state: State) -> tuple[tuple[Block, ...], tuple[Prepared, ...]]:
    """A ``toml notes`` block: what the teacher reads, and the prepared states."""
    table = Table(entries, ("say", "what_if"), fence)
    say: tuple[Block, ...] = ()
    if "say" in table:
        place = table.place("say")
        found = pieces(table.text("say", 4000), place)
        say = tuple(piece for piece in found if isinstance(piece, Block))
        if len(say) < len(found):
            raise place.refuse(tr("a heading or a toml block in the notes"), tr("paragraphs and lists"), "say")
    prepared: list[Prepared] = []
    for entry in table.tables("what_if", ("key", "label", "stage"), 0, 9) if "what_if" in table else ():
        key = entry.whole("key", 1, 9)
        if any(key == other.key for other in prepared):
            raise entry.place("what_if").refuse(tr("key {n} is taken").format(n=key), tr("each of 1 to 9 once"), "key")
        changed = settled(fold(state, entry.table("stage", ())))
        prepared.append(Prepared(key, entry.text("label", LABEL), changed))
    return say, tuple(prepared)
