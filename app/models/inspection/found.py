"""What a database says about its tables, in the database's own names, before codes are given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from app.catalogue.adopted_table import DeleteEffect, ForeignKey
from app.models.inspection.stored_type import ColumnType

Row = Mapping[str, Any]
# The words of SQL; what is left to a default value loses its reference as well.
DELETE_RULES = {
    "CASCADE": DeleteEffect.CASCADE,
    "SET NULL": DeleteEffect.SET_NULL,
    "SET DEFAULT": DeleteEffect.SET_NULL,
}
SELECT, INSERT, UPDATE, DELETE = "SELECT", "INSERT", "UPDATE", "DELETE"
EVERYTHING = frozenset({SELECT, INSERT, UPDATE, DELETE})


@dataclass(frozen=True)
class FoundColumn:
    """One column; ``granted`` are the statements the account may use on it, in capitals."""

    name: str
    stored: str
    type: ColumnType
    nullable: bool = True
    default: str | None = None
    generated: bool = False
    counted: bool = False
    comment: str = ""
    granted: frozenset[str] = EVERYTHING

    @property
    def required(self) -> bool:
        """Whether a new row has to bring a value."""
        return not (self.nullable or self.generated or self.counted or self.default is not None)


@dataclass(frozen=True)
class FoundTable:
    """One table or view.

    ``schema`` is None for the connection's own. ``foreign_keys`` name columns by their names, not
    by codes. ``unique`` are the unique keys beside the primary one.
    """

    schema: str | None
    name: str
    columns: tuple[FoundColumn, ...]
    is_view: bool = False
    comment: str = ""
    primary: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[str, ...] = ()
    may_delete: bool = True
    transactional: bool = True


def rows_of(connection: Connection, statement: str, **parameters: object) -> list[Row]:
    """The rows of a statement with bound ``parameters``."""
    return [dict(row) for row in connection.execute(text(statement), parameters).mappings()]


def effect_of(rule: str | None) -> DeleteEffect:
    """What a rule ON DELETE means for the rows that name a deleted one."""
    return DELETE_RULES.get((rule or "").upper(), DeleteEffect.REFUSE)


def grouped(rows: Iterable[Row], *names: str) -> dict[Any, list[Row]]:
    """Rows by the values of ``names`` (one name: by its value), in their order."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        key = row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)
        groups.setdefault(key, []).append(row)
    return groups
