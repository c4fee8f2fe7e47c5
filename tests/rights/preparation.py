"""Lines about preparing a collection year: what has to be there, and what is sent."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.models.attached_file import AttachedFile, AttachedFileChunk, FileOwner
from app.models.work_plan import WorkPlan
from tests.demo import DemoCollege
from tests.rights.attached import Sent
from tests.rights.table import Line

PDF = b"%PDF-1.7\n"


def prepared(demo: DemoCollege, line: Line) -> None:
    """The work plan of the open year has a file."""
    if "/files/" in line.route:
        with demo.session() as session:
            query = select(WorkPlan.id).where(WorkPlan.cycle_id == demo.cycle.id)
            owner_id = session.scalars(query).one()
        add_file(demo, FileOwner.WORK_PLAN, owner_id)


def add_file(demo: DemoCollege, owner: FileOwner, owner_id: int) -> None:
    """A document of the record."""
    with demo.session() as session:
        file = AttachedFile(owner=owner, owner_id=owner_id, name="文件.pdf", kind="pdf", size=9)
        file.content_hash, file.added_at = "0" * 64, datetime.now(UTC)
        file.added_by, file.added_by_name = "07001", "周敏"
        session.add(file)
        session.flush()
        session.add(AttachedFileChunk(file_id=file.id, position=0, content=PDF))
        session.commit()


def file_of(demo: DemoCollege) -> int:
    """The last file that was attached."""
    with demo.session() as session:
        query = select(AttachedFile.id).order_by(AttachedFile.id.desc())
        return session.scalars(query).first() or 0


def plan(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """A new version of the plan."""
    return {"data": {"version": "0", "text": "一、工作目标", "act": "publish"}}


def phases(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """No phases any more."""
    return {"data": {"version": str(demo.cycle.version)}}


PREPARATION_BODIES = {
    "/preparation/<number>/plan": plan,
    "/preparation/<number>/phases": phases,
}
