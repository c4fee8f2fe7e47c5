"""The rule workbench as its pages: written with labels, tried, published, asked in the grid."""

import html
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect
from werkzeug.test import TestResponse

from app.cli.command import Start
from app.cli.command_line import statedata
from app.models.rule_revision import RuleRevision
from app.reports.rule_trial import MOST_SHOWN
from app.rules.expression.functions import FUNCTIONS
from tests.demo import DemoCollege
from tests.pages import form_of, text_of

OpenPage = Callable[[str, str], Page]
NEW = "/rules/new?table=full_time_teacher"
FIRST = "QR.FULL_TIME_TEACHER.*.51"
CONDITION = "姓名 <> '不会有的姓名'"
TYPED: Mapping[str, str] = {
    "message": "姓名不应为占位文字。",
    "severity": "error",
    "condition": CONDITION,
    "case-0": "pass",
    "cell:0:full_time_teacher:this:0:name": "王强",
    "case-1": "fail",
    "cell:1:full_time_teacher:this:0:name": "不会有的姓名",
    "reason": "避免占位文字",
}
# More than the pages of a list need, and what a request needs anyway.
MOST_STATEMENTS = 15


def send(demo: DemoCollege, act: str, address: str = NEW, **other: str) -> TestResponse:
    caller = demo.caller("qa")
    form = form_of(caller.get(address), "rule-form")
    # The reader of forms does not tell boxes that are ticked from others.
    form.pop("once_by")
    return caller.post(address, data={**form, **TYPED, **other, "act": act})


def stored(demo: DemoCollege) -> list[RuleRevision]:
    with demo.session() as session:
        return list(session.query(RuleRevision).order_by(RuleRevision.id))


def wrong_names(demo: DemoCollege, who: str = "qcx_steward") -> list[str]:
    """What the grid says at the names of the department's teachers."""
    rows = demo.caller(who).rows("full_time_teacher")
    return [json.dumps(row["states"], ensure_ascii=False) for row in rows]


def test_a_published_rule_is_asked_of_every_row_from_the_next_request_on(
    demo: DemoCollege,
) -> None:
    told = "教师都应姓不。"
    assert not any(told in each for each in wrong_names(demo))

    answer = send(
        demo,
        "publish",
        condition="starts_with(姓名, '不')",
        message=told,
        **{
            "cell:0:full_time_teacher:this:0:name": "不某",
            "cell:1:full_time_teacher:this:0:name": "王强",
        },
    )

    assert answer.status_code == 303, text_of(answer)
    assert all(told in each for each in wrong_names(demo))
    assert stored(demo)[0].content["condition"] == "starts_with(name, '不')"


@pytest.mark.parametrize("act", ["publish", "trial"])
def test_a_fault_is_told_at_its_part_and_nothing_typed_is_lost(demo: DemoCollege, act: str) -> None:
    answer = send(demo, act, condition="姓名 <> 姓氏")

    assert answer.status_code == 422
    assert "没有字段“姓氏”" in text_of(answer)
    typed = form_of(answer, "rule-form")
    assert typed["condition"] == "姓名 <> 姓氏"
    assert typed["cell:0:full_time_teacher:this:0:name"] == "王强"
    assert stored(demo) == []


def test_a_case_that_shows_something_else_keeps_the_rule_from_being_published(
    demo: DemoCollege,
) -> None:
    answer = send(demo, "publish", **{"cell:1:full_time_teacher:this:0:name": "王强"})

    assert answer.status_code == 422
    assert "第 1 个“有错的”例子没有被规则查出" in text_of(answer)
    assert form_of(answer, "rule-form")["reason"] == "避免占位文字"
    assert stored(demo) == []


def test_a_trial_counts_and_shows_hits_and_stores_nothing(demo: DemoCollege) -> None:
    demo.caller("qa")
    with demo.counting() as statements:
        answer = send(demo, "trial", condition="姓名 = '没有人叫这个'")

    shown = text_of(answer)
    assert answer.status_code == 200
    assert "会查出" in shown
    assert "汽车工程系" in shown
    assert "/data/full_time_teacher/" in answer.text
    assert re.search(r'rel="noopener">[^<]*[0-9]{4}[^<]*</a>', answer.text)
    assert "打开这一行" not in shown
    assert not [each for each in statements if each.startswith(("INSERT", "DELETE"))]


def test_a_trial_does_not_show_masked_values(demo: DemoCollege) -> None:
    caller = demo.caller("qcx_steward")
    number = next(
        row["values"]["id_card_no"]
        for row in caller.rows("full_time_teacher")
        if row["values"]["id_card_no"]
    )

    answer = send(demo, "trial", condition="身份证号 = '没有'")

    assert "会查出" in text_of(answer)
    assert str(number) not in answer.text


def test_a_rule_that_divides_by_zero_is_told_as_its_own_failure(demo: DemoCollege) -> None:
    answer = send(demo, "trial", condition="length(姓名) / (length(姓名) - length(姓名)) > 1")

    assert "无法计算" in text_of(answer)
    listed = answer.text.partition("无法计算")[2]
    assert len(re.findall(r'/data/full_time_teacher/[^"]+"', listed)) >= MOST_SHOWN


def test_a_trial_asks_for_no_more_than_the_condition(demo: DemoCollege) -> None:
    tried = send(demo, "trial", message="", condition="姓名 = '没有人叫这个'")
    published = send(demo, "publish", message="")

    assert tried.status_code == 200
    assert "会查出" in text_of(tried)
    assert published.status_code == 422


@pytest.mark.parametrize("condition", ["(" * 1500, "姓名 " * 700, "\x00", "1; 2", "'"])
def test_what_is_typed_in_bad_faith_is_refused_in_words(demo: DemoCollege, condition: str) -> None:
    answer = demo.caller("qa").post(
        "/rules/check", data={**TYPED, "table": "full_time_teacher", "condition": condition}
    )

    assert answer.status_code == 200
    assert answer.json["faults"]


def test_examples_of_conditions_name_fields_as_people_do(demo: DemoCollege) -> None:
    page = demo.caller("qa").get(NEW).text
    examples = re.findall(r'<code class="rule-example">(.*?)</code>', page)

    assert len(examples) > len(FUNCTIONS)
    assert [each for each in examples if not re.search("[一-鿿]", each)] == []
    assert '"班级总数(个)" > 0' in html.unescape(" ".join(examples))


def test_names_to_complete_are_found_by_their_initials(demo: DemoCollege) -> None:
    fields = demo.caller("qa").get("/rules/words/full_time_teacher").json["fields"]

    assert [each["code"] for each in fields if "xm" in each["search"].split()] == ["name"]


def test_the_check_points_at_the_place_and_says_the_rule_in_words(demo: DemoCollege) -> None:
    caller, place = demo.caller("qa"), {**TYPED, "table": "full_time_teacher"}

    fine = caller.post("/rules/check", data=place).json
    wrong = caller.post("/rules/check", data={**place, "condition": "姓名 = 姓"}).json

    assert fine["faults"] == []
    assert fine["words"] == "“姓名” 不等于 “不会有的姓名”"
    assert [(each["start"], each["end"]) for each in wrong["faults"]] == [(5, 6)]


def test_a_draft_is_kept_with_its_faults_and_gone_on_with(demo: DemoCollege) -> None:
    saved = send(demo, "draft", condition="姓名 <>")
    assert saved.location == f"/rules/{FIRST}/edit"
    form = form_of(demo.caller("qa").get(saved.location), "rule-form")
    assert form["condition"] == "姓名 <>"

    published = send(demo, "publish", saved.location)

    assert published.location == f"/rules/{FIRST}"
    assert [each.state for each in stored(demo)] == ["published"]


def test_of_two_who_open_the_same_draft_the_second_is_told_and_loses_nothing(
    demo: DemoCollege,
) -> None:
    address = send(demo, "draft").location
    seen = form_of(demo.caller("qa2").get(address), "rule-form")
    assert send(demo, "publish", address).status_code == 303
    typed = {name: seen[name] for name in seen if name != "once_by"} | {"message": "另一条。"}
    typed |= {"reason": "更正", "act": "publish"}

    told = demo.caller("qa2").post(address, data=typed)
    again = form_of(told, "rule-form")

    assert (told.status_code, again["message"]) == (409, "另一条。")
    assert "您填写的内容还在" in text_of(told)
    assert [each.revision for each in stored(demo)] == [1]
    assert again["seen"] != seen["seen"]
    assert demo.caller("qa2").post(address, data=typed | {"seen": again["seen"]}).status_code == 303


def test_a_rule_is_switched_off_with_a_reason_and_on_again(demo: DemoCollege) -> None:
    caller, address = demo.caller("qa"), "/rules/QR.MAJOR.*.12"

    assert caller.post(f"{address}/retire", data={"reason": ""}).status_code == 422
    assert caller.post(f"{address}/retire", data={"reason": "不适用"}).status_code == 303
    assert "已停用" in text_of(caller.get(address))
    assert "不适用" in text_of(caller.get(address))
    assert caller.post(f"{address}/restore", data={"reason": "适用"}).status_code == 303

    assert "使用中" in text_of(caller.get("/rules/", q="QR.MAJOR.*.12"))


def test_only_the_last_revision_is_told_to_be_in_force(demo: DemoCollege) -> None:
    caller, address = demo.caller("qa"), "/rules/QR.MAJOR.*.12"
    assert "系统自带 使用中" in text_of(caller.get(address))
    for verb in ("retire", "restore", "retire"):
        caller.post(f"{address}/{verb}", data={"reason": "不适用"})

    told = text_of(caller.get(address)).partition("修订记录")[2]

    assert "第 3 版 已停用" in told
    assert "第 2 版 已被第 3 版取代" in told
    assert "第 1 版 当时停用，已被第 2 版取代" in told
    assert "系统自带 已被第 1 版取代" in told
    assert "使用中" not in told
    assert "第 0 版" not in text_of(caller.get("/rules/", q="QR.MAJOR.*.11"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"table": "major", "severity": "error"}, "QR.MAJOR.*.11"),
        ({"q": "V126"}, "QR.INSTITUTION_PROFILE.*.12"),
        ({"dimension": "timeliness"}, "QR.COURSE_TEXTBOOK.*.11"),
        ({"origin": "own"}, "没有符合条件的规则"),
    ],
)
def test_the_list_is_narrowed(demo: DemoCollege, query: dict[str, str], found: str) -> None:
    assert found in text_of(demo.caller("qcx_head").get("/rules/", **query))


@pytest.mark.parametrize(
    ("query", "is_listed"),
    [
        ({}, True),
        ({"q": "相差悬殊"}, True),
        ({"table": "major"}, False),
        ({"severity": "error"}, False),
    ],
)
def test_the_list_ends_with_the_figures_that_are_compared(
    demo: DemoCollege, query: dict[str, str], is_listed: bool
) -> None:
    text = text_of(demo.caller("qa").get("/rules/", **query))

    assert ("QR.FULL_TIME_TEACHING_LOAD.*.83" in text) is is_listed
    assert ("每条记录的平均课时 往年、其他部门" in text) is is_listed


def test_a_reader_is_offered_nothing_he_may_not_do(demo: DemoCollege) -> None:
    page = demo.caller("qcx_steward").get("/rules/QR.MAJOR.*.12")

    assert page.status_code == 200
    assert "retire" not in page.text
    assert "/edit" not in page.text


def test_the_list_needs_few_statements(demo: DemoCollege) -> None:
    caller = demo.caller("qa")
    caller.get("/rules/")

    with demo.counting() as statements:
        caller.get("/rules/")

    assert len(statements) <= MOST_STATEMENTS


def test_export_and_check_tell_of_the_colleges_own_rules(demo: DemoCollege, tmp_path: Path) -> None:
    send(demo, "publish")
    start = Start(lambda: demo.application, demo.application.config["STATEDATA_CATALOGUE"])

    exported = CliRunner().invoke(
        statedata, ["rules", "export", str(tmp_path / "own.yaml")], obj=start
    )
    checked = CliRunner().invoke(statedata, ["rules", "check"], obj=start)

    assert (exported.exit_code, checked.exit_code) == (0, 0), exported.output + checked.output
    assert str(len(demo.store.catalogue.rules) + 1) in checked.output
    assert FIRST in (tmp_path / "own.yaml").read_text("utf-8")


def test_written_with_a_fault_mended_tried_published_and_asked(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_page("qa", NEW)
    page.fill("#message", "教师都应姓不。")
    page.locator("#condition").press_sequentially("starts_with(姓名2, '不')")
    expect(page.locator("#condition-fault mark")).to_have_text("姓名2")
    complete(page, "starts_with(", "姓", ", '不')")
    expect(page.locator("#condition")).to_have_value("starts_with(姓名, '不')")
    expect(page.locator("#condition-fault mark")).to_have_count(0)
    fill_cases(page)
    page.click("button[value=trial]")
    expect(page.locator("[data-trial]")).to_contain_text("会查出")
    page.fill("#reason", "试用")
    page.click("button[value=publish]")

    expect(page.locator("h1")).to_have_text("教师都应姓不。")
    assert all("教师都应姓不。" in each for each in wrong_names(demo))


def complete(page: Page, before: str, word: str, after: str) -> None:
    """Type a word into the middle of a condition and take the first name that is offered."""
    field = page.locator("#condition")
    field.fill(before + after)
    field.evaluate("(field, place) => field.setSelectionRange(place, place)", len(before))
    field.press_sequentially(word)
    page.locator(".rule-choices li").first.wait_for()
    page.keyboard.press("Enter")


def fill_cases(page: Page) -> None:
    """One right example and one wrong one, in the grids that follow the condition."""
    for number, name in enumerate(("不某", "王强")):
        page.fill(f'[name="cell:{number}:full_time_teacher:this:0:name"]', name)


def test_no_page_of_rules_is_wider_than_a_phone(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("qa", "/rules/")
    page.set_viewport_size({"width": 390, "height": 844})
    one, lists = "/rules/QR.FULL_TIME_TEACHER.*.21", "/rules/QR.STUDENT_AWARD.STUDENTS.29"

    for path in ("/rules/", NEW, one, f"{one}/edit", lists, f"{lists}/edit"):
        page.goto(page.url.partition("/rules")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
