"""Roles that a group of logins brings count like those a login has itself."""

import pytest
from sqlalchemy import insert, select, text

from app.actions.role import RightsRequest, add_role, edit_rights, remove_role, take_role
from app.domain.message import Reason
from app.models.permission import group_role, user, user_group
from app.models.role_rights import digest_of, roles_held
from app.reports.permission import find_role, holders_of, list_roles
from tests.actions.staff import second_administrator
from tests.actions.test_role import ADD, refusal, rights
from tests.college import NOW, College
from tests.people import People


@pytest.fixture
def number(college: College, people: People) -> int:
    """A role made by hand that 李静 and the administrator have by a group."""
    session = college.session
    number = add_role(session, "督导", by=people.administrator, now=NOW)
    session.execute(text("INSERT INTO ab_group (id, name) VALUES (7, 'helpers')"))
    session.execute(insert(group_role), [{"group_id": 7, "role_id": number}])
    for username in ("li_jing", "administrator"):
        login = session.scalars(select(user.c.id).where(user.c.username == username)).one()
        session.execute(insert(user_group), [{"user_id": login, "group_id": 7}])
    session.commit()
    return number


def test_nobody_widens_a_role_he_has_by_a_group(
    college: College, people: People, number: int
) -> None:
    request = RightsRequest(digest_of(rights(college, "督导")), give=frozenset({ADD}))

    refused = refusal(
        lambda: edit_rights(college.session, number, request, by=people.administrator, now=NOW)
    )

    assert refused.reason is Reason.FORBIDDEN
    assert rights(college, "督导") == frozenset()


def test_what_a_group_brings_is_seen_on_the_page(college: College, number: int) -> None:
    session = college.session

    told = [(held.username, held.is_own) for held in holders_of(session, number)]

    assert told == [("administrator", False), ("li_jing", False)]
    assert find_role(session, number).holders == 2
    assert {line.name: line.holders for line in list_roles(session)}["督导"] == 2


def test_it_is_neither_taken_from_one_member_nor_removed(
    college: College, people: People, number: int
) -> None:
    session, by = college.session, second_administrator(college, people.administrator)
    held = roles_held(session, people.li_jing.user_id)

    acts = (
        lambda: take_role(session, number, "li_jing", by=by, now=NOW),
        lambda: remove_role(session, number, by=by, now=NOW),
    )

    assert "督导" in held
    assert [refusal(act).reason for act in acts] == [Reason.INVALID] * 2
    assert roles_held(session, people.li_jing.user_id) == held
