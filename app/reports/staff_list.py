"""The list of staff as the college keeps it in the base table that the catalogue marks."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.message import Message, Reason, Refused
from app.domain.staff_list import StaffRow, StaffRows
from app.models.base_table import Store


def read_staff_rows(session: Session, store: Store) -> StaffRows:
    """Who works here according to the marked base table, in its latest period with rows.

    Only number, name and department are read, whoever asks: the platform's own
    list of people holds the same. Refused where no table is marked or it is empty.
    """
    spec = store.catalogue.staff_list
    if spec is None or spec.staff_list is None:
        raise Refused(
            Message("No base table is marked as the list of staff in the catalogue. Use a file."),
            Reason.INVALID,
        )
    stored, fields = store.tables[spec.identifier], spec.staff_list
    number, name = stored.columns[fields.number], stored.columns[fields.name]
    department = stored.columns[fields.department]
    query = select(number, name, department).order_by(number)
    if stored.period is not None:
        latest = select(func.max(stored.period)).scalar_subquery()
        query = query.where(stored.period == latest)
    if fields.status is not None and fields.left:
        status = stored.columns[fields.status]
        query = query.where(status.is_(None) | status.not_in(fields.left))
    rows = tuple(
        StaffRow(position, str(row[0]), row[1], row[2])
        for position, row in enumerate(session.execute(query), start=1)
    )
    if not rows:
        raise Refused(
            Message("Table %(table)s has no rows yet. Use a file.", {"table": spec.title}),
            Reason.INVALID,
        )
    return StaffRows(rows)
