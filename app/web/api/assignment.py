"""Which department has which table, over JSON."""

from collections.abc import Mapping
from typing import Any

from app.actions.assignment_change import change_assignments
from app.domain.assignment import AssignmentKind, TableAssignment
from app.domain.message import Message, Reason, Refused
from app.models.department import Department
from app.reports.assignment_plan import AssignmentLine, AssignmentPage, read_assignments
from app.web.api.endpoint import Call
from app.web.api.shapes import Json, reason_shape
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    local_time,
)
from app.web.formats import whole_number
from app.web.labels import label
from app.web.translation import translated


def list_assignments(call: Call) -> Json:
    """Every table of a year with its departments, beside last year's."""
    return _shape(_page(call.query.get("cycle")))


def assign_tables(call: Call) -> Json:
    """Assign tables as a whole, all or nothing; answers the year as it is then."""
    page = _page(call.body["cycle"])
    changes = change_assignments(
        current_session(),
        current_store(),
        page.cycle.id,
        [_plan(item) for item in call.body["assignments"]],
        version=whole_number(str(call.body["version"])),
        by=current_actor(),
        now=local_time(),
        reason=call.body.get("reason"),
    )
    return {"changed": [change.after.table for change in changes], **_shape(_page(page.cycle.id))}


def _page(year: str | int | None) -> AssignmentPage:
    page = read_assignments(
        current_session(),
        current_catalogue(),
        current_actor(),
        day=local_time().date(),
        wanted=year,
    )
    if page is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    return page


def _plan(item: Mapping[str, Any]) -> TableAssignment:
    return TableAssignment(
        item["table"],
        AssignmentKind(item.get("kind", AssignmentKind.RESPONSIBLE)),
        tuple(sorted(set(item.get("departments", ())))),
        tuple(sorted(set(item.get("guidance", ())))),
    )


def _shape(page: AssignmentPage) -> Json:
    lacking = page.lacking
    return {
        "cycle": page.cycle.academic_year,
        "version": str(page.cycle.version),
        "status": page.cycle.status.value,
        "status_label": label(page.cycle.status),
        "refused": {"assign": reason_shape(page.refusal)} if page.refusal else {},
        "lacking": [] if lacking is None else [translated(detail) for detail in lacking[1]],
        "assignments": [_line(line, page.departments) for line in page.lines],
    }


def _line(line: AssignmentLine, departments: Mapping[str, Department]) -> Json:
    spec = line.spec
    return {
        "table": {"identifier": spec.identifier, "number": spec.number, "name": spec.name},
        "tier": spec.tier.value,
        **_plan_shape(line.plan, departments),
        "last_year": None if line.last is None else _plan_shape(line.last, departments),
        "is_lacking": line.is_lacking,
        "is_changed": line.is_changed,
        "abolished": [*line.abolished],
    }


def _plan_shape(plan: TableAssignment, departments: Mapping[str, Department]) -> Json:
    def named(codes: tuple[str, ...]) -> list[Json]:
        return [{"code": code, "name": departments[code].name} for code in codes]

    return {
        "kind": plan.kind.value if plan.departments else None,
        "departments": named(plan.departments),
        "guidance": named(plan.guidance),
    }
