"""A rule as the record it would be in a file: what ``rule_records`` reads, written."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.catalogue.quality_rule import Judged, QualityRule, RuleCase, Source, Term, Year


def write_rule(rule: QualityRule) -> dict[str, Any]:
    """``{id, severity, dimension, message, condition, fields, …}``, of plain JSON words only."""
    judged = None if rule.judged is Judged.ROW else rule.judged.value
    record: dict[str, Any] = {
        "id": rule.identifier,
        "number": rule.number,
        "severity": rule.severity.value,
        "dimension": rule.dimension.value,
        "message": rule.message,
        "note": rule.note,
        "family": rule.family,
        "fields": list(rule.fields),
        "judged": judged,
        "once_by": list(rule.once_by),
        "terms": {name: _write_term(term) for name, term in rule.terms.items()},
        "condition": rule.condition,
        "pass": [_write_case(case) for case in rule.passing],
        "fail": [_write_case(case) for case in rule.failing],
    }
    always = {"id", "severity", "dimension", "message", "condition", "fields", "pass", "fail"}
    return {word: value for word, value in record.items() if value or word in always}


def _write_term(term: Term) -> dict[str, Any]:
    record: dict[str, Any] = {
        "label": term.label,
        "table": term.table,
        "measure": term.measure.value,
        "field": term.column,
        "where": term.where,
        "by": dict(term.by),
        "year": _year(term.year),
        "also": [_write_source(each) for each in term.also],
    }
    return {word: value for word, value in record.items() if value}


def _write_source(source: Source) -> dict[str, Any]:
    record = {"table": source.table, "field": source.column, "year": _year(source.year)}
    return {word: value for word, value in record.items() if value}


def _year(year: Year) -> str | None:
    """The word for it; none for this year, which is meant where nothing is written."""
    return None if year is Year.THIS else year.value


def _write_case(case: RuleCase) -> dict[str, Any]:
    if len(case.rows) == 1 and not case.others and not case.previous:
        return _rows(case.rows)[0]
    record: dict[str, Any] = {
        "rows": _rows(case.rows),
        "others": {table: _rows(rows) for table, rows in case.others.items()},
        "previous": {table: _rows(rows) for table, rows in case.previous.items()},
    }
    return {word: value for word, value in record.items() if value or word == "rows"}


def _rows(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    return [{code: _plain(value) for code, value in row.items()} for row in rows]


def _plain(value: object) -> object:
    """The value as JSON has it; a day as it is written."""
    return value.isoformat() if isinstance(value, date) else value
