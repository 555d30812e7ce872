"""The keys of lessons and lectures; and that no command of the table goes untested."""

import ast
from pathlib import Path

import pytest

from lstmviz.stage.lesson import read_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.views import lecture
from lstmviz.views.keys import commands
from tests.views.desk import delete_now, desk, press, tick

TABLE = commands()


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


def do(window, name):
    press(window, TABLE[name].keys[0])


def test_ctrl_l_shows_the_lesson_and_keeps_its_place(window):
    do(window, "lesson")
    assert window.lesson.isVisible()
    assert not window.column.isVisible()
    do(window, "next_page")
    assert window.stage.frame.lesson.page == 1
    do(window, "lesson")
    assert not window.lesson.isVisible()
    assert window.column.isVisible()
    do(window, "lesson")
    assert window.stage.frame.lesson.page == 1


def test_pages_turn_with_the_keys_of_a_clicker(window):
    do(window, "lesson")
    do(window, "next_page")
    do(window, "previous_page")
    assert window.stage.frame.lesson.page == 0


def test_clicker_keys_do_nothing_without_a_lesson(window):
    before = window.stage.situation()
    window.column.forget_bias.slider.setFocus()
    for key in ("PgUp", "PgDown", "B", "."):
        press(window, key)
    assert window.stage.situation() == before


def page_with(kind):
    lesson = read_lesson(shipped_lessons()[0])
    return lesson, next(k for k, page in enumerate(lesson.pages) if page.predict and page.predict.kind == kind)


def test_a_drawn_prediction_is_cleared_with_backspace_and_committed_with_enter(window):
    lesson, page = page_with("curve")
    window.stage.lesson.open(lesson, page)
    tick(window)
    window.stage.lesson.move_point(-2.0)
    tick(window)
    assert window.stage.frame.lesson.predict.points
    do(window, "clear_drawing")
    assert not window.stage.frame.lesson.predict.points
    window.stage.lesson.move_point(-2.0)
    window.race.gap.slider.setFocus()
    do(window, "enter")
    assert window.stage.frame.lesson.predict.committed
    window.stage.playback.pause()


def test_the_sandbox_opens_and_returns(window):
    do(window, "lesson")
    do(window, "sandbox")
    assert window.stage.frame.lesson.sandbox
    assert window.column.isVisible()
    do(window, "sandbox")
    assert not window.stage.frame.lesson.sandbox


def test_number_keys_bring_the_prepared_states_of_a_page(window):
    lesson = read_lesson(shipped_lessons()[0])
    page, prepared = next((k, page.prepared) for k, page in enumerate(lesson.pages) if page.prepared)
    window.stage.lesson.open(lesson, page)
    tick(window)
    own = window.stage.settings
    window.race.gap.slider.setFocus()
    press(window, str(prepared[0].key))
    assert window.stage.settings == prepared[0].state.settings
    do(window, "what_if_0")
    assert window.stage.settings == own


def test_ctrl_shift_l_lists_the_lessons(window):
    do(window, "lesson_list")
    menu = window.switch_bar._lessons
    assert len(menu.actions()) == len(shipped_lessons())
    menu.actions()[0].trigger()
    tick(window)
    assert window.stage.frame.lesson is not None
    menu.close()


@pytest.mark.parametrize("name", ["lecture", "lecture_from_here"])
def test_f5_opens_the_lecture_and_esc_leaves_it(window, name):
    do(window, "lesson")
    do(window, "next_page")
    do(window, name)
    assert window.stage.lecture.state.running
    assert window.stage.frame.lesson.page == (1 if name == "lecture_from_here" else 0)
    lecture.leave()
    delete_now()
    assert not window.stage.lecture.state.running


def strings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_command_of_the_table_is_tested():
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    tested = set[str]().union(*map(strings, files))
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    names = [name for name in TABLE if not name.startswith("what_if_")]
    assert not {name for name in names if name not in tested and f"commands.{name}(" not in text}
