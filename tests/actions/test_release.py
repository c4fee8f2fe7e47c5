"""Accepted data go to functional departments: for a purpose, until a day, masked, logged."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.access.person import Actor
from app.actions.release import ReleaseDraft, note_download, release_data, withdraw_release
from app.domain.message import Reason, Refused
from app.domain.release import ReleaseStatus
from app.domain.submission import Status
from app.models.release import Release, ReleaseDownload
from app.reports.release import list_releases, read_released
from tests.actions.test_submission_races import at_once
from tests.college import NOW, College
from tests.people import People
from tests.submissions import exempt_the_rest, submission_at

UNTIL = date(2026, 10, 31)


def draft(college: College, **other: object) -> ReleaseDraft:
    wanted = ReleaseDraft(college.founded.cycle_id, "course", "A02", "人事年报", UNTIL)
    return replace(wanted, **other)  # type: ignore[arg-type]


def released(college: College, by: Actor, **other: object) -> Release:
    place = (college.session, college.store, draft(college, **other))
    return release_data(*place, by=by, now=NOW)


def test_the_office_releases_and_it_is_logged(college: College, people: People) -> None:
    release = released(college, people.zhou_min)

    assert (release.status, release.purpose) == (ReleaseStatus.RELEASED, "人事年报")
    assert release.expires_at.isoformat() == "2026-10-31T23:59:59+08:00"
    [entry] = college.entries(f"release:{release.id}")
    assert (entry.tag, entry.reason, entry.department_code) == (
        *("release.release", "人事年报"),
        "A02",
    )


@pytest.mark.parametrize("name", ["li_jing", "wang_qiang", "leader", "administrator", "archivist"])
def test_nobody_else_releases(college: College, people: People, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        released(college, getattr(people, name))

    assert (refusal.value.reason, college.all(Release)) == (Reason.FORBIDDEN, [])


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": " "},
        {"purpose": "长" * 201},
        {"until": None},
        {"until": NOW.date() - timedelta(days=1)},
        {"until": date(2999, 1, 1)},
        {"department": "C01"},
        {"department": "none"},
        {"table": "none"},
        {"cycle_id": 999},
    ],
)
def test_a_release_that_lacks_something_is_refused(
    college: College, people: People, other: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refusal:
        released(college, people.zhou_min, **other)

    assert (refusal.value.reason, college.all(Release)) == (Reason.INVALID, [])


def test_only_accepted_rows_are_released(college: College, people: People) -> None:
    submission_at(college, Status.ACCEPTED, rows=2)
    submission_at(college, Status.UNDER_QA_REVIEW, "institutional_innovation", rows=1)
    exempt_the_rest(college)
    rows = {}
    for table in ("course", "institutional_innovation"):
        release = released(college, people.zhou_min, table=table)
        place = (college.session, college.store, recipient(people), release.id)
        rows[table] = read_released(*place, now=NOW).table.row_count

    assert rows == {"course": 2, "institutional_innovation": 0}


def recipient(people: People) -> Actor:
    """The head of the office to which the tests release."""
    return people.xu_lei


def test_only_the_recipients_take_them_along_each_time_noted(
    college: College, people: People
) -> None:
    release = released(college, people.zhou_min)
    refusals = {}
    for name in ("li_jing", "leader", "zhou_min", "administrator"):
        with pytest.raises(Refused) as refusal:
            note_download(college.session, release.id, 1, by=getattr(people, name), now=NOW)
        refusals[name] = refusal.value.reason

    for rows in (2, 3):
        note_download(college.session, release.id, rows, by=recipient(people), now=NOW)

    hidden = dict.fromkeys(("li_jing", "leader", "administrator"), Reason.NOT_FOUND)
    assert refusals == {**hidden, "zhou_min": Reason.FORBIDDEN}
    assert [each.row_count for each in college.all(ReleaseDownload)] == [2, 3]
    tags = [entry.tag for entry in college.entries(f"release:{release.id}")]
    assert tags == ["release.release", "release.download", "release.download"]


def test_what_is_withdrawn_or_run_out_is_taken_along_no_more(
    college: College, people: People
) -> None:
    first = released(college, people.zhou_min)
    second = released(college, people.zhou_min, purpose="职称评审")
    act = {"by": people.sun_li, "now": NOW}
    withdraw_release(college.session, first.id, first.version, "用途变了", **act)
    later = NOW + timedelta(days=60)

    for release, now in ((first, NOW), (second, later)):
        with pytest.raises(Refused):
            note_download(college.session, release.id, 1, by=recipient(people), now=now)
    place = (college.session, college.store, recipient(people))
    lines = list_releases(*place, now=later)

    assert [line.status.value for line in lines] == ["expired", "withdrawn"]
    assert not any(line.may_download for line in lines)
    assert college.all(ReleaseDownload) == []


def test_withdrawing_needs_a_reason_and_the_version_seen(college: College, people: People) -> None:
    release = released(college, people.zhou_min)
    refusals = []
    for version, reason in ((1, " "), (2, "用途变了")):
        act = (college.session, release.id, version, reason)
        with pytest.raises(Refused) as refusal:
            withdraw_release(*act, by=people.zhou_min, now=NOW)
        refusals.append(refusal.value.reason)

    assert refusals == [Reason.INVALID, Reason.CONFLICT]
    assert college.all(Release)[0].status is ReleaseStatus.RELEASED


def test_of_two_who_withdraw_at_once_one_is_told(college: College, people: People) -> None:
    release = released(college, people.zhou_min)

    def withdraw(by: Actor) -> None:
        with college.open_session() as session:
            withdraw_release(session, release.id, 1, "用途变了", by=by, now=NOW)

    told = at_once(lambda: withdraw(people.zhou_min), lambda: withdraw(people.sun_li))

    assert told == ["conflict", "done"]


def test_the_same_is_not_released_twice_until_it_is_taken_back(
    college: College, people: People
) -> None:
    release = released(college, people.zhou_min)

    with pytest.raises(Refused) as refusal:
        released(college, people.sun_li)
    withdraw_release(college.session, release.id, 1, "用途变了", by=people.sun_li, now=NOW)
    released(college, people.zhou_min)

    assert (refusal.value.reason, len(college.all(Release))) == (Reason.CONFLICT, 2)


def test_departments_see_their_own_releases_only(college: College, people: People) -> None:
    released(college, people.zhou_min)
    released(college, people.zhou_min, department="A03")

    seen = {}
    for name in ("zhou_min", "xu_lei", "li_jing"):
        place = (college.session, college.store, getattr(people, name))
        seen[name] = [line.release.department_code for line in list_releases(*place, now=NOW)]

    assert seen == {"zhou_min": ["A03", "A02"], "xu_lei": ["A02"], "li_jing": ["A03"]}
    with pytest.raises(Refused):
        list_releases(college.session, college.store, people.leader, now=NOW)
