"""The page of released data and the workbook that its recipients take along."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models.audit_log import AuditEntry
from app.models.release import Release
from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.api.test_exchange import sheet_of
from tests.web.assignment.years import prepare

UNTIL = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
TABLE = "full_time_teacher"


def add(demo: DemoCollege, who: str = "qa", **other: str) -> TestResponse:
    typed = {"table": TABLE, "cycle": str(demo.locked_cycle.id), "department": "A03"}
    typed |= {"purpose": "核对师资", "until": UNTIL, **other}
    return demo.caller(who).post("/releases/add", data=typed)


def workbook(demo: DemoCollege) -> str:
    with demo.session() as session:
        number = session.scalars(select(Release.id)).one()
    return f"/releases/{number}/workbook.xlsx"


def test_the_department_finds_and_downloads_what_was_released(demo: DemoCollege) -> None:
    assert add(demo).status_code == 303
    page = demo.caller("jwc_steward").get("/releases/")

    assert "核对师资" in text_of(page)
    assert workbook(demo) in links_of(page)
    answer = demo.caller("jwc_steward").get(workbook(demo))
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert "下载记录" in text_of(demo.caller("qa").get("/releases/"))


def test_personal_fields_leave_masked_and_it_is_logged(demo: DemoCollege) -> None:
    add(demo)
    answer = demo.caller("jwc_head").get(workbook(demo))

    rows = sheet_of(answer.data, 1)
    numbers = [row["id_card"] for row in demo.stored(TABLE) if row.get("id_card")]
    cells = {str(cell) for row in rows for cell in row}
    assert len(rows) > 4
    assert not cells & {str(number) for number in numbers}
    with demo.session() as session:
        tags = set(session.scalars(select(AuditEntry.tag)))
    assert {"release.release", "release.download", "data.export"} <= tags


@pytest.mark.parametrize(
    ("who", "status"), [("qa", 403), ("qcx_head", 404), ("leader", 404), ("t_full", 404)]
)
def test_nobody_else_downloads(demo: DemoCollege, who: str, status: int) -> None:
    add(demo)

    assert demo.caller(who).get(workbook(demo)).status_code == status


@pytest.mark.parametrize(
    "other", [{"purpose": " "}, {"until": "soon"}, {"until": "2020-01-01"}, {"table": "x"}]
)
def test_a_form_at_fault_keeps_what_was_typed(demo: DemoCollege, other: dict[str, Any]) -> None:
    answer = add(demo, **{"purpose": "核对师资情况", **other})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert other.get("purpose", "核对师资情况") in answer.get_data(as_text=True)


def test_a_release_is_withdrawn(demo: DemoCollege) -> None:
    add(demo)
    address = workbook(demo).replace("workbook.xlsx", "withdraw")

    without = demo.caller("qa").post(address, data={"version": "1", "reason": ""})
    done = demo.caller("qa").post(address, data={"version": "1", "reason": "用途变了"})

    assert (without.status_code, done.status_code) == (422, 303)
    assert demo.caller("jwc_steward").get(workbook(demo)).status_code == 403
    assert "用途变了" in text_of(demo.caller("jwc_steward").get("/releases/"))


def test_the_page_asks_the_database_little(demo: DemoCollege) -> None:
    for _ in range(3):
        add(demo)

    with demo.counting() as statements:
        demo.caller("qa").get("/releases/")

    assert len(statements) <= 15, statements


def test_only_years_that_have_accepted_data_are_offered(demo: DemoCollege) -> None:
    year = prepare(demo)

    page = demo.caller("qa").get("/releases/").get_data(as_text=True)

    assert f'<option value="{demo.locked_cycle.id}"' in page
    assert f'<option value="{year.id}"' not in page
