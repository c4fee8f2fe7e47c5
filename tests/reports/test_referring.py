"""What is told before rows are deleted that others name: numbers, nothing else."""

import pytest

from app.access.person import Actor
from app.domain.message import Reason, Refused
from app.models.cycle import Cycle
from app.reports.referring import count_referring, is_referred_to
from tests.college import College
from tests.people import People


def counted(college: College, table: str, actor: Actor, *row_ids: str) -> dict[str, int]:
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    found = count_referring(college.session, college.store, table, actor, cycle, row_ids)
    return {each.table.identifier: each.rows for each in found}


def test_rows_that_name_the_deleted_ones_are_counted(college: College, people: People) -> None:
    first, second, third = college.add("course", 1, 2, 3, by=people.li_jing)
    for number, code in enumerate(("K00001", "K00001", "K00002"), start=1):
        college.add("course_textbook", number, by=people.li_jing, course_code=code)

    assert counted(college, "course", people.li_jing, first) == {"course_textbook": 2}
    assert counted(college, "course", people.li_jing, first, second) == {"course_textbook": 3}
    assert counted(college, "course", people.li_jing, third) == {}


def test_a_key_that_another_row_keeps_is_not_lost(college: College, people: People) -> None:
    [own] = college.add("course", by=people.li_jing)
    college.add("course_textbook", by=people.li_jing, course_code="K00001")
    columns = {"sys_period": college.period("course"), "sys_department": "C01"}
    twin = columns | {"sys_version": 1, "sys_key": "twin", "course_code": "K00001"}
    query = college.store.tables["course"].table.insert().values(twin)
    college.session.execute(query)
    college.session.commit()

    assert counted(college, "course", people.li_jing, own) == {}


def test_nobody_asks_about_rows_out_of_his_scope(college: College, people: People) -> None:
    [own] = college.add("course", by=people.li_jing)
    college.add("course_textbook", by=people.li_jing, course_code="K00001")

    assert counted(college, "course", people.li_jing, own, "nonsense", "999999") != {}
    with pytest.raises(Refused) as refusal:
        counted(college, "course", people.administrator, own)
    assert refusal.value.reason is Reason.FORBIDDEN


def test_a_table_that_nothing_refers_to_needs_no_question(college: College) -> None:
    assert is_referred_to(college.store, "course")
    assert not is_referred_to(college.store, "course_textbook")
