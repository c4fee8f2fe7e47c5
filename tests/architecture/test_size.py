"""Files and functions stay small enough to be read at once."""

import ast

from tests.architecture.source import (
    TESTS,
    Function,
    functions_in,
    place,
    product_files,
    python_files,
    tree_of,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
LONGEST_TEST = 20


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_400_lines() -> None:
    files = product_files() + python_files(TESTS)

    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}

    assert {name: count for name, count in lengths.items() if count > LONGEST_FILE} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    files = product_files() + python_files(TESTS)

    functions = [(path, function) for path in files for function in functions_in(path)]

    assert [
        f"{place(path, function.lineno)} {function.name}: {length(function)} lines"
        for path, function in functions
        if length(function) > LONGEST_FUNCTION
    ] == []


def test_no_test_is_longer_than_20_lines() -> None:
    tests = [
        (path, node)
        for path in python_files(TESTS)
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]

    assert [
        f"{place(path, node.lineno)} {node.name}: {length(node)} lines"
        for path, node in tests
        if length(node) > LONGEST_TEST
    ] == []


def test_tests_are_functions_without_classes() -> None:
    assert [
        place(path, node.lineno)
        for path in python_files(TESTS)
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test")
    ] == []
