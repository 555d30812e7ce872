"""The command palette: it finds everything there is a table of, runs what it names, and offers nothing impossible."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lstmviz.lab.settings import FIELDS
from lstmviz.lab.tasks import TASKS
from lstmviz.stage.lab_names import EXISTING
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.offers import ELSEWHERE, offers
from lstmviz.views.keys import commands, shown_key
from lstmviz.views.palette import spoken
from lstmviz.views.word_match import score
from tests.views.desk import desk, press, tick


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


def find(window, text):
    """Open the palette with its key and type; what it found."""
    if window.finder.isHidden():
        press(window, "Ctrl+K")
    window.finder.line.clear()
    QTest.keyClicks(window.finder.line, text)
    return window.finder.model.shown


def run(window, text):
    """Type, press Enter."""
    find(window, text)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    tick(window, 2)


def test_its_keys_are_nobody_elses():
    table = commands()
    others = {key for command in table.values() if command.name != "palette" for key in command.keys}
    assert not others & set(table["palette"].keys)
    assert table["palette"].keys == ("Ctrl+K", "Ctrl+Shift+P")


@pytest.mark.parametrize("key", ["Ctrl+K", "Ctrl+Shift+P"])
def test_both_keys_open_it_and_close_it_again(window, key):
    press(window, key)
    assert window.finder.isVisible() and window.finder.line.hasFocus()
    press(window, key)
    assert window.finder.isHidden()


def test_it_opens_from_a_text_field_too(window):
    window.open_lab("claims")
    tick(window)
    window.labs.current.find_words()
    press(window, "Ctrl+K")
    assert window.finder.line.hasFocus()


def test_everything_that_has_a_table_is_found(window):
    press(window, "Ctrl+K")
    names = {entry.name for entry in window.finder.model.shown}
    assert {f"command {name}" for name in window.commands.table if name != "palette"} <= names
    assert {f"task {name}" for name in TASKS} <= names
    assert {f"lesson {path.name}" for path in shipped_lessons()} <= names
    assert {f"command {name}" for name in EXISTING} <= names
    for field in FIELDS.values():
        assert field.key in ELSEWHERE or any(name.startswith(f"set {field.key} ") for name in names), field.key


def test_every_setting_has_a_name_that_people_call_it_by():
    assert all(field.title for field in FIELDS.values())
    assert len({field.title for field in FIELDS.values()}) == len(FIELDS)


def test_no_two_entries_share_a_name(window):
    press(window, "Ctrl+K")
    names = [entry.name for entry in window.finder.model.shown]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("forget bias", "set lstm.forget_bias "),
        ("forg bias", "set lstm.forget_bias "),
        ("undo", "command undo"),
        ("orthogonal", "set rnn.initialisation orthogonal"),
        ("inspect", "command inspect"),
        ("dark", "theme dark"),
        ("ctrl t", "command choose_task"),
        ("adding", "task adding"),
    ],
)
def test_words_and_beginnings_find_it(window, text, name):
    window.stage.change({"gap": 9})
    tick(window)
    assert name in [entry.name for entry in find(window, text)][:3]


def test_words_match_by_beginning_inside_and_letters_in_order():
    assert score("init", "RNN initialisation") > score("isation", "RNN initialisation")
    assert score("intlisation", "RNN initialisation") is not None
    assert score("zebra", "RNN initialisation") is None
    assert score("init zebra", "RNN initialisation") is None
    assert score("half life", "Half-life") is not None
    assert score("undo", "Undo") > score("undo", "Redo", "undo")


def test_enter_runs_what_is_chosen_and_closes(window):
    run(window, "another draw")
    assert window.stage.settings.seed == 1
    assert window.finder.isHidden()


def test_it_opens_labs_tasks_lessons_and_themes(window):
    run(window, "open the map")
    assert window.stage.lab == "map"
    run(window, "adding")
    assert window.stage.settings.task == "adding"
    run(window, "why the gradient")
    assert window.stage.frame.lesson is not None
    run(window, "dark theme")
    assert window.theme.name == "dark"


def test_a_setting_and_a_number_are_set_at_once(window):
    run(window, "gap 80")
    assert window.stage.settings.gap == 80
    run(window, "forget bias -1.5")
    assert window.stage.settings.forget_bias == -1.5
    assert window.stage.frame.can_undo


def test_a_setting_without_a_number_waits_for_one(window):
    run(window, "forget bias")
    assert window.finder.isVisible()
    assert window.finder.line.text() == "Forget bias "
    QTest.keyClicks(window.finder.line, "2")
    QTest.keyClick(window.finder.line, Qt.Key.Key_Return)
    tick(window)
    assert window.stage.settings.forget_bias == 2


def test_a_number_out_of_range_is_greyed_with_the_range_and_not_set(window):
    found = find(window, "forget bias 99")
    assert found[0].why.startswith("99 is too large")
    QTest.keyClick(window.finder.line, Qt.Key.Key_Return)
    tick(window)
    assert window.stage.settings.forget_bias == 3
    assert window.finder.isVisible()


def test_what_is_impossible_now_is_greyed_says_why_and_does_nothing(window):
    found = {entry.name: entry for entry in find(window, "undo")}
    assert found["command undo"].why == "Nothing to undo"
    QTest.keyClick(window.finder.line, Qt.Key.Key_Return)
    assert window.finder.isVisible()
    found = {entry.name: entry for entry in find(window, "open")}
    assert found["command race"].why == "It is open"


def test_possible_entries_stand_before_impossible_ones(window):
    found = find(window, "page")
    reasons = [bool(entry.why) for entry in found]
    assert reasons == sorted(reasons)


@pytest.mark.parametrize("lab", EXISTING)
def test_what_is_offered_as_possible_does_not_fail(window, lab):
    window.open_lab(lab)
    tick(window)
    press(window, "Ctrl+K")
    safe = ("set ", "theme ", "task ", "motion")
    for entry in [entry for entry in window.finder.model.shown if entry.name.startswith(safe) and not entry.why]:
        if not entry.fills:
            entry.run()
            tick(window)
    assert window.stage.lab == lab


def test_what_was_run_last_stands_first(window):
    run(window, "another draw")
    run(window, "dark theme")
    press(window, "Ctrl+K")
    assert [entry.name for entry in window.finder.model.shown[:2]] == ["theme dark", "command next_seed"]


def test_arrows_and_tab_walk_the_list_and_letters_stay_in_the_line(window):
    find(window, "theme")
    first = window.finder.chosen
    QTest.keyClick(window.finder.line, Qt.Key.Key_Down)
    second = window.finder.chosen
    assert second is not first
    QTest.keyClick(window.finder.line, Qt.Key.Key_Up)
    assert window.finder.chosen is first
    QTest.keyClick(window.finder.line, Qt.Key.Key_Tab)
    assert window.finder.chosen is second
    assert window.finder.line.hasFocus() and window.finder.line.text() == "theme"
    assert window.stage.settings.seed == 0


def test_esc_closes_it_and_gives_the_keyboard_back(window):
    before = window.focusWidget()
    press(window, "Ctrl+K")
    press(window, "Esc")
    assert window.finder.isHidden()
    assert window.focusWidget() is before


def test_the_key_stands_beside_each_command_and_is_read_out(window):
    found = {entry.name: entry for entry in find(window, "redo")}
    assert found["command redo"].key == "Ctrl Shift Z"
    assert spoken(found["command redo"]) == "Redo, Set, Ctrl Shift Z, Nothing to redo"
    press(window, "Esc")
    press(window, "Ctrl+K")
    table = window.commands.table
    for entry in window.finder.model.shown:
        name = entry.name.removeprefix("command ")
        if entry.name.startswith("command "):
            assert entry.key == shown_key(table[name])


def test_the_chosen_entry_is_described_for_screen_readers(window):
    find(window, "dark theme")
    assert window.finder.line.accessibleDescription().startswith("Dark theme, View; 1 of ")
    find(window, "qqqqq")
    assert window.finder.line.accessibleDescription() == "Nothing was found"


@pytest.mark.parametrize("size", [(1120, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("text_size", [1.0, 1.5, 2.0])
def test_it_stands_whole_in_the_content(qapp, size, text_size):
    with desk(size=size) as window:
        window.set_text_size(text_size)
        press(window, "Ctrl+K")
        tick(window)
        assert window.content.geometry().contains(window.finder.geometry())
        assert not window.finder.grab().isNull()


def test_an_offer_that_is_set_already_says_so():
    from lstmviz.lab.settings import Settings

    found = {(one.key, one.value): one for one in offers(Settings())}
    assert found["fair_by", "units"].why == "It is set so"
    assert not found["fair_by", "parameters"].why
    assert found["bidirectional", "false"].why == "It is set so"
