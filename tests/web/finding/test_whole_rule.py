"""One explanation for all open findings of a rule at one place."""

import re

import pytest
from werkzeug.test import TestResponse

from app.web.finding import page
from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.api.test_finding import DEPARTMENT, RULE, TABLE, findings, place, steward
from tests.web.finding.listed import SAID, look
from tests.web.submission.steps import page_of

RULES_PLACE = {"table": TABLE, "department": DEPARTMENT, "rule": RULE}


def age(demo: DemoCollege, *years: int) -> None:
    """Text books so old that a rule warns of each of them; the register knows."""
    rows = steward(demo).rows(TABLE, **place(demo))
    changes = [
        {"op": "update", "id": r["id"], "version": r["version"], "values": {"edition_year": year}}
        for r, year in zip(rows, years, strict=False)
    ]
    body = {**place(demo), "changes": changes}
    assert steward(demo).post(f"data/{TABLE}/changes", body).status_code == 200
    look(demo)


def seen_on(answer: TestResponse) -> str:
    """What the page offers to be explained together."""
    [found] = re.findall(r'name="seen" value="(\w+)"', answer.get_data(as_text=True))
    return str(found)


def explain_all(demo: DemoCollege, path: str, seen: str) -> TestResponse:
    data = {**RULES_PLACE, "of_rule": RULE, "act": "explain_rule", "seen": seen, "text": SAID}
    return steward(demo).post(path, data=data)


def standing(demo: DemoCollege) -> list[tuple[str, str]]:
    """State and explanation of each finding."""
    found = findings(steward(demo), demo)
    return [(each["state"], (each["explanation"] or {}).get("text", "")) for each in found]


def test_all_of_a_rule_are_explained_in_the_list(demo: DemoCollege) -> None:
    age(demo, 1990, 1991, 1992)
    answer = steward(demo).get("/findings/", **RULES_PLACE)
    assert "一并说明本规则的 3 处" in text_of(answer)

    assert explain_all(demo, "/findings/acts", seen_on(answer)).status_code == 303

    assert standing(demo) == [("explained", SAID)] * 3


def test_all_of_a_rule_are_explained_on_the_page_of_the_submission(demo: DemoCollege) -> None:
    age(demo, 1990, 1991)
    submission = demo.submission(TABLE, DEPARTMENT)
    seen = seen_on(page_of(demo, "jwc_steward", submission))

    answer = explain_all(demo, f"/submissions/{submission.id}/findings", seen)

    assert answer.status_code == 303
    assert standing(demo) == [("explained", SAID)] * 2
    # The explanation is bound to the values that it was given for.
    age(demo, 1980)
    assert sorted(standing(demo)) == [("explained", SAID), ("open", "")]


def test_what_has_changed_since_is_not_explained_unseen(demo: DemoCollege) -> None:
    age(demo, 1990, 1991)
    seen = seen_on(steward(demo).get("/findings/", **RULES_PLACE))
    age(demo, 1989)

    answer = explain_all(demo, "/findings/acts", seen)

    assert answer.status_code == 409
    assert SAID in text_of(answer)
    assert standing(demo) == [("open", "")] * 2


def test_more_than_can_be_explained_at_once_are_not_offered(
    demo: DemoCollege, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(demo, 1990, 1991, 1992)
    monkeypatch.setattr(page, "MOST_AT_ONCE", 2)

    answer = steward(demo).get("/findings/", **RULES_PLACE)

    assert answer.status_code == 200
    assert "explain_rule" not in answer.get_data(as_text=True)
