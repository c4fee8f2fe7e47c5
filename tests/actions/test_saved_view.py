"""Keeping, changing and deleting views, on both databases."""

from datetime import UTC, datetime

import pytest

from app.access.person import Actor
from app.access.saved_view import ViewFields
from app.actions.saved_view import (
    ViewDraft,
    add_view,
    choose_default_view,
    edit_view,
    remove_view,
)
from app.domain.message import Reason, Refused
from app.domain.saved_view import Audience
from app.models.saved_view import DefaultView, SavedView
from app.reports.saved_view import list_views
from tests.college import College
from tests.people import People

NOW = datetime(2026, 9, 15, 1, 30, tzinfo=UTC)
FIELDS = ViewFields({"course_name": "课程名称", "credit": "学分"}, frozenset(), frozenset())
CONTENT = {"filter": ["credit", ">", "3"], "sort": "-credit", "q": ""}


def draft(name: str = "大课", audience: Audience = Audience.PRIVATE) -> ViewDraft:
    department = "A03" if audience is Audience.DEPARTMENT else None
    return ViewDraft(name, audience, department, CONTENT)


def keep(college: College, by: Actor, wanted: ViewDraft) -> SavedView:
    with college.open_session() as session:
        return add_view(session, "course", wanted, FIELDS, by=by, now=NOW)


def logged(college: College) -> list[str]:
    return [entry.tag for entry in college.entries() if entry.tag.startswith("saved_view")]


def names(college: College, actor: Actor, table: str = "course") -> list[str]:
    with college.open_session() as session:
        return [each.view.name for each in list_views(session, table, actor, FIELDS)]


def test_a_private_view_is_ones_own_and_leaves_no_entry(college: College, people: People) -> None:
    keep(college, people.li_jing, draft())

    assert names(college, people.li_jing) == ["大课"]
    assert names(college, people.wang_qiang) == []
    assert names(college, people.li_jing, "major") == []
    assert logged(college) == []


def test_a_shared_view_is_found_by_its_department_and_logged(
    college: College, people: People
) -> None:
    view = keep(college, people.li_jing, draft("部门视图", Audience.DEPARTMENT))

    assert names(college, people.ma_chao) == ["部门视图"]
    assert names(college, people.chen_gang) == []
    (entry,) = college.entries(f"saved_view:{view.id}")
    assert (entry.tag, entry.department_code) == ("saved_view.add", "A03")


def test_own_views_stand_first(college: College, people: People) -> None:
    keep(college, people.zhou_min, draft("a 全校", Audience.EVERYONE))
    keep(college, people.li_jing, draft("z 自用"))

    assert names(college, people.li_jing) == ["z 自用", "a 全校"]


def test_a_name_stands_once(college: College, people: People) -> None:
    keep(college, people.li_jing, draft(" 大课 "))

    with pytest.raises(Refused) as refusal:
        keep(college, people.li_jing, draft())

    assert refusal.value.reason is Reason.CONFLICT
    assert names(college, people.li_jing) == ["大课"]
    keep(college, people.wang_qiang, draft())


@pytest.mark.parametrize("name", ["", "   ", "长" * 61])
def test_a_view_needs_a_name(college: College, people: People, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        keep(college, people.li_jing, draft(name))

    assert refusal.value.reason is Reason.INVALID


def test_a_view_that_somebody_else_has_changed_is_not_overwritten(
    college: College, people: People
) -> None:
    view = keep(college, people.li_jing, draft("共用", Audience.DEPARTMENT))
    wanted = draft("改名", Audience.DEPARTMENT)

    with college.open_session() as session:
        edit_view(session, "course", view.id, 1, wanted, FIELDS, by=people.wang_qiang, now=NOW)
    with college.open_session() as session, pytest.raises(Refused) as refusal:
        edit_view(session, "course", view.id, 1, wanted, FIELDS, by=people.li_jing, now=NOW)

    assert refusal.value.reason is Reason.CONFLICT
    assert logged(college) == ["saved_view.add", "saved_view.edit"]


def test_a_view_of_another_table_or_person_is_not_found(college: College, people: People) -> None:
    view = keep(college, people.li_jing, draft())

    for table, actor in (("major", people.li_jing), ("course", people.wang_qiang)):
        with college.open_session() as session, pytest.raises(Refused) as refusal:
            remove_view(session, table, view.id, by=actor, now=NOW)
        assert refusal.value.reason is Reason.NOT_FOUND


def test_who_finds_a_view_may_open_with_it_until_it_is_deleted(
    college: College, people: People
) -> None:
    view = keep(college, people.li_jing, draft("共用", Audience.DEPARTMENT))
    other = keep(college, people.ma_chao, draft("另一个"))

    for number in (other.id, view.id):
        with college.open_session() as session:
            choose_default_view(session, "course", number, by=people.ma_chao)
    with college.open_session() as session:
        found = list_views(session, "course", people.ma_chao, FIELDS)
        assert [each.view.name for each in found if each.is_default] == ["共用"]
        remove_view(session, "course", view.id, by=people.li_jing, now=NOW)

    assert college.all(DefaultView) == []
    assert names(college, people.ma_chao) == ["另一个"]


def test_nobody_opens_with_a_view_that_is_not_for_him(college: College, people: People) -> None:
    view = keep(college, people.li_jing, draft())

    with college.open_session() as session, pytest.raises(Refused):
        choose_default_view(session, "course", view.id, by=people.ma_chao)
    with college.open_session() as session:
        choose_default_view(session, "course", None, by=people.ma_chao)
