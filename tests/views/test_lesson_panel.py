"""The docked lesson: what stands in it, what may be pressed, and that nothing in a lesson is ever HTML."""

import gc
import struct
import weakref
import zlib

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QTextBrowser, QWidget

from lstmviz.cli_lesson import formulas
from lstmviz.stage.lesson import parse_lesson, read_lesson
from lstmviz.stage.lesson_frame import Block, TextRun
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.stage import Stage
from lstmviz.views import fonts, style_sheet
from lstmviz.views.formula import typeset
from lstmviz.views.formula_text import plain_words
from lstmviz.views.inline_objects import CAP, FORMULA, OBJECT, object_size
from lstmviz.views.lesson_panel import LessonPanel
from lstmviz.views.lesson_text import LessonText
from lstmviz.views.lesson_writer import load_picture
from lstmviz.views.number_text import number_runs
from lstmviz.views.theme import DARK, LIGHT, PROJECTOR
from tests.stage.lessons import GOOD, HEAD
from tests.views.desk import desk, press
from tests.views.desk import tick as ticks


def first_lesson():
    return read_lesson(shipped_lessons()[0])


@pytest.fixture
def stage(qapp):
    style_sheet.apply(qapp, LIGHT)
    made = Stage(engine="reference")
    made.set_reduced_motion(True)
    yield made
    made.close()
    fonts.set_text_size(1.0)
    qapp.setStyleSheet("")


@pytest.fixture
def panel(stage):
    made = LessonPanel(stage, LIGHT)
    made.resize(360, 780)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def show(panel, lesson=None, page=0):
    panel.stage.lesson.open(lesson or first_lesson(), page)
    return tick(panel)


def tick(panel):
    panel.stage.tick(0.1)
    panel.draw(panel.stage.frame)
    for _ in range(4):
        QApplication.processEvents()
    return panel.stage.frame.lesson


def seen(panel):
    """All text that can be seen in the panel."""
    found = []
    for widget in panel.findChildren(QWidget):
        if widget.isVisibleTo(panel):
            if isinstance(widget, QTextBrowser):
                found.append(widget.toPlainText())
            elif hasattr(widget, "text") and callable(widget.text):
                found.append(widget.text())
            elif widget.accessibleName():
                found.append(widget.accessibleName())
    return "\n".join(found)


def ink(image, colour):
    wanted = colour.upper()
    return any(
        image.pixelColor(x, y).name().upper() == wanted for x in range(image.width()) for y in range(image.height())
    )


# ---------------------------------------------------------------- what stands in it


def test_the_head_names_lesson_and_page(panel):
    show(panel, page=2)
    assert (panel.number.text(), panel.place.text()) == ("Lesson 2", "page 3 of 7")
    assert panel.title.toPlainText() == "How far does the gradient reach?"


@pytest.mark.parametrize("page", range(7))
def test_every_page_fits_and_shows_its_text(panel, page):
    lesson = show(panel, page=page)
    text = seen(panel).replace("\u00a0", " ").replace("\u2060", "")
    levelled = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789")  # raised by their format, not by their character
    for block in lesson.before:
        for run in block.runs:
            if run.style in ("plain", "strong", "link"):
                assert run.text.strip().translate(levelled) in text
    inside = panel.area.widget()
    assert inside.width() <= panel.area.viewport().width()
    for browser in panel.findChildren(QTextBrowser):
        if browser.isVisibleTo(panel):
            assert browser.document().idealWidth() <= browser.viewport().width() + 1
            assert browser.document().size().height() <= browser.height() + 1


def test_every_formula_of_the_lesson_is_typeset(qapp):
    found = [tex for page in first_lesson().pages for tex in formulas(page)]
    assert len(found) >= 20
    assert all(typeset(tex, 16.0).width > 0 for tex in found)


def test_formulas_and_key_caps_are_objects_in_the_line(panel):
    show(panel, page=1)
    document = panel.before.document()
    assert panel.before.toPlainText().count(OBJECT) == 5
    cursor = QTextCursor(document)
    kinds = set()
    while not cursor.atEnd():
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
        kinds.add(cursor.charFormat().objectType())
    assert int(FORMULA) in kinds and int(CAP) not in kinds
    show(panel, page=2)
    assert panel.keys_hint.toPlainText().count(OBJECT) == 4


def test_an_inline_formula_stands_on_the_base_line_of_its_text(qapp):
    text = LessonText(LIGHT)
    text.resize(300, 100)
    text.show_runs((TextRun("x"), TextRun("h_t", "math"), TextRun("x")))
    text.show()
    QApplication.processEvents()
    layout = text.document().firstBlock().layout()
    cursor = QTextCursor(text.document())
    cursor.setPosition(2)
    size, formula = object_size(cursor.charFormat()), typeset("h_t", 14.5 * 1.14, inline=True)
    line = layout.lineAt(0)
    assert size.height() >= formula.ascent + formula.descent
    assert line.ascent() >= formula.ascent  # nothing is cut off
    assert line.descent() >= formula.descent
    text.deleteLater()


def test_a_formula_wider_than_the_panel_is_set_smaller(qapp):
    text = LessonText(LIGHT)
    text.resize(200, 100)
    text.show()
    text.show_blocks((Block("formula", tex=" + ".join(["h_t"] * 9)),))
    QApplication.processEvents()
    cursor = QTextCursor(text.document())
    cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
    assert 0 < object_size(cursor.charFormat()).width() <= 200
    text.deleteLater()


def test_a_formula_that_cannot_be_set_is_shown_as_its_tex(qapp):
    text = LessonText(LIGHT)
    text.resize(300, 100)
    text.show_runs((TextRun(r"\frac{1}", "math"),))
    assert text.toPlainText() == r"\frac{1}"
    text.deleteLater()


@pytest.mark.parametrize("theme", [LIGHT, DARK, PROJECTOR], ids=lambda theme: theme.name)
def test_the_panel_takes_every_theme(panel, qapp, theme):
    style_sheet.apply(qapp, theme)
    panel.set_theme(theme)
    show(panel, page=2)
    image = panel.grab().toImage()
    assert ink(image, theme.ink)
    assert ink(image, theme.text["gradient"])  # dL/dh in the formula
    assert image.pixelColor(180, 100).name().upper() == theme.panel


@pytest.mark.parametrize(("width", "scale"), [(320, 1.0), (420, 1.0), (320, 2.0), (720, 2.0), (360, 0.8)])
def test_the_panel_is_usable_at_every_width_and_text_size(panel, qapp, width, scale):
    fonts.set_text_size(scale)
    style_sheet.apply(qapp, LIGHT)
    panel.set_scale()
    panel.resize(width, 600)
    for page in range(7):
        show(panel, page=page)
        inside = panel.area.widget()
        assert inside.width() <= panel.area.viewport().width()
        for button in panel.findChildren(QAbstractButton):
            if button.isVisibleTo(panel):
                right = button.mapTo(panel, QPoint(button.width(), 0)).x()
                assert right <= panel.width()
                assert (
                    button.height() >= min(28, round(28 * scale)) or button is panel.sandbox or button.text() == "Hint"
                )
    bar = panel.area.verticalScrollBar()
    assert bar.maximum() == 0 or bar.pageStep() > 40


# ---------------------------------------------------------------- the way on


def test_next_is_off_until_the_prediction_is_committed(panel):
    show(panel, page=2)
    assert not panel.next.isEnabled()
    assert panel.reason.text() == "commit a prediction first"
    assert not panel.predict.commit.isEnabled()
    assert panel.after.isHidden() and panel.outcome.isHidden()
    panel.stage.lesson.move_point(-3.0)
    tick(panel)
    assert panel.predict.commit.isEnabled()
    panel.predict.commit.click()
    lesson = tick(panel)
    assert lesson.predict.committed
    assert panel.next.isEnabled() and panel.reason.text() == ""
    assert panel.predict.isHidden() and panel.outcome.isVisible() and panel.after.isVisible()
    assert "The RNN ends at" in seen(panel)


def test_back_and_next_turn_pages(panel):
    show(panel)
    assert not panel.back.isEnabled()
    panel.next.click()
    assert tick(panel).page == 1
    panel.back.click()
    assert tick(panel).page == 0


def test_the_sandbox_has_a_way_back(panel):
    show(panel, page=1)
    assert panel.to_page.isHidden()
    panel.sandbox.click()
    assert tick(panel).sandbox
    assert panel.to_page.isVisible() and panel.to_page.text() == "Back to page 2"
    panel.to_page.click()
    assert not tick(panel).sandbox
    assert panel.to_page.isHidden()


def test_a_new_page_begins_at_its_top(panel):
    panel.resize(320, 400)
    show(panel)
    panel.area.verticalScrollBar().setValue(60)
    panel.next.click()
    tick(panel)
    assert panel.area.verticalScrollBar().value() == 0


# ---------------------------------------------------------------- questions


def test_a_curve_is_drawn_with_the_arrow_keys(panel, qtbot):
    show(panel, page=2)
    assert panel.predict.hasFocus() or panel.predict.focusPolicy() == Qt.FocusPolicy.StrongFocus
    for _ in range(8):
        QTest.keyClick(panel.predict, Qt.Key.Key_Down)
    QTest.keyClick(panel.predict, Qt.Key.Key_Right)
    QTest.keyClick(panel.predict, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(panel.predict, Qt.Key.Key_Up)
    predict = tick(panel).predict
    assert predict.point == 1
    end = predict.points[-1][1]
    # the left end to end - 2; then point 1, a sixth of the way back up, to 1 lower and a quarter up again
    assert predict.points[1][1] == pytest.approx(end - 2 * 5 / 6 - 0.75)
    assert predict.points[0][1] == pytest.approx(end - 2 * 5 / 6 - 1.0)
    assert "It ends at t = 1 near" in seen(panel).replace("\u00a0", " ")
    assert plain_words(number_runs(predict.value)) in seen(panel)
    panel.predict.clear.click()
    assert tick(panel).predict.points == ()


def test_options_are_chosen_by_mouse_and_keyboard(panel):
    show(panel, page=4)
    rows = panel.predict.options.findChildren(QAbstractButton)
    QTest.mouseClick(rows[1], Qt.MouseButton.LeftButton, pos=QPoint(rows[1].width() - 5, 8))
    assert tick(panel).predict.chosen == 1
    assert [row.isChecked() for row in rows] == [False, True, False]
    QTest.keyClick(rows[2], Qt.Key.Key_Space)
    assert tick(panel).predict.chosen == 2
    assert [row.isChecked() for row in rows] == [False, False, True]
    panel.predict.commit.click()
    tick(panel)
    assert "As little as in the RNN" in seen(panel)


def test_a_number_is_typed(panel):
    text = HEAD + '# P\n\n```toml predict\nkind = "number"\nask = "How much?"\nquantity = "rnn.fade"\n```\n'
    show(panel, parse_lesson(text, "a.md"))
    QTest.keyClicks(panel.predict.number, "0.5")
    predict = tick(panel).predict
    assert (predict.number, predict.readout) == ("0.5", "That is 0.500")
    QTest.keyClick(panel.predict.number, Qt.Key.Key_Return)
    assert tick(panel).predict.committed
    assert "Off by a factor of" in seen(panel)


def test_what_was_seen_is_told_without_blame(panel):
    show(panel, page=2)
    panel.stage.lesson.skip()
    tick(panel)
    rows = panel.asks[0].options.findChildren(QAbstractButton)
    rows[0].click()
    tick(panel)
    wrong = seen(panel)
    rows[1].click()
    tick(panel)
    right = seen(panel)
    assert "is left, against" in wrong and "Yes. " in right
    assert not any(word in (wrong + right).lower() for word in ("wrong", "incorrect", "well done", "great", "!"))


def test_a_check_says_whether_it_holds_as_a_word(panel):
    show(panel, page=5)
    assert "Not yet" in seen(panel)
    assert "wanted 0.10 or more" in seen(panel)
    panel.stage.change({"lstm.forget_bias": 4.0})
    tick(panel)
    assert "Done" in seen(panel)
    assert "half-life would fit" not in seen(panel)
    panel.check.hint_button.click()
    assert "half-life would fit" in seen(panel)


# ---------------------------------------------------------------- trust


HOSTILE = (
    "<img src=file:///etc/passwd>",
    "<b>bold</b>",
    "//host/share",
    "%s%n",
    "{0}",
    "\u202egnp",
    "x" * 120,
    "\U0001f469\u200d\U0001f680",
    "\x07",
    "\ud800",
    "&lt;b&gt;",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_literally_and_loads_nothing(panel, text, monkeypatch):
    asked = []
    monkeypatch.setattr(LessonText, "loadResource", lambda self, kind, name: asked.append(name))
    for sink in ("Half-life", "Above.", "It rose", "It fell", "bias 0"):
        try:
            lesson = parse_lesson(GOOD.replace(sink, text, 1), "hostile.md")
        except ValueError:
            continue
        show(panel, lesson, page=1)
        panel.stage.lesson.skip()
        tick(panel)
        panel.stage.lesson.choose(0, 0)
        tick(panel)
        panel.grab()
        assert panel.area.widget().width() <= panel.area.viewport().width()
        if sink == "It rose":
            rows = [row for row in panel.asks[0].options.findChildren(QAbstractButton) if row.isVisibleTo(panel)]
            shown = rows[1].accessibleName()
            assert shown == text or "\ufffd" in shown
    assert asked == []


def test_text_of_a_lesson_never_becomes_html(panel):
    show(panel, parse_lesson(HEAD + "# P\n\n`<b>x</b>` and &lt;i&gt;y\n", "a.md"))
    assert panel.before.toPlainText() == "<b>x</b> and <i>y"


def test_a_link_is_opened_only_after_a_second_click(panel, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    show(panel, page=6)
    assert panel.link.isHidden()
    panel.before.anchorClicked.emit(QUrl("https://doi.org/10.1162/neco.1997.9.8.1735"))
    tick(panel)
    assert panel.link.isVisible() and opened == []
    assert "https://doi.org/10.1162/neco.1997.9.8.1735" in seen(panel)
    panel.link.leave.click()
    assert panel.link.isHidden() and opened == []
    panel.before.anchorClicked.emit(QUrl("https://doi.org/10.1162/neco.1997.9.8.1735"))
    panel.link.open_button.click()
    assert opened == ["https://doi.org/10.1162/neco.1997.9.8.1735"]


@pytest.mark.parametrize("address", ["http://x.org", "file:///etc/passwd", "javascript:x", "data:text/html,x"])
def test_other_addresses_are_never_offered(panel, address):
    show(panel)
    panel.before.anchorClicked.emit(QUrl(address))
    panel.link.offer(address)
    assert panel.link.isHidden()


def test_the_text_loads_nothing_from_the_disk(qapp):
    text = LessonText(LIGHT)
    for kind in range(4):
        assert text.loadResource(kind, QUrl("file:///etc/passwd")) is None
    text.deleteLater()


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\x00\x80\xff" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_picture_is_shown_no_wider_than_the_panel(panel, tmp_path):
    (tmp_path / "gate.png").write_bytes(png(600, 300))
    path = tmp_path / "lesson.md"
    path.write_text(f"{HEAD}# P\n\n![a gate](gate.png)\n", encoding="utf-8")
    show(panel, parse_lesson(path.read_text(), str(path)))
    assert ink(panel.before.grab().toImage(), "#0080ff")
    assert panel.before.document().idealWidth() <= panel.before.viewport().width()
    (tmp_path / "gate.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged since")
    assert load_picture(str(tmp_path / "gate.png")) is None
    panel.before._written = ()
    panel.before.set_scale()
    assert panel.before.toPlainText() == "a gate"


# ---------------------------------------------------------------- accessibility, and no leaks


def test_everything_that_takes_the_keyboard_has_a_name(panel):
    for page in range(7):
        show(panel, page=page)
        for widget in panel.findChildren(QWidget):
            if widget.isVisibleTo(panel) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                named = widget.accessibleName() or (hasattr(widget, "text") and widget.text())
                assert named, widget


def test_screen_readers_get_the_text_with_its_formulas(panel):
    show(panel, page=1)
    assert r"J_t = \mathrm{diag}" in panel.before.accessibleName()


def test_drawing_the_same_frame_again_does_nothing(panel, monkeypatch):
    show(panel, page=3)
    monkeypatch.setattr(panel, "_draw_body", lambda lesson: pytest.fail("drawn again"))
    panel.draw(panel.stage.frame)


def test_a_closed_panel_is_let_go(stage):
    panel = LessonPanel(stage, LIGHT)
    stage.lesson.open(first_lesson(), 2)
    stage.tick(0.1)
    panel.draw(stage.frame)
    gone = weakref.ref(panel)
    panel.deleteLater()
    del panel
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    gc.collect()
    assert gone() is None


# ---------------------------------------------------------------- by keyboard alone


@pytest.fixture
def window(qapp):
    with desk(size=(1280, 720)) as shown:
        yield shown


def test_the_outcome_is_reached_by_keyboard_and_enter_never_leaves_the_page(window):
    window.stage.lesson.open(first_lesson(), 2)
    ticks(window, 2)
    assert window.focusWidget() is window.lesson.predict
    for key in ("Down", "Down", "Return"):
        press(window, key)
    assert window.stage.frame.lesson.predict.committed
    assert window.focusWidget() is window.lesson.next
    ticks(window, 400)
    first = window.focusWidget()
    assert window.lesson.asks[0].isAncestorOf(first)
    press(window, "Down")
    press(window, "Space")
    assert window.stage.frame.lesson.asks[0].chosen == 1
    press(window, "Return")
    lesson = window.stage.frame.lesson
    assert (lesson.page, lesson.sandbox, lesson.asks[0].chosen) == (2, False, 1)


def test_options_of_a_prediction_take_the_keyboard_and_enter_commits_the_chosen_one(window):
    window.stage.lesson.open(first_lesson(), 4)
    ticks(window, 2)
    for key in ("Down", "Down", "Down", "Up"):  # the arrows stay among the options
        press(window, key)
    press(window, "Return")
    predict = window.stage.frame.lesson.predict
    assert (predict.chosen, predict.committed) == (1, False)
    press(window, "Return")
    assert window.stage.frame.lesson.predict.committed


def test_a_drawn_prediction_scrolls_its_commit_button_into_sight(window):
    window.set_text_size(1.5)
    window.stage.lesson.open(first_lesson(), 2)
    ticks(window, 2)
    press(window, "Down")
    ticks(window, 2)
    area, commit = window.lesson.area.viewport(), window.lesson.predict.commit
    top = commit.mapTo(area, QPoint(0, 0)).y()
    assert 0 <= top <= area.height() - commit.height()


def test_a_turned_page_keeps_the_keyboard_in_the_lesson(window):
    window.stage.lesson.open(first_lesson(), 2)
    ticks(window, 2)
    for key in ("Down", "Return"):
        press(window, key)
    ticks(window, 400)
    assert window.lesson.asks[0].isAncestorOf(window.focusWidget())
    press(window, "PgDown")
    ticks(window, 2)
    assert window.focusWidget() is window.lesson.next
    window.stage.lesson.go(0)
    ticks(window, 2)
    assert window.lesson.isAncestorOf(window.focusWidget())
