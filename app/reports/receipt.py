"""Confirmation sheets as people read them: of a year, and one in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import overlooks_college
from app.access.receipt import (
    sees_receipts,
    why_not_add_scan,
    why_not_issue,
    why_not_read_receipts,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.receipt import Receipt, ReceiptScan, ReceiptTable
from app.models.submission import Submission


@dataclass(frozen=True)
class ReceiptLine:
    """One sheet in the list, with how many scans of it there are."""

    receipt: Receipt
    number: str
    department: str
    scans: int


@dataclass(frozen=True)
class ConfirmedTable:
    """One table of a sheet; ``counts`` while what was confirmed is still what is reported."""

    table: ReceiptTable
    title: str
    sort_key: tuple[int, ...]
    period: str
    counts: bool


@dataclass(frozen=True)
class ReceiptPage:
    """One sheet in full."""

    receipt: Receipt
    number: str
    cycle: Cycle
    department: str
    tables: Sequence[ConfirmedTable]
    scans: Sequence[ReceiptScan]
    why_no_scan: Message | None


@dataclass(frozen=True)
class Sheetless:
    """A department of the reader's that has ``confirmed`` tables to make a sheet of."""

    code: str
    name: str
    confirmed: int


def receipt_number(cycle: Cycle, receipt: Receipt) -> str:
    """What the sheet is called: year, department, running number."""
    return f"{cycle.academic_year}-{receipt.department_code}-{receipt.id:05d}"


def list_receipts(session: Session, actor: Actor, cycle: Cycle) -> list[ReceiptLine]:
    """The year's sheets that exist for the actor, the latest first."""
    refuse(why_not_read_receipts(actor))
    scans = select(ReceiptScan.receipt_id, func.count().label("scans"))
    counted = scans.group_by(ReceiptScan.receipt_id).subquery()
    query = (
        select(Receipt, Department.name, func.coalesce(counted.c.scans, 0))
        .join(Department, Department.code == Receipt.department_code)
        .outerjoin(counted, counted.c.receipt_id == Receipt.id)
        .where(Receipt.cycle_id == cycle.id)
        .order_by(Receipt.id.desc())
    )
    if not overlooks_college(actor):
        own = actor.departments(Function.DATA_STEWARD, Function.HEAD)
        query = query.where(Receipt.department_code.in_(sorted(own)))
    return [
        ReceiptLine(receipt, receipt_number(cycle, receipt), name, count)
        for receipt, name, count in session.execute(query)
    ]


def issuable(session: Session, actor: Actor, cycle: Cycle) -> list[Sheetless]:
    """The departments that the actor heads, with how many tables stand confirmed in each."""
    headed = sorted(actor.departments(Function.HEAD))
    if not headed:
        return []
    query = (
        select(Department.code, Department.name, func.count())
        .join(Submission, Submission.department_code == Department.code)
        .where(
            Submission.cycle_id == cycle.id,
            Submission.confirmed_at.is_not(None),
            Submission.content_hash.is_not(None),
            Department.code.in_(headed),
        )
        .group_by(Department.code, Department.name)
        .order_by(Department.code)
    )
    return [
        Sheetless(code, name, count)
        for code, name, count in session.execute(query)
        if why_not_issue(actor, code) is None
    ]


def read_receipt(session: Session, store: Store, actor: Actor, number: int) -> ReceiptPage:
    """One sheet in full; Refused as not found where it does not exist for the actor."""
    receipt = session.get(Receipt, number)
    if receipt is None or not sees_receipts(actor, receipt.department_code):
        raise Refused(Message("There is no such confirmation sheet."), Reason.NOT_FOUND)
    cycle = session.get_one(Cycle, receipt.cycle_id)
    department = session.get_one(Department, receipt.department_code)
    query = (
        select(ReceiptTable, Submission)
        .join(Submission, Submission.id == ReceiptTable.submission_id)
        .where(ReceiptTable.receipt_id == receipt.id)
    )
    tables = [_confirmed(store, table, found) for table, found in session.execute(query)]
    scans = select(ReceiptScan).where(ReceiptScan.receipt_id == receipt.id)
    return ReceiptPage(
        receipt=receipt,
        number=receipt_number(cycle, receipt),
        cycle=cycle,
        department=department.name,
        tables=sorted(tables, key=lambda each: each.sort_key),
        scans=session.scalars(scans.order_by(ReceiptScan.id)).all(),
        why_no_scan=why_not_add_scan(actor, receipt.department_code),
    )


def _confirmed(store: Store, table: ReceiptTable, submission: Submission) -> ConfirmedTable:
    spec = store.catalogue.reported.get(submission.table_identifier)
    stands = submission.confirmed_at is not None and submission.content_hash == table.content_hash
    return ConfirmedTable(
        table,
        submission.table_identifier if spec is None else spec.title,
        () if spec is None else tuple(spec.sort_key),
        submission.period,
        stands,
    )
