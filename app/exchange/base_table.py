"""Importing rows of a base table from a workbook (decision 5: one write path).

A dry run and the import itself are the same call; the import has to name the
digest of its dry run, so that what is written is what was looked at. An empty
cell clears the value, a column the file does not have leaves it (decision
record 0005).
"""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.access.policies import why_not_write
from app.actions.base_table import STEPS, Told, apply_changes
from app.actions.column_mapping import remember_mapping
from app.actions.row_change import Outcome
from app.actions.row_columns import ChangedColumns
from app.catalogue.base_table import TableSpec
from app.domain.bulk import collecting_later
from app.domain.message import Message, Reason, Refused
from app.exchange.import_result import ImportResult, import_result
from app.exchange.layout import Layout, WantedLayout
from app.exchange.uploaded_file import ImportMode, changes_of, read_file
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import latest_change
from app.reports.column_mapping import remembered_mappings

WAY = "import"
# Of a row: it is read, then it goes through those of a change.
STEPS_OF_IMPORT = 1 + STEPS


@collecting_later()
def import_rows(
    session: Session,
    store: Store,
    table: str,
    content: bytes,
    file_name: str,
    *,
    by: Actor,
    now: datetime,
    period: str,
    department: str,
    mode: ImportMode = ImportMode.UPSERT,
    dry_run: bool = True,
    partial: bool = False,
    digest: str | None = None,
    layout: WantedLayout | None = None,
    told: Told = lambda _done, _total: None,
) -> ImportResult:
    """Carry out the file's rows, or show what would happen; Refused where the file misfits.

    ``told`` is called with how many steps are done of how many, one for each row read, checked,
    written and logged; what it raises takes everything back.
    """
    wanted = _with_memory(session, table, department, layout or WantedLayout())
    latest = latest_change(session, table, period, department)
    decisive = (table, period, department, mode, str(latest), wanted.canonical())
    own_digest = digest_of(content, *decisive)
    spec = _spec_to_import(store, table, by, department)
    _refuse_unseen(is_known=dry_run or digest == own_digest)
    place = (period, department)
    file = read_file(session, store, spec, (content, file_name), place, mode, wanted)
    closed = masked_by_roles(by, store.tables[table], WAY)
    outcome = _carried_out(
        session,
        store,
        table,
        changes_of(spec, file, mode, closed),
        (by, now, period, department),
        partial=partial,
        dry_run=dry_run or bool(file.foreign and not partial),
        seen=None if dry_run else latest,
        told=_told_after_reading(told, len(file.numbers)),
    )
    if outcome.written:
        _remember(session, store.tables[table], department, file.upload.layout, by=by, now=now)
    return import_result(spec, file, outcome, own_digest, closed)


def _with_memory(
    session: Session, table: str, department: str, wanted: WantedLayout
) -> WantedLayout:
    """What was chosen before says something only where nothing is chosen now."""
    if wanted.columns:
        return wanted
    return replace(wanted, remembered=remembered_mappings(session, table, department))


def _remember(
    session: Session,
    stored: StoredTable,
    department: str,
    layout: Layout,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Keep what was chosen for the next such file; the rows are written, whether that can be."""
    if not layout.is_chosen:
        return
    columns = {column.key: column.field for column in layout.columns}
    try:
        remember_mapping(session, stored, department, layout.signature, columns, by=by, now=now)
    except (Refused, DBAPIError):
        session.rollback()


def _carried_out(
    session: Session,
    store: Store,
    table: str,
    changes: ChangedColumns,
    place: tuple[Actor, datetime, str, str],
    *,
    partial: bool,
    dry_run: bool,
    seen: int | None,
    told: Told,
) -> Outcome:
    """What becomes of the changes by somebody, now, in a period and department."""
    by, now, period, department = place
    return apply_changes(
        session,
        store,
        table,
        changes,
        by=by,
        now=now,
        period=period,
        department=department,
        way=WAY,
        partial=partial,
        dry_run=dry_run,
        seen=seen,
        told=told,
    )


def _told_after_reading(told: Told, rows: int) -> Told:
    """Tell that so many rows are read; what is told from then on counts them as done."""
    told(rows, STEPS_OF_IMPORT * rows)
    return lambda done, total: told(rows + done, rows + total)


def _spec_to_import(store: Store, table: str, by: Actor, department: str) -> TableSpec:
    """The table's description; nobody's file is read who may not import it."""
    refusal = why_not_write(by, store.tables[table], WAY, department)
    if refusal is not None:
        raise Refused(refusal)
    return store.tables[table].spec


def _refuse_unseen(*, is_known: bool) -> None:
    """What is written is what was shown before."""
    if not is_known:
        raise Refused(
            Message(
                "The file or the choices are not those of the preview. Look at the preview again"
                " and confirm it."
            ),
            Reason.CONFLICT,
        )


def digest_of(content: bytes, *decisive: str) -> str:
    """SHA-256, in hex, over the file and everything that decides what it does.

    The last change of the rows it meets belongs to that: when somebody changed
    one after the preview, the preview is no longer what would be written.
    """
    digest = hashlib.sha256("\x00".join((*decisive, "")).encode())
    digest.update(content)
    return digest.hexdigest()
