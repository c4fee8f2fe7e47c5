"""Notes on their pages and beside the tables."""

import pytest

from tests.demo import DemoCollege
from tests.pages import text_of

TABLE = "/data/full_time_teacher/"
BAR = "填报前请阅读本章的内涵和注释"


def test_a_teacher_acknowledges_with_one_click_and_is_asked_no_more(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    page = teacher.get(TABLE).get_data(as_text=True)
    assert BAR in page
    digest = page.split('name="digest" value="')[1].split('"')[0]

    answer = teacher.post("/guidance/6", data={"digest": digest, "back": TABLE})

    assert (answer.status_code, answer.location) == (303, TABLE)
    assert BAR not in text_of(teacher.get(TABLE))


def test_who_has_read_the_notes_is_not_asked(demo: DemoCollege) -> None:
    assert BAR not in text_of(demo.caller("qcx_steward").get(TABLE))
    assert BAR not in text_of(demo.caller("qa").get(TABLE))


def test_stale_notes_are_not_acknowledged(demo: DemoCollege) -> None:
    answer = demo.caller("t_full").post("/guidance/6", data={"digest": "0" * 64})

    assert answer.status_code == 409
    assert "内涵刚有改动" in text_of(answer)


@pytest.mark.parametrize("path", ["/guidance/", "/guidance/6", "/regulation/", TABLE])
def test_the_pages_take_few_statements(demo: DemoCollege, path: str) -> None:
    caller = demo.caller("qcx_steward")
    with demo.counting() as statements:
        assert caller.get(path).status_code == 200

    assert len(statements) <= 15, statements
