"""Where compiled kernels are kept: a folder of this user's alone, and nothing damaged is ever loaded."""

import importlib.util
import json
import logging
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from lstmviz.engine import cache_folder, jit
from lstmviz.engine.cache_folder import SEAL, engine_hash, is_whole, open_folder, seal, wipe

posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no owners and modes of this kind")


@pytest.fixture
def base(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "caches"))
    return tmp_path / "caches"


# ------------------------------------------------------------------ the folder


@posix
def test_the_folder_is_open_to_its_owner_alone(base):
    folder = open_folder()
    assert folder.parent == base / "lstmviz" / "kernels" and folder.name.endswith(engine_hash())
    for made in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert open_folder() == folder


@posix
def test_a_folder_left_open_to_others_is_closed(base):
    folder = open_folder()
    folder.chmod(0o777)
    assert open_folder() == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_link_in_its_place_is_refused(base, tmp_path, level):
    folder = open_folder()
    link = [folder, folder.parent, folder.parent.parent][level]
    shutil.rmtree(link)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link.symlink_to(elsewhere)
    assert open_folder() is None
    assert not list(elsewhere.iterdir())


@posix
def test_a_folder_of_someone_else_is_refused(base, monkeypatch):
    assert open_folder() is not None
    monkeypatch.setattr(os, "geteuid", lambda: 987654)
    assert open_folder() is None


def test_a_file_in_its_place_is_no_reason_to_fail(base):
    base.mkdir()
    (base / "lstmviz").write_text("")
    assert open_folder() is None


def test_without_a_home_there_is_no_folder_and_no_exception(monkeypatch):
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: Path(os.devnull) / "nowhere")
    assert open_folder() is None

    def unknown():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)
    assert open_folder() is None


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": ""}, ".cache"),
        ("linux", {"XDG_CACHE_HOME": "relative/is/to/be/ignored"}, ".cache"),
        ("linux", {"XDG_CACHE_HOME": "{home}/of my own"}, "of my own"),
        ("darwin", {}, "Library/Caches"),
        ("win32", {"LOCALAPPDATA": ""}, "AppData/Local"),
        ("win32", {"LOCALAPPDATA": "{home}/local"}, "local"),
        ("linux", {"NUMBA_CACHE_DIR": "{home}/numba", "XDG_CACHE_HOME": "{home}/other"}, "numba"),
    ],
)
def test_it_lies_where_each_platform_keeps_its_caches(platform, environment, expected, tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(home=tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert open_folder().parents[2] == tmp_path / expected


def test_each_state_of_the_sources_and_each_way_of_compiling_has_its_own_folder(tmp_path, monkeypatch):
    shutil.copytree(Path(cache_folder.__file__).parent, tmp_path / "engine")
    before = engine_hash()
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert engine_hash() != before
    monkeypatch.delenv("NUMBA_BOUNDSCHECK")
    monkeypatch.setattr(cache_folder, "__file__", str(tmp_path / "engine" / "cache_folder.py"))
    assert engine_hash() == before
    (tmp_path / "engine" / "scaled.py").write_text("ROOM = 0\n")
    assert engine_hash() != before


# ------------------------------------------------------------------ the checksums


@posix
def test_folders_of_old_states_are_removed_but_for_the_last_few(base, tmp_path):
    kernels, mine = open_folder().parent, tmp_path / "mine"
    mine.mkdir()
    (kernels / "notes").mkdir()
    (kernels / f"1.0-{'f' * 16}").symlink_to(mine)
    old = [kernels / f"1.{k}-{k:016x}" for k in range(6)]
    for age, folder in enumerate(reversed(old)):
        (folder / "engine").mkdir(parents=True)
        os.utime(folder, (1e9 - age, 1e9 - age))
    open_folder()
    assert [folder.exists() for folder in old] == [False] * 3 + [True] * cache_folder.OTHERS
    assert mine.exists() and (kernels / "notes").exists() and open_folder().exists()


def test_a_sealed_folder_is_whole_until_a_file_changes_appears_or_goes(tmp_path):
    assert is_whole(tmp_path)
    (tmp_path / "a.nbi").write_bytes(b"index")
    assert not is_whole(tmp_path)
    seal(tmp_path)
    assert is_whole(tmp_path)
    (tmp_path / "a.nbi").write_bytes(b"indey")
    assert not is_whole(tmp_path)
    (tmp_path / "a.nbi").write_bytes(b"index")
    (tmp_path / "b.1.nbc").write_bytes(b"")
    assert not is_whole(tmp_path)
    (tmp_path / "b.1.nbc").unlink()
    assert is_whole(tmp_path)
    (tmp_path / "a.nbi").unlink()
    assert not is_whole(tmp_path)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_damaged_checksums_make_a_folder_not_whole(tmp_path, text):
    (tmp_path / "a.nbi").write_bytes(b"index")
    (tmp_path / SEAL).write_bytes(text)
    assert not is_whole(tmp_path)


def test_wiping_removes_what_was_cached_and_nothing_else(tmp_path):
    (tmp_path / "a.nbi").write_bytes(b"index")
    (tmp_path / "notes.txt").write_text("mine")
    seal(tmp_path)
    wipe(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


# ------------------------------------------------------------------ through a small kernel


@pytest.fixture
def doubled(tmp_path, monkeypatch):
    """Import a small kernel anew, as after a restart; its cache is in ``tmp_path / "kept"``."""
    source = tmp_path / "small.py"
    source.write_text("from lstmviz.engine.jit import kernel\n\n@kernel\ndef doubled(x):\n    return 2 * x\n")
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(jit, "_folder", lambda: kept)

    def start():
        spec = importlib.util.spec_from_file_location("small", source)
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "small", module)
        spec.loader.exec_module(module)
        return module.doubled

    start.files = lambda: sorted(path for path in kept.rglob("*") if path.is_file())
    return start


def hits(dispatcher):
    return sum(dispatcher.stats.cache_hits.values())


def test_the_second_start_loads_what_the_first_compiled(doubled):
    first, second = doubled(), doubled()
    assert first(21) == 42 and hits(first) == 0
    assert second(21) == 42 and hits(second) == 1


def damages():
    yield "all files cut in half", lambda files: [f.write_bytes(f.read_bytes()[: f.stat().st_size // 2]) for f in files]
    yield "all files empty", lambda files: [f.write_bytes(b"") for f in files]
    for kind in (".nbi", ".nbc", ".json"):
        yield f"{kind} gone", lambda files, kind=kind: [f.unlink() for f in files if f.suffix == kind]
        yield (
            f"{kind} cut",
            lambda files, kind=kind: [f.write_bytes(f.read_bytes()[:-9]) for f in files if f.suffix == kind],
        )
        for place in (3, 0.2, 0.5, 0.9, -2):
            yield (
                f"{kind} bit at {place}",
                lambda files, kind=kind, at=place: [flip(f, at) for f in files if f.suffix == kind],
            )


def flip(file, at):
    content = bytearray(file.read_bytes())
    content[int(at * len(content)) if isinstance(at, float) else at] ^= 4
    file.write_bytes(content)


@pytest.mark.parametrize(("damage", "do"), [pytest.param(*d, id=d[0]) for d in damages()])
def test_a_damaged_cache_is_thrown_away_and_made_again(doubled, damage, do, caplog):
    assert doubled()(21) == 42
    do(doubled.files())
    caplog.set_level(logging.WARNING)
    again = doubled()
    assert again(21) == 42 and hits(again) == 0
    assert len(caplog.records) == 1 and "thrown away and made again" in caplog.text
    healed = doubled()
    assert healed(21) == 42 and hits(healed) == 1


def test_a_cache_that_is_whole_but_cannot_be_read_is_made_again(doubled, caplog):
    assert doubled()(21) == 42
    for file in doubled.files():
        if file.suffix == ".nbi":
            file.write_bytes(b"not a pickle")
            seal(file.parent)  # as another version of this program might have left it
    again = doubled()
    assert again(21) == 42 and hits(again) == 0
    assert "UnpicklingError" in caplog.text
    assert doubled()(21) == 42


def test_a_full_disk_costs_the_cache_and_nothing_else(doubled, monkeypatch, caplog):
    def no_room(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache_folder, "seal", no_room)
    assert doubled()(21) == 42
    assert "is not kept on disk" in caplog.text


def test_without_a_folder_kernels_still_compile(doubled, monkeypatch):
    monkeypatch.setattr(jit, "_folder", lambda: None)
    assert doubled()(21) == 42
    assert not doubled.files()


def test_other_packages_keep_their_own_numba_cache(doubled):
    import numba

    before = numba.config.CACHE_DIR
    doubled()
    assert before == numba.config.CACHE_DIR


def test_checksums_are_readable_json(doubled):
    doubled()(21)
    (sums,) = [file for file in doubled.files() if file.name == SEAL]
    assert all(len(value) == 64 for value in json.loads(sums.read_text()).values())
