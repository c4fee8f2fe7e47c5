"""What rights and roles are called on pages; codes stay below."""

from collections.abc import Mapping

from app.access.labels import right_text
from app.access.roles import Pair
from app.reports.permission import RoleLine
from app.web.labels import label
from app.web.translation import translated


def action_text(right: Pair) -> str:
    """What the right lets one do."""
    return translated(right_text(right))


def role_text(line: RoleLine, department_names: Mapping[str, str]) -> str:
    """The role in words: a function, a department's function, or the name given by hand."""
    if line.function is None:
        return line.name
    if line.department is None:
        return label(line.function)
    department = department_names.get(line.department, line.department)
    return f"{department} · {label(line.function)}"
