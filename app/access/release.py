"""Who releases accepted data, and who may take what was released along (第十二条)."""

from datetime import datetime

from app.access.person import Actor
from app.access.roles import RELEASE
from app.domain.cycle import CycleStatus
from app.domain.department import DepartmentKind
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.domain.release import ReleaseVerb, release_step_for
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.release import Release

RECIPIENTS = (Function.DATA_STEWARD, Function.HEAD)


def why_not_read_releases(actor: Actor) -> Message | None:
    """Why the actor has no page of released data."""
    if actor.may("read", RELEASE):
        return None
    return Message("You have no right to view released data.")


def sees_release(actor: Actor, release: Release) -> bool:
    """Whether the release exists for the actor: those of the office, and its recipients."""
    if not actor.may("read", RELEASE):
        return False
    is_for_him = release.department_code in actor.departments(*RECIPIENTS)
    return actor.holds(Function.QA_OFFICE) or is_for_him


def why_not_release(actor: Actor) -> Message | None:
    """Why the actor may not release or withdraw data at all."""
    if actor.may(ReleaseVerb.RELEASE.value, RELEASE) and actor.holds(Function.QA_OFFICE):
        return None
    return Message("Only the quality office releases data to functional departments.")


def why_not_release_to(cycle: Cycle, department: Department, now: datetime) -> Message | None:
    """Why data of the year cannot go to the department."""
    if cycle.status is CycleStatus.PREPARING:
        return Message("The collection year %(year)s is not open.", {"year": cycle.academic_year})
    if department.kind is not DepartmentKind.OFFICE or not department.is_active_on(now.date()):
        return Message("Data are released to functional departments; choose one of the offices.")
    return None


def why_not_withdraw(actor: Actor, release: Release, now: datetime) -> Message | None:
    """Why the actor may not withdraw the release."""
    return why_not_release(actor) or _why_over(release, now)


def why_not_download(actor: Actor, release: Release, now: datetime) -> Message | None:
    """Why the actor may not take the released rows along now."""
    is_for_him = release.department_code in actor.departments(*RECIPIENTS)
    if not actor.may("export", RELEASE) or not is_for_him:
        return Message("Only the department to which the data were released takes them along.")
    return _why_over(release, now)


def _why_over(release: Release, now: datetime) -> Message | None:
    status = release.status_at(now)
    if release_step_for(status, ReleaseVerb.WITHDRAW) is not None:
        return None
    return Message(
        "This release is %(status)s; nothing more comes of it.", {"status": label(status)}
    )
