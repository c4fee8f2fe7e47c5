"""A department is renamed or abolished, in mid-year too, and nothing is left hanging."""

from datetime import timedelta

import pytest

from app.actions.department import rename_department, restore_department
from app.actions.department_end import EndRequest, end_department
from app.domain.message import Reason, Refused
from app.domain.submission import Status
from app.models.department import Department
from app.models.person import Appointment, Person
from tests.actions.test_permission import granted
from tests.assignments import holders
from tests.college import NOW, College
from tests.people import People, actor_of
from tests.submissions import submission_at

TODAY = NOW.date()
REASON = "校党委会2026年第9次会议"


def end(college: College, people: People, code: str = "A03", **asked) -> Department:
    by = asked.pop("by", people.zhou_min)
    request = EndRequest(asked.pop("last_day", TODAY), asked.pop("reason", REASON), **asked)
    return end_department(college.session, college.store, code, request, by=by, now=NOW)


def refused(college: College, people: People, code: str = "A03", **asked) -> Refused:
    """The refusal, after nothing was changed."""
    entries, submissions = len(college.entries()), college.submissions()
    with pytest.raises(Refused) as refusal:
        end(college, people, code, **asked)
    assert len(college.entries()) == entries
    assert [(s.id, s.department_code, s.version) for s in college.submissions()] == [
        (s.id, s.department_code, s.version) for s in submissions
    ]
    assert {d.valid_to for d in college.all(Department)} == {None}
    return refusal.value


def in_office(college: College, code: str) -> set[object]:
    """The last days of the department's appointments."""
    return {a.valid_to for a in college.all(Appointment) if a.department_code == code}


def test_a_department_with_tables_and_people_does_not_end_just_so(
    college: College, people: People
) -> None:
    refusal = refused(college, people)

    told = [detail.english() for detail in refusal.details]
    course = college.store.catalogue.tables["course"].title
    assert f"table {course} in 2025-2026" in told
    assert "李静, appointed data steward" in told
    assert in_office(college, "A03") == {None}


def test_a_successor_takes_the_tables_with_the_work_on_them(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.ENTERING, rows=2)

    end(college, people, successor="C02")

    assert college.submission("course", "C02").id == submission.id
    assert {row["sys_department"] for row in college.rows("course")} == {"C02"}
    assert "A03" not in {s.department_code for s in college.submissions()}
    assert in_office(college, "A03") == {TODAY}
    assert ("can_edit", "course") not in granted(college.session)["A03.steward"]
    [entry] = college.entries("department:A03")
    assert (entry.tag, entry.after, entry.reason) == ("department.end", "2026-09-15", REASON)


def test_the_year_in_preparation_goes_to_the_successor_too(
    college: College, people: People
) -> None:
    year = college.next_year()

    end(college, people, "C02", successor="C01")

    assert holders(college, "full_time_teacher", year) == {"A02": "guidance", "C01": "own_staff"}


def test_a_successor_that_guides_a_table_begins_to_report_it(
    college: College, people: People
) -> None:
    end(college, people, "C02", successor="A02")

    assert holders(college, "full_time_teacher") == {"A02": "own_staff", "C01": "own_staff"}


def test_accepted_tables_stay_with_the_department(college: College, people: People) -> None:
    submission_at(college, Status.ACCEPTED, rows=1)

    end(college, people, successor="C02")

    assert college.submission("course").status is Status.ACCEPTED
    assert holders(college, "course") == {"A03": "responsible"}


def test_reported_tables_have_to_be_dealt_with_first(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED, rows=1)

    refusal = refused(college, people, successor="C02")

    [detail] = refusal.details
    assert "send it back or open it again first" in detail.english()


def test_the_people_of_an_ended_department_lose_their_rights(
    college: College, people: People
) -> None:
    end(college, people, successor="C02", last_day=TODAY - timedelta(days=1))

    steward = actor_of(college.session, "li_jing", TODAY)
    assert (steward.appointments, steward.permissions) == ((), frozenset())


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"last_day": TODAY + timedelta(days=400)}, Reason.INVALID),
        ({"last_day": TODAY - timedelta(days=400)}, Reason.INVALID),
        ({"reason": " "}, Reason.INVALID),
        ({"successor": "A03"}, Reason.INVALID),
        ({"successor": "Z99"}, Reason.INVALID),
        ({"was": TODAY}, Reason.CONFLICT),
    ],
)
def test_an_end_that_makes_no_sense_is_refused(
    college: College, people: People, asked: dict[str, object], reason: Reason
) -> None:
    assert refused(college, people, **({"successor": "C02"} | asked)).reason is reason


def test_an_unknown_department_is_not_found(college: College, people: People) -> None:
    assert refused(college, people, "Z99").reason is Reason.NOT_FOUND


@pytest.mark.parametrize("name", ["li_jing", "wang_qiang", "administrator", "leader"])
def test_only_the_quality_office_ends_a_department(
    college: College, people: People, name: str
) -> None:
    by = getattr(people, name)

    assert refused(college, people, successor="C02", by=by).reason is Reason.FORBIDDEN


def test_an_end_that_cannot_be_completed_is_not_begun(college: College, people: People) -> None:
    submission_at(college, Status.ENTERING, rows=1)

    with college.refusing("sd_change_set"), pytest.raises(Exception, match="full"):
        end(college, people, successor="C02")

    assert holders(college, "course") == {"A03": "responsible"}
    assert in_office(college, "A03") == {None}


def test_an_end_is_taken_back(college: College, people: People) -> None:
    end(college, people, successor="C02")

    found = restore_department(college.session, "A03", was=TODAY, by=people.zhou_min, now=NOW)

    assert found.valid_to is None
    assert college.entries("department:A03")[-1].tag == "department.restore"
    with pytest.raises(Refused):
        restore_department(college.session, "A03", was=TODAY, by=people.zhou_min, now=NOW)


def rename(college: College, people: People, name: str, **asked) -> Department:
    by, was = asked.get("by", people.zhou_min), asked.get("was", "教务处")
    return rename_department(college.session, "A03", name, was=was, by=by, now=NOW)


def test_a_department_is_renamed(college: College, people: People) -> None:
    assert rename(college, people, " 教学工作部 ").name == "教学工作部"
    [entry] = college.entries("department:A03")
    assert (entry.before, entry.after) == ("教务处", "教学工作部")


@pytest.mark.parametrize("name", ["", "处", "财务处", "教务\n处", "长" * 101])
def test_a_name_that_is_none_or_taken_is_refused(
    college: College, people: People, name: str
) -> None:
    with pytest.raises(Refused) as refusal:
        rename(college, people, name)

    assert refusal.value.reason is Reason.INVALID
    assert "教务处" in {found.name for found in college.all(Department)}


def test_a_stale_or_foreign_renaming_is_refused(college: College, people: People) -> None:
    with pytest.raises(Refused) as stale:
        rename(college, people, "教学工作部", was="教学处")
    with pytest.raises(Refused) as foreign:
        rename(college, people, "教学工作部", by=people.li_jing)

    assert (stale.value.reason, foreign.value.reason) == (Reason.CONFLICT, Reason.FORBIDDEN)


def test_nobody_who_acts_for_the_college_is_dismissed_with_a_department(
    college: College, people: People
) -> None:
    refusal = refused(college, people, "A04", successor="C01")

    told = [detail.english() for detail in refusal.details]
    assert any("system administrator" in detail for detail in told)
    assert in_office(college, "A04") == {None}


def test_whoever_is_dismissed_with_a_department_has_changed(
    college: College, people: People
) -> None:
    end(college, people, successor="C02")

    versions = {person.number: person.version for person in college.all(Person)}
    assert versions[people.li_jing.number] == 2
