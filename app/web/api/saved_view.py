"""Views of tables over JSON: what one finds, keeps, changes and deletes."""

from dataclasses import replace

from app.access.row_filter import parse_filter
from app.access.saved_view import (
    SHARING,
    ViewFields,
    fields_of_adopted,
    fields_of_base,
    fitted,
    why_not_change_view,
    why_not_keep_views,
    why_not_open_with,
    why_not_share,
)
from app.actions.role_view import choose_role_view
from app.actions.saved_view import (
    ViewDraft,
    add_view,
    choose_default_view,
    edit_view,
    remove_view,
)
from app.domain.message import refuse
from app.domain.saved_view import Audience
from app.models.saved_view import SavedView
from app.reports.place import find_table
from app.reports.related_filter import related_columns, related_fields
from app.reports.saved_view import FoundView, list_views, roles_to_choose
from app.web.api.endpoint import Call
from app.web.api.shapes import Json, reason_shape
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.permission.labels import role_name_text
from app.web.translation import translated


def read_views(call: Call, table: str) -> Json:
    """The views one finds, and with whom one may share."""
    actor = current_actor()
    fields = _fields(table, call.query.get("department"))
    found = list_views(current_session(), table, actor, fields)
    departments = sorted(
        {(h.department, h.department_name) for h in actor.appointments if h.function in SHARING}
    )
    everyone = why_not_share(actor, Audience.EVERYONE, None)
    return {
        "views": [_found_shape(each) for each in found],
        "departments": [{"code": code, "name": name} for code, name in departments],
        "why_not_everyone": reason_shape(everyone),
        "roles": _roles() if departments or everyone is None else [],
    }


def keep_view(call: Call, table: str) -> Json:
    """Keep a new view."""
    fields = _fields(table, call.query.get("department"))
    view = add_view(
        current_session(), table, _draft(call), fields, by=current_actor(), now=current_time()
    )
    return _view_shape(view, fields)


def change_view(call: Call, table: str, number: int) -> Json:
    """Keep a view differently."""
    fields = _fields(table, call.query.get("department"))
    view = edit_view(
        current_session(),
        table,
        number,
        call.body["version"],
        _draft(call),
        fields,
        by=current_actor(),
        now=current_time(),
    )
    return _view_shape(view, fields)


def delete_view(_call: Call, table: str, number: int) -> Json:
    """Delete a view."""
    _fields(table, None)
    remove_view(current_session(), table, number, by=current_actor(), now=current_time())
    return {"deleted": number}


def set_default_view(call: Call, table: str) -> Json:
    """Open one's grid of the table with this view from now on; null for none."""
    _fields(table, None)
    number = call.body["view"]
    choose_default_view(current_session(), table, number, by=current_actor())
    return {"view": number}


def set_role_view(call: Call, table: str, number: int) -> Json:
    """Open the table with this view for whoever has a role and has chosen none; or no longer."""
    _fields(table, None)
    choose_role_view(
        current_session(),
        table,
        number,
        call.body["role"],
        chosen=call.body["chosen"],
        by=current_actor(),
        now=current_time(),
    )
    return {"view": number}


def _roles() -> list[Json]:
    names = roles_to_choose(current_session())
    return [{"name": name, "title": role_name_text(name, {})} for name in names]


def _fields(table: str, department: str | None) -> ViewFields:
    """The table's fields as the caller sees them. Raises Refused where he cannot read it."""
    store, actor = current_store(), current_actor()
    live = store.adopted.get(table)
    found = find_table(store, table) if live is None else live
    refuse(why_not_keep_views(actor, found))
    if live is not None:
        named = related_columns(actor, live)
        return replace(
            fields_of_adopted(actor, live),
            related={code: each.label for code, each in named.items()},
        )
    stored = find_table(store, table)
    fields = fields_of_base(actor, stored, department)
    related = {
        code: each
        for code, each in related_fields(store, actor, stored).items()
        if each.field.code not in fields.hidden
    }
    masked = {code for code, each in related.items() if each.is_masked}
    labels = {code: each.label for code, each in related.items()}
    return replace(fields, masked=fields.masked | masked, related=labels)


def _draft(call: Call) -> ViewDraft:
    content = call.body["content"]
    if content.get("filter") is not None:
        parse_filter(content["filter"])
    return ViewDraft(
        call.body["name"],
        Audience(call.body["audience"]),
        call.body.get("department"),
        content,
    )


def _found_shape(found: FoundView) -> Json:
    view = found.view
    return {
        "id": view.id,
        "version": view.version,
        "name": view.name,
        "audience": view.audience.value,
        "department": view.department_code,
        "department_name": found.department_name,
        "owner": view.owner_name,
        "own": found.is_own,
        "default": found.is_default,
        "opens_for": list(found.opens_for),
        "why_not_open_with": reason_shape(why_not_open_with(current_actor(), view)),
        "why_not_change": reason_shape(found.why_not_change),
        "content": found.fitted.content,
        "notes": [translated(note) for note in found.fitted.notes],
    }


def _view_shape(view: SavedView, fields: ViewFields) -> Json:
    actor = current_actor()
    is_own = view.owner_number == actor.number
    usable = fitted(actor, view, fields)
    refusal = why_not_change_view(actor, view)
    return _found_shape(FoundView(view, None, False, (), is_own, refusal, usable))
