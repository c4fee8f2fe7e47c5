"""Which adopted tables name rows of which, by the foreign keys that were adopted with them."""

from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, select, tuple_

from app.catalogue.adopted_table import DeleteEffect, ForeignKey
from app.models.adopted_table import LiveTable

# Tables that a deletion is followed through.
LONGEST_PATH = 5


def names(foreign: ForeignKey, live: LiveTable) -> bool:
    """Whether the foreign key names rows of this table."""
    return (foreign.schema, foreign.table) == (live.spec.schema, live.spec.name)


def naming(
    adopted: Mapping[str, LiveTable], live: LiveTable
) -> Iterator[tuple[LiveTable, ForeignKey]]:
    """The tables that name rows of this one, with every foreign key by which they do."""
    for other in adopted.values():
        for foreign in other.spec.foreign_keys:
            if names(foreign, live):
                yield other, foreign


def naming_condition(
    other: LiveTable, foreign: ForeignKey, live: LiveTable, condition: ColumnElement[bool]
) -> ColumnElement[bool] | None:
    """The rows of ``other`` that name rows of ``live`` which fulfil the condition.

    None where the key names a column that was not adopted.
    """
    codes = {column.name: column.code for column in live.spec.columns}
    if not set(foreign.referred) <= codes.keys():
        return None
    referred = [live.columns[codes[name]] for name in foreign.referred]
    named = select(select(*referred).where(condition).subquery())
    columns = [other.columns[code] for code in foreign.columns]
    return columns[0].in_(named) if len(columns) == 1 else tuple_(*columns).in_(named)


def reaches_reported(adopted: Mapping[str, LiveTable], live: LiveTable) -> bool:
    """Whether deleting rows of this table may delete or empty rows of one that is reported."""
    seen, ahead = {live.spec.identifier}, [live]
    while ahead:
        for other, foreign in naming(adopted, ahead.pop()):
            if foreign.on_delete is DeleteEffect.REFUSE:
                continue
            if other.spec.report is not None:
                return True
            if foreign.on_delete is DeleteEffect.CASCADE and other.spec.identifier not in seen:
                seen.add(other.spec.identifier)
                ahead.append(other)
    return False
