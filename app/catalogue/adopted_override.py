"""What people say about adopted tables: checked word by word, then put over the database's words.

No content of the file raises anything: whatever is wrong is a fault that names the table, the word
and what is expected there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from app.catalogue.adopted_table import (
    NEVER_EDITED,
    AdoptedColumn,
    AdoptedTable,
    ColumnKind,
    ColumnMapping,
)
from app.catalogue.fault import FaultError, listed, placed, shown_word
from app.catalogue.reporting import NO_MAPPING, department_pairs, reporting_of
from app.domain.message import Message

# What a word expects, in words; None where the value is that.
Check = Callable[[Any], Message | None]


def _named(value: Any) -> Message | None:
    if _is_text(value) and value.strip():
        return None
    return Message("a text that is not empty")


def _text(value: Any) -> Message | None:
    return None if _is_text(value) else Message("a text")


def _truth(value: Any) -> Message | None:
    return None if isinstance(value, bool) else Message("true or false")


def _kind(value: Any) -> Message | None:
    kinds = [kind.value for kind in ColumnKind]
    if isinstance(value, str) and value in kinds:
        return None
    return Message("one of %(values)s", {"values": listed(kinds)})


def _codes(value: Any) -> Message | None:
    is_list = isinstance(value, list) and all(isinstance(code, str) for code in value)
    if is_list and len(set(value)) == len(value):
        return None
    return Message("a list of columns, each once")


def _mapped(value: Any) -> Message | None:
    parts = [each.name for each in fields(ColumnMapping) if each.name != "departments"]
    said = dict(value) if isinstance(value, dict) else {"": ""}
    pairs = department_pairs(said.pop("departments", None) or {})
    if not all(word in parts and isinstance(code, str | None) for word, code in said.items()):
        return Message("a column for some of %(words)s", {"words": listed(parts)})
    if pairs is None:
        return Message("departments that map codes to codes, both in quotes")
    return None


def _of_columns(value: Any) -> Message | None:
    if isinstance(value, dict) and all(isinstance(code, str) for code in value):
        return None
    return Message(
        "words for each column, its name in quotes where YAML takes it for something else"
    )


TABLE_WORDS: Mapping[str, Check] = {
    "label": _named,
    "help": _text,
    "group": _text,
    "mapping": _mapped,
    "columns": _of_columns,
    "order": _codes,
    "key": _codes,
    "label_column": _named,
    "report": lambda _: None,  # reporting_of says itself what it expects
}
COLUMN_WORDS: Mapping[str, Check] = {
    "label": _named,
    "help": _text,
    "hidden": _truth,
    "masked": _truth,
    "kind": _kind,
}
PLAIN_WORDS = ("label", "help", "group", "label_column")
# Words without anything behind them say nothing.
MAY_BE_EMPTY = frozenset({"columns", "order", "mapping"})


def overridden(table: AdoptedTable, words: Any) -> tuple[AdoptedTable, list[Message]]:
    """The table with people's words over those of the database, and the faults of ``report:``.

    What is at fault there is left as usual, so that the rest can be looked at. Raises FaultError
    with every fault of form where another word has one.
    """
    given = _without_empty(words)
    faults = list(_faults(table, given))
    said = given.get("report") if isinstance(given, dict) else None
    is_reported = isinstance(given, dict) and "report" in given
    reporting, of_reporting = reporting_of(said) if is_reported else (table.report, [])
    if faults:
        raise FaultError([*faults, *of_reporting])
    columns = {column.code: column for column in table.columns}
    for code, about in given.get("columns", {}).items():
        kind = {"kind": ColumnKind(about["kind"])} if "kind" in about else {}
        columns[code] = replace(columns[code], **{**about, **kind})
    order = given.get("order", ())
    first = [columns[code] for code in order]
    rest = [column for code, column in columns.items() if code not in order]
    changes = {word: given[word] for word in PLAIN_WORDS if word in given}
    if "key" in given:
        changes["key"] = tuple(given["key"])
    mapping = column_mapping(given["mapping"]) if "mapping" in given else table.mapping
    if reporting is not None:
        # Codes of departments need not be written a second time.
        reporting = replace(reporting, departments=reporting.departments or mapping.departments)
    columns_now = (*first, *rest)
    changed = replace(table, columns=columns_now, mapping=mapping, report=reporting, **changes)
    return changed, of_reporting


def column_mapping(words: Mapping[str, Any]) -> ColumnMapping:
    """The words of ``mapping:``. Raises FaultError where its departments are no codes."""
    pairs = department_pairs(words.get("departments") or {})
    if pairs is None:
        raise FaultError([Message("departments has to map codes to codes, both in quotes")])
    return ColumnMapping(**{**words, "departments": pairs})


def why_no_label(table: AdoptedTable) -> Message | None:
    """Why rows cannot be called by the column that the table names for it."""
    code = table.label_column
    column = None if code is None else table.by_code.get(code)
    if code is None or (column is not None and _is_readable(column)):
        return None
    return Message(
        "label_column: %(column)s is no column that everybody who sees the table can read",
        {"column": code},
    )


def _is_readable(column: AdoptedColumn) -> bool:
    return not (column.masked or column.hidden or column.kind in NEVER_EDITED)


def _faults(table: AdoptedTable, given: Any) -> Iterator[Message]:
    yield from _faults_of_words("", given, TABLE_WORDS)
    if not isinstance(given, dict):
        return
    columns, order = given.get("columns"), given.get("order")
    if isinstance(columns, dict):
        for code, said in columns.items():
            if isinstance(code, str) and code not in table.by_code:
                yield Message("no such column: %(column)s", {"column": shown_word(code)})
            yield from _faults_of_words(f"columns: {shown_word(code)}", said, COLUMN_WORDS)
    if isinstance(order, list):
        unknown = [code for code in order if isinstance(code, str) and code not in table.by_code]
        for code in unknown:
            fault = Message("no such column: %(column)s", {"column": shown_word(code)})
            yield placed("order", fault)


def _faults_of_words(place: str, given: Any, known: Mapping[str, Check]) -> Iterator[Message]:
    for word, fault in _faults_by_word(given, known):
        at = ": ".join(filter(None, (place, word)))
        yield placed(at, fault) if at else fault


def _faults_by_word(given: Any, known: Mapping[str, Check]) -> Iterator[tuple[str, Message]]:
    if not isinstance(given, dict):
        yield "", NO_MAPPING
        return
    unknown = sorted(shown_word(word) for word in given if word not in known)
    if unknown:
        yield "", Message("unknown words %(words)s", {"words": listed(unknown)})
    for word, value in given.items():
        expected = known[word](value) if word in known else None
        if expected is not None:
            yield word, Message("expected %(expected)s", {"expected": expected})


def _without_empty(words: Any) -> Any:
    if not isinstance(words, dict):
        return words
    return {
        word: value for word, value in words.items() if not (value is None and word in MAY_BE_EMPTY)
    }


def _is_text(value: Any) -> bool:
    """Whether it is a text that pages can show."""
    return isinstance(value, str) and "\0" not in value and not _surrogates(value)


def _surrogates(value: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in value)
