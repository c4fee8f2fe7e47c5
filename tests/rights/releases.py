"""Data released to both departments, and what is sent to the page of releases."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.models.release import Release
from tests.demo import DemoCollege
from tests.rights.attached import REASON, Sent
from tests.rights.place import DEPARTMENT, TABLE
from tests.rights.table import Line

TOMORROW = timedelta(days=1)


def set_releases(demo: DemoCollege, line: Line) -> None:
    """The table was released to each of the two departments."""
    if "<number>" not in line.route:
        return
    now = datetime.now(UTC)
    with demo.session() as session:
        for department in ("C01", "C02"):
            release = Release(cycle_id=demo.cycle.id, table_identifier=TABLE, purpose=REASON)
            release.department_code, release.expires_at = department, now + TOMORROW
            release.released_at, release.released_by, release.released_by_name = now, "1", "某人"
            session.add(release)
        session.commit()


def release_of(demo: DemoCollege, line: Line) -> int:
    """The release to the department."""
    query = select(Release.id).where(Release.department_code == DEPARTMENT[line.whose])
    with demo.session() as session:
        return session.scalars(query).first() or 0


def added(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """A table for an office, until tomorrow."""
    until = (datetime.now(UTC) + TOMORROW).date().isoformat()
    typed = {"cycle": str(demo.cycle.id), "table": TABLE, "department": "A03"}
    return {"data": {**typed, "purpose": REASON, "until": until}}


def withdrawn(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """The reason, and the version that the page shows."""
    return {"data": {"version": "1", "reason": REASON}}


RELEASE_BODIES: Mapping[str, Callable[[DemoCollege, Line, str], Sent]] = {
    "/releases/add": added,
    "/releases/<number>/withdraw": withdrawn,
}
