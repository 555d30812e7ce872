"""The project's own files, read as text and as syntax, for the tests that hold the whole tree to a rule."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What a tree without git (an unpacked archive) holds beside the project's own files.
CACHES = {".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", "__pycache__"}
GENERATED = {".git", ".venv", "build", "dist", *CACHES}


def project_files() -> list[Path]:
    """Every file that git tracks; without git, every file that no tool made."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True) if _has_git() else None
    if listing is not None and listing.returncode == 0:
        paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not GENERATED & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file())


def _has_git() -> bool:
    from shutil import which

    return which("git") is not None and (ROOT / ".git").exists()


def python_files(folder: str = "lstmviz") -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def module_name(path: Path) -> str:
    """``lstmviz/lab/__init__.py`` is ``lstmviz.lab``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, package: str = "") -> Iterator[tuple[str, int]]:
    """Every module or name that the code below ``tree`` imports, with its line; those inside functions too.

    ``from lstmviz import lab`` may import the module ``lstmviz.lab``, so each such name is given in full.
    ``package`` is what a relative import starts from.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            kept = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*kept, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno
        elif isinstance(node, ast.Call) and _is_import_call(node.func):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value, node.lineno


def _is_import_call(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("import_module", "__import__")
