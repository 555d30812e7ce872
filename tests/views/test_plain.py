"""No string from outside can become markup, hide, or reverse the text beside it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

from lstmviz.views.plain import LONGEST, harmless, plain, plain_label

HOSTILE = [
    "<img src='file:///etc/hostname'>",
    "<b>bold</b> & 'quoted' \"twice\"",
    "evil\u202egpj.exe",
    "\u2066isolated\u2069",
    "nul\0byte",
    "bell\x07 escape \x1b[31m",
    "lone \ud800 surrogate \udfff",
    "soft\u00adhyphen and zero\u200bwidth",
    "\ufeffmark",
    "\ufffe\uffff\U0010ffff\ufdd0",
    "tag \U000e0041\U000e007f",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_string_is_neither_markup_nor_invisible(text):
    shown = plain(text)
    assert not set("<>\"'") & set(shown)
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn") for character in shown)
    shown.encode("utf-8")


def test_markup_is_shown_letter_by_letter():
    document = QTextDocument()
    document.setHtml(plain("<img src='file:///etc/hostname'> a < b & c"))
    assert document.toPlainText() == "<img src='file:///etc/hostname'> a < b & c"


def test_ordinary_text_is_untouched():
    for text in (
        "gap 50, LSTM",
        "∂L/∂h₁ = 4.6 × 10⁻¹²",
        "überholt, привет, 日本語, नमस्ते",
        "one\ntwo\tthree",
        "👩\u200d🔬",
    ):
        assert harmless(text) == text


def test_every_kind_of_line_break_becomes_one():
    assert harmless("a\r\nb\rc\u2028d") == "a\nb\nc\nd"


def test_a_long_string_is_cut_with_an_ellipsis():
    cut = harmless("x" * 1_000_000)
    assert len(cut) == LONGEST
    assert cut.endswith("x…")
    assert harmless("x" * LONGEST) == "x" * LONGEST


def test_a_pile_of_combining_marks_is_lowered():
    assert len(harmless("a" + "\u0301" * 500)) < 10
    assert harmless("e\u0301") == "e\u0301"


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=[])))
def test_any_string_at_all_comes_out_encodable_and_idempotent(text):
    once = harmless(text)
    once.encode("utf-8")
    assert harmless(once) == once
    assert "<" not in plain(text)


def test_a_plain_label_shows_markup_literally(qtbot):
    label = plain_label("<h1>&big</h1>\0")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == "<h1>&big</h1>\ufffd"
    assert label.openExternalLinks() is False
