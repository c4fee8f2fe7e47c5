"""``/feeds/``: what the old systems know already is taken over, looked at before it is written."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.feed import why_not_change_feeds, why_not_read_feeds
from app.actions.feed import schedule_feed, switch_feed
from app.domain.feed import Rhythm, Schedule
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.feed_definition import define_feed
from app.models.feed import Feed
from app.reports.feed import feed_line, list_feeds
from app.web.addresses import NUMBER
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    current_time,
    local_time,
)
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.feed.form import (
    blank_form,
    definable_sources,
    read_form,
    render_form,
    stored_form,
)
from app.web.feed.labels import schedule_text
from app.web.feed.page import render_feed
from app.web.feed.preview import answer_run, render_preview
from app.web.formats import whole_number


class FeedView(PageView):
    """The list of feeds, one feed, its definition, its preview."""

    route_base = "/feeds"
    default_view = "feeds"

    @expose("/")
    def feeds(self) -> ResponseReturnValue:
        """Every feed with its last run."""
        actor, store = current_actor(), current_store()
        return render_template(
            "feed/list.html",
            lines=list_feeds(current_session(), store, actor),
            schedule_text=schedule_text,
            why_not=why_not_change_feeds(actor),
            sources=definable_sources(),
            targets=store.catalogue.tables.values(),
        )

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> ResponseReturnValue:
        """The definition of a new feed between two tables."""
        refuse(why_not_change_feeds(current_actor()))
        given = request.args if request.method == "GET" else request.form
        source, target = given.get("source", ""), given.get("target", "")
        if request.method == "GET":
            return render_form(blank_form(source, target))
        return _save(source, target)

    @expose(f"/{NUMBER}")
    def feed(self, number: int) -> ResponseReturnValue:
        """One feed: what it takes from where, how it ran, when it runs."""
        return render_feed(number)

    @expose(f"/{NUMBER}/edit", methods=["GET", "POST"])
    def edit(self, number: int) -> ResponseReturnValue:
        """The definition of a feed."""
        line = feed_line(current_session(), current_store(), current_actor(), number)
        refuse(why_not_change_feeds(current_actor()))
        if request.method == "GET":
            return render_form(stored_form(line.feed))
        return _save(line.feed.source_identifier, line.feed.target_identifier, line.feed)

    @expose(f"/{NUMBER}/active", methods=["POST"])
    def active(self, number: int) -> ResponseReturnValue:
        """Switch a feed on or off."""
        is_active = request.form.get("active") == "1"
        switch_feed(
            current_session(), number, is_active=is_active, by=current_actor(), now=current_time()
        )
        flash(_("The feed is switched on.") if is_active else _("The feed is switched off."))
        return redirect(f"/feeds/{number}")

    @expose(f"/{NUMBER}/schedule", methods=["POST"])
    def schedule(self, number: int) -> ResponseReturnValue:
        """Let a feed run by itself, or no more."""
        refuse(why_not_read_feeds(current_actor()))
        try:
            wanted = _schedule()
            schedule_feed(
                current_session(),
                current_store(),
                number,
                wanted,
                by=current_actor(),
                now=current_time(),
                department=request.form.get("department") or None,
            )
        except Refused as refusal:
            if refusal.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}:
                raise
            return render_feed(number, refusal), STATUSES[refusal.reason]
        flash(
            _("The feed runs by itself from now on, with your rights.")
            if wanted
            else _("The feed runs by itself no more.")
        )
        return redirect(f"/feeds/{number}")

    @expose(f"/{NUMBER}/preview")
    def preview(self, number: int) -> ResponseReturnValue:
        """What a run would write; nothing is written."""
        try:
            return render_preview(number, request.args)
        except Refused as refusal:
            if refusal.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}:
                raise
            return render_feed(number, refusal), STATUSES[refusal.reason]

    @expose(f"/{NUMBER}/run", methods=["POST"])
    def run(self, number: int) -> ResponseReturnValue:
        """Write what the preview showed, with what was decided about conflicts."""
        return answer_run(number, local_time())


def _save(source: str, target: str, feed: Feed | None = None) -> ResponseReturnValue:
    form = read_form(request.form, source, target, feed)
    try:
        saved = define_feed(
            current_session(),
            current_store(),
            form.draft(),
            by=current_actor(),
            now=current_time(),
            number=form.number,
            version=form.version,
        )
    except Refused as refusal:
        if refusal.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}:
            raise
        return render_form(form, refusal), STATUSES[refusal.reason]
    flash(_("The feed is saved. Look at its preview before anything is written."), "success")
    return redirect(f"/feeds/{saved}")


def _schedule() -> Schedule | None:
    rhythm = request.form.get("rhythm", "")
    if not rhythm:
        return None
    if rhythm not in set(Rhythm):
        raise Refused(Message("Choose an hour from 0 to 23 and a day of the week."), Reason.INVALID)
    hour, weekday = (whole_number(request.form.get(name, "")) for name in ("hour", "weekday"))
    return Schedule(Rhythm(rhythm), hour, weekday)
