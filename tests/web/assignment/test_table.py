"""The page of one table's assignment, with its history."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.models.cycle import Cycle
from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.assignment.years import assign, holders, prepare, version


def send(
    demo: DemoCollege, cycle: Cycle, table: str, who: str = "qa", **typed: Any
) -> TestResponse:
    form = {"version": version(demo, cycle), **typed}
    return demo.caller(who).post(f"/assignments/{cycle.id}/tables/{table}", data=form)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"kind": "responsible", "department": "C01"}, {"C01": "responsible"}),
        (
            {"kind": "own_staff", "departments": ["C01", "C02"], "guidance": ["A02"]},
            {"A02": "guidance", "C01": "own_staff", "C02": "own_staff"},
        ),
        ({"kind": ""}, {}),
    ],
)
def test_a_table_is_assigned_in_every_way(
    demo: DemoCollege, typed: dict[str, Any], expected: dict[str, str]
) -> None:
    cycle = prepare(demo)

    answer = send(demo, cycle, "course", **typed)

    assert answer.status_code == 302
    assert holders(demo, cycle, "course") == expected


def test_a_refused_choice_is_shown_again_as_it_was_made(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    answer = send(
        demo,
        cycle,
        "course",
        kind="own_staff",
        departments=["C01"],
        guidance=["C01"],
        reason="试一试",
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "汽车工程系不能这样" in text_of(answer) or "只选一种" in text_of(answer)
    assert 'value="own_staff" checked' in page
    assert page.count('value="C01" checked') == 2
    assert ">试一试</textarea>" in page
    assert holders(demo, cycle, "course") == {"A03": "responsible"}


def test_the_history_names_departments_and_reason(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    assign(demo, cycle, course="own_staff:C01,C02:A03", reason="专业归口调整")

    answer = demo.caller("jwc_head").get(f"/assignments/{cycle.id}/tables/course")

    assert "教务处 → 汽车工程系、机电工程系、(教务处)" in text_of(answer)
    assert "专业归口调整" in text_of(answer)
    assert "<form" not in answer.get_data(as_text=True).partition("<main")[2].partition("</main")[0]


def test_others_do_not_assign_a_table(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    answer = send(demo, cycle, "course", "jwc_steward", kind="responsible", department="C01")

    assert answer.status_code == 403
    assert holders(demo, cycle, "course") == {"A03": "responsible"}


def test_a_table_there_is_none_of_is_not_found(demo: DemoCollege) -> None:
    path = f"/assignments/{demo.cycle.id}/tables/nonsense"

    assert demo.caller("qa").get(path).status_code == 404
    assert demo.caller("t_full").get(path).status_code == 403
