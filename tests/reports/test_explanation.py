"""What is told of somebody's rights is what the server answers him."""

from dataclasses import replace
from datetime import date

import pytest

from app.access.adopted_table import why_not_read_adopted, why_not_write_adopted
from app.access.person import Actor
from app.actions.row_change import INSERT, UPDATE, Change
from app.catalogue.adopted_table import ColumnMapping
from app.domain.message import Message, Reason, Refused
from app.domain.submission import Status
from app.models.adopted_table import live_tables
from app.models.person import Appointment
from app.reports.explanation import Asked, Explanation, explain, find_actor
from app.reports.person import GrantWay, load_grants
from tests.adopted import OldSystem, steward
from tests.college import College
from tests.people import STORY, People
from tests.submissions import submission_at as brought_to

TODAY = date(2026, 9, 15)
TEACHER = "full_time_teacher"
ASKED = (("course", "A03"), (TEACHER, "C01"), (TEACHER, "C02"), ("staff", "A02"))


def told(college: College, actor: Actor, table: str, **asked: str | None) -> Explanation:
    return explain(college.session, college.store, actor, table, Asked(**asked))


def reasons(explanation: Explanation) -> dict[str, Message | None]:
    return {answer.action: answer.refusal for answer in explanation.answers}


def refusal_of_adding(
    college: College, actor: Actor, table: str, department: str
) -> Message | None:
    """Why the write path itself takes up no row of the actor's, before it looks at the row."""
    change = Change(INSERT, college.row(table))
    try:
        college.change(table, change, by=actor, department=department, dry_run=True)
    except Refused as refusal:
        return refusal.message
    return None


@pytest.mark.parametrize("name", sorted(STORY))
def test_everybody_is_told_of_adding_what_the_write_path_says(
    college: College, people: People, name: str
) -> None:
    actor = getattr(people, name, None) or find_actor(college.session, name, TODAY)

    for table, department in ASKED:
        answer = reasons(told(college, actor, table, department=department))["add"]

        assert answer == refusal_of_adding(college, actor, table, department)


@pytest.mark.parametrize("name", sorted(STORY))
def test_the_roles_that_are_named_bring_exactly_the_rights_somebody_has(
    college: College, name: str
) -> None:
    actor = find_actor(college.session, STORY[name][0], TODAY)

    granted = load_grants(college.session, actor)

    assert {(f"can_{action}", on) for action, on in granted} == actor.permissions


def test_a_right_is_told_with_the_appointment_that_brings_it(
    college: College, people: People
) -> None:
    answers = {each.action: each for each in told(college, people.li_jing, "course").answers}

    grants = [(grant.role, grant.way) for grant in answers["edit"].grants]
    assert grants == [("A03.steward", GrantWay.APPOINTMENT)]


def test_what_is_locked_tells_the_reason_of_the_lock(college: College, people: People) -> None:
    brought_to(college, Status.SUBMITTED)

    answers = reasons(told(college, people.li_jing, "course"))

    assert (answers["list"], answers["export"]) == (None, None)
    assert answers["edit"] == refusal_of_adding(college, people.li_jing, "course", "A03")
    assert answers["edit"] is not None


def test_a_row_of_another_department_is_neither_seen_nor_changed(
    college: College, people: People
) -> None:
    row = college.add("course", by=people.li_jing)[0]

    own, other = (
        reasons(told(college, who, "course", row=row)) for who in (people.li_jing, people.chen_gang)
    )

    assert (own["list"], own["edit"], own["delete"]) == (None, None, None)
    assert None not in (other["list"], other["edit"], other["delete"])


def test_a_head_sees_a_row_that_he_does_not_change(college: College, people: People) -> None:
    row = college.add("course", by=people.li_jing)[0]

    answers = reasons(told(college, people.wang_qiang, "course", row=row))

    assert answers["list"] is None
    assert answers["edit"] is not None
    with pytest.raises(Refused) as refused:
        college.change("course", Change(UPDATE, {}, id=row, version="1"), by=people.wang_qiang)
    assert answers["edit"] == refused.value.message


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("zhou_min", "all rows, of every department"),
        ("chen_gang", "rows of 汽车工程系"),
        ("liu_yang", "only rows about the person"),
        ("administrator", "no rows"),
    ],
)
def test_which_rows_are_his(college: College, people: People, name: str, reads: str) -> None:
    explanation = told(college, getattr(people, name), TEACHER)

    assert explanation.reads.english() == reads


def test_masked_fields_are_named_to_whom_they_are_masked(college: College, people: People) -> None:
    masked = {
        field.label
        for field in college.store.catalogue.tables["staff"].fields
        if field.code in college.store.catalogue.tables["staff"].masked
    }
    assert masked

    assert set(told(college, people.zhou_min, "staff").masked) == masked


def test_an_adopted_table_is_told_as_its_policy_says(
    college: College, read_system: OldSystem
) -> None:
    store = replace(college.store, adopted=read_system.tables)
    keeper = read_system.keeper("xs", "list", "edit")

    answers = reasons(explain(college.session, store, keeper, "xs", Asked()))

    live = read_system.tables["xs"]
    assert answers == {
        "list": None,
        "add": why_not_write_adopted(keeper, live, "add"),
        "edit": None,
        "delete": why_not_write_adopted(keeper, live, "delete"),
        "export": why_not_read_adopted(keeper, live, "export"),
        "pick": why_not_read_adopted(keeper, live, "pick"),
    }


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("302", "rows of 汽车工程系 (in which the department column “dwdm” is 302)"),
        ("Z", "none is"),
    ],
)
def test_rows_of_departments_are_told_with_the_values_that_are_looked_for(
    college: College, read_system: OldSystem, own: str, told: str
) -> None:
    spec = read_system.tables["xs"].spec
    pairs = ((own, "C01" if own == "302" else "A01"),)
    mapping = ColumnMapping(department="dwdm", departments=pairs)
    adopted = live_tables({"xs": replace(spec, mapping=mapping)})

    by = steward("xs", "C01", "list")
    reads = explain(college.session, replace(college.store, adopted=adopted), by, "xs", Asked())

    assert told in reads.reads.english()


def test_an_appointment_that_ended_is_no_reason_any_more(college: College) -> None:
    for held in college.session.query(Appointment):
        held.valid_to = date(2026, 9, 1)
    college.session.commit()

    actor = find_actor(college.session, "li_jing", TODAY)

    assert load_grants(college.session, actor) == {}


@pytest.mark.parametrize("asked", [{"period": "2031"}, {"department": "Z99"}])
def test_what_there_is_not_is_refused(
    college: College, people: People, asked: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refused:
        told(college, people.zhou_min, "course", **asked)

    assert refused.value.reason is Reason.INVALID


def test_nobody_is_told_apart(college: College) -> None:
    with pytest.raises(Refused) as refused:
        find_actor(college.session, "nobody", TODAY)

    assert refused.value.reason is Reason.INVALID
