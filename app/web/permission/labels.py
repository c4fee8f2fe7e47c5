"""What rights, their objects and roles are called; codes stay below."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.access.roles import (
    ACCOUNT,
    APPRAISAL,
    ASSIGNMENT,
    BOARD,
    CONSOLIDATION,
    CYCLE,
    PERMISSION,
    PERSON,
    SUBMISSION,
    Pair,
)
from app.domain.appraisal import AppraisalVerb
from app.domain.cycle import CycleVerb
from app.domain.submission import Verb
from app.reports.permission import RoleLine
from app.web.labels import label

# The columns of the matrix, in the order of ``TABLE_ACTIONS``.
ACTIONS: Mapping[str, LazyString] = {
    "list": _("View"),
    "list_all": _("All departments"),
    "add": _("Add rows"),
    "edit": _("Change rows"),
    "delete": _("Delete rows"),
    "import": _("Import"),
    "export": _("Export"),
    "pick": _("Pick from it"),
}
# Actions on pages of the platform that are no step of a submission or year.
PAGE_ACTIONS: Mapping[str, LazyString] = {
    "read": _("View"),
    "edit": _("Change"),
    "export": _("Export"),
    "add": _("Add"),
    "assign": _("Assign tables"),
    "unlock": _("Unlock"),
    "import": _("Import"),
}
RESOURCES: Mapping[str, LazyString] = {
    SUBMISSION: _("Reporting and review"),
    BOARD: _("Progress board"),
    CYCLE: _("Collection years"),
    ASSIGNMENT: _("Assignments"),
    CONSOLIDATION: _("Consolidated data"),
    APPRAISAL: _("Appraisal"),
    PERSON: _("People"),
    ACCOUNT: _("Accounts"),
    PERMISSION: _("Roles and permissions"),
}


def action_text(right: Pair) -> str:
    """What the right lets one do."""
    action, resource = right
    if resource == SUBMISSION and action in set(Verb):
        return label(Verb(action))
    if resource == CYCLE and action in set(CycleVerb):
        return label(CycleVerb(action))
    if resource == APPRAISAL and action in set(AppraisalVerb):
        return label(AppraisalVerb(action))
    if right == ("assign", PERSON):
        return str(_("Appoint"))
    return str(PAGE_ACTIONS[action])


def role_text(line: RoleLine, department_names: Mapping[str, str]) -> str:
    """The role in words: a function, a department's function, or the name given by hand."""
    if line.function is None:
        return line.name
    if line.department is None:
        return label(line.function)
    department = department_names.get(line.department, line.department)
    return f"{department} · {label(line.function)}"
