"""The inputs of the form of one row, made from the table's description."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.base_table import FieldFormat, FieldSpec, FieldType
from app.catalogue.catalogue import Catalogue
from app.domain.finding import Finding, Severity
from app.domain.period import PeriodKind
from app.models.base_table_rows import plain
from app.reports.reference import Labels
from app.web.base_table.cell_text import is_searched
from app.web.translation import translated

PREFIX = "field-"
BLOCKING = "blocking"
Told = Mapping[tuple[str, str], list[str]]
NUMERIC = frozenset({FieldType.INTEGER, FieldType.NUMBER})
KINDS = {
    FieldType.BOOLEAN: "select",
    FieldType.CODE: "select",
    FieldType.REFERENCE: "reference",
    FieldType.TEXT: "textarea",
    FieldType.DATE: "date",
    FieldType.YEARMONTH: "month",
    FieldType.INTEGER: "number",
    FieldType.NUMBER: "number",
}
# What inputs for days and months can show; they would drop any other text.
EXAMPLES = {FieldType.DATE: "2025-09-01", FieldType.YEARMONTH: "2025-09"}
# Fields with more characters than this get several lines.
LONGEST_LINE = 120
KEYBOARDS = {
    FieldFormat.PHONE: "tel",
    FieldFormat.MOBILE: "tel",
    FieldFormat.EMAIL: "email",
    FieldFormat.URL: "url",
}


@dataclass(frozen=True)
class FormField:
    """One input.

    ``kind`` is select, search (a code list to type in), reference, textarea, date, month, number
    or text; ``text`` is what stands in it, exactly as it was typed; ``options`` are pairs of value
    and label; ``called`` is what people call the row that a reference names. ``conflict`` holds
    what was typed and what somebody else has stored meanwhile, as people read both. ``blocking``
    are those errors that keep the row from being saved.
    """

    spec: FieldSpec
    kind: str
    text: str
    options: tuple[tuple[str, str], ...]
    hint: str
    max_length: int | None
    keyboard: str | None
    errors: tuple[str, ...]
    blocking: tuple[str, ...]
    warnings: tuple[str, ...]
    conflict: tuple[str, str] | None
    is_masked: bool
    called: str = ""

    @property
    def id(self) -> str:
        """The input's id and name."""
        return PREFIX + self.spec.code

    @property
    def is_required(self) -> bool:
        """Whether the table cannot be finished without it."""
        return self.spec.required or self.spec.key

    @property
    def unit(self) -> str:
        """The unit, unless the label names it already."""
        return "" if self.spec.unit in self.spec.label else self.spec.unit

    @property
    def notes(self) -> tuple[str, ...]:
        """The ids of the texts that explain the input, for screen readers."""
        parts = (
            ("hint", self.hint or self.spec.guidance),
            ("error", self.errors or self.warnings or self.conflict),
        )
        return tuple(f"{self.id}-{name}" for name, is_there in parts if is_there)


def form_fields(
    catalogue: Catalogue,
    fields: Iterable[FieldSpec],
    texts: Mapping[str, str],
    *,
    findings: Iterable[Finding] = (),
    conflicts: Mapping[str, tuple[str, str]] | None = None,
    masked: Collection[str] = (),
    hidden: Collection[str] = (),
    labels: Labels | None = None,
) -> list[FormField]:
    """An input for every field with its text, findings, conflict and label of a reference.

    The inputs of ``masked`` fields are closed; no finding tells the values of ``hidden`` ones.
    """
    known = labels or {}
    told = _messages(findings, hidden)
    return [
        _form_field(
            catalogue,
            field,
            texts.get(field.code, ""),
            told,
            (conflicts or {}).get(field.code),
            is_masked=field.code in masked,
            called=known.get(field.code, {}).get(texts.get(field.code, ""), ""),
        )
        for field in fields
    ]


def _form_field(
    catalogue: Catalogue,
    field: FieldSpec,
    text: str,
    told: Told,
    conflict: tuple[str, str] | None,
    *,
    is_masked: bool,
    called: str,
) -> FormField:
    stored = catalogue.stored_as(field)
    kind = "text" if is_masked else _kind(catalogue, field, text)
    is_text = stored.type in (FieldType.STRING, FieldType.TEXT)
    return FormField(
        spec=field,
        kind=kind,
        text=text,
        options=_options(catalogue, field, kind, text),
        hint=_hint(stored, field),
        max_length=stored.max_length if is_text and field.type is not FieldType.REFERENCE else None,
        keyboard=_keyboard(stored),
        errors=tuple(told.get((field.code, Severity.ERROR), ())),
        blocking=tuple(told.get((field.code, BLOCKING), ())),
        warnings=tuple(told.get((field.code, Severity.WARNING), ())),
        conflict=conflict,
        is_masked=is_masked,
        called=called,
    )


def _kind(catalogue: Catalogue, field: FieldSpec, text: str) -> str:
    """The kind of input; one that could not show a typed text gives way to a plain one."""
    if is_searched(catalogue, field):
        return "search"
    if field.type is FieldType.STRING and (field.max_length or 0) > LONGEST_LINE:
        return "textarea"
    if field.type in EXAMPLES:
        is_iso = re.sub("[0-9]", "0", text) == re.sub("[0-9]", "0", EXAMPLES[field.type])
        return KINDS[field.type] if is_iso or not text else "text"
    return KINDS.get(field.type, "text")


def _keyboard(stored: FieldSpec) -> str | None:
    if stored.type in NUMERIC:
        return "decimal"
    return None if stored.format is None else KEYBOARDS.get(stored.format)


def _options(
    catalogue: Catalogue, field: FieldSpec, kind: str, text: str
) -> tuple[tuple[str, str], ...]:
    """What can be chosen; a typed value that is none of it stays and is shown as it is."""
    codes = catalogue.code_list_of(field)
    if kind == "search" and codes is not None:
        return tuple((item.label, "") for item in codes.items)
    if kind != "select":
        return ()
    if codes is not None:
        options = [(item.code, item.label) for item in codes.items]
    else:
        options = [("true", str(_("Yes"))), ("false", str(_("No")))]
    foreign = [(text, text)] if text and text not in dict(options) else []
    return (("", ""), *options, *foreign)


def _hint(stored: FieldSpec, field: FieldSpec) -> str:
    """What may be typed, in few words."""
    parts = []
    least, most = plain(stored.minimum), plain(stored.maximum)
    if least is not None and most is not None:
        parts.append(_("%(minimum)s to %(maximum)s", minimum=least, maximum=most))
    elif least is not None and stored.minimum != 0:
        parts.append(_("at least %(minimum)s", minimum=least))
    elif most is not None:
        parts.append(_("at most %(maximum)s", maximum=most))
    if field.period is PeriodKind.CALENDAR_YEAR:
        parts.append(_("Calendar year, not academic year"))
    return str(_("; ")).join(str(part) for part in parts)


def _messages(
    findings: Iterable[Finding], hidden: Collection[str]
) -> dict[tuple[str, str], list[str]]:
    """Field code and severity (or ``BLOCKING``) → texts, each once."""
    told: dict[tuple[str, str], dict[str, None]] = {}
    for finding in findings:
        if finding.field is None:
            continue
        text = translated(finding.told(hidden))
        told.setdefault((finding.field, finding.severity), {})[text] = None
        if finding.severity is Severity.ERROR and not finding.storable:
            told.setdefault((finding.field, BLOCKING), {})[text] = None
    return {place: list(texts) for place, texts in told.items()}
