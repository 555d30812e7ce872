"""Imports point one way: engine <- lab <- stage <- views <- app, cli. Every import of every file is held to it."""

import ast
import subprocess
import sys

import pytest

from tests.sources import ROOT, imports, module_name, python_files

LEAVES = {"lstmviz.words", "lstmviz.files", "lstmviz.resources", "lstmviz.__version__"}
# What each layer may import beside the standard library and itself.
MAY_IMPORT = {
    "lstmviz.engine": {"numpy", "numba", "llvmlite"},
    "lstmviz.lab": {
        "numpy",
        "lstmviz.engine",
        "safetensors",
        "joblib",
        "distributed",
        "av",
        "msgspec",
        "tqdm",
        "PIL",
        *LEAVES,
    },
    "lstmviz.stage": {"numpy", "lstmviz.lab", "psygnal", "msgspec", "markdown_it", "mdit_py_plugins", *LEAVES},
    "lstmviz.views": {"numpy", "PySide6", "shiboken6", "pyqtgraph", "ziamath", "ziafont", "lstmviz.stage", *LEAVES},
    "lstmviz.words": set(),
    "lstmviz.resources": set(),
    "lstmviz.files": {"numpy", "safetensors", "msgspec", "lstmviz.words"},
}
# Those that put the layers together may import any of them.
WIRING = {"lstmviz", "lstmviz.__main__", "lstmviz.app", "lstmviz.cli", "lstmviz.doctor"}  # and every lstmviz.cli_*


def layer(module: str) -> str | None:
    """The layer, leaf or wiring that ``module`` belongs to; None for what lies outside lstmviz."""
    if module.startswith("lstmviz.cli"):
        return "lstmviz.cli"
    if module in ("lstmviz", "lstmviz.__main__"):
        return module
    return ".".join(module.split(".")[:2]) if module.startswith("lstmviz.") else None


def allowed(importer: str, imported: str) -> bool:
    home = layer(importer)
    if home in WIRING:
        return True
    top = imported.split(".")[0]
    if top in sys.stdlib_module_names:
        return True
    target = layer(imported) or top
    return target == home or target in MAY_IMPORT[home]


@pytest.mark.parametrize("path", python_files(), ids=lambda path: module_name(path))
def test_a_file_imports_only_what_its_layer_may(path):
    module = module_name(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = imports(ast.parse(path.read_bytes()), package)
    wrong = [f"{path.relative_to(ROOT)}:{line}: {name}" for name, line in found if not allowed(module, name)]
    assert not wrong, "\n".join(wrong)


def test_every_file_belongs_to_a_known_layer():
    homes = {layer(module_name(path)) for path in python_files()}
    assert homes <= MAY_IMPORT.keys() | WIRING


@pytest.mark.parametrize(
    ("importer", "code"),
    [
        ("lstmviz.engine.lstm", "import lstmviz.lab"),
        ("lstmviz.engine.lstm", "from lstmviz import words"),
        ("lstmviz.lab.network", "def f():\n    from lstmviz.stage import frame"),
        ("lstmviz.lab.network", "from ..stage import frame"),
        ("lstmviz.stage.stage", "from PySide6.QtCore import QTimer"),
        ("lstmviz.stage.stage", "from lstmviz.engine import lstm"),
        ("lstmviz.views.race", "import importlib\nimportlib.import_module('lstmviz.lab.trace')"),
        ("lstmviz.views.race", "import lstmviz.app"),
        ("lstmviz.files.save", "import lstmviz.lab"),
        ("lstmviz.words", "import numpy"),
    ],
)
def test_an_import_against_the_direction_is_found(importer, code):
    found = list(imports(ast.parse(code), importer.rpartition(".")[0]))
    assert any(not allowed(importer, name) for name, _ in found)


def run(code: str) -> str:
    """What a fresh Python prints for ``code``; its error output as the failure if it fails."""
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


QT_BLOCKED = "import sys\nfor name in ('PySide6', 'shiboken6', 'pyqtgraph'): sys.modules[name] = None\n"


def test_the_package_and_its_numbers_work_with_qt_absent():
    code = QT_BLOCKED + "import lstmviz as lv\nprint([racer.name for racer in lv.compare(gap=5).racers])"
    assert run(code).strip() == "['RNN', 'LSTM']"


def test_every_module_outside_views_and_app_imports_with_qt_absent():
    modules = [module_name(path) for path in python_files()]
    wanted = [name for name in modules if layer(name) not in ("lstmviz.views", "lstmviz.app", "lstmviz.__main__")]
    assert run(QT_BLOCKED + f"import importlib\nfor name in {wanted!r}: importlib.import_module(name)\nprint('all')")


def test_importing_the_package_loads_neither_qt_nor_numba():
    heavy = "{'PySide6', 'pyqtgraph', 'numba', 'numpy', 'joblib'}"
    assert run(f"import sys, lstmviz\nprint(sorted({heavy} & set(sys.modules)))").strip() == "[]"
