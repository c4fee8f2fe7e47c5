"""What was changed together in a table, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.access.policies import why_not_write
from app.actions.change_set import LeftRow, TakenBack, undo_change_set
from app.catalogue.base_table import FieldSpec
from app.domain.message import Message
from app.models.audit_log import LONGEST_REASON, ChangeSet
from app.reports.change_set import (
    MOST_ROWS,
    ChangedRow,
    OneChangeSet,
    Undoing,
    list_change_sets,
    read_change_set,
)
from app.reports.place import find_table
from app.web.base_table.cell_text import shown_text
from app.web.base_table.open_table import OpenTable, asked_page, open_table
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
)
from app.web.formats import moment_text, whole_number
from app.web.translation import translated

LEFT_SHOWN = 100
WAYS: Mapping[str, LazyString] = {
    "grid": lazy_gettext("In the grid"),
    "explanation": lazy_gettext("From accepted explanations"),
    "form": lazy_gettext("In the form"),
    "import": lazy_gettext("By import"),
    "collect": lazy_gettext("From returned workbooks"),
    "feed": lazy_gettext("From a feed"),
    "undo": lazy_gettext("Taken back"),
    "reassign": lazy_gettext("Moved to another department"),
    "carry_forward": lazy_gettext("Taken over from last year"),
}
OPERATIONS: Mapping[str, LazyString] = {
    "created": lazy_gettext("Added"),
    "changed": lazy_gettext("Changed"),
    "deleted": lazy_gettext("Deleted"),
    "moved": lazy_gettext("Moved"),
}


@dataclass(frozen=True)
class SetLine:
    """A set as lists show it; ``undoing`` are texts about taking back, each with an address."""

    number: int
    at: str
    person: str
    way: str
    reason: str
    count: int
    department: str
    undoing: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class RowLine:
    """A row of a set: what it is called, what was done, its cells as (field, before, after)."""

    title: str
    operation: str
    cells: Sequence[tuple[str, str, str]]


def changes_page(table: str) -> ResponseReturnValue:
    """The sets of changes of the place, the newest first."""
    opened, page = open_table(table), asked_page()
    found = list_change_sets(current_session(), opened.place, current_actor(), page)
    return render_template(
        "base_table/changes.html",
        opened=opened,
        lines=[_set_line(opened, each, found.undoing) for each in found.sets],
        page=page,
        has_more=found.has_more,
    )


def change_set_page(table: str, number: int) -> ResponseReturnValue:
    """One set of changes, cell by cell."""
    opened, found = _open(table, number)
    return render_template(
        "base_table/change_set.html",
        opened=opened,
        line=_set_line(opened, found.set, found.undoing),
        rows=[_row_line(opened, found, row) for row in found.rows],
        more=max(0, found.set.row_count - MOST_ROWS),
        refusal=_why_not_undo(opened, found.set),
    )


def undo_page(table: str, number: int) -> ResponseReturnValue:
    """What taking the set back would do; nothing is written."""
    opened, found = _open(table, number)
    trial = _undo(table, number, dry_run=True)
    return render_template(
        "base_table/undo.html",
        opened=opened,
        line=_set_line(opened, found.set, found.undoing),
        trial=trial,
        left=[
            (set_title(opened, each.values, found.hidden), _reason(opened, each, found.hidden))
            for each in trial.left[:LEFT_SHOWN]
        ],
        more=max(0, len(trial.left) - LEFT_SHOWN),
        longest_reason=LONGEST_REASON,
    )


def undo_set(table: str, number: int) -> ResponseReturnValue:
    """Take the set back as the page before has shown it."""
    opened, _found = _open(table, number)
    seen = whole_number(request.form.get("seen", ""))
    reason = request.form.get("reason", "")
    done = _undo(table, number, dry_run=False, seen=seen, reason=reason)
    flash(_("%(count)s rows are as they were before.", count=done.count), "success")
    if done.left:
        flash(_("%(count)s rows were left as they are.", count=len(done.left)), "warning")
    return redirect(opened.address("changes"), 303)


def _open(table: str, number: int) -> tuple[OpenTable, OneChangeSet]:
    stored = find_table(current_store(), table)
    found = read_change_set(current_session(), stored, current_actor(), number)
    place = found.set
    return open_table(table, period=place.period, department=place.department_code), found


def _undo(
    table: str, number: int, *, dry_run: bool, seen: int | None = None, reason: str = ""
) -> TakenBack:
    return undo_change_set(
        current_session(),
        current_store(),
        table,
        number,
        by=current_actor(),
        now=current_time(),
        dry_run=dry_run,
        seen=seen,
        reason=reason,
    )


def _why_not_undo(opened: OpenTable, change_set: ChangeSet) -> Message | None:
    """Why the button is not there: another's rows, a locked place, rows that were moved."""
    if change_set.way == "reassign":
        return Message("Rows that moved with an assignment go back by the assignment itself.")
    stored, department = opened.place.stored, change_set.department_code
    refusal = why_not_write(current_actor(), stored, "edit", department)
    return refusal or opened.rights["edit"]


def _set_line(opened: OpenTable, change_set: ChangeSet, undoing: Undoing) -> SetLine:
    return SetLine(
        number=change_set.id,
        at=moment_text(change_set.at),
        person=change_set.person_name,
        way=str(WAYS.get(change_set.way, change_set.way)),
        reason=change_set.reason or "",
        count=change_set.row_count,
        department=opened.name_of(change_set.department_code),
        undoing=_undoing_words(opened, change_set.id, undoing),
    )


def _undoing_words(opened: OpenTable, number: int, undoing: Undoing) -> list[tuple[str, str]]:
    """Which set this one takes back and which ones took it back, with the way to them."""

    def address(other: ChangeSet) -> str:
        table = opened.spec.identifier
        return url_for("DataView.change_set", table=table, number=other.id)

    words = []
    former = undoing.takes_back.get(number)
    if former is not None:
        text = _("takes back the changes of %(at)s", at=moment_text(former.at))
        words.append((str(text), address(former)))
    for later in undoing.taken_back_by.get(number, ()):
        text = _(
            "taken back at %(at)s: %(count)s rows", at=moment_text(later.at), count=later.row_count
        )
        words.append((str(text), address(later)))
    return words


def _row_line(opened: OpenTable, found: OneChangeSet, row: ChangedRow) -> RowLine:
    cells = [
        (field.label, _text(field, row.before, found.hidden), _text(field, row.after, found.hidden))
        for field in opened.spec.fields
        if row.before.get(field.code) != row.after.get(field.code)
    ]
    operation = str(OPERATIONS.get(row.operation, row.operation))
    return RowLine(set_title(opened, row.values, found.hidden), operation, cells)


def _text(field: FieldSpec, side: Mapping[str, object], hidden: frozenset[str]) -> str:
    """The value on one side; empty where the row did not exist then."""
    if not side:
        return ""
    is_hidden = field.code in hidden
    return shown_text(current_catalogue(), field, side.get(field.code), hidden=is_hidden)


def _reason(opened: OpenTable, left: LeftRow, hidden: frozenset[str]) -> str:
    """Why a row stays; a reason quotes values, which a mask hides."""
    if left.field not in hidden:
        return translated(left.reason)
    label = opened.spec.by_code[left.field or ""].label
    return str(_("The former value of %(field)s cannot come back.", field=label))


def set_title(opened: OpenTable, values: Mapping[str, object], hidden: frozenset[str]) -> str:
    """What a row is called: its key, else its first field."""
    fields = opened.spec.key_fields or opened.spec.fields[:1]
    return " · ".join(
        shown_text(current_catalogue(), field, values.get(field.code), hidden=field.code in hidden)
        for field in fields
    )
