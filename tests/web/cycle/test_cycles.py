"""The page of the collection years and their steps."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.period import AcademicYear
from app.models.assignment import Assignment
from app.models.cycle import CatalogueRevision, Cycle
from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.assignment.years import publish_plan

FORM = re.compile(r'action="/cycles/(\d+)/(\w+)"')
# The demo college lives in the present, so its dates do too.
NEXT_DUE = (datetime.now(UTC).date() + timedelta(days=200)).isoformat()
READERS = ["jwc_steward", "jwc_head", "leader", "archive", "reader", "admin"]


def year_step(
    demo: DemoCollege, who: str, cycle: Cycle, verb: CycleVerb | str, **typed: Any
) -> TestResponse:
    form = {"version": cycle.version, **typed}
    return demo.caller(who).post(f"/cycles/{cycle.id}/{verb}", data=form)


def offered(answer: TestResponse) -> set[tuple[str, str]]:
    return set(FORM.findall(answer.get_data(as_text=True)))


def stored(demo: DemoCollege, cycle: Cycle) -> Cycle:
    with demo.session() as session:
        return session.get_one(Cycle, cycle.id)


def test_the_office_is_offered_what_the_server_takes(demo: DemoCollege) -> None:
    years = (demo.cycle, demo.locked_cycle)
    answer = demo.caller("qa").get("/cycles/")

    assert offered(answer) == {(str(years[0].id), "close")}
    # Unlocking is asked for on a page of its own, with the tables to be corrected.
    assert f'href="/requests/cycles/{years[1].id}"' in answer.get_data(as_text=True)
    for cycle in years:
        for verb in set(CycleVerb) - {CycleVerb.UNLOCK}:
            if (str(cycle.id), verb.value) not in offered(answer):
                refused = year_step(demo, "qa", cycle, verb, reason="试一试")
                assert refused.status_code == 403
        assert stored(demo, cycle).version == cycle.version


@pytest.mark.parametrize("who", READERS)
def test_others_read_the_years_and_change_nothing(demo: DemoCollege, who: str) -> None:
    answer = demo.caller(who).get("/cycles/")

    assert answer.status_code == 200
    assert "采集中" in text_of(answer)
    assert offered(answer) == set()
    assert "/cycles/prepare" not in answer.get_data(as_text=True)
    refused = year_step(demo, who, demo.cycle, CycleVerb.CLOSE)
    assert refused.status_code == 403
    assert stored(demo, demo.cycle).status is CycleStatus.OPEN


def test_nobody_reads_about_steps_that_are_never_his(demo: DemoCollege) -> None:
    for who in ("qa", *READERS):
        assert "您没有办理采集年度的权限" not in text_of(demo.caller(who).get("/cycles/"))
    assert "要先有签发的报告" in text_of(demo.caller("archive").get("/cycles/"))


def test_a_year_in_preparation_leads_to_its_assignments(demo: DemoCollege) -> None:
    year = demo.cycle.year.next.code
    demo.caller("qa").post("/cycles/prepare", data={"year": year, "due_on": NEXT_DUE})

    answer = demo.caller("qa").get("/cycles/")

    assert links_of(answer).count(f"/assignments/?cycle={year}") == 2


def test_a_teacher_has_no_page_of_years(demo: DemoCollege) -> None:
    assert demo.caller("t_full").get("/cycles/").status_code == 403


def test_a_year_is_closed_and_extended(demo: DemoCollege) -> None:
    closed = year_step(demo, "qa", demo.cycle, CycleVerb.CLOSE)
    past = year_step(demo, "qa", demo.cycle, "extend", reason="停电", due_on="2020-01-01")
    nonsense = year_step(demo, "qa", demo.cycle, "extend", reason="停电", due_on="31.12.")

    assert (closed.status_code, past.status_code, nonsense.status_code) == (302, 422, 422)
    assert ">停电</textarea>" in past.get_data(as_text=True)
    assert year_step(demo, "qa", demo.cycle, "extend", due_on=NEXT_DUE).status_code == 422
    done = year_step(demo, "qa", demo.cycle, "extend", reason="停电", due_on=NEXT_DUE)
    assert done.status_code == 302
    assert demo.cycle.status is CycleStatus.OPEN
    assert demo.cycle.due_at.isoformat() == f"{NEXT_DUE}T15:59:59+00:00"


def test_locking_too_early_names_what_is_missing(demo: DemoCollege) -> None:
    year_step(demo, "qa", demo.cycle, CycleVerb.CLOSE)

    answer = year_step(demo, "qa", demo.cycle, CycleVerb.LOCK)

    assert answer.status_code == 422
    assert "份报送没有审核通过" in text_of(answer)
    assert "7.3.1 职业资格证书获得情况（教务处）" in text_of(answer)
    assert demo.cycle.status is CycleStatus.CLOSED


def test_a_second_click_is_told_that_it_is_done(demo: DemoCollege) -> None:
    cycle = demo.cycle
    year_step(demo, "qa", cycle, CycleVerb.CLOSE)

    answer = year_step(demo, "qa", cycle, CycleVerb.CLOSE)

    assert answer.status_code == 409
    assert "已被他人处理" in text_of(answer)


def test_the_next_year_is_prepared_and_opened(demo: DemoCollege) -> None:
    year = demo.cycle.year.next.code
    asked = {"year": year, "due_on": NEXT_DUE}

    assert demo.caller("qa").post("/cycles/prepare", data=asked).status_code == 302

    with demo.session() as session:
        prepared = session.scalars(select(Cycle).where(Cycle.academic_year == year)).one()
        owed = session.scalars(select(Assignment).where(Assignment.cycle_id == prepared.id)).all()
    assert prepared.status is CycleStatus.PREPARING
    assert len(owed) > 200
    publish_plan(demo, prepared)
    assert year_step(demo, "qa", prepared, CycleVerb.OPEN).status_code == 302
    opened = stored(demo, prepared)
    with demo.session() as session:
        assert session.get_one(CatalogueRevision, opened.catalogue_digest).content.startswith(b"PK")


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"due_on": "2020-01-01"}, 422),
        ({"due_on": "soon"}, 422),
        ({"due_on": ""}, 422),
        ({"year": "next"}, 422),
        ({"year": ""}, 422),
        ({"year": "present"}, 409),
    ],
)
def test_a_year_that_cannot_be_prepared_is_refused(
    demo: DemoCollege, typed: dict[str, str], status: int
) -> None:
    year = {"year": AcademicYear(2090).code, "due_on": NEXT_DUE, **typed}
    year["year"] = demo.cycle.academic_year if year["year"] == "present" else year["year"]

    answer = demo.caller("qa").post("/cycles/prepare", data=year)

    assert answer.status_code == status
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert f'value="{year["due_on"]}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", READERS)
def test_only_the_office_prepares_a_year(demo: DemoCollege, who: str) -> None:
    asked = {"year": "2090-2091", "due_on": NEXT_DUE}

    assert demo.caller(who).post("/cycles/prepare", data=asked).status_code == 403

    with demo.session() as session:
        assert len(session.scalars(select(Cycle)).all()) == 2


@pytest.mark.parametrize("path", ["1/erase", "999/close", "x/close", f"{'9' * 30}/close"])
def test_steps_of_nothing_are_not_found(demo: DemoCollege, path: str) -> None:
    assert demo.caller("qa").post(f"/cycles/{path}", data={"version": 1}).status_code == 404


def test_figures_of_the_college_are_shown_to_those_who_overlook_it(demo: DemoCollege) -> None:
    returned = len(
        demo.caller("qa").get("/api/v1/submissions", status="returned").json["submissions"]
    )
    assert returned > 0
    for who in ("qa", "leader"):
        assert f"已退回 {returned}" in text_of(demo.caller(who).get("/cycles/"))
    for who in ("jwc_steward", "archive", "reader", "admin"):
        assert "已退回" not in text_of(demo.caller(who).get("/cycles/"))


@pytest.mark.parametrize("who", ["qa", "reader"])
def test_the_page_asks_the_database_little(demo: DemoCollege, who: str) -> None:
    caller = demo.caller(who)
    caller.get("/cycles/")

    with demo.counting() as statements:
        caller.get("/cycles/")

    assert len(statements) <= 15, statements
