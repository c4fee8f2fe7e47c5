"""The same fact told differently in two tables, with both places (V23)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from app.catalogue.fact import Fact, Source
from app.models.joined_reading import read_together
from app.reports.conflict import list_conflicts
from tests.college import YEAR, College
from tests.people import People
from tests.reports.statements import statements


def put(college: College, table: str, department: str, **values: object) -> None:
    """A row as it was stored, whoever entered it."""
    stored = college.store.tables[table]
    place = {"sys_period": college.period(table), "sys_department": department}
    system = {"sys_version": 1, "sys_key": str(values["staff_no"])}
    row = college.row(table, 1) | values | place | system
    row = {code: value for code, value in row.items() if code in stored.table.c}
    college.session.execute(insert(stored.table), [row])
    college.session.commit()


def tell(college: College, **values: object) -> None:
    """The staff list and a teacher's table about one person, equal but for ``values``."""
    same = {"staff_no": "T1001", "name": "田一", "title_level": "3", "post_level": "3"}
    same |= {"birth_date": college.row("staff")["birth_date"], "dept_code": "C01"}
    for code in ("gender", "ethnicity", "education", "degree", "political_status"):
        same[code] = college.row("staff")[code]
    same |= {code: college.row("staff")[code] for code in ("mobile", "email", "id_card_no")}
    for table in ("staff", "full_time_teacher"):
        known = college.store.catalogue.tables[table].by_code
        told = same | (values if table == "full_time_teacher" else {})
        department = "A02" if table == "staff" else "C01"
        put(college, table, department, **{c: v for c, v in told.items() if c in known})


def listed(college: College, actor) -> list:
    return list(list_conflicts(college.session, college.store, actor, YEAR))


def test_tables_that_agree_have_no_conflict(college: College, people: People) -> None:
    tell(college)

    assert listed(college, people.zhou_min) == []


def test_two_titles_of_one_teacher_are_listed_with_both_places(
    college: College, people: People
) -> None:
    tell(college, title_level="2")

    (found,) = listed(college, people.zhou_min)

    assert (found.fact, found.key) == ("专业技术职务等级", "T1001")
    assert [(t.table, t.department, t.value) for t in (found.believed, found.other)] == [
        ("staff", "A02", "3"),
        ("full_time_teacher", "C01", "2"),
    ]
    assert found.other.row_id
    assert found.rule == "QR.FULL_TIME_TEACHER.TITLE_LEVEL.61"


def test_masked_values_are_told_to_nobody_who_may_not_see_them(
    college: College, people: People
) -> None:
    tell(college, birth_date=date(1970, 1, 1))

    (found,) = listed(college, people.zhou_min)

    assert found.fact == "出生日期"
    assert found.believed.value is None
    assert found.other.value is None


def test_only_the_chosen_rows_of_the_believed_source_count(
    college: College, people: People
) -> None:
    tell(college, title_level="2")

    def counted(where: str) -> int:
        sources = (
            Source("staff", "post_level", "staff_no", where=where),
            Source("full_time_teacher", "title_level", "staff_no"),
        )
        facts = (Fact("职务等级", "", sources),)
        store = replace(college.store, catalogue=replace(college.store.catalogue, facts=facts))
        return len(list_conflicts(college.session, store, people.zhou_min, YEAR))

    assert (counted("name = '田一'"), counted("name = '田二'")) == (1, 0)


def test_all_tables_are_read_by_one_statement(college: College, people: People) -> None:
    with statements(college) as seen:
        listed(college, people.zhou_min)

    assert len(seen) == 1


def test_tables_of_which_one_reads_no_other_side_are_not_read(
    college: College, people: People
) -> None:
    rights = {("can_list", "staff"), ("can_list_all", "staff")}
    reader = replace(people.zhou_min, permissions=frozenset(rights))

    with statements(college) as seen:
        assert listed(college, reader) == []

    assert seen == []


def test_of_a_list_only_those_are_read_whom_another_table_names(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(college, title_level="2")
    for number in range(2000, 2020):
        put(college, "staff", "A02", staff_no=f"T{number}")
    read: list[Any] = []

    def counted(*wanted: Any) -> list[list[Any]]:
        read.extend(found := read_together(*wanted))
        return found

    monkeypatch.setattr("app.reports.conflict.read_together", counted)
    (found,) = listed(college, people.zhou_min)

    assert (found.key, sum(map(len, read))) == ("T1001", 2)


def test_a_number_and_a_text_name_the_same_thing(college: College, people: People) -> None:
    put(college, "department", "C01", staff_no="", full_time_count=12, head_name="田一")
    put(college, "supervision_staff", "C01", staff_no="12", name="田二")
    sources = (
        Source("department", "head_name", "full_time_count"),
        Source("supervision_staff", "name", "staff_no"),
    )
    catalogue = replace(college.store.catalogue, facts=(Fact("名称", "", sources),))
    store = replace(college.store, catalogue=catalogue)

    (found,) = list_conflicts(college.session, store, people.zhou_min, YEAR)

    assert (found.key, found.believed.value, found.other.value) == ("12", "田一", "田二")


def test_rows_out_of_scope_are_in_no_conflict(college: College, people: People) -> None:
    tell(college, title_level="2")

    assert listed(college, people.chen_gang) == []
