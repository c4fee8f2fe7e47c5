"""One job in the list: what it does, how it stands, where its result is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.domain.job import FILES_KEPT, JobKind, JobState
from app.domain.message import Message
from app.models.job import Job
from app.web.api.job import lost_text, progress_shape
from app.web.api.shapes import Json
from app.web.current import current_catalogue, current_time
from app.web.cycle.labels import year_text
from app.web.labels import label
from app.web.translation import translated

# How a state looks, in the classes of ``process.css``.
LOOKS: Mapping[JobState, str] = {
    JobState.QUEUED: "vacant",
    JobState.RUNNING: "changed",
    JobState.DONE: "active",
    JobState.FAILED: "refused",
    JobState.CANCELLED: "disabled",
}


@dataclass(frozen=True)
class Link:
    """Where something of a job is found."""

    text: str
    address: str
    is_file: bool = False


@dataclass(frozen=True)
class JobLine:
    """A job in words; ``progress`` as the API gives it, None for one that is over."""

    job: Job
    title: str
    about: str
    outcome: str
    progress: Json | None
    links: tuple[Link, ...]

    @property
    def look(self) -> str:
        """The class that colours the state."""
        return LOOKS[self.job.state]

    @property
    def refusal_lines(self) -> list[str]:
        """Why it came to nothing."""
        return (self.job.refusal or "").split("\n") if self.job.refusal else []


def line_of(job: Job) -> JobLine:
    """The job as the list shows it."""
    return JobLine(
        job=job,
        title=_title(job),
        about=_about(job),
        outcome=_outcome(job) if job.state is JobState.DONE else "",
        progress=None if job.state.is_over else progress_shape(job),
        links=_links(job) if job.state is JobState.DONE else (),
    )


def _title(job: Job) -> str:
    if job.kind is JobKind.IMPORT and job.request.get("dry_run"):
        return str(_("trial of an import"))
    return label(job.kind)


def _about(job: Job) -> str:
    """Table, period and file, or the year."""
    spec = current_catalogue().tables.get(job.request.get("table", ""))
    if job.kind is JobKind.OPENING:
        return year_text(job.request["year"])
    parts = ["" if spec is None else f"{spec.number} {spec.name}", job.request.get("period", "")]
    return " · ".join(part for part in (*parts, job.request.get("file_name", "")) if part)


# What the platform does by itself, told by its counts.
_OF_PLATFORM: Mapping[JobKind, Message] = {
    JobKind.FEED: Message("run %(run)s, not run %(refused)s"),
    JobKind.CHECK: Message("%(tables)s tables checked, %(findings)s findings"),
    JobKind.NOTICE: Message(
        "%(reminded)s people reminded, %(sent)s messages sent outside, %(failed)s not delivered"
    ),
}


def _outcome(job: Job) -> str:
    if job.kind is JobKind.OPENING:
        return str(_("The year is open."))
    return _verified(job) if job.kind is JobKind.VERIFICATION else _told(job)


def _verified(job: Job) -> str:
    count = job.summary["faults"]
    if count:
        return str(_("The log is not as it was written: %(count)s places.", count=count))
    return str(_("The log is as it was written."))


def _told(job: Job) -> str:
    told = job.summary
    if told.get("is_lost"):
        return str(lost_text())
    if told.get("misfit"):
        return str(
            _(
                "%(detail)s Choose the file once more on the import page and match its columns"
                " there.",
                detail=told["detail"],
            )
        )
    if job.kind is JobKind.IMPORT:
        text = _(
            "new %(created)s, changed %(changed)s, unchanged %(unchanged)s, with errors"
            " %(rejected)s",
            **{name: told[name] for name in ("created", "changed", "unchanged", "rejected")},
        )
        return str(text if told["written"] else _("%(counts)s; nothing written yet", counts=text))
    if job.kind in _OF_PLATFORM:
        return translated(Message(_OF_PLATFORM[job.kind].msgid, told))
    return str(_("%(count)s rows", count=told.get("rows", 0)))


def _links(job: Job) -> tuple[Link, ...]:
    """What can be looked at, while it is kept."""
    if job.ended_at is None or current_time() - job.ended_at > FILES_KEPT - timedelta(minutes=1):
        return ()
    if job.kind is JobKind.EXPORT:
        return (Link(str(_("Download")), f"/api/v1/jobs/{job.key}/file", is_file=True),)
    if job.kind is JobKind.IMPORT:
        return tuple(_links_of_import(job))
    if job.kind is JobKind.OPENING:
        return (Link(str(_("Collection years")), "/cycles/"),)
    if job.kind is JobKind.VERIFICATION:
        return (Link(str(_("Audit log")), "/audit/"),)
    return ()


def _links_of_import(job: Job) -> list[Link]:
    place = {name: job.request[name] for name in ("period", "department")}
    base = f"/data/{job.request['table']}"
    links = []
    if job.summary.get("misfit"):
        return [Link(str(_("Import page")), f"{base}/import?{urlencode(place)}")]
    if not job.summary.get("is_lost"):
        text = _("Result") if job.is_written else _("Look at it and confirm")
        query = urlencode({**place, "job": job.key})
        links.append(Link(str(text), f"{base}/import?{query}"))
    if job.is_written:
        links.append(Link(str(_("Changes")), f"{base}/changes/?{urlencode(place)}"))
    if job.summary.get("error_workbook"):
        links.append(Link(str(_("File with errors marked")), job.summary["error_workbook"], True))
    return links
