"""The addresses below ``/data/``."""

from collections.abc import Sequence

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.access.policies import why_not_write
from app.domain.message import Reason, Refused
from app.reports.base_table import read_row
from app.reports.cycle import all_cycles, kept_cycle
from app.reports.place import find_table
from app.reports.reference import pick_rows, reference_of
from app.reports.referring import Referring, count_referring
from app.web.addresses import NUMBER
from app.web.adopted_table.page import adopted_choices, adopted_page
from app.web.adopted_table.row_form import adopted_row, delete_adopted_row, new_adopted_row
from app.web.api.adopted_table import is_adopted
from app.web.base_table.carry_forward import (
    carried_notice,
    carry_page,
    carry_rows,
    confirm_page_rows,
)
from app.web.base_table.change_set import change_set_page, changes_page, undo_page, undo_set
from app.web.base_table.open_table import OpenTable, asked, asked_page, asked_search, open_table
from app.web.base_table.row_form import RowForm, stored_form
from app.web.base_table.row_list import read_row_list
from app.web.base_table.row_save import (
    delete_row,
    form_answer,
    save_row,
    single_row_page,
)
from app.web.base_table.start_cell import start_cell
from app.web.base_table.table_list import grouped, listed_tables, matching
from app.web.cooperation.contributed_row import contributed_notice
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
)
from app.web.cycle.labels import due_text
from app.web.fab.page_view import PageView, expose
from app.web.posted import forget_kept


class DataView(PageView):
    """The list of tables and everything that is done with the rows of one."""

    route_base = "/data"
    default_view = "tables"

    @expose("/")
    def tables(self) -> ResponseReturnValue:
        """The tables one may see; ``show`` is ``own`` or ``all``, ``q`` searches."""
        session, actor = current_session(), current_actor()
        cycle = kept_cycle(all_cycles(session))
        lines = listed_tables(session, current_store(), actor, cycle, current_time())
        own = [line for line in lines if line.is_own]
        search = asked_search()
        shows_own = bool(own) and asked("show") != "all"
        found = matching(own if shows_own else lines, search)
        return render_template(
            "base_table/tables.html",
            cycle=cycle,
            due="" if cycle is None else due_text(cycle, current_time()),
            groups=grouped(current_catalogue().chapters, found),
            search=search,
            shows_own=shows_own,
            own_count=len(own),
            all_count=len(lines),
            found_count=len(found),
            adopted=adopted_choices(),
        )

    @expose("/<table>/")
    def table(self, table: str) -> ResponseReturnValue:
        """The rows of a table in the grid, as a list, or the single row as a form."""
        if is_adopted(table):
            return adopted_page(table)
        opened = open_table(table)
        if opened.is_single_row and opened.department is not None:
            return form_answer(_single_row_form(opened))
        shows_rows = opened.is_single_row or asked("view") == "rows"
        search = asked_search()
        return render_template(
            "base_table/rows.html" if shows_rows else "base_table/grid.html",
            opened=opened,
            search=search,
            row_list=read_row_list(opened, search, asked_page()),
            carried=carried_notice(opened),
            contributed=contributed_notice(opened),
            kept_done=forget_kept(),
            start=start_cell(opened),
        )

    @expose("/<table>/new", methods=["GET", "POST"])
    def new_row(self, table: str) -> ResponseReturnValue:
        """The empty form; on POST a new row."""
        if is_adopted(table):
            return new_adopted_row(table)
        if request.method == "POST":
            return save_row(table, None)
        opened = open_table(table)
        refuse_unless(opened, "add")
        if opened.is_single_row:
            return redirect(opened.list_address)
        return form_answer(stored_form(opened, None))

    @expose("/<table>/import")
    def import_rows(self, table: str) -> ResponseReturnValue:
        """Choosing a workbook, seeing what it would do, confirming."""
        opened = open_table(table)
        refuse_unless(opened, "import")
        return render_template("base_table/import.html", opened=opened)

    @expose("/<table>/carry_forward", methods=["GET", "POST"])
    def carry_forward(self, table: str) -> ResponseReturnValue:
        """What taking last year's rows over would do; on POST it is done."""
        return carry_rows(table) if request.method == "POST" else carry_page(table)

    @expose("/<table>/unchanged", methods=["POST"])
    def unchanged(self, table: str) -> ResponseReturnValue:
        """Say of rows taken over that they are as last year."""
        return confirm_page_rows(table)

    @expose("/<table>/changes/")
    def changes(self, table: str) -> ResponseReturnValue:
        """What was changed in the table, the newest first."""
        return changes_page(table)

    @expose(f"/<table>/changes/{NUMBER}")
    def change_set(self, table: str, number: int) -> ResponseReturnValue:
        """What was changed together, cell by cell."""
        return change_set_page(table, number)

    @expose(f"/<table>/changes/{NUMBER}/undo", methods=["GET", "POST"])
    def undo(self, table: str, number: int) -> ResponseReturnValue:
        """What taking it back would do; on POST it is done."""
        return undo_set(table, number) if request.method == "POST" else undo_page(table, number)

    @expose("/<table>/options")
    def options(self, table: str) -> ResponseReturnValue:
        """Suggestions for a reference field while something is typed into it."""
        session, store, actor = current_session(), current_store(), current_actor()
        opened = open_table(table)
        code = asked("field") or ""
        reference = reference_of(opened.place.stored, code)
        text = request.args.get(f"field-{code}", "")[:100]
        found = pick_rows(session, store, actor, reference, opened.place.cycle, text)
        return render_template("base_table/options.html", found=found)

    @expose("/<table>/<row>", methods=["GET", "POST"])
    def row(self, table: str, row: str) -> ResponseReturnValue:
        """The form of a stored row; on POST its changes."""
        if is_adopted(table):
            return adopted_row(table, row)
        if request.method == "POST":
            return save_row(table, row)
        return form_answer(_stored_row_form(table, row))

    @expose("/<table>/<row>/delete", methods=["POST"])
    def delete(self, table: str, row: str) -> ResponseReturnValue:
        """Delete a row."""
        if is_adopted(table):
            return delete_adopted_row(table, row)
        return delete_row(open_table(table), row)


def _stored_row_form(table: str, row: str) -> RowForm:
    store = current_store()
    find_table(store, table)
    found = read_row(current_session(), store, table, current_actor(), row)
    opened = open_table(table, period=found.period, department=found.row.department)
    return stored_form(opened, found.row, found.labels, _referring(opened, row))


def _single_row_form(opened: OpenTable) -> RowForm:
    page = single_row_page(opened)
    row = next(iter(page.rows), None)
    return stored_form(opened, row, page.labels, _referring(opened, row.id) if row else ())


def _referring(opened: OpenTable, row: str) -> Sequence[Referring]:
    """What to warn of before the row is deleted."""
    if not opened.may("delete"):
        return ()
    session, store, actor = current_session(), current_store(), current_actor()
    return count_referring(session, store, opened.spec.identifier, actor, opened.place.cycle, [row])


def refuse_unless(opened: OpenTable, action: str) -> None:
    """Answer with the reason when the action may not be done here and now. Raises Refused."""
    reason = opened.rights[action]
    if reason is None:
        return
    if opened.department is None:
        raise Refused(reason, Reason.INVALID)
    stored, department = opened.place.stored, opened.department
    if why_not_write(current_actor(), stored, action, department) is None:
        raise Refused(reason, Reason.LOCKED)
    raise Refused(reason, Reason.FORBIDDEN)
