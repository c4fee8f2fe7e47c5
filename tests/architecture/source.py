"""Reading the repository's own files, for the tests of its architecture."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
TESTS = ROOT / "tests"
ROOMS = (
    "domain",
    "catalogue",
    "rules",
    "models",
    "access",
    "actions",
    "reports",
    "exchange",
    "jobs",
    "web",
    "cli",
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: Path) -> list[Path]:
    """The Python files below the folders, sorted."""
    found = (path for folder in folders for path in folder.rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def product_files() -> list[Path]:
    """The Python files of the product, its settings and its tools.

    Not the revisions of the database: alembic writes them and nobody changes them later.
    """
    folders = [ROOT / name for name in ("app", "tools", "benchmarks")]
    return [
        *python_files(*folders),
        *sorted((ROOT / "migrations").glob("*.py")),
        *ROOT.glob("*.py"),
    ]


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions_in(path: Path) -> Iterator[Function]:
    """All functions and methods of a file, nested ones too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Function):
            yield node


def docstrings_in(path: Path) -> set[int]:
    """The identities of the constants that are docstrings."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree_of(path))
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }


def place(path: Path, line: int | None = None) -> str:
    """A path inside the repository, with a line where there is one, to name in a failure."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name
