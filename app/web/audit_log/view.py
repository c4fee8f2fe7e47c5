"""``/audit/``: who did what when, and whether the log is as it was written (第六条)."""

from datetime import date, datetime, time, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access.audit_log import why_not_verify_log
from app.access.policies import reports_to
from app.domain.audit_log import FAULTS, Verified
from app.domain.message import refuse
from app.domain.period import LOCAL_ZONE
from app.models.audit_log import AuditEntry
from app.reports.assignment import department_names
from app.reports.audit_log import (
    LogFilter,
    LogPage,
    last_fingerprint,
    read_log,
    tables_of,
    verify_log,
)
from app.web.audit_log.labels import OBJECTS, deed_text, object_text, reason_text
from app.web.audit_log.verification import (
    verification_shown,
    verifies_in_background,
    verify_in_background,
)
from app.web.current import current_actor, current_session, current_store
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number

LONGEST_WORD = 64
FAULTS_SHOWN = 100
SUBMISSION = "submission:"
# No entry is older or younger.
YEARS = range(2000, 2200)


class AuditLogView(PageView):
    """The list of entries, and verifying their chain."""

    route_base = "/audit"
    default_view = "entries"

    @expose("/")
    def entries(self) -> ResponseReturnValue:
        """The entries that the reader may see, the latest first."""
        return _page()

    @expose("/verify", methods=["POST"])
    def verify(self) -> ResponseReturnValue:
        """Follow the whole chain and say where it does not hold; of a long log a job does so."""
        refuse(why_not_verify_log(current_actor()))
        if verifies_in_background():
            verify_in_background()
            return redirect(url_for("AuditLogView.entries"))
        return _page(verify_log(current_session(), current_actor()))


def _page(verified: Verified | None = None) -> str:
    session = current_session()
    page = read_log(session, current_actor(), _wanted())
    return render_template(
        "audit_log/list.html",
        page=page,
        departments=department_names(session),
        objects=OBJECTS,
        faults=FAULTS,
        verified=verified,
        verification=verification_shown() if page.may_verify and verified is None else None,
        last=last_fingerprint(session) if page.may_verify else None,
        most=FAULTS_SHOWN,
        asked={name: _asked(name) for name in FIELDS},
        wrong=[name for name in DAYS if _asked(name) and _day(_asked(name)) is None],
        object_text=object_text,
        deed_text=deed_text,
        reason_text=reason_text,
        submission_of=_submission_of,
        titles=_titles(page),
    )


def _titles(page: LogPage) -> dict[int, str]:
    """Number → table of the submissions that the entries are about and the reader may open."""
    specs, actor = current_store().catalogue.reported, current_actor()
    seen = [each for each in page.entries if reports_to(actor, each.department_code or "")]
    tables = tables_of(current_session(), {_submission_of(each) for each in seen} - {0})
    return {number: specs[table].title for number, table in tables.items() if table in specs}


FIELDS = ("department", "about", "person", "since", "until")
DAYS = ("since", "until")


def _wanted() -> LogFilter:
    until = _day(_asked("until"))
    return LogFilter(
        department=_asked("department"),
        about=_asked("about") if _asked("about") in OBJECTS else "",
        person=_asked("person"),
        since=_day(_asked("since")),
        until=None if until is None else until + timedelta(days=1),
        before=whole_number(request.args.get("before", "")),
    )


def _asked(name: str) -> str:
    return request.args.get(name, "").strip()[:LONGEST_WORD]


def _day(text: str) -> datetime | None:
    """The beginning of a day on the clock of the college; None where it is no day of an entry."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), LOCAL_ZONE) if day.year in YEARS else None


def _submission_of(entry: AuditEntry) -> int:
    """The number of the submission that an entry is about; 0 where it is about something else."""
    about, _colon, number = entry.subject.partition(":")
    return whole_number(number) if f"{about}:" == SUBMISSION else 0
