"""The row that something is attached to, in the transaction that attaches it."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.access.policies import why_locked, why_not_read, why_not_write
from app.access.scopes import RowScope, condition, read_scope, write_scope
from app.actions.contributed_row import refuse_marked_row
from app.actions.record_guard import refuse_closed_row
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import identity_of, standing_of
from app.models.comment import Comment
from app.models.supporting_material import SupportingMaterial

ATTACHED = (Comment, SupportingMaterial)


@dataclass(frozen=True)
class AttachedRow:
    """A stored row: where it stands now, and its values."""

    stored: StoredTable
    id: str
    row: RowMapping

    @property
    def table(self) -> str:
        """The identifier of its table."""
        return self.stored.spec.identifier

    @property
    def period(self) -> str:
        """The code of its period."""
        return "" if self.stored.period is None else str(self.row[self.stored.period])

    @property
    def department(self) -> str:
        """The code of its department."""
        return "" if self.stored.department is None else str(self.row[self.stored.department])


def find_readable_row(
    session: Session, store: Store, table: str, row_id: str, *, by: Actor
) -> AttachedRow:
    """The row, as far as the actor may read it. Raises Refused (forbidden, not found)."""
    stored = stored_table(store, table)
    refuse(why_not_read(by, stored))
    return _find(session, stored, row_id, read_scope(by, stored))


def find_editable_row(
    session: Session, store: Store, table: str, row_id: str, *, by: Actor, for_update: bool = True
) -> AttachedRow:
    """The row, as far as the actor may change it now; its submission stays locked meanwhile.

    Who only asks whether he might locks nothing. Raises Refused: forbidden, not found, locked.
    """
    found = find_readable_row(session, store, table, row_id, by=by)
    refuse(why_not_write(by, found.stored, "edit", found.department))
    place = (found.stored, found.period, found.department)
    # Whoever settles a request or a record holds the submission: so what is read now stands.
    standing = standing_of(session, *place, for_update=for_update)
    found = _find(session, found.stored, row_id, write_scope(by, found.stored, "edit"))
    refuse_marked_row(session, found.table, row_id, found.period, found.department, by=by)
    locked = why_locked(standing.cycle, standing.submission, is_assigned=standing.is_assigned)
    refuse(locked, Reason.LOCKED)
    if standing.cycle is not None:
        refuse_closed_row(session, found.stored, found.row, standing.cycle, by=by)
    return found


def stored_table(store: Store, table: str) -> StoredTable:
    """The base table of this identifier. Raises Refused (not found)."""
    stored = store.tables.get(table)
    if stored is None:
        raise Refused(
            Message("There is no base table %(table)s.", {"table": table}), Reason.NOT_FOUND
        )
    return stored


def refuse_field(found: AttachedRow, field: str, by: Actor) -> None:
    """Raise Refused where the table has no such field, or its values are not shown to the actor."""
    if not field:
        return
    if field not in found.stored.columns:
        raise Refused(
            Message(
                "Table %(table)s has no field %(field)s. Nothing was saved.",
                {"table": found.stored.spec.title, "field": field},
            ),
            Reason.INVALID,
        )
    values = found.stored.values_of(found.row)
    if field in hidden_in_row(by, found.stored, found.department, values):
        raise Refused(
            Message(
                "The field %(field)s is masked for you, so nothing can be attached to it.",
                {"field": found.stored.spec.by_code[field].label},
            )
        )


def move_attachments(
    session: Session, table: str, period: str, departments: tuple[str, str]
) -> None:
    """What is attached goes with the rows from one department to another; the caller commits."""
    source, target = departments
    for kind in ATTACHED:
        session.execute(
            update(kind)
            .where(
                kind.table_identifier == table,
                kind.period == period,
                kind.department_code == source,
            )
            .values(department_code=target)
            .execution_options(synchronize_session=False)
        )


def _find(session: Session, stored: StoredTable, row_id: str, scope: RowScope) -> AttachedRow:
    missing = Refused(Message("There is no such row in your scope."), Reason.NOT_FOUND)
    identity = identity_of(stored, row_id)
    if identity is None:
        raise missing
    query = select(stored.table).where(condition(scope, stored))
    for column, value in zip(stored.identity, identity, strict=True):
        query = query.where(column == value)
    row = session.execute(query).mappings().first()
    if row is None:
        raise missing
    return AttachedRow(stored, row_id, row)
