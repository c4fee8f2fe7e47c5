"""``/people/import/``: a list of people is shown first, then taken in whole (X-1)."""

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.appointment import why_not_import_people
from app.actions.staff_list import (
    BroughtIn,
    Confirmed,
    bring_in_staff_list,
    preview_staff_list,
)
from app.actions.staff_list_plan import StaffPlan
from app.domain.message import Message, Reason, Refused
from app.domain.staff_list import StaffRows
from app.exchange.staff_list import HEADINGS, MOST_ROWS, read_staff_file
from app.exchange.staff_template import make_staff_template
from app.reports.person_list import open_departments
from app.reports.staff_list import read_staff_rows
from app.web.api.download import disposition
from app.web.api.endpoint import XLSX
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    local_time,
)
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.kept_answer import begin_again, kept_value, show_next
from app.web.labels import label
from app.web.person.carried import pack_rows, unpack_rows
from app.web.person.form import LONGEST, day_of
from app.web.person.initial_password import handout_page, make_passwords
from app.web.person.labels import days_text, place_text, value_text
from app.web.translation import translated

FILE, TABLE = "file", "table"
# The kind of what is kept for the preview.
PREVIEW = "staff_list"
# So many of each kind are listed; the numbers tell of all.
SHOWN = 200


class StaffListView(PageView):
    """Choosing a list, its preview, and taking it in."""

    route_base = "/people/import"
    default_view = "choose"

    @expose("/")
    def choose(self) -> ResponseReturnValue:
        """Where the list comes from."""
        _refuse_without_right()
        return _choose_page()

    @expose("/preview", methods=["GET", "POST"])
    def preview(self) -> ResponseReturnValue:
        """What the list would change; nothing is written."""
        _refuse_without_right()
        if request.method == "GET":
            return _kept_page()
        source = request.form.get("source", FILE)
        create_logins = "create_logins" in request.form
        try:
            rows = _rows_of(source)
            plan = preview_staff_list(
                current_session(),
                rows,
                create_logins=create_logins,
                by=current_actor(),
                now=local_time(),
            )
        except Refused as refusal:
            return _choose_page(refusal, source, create_logins=create_logins), STATUSES[
                refusal.reason
            ]
        if plan.faults:
            page = _preview_page(rows, plan, create_logins=create_logins)
            return page, STATUSES[Reason.INVALID]
        kept = {"rows": pack_rows(rows), "create_logins": create_logins}
        return show_next(PREVIEW, kept, "StaffListView.preview")

    @expose("/confirm", methods=["GET", "POST"])
    def confirm(self) -> ResponseReturnValue:
        """Take in what was shown; whoever gets a login is handed the password here, once."""
        _refuse_without_right()
        if request.method == "GET":
            return redirect("/people/import/")
        create_logins = "create_logins" in request.form
        rows = unpack_rows(request.form.get("rows", ""))
        try:
            done, passwords = _bring_in(rows, create_logins=create_logins)
        except Refused as refusal:
            return _shown_again(rows, refusal, create_logins=create_logins)
        told = _told(done)
        if done.logins:
            return handout_page(done.logins, passwords, told, "/people/")
        flash(told, "success")
        return redirect("/people/")

    @expose("/template.xlsx")
    def template(self) -> ResponseReturnValue:
        """The template of a list of people."""
        _refuse_without_right()
        names = [d.name for d in open_departments(current_session(), local_time().date())]
        content = make_staff_template(names, translate=translated, now=local_time())
        response = Response(content, mimetype=XLSX)
        name = _("Template of the list of people")
        response.headers["Content-Disposition"] = disposition(f"{name}.xlsx")
        return response


def _kept_page() -> ResponseReturnValue:
    """The preview of the list that was sent, judged as things stand now."""
    kept = kept_value(PREVIEW)
    if kept is None:
        return begin_again("StaffListView.choose")
    rows, create_logins = unpack_rows(kept["rows"]), kept["create_logins"]
    plan = preview_staff_list(
        current_session(), rows, create_logins=create_logins, by=current_actor(), now=local_time()
    )
    return _preview_page(rows, plan, create_logins=create_logins)


def _refuse_without_right() -> None:
    refusal = why_not_import_people(current_actor())
    if refusal is not None:
        raise Refused(refusal)


def _rows_of(source: str) -> StaffRows:
    if source == TABLE:
        return read_staff_rows(current_session(), current_store())
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused(Message("Choose a file first."), Reason.INVALID)
    return read_staff_file(upload.read(), upload.filename, translated)


def _bring_in(rows: StaffRows, *, create_logins: bool) -> tuple[BroughtIn, dict[str, str]]:
    """Make the passwords of those who get a login, then write everything."""
    session, by, now = current_session(), current_actor(), local_time()
    leaving = request.form.getlist("leaving")
    last_day = day_of(request.form.get("last_day", "").strip()[:LONGEST])
    plan = preview_staff_list(session, rows, create_logins=create_logins, by=by, now=now)
    digest = request.form.get("digest", "")
    is_same = plan.digest == digest
    passwords, hashes = make_passwords(p.number for p in plan.logins if is_same)
    confirmed = Confirmed(digest, create_logins, leaving, last_day)
    done = bring_in_staff_list(session, rows, confirmed, hashes, by=by, now=now)
    return done, passwords


def _told(done: BroughtIn) -> str:
    return str(
        _(
            "The list is taken in: %(created)s added, %(changed)s changed, %(disabled)s disabled.",
            created=done.created,
            changed=done.changed,
            disabled=done.disabled,
        )
    )


def _shown_again(rows: StaffRows, refusal: Refused, *, create_logins: bool) -> ResponseReturnValue:
    """The preview as it is now, with the reason why nothing was written."""
    plan = preview_staff_list(
        current_session(), rows, create_logins=create_logins, by=current_actor(), now=local_time()
    )
    page = _preview_page(rows, plan, refusal, create_logins=create_logins)
    return page, STATUSES[refusal.reason]


def _choose_page(
    refusal: Refused | None = None, source: str = FILE, *, create_logins: bool = False
) -> str:
    return render_template(
        "person/import.html",
        refusal=refusal,
        source=source,
        create_logins=create_logins,
        table=current_catalogue().staff_list,
        headings=[translated(heading) for heading in HEADINGS.values()],
        most_rows=MOST_ROWS,
    )


def _preview_page(
    rows: StaffRows, plan: StaffPlan, refusal: Refused | None = None, *, create_logins: bool
) -> str:
    letters = dict(rows.letters)
    return render_template(
        "person/preview.html",
        plan=plan,
        rows=pack_rows(rows) if not plan.faults else "",
        create_logins=create_logins,
        refusal=refusal,
        letters=letters,
        headings={column: translated(heading) for column, heading in HEADINGS.items()},
        ticked=set(request.form.getlist("leaving")),
        last_day=request.form.get("last_day", ""),
        shown=SHOWN,
        label=label,
        today=local_time().date(),
        place_text=place_text,
        days_text=days_text,
        value_text=value_text,
    )
