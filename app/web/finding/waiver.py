"""``/findings/waivers``: rules that the quality office does not hold a table to, and why."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.finding import why_not_waive, why_not_waive_any
from app.actions.waiver import end_waiver, waive
from app.domain.message import Message, Reason, Refused
from app.models.audit_log import LONGEST_REASON
from app.models.cycle import Cycle
from app.reports.assignment import department_names
from app.reports.cycle import collected_cycles
from app.reports.waiver import list_waivers
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.errors import STATUSES
from app.web.finding.rule_title import rule_title


@dataclass(frozen=True)
class WaiverForm:
    """What a waiver is to be of; ``ended`` is the number of one to be ended, 0 for a new one."""

    table: str = ""
    rule: str = ""
    department: str = ""
    reason: str = ""
    ended: int = 0


def waivers_page() -> ResponseReturnValue:
    """All waivers of the year with a form for a new one, filled in by the link that led here."""
    given = request.args
    form = WaiverForm(
        given.get("table", "")[:64], given.get("rule", "")[:120], given.get("department", "")[:64]
    )
    return _page(form)


def add_waiver() -> ResponseReturnValue:
    """Waive a rule; a refused form is shown again."""
    typed = request.form
    names = ("table", "rule", "department", "reason")
    table, rule, department, reason = (typed.get(name, "").strip() for name in names)
    form = WaiverForm(table, rule, department, reason)
    try:
        waive(
            current_session(),
            current_store(),
            _cycle().id,
            form.table,
            form.rule,
            form.department or None,
            form.reason,
            by=current_actor(),
            now=current_time(),
        )
    except Refused as refusal:
        return _page(form, refusal), STATUSES[refusal.reason]
    flash(_("The rule is waived. Findings of it stand in nobody's way any more."), "success")
    return _back()


def end_one(number: int) -> ResponseReturnValue:
    """End a waiver; a refused form is shown again."""
    form = WaiverForm(reason=request.form.get("reason", "").strip(), ended=number)
    try:
        end_waiver(current_session(), number, form.reason, by=current_actor(), now=current_time())
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return _page(form, refusal), STATUSES[refusal.reason]
    flash(_("The waiver has ended: the table is held to the rule again."), "success")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("FindingView.waivers", cycle=_cycle().academic_year), 303)


def _cycle() -> Cycle:
    cycle = wanted_cycle(collected_cycles(current_session()))
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    return cycle


def _page(form: WaiverForm, refusal: Refused | None = None) -> str:
    session, store, actor = current_session(), current_store(), current_actor()
    cycle = _cycle()
    lines = list_waivers(session, store, actor, cycle)
    names = department_names(session)
    titles = {table: spec.title for table, spec in store.catalogue.reported.items()}
    return render_template(
        "finding/waivers.html",
        cycle=cycle,
        lines=lines,
        names=names,
        titles=titles,
        rule_titles={line.number: rule_title(store, line.table, line.rule) for line in lines},
        rule_text=rule_title(store, form.table, form.rule) if form.rule else "",
        may_waive=why_not_waive_any(actor) is None,
        why_not=why_not_waive(actor, cycle),
        typed=form,
        refusal=refusal,
        longest=LONGEST_REASON,
    )
