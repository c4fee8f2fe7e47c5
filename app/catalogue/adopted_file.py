"""Adopted tables as files: written by ``statedata adopt``, read at every start.

``tables.yaml`` is what the database said and is written anew by the command; ``overrides.yaml``
is what people say about it, is never written by us, and wins. Words that hold their default are
left out, so that the files read well and a review shows what changed.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from app.catalogue.adopted_override import (
    column_mapping,
    overridden,
    why_no_label,
)
from app.catalogue.adopted_table import (
    AdoptedColumn,
    AdoptedTable,
    ColumnKind,
    ColumnMapping,
    DeleteEffect,
    ForeignKey,
)
from app.catalogue.fault import CatalogueError, FaultError, all_placed, listed, placed, shown_word
from app.catalogue.parsed_copy import parsed
from app.catalogue.reported_table import department_faults, reporting_faults
from app.catalogue.reporting import NO_MAPPING
from app.domain.message import Message

TAKEN = Message("the name is taken")
TABLES_FILE = "tables.yaml"
OVERRIDES_FILE = "overrides.yaml"
# What a loader raises besides its own errors at values that only look like numbers and dates.
YAML_ERRORS = (
    yaml.YAMLError,
    OSError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    ArithmeticError,
    RecursionError,
)

# Those in C are many times faster than the pure ones, and a database may have thousands of columns.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Record = AdoptedColumn | AdoptedTable | ForeignKey | ColumnMapping


def read_adopted(folder: Path, taken: Collection[str] = ()) -> dict[str, AdoptedTable]:
    """The adopted tables of a folder by identifier; empty where nothing was adopted.

    An identifier that is ``taken`` would share its rights with something else. Raises
    CatalogueError with every fault, each naming file and place.
    """
    faults: list[Message] = []
    tables = _tables(folder, faults)
    for name in sorted(set(tables) & set(taken)):
        faults.append(placed(f"{TABLES_FILE}: {name}", TAKEN))
    if (folder / TABLES_FILE).is_file():
        _put_over(folder, tables, faults)
    if faults:
        raise CatalogueError(faults)
    return tables


def read_found(folder: Path) -> dict[str, AdoptedTable]:
    """The tables as the database was read, without what people say about them.

    Raises CatalogueError as ``read_adopted`` does.
    """
    faults: list[Message] = []
    tables = _tables(folder, faults)
    if faults:
        raise CatalogueError(faults)
    return tables


def _tables(folder: Path, faults: list[Message]) -> dict[str, AdoptedTable]:
    path = folder / TABLES_FILE
    tables: dict[str, AdoptedTable] = {}
    if not path.is_file():
        return tables
    for place, item in enumerate(_items(path, "tables", list, faults)):
        try:
            table = table_of(item)
        except (KeyError, TypeError, ValueError) as error:
            name = item.get("identifier", place) if isinstance(item, dict) else place
            faults += all_placed(f"{TABLES_FILE}: {name}", _faults_in(error))
            continue
        if table.identifier in tables:
            faults.append(placed(f"{TABLES_FILE}: {table.identifier}", Message("twice")))
        tables[table.identifier] = table
    return tables


def _faults_in(error: Exception) -> list[Message]:
    if isinstance(error, FaultError):
        return error.faults
    return [Message("not as statedata adopt writes it; run it again")]


def read_chosen(folder: Path) -> dict[str | None, tuple[str, ...]]:
    """Schema → the patterns by which its tables were chosen; a schema taken whole is left out.

    Raises CatalogueError where the file cannot be read.
    """
    path = folder / TABLES_FILE
    faults: list[Message] = []
    data = _parsed(path, faults) if path.is_file() else {}
    if faults:
        raise CatalogueError(faults)
    return {each.get("schema"): tuple(each["tables"]) for each in data.get("chosen", ())}


def override_faults(folder: Path, tables: Mapping[str, AdoptedTable]) -> list[Message]:
    """What people's words would be at fault with if the tables were these."""
    faults: list[Message] = []
    _put_over(folder, dict(tables), faults)
    return faults


def with_overrides(folder: Path, tables: Mapping[str, AdoptedTable]) -> dict[str, AdoptedTable]:
    """The tables with people's words put over them, as far as these are not at fault."""
    told = dict(tables)
    _put_over(folder, told, [])
    return told


def write_adopted(
    folder: Path,
    tables: Sequence[AdoptedTable],
    head: str = "",
    chosen: Mapping[str | None, Sequence[str]] | None = None,
) -> Path:
    """Write what was read from a database; returns the file. Overrides are left alone.

    ``chosen`` are the patterns of schemas that were not taken whole (``read_chosen``). ``head`` are
    comment lines that tell readers what the file is. The file is replaced as a whole: whoever reads
    it meanwhile, or after a failure, has the old or the new one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / TABLES_FILE
    content: dict[str, Any] = {"tables": [mapping_of(table) for table in tables]}
    if chosen:
        content["chosen"] = [
            {"schema": schema, "tables": list(patterns)} for schema, patterns in chosen.items()
        ]
    text = yaml.dump(content, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100)
    unfinished = folder / f".{TABLES_FILE}.{os.getpid()}"
    unfinished.write_text(head + text, encoding="utf-8")
    unfinished.replace(path)
    return path


def table_of(item: Mapping[str, Any]) -> AdoptedTable:
    """One table from its mapping; KeyError, TypeError or ValueError names the word at fault."""
    words = dict(_known(item, AdoptedTable))
    if "report" in words:
        told = {"file": OVERRIDES_FILE}
        raise FaultError([Message("report is said by people, in %(file)s", told)])
    words["columns"] = tuple(_column(column) for column in words["columns"])
    words["foreign_keys"] = tuple(_foreign_key(key) for key in words.get("foreign_keys", ()))
    words["unique"] = tuple(tuple(codes) for codes in words.get("unique", ()))
    words["mapping"] = column_mapping(_known(words.get("mapping") or {}, ColumnMapping))
    for word in ("key", "checks", "granted"):
        if word in words:
            words[word] = tuple(words[word])
    table = AdoptedTable(**words)
    _refuse_unknown_codes(table)
    return table


def mapping_of(record: Record) -> dict[str, Any]:
    """A record as plain words, without those that hold their default."""
    words = {}
    for each in fields(record):
        value = getattr(record, each.name)
        if value != _default_of(each):
            words[each.name] = _plain(value)
    if isinstance(record, ColumnMapping) and record.departments:
        words["departments"] = dict(record.departments)
    return words


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, AdoptedColumn | ForeignKey | ColumnMapping):
        return mapping_of(value)
    return value


def _default_of(each: "Field[Any]") -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def _column(item: Mapping[str, Any]) -> AdoptedColumn:
    words = dict(_known(item, AdoptedColumn))
    words["kind"] = ColumnKind(words["kind"])
    words["values"] = tuple(words.get("values", ()))
    return AdoptedColumn(**words)


def _foreign_key(item: Mapping[str, Any]) -> ForeignKey:
    words = dict(_known(item, ForeignKey))
    words["columns"], words["referred"] = tuple(words["columns"]), tuple(words["referred"])
    words["on_delete"] = DeleteEffect(words.get("on_delete", DeleteEffect.REFUSE))
    return ForeignKey(words.pop("columns"), words.pop("schema", None), **words)


def _known(item: Any, record: type) -> Mapping[str, Any]:
    if not isinstance(item, dict):
        raise FaultError([NO_MAPPING])
    unknown = sorted(set(item) - {each.name for each in fields(record)})
    if unknown:
        words = listed([str(word) for word in unknown])
        raise FaultError([Message("unknown words %(words)s", {"words": words})])
    return item


def _refuse_unknown_codes(table: AdoptedTable) -> None:
    masked = [code for code in table.key if code in table.by_code and table.by_code[code].masked]
    if masked:
        # The key stands in addresses and in the log, where nothing masks it.
        told = {"columns": listed(masked)}
        fault = Message("a key cannot be masked: %(columns)s; choose another one by key", told)
        raise FaultError([fault])
    why_not = why_no_label(table)
    if why_not is not None:
        raise FaultError([why_not])
    if len(table.by_code) != len(table.columns):
        raise FaultError([Message("two columns have one code")])
    named = {*table.key, *table.mapping.played}
    named |= {code for key in table.foreign_keys for code in key.columns}
    named |= {code for codes in table.unique for code in codes}
    unknown = sorted(named - set(table.by_code))
    if unknown:
        told = {"columns": listed(unknown)}
        raise FaultError([Message("no such columns: %(columns)s", told)])


def _items(path: Path, section: str, kind: type, faults: list[Message]) -> Any:
    data = _parsed(path, faults)
    if data is None:
        return kind()
    items = data.get(section) if isinstance(data, dict) else None
    if not isinstance(items, kind):
        fault = Message("%(section)s is missing or of another form", {"section": section})
        faults.append(placed(path.name, fault))
        return kind()
    return items


def _parsed(path: Path, faults: list[Message]) -> Any:
    """The content of a file; None, and a fault, where it is not YAML."""
    try:
        data = parsed(path, _yaml)
    except YAML_ERRORS as error:
        faults.append(placed(path.name, _unreadable(error)))
        return None
    return {} if data is None else data


def _unreadable(error: Exception) -> Message:
    """Why a file cannot be read; the parser's own words would be English."""
    if isinstance(error, OSError):
        return Message("the file cannot be read; look at its permissions")
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Message("not correct YAML; what looks like a number or a date belongs in quotes")
    return Message("line %(line)s is not correct YAML", {"line": mark.line + 1})


def _yaml(content: bytes) -> Any:
    return yaml.load(content, Loader=_LOADER)  # noqa: S506 - a safe loader, see above


def _put_over(folder: Path, tables: dict[str, AdoptedTable], faults: list[Message]) -> None:
    """Put people's words, where there are any, over those of the database."""
    path = folder / OVERRIDES_FILE
    if path.is_file():
        for identifier, words in _items(path, "tables", dict, faults).items():
            _override(tables, identifier, words, faults)


def _override(
    tables: dict[str, AdoptedTable], identifier: Any, words: Any, faults: list[Message]
) -> None:
    """Put people's words over those of the database; a fault leaves the table as it was."""
    table = tables.get(identifier) if isinstance(identifier, str) else None
    place = f"{OVERRIDES_FILE}: {shown_word(identifier)}"
    if table is None:
        faults.append(placed(place, Message("there is no such table")))
        return
    found: list[Message] = []
    try:
        changed, found = overridden(table, words)
        _refuse_unknown_codes(changed)
        found = [*found, *reporting_faults(changed, knows_period=not found)]
        found += department_faults(changed)
    except FaultError as error:
        found = [*found, *error.faults]
    if not found:
        tables[identifier] = changed
    faults += all_placed(place, found)
