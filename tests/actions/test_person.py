"""People, their appointments and the roles their logins get from them."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.access.person import Appointed
from app.actions.person import NewPerson, add_people, sync_user_roles
from app.domain.person import Function
from app.models.permission import role, user, user_role
from app.models.person import Appointment, Person
from tests.college import NOW, College
from tests.people import actor_of

TODAY = NOW.date()


def roles_of(session: Session, username: str) -> set[str]:
    query = select(role.c.name).select_from(user_role.join(role).join(user))
    return set(session.scalars(query.where(user.c.username == username)))


def appointed(session: Session, username: str, **changes: object) -> None:
    """Change the appointments of somebody."""
    person = select(Person.id).where(Person.username == username).scalar_subquery()
    session.execute(update(Appointment).where(Appointment.person_id == person).values(**changes))


def made(session: Session, name: str) -> int:
    """A role that an administrator made."""
    session.execute(insert(role).values(name=name))
    return session.scalar(select(role.c.id).where(role.c.name == name)) or 0


def give(session: Session, username: str, role_ids: Iterable[int]) -> None:
    user_id = session.scalar(select(user.c.id).where(user.c.username == username))
    for role_id in role_ids:
        session.execute(insert(user_role).values(user_id=user_id, role_id=role_id))


def test_a_login_gets_the_roles_of_its_appointments(college: College) -> None:
    session = college.session

    assert roles_of(session, "li_jing") == {"data_steward", "A03.steward"}
    assert roles_of(session, "zhou_min") == {"qa_office"}
    assert roles_of(session, "he_fang") == {"qa_office", "data_steward", "A04.steward"}


def test_a_teacher_may_exist_without_a_login(college: College) -> None:
    teaches = (Appointed(Function.TEACHER, "C01"),)
    new = NewPerson("10099", "新教师", "C01", appointments=teaches)

    add_people(college.session, [new], valid_from=TODAY, now=NOW)
    college.session.commit()

    [person] = [person for person in college.all(Person) if person.number == "10099"]
    assert (person.name, person.username, person.is_active) == ("新教师", None, True)


def test_an_appointment_that_has_ended_takes_its_roles_along(college: College) -> None:
    session = college.session
    appointed(session, "li_jing", valid_to=TODAY)

    sync_user_roles(session, TODAY)
    on_the_last_day = roles_of(session, "li_jing")
    sync_user_roles(session, TODAY + timedelta(days=1))

    assert on_the_last_day == {"data_steward", "A03.steward"}
    assert roles_of(session, "li_jing") == set()


def test_an_appointment_that_has_not_begun_gives_nothing_before_its_day(college: College) -> None:
    session = college.session
    appointed(session, "li_jing", valid_from=date(2026, 10, 1))

    sync_user_roles(session, date(2026, 9, 30))

    # The roles wait for the day; nothing has to run on it.
    assert roles_of(session, "li_jing") == {"data_steward", "A03.steward"}
    assert actor_of(session, "li_jing", date(2026, 9, 30)).permissions == frozenset()
    assert actor_of(session, "li_jing", date(2026, 10, 1)).may("read", "submission")


def test_somebody_who_has_left_has_no_role(college: College) -> None:
    session = college.session
    session.execute(update(Person).where(Person.username == "li_jing").values(is_active=False))

    sync_user_roles(session, TODAY)

    assert roles_of(session, "li_jing") == set()


def test_roles_an_administrator_made_are_left_as_they_are(college: College) -> None:
    session = college.session
    give(session, "li_jing", [made(session, "helpers"), made(session, "v1.helpers")])

    sync_user_roles(session, TODAY)

    assert {"helpers", "v1.helpers"} <= roles_of(session, "li_jing")


def test_a_role_somebody_should_not_have_is_taken_from_him(college: College) -> None:
    session = college.session
    wanted = select(role.c.id).where(role.c.name.in_(["qa_office", "C01.steward"]))
    give(session, "li_jing", session.scalars(wanted).all())

    sync_user_roles(session, TODAY)

    assert roles_of(session, "li_jing") == {"data_steward", "A03.steward"}
