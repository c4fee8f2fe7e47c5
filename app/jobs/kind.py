"""The kinds of jobs: what each of them does, with whose rights."""

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.actions.base_table import Told
from app.actions.finding_register import TableChecked, check_table, note_failed, note_looked
from app.actions.job import Made
from app.actions.reminder import remind_by_rules
from app.catalogue.base_table import TableSpec
from app.domain.job import JobKind
from app.domain.message import Message, Refused
from app.domain.period import LOCAL_ZONE
from app.exchange.base_table import STEPS_OF_IMPORT
from app.exchange.channel_setting import outside_in
from app.exchange.delivery import deliver
from app.exchange.feed_schedule import run_due
from app.exchange.import_upload import (
    import_shape,
    import_upload,
    keep_upload,
    misfit_shape,
    upload_of_job,
)
from app.exchange.layout import Misfit
from app.jobs.audit_log import verify_log_in_background
from app.jobs.export import export_rows
from app.jobs.opening import open_year_in_background
from app.jobs.work import Work
from app.models.cycle import Cycle
from app.reports.finding_due import absent_tables, due_tables, working_cycles

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """A kind of job; ``keeps_file`` where it works on a file that was sent."""

    kind: JobKind
    carry_out: Callable[[Work], Made]
    keeps_file: bool = False
    is_of_platform: bool = False


def import_rows_of_file(work: Work) -> Made:
    """Import the file, or show what importing it would do; the answer is that of the API."""
    asked = work.request
    if work.content is None:
        raise Refused(
            Message("This file is not kept any more. Choose it once more on the import page.")
        )
    upload = upload_of_job(asked, work.content)
    spec = work.store.tables[asked["table"]].spec
    try:
        result = import_upload(
            work.session,
            work.store,
            asked["table"],
            upload,
            by=work.by,
            now=work.now,
            dry_run=asked["dry_run"],
            partial=asked["partial"],
            digest=asked["digest"],
            told=_in_rows(work.told),
        )
    except Misfit as misfit:
        return _to_be_matched(misfit, spec, work)
    marked = keep_upload(work.session, asked["table"], upload, result, by=work.by, now=work.now)
    shape = import_shape(result, spec, marked, work.translate)
    counts = ("created", "changed", "unchanged", "rejected", "written", "digest")
    summary = {name: shape[name] for name in counts}
    return Made({**summary, "error_workbook": marked}, json.dumps(shape).encode())


def _in_rows(told: Told) -> Told:
    """Tell of rows that are through, not of the steps that each of them takes."""
    return lambda done, total: told(done // STEPS_OF_IMPORT, total // STEPS_OF_IMPORT)


def _to_be_matched(misfit: Misfit, spec: TableSpec, work: Work) -> Made:
    """The columns have to be matched first: that is a result too, with all that can be said."""
    shape = misfit_shape(misfit, spec, work.translate)
    told = {"misfit": True, "detail": work.translate(misfit.message)}
    return Made(told, json.dumps({**told, **shape}).encode())


def run_due_feeds(work: Work) -> Made:
    """Run the feeds whose hour has come, each with the rights of who wanted it so."""
    now = work.now.astimezone(LOCAL_ZONE)
    counts = {"run": 0, "refused": 0}
    for done in run_due(work.session, work.store, now=now, translate=work.translate):
        counts["run" if done.refusal is None else "refused"] += 1
        work.told(sum(counts.values()), 0)
    return Made(counts)


def check_year(work: Work) -> Made:
    """Ask the rules of all tables whose rows have changed, or with ``whole`` of all of them.

    A table whose check fails keeps no other waiting: the register tells it and when it is tried
    again.
    """
    session, store = work.session, work.store
    whole = bool(work.request.get("whole"))
    counts = {"tables": 0, "findings": 0, "broken": 0, "failed": 0}
    for cycle in working_cycles(session):
        tables = due_tables(session, store, cycle, now=work.now, whole=whole)
        for done, table in enumerate(tables):
            work.told(done, len(tables))
            checked = _checked(work, cycle, table)
            if checked is None:
                counts["failed"] += 1
                continue
            counts["tables"] += 1
            counts["findings"] += checked.found
            counts["broken"] += len(checked.broken)
        note_looked(session, cycle, tables, absent_tables(session, store, cycle), now=work.now)
    return Made(counts)


def remind_and_deliver(work: Work) -> Made:
    """Remind people of what is due, then send outside what waits; in quiet hours neither."""
    session, store = work.session, work.store
    reminded = remind_by_rules(session, store, by=work.by, now=work.now)
    counts = {"reminded": reminded.people, "sent": 0, "failed": 0}
    outside = outside_in(os.environ)
    if outside.senders and not reminded.is_quiet:
        sent = deliver(session, store, outside, now=work.now, translate=work.translate)
        counts |= {"sent": sent.sent, "failed": sent.waiting + sent.given_up}
    return Made(counts)


def _checked(work: Work, cycle: Cycle, table: str) -> TableChecked | None:
    try:
        return check_table(work.session, work.store, cycle, table, now=work.now)
    except Exception:
        LOG.exception("table %s could not be checked", table)
        work.session.rollback()
        note_failed(work.session, cycle, table, now=work.now)
        return None


KINDS: tuple[Kind, ...] = (
    Kind(JobKind.IMPORT, import_rows_of_file, keeps_file=True),
    Kind(JobKind.EXPORT, export_rows),
    Kind(JobKind.FEED, run_due_feeds, is_of_platform=True),
    Kind(JobKind.CHECK, check_year, is_of_platform=True),
    Kind(JobKind.NOTICE, remind_and_deliver, is_of_platform=True),
    Kind(JobKind.OPENING, open_year_in_background, keeps_file=True),
    Kind(JobKind.VERIFICATION, verify_log_in_background),
)
BY_KIND: Mapping[JobKind, Kind] = {kind.kind: kind for kind in KINDS}
