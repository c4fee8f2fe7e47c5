"""Changing what roles may do: exactly what was asked, recorded, never to serve oneself."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from app.access.permission import KEY_RIGHT
from app.access.person import Actor
from app.access.roles import Pair
from app.actions.permission import sync_permissions
from app.actions.role import (
    RightsRequest,
    add_role,
    edit_rights,
    give_role,
    remove_role,
    take_role,
)
from app.domain.message import Reason, Refused
from app.models.audit_log import AuditEntry
from app.models.permission import role, user, user_role
from app.models.role_rights import digest_of, rights_of_roles, roles_held
from app.models.setting import PERMISSION_VERSION, Setting
from tests.actions.test_submission_races import at_once
from tests.college import NOW, College
from tests.people import People

ADD: Pair = ("add", "course")
EDIT: Pair = ("edit", "course")


def number_of(college: College, name: str) -> int:
    return int(college.session.scalars(select(role.c.id).where(role.c.name == name)).one())


def rights(college: College, name: str) -> frozenset[Pair]:
    with college.open_session() as session:
        number = session.scalars(select(role.c.id).where(role.c.name == name)).one()
        return rights_of_roles(session, [number])[number]


def edit(college: College, name: str, by: Actor, give: set[Pair], take: set[Pair]) -> None:
    request = RightsRequest(digest_of(rights(college, name)), frozenset(give), frozenset(take))
    edit_rights(college.session, number_of(college, name), request, by=by, now=NOW)


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def test_a_role_gets_and_loses_exactly_what_was_asked(college: College, people: People) -> None:
    before = rights(college, "A03.head")
    others = rights(college, "A03.steward")

    edit(college, "A03.head", people.administrator, {ADD}, {("export", "course")})

    assert rights(college, "A03.head") == (before | {ADD}) - {("export", "course")}
    assert rights(college, "A03.steward") == others


def test_the_log_says_what_changed_and_every_process_forgets(
    college: College, people: People
) -> None:
    version = college.session.get_one(Setting, PERMISSION_VERSION).value

    edit(college, "A03.head", people.administrator, {ADD}, {("export", "course")})

    entry = college.entries("role:A03.head")[-1]
    assert (entry.tag, entry.person_number) == ("permission.edit", "90001")
    assert entry.reason == "+add course\n-export course"
    assert college.all(Setting)[0].value == str(int(version) + 1)


def test_what_was_taken_away_survives_a_sync(college: College, people: People) -> None:
    edit(college, "A03.steward", people.administrator, set(), {ADD})

    sync_permissions(college.session, college.store)

    assert ADD not in rights(college, "A03.steward")


def test_a_stale_page_changes_nothing(college: College, people: People) -> None:
    stale = RightsRequest(digest_of(rights(college, "A03.head")), give=frozenset({ADD}))
    edit(college, "A03.head", people.administrator, {EDIT}, set())
    number = number_of(college, "A03.head")

    refused = refusal(
        lambda: edit_rights(college.session, number, stale, by=people.administrator, now=NOW)
    )

    assert refused.reason is Reason.CONFLICT
    assert ADD not in rights(college, "A03.head")


@pytest.mark.parametrize("who", ["zhou_min", "wang_qiang", "li_jing", "leader", "reader"])
def test_only_the_administrator_changes_roles(college: College, people: People, who: str) -> None:
    by = getattr(people, who)

    acts = (
        lambda: edit(college, "A03.head", by, {ADD}, set()),
        lambda: add_role(college.session, "教学督导", by=by, now=NOW),
        lambda: remove_role(college.session, number_of(college, "A03.head"), by=by, now=NOW),
    )

    assert [refusal(act).reason for act in acts] == [Reason.FORBIDDEN] * 3


@pytest.mark.parametrize(
    "right", [ADD, ("list", "course"), ("accept", "submission"), ("export", "consolidation")]
)
def test_the_administrator_gets_no_say_over_data(
    college: College, people: People, right: Pair
) -> None:
    refused = refusal(lambda: edit(college, "administrator", people.administrator, {right}, set()))

    assert refused.reason is Reason.INVALID
    assert right not in rights(college, "administrator")


def test_a_right_there_is_none_of_is_refused(college: College, people: People) -> None:
    wrong = ("accept", "course")

    refused = refusal(lambda: edit(college, "A03.head", people.administrator, {wrong}, set()))

    assert refused.reason is Reason.INVALID


def test_somebody_stays_who_can_change_rights(college: College, people: People) -> None:
    key = {("edit", "permission")}

    refused = refusal(lambda: edit(college, "administrator", people.administrator, set(), key))

    assert "Nobody would be left" in refused.message.english()
    assert key <= rights(college, "administrator")


def test_a_role_by_hand_begins_like_another(college: College, people: People) -> None:
    like = number_of(college, "A03.head")

    add_role(college.session, " 教学  督导 ", like=like, by=people.administrator, now=NOW)

    assert rights(college, "教学 督导") == rights(college, "A03.head")
    assert college.entries("role:教学 督导")[-1].tag == "role.add"


@pytest.mark.parametrize(
    "name", ["", "   ", "head", "A09.steward", "x.y", "长" * 61, "a<b", "教学,督导", "HEAD"]
)
def test_a_role_needs_a_name_of_its_own(college: College, people: People, name: str) -> None:
    refused = refusal(lambda: add_role(college.session, name, by=people.administrator, now=NOW))

    assert refused.reason is Reason.INVALID


def test_a_role_by_hand_is_given_taken_and_removed(college: College, people: People) -> None:
    session, by = college.session, people.administrator
    number = add_role(session, "教学督导", by=by, now=NOW)

    give_role(session, number, "li_jing", by=by, now=NOW)
    give_role(session, number, "li_jing", by=by, now=NOW)

    assert "教学督导" in roles_held(session, people.li_jing.user_id)
    assert refusal(lambda: remove_role(session, number, by=by, now=NOW)).reason is Reason.INVALID
    take_role(session, number, "li_jing", by=by, now=NOW)
    assert remove_role(session, number, by=by, now=NOW) == "教学督导"
    assert "教学督导" not in set(session.scalars(select(role.c.name)))


def test_nobody_gives_himself_a_role_or_widens_his_own(college: College, people: People) -> None:
    session, by = college.session, people.administrator
    number = add_role(session, "教学督导", by=by, now=NOW)

    refused = refusal(lambda: give_role(session, number, "administrator", by=by, now=NOW))

    assert refused.reason is Reason.FORBIDDEN
    assert "教学督导" not in roles_held(session, by.user_id)


def test_an_administrator_gets_data_by_no_other_role(college: College, people: People) -> None:
    session, by = college.session, people.administrator
    appoint_second_administrator(college, "reader")
    copy = add_role(session, "抄来的", like=number_of(college, "qa_office"), by=by, now=NOW)
    empty = add_role(session, "空的", by=by, now=NOW)
    give_role(session, empty, "reader", by=by, now=NOW)

    acts = (
        lambda: give_role(session, copy, "reader", by=by, now=NOW),
        lambda: edit(college, "空的", by, {("export", "consolidation")}, set()),
    )

    assert [refusal(act).reason for act in acts] == [Reason.FORBIDDEN] * 2
    assert rights(college, "空的") == frozenset()


def appoint_second_administrator(college: College, username: str) -> None:
    session = college.session
    login = session.scalars(select(user.c.id).where(user.c.username == username)).one()
    row = {"user_id": login, "role_id": number_of(college, "administrator")}
    session.execute(insert(user_role), [row])
    session.commit()


def test_roles_of_appointments_are_not_given_by_hand(college: College, people: People) -> None:
    session, by = college.session, people.administrator
    number = number_of(college, "C01.head")

    acts = (
        lambda: give_role(session, number, "li_jing", by=by, now=NOW),
        lambda: take_role(session, number, "zhao_yong", by=by, now=NOW),
        lambda: remove_role(session, number, by=by, now=NOW),
    )

    assert [refusal(act).reason for act in acts] == [Reason.FORBIDDEN] * 3
    assert "C01.head" in roles_held(session, people.zhao_yong.user_id)


def test_two_who_take_each_other_the_key_leave_one(college: College, people: People) -> None:
    by, both_have_looked = people.administrator, Barrier(2)
    keys = {name: key_for(college, name, by) for name in ("reader", "leader")}
    edit(college, "administrator", by, set(), {KEY_RIGHT})

    def taking(username: str) -> Callable[[], object]:
        def act() -> None:
            with college.open_session() as own:
                wait_before_noting(own, both_have_looked)
                take_role(own, keys[username], username, by=by, now=NOW)

        return act

    assert at_once(taking("reader"), taking("leader")) == ["done", "invalid"]


def key_for(college: College, username: str, by: Actor) -> int:
    """A role of his own that lets him change rights."""
    number = add_role(college.session, username + "的", by=by, now=NOW)
    edit(college, username + "的", by, {KEY_RIGHT}, set())
    give_role(college.session, number, username, by=by, now=NOW)
    return number


def wait_before_noting(session: Session, meeting: Barrier) -> None:
    """Before the deed is noted wait for the other, in vain where he has to wait for us."""

    def wait(flushed: Session, *_context: object) -> None:
        if any(isinstance(new, AuditEntry) for new in flushed.new):
            with suppress(BrokenBarrierError):
                meeting.wait(1)

    event.listen(session, "before_flush", wait)
