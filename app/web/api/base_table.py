"""Base tables over JSON: what there is, what a table is like, what its references may name."""

from app.access.masks import hidden_fields, masked_by_roles
from app.access.person import Actor
from app.access.policies import why_not_read
from app.domain.message import refuse
from app.reports.assignment import department_names, list_tables
from app.reports.cycle import all_cycles, kept_cycle
from app.reports.place import (
    Place,
    find_cycle_of,
    find_place,
    find_table,
    reporting_departments,
    rights_at,
    submission_at,
    submissions_by_table,
)
from app.reports.reference import LARGEST_PICK, pick_rows, reference_of
from app.reports.referring import count_referring, is_referred_to
from app.reports.related_filter import related_fields
from app.reports.teacher_record import rights_in
from app.web.api.adopted_table import (
    adopted_referring_rows,
    is_adopted,
    pick_adopted_reference,
    read_adopted_spec,
)
from app.web.api.endpoint import Call
from app.web.api.shapes import (
    Json,
    field_shape,
    period_shape,
    reason_shape,
    referring_shape,
    related_shape,
    state_shape,
)
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.guidance.beside import answer_text, official_answers_for


def list_base_tables(_call: Call) -> Json:
    """The tables the caller may see, with what may be done in them now."""
    session, store, actor = current_session(), current_store(), current_actor()
    cycle = kept_cycle(all_cycles(session))
    submissions = submissions_by_table(session, actor, cycle)
    tables = []
    for line in list_tables(session, store, actor, cycle):
        spec = line.spec
        own = next((c for c, _n in line.departments if (spec.identifier, c) in submissions), None)
        submission = submissions.get((spec.identifier, own or ""))
        rights = rights_at(
            actor, store.reported[spec.identifier], cycle, own, submission, is_assigned=line.own
        )
        tables.append(
            {
                "identifier": spec.identifier,
                "number": spec.number,
                "name": spec.name,
                "kind": spec.kind.value,
                "period_kind": spec.period.value,
                "period": None if cycle is None else period_shape(spec.period_in(cycle.year)),
                "departments": [{"code": c, "name": n} for c, n in line.departments],
                "own": line.own,
                "status": None if submission is None else submission.status.value,
                "rights": {action: reason_shape(why) for action, why in rights.items()},
            }
        )
    return {"tables": tables}


def read_spec(call: Call, table: str) -> Json:
    """The table's description for one period and department, with the caller's rights there."""
    if is_adopted(table):
        return read_adopted_spec(call, table)
    session, store, actor = current_session(), current_store(), current_actor()
    place = place_of(call, table)
    spec = place.stored.spec
    names = department_names(session)
    reporting = reporting_departments(session, actor, place)
    submission = submission_at(session, place)
    is_assigned = place.department in reporting
    rights = rights_in(session, actor, place, submission, is_assigned=is_assigned)
    hidden = hidden_fields(actor, place.stored, place.department)
    return {
        "identifier": spec.identifier,
        "number": spec.number,
        "name": spec.name,
        "kind": spec.kind.value,
        "guidance": spec.guidance,
        "period_kind": spec.period.value,
        "period": period_shape(place.period),
        "periods": [period_shape(spec.period_in(c.year)) for c in all_cycles(session)],
        "department": place.department,
        "departments": [{"code": code, "name": names.get(code, code)} for code in reporting],
        "submission": None if submission is None else state_shape(submission),
        "rights": {action: reason_shape(why) for action, why in rights.items()},
        "today": local_time().date().isoformat(),
        "referred_to": is_referred_to(store, table),
        "label_field": store.catalogue.label_field(table).code,
        "material": None if spec.material is None else spec.material.value,
        "fields": _fields_of(actor, place, hidden),
        "related": _related_to(actor, place, hidden),
    }


def _related_to(actor: Actor, place: Place, hidden: frozenset[str]) -> list[Json]:
    """The fields of the rows that others name; none by way of a masked field."""
    store = current_store()
    return [
        related_shape(store.catalogue, code, each)
        for code, each in related_fields(store, actor, place.stored).items()
        if each.field.code not in hidden
    ]


def _fields_of(actor: Actor, place: Place, hidden: frozenset[str]) -> list[Json]:
    """The fields as the actor sees them there."""
    catalogue = current_store().catalogue
    closed = masked_by_roles(actor, place.stored)
    shapes = [
        field_shape(catalogue, field, hidden=field.code in hidden, closed=field.code in closed)
        for field in place.stored.spec.fields
    ]
    answers = official_answers_for(place.stored.spec.identifier)
    for shape in shapes:
        told = [answer_text(each) for each in answers.get(shape["code"], ())]
        shape["guidance"] = "\n".join(part for part in (shape["guidance"], *told) if part)
    return shapes


def pick_reference(call: Call, table: str) -> Json:
    """Rows that a reference field of the table may name: keys and labels only."""
    if is_adopted(table):
        return pick_adopted_reference(call, table)
    session, store = current_session(), current_store()
    stored = find_table(store, table)
    refuse(why_not_read(current_actor(), stored))
    cycle = find_cycle_of(all_cycles(session), stored, call.query.get("period"))
    found = pick_rows(
        session,
        store,
        current_actor(),
        reference_of(stored, call.query.get("field", "")),
        cycle,
        call.query.get("q", ""),
        call.query.get("limit", LARGEST_PICK),
    )
    return {"items": [{"key": item.key, "label": item.label} for item in found]}


def referring_rows(call: Call, table: str) -> Json:
    """How many rows of which tables name the rows of these ids: numbers only."""
    if is_adopted(table):
        return adopted_referring_rows(call, table)
    session, store, actor = current_session(), current_store(), current_actor()
    place = find_place(session, store, actor, table, period=call.body.get("period"))
    found = count_referring(session, store, table, actor, place.cycle, call.body["ids"])
    return {"tables": [referring_shape(each) for each in found]}


def place_of(call: Call, table: str) -> Place:
    """The place that the query names, or the caller's own."""
    return find_place(
        current_session(),
        current_store(),
        current_actor(),
        table,
        period=call.query.get("period"),
        department=call.query.get("department"),
    )
