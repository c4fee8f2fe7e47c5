"""What the rules say of a table is asked once for many departments, and anew after a change."""

import pytest

from app.models import judged_table
from app.models.judged_place import JudgedTable, judge_table
from app.models.judged_table import JudgedTables
from tests.college import College
from tests.judged import uncovered_course
from tests.people import People


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables whose rules were asked, each time."""
    told: list[str] = []

    def judge(*place: object) -> JudgedTable:
        told.append(str(place[2]))
        return judge_table(*place)  # type: ignore[arg-type]

    monkeypatch.setattr(judged_table, "judge_table", judge)
    return told


def judged(college: College, tables: JudgedTables, table: str = "course") -> JudgedTable:
    with college.open_session() as session:
        return tables.of(session, college.store, table, college.cycle)


def test_rules_are_asked_once_while_nothing_changes(college: College, asked: list[str]) -> None:
    uncovered_course(college)
    tables = JudgedTables()

    first, second = judged(college, tables), judged(college, tables)

    assert (first is second, asked) == (True, ["course"])
    assert first.of_rows


@pytest.mark.parametrize("table", ["course", "course_textbook"])
def test_rules_are_asked_again_after_a_change_of_what_they_read(
    college: College, people: People, asked: list[str], table: str
) -> None:
    uncovered_course(college)
    tables = JudgedTables()
    before = judged(college, tables)

    values = {} if table == "course" else {"course_code": "K00001"}
    college.add(table, 7, by=people.li_jing, **values)

    assert judged(college, tables).of_rows != before.of_rows
    assert asked == ["course", "course"]


def test_other_tables_change_nothing(college: College, people: People, asked: list[str]) -> None:
    uncovered_course(college)
    tables = JudgedTables()
    judged(college, tables)

    college.add("quality_project", 1, by=people.li_jing)

    judged(college, tables)
    assert asked == ["course"]
