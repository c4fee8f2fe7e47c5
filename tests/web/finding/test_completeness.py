"""The page that counts what is filled in, and leads to who is missing."""

import re

from app.domain.submission import Status
from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.submission.steps import page_of

LIST, TABLE = "course", "course_textbook"


def test_counts_lead_to_the_rows_of_the_list_that_are_missing(demo: DemoCollege) -> None:
    qa = demo.caller("qa")

    with demo.counting() as statements:
        answer = qa.get("/findings/completeness", table=TABLE, missing="1")

    assert "按《7.2.1 开设课程基本信息》应有" in text_of(answer)
    ways = [link for link in links_of(answer) if link.startswith(f"/data/{LIST}/")]
    assert qa.get(ways[0]).status_code == 200
    assert len(statements) <= 15


def test_the_same_stands_on_the_page_of_the_submission(demo: DemoCollege) -> None:
    submission = demo.submission(TABLE, "A03")

    page = page_of(demo, "jwc_steward", submission)

    assert "必填单元格" in text_of(page)
    assert any(link.startswith(f"/data/{LIST}/") for link in links_of(page))


def test_missing_rows_are_an_objection_in_the_form_of_the_review(demo: DemoCollege) -> None:
    demo.set_status(TABLE, "A03", Status.UNDER_REVIEW)

    page = page_of(demo, "jwc_steward", demo.submission(TABLE, "A03")).get_data(as_text=True)

    # The first one stands for itself: the reviewer may choose otherwise.
    assert re.search(r'name="completeness" value="no" required checked', page)
    assert re.search(r'name="accuracy" value="yes" required checked', page)
    assert re.search(r'name="completeness_reason"[^>]+value="行数 \d+／\d+"', page)


def test_a_department_sees_its_own_tables_only(demo: DemoCollege) -> None:
    page = text_of(demo.caller("jwc_steward").get("/findings/completeness"))

    assert "教务处" in page
    assert "汽车工程系" not in page


def test_a_teacher_has_no_such_page(demo: DemoCollege) -> None:
    assert demo.caller("t_full").get("/findings/completeness").status_code == 403
