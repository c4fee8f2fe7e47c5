"""The departments of the college: what hangs on them, their names, their end."""

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.assignment import why_not_assign
from app.actions.department import LONGEST_NAME, rename_department, restore_department
from app.actions.department_end import EndRequest, end_department
from app.domain.message import Message, Reason, Refused
from app.models.audit_log import LONGEST_REASON
from app.reports.department import list_departments
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.errors import STATUSES
from app.web.formats import day_text


def render_departments(
    code: str | None = None, act: str | None = None, refusal: Refused | None = None
) -> str:
    """The list; where something was refused, the form of that department with what was typed."""
    lines = list_departments(current_session(), current_actor(), day=local_time().date())
    return render_template(
        "assignment/departments.html",
        lines=lines,
        refusal=refusal,
        code=code,
        act=act,
        typed=request.form if refusal is not None else {},
        why_not=why_not_assign(current_actor()),
        today=local_time().date(),
        longest=LONGEST_REASON,
        longest_name=LONGEST_NAME,
        day_text=day_text,
    )


def change_department(code: str, act: str, change: Callable[[str], str]) -> ResponseReturnValue:
    """Do it and go back to the list; refused, the list shows the form as it was sent."""
    try:
        done = change(code)
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return render_departments(code, act, refusal), STATUSES[refusal.reason]
    flash(done, "success")
    return redirect(f"{url_for('AssignmentView.departments')}#{code}")


def rename(code: str) -> str:
    """Give the department the name that was typed."""
    was, name = request.form.get("was", ""), request.form.get("name", "")
    found = rename_department(
        current_session(), code, name, was=was, by=current_actor(), now=local_time()
    )
    return str(_("“%(before)s” is now called “%(after)s”.", before=was, after=found.name))


def end(code: str) -> str:
    """Abolish the department on the day that was typed."""
    last_day = _day(request.form.get("last_day", ""))
    if last_day is None:
        raise Refused(Message("Choose the last day of the department."), Reason.INVALID)
    asked = EndRequest(
        last_day,
        request.form.get("reason"),
        successor=request.form.get("successor") or None,
        was=_day(request.form.get("was", "")),
    )
    found = end_department(
        current_session(), current_store(), code, asked, by=current_actor(), now=local_time()
    )
    return str(
        _(
            "The last day of “%(department)s” is %(day)s.",
            department=found.name,
            day=day_text(last_day),
        )
    )


def restore(code: str) -> str:
    """Take the end of the department back."""
    found = restore_department(
        current_session(),
        code,
        was=_day(request.form.get("was", "")),
        by=current_actor(),
        now=local_time(),
    )
    return str(_("“%(department)s” goes on.", department=found.name))


def _day(text: str) -> date | None:
    """The day that was typed; None for none. Raises Refused where it is no day."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:32])
    except ValueError as error:
        raise Refused(
            Message("The last day has to be a day like 2026-10-15."), Reason.INVALID
        ) from error
