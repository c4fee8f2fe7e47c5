"""What people write about adopted tables is checked word by word; nothing they write is a crash."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from app.catalogue.adopted_file import OVERRIDES_FILE, read_adopted, write_adopted
from app.catalogue.adopted_label import label_column
from app.catalogue.adopted_override import COLUMN_WORDS, TABLE_WORDS
from app.catalogue.adopted_table import AdoptedTable
from app.catalogue.fault import CatalogueError
from tests.catalogue.test_adopted_file import STUDENTS


def faults_of(folder: Path, text: str) -> list[str]:
    (folder / OVERRIDES_FILE).write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        read_adopted(folder)
    except CatalogueError as error:
        return error.faults
    return []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adopted")
    write_adopted(folder, [STUDENTS])
    return folder


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("label: 5", "label: expected a text"),
        ('label: " "', "label: expected a text"),
        ("help: [x]", "help: expected a text"),
        ("columns: []", "columns: expected words for each column"),
        ("columns: {no: {}}", "columns: expected words for each column"),
        ("columns: {name: {hidden: ja}}", "columns: name: hidden: expected true or false"),
        ("columns: {name: {kind: txt}}", "columns: name: kind: expected one of string"),
        ("columns: {name: 5}", "columns: name: not a mapping"),
        ("order: [name, name]", "order: expected a list of columns, each once"),
        ("order: [age]", "order: no such column: age"),
        ("key: name", "key: expected a list of columns"),
        ("mapping: {year: name}", "mapping: expected a column for some of period"),
        ("mapping: {period: 5}", "mapping: expected a column"),
        ('{mapping: {period: ""}, report: {}}', "no such columns: "),
        ('mapping: {department: "no", departments: {1: A}}', "mapping: expected departments"),
        ('mapping: {departments: {"301": A03}}', "mapping: departments: mapping names no column"),
        ("label_column: [name]", "label_column: expected a text"),
        ("label_column: age", "label_column: age is no column"),
        ("label_column: photo", "label_column: photo is no column"),
        ("{label_column: name, columns: {name: {masked: true}}}", "label_column: name is no"),
        ("5", "not a mapping"),
    ],
)
def test_word_of_another_form_is_told_with_its_place(folder: Path, words: str, told: str) -> None:
    text = f"tables:\n  students:\n    {words}\n"
    assert any(f"{OVERRIDES_FILE}: students: {told}" in each for each in faults_of(folder, text))


def test_every_wrong_word_is_told_at_once(folder: Path) -> None:
    text = "tables: {students: {label: 5, group: 6, columns: {name: {masked: 1}}}, pupils: {}}"
    assert len(faults_of(folder, text)) == 4


def test_words_without_anything_behind_them_say_nothing(folder: Path) -> None:
    assert faults_of(folder, "tables: {students: {columns: , order: , mapping: }}") == []


def test_rows_are_called_by_the_column_that_people_name(folder: Path) -> None:
    (folder / OVERRIDES_FILE).write_text("tables: {students: {label_column: sex}}")
    label = label_column(read_adopted(folder)["students"])
    assert label is not None
    assert label.code == "sex"


def test_named_column_survives_the_way_to_a_file(tmp_path: Path) -> None:
    named: AdoptedTable = replace(STUDENTS, label_column="name")
    write_adopted(tmp_path, [named])
    assert read_adopted(tmp_path) == {"students": named}


def test_text_that_is_no_yaml_is_told_with_its_line(folder: Path) -> None:
    [told] = faults_of(folder, "tables:\n  students: {label: ]\n")
    assert told == f"{OVERRIDES_FILE}: line 2 is not correct YAML"


WORDS = some.sampled_from([*TABLE_WORDS, *COLUMN_WORDS, "students", "name", "sex", "period"])
LEAVES = some.none() | some.booleans() | some.integers() | some.floats() | some.text() | WORDS
ANYTHING = some.recursive(
    LEAVES, lambda each: some.lists(each) | some.dictionaries(WORDS | LEAVES, each), max_leaves=12
)


@given(ANYTHING, some.sampled_from(["{}", "tables: {{}}", "tables: {{students: {}}}"]))
def test_no_words_raise_anything_but_their_faults(folder: Path, words: object, frame: str) -> None:
    dumped = yaml.safe_dump(words, default_flow_style=True, allow_unicode=True)
    faults_of(folder, frame.format(dumped.removesuffix("...\n").strip()))


@given(some.text())
def test_no_text_raises_anything_but_its_faults(folder: Path, text: str) -> None:
    faults_of(folder, "tables: {students: {label: " + text)


@pytest.mark.parametrize(
    "text",
    [
        "tables: &a {students: *a}",
        "tables: {students: {label: 2024-13-45}}",
        "tables: {students: {label: !!int ''}}",
        "tables: {students: {? [1, 2] : 3}}",
        "tables: {0x" + "f" * 5000 + ": {}}",
        "tables: " + "[" * 20_000,
        'tables: {students: {label: "\\ud800"}}',
        "tables: {students: {<<: 5}}",
        "tables: {students: !!python/object:os.system {}}",
    ],
)
def test_nasty_yaml_is_a_fault_and_no_crash(folder: Path, text: str) -> None:
    assert faults_of(folder, text)
