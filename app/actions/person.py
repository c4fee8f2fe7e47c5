"""People, their appointments and their logins (第五条, decision 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.access.person import Appointed
from app.access.roles import is_platform_role, roles_of
from app.actions.permission import raise_permission_version
from app.domain.person import TeacherKind
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
        session.execute(insert(user), [_login(new, now) for new in logins])
    sync_user_roles(session, now.date())


def _login(new: NewPerson, now: datetime) -> dict[str, object]:
    return {
        "first_name": new.name,
        "last_name": "",
        "username": new.username,
        "password": new.password_hash,
        "active": True,
        # FAB wants an address that is unique; nothing is ever sent to it.
        "email": f"{new.username}@local.invalid",
        "created_on": now.replace(tzinfo=None),
        "changed_on": now.replace(tzinfo=None),
        "login_count": 0,
        "fail_login_count": 0,
    }


def sync_user_roles(session: Session, today: date) -> None:
    """Make every person's login hold exactly the platform's roles of his appointments.

    Roles that the platform does not make are left as they are, and so are
    logins without a person (an operator's account).
    """
    role_ids = {row.name: row.id for row in session.execute(select(role))}
    users = {row.username: row.id for row in session.execute(select(user.c.id, user.c.username))}
    wanted: set[tuple[int, int]] = set()
    query = select(Person, Appointment).join(Appointment).where(Person.username.is_not(None))
    for person, appointment in session.execute(query):
        ended = appointment.valid_to is not None and appointment.valid_to < today
        if ended or appointment.valid_from > today or not person.is_active:
            continue
        names = roles_of(appointment.function, appointment.department_code)
        user_id = users.get(person.username or "")
        wanted |= {(user_id, role_ids[n]) for n in names if n in role_ids and user_id is not None}
    managed_ids = {role_id for name, role_id in role_ids.items() if is_platform_role(name)}
    of_people = select(user.c.id).join(Person, Person.username == user.c.username)
    session.execute(
        delete(user_role).where(
            user_role.c.role_id.in_(managed_ids), user_role.c.user_id.in_(of_people)
        )
    )
    if wanted:
        session.execute(
            insert(user_role), [{"user_id": u, "role_id": r} for u, r in sorted(wanted)]
        )
    raise_permission_version(session)
