"""Rows that their teacher has handed over are marked before anybody tries to change them."""

import pytest

from tests.demo import DemoCollege
from tests.pages import SEE_OTHER, text_of

TABLE, PLACE, TEACHER = "full_time_teacher", "C01", "31003"
ASKED = "本人提交的，不能代为修改"


@pytest.fixture
def handed_over(demo: DemoCollege) -> DemoCollege:
    """The demo college after a teacher has handed over his basic data."""
    number = demo.submission(TABLE, PLACE).id
    answer = demo.caller("t_full").post(f"/my/{number}/submit", data={"version": "0"})
    assert answer.status_code == SEE_OTHER
    return demo


def closed(demo: DemoCollege, who: str) -> dict[str, str]:
    """Number of a teacher → what is said of his row, of those that are closed."""
    rows = demo.caller(who).rows(TABLE)
    return {row["values"]["staff_no"]: row["closed"] for row in rows if "closed" in row}


def test_the_grid_says_of_which_rows_the_teacher_stands(handed_over: DemoCollege) -> None:
    """第十条第二款: what a teacher handed over is sent back to him, not changed by others."""
    told = closed(handed_over, "qcx_steward")

    assert ASKED in told[TEACHER]
    assert "31004" not in told


def test_his_own_rows_are_closed_to_him_as_a_whole(handed_over: DemoCollege) -> None:
    assert closed(handed_over, "t_full") == {}


def test_the_form_shows_it_and_offers_no_saving(handed_over: DemoCollege) -> None:
    rows = handed_over.caller("qcx_steward").rows(TABLE)
    row = next(row for row in rows if row["values"]["staff_no"] == TEACHER)

    page = handed_over.caller("qcx_steward").get(f"/data/{TABLE}/{row['id']}")

    assert ASKED in text_of(page)
    assert 'class="action-bar"' not in page.get_data(as_text=True)
