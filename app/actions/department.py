"""Departments of the college: adding and renaming them (第四条)."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.assignment import why_not_assign
from app.access.person import Actor
from app.actions.audit_log import Deed, record
from app.actions.permission import raise_permission_version
from app.catalogue.department import DepartmentSpec
from app.domain.message import Message, Reason, Refused
from app.models.database import writing
from app.models.department import Department

SHORTEST_NAME, LONGEST_NAME = 2, 100


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


def rename_department(
    session: Session, code: str, name: str, *, was: str, by: Actor, now: datetime
) -> Department:
    """Give the department another name; ``was`` is the name the person saw."""
    name = unicodedata.normalize("NFC", name).strip()
    with writing(session):
        department = enter_department(session, code, by)
        if department.name != was:
            raise changed_meanwhile()
        _refuse_name(session, department, name)
        department.name = name
        deed = Deed(
            "department.rename", f"department:{code}", department=code, before=was, after=name
        )
        record(session, deed, by=by, now=now)
        # Names are remembered together with rights.
        raise_permission_version(session)
        session.commit()
    return department


def restore_department(
    session: Session, code: str, *, was: date | None, by: Actor, now: datetime
) -> Department:
    """Take the end of a department back; its tables and people stay where they went."""
    with writing(session):
        department = enter_department(session, code, by)
        if department.valid_to != was or was is None:
            raise changed_meanwhile()
        department.valid_to = None
        deed = Deed(
            "department.restore", f"department:{code}", department=code, before=was.isoformat()
        )
        record(session, deed, by=by, now=now)
        session.commit()
    return department


def enter_department(session: Session, code: str, by: Actor) -> Department:
    """The department, locked for this transaction, for somebody who may change it."""
    refusal = why_not_assign(by)
    if refusal is not None:
        raise Refused(refusal)
    department = session.get(Department, code, with_for_update=True, populate_existing=True)
    if department is None:
        raise Refused(Message("There is no such department."), Reason.NOT_FOUND)
    return department


def changed_meanwhile() -> Refused:
    """The refusal of what was decided over an older state."""
    return Refused(
        Message("Somebody has changed this department meanwhile. Load the page again."),
        Reason.CONFLICT,
    )


def _refuse_name(session: Session, department: Department, name: str) -> None:
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refused(
            Message(
                "The name of a department has %(least)s to %(most)s characters in one line.",
                {"least": SHORTEST_NAME, "most": LONGEST_NAME},
            ),
            Reason.INVALID,
        )
    query = select(Department.code).where(
        Department.name == name, Department.code != department.code
    )
    if session.scalar(query) is not None:
        raise Refused(
            Message("Another department has the name %(name)s already.", {"name": name}),
            Reason.INVALID,
        )
