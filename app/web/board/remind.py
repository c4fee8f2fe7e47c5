"""Reminding from the board: of all that is missing, of a department, or of a table."""

from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.reminder import RemindedPeople, RemindRequest, remind_by_hand
from app.domain.message import Message, Reason, Refused
from app.reports.cycle import collected_cycles
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.posted import PASSED_ON, SEE_OTHER
from app.web.submission.line_filter import read_filter
from app.web.translation import translated


def remind_chosen() -> ResponseReturnValue:
    """Remind and lead back to the board as it was; what was refused is told there."""
    form = request.form
    cycle = wanted_cycle(collected_cycles(current_session()))
    try:
        if cycle is None:
            raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
        wanted = RemindRequest(
            cycle.id, form.get("remind_department") or None, form.get("remind_table") or None
        )
        found = remind_by_hand(
            current_session(), current_store(), wanted, by=current_actor(), now=current_time()
        )
    except Refused as refusal:
        if refusal.reason in PASSED_ON:
            raise
        flash(translated(refusal.message), "danger")
    else:
        flash(reminded_text(found), "success" if found.people else "info")
    shown = {
        name: request.args[name] for name in ("cycle", "by") if name in request.args
    } | read_filter(request.args).pairs()
    return redirect(f"{url_for('BoardView.board')}?{urlencode(shown)}", SEE_OTHER)


def reminded_text(found: RemindedPeople) -> str:
    """How many were reminded, and who was not and why."""
    parts = [
        _("%(people)s people were reminded of %(tables)s tables.", **_counts(found))
        if found.people
        else _("Nobody was reminded.")
    ]
    if found.already:
        parts.append(_("%(already)s people had been reminded today already.", **_counts(found)))
    if found.nobody:
        parts.append(
            _(
                "For %(nobody)s tables there is nobody you may remind: nobody is appointed, it is"
                " your own move, or all teachers have begun.",
                **_counts(found),
            )
        )
    if not (found.people or found.already or found.nobody):
        parts.append(_("Nothing that you follow is missing there."))
    return "".join(str(part) for part in parts)


def _counts(found: RemindedPeople) -> dict[str, int]:
    return {
        "people": found.people,
        "tables": found.tables,
        "already": found.already,
        "nobody": found.nobody,
    }
