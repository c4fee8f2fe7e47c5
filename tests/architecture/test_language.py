"""Chinese lives in translations and the catalogue; code explains itself in English."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import (
    APP,
    ROOT,
    docstrings_in,
    functions_in,
    place,
    python_files,
    tree_of,
)

IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
# Files that must recognise what Chinese users type or what a Chinese workbook holds.
READS_CHINESE = {
    "app/catalogue/adopted_label.py",
    "app/catalogue/regulation.py",
    "app/exchange/heading.py",
    "app/rules/column_type.py",
    "app/rules/expression/spoken.py",
    "app/rules/formats.py",
    "app/rules/reading.py",
}


def test_no_chinese_text_stands_in_the_code() -> None:
    found = [
        place(path, node.lineno)
        for path in python_files(APP)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if IDEOGRAPH.search(node.value) and id(node) not in docstrings_in(path)
    ]

    assert [name for name in found if name.partition(":")[0] not in READS_CHINESE] == []


def test_no_chinese_text_stands_in_templates_and_scripts() -> None:
    files = [
        path
        for folder, ending in (("templates", "*.html"), ("assets", "*.js"))
        for path in sorted((APP / "web" / folder).rglob(ending))
    ]

    assert [place(path) for path in files if has_chinese_text(path)] == []


def has_chinese_text(path: Path) -> bool:
    source = path.read_text(encoding="utf-8")
    comments = re.compile(r"\{#.*?#\}|<!--.*?-->|/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
    return bool(IDEOGRAPH.search(comments.sub("", source)))


def test_every_text_has_a_chinese_translation() -> None:
    command = [sys.executable, "-m", "tools.translations", "--check"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_and_public_names_have_docstrings() -> None:
    modules = [path for path in python_files(APP) if path != APP / "__init__.py"]

    silent = [place(path) for path in modules if not ast.get_docstring(tree_of(path))]
    silent += [
        place(path, node.lineno)
        for path in modules
        for node in [*functions_in(path), *classes_in(path)]
        if not node.name.startswith("_") and not is_overload(node) and not is_nested(path, node)
        if not ast.get_docstring(node)
    ]

    assert silent == []


def classes_in(path: Path) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]


def is_overload(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(item, ast.Name) and item.id == "overload" for item in decorators)


def is_nested(path: Path, node: ast.AST) -> bool:
    return any(
        node is not function and node in ast.walk(function) for function in functions_in(path)
    )
