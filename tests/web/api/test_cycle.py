"""Collection years over JSON."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.submission import Status
from app.models.request import Request
from app.models.submission import Submission
from tests.demo import DemoCollege


def step(demo: DemoCollege, username: str, verb: str, **body: Any) -> Any:
    cycle = demo.cycle
    sent = {"version": str(cycle.version), **body}
    return demo.caller(username).post(f"cycles/{cycle.id}/{verb}", sent)


def test_years_are_listed_with_what_one_may_do(demo: DemoCollege) -> None:
    open_year, locked = demo.caller("qa").get("cycles").json["cycles"]

    assert (open_year["status"], open_year["permitted"]) == ("open", ["close"])
    assert (locked["status"], locked["permitted"]) == ("locked", ["unlock"])
    assert "archive" in locked["refused"]
    assert demo.caller("jwc_steward").get("cycles").json["cycles"][0]["permitted"] == []


def test_a_year_is_closed_and_extended(demo: DemoCollege) -> None:
    assert step(demo, "qa", "close").json["status"] == "closed"
    day = (demo.cycle.due_at + timedelta(days=30)).date().isoformat()

    answer = step(demo, "qa", "extend", reason="系统故障", due_at=day)

    assert answer.json["status"] == "open"
    # The last moment of the day on the clock of the college.
    assert answer.json["due_at"].startswith(f"{day}T23:59:59+08:00")


@pytest.mark.parametrize("due_at", ["soon", "2026-02-30", "2026-12-31T25:00", "9" * 60])
def test_a_due_date_that_is_none_is_refused(demo: DemoCollege, due_at: str) -> None:
    step(demo, "qa", "close")

    answer = step(demo, "qa", "extend", reason="系统故障", due_at=due_at)

    assert answer.status_code == 400
    assert "due_at" in answer.json["detail"]


def test_a_year_with_open_tables_is_not_locked(demo: DemoCollege) -> None:
    step(demo, "qa", "close")

    answer = step(demo, "qa", "lock")

    assert answer.status_code == 422
    assert answer.json["details"]
    assert demo.cycle.status.value == "closed"


def partly_exempt(demo: DemoCollege) -> tuple[str, str, list[int]]:
    """A table that one department of several is exempt from, one that all are, what is locked."""
    locked = select(Submission).where(
        Submission.cycle_id == demo.locked_cycle.id, Submission.status == Status.LOCKED
    )
    with demo.session() as session:
        own: dict[str, list[Submission]] = {}
        for each in session.scalars(locked):
            own.setdefault(each.table_identifier, []).append(each)
        shared, alone = sorted(own, key=lambda table: -len(own[table]))[:2]
        first, *others = own[shared]
        for each in (first, *own[alone]):
            each.status = Status.EXEMPT
        session.commit()
        return shared, alone, sorted(each.id for each in others)


def test_a_year_is_unlocked_for_what_is_locked_of_a_table(demo: DemoCollege) -> None:
    """What one department was exempt from stays as it is; a table without data is refused."""
    cycle, office = demo.locked_cycle, demo.caller("qa")
    shared, alone, wanted = partly_exempt(demo)
    body = {"version": str(cycle.version), "reason": "漏报", "cause": "department"}
    address = f"cycles/{cycle.id}/unlock"

    refused = office.post(address, {**body, "tables": [shared, alone]})
    asked = office.post(address, {**body, "tables": [shared]})

    assert (refused.status_code, asked.status_code) == (422, 200)
    with demo.session() as session:
        request = session.scalars(select(Request).order_by(Request.id)).all()[-1]
        assert (request.cycle_id, sorted(request.tables or ())) == (cycle.id, wanted)
        assert wanted


@pytest.mark.parametrize(
    ("username", "verb", "status"),
    [
        ("jwc_steward", "close", 403),
        ("admin", "close", 403),
        ("t_full", "close", 404),
        ("qa", "open", 403),
        ("qa", "lock", 403),
        ("qa", "review", 404),
    ],
)
def test_steps_of_others_are_refused(
    demo: DemoCollege, username: str, verb: str, status: int
) -> None:
    assert step(demo, username, verb).status_code == status
    assert demo.cycle.status.value == "open"


def test_the_second_click_is_told_that_it_is_done(demo: DemoCollege) -> None:
    version = str(demo.cycle.version)

    answers = [step(demo, "qa", "close", version=version) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
