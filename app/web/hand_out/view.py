"""``/data/<table>/hand_out/`` and ``/data/<table>/collect/``: workbooks go out and come back."""

from flask import request
from flask.typing import ResponseReturnValue

from app.web.addresses import NUMBER
from app.web.fab.page_view import PageView, expose
from app.web.hand_out.collecting import (
    answer_collected,
    collect_page,
    collected_page,
    report_xlsx,
    take_files,
)
from app.web.hand_out.page import hand_out_now, hand_out_page, hand_outs_page
from app.web.hand_out.workbook import workbook_xlsx, workbooks_zip

PART = NUMBER.replace("number", "part")


class HandOutView(PageView):
    """Handing out the rows of a table and collecting what comes back."""

    route_base = "/data"
    default_view = "hand_outs"

    @expose("/<table>/hand_out/", methods=["GET", "POST"])
    def hand_outs(self, table: str) -> ResponseReturnValue:
        """By what to divide, and what was handed out so far; on POST it is handed out."""
        return hand_out_now(table) if request.method == "POST" else hand_outs_page(table)

    @expose(f"/<table>/hand_out/{NUMBER}")
    def hand_out(self, table: str, number: int) -> ResponseReturnValue:
        """The parts of one, who is missing."""
        return hand_out_page(table, number)

    @expose(f"/<table>/hand_out/{NUMBER}/workbooks.zip")
    def workbooks(self, table: str, number: int) -> ResponseReturnValue:
        """All workbooks."""
        return workbooks_zip(table, number)

    @expose(f"/<table>/hand_out/{NUMBER}/{PART}/workbook.xlsx")
    def workbook(self, table: str, number: int, part: int) -> ResponseReturnValue:
        """The workbook of one part."""
        return workbook_xlsx(table, number, part)

    @expose("/<table>/collect/", methods=["GET", "POST"])
    def collect(self, table: str) -> ResponseReturnValue:
        """Choosing the files that came back; on POST they are kept."""
        return take_files(table) if request.method == "POST" else collect_page(table)

    @expose(f"/<table>/collect/{NUMBER}", methods=["GET", "POST"])
    def collected(self, table: str, number: int) -> ResponseReturnValue:
        """What the files come to; on POST it is decided, merged or forgotten."""
        if request.method == "POST":
            return answer_collected(table, number)
        return collected_page(table, number)

    @expose(f"/<table>/collect/{NUMBER}/report.xlsx")
    def report(self, table: str, number: int) -> ResponseReturnValue:
        """The report as a workbook."""
        return report_xlsx(table, number)
