"""Saving and deleting one row: whatever goes wrong, the form comes back as it was typed."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.base_table import apply_changes
from app.actions.row_change import DELETE, INSERT, UPDATE, Change, Outcome, RowResult
from app.domain.finding import Severity
from app.domain.message import Message, Reason, Refused
from app.reports.base_table import Row, RowsPage, RowsRequest, read_rows
from app.web.base_table.carry_forward import carried_notice
from app.web.base_table.open_table import OpenTable, lost_table, open_table
from app.web.base_table.row_form import (
    RowForm,
    TypedForm,
    changed_text,
    conflicting_form,
    read_typed,
    texts_of,
    typed_form,
)
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.errors import STATUSES
from app.web.posted import forget_kept, remember_kept
from app.web.translation import translated

GONE = "ROW"
# What an operation takes, as rights are called.
RIGHTS = {INSERT: "add", UPDATE: "edit", DELETE: "delete"}
# What is told after a save travels in a cookie of 4 KB.
MOST_TOLD, LONGEST_TOLD = 5, 40
CHOOSE_FIRST = Message("Choose a department first; rows are changed in one only.")


def save_row(table: str, row_id: str | None) -> ResponseReturnValue:
    """Save the form that was sent; a new row for None."""
    try:
        opened = open_table(table)
    except Refused as refusal:
        return _refused_form(lost_table(table, refusal), row_id, refusal)
    return _save(opened, row_id)


def _refused_form(opened: OpenTable, row_id: str | None, refusal: Refused) -> ResponseReturnValue:
    """The form as it was typed, with the reason that refuses it as a whole."""
    typed = read_typed(opened.spec.fields)
    form = typed_form(opened, row_id, typed, reason=translated(refusal.message))
    return form_answer(form, STATUSES[refusal.reason])


def _save(opened: OpenTable, row_id: str | None) -> ResponseReturnValue:
    typed = read_typed(opened.spec.fields)
    if typed.open_conflicts:
        return form_answer(typed_form(opened, row_id, typed), 409)
    change = (
        Change(INSERT, typed.texts)
        if row_id is None
        else Change(UPDATE, typed.changed, row_id, typed.version)
    )
    try:
        outcome = _apply(opened, change)
    except Refused as refusal:
        return _refused_form(opened, row_id, refusal)
    result = outcome.results[0]
    if outcome.written:
        return _saved(opened, typed_form(opened, row_id, typed), result)
    return _refused(opened, row_id, typed, result)


def delete_row(opened: OpenTable, row_id: str) -> ResponseReturnValue:
    """Delete the row in the version that was shown. Raises Refused."""
    outcome = _apply(opened, Change(DELETE, id=row_id, version=request.form.get("version", "")))
    if outcome.written:
        flash(_("The row has been deleted."), "success")
    elif _is_gone(outcome.results[0]):
        flash(_("The row had been deleted already."), "info")
    else:
        told = changed_text(outcome.results[0].latest)
        advice = _("It was not deleted: look at it, then delete it again if it should go.")
        flash(f"{told}{advice}", "warning")
        return redirect(opened.address("row", row=row_id), 303)
    return redirect(opened.list_address, 303)


def form_answer(form: RowForm, status: int = 200) -> ResponseReturnValue:
    """The page with the form."""
    page = render_template(
        "base_table/form.html",
        form=form,
        opened=form.opened,
        carried=None if form.opened.is_lost else carried_notice(form.opened),
        kept_done=forget_kept(),
    )
    return page, status


def stored_single_row(opened: OpenTable) -> Row | None:
    """The one row of a single-row table, None while there is none."""
    return next(iter(single_row_page(opened).rows), None)


def single_row_page(opened: OpenTable) -> RowsPage:
    """The one row of a single-row table with the labels of its references."""
    place = opened.place
    wanted = RowsRequest(place.period.code, opened.department, limit=1, cycle=place.cycle)
    return read_rows(
        current_session(), current_store(), opened.spec.identifier, current_actor(), wanted
    )


def _apply(opened: OpenTable, change: Change) -> Outcome:
    if opened.department is None:
        right = RIGHTS[change.op]
        may = current_actor().may(right, opened.spec.identifier)
        reason = opened.rights[right] or CHOOSE_FIRST
        raise Refused(reason, Reason.INVALID if may else Reason.FORBIDDEN)
    return apply_changes(
        current_session(),
        current_store(),
        opened.spec.identifier,
        [change],
        by=current_actor(),
        now=current_time(),
        period=opened.place.period.code,
        department=opened.department,
        way="form",
    )


def _saved(opened: OpenTable, form: RowForm, result: RowResult) -> ResponseReturnValue:
    """Lead back to the rows, or on to the next new one."""
    remember_kept(form.keep)
    errors = sum(finding.severity is Severity.ERROR for finding in result.findings)
    if result.outcome == "unchanged" and form.row_id is not None:
        flash(_("Nothing was changed, so nothing had to be saved."), "info")
    else:
        flash(_("Saved."), "success")
    for text in _tidied_texts(opened, result):
        flash(text, "info")
    if errors:
        flash(_("%(count)s items of this row are still missing or wrong.", count=errors), "warning")
    if request.form.get("then") == "new" and not opened.is_single_row:
        return redirect(opened.address("new_row"), 303)
    return redirect(opened.list_address, 303)


def _tidied_texts(opened: OpenTable, result: RowResult) -> list[str]:
    """What was changed of what was typed, in words; masked fields are typed by nobody."""
    fields = opened.spec.by_code
    return [
        _(
            "%(field)s was tidied: “%(before)s” became “%(after)s”.",
            field=fields[each.field].label,
            before=_short(each.before),
            after=_short(each.after),
        )
        if each.after is not None
        else _(
            "%(field)s was tidied: “%(before)s” was taken as empty.",
            field=fields[each.field].label,
            before=_short(each.before),
        )
        for each in result.tidied[:MOST_TOLD]
    ]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}…"


def _refused(
    opened: OpenTable, row_id: str | None, typed: TypedForm, result: RowResult
) -> ResponseReturnValue:
    if result.outcome == "conflict" and row_id is not None:
        form = conflicting_form(
            opened,
            row_id,
            result.version or "",
            typed,
            result.values,
            result.conflict,
            result.latest,
        )
        return form_answer(form, 409)
    if row_id is None and opened.is_single_row:
        row = stored_single_row(opened)
        if row is not None:
            return _meet(opened, typed, row)
    status = 404 if _is_gone(result) else 422
    return form_answer(typed_form(opened, row_id, typed, findings=result.findings), status)


def _meet(opened: OpenTable, typed: TypedForm, row: Row) -> ResponseReturnValue:
    """Somebody has filled in the only row meanwhile: what differs is for people to decide."""
    now = texts_of(opened, row.values, frozenset())
    codes = [code for code, text in typed.texts.items() if text not in ("", now[code])]
    form = conflicting_form(opened, row.id, row.version, typed, row.values, codes)
    return form_answer(form, 409)


def _is_gone(result: RowResult) -> bool:
    return any(finding.rule == GONE for finding in result.findings)
