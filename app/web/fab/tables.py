"""The framework's tables, made fit for our databases before anything uses them.

Importing this module repairs them, so it comes first in ``bootstrap`` and ``migrations/env.py``:

* With SQLAlchemy 2.1 the framework's ``Sequence`` defaults become real sequences on MariaDB,
  which migrations miss and Galera refuses; AUTO_INCREMENT serves every database alike.
* Its constraints have no names, so a migration could never drop one.
* Names of people and roles are compared exactly, as in our own tables.
"""

from flask_appbuilder import Model
from flask_appbuilder.security.sqla import models as security_models
from sqlalchemy import (
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    UniqueConstraint,
)
from sqlalchemy.sql.schema import ColumnCollectionConstraint

from app.models.database import TABLE_OPTIONS

User = security_models.User
PREFIXES: dict[type[ColumnCollectionConstraint], str] = {
    PrimaryKeyConstraint: "pk",
    UniqueConstraint: "uq",
    ForeignKeyConstraint: "fk",
}


def repaired(metadata: MetaData) -> MetaData:
    """``metadata`` without sequences, with exact comparison and names for all constraints."""
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.default, Sequence):
                column.default = None
                column.autoincrement = True
        table.dialect_kwargs.update(TABLE_OPTIONS)
        _name_constraints(table)
    metadata._sequences.clear()
    return metadata


def _name_constraints(table: Table) -> None:
    for constraint in table.constraints:
        if not isinstance(constraint, ColumnCollectionConstraint) or constraint.name:
            continue
        prefix = PREFIXES[type(constraint)]
        # Primary keys keep a short name: MariaDB calls every one of them PRIMARY anyway.
        columns = [] if prefix == "pk" else [column.name for column in constraint.columns]
        constraint.name = "_".join([prefix, table.name, *columns])


FRAMEWORK_METADATA = repaired(Model.metadata)
