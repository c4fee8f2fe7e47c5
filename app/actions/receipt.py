"""Making the sheet of confirmed tables and keeping its signed scan (第五条第三款)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.receipt import sees_receipts, why_not_add_scan, why_not_issue
from app.actions.audit_log import Deed, record
from app.actions.supporting_material import MaterialDraft
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.receipt import ReceiptEntry, receipt_hash
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.receipt import Receipt, ReceiptScan, ReceiptScanChunk, ReceiptTable, read_scan
from app.models.snapshot import Snapshot
from app.models.submission import Submission
from app.models.supporting_material import pieces

MOST_SCANS = 10


def issue_receipts(
    session: Session, confirmed: Iterable[int], *, by: Actor, now: datetime
) -> list[Receipt]:
    """One sheet per department over what the actor has confirmed just now, of these submissions.

    What he has not confirmed, or is not confirmed any more, is left out.
    """
    with writing(session):
        query = (
            select(Submission)
            .where(
                Submission.id.in_(list(confirmed)),
                Submission.confirmed_by == by.number,
                Submission.content_hash.is_not(None),
            )
            .order_by(Submission.department_code, Submission.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        places: dict[tuple[int, str], list[Submission]] = {}
        for found in session.scalars(query):
            if why_not_issue(by, found.department_code) is None:
                places.setdefault((found.cycle_id, found.department_code), []).append(found)
        receipts = [
            _issue(session, cycle_id, found, by=by, now=now)
            for (cycle_id, _department), found in places.items()
        ]
        session.commit()
    return receipts


def issue_for_department(
    session: Session, cycle_id: int, department: str, *, by: Actor, now: datetime
) -> Receipt:
    """One sheet over everything of the department that stands confirmed. Raises Refused.

    The last sheet again where nothing was confirmed since.
    """
    refuse(why_not_issue(by, department))
    with writing(session):
        query = (
            select(Submission)
            .where(
                Submission.cycle_id == cycle_id,
                Submission.department_code == department,
                Submission.confirmed_at.is_not(None),
                Submission.content_hash.is_not(None),
            )
            .order_by(Submission.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        found = session.scalars(query).all()
        if not found:
            raise Refused(
                Message("The department has not confirmed any table yet."), Reason.INVALID
            )
        receipt = _same_sheet(session, found, by) or _issue(
            session, cycle_id, found, by=by, now=now
        )
        session.commit()
    return receipt


def add_scan(
    session: Session, receipt_id: int, draft: MaterialDraft, *, by: Actor, now: datetime
) -> ReceiptScan:
    """Keep the scan of the signed sheet, bound to the hash that the sheet shows."""
    with writing(session):
        receipt = _find(session, receipt_id, by)
        refuse(why_not_add_scan(by, receipt.department_code))
        count = select(func.count()).where(ReceiptScan.receipt_id == receipt.id)
        if (session.scalar(count) or 0) >= MOST_SCANS:
            raise Refused(
                Message("The sheet has %(count)s scans already.", {"count": MOST_SCANS}),
                Reason.INVALID,
            )
        scan = ReceiptScan(
            receipt_id=receipt.id,
            receipt_hash=receipt.content_hash,
            name=draft.name,
            kind=draft.kind,
            size=len(draft.content),
            file_hash=hashlib.sha256(draft.content).hexdigest(),
            added_at=now,
            added_by=by.number,
            added_by_name=by.name,
        )
        session.add(scan)
        session.flush()
        for position, content in enumerate(pieces(draft.content)):
            session.add(ReceiptScanChunk(scan_id=scan.id, position=position, content=content))
        _record(session, "add_scan", receipt, draft.name, scan.file_hash, by=by, now=now)
        session.commit()
    return scan


def open_scan(
    session: Session, scan_id: int, *, by: Actor, now: datetime
) -> tuple[ReceiptScan, bytes]:
    """A scan with its content; that somebody else's was looked at is recorded."""
    with writing(session):
        scan = session.get(ReceiptScan, scan_id)
        if scan is None:
            raise _missing()
        receipt = _find(session, scan.receipt_id, by)
        content = read_scan(session, scan.id)
        if scan.added_by != by.number:
            _record(session, "open_scan", receipt, scan.name, scan.file_hash, by=by, now=now)
        session.commit()
    return scan, content


def _issue(
    session: Session, cycle_id: int, found: Sequence[Submission], *, by: Actor, now: datetime
) -> Receipt:
    cycle = session.get_one(Cycle, cycle_id)
    department = found[0].department_code
    digest = receipt_hash(
        ReceiptEntry(
            each.table_identifier, department, cycle.academic_year, each.content_hash or ""
        )
        for each in found
    )
    receipt = Receipt(
        cycle_id=cycle_id,
        department_code=department,
        content_hash=digest,
        table_count=len(found),
        issued_at=now,
        issued_by=by.number,
        issued_by_name=by.name,
    )
    session.add(receipt)
    session.flush()
    rows = _row_counts(session, [each.id for each in found])
    session.add_all(
        ReceiptTable(
            receipt_id=receipt.id,
            submission_id=each.id,
            content_hash=each.content_hash or "",
            receipt_number=each.receipt_number or "",
            row_count=rows.get((each.id, each.content_hash or ""), 0),
            confirmed_at=each.confirmed_at or now,
        )
        for each in found
    )
    _record(session, "issue", receipt, str(len(found)), digest, by=by, now=now)
    return receipt


def _same_sheet(session: Session, found: Sequence[Submission], by: Actor) -> Receipt | None:
    """The last sheet of the department where the actor made it of these very confirmations."""
    query = (
        select(Receipt)
        .where(
            Receipt.cycle_id == found[0].cycle_id,
            Receipt.department_code == found[0].department_code,
        )
        .order_by(Receipt.id.desc())
        .limit(1)
    )
    last = session.scalars(query).one_or_none()
    if last is None or last.issued_by != by.number:
        return None
    named = select(ReceiptTable.submission_id, ReceiptTable.receipt_number)
    told = {tuple(row) for row in session.execute(named.where(ReceiptTable.receipt_id == last.id))}
    return last if told == {(each.id, each.receipt_number or "") for each in found} else None


def _row_counts(session: Session, numbers: Sequence[int]) -> dict[tuple[int, str], int]:
    query = select(Snapshot.submission_id, Snapshot.content_hash, Snapshot.row_count)
    found = session.execute(query.where(Snapshot.submission_id.in_(numbers)))
    return {(number, content): count for number, content, count in found}


def _find(session: Session, receipt_id: int, by: Actor) -> Receipt:
    receipt = session.get(Receipt, receipt_id)
    if receipt is None or not sees_receipts(by, receipt.department_code):
        raise _missing()
    return receipt


def _missing() -> Refused:
    return Refused(Message("There is no such confirmation sheet."), Reason.NOT_FOUND)


def _record(
    session: Session,
    verb: str,
    receipt: Receipt,
    after: str,
    content_hash: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    deed = Deed(
        f"receipt.{verb}",
        f"receipt:{receipt.id}",
        department=receipt.department_code,
        after=after,
        content_hash=content_hash,
    )
    record(session, deed, by=by, now=now)
