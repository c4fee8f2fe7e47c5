"""``/guidance/``: the notes of the chapters, acknowledged once per version (第九条)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.guidance import acknowledge
from app.domain.message import Refused
from app.reports.guidance import read_chapters, read_notes
from app.web.current import current_actor, current_catalogue, current_session, local_time
from app.web.fab.page_view import PageView, expose
from app.web.posted import SEE_OTHER, refused_page
from app.web.redirects import safe_path


class GuidanceView(PageView):
    """The chapters, and the notes of one."""

    route_base = "/guidance"
    default_view = "chapters"

    @expose("/")
    def chapters(self) -> ResponseReturnValue:
        """Every chapter, and whether its notes were read as they are."""
        lines = read_chapters(current_session(), current_catalogue(), current_actor())
        return render_template("guidance/chapters.html", lines=lines)

    @expose("/<chapter>", methods=["GET", "POST"])
    def chapter(self, chapter: str) -> ResponseReturnValue:
        """The notes of a chapter; on POST they are acknowledged."""
        if request.method == "GET":
            return _page(chapter)
        session, actor = current_session(), current_actor()
        try:
            seen = request.form.get("digest", "")[:64]
            acknowledge(session, current_catalogue(), chapter, seen, by=actor, now=local_time())
        except Refused as refusal:
            return refused_page(refusal, lambda told: _page(chapter, told))
        flash(
            _("You have acknowledged the notes of chapter %(chapter)s.", chapter=chapter), "success"
        )
        back = request.form.get("back")
        return redirect(safe_path(back) if back else url_for("GuidanceView.chapters"), SEE_OTHER)


def _page(chapter: str, refusal: Refused | None = None) -> str:
    found = read_notes(current_session(), current_catalogue(), current_actor(), chapter)
    back = request.values.get("back", "")
    return render_template(
        "guidance/chapter.html",
        found=found,
        refusal=refusal,
        back=safe_path(back) if back else "",
    )
