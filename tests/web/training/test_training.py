"""The pages of training and meetings, as the quality office and a data steward use them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.models.training import TrainingSession
from app.web.formats import local
from tests.demo import DemoCollege
from tests.pages import text_of
from tests.web.assignment.years import prepare


def plan(demo: DemoCollege, **typed: str) -> int:
    """A session of today."""
    form = {
        "title": "采集培训",
        "begins_at": f"{local(datetime.now(UTC)):%Y-%m-%dT%H:%M}",
        "place": "报告厅",
        "host": "周敏",
    }
    answer = demo.caller("qa").post(f"/training/{demo.cycle.id}/sessions", data=form | typed)
    assert answer.status_code == 303, text_of(answer)
    with demo.session() as session:
        return session.scalars(select(TrainingSession.id)).all()[-1]


def test_a_data_steward_signs_in_with_one_click(demo: DemoCollege) -> None:
    number = plan(demo)
    steward = demo.caller("qcx_steward")
    assert f"/training/sessions/{number}/sign_in" in steward.get("/training/").get_data(True)

    assert steward.post(f"/training/sessions/{number}/sign_in", data={}).status_code == 303

    assert "到场" in text_of(steward.get(f"/training/sessions/{number}"))
    assert "sign_in" not in steward.get("/training/").get_data(as_text=True)


def test_a_session_without_a_place_comes_back_as_it_was_typed(demo: DemoCollege) -> None:
    typed = {"title": "补训", "begins_at": "2026-09-01T09:00", "place": " ", "host": "周敏"}

    answer = demo.caller("qa").post(f"/training/{demo.cycle.id}/sessions", data=typed)

    assert answer.status_code == 422
    assert "请填写“地点”" in text_of(answer)
    assert 'value="补训"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("begins_at", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_session_in_no_sensible_year_is_refused(demo: DemoCollege, begins_at: str) -> None:
    typed = {"title": "补训", "begins_at": begins_at, "place": "报告厅", "host": "周敏"}

    answer = demo.caller("qa").post(f"/training/{demo.cycle.id}/sessions", data=typed)

    assert answer.status_code == 422
    assert "年之间" in text_of(answer)
    assert 'value="补训"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["qa", "qcx_steward"])
def test_the_page_takes_few_statements(demo: DemoCollege, who: str) -> None:
    plan(demo)
    caller = demo.caller(who)
    with demo.counting() as statements:
        assert caller.get("/training/").status_code == 200

    assert len(statements) <= 15, statements


def test_what_a_session_is_about_is_told_under_its_own_name(demo: DemoCollege) -> None:
    page = text_of(demo.caller("qa").get(f"/training/sessions/{plan(demo, content='填报方法')}"))

    assert "培训内容 填报方法" in page
    assert "指纹" not in page


def test_a_reason_that_nobody_can_read_is_none(demo: DemoCollege) -> None:
    year = prepare(demo)

    answer = demo.caller("qa").post(f"/training/{year.id}/waive", data={"reason": " \x00 "})

    assert answer.status_code == 422
    assert "请写明理由" in text_of(answer)
