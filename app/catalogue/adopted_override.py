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
from app.catalogue.reporting import Reporting, read_reporting

# What a word expects, in words; None where the value is that.
Check = Callable[[Any], str | None]


def _named(value: Any) -> str | None:
    return None if _is_text(value) and value.strip() else "a text that is not empty"


def _text(value: Any) -> str | None:
    return None if _is_text(value) else "a text"


def _truth(value: Any) -> str | None:
    return None if isinstance(value, bool) else "true or false"


def _kind(value: Any) -> str | None:
    kinds = [kind.value for kind in ColumnKind]
    return None if isinstance(value, str) and value in kinds else f"one of {', '.join(kinds)}"


def _codes(value: Any) -> str | None:
    is_list = isinstance(value, list) and all(isinstance(code, str) for code in value)
    return None if is_list and len(set(value)) == len(value) else "a list of columns, each once"


def _mapped(value: Any) -> str | None:
    words = [each.name for each in fields(ColumnMapping)]
    is_mapping = isinstance(value, dict) and all(
        word in words and isinstance(code, str | None) for word, code in value.items()
    )
    return None if is_mapping else f"a column for some of {', '.join(words)}"


def _of_columns(value: Any) -> str | None:
    is_mapping = isinstance(value, dict) and all(isinstance(code, str) for code in value)
    return (
        None
        if is_mapping
        else "words for each column, its name in quotes where YAML takes it for something else"
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
    "report": lambda _: None,  # read_reporting says itself what it expects
}
COLUMN_WORDS: Mapping[str, Check] = {
    "label": _named,
    "help": _text,
    "hidden": _truth,
    "masked": _truth,
    "kind": _kind,
}
PLAIN_WORDS = ("label", "help", "group", "label_column")
LONGEST_SHOWN = 60
# Words without anything behind them say nothing.
MAY_BE_EMPTY = frozenset({"columns", "order", "mapping"})


def overridden(table: AdoptedTable, words: Any) -> AdoptedTable:
    """The table with people's words over those of the database.

    Raises OverrideError with every fault of form, ValueError where the words contradict the table.
    """
    given = _without_empty(words)
    faults = list(_faults(table, given))
    if faults:
        raise OverrideError(faults)
    columns = {column.code: column for column in table.columns}
    for code, said in given.get("columns", {}).items():
        kind = {"kind": ColumnKind(said["kind"])} if "kind" in said else {}
        columns[code] = replace(columns[code], **{**said, **kind})
    order = given.get("order", ())
    first = [columns[code] for code in order]
    rest = [column for code, column in columns.items() if code not in order]
    changes = {word: given[word] for word in PLAIN_WORDS if word in given}
    if "key" in given:
        changes["key"] = tuple(given["key"])
    if "mapping" in given:
        changes["mapping"] = ColumnMapping(**given["mapping"])
    if "report" in given:
        changes["report"] = _reporting(given["report"])
    return replace(table, columns=(*first, *rest), **changes)


def _reporting(said: Any) -> Reporting:
    try:
        return read_reporting(said)
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def why_no_label(table: AdoptedTable) -> str | None:
    """Why rows cannot be called by the column that the table names for it."""
    code = table.label_column
    column = None if code is None else table.by_code.get(code)
    if code is None or (column is not None and _is_readable(column)):
        return None
    return f"label_column: {code} is no column that everybody who sees the table can read"


def _is_readable(column: AdoptedColumn) -> bool:
    return not (column.masked or column.hidden or column.kind in NEVER_EDITED)


class OverrideError(ValueError):
    """Words that are not of the form expected; ``faults`` are all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _faults(table: AdoptedTable, given: Any) -> Iterator[str]:
    yield from _faults_of_words("", given, TABLE_WORDS)
    if not isinstance(given, dict):
        return
    columns, order = given.get("columns"), given.get("order")
    if isinstance(columns, dict):
        for code, said in columns.items():
            if isinstance(code, str) and code not in table.by_code:
                yield f"no such column: {code}"
            yield from _faults_of_words(f"columns: {shown_word(code)}: ", said, COLUMN_WORDS)
    if isinstance(order, list):
        unknown = [code for code in order if isinstance(code, str) and code not in table.by_code]
        yield from (f"order: no such column: {code}" for code in unknown)


def _faults_of_words(place: str, given: Any, known: Mapping[str, Check]) -> Iterator[str]:
    if not isinstance(given, dict):
        yield f"{place}not a mapping"
        return
    unknown = sorted(shown_word(word) for word in given if word not in known)
    if unknown:
        yield f"{place}unknown words {', '.join(unknown)}"
    for word, value in given.items():
        expected = known[word](value) if word in known else None
        if expected is not None:
            yield f"{place}{word}: expected {expected}"


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


def shown_word(word: Any) -> str:
    """A word as it stands in a fault, whatever it is."""
    if isinstance(word, str):
        return word[:LONGEST_SHOWN]
    # Python refuses to write out numbers of thousands of digits.
    return type(word).__name__ if isinstance(word, int | tuple) else repr(word)[:LONGEST_SHOWN]
