"""Opening a large year in the background, and how far that has got."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.access.policies import why_not_cycle_step
from app.actions.job import Asked, ask_for_job
from app.actions.opening import refuse_unready
from app.catalogue.revision import pack_catalogue
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.job import JobKind, JobState
from app.domain.message import Message, Reason, Refused, refuse
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.job import Job
from app.reports.job import opening_of
from app.web.api.import_job import send_job
from app.web.api.job import progress_shape
from app.web.api.shapes import Json
from app.web.current import (
    current_actor,
    current_queue,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.cycle.labels import year_text

# A year with no more assignments than this is opened while the person waits.
AT_ONCE = 500


@dataclass(frozen=True)
class Opening:
    """The job that opens a year: how far it is, or why it came to nothing."""

    job: Job
    progress: Json | None

    @property
    def refusal_lines(self) -> list[str]:
        """Why it came to nothing."""
        return (self.job.refusal or "").split("\n") if self.job.refusal else []


def opens_in_background(cycle: Cycle) -> bool:
    """Whether opening the year is left to a worker: it is a large one, and there is a worker."""
    query = select(func.count()).where(Assignment.cycle_id == cycle.id)
    return (current_session().scalar(query) or 0) > AT_ONCE and current_queue().has_worker()


def open_in_background(cycle: Cycle, version: int) -> str:
    """Let a job open the year; what stands against it is told at once. Raises Refused."""
    session, actor = current_session(), current_actor()
    refuse(why_not_cycle_step(actor, cycle, CycleVerb.OPEN))
    if cycle.version != version:
        raise Refused(
            Message("Somebody has changed this collection year already. Reload the page."),
            Reason.CONFLICT,
        )
    refuse_unready(session, current_store(), cycle, now=local_time())
    running = opening_of(session, cycle.id)
    if running is not None and not running.state.is_over:
        raise Refused(
            Message("The year is being opened already; this page shows how far it is."),
            Reason.CONFLICT,
        )
    asked = Asked(
        JobKind.OPENING,
        {"cycle": cycle.id, "version": version, "year": cycle.academic_year},
        place=f"{JobKind.OPENING}:{cycle.id}",
        content=pack_catalogue(current_app.config["STATEDATA_CATALOGUE"]),
    )
    year = year_text(cycle.academic_year)
    send_job(ask_for_job(session, asked, by=actor, now=current_time()))
    return str(
        _("%(year)s is being opened in the background; this page shows how far it is.", year=year)
    )


def opening_shown(cycle: Cycle) -> Opening | None:
    """What is to be told of the opening of a year that is still in preparation."""
    if cycle.status is not CycleStatus.PREPARING:
        return None
    job = opening_of(current_session(), cycle.id)
    if job is None or job.state in {JobState.DONE, JobState.CANCELLED}:
        return None
    return Opening(job, None if job.state.is_over else progress_shape(job))
