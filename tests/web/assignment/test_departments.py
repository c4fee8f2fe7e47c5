"""The departments of the college: listed, renamed, ended."""

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.models.department import Department
from app.web.formats import local
from tests.demo import DemoCollege
from tests.pages import text_of

TODAY = local(datetime.now(UTC)).date().isoformat()


def send(demo: DemoCollege, code: str, act: str, who: str = "qa", **typed: Any) -> TestResponse:
    return demo.caller(who).post(f"/assignments/departments/{code}/{act}", data=typed)


def stored(demo: DemoCollege, code: str) -> Department:
    with demo.session() as session:
        return session.get_one(Department, code)


def test_departments_stand_there_with_people_and_tables(demo: DemoCollege) -> None:
    answer = demo.caller("leader").get("/assignments/departments/")

    assert answer.status_code == 200
    assert "A03 教务处 职能处室" in text_of(answer)
    assert "E01 直属工业学校 直属单位" in text_of(answer)
    assert "更名" not in text_of(answer)


def test_a_department_is_renamed_and_shows_its_new_name(demo: DemoCollege) -> None:
    answer = send(demo, "B01", "rename", was="图书馆", name="图书与档案中心")

    assert answer.status_code == 302
    page = demo.caller("b01_steward").get("/assignments/departments/").get_data(as_text=True)
    assert page.count("图书与档案中心") >= 2
    assert "图书馆" not in page


def test_a_name_that_is_taken_is_refused_and_kept(demo: DemoCollege) -> None:
    answer = send(demo, "B01", "rename", was="图书馆", name="教务处")

    assert answer.status_code == 422
    assert "已有名为“教务处”的部门" in text_of(answer)
    assert stored(demo, "B01").name == "图书馆"


def test_an_end_lists_what_stands_against_it(demo: DemoCollege) -> None:
    answer = send(demo, "A03", "end", was="", last_day=TODAY, reason="机构改革")

    assert answer.status_code == 422
    assert "王强，部门负责人" in text_of(answer)
    assert ">机构改革</textarea>" in answer.get_data(as_text=True)
    assert stored(demo, "A03").valid_to is None


def test_a_department_without_work_ends_and_goes_on(demo: DemoCollege) -> None:
    typed = {"last_day": TODAY, "reason": "机构改革", "successor": "A03"}

    assert send(demo, "B04", "end", was="", **typed).status_code == 302
    assert stored(demo, "B04").valid_to is not None
    assert "最后一日" in text_of(demo.caller("qa").get("/assignments/departments/"))
    assert send(demo, "B04", "restore", was=TODAY).status_code == 302
    assert stored(demo, "B04").valid_to is None


@pytest.mark.parametrize("last_day", ["", "soon", "1999-01-01", "9999-12-31"])
def test_a_last_day_that_is_none_is_refused(demo: DemoCollege, last_day: str) -> None:
    answer = send(demo, "B04", "end", was="", last_day=last_day, reason="机构改革")

    assert answer.status_code == 422
    assert "最后一日" in text_of(answer)


@pytest.mark.parametrize("act", ["rename", "end", "restore"])
def test_others_change_no_department(demo: DemoCollege, act: str) -> None:
    typed = {"was": "图书馆" if act == "rename" else "", "name": "书库", "last_day": TODAY}

    for who in ("jwc_steward", "jwc_head", "leader", "admin", "archive"):
        answer = send(demo, "B01", act, who, reason="试一试", **typed)

        assert answer.status_code == 403, who
        assert "任务分工由质管办负责" in text_of(answer)
    assert (stored(demo, "B01").name, stored(demo, "B01").valid_to) == ("图书馆", None)


def test_a_department_there_is_none_of_is_not_found(demo: DemoCollege) -> None:
    assert send(demo, "Z99", "rename", was="", name="新部门").status_code == 404
