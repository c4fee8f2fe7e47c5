"""What rights and roles are called on pages; codes stay below."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.access.labels import right_text
from app.access.roles import Pair, platform_role
from app.reports.permission import RoleLine
from app.reports.person import GrantWay
from app.web.labels import label
from app.web.translation import translated


def action_text(right: Pair) -> str:
    """What the right lets one do."""
    return translated(right_text(right))


# How somebody came to a role.
WAYS: Mapping[GrantWay, LazyString] = {
    GrantWay.APPOINTMENT: _("by an appointment"),
    GrantWay.HAND: _("given by hand"),
    GrantWay.GROUP: _("by a group of logins"),
}


def role_text(line: RoleLine, department_names: Mapping[str, str]) -> str:
    """The role in words: a function, a department's function, or the name given by hand."""
    return role_name_text(line.name, department_names)


def role_name_text(name: str, department_names: Mapping[str, str]) -> str:
    """The same for a role of which only the name is known."""
    found = platform_role(name)
    if found is None:
        return name
    spec, department = found
    if department is None:
        return label(spec.function)
    return f"{department_names.get(department, department)} · {label(spec.function)}"
