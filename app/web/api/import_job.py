"""An import over the API: answered at once, or by a job where the file is a large one."""

import hashlib
from dataclasses import dataclass

from flask import Response, current_app, jsonify

from app.access.policies import why_not_write
from app.actions.job import Asked, ask_for_job
from app.domain.job import JobKind, JobState
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.base_table import WAY
from app.exchange.import_upload import (
    UPLOAD_WORDS,
    KeptUpload,
    import_shape,
    import_upload,
    keep_upload,
    unpacked_size,
    upload_of_job,
)
from app.exchange.layout import Misfit
from app.jobs.queue import QueueUnreachableError
from app.models.base_table import StoredTable
from app.models.job import Job, JobPart
from app.reports.job import find_import_of, find_job, read_part
from app.reports.place import find_table
from app.web.api.endpoint import Call
from app.web.api.layout import misfit_answer
from app.web.api.shapes import Json
from app.web.current import (
    current_actor,
    current_queue,
    current_session,
    current_store,
    current_time,
)
from app.web.formats import moment_text
from app.web.retry import persistently
from app.web.translation import translated

# In bytes, unpacked. Some 2,000 rows of twenty fields, which take a second or two.
LARGE = 1_500_000
ACCEPTED = 202


@dataclass(frozen=True)
class ImportAsked:
    """A file and what is to be done with it."""

    table: str
    upload: KeptUpload
    dry_run: bool
    partial: bool
    digest: str | None

    @property
    def place(self) -> str:
        """Where it goes: one import at a time writes here."""
        return ":".join((self.table, self.upload.period, self.upload.department))


def answer_import(
    stored: StoredTable, asked: ImportAsked, *, is_large: bool = False
) -> Json | Response:
    """The result of the import or trial; of a large one the key of its job (202)."""
    is_large = is_large or unpacked_size(asked.upload.content) > LARGE
    if is_large and current_queue().has_worker():
        return _answer_with_job(stored, asked)
    session, by, now = current_session(), current_actor(), current_time()
    try:
        result = import_upload(
            session,
            current_store(),
            asked.table,
            asked.upload,
            by=by,
            now=now,
            dry_run=asked.dry_run,
            partial=asked.partial,
            digest=asked.digest,
        )
    except Misfit as misfit:
        return misfit_answer(misfit, stored.spec)
    marked = keep_upload(
        session, asked.table, asked.upload, result, by=by, now=now, persistently=persistently
    )
    return import_shape(result, stored.spec, marked, translated)


def confirm_import(call: Call, key: str) -> Json | Response:
    """Write what the trial that was carried out as a job has shown; its file is still kept."""
    session = current_session()
    job = find_job(session, key, current_actor())
    is_tried = job.kind is JobKind.IMPORT and job.state is JobState.DONE
    if not is_tried or job.is_written or "digest" not in job.summary:
        raise Refused(
            Message("Only an import that was tried out and has not been written is confirmed."),
            Reason.INVALID,
        )
    content = read_part(session, job, JobPart.INPUT)
    if content is None:
        raise Refused(
            Message("This file is not kept any more. Choose it once more on the import page."),
            Reason.NOT_FOUND,
        )
    asked = _asked_again(job, content, partial=call.body.get("partial", False))
    stored = find_table(current_store(), asked.table)
    return answer_import(stored, asked, is_large=True)


def _asked_again(job: Job, content: bytes, *, partial: bool) -> ImportAsked:
    told = job.request
    return ImportAsked(
        told["table"],
        upload_of_job(told, content),
        dry_run=False,
        partial=partial,
        digest=job.summary["digest"],
    )


def _answer_with_job(stored: StoredTable, asked: ImportAsked) -> Response:
    session, by, now, upload = current_session(), current_actor(), current_time(), asked.upload
    refuse(why_not_write(by, stored, WAY, upload.department))
    told = {
        **{name: getattr(asked, name) for name in ("table", "dry_run", "partial", "digest")},
        **{name: getattr(upload, name) for name in UPLOAD_WORDS},
        "place": asked.place,
    }
    content_hash = hashlib.sha256(upload.content).hexdigest()
    former = find_import_of(session, content_hash, asked.place, by, now)
    wanted = Asked(
        JobKind.IMPORT,
        told,
        None if asked.dry_run else f"{JobKind.IMPORT.value}:{asked.place}",
        upload.content,
        content_hash,
        upload.department,
    )
    key = ask_for_job(session, wanted, by=by, now=now)
    return answer_with_key(key, None if former is None else _imported_before(former))


def send_job(key: str) -> None:
    """Let a worker carry the job out."""
    try:
        current_queue().send(key)
    except QueueUnreachableError:
        # It stands in the database: a worker finds it there.
        current_app.logger.warning("the job %s could not be put into the queue", key)


def answer_with_key(key: str, warning: str | None = None) -> Response:
    """Let the job be carried out; its key, with a warning in words where there is one."""
    send_job(key)
    answer = jsonify({"job": key, **({"warning": warning} if warning else {})})
    answer.status_code = ACCEPTED
    return answer


def _imported_before(former: Job) -> str:
    message = Message(
        "You imported this very file here at %(moment)s already.",
        {"moment": moment_text(former.ended_at)},
    )
    return translated(message)
