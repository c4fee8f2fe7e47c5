"""Departments as the catalogue proposes them: the start of a new college."""

from dataclasses import dataclass

from app.domain.department import DepartmentKind


@dataclass(frozen=True)
class DepartmentSpec:
    """A department with the tables it is responsible for (归口, 第四条).

    ``fills_for_own_staff`` names tables that the department reports for its
    own people only; their owner then gives guidance and reads.
    """

    code: str
    name: str
    kind: DepartmentKind
    duty: str = ""
    owns: tuple[str, ...] = ()
    fills_for_own_staff: tuple[str, ...] = ()
