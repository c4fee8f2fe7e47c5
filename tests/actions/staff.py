"""What the tests of people's actions share."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.access.person import Actor
from app.actions.administrator import appoint_administrator
from app.actions.staff_list import BroughtIn, Confirmed, bring_in_staff_list, preview_staff_list
from app.actions.staff_list_plan import StaffPlan
from app.domain.staff_list import StaffRow, StaffRows
from app.models.audit_log import AuditEntry
from app.models.permission import role, user, user_role
from app.models.person import Person
from tests.college import College
from tests.people import actor_of

HASH = "scrypt:1024:8:1$salt$hash"


def person(college: College, number: str) -> Person:
    """The person as stored now."""
    query = select(Person).where(Person.number == number)
    return college.session.scalars(query.execution_options(populate_existing=True)).one()


def roles_of(college: College, username: str) -> set[str]:
    query = select(role.c.name).select_from(user_role.join(role).join(user))
    return set(college.session.scalars(query.where(user.c.username == username)))


def login(college: College, username: str) -> Any:
    return college.session.execute(select(user).where(user.c.username == username)).one_or_none()


def second_administrator(college: College, by: Actor) -> Actor:
    """Another system administrator, who can sign in."""
    username = appoint_administrator(
        college.session, "90009", "备用", password_hash=HASH, by=by, now=college.now
    )
    return actor_of(college.session, username, college.now.date())


def tags(college: College, number: str) -> list[str]:
    """What the log says was done to the person, in order."""
    query = select(AuditEntry.tag).where(
        AuditEntry.subject == f"person:{person(college, number).id}"
    )
    return list(college.session.scalars(query.order_by(AuditEntry.id)))


def rows(*people: dict[str, Any]) -> StaffRows:
    """A list with these rows, from row 2 on."""
    made = [
        StaffRow(
            row=index,
            number=one["number"],
            name=one.get("name"),
            department=one.get("department"),
            **{
                key: value
                for key, value in one.items()
                if key not in {"number", "name", "department"}
            },
        )
        for index, one in enumerate(people, start=2)
    ]
    return StaffRows(tuple(made))


def preview(college: College, listed: StaffRows, by: Actor, *, logins: bool = False) -> StaffPlan:
    return preview_staff_list(college.session, listed, create_logins=logins, by=by, now=college.now)


def bring_in(
    college: College,
    listed: StaffRows,
    by: Actor,
    *,
    logins: bool = False,
    leaving: tuple[str, ...] = (),
    last_day: date | None = None,
) -> BroughtIn:
    """Look at the preview and confirm it."""
    plan = preview(college, listed, by, logins=logins)
    confirmed = Confirmed(plan.digest, logins, leaving, last_day)
    hashes = {planned.number: HASH for planned in plan.logins}
    return bring_in_staff_list(college.session, listed, confirmed, hashes, by=by, now=college.now)


def faults(plan: StaffPlan) -> list[tuple[int, str, str]]:
    """Row, column and English text of what is wrong."""
    return [(fault.row, fault.column, fault.message.english()) for fault in plan.faults]
