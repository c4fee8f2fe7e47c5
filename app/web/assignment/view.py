"""``/assignments/``: which department has which table, and the departments (第四条)."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.actions.assignment_change import subject_of
from app.domain.assignment import TableAssignment
from app.domain.message import Reason, Refused
from app.models.audit_log import LONGEST_REASON
from app.reports.assignment_plan import AssignmentPage, history_of
from app.web.addresses import NUMBER
from app.web.assignment.choice import Choices
from app.web.assignment.department import (
    change_department,
    end,
    rename,
    render_departments,
    restore,
)
from app.web.assignment.page import (
    Typed,
    read_page,
    read_typed,
    read_wanted,
    read_year,
    render_assignments,
)
from app.web.assignment.save import (
    chosen,
    fill,
    home_of,
    page_of_table,
    plan_typed,
    save,
    told,
)
from app.web.assignment.sheet import sheet_page
from app.web.assignment.upload import download_answer, upload_answer, upload_page
from app.web.current import current_session, local_time
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose

CODE = "<code>"


class AssignmentView(PageView):
    """The list of all tables, one table, its workbook; the list of departments."""

    route_base = "/assignments"
    default_view = "assignments"

    @expose("/")
    def assignments(self) -> ResponseReturnValue:
        """The tables of a year with their departments, beside last year's."""
        page = read_page(request.args.get("cycle"))
        return render_assignments(page, read_wanted(request.args))

    @expose(f"/{NUMBER}/assign", methods=["POST"])
    def assign(self, number: int) -> ResponseReturnValue:
        """Save every choice of the page at once."""
        typed = read_typed(request.form)
        return _answer(
            number, lambda: told(save(number, chosen(number, typed), typed.reason)), typed
        )

    @expose(f"/{NUMBER}/take_over", methods=["POST"])
    def take_over(self, number: int) -> ResponseReturnValue:
        """Assign as last year."""
        return _answer(number, lambda: told(fill(number, from_catalogue=False)))

    @expose(f"/{NUMBER}/propose", methods=["POST"])
    def propose(self, number: int) -> ResponseReturnValue:
        """Assign as the catalogue proposes."""
        return _answer(number, lambda: told(fill(number, from_catalogue=True)))

    @expose(f"/departments/{CODE}/sheet")
    def sheet(self, code: str) -> ResponseReturnValue:
        """Who is responsible for which table of the department until when, to print."""
        return sheet_page(code)

    @expose(f"/{NUMBER}/tables/<table>")
    def table(self, number: int, table: str) -> ResponseReturnValue:
        """One table: every way to assign it, and its history."""
        return _table_page(read_year(number), table)

    @expose(f"/{NUMBER}/tables/<table>", methods=["POST"])
    def assign_table(self, number: int, table: str) -> ResponseReturnValue:
        """Save the choice for one table; refused, the page shows it again as typed."""
        plan = plan_typed(table, request.form)
        try:
            changes = save(number, [plan], request.form.get("reason", ""))
        except Refused as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            page = _table_page(read_year(number), table, plan, refusal)
            return page, STATUSES[refusal.reason]
        flash(told(changes), "success")
        return redirect(home_of(number, table))

    @expose(f"/{NUMBER}/assignments.xlsx")
    def download(self, number: int) -> ResponseReturnValue:
        """The assignments as a workbook."""
        return download_answer(read_year(number))

    @expose(f"/{NUMBER}/upload")
    def upload(self, number: int) -> ResponseReturnValue:
        """Where a workbook is sent from."""
        return upload_page(number)

    @expose(f"/{NUMBER}/upload", methods=["POST"])
    def preview(self, number: int) -> ResponseReturnValue:
        """What a workbook would change; nothing is saved yet."""
        return upload_answer(number)

    @expose("/departments/")
    def departments(self) -> ResponseReturnValue:
        """The departments with what hangs on them."""
        return render_departments()

    @expose(f"/departments/{CODE}/rename", methods=["POST"])
    def rename_department(self, code: str) -> ResponseReturnValue:
        """Give a department another name."""
        return change_department(code, "rename", rename)

    @expose(f"/departments/{CODE}/end", methods=["POST"])
    def end_department(self, code: str) -> ResponseReturnValue:
        """Abolish a department."""
        return change_department(code, "end", end)

    @expose(f"/departments/{CODE}/restore", methods=["POST"])
    def restore_department(self, code: str) -> ResponseReturnValue:
        """Take the end of a department back."""
        return change_department(code, "restore", restore)


def _answer(number: int, act: Callable[[], str], typed: Typed | None = None) -> ResponseReturnValue:
    wanted = read_wanted(request.form)
    try:
        done = act()
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        page = render_assignments(read_year(number), wanted, typed, refusal)
        return page, STATUSES[refusal.reason]
    flash(done, "success")
    query = wanted.pairs()
    if "page" in request.form:
        query["page"] = request.form["page"]
    return redirect(home_of(number, query=query))


def _table_page(
    page: AssignmentPage,
    table: str,
    plan: TableAssignment | None = None,
    refusal: Refused | None = None,
) -> str:
    line = page.line(table)
    return render_template(
        "assignment/table.html",
        page=page,
        line=line,
        plan=plan or line.plan,
        refusal=refusal,
        choices=Choices(page.departments, local_time().date()),
        history=history_of(current_session(), subject_of(page.cycle, table)),
        reason=request.form.get("reason", "").strip(),
        longest=LONGEST_REASON,
        list_page=page_of_table(page, table),
    )
