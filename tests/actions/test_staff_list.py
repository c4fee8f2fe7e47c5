"""Bringing in a list of people: preview, all or nothing, leavers (第十条, X-1)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from app.actions.staff_list import Confirmed, bring_in_staff_list
from app.domain.message import Reason, Refused
from app.domain.person import Function, TeacherKind
from app.models.account import Account
from app.models.department import Department
from app.models.person import Person
from tests.actions.staff import (
    bring_in,
    faults,
    login,
    person,
    preview,
    roles_of,
    rows,
    second_administrator,
    tags,
)
from tests.college import NOW, College
from tests.people import People

TODAY = NOW.date()
NEW = {"number": "10077", "name": "新人", "department": "C01"}


def everybody(college: College) -> list[dict[str, str | None]]:
    return [
        {"number": one.number, "name": one.name, "department": one.department_code}
        for one in college.all(Person)
    ]


def test_the_preview_tells_what_would_happen_and_writes_nothing(
    college: College, people: People
) -> None:
    listed = rows(
        NEW, {"number": "10021", "name": "刘洋", "department": "C02"}, {"number": "10001"}
    )

    plan = preview(college, listed, people.administrator)

    assert [one.number for one in plan.created] == ["10077"]
    [changed] = plan.changed
    assert [(d.before, d.after) for d in changed.differences] == [("C01", "C02")]
    assert [one.number for one in plan.unchanged] == ["10001"]
    assert len(plan.left) == len(college.all(Person)) - 3
    assert faults(plan) == []
    assert "10077" not in {one.number for one in college.all(Person)}


def test_a_list_adds_people_with_functions_and_logins(college: College, people: People) -> None:
    new = NEW | {
        "function": Function.DATA_STEWARD,
        "username": "xinren",
        "valid_to": date(2027, 1, 1),
    }
    second = NEW | {"function": Function.TEACHER, "post_department": "C02"}

    done = bring_in(college, rows(new, second), people.zhou_min)

    assert (done.created, done.changed, done.disabled) == (1, 0, 0)
    assert roles_of(college, "xinren") == {"data_steward", "C01.steward", "teacher", "C02.teacher"}
    assert [one for one in college.all(Account) if one.must_change_password]
    assert tags(college, "10077") == ["person.add", "person.assign", "person.assign", "person.open"]
    [summary] = college.entries("person:import")
    assert summary.after == "+1 ~0 -0"


def test_a_department_is_written_by_code_or_by_name(college: College, people: People) -> None:
    name = next(d.name for d in college.all(Department) if d.code == "C02")

    bring_in(college, rows(NEW | {"department": name}), people.zhou_min)

    assert person(college, "10077").department_code == "C02"


def test_the_list_without_changes_changes_nothing(college: College, people: People) -> None:
    plan = preview(college, rows(*everybody(college)), people.administrator)

    assert (plan.created, plan.changed, plan.left, plan.faults) == ([], [], [], [])
    assert not plan.does_something


def test_two_stewards_with_one_number_are_both_named(college: College, people: People) -> None:
    steward = {"department": "C01", "function": Function.DATA_STEWARD}
    listed = rows(
        steward | {"number": "10077", "name": "甲"}, steward | {"number": "10077", "name": "乙"}
    )

    found = faults(preview(college, listed, people.zhou_min))

    assert [(row, column) for row, column, _ in found][:2] == [(2, "name"), (3, "name")]
    assert "row 3" in found[0][2]
    assert "“甲”" in found[1][2]
    with pytest.raises(Refused):
        bring_in(college, listed, people.zhou_min)
    assert "10077" not in {one.number for one in college.all(Person)}


ODD = [
    ({"number": "10 77"}, "number"),
    ({"number": "3002"}, "number"),
    ({"name": None}, "name"),
    ({"department": "X99"}, "department"),
    ({"department": None}, "department"),
    ({"department": "A07"}, "department"),
    ({"function": Function.QA_OFFICE}, "function"),
    ({"valid_from": TODAY}, "function"),
    ({"function": Function.HEAD, "post_department": "X99"}, "post_department"),
    ({"function": Function.HEAD, "valid_to": TODAY - timedelta(days=1)}, "valid_to"),
    ({"username": "zhou_min"}, "username"),
    ({"username": "Zhou_Min"}, "username"),
    ({"username": "有空格 的"}, "username"),
]


@pytest.mark.parametrize(("odd", "column"), ODD)
def test_an_odd_row_is_named_and_nothing_is_written(
    college: College, people: People, odd: dict[str, object], column: str
) -> None:
    closed = update(Department).where(Department.code == "A07").values(valid_to=date(2020, 1, 1))
    college.session.execute(closed)
    college.session.commit()
    listed = rows(NEW | {"number": "10076"}, NEW | odd)

    plan = preview(college, listed, people.zhou_min)

    assert (3, column) in [(row, where) for row, where, _ in faults(plan)]
    with pytest.raises(Refused):
        bring_in(college, listed, people.zhou_min)
    assert len(college.all(Person)) == len(college.founded.contents["sd_person"])


def test_two_people_with_one_sign_in_name_are_both_named(college: College, people: People) -> None:
    listed = rows(NEW | {"username": "same"}, NEW | {"number": "10078", "username": "Same"})

    found = faults(preview(college, listed, people.zhou_min))

    assert [(row, column) for row, column, _ in found] == [(2, "username"), (3, "username")]


def test_a_person_who_has_a_login_keeps_it(college: College, people: People) -> None:
    other = {"number": "10021", "username": "other"}
    assert [f[1] for f in faults(preview(college, rows(other), people.zhou_min))] == ["username"]

    plan = preview(college, rows({"number": "10021"}), people.zhou_min, logins=True)

    assert plan.logins == []


def test_a_head_is_not_brought_in_by_the_administrator_nor_an_edit_by_the_office(
    college: College, people: People
) -> None:
    head = rows(NEW | {"function": Function.HEAD})
    renamed = rows({"number": "10021", "name": "刘羊"})

    assert [f[1] for f in faults(preview(college, head, people.administrator))] == ["function"]
    assert [f[1] for f in faults(preview(college, renamed, people.zhou_min))] == ["name"]


@pytest.mark.parametrize("who", ["zhao_yong", "chen_gang", "liu_yang", "leader", "reader"])
def test_others_bring_in_nobody(college: College, people: People, who: str) -> None:
    with pytest.raises(Refused) as refused:
        preview(college, rows(NEW), getattr(people, who))

    assert refused.value.reason is Reason.FORBIDDEN


def test_nothing_is_written_when_the_platform_changed_in_between(
    college: College, people: People
) -> None:
    plan = preview(college, rows(NEW), people.zhou_min)
    changed = person(college, "10001")
    changed.version += 1
    college.session.commit()

    with pytest.raises(Refused) as refused:
        bring_in_staff_list(
            college.session,
            rows(NEW),
            Confirmed(plan.digest, False),
            {},
            by=people.zhou_min,
            now=NOW,
        )

    assert refused.value.reason is Reason.CONFLICT
    assert "10077" not in {one.number for one in college.all(Person)}


def test_a_second_click_brings_in_nothing(college: College, people: People) -> None:
    plan = preview(college, rows(NEW), people.zhou_min)
    confirmed = Confirmed(plan.digest, create_logins=False)

    def confirm() -> None:
        bring_in_staff_list(college.session, rows(NEW), confirmed, {}, by=people.zhou_min, now=NOW)

    confirm()
    with pytest.raises(Refused) as refused:
        confirm()

    assert refused.value.reason is Reason.CONFLICT
    assert tags(college, "10077") == ["person.add"]


def test_a_failure_of_the_database_leaves_nothing_half_done(
    college: College, people: People
) -> None:
    with college.refusing("ab_user"), pytest.raises((Refused, DBAPIError)):
        bring_in(college, rows(NEW), people.zhou_min, logins=True)

    assert "10077" not in {one.number for one in college.all(Person)}
    assert login(college, "10077") is None


def test_whoever_is_ticked_has_left_and_whoever_is_not_stays(
    college: College, people: People
) -> None:
    listed = rows(*(one for one in everybody(college) if one["number"] not in {"10002", "10021"}))
    plan = preview(college, listed, people.administrator)
    by_number = {one.person.number: one for one in plan.left}

    assert [held.function for held in by_number["10002"].duties] == [Function.DATA_STEWARD]
    assert by_number["10021"].duties == []

    bring_in(college, listed, people.administrator, leaving=("10002",), last_day=TODAY)

    left, stays = person(college, "10002"), person(college, "10021")
    assert (left.is_active, left.version) == (False, 2)
    assert (stays.is_active, stays.version) == (True, 1)
    assert tags(college, "10002") == ["person.disable"]


def test_the_office_disables_nobody_by_a_list(college: College, people: People) -> None:
    with pytest.raises(Refused) as refused:
        bring_in(college, rows(NEW), people.zhou_min, leaving=("10002",), last_day=TODAY)

    assert refused.value.reason is Reason.FORBIDDEN
    assert person(college, "10002").is_active


def test_a_leaver_on_the_list_stays_disabled(college: College, people: People) -> None:
    gone = person(college, "10021")
    gone.is_active = False
    college.session.commit()
    listed = rows({"number": "10021", "name": "刘洋", "department": "C02"}, NEW)

    plan = preview(college, listed, people.administrator)
    bring_in(college, listed, people.administrator)

    assert [one.number for one in plan.disabled] == ["10021"]
    assert person(college, "10021").department_code == "C01"


def test_an_end_is_moved_and_a_kind_is_kept_where_the_cell_is_empty(
    college: College, people: People
) -> None:
    last = TODAY + timedelta(days=30)
    row = {"number": "10021", "function": Function.TEACHER, "valid_to": last}

    bring_in(college, rows(row), people.zhou_min)

    found = person(college, "10021")
    assert [held.valid_to for held in found.appointments] == [last]
    assert found.teacher_kind is TeacherKind.FULL_TIME


def test_a_list_makes_no_administrator_with_a_say_over_data(
    college: College, people: People
) -> None:
    second = second_administrator(college, people.administrator)
    here = {"number": second.number, "department": "A02", "function": Function.READER}
    new = NEW | {"function": Function.ARCHIVE}
    again = {"number": NEW["number"], "function": Function.ADMINISTRATOR}

    told = faults(preview(college, rows(here, new, again), people.administrator))

    assert [(row, column) for row, column, _text in told] == [(2, "function"), (4, "function")]
    assert all("no say over data" in text for *_place, text in told)


def test_a_list_appoints_nobody_beyond_the_end_of_a_department(
    college: College, people: People
) -> None:
    last = TODAY + timedelta(days=30)
    college.session.get_one(Department, "C01").valid_to = last
    college.session.commit()
    endless = NEW | {"function": Function.DATA_STEWARD}

    [(row, column, text)] = faults(preview(college, rows(endless), people.zhou_min))

    assert (row, column) == (2, "valid_to")
    assert last.isoformat() in text
    assert faults(preview(college, rows(endless | {"valid_to": last}), people.zhou_min)) == []
