"""The demo college: people, rows and a history made by replaying real actions.

Everything is read from ``seed/demo``; the story's times are relative to the
day it is told, so that the open year is always under way.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.actions.assignment import assign, proposal
from app.actions.base_table import apply_changes
from app.actions.cycle import CycleRequest, prepare_cycle, take_cycle_step
from app.actions.permission import sync_permissions
from app.actions.person import NewPerson, add_people, sync_user_roles
from app.actions.submission import StepRequest, take_step
from app.cli.command import LOCAL_ZONE
from app.cli.demo_rows import read_demo_rows
from app.domain.cycle import CycleVerb
from app.domain.finding import REVIEW_POINTS
from app.domain.period import AcademicYear
from app.domain.person import Function, TeacherKind
from app.domain.submission import Status, Verb
from app.models.base_table import Store
from app.models.base_table_rows import submission_of
from app.models.cycle import Cycle
from app.models.permission import user
from app.models.person import Appointment, Person
from app.models.submission import Submission
from app.reports.person import load_actor

# Five in the afternoon on the clock of the college.
DUE_HOUR = 9
# The steps that lead from entry to acceptance, with who takes them.
PATH = (
    (Status.UNDER_REVIEW, Verb.FINISH, Function.DATA_STEWARD),
    (Status.AWAITING_CONFIRMATION, Verb.REVIEW, Function.DATA_STEWARD),
    (Status.SUBMITTED, Verb.CONFIRM, Function.HEAD),
    (Status.UNDER_QA_REVIEW, Verb.RECEIVE, Function.QA_OFFICE),
    (Status.ACCEPTED, Verb.ACCEPT, Function.QA_OFFICE),
)


@dataclass
class Demo:
    """What the telling of the story needs at hand."""

    session: Session
    store: Store
    folder: Path
    today: datetime
    story: Mapping[str, Any]
    base_year: AcademicYear
    actors: dict[tuple[Function, str, int], Actor] = field(default_factory=dict)

    def ago(self, name: str) -> datetime:
        """The moment the story calls ``name``."""
        return self.today - timedelta(days=self.story["days"][name])

    def actor(self, function: Function, department: str, others: int = 0) -> Actor:
        """Who holds the function in the department today, after ``others`` before him."""
        if (function, department, others) not in self.actors:
            query = (
                select(user.c.id)
                .join(Person, Person.username == user.c.username)
                .join(Appointment, Appointment.person_id == Person.id)
                .where(Appointment.function == function, Appointment.department_code == department)
                .order_by(user.c.id)
                .offset(others)
                .limit(1)
            )
            found = load_actor(self.session, self.session.scalar(query) or 0, self.today.date())
            if found is None:
                raise LookupError(f"nobody is {function} of {department} in the demo college")
            self.actors[function, department, others] = found
        return self.actors[function, department, others]

    @property
    def quality_office(self) -> Actor:
        """The lead of the quality office."""
        return self.actor(Function.QA_OFFICE, self.story["quality_office"])

    @property
    def second_of_quality_office(self) -> Actor:
        """The second person, who accepts what the first took up."""
        return self.actor(Function.QA_OFFICE, self.story["quality_office"], others=1)


def tell_demo(
    session: Session,
    store: Store,
    folder: Path,
    *,
    revision: bytes,
    hash_password: Callable[[str], str],
    now: datetime,
) -> None:
    """Fill an empty database with the demo college of ``folder``.

    Departments exist already; ``revision`` is the packed catalogue.
    """
    story = yaml.safe_load((folder / "story.yaml").read_text(encoding="utf-8"))
    people = yaml.safe_load((folder / "people.yaml").read_text(encoding="utf-8"))
    demo = Demo(
        session, store, folder, now, story, AcademicYear.parse(people["base_academic_year"])
    )
    open_year = AcademicYear.of(now.date()).previous
    _people(demo, people["persons"], hash_password(story["password"]))
    previous = _year(demo, open_year.previous, "previous", revision)
    _finish_year(demo, previous)
    current = _year(demo, open_year, "current", revision)
    _advance_current(demo, current)


def _people(demo: Demo, persons: list[dict[str, Any]], password_hash: str) -> None:
    """Everybody, with appointments older than the first year told."""
    sync_permissions(demo.session, demo.store)
    add_people(
        demo.session,
        [_person(item, password_hash) for item in persons],
        valid_from=date(demo.today.year - 5, 9, 1),
        now=demo.today,
    )
    demo.session.commit()


def _person(item: dict[str, Any], password_hash: str) -> NewPerson:
    kind = item.get("teacher_kind")
    return NewPerson(
        number=item["number"],
        name=item["name"],
        department=item["department"],
        username=item.get("username"),
        password_hash=password_hash if item.get("username") else None,
        teacher_kind=TeacherKind(kind) if kind else None,
        appointments=tuple(
            Appointed(Function(held["function"]), held["department"])
            for held in item.get("appointments", ())
        ),
    )


def _year(demo: Demo, year: AcademicYear, slot: str, revision: bytes) -> Cycle:
    """Prepare, assign and open a year and enter its rows."""
    session, store, office = demo.session, demo.store, demo.quality_office
    opened = demo.ago(f"{slot}_opened")
    due_at = demo.ago("previous_locked")
    if slot == "current":
        due_day = demo.today + timedelta(days=demo.story["days"]["current_due_in"])
        due_at = due_day.astimezone(LOCAL_ZONE).replace(hour=23, minute=59, second=59)
    cycle = prepare_cycle(session, year, due_at=due_at, by=office, now=opened)
    assign(session, store, cycle, proposal(store.catalogue), by=office, now=opened)
    sync_user_roles(session, demo.today.date())
    session.commit()
    demo.actors.clear()
    request = CycleRequest(CycleVerb.OPEN, cycle.version, revision=revision)
    take_cycle_step(session, store, cycle.id, request, by=office, now=opened)
    years = year.start_year - demo.base_year.start_year + (1 if slot == "previous" else 0)
    for batch in read_demo_rows(demo.folder / "rows", store.catalogue, slot, years):
        outcome = apply_changes(
            session,
            store,
            batch.table,
            batch.changes,
            by=demo.actor(Function.DATA_STEWARD, batch.department),
            now=demo.ago(f"{slot}_worked"),
            period=store.catalogue.tables[batch.table].period_in(year).code,
            department=batch.department,
            way="import",
        )
        if not outcome.written:
            faults = [f.message.english() for r in outcome.results for f in r.findings]
            raise ValueError(f"demo rows of {batch.table} {slot}: {faults[:5]}")
    return cycle


def _finish_year(demo: Demo, cycle: Cycle) -> None:
    """Bring everything to acceptance or exemption, close and lock."""
    for submission in _submissions(demo, cycle):
        if submission.status is Status.NOT_STARTED:
            request = StepRequest(
                Verb.EXEMPT, submission.version, reason=demo.story["texts"]["exempt"]
            )
            _step(demo, submission, request, demo.quality_office, "previous_worked")
        else:
            _advance(demo, submission, Status.ACCEPTED, "previous_worked")
    for verb in (CycleVerb.CLOSE, CycleVerb.LOCK):
        request_of_year = CycleRequest(verb, cycle.version)
        take_cycle_step(
            demo.session,
            demo.store,
            cycle.id,
            request_of_year,
            by=demo.quality_office,
            now=demo.ago("previous_locked"),
        )


def _advance_current(demo: Demo, cycle: Cycle) -> None:
    """Take some tables of the open year as far as the story says."""
    for item in demo.story["current"]:
        submission = submission_of(demo.session, cycle, item["table"], item["department"])
        if submission is None:
            raise LookupError(f"the demo college has no submission {item['table']}")
        target = Status(item["reaches"])
        sent_back = target is Status.RETURNED
        goal = Status.UNDER_QA_REVIEW if sent_back else target
        _advance(demo, submission, goal, "current_worked")
        if sent_back:
            request = StepRequest(Verb.SEND_BACK, submission.version, reason=item["reason"])
            _step(demo, submission, request, demo.quality_office, "current_worked")


def _advance(demo: Demo, submission: Submission, target: Status, when: str) -> None:
    for reached, verb, function in PATH:
        request = StepRequest(
            verb,
            submission.version,
            points={point.value: True for point in REVIEW_POINTS},
            reauthenticated=True,
        )
        if function is not Function.QA_OFFICE:
            by = demo.actor(function, submission.department_code)
        elif verb is Verb.ACCEPT:
            by = demo.second_of_quality_office
        else:
            by = demo.quality_office
        _step(demo, submission, request, by, when)
        if reached is target:
            return


def _step(demo: Demo, submission: Submission, request: StepRequest, by: Actor, when: str) -> None:
    take_step(demo.session, demo.store, submission.id, request, by=by, now=demo.ago(when))


def _submissions(demo: Demo, cycle: Cycle) -> Iterator[Submission]:
    yield from demo.session.scalars(
        select(Submission).where(Submission.cycle_id == cycle.id).order_by(Submission.id)
    ).all()
