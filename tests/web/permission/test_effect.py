"""Taking one permission row away takes exactly that button and that route (decision 12)."""

from io import BytesIO

import pytest

from tests.demo import Caller, DemoCollege
from tests.web.permission.test_page import save, ticked_in

TABLE, OTHER = "course", "course_textbook"
ROLE = "教务处 · 信息采集管理员"
ROUTES = ("add", "edit", "delete", "import", "export")


def use(who: Caller, action: str, table: str) -> int:
    """The answer of the route that an action opens, to something it would otherwise take up."""
    row = {"id": "999999", "version": "1"}
    changes = {
        "add": {"op": "insert", "values": {}},
        "edit": {"op": "update", "values": {}, **row},
        "delete": {"op": "delete", **row},
    }
    if action in changes:
        return who.changes(table, changes[action]).status_code
    if action == "import":
        form = {"file": (BytesIO(b"x"), "x.xlsx")}
        path = f"data/{table}/imports"
        return who.post(path, data=form, query_string={"dry_run": 1}).status_code
    return who.get(f"data/{table}/export.xlsx").status_code


def buttons(who: Caller, table: str) -> set[str]:
    """The actions whose buttons the pages of the table show as usable."""
    rights = who.get(f"data/{table}/spec").json["rights"]
    return {action for action in ROUTES if rights[action] is None}


@pytest.mark.parametrize("action", ROUTES)
def test_one_row_takes_exactly_one_button_and_route(demo: DemoCollege, action: str) -> None:
    who = demo.caller("jwc_steward")
    before = {a: use(who, a, TABLE) for a in ROUTES}
    assert 403 not in before.values()
    assert buttons(who, TABLE) == set(ROUTES)

    save(demo, ROLE, ticked_in(demo, ROLE) - {f"{action}.{TABLE}"})

    assert {a: use(who, a, TABLE) for a in ROUTES} == {**before, action: 403}
    assert buttons(who, TABLE) == set(ROUTES) - {action}
    assert use(who, action, OTHER) != 403
    assert buttons(who, OTHER) == set(ROUTES)


def test_who_may_not_view_a_table_has_nothing_of_it(demo: DemoCollege) -> None:
    who = demo.caller("jwc_steward")

    save(demo, ROLE, ticked_in(demo, ROLE) - {f"list.{TABLE}"})

    assert {use(who, action, TABLE) for action in ROUTES} == {403}
    assert who.get(f"/data/{TABLE}/").status_code == 403
    assert "开设课程基本信息" not in who.get("/data/").get_data(as_text=True)
    assert buttons(who, OTHER) == set(ROUTES)
