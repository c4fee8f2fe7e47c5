"""Imports run one way through the rooms and stand at the top of each file."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import (
    APP,
    ROOMS,
    ROOT,
    TESTS,
    functions_in,
    place,
    product_files,
    python_files,
    tree_of,
)


def test_rooms_import_downwards_only() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint_imports], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_is_a_package_of_its_own() -> None:
    folders = {path.name for path in APP.iterdir() if (path / "__init__.py").is_file()}

    assert folders == set(ROOMS)


def test_importing_the_package_loads_nothing() -> None:
    assert (APP / "__init__.py").read_text(encoding="utf-8") == ""


def test_no_function_hides_an_import() -> None:
    files = product_files() + python_files(TESTS)

    hidden = {
        place(path, node.lineno)
        for path in files
        for function in functions_in(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert hidden == set()


def test_the_domain_needs_the_standard_library_only() -> None:
    imported = {
        name.partition(".")[0]
        for path in python_files(APP / "domain")
        for node in ast.walk(tree_of(path))
        for name in names_imported_by(node)
    }

    assert imported - sys.stdlib_module_names <= {"app"}


def names_imported_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_only_actions_and_commands_commit() -> None:
    # Bootstrap puts the parts together; begin_write ends a transaction that has only read.
    allowed = {"app/bootstrap.py", "app/models/database.py"}

    commits = [
        (path, node.lineno)
        for path in python_files(APP)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]

    assert [
        place(path, line)
        for path, line in commits
        if path.relative_to(APP).parts[0] not in {"actions", "cli"} and place(path) not in allowed
    ] == []
