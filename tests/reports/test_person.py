"""Who a login is today: appointments give scope, roles give verbs."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.actions.permission import raise_permission_version
from app.domain.person import Function, TeacherKind
from app.models.permission import group_role, role, user, user_group, user_role
from app.models.person import Appointment, Person
from app.models.setting import PERMISSION_VERSION, Setting
from app.reports.person import ActorCache, load_actor
from tests.college import NOW, College
from tests.people import actor_of
from tests.reports.statements import statements

TODAY = NOW.date()


def appointed(session: Session, username: str, **changes: object) -> None:
    person = select(Person.id).where(Person.username == username).scalar_subquery()
    session.execute(update(Appointment).where(Appointment.person_id == person).values(**changes))


def id_of(session: Session, username: str) -> int:
    return session.scalar(select(user.c.id).where(user.c.username == username)) or 0


def load(cache: ActorCache, session: Session, user_id: int, now: datetime) -> Actor | None:
    """What the cache answers to the present version of the rights, which costs one statement."""
    version = session.scalar(select(Setting.value).where(Setting.name == PERMISSION_VERSION))
    return cache.load(session, user_id, version, now)


def role_id(session: Session, name: str) -> int:
    return session.scalar(select(role.c.id).where(role.c.name == name)) or 0


def login(session: Session, username: str, *roles: str) -> int:
    """A login without a person, as an operator has it."""
    names = {"username": username, "first_name": "运维", "last_name": ""}
    session.execute(insert(user).values(**names, email=f"{username}@local.invalid", active=True))
    for name in roles:
        values = {"user_id": id_of(session, username), "role_id": role_id(session, name)}
        session.execute(insert(user_role).values(**values))
    return id_of(session, username)


def group_with(session: Session, name: str, *members: str) -> None:
    """A group whose members have the role."""
    session.execute(text("INSERT INTO ab_group (id, name) VALUES (7, 'helpers')"))
    session.execute(insert(group_role).values(group_id=7, role_id=role_id(session, name)))
    for member in members:
        session.execute(insert(user_group).values(user_id=id_of(session, member), group_id=7))


def test_a_teacher_is_of_the_kind_noted_for_the_department_or_else_of_his_own(
    college: College,
) -> None:
    session = college.session
    own = actor_of(session, "liu_yang", TODAY).appointments[0].teacher_kind

    appointed(session, "liu_yang", teacher_kind=TeacherKind.EXTERNAL_VISITING)
    there = actor_of(session, "liu_yang", TODAY).appointments[0].teacher_kind

    assert (own, there) == (TeacherKind.FULL_TIME, TeacherKind.EXTERNAL_VISITING)
    assert actor_of(session, "li_jing", TODAY).appointments[0].teacher_kind is None


def test_an_actor_is_the_person_behind_the_login(college: College) -> None:
    actor = actor_of(college.session, "li_jing", TODAY)

    assert (actor.number, actor.name, actor.username) == ("03002", "李静", "li_jing")
    assert actor.appointments == (Appointed(Function.DATA_STEWARD, "A03"),)
    assert actor.may("edit", "course")
    assert not actor.may("edit", "staff")


def test_several_roles_add_up(college: College) -> None:
    actor = actor_of(college.session, "he_fang", TODAY)

    assert actor.may("accept", "submission")
    assert actor.may("finish", "submission")
    assert actor.may("edit", "supervision_staff")
    assert actor.departments(Function.QA_OFFICE, Function.DATA_STEWARD) == {"A04"}


def test_the_roles_of_a_group_add_up_too(college: College) -> None:
    session = college.session
    group_with(session, "archive", "ma_chao")

    actor = actor_of(session, "ma_chao", TODAY)

    assert actor.may("export", "consolidation")
    assert actor.may("enter", "submission")


@pytest.mark.parametrize(
    "ended",
    [
        {"valid_to": TODAY - timedelta(days=1)},
        {"valid_from": TODAY + timedelta(days=1)},
    ],
)
def test_an_appointment_outside_its_days_gives_nothing(
    college: College, ended: dict[str, object]
) -> None:
    appointed(college.session, "zhou_min", **ended)

    actor = actor_of(college.session, "zhou_min", TODAY)

    assert (actor.appointments, actor.permissions) == ((), frozenset())


def test_an_appointment_counts_on_its_first_and_last_day(college: College) -> None:
    appointed(college.session, "zhou_min", valid_from=TODAY, valid_to=TODAY)

    actor = actor_of(college.session, "zhou_min", TODAY)

    assert actor.holds(Function.QA_OFFICE, "A04")
    assert actor.may("accept", "submission")


def test_a_role_given_otherwise_counts_without_an_appointment(college: College) -> None:
    session = college.session
    session.execute(delete(Appointment))
    group_with(session, "reader", "li_jing")
    session.execute(update(role).where(role.c.name == "A03.head").values(name="deputies"))
    deputy = {"user_id": id_of(session, "li_jing"), "role_id": role_id(session, "deputies")}
    session.execute(insert(user_role).values(**deputy))

    actor = actor_of(session, "li_jing", TODAY)

    assert actor.may("read", "consolidation")
    assert actor.may("export", "course")
    assert not actor.may("finish", "submission")


def test_a_login_without_a_person_has_permissions_only(college: College) -> None:
    operator = login(college.session, "operator", "administrator")

    actor = load_actor(college.session, operator, TODAY)

    assert actor is not None
    assert (actor.number, actor.name, actor.appointments) == ("operator", "运维", ())
    assert actor.may("read", "cycle")


def test_nobody_is_behind_an_unknown_or_closed_login(college: College) -> None:
    session = college.session
    session.execute(update(user).where(user.c.username == "li_jing").values(active=False))
    session.execute(update(Person).where(Person.username == "ma_chao").values(is_active=False))

    for user_id in (id_of(session, "li_jing"), id_of(session, "ma_chao"), 999_999):
        assert load_actor(session, user_id, TODAY) is None


def test_an_actor_is_remembered_until_somebodys_rights_change(college: College) -> None:
    cache, session = ActorCache(), college.session
    user_id = id_of(session, "li_jing")
    first = load(cache, session, user_id, NOW)
    appointed(session, "li_jing", valid_to=TODAY - timedelta(days=1))

    assert load(cache, session, user_id, NOW) is first
    raise_permission_version(session)

    changed = load(cache, session, user_id, NOW)
    assert changed is not None
    assert changed.appointments == ()


def test_an_actor_is_not_remembered_over_midnight(college: College) -> None:
    cache, session = ActorCache(), college.session
    appointed(session, "li_jing", valid_to=TODAY)
    user_id = id_of(session, "li_jing")

    today, tomorrow = (load(cache, session, user_id, NOW + timedelta(days=day)) for day in (0, 1))

    assert isinstance(today, Actor)
    assert isinstance(tomorrow, Actor)
    assert (len(today.appointments), len(tomorrow.appointments)) == (1, 0)


def test_a_remembered_actor_costs_no_statement_but_that_of_the_version(college: College) -> None:
    cache, session = ActorCache(), college.session
    user_id = id_of(session, "li_jing")

    with statements(college) as first:
        load(cache, session, user_id, NOW)
    with statements(college) as second:
        load(cache, session, user_id, NOW)

    assert (len(first), len(second)) == (4, 1)


def test_the_actor_asked_for_least_is_forgotten_first(college: College) -> None:
    cache, session = ActorCache(size=2), college.session
    ids = [id_of(session, name) for name in ("li_jing", "wang_qiang", "zhou_min")]
    for user_id in (ids[0], ids[1], ids[0], ids[2]):
        load(cache, session, user_id, NOW)

    with statements(college) as kept:
        load(cache, session, ids[0], NOW)
    with statements(college) as forgotten:
        load(cache, session, ids[1], NOW)

    assert (len(kept), len(forgotten)) == (1, 4)


def test_a_login_that_is_closed_is_forgotten(college: College) -> None:
    cache, session = ActorCache(), college.session
    user_id = id_of(session, "li_jing")
    load(cache, session, user_id, NOW)
    session.execute(update(user).where(user.c.id == user_id).values(active=False))
    raise_permission_version(session)

    assert load(cache, session, user_id, NOW) is None
