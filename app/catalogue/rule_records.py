"""One record of a file of rules: from a mapping to a frozen dataclass.

Anything that does not fit raises KeyError, TypeError or ValueError with a text that names the
word at fault; the loader adds file and place.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.catalogue.quality_rule import (
    Judged,
    Measure,
    QualityRule,
    RuleCase,
    Source,
    Term,
    Year,
)
from app.domain.finding import Dimension, Severity

# A rule made from a family or a fact names its field, one that was written by itself has *.
IDENTIFIER = re.compile(r"QR\.([A-Z][A-Z0-9_]*)\.(?:\*|[A-Z][A-Z0-9_]*)\.(\d\d)")
# Lower numbers belong to the rules that every row is checked by, such as that of equal keys.
FIRST_NUMBER = 11
_RULE_WORDS = {"id", "severity", "dimension", "message", "condition", "fields", "judged", "terms"}
_RULE_WORDS |= {"once_by", "pass", "fail", "number", "note", "family"}
_TERM_WORDS = {"label", "table", "measure", "field", "where", "by", "year", "also"}
_SOURCE_WORDS = {"table", "field", "year"}
_CASE_WORDS = {"rows", "others", "previous"}


def read_rule(item: Mapping[str, Any]) -> QualityRule:
    """A rule from ``{id, severity, dimension, message, condition, fields, …}``."""
    _refuse_unknown(item, _RULE_WORDS)
    matched = IDENTIFIER.fullmatch(item["id"])
    if not matched or int(matched[2]) < FIRST_NUMBER:
        raise ValueError(f"the id has to look like QR.TABLE.*.{FIRST_NUMBER}")
    return QualityRule(
        identifier=item["id"],
        table=matched[1].lower(),
        severity=Severity(item["severity"]),
        dimension=Dimension(item["dimension"]),
        message=item["message"],
        condition=item["condition"],
        fields=tuple(item["fields"]),
        judged=Judged(item.get("judged", Judged.ROW)),
        terms={name: _read_term(term) for name, term in item.get("terms", {}).items()},
        once_by=tuple(item.get("once_by", ())),
        passing=tuple(_read_case(case) for case in item["pass"]),
        failing=tuple(_read_case(case) for case in item["fail"]),
        number=item.get("number", ""),
        note=item.get("note", ""),
        family=item.get("family", ""),
    )


def _read_term(item: Mapping[str, Any]) -> Term:
    _refuse_unknown(item, _TERM_WORDS)
    return Term(
        label=item["label"],
        table=item["table"],
        measure=Measure(item["measure"]),
        column=item.get("field", ""),
        where=item.get("where", ""),
        by=dict(item.get("by", {})),
        year=Year(item.get("year", Year.THIS)),
        also=tuple(_read_source(each) for each in item.get("also", ())),
    )


def _read_source(item: Mapping[str, Any]) -> Source:
    _refuse_unknown(item, _SOURCE_WORDS)
    return Source(item["table"], item["field"], Year(item.get("year", Year.THIS)))


def _read_case(item: Mapping[str, Any]) -> RuleCase:
    """A case: ``{rows, others, previous}``, or the values of the one row it is about."""
    if not set(item) & _CASE_WORDS:
        return RuleCase((dict(item),))
    _refuse_unknown(item, _CASE_WORDS)
    return RuleCase(
        _rows(item.get("rows", ())),
        {table: _rows(rows) for table, rows in item.get("others", {}).items()},
        {table: _rows(rows) for table, rows in item.get("previous", {}).items()},
    )


def _rows(rows: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, object], ...]:
    return tuple(dict(row) for row in rows)


def _refuse_unknown(item: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(item) - known)
    if unknown:
        raise ValueError(f"unknown words {', '.join(unknown)}")
