"""Co-operation requests of both departments: how they stand beforehand, and what is sent.

The department that reports a table asks 电子信息工程系 (C03); of what those who were asked do the
requests come from there.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.submission import Status
from app.models.cooperation import Cooperation
from app.web.formats import local
from tests.demo import DemoCollege
from tests.rights.attached import REASON, Sent
from tests.rights.place import DEPARTMENT, TABLE
from tests.rights.table import Line

THIRD = "C03"
WAITS_AS: Mapping[str, CooperationStatus] = {
    CooperationVerb.REVISE: CooperationStatus.DRAFT,
    CooperationVerb.SEND: CooperationStatus.DRAFT,
    CooperationVerb.CONFIRM: CooperationStatus.ANSWERED,
    CooperationVerb.SEND_BACK: CooperationStatus.ANSWERED,
    CooperationVerb.APPEAL: CooperationStatus.REFUSED,
    CooperationVerb.ORDER: CooperationStatus.APPEALED,
    CooperationVerb.RELEASE: CooperationStatus.APPEALED,
}
OF_PARTNER = frozenset({CooperationVerb.ANSWER, CooperationVerb.REFUSE, CooperationVerb.APPEAL})


def set_cooperation(demo: DemoCollege, line: Line) -> None:
    """A request of each of the two departments, or to each of them, that waits for the step."""
    status = WAITS_AS.get(line.what, CooperationStatus.SENT)
    for department in (*set(DEPARTMENT.values()), THIRD):
        demo.set_status(TABLE, department, Status.ENTERING)
    now = datetime.now(UTC)
    for department in sorted(set(DEPARTMENT.values())):
        lead, partner = _sides(line, department)
        found = demo.submission(TABLE, lead)
        request = Cooperation(status=status, version=1, takes_rows=True, by_office=False)
        request.cycle_id, request.submission_id = found.cycle_id, found.id
        request.partner_code, request.wanted = partner, REASON
        request.due_at, request.asked_at = now + timedelta(days=30), now
        request.status_since = now
        request.sent_at = None if status is CooperationStatus.DRAFT else now
        request.asked_by, request.asked_by_name = "1", "信息采集管理员"
        with demo.session() as session:
            session.add(request)
            session.commit()


def _sides(line: Line, department: str) -> tuple[str, str]:
    """Who reports the table, and who is asked."""
    return (THIRD, department) if line.what in OF_PARTNER else (department, THIRD)


def cooperation_of(demo: DemoCollege, line: Line) -> int:
    """The request, or the submission for which somebody is asked."""
    if "/submissions/" in line.route:
        return int(demo.submission(TABLE, DEPARTMENT[line.whose]).id)
    lead, partner = _sides(line, DEPARTMENT[line.whose])
    query = select(Cooperation.id).where(
        Cooperation.submission_id == demo.submission(TABLE, lead).id,
        Cooperation.partner_code == partner,
    )
    with demo.session() as session:
        return session.scalars(query.order_by(Cooperation.id.desc())).first() or 0


def asking_for(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """What is needed of a department by when; a draft in its present version."""
    part = {"partner": THIRD, "wanted": REASON, **_version(demo, line)}
    if line.route.startswith("/api/"):
        return {"json": {**part, "due": _later()}}
    return {"data": {**part, "due_on": _later()}}


def stepping(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """Everything that any step may ask for."""
    said = {"reason": REASON, **_version(demo, line)}
    if line.route.startswith("/api/"):
        return {"json": {**said, "due": _later()}}
    return {"data": {**said, "due_on": _later()}}


def _version(demo: DemoCollege, line: Line) -> dict[str, int]:
    if "/submissions/" in line.route:
        return {}
    with demo.session() as session:
        request = session.get(Cooperation, cooperation_of(demo, line))
        return {"version": 1 if request is None else request.version}


def _later() -> str:
    return local(datetime.now(UTC) + timedelta(days=60)).date().isoformat()


COOPERATION_BODIES: Mapping[str, Callable[[DemoCollege, Line, str], Sent]] = {
    "/cooperation/submissions/<number>": asking_for,
    "/cooperation/<number>/revise": asking_for,
    "/cooperation/<number>/<verb>": stepping,
    "/api/v1/submissions/<number>/cooperation": asking_for,
    "/api/v1/cooperation/<number>/revise": asking_for,
    "/api/v1/cooperation/<number>/<verb>": stepping,
}
