"""The table of keys: nothing clashes, nothing is missing, nothing takes a clicker's keys."""

import pytest
from PySide6.QtGui import QKeySequence

from lstmviz.files import BadInput
from lstmviz.views.commands import Commands, shared
from lstmviz.views.keys import MAY_HAVE_RESERVED, RESERVED, commands, shown_key, tip

TABLE = commands()


def test_every_command_has_something_that_does_it():
    missing = [name for name in TABLE if not hasattr(Commands, shared(name))]
    assert not missing


def test_every_key_is_one_that_qt_knows_by_the_same_name():
    keys = [key for command in TABLE.values() for key in command.keys]
    wrong = [key for key in keys if QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) != key]
    assert not wrong


def test_only_commands_of_a_lecture_have_a_clicker_key():
    takers = {command.name for command in TABLE.values() if set(command.keys) & set(RESERVED)}
    assert takers == MAY_HAVE_RESERVED


def test_no_command_but_walking_goes_on_while_its_key_is_held():
    assert {command.name for command in TABLE.values() if command.repeats} == {"back", "on"}


def test_a_key_can_be_changed_and_the_tool_tip_says_so():
    changed = commands({"play": "k"})["play"]
    assert changed.keys == ("K",)
    assert tip(changed) == "Play or pause (K)"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"jump": "K"}, "preferences.json: key of jump: unknown command"),
        ({"play": ""}, "preferences.json: key of play:  is no key"),
        ({"play": "B"}, "preferences.json: key of play: B is kept for clickers"),
        ({"play": "PgDown"}, "preferences.json: key of play: PgDown is kept for clickers"),
        ({"play": "R"}, "preferences.json: key of reset: R is the key of play already"),
        ({"table_of_plot": "Ctrl+L"}, "preferences.json: key of lesson: Ctrl+L is the key of table_of_plot already"),
    ],
)
def test_a_clash_is_refused_in_one_line(changes, line):
    with pytest.raises(BadInput) as refused:
        commands(changes)
    assert str(refused.value).startswith(line)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("larger", "Ctrl +"), ("smaller", "Ctrl −"), ("next_page", "PgDn"), ("redo", "Ctrl Shift Z"), ("enter", "Enter")],
)
def test_keys_are_shown_as_they_stand_on_a_keyboard(name, shown):
    assert shown_key(TABLE[name]) == shown
