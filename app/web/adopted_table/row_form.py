"""The form of one row of an adopted table: whatever goes wrong, it comes back as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.adopted_table import apply_adopted_changes
from app.actions.row_change import DELETE, INSERT, UPDATE, Change, Outcome, RowResult
from app.catalogue.adopted_table import AdoptedColumn, ColumnKind, DeleteEffect
from app.domain.message import Refused, refuse
from app.models.adopted_row import AdoptedRow
from app.reports.adopted_reference import (
    AdoptedReferring,
    count_adopted_referring,
    deletion_reaches,
)
from app.reports.adopted_table import read_adopted_row
from app.web.adopted_table.page import OpenAdopted, cell_text, open_adopted
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.errors import STATUSES
from app.web.translation import translated

PREFIX = "field-"
LONGEST_LINE = 120
KINDS = {
    ColumnKind.TEXT: "textarea",
    ColumnKind.JSON: "textarea",
    ColumnKind.BOOLEAN: "select",
    ColumnKind.CHOICE: "select",
    ColumnKind.DATE: "date",
}
NUMERIC = frozenset({ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.FLOAT})


@dataclass(frozen=True)
class AdoptedField:
    """One input: ``text`` is what stands in it, ``stored`` what somebody else has saved."""

    column: AdoptedColumn
    text: str
    is_writable: bool
    errors: tuple[str, ...] = ()
    stored: str | None = None

    @property
    def id(self) -> str:
        """The input's id and name."""
        return PREFIX + self.column.code

    @property
    def kind(self) -> str:
        """How it is typed."""
        # A browser drops line breaks from an input of one line.
        long = (self.column.max_length or 0) > LONGEST_LINE or "\n" in self.text
        return KINDS.get(self.column.kind, "textarea" if long else "text")

    @property
    def keyboard(self) -> str | None:
        """The phone's keyboard."""
        return "decimal" if self.column.kind in NUMERIC else None

    @property
    def options(self) -> list[tuple[str, str]]:
        """Value and label of what may be chosen."""
        if self.column.kind is ColumnKind.BOOLEAN:
            offered = [("true", str(_("Yes"))), ("false", str(_("No")))]
        else:
            offered = [(value, value) for value in self.column.values]
        known = {value for value, _label in offered}
        kept = [] if self.text in known or not self.text else [(self.text, self.text)]
        return [("", str(_("(not chosen)"))), *offered, *kept]

    @property
    def described_by(self) -> str:
        """The ids of what explains it."""
        parts = [f"{self.id}-hint"] if self.column.help else []
        return " ".join([*parts, f"{self.id}-error"] if self.errors or self.stored else parts)


@dataclass(frozen=True)
class AdoptedForm:
    """The form of a row; ``row_id`` is None for a new one."""

    opened: OpenAdopted
    row_id: str | None
    version: str
    title: str
    fields: Sequence[AdoptedField]
    reason: str = ""
    original: Mapping[str, str] = field(default_factory=dict)
    consequences: str = ""

    @property
    def address(self) -> str:
        """Where it is sent."""
        if self.row_id is None:
            return self.opened.address("new_row")
        return self.opened.address("row", row=self.row_id)

    @property
    def may_save(self) -> bool:
        """Whether anything can be saved."""
        return self.opened.may("add" if self.row_id is None else "edit")

    @property
    def may_delete(self) -> bool:
        """Whether the row can be deleted."""
        return self.row_id is not None and self.opened.may("delete")

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error with the input it belongs to."""
        return [(each.id, text) for each in self.fields for text in each.errors]

    @property
    def has_conflict(self) -> bool:
        """Whether somebody else changed the row meanwhile."""
        return any(each.stored is not None for each in self.fields)


def new_adopted_row(table: str) -> ResponseReturnValue:
    """The empty form; on POST a new row."""
    opened = open_adopted(table)
    if request.method == "POST":
        return _saved(opened, None, Change(INSERT, _typed(opened, {})))
    refuse(opened.rights["add"], opened.reason_against("add"))
    return _page(_form(opened, None, {}))


def adopted_row(table: str, row_id: str) -> ResponseReturnValue:
    """The form of a stored row; on POST its changes."""
    opened = open_adopted(table)
    if request.method == "POST":
        original = {c.code: request.form.get(f"was-{c.code}") for c in opened.spec.columns}
        change = Change(UPDATE, _typed(opened, original), row_id, request.form.get("version", ""))
        return _saved(opened, row_id, change)
    row = read_adopted_row(current_session(), opened.live, current_actor(), row_id)
    return _page(_form(opened.at_row(row.values), row, {}))


def delete_adopted_row(table: str, row_id: str) -> ResponseReturnValue:
    """Delete the row in the version that was shown."""
    opened = open_adopted(table)
    change = Change(DELETE, id=row_id, version=request.form.get("version", ""))
    outcome = _apply(opened, change)
    result = outcome.results[0]
    if outcome.written:
        flash(_("The row has been deleted."), "success")
        return redirect(opened.address("table"), 303)
    flash(_why(result) or _("Somebody else has changed this row meanwhile."), "warning")
    return redirect(opened.address("row", row=row_id), 303)


def _saved(opened: OpenAdopted, row_id: str | None, change: Change) -> ResponseReturnValue:
    try:
        outcome = _apply(opened, change)
    except Refused as refusal:
        reason = translated(refusal.message)
        form = _typed_form(opened, row_id, RowResult(change.op, "rejected"), reason)
        return _page(form, STATUSES[refusal.reason])
    result = outcome.results[0]
    if outcome.written:
        changed = result.outcome != "unchanged"
        told = _("Saved.") if changed else _("Nothing was changed, so nothing had to be saved.")
        flash(told, "success" if changed else "info")
        return redirect(opened.address("table"), 303)
    status = 409 if result.outcome == "conflict" else 422
    return _page(_typed_form(opened, row_id, result, _why(result)), status)


def _apply(opened: OpenAdopted, change: Change) -> Outcome:
    session, actor = current_session(), current_actor()
    return apply_adopted_changes(
        session,
        opened.live,
        [change],
        by=actor,
        now=current_time(),
        way="form",
        others=current_store().adopted,
        usual=opened.usual,
    )


def _why(result: RowResult) -> str:
    """What is against the row as a whole."""
    return " ".join(translated(f.message) for f in result.findings if f.field is None)


def _typed(opened: OpenAdopted, original: Mapping[str, str | None]) -> dict[str, object]:
    """What was typed and differs from what the form was filled with."""
    typed: dict[str, object] = {}
    for column in opened.spec.shown:
        text = request.form.get(PREFIX + column.code)
        if text is None or not column.editable or column.masked:
            continue
        before = (original.get(column.code) or "").replace("\r\n", "\n")
        if text.replace("\r\n", "\n") != before:
            typed[column.code] = text
    return typed


def _form(
    opened: OpenAdopted, row: AdoptedRow | None, errors: Mapping[str, tuple[str, ...]]
) -> AdoptedForm:
    values = opened.usual if row is None else row.values
    is_new, cut = row is None, () if row is None else row.cut
    fields = [
        AdoptedField(
            column,
            input_text(column, values.get(column.code)),
            _can_type(opened, column, is_new=is_new) and column.code not in cut,
            errors.get(column.code, ()),
        )
        for column in opened.spec.shown
        if not (is_new and (column.counted or column.generated))
    ]
    title = str(_("New row")) if row is None else opened.title_of(row)
    original = {each.column.code: each.text for each in fields}
    row_id, version = (None, "") if row is None else (row.id, row.version)
    told = "" if row is None else _consequences(opened, row)
    return AdoptedForm(opened, row_id, version, title, fields, original=original, consequences=told)


def _consequences(opened: OpenAdopted, row: AdoptedRow) -> str:
    """What else the database would delete or change with the row, in words."""
    store = current_store()
    if not opened.may("delete") or not deletion_reaches(store, opened.live):
        return ""
    found = count_adopted_referring(current_session(), store, opened.live, current_actor(), [row])
    told = {
        DeleteEffect.CASCADE: _("Deleted with it: %(list)s.", list=_listed(found, "cascade")),
        DeleteEffect.SET_NULL: _(
            "Losing their reference: %(list)s.", list=_listed(found, "set_null")
        ),
    }
    effects = {each.effect for each in found}
    return " ".join(str(text) for effect, text in told.items() if effect in effects)


def _listed(found: Sequence[AdoptedReferring], effect: str) -> str:
    return str(_(", ")).join(
        str(_("%(name)s (some rows)", name=each.table.label))
        if each.rows is None
        else str(_("%(name)s (%(count)s rows)", name=each.table.label, count=each.rows))
        for each in found
        if each.effect == effect
    )


def _typed_form(
    opened: OpenAdopted, row_id: str | None, result: RowResult, reason: str
) -> AdoptedForm:
    """The form as it was typed, each fault beside its input."""
    fields = []
    for column in opened.spec.shown:
        text = request.form.get(PREFIX + column.code)
        was = request.form.get(f"was-{column.code}", "")
        if text is None and row_id is None:
            continue
        told = tuple(translated(f.message) for f in result.findings if f.field == column.code)
        theirs = result.conflict.get(column.code)
        fields.append(
            AdoptedField(
                column,
                was if text is None else text,
                _can_type(opened, column, is_new=row_id is None),
                told,
                None if theirs is None else cell_text(column, theirs[1]),
            )
        )
    version = result.version or request.form.get("version", "")
    title = str(_("New row")) if row_id is None else str(_("Row"))
    original = {c.code: request.form.get(f"was-{c.code}", "") for c in opened.spec.shown}
    return AdoptedForm(opened, row_id, version, title, fields, reason, original)


def _can_type(opened: OpenAdopted, column: AdoptedColumn, *, is_new: bool) -> bool:
    if not opened.may("add" if is_new else "edit") or not column.editable or column.masked:
        return False
    return is_new or column.code not in opened.spec.key


def input_text(column: AdoptedColumn, value: object) -> str:
    """What stands in the input of a stored value; saving it again changes nothing."""
    if value is None:
        return ""
    if column.masked or column.kind is ColumnKind.BINARY:
        return cell_text(column, value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _page(form: AdoptedForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("adopted_table/form.html", form=form, opened=form.opened)
    return page, status
