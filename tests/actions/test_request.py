"""Asking and deciding: every kind, verb and person against the one written table."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from app.access.person import Actor
from app.actions.request import Decision, ask, decide, decide_many
from app.domain.cycle import CycleVerb
from app.domain.message import Reason, Refused
from app.domain.request import Cause, RequestKind, RequestStatus, RequestVerb
from app.domain.submission import Status, Verb
from app.models.request import Request
from tests.actions.test_submission_races import at_once
from tests.college import DUE, NOW, College
from tests.people import People
from tests.requests import LATER, ask_for, decide_on, last_request
from tests.submissions import locked, ready_to_lock, submission_at

EVERYBODY = (
    *("li_jing", "wang_qiang", "zhou_min", "sun_li", "ma_chao", "administrator", "leader"),
    *("archivist", "reader", "chen_gang", "zhao_yong"),
)
DEPARTMENT = {"li_jing", "wang_qiang"}
OFFICE = {"zhou_min", "sun_li"}
# Written by hand: in which status of the table each kind makes sense, who asks and who decides;
# what the quality office begins is asked for by 周敏.
ASKERS = {
    RequestKind.EXTENSION: (Status.ENTERING, DEPARTMENT),
    RequestKind.EXEMPTION: (Status.ENTERING, {"li_jing"}),
    RequestKind.REOPENING_WISH: (Status.ACCEPTED, DEPARTMENT),
}
DECIDERS = {
    RequestKind.EXTENSION: OFFICE,
    RequestKind.EXEMPTION: OFFICE,
    RequestKind.REOPENING_WISH: OFFICE,
    RequestKind.REOPENING: {"sun_li", "leader"},
    RequestKind.UNLOCKING: {"leader"},
    RequestKind.LOCKING: {"sun_li"},
}
CANCELLERS = {kind: DEPARTMENT if kind in ASKERS else {"zhou_min"} for kind in RequestKind}
# What the table is afterwards, where something happens at once.
DONE = {
    RequestKind.EXEMPTION: Status.EXEMPT,
    RequestKind.REOPENING: Status.RETURNED,
    RequestKind.UNLOCKING: Status.RETURNED,
    RequestKind.LOCKING: Status.LOCKED,
}


def asked(college: College, people: People, kind: RequestKind) -> Request:
    """A request of the kind that waits for a decision."""
    if kind is RequestKind.UNLOCKING:
        table = locked(college, "course")
        college.year_step(CycleVerb.UNLOCK, by=people.zhou_min, reason="漏报", tables=(table.id,))
    elif kind is RequestKind.LOCKING:
        ready_to_lock(college)
        college.year_step(CycleVerb.LOCK, by=people.zhou_min, seconded=False)
    elif kind is RequestKind.REOPENING:
        table = submission_at(college, Status.ACCEPTED)
        college.step(*(table, Verb.REOPEN), by=people.zhou_min, reason="漏报", seconded=False)
    else:
        submission_at(college, ASKERS[kind][0])
        ask_for(college, kind, by=people.li_jing)
    return last_request(college)


def allowed(kind: RequestKind, verb: RequestVerb) -> set[str]:
    """Who may do that with an open request."""
    if verb in {RequestVerb.ANSWER, RequestVerb.REFUSE}:
        return DECIDERS[kind]
    return CANCELLERS[kind] if verb is RequestVerb.CANCEL else set()


def refused(act: Callable[[Actor], object], by: Actor) -> None:
    """That the person may not."""
    with pytest.raises(Refused):
        act(by)


def state(college: College) -> tuple[object, ...]:
    """Everything that asking and deciding could change."""
    submission = college.submission("course")
    requests = [(each.kind, each.status, each.version) for each in college.all(Request)]
    due = (submission.status, submission.version, submission.due_at, college.cycle.status)
    return (*requests, due, len(college.entries()))


@pytest.mark.parametrize("kind", ASKERS)
def test_only_those_of_the_table_ask_and_only_in_its_status(
    college: College, people: People, kind: RequestKind
) -> None:
    status, askers = ASKERS[kind]
    submission_at(college, status)
    before = state(college)
    for name in set(EVERYBODY) - askers:
        refused(lambda by: ask_for(college, kind, by=by), getattr(people, name))
    with pytest.raises(Refused) as without_reason:
        ask_for(college, kind, by=people.li_jing, reason=" ")
    assert state(college) == before

    request = ask_for(college, kind, by=getattr(people, min(askers)))
    with pytest.raises(Refused) as twice:
        ask_for(college, kind, by=people.li_jing)

    assert (without_reason.value.reason, twice.value.reason) == (Reason.INVALID, Reason.CONFLICT)
    assert (request.status, college.submission("course").status) == (RequestStatus.ASKED, status)
    entry = college.entries(f"request:{request.id}")[-1]
    assert (entry.tag, entry.reason) == ("request.request", "按实际情况办理")


@pytest.mark.parametrize("kind", RequestKind)
def test_only_those_of_the_table_decide_and_it_is_done(
    college: College, people: People, kind: RequestKind
) -> None:
    request = asked(college, people, kind)
    before = state(college)
    for verb, name in ((verb, name) for verb in RequestVerb for name in EVERYBODY):
        if name not in allowed(kind, verb):
            act = partial(decide_on, college, request, verb, reason="不妥")
            refused(lambda by, act=act: act(by=by), getattr(people, name))
    assert state(college) == before

    decide_on(college, request, RequestVerb.ANSWER, by=getattr(people, max(DECIDERS[kind])))

    stored = college.session.get_one(Request, request.id, populate_existing=True)
    assert (stored.status, stored.version) == (RequestStatus.GRANTED, 2)
    if kind in DONE:
        assert college.submission("course").status is DONE[kind]
    assert college.entries(f"request:{request.id}")[-1].tag == "request.answer"


@pytest.mark.parametrize("kind", RequestKind)
def test_what_is_not_granted_or_taken_back_changes_nothing_else(
    college: College, people: People, kind: RequestKind
) -> None:
    request = asked(college, people, kind)
    before = college.submission("course")
    decider = getattr(people, min(DECIDERS[kind]))
    with pytest.raises(Refused) as without_reason:
        decide_on(college, request, RequestVerb.REFUSE, by=decider)

    told = decide_on(college, request, RequestVerb.REFUSE, by=decider, reason="理由不足")

    assert without_reason.value.reason is Reason.INVALID
    assert (told.status, told.decision_reason) == (RequestStatus.REFUSED, "理由不足")
    after = college.submission("course")
    kept = (before.status, before.version, before.due_at)
    assert (after.status, after.version, after.due_at) == kept
    with pytest.raises(Refused):
        decide_on(college, told, RequestVerb.ANSWER, by=decider)


@pytest.mark.parametrize("kind", RequestKind)
def test_of_two_who_decide_at_once_one_is_told(
    college: College, people: People, kind: RequestKind
) -> None:
    request = asked(college, people, kind)
    decider = getattr(people, min(DECIDERS[kind]))

    def act(verb: RequestVerb) -> Callable[[], object]:
        def take() -> None:
            with college.open_session() as session:
                decision = Decision(verb, request.version, reason="商定")
                decide(session, college.store, request.id, decision, by=decider, now=NOW)

        return take

    entries = len(college.entries(f"request:{request.id}"))
    assert at_once(act(RequestVerb.ANSWER), act(RequestVerb.REFUSE)) == ["conflict", "done"]
    assert len(college.entries(f"request:{request.id}")) == entries + 1


def test_the_same_asked_for_at_once_stands_once(college: College, people: People) -> None:
    number = submission_at(college, Status.ENTERING).id

    def take() -> None:
        with college.open_session() as session:
            how = {"until": LATER, "by": people.li_jing, "now": NOW}
            ask(session, college.store, number, RequestKind.EXTENSION, "等数据", **how)

    assert at_once(take, take) == ["conflict", "done"]


def test_a_second_person_and_a_leader_at_once_open_a_table_once(
    college: College, people: People
) -> None:
    request = asked(college, people, RequestKind.REOPENING)
    seen = college.submission("course")

    def answer() -> None:
        with college.open_session() as session:
            decision = Decision(RequestVerb.ANSWER, request.version)
            decide(session, college.store, request.id, decision, by=people.leader, now=NOW)

    def step() -> None:
        again = College(college.founded, college.open_session())
        with again.session:
            again.step(seen, Verb.REOPEN, by=people.sun_li, seconded=False)

    assert at_once(answer, step)[1] == "done"
    assert college.submission("course").version == seen.version + 1


@pytest.mark.parametrize(("hours", "is_done"), [(24, True), (25, False)])
def test_the_second_person_decides_within_a_day(
    college: College, people: People, hours: int, is_done: bool
) -> None:
    table = submission_at(college, Status.ACCEPTED)
    first = {"by": people.zhou_min, "reason": "上级退回", "seconded": False}
    college.step(table, Verb.REOPEN, cause=Cause.AUTHORITY, **first)
    with pytest.raises(Refused):
        college.step(table, Verb.REOPEN, **first)
    college.now = NOW + timedelta(hours=hours)

    after = college.step(table, Verb.REOPEN, by=people.sun_li, reason="同意", seconded=False)

    assert (after.status is Status.RETURNED) == is_done
    requests = college.all(Request)
    # A day later the same click asks anew.
    assert len(requests) == (1 if is_done else 2)
    if is_done:
        assert after.reason == "上级退回"
        assert (requests[0].cause, requests[0].decision_reason) == (Cause.AUTHORITY, "同意")


def test_a_wish_becomes_the_request_of_whoever_takes_it_up(
    college: College, people: People
) -> None:
    wish = asked(college, people, RequestKind.REOPENING_WISH)

    request = decide_on(
        *(college, wish, RequestVerb.ANSWER), by=people.zhou_min, cause=Cause.DEPARTMENT
    )
    with pytest.raises(Refused):
        decide_on(college, request, RequestVerb.ANSWER, by=people.zhou_min)
    decide_on(college, request, RequestVerb.ANSWER, by=people.sun_li)

    assert (request.kind, request.follows_id) == (RequestKind.REOPENING, wish.id)
    assert (request.reason, request.asked_by) == (wish.reason, people.zhou_min.number)
    assert college.submission("course").status is Status.RETURNED


@pytest.mark.parametrize("days", [-1, 0])
def test_a_new_due_date_lies_after_the_present_one(
    college: College, people: People, days: int
) -> None:
    until = DUE + timedelta(days=days)

    with pytest.raises(Refused) as refusal:
        ask_for(college, RequestKind.EXTENSION, by=people.li_jing, until=until)

    assert refusal.value.reason is Reason.INVALID


def test_the_office_sets_another_date_than_was_asked_for(college: College, people: People) -> None:
    request = ask_for(college, RequestKind.EXTENSION, by=people.wang_qiang)
    until = DUE + timedelta(days=3)

    decide_on(college, request, RequestVerb.ANSWER, by=people.zhou_min, until=until)

    assert college.submission("course").due_at == last_request(college).until == until
    # What is granted later to all counts for this table too.
    college.year_step(CycleVerb.CLOSE, by=people.zhou_min)
    college.year_step(CycleVerb.EXTEND, by=people.zhou_min, reason="统一", due_at=LATER)
    assert college.submission("course").due_at is None


def test_many_are_decided_each_for_itself(college: College, people: People) -> None:
    tables = ("course", "quality_project", "institutional_innovation")
    for table in tables:
        ask_for(college, RequestKind.EXTENSION, by=people.li_jing, table=table)
    seen = [(each.id, each.version) for each in college.all(Request)]
    seen[1] = (seen[1][0], 7)

    decision = Decision(RequestVerb.ANSWER, 0)
    how = {"by": people.zhou_min, "now": NOW}
    found = decide_many(college.session, college.store, seen, decision, **how)

    statuses = [each.status for each in found]
    assert statuses == [RequestStatus.GRANTED, None, RequestStatus.GRANTED]
    assert found[1].refusal is not None
