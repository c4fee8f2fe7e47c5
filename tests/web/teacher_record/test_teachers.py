"""The list of a table's teachers: taking up, sending back, missing (第十条第二款)."""

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.teacher_record import RecordStatus
from app.models.teacher_record import TeacherRecord
from tests.demo import DemoCollege
from tests.pages import SEE_OTHER, text_of

TABLE, PLACE = "full_time_publication", "C01"


def place(demo: DemoCollege, table: str = TABLE) -> str:
    return f"/submissions/{demo.submission(table, PLACE).id}/teachers"


def statuses(demo: DemoCollege, table: str = TABLE) -> dict[str, str]:
    query = select(TeacherRecord.person_number, TeacherRecord.status).where(
        TeacherRecord.cycle_id == demo.cycle.id,
        TeacherRecord.table_identifier == table,
        TeacherRecord.department_code == PLACE,
    )
    with demo.session() as session:
        return {number: str(status) for number, status in session.execute(query)}


def take(demo: DemoCollege, verb: str, table: str = TABLE, **typed: object) -> TestResponse:
    return demo.caller("qcx_steward").post(f"{place(demo, table)}/{verb}", data=typed)


def seen(demo: DemoCollege, status: str = "") -> list[str]:
    """What the page posts for all of its list."""
    page = demo.caller("qcx_steward").get(place(demo), status=status).get_data(as_text=True)
    return re.findall(r'name="seen" value="([^"]+)"', page)


def test_everybody_stands_there_with_his_state(demo: DemoCollege) -> None:
    page = text_of(demo.caller("qcx_steward").get(place(demo)))

    for words in ("已提交 1", "已采用 1", "已退回本人 1", "缺报 1", "未填 2", "草稿 1", "产假中"):
        assert words in page
    assert "代填：许雅文" in page


@pytest.mark.parametrize(("status", "count"), [("", 7), ("waiting", 5), ("missing", 1)])
def test_the_list_is_narrowed(demo: DemoCollege, status: str, count: int) -> None:
    page = demo.caller("qcx_steward").get(place(demo), status=status).get_data(as_text=True)

    assert page.count('class="row-title"') == count


def test_all_of_the_list_are_taken_up_with_one_basis(demo: DemoCollege) -> None:
    """Who was sent back or is missing is left alone."""
    answer = take(demo, "adopt", all="1", seen=seen(demo), basis="本人电话确认")

    assert answer.status_code == SEE_OTHER
    found = statuses(demo)
    assert (found.pop("31005"), found.pop("31006")) == ("returned", "missing")
    assert set(found.values()) == {"adopted"}


def test_only_what_was_on_the_page_is_taken_up(demo: DemoCollege) -> None:
    """What was dealt with since the page was opened is told, not taken up unseen."""
    before = seen(demo)
    take(demo, "adopt", chosen=before[:1], basis="本人电话确认")

    answer = take(demo, "adopt", all="1", seen=before, basis="本人电话确认")

    assert "有1名教师没有办成" in text_of(answer)
    assert take(demo, "adopt", all="1").status_code == 422


def test_without_a_basis_only_what_was_handed_over_is_taken_up(demo: DemoCollege) -> None:
    answer = take(demo, "adopt", all="1", seen=seen(demo))

    page = text_of(answer)
    assert answer.status_code == 200
    assert "有3名教师没有办成" in page
    assert "请写明代填依据" in page
    assert statuses(demo)["31003"] == "adopted"


def test_a_ticked_teacher_is_sent_back_with_the_reason(demo: DemoCollege) -> None:
    assert take(demo, "send_back", chosen="1:31003", reason="").status_code == 422
    answer = take(demo, "send_back", chosen="1:31003", reason="请补充鉴定表")

    assert answer.status_code == SEE_OTHER
    assert statuses(demo)["31003"] == RecordStatus.RETURNED
    assert "请补充鉴定表" in text_of(demo.caller("t_full").get("/my/"))


def test_a_missing_teacher_needs_a_cause_and_what_was_typed_stays(demo: DemoCollege) -> None:
    answer = take(demo, "mark_missing", chosen="0:31007", reason="已办离职手续", cause="")
    assert answer.status_code == 422
    assert "已办离职手续</textarea>" in answer.get_data(as_text=True)

    answer = take(demo, "mark_missing", chosen="0:31007", reason="已办离职手续", cause="left")

    assert answer.status_code == SEE_OTHER
    assert statuses(demo)["31007"] == "missing"


def test_finishing_tells_how_many_are_open(demo: DemoCollege) -> None:
    steward, submission = demo.caller("qcx_steward"), demo.submission(TABLE, PLACE)
    form = {"version": str(submission.version), "reason": ""}

    answer = steward.post(f"/submissions/{submission.id}/finish", data=form)

    assert answer.status_code == 422
    assert "还有5名教师的记录既没有采用" in text_of(answer)
    assert place(demo) in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["qcx_head", "qa", "leader"])
def test_who_only_looks_is_offered_nothing(demo: DemoCollege, who: str) -> None:
    source = demo.caller(who).get(place(demo)).get_data(as_text=True)

    assert "赵一凡" in source
    assert 'name="chosen"' not in source
    assert "全部采用" not in source


@pytest.mark.parametrize("who", ["jwc_steward", "t_full", "t_inhouse"])
def test_other_departments_find_nothing(demo: DemoCollege, who: str) -> None:
    assert demo.caller(who).get(place(demo)).status_code == 404


def test_a_table_of_the_department_has_no_such_page(demo: DemoCollege) -> None:
    number = demo.submission("internship", PLACE).id

    assert demo.caller("qcx_steward").get(f"/submissions/{number}/teachers").status_code == 404


def test_the_list_takes_few_statements(demo: DemoCollege) -> None:
    steward = demo.caller("qcx_steward")
    steward.get(place(demo))
    address = place(demo)
    with demo.counting() as statements:
        assert steward.get(address).status_code == 200

    assert len(statements) <= 15, statements
