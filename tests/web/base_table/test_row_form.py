"""The form of one row: saving, refusing without losing anything, deciding conflicts, deleting."""

from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.domain.submission import Status
from app.models.person import Person
from app.models.submission import Submission
from app.reports.person import ActorCache
from tests.demo import Caller, DemoCollege
from tests.pages import form_of, text_of

NEW = "/data/course/new"
STATUSES = [status for status in Status if not status.is_editable]


def send(caller: Caller, path: str, form: dict[str, str], **changed: str) -> TestResponse:
    """Send the form with some fields changed."""
    fields = {f"field-{code}": text for code, text in changed.items()}
    return caller.post(path, data={**form, **fields})


def course(demo: DemoCollege, code: str = "GG01") -> dict[str, Any]:
    """The stored course of the present period."""
    period = demo.period("course")
    rows = [row for row in demo.stored("course") if row["sys_period"] == period]
    return next(row for row in rows if row["course_code"] == code)


def path_of(demo: DemoCollege, code: str = "GG01") -> str:
    """The address of its form."""
    return f"/data/course/{course(demo, code)['sys_id']}"


def test_a_new_row_is_stored_and_said_so(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    answer = send(caller, NEW, form_of(caller.get(NEW)), course_code="ZZ01", course_name="插花")

    assert answer.status_code == 303
    assert course(demo, "ZZ01")["course_name"] == "插花"
    assert "已保存" in text_of(caller.get(answer.location))


def test_what_was_tidied_of_a_long_text_is_told_in_short(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    typed = "插\u200b花" * 20

    answer = send(caller, NEW, form_of(caller.get(NEW)), course_code="ZZ01", course_name=typed)

    told = text_of(caller.get(answer.location))
    assert course(demo, "ZZ01")["course_name"] == "插花" * 20
    assert ("已保存" in told, f"{typed[:40]}…" in told, typed in told) == (True, True, False)


def test_saving_can_lead_to_the_next_new_row(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    form = form_of(caller.get(NEW)) | {"then": "new"}

    answer = send(caller, NEW, form, course_code="ZZ01", course_name="插花")

    assert answer.location.startswith(NEW)


def test_a_refused_row_keeps_what_was_typed(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    typed = {"course_code": "ZZ01", "course_name": "<b>插花", "credit": "三", "course_type": "Q"}

    answer = send(caller, NEW, form_of(caller.get(NEW)), **typed)

    assert answer.status_code == 422
    assert (
        typed.items() <= {k.removeprefix("field-"): v for k, v in form_of(answer).items()}.items()
    )
    page = answer.get_data(as_text=True)
    assert '<a href="#field-credit">“学分”应为数字' in page
    assert "<title>错误：" in page
    assert 'id="field-credit" name="field-credit" aria-required="true" aria-invalid="true"' in page


def test_sending_the_same_new_row_twice_stores_one(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    form = form_of(caller.get(NEW))

    answers = [send(caller, NEW, form, course_code="ZZ01", course_name="插花") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [row["course_code"] for row in demo.stored("course")].count("ZZ01") == 1


def test_another_row_with_the_same_key_is_refused(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    answer = send(caller, NEW, form_of(caller.get(NEW)), course_code="GG01", course_name="插花")

    assert answer.status_code == 422
    assert "GG01" in text_of(answer)


def test_only_what_was_changed_is_written(demo: DemoCollege) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    before = course(demo)

    send(caller, path, form_of(caller.get(path)), course_name="改名")

    after = course(demo)
    changed = {code for code in after if after[code] != before[code]}
    assert changed == {"course_name", "sys_version"}


def test_saving_without_a_change_writes_nothing(demo: DemoCollege) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    before = course(demo)

    answer = send(caller, path, form_of(caller.get(path)))

    assert answer.status_code == 303
    assert course(demo) == before


def test_two_people_at_one_field_are_shown_both_values(demo: DemoCollege) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    stale = form_of(caller.get(path))
    send(caller, path, stale, course_name="他人的", credit="4")

    answer = send(caller, path, stale, course_name="我的")

    assert answer.status_code == 409
    assert "我填的： 我的 现在的： 他人的" in text_of(answer)
    assert "这一行刚被 李静（" in text_of(answer)
    form = form_of(answer)
    assert (form["field-course_name"], form["field-credit"]) == ("我的", "4.0")
    assert course(demo)["course_name"] == "他人的"


@pytest.mark.parametrize(("choice", "stored"), [("mine", "我的"), ("theirs", "他人的")])
def test_the_decision_about_a_conflict_counts(demo: DemoCollege, choice: str, stored: str) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    stale = form_of(caller.get(path))
    send(caller, path, stale, course_name="他人的")
    conflict = form_of(send(caller, path, stale, course_name="我的"))

    undecided = send(caller, path, conflict)
    decided = send(caller, path, conflict | {"choose-course_name": choice})

    assert (undecided.status_code, decided.status_code) == (409, 303)
    assert form_of(undecided)["field-course_name"] == "我的"
    assert course(demo)["course_name"] == stored


@pytest.mark.parametrize("status", STATUSES)
def test_a_closed_submission_keeps_the_typed_form(demo: DemoCollege, status: Status) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    form = form_of(caller.get(path))
    demo.set_status("course", "A03", status)

    answer = send(caller, path, form, course_name="太迟了")

    assert answer.status_code == 423
    page = answer.get_data(as_text=True)
    assert 'value="太迟了"' in page
    assert "保存</button>" not in page
    assert "您填的内容还在下面" in text_of(answer)
    assert course(demo)["course_name"] != "太迟了"


def test_a_lost_right_keeps_the_typed_form(demo: DemoCollege) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    form = form_of(caller.get(path))
    demo.revoke("edit", "course")

    answer = send(caller, path, form, course_name="无权")

    assert answer.status_code == 403
    assert 'value="无权"' in answer.get_data(as_text=True)
    assert course(demo)["course_name"] != "无权"


def end_appointments(demo: DemoCollege, username: str) -> None:
    """The person holds no function any more, from today on."""
    with demo.session() as session:
        person = session.scalars(select(Person).where(Person.username == username)).one()
        for appointment in person.appointments:
            appointment.valid_to = appointment.valid_from
        session.commit()
    demo.application.extensions["actors"] = ActorCache()


@pytest.mark.parametrize("path_ends_with", ["new", "row"])
def test_a_place_that_is_not_ones_own_any_more_keeps_the_typed_form(
    demo: DemoCollege, path_ends_with: str
) -> None:
    caller, before = demo.caller("jwc_steward"), demo.stored("course")
    path = NEW if path_ends_with == "new" else path_of(demo)
    path += f"?period={demo.period('course')}&department=A03"
    form = form_of(caller.get(path))
    end_appointments(demo, "jwc_steward")

    answer = send(caller, path, form, course_name="无权", course_code="ZZ01")

    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert 'value="无权"' in page
    assert 'value="ZZ01"' in page
    assert "您填的内容还在下面" in text_of(answer)
    assert "保存</button>" not in page
    assert demo.stored("course") == before


@pytest.mark.parametrize(("place", "status"), [("department=C02", 403), ("period=1999", 422)])
def test_a_place_out_of_reach_keeps_the_typed_form(
    demo: DemoCollege, place: str, status: int
) -> None:
    caller = demo.caller("qcx_steward")
    form = form_of(caller.get("/data/full_time_teacher/new"))

    answer = send(caller, f"/data/full_time_teacher/new?{place}", form, name="郑一")

    assert answer.status_code == status
    assert 'value="郑一"' in answer.get_data(as_text=True)
    assert "郑一" not in {row["name"] for row in demo.stored("full_time_teacher")}


@pytest.mark.parametrize("status", STATUSES)
def test_the_empty_form_of_a_closed_submission_is_refused(
    demo: DemoCollege, status: Status
) -> None:
    demo.set_status("course", "A03", status)
    caller = demo.caller("jwc_steward")

    for path in (NEW, "/data/course/import"):
        answer = caller.get(path)
        assert answer.status_code == 423
        assert "不能修改" in text_of(answer)


def test_who_may_not_write_gets_no_empty_form(demo: DemoCollege) -> None:
    for path in (NEW, "/data/course/import"):
        answer = demo.caller("jwc_head").get(path)
        assert answer.status_code == 403
        assert "7.2.1 开设课程基本信息" in text_of(answer)


def test_a_reader_sees_a_row_without_buttons(demo: DemoCollege) -> None:
    page = demo.caller("jwc_head").get(path_of(demo)).get_data(as_text=True)

    assert "思想道德与法治" in page
    assert "保存</button>" not in page
    assert "删除这一行" not in page
    assert 'name="field-' not in page


def test_a_row_of_another_department_does_not_exist(demo: DemoCollege) -> None:
    foreign = next(
        row for row in demo.stored("full_time_teacher") if row["sys_department"] == "C02"
    )
    path = f"/data/full_time_teacher/{foreign['sys_id']}"
    caller = demo.caller("qcx_steward")
    form = form_of(caller.get("/data/full_time_teacher/new"))

    assert caller.get(path).status_code == 404
    assert send(caller, path, form | {"version": "1"}, name="改名").status_code == 404
    assert caller.post(f"{path}/delete", data={"version": "1"}).status_code == 303
    assert foreign in demo.stored("full_time_teacher")


def test_a_row_deleted_meanwhile_keeps_the_typed_form(demo: DemoCollege) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    form = form_of(caller.get(path))
    caller.post(f"{path}/delete", data={"version": form["version"]})

    answer = send(caller, path, form, course_name="太迟了")

    assert answer.status_code == 404
    assert form_of(answer)["field-course_name"] == "太迟了"


def test_deleting_takes_one_row_and_twice_is_harmless(demo: DemoCollege) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    count = len(demo.stored("course"))

    for _ in range(2):
        assert caller.post(f"{path}/delete", data={"version": "1"}).status_code == 303

    assert len(demo.stored("course")) == count - 1


def test_a_row_changed_meanwhile_is_not_deleted(demo: DemoCollege) -> None:
    caller, path = demo.caller("jwc_steward"), path_of(demo)
    send(caller, path, form_of(caller.get(path)), course_name="改名")

    answer = caller.post(f"{path}/delete", data={"version": "1"})

    told = text_of(caller.get(answer.location))
    assert "刚被 李静" in told
    assert "没有删除" in told
    assert course(demo)["course_name"] == "改名"


@pytest.mark.parametrize("username", ["jwc_steward", "qcx_steward", "cwc_steward", "gyxx_steward"])
def test_every_field_has_its_input(demo: DemoCollege, username: str) -> None:
    caller = demo.caller(username)
    with demo.session() as session:
        session.execute(update(Submission).values(status=Status.ENTERING))
        session.commit()
    listed = caller.get("data/").json["tables"]
    own = [table["identifier"] for table in listed if table["own"]]

    for table in own:
        answer = caller.get(f"/data/{table}/new")
        spec = demo.store.catalogue.tables[table]
        if answer.status_code == 302:
            answer = caller.get(f"/data/{table}/")
        names = {name for name in form_of(answer) if name.startswith("field-")}
        assert names == {f"field-{field.code}" for field in spec.fields}, table
    assert own


def test_a_form_calls_references_by_name(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    row = caller.rows("major_course", limit=1)[0]
    name = course(demo, row["values"]["course_code"])["course_name"]

    opened = caller.get(f"/data/major_course/{row['id']}")
    refused = send(caller, "/data/major_course/new", form_of(opened), planned_hours="abc")

    for answer in (opened, refused):
        assert f">{name}</output>" in answer.get_data(as_text=True)
    assert form_of(opened)["field-course_code"] == row["values"]["course_code"]
    assert name in text_of(caller.get("/data/major_course/", view="rows"))


def test_a_row_that_others_name_warns_before_it_is_deleted(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    send(caller, NEW, form_of(caller.get(NEW)), course_code="ZZ01", course_name="插花")

    assert "专业课程设置情况" in text_of(caller.get(path_of(demo, "QC01")))
    assert "引用" not in text_of(caller.get(path_of(demo, "ZZ01")))
    demo.set_status("course", "A03", Status.ACCEPTED)
    assert "专业课程设置情况" not in text_of(caller.get(path_of(demo, "QC01")))
