"""The doctor names what is missing and the line that mends it, and needs nothing but Python to do so."""

import subprocess
import sys
from collections import namedtuple

import pytest

from lstmviz import doctor
from tests.sources import ROOT


@pytest.fixture
def bare(monkeypatch):
    """A Linux machine on which the loader finds none of Qt's libraries, with apt and no display."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor, "_loads", lambda library: False)
    monkeypatch.setattr(doctor.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)


def state(what: str) -> str:
    return next(finding.state for finding in doctor.report() if finding.what == what)


def test_only_the_standard_library_is_imported():
    code = (
        "import sys, lstmviz.doctor\n"
        "ours = {name for name in sys.modules if name.split('.')[0] == 'lstmviz'}\n"
        "print({name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names - {'lstmviz', '__main__'}, ours)"
    )
    finished = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n{code}"],
        capture_output=True,
        text=True,
    )
    assert finished.stdout.startswith("set() "), finished.stdout + finished.stderr


def test_a_window_needs_more_libraries_than_a_picture(bare):
    drawing, window = doctor.missing_qt_libraries(window=False), doctor.missing_qt_libraries(window=True)
    assert "libEGL.so.1" in drawing and "libxcb-cursor.so.0" not in drawing
    assert set(drawing) < set(window) and "libxcb-cursor.so.0" in window


def test_no_window_libraries_are_asked_for_where_there_is_no_display(bare, monkeypatch):
    assert doctor.missing_qt_libraries() == doctor.missing_qt_libraries(window=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert doctor.missing_qt_libraries() == doctor.missing_qt_libraries(window=True)


def test_nothing_is_asked_for_on_other_systems(bare, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert doctor.missing_qt_libraries(window=True) == []


def test_a_library_that_the_loader_finds_is_not_missing():
    if sys.platform != "linux":
        pytest.skip("only Linux has libraries to look for")
    assert doctor._loads("libc.so.6") and not doctor._loads("libno-such-library.so.1")


def test_the_line_names_each_package_once():
    line = doctor.apt_line(["libgthread-2.0.so.0", "libglib-2.0.so.0", "libEGL.so.1"], root=True)
    assert line == "apt-get install -y --no-install-recommends libegl1 libglib2.0-0"


def test_the_line_asks_for_root_only_where_the_reader_is_not():
    assert doctor.apt_line(["libEGL.so.1"], root=False).startswith("sudo apt-get install ")
    assert doctor.apt_line([], root=False) == ""


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("dnf", "dnf install -y libglvnd-egl xcb-util-cursor"),
        ("pacman", "pacman -S --needed --noconfirm libglvnd xcb-util-cursor"),
    ],
)
def test_the_line_speaks_to_the_package_manager_that_is_there(monkeypatch, manager, line):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: name if name == manager else None)
    assert doctor.install_line(["libEGL.so.1", "libxcb-cursor.so.0"], root=True) == line


def test_the_report_says_what_is_missing_and_how_to_mend_it(bare, monkeypatch, capsys):
    monkeypatch.setattr(doctor.os, "geteuid", lambda: 1000, raising=False)
    assert doctor.main([]) == 1
    printed = capsys.readouterr().out
    assert "MISSING" in printed and "libEGL.so.1" in printed
    assert doctor.apt_line(doctor.missing_qt_libraries(window=False), root=False) in printed


def test_what_only_a_window_needs_is_no_fault_without_a_display(bare, monkeypatch):
    assert state("Qt's libraries for a window") == "spare"
    monkeypatch.setenv("DISPLAY", ":0")
    assert state("Qt's libraries for a window") == "missing"


def test_the_install_line_alone_is_a_command_for_root(bare, capsys):
    assert doctor.main(["--install-line"]) == 0
    assert capsys.readouterr().out == doctor.apt_line(doctor.missing_qt_libraries(), root=True) + "\n"


def test_the_install_line_is_empty_when_nothing_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "_loads", lambda library: True)
    assert doctor.main(["--install-line"]) == 0
    assert capsys.readouterr().out == ""


def test_a_python_that_is_too_old_is_named(monkeypatch):
    version = namedtuple("version", "major minor micro releaselevel serial")
    monkeypatch.setattr(sys, "version_info", version(3, 10, 0, "final", 0))
    assert state("Python") == "missing"


def test_a_package_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(doctor, "_requirements", lambda: ["numpy", "no-such-package"])
    findings = {finding.what: finding for finding in doctor._packages()}
    assert list(findings) == ["no-such-package"]
    assert findings["no-such-package"].mend.endswith("pip install no-such-package")


def test_a_kernel_cache_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked))
    assert state("kernel cache") == "missing"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert state("kernel cache") == "ok"


def test_a_full_disk_is_named(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage(1e9, 1e9 - 1e6, 1e6))
    assert state("disk") == "missing"
