"""Importing a list of people and handing out first passwords."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from werkzeug.security import check_password_hash
from werkzeug.test import TestResponse

from app.models.permission import user
from app.models.person import Person
from tests.demo import DemoCollege
from tests.exchange.test_staff_list import HEADINGS, book
from tests.pages import followed, form_of, text_of

TODAY = datetime.now(UTC).date().isoformat()
SECRET = re.compile(r'class="secret">([a-z0-9-]{14})<')
NEW = ("88001", "新人", "汽车工程系")


def preview(demo: DemoCollege, who: str, *lines: Any, **more: str) -> TestResponse:
    data = {"source": "file", "file": (BytesIO(book(*lines)), "名单.xlsx"), **more}
    return followed(demo, who, demo.caller(who).post("/people/import/preview", data=data))


def confirm(demo: DemoCollege, who: str, seen: TestResponse, **more: Any) -> TestResponse:
    sent = {**form_of(seen, "confirm-form"), **more}
    if "leaving" not in more:
        sent.pop("leaving", None)
    return demo.caller(who).post("/people/import/confirm", data=sent)


def stored(demo: DemoCollege, number: str) -> Person | None:
    with demo.session() as session:
        return session.scalar(select(Person).where(Person.number == number))


def count(demo: DemoCollege) -> int:
    with demo.session() as session:
        return session.scalar(select(func.count(Person.id))) or 0


def test_a_list_is_shown_then_taken_in_and_passwords_are_handed_out(demo: DemoCollege) -> None:
    seen = preview(demo, "qa", HEADINGS, (*NEW, "", "教师"), create_logins="1")
    before = count(demo)

    assert seen.status_code == 200
    assert "88001 新人 汽车工程系 新增人员 任命" in text_of(seen).replace("\u3000", " ")
    done = confirm(demo, "qa", seen)
    again = confirm(demo, "qa", seen)

    [secret] = SECRET.findall(done.get_data(as_text=True))
    assert count(demo) == before + 1
    with demo.session() as session:
        hashed = session.scalar(select(user.c.password).where(user.c.username == "88001"))
    assert check_password_hash(str(hashed), secret)
    assert again.status_code == 409
    assert SECRET.findall(again.get_data(as_text=True)) == []


def test_a_preview_has_an_address_that_can_be_gone_back_to(demo: DemoCollege) -> None:
    data = {"source": "file", "file": (BytesIO(book(HEADINGS, NEW)), "名单.xlsx")}
    sent = demo.caller("qa").post("/people/import/preview", data=data)

    pages = [text_of(demo.caller("qa").get(sent.location)) for _again in range(2)]
    others = demo.caller("admin").get(sent.location)

    assert sent.status_code == 303
    assert ["88001" in page for page in pages] == [True, True]
    assert (others.status_code, others.location) == (302, "/people/import/")


def test_the_workbook_of_passwords_is_made_of_what_the_page_carried(demo: DemoCollege) -> None:
    done = confirm(demo, "qa", preview(demo, "qa", HEADINGS, NEW, create_logins="1"))
    [secret] = SECRET.findall(done.get_data(as_text=True))
    carried = re.findall(r'name="passwords" value="([^"]+)"', done.get_data(as_text=True))

    answer = demo.caller("qa").post("/people/logins/passwords.xlsx", data={"passwords": carried[0]})

    lines = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert lines[-1][:4] == ["88001", "新人", "88001", secret]
    assert answer.headers["Cache-Control"] == "no-store"
    for nonsense in ("", "AAAA", carried[0][:-8]):
        sent = {"passwords": nonsense}
        assert demo.caller("qa").post("/people/logins/passwords.xlsx", data=sent).status_code == 422
    assert demo.caller("leader").post("/people/logins/passwords.xlsx").status_code == 403


def test_wrong_headings_are_told_all_at_once(demo: DemoCollege) -> None:
    answer = preview(demo, "qa", ("工号", "名字", "生日"), ("88001", "新人", "2000"))

    told = text_of(answer)
    assert answer.status_code == 422
    for expected in ("缺少“姓名”列", "缺少“部门”列", "B 列", "C 列"):
        assert expected in told


def test_faulty_rows_are_named_and_cannot_be_confirmed(demo: DemoCollege) -> None:
    steward = ("", "信息采集管理员")
    answer = preview(
        demo, "qa", HEADINGS, (*NEW, *steward), ("88001", "别人", "汽车工程系", *steward)
    )

    told = text_of(answer)
    assert "2 B 姓名 第 3 行也有工号 88001，但姓名是“别人”" in told
    assert "confirm-form" not in answer.get_data(as_text=True)


def test_a_page_that_was_tampered_with_writes_nothing(demo: DemoCollege) -> None:
    seen = preview(demo, "qa", HEADINGS, NEW)

    for change in ({"rows": "x"}, {"digest": "0" * 64}, {"create_logins": "1"}):
        assert confirm(demo, "qa", seen, **change).status_code in (409, 422)
    other = preview(demo, "qa", HEADINGS, ("88002", "乙", "汽车工程系"))
    mixed = confirm(demo, "qa", seen, rows=form_of(other, "confirm-form")["rows"])
    assert mixed.status_code == 409
    assert stored(demo, "88001") is None
    assert stored(demo, "88002") is None


def test_the_marked_base_table_is_matched_by_number(demo: DemoCollege) -> None:
    answer = preview(demo, "admin", HEADINGS, source="table")

    told = text_of(answer)
    assert answer.status_code == 200
    assert "需改正" not in told
    assert confirm(demo, "admin", answer).status_code == 302
    again = preview(demo, "admin", HEADINGS, source="table")
    assert "新增 0 人 → 变更 0 人" in text_of(again) or "新增 0 人 变更 0 人" in text_of(again)


def test_leavers_are_ticked_by_the_administrator(demo: DemoCollege) -> None:
    seen = preview(demo, "admin", HEADINGS, NEW)
    number = "31002"
    assert "汽车工程系最后一名信息采集管理员" in text_of(seen)

    done = confirm(demo, "admin", seen, leaving=[number], last_day=TODAY)

    assert done.status_code == 302
    gone = stored(demo, number)
    assert gone is not None
    assert not gone.is_active


def test_a_last_day_in_the_future_keeps_what_was_ticked(demo: DemoCollege) -> None:
    seen = preview(demo, "admin", HEADINGS, NEW)

    answer = confirm(demo, "admin", seen, leaving=["31002"], last_day="2999-01-01")

    assert answer.status_code == 422
    assert re.search(r'value="31002" checked', answer.get_data(as_text=True))
    assert stored(demo, "88001") is None


@pytest.mark.parametrize("who", ["jwc_head", "jwc_steward", "t_full", "leader"])
def test_others_import_nobody(demo: DemoCollege, who: str) -> None:
    assert preview(demo, who, HEADINGS, NEW).status_code == 403
    assert demo.caller(who).post("/people/import/confirm").status_code == 403
    assert demo.caller(who).get("/people/import/template.xlsx").status_code == 403
    assert demo.caller(who).post("/people/logins/", data={"department": "C01"}).status_code == 403


def test_the_template_names_the_departments(demo: DemoCollege) -> None:
    answer = demo.caller("qa").get("/people/import/template.xlsx")

    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    assert book.get_sheet_by_index(0).to_python()[0][0] == "工号 *"
    assert "汽车工程系" in {line[0] for line in book.get_sheet_by_index(2).to_python()}


def test_a_department_gets_its_first_logins_at_once(demo: DemoCollege) -> None:
    caller = demo.caller("qa")
    nobody = caller.post("/people/logins/")
    assert nobody.status_code == 422
    with demo.session() as session:
        waiting = session.scalars(
            select(Person.number).where(Person.department_code == "C01", Person.username.is_(None))
        ).all()

    done = caller.post("/people/logins/", data={"department": "C01"})

    secrets = SECRET.findall(done.get_data(as_text=True))
    assert len(waiting) == len(set(secrets)) > 0
    assert caller.post("/people/logins/", data={"department": "C01"}).status_code == 422
