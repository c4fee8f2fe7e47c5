"""The page of one person: what is shown and which buttons are offered."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import render_template

from app.access.appointment import (
    why_not_appoint,
    why_not_disable,
    why_not_edit_person,
    why_not_end,
    why_not_give_login,
    why_not_reset,
)
from app.access.permission import why_not_read_roles
from app.access.person import Actor
from app.domain.message import Message, Refused
from app.domain.person import Function, LoginState, TeacherKind
from app.models.department import Department
from app.models.person import Appointment
from app.reports.person_list import PersonPage, open_departments, read_person
from app.web.current import current_actor, current_session, local_time
from app.web.person.form import PersonForm
from app.web.person.labels import days_text, deed_text, place_text, told_text

# A head gives a deputyship only with a last day, which the form asks for.
SOME_DAY = date.max


def render_person(
    number: int, typed: PersonForm | None = None, refusal: Refused | None = None
) -> str:
    """The page; after a refused step with the reason and what was typed."""
    actor, session, now = current_actor(), current_session(), local_time()
    page = read_person(session, actor, number, now=now)
    departments = open_departments(session, now.date())
    return render_template(
        "person/page.html",
        page=page,
        person=page.line.person,
        line=page.line,
        why_not=reasons(actor, page),
        functions=functions_to_give(actor, page, departments),
        places=places_to_give(actor, page, departments),
        may_end={held.id for held in page.line.held if _may_end(actor, page, held)},
        departments=departments,
        kinds=list(TeacherKind),
        typed=typed,
        refusal=refusal,
        today=now.date(),
        place_text=place_text,
        days_text=days_text,
        deed_text=deed_text,
        told_text=told_text,
        may_explain=why_not_read_roles(actor) is None,
    )


def reasons(actor: Actor, page: PersonPage) -> Mapping[str, Message | None]:
    """Act → why the server would refuse it now; None where it would not.

    What makes no sense in the present state is left out.
    """
    state, subject = page.line.state, page.subject
    acts: dict[str, Message | None] = {"edit": why_not_edit_person(actor)}
    if state is LoginState.DISABLED:
        acts["enable"] = why_not_disable(actor, subject, is_last=False)
        return acts
    if state is LoginState.WITHOUT_LOGIN:
        acts["open"] = why_not_give_login(actor, subject)
    else:
        acts["reset"] = why_not_reset(actor, subject)
    if state is LoginState.LOCKED_OUT:
        acts["unlock"] = why_not_reset(actor, subject)
    acts["disable"] = why_not_disable(actor, subject, is_last=page.is_last)
    return acts


def functions_to_give(
    actor: Actor, page: PersonPage, departments: Sequence[Department]
) -> list[Function]:
    """The functions the actor may give the person in some department."""
    if not page.line.person.is_active:
        return []
    return [
        function
        for function in Function
        if any(_may_appoint(actor, page, function, place) for place in departments)
    ]


def places_to_give(
    actor: Actor, page: PersonPage, departments: Sequence[Department]
) -> list[Department]:
    """The departments in which the actor may give the person some function."""
    return [
        place
        for place in departments
        if any(_may_appoint(actor, page, function, place) for function in Function)
    ]


def _may_appoint(actor: Actor, page: PersonPage, function: Function, place: Department) -> bool:
    return why_not_appoint(actor, page.subject, function, place.code, SOME_DAY) is None


def _may_end(actor: Actor, page: PersonPage, held: Appointment) -> bool:
    if not page.line.person.is_active:
        return False
    refusal = why_not_end(
        actor,
        page.subject,
        held.function,
        held.department_code,
        held.valid_to,
        is_last=page.is_last,
    )
    return refusal is None
