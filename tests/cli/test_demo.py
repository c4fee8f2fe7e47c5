"""The history of the demo college: what a newcomer finds in its two years."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.cli.demo_actors import load_actors
from app.domain.cycle import CycleStatus
from app.domain.person import Function
from app.domain.submission import Status
from app.models.audit_log import AuditEntry, ChangeSet
from app.models.cycle import Cycle
from app.models.submission import Submission
from tests.demo import DemoCollege

OFFICES = {"qa": "A04", "jwc": "A03", "cwc": "A07", "qcx": "C01", "jdx": "C02", "gyxx": "E01"}
ACCOUNTS = {
    "admin": {(Function.ADMINISTRATOR, "B02")},
    "qa": {(Function.QA_OFFICE, "A04")},
    "qa2": {(Function.QA_OFFICE, "A04")},
    "leader": {(Function.LEADER, "A01")},
    "archive": {(Function.ARCHIVE, "A01")},
    "reader": {(Function.READER, "A09")},
    **{f"{name}_steward": {(Function.DATA_STEWARD, code)} for name, code in OFFICES.items()},
    **{f"{name}_head": {(Function.HEAD, code)} for name, code in OFFICES.items()},
    **{
        name: {(Function.TEACHER, "C01")}
        for name in ("t_full", "t_inhouse", "t_part", "t_visiting")
    },
}


def submissions(demo: DemoCollege, cycle: Cycle) -> Sequence[Submission]:
    with demo.session() as session:
        return session.scalars(select(Submission).where(Submission.cycle_id == cycle.id)).all()


def entries(demo: DemoCollege) -> Sequence[AuditEntry]:
    with demo.session() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()


def test_the_announced_accounts_have_their_functions(demo: DemoCollege) -> None:
    with demo.session() as session:
        actors = load_actors(session, datetime.now(UTC).date()).by_number.values()
    held = {a.username: {(h.function, h.department) for h in a.appointments} for a in actors}

    assert {name: held.get(name) for name in ACCOUNTS} == ACCOUNTS


def test_whoever_keeps_accounts_has_no_say_over_data(demo: DemoCollege) -> None:
    with demo.session() as session:
        found = load_actors(session, datetime.now(UTC).date(), Function.ADMINISTRATOR)

    held = [{one.function for one in actor.appointments} for actor in found.by_number.values()]
    assert held
    assert all(functions == {Function.ADMINISTRATOR} for functions in held)


@pytest.mark.parametrize("function", [Function.DATA_STEWARD, Function.HEAD])
def test_somebody_signs_in_for_every_department(demo: DemoCollege, function: Function) -> None:
    with demo.session() as session:
        actors = load_actors(session, datetime.now(UTC).date(), function)

    for department in demo.store.catalogue.departments:
        assert actors.holding(function, department.code).username


def test_every_status_can_be_seen(demo: DemoCollege) -> None:
    present = {submission.status for submission in submissions(demo, demo.cycle)}
    past = {submission.status for submission in submissions(demo, demo.locked_cycle)}

    assert present == set(Status) - {Status.LOCKED}
    assert past == {Status.LOCKED, Status.EXEMPT}


def test_departments_differ_in_the_open_year(demo: DemoCollege) -> None:
    reached = {
        submission.department_code: set[Status]() for submission in submissions(demo, demo.cycle)
    }
    for submission in submissions(demo, demo.cycle):
        reached[submission.department_code].add(submission.status)

    assert sum(Status.ACCEPTED in statuses for statuses in reached.values()) >= 8
    assert sum(Status.NOT_STARTED in statuses for statuses in reached.values()) >= 4
    assert sum(Status.RETURNED in statuses for statuses in reached.values()) >= 3


def test_first_reports_of_the_past_year_are_on_time_or_late(demo: DemoCollege) -> None:
    due = demo.locked_cycle.due_at
    days = {
        submission.department_code: (submission.first_reported_at - due).days + 1
        for submission in sorted(
            submissions(demo, demo.locked_cycle), key=lambda s: s.first_reported_at or due
        )
        if submission.first_reported_at is not None
    }

    assert {1, 2, 4} >= {late for late in days.values() if late > 0} >= {1, 4}
    assert sum(late <= 0 for late in days.values()) >= 10


def test_the_past_year_was_extended_once_and_locked(demo: DemoCollege) -> None:
    cycle = demo.locked_cycle
    steps = [e.tag for e in entries(demo) if e.subject == f"cycle:{cycle.id}"]

    assert cycle.status is CycleStatus.LOCKED
    assert [tag for tag in steps if tag.startswith("cycle.")][1:] == [
        f"cycle.{verb}" for verb in ("open", "close", "extend", "close", "lock")
    ]


def test_what_went_wrong_is_on_record(demo: DemoCollege) -> None:
    past = {f"submission:{s.id}" for s in submissions(demo, demo.locked_cycle)}
    counted = Counter(e.tag for e in entries(demo) if e.subject in past)
    twice = Counter(
        e.subject for e in entries(demo) if e.subject in past and e.tag == "submission.send_back"
    )

    assert counted["submission.finish_refused"] == 2
    assert counted["submission.withdraw"] == counted["submission.reopen"] == 1
    assert sorted(twice.values())[-2:] == [1, 2]


def test_what_happened_is_told_in_the_order_of_time(demo: DemoCollege) -> None:
    times = [entry.at for entry in entries(demo)]

    assert times == sorted(times)
    assert times[-1] < datetime.now(UTC)
    assert len({entry.at.date() for entry in entries(demo)}) > 40
    assert len({entry.person_number for entry in entries(demo)}) > 40


def test_teachers_type_their_own_rows(demo: DemoCollege) -> None:
    with demo.session() as session:
        typists = set(session.scalars(select(ChangeSet.person_number)))

    assert {"31003", "31010", "W10001", "V10001"} <= typists


def test_only_what_has_no_rows_was_reported_empty(demo: DemoCollege) -> None:
    reported = [s for s in submissions(demo, demo.locked_cycle) if s.status is Status.LOCKED]
    empty = {s.table_identifier for s in reported if s.nil_reason is not None}

    assert all(s.content_hash for s in reported)
    assert {s.department_code for s in reported if s.nil_reason is not None} == {"C06"}
    assert empty >= {"external_part_time_teacher", "internal_adjunct_patent"}
