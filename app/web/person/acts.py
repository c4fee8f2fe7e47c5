"""What the buttons of a person's page do."""

from collections.abc import Callable, Mapping

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.appointment import appoint, end_appointment
from app.actions.initial_password import give_login, reset_password, unlock_person
from app.actions.leaver import disable_person, enable_person
from app.actions.person_change import Particulars, change_person
from app.actions.staff_list_plan import NewAppointment
from app.domain.message import Message, Reason, Refused
from app.models.person import Person
from app.web.current import current_actor, current_session, local_time
from app.web.labels import label
from app.web.person.form import PersonForm, day_of
from app.web.person.initial_password import handout_page, make_passwords

Act = Callable[[int, PersonForm], ResponseReturnValue]


def _edit(number: int, form: PersonForm) -> ResponseReturnValue:
    particulars = Particulars(form.name, form.department or None, form.kind)
    person = change_person(
        current_session(), number, form.version, particulars, by=current_actor(), now=local_time()
    )
    return _done(person, _("The particulars of %(name)s are saved.", name=person.name))


def _assign(number: int, form: PersonForm) -> ResponseReturnValue:
    function = form.chosen_function
    new = NewAppointment(
        function,
        form.place,
        day_of(form.first_day) or local_time().date(),
        day_of(form.last_day),
    )
    person = appoint(
        current_session(), number, form.version, new, by=current_actor(), now=local_time()
    )
    told = {"name": person.name, "function": label(function)}
    return _done(person, _("%(name)s is appointed: %(function)s.", **told))


def _close(number: int, form: PersonForm) -> ResponseReturnValue:
    person = end_appointment(
        current_session(),
        number,
        form.version,
        form.appointment,
        day_of(form.last_day),
        by=current_actor(),
        now=local_time(),
    )
    return _done(person, _("The last day of the appointment is set."))


def _open(number: int, form: PersonForm) -> ResponseReturnValue:
    passwords, hashes = make_passwords(["new"])
    person = give_login(
        current_session(),
        number,
        form.version,
        form.username,
        hashes["new"],
        by=current_actor(),
        now=local_time(),
    )
    done = _("%(name)s can sign in now.", name=person.name)
    return _handout(person, passwords["new"], done)


def _reset(number: int, form: PersonForm) -> ResponseReturnValue:
    passwords, hashes = make_passwords(["new"])
    person = reset_password(
        current_session(), number, form.version, hashes["new"], by=current_actor(), now=local_time()
    )
    done = _(
        "%(name)s has a new initial password; the old one and all sessions have ended.",
        name=person.name,
    )
    return _handout(person, passwords["new"], done)


def _unlock(number: int, form: PersonForm) -> ResponseReturnValue:
    person = unlock_person(
        current_session(), number, form.version, by=current_actor(), now=local_time()
    )
    return _done(person, _("%(name)s is unlocked and can sign in again.", name=person.name))


def _disable(number: int, form: PersonForm) -> ResponseReturnValue:
    last_day = day_of(form.last_day)
    if last_day is None:
        raise Refused(Message("Name the last day."), Reason.INVALID)
    person = disable_person(
        current_session(), number, form.version, last_day, by=current_actor(), now=local_time()
    )
    return _done(
        person, _("%(name)s is disabled. What the person did stays in the log.", name=person.name)
    )


def _enable(number: int, form: PersonForm) -> ResponseReturnValue:
    person = enable_person(
        current_session(), number, form.version, by=current_actor(), now=local_time()
    )
    return _done(
        person, _("%(name)s is let in again. Appointments have to be made anew.", name=person.name)
    )


def _done(person: Person, text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(f"/people/{person.id}")


def _handout(person: Person, password: str, done: str) -> ResponseReturnValue:
    return handout_page([person], {person.number: password}, done, f"/people/{person.id}")


ACTS: Mapping[str, Act] = {
    "edit": _edit,
    "assign": _assign,
    "close": _close,
    "open": _open,
    "reset": _reset,
    "unlock": _unlock,
    "disable": _disable,
    "enable": _enable,
}
