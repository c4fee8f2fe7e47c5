"""What PostgreSQL says about the tables of a schema, from its system catalogue.

One statement for all tables of each thing asked. ``information_schema`` would hide what belongs
to others and knows neither materialised views nor comments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.catalogue.adopted_table import ColumnKind, ForeignKey
from app.domain.message import Message
from app.models.inspection.check import closed_list
from app.models.inspection.found import (
    INSERT,
    SELECT,
    UPDATE,
    FoundColumn,
    FoundTable,
    Row,
    effect_of,
    grouped,
    rows_of,
)
from app.models.inspection.stored_type import OPAQUE, ColumnType, postgresql_type

# Tables, partitioned and foreign ones, views, materialised views; parts of a partitioned table and
# what belongs to an extension are left out.
TABLES = """
    SELECT c.oid AS number, c.relname AS name, c.relkind IN ('v', 'm') AS is_view,
        obj_description(c.oid, 'pg_class') AS comment,
        has_table_privilege(c.oid, 'DELETE') AS may_delete
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
            AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname
"""
COLUMNS = """
    SELECT a.attrelid AS in_table, a.attname AS name, a.atttypid AS type_number,
        format_type(a.atttypid, a.atttypmod) AS stored, a.attnotnull AS filled,
        a.attidentity AS identity, a.attgenerated AS generated,
        pg_get_expr(d.adbin, d.adrelid) AS standard,
        col_description(a.attrelid, a.attnum) AS comment,
        has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS may_select,
        has_column_privilege(a.attrelid, a.attnum, 'INSERT') AS may_insert,
        has_column_privilege(a.attrelid, a.attnum, 'UPDATE') AS may_update
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
        AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum
"""
TYPES = """
    SELECT t.oid AS number, t.typname AS name, t.typtype AS kind, t.typbasetype AS base,
        format_type(t.typbasetype, t.typtypmod) AS base_stored, t.typnotnull AS filled,
        n.nspname = 'pg_catalog' OR t.typname = 'citext' AS is_known
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
"""
LABELS = "SELECT enumtypid AS number, enumlabel AS label FROM pg_enum ORDER BY 1, enumsortorder"
DOMAIN_CHECKS = """
    SELECT contypid AS number, pg_get_expr(conbin, 0) AS clause FROM pg_constraint
    WHERE contype = 'c' AND contypid <> 0
"""
UNIQUE_KEYS = """
    SELECT i.indrelid AS in_table, i.indexrelid AS key_number, i.indisprimary AS is_primary,
        a.attname AS name
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE n.nspname = :schema AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
        AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
    ORDER BY i.indrelid, i.indexrelid, k.place
"""
FOREIGN_KEYS = """
    SELECT f.conrelid AS in_table, f.oid AS key_number, a.attname AS name,
        tn.nspname AS to_schema, t.relname AS to_table, ta.attname AS to_name,
        CASE f.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'
            WHEN 'd' THEN 'SET DEFAULT' END AS on_delete
    FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class t ON t.oid = f.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
        CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k(own, other, place)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.own
        JOIN pg_attribute ta ON ta.attrelid = f.confrelid AND ta.attnum = k.other
    WHERE n.nspname = :schema AND f.contype = 'f' AND f.conparentid = 0
    ORDER BY f.conrelid, f.conname, k.place
"""
CHECKS = """
    SELECT k.conrelid AS in_table, pg_get_expr(k.conbin, k.conrelid) AS clause
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND k.contype = 'c' ORDER BY k.conrelid, k.conname
"""


@dataclass(frozen=True)
class Types:
    """The types of a database by their numbers."""

    rows: Mapping[int, Row]
    labels: Mapping[int, Sequence[Row]]
    checks: Mapping[int, Sequence[Row]]

    def type_of(self, number: int, stored: str) -> ColumnType:
        """What a column of this type holds; domains are what they are made of."""
        row = self.rows[number]
        if row["kind"] == "d":
            values = self._values_of_domain(number)
            if values:
                return ColumnType(ColumnKind.CHOICE, values=values)
            return self.type_of(row["base"], row["base_stored"])
        if row["kind"] == "e":
            values = tuple(label["label"] for label in self.labels.get(number, ()))
            return ColumnType(ColumnKind.CHOICE, values=values)
        return postgresql_type(row["name"], stored) if row["is_known"] else OPAQUE

    def filled(self, number: int) -> bool:
        """Whether a domain, or one it is made of, forbids gaps."""
        row = self.rows[number]
        return row["kind"] == "d" and (row["filled"] or self.filled(row["base"]))

    def _values_of_domain(self, number: int) -> tuple[str, ...]:
        lists = (closed_list(check["clause"]) for check in self.checks.get(number, ()))
        return next((found[1] for found in lists if found and found[0] == "VALUE"), ())


def own_schema(connection: Connection) -> str | None:
    """The first schema of the search path that there is."""
    found: str | None = connection.exec_driver_sql("SELECT current_schema()").scalar()
    return found


def has_schema(connection: Connection, schema: str) -> bool:
    """Whether there is a schema of this name that the account may use."""
    statement = """
        SELECT 1 FROM pg_namespace
        WHERE nspname = :schema AND has_schema_privilege(oid, 'USAGE')
    """
    return bool(rows_of(connection, statement, schema=schema))


def read_tables(
    connection: Connection, schema: str, own: str | None
) -> tuple[list[FoundTable], dict[str, Message]]:
    """Every table, view and materialised view of ``schema``; ``own`` is the connection's."""
    types = Types(
        {row["number"]: row for row in rows_of(connection, TYPES)},
        grouped(rows_of(connection, LABELS), "number"),
        grouped(rows_of(connection, DOMAIN_CHECKS), "number"),
    )
    columns = grouped(rows_of(connection, COLUMNS, schema=schema), "in_table")
    keys = grouped(rows_of(connection, UNIQUE_KEYS, schema=schema), "in_table")
    foreign = grouped(rows_of(connection, FOREIGN_KEYS, schema=schema), "in_table")
    checks = grouped(rows_of(connection, CHECKS, schema=schema), "in_table")
    tables = []
    for row in rows_of(connection, TABLES, schema=schema):
        number = row["number"]
        unique = list(grouped(keys.get(number, ()), "key_number").values())
        tables.append(
            FoundTable(
                schema=None if schema == own else schema,
                name=row["name"],
                columns=tuple(_column(column, types) for column in columns.get(number, ())),
                is_view=row["is_view"],
                comment=row["comment"] or "",
                primary=next((_names(key) for key in unique if key[0]["is_primary"]), ()),
                unique=tuple(_names(key) for key in unique if not key[0]["is_primary"]),
                foreign_keys=_foreign_keys(foreign.get(number, ()), own),
                checks=tuple(check["clause"] for check in checks.get(number, ())),
                may_delete=row["may_delete"],
            )
        )
    return tables, {}


def _column(row: Row, types: Types) -> FoundColumn:
    rights = {SELECT: row["may_select"], INSERT: row["may_insert"], UPDATE: row["may_update"]}
    standard = row["standard"]
    return FoundColumn(
        name=row["name"],
        stored=row["stored"],
        type=types.type_of(row["type_number"], row["stored"]),
        nullable=not (row["filled"] or types.filled(row["type_number"])),
        default=standard,
        # GENERATED ALWAYS AS IDENTITY (a) refuses whatever is typed, like a worked out column.
        generated=bool(row["generated"]) or row["identity"] == "a",
        counted=bool(row["identity"]) or (standard or "").startswith("nextval("),
        comment=row["comment"] or "",
        granted=frozenset(word for word, may in rights.items() if may),
    )


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row["name"] for row in rows)


def _foreign_keys(rows: Sequence[Row], own: str | None) -> tuple[ForeignKey, ...]:
    return tuple(
        ForeignKey(
            columns=_names(key),
            schema=None if key[0]["to_schema"] == own else key[0]["to_schema"],
            table=key[0]["to_table"],
            referred=tuple(row["to_name"] for row in key),
            on_delete=effect_of(key[0]["on_delete"]),
        )
        for key in grouped(rows, "key_number").values()
    )
