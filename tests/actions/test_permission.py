"""Roles and rights follow the catalogue and the assignments; what is taken away stays away."""

from collections.abc import Mapping

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.roles import ROLES, TABLE_ACTIONS
from app.actions.assignment import Proposed, assign
from app.actions.permission import Synced, sync_permissions
from app.domain.assignment import AssignmentKind
from app.domain.message import Reason, Refused
from app.domain.person import Function
from app.models.assignment import Assignment
from app.models.cycle import Cycle
from app.models.permission import (
    permission,
    permission_view,
    permission_view_role,
    role,
    view_menu,
)
from app.models.setting import PERMISSION_VERSION, Setting
from tests.college import NOW, College
from tests.people import People

NOTHING = Synced(0, 0, 0)


def granted(session: Session) -> Mapping[str, set[tuple[str, str]]]:
    """Role → pairs of permission and resource."""
    query = (
        select(role.c.name, permission.c.name.label("action"), view_menu.c.name.label("resource"))
        .select_from(role)
        .join(permission_view_role, permission_view_role.c.role_id == role.c.id, isouter=True)
        .join(
            permission_view,
            permission_view.c.id == permission_view_role.c.permission_view_id,
            isouter=True,
        )
        .join(permission, permission.c.id == permission_view.c.permission_id, isouter=True)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id, isouter=True)
    )
    found: dict[str, set[tuple[str, str]]] = {}
    for name, action, resource in session.execute(query):
        found.setdefault(name, set()).add((action, resource))
    return found


def version(session: Session) -> int:
    with session.begin_nested():
        setting = session.get_one(Setting, PERMISSION_VERSION, populate_existing=True)
    return int(setting.value)


def take_away(session: Session, name: str, action: str, resource: str) -> None:
    """Remove one permission row of a role, as an administrator does."""
    pair = (
        select(permission_view.c.id)
        .join(permission, permission.c.id == permission_view.c.permission_id)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id)
        .where(permission.c.name == action, view_menu.c.name == resource)
    )
    wanted = session.scalar(select(role.c.id).where(role.c.name == name))
    session.execute(
        delete(permission_view_role).where(
            permission_view_role.c.permission_view_id == session.scalar(pair),
            permission_view_role.c.role_id == wanted,
        )
    )


def test_every_table_and_function_has_its_permission_rows(college: College) -> None:
    pairs = select(permission.c.name, view_menu.c.name).select_from(
        permission_view.join(permission).join(view_menu)
    )

    found = {tuple(pair) for pair in college.session.execute(pairs)}

    tables = {(f"can_{action}", name) for name in college.store.tables for action in TABLE_ACTIONS}
    assert tables <= found
    assert {(f"can_{verb}", name) for spec in ROLES for verb, name in spec.grants} <= found


def test_a_second_sync_adds_nothing(college: College) -> None:
    before = granted(college.session)

    assert sync_permissions(college.session, college.store) == NOTHING
    assert granted(college.session) == before


def test_a_sync_tells_every_process_to_forget(college: College) -> None:
    before = version(college.session)

    sync_permissions(college.session, college.store)

    assert version(college.session) == before + 1


def test_a_right_that_was_taken_away_stays_away(college: College, people: People) -> None:
    session = college.session
    take_away(session, "A03.steward", "can_add", "course")
    take_away(session, "qa_office", "can_accept", "submission")

    synced = sync_permissions(session, college.store)

    rights = granted(session)
    assert synced == NOTHING
    assert ("can_add", "course") not in rights["A03.steward"]
    assert ("can_accept", "submission") not in rights["qa_office"]


def test_a_new_permission_is_granted_to_those_it_is_made_for(college: College) -> None:
    session = college.session
    resource = select(view_menu.c.id).where(view_menu.c.name == "course").scalar_subquery()
    views = select(permission_view.c.id).where(permission_view.c.view_menu_id == resource)
    session.execute(
        delete(permission_view_role).where(permission_view_role.c.permission_view_id.in_(views))
    )
    session.execute(delete(permission_view).where(permission_view.c.view_menu_id == resource))
    session.execute(delete(view_menu).where(view_menu.c.name == "course"))

    synced = sync_permissions(session, college.store)

    assert synced.permissions == len(TABLE_ACTIONS)
    assert ("can_edit", "course") in granted(session)["A03.steward"]


def test_the_roles_are_named_after_functions_and_departments(college: College) -> None:
    names = set(granted(college.session))

    assert {function.value for function in Function} <= names
    assert {"A03.steward", "A03.head", "A03.teacher", "C01.steward", "C01.teacher"} <= names


# Written by hand from the table of roles and rights.
RIGHTS = {
    "A03.steward": {"list", "add", "edit", "delete", "import", "export", "pick"},
    "A03.head": {"list", "export", "pick"},
    "A03.teacher": {"list", "add", "edit", "delete", "pick"},
    "qa_office": {"list", "list_all", "export", "pick"},
    "data_steward": {"pick"},
    "leader": set(),
    "reader": set(),
    "administrator": set(),
    "archive": set(),
}


@pytest.mark.parametrize("name", list(RIGHTS))
def test_a_role_has_exactly_its_rights_on_a_table(college: College, name: str) -> None:
    rights = granted(college.session)[name]

    on_table = {action.removeprefix("can_") for action, where in rights if where == "course"}

    assert on_table == RIGHTS[name]


def test_a_department_has_no_rights_on_tables_of_others(college: College) -> None:
    rights = granted(college.session)["A03.steward"]

    assert {name for _, name in rights} == {
        table for d in college.store.catalogue.departments if d.code == "A03" for table in d.owns
    }


def test_a_department_that_guides_reads_every_departments_rows(college: College) -> None:
    rights = granted(college.session)["A02.steward"]

    on_table = {action for action, name in rights if name == "full_time_teacher"}

    assert on_table == {"can_list", "can_list_all", "can_export", "can_pick"}


def test_teachers_of_a_guiding_department_read_nothing_of_others(college: College) -> None:
    rights = granted(college.session).get("A02.teacher", set())

    assert not any(name == "full_time_teacher" for _, name in rights)


def test_an_assignment_brings_its_rights(college: College, people: People) -> None:
    session, before = college.session, version(college.session)
    cycle = session.get_one(Cycle, college.founded.cycle_id)
    wanted = [Proposed("staff", "A07", AssignmentKind.RESPONSIBLE)]

    added = assign(session, college.store, cycle, wanted, by=people.zhou_min, now=NOW)
    again = assign(session, college.store, cycle, wanted, by=people.zhou_min, now=NOW)
    session.commit()

    assert (len(added), again) == (1, [])
    assert ("can_edit", "staff") in granted(session)["A07.steward"]
    assert version(session) > before
    assert [entry.tag for entry in college.entries()[-2:]] == ["assignment.assign"] * 2


@pytest.mark.parametrize("name", ["li_jing", "wang_qiang", "administrator", "leader"])
def test_only_the_quality_office_assigns_tables(
    college: College, people: People, name: str
) -> None:
    session = college.session
    cycle = session.get_one(Cycle, college.founded.cycle_id)
    assignments = len(college.all(Assignment))
    wanted = [Proposed("staff", "A03", AssignmentKind.RESPONSIBLE)]

    with pytest.raises(Refused) as refusal:
        assign(session, college.store, cycle, wanted, by=getattr(people, name), now=NOW)
    session.commit()

    assert refusal.value.reason is Reason.FORBIDDEN
    assert len(college.all(Assignment)) == assignments
