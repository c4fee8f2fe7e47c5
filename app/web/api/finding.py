"""Findings over JSON: of a place as it is now, of a year by the register; explaining and ruling."""

from typing import Any

from flask_babel import lazy_gettext as _

from app.access.rule import why_not_read_rules
from app.actions.explanation import MOST_AT_ONCE, FindingPlace, explain, rule_on
from app.actions.waiver import end_waiver, waive
from app.domain.finding import Dimension, Severity
from app.domain.finding_state import FindingState
from app.domain.message import Message, Reason, Refused
from app.models.finding import LONGEST_EXPLANATION
from app.reports.finding import (
    LARGEST_PAGE,
    FindingFilter,
    FindingLine,
    count_findings,
    last_looked,
    list_findings,
    place_findings,
)
from app.reports.place import Place, find_place
from app.web.addresses import NUMBER
from app.web.api.base_table import place_of
from app.web.api.cycle import find_cycle
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import listed, one_of, optional, record, text, whole
from app.web.api.shapes import Json, reason_shape
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.formats import local
from app.web.labels import label
from app.web.translation import translated

CODE = text(64)
RULE = text(120)
MARK = text(64)
# The exact limits are told in words by the actions.
EXPLANATION = text(LONGEST_EXPLANATION * 4)
REASON = text(8000)


def table_findings(call: Call, table: str) -> Json:
    """What all rules say of a table of a department and period at this moment."""
    place, department = _whole(place_of(call, table))
    session, store, actor = current_session(), current_store(), current_actor()
    told = place_findings(session, store, actor, place.stored, place.cycle, department)
    return {
        "period": place.period.code,
        "department": department,
        "row_count": told.row_count,
        "findings": [finding_shape(line) for line in told.lines],
        "broken": list(told.broken),
        "why_not_explain": reason_shape(told.why_not_explain),
        "longest_explanation": LONGEST_EXPLANATION,
        "most_at_once": MOST_AT_ONCE,
        "rule_pages": _rule_pages({line.rule for line in told.lines}),
    }


def _rule_pages(rules: set[str]) -> list[str]:
    """Those of the rules that have a page which the caller may read; rules of fields have none."""
    if why_not_read_rules(current_actor()) is not None:
        return []
    return sorted(rules.intersection(each.identifier for each in current_store().catalogue.rules))


def explain_findings(call: Call, table: str) -> Json:
    """Explain warnings of a place: one text for one or many."""
    marks = {each["mark"]: each.get("seen") for each in call.body["findings"]}
    count = explain(
        current_session(),
        current_store(),
        _place(call, table),
        marks,
        call.body["text"],
        by=current_actor(),
        now=current_time(),
    )
    return {"explained": count}


def rule_on_explanations(call: Call, table: str) -> Json:
    """Adopt explanations or reject them."""
    count = rule_on(
        current_session(),
        current_store(),
        _place(call, table),
        call.body["marks"],
        call.body.get("reason"),
        adopts=call.body["adopts"],
        by=current_actor(),
        now=current_time(),
    )
    return {"ruled": count}


def waive_rule(call: Call, table: str) -> Json:
    """Hold a table to a rule no more in a year."""
    session, store, actor = current_session(), current_store(), current_actor()
    place = find_place(session, store, actor, table, period=call.body.get("period"))
    waiver = waive(
        session,
        store,
        place.cycle.id,
        table,
        call.body["rule"],
        call.body.get("department"),
        call.body["reason"],
        by=actor,
        now=current_time(),
    )
    return {"id": waiver.id}


def end_one_waiver(call: Call, number: int) -> Json:
    """Hold the table to the rule again."""
    session, actor = current_session(), current_actor()
    end_waiver(session, number, call.body["reason"], by=actor, now=current_time())
    return {}


def list_of_findings(call: Call) -> Json:
    """The findings of a year in the register, with their counts where a page begins anew."""
    session, store, actor = current_session(), current_store(), current_actor()
    cycle = find_cycle(call.query.get("cycle"))
    wanted = _filter(call.query)
    lines = list_findings(session, store, actor, cycle, wanted)
    looked_at = last_looked(session, cycle)
    shape: Json = {
        "cycle": cycle.academic_year,
        "looked_at": None if looked_at is None else _moment(looked_at),
        "findings": [finding_shape(line) for line in lines],
        "next": lines[-1].number if len(lines) == wanted.limit else None,
    }
    if wanted.after == 0:
        counts = count_findings(session, store, actor, cycle, wanted)
        shape["counts"] = [
            {
                "table": each.table,
                "department": each.department,
                "dimension": each.dimension.value,
                "severity": each.severity.value,
                "state": each.state.value,
                "count": each.count,
            }
            for each in counts
        ]
    return shape


def finding_shape(line: FindingLine) -> Json:
    """One finding; ``row`` counts from 1 in the place and is null in lists over many places.

    ``waits_for`` are the titles of tables.
    """
    explanation = line.explanation
    return {
        "mark": line.mark,
        "number": line.number or None,
        "table": line.table,
        "department": line.department,
        "row_id": line.row_id or None,
        "row": line.row,
        "field": line.field,
        "rule": line.rule,
        "severity": line.severity.value,
        "severity_label": label(line.severity),
        "dimension": line.dimension.value,
        "dimension_label": label(line.dimension),
        "state": line.state.value,
        "state_label": label(line.state),
        "message": translated(line.message),
        "seen": line.seen,
        "waits_for": [_table_name(table) for table in line.waits_for],
        "is_across": line.is_across,
        "waived_because": line.waived_because,
        "explanation": None
        if explanation is None
        else {
            "text": explanation.text,
            "by": explanation.by,
            "at": _moment(explanation.at),
            "ruling": explanation.ruling.value,
            "ruling_label": label(explanation.ruling),
            "ruled_by": explanation.ruled_by,
            "ruled_at": None if explanation.ruled_at is None else _moment(explanation.ruled_at),
            "ruling_reason": explanation.ruling_reason,
        },
    }


def _table_name(identifier: str) -> str:
    return current_store().reported[identifier].spec.title


def _moment(at: Any) -> str:
    return local(at).isoformat(timespec="seconds")


def _filter(query: Any) -> FindingFilter:
    dimension, severity, state = (query.get(name) for name in ("dimension", "severity", "state"))
    return FindingFilter(
        table=query.get("table"),
        department=query.get("department"),
        dimension=None if dimension is None else Dimension(dimension),
        severity=None if severity is None else Severity(severity),
        state=None if state is None else FindingState(state),
        rule=query.get("rule"),
        after=query.get("after", 0),
        limit=query.get("limit", 100),
    )


def _place(call: Call, table: str) -> FindingPlace:
    session, store, actor = current_session(), current_store(), current_actor()
    asked = {name: call.body.get(name) for name in ("period", "department")}
    place, department = _whole(find_place(session, store, actor, table, **asked))
    return FindingPlace(table, place.period.code, department)


def _whole(place: Place) -> tuple[Place, str]:
    if place.department is None:
        raise Refused(
            Message("Choose a department first; findings belong to one only."), Reason.INVALID
        )
    return place, place.department


_PLACE = {"period": optional(CODE), "department": optional(CODE)}
FINDING_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        "data/<table>/findings",
        table_findings,
        _("What the rules say of a table of a department and period now"),
        {"period": CODE, "department": CODE},
    ),
    Endpoint(
        "POST",
        "data/<table>/explanations",
        explain_findings,
        _("Explain warnings"),
        body=record(
            ("findings", "text"),
            findings=listed(record(("mark",), mark=MARK, seen=optional(MARK)), MOST_AT_ONCE),
            text=EXPLANATION,
            **_PLACE,
        ),
    ),
    Endpoint(
        "POST",
        "data/<table>/rulings",
        rule_on_explanations,
        _("Adopt or reject explanations"),
        body=record(
            ("marks", "adopts"),
            marks=listed(MARK, MOST_AT_ONCE),
            adopts={"type": "boolean"},
            reason=optional(REASON),
            **_PLACE,
        ),
    ),
    Endpoint(
        "POST",
        "data/<table>/waivers",
        waive_rule,
        _("Waive a rule for a table in a year"),
        body=record(("rule", "reason"), rule=RULE, reason=REASON, **_PLACE),
    ),
    Endpoint(
        "POST",
        f"waivers/{NUMBER}/end",
        end_one_waiver,
        _("End a waiver"),
        body=record(("reason",), reason=REASON),
    ),
    Endpoint(
        "GET",
        "findings",
        list_of_findings,
        _("The findings of a year, by the register"),
        {
            "cycle": text(9),
            "table": CODE,
            "department": CODE,
            "dimension": one_of(*Dimension),
            "severity": one_of(*Severity),
            "state": one_of(*FindingState),
            "rule": RULE,
            "after": whole(0),
            "limit": whole(1, LARGEST_PAGE),
        },
    ),
)
