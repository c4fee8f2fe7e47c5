"""Releasing accepted data to a functional department, taking that back, noting downloads."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.release import (
    sees_release,
    why_not_download,
    why_not_release,
    why_not_release_to,
    why_not_withdraw,
)
from app.actions.audit_log import Deed, record, tidy_reason
from app.actions.export import tidy_purpose
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import LOCAL_ZONE
from app.domain.release import ReleaseStatus, ReleaseVerb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.department import Department
from app.models.release import Release, ReleaseDownload

LAST_MOMENT = time(23, 59, 59)
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class ReleaseDraft:
    """What is to be released to whom, what for, and the last day of it."""

    cycle_id: int
    table: str
    department: str
    purpose: str
    until: date | None


def release_data(
    session: Session, store: Store, draft: ReleaseDraft, *, by: Actor, now: datetime
) -> Release:
    """Release a table of a year to a department. Raises Refused with nothing changed."""
    refuse(why_not_release(by))
    purpose = tidy_purpose(draft.purpose, is_needed=False)
    with writing(session):
        cycle = session.get(Cycle, draft.cycle_id)
        # Held, so that of two who release the same at once the second finds the first one's.
        department = session.get(Department, draft.department, with_for_update=True)
        if cycle is None or department is None or draft.table not in store.reported:
            message = Message("Choose the year, the table and the department.")
            raise Refused(message, Reason.INVALID)
        refuse(why_not_release_to(cycle, department, now), Reason.INVALID)
        if not purpose:
            raise Refused(Message("Say what the data are needed for."), Reason.INVALID)
        expires_at = _end(draft.until, now)
        _refuse_second(session, draft, purpose, expires_at)
        release = Release(
            cycle_id=cycle.id,
            table_identifier=draft.table,
            department_code=department.code,
            purpose=purpose,
            status=ReleaseStatus.RELEASED,
            version=1,
            expires_at=expires_at,
            released_at=now,
            released_by=by.number,
            released_by_name=by.name,
        )
        session.add(release)
        session.flush()
        _record(session, release, ReleaseVerb.RELEASE, None, purpose, by, now)
        session.commit()
    return release


def withdraw_release(
    session: Session, number: int, version: int, reason: str | None, *, by: Actor, now: datetime
) -> Release:
    """Take a release back; what was downloaded before stays in the log. Raises Refused."""
    tidy = tidy_reason(reason)
    with writing(session):
        release = _hold(session, number, by)
        refuse(why_not_release(by))
        if release.version != version:
            raise Refused(
                Message("Somebody has changed this release already. Reload the page."),
                Reason.CONFLICT,
            )
        refuse(why_not_withdraw(by, release, now), Reason.CONFLICT)
        if tidy is None:
            raise Refused(Message("Say the reason; nothing was changed."), Reason.INVALID)
        before, release.status = release.status, ReleaseStatus.WITHDRAWN
        release.version += 1
        release.withdrawn_at, release.withdrawn_by = now, by.number
        release.withdrawn_by_name, release.withdraw_reason = by.name, tidy
        _record(session, release, ReleaseVerb.WITHDRAW, before, tidy, by, now)
        session.commit()
    return release


def note_download(
    session: Session, number: int, row_count: int, *, by: Actor, now: datetime
) -> None:
    """Note, before the first byte is sent, who takes how many rows along. Raises Refused."""
    with writing(session):
        release = _hold(session, number, by)
        refuse(why_not_download(by, release, now))
        session.add(
            ReleaseDownload(
                release_id=release.id,
                at=now,
                person_number=by.number,
                person_name=by.name,
                row_count=row_count,
            )
        )
        deed = Deed(
            *("release.download", f"release:{release.id}", release.department_code),
            after=str(row_count),
            reason=release.purpose,
        )
        record(session, deed, by=by, now=now)
        session.commit()


def _hold(session: Session, number: int, by: Actor) -> Release:
    release = session.get(Release, number, with_for_update=True, populate_existing=True)
    if release is None or not sees_release(by, release):
        raise Refused(Message("There is no such release."), Reason.NOT_FOUND)
    return release


def _end(until: date | None, now: datetime) -> datetime:
    """The last moment of the day, which lies ahead and within three years."""
    end = None if until is None else datetime.combine(until, LAST_MOMENT, LOCAL_ZONE)
    if end is None or not now < end <= now + LONGEST:
        raise Refused(
            Message("Name the last day of the release; it lies ahead, within three years."),
            Reason.INVALID,
        )
    return end


def _refuse_second(
    session: Session, draft: ReleaseDraft, purpose: str, expires_at: datetime
) -> None:
    """Refuse what was released already word for word, as by a form that is sent once more."""
    query = select(Release.id).where(
        Release.cycle_id == draft.cycle_id,
        Release.table_identifier == draft.table,
        Release.department_code == draft.department,
        Release.purpose == purpose,
        Release.expires_at == expires_at,
        Release.status == ReleaseStatus.RELEASED,
    )
    if session.scalar(query.limit(1)) is not None:
        message = Message("The same is released to the department already; it is listed below.")
        raise Refused(message, Reason.CONFLICT)


def _record(
    session: Session,
    release: Release,
    verb: ReleaseVerb,
    before: ReleaseStatus | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    deed = Deed(
        *(f"release.{verb}", f"release:{release.id}", release.department_code),
        before=before,
        after=f"{release.table_identifier} {release.status}",
        reason=reason,
    )
    record(session, deed, by=by, now=now)
