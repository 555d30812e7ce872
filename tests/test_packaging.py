"""The wheel holds what the program needs and nothing else; the lock matches it; ./dev says what it lacks."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from lstmviz import __version__
from lstmviz.resources import resource
from tests.sources import ROOT, project_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_is_named_after_the_version_of_the_package(wheel):
    assert wheel.name == f"lstmviz-{__version__}-py3-none-any.whl"


@pytest.mark.parametrize("folder", ["lessons", "assets"])
def test_every_lesson_and_asset_is_inside_the_wheel_under_the_package(wheel, folder):
    tracked = [path.relative_to(ROOT).as_posix() for path in project_files() if path.is_relative_to(ROOT / folder)]
    assert tracked
    assert {f"lstmviz/{name}" for name in tracked} <= names(wheel)


def test_the_wheel_holds_the_package_its_licence_and_nothing_else(wheel):
    found = names(wheel)
    metadata = f"lstmviz-{__version__}.dist-info"
    assert {name.partition("/")[0] for name in found} == {"lstmviz", metadata}
    assert {"lstmviz/py.typed", "lstmviz/__main__.py", f"{metadata}/licenses/LICENSE"} <= found
    assert not [name for name in found if "__pycache__" in name or name.endswith((".nbi", ".nbc", ".log"))]


def test_the_console_script_calls_the_command_line(wheel):
    entry = zipfile.ZipFile(wheel).read(f"lstmviz-{__version__}.dist-info/entry_points.txt").decode()
    assert entry.split() == ["[console_scripts]", "lstmviz", "=", "lstmviz.cli:main"]


def test_lessons_and_assets_are_found_where_the_wheel_is_unpacked(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from lstmviz.resources import resource\n"
        "print(*(resource(name) for name in ('lessons', 'assets')), sep='\\n')"
    )
    finished = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert finished.stdout.split() == [str(tmp_path / "lstmviz" / name) for name in ("lessons", "assets")]


def test_lessons_and_assets_are_found_in_a_checkout():
    assert resource("assets") == ROOT / "assets"
    assert resource("lessons") == ROOT / "lessons"


def test_an_installation_without_its_folders_says_so():
    with pytest.raises(FileNotFoundError, match="no 'lesons' folder: install it again"):
        resource("lesons")


def test_everything_that_the_project_asks_for_is_in_the_lock():
    lock = (ROOT / "requirements.lock").read_text()
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    wanted = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-") for line in asked}
    assert wanted <= locked
    assert {"hatchling", "editables"} <= locked


def test_the_lock_keeps_python_311_away_from_the_qt_that_loses_references_to_none():
    lock = (ROOT / "requirements.lock").read_text()
    pin = r"^pyside6-essentials==(\d+)\.(\d+)\S* ; python_full_version (\S+) '3\.12'"
    pins = re.findall(pin, lock, re.MULTILINE)
    assert {(relation, (int(major), int(minor)) < (6, 12)) for major, minor, relation in pins} == {
        ("<", True),
        (">=", False),
    }


# ---------------------------------------------------------------- ./dev


needs_sh = pytest.mark.skipif(shutil.which("sh") is None or os.name == "nt", reason="./dev is a POSIX script")


def dev(folder: Path, *arguments: str, tools: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run a copy of ./dev in ``folder`` on a machine that has nothing but ``tools``."""
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    for tool in tools:
        (bin_folder / tool).symlink_to(shutil.which(tool))
    for name in ("dev", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    environment = {"PATH": str(bin_folder), "HOME": str(folder)}
    return subprocess.run(
        [str(folder / "dev"), *arguments], env=environment, cwd=folder, capture_output=True, text=True, timeout=60
    )


@needs_sh
def test_without_any_python_dev_says_in_one_sentence_what_to_install(tmp_path):
    finished = dev(tmp_path, tools=("sh", "dirname", "id", "cat"))
    assert finished.returncode == 1
    assert finished.stderr.startswith("lstmviz: needs Python 3.11, 3.12 or 3.13 with venv")
    assert finished.stderr.count("\n") == 1
    assert not (tmp_path / ".venv").exists()


@needs_sh
def test_a_word_that_dev_does_not_know_shows_what_it_knows(tmp_path):
    finished = dev(tmp_path, "tset", tools=("sh", "dirname", "sed"))
    assert finished.returncode == 2
    assert "./dev test [ARGS]" in finished.stderr
    assert not (tmp_path / ".venv").exists()


def failing_dev(folder: Path) -> str:
    """What ``./dev setup`` says on a machine whose package index has nothing."""
    for name in ("dev", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "requirements.lock").write_text("no-such-package==1.0 --hash=sha256:" + 64 * "0" + "\n")
    environment = os.environ | {"PYTHON": sys.executable, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    finished = subprocess.run(
        [str(folder / "dev"), "setup"], env=environment, capture_output=True, text=True, timeout=100
    )
    assert finished.returncode != 0
    return finished.stderr


@needs_sh
def test_an_installation_that_fails_leaves_no_stamp_so_that_the_next_run_tries_again(tmp_path):
    assert "installing the packages" in failing_dev(tmp_path)
    assert not (tmp_path / ".venv/installed").exists()


@needs_sh
def test_a_venv_is_made_anew_only_when_it_was_moved_or_its_python_has_changed(tmp_path):
    failing_dev(tmp_path)
    (tmp_path / ".venv/mark").touch()
    failing_dev(tmp_path)
    assert (tmp_path / ".venv/mark").exists()
    (tmp_path / ".venv/made-for").write_text("another Python, elsewhere\n")
    failing_dev(tmp_path)
    assert not (tmp_path / ".venv/mark").exists()
    assert str(tmp_path) in (tmp_path / ".venv/made-for").read_text()


@needs_sh
def test_the_scripts_can_be_run():
    for name in ("dev", ".ci/run", "scripts/lock"):
        assert os.access(ROOT / name, os.X_OK), name
