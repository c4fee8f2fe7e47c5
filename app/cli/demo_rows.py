"""Reading the demo college's rows: one CSV per table and year."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.actions.row_change import INSERT, Change
from app.catalogue.base_table import FieldType, TableSpec
from app.catalogue.catalogue import Catalogue

# Columns of the files that are not fields.
PLACE_COLUMNS = {"department", "person"}


@dataclass(frozen=True)
class DemoRows:
    """The rows one department enters in one table."""

    table: str
    department: str
    changes: list[Change]


def read_demo_rows(folder: Path, catalogue: Catalogue, slot: str, years: int) -> Iterator[DemoRows]:
    """Every table that has a file for ``slot``, department by department.

    Dates move by whole ``years``; those about a person stay, because id
    numbers contain them.
    """
    for spec in catalogue.tables.values():
        path = folder / spec.identifier / f"{slot}.csv"
        if not path.exists():
            continue
        by_department: dict[str, list[Change]] = {}
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                values = {c: v or None for c, v in row.items() if c not in PLACE_COLUMNS}
                change = Change(INSERT, _moved(spec, values, years))
                by_department.setdefault(row["department"], []).append(change)
        for department, changes in by_department.items():
            yield DemoRows(spec.identifier, department, changes)


def _moved(spec: TableSpec, values: Mapping[str, str | None], years: int) -> dict[str, object]:
    moved: dict[str, object] = dict(values)
    for code, value in values.items():
        field = spec.by_code[code]
        if value is None or field.personal or years == 0:
            continue
        if field.type is FieldType.YEARMONTH:
            moved[code] = f"{int(value[:4]) + years}{value[4:]}"
        elif field.type is FieldType.DATE:
            day = date.fromisoformat(value)
            last = 28 if (day.month, day.day) == (2, 29) else day.day
            moved[code] = date(day.year + years, day.month, last).isoformat()
    return moved
