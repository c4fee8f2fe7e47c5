"""Who finds a view of a table, who may share and change it, and what of it is shown to whom.

A view chooses among the rows and columns that somebody sees anyway: every read passes the scope
and the masks as always. Besides, nothing of a view tells what a mask hides: conditions by masked
fields are not shared, and are left out for whoever does not see the field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, or_

from app.access.adopted_table import why_not_read_adopted
from app.access.masks import hidden_fields, masked_fields, seen
from app.access.person import Actor
from app.access.policies import why_not_read
from app.domain.message import Message
from app.domain.person import Function
from app.domain.saved_view import Audience
from app.models.adopted_table import LiveTable
from app.models.base_table import StoredTable
from app.models.saved_view import SavedView
from app.rules.saved_view import Content, columns_in, conditions_in, fields_in, fitting

SHARING = (Function.DATA_STEWARD, Function.HEAD)
GONE = Message("These fields are gone, so the view does without them: %(fields)s.")
CLOSED = Message("These fields are not shown to you, so the view does without them: %(fields)s.")


@dataclass(frozen=True)
class ViewFields:
    """The fields of a table as views meet them, by code.

    ``labels`` are those that are shown at all; ``masked`` show their ends only to some, ``hidden``
    to the one who asks. ``related`` are those of named rows, by which rows may be chosen only.
    """

    labels: Mapping[str, str]
    masked: frozenset[str]
    hidden: frozenset[str]
    related: Mapping[str, str] = field(default_factory=dict)

    def missing(self, content: Content) -> list[str]:
        """What the view needs and the table does not have."""
        ordered = fields_in({**content, "filter": None}) | columns_in(content)
        chosen = conditions_in(content) - set(self.related)
        return sorted((ordered | chosen) - set(self.labels))

    def called(self, code: str) -> str:
        """What people call the field."""
        return self.labels[code] if code in self.labels else self.related[code]


@dataclass(frozen=True)
class FittedView:
    """What of a view can be used, and what was left out in words."""

    content: dict[str, Any]
    notes: tuple[Message, ...]


def fields_of_base(actor: Actor, stored: StoredTable, department: str | None) -> ViewFields:
    """The fields of a base table, as the actor sees them in one department or in all."""
    labels = {field.code: field.label for field in stored.spec.fields}
    hidden = hidden_fields(actor, stored, department)
    return ViewFields(labels, masked_fields(stored), hidden)


def fields_of_adopted(actor: Actor, live: LiveTable) -> ViewFields:
    """The columns of an adopted table, as the actor sees them."""
    shown = seen(actor, live).spec.shown
    masked = frozenset(column.code for column in live.spec.shown if column.masked)
    hidden = frozenset(column.code for column in shown if column.masked)
    return ViewFields({c.code: c.label for c in shown}, masked, hidden)


def why_not_keep_views(actor: Actor, table: StoredTable | LiveTable) -> Message | None:
    """Why the actor has no views of the table: he cannot read it."""
    if isinstance(table, LiveTable):
        return why_not_read_adopted(actor, table)
    return why_not_read(actor, table)


def views_of(actor: Actor) -> ColumnElement[bool]:
    """The views the actor finds, as a condition."""
    departments = sorted({held.department for held in actor.appointments})
    return or_(
        SavedView.owner_number == actor.number,
        SavedView.audience == Audience.EVERYONE,
        SavedView.department_code.in_(departments),
    )


def sees_view(actor: Actor, view: SavedView) -> bool:
    """Whether the actor finds the view; says the same as ``views_of``."""
    return (
        view.owner_number == actor.number
        or view.audience is Audience.EVERYONE
        or view.department_code in {held.department for held in actor.appointments}
    )


def why_not_share(actor: Actor, audience: Audience, department: str | None) -> Message | None:
    """Why the actor may not keep a view for others; a view for himself is his own affair."""
    if audience is Audience.EVERYONE and not actor.holds(Function.QA_OFFICE):
        return Message(
            "Only the quality office shares views with everybody. Keep this one for yourself, or"
            " ask the quality office."
        )
    if audience is Audience.DEPARTMENT and department not in actor.departments(*SHARING):
        return Message(
            "Only the data steward and the head of a department share views with it. Keep this one"
            " for yourself, or ask them."
        )
    return None


def why_not_change_view(actor: Actor, view: SavedView) -> Message | None:
    """Why the actor may not change or delete the view: others keep what they share."""
    if view.owner_number == actor.number:
        return None
    if view.audience is Audience.PRIVATE:
        return Message("This view is somebody else's.")
    refusal = why_not_share(actor, view.audience, view.department_code)
    if refusal is None:
        return None
    return Message(
        "This view is shared by %(person)s. Save it under another name to change it for yourself.",
        {"person": view.owner_name},
    )


def why_not_open_with(actor: Actor, view: SavedView) -> Message | None:
    """Why the actor may not let the table open with the view for others who have chosen none."""
    if view.audience is Audience.PRIVATE:
        return Message("Only a view that is shared can be the one with which others open a table.")
    return why_not_share(actor, view.audience, view.department_code)


def why_not_keep_content(
    content: Content, fields: ViewFields, audience: Audience
) -> Message | None:
    """Why a view with this content cannot be kept for these people."""
    used = fields_in(content)
    unknown = fields.missing(content)
    if unknown:
        return Message("There is no field %(field)s in this table.", {"field": unknown[0][:80]})
    closed = sorted(used & fields.masked)
    if closed and audience is not Audience.PRIVATE:
        return Message(
            "The field %(field)s is not shown to everybody, so a view that is shared cannot filter"
            " or sort by it. Take that condition away, or keep the view for yourself.",
            {"field": fields.called(closed[0])},
        )
    return None


def fitted(actor: Actor, view: SavedView, fields: ViewFields) -> FittedView:
    """The view as the actor may use it; what he cannot use is left out and told."""
    closed = fields.hidden
    if view.owner_number != actor.number:
        closed |= fields.masked
    used = fields_in(view.content)
    notes: Sequence[Message] = [
        *_note(GONE, fields.missing(view.content)),
        *_note(CLOSED, [fields.called(code) for code in sorted(used & closed)]),
    ]
    return FittedView(fitting(view.content, fields.labels, closed, fields.related), tuple(notes))


def _note(message: Message, names: Sequence[str]) -> list[Message]:
    return [replace(message, parameters={"fields": "、".join(names)})] if names else []
