"""``/findings/``: what the rules find in the year, and what becomes of it (第五条, 第十二条)."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.message import Message, Reason, Refused
from app.reports.cycle import collected_cycles
from app.web.addresses import NUMBER
from app.web.current import current_actor, current_session
from app.web.cycle.addresses import wanted_cycle
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.finding.acts import EXPLAIN_RULE, done_text, perform
from app.web.finding.acts import asked_form as sent_form
from app.web.finding.annual_note import note_page, write_note
from app.web.finding.check import check_again
from app.web.finding.completeness import completeness_page
from app.web.finding.conflict import conflicts_page
from app.web.finding.list_filter import read_filter
from app.web.finding.page import refuse_unless_reader, render_findings, whole_rule
from app.web.finding.waiver import add_waiver, end_one, waivers_page
from app.web.finding.workbook import findings_xlsx


class FindingView(PageView):
    """The list of findings, waivers, and table 11.1."""

    route_base = "/findings"
    default_view = "findings"

    @expose("/")
    def findings(self) -> ResponseReturnValue:
        """The findings of a year, narrowed by the address."""
        return render_findings()

    @expose("/conflicts")
    def conflicts(self) -> ResponseReturnValue:
        """Facts that two tables tell differently, with both places."""
        return conflicts_page()

    @expose("/completeness")
    def completeness(self) -> ResponseReturnValue:
        """How complete the tables are, and who is missing on them."""
        return completeness_page()

    @expose("/export.xlsx")
    def workbook(self) -> ResponseReturnValue:
        """The same as a workbook."""
        return findings_xlsx()

    @expose("/acts", methods=["POST"])
    def acts(self) -> ResponseReturnValue:
        """Explain what was ticked, or rule on it; what was refused stays ticked and typed."""
        refuse_unless_reader(current_actor())
        cycle = wanted_cycle(collected_cycles(current_session()))
        if cycle is None:
            raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
        form = sent_form()
        wanted = read_filter(request.form)
        whole = whole_rule(cycle, wanted) if form.act == EXPLAIN_RULE else None
        acted = perform(cycle, form, whole)
        if acted.refusal is not None:
            return render_findings(form, acted), STATUSES[acted.refusal.reason]
        flash(done_text(form.act, acted), "success")
        pairs: dict[str, Any] = dict(wanted.pairs())
        return redirect(url_for("FindingView.findings", cycle=cycle.academic_year, **pairs), 303)

    @expose("/check", methods=["POST"])
    def check(self) -> ResponseReturnValue:
        """Let the rules be looked through again."""
        return check_again(request.form.to_dict())

    @expose("/waivers", methods=["GET", "POST"])
    def waivers(self) -> ResponseReturnValue:
        """The waived rules; on POST one more."""
        return add_waiver() if request.method == "POST" else waivers_page()

    @expose(f"/waivers/{NUMBER}/end", methods=["POST"])
    def end_waiver(self, number: int) -> ResponseReturnValue:
        """Hold a table to the rule again."""
        return end_one(number)

    @expose("/annual_note", methods=["GET", "POST"])
    def annual_note(self) -> ResponseReturnValue:
        """What table 11.1 would become; on POST it is written."""
        return write_note() if request.method == "POST" else note_page()
