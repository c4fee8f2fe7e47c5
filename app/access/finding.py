"""Who reads findings, explains them, rules on explanations and waives rules (第五条, 第十二条)."""

from collections.abc import Collection, Mapping

from app.access.masks import hidden_fields, hidden_figures
from app.access.person import Actor
from app.access.policies import WORKING, why_locked, why_not_read, why_not_write
from app.access.roles import FINDING
from app.access.scopes import read_scope, write_scope
from app.domain.finding import Severity
from app.domain.finding_state import FindingState, FindingVerb, finding_step_for
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import Standing
from app.models.cycle import Cycle
from app.models.finding import Explanation
from app.models.judged_place import JudgedPlace

# The right that each verb of people needs.
RIGHTS: Mapping[FindingVerb, str] = {
    FindingVerb.EXPLAIN: "explain",
    FindingVerb.ADOPT: "rule",
    FindingVerb.REJECT: "rule",
    FindingVerb.WAIVE: "waive",
    FindingVerb.END_WAIVER: "waive",
}


def why_not_read_findings(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """Why the actor may not read what the rules say of all rows of a department."""
    refusal = why_not_read(actor, stored)
    if refusal is not None:
        return refusal
    if actor.may("read", FINDING) and read_scope(actor, stored).covers_department(department):
        return None
    return Message(
        "What the rules say of the whole of table %(table)s is read by those who see all rows of"
        " the department. Of your own rows it stands beside the cells.",
        {"table": stored.spec.title},
    )


def hidden_in_findings(
    store: Store, actor: Actor, stored: StoredTable, department: str, judged: JudgedPlace
) -> frozenset[str]:
    """What of a place's findings the actor is not told: fields of its rows, figures of others."""
    taken_from = {name for each in judged.found for name in each.finding.taken_from}
    own = hidden_fields(actor, stored, department)
    return own | hidden_figures(actor, store, department, taken_from)


def why_not_explain(
    actor: Actor, stored: StoredTable, department: str, standing: Standing
) -> Message | None:
    """Why the actor may not explain warnings of the place now.

    Whoever changes all its rows may, as long as they may change.
    """
    refusal = why_not_write(actor, stored, "edit", department)
    if refusal is not None:
        return refusal
    scope = write_scope(actor, stored, "edit")
    is_whole = scope.covers_department(department) and not scope.within
    if not is_whole or not actor.may(RIGHTS[FindingVerb.EXPLAIN], FINDING):
        return Message(
            "Warnings are explained for the department by its data steward. Tell the data steward"
            " why the values are right, for example in a comment."
        )
    return why_locked(standing.cycle, standing.submission, is_assigned=standing.is_assigned)


def why_not_waive_any(actor: Actor) -> Message | None:
    """Why the actor waives no rules at all."""
    if not actor.may(RIGHTS[FindingVerb.WAIVE], FINDING) or not actor.holds(Function.QA_OFFICE):
        return Message("Only the quality office waives rules.")
    return None


def why_not_waive(actor: Actor, cycle: Cycle | None) -> Message | None:
    """Why the actor may not waive rules in the year, or end waivers."""
    return why_not_waive_any(actor) or _why_not_working(cycle)


def why_not_waive_of(actor: Actor, departments: Collection[str]) -> Message | None:
    """Why the actor may not waive a rule for these departments: nobody judges his own data."""
    if _own_departments(actor).isdisjoint(departments):
        return None
    return Message(
        "The waiver concerns a department that you fill in, head or teach for; a second person of"
        " the quality office has to decide on it."
    )


def why_not_rule(actor: Actor, cycle: Cycle | None, department: str) -> Message | None:
    """Why the actor may not rule on explanations of the department."""
    if not actor.may(RIGHTS[FindingVerb.ADOPT], FINDING) or not actor.holds(Function.QA_OFFICE):
        return Message("Only the quality office rules on explanations.")
    if department in _own_departments(actor):
        return _second_person()
    return _why_not_working(cycle)


def why_not_rule_on(actor: Actor, explanation: Explanation) -> Message | None:
    """Why the actor may not rule on this explanation: nobody judges his own."""
    return _second_person() if explanation.explained_by == actor.number else None


def why_not_gather(actor: Actor, stored: StoredTable | None) -> Message | None:
    """Why the actor may not see what all departments explained, put together for table 11.1.

    The quality office may, and whoever fills that table in for the whole college.
    """
    if stored is None:
        return Message("There is no table 11.1 here, so nothing can be written into it.")
    gathers = actor.may(RIGHTS[FindingVerb.ADOPT], FINDING)
    if gathers or _fills_in(actor, stored):
        return None
    return Message("Only the quality office puts the explanations of all departments together.")


def why_not_write_notes(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """Why the actor does not write table 11.1, which ``department`` (its name) reports."""
    if _fills_in(actor, stored):
        return None
    return Message(
        "Table 11.1 is reported by “%(department)s”: its data steward opens this page and writes"
        " the rows that stand below.",
        {"department": department},
    )


def _fills_in(actor: Actor, stored: StoredTable) -> bool:
    return all(actor.may(action, stored.spec.identifier) for action in ("add", "edit"))


def why_no_step(state: FindingState, verb: FindingVerb, severity: Severity) -> Message | None:
    """Why nothing of the kind can be done with a finding that stands so."""
    if finding_step_for(state, verb, severity) is not None:
        return None
    if verb is FindingVerb.EXPLAIN and severity is Severity.ERROR:
        return Message(
            "Errors are not explained: mend the value. If the rule is wrong here, ask the quality"
            " office to waive it."
        )
    return Message(
        "The finding is %(state)s; this is not possible now. Reload to see where it stands.",
        {"state": label(state)},
    )


def _own_departments(actor: Actor) -> frozenset[str]:
    return actor.departments(Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)


def _second_person() -> Message:
    return Message(
        "You belong to the department or gave the explanation yourself; a second person of the"
        " quality office has to rule on it."
    )


def _why_not_working(cycle: Cycle | None) -> Message | None:
    if cycle is None:
        return Message("There is no collection year for this period yet.")
    if cycle.is_history or cycle.status not in WORKING:
        return Message("The collection year %(year)s is not open.", {"year": cycle.academic_year})
    return None
