"""People, their appointments and their logins (第五条, decision 12)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from app.access.person import Appointed
from app.access.roles import is_platform_role, roles_of
from app.actions.permission import raise_permission_version
from app.domain.person import TeacherKind
from app.models.base_table_rows import in_batches
from app.models.permission import role, user, user_role
from app.models.person import Appointment, Person


@dataclass(frozen=True)
class NewPerson:
    """A person to be added; ``password_hash`` goes with a ``username``."""

    number: str
    name: str
    department: str | None
    username: str | None = None
    password_hash: str | None = None
    teacher_kind: TeacherKind | None = None
    appointments: tuple[Appointed, ...] = ()


def add_people(
    session: Session, people: Sequence[NewPerson], *, valid_from: date, now: datetime
) -> None:
    """Add people with appointments, logins and the roles that follow from them.

    Departments and roles exist already. The caller commits.
    """
    for new in people:
        person = Person(
            number=new.number,
            name=new.name,
            username=new.username,
            department_code=new.department,
            teacher_kind=new.teacher_kind,
        )
        person.appointments = [
            Appointment(
                function=held.function,
                department_code=held.department,
                valid_from=valid_from,
                teacher_kind=held.teacher_kind,
            )
            for held in new.appointments
        ]
        session.add(person)
    session.flush()
    logins = [new for new in people if new.username is not None]
    if logins:
        session.execute(
            insert(user),
            [login_row(str(new.username), new.name, new.password_hash, now) for new in logins],
        )
    sync_user_roles(session, now.date())


def login_row(
    username: str, name: str, password_hash: str | None, now: datetime
) -> dict[str, object]:
    """A login as the framework keeps it."""
    return {
        "first_name": name,
        "last_name": "",
        "username": username,
        "password": password_hash,
        "active": True,
        # FAB wants an address that is unique; nothing is ever sent to it.
        "email": f"{username}@local.invalid",
        "created_on": now.replace(tzinfo=None),
        "changed_on": now.replace(tzinfo=None),
        "login_count": 0,
        "fail_login_count": 0,
    }


def sync_user_roles(
    session: Session, today: date, usernames: Collection[str] | None = None
) -> None:
    """Make every person's login, or only the named ones, hold exactly the roles of appointments.

    An appointment brings its roles when it is made, but they count only on its
    days (``load_actor``), so that nothing has to happen on the day it begins.
    Roles that the platform does not make are left as they are, and so are
    logins without a person (an operator's account).
    """
    role_ids = {row.name: row.id for row in session.execute(select(role))}
    of_people = select(user.c.id, user.c.username).join(Person, Person.username == user.c.username)
    held = (
        select(Person.username, Appointment.function, Appointment.department_code)
        .join(Appointment)
        .where(
            Person.username.is_not(None),
            Person.is_active,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
        )
    )
    if usernames is not None:
        of_people = of_people.where(user.c.username.in_(usernames))
        held = held.where(Person.username.in_(usernames))
    users = {row.username: row.id for row in session.execute(of_people)}
    wanted: set[tuple[int, int]] = set()
    for username, function, department in session.execute(held):
        names = roles_of(function, department)
        if username in users:
            wanted |= {(users[username], role_ids[name]) for name in names if name in role_ids}
    _hold(session, set(users.values()), _managed(role_ids), wanted)
    raise_permission_version(session)


def _managed(role_ids: Mapping[str, int]) -> set[int]:
    return {role_id for name, role_id in role_ids.items() if is_platform_role(name)}


def _hold(
    session: Session, users: set[int], managed: set[int], wanted: set[tuple[int, int]]
) -> None:
    """Write what is missing of the wanted roles and take away what is too much."""
    query = select(user_role.c.id, user_role.c.user_id, user_role.c.role_id)
    present = {
        (row.user_id, row.role_id): row.id
        for row in session.execute(query.where(user_role.c.role_id.in_(managed)))
        if row.user_id in users
    }
    for batch in in_batches([present[pair] for pair in present.keys() - wanted]):
        session.execute(delete(user_role).where(user_role.c.id.in_(batch)))
    missing = sorted(wanted - present.keys())
    if missing:
        session.execute(insert(user_role), [{"user_id": u, "role_id": r} for u, r in missing])
