"""The matrix of roles and rights, in Chinese and with what was ticked kept."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models.department import Department
from tests.demo import DemoCollege
from tests.pages import text_of

BOX = re.compile(r'<input class="form-check-input"[^>]*name="right" value="([^"]+)"[^>]*>')
OPTION = re.compile(r'<option value="(\d+)"[^>]*>([^<]+)</option>')
DIGEST = re.compile(r'name="digest" value="(\w+)"')


def roles(demo: DemoCollege) -> dict[str, int]:
    page = demo.caller("admin").get("/permissions/").get_data(as_text=True)
    return {html.unescape(name): int(number) for number, name in OPTION.findall(page)}


def ticked(page: str) -> set[str]:
    return {box[1] for box in BOX.finditer(page) if " checked" in box[0]}


def open_role(demo: DemoCollege, name: str, **query: object) -> TestResponse:
    return demo.caller("admin").get("/permissions/", role=roles(demo)[name], **query)


def ticked_in(demo: DemoCollege, name: str) -> set[str]:
    return ticked(open_role(demo, name).get_data(as_text=True))


def save(demo: DemoCollege, name: str, rights: set[str], **more: Any) -> TestResponse:
    digest = DIGEST.search(open_role(demo, name).get_data(as_text=True))
    assert digest
    form = {"digest": digest[1], "right": sorted(rights), **more}
    admin = demo.caller("admin")
    answer = admin.post(f"/permissions/{roles(demo)[name]}/edit", data=form)
    return answer if answer.status_code != 302 else admin.get(answer.headers["Location"])


def test_roles_and_tables_are_called_by_their_chinese_names(demo: DemoCollege) -> None:
    answer = open_role(demo, "教务处 · 信息采集管理员")

    words = text_of(answer).replace("jwc_steward", "")
    assert answer.status_code == 200
    assert "开设课程基本信息" in words
    assert not re.search(r"[A-Za-z]{4,}", words)
    assert {"add.course", "list.course", "pick.course"} <= ticked(answer.get_data(as_text=True))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("admin", 200),
        ("qa", 200),
        ("jwc_steward", 403),
        ("jwc_head", 403),
        ("t_full", 403),
        ("leader", 403),
        ("archive", 403),
        ("reader", 403),
    ],
)
def test_who_sees_the_page(demo: DemoCollege, who: str, status: int) -> None:
    assert demo.caller(who).get("/permissions/").status_code == status


def test_who_only_reads_can_tick_nothing(demo: DemoCollege) -> None:
    page = demo.caller("qa").get("/permissions/").get_data(as_text=True)

    assert not [box[0] for box in BOX.finditer(page) if " disabled" not in box[0]]
    assert "保存权限" not in page
    number = roles(demo)["教务处 · 信息采集管理员"]
    assert demo.caller("qa").post(f"/permissions/{number}/edit", data={}).status_code == 403


def test_saving_tells_how_much_changed(demo: DemoCollege) -> None:
    name = "教务处 · 部门负责人"
    before = ticked_in(demo, name)

    answer = save(demo, name, before - {"export.course"} | {"add.course"})

    assert "给予 1 项，收回 1 项" in text_of(answer)
    assert ticked(answer.get_data(as_text=True)) == before - {"export.course"} | {"add.course"}


def test_what_differs_from_the_defaults_is_marked(demo: DemoCollege) -> None:
    name = "教务处 · 部门负责人"
    rights = ticked_in(demo, name)
    assert "right-differs" not in open_role(demo, name).get_data(as_text=True)

    save(demo, name, rights | {"add.course"})

    assert open_role(demo, name).get_data(as_text=True).count("right-differs") == 1


def test_a_refused_form_keeps_what_was_ticked(demo: DemoCollege) -> None:
    name = "系统管理员"
    before = ticked_in(demo, name)

    answer = save(demo, name, before | {"add.course"})

    assert answer.status_code == 422
    assert "只管平台、不管数据" in text_of(answer)
    assert ticked(answer.get_data(as_text=True)) == before | {"add.course"}
    assert ticked_in(demo, name) == before


def test_a_whole_column_is_given_in_one_chapter(demo: DemoCollege) -> None:
    name = "只读"
    name = next(title for title in roles(demo) if title.startswith(name))
    before = ticked_in(demo, name)
    tables = demo.store.catalogue.tables.values()
    chapter = next(iter(tables)).chapter

    save(demo, name, before, column="give", action="list", chapter=chapter)

    now = ticked_in(demo, name)
    assert now - before == {f"list.{spec.identifier}" for spec in tables if spec.chapter == chapter}


@pytest.mark.parametrize("right", ["x.y", "list.nothing", "accept.course", "'", "list"])
def test_a_forged_right_is_refused(demo: DemoCollege, right: str) -> None:
    assert save(demo, "教务处 · 部门负责人", {right}).status_code == 422


@pytest.mark.parametrize("role", ["999999", "x", "-1", "1;--"])
def test_a_role_there_is_none_of_is_not_found(demo: DemoCollege, role: str) -> None:
    assert demo.caller("admin").get("/permissions/", role=role).status_code == 404
    assert demo.caller("admin").get("/permissions/", other=role).status_code == 404


def test_a_role_by_hand_lives_from_the_page(demo: DemoCollege) -> None:
    admin = demo.caller("admin")
    admin.post("/permissions/add", data={"name": "教学督导", "like": ""})
    number = roles(demo)["教学督导"]

    admin.post(f"/permissions/{number}/holders", data={"username": "reader"})
    unknown = admin.post(f"/permissions/{number}/holders", data={"username": "nobody9"})

    assert unknown.status_code == 422
    assert 'value="nobody9"' in unknown.get_data(as_text=True)
    assert "姚子谦" in text_of(open_role(demo, "教学督导"))
    admin.post(f"/permissions/{number}/holders", data={"username": "reader", "take": "1"})
    assert admin.post(f"/permissions/{number}/remove", data={}).status_code == 302
    assert "教学督导" not in roles(demo)


def test_the_page_asks_the_database_little(demo: DemoCollege) -> None:
    caller = demo.caller("admin")
    caller.get("/permissions/")

    with demo.counting() as statements:
        caller.get("/permissions/")

    assert len(statements) <= 15, statements


def test_a_department_is_called_as_the_college_calls_it_now(demo: DemoCollege) -> None:
    with demo.session() as session:
        department = session.scalars(select(Department).where(Department.name == "教务处")).one()
        department.name = "教务与科研处"
        session.commit()

    names = set(roles(demo))

    assert "教务与科研处 · 部门负责人" in names
    assert "教务处 · 部门负责人" not in names
