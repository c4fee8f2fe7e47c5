"""The view with which a table opens for a role: chosen by who shares views; one's own wins."""

import pytest

from app.access.person import Actor
from app.actions.role import add_role, give_role
from app.actions.role_view import choose_role_view
from app.actions.saved_view import choose_default_view, remove_view
from app.domain.message import Refused
from app.domain.saved_view import Audience
from app.models.saved_view import RoleView, SavedView
from app.reports.saved_view import list_views
from tests.actions.test_saved_view import FIELDS, NOW, draft, keep, logged
from tests.college import College
from tests.people import People


def choose(college: College, view: SavedView, role: str, by: Actor, *, chosen: bool = True) -> None:
    with college.open_session() as session:
        choose_role_view(session, "course", view.id, role, chosen=chosen, by=by, now=NOW)


def first(college: College, actor: Actor) -> str | None:
    with college.open_session() as session:
        found = list_views(session, "course", actor, FIELDS)
        return next((each.view.name for each in found if each.is_default), None)


def test_a_role_opens_with_its_view_and_ones_own_goes_before(
    college: College, people: People
) -> None:
    for_all = keep(college, people.zhou_min, draft("全校", Audience.EVERYONE))
    for_heads = keep(college, people.zhou_min, draft("负责人", Audience.EVERYONE))
    choose(college, for_all, "", people.zhou_min)
    choose(college, for_heads, "head", people.zhou_min)

    assert first(college, people.wang_qiang) == "负责人"
    assert first(college, people.li_jing) == "全校"
    with college.open_session() as session:
        choose_default_view(session, "course", for_all.id, by=people.wang_qiang)
    assert first(college, people.wang_qiang) == "全校"
    choose(college, for_all, "", people.zhou_min, chosen=False)
    assert first(college, people.li_jing) is None
    assert logged(college).count("saved_view.default") == 3


def test_a_view_of_a_department_opens_for_its_people_only(college: College, people: People) -> None:
    view = keep(college, people.li_jing, draft("本部门", Audience.DEPARTMENT))
    choose(college, view, "", people.li_jing)

    assert first(college, people.wang_qiang) == "本部门"
    assert first(college, people.chen_gang) is None


def test_a_role_made_by_hand_has_its_view(college: College, people: People) -> None:
    by, session = people.administrator, college.session
    number = add_role(session, "督导", by=by, now=NOW)
    give_role(session, number, "li_jing", by=by, now=NOW)
    view = keep(college, people.zhou_min, draft("督导用", Audience.EVERYONE))
    choose(college, view, "督导", people.zhou_min)

    assert first(college, people.li_jing) == "督导用"
    assert first(college, people.wang_qiang) is None


@pytest.mark.parametrize("who", ["li_jing", "wang_qiang"])
def test_who_may_not_share_chooses_for_nobody(college: College, people: People, who: str) -> None:
    own = keep(college, people.li_jing, draft("自用"))
    shared = keep(college, people.zhou_min, draft("全校", Audience.EVERYONE))
    for view, role in ((own, ""), (shared, "head"), (shared, "")):
        with pytest.raises(Refused):
            choose(college, view, role, getattr(people, who))

    with pytest.raises(Refused, match="no such role"):
        choose(college, shared, "nobody", people.zhou_min)
    assert college.all(RoleView) == []


def test_a_view_that_is_deleted_opens_for_nobody(college: College, people: People) -> None:
    view = keep(college, people.zhou_min, draft("全校", Audience.EVERYONE))
    choose(college, view, "", people.zhou_min)

    with college.open_session() as session:
        remove_view(session, "course", view.id, by=people.zhou_min, now=NOW)

    assert college.all(RoleView) == []
