"""``/submissions/``: where every table stands, and the steps that move one on (第十条—第十二条)."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.submission import take_step
from app.domain.message import Reason, Refused
from app.domain.person import Function
from app.domain.submission import Status, Verb
from app.models.submission import Submission
from app.reports.cycle import collected_cycles
from app.reports.submission import list_submissions, read_submission
from app.reports.workbench import forward_verb
from app.web.addresses import NUMBER
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
)
from app.web.cycle.addresses import wanted_cycle
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.finding.acts import asked_form, done_text, perform
from app.web.labels import label
from app.web.paging import paged
from app.web.posted import remember_kept
from app.web.submission.addresses import grid_path
from app.web.submission.batch import (
    BATCH_VERBS,
    batch_verb,
    perform_steps,
    prepare_steps,
    show_results,
    verb_counts,
)
from app.web.submission.changes import changes_page, compares, counts_text
from app.web.submission.finding import whole_rule
from app.web.submission.labels import TODO_BUTTONS
from app.web.submission.line_filter import (
    chips_of,
    departments_in,
    narrowed_text,
    read_filter,
    usual_filter,
)
from app.web.submission.page import render_submission
from app.web.submission.returned import act_on_items, items_page
from app.web.submission.step_form import read_form, request_of


class SubmissionView(PageView):
    """The list of submissions, one submission, and its steps."""

    route_base = "/submissions"
    default_view = "submissions"

    @expose("/")
    def submissions(self) -> ResponseReturnValue:
        """The submissions of a year that exist for the reader, with chips by status."""
        session, actor = current_session(), current_actor()
        cycles = collected_cycles(session)
        cycle = wanted_cycle(cycles)
        lines = []
        if cycle is not None:
            lines = list_submissions(session, current_store(), actor, cycle, now=current_time())
        wanted = read_filter(request.args)
        if actor.holds(Function.QA_OFFICE):
            wanted = usual_filter(wanted, lines)
        matching = [line for line in lines if wanted.matches(line)]
        chosen = [line for line in matching if wanted.selects(line)]
        return render_template(
            "submission/list.html",
            cycle=cycle,
            cycles=cycles,
            wanted=wanted,
            chips=chips_of(matching),
            page=paged(chosen, request.args),
            verbs=verb_counts(chosen),
            batch_verbs=set(BATCH_VERBS),
            departments=departments_in(lines),
            narrowed=narrowed_text(wanted, current_catalogue()),
            has_any=bool(lines),
            buttons=TODO_BUTTONS,
            forward_verb=forward_verb,
            counts_text=counts_text,
            compares=compares,
        )

    @expose("/steps")
    def choose(self) -> ResponseReturnValue:
        """The chosen submissions with the form of one step for all of them."""
        return prepare_steps()

    @expose("/steps/<verb>", methods=["POST"])
    def steps(self, verb: str) -> ResponseReturnValue:
        """Take one step with each of the chosen and tell what became of them."""
        return perform_steps(batch_verb(verb))

    @expose("/results")
    def results(self) -> ResponseReturnValue:
        """What became of a step for many."""
        return show_results()

    @expose(f"/{NUMBER}")
    def submission(self, number: int) -> ResponseReturnValue:
        """One submission in full: what can be done next, by whom, and why not now."""
        return render_submission(number)

    @expose(f"/{NUMBER}/findings", methods=["POST"])
    def findings(self, number: int) -> ResponseReturnValue:
        """Explain what was ticked or rule on it; refused, all that was typed is shown again."""
        session, store, actor = current_session(), current_store(), current_actor()
        page = read_submission(session, store, actor, number, now=current_time())
        form = asked_form()
        acted = perform(page.cycle, form, whole_rule(store, actor, page, form.rule))
        if acted.refusal is not None:
            status = STATUSES[acted.refusal.reason]
            return render_submission(number, refusal=acted.refusal, explained=form), status
        remember_kept(f"findings-{number}-{form.rule}")
        flash(done_text(form.act, acted), "success")
        return redirect(f"/submissions/{number}#findings", 303)

    @expose(f"/{NUMBER}/items", methods=["GET"])
    def items(self, number: int) -> ResponseReturnValue:
        """What came back of a submission; a teacher sees what is addressed to him."""
        return items_page(number)

    @expose(f"/{NUMBER}/items", methods=["POST"])
    def act_on_items(self, number: int) -> ResponseReturnValue:
        """Answer items or judge the answers."""
        return act_on_items(number)

    @expose(f"/{NUMBER}/changes")
    def changes(self, number: int) -> ResponseReturnValue:
        """What changed since the last report, or against last year."""
        return changes_page(number)

    @expose(f"/{NUMBER}/<verb>", methods=["POST"])
    def step(self, number: int, verb: str) -> ResponseReturnValue:
        """Take a step; a refused one shows the page again with everything typed."""
        if verb not in set(Verb):
            abort(404)
        form = read_form(Verb(verb), request.form)
        try:
            submission = take_step(
                current_session(),
                current_store(),
                number,
                request_of(form, request.form.get("password", ""), number),
                by=current_actor(),
                now=current_time(),
            )
        except Refused as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            return render_submission(number, form, refusal), STATUSES[refusal.reason]
        flash(_done_text(form.verb, submission), "success")
        is_begun = form.verb is Verb.ENTER
        return redirect(grid_path(submission) if is_begun else f"/submissions/{number}")


def _done_text(verb: Verb, submission: Submission) -> str:
    """What was done; a step that needs a second person changes nothing yet."""
    if verb is Verb.REOPEN and submission.status is Status.ACCEPTED:
        return str(_("Asked for. It is done as soon as a second person agrees, within 24 hours."))
    told = {"verb": label(verb), "status": label(submission.status)}
    return str(_("%(verb)s: done. The table is now “%(status)s”.", **told))
