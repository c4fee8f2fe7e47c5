"""What is attached to the rows of a submission: materials and comments, for those who review."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.catalogue.base_table import TableSpec
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import present_rows
from app.models.comment import Comment
from app.models.submission import Submission
from app.reports.comment import Thread, open_threads
from app.reports.submission import SubmissionPage
from app.reports.supporting_material import ReportedMaterial, materials_of_submission
from app.web.base_table.row_title import row_title
from app.web.formats import moment_text

SHOWN_COMMENTS = 20


@dataclass(frozen=True)
class MaterialLine:
    """A material as the page shows it; ``note`` tells that it came or went after the report."""

    name: str
    row: str
    field: str
    url: str
    thumbnail: str | None
    is_late: bool
    is_removed: bool


@dataclass(frozen=True)
class CommentLine:
    """An open thread: what it is about, its last words, and where it is answered."""

    place: str
    person: str
    at: str
    text: str
    answers: int
    address: str


@dataclass(frozen=True)
class Attached:
    """Both lists; ``comment_count`` may be more than are listed."""

    materials: Sequence[MaterialLine]
    comments: Sequence[CommentLine]
    comment_count: int


def attached_to(session: Session, store: Store, actor: Actor, page: SubmissionPage) -> Attached:
    """What the actor sees of it; nothing for tables of other systems."""
    submission = page.line.submission
    stored = store.tables.get(submission.table_identifier)
    if stored is None:
        return Attached((), (), 0)
    threads = open_threads(session, stored, actor, submission.period, submission.department_code)
    materials = materials_of_submission(session, stored, actor, submission)
    named = {each.material.row_id for each in materials} | {
        thread.first.row_id for thread in threads if thread.first.row_id
    }
    values = _values(session, stored, page, named) if named else {}
    # They come back when the row is restored.
    threads = [each for each in threads if not each.first.row_id or each.first.row_id in values]
    # Of rows that are gone only what was handed over with them is left to show.
    shown = [each for each in materials if each.is_handed_over or each.material.row_id in values]
    is_bound = any(each.is_handed_over for each in shown)
    comments = [_comment_line(actor, stored, submission, thread, values) for thread in threads]
    return Attached(
        [
            _material_line(actor, stored, submission, each, values, is_bound=is_bound)
            for each in shown
        ],
        comments[::-1][:SHOWN_COMMENTS],
        len(comments),
    )


def _values(
    session: Session, stored: StoredTable, page: SubmissionPage, row_ids: Collection[str]
) -> Mapping[str, Mapping[str, object]]:
    """Row id → values; of rows that have been read for the rules without reading them again."""
    if page.judged is not None:
        return page.judged.check.values_by_id(row_ids)
    rows = present_rows(session, stored, row_ids)
    return {row_id: stored.values_of(row) for row_id, row in rows.items()}


def _material_line(
    actor: Actor,
    stored: StoredTable,
    submission: Submission,
    each: ReportedMaterial,
    values: Mapping[str, Mapping[str, object]],
    *,
    is_bound: bool,
) -> MaterialLine:
    material = each.material
    address = f"/api/v1/data/{material.table_identifier}/materials/{material.id}"
    return MaterialLine(
        name=material.name,
        row=row_title(actor, stored, submission.department_code, values.get(material.row_id, {})),
        field=_field_label(stored.spec, material.field_code),
        url=address,
        thumbnail=None if material.kind == "pdf" else f"{address}/thumbnail",
        is_late=is_bound and not each.is_handed_over,
        is_removed=each.is_removed,
    )


def _comment_line(
    actor: Actor,
    stored: StoredTable,
    submission: Submission,
    thread: Thread,
    values: Mapping[str, Mapping[str, object]],
) -> CommentLine:
    first: Comment = thread.first
    said = [each for each in (first, *thread.answers) if each.deleted_at is None]
    last = said[-1]
    parts = [
        row_title(actor, stored, submission.department_code, values.get(first.row_id, {})),
        _field_label(stored.spec, first.field_code),
    ]
    path = f"/data/{first.table_identifier}/"
    place = f"?period={submission.period}&department={submission.department_code}"
    return CommentLine(
        place=" · ".join(part for part in parts if part),
        person=last.person_name,
        at=moment_text(last.written_at),
        text=last.text,
        answers=len(said) - 1,
        address=f"{path}{first.row_id}#beside" if first.row_id else path + place,
    )


def _field_label(spec: TableSpec, code: str) -> str:
    field = spec.by_code.get(code)
    return "" if field is None else field.label
