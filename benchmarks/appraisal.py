"""The scores of 25 departments for a whole year, counted and read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.access.roles import APPRAISAL
from app.actions.appraisal import count_again, draft_appraisal
from app.catalogue.appraisal import Scheme, load_scheme
from app.domain.appraisal import AppraisalVerb
from app.domain.cycle import CycleStatus
from app.domain.department import DepartmentKind
from app.domain.person import Function
from app.domain.submission import Status
from app.models.appraisal import Appraisal, AppraisalResult, AppraisalScore
from app.models.audit_log import AuditEntry
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import FinishAttempt, Submission
from app.reports.appraisal import appraisal_years, read_panel, read_panel_evidence, usual_year
from benchmarks.college import College
from benchmarks.measure import Line, seconds

DEPARTMENTS = 25
# The target of the issue for counting and showing the scores of all departments.
TARGET = 2.0
TIMES = 5
OPENED = datetime(2023, 9, 1, tzinfo=UTC)
DUE = datetime(2023, 11, 1, tzinfo=UTC)
# What a table goes through in a year, with a return: day, verb, before, after.
STORY = (
    (1, "enter", Status.NOT_STARTED, Status.ENTERING),
    (20, "finish", Status.ENTERING, Status.UNDER_REVIEW),
    (21, "review", Status.UNDER_REVIEW, Status.AWAITING_CONFIRMATION),
    (24, "confirm", Status.AWAITING_CONFIRMATION, Status.SUBMITTED),
    (30, "receive", Status.SUBMITTED, Status.UNDER_QA_REVIEW),
    (31, "send_back", Status.UNDER_QA_REVIEW, Status.RETURNED),
    (33, "finish", Status.RETURNED, Status.UNDER_REVIEW),
    (34, "review", Status.UNDER_REVIEW, Status.AWAITING_CONFIRMATION),
    (35, "confirm", Status.AWAITING_CONFIRMATION, Status.SUBMITTED),
    (40, "receive", Status.SUBMITTED, Status.UNDER_QA_REVIEW),
    (41, "accept", Status.UNDER_QA_REVIEW, Status.ACCEPTED),
)


def measures(college: College, kind: str) -> Iterator[Line]:
    """Counting everything anew, and the panel with the evidence of every score."""
    scheme = load_scheme(Path(college.application.config["STATEDATA_ROOT"]) / "seed/appraisal.yaml")
    office = _office()
    now = DUE + timedelta(days=60)
    with Session(college.engine, expire_on_commit=False) as session:
        tables = _year(session, college)
        appraisal = draft_appraisal(session, scheme, _cycle(session).id, by=office, now=now)

        def count() -> None:
            version = session.get_one(Appraisal, appraisal.id).version
            count_again(session, appraisal.id, version, by=office, now=now)

        shown = f"scores of {DEPARTMENTS} departments, {tables} tables, {kind}"
        yield Line(f"{shown}: counted", seconds(count, TIMES), None, "s", TARGET)
        ours = seconds(lambda: _panel(session, office, scheme, now), TIMES)
        yield Line(f"{shown}: shown with evidence", ours, None, "s", TARGET)
        _forget(session)


def _panel(session: Session, office: Actor, scheme: Scheme, now: datetime) -> None:
    session.expire_all()
    year = usual_year(appraisal_years(session, office))
    if year is None:
        raise RuntimeError("there is no year to appraise")
    panel = read_panel(session, office, year, scheme, now=now)
    evidence = read_panel_evidence(session, panel, now=now)
    for line in panel.lines:
        for item in panel.scheme.items.values():
            evidence.measure(line.code, item)


def _office() -> Actor:
    verbs = ("read", *(verb.value for verb in AppraisalVerb))
    return Actor(
        "04002",
        "周敏",
        "qa",
        appointments=(Appointed(Function.QA_OFFICE, "A04"),),
        permissions=frozenset((f"can_{verb}", APPRAISAL) for verb in verbs),
    )


def _cycle(session: Session) -> Cycle:
    return session.query(Cycle).filter_by(academic_year="2023-2024").one()


def _year(session: Session, college: College) -> int:
    """A closed year in which every department has taken every table through the story."""
    codes = [f"X{number:02}" for number in range(DEPARTMENTS)]
    session.add_all(Department(code=c, name=f"部门{c}", kind=DepartmentKind.OFFICE) for c in codes)
    cycle = Cycle(
        academic_year="2023-2024",
        status=CycleStatus.CLOSED,
        version=1,
        due_at=DUE,
        opened_at=OPENED,
        closed_at=DUE,
    )
    session.add(cycle)
    session.flush()
    place = {"cycle_id": cycle.id, "period": "2023-2024", "status_since": DUE}
    accepted = {"accepted_at": DUE, "accepted_by": "04003", "status": Status.ACCEPTED}
    tables = list(college.store.tables)
    session.execute(
        insert(Submission),
        [
            {**place, **accepted, "table_identifier": table, "department_code": code}
            for code in codes
            for table in tables
        ],
    )
    submissions = session.query(Submission.id, Submission.department_code).filter_by(
        cycle_id=cycle.id
    )
    _history(session, [(number, code) for number, code in submissions])
    session.commit()
    return len(codes) * len(tables)


def _history(session: Session, submissions: list[tuple[int, str]]) -> None:
    person = {"person_number": "03002", "person_name": "李静"}
    entries = [
        {
            **person,
            "at": OPENED + timedelta(days=day),
            "tag": f"submission.{verb}",
            "subject": f"submission:{number}",
            "department_code": code,
            "before": before,
            "after": after,
            "content_hash": f"{day // 33}",
        }
        for number, code in submissions
        for day, verb, before, after in STORY
    ]
    session.execute(insert(AuditEntry), entries)
    attempts = [
        {
            "submission_id": number,
            "attempted_at": OPENED + timedelta(days=20),
            "attempted_by": "03002",
            "is_blocked": False,
            "content_hash": "0",
            "row_count": 10,
            "cell_count": 100,
            "required_count": 60,
            "filled_count": 59,
            "errors": {"accuracy": 1},
        }
        for number, _ in submissions
    ]
    session.execute(insert(FinishAttempt), attempts)


def _forget(session: Session) -> None:
    """Leave the other measures the college they expect."""
    for kind in (AppraisalScore, AppraisalResult, Appraisal, FinishAttempt):
        session.execute(delete(kind))
    cycle = _cycle(session)
    session.execute(delete(Submission).where(Submission.cycle_id == cycle.id))
    session.execute(delete(AuditEntry).where(AuditEntry.tag.like("submission.%")))
    session.delete(cycle)
    session.flush()
    session.execute(delete(Department).where(Department.code.like("X%")))
    session.commit()
