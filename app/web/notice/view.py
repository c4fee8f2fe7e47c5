"""``/notices/``: what one is told, when people are reminded, what was sent outside (第七条)."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.reminder import why_not_read_reminders
from app.actions.notice import mark_read
from app.domain.notice import NoticeKind
from app.reports.notice import NoticeFilter, find_notice, list_notices
from app.web.addresses import NUMBER
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.notice.setting_page import keep_settings, setting_page
from app.web.paging import PAGE_LENGTH, Paged
from app.web.posted import SEE_OTHER

UNREAD = "unread"


class NoticeView(PageView):
    """One's own notices, and the settings of reminders."""

    route_base = "/notices"
    default_view = "notices"

    @expose("/")
    def notices(self) -> ResponseReturnValue:
        """One's own notices, those not read first."""
        actor = current_actor()
        shown = request.args.get("show", "")
        kinds = {kind.value: kind for kind in NoticeKind}
        number = max(1, whole_number(request.args.get("page", "")))
        wanted = NoticeFilter(
            kinds.get(shown), shown == UNREAD, (number - 1) * PAGE_LENGTH, PAGE_LENGTH
        )
        found = list_notices(current_session(), current_store(), actor, wanted)
        pages = max(1, -(-found.count // PAGE_LENGTH))
        return render_template(
            "notice/list.html",
            found=found,
            page=Paged(found.lines, min(number, pages), pages, found.count),
            shown=shown if shown == UNREAD or shown in kinds else "",
            kinds=list(NoticeKind),
            sets=why_not_read_reminders(actor) is None,
        )

    @expose(f"/{NUMBER}/open", methods=["POST"])
    def open(self, number: int) -> ResponseReturnValue:
        """Note that a notice was read and go where it leads."""
        found = find_notice(current_session(), current_actor(), number)
        if found is None:
            abort(404)
        path = found.path
        mark_read(current_session(), [number], by=current_actor(), now=current_time())
        return redirect(path, SEE_OTHER)

    @expose("/read", methods=["POST"])
    def read(self) -> ResponseReturnValue:
        """Note that all of one's notices were read."""
        count = mark_read(current_session(), None, by=current_actor(), now=current_time())
        flash(_("%(count)s notices are marked as read.", count=count), "success")
        return redirect(url_for("NoticeView.notices"), SEE_OTHER)

    @expose("/settings", methods=["GET", "POST"])
    def settings(self) -> ResponseReturnValue:
        """When people are reminded, and what was sent outside; on POST the switches are kept."""
        return keep_settings() if request.method == "POST" else setting_page()
