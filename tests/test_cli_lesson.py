"""``lstmviz lesson`` as a teacher types it: check, new, list, play."""

import os
import subprocess
import sys

import pytest

from lstmviz import cli_lesson
from lstmviz.cli import main
from lstmviz.files import BadInput
from lstmviz.stage.lesson import parse_lesson
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.lesson_progress import LessonProgress
from tests.sources import ROOT
from tests.stage.lessons import GOOD, HEAD


def test_check_names_each_good_lesson_and_each_bad_one(tmp_path, capsys):
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text("# P\n", encoding="utf-8")
    assert main(["lesson", "check", str(good), str(bad), str(good)]) == 2
    out, err = capsys.readouterr()
    assert out.splitlines() == [f"{good}: Half-life, 3 pages, nothing wrong"] * 2
    assert err.startswith(f"{bad}:1: page 1: there is no block toml lesson (")
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.md", "."])
def test_what_is_no_file_is_said_in_one_line(name, tmp_path, capsys):
    assert main(["lesson", "check", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("Text.\n\nInline $\\frac{1}{2$ here.", 11),
        ("Text.\n\n$$\n\\nosuchcommand x\n$$", 12),
        ("$x^{gap}$ and $a & b$", 9),
        ("| a |\n|---|\n| $\\badcommand$ |", 11),
        ('```toml predict\nkind = "curve"\nask = "Where is $\\\\nocommand$?"\n```', 11),
    ],
)
def test_a_formula_that_cannot_be_typeset_is_found_with_its_line(where, line, tmp_path, capsys):
    path = tmp_path / "bad.md"
    path.write_text(f"{HEAD}# P\n\n{where}\n", encoding="utf-8")
    assert main(["lesson", "check", str(path)]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith((f"{path}:{line}: page 1: formula ", f"{path}:7: page 1: formula ")), err


def test_formulas_are_checked_where_qt_is_absent():
    code = (
        "import sys\nfor name in ('PySide6', 'shiboken6'): sys.modules[name] = None\n"
        "from lstmviz.cli_lesson import formula_fault\n"
        "print(repr(formula_fault('x^{rnn.fade}')), bool(formula_fault(r'\\frac{1}')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "'' True", done.stderr


def test_a_new_lesson_passes_the_check_and_is_never_written_over(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["lesson", "new", "The Half-life, of f"]) == 0
    path = tmp_path / "the-half-life-of-f.md"
    assert parse_lesson(path.read_text(encoding="utf-8"), "a.md").title == "The Half-life, of f"
    assert main(["lesson", "check", path.name]) == 0
    capsys.readouterr()
    path.write_text("mine", encoding="utf-8")
    assert main(["lesson", "new", "the half-life of f.md"]) == 2
    assert capsys.readouterr().err == "the-half-life-of-f.md: the file is there already (another name)\n"
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["", "  ", "///", "..", 'a"b', "x" * 81, "a\nb", "\u202ea"])
def test_a_name_that_makes_no_title_is_refused(name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["lesson", "new", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_list_names_the_lessons_and_how_far_one_came(capsys):
    path = cli_lesson.progress_path()
    assert os.environ["HOME"] in str(path) or "lstmviz-tests" in str(path)
    assert main(["lesson", "list"]) == 0
    assert "  2  Why the gradient vanishes, 7 pages, 12 minutes\n" in capsys.readouterr().out
    progress = LessonProgress(path)
    progress.note(str(shipped_lessons()[0]), 2, 7)
    try:
        assert main(["lesson", "list"]) == 0
        assert "12 minutes; page 3 reached\n" in capsys.readouterr().out
        progress.note(str(shipped_lessons()[0]), 6, 7)
        assert main(["lesson", "list"]) == 0
        assert "12 minutes; finished\n" in capsys.readouterr().out
    finally:
        path.unlink()


def test_a_bad_lesson_is_refused_before_a_window_opens(tmp_path, capsys):
    path = tmp_path / "bad.md"
    path.write_text("# P\n", encoding="utf-8")
    assert main(["lesson", "play", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("page", ["0", "8", "-1", "x", "9" * 5000])
def test_a_page_that_is_not_there_is_refused(page, capsys):
    assert main(["lesson", "play", str(shipped_lessons()[0]), "--page", page]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_without_a_display_playing_says_so(capsys, monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main(["lesson", "play", str(shipped_lessons()[0])]) == 1
    assert "no display" in capsys.readouterr().err


def test_the_line_of_a_formula_is_looked_for_below_the_heading():
    text = "$a$\n\n# P\n\nx $a$\n"
    assert cli_lesson.line_of("a", text, 3) == 5
    assert cli_lesson.line_of("zzz", text, 3) == 3


def test_a_missing_formula_error_names_the_page(tmp_path):
    path = tmp_path / "bad.md"
    path.write_text(GOOD + "\n---\n\n# More\n\n$$\n\\nothing\n$$\n", encoding="utf-8")
    with pytest.raises(BadInput, match="page 4: formula"):
        cli_lesson.checked(str(path))
