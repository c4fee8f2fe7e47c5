"""Adding, opening and removing supporting materials; each leaves an entry in the log."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields, hidden_in_row
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.scopes import read_scope
from app.actions.audit_log import Deed, record
from app.actions.row_attachment import (
    find_editable_row,
    find_readable_row,
    refuse_field,
    stored_table,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.models.base_table import Store
from app.models.base_table_rows import present_rows
from app.models.database import writing
from app.models.snapshot import Snapshot
from app.models.stored_check import StoredCheck
from app.models.submission import Submission
from app.models.supporting_material import (
    SnapshotMaterial,
    SupportingMaterial,
    SupportingMaterialChunk,
    pieces,
    read_content,
)

MOST_OF_A_ROW = 20


@dataclass(frozen=True)
class MaterialDraft:
    """A file that was looked at and cleaned: what it is and what it holds."""

    name: str
    kind: str
    content: bytes
    thumbnail: bytes | None


def add_material(
    session: Session,
    store: Store,
    table: str,
    row_id: str,
    field: str,
    draft: MaterialDraft,
    *,
    by: Actor,
    now: datetime,
) -> SupportingMaterial:
    """Attach a file to a row or to one of its cells. Raises Refused."""
    with writing(session):
        found = find_editable_row(session, store, table, row_id, by=by)
        refuse_field(found, field, by)
        _refuse_too_many(session, table, row_id)
        material = SupportingMaterial(
            table_identifier=table,
            period=found.period,
            department_code=found.department,
            row_id=row_id,
            field_code=field,
            name=draft.name,
            kind=draft.kind,
            size=len(draft.content),
            content_hash=hashlib.sha256(draft.content).hexdigest(),
            thumbnail=draft.thumbnail,
            added_at=now,
            added_by=by.number,
            added_by_name=by.name,
        )
        session.add(material)
        session.flush()
        for position, content in enumerate(pieces(draft.content)):
            session.add(
                SupportingMaterialChunk(material_id=material.id, position=position, content=content)
            )
        _record(session, "add", material, by=by, now=now)
        session.commit()
        return material


def why_not_editable(
    session: Session, store: Store, table: str, row_id: str, *, by: Actor
) -> Message | None:
    """Why the actor may not attach files to the row now; nothing is written."""
    try:
        find_editable_row(session, store, table, row_id, by=by, for_update=False)
    except Refused as refusal:
        return refusal.message
    return None


def open_material(
    session: Session, store: Store, table: str, number: int, *, by: Actor, now: datetime
) -> tuple[SupportingMaterial, bytes]:
    """A material with its content; that somebody else's was looked at is recorded."""
    with writing(session):
        material = find_material(session, store, table, number, by=by)
        content = read_content(session, material.id)
        if material.added_by != by.number:
            _record(session, "open", material, by=by, now=now)
        session.commit()
        return material, content


def remove_material(
    session: Session, store: Store, table: str, number: int, *, by: Actor, now: datetime
) -> None:
    """Take a file off its row; what a finished submission names stays with the submission."""
    with writing(session):
        material = find_material(session, store, table, number, by=by)
        find_editable_row(session, store, table, material.row_id, by=by)
        if material.removed_at is not None:
            raise _missing()
        _record(session, "remove", material, by=by, now=now)
        if _is_handed_over(session, material.id):
            material.removed_at, material.removed_by = now, by.number
        else:
            _forget(session, material.id)
        session.commit()


def find_material(
    session: Session, store: Store, table: str, number: int, *, by: Actor
) -> SupportingMaterial:
    """The material, as far as the actor may see it. Raises Refused (forbidden, not found).

    Whoever reads all rows of its department sees it even where the row has gone meanwhile.
    """
    stored = stored_table(store, table)
    refuse(why_not_read(by, stored))
    material = session.get(SupportingMaterial, number)
    if material is None or material.table_identifier != table:
        raise _missing()
    if read_scope(by, stored).covers_department(material.department_code):
        if material.field_code in hidden_fields(by, stored, material.department_code):
            raise _missing()
        return material
    if material.removed_at is not None:
        raise _missing()
    found = find_readable_row(session, store, table, material.row_id, by=by)
    values = stored.values_of(found.row)
    if material.field_code in hidden_in_row(by, stored, found.department, values):
        raise _missing()
    return material


def keep_materials(
    session: Session,
    submission: Submission,
    snapshot: Snapshot,
    check: StoredCheck,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Bind the materials of the rows to the snapshot that is handed over; the caller commits."""
    bound = _bound(session, submission, check)
    key = check.stored.key
    rows = {} if key is None else present_rows(session, check.stored, {m.row_id for m in bound})
    named = []
    for material in bound:
        row_key = material.row_id if key is None else str(rows[material.row_id][key])
        named.append([row_key, material.field_code, material.content_hash])
        session.add(
            SnapshotMaterial(
                snapshot_id=snapshot.id,
                submission_version=submission.version,
                material_id=material.id,
                row_key=row_key[:64],
            )
        )
    if not bound:
        return
    deed = Deed(
        "submission.bind_materials",
        f"submission:{submission.id}",
        department=submission.department_code,
        reason=str(len(bound)),
        content_hash=hashlib.sha256(json.dumps(sorted(named)).encode()).hexdigest(),
    )
    record(session, deed, by=by, now=now)


def materials_changed(session: Session, submission: Submission, check: StoredCheck) -> bool:
    """Whether the rows have other materials than the last time the submission was finished.

    What a deleted row leaves behind belongs to none of them.
    """
    of_submission = (
        select(SnapshotMaterial.submission_version, SnapshotMaterial.material_id)
        .join(Snapshot, Snapshot.id == SnapshotMaterial.snapshot_id)
        .where(Snapshot.submission_id == submission.id)
    )
    found = session.execute(of_submission).all()
    last = max((row.submission_version for row in found), default=0)
    before = {row.material_id for row in found if row.submission_version == last}
    return before != {material.id for material in _bound(session, submission, check)}


def _bound(
    session: Session, submission: Submission, check: StoredCheck
) -> list[SupportingMaterial]:
    """What is attached to the rows that were checked."""
    present = present_materials(session, submission)
    row_ids = frozenset(check.rows.row_ids) if present else frozenset()
    return [each for each in present if each.row_id in row_ids]


def present_materials(session: Session, submission: Submission) -> list[SupportingMaterial]:
    """What is attached to rows of the submission now."""
    query = (
        select(SupportingMaterial)
        .where(
            SupportingMaterial.table_identifier == submission.table_identifier,
            SupportingMaterial.period == submission.period,
            SupportingMaterial.department_code == submission.department_code,
            SupportingMaterial.removed_at.is_(None),
        )
        .order_by(SupportingMaterial.id)
    )
    return list(session.scalars(query))


def _forget(session: Session, material_id: int) -> None:
    for owned, column in (
        (SupportingMaterialChunk, SupportingMaterialChunk.material_id),
        (SupportingMaterial, SupportingMaterial.id),
    ):
        session.execute(delete(owned).where(column == material_id))


def _is_handed_over(session: Session, material_id: int) -> bool:
    query = select(SnapshotMaterial.material_id).where(SnapshotMaterial.material_id == material_id)
    return session.scalar(query.limit(1)) is not None


def _refuse_too_many(session: Session, table: str, row_id: str) -> None:
    query = select(func.count()).where(
        SupportingMaterial.table_identifier == table,
        SupportingMaterial.row_id == row_id,
        SupportingMaterial.removed_at.is_(None),
    )
    if (session.scalar(query) or 0) >= MOST_OF_A_ROW:
        raise Refused(
            Message(
                "The row has %(count)s materials already. Remove one before you add another.",
                {"count": MOST_OF_A_ROW},
            ),
            Reason.INVALID,
        )


def _missing() -> Refused:
    return Refused(
        Message("This material does not exist any more, or is not yours to see."),
        Reason.NOT_FOUND,
    )


def _record(
    session: Session, verb: str, material: SupportingMaterial, *, by: Actor, now: datetime
) -> None:
    place = f"{material.table_identifier} {material.row_id} {material.field_code}".rstrip()
    deed = Deed(
        f"supporting_material.{verb}",
        f"supporting_material:{material.id}",
        department=material.department_code,
        before=material.name if verb == "remove" else None,
        after=None if verb == "remove" else material.name,
        reason=place,
        content_hash=material.content_hash,
    )
    record(session, deed, by=by, now=now)
