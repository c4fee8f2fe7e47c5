"""The page that tells why somebody may or may not do something with a table."""

import re

import pytest

from tests.demo import DemoCollege
from tests.pages import text_of

WHY = "/permissions/why/"
TABLE = "course"


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 200), ("qa", 200), ("jwc_steward", 403), ("t_full", 403)]
)
def test_it_is_for_the_administrator_and_the_quality_office(
    demo: DemoCollege, who: str, status: int
) -> None:
    assert demo.caller(who).get(WHY, person="jwc_steward", table=TABLE).status_code == status


def test_every_answer_is_the_one_the_person_gets(demo: DemoCollege) -> None:
    rights = demo.caller("jwc_steward").get(f"data/{TABLE}/spec").json["rights"]

    page = demo.caller("admin").get(WHY, person="jwc_steward", table=TABLE)

    rows = dict(re.findall(r'<tr data-action="(\w+)">(.*?)</tr>', page.text, re.DOTALL))
    for action, reason in rights.items():
        assert action not in rows or (reason or "<td>是</td>") in rows[action]
    assert set(rows) >= {"list", "add", "edit", "delete", "import", "export", "pick"}
    assert "教务处 · 信息采集管理员" in rows["edit"]


def test_the_page_is_chinese(demo: DemoCollege) -> None:
    page = demo.caller("admin").get(WHY, person="jwc_steward", table=TABLE)

    assert not re.search(r"[A-Za-z]{4,}", text_of(page).replace("jwc_steward", ""))


@pytest.mark.parametrize(
    "asked",
    [
        {"person": "nobody", "table": TABLE},
        {"person": "jwc_steward", "table": "nothing"},
        {"person": "jwc_steward", "table": TABLE, "department": "Z99"},
    ],
)
def test_what_there_is_not_is_told_and_what_was_typed_is_kept(
    demo: DemoCollege, asked: dict[str, str]
) -> None:
    answer = demo.caller("admin").get(WHY, **asked)

    assert answer.status_code == 422
    assert f'value="{asked["person"]}"' in answer.text
    assert 'role="alert"' in answer.text
