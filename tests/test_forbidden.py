"""What must not stand anywhere in the tree: ways to run code from a file, ways to the network, this or that machine."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.sources import ROOT, imports, project_files, python_files

MODULES = {
    "runs code from a file": "pickle _pickle cPickle cloudpickle dill shelve marshal yaml code",
    "reads files that hold code, or drags in a giant": "torch keras tensorflow h5py onnx",
    "starts programs": "subprocess pty",
    "uses the network": "socket ssl http urllib.request ftplib smtplib requests httpx aiohttp PySide6.QtNetwork",
    "starts a browser engine": "PySide6.QtWebEngineCore PySide6.QtWebEngineWidgets PySide6.QtWebChannel",
}
NAMES = {
    "QSettings": "unpickles",
    "QDataStream": "unpickles",
    "QProcess": "starts programs",
    "QSaveFile": "replaces the good file by a truncated one on a full disk",
    "ParameterTree": "evaluates text",
    "ConsoleWidget": "evaluates text",
}
BUILTINS = {"eval", "exec", "compile", "__import__", "breakpoint"}
METHODS = {
    "os.system",
    "os.popen",
    "os.fork",
    "joblib.load",
    "joblib.dump",
    "np.fromfile",
    "QApplication.processEvents",
}
# Reading and writing files. A user's file is opened in lstmviz/files alone, where the caps and the error line are.
FILE_CALLS = {"load_file", "save_file", "loadtxt", "genfromtxt", "savetxt", "savez", "savez_compressed", "fromfile"}
FILE_CALLS |= {"memmap", "QFile", "NamedTemporaryFile"}
FILE_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes", "tofile"}  # lstmviz.files has some of the name
MAY_OPEN_FILES = {
    "lstmviz/engine/cache_folder.py": "its own checksums beside the kernels",
}
MAY_SET_HTML = {"lstmviz/views/plain.py"}


def forbidden(tree: ast.AST, place: str) -> Iterator[str]:
    """What in the code of the file ``place`` breaks a rule."""
    modules = {name: why for why, names in MODULES.items() for name in names.split()}
    for name, line in imports(tree):
        parts = name.split(".")
        for why in {modules[start] for end in range(len(parts)) if (start := ".".join(parts[: end + 1])) in modules}:
            yield f"{place}:{line}: import of {name} {why}"
        if parts[-1] in NAMES:
            yield f"{place}:{line}: {parts[-1]} {NAMES[parts[-1]]}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in NAMES:
            yield f"{place}:{node.lineno}: {node.attr} {NAMES[node.attr]}"
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield f"{place}:{node.lineno}: bare except"
        if isinstance(node, ast.Call):
            yield from (f"{place}:{node.lineno}: {what}" for what in forbidden_call(node, place))


def forbidden_call(call: ast.Call, place: str) -> Iterator[str]:
    function = ast.unparse(call.func)
    last = function.rpartition(".")[2]
    if function in BUILTINS or function in METHODS:
        yield f"{function}()"
    for keyword in call.keywords:
        safe = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        if keyword.arg in ("allow_pickle", "shell", "fastmath") and not safe:
            yield f"{keyword.arg}={ast.unparse(keyword.value)}"
    literal = all(isinstance(argument, ast.Constant) for argument in call.args)
    if last in ("setHtml", "insertHtml") and not literal and place not in MAY_SET_HTML:
        yield f"{last}() of text that is not written here: user text goes through plain()"
    if opens_a_file(call, function, last) and not place.startswith("lstmviz/files/") and place not in MAY_OPEN_FILES:
        yield f"{function}() opens a file; that is for lstmviz/files"


def opens_a_file(call: ast.Call, function: str, last: str) -> bool:
    """Whether a call opens a file that is not one of the program's own and not bytes in memory."""
    text = ast.unparse(call)
    if "resource(" in function or any(harmless in text for harmless in ("BytesIO(", "StringIO(", "os.devnull")):
        return False
    if function in ("open", "io.open", "os.open", "np.load", "np.save", "os.fdopen"):
        return True
    if "." in function and (last in FILE_METHODS or (last == "open" and opens_with_a_mode(call, function))):
        return True
    return last in FILE_CALLS


def opens_with_a_mode(call: ast.Call, function: str) -> bool:
    """Tell ``path.open("rb")`` and ``Image.open(path)`` from ``dialog.open()`` and ``lesson.open(lesson)``."""
    modes = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    library = function.partition(".")[0] in ("Image", "gzip", "bz2", "lzma", "zipfile", "tarfile", "codecs", "wave")
    return library or any(isinstance(mode, str) and set(mode) <= set("rwaxbt+") for mode in modes)


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_runs_a_file_or_opens_one_outside_the_file_layer(path):
    place = path.relative_to(ROOT).as_posix()
    found = list(forbidden(ast.parse(path.read_bytes()), place))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from os import system\nimport torch.nn",
        "def f():\n    import yaml",
        "from PySide6.QtCore import QSettings",
        "from PySide6 import QtCore\nQtCore.QDataStream()",
        "from PySide6 import QtNetwork",
        "eval('1')",
        "__import__('x')",
        "import os\nos.system('ls')",
        "np.load(path, allow_pickle=True)",
        "np.load(path)",
        "np.load(io.BytesIO(b''), allow_pickle=chosen)",
        "subprocess.run('ls', shell=True)",
        "njit(fastmath=True)",
        "open('x')",
        "path.open('rb')",
        "Image.open(path)",
        "Path(x).write_text('')",
        "label.setHtml(title)",
        "try:\n    pass\nexcept:\n    pass",
        "joblib.load(path)",
    ],
)
def test_each_forbidden_thing_is_found(code):
    assert list(forbidden(ast.parse(code), "lstmviz/lab/any.py"))


@pytest.mark.parametrize(
    "code",
    [
        "dialog.open()",
        "self.lesson.open(chosen)",
        "resource('assets', 'icon.svg').read_bytes()",
        "np.load(io.BytesIO(data), allow_pickle=False)",
        "Image.open(io.BytesIO(data))",
        "label.setHtml('<b>fixed</b>')",
        "from urllib.parse import quote",
    ],
)
def test_what_only_looks_forbidden_is_not(code):
    assert not list(forbidden(ast.parse(code), "lstmviz/lab/any.py"))


# ---------------------------------------------------------------- the tree's other files

# Written in halves, so that this file does not find itself.
HOSTS = [a + b for a, b in (("pypi", ".org"), ("pythonhosted", ".org"), ("npmjs", ".org"), ("npmjs", ".com"))]
HOSTS += [a + b for a, b in (("anaconda", ".org"), ("download.pytorch", ".org"))]
HOMES = [a + b for a, b in (("/ro", "ot/"), ("/wo", "rk/"), ("/ho", "me/"), ("/Us", "ers/"), ("/tmp/te", "am"))]
HOMES += ["../" + "shared"]


@pytest.mark.parametrize("needle", [*HOSTS, *HOMES])
def test_no_file_names_a_registry_or_a_machine(needle):
    holders = [path.relative_to(ROOT) for path in project_files() if needle.encode() in path.read_bytes()]
    assert not holders


def test_the_lock_names_no_host_and_hashes_everything():
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links|--trusted-host| @ ", lock)
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert len(blocks) > 30
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==[^ ]+ ", block), block
        assert "--hash=sha256:" in block, block
