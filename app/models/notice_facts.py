"""What the thing that a deed was done to tells a notice: facts by name, and whom it names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.labels import label
from app.domain.request import RequestHolder, RequestKind, decider_of
from app.domain.return_item import ItemState
from app.models.cooperation import Cooperation
from app.models.cycle import Cycle
from app.models.question import Question
from app.models.release import Release
from app.models.request import Request
from app.models.return_item import ReturnItem, last_return
from app.models.rule_revision import RuleRevision, readable_rule
from app.models.submission import Submission
from app.models.teacher_record import TeacherRecord


@dataclass(frozen=True)
class Subject:
    """A thing as notices speak of it.

    Tables, departments and years stand in ``facts`` by their codes, times as ISO texts in UTC,
    words of the domain as their English msgid. ``version`` tells one deed to the same thing from
    the next.
    """

    facts: Mapping[str, object]
    department: str | None = None
    table: str | None = None
    named: frozenset[str] = frozenset()
    decider: RequestHolder | None = None
    version: int = 0
    cycle_id: int | None = field(default=None)


def subject_of(session: Session, subject: str) -> Subject | None:
    """What the subject of an audit entry (``submission:12``) tells; None where nothing is told."""
    kind, _colon, name = subject.partition(":")
    read = READERS.get(kind)
    return None if read is None else read(session, name)


def _submission(session: Session, name: str) -> Subject:
    submission = session.get_one(Submission, int(name))
    facts = _place(submission)
    named: frozenset[str] = frozenset()
    returned = last_return(session, submission.id)
    if returned is not None and returned.sent_at == submission.status_since:
        facts["due_at"] = _moment(returned.due_at)
        named = _addressees(session, returned.id)
    return Subject(
        facts,
        submission.department_code,
        submission.table_identifier,
        named,
        version=submission.version,
        cycle_id=submission.cycle_id,
    )


def _place(submission: Submission) -> dict[str, object]:
    return {
        "submission": submission.id,
        "table": submission.table_identifier,
        "department": submission.department_code,
        "period": submission.period,
    }


def _addressees(session: Session, return_id: int) -> frozenset[str]:
    """To whom the items of single rows go; whole tables are the steward's, who is told anyway."""
    query = select(ReturnItem.addressee_number).where(
        ReturnItem.return_id == return_id,
        ReturnItem.state == ItemState.OPEN,
        ReturnItem.row_id != "",
        ReturnItem.addressee_number.is_not(None),
    )
    return frozenset(number for number in session.scalars(query.distinct()) if number)


def _cycle(session: Session, name: str) -> Subject:
    cycle = session.get_one(Cycle, int(name))
    facts = {"year": cycle.academic_year, "due_at": _moment(cycle.due_at)}
    return Subject(facts, version=cycle.version, cycle_id=cycle.id)


def _request(session: Session, name: str) -> Subject:
    request = session.get_one(Request, int(name))
    facts: dict[str, object] = {
        "request": label(request.kind).msgid,
        "of_request": "/requests/",
        # Of a table that is exempt now its step tells everybody in the department.
        "is_told_alone": request.kind is not RequestKind.EXEMPTION,
    }
    if request.kind is RequestKind.EXTENSION and request.until is not None:
        facts["until"] = _moment(request.until)
    department = table = None
    if request.submission_id is not None:
        submission = session.get_one(Submission, request.submission_id)
        department, table = submission.department_code, submission.table_identifier
        facts |= _place(submission)
        facts["of_request"] = f"/requests/submissions/{submission.id}"
    return Subject(
        facts,
        department,
        table,
        frozenset({request.asked_by}),
        decider_of(request.kind),
        request.version,
    )


def _question(session: Session, name: str) -> Subject:
    question = session.get_one(Question, int(name))
    facts = {
        "question": question.id,
        "table": question.table_identifier,
        "defines": question.defines,
    }
    named = frozenset({question.asked_by})
    return Subject(facts, None, question.table_identifier, named, version=question.version)


def _cooperation(session: Session, name: str) -> Subject:
    """A request of one department to another: of the department that was asked."""
    request = session.get_one(Cooperation, int(name))
    table = session.get_one(Submission, request.submission_id).table_identifier
    facts = {"cooperation": request.id, "table": table, "due_at": _moment(request.due_at)}
    named = frozenset({request.asked_by})
    return Subject(facts, request.partner_code, table, named, version=request.version)


def _teacher_record(session: Session, name: str) -> Subject:
    record = session.get_one(TeacherRecord, int(name))
    place = (record.cycle_id, record.table_identifier, record.department_code)
    facts = {
        "table": record.table_identifier,
        "submission": session.scalar(_submission_at(*place)),
        "on_behalf": bool(record.entered_by),
    }
    named = frozenset({record.person_number})
    _year, table, department = place
    return Subject(facts, department, table, named, version=record.version)


def _submission_at(cycle_id: int, table: str, department: str) -> Select[int]:
    return select(Submission.id).where(
        Submission.cycle_id == cycle_id,
        Submission.table_identifier == table,
        Submission.department_code == department,
    )


def _release(session: Session, name: str) -> Subject:
    """Data that one department may read."""
    release = session.get_one(Release, int(name))
    department, table = release.department_code, release.table_identifier
    facts = {"table": table, "department": department}
    return Subject(facts, department, table, version=release.version)


def _rule(session: Session, name: str) -> Subject | None:
    """A rule of the college by its latest revision."""
    query = select(RuleRevision).where(RuleRevision.identifier == name)
    found = session.scalar(query.order_by(RuleRevision.revision.desc()).limit(1))
    if found is None:
        return None
    table, rule = found.table_identifier, readable_rule(found)
    told = name if rule is None else rule.message
    facts = {"rule": name, "table": table, "told": told}
    return Subject(facts, None, table, version=found.revision)


def _moment(moment: datetime) -> str:
    return moment.isoformat()


READERS: Mapping[str, Callable[[Session, str], Subject | None]] = {
    "submission": _submission,
    "cycle": _cycle,
    "request": _request,
    "question": _question,
    "rule": _rule,
    "cooperation": _cooperation,
    "teacher_record": _teacher_record,
    "release": _release,
}
