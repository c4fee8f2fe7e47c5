"""The lists and counts of requests: what exists and waits for whom, as the policies say it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from app.access.person import Actor
from app.access.policies import overlooks_college, sees_submission
from app.access.request import may_decide, why_not_read_requests
from app.domain.cycle import CycleStatus
from app.domain.request import OF_YEAR, RequestKind, RequestStatus
from app.models.cycle import Cycle
from app.models.request import Request
from app.models.submission import Submission
from app.reports import request as report
from app.reports.request import (
    RequestFilter,
    count_requests,
    count_waiting_requests,
    list_requests,
)
from tests.actions.test_request import EVERYBODY
from tests.college import NOW, College, on_all_databases
from tests.people import People

MOMENTS = (NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1, seconds=1))


def asked(
    college: College,
    kind: RequestKind,
    by: str,
    *,
    table: Submission | None = None,
    status: RequestStatus = RequestStatus.ASKED,
    expires_at: datetime | None = None,
) -> Request:
    """A stored request, whatever else there is."""
    decided = None if status is RequestStatus.ASKED else NOW
    request = Request(
        kind=kind,
        status=status,
        cycle_id=college.founded.cycle_id,
        submission_id=None if table is None else table.id,
        reason="漏报",
        until=NOW if kind is RequestKind.EXTENSION else None,
        expires_at=expires_at,
        asked_at=NOW,
        asked_by=by,
        asked_by_name=by,
        decided_at=decided,
        decided_by=decided and by,
        decision_reason=decided and "不妥",
    )
    college.session.add(request)
    college.session.commit()
    return request


def every_request(college: College, people: People) -> None:
    """Every kind in every status that is stored, of two departments, with and without an end."""
    departments = {"A03", "A07"}
    of = {each.department_code: each for each in college.submissions()}
    assert departments <= set(of)
    for kind in RequestKind:
        tables = [None] if kind in OF_YEAR else [of[each] for each in departments]
        for table in tables:
            for expires_at in (None, NOW + timedelta(hours=1)):
                for status in set(RequestStatus) - {RequestStatus.EXPIRED}:
                    for by in (people.zhou_min.number, people.li_jing.number):
                        end = {"status": status, "expires_at": expires_at}
                        asked(college, kind, by, table=table, **end)


@on_all_databases
def test_the_database_says_what_the_policies_say(college: College, people: People) -> None:
    every_request(college, people)
    for name in EVERYBODY:
        actor = getattr(people, name)
        if why_not_read_requests(actor) is None:
            for now in MOMENTS:
                database_says_the_same(college, actor, now)


def database_says_the_same(college: College, actor: Actor, now: datetime) -> None:
    """What is counted and listed for the actor at the moment is what the policies say."""
    exist = existing(college, actor)
    waiting = {each.id for each, table in exist if may_decide(actor, each, table, now)}
    place = (college.session, college.store, actor, college.cycle)

    counts = count_requests(college.session, actor, college.cycle, now=now)
    lists = {
        status: list_requests(*place, RequestFilter(status), now=now)
        for status in (None, *RequestStatus)
    }

    assert counts.all == len(exist)
    assert {line.request.id for line in lists[None]} == {each.id for each, _ in exist}
    assert sum(counts.waiting.values()) == len(waiting)
    assert {line.request.id for line in lists[None][: len(waiting)]} == waiting
    assert counts.open == len(lists[RequestStatus.ASKED])
    for status in RequestStatus:
        expected = {each.id for each, _ in exist if each.status_at(now) is status}
        assert {line.request.id for line in lists[status]} == expected
    of_the_year = {each.id for each, _ in exist if each.kind in OF_YEAR}
    at_home = count_waiting_requests(college.session, actor, now=now)
    assert at_home == len(waiting - of_the_year)


def existing(college: College, actor: Actor) -> list[tuple[Request, Submission | None]]:
    """The requests that exist for the actor, with the submissions that they are about."""
    tables = {each.id: each for each in college.submissions()}
    return [
        (each, tables.get(each.submission_id))
        for each in college.all(Request)
        if (
            sees_submission(actor, tables[each.submission_id])
            if each.submission_id
            else overlooks_college(actor)
        )
    ]


def test_what_waits_longest_is_not_cut_off_by_what_is_over(
    college: College, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = college.submission("course")
    steward = people.li_jing.number
    waits = asked(college, RequestKind.EXEMPTION, steward, table=table)
    for _ in range(3):
        over = {"table": table, "status": RequestStatus.REFUSED}
        asked(college, RequestKind.EXEMPTION, steward, **over)
    monkeypatch.setattr(report, "MOST_LISTED", 2)

    place = (college.session, college.store, people.zhou_min, college.cycle)
    first = list_requests(*place, now=NOW)
    rest = list_requests(*place, RequestFilter(offset=2), now=NOW)

    assert first[0].request.id == waits.id
    numbers = [line.request.id for line in (*first[1:], *rest)]
    assert len(numbers) == 3
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize(
    ("kind", "status", "count"),
    [
        (RequestKind.EXEMPTION, CycleStatus.OPEN, 1),
        (RequestKind.EXEMPTION, CycleStatus.LOCKED, 0),
        (RequestKind.UNLOCKING, CycleStatus.LOCKED, 1),
        (RequestKind.UNLOCKING, CycleStatus.ARCHIVED, 0),
        (RequestKind.LOCKING, CycleStatus.CLOSED, 1),
        (RequestKind.LOCKING, CycleStatus.OPEN, 0),
        (RequestKind.LOCKING, CycleStatus.LOCKED, 0),
    ],
)
def test_only_what_can_still_be_granted_is_told_at_home(
    college: College, people: People, kind: RequestKind, status: CycleStatus, count: int
) -> None:
    table = None if kind in OF_YEAR else college.submission("course")
    asked(college, kind, people.li_jing.number, table=table)
    college.session.execute(update(Cycle).values(status=status))
    college.session.commit()
    actor = people.leader if kind is RequestKind.UNLOCKING else people.zhou_min

    assert count_waiting_requests(college.session, actor, now=NOW) == count
