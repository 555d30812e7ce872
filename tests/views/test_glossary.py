"""The glossary: one file; the words of docs/notation.md are its words; lessons and panel show what they mean."""

import re

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QUrl
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from lstmviz.stage.glossary import EVERYDAY, TARGET, glossary, linked, spots, words_in, words_like
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.views.formula import typeset
from tests.sources import ROOT
from tests.views.desk import desk, press, tick

WORDS = glossary()
NEEDED = (
    "timestep gate|candidate|cell state|hidden state|gradient|share|gap|clamp|ghost|window|Jacobian|singular value|"
    "Lyapunov exponent|half-life|horizon|update|operation|trace|intervention"
).replace("timestep ", "timestep|")


@pytest.fixture
def window(qapp):
    with desk() as shown:
        yield shown


def notation():
    """Word and meaning of each row of the first table of docs/notation.md, without its signs."""
    text = (ROOT / "docs" / "notation.md").read_text(encoding="utf-8")
    table = text.split("\n\n")[2]
    for line in table.splitlines()[2:]:
        word, meaning = (cell.strip() for cell in line.strip("| ").split("|", 1))
        yield re.sub(r",? *`[^`]*`", "", word), meaning


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize("word", NEEDED.split("|"))
def test_the_words_that_everybody_needs_are_there(word):
    assert word in WORDS


def test_every_word_of_the_notation_has_the_meaning_of_the_glossary():
    rows = dict(notation())
    assert len(rows) >= 25
    wrong = {word: meaning for word, meaning in rows.items() if word not in WORDS or WORDS[word].short != meaning}
    assert not wrong


def test_every_entry_begins_with_a_short_plain_paragraph():
    for entry in WORDS.values():
        first = entry.blocks[0]
        assert first.kind == "paragraph", entry.name
        assert all(run.style == "plain" for run in first.runs), entry.name
        assert 10 < len(entry.short) <= 140 and entry.short.endswith("."), entry.name


def test_every_formula_can_be_typeset():
    formulas = [block.tex for entry in WORDS.values() for block in entry.blocks if block.kind == "formula"]
    formulas += [run.text for entry in WORDS.values() for b in entry.blocks for run in b.runs if run.style == "math"]
    assert len(formulas) >= 10
    for tex in formulas:
        assert typeset(tex, 16).width > 0


def test_no_two_words_share_a_form():
    forms = [form.lower() for entry in WORDS.values() for form in (entry.name, *entry.also)]
    assert len(forms) == len(set(forms))


def test_the_glossary_keeps_to_the_words_that_the_program_allows():
    for entry in WORDS.values():
        text = " ".join(run.text for block in entry.blocks for run in block.runs)
        assert not re.search(r"\b(step|steps|epoch|lag|neuron|neurons|model|simply)\b|!", text), entry.name


# ---------------------------------------------------------------- where words stand


def test_the_longest_word_is_found_and_none_inside_another():
    assert [spot.name for spot in spots("The forget gates and one gate of the cell-wise LSTM")] == [
        "forget gate",
        "gate",
        "LSTM",
    ]
    assert not spots("gapped, regate, half-life-like")


def test_everyday_words_are_not_marked_in_texts():
    assert not spots("On this page the frame and the window lie in the path of chance")
    assert set(EVERYDAY) <= set(WORDS)


def test_a_word_is_linked_where_it_first_stands_and_never_to_itself():
    text = Block("paragraph", (TextRun("A gap, a gap and a cue"),))
    runs = linked((text,))[0].runs
    assert [run.target for run in runs if run.style == "link"] == [f"{TARGET}gap", f"{TARGET}cue"]
    assert "".join(run.text for run in runs) == "A gap, a gap and a cue"
    assert not [run for run in linked((text,), "gap")[0].runs if run.target == f"{TARGET}gap"]


def test_links_change_no_letter_of_any_lesson():
    from lstmviz.stage.lesson import read_lesson
    from lstmviz.views.lesson_text import plain_text

    for path in shipped_lessons():
        for page in read_lesson(path).pages:
            blocks = tuple(part for part in (*page.before, *page.after) if isinstance(part, Block))
            assert plain_text(linked(blocks)) == plain_text(blocks)


def test_most_words_lead_on_to_others():
    leading = [entry for entry in WORDS.values() if set(words_in(entry.blocks)) - {entry.name}]
    assert len(leading) > 0.7 * len(WORDS)


def test_searching_puts_names_before_explanations():
    assert words_like("sing")[0] == "singular value"
    assert words_like("gate")[0] == "gate"
    assert "half-life" in words_like("half")
    assert not words_like("zebra")


# ---------------------------------------------------------------- the card


def test_its_key_opens_it_and_esc_gives_the_keyboard_back(window):
    before = window.focusWidget()
    press(window, "Shift+F1")
    assert window.glossary.isVisible() and window.glossary.line.hasFocus()
    press(window, "Esc")
    assert window.glossary.isHidden() and window.focusWidget() is before


def test_the_command_opens_and_closes_it_like_its_key(window):
    window.commands.glossary()
    assert window.glossary.isVisible()
    window.commands.glossary()
    assert window.glossary.isHidden()


def test_typing_finds_and_arrows_walk(window):
    press(window, "Shift+F1")
    QTest.keyClicks(window.glossary.line, "gate")
    assert window.glossary.word == "gate"
    QTest.keyClick(window.glossary.line, Qt.Key.Key_Down)
    assert window.glossary.word != "gate"
    assert window.glossary.text.plain_text().startswith(WORDS[window.glossary.word].short[:20])
    QTest.keyClicks(window.glossary.line, "xyz")
    assert window.glossary.word == ""


def test_a_link_leads_to_its_word_by_mouse_and_keyboard(window):
    press(window, "Shift+F1")
    window.glossary.show_word("share")
    tick(window)
    text = window.glossary.text
    text._clicked(QUrl(f"{TARGET}gradient"))
    assert window.glossary.word == "gradient"
    window.glossary.show_word("share")
    window.glossary.line.setFocus()
    press(window, "Tab")
    assert text.hasFocus()
    QTest.keyClick(text, Qt.Key.Key_Tab)
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert window.glossary.word in words_in(WORDS["share"].blocks)


def test_words_with_spaces_are_followed_too(window):
    window.open_word("gradient")
    window.glossary.text._clicked(QUrl(f"{TARGET}cell state"))
    assert window.glossary.word == "cell state"


def test_the_words_of_the_open_page_stand_first(window):
    window.open_lesson(shipped_lessons()[0])
    tick(window)
    lesson = window.stage.frame.lesson
    here = words_in((*lesson.before, *lesson.after))
    press(window, "Shift+F1")
    shown = window.glossary.model.shown
    assert here and [entry.title for entry in shown[: len(here)]] == here
    assert all(entry.kind == "on this page" for entry in shown[: len(here)])


def test_the_palette_finds_words(window):
    press(window, "Ctrl+K")
    QTest.keyClicks(window.finder.line, "lyapunov")
    QTest.keyClick(window.finder.line, Qt.Key.Key_Return)
    tick(window)
    assert window.finder.isHidden()
    assert window.glossary.isVisible() and window.glossary.word == "Lyapunov exponent"


@pytest.mark.parametrize("size", [(1120, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("text_size", [1.0, 1.5, 2.0])
def test_the_card_stands_in_sight(qapp, size, text_size):
    with desk(size=size) as window:
        window.set_text_size(text_size)
        tick(window)
        press(window, "Shift+F1")
        card = window.glossary
        assert window.rect().contains(card.rect().translated(card.mapTo(window, QPoint(0, 0))))
        assert card.width() > 300 and card.height() > 200


# ---------------------------------------------------------------- in the text of a lesson


def page_with_words(window):
    window.open_lesson(shipped_lessons()[0])
    tick(window)
    for _ in range(8):
        lesson = window.stage.frame.lesson
        if words_in(lesson.before):
            break
        window.stage.lesson.next()
        tick(window)
    return window.lesson.before


def place_of_link(text):
    """Somewhere on the first word that is linked, in the viewport."""
    for y in range(4, text.viewport().height(), 4):
        for x in range(4, text.viewport().width(), 4):
            if text.anchorAt(QPoint(x, y)).startswith(TARGET):
                return QPoint(x, y)
    raise AssertionError("no link")


def test_a_word_of_a_lesson_tells_what_it_means_and_a_click_opens_it(window):
    text = page_with_words(window)
    where = place_of_link(text)
    QApplication.sendEvent(text.viewport(), QHelpEvent(QEvent.Type.ToolTip, where, text.viewport().mapToGlobal(where)))
    name = text.anchorAt(where).removeprefix(TARGET).replace("%20", " ")
    assert WORDS[name].short in QToolTip.text().replace("&#x27;", "'")
    QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    tick(window)
    assert window.glossary.isVisible() and window.glossary.word == name


def test_words_of_a_lesson_add_no_stops_for_tab(window):
    text = page_with_words(window)
    assert text.focusPolicy() == Qt.FocusPolicy.NoFocus
