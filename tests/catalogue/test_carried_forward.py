"""Which tables of the seed take over last year's rows: every one says so itself."""

import re
from pathlib import Path

from app.catalogue.base_table import Carrying, FieldSpec, FieldType
from app.catalogue.consistency import faults_of
from tests.factories import SEED, seed_catalogue, table_of

CATALOGUE = seed_catalogue()
HAPPENS_IN_A_YEAR = re.compile(
    r"授课|获奖|就业情况|招生情况|统计|评教|培训进修|经费|支出|收入|鉴定开展"
)


def records(path: Path) -> list[str]:
    """The text of each table of a file, up to its fields."""
    parts = path.read_text(encoding="utf-8").split("\n  - identifier: ")[1:]
    return [part.partition("\n    fields:")[0] for part in parts]


def test_every_table_says_whether_its_rows_are_taken_over() -> None:
    files = [path for path in sorted((SEED / "catalogue").glob("*.yaml")) if path.stem[0] in "01"]
    silent = [
        record.partition("\n")[0]
        for path in files
        for record in records(path)
        if "\n    carried_forward: " not in record
    ]

    assert files
    assert silent == []


def test_a_table_that_says_nothing_takes_them_over() -> None:
    field = FieldSpec("code", "代码", FieldType.STRING, key=True, max_length=20)

    assert table_of(field).carried_forward


def test_what_happened_in_the_year_is_not_taken_over() -> None:
    carried = [t.title for t in CATALOGUE.tables.values() if t.carried_forward]

    assert [title for title in carried if HAPPENS_IN_A_YEAR.search(title)] == []


def test_people_majors_and_places_are_taken_over() -> None:
    tables = ("staff", "full_time_teacher", "major", "course", "campus", "on_campus_base")

    assert all(CATALOGUE.tables[name].carried_forward for name in tables)


def test_a_key_that_would_be_emptied_is_a_fault_of_the_catalogue() -> None:
    key = FieldSpec("year", "年", FieldType.STRING, key=True, max_length=9, carried=Carrying.CLEAR)

    assert any("year cannot be cleared" in fault for fault in faults_of([table_of(key)], [], []))
