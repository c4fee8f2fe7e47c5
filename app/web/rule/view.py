"""``/rules/``: the rules by which data are judged; the quality office writes its own (第五条)."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.rule import why_not_change_rules, why_not_read_rules
from app.actions.rule_revision import (
    NEW,
    discard_draft,
    publish_rule,
    record_trial,
    restore_rule,
    retire_rule,
    save_draft,
)
from app.domain.finding import Dimension, Severity
from app.domain.message import Message, Reason, Refused, refuse
from app.models.rule_revision import LONGEST_IDENTIFIER
from app.reports.cycle import all_cycles, current_cycle
from app.reports.rule import RuleLine, RulePage, list_rules, read_rule_page
from app.reports.rule_trial import Trial, try_rule
from app.rules.compiled_rule import compile_rule
from app.rules.expression.functions import FUNCTIONS
from app.rules.expression.naming import quote
from app.rules.rule_draft import RuleDraft, draft_of, write_draft
from app.web.api.shapes import code_shape
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
)
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.paging import paged
from app.web.rule.case_grid import shown_cases
from app.web.rule.form import RuleForm, read_form, with_part, with_written
from app.web.rule.page import render_form, render_rule, table_title, told_fault, words_of
from app.web.rule.rule_filter import FAULTY, STATES, WRITTEN, read_filter, states_of
from app.web.translation import translated

NO_TABLE = Message("There is no such table.")
KEPT_PAGES = frozenset({Reason.NOT_FOUND, Reason.FORBIDDEN})


class RuleView(PageView):
    """The list of rules, one rule, and the form by which the quality office writes it."""

    route_base = "/rules"
    default_view = "rules"

    @expose("/")
    def rules(self) -> ResponseReturnValue:
        """Every rule: where it comes from, how it stands."""
        actor, catalogue = current_actor(), current_catalogue()
        lines = list_rules(current_session(), catalogue, actor)
        wanted = read_filter(request.args)
        matching = [line for line in lines if wanted.matches(line)]
        used = dict.fromkeys(line.table for line in lines)
        return render_template(
            "rule/list.html",
            page=paged([line for line in matching if wanted.selects(line)], request.args),
            wanted=wanted,
            chips=_chips(matching),
            compared=[each for each in catalogue.comparisons if wanted.compares(each)],
            tables=[(table, table_title(catalogue, table)) for table in used],
            all_tables=[(spec.identifier, spec.title) for spec in catalogue.tables.values()],
            dimensions=list(Dimension),
            severities=list(Severity),
            table_title=lambda table: table_title(catalogue, table),
            why_not=why_not_change_rules(actor),
        )

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> ResponseReturnValue:
        """Write a new rule of a table."""
        refuse(why_not_change_rules(current_actor()))
        table = request.values.get("table", "")
        _refuse_table(table)
        if request.method == "GET":
            return render_form(RuleForm(RuleDraft(table)))
        return _answer(read_form(request.form, table))

    @expose("/check", methods=["POST"])
    def check(self) -> ResponseReturnValue:
        """What is wrong with the form as it is typed, what it says in words, its cases' grids."""
        refuse(why_not_change_rules(current_actor()))
        table = request.values.get("table", "")
        _refuse_table(table)
        form = read_form(request.form, table)
        catalogue = current_catalogue()
        written = write_draft(form.draft, catalogue, NEW)
        faults = [
            {
                "place": fault.place,
                "start": fault.start,
                "end": fault.end,
                "message": told_fault(fault)[1],
            }
            for fault in written.faults
        ]
        cases = shown_cases(form.draft, written.rule, catalogue)
        return jsonify(
            faults=faults,
            words=words_of(written, catalogue),
            cases=render_template("rule/cases.html", cases=cases),
        )

    @expose("/words/<table>")
    def words(self, table: str) -> ResponseReturnValue:
        """What may be named in a condition about a table, for completing what is typed."""
        refuse(why_not_read_rules(current_actor()))
        _refuse_table(table)
        fields = current_catalogue().tables[table].fields
        return jsonify(
            fields=[
                {**code_shape(field.code, field.label), "text": quote(field.label)}
                for field in fields
            ],
            functions=[
                {
                    "name": each.name,
                    "help": translated(each.help),
                    "example": translated(each.example),
                }
                for each in FUNCTIONS
            ],
        )

    @expose("/<identifier>")
    def rule(self, identifier: str) -> ResponseReturnValue:
        """One rule in words, with its revisions."""
        return render_rule(_page(identifier))

    @expose("/<identifier>/edit", methods=["GET", "POST"])
    def edit(self, identifier: str) -> ResponseReturnValue:
        """Write a rule differently."""
        page = _page(identifier)
        refuse(why_not_change_rules(current_actor()))
        rule = page.written
        if rule is None or rule.table not in current_catalogue().tables:
            raise Refused(Message("This rule cannot be opened any more; write it anew."))
        if request.method == "GET":
            return render_form(RuleForm(draft_of(rule, current_catalogue()), identifier, page.seen))
        return _answer(read_form(request.form, rule.table, identifier))

    @expose("/<identifier>/retire", methods=["POST"])
    def retire(self, identifier: str) -> ResponseReturnValue:
        """Let the rule be asked no more."""
        return _turn(identifier, "retire")

    @expose("/<identifier>/restore", methods=["POST"])
    def restore(self, identifier: str) -> ResponseReturnValue:
        """Let the rule be asked again."""
        return _turn(identifier, "restore")

    @expose("/<identifier>/discard", methods=["POST"])
    def discard(self, identifier: str) -> ResponseReturnValue:
        """Drop the draft."""
        _page(identifier)
        session, catalogue = current_session(), current_catalogue()
        discard_draft(session, catalogue, identifier, by=current_actor(), now=current_time())
        flash(_("The draft was dropped."), "success")
        return redirect(url_for("RuleView.rule", identifier=identifier), 303)


def _page(identifier: str) -> RulePage:
    return read_rule_page(
        current_session(), current_catalogue(), current_actor(), identifier[:LONGEST_IDENTIFIER]
    )


def _refuse_table(table: str) -> None:
    if table not in current_catalogue().tables:
        raise Refused(NO_TABLE, Reason.NOT_FOUND)


def _chips(lines: list[RuleLine]) -> list[tuple[str, str, int]]:
    counts = Counter(state for line in lines for state in states_of(line))
    words = {
        FAULTY: str(_("cannot be asked")),
        WRITTEN: str(_("with a draft")),
        "retired": str(_("switched off")),
    }
    chips = [("", str(_("All")), len(lines))]
    return chips + [(s, words[s], counts[s]) for s in STATES if counts[s]]


def _answer(form: RuleForm) -> ResponseReturnValue:
    """Do what the button says; whatever happens, everything typed is shown again."""
    act = request.form.get("act", "")
    catalogue = current_catalogue()
    written = write_draft(form.draft, catalogue, form.identifier or NEW)
    form = with_written(form, written.rule)
    if act not in UNASKED:
        return render_form(with_part(form, act))
    faults = [fault for fault in written.faults if fault.place not in UNASKED[act]]
    if faults and act != "draft":
        return render_form(form, faults=faults), STATUSES[Reason.INVALID]
    try:
        if act == "trial":
            return render_form(form, trial=_tried(form))
        return _save(form, act)
    except Refused as refusal:
        if refusal.reason in KEPT_PAGES:
            raise
        return render_form(_seen_now(form), refusal=refusal), STATUSES[refusal.reason]


def _seen_now(form: RuleForm) -> RuleForm:
    """The form of a writer who has just been told how the rule stands now: the next save counts."""
    return replace(form, seen=_page(form.identifier).seen) if form.identifier else form


# What the buttons do, and which parts of the form do not matter for it.
UNASKED: Mapping[str, Collection[str]] = {"trial": {"message"}, "draft": (), "publish": ()}


def _tried(form: RuleForm) -> Trial:
    cycle = current_cycle(all_cycles(current_session()))
    if cycle is None:
        raise Refused(
            Message("There is no collection year yet, so there is nothing to try the rule on."),
            Reason.CONFLICT,
        )
    rule = write_draft(form.draft, current_catalogue(), form.identifier or NEW).rule
    if not rule.message:
        rule = replace(rule, message=str(_("(nothing is told yet)")))
    compiled = compile_rule(rule, current_catalogue())
    session, actor = current_session(), current_actor()
    trial = try_rule(session, current_store(), actor, compiled, cycle.year)
    if trial.asks_masked:
        record_trial(session, rule, by=actor, now=current_time())
    return trial


def _save(form: RuleForm, act: str) -> ResponseReturnValue:
    session, catalogue = current_session(), current_catalogue()
    rule = write_draft(form.draft, catalogue, form.identifier or NEW).rule
    by, now = current_actor(), current_time()
    if act == "draft":
        identifier = save_draft(session, catalogue, rule, form.seen, by=by, now=now)
        flash(_("The draft is kept; nobody is asked by it yet."), "success")
        return redirect(url_for("RuleView.edit", identifier=identifier), 303)
    identifier = publish_rule(session, catalogue, rule, form.seen, form.reason, by=by, now=now)
    flash(_("The rule is in force from now on."), "success")
    return redirect(url_for("RuleView.rule", identifier=identifier), 303)


def _turn(identifier: str, verb: str) -> ResponseReturnValue:
    page = _page(identifier)
    reason = request.form.get("reason", "")
    act = retire_rule if verb == "retire" else restore_rule
    try:
        act(
            current_session(),
            current_catalogue(),
            identifier,
            reason,
            by=current_actor(),
            now=current_time(),
        )
    except Refused as refusal:
        if refusal.reason in KEPT_PAGES:
            raise
        return render_rule(page, refusal, reason), STATUSES[refusal.reason]
    told = _("The rule is switched off.") if verb == "retire" else _("The rule is in force again.")
    flash(told, "success")
    return redirect(url_for("RuleView.rule", identifier=identifier), 303)
