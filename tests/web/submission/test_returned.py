"""What comes back lands: on the submission's page, on the table, on its rows."""

import json
import re

import pytest

from app.domain.return_item import ItemState
from app.domain.submission import Status, Verb
from app.models.return_item import ReturnItem, items_of
from app.models.submission import Submission
from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.submission.steps import brought, page_of, take

FIELD = "course_name"
REASON = "课程名称与教务系统不一致"


def first_row(demo: DemoCollege) -> str:
    return str(demo.caller("jwc_steward").rows("course")[0]["id"])


def sent_back(demo: DemoCollege) -> Submission:
    """The courses of 教务处 with an item on a cell and one for the whole table."""
    submission = brought(demo, Status.UNDER_QA_REVIEW)
    cell = {"row": first_row(demo), "field": FIELD, "reason": REASON}
    items = [json.dumps(cell), json.dumps({"reason": "缺两门课"}), "no item", "[]"]
    answer = take(demo, "qa", submission, Verb.SEND_BACK, item=items, due_on="2099-12-31")
    assert answer.status_code == 302, text_of(answer)
    return demo.submission("course", "A03")


def items(demo: DemoCollege, submission: Submission) -> list[ReturnItem]:
    with demo.session() as session:
        return list(items_of(session, submission.id))


def act(demo: DemoCollege, who: str, submission: Submission, verb: str, *numbers: int, **typed):
    form = {"act": verb, "item": [str(number) for number in numbers], **typed}
    return demo.caller(who).post(f"/submissions/{submission.id}/items", data=form)


@pytest.mark.parametrize("where", ["page", "items", "table", "list", "row"])
def test_a_red_banner_says_who_why_and_how_long(demo: DemoCollege, where: str) -> None:
    submission = sent_back(demo)
    paths = {
        "page": f"/submissions/{submission.id}",
        "items": f"/submissions/{submission.id}/items",
        "table": "/data/course/",
        "list": "/data/course/?view=rows",
        "row": f"/data/course/{first_row(demo)}",
    }

    page = demo.caller("jwc_steward").get(paths[where])

    text = text_of(page)
    for words in ("第 1 次退回", "周敏", REASON, "还有 2 条退回意见待处理"):
        assert words in text
    assert 'class="alert alert-danger returned-banner"' in page.get_data(as_text=True)


def test_the_list_of_rows_says_which_row_came_back(demo: DemoCollege) -> None:
    sent_back(demo)

    page = demo.caller("jwc_steward").get("/data/course/?view=rows&q=GG01")

    assert f"/data/course/{first_row(demo)}" in page.get_data(as_text=True)
    assert "已退回" in text_of(page).split("检查")[-1]
    assert "无误" not in text_of(page).split("检查")[-1]


def test_no_next_item_is_offered_where_none_is_of_a_row(demo: DemoCollege) -> None:
    submission = brought(demo, Status.UNDER_QA_REVIEW)
    take(demo, "qa", submission, Verb.SEND_BACK, reason="缺两门课")

    page = demo.caller("jwc_steward").get("/data/course/").get_data(as_text=True)

    assert "returned-banner" in page
    assert 'data-action="next-item"' not in page


def test_an_item_is_answered_in_place_and_the_way_leads_back(demo: DemoCollege) -> None:
    submission = sent_back(demo)
    row = f"/data/course/{first_row(demo)}"

    answer = act(demo, "jwc_steward", submission, "explain", 1, text="按新大纲命名", back=row)

    assert (answer.status_code, answer.location) == (303, row)
    assert items(demo, submission)[0].state is ItemState.EXPLAINED


def test_what_was_sent_is_not_offered_again_for_the_next_answer(demo: DemoCollege) -> None:
    submission = sent_back(demo)
    first = kept_names(demo, "jwc_steward", submission)

    act(demo, "jwc_steward", submission, "explain", 1, text="按新大纲命名")

    assert first[0].startswith(f"return-item-{submission.id}-1-")
    assert first[0] not in kept_names(demo, "jwc_steward", submission)


def kept_names(demo: DemoCollege, who: str, submission: Submission) -> list[str]:
    """The names under which the browser keeps what is typed for the items."""
    page = page_of(demo, who, submission).get_data(as_text=True)
    return re.findall('data-keep="(return-item-[^"]*)"', page)


def test_a_refused_answer_loses_nothing(demo: DemoCollege) -> None:
    submission = sent_back(demo)

    answer = act(demo, "jwc_steward", submission, "change", 1, text="已按教务系统改正")

    assert answer.status_code == 422
    assert "这里与退回时相同" in text_of(answer)
    assert 'value="已按教务系统改正"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("back", ["//elsewhere", "https://elsewhere/", "/\\elsewhere"])
def test_nobody_is_led_to_another_site(demo: DemoCollege, back: str) -> None:
    submission = sent_back(demo)

    answer = act(demo, "jwc_steward", submission, "explain", 1, text="按新大纲", back=back)

    assert answer.location == f"/submissions/{submission.id}/items"


@pytest.mark.parametrize("verb", ["", "close", "delete"])
def test_what_is_no_answer_changes_nothing(demo: DemoCollege, verb: str) -> None:
    submission = sent_back(demo)

    assert act(demo, "jwc_steward", submission, verb, 1).status_code in {403, 409, 422}
    assert {item.state for item in items(demo, submission)} == {ItemState.OPEN}


def test_findings_become_items(demo: DemoCollege) -> None:
    submission = brought(demo, Status.UNDER_QA_REVIEW)
    told = demo.caller("qa").get("data/course/findings?department=A03").json["findings"]

    take(demo, "qa", submission, Verb.SEND_BACK, finding=[each["mark"] for each in told])

    found = items(demo, submission)
    assert [item.row_id for item in found] == [each["row_id"] or "" for each in told]
    # What figures the rule compared is told beside the finding, to whoever may read them.
    for item, each in zip(found, told, strict=True):
        assert each["message"].startswith(item.reason)
        assert "记录 0" not in item.reason


def test_a_day_that_is_none_is_told(demo: DemoCollege) -> None:
    submission = brought(demo, Status.UNDER_QA_REVIEW)

    answer = take(demo, "qa", submission, Verb.SEND_BACK, reason="缺两门课", due_on="昨天")

    assert answer.status_code == 422
    assert "“昨天”不是日期" in text_of(answer)


def test_the_office_closes_what_was_answered_with_one_click(demo: DemoCollege) -> None:
    submission = sent_back(demo)
    act(demo, "jwc_steward", submission, "explain", 1, 2, text="按新大纲命名")
    brought(demo, Status.UNDER_QA_REVIEW)
    assert "已答复的 2 条全部关闭" in text_of(page_of(demo, "qa", submission))

    assert act(demo, "qa", submission, "close", 1, 2).status_code == 303
    assert {item.state for item in items(demo, submission)} == {ItemState.CLOSED}


@pytest.mark.parametrize("path", ["/submissions/{id}", "/submissions/{id}/items", "/data/course/"])
def test_a_page_of_what_came_back_asks_few_statements(demo: DemoCollege, path: str) -> None:
    submission = sent_back(demo)
    caller = demo.caller("jwc_steward")
    path = path.format(id=submission.id)
    caller.get(path)

    with demo.counting() as statements:
        assert caller.get(path).status_code == 200

    assert len(statements) <= (20 if path == f"/submissions/{submission.id}" else 15), statements
