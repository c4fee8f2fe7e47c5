"""The rest of the college doing its work, so that a year can be locked."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.domain.finding import REVIEW_POINTS
from app.domain.person import Function
from app.domain.submission import Holder, Status, Verb
from app.models.permission import user
from app.models.person import Appointment, Person
from app.models.submission import Submission
from app.reports.person import load_actor
from app.reports.workbench import FORWARD
from tests.demo import DemoCollege
from tests.findings import settle_findings
from tests.records import settle_records

FUNCTIONS = {Holder.STEWARD: Function.DATA_STEWARD, Holder.HEAD: Function.HEAD}
BEGINNINGS = {Status.NOT_STARTED, Status.ENTERING}


def finish_everything_else(demo: DemoCollege) -> None:
    """Exempt what has not been reported and accept what has, all by real steps."""
    now = datetime.now(UTC)
    actors: dict[tuple[Function, str | None], Actor] = {}
    with demo.session() as session:
        owed = select(Submission).where(Submission.cycle_id == demo.cycle.id)
        for submission in session.scalars(owed).all():
            while submission.status in FORWARD:
                verb = FORWARD[submission.status]
                verb = Verb.EXEMPT if submission.status in BEGINNINGS else verb
                key = who_takes(submission, verb)
                actors[key] = actors.get(key) or somebody(session, *key, now)
                request, by = asked(submission, verb), actors[key]
                settle_findings(session, demo.store, submission, verb, by=by, now=now)
                settle_records(session, demo.store, submission, verb, by=by, now=now)
                take_step(session, demo.store, submission.id, request, by=by, now=now)


def asked(submission: Submission, verb: Verb) -> StepRequest:
    """A request that has everything any step may want."""
    points = {point.value: True for point in REVIEW_POINTS}
    reason = "本学年按实际情况办理"
    return StepRequest(verb, submission.version, reason, points, reauthenticated=True)


def who_takes(submission: Submission, verb: Verb) -> tuple[Function, str | None]:
    """The function that takes the step and in which department, None for any."""
    function = FUNCTIONS.get(submission.status.holder, Function.QA_OFFICE)
    if verb is Verb.EXEMPT or function is Function.QA_OFFICE:
        return Function.QA_OFFICE, None
    return function, submission.department_code


def somebody(session: Session, function: Function, department: str | None, now: datetime) -> Actor:
    """A person who can sign in and holds the function."""
    query = (
        select(user.c.id)
        .join(Person, Person.username == user.c.username)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.function == function)
        .order_by(user.c.id)
    )
    if department is not None:
        query = query.where(Appointment.department_code == department)
    actor = load_actor(session, session.scalar(query.limit(1)) or 0, now.date())
    if actor is None:
        raise LookupError(f"nobody is {function} of {department}")
    return actor
