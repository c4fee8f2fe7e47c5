"""One chain of migrations over the framework's tables and the platform's own.

Run by ``app.cli.migration``, which hands the open connection over in ``config.attributes``.
Managed base tables (``bt_…``) are made from the catalogue and are no part of the chain; nor is what
another system has in the same database.
"""

# The framework's tables are repaired before anything else looks at them.
from app.web.fab.tables import FRAMEWORK_METADATA  # isort: skip

import importlib
import pkgutil
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Enum, LargeBinary
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from app import models
from app.models.database import Base, Timestamp

OWN_PREFIXES = ("sd_", "ab_")
CAPACITIES: dict[type[Any], int] = {mysql.MEDIUMBLOB: 2**24 - 1, mysql.LONGBLOB: 2**32 - 1}

# Every module of the room declares its tables when it is loaded.
for module in pkgutil.iter_modules(models.__path__):
    importlib.import_module(f"{models.__name__}.{module.name}")


def is_in_chain(
    _item: object, name: str | None, kind: str, _reflected: object, _other: object
) -> bool:
    """Leave all but the platform's and the framework's tables out; only tables are judged."""
    return kind != "table" or (name or "").startswith(OWN_PREFIXES)


def render_item(kind: str, item: object, _autogenerate: AutogenContext) -> str | bool:
    """Write our types as what they are in SQL: a migration must not change with our classes."""
    if kind != "type":
        return False
    if isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"
    return "TIMESTAMP" if isinstance(item, Timestamp) else False


def is_other_type(
    _context: MigrationContext,
    _inspected: Column[Any],
    _declared: Column[Any],
    inspected_type: TypeEngine[Any],
    declared_type: TypeEngine[Any],
) -> bool | None:
    """Compare large binaries by what fits in; MySQL names them by size. None: as alembic does."""
    capacity = CAPACITIES.get(type(inspected_type))
    if capacity is None or not isinstance(declared_type, LargeBinary):
        return None
    return capacity < (declared_type.length or 0)


def run() -> None:
    """Run the migrations on the connection that was handed over."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=[FRAMEWORK_METADATA, Base.metadata],
        include_object=is_in_chain,
        render_item=render_item,
        compare_type=is_other_type,
        # SQLite cannot alter a table: alembic copies it instead.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
