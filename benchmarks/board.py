"""The board of a whole college: 25 departments × 108 tables, all of them owed.

That is the full product; a real college owes a tenth of it, since most tables
have one department.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.access.person import Appointed
from app.actions.person import NewPerson, add_people
from app.domain.department import DepartmentKind
from app.domain.person import Function
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.submission import Submission
from benchmarks.college import DEPARTMENT, NOW, PASSWORD, YEAR, College
from benchmarks.measure import Line, cpu_seconds, seconds

DEPARTMENTS = 25
TIMES = 9
TARGET = 300
STATUSES = tuple(status for status in Status if status is not Status.RETURNED)


def measures(college: College, kind: str) -> Iterator[Line]:
    """Milliseconds of server time; the issue allows 300."""
    tables = _fill(college)
    browser = college.browser("qa")
    for shown, address in (
        ("by department", "/board/"),
        ("by table", "/board/?by=table"),
        ("JSON", "/api/v1/board"),
    ):
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        ours = seconds(lambda: browser.get(address).get_data(), TIMES)  # noqa: B023
        what = f"board of {DEPARTMENTS} departments × {tables} tables, {shown}, {kind}"
        yield Line(what, ours * 1000, None, "ms", TARGET)
        ours = cpu_seconds(lambda: browser.get(address).get_data(), TIMES)  # noqa: B023
        yield Line(f"{what}, CPU", ours * 1000, None, "ms", TARGET)


def _fill(college: College) -> int:
    """Every table owed by every department, in all statuses; returns the number of tables."""
    tables = list(college.store.catalogue.tables.values())
    codes = [DEPARTMENT, *(f"D{number:02}" for number in range(1, DEPARTMENTS))]
    with Session(college.engine) as session:
        cycle = session.query(Cycle).one()
        session.query(Submission).delete()
        names = [{"code": code, "name": f"department {code}"} for code in codes[1:]]
        session.execute(
            insert(Department), [{**each, "kind": DepartmentKind.TEACHING} for each in names]
        )
        rows = [
            {
                "cycle_id": cycle.id,
                "table_identifier": spec.identifier,
                "department_code": code,
                "period": spec.period_in(YEAR).code,
                "status_since": NOW - timedelta(days=position % 30),
                **_state(position + 3 * line),
            }
            for line, code in enumerate(codes)
            for position, spec in enumerate(tables)
        ]
        session.execute(insert(Submission), rows)
        person = NewPerson(
            "07001",
            "周敏",
            DEPARTMENT,
            "qa",
            generate_password_hash(PASSWORD, method="pbkdf2:sha256:1"),
            appointments=(Appointed(Function.QA_OFFICE, DEPARTMENT),),
        )
        add_people(session, [person], valid_from=date(2020, 1, 1), now=NOW)
        session.commit()
    return len(tables)


def _state(number: int) -> dict[str, object]:
    status = STATUSES[number % len(STATUSES)]
    is_reported = status in {Status.SUBMITTED, Status.UNDER_QA_REVIEW, Status.LOCKED}
    is_accepted = status is Status.ACCEPTED
    return {
        "status": status,
        "first_reported_at": NOW if is_reported or is_accepted else None,
        "accepted_at": NOW if is_accepted else None,
        "accepted_by": "07001" if is_accepted else None,
    }
