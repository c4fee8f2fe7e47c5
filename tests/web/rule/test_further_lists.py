"""Names are looked for in several lists: the form has them, and nothing typed is lost."""

from collections.abc import Mapping

import pytest
from werkzeug.test import TestResponse

from app.models.rule_revision import RuleRevision
from tests.demo import DemoCollege
from tests.pages import form_of, text_of

RULE = "QR.STUDENT_AWARD.STUDENTS.29"
EDIT = f"/rules/{RULE}/edit"
LAST_YEAR = {"table": "student", "field": "name", "year": "previous"}


def form(demo: DemoCollege) -> Mapping[str, str]:
    typed = form_of(demo.caller("qa").get(EDIT), "rule-form")
    # The reader of forms does not tell boxes that are ticked from others.
    return {name: value for name, value in typed.items() if name != "once_by"}


def send(demo: DemoCollege, act: str, **other: str) -> TestResponse:
    typed = {**form(demo), "reason": "名单", **other, "act": act}
    return demo.caller("qa").post(EDIT, data=typed)


def test_the_form_has_the_further_lists_of_a_rule(demo: DemoCollege) -> None:
    typed = form(demo)

    lists = [{w: typed[f"term-also-{n}-{w}"] for w in LAST_YEAR} for n in (1, 2, 3)]
    assert lists[0] == {**LAST_YEAR, "field": "姓名"}
    assert [each["table"] + each["field"] for each in lists[1:]] == ["", ""]


def test_a_list_that_is_added_is_published_with_the_rule(demo: DemoCollege) -> None:
    answer = send(demo, "publish", **{"term-also-3-table": "dropout", "term-also-3-field": "姓名"})

    assert answer.status_code == 303, text_of(answer)
    with demo.session() as session:
        [kept] = session.query(RuleRevision)
        assert kept.content["terms"]["unlisted"]["also"] == [
            LAST_YEAR,
            {"table": "dropout", "field": "name"},
        ]


@pytest.mark.parametrize("act", ["publish", "trial"])
def test_a_fault_of_a_list_is_told_there_and_nothing_typed_is_lost(
    demo: DemoCollege, act: str
) -> None:
    typed = {"term-also-2-table": "staff", "term-also-2-field": "无此"}

    answer = send(demo, act, **typed)

    assert answer.status_code == 422
    assert "另外几份名单" in text_of(answer)
    assert "没有字段 无此" in text_of(answer)
    assert form_of(answer, "rule-form").items() >= typed.items()


def test_the_examples_have_a_grid_for_every_list(demo: DemoCollege) -> None:
    grids = {name.split(":", 2)[2] for name in form(demo) if name.startswith("cell:0:")}

    assert {"student:previous:0:name", "student:this:0:name"} <= grids
