"""Opening a file runs nothing: no event of Python's audit says so, and no source file names what could."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lstmviz
from tests.files.malformed import CSV, FOREIGN, NPY, NPZ, SAFETENSORS, good_csv, good_tensors

# The child opens every file of a folder with every reader, under an audit hook that is there from the first line on.
OPENER = """
import sys
seen, armed = [], False

def hook(event, arguments):
    if not armed:
        return
    if event == "open":
        name = str(arguments[0])
        if not name.startswith(sys.argv[1]):
            seen.append([event, name])
    elif event.split(".")[0] in (
        "pickle", "exec", "compile", "import", "subprocess", "socket", "ctypes", "marshal", "code", "function",
        "shutil", "tempfile", "urllib", "webbrowser", "mmap", "sqlite3", "syslog", "ftplib", "http", "smtplib",
    ) or event in ("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile",
        "os.putenv", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
        "os.chmod", "os.chown", "os.kill"):
        seen.append([event, repr(arguments)[:200]])

sys.addaudithook(hook)
import json, os
from lstmviz.files import BadInput, caps, parse_json, read_csv, read_npy, read_npz, read_safetensors, read_text

def text(path):
    return read_text(path, cap=caps.LESSON_BYTES)

def tree(path):
    return parse_json(text(path), path)

readers = [read_csv, read_npy, read_npz, read_safetensors, text, tree]
names = sorted(os.listdir(sys.argv[1]))
os.chdir(sys.argv[1])
# Python fetches its own codecs at first use: those of old zip names, and of the escapes in an error line
for codec in ("cp437", "unicode_escape", "latin-1", "utf-8"):
    "".encode(codec)
opened = refused = 0
armed = True
for name in names:
    path = sys.argv[1] + os.sep + name
    for reader in readers:
        try:
            reader(path)
            opened += 1
        except BadInput as error:
            str(error)
            refused += 1
armed = False
print(json.dumps({"opened": opened, "refused": refused, "seen": seen}))
"""


def open_everything(folder: Path, script: str = OPENER) -> dict[str, object]:
    run = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        cwd=folder, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert run.stderr == ""
    return dict(json.loads(run.stdout))


def test_no_malformed_file_makes_anything_run(tmp_path: Path) -> None:
    from lstmviz.files import npz_bytes, safetensors_bytes

    contents = {name: data for name, (data, _) in {**SAFETENSORS, **NPZ, **NPY, **CSV}.items() if len(data) < 1 << 20}
    contents |= {f"{name}.dat": data for name, (data, _) in FOREIGN.items()}
    contents |= {"good.csv": good_csv(), "good.safetensors": safetensors_bytes(good_tensors())}
    contents |= {"good.npz": npz_bytes(good_tensors()), "pickle.pt": FOREIGN["pickle_4"][0]}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    result = open_everything(tmp_path)
    assert result["seen"] == []
    assert result["opened"] >= 3
    assert result["opened"] + result["refused"] == 6 * len(contents)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(contents)


def test_the_hook_would_have_seen_a_pickle_being_read(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(NPY["objects.npy"][0])
    careless = OPENER.replace(
        "readers = [",
        "import numpy\ndef careless(path):\n    return len(numpy.load(path, allow_pickle=True))\nreaders = [careless, ",
    )
    run = subprocess.run(
        [sys.executable, "-c", careless, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    events = {event for event, _ in json.loads(run.stdout.splitlines()[-1])["seen"]}
    assert {"pickle.find_class", "os.system", "compile"} <= events


# ---------------------------------------------------------------- what no source file may name

SOURCES = sorted(Path(lstmviz.__file__).parent.rglob("*.py"))
MODULES = {
    "pickle", "cPickle", "_pickle", "cloudpickle", "dill", "shelve", "marshal", "yaml", "torch", "keras", "tensorflow",
    "h5py", "onnx", "code", "codeop", "socket", "ssl", "http", "urllib", "ftplib", "smtplib", "xmlrpc", "requests",
    "tarfile", "webbrowser", "PySide6.QtNetwork", "PySide6.QtWebEngineWidgets",
}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
NAMES = {"QSettings", "QDataStream", "QProcess", "extractall", "fork", "fastmath", "processEvents"}
KEYWORDS = {"allow_pickle", "shell", "fastmath"}


def offences(source: str) -> list[str]:
    """What a source file imports, calls or names of the things above."""
    found = []
    for node in ast.walk(ast.parse(source)):
        where = f"line {getattr(node, 'lineno', 0)}: "
        match node:
            case ast.Import():
                found += [where + alias.name for alias in node.names if is_forbidden(alias.name)]
            case ast.ImportFrom():
                module = node.module or ""
                names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
                found += [where + name for name in names if is_forbidden(name)]
                found += [where + alias.name for alias in node.names if alias.name in NAMES]
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                found.append(where + name)
            case ast.Attribute(attr=name) if name in NAMES:
                found.append(where + name)
            case ast.keyword(arg=name, value=value) if name in KEYWORDS:
                if not (isinstance(value, ast.Constant) and value.value is False):
                    found.append(where + str(name))
            case ast.ExceptHandler(type=None):
                found.append(where + "bare except")
    return found


def is_forbidden(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in MODULES)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_source_file_names_what_could_run_a_strangers_code(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8")) == []


def test_the_search_finds_what_it_looks_for() -> None:
    bad = """
import pickle
from urllib.request import urlopen
from PySide6.QtCore import QSettings
import PySide6.QtCore as core
eval("1")
core.QProcess()
np.load(f, allow_pickle=True)
run(x, shell=flag)
try: pass
except: pass
"""
    assert len(offences(bad)) == 9
    assert offences("np.load(f, allow_pickle=False)\nimport json\nre.compile('a')\nencode()") == []
