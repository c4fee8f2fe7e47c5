"""Which supporting materials there are: of a row, of a submission, of the rows of a page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields, hidden_in_row
from app.access.person import Actor
from app.access.scopes import read_scope
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import present_rows
from app.models.snapshot import Snapshot
from app.models.submission import Submission
from app.models.supporting_material import (
    SnapshotMaterial,
    SupportingMaterial,
    count_materials,
)
from app.reports.base_table import read_row
from app.reports.place import find_table


@dataclass(frozen=True)
class ReportedMaterial:
    """A material of a submission: what its row is called, and how it stands to the report.

    ``is_handed_over``: the submission was last finished with it; ``is_removed``: it was taken off
    its row since.
    """

    material: SupportingMaterial
    values: Mapping[str, object]
    is_handed_over: bool

    @property
    def is_removed(self) -> bool:
        """Whether it belongs to the report alone by now."""
        return self.material.removed_at is not None


def materials_of_row(
    session: Session, store: Store, table: str, actor: Actor, row_id: str
) -> list[SupportingMaterial]:
    """The materials of a row in the actor's scope, without those of masked fields."""
    stored = find_table(store, table)
    row = read_row(session, store, table, actor, row_id).row
    hidden = hidden_in_row(actor, stored, row.department, row.values)
    query = (
        select(SupportingMaterial)
        .where(
            SupportingMaterial.table_identifier == table,
            SupportingMaterial.row_id == row_id,
            SupportingMaterial.removed_at.is_(None),
        )
        .order_by(SupportingMaterial.id)
    )
    return [each for each in session.scalars(query) if each.field_code not in hidden]


def material_marks(
    session: Session, table: str, row_ids: Collection[str]
) -> dict[str, dict[str, int]]:
    """Row id → field code (empty for the row) → how many materials; rows without are left out."""
    return count_materials(session, table, row_ids)


def materials_of_submission(
    session: Session, stored: StoredTable, actor: Actor, submission: Submission
) -> list[ReportedMaterial]:
    """What the submission was last finished with, and what has been added since.

    Nothing for whoever does not read all rows of the department.
    """
    department = submission.department_code
    if not read_scope(actor, stored).covers_department(department):
        return []
    handed_over = _handed_over(session, submission)
    query = (
        select(SupportingMaterial)
        .where(
            SupportingMaterial.table_identifier == submission.table_identifier,
            SupportingMaterial.period == submission.period,
            SupportingMaterial.department_code == department,
        )
        .order_by(SupportingMaterial.row_id, SupportingMaterial.field_code, SupportingMaterial.id)
    )
    hidden = hidden_fields(actor, stored, department)
    found = [
        each
        for each in session.scalars(query)
        if each.field_code not in hidden and (each.removed_at is None or each.id in handed_over)
    ]
    rows = present_rows(session, stored, {each.row_id for each in found}) if found else {}
    values = {row_id: stored.values_of(row) for row_id, row in rows.items()}
    return [
        ReportedMaterial(each, values.get(each.row_id, {}), each.id in handed_over)
        for each in found
        if each.row_id in rows or each.id in handed_over
    ]


def _handed_over(session: Session, submission: Submission) -> set[int]:
    """The materials the submission was last finished with."""
    query = (
        select(SnapshotMaterial.submission_version, SnapshotMaterial.material_id)
        .join(Snapshot, Snapshot.id == SnapshotMaterial.snapshot_id)
        .where(Snapshot.submission_id == submission.id)
    )
    found: Sequence[tuple[int, int]] = [(row[0], row[1]) for row in session.execute(query)]
    last = max((version for version, _material in found), default=0)
    return {material for version, material in found if version == last}
