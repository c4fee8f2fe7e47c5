"""``/people/logins``: first logins for whole departments, and the workbook of their passwords."""

from collections import Counter

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.appointment import (
    subject_of,
    why_not_add_person,
    why_not_give_login,
    why_not_hand_out,
)
from app.actions.initial_password import give_logins
from app.domain.message import Message, Reason, Refused
from app.domain.person import LoginState
from app.exchange.initial_password import password_workbook
from app.models.person import Person
from app.reports.person_list import list_people
from app.web.api.download import disposition
from app.web.api.endpoint import XLSX
from app.web.current import current_actor, current_session, local_time
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.person.carried import unpack_handouts
from app.web.person.initial_password import handout_page, make_passwords, own_address
from app.web.person.labels import department_names
from app.web.translation import translated


class FirstLoginView(PageView):
    """Logins for everybody of the chosen departments who has none."""

    route_base = "/people/logins"
    default_view = "departments"

    @expose("/", methods=["GET", "POST"])
    def departments(self) -> ResponseReturnValue:
        """Choose departments; then the passwords are shown, once."""
        _refuse_without_right()
        if request.method == "GET":
            return _page(None)
        chosen = set(request.form.getlist("department"))
        people = [person for person in _waiting() if person.department_code in chosen]
        try:
            if not people:
                raise Refused(
                    Message("Choose at least one department in which somebody has no login."),
                    Reason.INVALID,
                )
            passwords, hashes = make_passwords(person.number for person in people)
            ids = {person.id: hashes[person.number] for person in people}
            made = give_logins(current_session(), ids, by=current_actor(), now=local_time())
        except Refused as refusal:
            return _page(refusal, chosen), STATUSES[refusal.reason]
        return handout_page(
            made, passwords, _("%(count)s people can sign in now.", count=len(made)), "/people/"
        )

    @expose("/passwords.xlsx", methods=["GET", "POST"])
    def workbook(self) -> ResponseReturnValue:
        """The passwords that the page shows, as a workbook; the server has not kept them."""
        refusal = why_not_hand_out(current_actor())
        if refusal is not None:
            raise Refused(refusal)
        if request.method == "GET":
            flash(_("Passwords are shown only once. Reset a password if it was lost."), "info")
            return redirect("/people/")
        handouts = unpack_handouts(request.form.get("passwords", ""))
        content = password_workbook(handouts, own_address(), translate=translated, now=local_time())
        response = Response(content, mimetype=XLSX)
        response.headers["Content-Disposition"] = disposition(f"{_('Initial passwords')}.xlsx")
        response.headers["Cache-Control"] = "no-store"
        return response


def _refuse_without_right() -> None:
    refusal = why_not_add_person(current_actor())
    if refusal is not None:
        raise Refused(refusal)


def _waiting() -> list[Person]:
    """Who has no login and may be given one by the person who asks."""
    actor, now = current_actor(), local_time()
    return [
        line.person
        for line in list_people(current_session(), actor, now=now)
        if line.state is LoginState.WITHOUT_LOGIN
        and why_not_give_login(actor, subject_of(line.person, now.date())) is None
    ]


def _page(refusal: Refused | None, chosen: set[str] | None = None) -> str:
    counts = Counter(person.department_code or "" for person in _waiting())
    names = department_names()
    return render_template(
        "person/logins.html",
        refusal=refusal,
        chosen=chosen or set(),
        lines=[(code, names.get(code, "—"), counts[code]) for code in sorted(counts)],
    )
