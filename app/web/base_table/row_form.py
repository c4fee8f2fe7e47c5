"""The form of one row (S5): what it shows of a stored row, and of what was typed."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.catalogue.base_table import FieldSpec, FilledBy
from app.domain.finding import Finding, Severity
from app.domain.message import Message
from app.domain.person import Function
from app.models.row_change import LoggedChange
from app.reports.base_table import Row
from app.reports.reference import Labels, read_labels
from app.reports.referring import Referring
from app.web.base_table.carry_forward import is_waiting, last_texts
from app.web.base_table.cell_text import input_text, typed_text
from app.web.base_table.form_field import PREFIX, FormField, form_fields
from app.web.base_table.open_table import OpenTable
from app.web.cooperation.contributed_row import marks_of_rows
from app.web.current import current_actor, current_catalogue, current_session, current_store
from app.web.feed.provenance import fed_texts
from app.web.formats import moment_text
from app.web.teacher_record.closed_row import closed_rows
from app.web.translation import translated

CHOICE = "choose-"
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class TypedForm:
    """A form as it was sent: texts by field code, and what stood there when it was shown.

    ``choices`` decide conflicts: field code → mine or theirs; ``open_conflicts`` are the codes
    that were shown as conflicts and not decided.
    """

    texts: Mapping[str, str]
    original: Mapping[str, str]
    version: str
    choices: Mapping[str, str]
    open_conflicts: tuple[str, ...]

    @property
    def changed(self) -> dict[str, str]:
        """The texts that were changed and are not given up."""
        return {
            code: text
            for code, text in self.texts.items()
            if text != self.original.get(code, "") and self.choices.get(code) != THEIRS
        }

    @property
    def all_texts(self) -> dict[str, str]:
        """Every text of the form, untouched ones too."""
        return {**self.original, **self.texts}


@dataclass(frozen=True)
class RowForm:
    """Everything the template shows of one row.

    ``row_id`` is None for a row that is not stored yet; ``original`` are the texts as stored, to
    be sent along; ``referring`` are the rows that would name nothing without this one; ``latest``
    is the change that a save collided with; ``failed`` says that the form comes back from a
    refused save; ``reason`` is what refuses the form as a whole; ``fed`` tells by field code where
    stored values come from, ``last`` what stood there last year; ``is_waiting`` that the row was
    taken over from last year and nobody has confirmed it; ``contributor`` names the department that
    has contributed the row, ``why_fixed`` says why whoever asks may not change it.
    """

    opened: OpenTable
    row_id: str | None
    version: str
    fields: list[FormField]
    original: Mapping[str, str]
    row_problems: tuple[str, ...] = ()
    failed: bool = False
    reason: str | None = None
    referring: Sequence[Referring] = ()
    latest: LoggedChange | None = None
    fed: Mapping[str, str] = field(default_factory=dict)
    last: Mapping[str, str] = field(default_factory=dict)
    is_waiting: bool = False
    contributor: str = ""
    why_fixed: Message | None = None

    @property
    def referring_text(self) -> str:
        """How many rows of which tables name this one; empty for none."""
        return str(_(", ")).join(
            _("%(name)s (%(count)s rows)", name=each.table.name, count=each.rows)
            for each in self.referring
        )

    @property
    def changed_text(self) -> str:
        """That somebody else was faster, by name and time where the log knows them."""
        return changed_text(self.latest)

    @property
    def title(self) -> str:
        """What people call the stored row: its key; empty for a new one."""
        catalogue = current_catalogue()
        keys = self.opened.spec.key_fields if self.row_id else ()
        return " · ".join(
            typed_text(catalogue, key, self.original.get(key.code, "")) for key in keys
        )

    @property
    def may_save(self) -> bool:
        """Whether saving is offered."""
        return self.why_fixed is None and self.opened.may("add" if self.row_id is None else "edit")

    @property
    def may_delete(self) -> bool:
        """Whether deleting is offered."""
        return self.row_id is not None and not self.why_fixed and self.opened.may("delete")

    @property
    def has_conflicts(self) -> bool:
        """Whether somebody else has changed the same fields."""
        return any(each.conflict for each in self.fields)

    @property
    def problems(self) -> list[tuple[str | None, str]]:
        """What has to be corrected: id of the input, if any, and text.

        After a refused save only what refused it: what is missing is said at its place.
        """
        of_fields = [
            (each.id, text)
            for each in self.fields
            for text in (each.blocking if self.failed else each.errors)
        ]
        return [*((None, text) for text in self.row_problems), *of_fields]

    @property
    def original_json(self) -> str:
        """The stored texts as the hidden input carries them."""
        return json.dumps(self.original, ensure_ascii=False)

    @property
    def fields_json(self) -> str:
        """What the sections under the form know of the fields: code, label, masked, material."""
        told = [
            {
                "code": each.spec.code,
                "label": each.spec.label,
                "masked": each.is_masked,
                "material": None if each.spec.material is None else each.spec.material.value,
            }
            for each in self.fields
        ]
        return json.dumps(told, ensure_ascii=False)

    @property
    def address(self) -> str:
        """Where the form is sent to."""
        if self.row_id is None:
            return self.opened.address("new_row")
        return self.opened.address("row", row=self.row_id)

    @property
    def keep(self) -> str:
        """The name under which the browser keeps what was typed; another one per version."""
        parts = (current_actor().username, self.opened.spec.identifier, self.row_id or "new")
        return ":".join([*parts, *self.opened.parameters().values(), self.version])


def changed_text(change: LoggedChange | None) -> str:
    """That a row was changed meanwhile, by whom and when if that is known."""
    if change is None:
        return str(_("This row has just been changed by somebody else."))
    return str(
        _(
            "This row has just been changed by %(person)s (%(time)s).",
            person=change.person_name,
            time=moment_text(change.at),
        )
    )


def stored_form(
    opened: OpenTable,
    row: Row | None,
    labels: Labels | None = None,
    referring: Sequence[Referring] = (),
) -> RowForm:
    """The form of a stored row with its findings; an empty one for None."""
    hidden = opened.closed
    texts = _first_texts(opened)
    if row is not None:
        hidden = opened.hidden_in(row.department, row.values)
        texts = texts_of(opened, row.values, hidden)
    return RowForm(
        opened=opened,
        row_id=None if row is None else row.id,
        version="" if row is None else row.version,
        fields=form_fields(
            current_catalogue(),
            opened.spec.fields,
            texts,
            findings=() if row is None else row.findings,
            masked=hidden,
            hidden=hidden,
            labels=labels,
        ),
        referring=referring,
        original={code: text for code, text in texts.items() if code not in hidden}
        if row is not None
        else {},
        row_problems=() if row is None else _of_whole_row(row.findings, hidden),
        fed={} if row is None else fed_texts(opened.spec.identifier, [row]).get(row.id, {}),
        last={} if row is None else last_texts(opened, row),
        is_waiting=row is not None and is_waiting(opened, row),
        **_answered_for(opened, row),
    )


def _answered_for(opened: OpenTable, row: Row | None) -> dict[str, Any]:
    """Who else answers for the row: the department that contributed it, or its teacher."""
    if row is None:
        return {}
    closed = closed_rows(opened.place, [row]).get(row.id)
    mark, why_fixed = marks_of_rows(opened.place, [row]).get(row.id, (None, None))
    contributor = "" if mark is None else mark.name
    return {"contributor": contributor, "why_fixed": closed or why_fixed}


def typed_form(
    opened: OpenTable,
    row_id: str | None,
    typed: TypedForm,
    *,
    findings: Iterable[Finding] = (),
    reason: str | None = None,
) -> RowForm:
    """The form as it was typed, with what is wrong with it."""
    known, hidden = tuple(findings), opened.closed if row_id is None else opened.hidden
    return RowForm(
        opened=opened,
        row_id=row_id,
        version=typed.version,
        fields=form_fields(
            current_catalogue(),
            opened.spec.fields,
            typed.all_texts,
            findings=known,
            conflicts={
                code: _both(opened, code, typed.texts.get(code, ""), typed.original.get(code, ""))
                for code in typed.open_conflicts
            },
            masked=opened.closed,
            hidden=hidden,
            labels=_labels(opened, typed.all_texts),
        ),
        original=typed.original,
        row_problems=_of_whole_row(known, hidden),
        failed=True,
        reason=reason,
    )


def conflicting_form(
    opened: OpenTable,
    row_id: str,
    version: str,
    typed: TypedForm,
    stored: Mapping[str, object],
    codes: Collection[str],
    latest: LoggedChange | None = None,
) -> RowForm:
    """The row as it is stored now, with what was typed in the fields ``codes``."""
    hidden = opened.hidden_in(opened.department, stored)
    now = texts_of(opened, stored, hidden)
    mine = {code: typed.texts.get(code, "") for code in codes}
    return RowForm(
        opened=opened,
        row_id=row_id,
        version=version,
        fields=form_fields(
            current_catalogue(),
            opened.spec.fields,
            {**now, **mine},
            conflicts={code: _both(opened, code, mine[code], now[code]) for code in codes},
            masked=hidden,
            labels=_labels(opened, {**now, **mine}),
        ),
        latest=latest,
        original={code: text for code, text in now.items() if code not in hidden},
        failed=True,
    )


def texts_of(
    opened: OpenTable, values: Mapping[str, object], hidden: Collection[str]
) -> dict[str, str]:
    """The texts in the inputs of stored values."""
    catalogue = current_catalogue()
    return {
        each.code: input_text(catalogue, each, values.get(each.code), hidden=each.code in hidden)
        for each in opened.spec.fields
    }


def read_typed(fields: Iterable[FieldSpec]) -> TypedForm:
    """What the request sends; unknown names in it mean nothing."""
    codes = [each.code for each in fields]
    choices = {code: request.form.get(CHOICE + code, "") for code in codes}
    shown = set(request.form.getlist("conflict"))
    original = _read_original(request.form.get("original", ""))
    return TypedForm(
        texts={
            code: request.form[PREFIX + code].replace("\r\n", "\n")
            for code in codes
            if PREFIX + code in request.form
        },
        original={code: original[code] for code in codes if code in original},
        version=request.form.get("version", ""),
        choices=choices,
        open_conflicts=tuple(
            code for code in codes if code in shown and choices[code] not in (MINE, THEIRS)
        ),
    )


def _read_original(text: str) -> dict[str, str]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {code: each for code, each in value.items() if isinstance(each, str)}


def _labels(opened: OpenTable, texts: Mapping[str, str]) -> Labels:
    """What people call the rows that the texts of reference fields name."""
    stored, actor = opened.place.stored, current_actor()
    keys = {
        field.code: [text]
        for field in opened.spec.references
        if (text := texts.get(field.code, "").strip())
    }
    return read_labels(current_session(), current_store(), stored, actor, opened.place.cycle, keys)


def _both(opened: OpenTable, code: str, mine: str, theirs: str) -> tuple[str, str]:
    catalogue, each = current_catalogue(), opened.spec.by_code[code]
    return typed_text(catalogue, each, mine), typed_text(catalogue, each, theirs)


def _first_texts(opened: OpenTable) -> dict[str, str]:
    """A teacher's new row is about himself."""
    actor, person = current_actor(), opened.spec.person_field
    is_own = opened.spec.filled_by is FilledBy.TEACHER and not actor.holds(
        Function.DATA_STEWARD, opened.department
    )
    return {person.code: actor.number} if person is not None and is_own else {}


def _of_whole_row(findings: Iterable[Finding], hidden: Collection[str]) -> tuple[str, ...]:
    return tuple(
        translated(finding.told(hidden))
        for finding in findings
        if finding.field is None and finding.severity is Severity.ERROR
    )
