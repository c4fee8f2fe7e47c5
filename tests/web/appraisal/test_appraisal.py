"""The pages of the appraisal: the panel, departments, items, reasons, and the forms."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.actions.appraisal_score import Entry, enter_scores
from app.domain.appraisal import AppraisalStatus
from app.models.appraisal import Appraisal, AppraisalResult, AppraisalScore
from app.models.permission import user
from app.reports.person import load_actor
from tests.demo import DemoCollege
from tests.pages import links_of, text_of

WAITING = ("C1.5", "C2.3", "C3.2", "C3.5", "C3.6", "C3.8", "C4.1", "C4.2", "C4.3")
OTHERS = ["jwc_head", "jwc_steward", "leader", "t_full", "admin", "archive", "reader"]


def year_of(demo: DemoCollege) -> int:
    """The year that appraises the locked collection year."""
    return demo.locked_cycle.year.start_year + 1


def path(demo: DemoCollege, rest: str = "") -> str:
    return f"/appraisal/{year_of(demo)}/{rest}"


def stored(demo: DemoCollege, kind: Any = Appraisal) -> list[Any]:
    with demo.session() as session:
        return list(session.query(kind).order_by(kind.id))


def step(demo: DemoCollege, who: str, verb: str, **typed: Any) -> TestResponse:
    version = stored(demo)[0].version if stored(demo) else 0
    return demo.caller(who).post(path(demo, verb), data={"version": version, **typed})


def cells(demo: DemoCollege, item: str) -> dict[str, AppraisalScore]:
    return {one.department_code: one for one in stored(demo, AppraisalScore) if one.item == item}


def column(demo: DemoCollege, item: str, **typed: str) -> TestResponse:
    """Send the form of an item with what is typed into it, as the page would."""
    sent = {f"version-{code}-{item}": str(one.version) for code, one in cells(demo, item).items()}
    return demo.caller("qa").post(path(demo, f"items/{item}"), data={**sent, **typed})


@pytest.fixture
def begun(demo: DemoCollege) -> DemoCollege:
    assert step(demo, "qa", "draft").status_code == 302
    return demo


def settle(demo: DemoCollege) -> None:
    """Give the full score to everything that waits, as the office does."""
    items = demo.application.extensions["scheme"].items
    waiting = [
        Entry(one.department_code, one.item, one.version, items[one.item].weight)
        for one in stored(demo, AppraisalScore)
        if one.is_pending
    ]
    now = datetime.now(UTC)
    with demo.session() as session:
        user_id = session.scalar(select(user.c.id).where(user.c.username == "qa"))
        office = load_actor(session, user_id or 0, now.date())
        assert office is not None
        enter_scores(session, stored(demo)[0].id, waiting, by=office, now=now)


def test_the_office_begins_the_appraisal(demo: DemoCollege) -> None:
    before = demo.caller("qa").get("/appraisal/")

    assert f'action="{path(demo, "draft")}"' in before.get_data(as_text=True)
    assert step(demo, "qa", "draft").status_code == 302
    after = text_of(demo.caller("qa").get("/appraisal/"))
    assert "评分中" in after
    assert "汽车工程系" in after
    assert "教学单位" in after


def test_nobody_else_changes_anything(begun: DemoCollege) -> None:
    version = stored(begun)[0].version
    sent = {f"points-A03-{WAITING[0]}": "3", f"version-A03-{WAITING[0]}": "1"}

    for who in OTHERS:
        caller = begun.caller(who)
        answers = [
            *(step(begun, who, verb, reason="会议") for verb in ("draft", "appraise", "publish")),
            caller.post(path(begun, "departments/A03"), data=sent),
            caller.post(path(begun, "items/C4.3"), data=sent),
            caller.post(path(begun, "departments/A03/adjust"), data={"bonus": "1", "version": "1"}),
        ]
        assert {answer.status_code for answer in answers} == {403}, who
    assert stored(begun)[0].version == version


def test_pages_are_for_those_who_may_read(begun: DemoCollege) -> None:
    pages = ("", "departments/A03", "departments/A03/C2.1", "items/C2.1")

    for who in OTHERS:
        caller = begun.caller(who)
        expected = 200 if who in {"jwc_head", "jwc_steward", "leader"} else 403
        found = {
            caller.get(path(begun, page) if page else "/appraisal/").status_code for page in pages
        }
        assert found == {expected}, who
        home = caller.get("/").get_data(as_text=True)
        assert ("考核评价" in home) == (expected == 200), who


@pytest.mark.parametrize("page", ["departments/C01", "departments/C01/C2.1"])
def test_another_department_is_out_of_sight(begun: DemoCollege, page: str) -> None:
    for who in ("jwc_head", "jwc_steward"):
        assert begun.caller(who).get(path(begun, page)).status_code == 404
        assert "汽车工程系" not in text_of(begun.caller(who).get("/appraisal/"))
        assert "汽车工程系" not in text_of(begun.caller(who).get(path(begun, "items/C2.1")))


def test_a_department_sees_a_preview_and_later_its_result(begun: DemoCollege) -> None:
    head = begun.caller("jwc_head")
    assert "预览，非最终结果" in text_of(head.get("/appraisal/"))
    settle(begun)
    assert "预览，非最终结果" in text_of(head.get(path(begun, "departments/A03")))

    assert step(begun, "qa", "publish", reason="院长办公会").status_code == 302

    page = text_of(head.get("/appraisal/"))
    assert "已公布" in page
    assert "院长办公会" in page
    assert "待评" not in text_of(head.get(path(begun, "departments/A03")))


def test_a_column_is_entered_at_once(begun: DemoCollege) -> None:
    typed = {"points-A03-C1.5": "1.70", "comment-A03-C1.5": "有部署", "waived-C01-C1.5": "on"}

    answer = column(begun, "C1.5", **typed, **{"comment-C01-C1.5": "新成立"}, rest="full")

    assert answer.status_code == 302
    found = cells(begun, "C1.5")
    assert (str(found["A03"].manual_score), found["C01"].is_waived) == ("1.70", True)
    assert {str(found[code].manual_score) for code in ("A01", "C02", "E01")} == {"2.00"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"points-A03-C4.3": "9", "comment-A03-C4.3": "多了"}, "得分应在 0 到 2 之间"),
        ({"points-A03-C4.3": "1"}, "请在评语里写明理由"),
        ({"points-A03-C4.3": "两分", "comment-A03-C4.3": "好"}, "不是分数"),
        ({"points-A03-C4.3": "-1", "comment-A03-C4.3": "差"}, "不是分数"),
        ({"points-A03-C4.3": "1e9", "comment-A03-C4.3": "好"}, "不是分数"),
        ({"rest": "waived"}, "请在评语里写明理由"),
    ],
)
def test_a_refused_form_shows_everything_again(
    begun: DemoCollege, typed: dict[str, str], told: str
) -> None:
    answer = column(begun, "C4.3", **{"comment-C02-C4.3": '<b>"引号"', **typed})

    assert answer.status_code == 422
    assert told in text_of(answer)
    page = answer.get_data(as_text=True)
    for name, value in typed.items():
        assert f'value="{value}"' in page, name
    assert "&lt;b&gt;&#34;引号&#34;" in page
    assert {one.manual_score for one in cells(begun, "C4.3").values()} == {None}


def test_full_width_digits_are_numbers(begun: DemoCollege) -> None:
    answer = column(begun, "C4.3", **{"points-A03-C4.3": "１．５", "comment-A03-C4.3": "缺纪要"})

    assert answer.status_code == 302
    assert str(cells(begun, "C4.3")["A03"].manual_score) == "1.50"


def test_a_stale_form_is_answered_kindly_and_can_be_sent_again(begun: DemoCollege) -> None:
    typed = {"points-A03-C4.3": "1", "comment-A03-C4.3": "一人", "version-A03-C4.3": "1"}
    other = {**typed, "points-A03-C4.3": "2", "comment-A03-C4.3": "另一人"}
    address = path(begun, "items/C4.3")
    assert begun.caller("qa").post(address, data=typed).status_code == 302

    answer = begun.caller("qa2").post(address, data=other)

    assert answer.status_code == 409
    assert "刚被他人改动过" in text_of(answer)
    page = answer.get_data(as_text=True)
    assert 'value="另一人"' in page
    version = re.search(r'name="version-A03-C4.3" value="(\d+)"', page)
    assert version is not None
    again = {**other, "version-A03-C4.3": version[1]}
    assert begun.caller("qa2").post(address, data=again).status_code == 302


def test_a_department_is_entered_on_its_own_page(begun: DemoCollege) -> None:
    address = path(begun, "departments/A03")
    assert "由质管办评定" in text_of(begun.caller("qa").get(address))
    sent = {f"version-A03-{item}": "1" for item in WAITING}
    sent |= {"points-A03-C4.3": "1", "comment-A03-C4.3": "推诿一次", "points-A03-C1.5": "2.00"}

    assert begun.caller("qa").post(address, data=sent).status_code == 302

    page = text_of(begun.caller("qa").get(address))
    assert "推诿一次" in begun.caller("qa").get(address).get_data(as_text=True)
    assert "待评定 6 项" in page


def test_a_counted_item_has_no_field_and_takes_none(begun: DemoCollege) -> None:
    typed = {"points-A03-C2.1": "1", "comment-A03-C2.1": "扣", "version-A03-C2.1": "1"}

    answer = begun.caller("qa").post(path(begun, "items/C2.1"), data=typed)

    assert answer.status_code == 422
    assert "由系统计算" in text_of(answer)
    page = begun.caller("qa").get(path(begun, "items/C2.1")).get_data(as_text=True)
    assert 'name="points-' not in page


def test_a_bonus_is_given_and_refused_without_reason(begun: DemoCollege) -> None:
    address = path(begun, "departments/A03/adjust")
    office = begun.caller("qa")

    refused = office.post(address, data={"bonus": "2", "version": "1"})
    given = office.post(address, data={"bonus": "2", "version": "1", "comment": "上级表扬"})
    late = office.post(address, data={"bonus": "1", "version": "1", "comment": "旧页"})

    assert [one.status_code for one in (refused, given, late)] == [422, 302, 409]
    assert 'value="2"' in refused.get_data(as_text=True)
    found = {one.department_code: one for one in stored(begun, AppraisalResult)}["A03"]
    assert (str(found.bonus), found.comment) == ("2.00", "上级表扬")


def test_a_score_leads_to_its_events_and_they_to_the_submissions(begun: DemoCollege) -> None:
    page = begun.caller("jwc_head").get(path(begun, "departments/A03/C2.1"))

    # The year was extended after its due date, which forgives nobody who was late by then.
    assert re.search(r"张表中逾期 2 张，共 \d+ 天 → 扣 [\d.]+ 分", text_of(page))
    leads = [link for link in links_of(page) if re.fullmatch(r"/submissions/\d+", link)]
    assert len(leads) >= 1
    assert begun.caller("jwc_head").get(leads[0]).status_code == 200


def test_publishing_needs_every_score_a_reason_and_the_present_page(begun: DemoCollege) -> None:
    early = step(begun, "qa", "publish", reason="会议")
    settle(begun)
    silent = step(begun, "qa", "publish", reason=" ")
    stale = step(begun, "qa", "publish", reason="会议一", version=1)

    assert [one.status_code for one in (early, silent, stale)] == [403, 422, 409]
    assert 'value="会议一"' in stale.get_data(as_text=True)
    assert stored(begun)[0].status is AppraisalStatus.DRAFT
    assert step(begun, "qa", "publish", reason="会议一").status_code == 302
    assert step(begun, "qa", "publish", reason="会议二").status_code == 403
    assert "/publish" not in begun.caller("qa").get("/appraisal/").get_data(as_text=True)


@pytest.mark.parametrize("verb", ["draft", "appraise", "publish"])
def test_one_permission_row_taken_away_takes_exactly_that(demo: DemoCollege, verb: str) -> None:
    if verb != "draft":
        step(demo, "qa", "draft")
        settle(demo)
    demo.revoke(verb, "appraisal")

    page = demo.caller("qa").get("/appraisal/")
    refused = step(demo, "qa", verb, reason="会议")

    assert (page.status_code, refused.status_code) == (200, 403)
    assert "您没有改动考核评分的权限" in text_of(refused)
    offered = set(re.findall(rf'action="{path(demo)}(\w+)"', page.get_data(as_text=True)))
    rest = {"appraise", "publish"} if verb != "draft" else set()
    assert offered == rest - {verb}


def test_counting_again_tells_what_changed(begun: DemoCollege) -> None:
    office = begun.caller("qa")
    again = {"version": stored(begun)[0].version}

    assert office.post(path(begun, "appraise"), data=again).status_code == 302
    assert "各项评分都没有变化" in text_of(office.get("/appraisal/"))
    assert office.post(path(begun, "appraise"), data=again).status_code == 409


def test_a_year_that_is_running_is_not_begun(demo: DemoCollege) -> None:
    year = year_of(demo) + 1
    answer = demo.caller("qa").post(f"/appraisal/{year}/draft", data={})

    assert answer.status_code == 403
    assert "还没有截止" in text_of(answer)
    assert "截止以后才能开始" in text_of(demo.caller("qa").get("/appraisal/", year=year))


def test_what_is_not_there_is_not_found(begun: DemoCollege) -> None:
    office = begun.caller("qa")
    addresses = [
        *("/appraisal/?year=1999", "/appraisal/?year=x", "/appraisal/?year=0"),
        *("/appraisal/1999/departments/A03", "/appraisal/99999/departments/A03"),
        *(path(begun, f"departments/{end}") for end in ("Z99", "A03/C9.9", "%00")),
        *(path(begun, f"items/{end}") for end in ("C9.9", "%00", "'")),
    ]

    assert [a for a in addresses if office.get(a).status_code != 404] == []
    assert {step(begun, "qa", verb).status_code for verb in ("erase", "object")} == {404}


def test_the_panel_is_filtered_by_group(begun: DemoCollege) -> None:
    page = text_of(begun.caller("qa").get("/appraisal/", group="直属单位"))

    assert "直属工业学校" in page
    assert "汽车工程系" not in page
    assert begun.caller("qa").get("/appraisal/", group="'; DROP").status_code == 200


@pytest.mark.parametrize("who", ["qa", "jwc_head"])
def test_pages_ask_the_database_little(begun: DemoCollege, who: str) -> None:
    caller = begun.caller(who)
    caller.get("/appraisal/")

    for page in ("", "departments/A03", "departments/A03/C2.1", "items/C1.5"):
        address = path(begun, page) if page else "/appraisal/"
        with begun.counting() as statements:
            assert caller.get(address).status_code == 200
        assert len(statements) <= 15, statements


def test_every_field_has_a_label_of_its_own(begun: DemoCollege) -> None:
    page = begun.caller("qa").get(path(begun, "items/C4.3")).get_data(as_text=True)

    fields = set(re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page))
    assert fields <= set(re.findall(r'<label[^>]* for="([^"]+)"', page))
