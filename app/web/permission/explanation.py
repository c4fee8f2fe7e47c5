"""``/permissions/why/``: what somebody may do with a table, and why or why not."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.labels import ACTIONS, MASKS
from app.access.permission import why_not_read_roles
from app.access.person import Actor
from app.domain.message import Refused, refuse
from app.domain.period import AcademicYear
from app.reports.assignment import department_names
from app.reports.cycle import all_cycles
from app.reports.explanation import Asked, Explanation, explain, find_actor
from app.web.api.shapes import period_title
from app.web.current import (
    current_actor,
    current_session,
    current_store,
    local_time,
)
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.permission.labels import WAYS, role_name_text
from app.web.translation import translated

FIELDS = ("person", "table", "year", "department", "row")
LONGEST = 255


@dataclass(frozen=True)
class Told:
    """The person who was asked about and all answers."""

    actor: Actor
    explanation: Explanation


class ExplanationView(PageView):
    """One page that changes nothing: everything asked stands in its address."""

    route_base = "/permissions/why"
    default_view = "why"

    @expose("/")
    def why(self) -> ResponseReturnValue:
        """The question as a form, below it the answers where it was asked."""
        refuse(why_not_read_roles(current_actor()))
        typed = {name: _typed(name) for name in FIELDS}
        if not (typed["person"] and typed["table"]):
            return _page(typed)
        try:
            return _page(typed, told=_tell(typed))
        except Refused as refusal:
            return _page(typed, refusal=refusal), STATUSES[refusal.reason]


def _typed(name: str) -> str:
    return request.args.get(name, "").strip()[:LONGEST]


def _tell(typed: dict[str, str]) -> Told:
    session, store = current_session(), current_store()
    actor = find_actor(session, typed["person"], local_time().date())
    asked = Asked(_period(typed), typed["department"] or None, typed["row"] or None)
    return Told(actor, explain(session, store, actor, typed["table"], asked))


def _period(typed: dict[str, str]) -> str | None:
    """The period of the table in the year that was chosen; None where none was."""
    stored = current_store().tables.get(typed["table"])
    chosen = next((y for y in _years() if y.code == typed["year"]), None)
    return stored.spec.period_in(chosen).code if stored and chosen else None


def _years() -> list[AcademicYear]:
    return [cycle.year for cycle in all_cycles(current_session())]


def _page(
    typed: dict[str, str], *, told: Told | None = None, refusal: Refused | None = None
) -> str:
    names = department_names(current_session())
    return render_template(
        "permission/explanation.html",
        typed=typed,
        told=told,
        refusal=refusal,
        tables=_tables(),
        years=_years(),
        departments=names,
        actions={action: translated(text) for action, text in ACTIONS.items()},
        role_text=lambda name: role_name_text(name, names),
        ways=WAYS,
        masks=MASKS,
        period_title=period_title,
        longest=LONGEST,
    )


def _tables() -> list[tuple[str, list[tuple[str, str]]]]:
    """Identifier and title of every table, chapter by chapter."""
    store = current_store()
    groups = [
        (
            title,
            [(s.identifier, s.title) for s in store.catalogue.tables.values() if s.chapter == key],
        )
        for key, title in store.catalogue.chapters.items()
    ]
    adopted = sorted((name, live.spec.label) for name, live in store.adopted.items())
    groups.append((str(_("Tables of other systems")), adopted))
    return [(title, tables) for title, tables in groups if tables]
