"""Checking rows of a base table (第五条第二款, 第十一条): the one evaluator.

Cell edit, paste, import, dry run and submission all ask ``check_rows``, so
that the same value gets the same answer everywhere (decision 7).
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring

import polars as pl

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.code_list import CodeList
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.domain.period import Period
from app.rules.coercion import FEW_ROWS, Coerced, Tidied, coerce
from app.rules.field_rules import Column, field_findings, rule_id
from app.rules.finding_messages import COMMA
from app.rules.quality_rule import Broken
from app.rules.reading import text_of
from app.rules.row_rules import judge_rows

DUPLICATE = "01"
# Range, pattern, format: what a field's rules ask of a value that has been read.
OF_TODAY = frozenset({"07", "08", "09"})
NO_CODES = CodeList("", "", ())


@dataclass(frozen=True)
class Checked:
    """Typed rows with what the rules say about them.

    ``keys`` names each row within its period and department: a SHA-256, the
    empty text in a single-row table, null where a part of the key is missing
    or wrong. ``findings`` are in the order of rows, then fields; ``broken`` are rules that failed
    themselves.
    """

    frame: pl.DataFrame
    keys: pl.Series
    findings: tuple[Finding, ...]
    tidied: tuple[Tidied, ...]
    broken: tuple[Broken, ...] = ()


def check_rows(
    spec: TableSpec,
    catalogue: Catalogue,
    raw: pl.DataFrame,
    references: Mapping[str, Collection[object]],
    *,
    coerced: Coerced | None = None,
    numbers: Sequence[int] | None = None,
    keys: Sequence[str | None] | None = None,
    period: Period | None = None,
) -> Checked:
    """Check rows of raw text by the field rules and for equal keys among them.

    With the ``period`` they belong to, also by the rules that compare values of one row.

    ``references`` maps the code of a reference field to the keys that exist;
    a field that is absent is not checked. ``coerced`` saves reading the rows
    again, ``keys`` making their keys again; ``numbers`` are the row numbers people see
    where they are not 1, 2, 3 …. Whatever the rows hold, nothing is raised.
    """
    coerced = coerced or coerce(spec, catalogue, raw)
    found: list[Finding] = []
    for code in spec.by_code:
        column = _column(spec, catalogue, raw, coerced, code, references.get(code))
        found += field_findings(column).values()
    made = _keys(spec, coerced.frame, found, raw.height) if keys is None else _key_column(keys)
    found += _duplicates(spec, catalogue, coerced.frame, made, numbers)
    broken: tuple[Broken, ...] = ()
    if period is not None:
        judged = judge_rows(spec, catalogue, coerced.frame, period)
        found += of_sound_values(judged.findings, found)
        broken = judged.broken
    # Sorting is stable: within a row the order of fields stays.
    found.sort(key=lambda finding: finding.row or 0)
    return Checked(coerced.frame, made, tuple(found), coerced.tidied, broken)


def of_sound_values(told: Sequence[Finding], known: Sequence[Finding]) -> list[Finding]:
    """What rules say of values that are sound by themselves: of a wrong one that is told first."""
    rows = {f.row for f in told}
    wrong = {(f.row, f.field) for f in known if f.severity is Severity.ERROR and f.row in rows}
    return [f for f in told if not any((f.row, code) in wrong for code in (f.field, *f.about))]


def row_keys(spec: TableSpec, catalogue: Catalogue, raw: pl.DataFrame) -> pl.Series:
    """The keys of rows of raw text, as ``check_rows`` makes them, without checking the rest."""
    codes = [field.code for field in spec.key_fields]
    coerced = coerce(spec, catalogue, raw, codes)
    found: list[Finding] = []
    for code in codes:
        found += field_findings(_column(spec, catalogue, raw, coerced, code, None)).values()
    return _keys(spec, coerced.frame, found, raw.height)


def key_of(values: Iterable[object]) -> str:
    """The key of a row: SHA-256, in hex, of the JSON array of its key values as text.

    A part that may be missing and is counts as the empty text.
    """
    # By hand: a JSON encoder of its own for every row takes most of the time.
    array = ",".join([encode_basestring(text_of(value) or "") for value in values])
    return hashlib.sha256(f"[{array}]".encode()).hexdigest()


def duplicate_finding(
    spec: TableSpec,
    row: int,
    values: Mapping[str, object],
    catalogue: Catalogue | None = None,
    other: int | None = None,
) -> Finding:
    """The finding for a row whose key a stored row, or row number ``other``, has.

    With the catalogue, codes are told by their labels. Masked values are not told.
    """
    message = _duplicate_message(_key_in_words(spec, values, catalogue), other)
    rule = rule_id(spec, None, DUPLICATE)
    return Finding(rule, row, None, Severity.ERROR, Dimension.CONFORMITY, message)


def is_duplicate(spec: TableSpec, finding: Finding) -> bool:
    """Whether the finding is about an equal key."""
    return finding.rule == rule_id(spec, None, DUPLICATE)


def is_lenient(spec: TableSpec, finding: Finding) -> bool:
    """Whether the value was read well and is only outside today's rules; never of a key."""
    number = finding.rule.rpartition(".")[2]
    field = spec.by_code.get(finding.field or "")
    return number in OF_TODAY and field is not None and not field.key


def _duplicate_message(key: str, other: int | None) -> Message:
    if not key and other is None:
        return Message("This table has one row only, which exists already. Change that row.")
    if not key:
        return Message(
            "This table has one row only, row %(other)s. Delete the others.", {"other": other}
        )
    if other is None:
        return Message(
            "%(key)s exists already. Change the existing row or enter another one.", {"key": key}
        )
    return Message(
        "%(key)s stands in row %(other)s already. Delete one of the two rows.",
        {"key": key, "other": other},
    )


def _column(
    spec: TableSpec,
    catalogue: Catalogue,
    raw: pl.DataFrame,
    coerced: Coerced,
    code: str,
    known: Collection[object] | None,
) -> Column:
    field = spec.by_code[code]
    stored = catalogue.stored_as(field)
    return Column(
        table=spec,
        field=field,
        stored=stored,
        codes=catalogue.code_list_of(stored) or NO_CODES,
        target=catalogue.tables[field.reference.table].title if field.reference else "",
        raw=raw[code],
        values=coerced.frame[code],
        faults=coerced.faults[code],
        known=known,
    )


def _keys(
    spec: TableSpec, frame: pl.DataFrame, findings: Sequence[Finding], height: int
) -> pl.Series:
    if not spec.key_fields:
        return _key_column([""] * height)
    codes = {field.code for field in spec.key_fields}
    bad = {finding.row for finding in findings if finding.field in codes and not finding.storable}
    rows = zip(*(frame[field.code].to_list() for field in spec.key_fields), strict=True)
    keys = [None if row in bad else key_of(values) for row, values in enumerate(rows)]
    return _key_column(keys)


def _key_column(keys: Sequence[str | None]) -> pl.Series:
    return pl.Series("key", keys, dtype=pl.String)


def _duplicates(
    spec: TableSpec,
    catalogue: Catalogue,
    frame: pl.DataFrame,
    keys: pl.Series,
    numbers: Sequence[int] | None,
) -> list[Finding]:
    """A finding for every row but the first of those with the same key."""
    first: dict[str, int] = {}
    found: list[Finding] = []
    if len(keys) > FEW_ROWS and not keys.drop_nulls().is_duplicated().any():
        return found
    for row, key in enumerate(keys.to_list()):
        if key is None or first.setdefault(key, row) == row:
            continue
        other = numbers[first[key]] if numbers else first[key] + 1
        values = {field.code: frame[field.code][row] for field in spec.key_fields}
        found.append(duplicate_finding(spec, row, values, catalogue, other))
    return found


def _key_in_words(
    spec: TableSpec, values: Mapping[str, object], catalogue: Catalogue | None
) -> str:
    parts = []
    for field in spec.key_fields:
        text = text_of(values.get(field.code)) or ""
        codes = catalogue.code_list_of(field) if catalogue else None
        if codes is not None:
            text = codes.labels.get(text, text)
        parts.append(field.label if field.mask else f"{field.label} {text}")
    return COMMA.join(parts)
