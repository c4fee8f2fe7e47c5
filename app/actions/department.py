"""Departments of the college (第四条)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.department import DepartmentSpec
from app.models.department import Department


def add_departments(session: Session, proposed: Sequence[DepartmentSpec]) -> list[str]:
    """Add the departments whose codes are missing; returns those codes.

    What is there is left as it is: a college renames and closes its own
    departments. The caller commits.
    """
    existing = set(session.scalars(select(Department.code)))
    added = [
        Department(code=spec.code, name=spec.name, kind=spec.kind, duty=spec.duty)
        for spec in proposed
        if spec.code not in existing
    ]
    session.add_all(added)
    session.flush()
    return [department.code for department in added]
