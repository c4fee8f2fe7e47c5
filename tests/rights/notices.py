"""Lines about notices and reminders: the notice that is asked for, and what is sent."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.domain.notice import NoticeKind
from app.models.notice import Notice
from app.models.person import Person
from tests.demo import DemoCollege
from tests.rights.attached import Sent
from tests.rights.table import Line


def told(demo: DemoCollege, _line: Line) -> None:
    """The data steward of 汽车工程系 has a notice that he has not read."""
    with demo.session() as session:
        query = select(Person.number).where(Person.username == "qcx_steward")
        notice = Notice(
            recipient_number=session.scalars(query).one(),
            kind=NoticeKind.STEP,
            key=f"of the tests {datetime.now(UTC)}",
            msgid="%(table)s of %(department)s is accepted.",
            facts={"table": "course", "department": "A03"},
            path="/",
            made_at=datetime.now(UTC),
        )
        session.add(notice)
        session.commit()


def notice_of(demo: DemoCollege) -> int:
    """The newest notice of all."""
    with demo.session() as session:
        return session.scalars(select(Notice.id).order_by(Notice.id.desc())).first() or 0


def chosen(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    return {"json": {}} if line.route.startswith("/api/") else {"data": {}}


def settings(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    typed = {"begins": "22:00", "ends": "07:00", "weekends": "yes", "days_off": "2026-10-01"}
    return {"data": {**typed, "on": "before"}}


NOTICE_BODIES = {
    "/notices/<number>/open": chosen,
    "/notices/read": chosen,
    "/api/v1/notices/read": chosen,
    "/notices/settings": settings,
    "/board/remind": chosen,
    "/api/v1/reminders": chosen,
}
