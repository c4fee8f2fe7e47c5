"""Rows that a department contributes about teachers of another one (第十条第二款、第三款)."""

import pytest

from app.actions.row_change import DELETE, INSERT, UPDATE, Change, Outcome
from app.domain.cooperation import CooperationVerb
from app.domain.teacher_record import RecordVerb
from app.models.cooperation import Cooperation
from tests.college import College
from tests.cooperation import act as act_on
from tests.cooperation import ask_part, ids_of, person, said
from tests.people import People
from tests.records import PLACE, TABLE, TEACHER, act, introduced

CONTRIBUTOR = "C02"


def asked(college: College) -> Cooperation:
    """汽车工程系 (C01) asks C02, where 罗琳 is data steward, for publications of its teachers."""
    introduced(college)
    request = ask_part(college, by="chen_gang", partner=CONTRIBUTOR, table=TABLE, lead=PLACE)
    return act_on(college, request, CooperationVerb.SEND, by="chen_gang")


def change(college: College, name: str, *changes: Change) -> Outcome:
    return college.change(TABLE, *changes, by=person(college, name), department=PLACE)


def publication(college: College, number: int = 1, staff_no: str = TEACHER) -> Change:
    row = college.row(TABLE, number, staff_no=staff_no, published_on="2026-05")
    return Change(INSERT, row)


def handed_over(college: College, *, is_adopted: bool) -> str:
    """The id of a row that 罗琳 has contributed about 刘洋 and for which he stands."""
    asked(college)
    [row_id] = ids_of(change(college, "luo_lin", publication(college)))
    act(college, RecordVerb.SUBMIT, by=college.founded.people.liu_yang)
    if is_adopted:
        act(college, RecordVerb.ADOPT, by=college.founded.people.chen_gang)
    return row_id


@pytest.mark.parametrize("is_adopted", [False, True])
@pytest.mark.parametrize("op", [INSERT, UPDATE, DELETE])
def test_who_contributes_changes_nothing_that_a_teacher_stands_for(
    college: College, people: People, op: str, *, is_adopted: bool
) -> None:
    row_id = handed_over(college, is_adopted=is_adopted)
    before = college.rows(TABLE)
    values = {"title": "改过的名称"} if op == UPDATE else {}
    wanted = publication(college, 2) if op == INSERT else Change(op, values, row_id, "1")

    outcome = change(college, "luo_lin", wanted)

    assert not outcome.written
    assert "has handed this over himself" in said(outcome)[0]
    assert college.rows(TABLE) == before
