"""Remembering how the columns of a department's files were matched with fields."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_not_write
from app.actions.audit_log import Deed, record
from app.domain.message import refuse
from app.models.base_table import StoredTable
from app.models.column_mapping import ColumnMapping
from app.models.database import writing

# So many kinds of files of one department are known for one table; the newest stay.
MOST_REMEMBERED = 20
LONGEST_NAME = 64
LONGEST_TOLD = 200
TAG = "column_mapping.remember"


def remember_mapping(
    session: Session,
    stored: StoredTable,
    department: str,
    signature: str,
    columns: Mapping[str, str | None],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Keep what the headings of this signature mean. Raises Refused for whoever may not import.

    ``columns`` maps the keys of headings to field codes, None for a heading that is left out.
    """
    refuse(why_not_write(by, stored, "import", department))
    table = stored.spec.identifier
    with writing(session):
        own = (
            ColumnMapping.table_identifier == table,
            ColumnMapping.department_code == department,
        )
        known = session.scalars(select(ColumnMapping).where(*own).with_for_update()).all()
        found = next((one for one in known if one.signature == signature), None)
        if found is not None and found.columns == dict(columns):
            return
        for one in _forgotten([one for one in known if one is not found]):
            session.delete(one)
        kept = found or ColumnMapping(
            table_identifier=table, department_code=department, signature=signature
        )
        kept.columns = dict(columns)
        kept.changed_at, kept.changed_by = now, by.name[:LONGEST_NAME]
        session.add(kept)
        deed = Deed(TAG, f"table:{table}", department=department, after=_told(columns))
        record(session, deed, by=by, now=now)
        session.commit()


def _forgotten(others: Sequence[ColumnMapping]) -> Sequence[ColumnMapping]:
    """The oldest ones, where there is no room for one more."""
    oldest_first = sorted(others, key=lambda one: one.changed_at)
    return oldest_first[: max(len(others) - MOST_REMEMBERED + 1, 0)]


def _told(columns: Mapping[str, str | None]) -> str:
    """What was matched with what, as far as an entry of the log holds it."""
    pairs = (f"{key.rpartition('#')[0]} → {code or '-'}" for key, code in columns.items())
    return "; ".join(pairs)[:LONGEST_TOLD]
