"""``/people/``: people, their appointments and their logins (第五条第二款, X-1)."""

from collections import Counter
from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.appointment import why_not_add_person, why_not_import_people
from app.actions.person_change import Particulars, add_person
from app.domain.message import Reason, Refused
from app.domain.person import Function, LoginState, TeacherKind
from app.reports.person_list import (
    PersonLine,
    duties_by_department,
    list_people,
    open_departments,
)
from app.web.addresses import NUMBER
from app.web.current import current_actor, current_session, local_time
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.labels import label
from app.web.paging import paged
from app.web.person.acts import ACTS
from app.web.person.form import PersonForm, read_form
from app.web.person.labels import days_text, department_names, place_text
from app.web.person.page import render_person
from app.web.person.person_filter import read_filter


class PersonView(PageView):
    """The list of people, one person, and what can be done for a person."""

    route_base = "/people"
    default_view = "people"

    @expose("/")
    def people(self) -> ResponseReturnValue:
        """The people the reader looks after, with chips by the state of their logins."""
        actor, now = current_actor(), local_time()
        lines = list_people(current_session(), actor, now=now)
        wanted = read_filter(request.args)
        matching = [line for line in lines if wanted.matches(line)]
        page = paged([line for line in matching if wanted.selects(line)], request.args)
        return render_template(
            "person/list.html",
            page=page,
            wanted=wanted,
            has_any=bool(lines),
            chips=_chips(matching),
            departments=_departments(lines),
            functions=list(Function),
            may_add=why_not_add_person(actor) is None,
            may_import=why_not_import_people(actor) is None,
            place_text=place_text,
            days_text=days_text,
            today=now.date(),
        )

    @expose("/duties")
    def duties(self) -> ResponseReturnValue:
        """Who answers for each department, and where nobody does."""
        return render_template(
            "person/duties.html",
            lines=duties_by_department(current_session(), current_actor(), now=local_time()),
            days_text=days_text,
            today=local_time().date(),
        )

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> ResponseReturnValue:
        """Add one person by hand."""
        refusal = why_not_add_person(current_actor())
        if refusal is not None:
            raise Refused(refusal)
        if request.method == "GET":
            return _new_page(PersonForm(), None)
        form = read_form(request.form)
        try:
            person = add_person(
                current_session(),
                form.number,
                Particulars(form.name, form.department, form.kind),
                by=current_actor(),
                now=local_time(),
            )
        except Refused as refused:
            return _new_page(form, refused), STATUSES[refused.reason]
        flash(
            _("%(name)s was added. Appointments and a login are made here.", name=person.name),
            "success",
        )
        return redirect(f"/people/{person.id}")

    @expose(f"/{NUMBER}")
    def person(self, number: int) -> ResponseReturnValue:
        """One person: what is known, what is held, and what can be done."""
        return render_person(number)

    @expose(f"/{NUMBER}/<act>", methods=["POST"])
    def act(self, number: int, act: str) -> ResponseReturnValue:
        """Do something for a person; a refusal shows the page again with everything typed."""
        found: Callable[[int, PersonForm], ResponseReturnValue] | None = ACTS.get(act)
        if found is None:
            abort(404)
        form = read_form(request.form, act)
        try:
            return found(number, form)
        except Refused as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            return render_person(number, form, refusal), STATUSES[refusal.reason]


def _new_page(typed: PersonForm, refusal: Refused | None) -> str:
    return render_template(
        "person/new.html",
        typed=typed,
        refusal=refusal,
        departments=open_departments(current_session(), local_time().date()),
        kinds=list(TeacherKind),
    )


def _chips(lines: list[PersonLine]) -> list[tuple[str, str, int]]:
    """Value, words and number of each chip; those with nobody behind them are left out."""
    counts = Counter(line.state for line in lines)
    chips = [("", str(_("All")), len(lines))]
    chips += [(s.value, label(s), counts[s]) for s in LoginState if counts[s]]
    return chips


def _departments(lines: list[PersonLine]) -> list[tuple[str, str]]:
    """Codes and names of the departments that occur, by code."""
    names = department_names()
    codes = {line.person.department_code for line in lines}
    codes |= {held.department_code for line in lines for held in line.held}
    return [(code, names.get(code, code)) for code in sorted(filter(None, codes))]
