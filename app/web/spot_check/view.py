"""``/spot_checks/``: drawing rows, the check list, entering what was found (V16)."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.roles import SPOT_CHECK
from app.access.spot_check import why_not_read_spot_checks
from app.actions.export import Export, log_export
from app.actions.spot_check import answer_rows, draw_rows
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.domain.spot_check import LONGEST_SEED, CheckResult
from app.exchange.spot_check import cell_text, check_list
from app.models.spot_check import LONGEST_NOTE
from app.reports.cycle import collected_cycles
from app.reports.spot_check import SpotCheckPage, list_drawable, list_spot_checks, read_spot_check
from app.web.addresses import NUMBER
from app.web.api.download import disposition
from app.web.api.endpoint import XLSX
from app.web.current import current_actor, current_session, current_store, current_time, local_time
from app.web.cycle.addresses import wanted_cycle
from app.web.cycle.labels import year_text
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.formats import moment_text, whole_number
from app.web.labels import label
from app.web.retry import persistently
from app.web.spot_check.form import read_answers, read_wanted
from app.web.spot_check.labels import rate_text
from app.web.translation import translated

SEE_OTHER = 303


class SpotCheckView(PageView):
    """The list of a year, drawing, one spot check with its rows."""

    route_base = "/spot_checks"
    default_view = "spot_checks"

    @expose("/")
    def spot_checks(self) -> ResponseReturnValue:
        """Those of a year and what they came to."""
        refuse(why_not_read_spot_checks(current_actor()))
        session, store, actor = current_session(), current_store(), current_actor()
        cycles = collected_cycles(session)
        cycle = wanted_cycle(cycles)
        lines = [] if cycle is None else list_spot_checks(session, store, actor, cycle)
        return render_template(
            "spot_check/list.html",
            cycles=cycles,
            cycle=cycle,
            lines=lines,
            may_draw=_may_draw(),
            **_words(),
        )

    @expose("/draw", methods=["GET", "POST"])
    def draw(self) -> ResponseReturnValue:
        """Choosing a table, the size and the seed; on POST the rows are drawn."""
        if not _may_draw():
            raise Refused(
                Message("Only the quality office draws spot checks and enters their results."),
                Reason.FORBIDDEN,
            )
        if request.method == "GET":
            return _draw_page({})
        try:
            number = _draw()
        except Refused as refusal:
            if refusal.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}:
                raise
            return _draw_page(request.form, refusal)
        flash(_("The rows are drawn. Print the check list or enter the results here."), "success")
        return redirect(url_for("SpotCheckView.spot_check", number=number), SEE_OTHER)

    @expose(f"/{NUMBER}", methods=["GET", "POST"])
    def spot_check(self, number: int) -> ResponseReturnValue:
        """The drawn rows; on POST what was found of them is kept."""
        if request.method == "GET":
            return _check_page(number, {})
        found = read_spot_check(current_session(), current_store(), current_actor(), number)
        answers = read_answers(request.form, [each.row.number for each in found.rows])
        try:
            changed = answer_rows(
                current_session(),
                number,
                answers,
                version=whole_number(request.form.get("version", "")),
                by=current_actor(),
                now=current_time(),
            )
        except Refused as refusal:
            if refusal.reason in {Reason.NOT_FOUND, Reason.FORBIDDEN}:
                raise
            return _check_page(number, request.form, refusal)
        flash(_("%(count)s results are saved.", count=changed), "success")
        return redirect(url_for("SpotCheckView.spot_check", number=number), SEE_OTHER)

    @expose(f"/{NUMBER}/check_list.xlsx")
    def workbook(self, number: int) -> ResponseReturnValue:
        """The check list as a workbook."""
        found = read_spot_check(current_session(), current_store(), current_actor(), number)
        _log_file(found)
        response = Response(check_list(found, translated, local_time()), mimetype=XLSX)
        name = f"{found.line.spec.title} {_('Check list')} {number}.xlsx"
        response.headers["Content-Disposition"] = disposition(name)
        return response


def _log_file(found: SpotCheckPage) -> None:
    """Rows leave the platform, so the log has it before (as with every export)."""
    line = found.line
    export = Export(
        f"table:{line.spec.identifier}",
        len(found.rows),
        is_masked=True,
        department=line.submission.department_code,
        chosen={"kind": "xlsx", "spot_check": line.check.id},
    )
    session, by, now = current_session(), current_actor(), current_time()
    persistently(lambda: log_export(session, export, by=by, now=now))


def _may_draw() -> bool:
    actor = current_actor()
    return actor.may("check", SPOT_CHECK) and actor.holds(Function.QA_OFFICE)


def _draw() -> int:
    return draw_rows(
        current_session(),
        current_store(),
        whole_number(request.form.get("submission", "")),
        read_wanted(request.form),
        by=current_actor(),
        now=current_time(),
    )


def _draw_page(typed: Mapping[str, str], refusal: Refused | None = None) -> ResponseReturnValue:
    session, store, actor = current_session(), current_store(), current_actor()
    cycles = collected_cycles(session)
    cycle = wanted_cycle(cycles)
    page = render_template(
        "spot_check/draw.html",
        cycle=cycle,
        drawable=[] if cycle is None else list_drawable(session, store, actor, cycle),
        typed=typed,
        refusal=refusal,
        longest_seed=LONGEST_SEED,
        **_words(),
    )
    return page if refusal is None else (page, STATUSES[refusal.reason])


def _check_page(
    number: int, typed: Mapping[str, str], refusal: Refused | None = None
) -> ResponseReturnValue:
    """The page; with what was typed where that could not be saved."""
    found = read_spot_check(current_session(), current_store(), current_actor(), number)
    page = render_template(
        "spot_check/page.html",
        found=found,
        typed=typed,
        refusal=refusal,
        results=list(CheckResult),
        cell_text=cell_text,
        longest_note=LONGEST_NOTE,
        **_words(),
    )
    return page if refusal is None else (page, STATUSES[refusal.reason])


def _words() -> dict[str, Any]:
    """What every template writes with."""
    return {
        "label": label,
        "year_text": year_text,
        "moment_text": moment_text,
        "rate_text": rate_text,
    }
