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

from app.catalogue.adopted_override import OverrideError, overridden, shown_word, why_no_label
from app.catalogue.adopted_table import (
    AdoptedColumn,
    AdoptedTable,
    ColumnKind,
    ColumnMapping,
    DeleteEffect,
    ForeignKey,
)
from app.catalogue.loader import CatalogueError
from app.catalogue.parsed_copy import parsed
from app.catalogue.reported_table import refuse_faulty_reporting

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
    faults: list[str] = []
    tables = _tables(folder, faults)
    faults += [f"{TABLES_FILE}: {name}: taken" for name in sorted(set(tables) & set(taken))]
    if (folder / TABLES_FILE).is_file():
        _put_over(folder, tables, faults)
    if faults:
        raise CatalogueError(faults)
    return tables


def read_found(folder: Path) -> dict[str, AdoptedTable]:
    """The tables as the database was read, without what people say about them.

    Raises CatalogueError as ``read_adopted`` does.
    """
    faults: list[str] = []
    tables = _tables(folder, faults)
    if faults:
        raise CatalogueError(faults)
    return tables


def _tables(folder: Path, faults: list[str]) -> dict[str, AdoptedTable]:
    path = folder / TABLES_FILE
    tables: dict[str, AdoptedTable] = {}
    if not path.is_file():
        return tables
    for place, item in enumerate(_items(path, "tables", list, faults)):
        try:
            table = table_of(item)
        except (KeyError, TypeError, ValueError) as error:
            name = item.get("identifier", place) if isinstance(item, dict) else place
            faults.append(f"{TABLES_FILE}: {name}: {error}")
            continue
        if table.identifier in tables:
            faults.append(f"{TABLES_FILE}: {table.identifier}: twice")
        tables[table.identifier] = table
    return tables


def read_chosen(folder: Path) -> dict[str | None, tuple[str, ...]]:
    """Schema → the patterns by which its tables were chosen; a schema taken whole is left out.

    Raises CatalogueError where the file cannot be read.
    """
    path = folder / TABLES_FILE
    faults: list[str] = []
    data = _parsed(path, faults) if path.is_file() else {}
    if faults:
        raise CatalogueError(faults)
    return {each.get("schema"): tuple(each["tables"]) for each in data.get("chosen", ())}


def override_faults(folder: Path, tables: Mapping[str, AdoptedTable]) -> list[str]:
    """What people's words would be at fault with if the tables were these."""
    faults: list[str] = []
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
        raise ValueError(f"report is said by people, in {OVERRIDES_FILE}")
    words["columns"] = tuple(_column(column) for column in words["columns"])
    words["foreign_keys"] = tuple(_foreign_key(key) for key in words.get("foreign_keys", ()))
    words["unique"] = tuple(tuple(codes) for codes in words.get("unique", ()))
    words["mapping"] = ColumnMapping(**_known(words.get("mapping") or {}, ColumnMapping))
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
        raise TypeError("not a mapping")
    unknown = sorted(set(item) - {each.name for each in fields(record)})
    if unknown:
        raise ValueError(f"unknown words {', '.join(map(str, unknown))}")
    return item


def _refuse_unknown_codes(table: AdoptedTable) -> None:
    masked = [code for code in table.key if code in table.by_code and table.by_code[code].masked]
    if masked:
        # The key stands in addresses and in the log, where nothing masks it.
        raise ValueError(f"a key cannot be masked: {', '.join(masked)}; choose another one by key")
    fault = why_no_label(table)
    if fault is not None:
        raise ValueError(fault)
    if len(table.by_code) != len(table.columns):
        raise ValueError("two columns have one code")
    played = [getattr(table.mapping, each.name) for each in fields(ColumnMapping)]
    named = {*table.key, *(code for code in played if code)}
    named |= {code for key in table.foreign_keys for code in key.columns}
    named |= {code for codes in table.unique for code in codes}
    unknown = sorted(named - set(table.by_code))
    if unknown:
        raise ValueError(f"no such columns: {', '.join(unknown)}")


def _items(path: Path, section: str, kind: type, faults: list[str]) -> Any:
    data = _parsed(path, faults)
    if data is None:
        return kind()
    items = data.get(section) if isinstance(data, dict) else None
    if not isinstance(items, kind):
        faults.append(f"{path.name}: {section} is missing or of another form")
        return kind()
    return items


def _parsed(path: Path, faults: list[str]) -> Any:
    """The content of a file; None, and a fault, where it is not YAML."""
    try:
        data = parsed(path, _yaml)
    except YAML_ERRORS as error:
        faults.append(f"{path.name}: not readable as YAML: {error}")
        return None
    return {} if data is None else data


def _yaml(content: bytes) -> Any:
    return yaml.load(content, Loader=_LOADER)  # noqa: S506 - a safe loader, see above


def _put_over(folder: Path, tables: dict[str, AdoptedTable], faults: list[str]) -> None:
    """Put people's words, where there are any, over those of the database."""
    path = folder / OVERRIDES_FILE
    if path.is_file():
        for identifier, words in _items(path, "tables", dict, faults).items():
            _override(tables, identifier, words, faults)


def _override(
    tables: dict[str, AdoptedTable], identifier: Any, words: Any, faults: list[str]
) -> None:
    """Put people's words over those of the database; a fault leaves the table as it was."""
    table = tables.get(identifier) if isinstance(identifier, str) else None
    place = f"{OVERRIDES_FILE}: {shown_word(identifier)}"
    if table is None:
        faults.append(f"{place}: there is no such table")
        return
    try:
        changed = overridden(table, words)
        _refuse_unknown_codes(changed)
        refuse_faulty_reporting(changed)
    except OverrideError as error:
        faults += [f"{place}: {fault}" for fault in error.faults]
    except ValueError as error:
        faults.append(f"{place}: {error}")
    else:
        tables[identifier] = changed
