"""The findings on the page of a submission: explained, ruled on, in the way."""

from datetime import timedelta

import pytest

from app.domain.submission import Status, Verb
from app.models import place_size
from app.models.cycle import Cycle
from app.web.finding import as_of
from app.web.submission import page
from tests.demo import PASSWORD, DemoCollege, on_all_databases
from tests.pages import text_of
from tests.web.api.test_finding import DEPARTMENT, TABLE, findings, place, with_an_old_book
from tests.web.finding.listed import act_on_page, listed, look, take, tick
from tests.web.submission.steps import ALL_YES, page_of

TO_THE_OFFICE = (
    ("jwc_steward", Verb.FINISH, {}),
    ("jwc_steward", Verb.REVIEW, ALL_YES),
    ("jwc_head", Verb.CONFIRM, {"password": PASSWORD}),
    ("qa", Verb.RECEIVE, {}),
)


def test_finishing_with_a_warning_shows_it_with_the_form(demo: DemoCollege) -> None:
    listed(demo)

    answer = take(demo, "jwc_steward", demo.submission(TABLE, "A03"), Verb.FINISH)

    assert answer.status_code == 422
    page = text_of(answer)
    assert "还有 1 条警告要改正或说明" in page
    assert "提交所选问题的说明" in page


def test_an_empty_explanation_is_refused_and_the_tick_stays(demo: DemoCollege) -> None:
    found = listed(demo)

    answer = act_on_page(demo, "jwc_steward", found, "explain", "")

    assert answer.status_code == 422
    box = answer.get_data(as_text=True).partition(f'value="{tick(found)}"')[2].partition(">")[0]
    assert box.endswith(" checked")


def test_the_whole_path_of_an_explanation(demo: DemoCollege) -> None:
    found = listed(demo)
    act_on_page(demo, "jwc_steward", found, "explain")
    for who, verb, typed in TO_THE_OFFICE:
        answer = take(demo, who, demo.submission(TABLE, "A03"), verb, **typed)
        assert answer.status_code == 302, text_of(answer)

    blocked = page_of(demo, "qa", demo.submission(TABLE, "A03"))
    assert "还有 1 条说明待质管办认定" in text_of(blocked)
    assert take(demo, "qa", demo.submission(TABLE, "A03"), Verb.ACCEPT).status_code == 422

    assert act_on_page(demo, "qa", found, "adopt", "").status_code == 303
    take(demo, "qa", demo.submission(TABLE, "A03"), Verb.ACCEPT)
    assert demo.submission(TABLE, "A03").status is Status.ACCEPTED


def test_changed_values_open_it_again(demo: DemoCollege) -> None:
    act_on_page(demo, "jwc_steward", listed(demo), "explain")
    steward = demo.caller("jwc_steward")
    assert [each["state"] for each in findings(steward, demo)] == ["explained"]
    row = steward.rows(TABLE, period=demo.period(TABLE), department="A03")[0]

    change = {"op": "update", "id": row["id"], "version": row["version"]}
    steward.changes(TABLE, {**change, "values": {"edition_year": 1991}})

    assert [each["state"] for each in findings(steward, demo)] == ["open"]


@pytest.mark.parametrize(("days", "words", "met"), [(1, "按时", "yes"), (-3, "迟 3 天", "no")])
def test_the_review_is_filled_in_beforehand(
    demo: DemoCollege, days: int, words: str, met: str
) -> None:
    act_on_page(demo, "jwc_steward", listed(demo), "explain")
    take(demo, "jwc_steward", demo.submission(TABLE, "A03"), Verb.FINISH)
    with demo.session() as session:
        finished = demo.submission(TABLE, "A03").finished_at
        session.get_one(Cycle, demo.cycle.id).due_at = finished + timedelta(days=days)
        session.commit()

    page = page_of(demo, "jwc_steward", demo.submission(TABLE, "A03"))

    assert words in text_of(page)
    assert f'name="timeliness" value="{met}" required checked' in page.get_data(as_text=True)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table counts as one of very many rows."""
    for place_of in (place_size, page, as_of):
        monkeypatch.setattr(place_of, "MOST_LIVE", 0)


@on_all_databases
def test_of_a_very_large_table_the_page_tells_what_the_register_has(
    demo: DemoCollege, request: pytest.FixtureRequest
) -> None:
    found = listed(demo)
    submission = demo.submission(TABLE, DEPARTMENT)
    assert "本表超过" not in text_of(page_of(demo, "jwc_steward", submission))
    request.getfixturevalue("large")

    shown = page_of(demo, "jwc_steward", submission)

    assert "本表超过 0 行，以下是截至" in text_of(shown)
    assert "结果已不是最新" not in text_of(shown)
    assert "还有 1 条警告要改正或说明" in text_of(shown)
    assert "超过 0 行数据" in text_of(shown)
    assert tick(found) in shown.get_data(as_text=True)


def test_over_json_a_finding_of_the_register_is_told_with_its_row(
    demo: DemoCollege, request: pytest.FixtureRequest
) -> None:
    found = listed(demo)
    request.getfixturevalue("large")

    asked = {**place(demo), "row": found["row_id"]}
    answer = demo.caller("jwc_steward").get(f"data/{TABLE}/findings", **asked).json

    [told] = [each for each in answer["findings"] if each["mark"] == found["mark"]]
    assert (told["row"], bool(told["row_title"]), told["is_changed"]) == (None, True, False)
    assert {each["row_id"] for each in answer["findings"]} == {found["row_id"]}
    assert answer["counts"]["open"] == len(answer["findings"])
    assert answer["list"].endswith(f"table={TABLE}&department={DEPARTMENT}")


def test_a_very_large_table_is_finished_only_when_every_row_is_right_now(
    demo: DemoCollege, request: pytest.FixtureRequest
) -> None:
    look(demo)
    with_an_old_book(demo)
    request.getfixturevalue("large")

    answer = take(demo, "jwc_steward", demo.submission(TABLE, DEPARTMENT), Verb.FINISH)

    assert answer.status_code == 422
    assert "还有 1 条警告未处理" in text_of(answer)
    assert "结果已不是最新" in text_of(answer)
