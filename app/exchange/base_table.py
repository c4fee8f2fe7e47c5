"""Importing rows of a base table from a workbook (decision 5: one write path).

A dry run and the import itself are the same call; the import has to name the
digest of its dry run, so that what is written is what was looked at. An empty
cell clears the value, a column the file does not have leaves it (decision
record 0005).
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

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
from app.models.base_table import Store
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
    here = _Here(session, store, table, by, now, period, department)
    wanted = here.with_memory(layout or WantedLayout())
    latest = latest_change(session, table, period, department)
    decisive = (table, period, department, mode, str(latest), wanted.canonical())
    own_digest = digest_of(content, *decisive)
    spec = _spec_to_import(store, table, by, department)
    _refuse_unseen(is_known=dry_run or digest == own_digest)
    sent, place = (content, file_name), (period, department)
    file = read_file(session, store, spec, sent, place, mode, wanted, by)
    closed = masked_by_roles(by, store.tables[table], WAY)
    told = _told_after_reading(told, len(file.numbers))
    is_try, seen = dry_run or bool(file.foreign and not partial), None if dry_run else latest
    changes = changes_of(spec, file, mode, closed)
    outcome = here.apply(changes, partial=partial, dry_run=is_try, seen=seen, told=told)
    if outcome.written:
        here.remember(file.upload.layout)
    return import_result(spec, file, outcome, own_digest, closed)


@dataclass(frozen=True)
class _Here:
    """Who imports, when, into which table, period and department."""

    session: Session
    store: Store
    table: str
    by: Actor
    now: datetime
    period: str
    department: str

    def with_memory(self, wanted: WantedLayout) -> WantedLayout:
        """What was chosen before says something only where nothing is chosen now."""
        if wanted.columns:
            return wanted
        remembered = remembered_mappings(self.session, self.table, self.department)
        return replace(wanted, remembered=remembered)

    def apply(self, changes: ChangedColumns, **how: Any) -> Outcome:
        """What becomes of the changes; ``how`` as ``apply_changes`` has it."""
        return apply_changes(
            self.session,
            self.store,
            self.table,
            changes,
            by=self.by,
            now=self.now,
            period=self.period,
            department=self.department,
            way=WAY,
            **how,
        )

    def remember(self, layout: Layout) -> None:
        """Keep what was chosen for the next such file; the rows are written anyhow."""
        if not layout.is_chosen:
            return
        columns = {column.key: column.field for column in layout.columns}
        stored, place = self.store.tables[self.table], (self.department, layout.signature)
        try:
            remember_mapping(self.session, stored, *place, columns, by=self.by, now=self.now)
        except (Refused, DBAPIError):
            self.session.rollback()


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
