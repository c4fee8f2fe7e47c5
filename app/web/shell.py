"""What every page may ask for in its template."""

from flask import Flask, g

from app.access.person import Actor
from app.web.api.shapes import period_title
from app.web.current import actor_or_none, current_actor, current_time, sign_in_or_none
from app.web.cycle.labels import due_text, year_text
from app.web.formats import moment_text
from app.web.guidance.beside import official_answers_for, unread_notes
from app.web.labels import appointments_of, label
from app.web.menu import menu_for
from app.web.regulation.articles import articles_here
from app.web.submission.addresses import cell_path
from app.web.translation import translated


def install(application: Flask) -> None:
    """Give the templates of ``application`` the words and functions of the shell."""
    application.jinja_env.globals.update(
        actor_or_none=actor_or_none,
        cell_path=cell_path,
        articles_here=articles_here,
        current_actor=current_actor,
        current_time=current_time,
        due_text=due_text,
        functions_of=functions_of,
        label=label,
        menu_for=menu_for,
        moment_text=moment_text,
        official_answers_for=official_answers_for,
        period_text=period_title,
        translated=translated,
        unread_notes=unread_notes,
        unread_notices=unread_notices,
        year_text=year_text,
    )


def functions_of(actor: Actor) -> str:
    """The person's appointments in words, with the departments' names."""
    if "functions_text" not in g:
        names = {held.department: held.department_name for held in actor.appointments}
        g.functions_text = appointments_of(actor, names)
    return str(g.functions_text)


def unread_notices() -> int:
    """How many notices the person has not read, as read along with the session."""
    sign_in = sign_in_or_none()
    return 0 if sign_in is None else sign_in.unread_notices
