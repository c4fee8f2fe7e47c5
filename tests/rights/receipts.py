"""Confirmation sheets of both departments, and what is sent to their pages."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO

from sqlalchemy import select

from app.models.receipt import Receipt, ReceiptScan, ReceiptScanChunk, ReceiptTable
from tests.demo import DemoCollege
from tests.rights.attached import PICTURE, Sent
from tests.rights.place import DEPARTMENT, TABLE
from tests.rights.table import Line

HEADS = {"C01": ("31009", "负责人甲"), "C02": ("32009", "负责人乙")}


def set_receipts(demo: DemoCollege, line: Line) -> None:
    """Each of the two departments has a sheet of one table, with a scan."""
    if "<number>" not in line.route:
        return
    now = datetime.now(UTC)
    with demo.session() as session:
        for department, (number, name) in HEADS.items():
            found = demo.submission(TABLE, department)
            receipt = Receipt(cycle_id=found.cycle_id, department_code=department, table_count=1)
            receipt.content_hash, receipt.issued_at = "0" * 64, now
            receipt.issued_by, receipt.issued_by_name = number, name
            session.add(receipt)
            session.flush()
            table = ReceiptTable(receipt_id=receipt.id, submission_id=found.id, row_count=1)
            table.content_hash, table.receipt_number, table.confirmed_at = "0" * 64, "1", now
            scan = ReceiptScan(receipt_id=receipt.id, receipt_hash="0" * 64, name="单.png")
            scan.kind, scan.size = "png", len(PICTURE)
            scan.file_hash = hashlib.sha256(PICTURE).hexdigest()
            scan.added_at, scan.added_by, scan.added_by_name = now, number, name
            session.add_all([table, scan])
            session.flush()
            session.add(ReceiptScanChunk(scan_id=scan.id, position=0, content=PICTURE))
        session.commit()


def receipt_of(demo: DemoCollege, line: Line) -> int:
    """The sheet of the department, or its scan."""
    sheet = select(Receipt.id).where(Receipt.department_code == DEPARTMENT[line.whose])
    scan = select(ReceiptScan.id).where(ReceiptScan.receipt_id.in_(sheet))
    with demo.session() as session:
        return session.scalars(scan if "/scans/<" in line.route else sheet).first() or 0


def department(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The department of which a sheet is to be made."""
    return {"data": {"department": DEPARTMENT[line.whose]}}


def signed(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """A photograph."""
    return {"data": {"file": (BytesIO(PICTURE), "签字.png")}}


RECEIPT_BODIES: Mapping[str, Callable[[DemoCollege, Line, str], Sent]] = {
    "/receipts/": department,
    "/receipts/<number>/scans": signed,
}
