"""``/receipts/``: the sheets that heads sign for what was confirmed (第五条第三款)."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.receipt import add_scan, issue_for_department, open_scan
from app.domain.message import Message, Reason, Refused
from app.exchange.material_file import LARGEST, look_at
from app.reports.cycle import collected_cycles
from app.reports.receipt import issuable, list_receipts, read_receipt
from app.web.addresses import NUMBER
from app.web.api.supporting_material import file_answer
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose


class ReceiptView(PageView):
    """The list of sheets, one sheet to print, its scans."""

    route_base = "/receipts"
    default_view = "receipts"

    @expose("/", methods=["GET", "POST"])
    def receipts(self) -> ResponseReturnValue:
        """The sheets of a year; on POST one over all that a department has confirmed."""
        return _issue() if request.method == "POST" else _list()

    @expose(f"/{NUMBER}")
    def receipt(self, number: int) -> ResponseReturnValue:
        """One sheet, made for paper."""
        return _page(number)

    @expose(f"/{NUMBER}/scans", methods=["POST"])
    def add_scan(self, number: int) -> ResponseReturnValue:
        """Add the scan of the signed sheet."""
        return _add_scan(number)

    @expose(f"/scans/{NUMBER}")
    def scan(self, number: int) -> ResponseReturnValue:
        """A scan: a photograph in the browser, a document to be saved."""
        return _scan(number)


def _list(refusal: Refused | None = None) -> str:
    session, actor = current_session(), current_actor()
    cycles = collected_cycles(session)
    cycle = wanted_cycle(cycles)
    return render_template(
        "receipt/list.html",
        cycle=cycle,
        cycles=cycles,
        lines=[] if cycle is None else list_receipts(session, actor, cycle),
        issuable=[] if cycle is None else issuable(session, actor, cycle),
        refusal=refusal,
    )


def _issue() -> ResponseReturnValue:
    session = current_session()
    cycle = wanted_cycle(collected_cycles(session))
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    department = request.form.get("department", "")[:16]
    try:
        receipt = issue_for_department(
            session, cycle.id, department, by=current_actor(), now=current_time()
        )
    except Refused as refusal:
        return _list(refusal), STATUSES[refusal.reason]
    return redirect(url_for("ReceiptView.receipt", number=receipt.id), 303)


def _page(number: int, refusal: Refused | None = None) -> str:
    page = read_receipt(current_session(), current_store(), current_actor(), number)
    return render_template(
        "receipt/page.html", page=page, receipt=page.receipt, refusal=refusal, largest=LARGEST
    )


def _add_scan(number: int) -> ResponseReturnValue:
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(Message("Choose the photograph or PDF first."), Reason.INVALID)
        # Whoever may not add one is told so before the file is looked at.
        page = read_receipt(current_session(), current_store(), current_actor(), number)
        if page.why_no_scan is not None:
            raise Refused(page.why_no_scan)
        draft = look_at(file.stream.read(LARGEST + 1), file.filename, str(_("Signed sheet")))
        add_scan(current_session(), number, draft, by=current_actor(), now=current_time())
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return _page(number, refusal), STATUSES[refusal.reason]
    flash(_("The signed sheet is kept with the receipt."), "success")
    return redirect(url_for("ReceiptView.receipt", number=number), 303)


def _scan(number: int) -> Response:
    scan, content = open_scan(current_session(), number, by=current_actor(), now=current_time())
    return file_answer(scan.name, scan.kind, content)
