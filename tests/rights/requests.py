"""Requests of both departments: what is asked for beforehand, and what is sent."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.domain.request import RequestKind, RequestStatus
from app.domain.submission import Status
from app.models.request import Request
from app.models.submission import Submission
from app.web.formats import local
from tests.demo import DemoCollege
from tests.rights.attached import REASON, Sent
from tests.rights.place import DEPARTMENT, TABLE
from tests.rights.table import Line

STEWARDS = {"C01": ("31001", "汽车工程系管理员"), "C02": ("32001", "机电工程系管理员")}
# The status of the table in which each kind is asked for.
ASKED_IN = {
    "extension": Status.ENTERING,
    "exemption": Status.ENTERING,
    "reopening_wish": Status.ACCEPTED,
    "request_extension": Status.ENTERING,
    "request_exemption": Status.ENTERING,
    "request_reopening": Status.ACCEPTED,
}


def set_requests(demo: DemoCollege, line: Line) -> None:
    """Each of the two departments waits for a later due date; none where it is asked for now."""
    if line.what in ASKED_IN:
        status = ASKED_IN[line.what]
        for department in STEWARDS:
            demo.set_status(TABLE, department, status)
        return
    if "/cycles/" in line.route:
        return
    now = datetime.now(UTC)
    with demo.session() as session:
        for department, (number, name) in STEWARDS.items():
            found = demo.submission(TABLE, department)
            request = Request(kind=RequestKind.EXTENSION, status=RequestStatus.ASKED, version=1)
            request.cycle_id, request.submission_id = found.cycle_id, found.id
            request.reason, request.until = REASON, now + timedelta(days=90)
            request.expires_at = now + timedelta(days=30)
            request.asked_at, request.asked_by, request.asked_by_name = now, number, name
            session.add(request)
            submission = session.get_one(Submission, found.id)
            submission.status, submission.first_reported_at = Status.ENTERING, None
            submission.due_at = now + timedelta(days=30)
        session.commit()


def request_of(demo: DemoCollege, whose: str) -> int:
    """The request of the department."""
    query = (
        select(Request.id)
        .join(Submission, Submission.id == Request.submission_id)
        .where(Submission.department_code == DEPARTMENT[whose])
    )
    with demo.session() as session:
        return session.scalars(query.order_by(Request.id.desc())).first() or 0


def asking_for(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A reason, and a due date where one is asked for."""
    until = local(datetime.now(UTC) + timedelta(days=200)).date().isoformat()
    if not line.route.startswith("/api/"):
        return {"data": {"reason": REASON, "until_on": until}}
    dated = {"until": until} if line.what == "request_extension" else {}
    return {"json": {"reason": REASON, **dated}}


def deciding(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The request of the department as it stands."""
    number = request_of(demo, line.whose)
    with demo.session() as session:
        request = session.get(Request, number)
        version = 1 if request is None else request.version
    if line.route == "/api/v1/requests/<verb>":
        return {"json": {"requests": [{"id": number, "version": version}], "reason": REASON}}
    if line.route.startswith("/api/"):
        return {"json": {"version": version, "reason": REASON}}
    return {"data": {"version": version, "chosen": f"{number}-{version}", "reason": REASON}}


def unlocking(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """A table of the locked year."""
    query = select(Submission.id).where(
        Submission.cycle_id == demo.locked_cycle.id, Submission.status == Status.LOCKED
    )
    with demo.session() as session:
        table = session.scalars(query).first() or 0
    return {"data": {"reason": REASON, "cause": "authority", "table": table}}


REQUEST_BODIES: Mapping[str, Callable[[DemoCollege, Line, str], Sent]] = {
    "/requests/decide/<verb>": deciding,
    "/requests/<number>/<verb>": deciding,
    "/requests/submissions/<number>/<kind>": asking_for,
    "/requests/cycles/<number>": unlocking,
    "/api/v1/submissions/<number>/request_extension": asking_for,
    "/api/v1/submissions/<number>/request_exemption": asking_for,
    "/api/v1/submissions/<number>/request_reopening": asking_for,
    "/api/v1/requests/<number>/<verb>": deciding,
    "/api/v1/requests/<verb>": deciding,
}
