"""Which supporting materials there are: of a row, of a submission, of the rows of a page."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields, hidden_in_row
from app.access.person import Actor
from app.access.scopes import read_scope
from app.models.base_table import Store, StoredTable
from app.models.snapshot import Snapshot
from app.models.submission import Submission
from app.models.supporting_material import (
    SnapshotMaterial,
    SupportingMaterial,
)
from app.reports.base_table import read_row
from app.reports.place import find_table


@dataclass(frozen=True)
class ReportedMaterial:
    """A material of a submission, and how it stands to the report.

    ``is_handed_over``: the submission was last finished with it; ``is_removed``: it was taken off
    its row since.
    """

    material: SupportingMaterial
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


def materials_of_submission(
    session: Session, stored: StoredTable, actor: Actor, submission: Submission
) -> list[ReportedMaterial]:
    """What the submission was last finished with, and what has been added since.

    Nothing for whoever does not read all rows of the department.
    """
    department = submission.department_code
    if not read_scope(actor, stored).covers_department(department):
        return []
    finished = (
        select(SnapshotMaterial.material_id, SnapshotMaterial.submission_version)
        .join(Snapshot, Snapshot.id == SnapshotMaterial.snapshot_id)
        .where(Snapshot.submission_id == submission.id)
        .subquery()
    )
    query = (
        select(SupportingMaterial, finished.c.submission_version)
        .join(finished, finished.c.material_id == SupportingMaterial.id, isouter=True)
        .where(
            SupportingMaterial.table_identifier == submission.table_identifier,
            SupportingMaterial.period == submission.period,
            SupportingMaterial.department_code == department,
        )
        .order_by(SupportingMaterial.row_id, SupportingMaterial.field_code, SupportingMaterial.id)
    )
    found: dict[int, SupportingMaterial] = {}
    versions: dict[int, int] = {}
    for material, version in session.execute(query):
        found[material.id] = material
        versions[material.id] = max(versions.get(material.id, 0), version or 0)
    last = max(versions.values(), default=0)
    hidden = hidden_fields(actor, stored, department)
    return [
        ReportedMaterial(each, is_handed_over=0 < last == versions[each.id])
        for each in found.values()
        if each.field_code not in hidden
        and (each.removed_at is None or 0 < last == versions[each.id])
    ]
