"""Words of the pages of people: departments, days, what was done."""

from collections.abc import Mapping
from datetime import date

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.domain.person import Function, TeacherKind
from app.models.audit_log import AuditEntry
from app.models.person import Appointment
from app.reports.assignment import department_names as read_department_names
from app.web.current import current_session
from app.web.labels import label

DEEDS: Mapping[str, LazyString] = {
    "person.add": lazy_gettext("added"),
    "person.edit": lazy_gettext("particulars changed"),
    "person.assign": lazy_gettext("appointed"),
    "person.close": lazy_gettext("last day of an appointment set"),
    "person.open": lazy_gettext("login made"),
    "person.reset": lazy_gettext("new initial password"),
    "person.unlock": lazy_gettext("unlocked"),
    "person.disable": lazy_gettext("disabled as a leaver"),
    "person.enable": lazy_gettext("let in again"),
}


def department_names() -> dict[str, str]:
    """Code → name of every department, read once per request."""
    if "department_names" not in g:
        g.department_names = read_department_names(current_session())
    names: dict[str, str] = g.department_names
    return names


def place_text(code: str | None) -> str:
    """The name of a department; a dash for none."""
    return department_names().get(code, code) if code else "—"


def days_text(held: Appointment, today: date) -> str:
    """From when to when an appointment lasts."""
    told = {"first": held.valid_from.isoformat(), "last": str(held.valid_to or "")}
    if held.valid_to is None:
        if held.valid_from > today:
            return str(_("begins on %(first)s", **told))
        return str(_("since %(first)s", **told))
    return str(_("%(first)s to %(last)s", **told))


def deed_text(entry: AuditEntry) -> str:
    """What was done."""
    return str(DEEDS.get(entry.tag, _("changed")))


def told_text(text: str | None) -> str:
    """A value of the log in people's words: functions and departments by their names."""
    names = department_names()
    return " ".join(_word(part, names) for part in (text or "").split())


def _word(part: str, names: Mapping[str, str]) -> str:
    for members in (Function, TeacherKind):
        if part in set(members):
            return label(members(part))
    return names.get(part, part)


def value_text(value: object) -> str:
    """One side of a difference."""
    return told_text(str(value)) if value else "—"
