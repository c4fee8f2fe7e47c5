"""Findings as they are read: live, in lists, counted; within scope and behind masks."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.access.person import Actor, RoleAccess
from app.actions.explanation import explain
from app.actions.finding_register import check_table
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.domain.finding import NOT_SHOWN, Severity
from app.domain.finding_state import FindingState
from app.domain.message import Message, Refused
from app.domain.submission import Verb
from app.domain.table_access import FieldMask, RowReach
from app.reports.finding import (
    FindingFilter,
    FindingLine,
    count_findings,
    last_looked,
    list_findings,
    place_findings,
)
from tests.college import NOW, College, on_all_databases
from tests.judged import place, uncovered_course
from tests.people import People


def registered(college: College) -> None:
    """Three warnings about courses and an error about one, in the register."""
    people = college.founded.people
    found = uncovered_course(college)
    college.add("course", 3, by=people.li_jing, course_type="B", course_name=None)
    marks: dict[str, str | None] = {found.mark: None}
    check_table(college.session, college.store, college.cycle, "course", now=NOW)
    explain(
        college.session, college.store, place(college), marks, "讲义", by=people.li_jing, now=NOW
    )


def listed(college: College, by: Actor, **wanted: object) -> list[FindingLine]:
    asked = FindingFilter(**wanted)  # type: ignore[arg-type]
    return list_findings(college.session, college.store, by, college.cycle, asked)


@on_all_databases
def test_the_state_is_the_same_live_and_in_the_list(college: College, people: People) -> None:
    registered(college)
    stored = college.store.tables["course"]

    live = place_findings(
        college.session, college.store, people.li_jing, stored, college.cycle, "A03"
    )

    by_mark = {line.mark: (line.state, line.seen, line.message) for line in live.lines}
    kept = listed(college, people.li_jing)
    assert {line.mark: (line.state, line.seen, line.message) for line in kept} == by_mark
    assert sorted(line.state for line in kept) == ["explained", "open", "open"]
    assert live.broken == []


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 3),
        ({"table": "course", "department": "A03"}, 3),
        ({"department": "C01"}, 0),
        ({"severity": Severity.ERROR}, 1),
        ({"state": FindingState.EXPLAINED}, 1),
        ({"state": FindingState.MENDED}, 0),
        ({"rule": "QR.COURSE.*.11"}, 2),
    ],
)
def test_a_list_holds_what_was_asked_for(
    college: College, people: People, wanted: dict[str, object], count: int
) -> None:
    registered(college)

    assert len(listed(college, people.zhou_min, **wanted)) == count


def test_a_list_goes_on_after_the_last_one(college: College, people: People) -> None:
    registered(college)
    first = listed(college, people.li_jing, limit=2)

    rest = listed(college, people.li_jing, limit=2, after=first[-1].number)

    assert [len(first), len(rest)] == [2, 1]
    assert {line.mark for line in first}.isdisjoint(line.mark for line in rest)


def test_findings_are_counted_by_kind(college: College, people: People) -> None:
    registered(college)

    counts = count_findings(
        college.session, college.store, people.zhou_min, college.cycle, FindingFilter()
    )

    assert sorted((each.severity.value, each.state.value, each.count) for each in counts) == [
        ("error", "open", 1),
        ("warning", "explained", 1),
        ("warning", "open", 1),
    ]
    assert last_looked(college.session, college.cycle) == NOW


@pytest.mark.parametrize("who", ["chen_gang", "zhao_yong"])
def test_other_departments_see_nothing(college: College, people: People, who: str) -> None:
    registered(college)

    assert listed(college, getattr(people, who)) == []


@pytest.mark.parametrize("who", ["leader", "administrator", "reader", "liu_yang"])
def test_whoever_has_no_right_is_refused(college: College, people: People, who: str) -> None:
    with pytest.raises(Refused, match="no right"):
        listed(college, getattr(people, who))


def test_a_finding_about_a_masked_value_does_not_tell_it(college: College, people: People) -> None:
    college.add("department", 1, by=people.wu_fan)
    other_birthday = college.row("full_time_teacher")["birth_date"].replace(year=1980)  # type: ignore[attr-defined]
    college.add("full_time_teacher", 1, by=people.chen_gang, birth_date=other_birthday)
    check_table(college.session, college.store, college.cycle, "full_time_teacher", now=NOW)
    rule = {"rule": "QR.FULL_TIME_TEACHER.*.11"}

    [steward] = listed(college, people.chen_gang, **rule)
    [office] = listed(college, people.zhou_min, **rule)

    assert steward.message is not NOT_SHOWN
    assert (office.message, office.seen) == (NOT_SHOWN, None)
    assert replace(office, message=steward.message, seen=steward.seen) == steward


def test_what_stands_for_the_values_tells_no_masked_value_of_other_rows(
    college: College, people: People
) -> None:
    college.add("department", 1, by=people.wu_fan)
    birthday = college.row("staff")["birth_date"].replace(year=1980)  # type: ignore[attr-defined]
    college.add("staff", 1, by=people.wu_fan, birth_date=birthday, name="王芳")
    told = {"staff_no": college.row("staff")["staff_no"], "name": "王方"}
    college.add("full_time_teacher", 1, by=people.chen_gang, **told)
    check_table(college.session, college.store, college.cycle, "full_time_teacher", now=NOW)
    stored = college.store.tables["full_time_teacher"]
    rule = "QR.FULL_TIME_TEACHER.BIRTH_DATE.61"

    reader = reading_staff(people.chen_gang)
    live = place_findings(college.session, college.store, reader, stored, college.cycle, "C01")

    [kept] = listed(college, reader, rule=rule)
    now = {line.rule: line.seen for line in live.lines}
    assert (kept.seen, now[rule]) == (None, None)
    assert now["QR.FULL_TIME_TEACHER.NAME.61"]


def reading_staff(actor: Actor, *access: RoleAccess) -> Actor:
    """Somebody who may read the list of staff, as far as ``access`` narrows it."""
    opened = {"staff": access} if access else {}
    return replace(actor, access=opened, permissions=actor.permissions | {("can_list", "staff")})


def another_name_than_in_the_list_of_staff(college: College) -> None:
    """A teacher called otherwise than the office of personnel calls him, in the register too."""
    people = college.founded.people
    college.add("department", 1, by=people.wu_fan)
    college.add("staff", 1, by=people.wu_fan, name="王芳")
    told = {"staff_no": college.row("staff")["staff_no"], "name": "王方"}
    college.add("full_time_teacher", 1, by=people.chen_gang, **told)
    check_table(college.session, college.store, college.cycle, "full_time_teacher", now=NOW)


LISTING = frozenset({"list"})


@pytest.mark.parametrize(
    ("access", "is_told"),
    [
        (None, False),
        ((), True),
        ((RoleAccess("x", LISTING, masks={"name": FieldMask.MASKED}),), False),
        ((RoleAccess("x", LISTING, RowReach.PERSON),), False),
        ((RoleAccess("x", LISTING, RowReach.DEPARTMENT),), True),
    ],
)
def test_figures_are_told_to_who_may_read_what_they_are_taken_from(
    college: College, people: People, access: tuple[RoleAccess, ...] | None, *, is_told: bool
) -> None:
    another_name_than_in_the_list_of_staff(college)
    stored, rule = college.store.tables["full_time_teacher"], "QR.FULL_TIME_TEACHER.NAME.61"
    actor = people.chen_gang if access is None else reading_staff(people.chen_gang, *access)

    live = place_findings(college.session, college.store, actor, stored, college.cycle, "C01")

    [kept] = listed(college, actor, rule=rule)
    [now] = [line for line in live.lines if line.rule == rule]
    for line in (kept, now):
        assert ("王芳" in line.message.english(), line.seen is not None) == (is_told, is_told)
    assert kept.message == now.message
    refused = refused_finish(college, actor)
    assert refused
    assert not any("王芳" in each.english() for each in refused) or is_told


def refused_finish(college: College, actor: Actor) -> Sequence[Message]:
    """What is told when finishing the table of teachers is refused."""
    submission = college.submission("full_time_teacher", "C01")
    request = StepRequest(Verb.FINISH, submission.version)
    college.session.rollback()
    with pytest.raises(Refused) as refused:
        take_step(college.session, college.store, submission.id, request, by=actor, now=NOW)
    return refused.value.details
