"""The pages of what was changed: seen cell by cell, taken back after a look at what that does."""

from tests.demo import Caller, DemoCollege
from tests.pages import form_of, text_of


def rename(demo: DemoCollege, caller: Caller, name: str) -> str:
    """Change a name in the grid; returns the former one."""
    row = caller.rows("course", q="GG01")[0]
    change = {"op": "update", "id": row["id"], "version": row["version"]}
    caller.changes("course", {**change, "values": {"course_name": name}})
    return str(row["values"]["course_name"])


def newest_address(caller: Caller) -> str:
    page = caller.get("/data/course/changes/").get_data(as_text=True)
    return "/data/course/changes/" + page.partition('href="/data/course/changes/')[2].split('"')[0]


def test_a_change_is_listed_shown_and_taken_back(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    former = rename(demo, caller, "改过的名称")
    address = newest_address(caller)

    shown = text_of(caller.get(address))
    assert f"{former} → 改过的名称" in shown
    trial = caller.get(f"{address}/undo")
    assert "1 行恢复原来的值" in text_of(trial)
    done = caller.post(f"{address}/undo", data={**form_of(trial, "undo-form"), "reason": "改错了"})

    assert done.status_code == 303
    assert caller.rows("course", q="GG01")[0]["values"]["course_name"] == former
    assert "改错了" in text_of(caller.get("/data/course/changes/"))
    assert "撤回 1 行" in text_of(caller.get(address))
    undone = newest_address(caller)
    assert f'href="{address}"' in caller.get(undone).get_data(as_text=True)
    assert f'href="{undone}"' in caller.get(address).get_data(as_text=True)


def test_taking_back_after_another_change_asks_to_look_again(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    rename(demo, caller, "一")
    address = newest_address(caller)
    form = form_of(caller.get(f"{address}/undo"), "undo-form")
    rename(demo, caller, "二")

    answer = caller.post(f"{address}/undo", data=form)

    assert answer.status_code == 409
    assert caller.rows("course", q="GG01")[0]["values"]["course_name"] == "二"


def test_the_head_sees_changes_and_why_he_cannot_take_them_back(demo: DemoCollege) -> None:
    rename(demo, demo.caller("jwc_steward"), "改过的名称")
    head = demo.caller("jwc_head")

    page = text_of(head.get(newest_address(head)))

    assert "改过的名称" in page
    assert "撤回这些修改" not in page
