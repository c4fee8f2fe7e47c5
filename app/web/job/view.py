"""``/jobs/``: what is carried out in the background for the person, and what came of it."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.job import JobState
from app.domain.message import Reason, Refused
from app.models.job import Job
from app.reports.job import others_jobs, own_jobs
from app.web.api.endpoint import Call, read_pairs
from app.web.api.export_job import (
    FORMATS,
    SELECTION,
    export_in_background,
    selected_rows,
)
from app.web.api.job import give_up, note_seen
from app.web.current import current_actor, current_queue, current_session
from app.web.fab.page_view import PageView, expose
from app.web.job.line import JobLine, line_of
from app.web.translation import translated

HOME = "/jobs/"


class JobView(PageView):
    """The person's own jobs; for whoever oversees them how those of others stand."""

    route_base = "/jobs"
    default_view = "jobs"

    @expose("/")
    def jobs(self) -> ResponseReturnValue:
        """The newest jobs; the page looks again by itself while one of them is under way."""
        session, actor = current_session(), current_actor()
        own, others = own_jobs(session, actor), others_jobs(session, actor)
        ended = [job.ended_at.timestamp() for job in own if job.ended_at is not None]
        if ended:
            note_seen(max(ended))
        waiting = any(job.state is JobState.QUEUED for job in (*own, *others))
        return render_template(
            "job/list.html",
            lines=_lines(own),
            others=_lines(others),
            is_under_way=any(not job.state.is_over for job in (*own, *others)),
            lacks_worker=waiting and not current_queue().has_worker(),
        )

    @expose("/export/<table>", methods=["GET", "POST"])
    def export(self, table: str) -> ResponseReturnValue:
        """How many rows there are to export; on POST a job makes the file of them."""
        asked = {name: text for name, text in request.args.items() if name in SELECTION and text}
        chosen = read_pairs([(name, [text]) for name, text in asked.items()], SELECTION)
        if request.method == "POST":
            wanted = request.form.get("format", "")
            kind = wanted if wanted in FORMATS else FORMATS[0]
            export_in_background(Call({**chosen, "format": kind}), table)
            flash(_("The file is made in the background; download it here when it is ready."))
            return redirect(HOME)
        return render_template(
            "job/export.html",
            selected=selected_rows(Call(chosen), table),
            address=f"/jobs/export/{table}?{urlencode(asked)}",
            table_address=f"/data/{table}/?{urlencode(asked)}",
            has_worker=current_queue().has_worker(),
        )

    @expose("/<key>/cancel", methods=["POST"])
    def cancel(self, key: str) -> ResponseReturnValue:
        """Give one's own job up."""
        try:
            state = give_up(key)
        except Refused as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            flash(translated(refusal.message), "info")
            return redirect(HOME)
        if state is JobState.CANCELLED:
            flash(_("It is given up; nothing was written."), "success")
        else:
            flash(_("It is being stopped; what it had begun is taken back."), "info")
        return redirect(HOME)


def _lines(jobs: Sequence[Job]) -> list[JobLine]:
    return [line_of(job) for job in jobs]
