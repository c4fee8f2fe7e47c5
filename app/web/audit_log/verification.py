"""Verifying a long audit log in the background, and what the latest verification has found."""

from dataclasses import dataclass

from app.actions.job import Asked, ask_for_job
from app.domain.audit_log import ChainFault, FaultyEntry, Verified
from app.domain.job import JobKind, JobState
from app.models.job import Job
from app.reports.audit_log import count_entries
from app.reports.job import job_at, latest_verification
from app.web.api.import_job import send_job
from app.web.api.job import progress_shape
from app.web.api.shapes import Json
from app.web.current import current_actor, current_queue, current_session, current_time

# A log with no more entries than this is followed while the person waits: about ten seconds.
AT_ONCE = 200_000


@dataclass(frozen=True)
class Verification:
    """The job that verifies the log: how far it is, or what it has found or why nothing."""

    job: Job
    progress: Json | None

    @property
    def verified(self) -> Verified | None:
        """What it has found; of very many faults the first ones."""
        told = self.job.summary
        if self.job.state is not JobState.DONE:
            return None
        kept = [FaultyEntry(number, ChainFault(fault)) for number, fault in told["kept"]]
        return Verified(told["entries"], told["chained"], kept)

    @property
    def count(self) -> int:
        """At how many places the log is not as it was written."""
        return int(self.job.summary.get("faults", 0))

    @property
    def refusal_lines(self) -> list[str]:
        """Why it came to nothing."""
        return (self.job.refusal or "").split("\n") if self.job.refusal else []


def verifies_in_background() -> bool:
    """Whether verifying is left to a worker: the log is a long one, and there is a worker."""
    return count_entries(current_session()) > AT_ONCE and current_queue().has_worker()


def verify_in_background() -> None:
    """Let a job follow the chain; one that does so already is waited for."""
    session, place = current_session(), JobKind.VERIFICATION.value
    if job_at(session, place) is None:
        asked = Asked(JobKind.VERIFICATION, {}, place=place)
        send_job(ask_for_job(session, asked, by=current_actor(), now=current_time()))


def verification_shown() -> Verification | None:
    """The latest verification in the background, as long as its job is kept."""
    job = latest_verification(current_session())
    if job is None or job.state is JobState.CANCELLED:
        return None
    return Verification(job, None if job.state.is_over else progress_shape(job))
