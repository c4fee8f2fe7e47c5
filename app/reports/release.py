"""What was released to whom and who took it along (第十二条)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.masks import masked_fields
from app.access.person import Actor
from app.access.release import (
    RECIPIENTS,
    sees_release,
    why_not_download,
    why_not_read_releases,
    why_not_withdraw,
)
from app.catalogue.base_table import TableSpec
from app.domain.consolidation import Reading
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.domain.release import ReleaseStatus
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.release import Release, ReleaseDownload
from app.reports.consolidation import CONSOLIDATED, ConsolidatedTable, read_tables

# Nobody is told more of them at once.
MOST_LISTED = 200


@dataclass(frozen=True)
class ReleaseLine:
    """One release as the reader sees it, with what he may do and, for the office, its log."""

    release: Release
    status: ReleaseStatus
    spec: TableSpec | None
    year: str
    department: str
    downloads: Sequence[ReleaseDownload]
    may_withdraw: bool
    may_download: bool


@dataclass(frozen=True)
class Released:
    """The rows of a release, as they are accepted now; personal fields are masked."""

    release: Release
    cycle: Cycle
    table: ConsolidatedTable
    reading: Reading


def list_releases(
    session: Session, store: Store, actor: Actor, *, now: datetime
) -> list[ReleaseLine]:
    """The releases that exist for the actor, the latest first. Raises Refused."""
    refuse(why_not_read_releases(actor))
    query = (
        select(Release, Cycle.academic_year, Department.name)
        .join(Cycle, Cycle.id == Release.cycle_id)
        .join(Department, Department.code == Release.department_code)
        .order_by(Release.id.desc())
        .limit(MOST_LISTED)
    )
    if not actor.holds(Function.QA_OFFICE):
        query = query.where(Release.department_code.in_(sorted(actor.departments(*RECIPIENTS))))
    found = session.execute(query).all()
    taken: dict[int, list[ReleaseDownload]] = {}
    ids = [release.id for release, *_rest in found]
    downloads = select(ReleaseDownload).where(ReleaseDownload.release_id.in_(ids))
    for each in session.scalars(downloads.order_by(ReleaseDownload.id)) if ids else ():
        taken.setdefault(each.release_id, []).append(each)
    return [
        ReleaseLine(
            release,
            release.status_at(now),
            store.catalogue.reported.get(release.table_identifier),
            year,
            department,
            taken.get(release.id, ()),
            may_withdraw=why_not_withdraw(actor, release, now) is None,
            may_download=why_not_download(actor, release, now) is None,
        )
        for release, year, department in found
    ]


def read_released(
    session: Session, store: Store, actor: Actor, number: int, *, now: datetime
) -> Released:
    """The rows that were released, accepted ones only. Raises Refused."""
    release = session.get(Release, number)
    if release is None or not sees_release(actor, release):
        raise Refused(Message("There is no such release."), Reason.NOT_FOUND)
    refuse(why_not_download(actor, release, now))
    cycle = session.get_one(Cycle, release.cycle_id)
    reading = Reading.FINAL if cycle.status in CONSOLIDATED else Reading.PARTIAL
    place = (session, store, actor, cycle, reading)
    found = list(read_tables(*place, with_rows=True, only=release.table_identifier))
    if not found:
        raise Refused(Message("Nobody has reported this table in this year."), Reason.NOT_FOUND)
    # Whatever the reader's own roles let him see: others' personal fields leave masked.
    masks = masked_fields(store.reported[release.table_identifier]) | found[0].masks
    return Released(release, cycle, replace(found[0], masks=masks), reading)
