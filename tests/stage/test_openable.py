"""What can be opened, by its name; and the list of recent files."""

from pathlib import Path

import pytest

from lstmviz.files import BadInput
from lstmviz.lab.network import GRU
from lstmviz.lab.weights import save_network
from lstmviz.stage.lesson_list import shipped_lessons
from lstmviz.stage.openable import check_file, kind_of, recent_titles, with_newest


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.safetensors", "weights"),
        ("a.NPZ", "weights"),
        ("a.csv", "table"),
        ("a.Tsv", "table"),
        ("a.txt", "text"),
        ("a.lstmviz", "session"),
        ("a.md", "lesson"),
    ],
)
def test_a_files_name_says_what_it_is(name, kind):
    assert kind_of(Path(name)) == kind


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.pt", "PyTorch pickle files can run code and are not opened (see docs/convert.md)"),
        ("a.keras", "see docs/convert.md"),
        ("a", "this kind of file is not opened (.safetensors, .npz, .csv"),
        ("a.png", "this kind of file is not opened"),
    ],
)
def test_what_is_not_opened_is_refused_in_one_line(name, said):
    with pytest.raises(BadInput) as refused:
        kind_of(Path(name))
    assert str(refused.value).startswith(f"{name}: ") and said in str(refused.value)


def test_a_file_is_checked_before_a_window_opens(tmp_path):
    save_network(GRU(3, 4), tmp_path / "a.safetensors")
    check_file(tmp_path / "a.safetensors")
    check_file(shipped_lessons()[0])
    for name in ("a.csv", "a.txt", "a.lstmviz", "a.md", "b.npz"):
        (tmp_path / name).write_text("no", encoding="utf-8")
        with pytest.raises(BadInput):
            check_file(tmp_path / name)


def test_the_newest_file_comes_first_and_each_is_there_once():
    recent = ()
    for name in ("/a", "/b", "/a", "/c"):
        recent = with_newest(recent, Path(name))
    assert [Path(name).name for name in recent] == ["c", "a", "b"]


def test_a_recent_file_that_is_gone_says_so(tmp_path):
    (tmp_path / "here.csv").write_text("1\n")
    there, gone = str(tmp_path / "here.csv"), str(tmp_path / "gone.csv")
    assert recent_titles((there, gone)) == [(there, "here.csv"), (gone, "gone.csv (not found)")]
