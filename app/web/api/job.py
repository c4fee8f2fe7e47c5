"""Jobs over JSON: how one stands and what came of it, giving it up, confirming what it showed."""

from flask import Response
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.access.job import is_asker
from app.actions.job import cancel_job
from app.domain.job import UNDER_WAY, JobKind, JobState
from app.domain.message import Message, Reason, Refused
from app.jobs.queue import QueueUnreachableError
from app.models.job import Job, JobPart
from app.reports.job import count_ahead, find_job, find_seen_job, read_part, read_result
from app.web.api.download import disposition
from app.web.api.endpoint import CSV, XLSX, Call, Endpoint
from app.web.api.import_job import confirm_import
from app.web.api.schema import record
from app.web.api.shapes import Json
from app.web.current import current_actor, current_queue, current_session, current_time
from app.web.formats import local
from app.web.labels import label


def read_job(_call: Call, key: str) -> Json:
    """How a job stands; what came of it only for whoever asked."""
    session, actor = current_session(), current_actor()
    job = find_seen_job(session, key, actor)
    is_own = is_asker(actor, job.username, job.person_number)
    if is_own and job.ended_at is not None:
        note_seen(job.ended_at.timestamp())
    return {
        "id": job.key,
        "kind": job.kind.value,
        "state": job.state.value,
        "asked_at": local(job.asked_at).isoformat(timespec="seconds"),
        "progress": progress_shape(job),
        "result": _result_shape(job) if is_own and job.state.is_over else None,
    }


def cancel_one_job(_call: Call, key: str) -> Json:
    """Let a job of one's own be given up; what it had begun is taken back."""
    return {"id": key, "state": give_up(key).value}


def job_file(_call: Call, key: str) -> Response:
    """The file that a job has made, for a day."""
    session = current_session()
    job = find_job(session, key, current_actor())
    content = read_part(session, job, JobPart.OUTPUT)
    if content is None:
        raise Refused(
            Message("This file is not kept any more, or was never made. Export it once more."),
            Reason.NOT_FOUND,
        )
    name = str(job.summary.get("file_name", ""))
    response = Response(content, mimetype=CSV if name.endswith(".csv") else XLSX)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def give_up(key: str) -> JobState:
    """Let a job of one's own be given up: at once while it waits, else its process is told so.

    Returns where it stands then. Raises Refused (conflict) for one that is over.
    """
    session, actor = current_session(), current_actor()
    job = find_job(session, key, actor)
    if job.state.is_over:
        raise Refused(
            Message("This has ended already; look at what came of it at “Jobs”."), Reason.CONFLICT
        )
    try:
        current_queue().wish(key, actor.number, actor.name)
    except QueueUnreachableError as error:
        raise Refused(
            Message(
                "The queue of jobs cannot be reached at the moment, so nothing was given up. Wait a"
                " moment, then do it again."
            ),
            Reason.BUSY,
        ) from error
    waiting = {JobState.QUEUED}
    # Of one that runs, only its worker knows when it has stopped.
    if job.state is JobState.QUEUED:
        cancel_job(session, key, by=actor, now=current_time(), states=waiting)
    return find_job(session, key, actor).state


def note_seen(until: float) -> None:
    """Remember that the person has seen what ended until then; of no importance beside that."""
    try:
        current_queue().note_seen(current_actor().username, until)
    except QueueUnreachableError:
        return


def progress_shape(job: Job) -> Json:
    """How far a job has got, with a line of text to be shown."""
    queue = current_queue()
    shape: Json = {"done": 0, "total": 0, "ahead": 0, "cancelling": False}
    try:
        if job.state in UNDER_WAY:
            shape["cancelling"] = queue.wish_of(job.key) is not None
        if job.state is JobState.RUNNING:
            told = queue.progress_of(job.key)
            shape |= {"done": told.done, "total": told.total}
    except QueueUnreachableError:
        pass
    if job.state is JobState.QUEUED:
        shape["ahead"] = count_ahead(current_session(), job)
    return {**shape, "label": progress_text(job, shape)}


def progress_text(job: Job, shape: Json) -> str:
    """What is being done just now."""
    if shape["cancelling"]:
        return str(_("Being given up…"))
    if job.state is JobState.QUEUED and not current_queue().has_worker():
        return str(
            _(
                "Waiting, but no worker is running that could carry it out. Tell whoever looks"
                " after the platform; it begins by itself as soon as one runs."
            )
        )
    if job.state is JobState.QUEUED and not shape["ahead"]:
        return str(_("Waiting its turn; it is the next"))
    if job.state is JobState.QUEUED:
        return str(_("Waiting its turn; %(count)s before it", count=shape["ahead"]))
    if job.state is JobState.RUNNING and shape["total"]:
        return _through(job, shape["done"], shape["total"])
    return str(_("Being read…")) if job.state is JobState.RUNNING else label(job.state)


def _through(job: Job, done: int, total: int) -> str:
    if job.kind is JobKind.OPENING:
        return str(_("%(done)s of %(total)s tables are through", done=done, total=total))
    if job.kind is JobKind.VERIFICATION:
        return str(_("%(done)s of %(total)s entries are through", done=done, total=total))
    return str(_("%(done)s of %(total)s rows are through", done=done, total=total))


def _result_shape(job: Job) -> Json:
    """What came of it; ``detail`` says in words why nothing did."""
    if job.state is JobState.FAILED:
        first, *others = (job.refusal or "").split("\n")
        return {"detail": first, "details": others}
    if job.state is JobState.CANCELLED:
        return {"detail": str(_("This was given up. Nothing was written."))}
    result: Json = read_result(current_session(), job)
    if job.summary.get("is_lost"):
        result["detail"] = str(lost_text())
    return result


def lost_text() -> LazyString:
    """What is known of a job that wrote its rows and could not tell so."""
    return _(
        "The rows were written, but the worker ended before it could tell how many. Look at the"
        " changes of the table."
    )


JOB_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "jobs/<key>", read_job, _("How a job stands and what came of it")),
    Endpoint("POST", "jobs/<key>/cancel", cancel_one_job, _("Give a job up"), body=record(())),
    Endpoint(
        "POST",
        "jobs/<key>/confirm",
        confirm_import,
        _("Import what a trial has shown"),
        body=record((), partial={"type": "boolean"}),
    ),
    Endpoint(
        "GET",
        "jobs/<key>/file",
        job_file,
        _("The file that a job has made"),
        produces=XLSX,
    ),
)
