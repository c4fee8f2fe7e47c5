"""Locking a year takes two of the quality office within a day (第十二条)."""

from datetime import timedelta

import pytest

from app.access.person import Actor
from app.actions.cycle import CycleRequest, take_cycle_step
from app.actions.request import Decision, decide
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.message import Reason, Refused
from app.domain.request import RequestKind, RequestStatus, RequestVerb
from app.domain.submission import Status
from app.models.request import Request
from tests.actions.test_submission_races import at_once
from tests.college import NOW, College
from tests.people import People
from tests.submissions import ready_to_lock

LATER = NOW + timedelta(hours=24, seconds=1)


def locking(college: College, by: Actor, now: object = NOW, reason: str | None = None) -> None:
    """What one person does: ask, or confirm what another has asked."""
    request = CycleRequest(CycleVerb.LOCK, college.cycle.version, reason=reason)
    with college.open_session() as session:
        year = college.founded.cycle_id
        take_cycle_step(session, college.store, year, request, by=by, now=now)  # type: ignore[arg-type]


def confirmed(college: College, by: Actor) -> None:
    """The second person decides in the list of requests."""
    request = college.all(Request)[-1]
    decision = Decision(RequestVerb.ANSWER, request.version)
    decide(college.session, college.store, request.id, decision, by=by, now=NOW)


def test_the_first_only_asks(college: College, people: People) -> None:
    ready_to_lock(college)
    before = college.cycle.version

    locking(college, people.zhou_min, reason="数据齐全")

    [request] = college.all(Request)
    assert (request.kind, request.status) == (RequestKind.LOCKING, RequestStatus.ASKED)
    assert (request.reason, request.submission_id) == ("数据齐全", None)
    assert (college.cycle.status, college.cycle.version) == (CycleStatus.CLOSED, before)


def test_the_second_locks_and_is_named(college: College, people: People) -> None:
    ready_to_lock(college)

    locking(college, people.zhou_min)
    locking(college, people.sun_li)

    [request] = college.all(Request)
    assert (request.asked_by, request.decided_by) == (people.zhou_min.number, people.sun_li.number)
    assert (college.cycle.status, college.cycle.locked_by) == (CycleStatus.LOCKED, "04003")
    assert college.submission("course").status is Status.LOCKED
    tags = [entry.tag for entry in college.entries()]
    assert (tags[-1], tags.count("cycle.lock"), tags.count("submission.lock")) == (
        "cycle.lock",
        1,
        1,
    )


def test_one_person_never_locks_alone(college: College, people: People) -> None:
    ready_to_lock(college)
    locking(college, people.zhou_min)

    for act in (locking, confirmed):
        with pytest.raises(Refused) as refusal:
            act(college, people.zhou_min)
        assert refusal.value.reason is Reason.FORBIDDEN

    assert college.cycle.status is CycleStatus.CLOSED


@pytest.mark.parametrize("name", ["leader", "li_jing", "wang_qiang", "archivist"])
def test_nobody_else_confirms(college: College, people: People, name: str) -> None:
    ready_to_lock(college)
    locking(college, people.zhou_min)

    for act in (locking, confirmed):
        with pytest.raises(Refused):
            act(college, getattr(people, name))

    assert college.cycle.status is CycleStatus.CLOSED


def test_the_list_of_requests_locks_as_well(college: College, people: People) -> None:
    ready_to_lock(college)
    locking(college, people.zhou_min)

    confirmed(college, people.sun_li)

    assert college.cycle.status is CycleStatus.LOCKED


def test_after_a_day_it_is_asked_anew(college: College, people: People) -> None:
    ready_to_lock(college)
    locking(college, people.zhou_min)

    locking(college, people.sun_li, LATER)

    first, second = college.all(Request)
    assert first.status_at(LATER) is RequestStatus.EXPIRED
    assert (second.asked_by, college.cycle.status) == (people.sun_li.number, CycleStatus.CLOSED)


def test_nothing_is_asked_while_a_table_is_open(college: College, people: People) -> None:
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)

    with pytest.raises(Refused) as refusal:
        locking(college, people.zhou_min)

    assert (refusal.value.reason, college.all(Request)) == (Reason.INVALID, [])
    assert refusal.value.details


@pytest.mark.parametrize("act", [locking, confirmed])
def test_what_was_opened_again_meanwhile_is_told(
    college: College, people: People, act: object
) -> None:
    ready_to_lock(college)
    locking(college, people.zhou_min)
    reopened = college.session.merge(college.submission("course"))
    reopened.status, reopened.reason = Status.RETURNED, "漏报"
    college.session.commit()

    with pytest.raises(Refused) as refusal:
        act(college, people.sun_li)  # type: ignore[operator]

    assert refusal.value.reason is Reason.INVALID
    assert [d.parameters["department"] for d in refusal.value.details] == ["教务处"]
    assert college.all(Request)[0].status is RequestStatus.ASKED


def test_it_can_be_refused_and_taken_back(college: College, people: People) -> None:
    ready_to_lock(college)
    for verb, by in ((RequestVerb.REFUSE, people.sun_li), (RequestVerb.CANCEL, people.zhou_min)):
        locking(college, people.zhou_min)
        request = college.all(Request)[-1]
        decision = Decision(verb, request.version, reason="再等一天")
        decide(college.session, college.store, request.id, decision, by=by, now=NOW)

    assert college.cycle.status is CycleStatus.CLOSED
    assert {each.status for each in college.all(Request)} == {
        RequestStatus.REFUSED,
        RequestStatus.WITHDRAWN,
    }


def test_a_year_that_was_extended_is_not_locked_by_an_old_request(
    college: College, people: People
) -> None:
    ready_to_lock(college)
    locking(college, people.zhou_min)
    due_at = NOW + timedelta(days=30)
    college.year_step(CycleVerb.EXTEND, by=people.zhou_min, reason="停电", due_at=due_at)

    with pytest.raises(Refused) as refusal:
        confirmed(college, people.sun_li)

    assert refusal.value.reason is Reason.CONFLICT
    assert college.cycle.status is CycleStatus.OPEN


def test_two_who_ask_at_once_do_not_lock_unseen_twice(college: College, people: People) -> None:
    """Both ask: the second one's step is the confirmation, whichever comes first (INV10)."""
    ready_to_lock(college)

    told = at_once(
        lambda: locking(college, people.zhou_min), lambda: locking(college, people.sun_li)
    )

    assert told == ["done", "done"]
    assert (college.cycle.status, len(college.all(Request))) == (CycleStatus.LOCKED, 1)
    assert [e.tag for e in college.entries()].count("cycle.lock") == 1
