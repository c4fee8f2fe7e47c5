"""Taking over last year's rows, and saying of them that they are as last year."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.contribution import why_not_take_over
from app.access.policies import why_not_carried, why_not_write
from app.actions.carried_row import confirm_rows
from app.actions.carry_forward import CarriedForward, LeftOut, carry_forward
from app.domain.message import Message, Reason, Refused, refuse
from app.models.carried_row import waiting_among
from app.reports.base_table import Row, RowsRequest
from app.reports.last_year import last_row_of, waiting_at, waiting_chosen
from app.web.api.shapes import period_title
from app.web.base_table.cell_text import shown_text
from app.web.base_table.change_set import set_title
from app.web.base_table.open_table import OpenTable, asked_search, open_table
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
)
from app.web.translation import translated

LEFT_SHOWN = 100


@dataclass(frozen=True)
class CarriedNotice:
    """What a page of a table says of last year.

    ``waiting`` rows were taken over and not confirmed yet; ``may_carry`` offers to take rows over,
    ``may_confirm`` to confirm them.
    """

    waiting: int
    may_carry: bool
    may_confirm: bool


def carried_notice(opened: OpenTable) -> CarriedNotice:
    """What to say and offer at the opened place."""
    is_placed = opened.department is not None
    return CarriedNotice(
        waiting_at(current_session(), current_actor(), opened.place),
        is_placed
        and opened.may("add")
        and why_not_carried(opened.spec) is None
        and why_not_take_over(current_actor(), opened.place.stored, opened.department or "")
        is None,
        is_placed and opened.may("edit"),
    )


def carry_page(table: str) -> ResponseReturnValue:
    """What taking over would do; why it cannot be done where that is so."""
    opened = open_table(table)
    _refuse_without_right(opened)
    try:
        trial = _carry(opened, dry_run=True)
    except Refused as refusal:
        if refusal.reason is Reason.FORBIDDEN:
            raise
        return render_template("base_table/carry_forward.html", opened=opened, refusal=refusal)
    return render_template(
        "base_table/carry_forward.html",
        opened=opened,
        refusal=None,
        trial=trial,
        source=period_title(trial.last.period),
        emptied=[opened.spec.by_code[code].label for code in trial.emptied],
        left=[_left_line(opened, each) for each in trial.left[:LEFT_SHOWN]],
        more=max(0, len(trial.left) - LEFT_SHOWN),
    )


def carry_rows(table: str) -> ResponseReturnValue:
    """Take the rows over as the page before has shown it."""
    opened = open_table(table)
    _refuse_without_right(opened)
    done = _carry(opened, dry_run=False)
    if done.created:
        flash(
            _(
                "%(count)s rows were taken over. Confirm each that is as last year and correct the"
                " others.",
                count=done.created,
            ),
            "success",
        )
    else:
        flash(_("There was nothing left to take over."), "info")
    if done.left:
        flash(_("%(count)s rows were left out.", count=len(done.left)), "warning")
    return redirect(opened.address("table"), 303)


def confirm_page_rows(table: str) -> ResponseReturnValue:
    """Confirm one row, or all that the search leaves."""
    opened = open_table(table)
    if opened.department is None:
        raise Refused(
            Message("Choose a department first; rows are changed in one only."), Reason.INVALID
        )
    row, search = request.form.get("row"), asked_search()
    ids = None if row is None else {row[:3000]}
    session, store, actor = current_session(), current_store(), current_actor()
    if row is None and search:
        wanted = RowsRequest(opened.place.period.code, opened.department, search)
        ids = waiting_chosen(session, store, actor, table, wanted)
    confirmed = confirm_rows(
        session,
        store,
        table,
        by=actor,
        now=current_time(),
        period=opened.place.period.code,
        department=opened.department,
        ids=ids,
    )
    if confirmed:
        flash(_("%(count)s rows are confirmed as last year.", count=confirmed), "success")
    else:
        flash(_("These rows had been confirmed already."), "info")
    goes_on = {"view": "rows"} if request.form.get("view") == "rows" else {}
    return redirect(opened.address("table", q=search or None, **goes_on), 303)


def last_texts(opened: OpenTable, row: Row) -> dict[str, str]:
    """Field code → what stood there last year, as people read it; empty without such a row."""
    last = last_row_of(current_session(), current_actor(), opened.place, row)
    if last is None:
        return {}
    catalogue = current_catalogue()
    return {
        field.code: shown_text(
            catalogue, field, last.values[field.code], hidden=field.code in last.hidden
        )
        for field in opened.spec.fields
        if field.code in last.values
    }


def is_waiting(opened: OpenTable, row: Row) -> bool:
    """Whether the row was taken over and nobody has confirmed it."""
    return row.id in waiting_among(current_session(), opened.spec.identifier, [row.id])


def _refuse_without_right(opened: OpenTable) -> None:
    if opened.department is None:
        raise Refused(
            Message("Choose a department first; rows are changed in one only."), Reason.INVALID
        )
    refuse(why_not_write(current_actor(), opened.place.stored, "add", opened.department))


def _carry(opened: OpenTable, *, dry_run: bool) -> CarriedForward:
    return carry_forward(
        current_session(),
        current_store(),
        opened.spec.identifier,
        by=current_actor(),
        now=current_time(),
        period=opened.place.period.code,
        department=opened.department or "",
        dry_run=dry_run,
    )


def _left_line(opened: OpenTable, left: LeftOut) -> tuple[str, str]:
    hidden = opened.hidden_in(opened.department, left.values)
    return set_title(opened, left.values, hidden), translated(left.reason)
