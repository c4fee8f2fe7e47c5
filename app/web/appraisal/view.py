"""``/appraisal/``: the yearly appraisal of the departments (第十七条)."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.appraisal import count_again, draft_appraisal, publish_appraisal
from app.actions.appraisal_score import adjust, enter_scores
from app.domain.appraisal import AppraisalVerb
from app.domain.message import Message, Reason, Refused
from app.models.appraisal import Appraisal
from app.reports.appraisal import Panel, appraisal_years, find_year
from app.web.addresses import YEAR
from app.web.appraisal.page import (
    item_of,
    open_panel,
    render_department,
    render_item,
    render_panel,
    render_why,
)
from app.web.appraisal.score_form import (
    ScoreForm,
    adjustment_of,
    entries_of,
    read_adjustment,
    read_form,
)
from app.web.current import current_actor, current_scheme, current_session, current_time
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number


class AppraisalView(PageView):
    """The panel, its departments, items and scores, and what the quality office does there."""

    route_base = "/appraisal"
    default_view = "panel"

    @expose("/")
    def panel(self) -> ResponseReturnValue:
        """Departments × items of a year, or one's own department."""
        asked = request.args.get("year", "")
        if asked and not whole_number(asked):
            raise Refused(Message("There is no appraisal of this year."), Reason.NOT_FOUND)
        return render_panel(whole_number(asked) or None)

    @expose(f"/{YEAR}/<verb>", methods=["POST"])
    def step(self, year: int, verb: str) -> ResponseReturnValue:
        """Begin, count again or publish; a refused step shows the panel with the reason."""
        if verb not in set(AppraisalVerb):
            abort(404)
        reason = request.form.get("reason", "").strip()
        try:
            done = STEPS[AppraisalVerb(verb)](year)
        except Refused as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            return render_panel(year, refusal, reason), STATUSES[refusal.reason]
        flash(done, "success")
        return redirect(url_for("AppraisalView.panel", year=year))

    @expose(f"/{YEAR}/departments/<department>")
    def department(self, year: int, department: str) -> ResponseReturnValue:
        """Every item of one department."""
        return render_department(year, department)

    @expose(f"/{YEAR}/departments/<department>", methods=["POST"])
    def score_department(self, year: int, department: str) -> ResponseReturnValue:
        """Store what was entered for one department."""
        panel = open_panel(year)
        cells = panel.line(department).cells.values()
        form = read_form(request.form, cells)
        return _stored(
            panel,
            form,
            lambda refusal: render_department(year, department, form, refusal=refusal),
        )

    @expose(f"/{YEAR}/departments/<department>/adjust", methods=["POST"])
    def adjust(self, year: int, department: str) -> ResponseReturnValue:
        """Give the department a bonus or a veto, or take it back."""
        panel = open_panel(year)
        panel.line(department)
        form = read_adjustment(request.form)
        try:
            adjust(
                current_session(),
                _begun(panel).id,
                adjustment_of(form, department),
                by=current_actor(),
                now=current_time(),
            )
        except Refused as refusal:
            current_session().rollback()
            page = render_department(year, department, adjusting=form, refusal=refusal)
            return page, STATUSES[refusal.reason]
        flash(_("The bonus and the veto are stored."), "success")
        return redirect(request.path.removesuffix("/adjust"))

    @expose(f"/{YEAR}/departments/<department>/<item>")
    def why(self, year: int, department: str, item: str) -> ResponseReturnValue:
        """Why the department has this score for the item."""
        return render_why(year, department, item)

    @expose(f"/{YEAR}/items/<item>")
    def item(self, year: int, item: str) -> ResponseReturnValue:
        """One item of all departments."""
        return render_item(year, item)

    @expose(f"/{YEAR}/items/<item>", methods=["POST"])
    def score_item(self, year: int, item: str) -> ResponseReturnValue:
        """Store what was entered for one item."""
        panel = open_panel(year)
        item_of(panel, item)
        form = read_form(request.form, [x.cells[item] for x in panel.lines if item in x.cells])
        return _stored(panel, form, lambda refusal: render_item(year, item, form, refusal))


def _stored(panel: Panel, form: ScoreForm, page: Callable[[Refused], str]) -> ResponseReturnValue:
    """Store the scores and go back to the page they were entered on."""
    weights = {name: item.weight for name, item in panel.scheme.items.items()}
    try:
        count = enter_scores(
            current_session(),
            _begun(panel).id,
            entries_of(form, weights),
            by=current_actor(),
            now=current_time(),
        )
    except Refused as refusal:
        return page(refusal), STATUSES[refusal.reason]
    flash(
        _("%(count)s scores are stored.", count=count) if count else _("Nothing was different."),
        "success",
    )
    return redirect(request.path)


def _begun(panel: Panel) -> Appraisal:
    """The stored appraisal; Refused while there is none to change."""
    if panel.year.appraisal is None or panel.is_preview:
        raise Refused(Message("You have no right to change the appraisal."))
    return panel.year.appraisal


def _draft(number: int) -> str:
    session, actor = current_session(), current_actor()
    year = find_year(appraisal_years(session, actor), number)
    draft_appraisal(session, current_scheme(), year.cycle.id, by=actor, now=current_time())
    return str(_("The appraisal has begun: what is recorded has been counted."))


def _count_again(number: int) -> str:
    appraisal = _begun(open_panel(number))
    counted = count_again(
        current_session(), appraisal.id, _version(), by=current_actor(), now=current_time()
    )
    if not counted.changed:
        return str(_("Counted again: every score is as it was."))
    return str(_("Counted again: %(count)s scores have changed.", count=counted.changed))


def _publish(number: int) -> str:
    appraisal = _begun(open_panel(number))
    publish_appraisal(
        current_session(),
        appraisal.id,
        _version(),
        request.form.get("reason"),
        by=current_actor(),
        now=current_time(),
    )
    return str(_("The scores are published. Every department now sees its own."))


def _version() -> int:
    return whole_number(request.form.get("version", ""))


STEPS: dict[AppraisalVerb, Callable[[int], str]] = {
    AppraisalVerb.DRAFT: _draft,
    AppraisalVerb.APPRAISE: _count_again,
    AppraisalVerb.PUBLISH: _publish,
}
