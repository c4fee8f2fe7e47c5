"""All roles are brought to what a policy says in one transaction, or none of them."""

import pytest

from app.access.permission import KEY_RIGHT
from app.access.person import Actor
from app.access.policy import Policy, plan_policy, policy_of, read_present
from app.access.roles import Pair
from app.actions.policy import apply_policy
from app.actions.role import add_role, give_role
from app.domain.message import Message, Reason, Refused
from app.models.permission import permission_view, role
from tests.actions.test_role import edit, rights
from tests.college import NOW, College
from tests.people import People

OPERATOR = Actor("-", "运维", "-", permissions=frozenset({(f"can_{KEY_RIGHT[0]}", KEY_RIGHT[1])}))
EDIT: Pair = ("edit", "course")
LIST: Pair = ("list", "course")


def policy(college: College) -> Policy:
    with college.open_session() as session:
        return policy_of(read_present(session, college.store))


def apply(college: College, wanted: Policy, *, dry_run: bool = False) -> None:
    how = {"by": OPERATOR, "now": NOW, "dry_run": dry_run}
    apply_policy(college.session, college.store, wanted, **how)  # type: ignore[arg-type]


def is_done(college: College, wanted: Policy) -> bool:
    with college.open_session() as session:
        return plan_policy(read_present(session, college.store), wanted).changes == ()


def named(*pairs: Pair) -> dict[str, frozenset[str]]:
    return {on: frozenset(a for a, other in pairs if other == on) for _action, on in pairs}


def details(refused: pytest.ExceptionInfo[Refused]) -> list[Message]:
    assert refused.value.reason is Reason.INVALID
    return list(refused.value.details)


def test_roles_of_departments_are_named_only_where_they_differ(
    college: College, people: People
) -> None:
    assert not [name for name in policy(college) if "." in name]

    edit(college, "A03.head", people.administrator, {EDIT}, {LIST})

    differing = {name: held for name, held in policy(college).items() if "." in name}
    assert differing == {"A03.head": {"course": frozenset({"edit", "export", "pick"})}}


def test_a_role_of_a_department_gets_back_what_its_assignments_give(
    college: College, people: People
) -> None:
    before = rights(college, "A03.head")
    edit(college, "A03.head", people.administrator, {EDIT}, {LIST})

    apply(college, {"A03.head": {}})

    assert rights(college, "A03.head") == before


def test_a_resource_without_actions_is_taken_away_and_others_stay(college: College) -> None:
    before = rights(college, "A03.steward")
    wanted: Policy = {"A03.steward": {"course": frozenset()}}

    apply(college, wanted)

    assert rights(college, "A03.steward") == {right for right in before if right[1] != "course"}
    assert is_done(college, wanted)
    assert policy(college)["A03.steward"] == wanted["A03.steward"]


def test_a_dry_run_changes_nothing(college: College) -> None:
    before = policy(college)

    apply(college, {"督导": named(LIST), "reader": {}}, dry_run=True)

    assert policy(college) == before
    assert not college.entries("role:督导")


def test_one_refusal_keeps_all_from_happening(college: College) -> None:
    before = policy(college)

    with pytest.raises(Refused) as refused:
        apply(college, {"督导": named(LIST), "administrator": named(LIST, KEY_RIGHT)})

    assert len(details(refused)) == 1
    assert policy(college) == before


def test_every_refusal_is_told_at_once(college: College) -> None:
    wanted = {"a,b": {}, "X99.head": {}, "reader": named(("burn", "course"), ("list", "nothing"))}

    with pytest.raises(Refused) as refused:
        apply(college, wanted)

    assert len(details(refused)) == 4


def test_the_last_key_is_not_taken(college: College) -> None:
    with pytest.raises(Refused) as refused:
        apply(college, {"administrator": {}})

    assert "Nobody would be left" in details(refused)[0].english()


def test_the_key_may_go_from_one_role_to_another(college: College, people: People) -> None:
    number = add_role(college.session, "权限管理", by=people.administrator, now=NOW)
    give_role(college.session, number, "reader", by=people.administrator, now=NOW)
    wanted = {"administrator": named(("read", "person")), "权限管理": named(KEY_RIGHT)}

    apply(college, wanted)

    assert is_done(college, wanted)


def test_the_administrator_gets_no_data_by_a_further_role(college: College, people: People) -> None:
    number = add_role(college.session, "助手", by=people.administrator, now=NOW)
    other = people.administrator.username
    with college.open_session() as session:
        giver = Actor("1", "某", "x", permissions=OPERATOR.permissions)
        give_role(session, number, other, by=giver, now=NOW)

    with pytest.raises(Refused) as refused:
        apply(college, {"助手": named(LIST)})

    assert len(details(refused)) == 1


def test_no_role_and_no_permission_row_is_ever_removed(college: College) -> None:
    counted = [college.session.query(table).count() for table in (role, permission_view)]

    apply(college, {"reader": {}, "archive": {}})

    after = [college.session.query(table).count() for table in (role, permission_view)]
    assert after == counted


def test_somebody_without_the_key_applies_nothing(college: College, people: People) -> None:
    with pytest.raises(Refused):
        apply_policy(college.session, college.store, {"reader": {}}, by=people.zhou_min, now=NOW)

    assert rights(college, "reader")
