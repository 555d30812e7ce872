"""A lesson names files in its own folder and nothing else, in the same words on every system."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lstmviz.files import BadInput, path_inside, read_bytes

REFUSED = [
    "", ".", "..", "../secret.png", "pictures/../../secret.png", "pictures/..", "./gate.png", "pictures/./gate.png",
    "/etc/passwd", "//server/share/x.png", "/gate.png", "gate.png/", "pictures//gate.png", "~/gate.png", "~root/x.png",
    "C:/Windows/win.ini", "C:gate.png", r"\\server\share\x.png", r"..\secret.png", r"pictures\gate.png", r"\\?\C:\x",
    "file:///etc/passwd", "http://host/x.png", "data:image/png;base64,AAAA", "gate.png:stream", "%2e%2e/secret.png",
    "$HOME/x.png", "con", "CON.png", "pictures/nul", "aux.tar.png", "COM1", "lpt9.png", "conin$", "com¹.png",
    "gate.png ", " gate.png", "gate.png.", "gate.p*g", "gate?.png", "a\0.png", "a\nb.png", "\u202egnp.etag",
    "．．/secret.png", "gate\uff0epng", "ﬁle.png", "gate\u200b.png", "\ud800.png", "a|b.png", '"gate".png', "<b>.png",
    "x" * 201, "../" * 60 + "etc/passwd",
]  # fmt: skip


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    (tmp_path / "secret.png").write_bytes(b"secret")
    folder = tmp_path / "lesson"
    (folder / "pictures").mkdir(parents=True)
    (folder / "gate.png").write_bytes(b"gate")
    (folder / "pictures" / "größe 2.png").write_bytes(b"size")
    return folder


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str, lesson: Path) -> None:
    with pytest.raises(BadInput) as caught:
        path_inside(lesson, name, file="gates.md", line=7)
    line = str(caught.value)
    assert line.startswith('gates.md:7: "')
    assert line.endswith("the name is not allowed (a file in the lesson's folder, such as pictures/gate.png)")
    assert line.isprintable()


@pytest.mark.parametrize(("name", "data"), [("gate.png", b"gate"), ("pictures/größe 2.png", b"size")])
def test_a_file_in_the_lessons_folder_is_found(name: str, data: bytes, lesson: Path) -> None:
    assert read_bytes(path_inside(lesson, name, file="gates.md"), cap=100, kind="a picture") == data


@pytest.mark.parametrize("name", ["missing.png", "GATE.PNG", "Gate.png", "pictures/gate.png", "gate.png/x", "console"])
def test_a_file_that_is_not_there_under_exactly_this_name_is_refused(name: str, lesson: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no such file \(spelt as on the disk, capitals included\)"):
        path_inside(lesson, name, file="gates.md")


def link_out(lesson: Path) -> str:
    (lesson / "link.png").symlink_to("../secret.png")
    return "link.png"


def link_to_the_root(lesson: Path) -> str:
    (lesson / "root").symlink_to("/")
    return "root/etc/passwd"


def link_to_a_neighbour_with_a_longer_name(lesson: Path) -> str:
    (lesson.parent / "lesson2").mkdir()
    (lesson.parent / "lesson2" / "x.png").write_bytes(b"x")
    (lesson / "link").symlink_to("../lesson2")
    return "link/x.png"


def link_loop(lesson: Path) -> str:
    (lesson / "loop.png").symlink_to("loop.png")
    return "loop.png"


def folder(lesson: Path) -> str:
    return "pictures"


def pipe(lesson: Path) -> str:
    os.mkfifo(lesson / "pipe.png")
    return "pipe.png"


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
@pytest.mark.parametrize(
    ("make", "part"),
    [
        (link_out, "the link leads out of the lesson's folder"),
        (link_to_the_root, "the link leads out of the lesson's folder"),
        (link_to_a_neighbour_with_a_longer_name, "the link leads out of the lesson's folder"),
        (link_loop, "there is no such file"),
        (folder, "this is no plain file"),
        (pipe, "this is no plain file"),
    ],
)
def test_a_name_that_leads_out_or_to_no_plain_file_is_refused(
    make: Callable[[Path], str], part: str, lesson: Path
) -> None:
    with pytest.raises(BadInput, match=part):
        path_inside(lesson, make(lesson), file="gates.md")


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_link_that_stays_inside_is_followed(lesson: Path) -> None:
    (lesson / "link.png").symlink_to("pictures/größe 2.png")
    assert Path(path_inside(lesson, "link.png", file="gates.md")).read_bytes() == b"size"
