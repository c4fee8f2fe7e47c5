"""The story as it is read: which scenes a year has and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.cli.demo_story import YearStory

TODAY = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
NEWS, BOOKS = ("news", "A01"), ("books", "B01")
TOLD: dict[str, Any] = {
    "prepared": 41,
    "due": -20,
    "reports_empty": True,
    "cycle": [{"verb": "open", "day": 40}],
    "paces": {
        "early": {"enter": 30, "finish": 20},
        "late": {"enter": 9, "finish": 2},
    },
    "departments": {"A01": ["early"], "B01": ["late"]},
    "tables": {},
    "courses": [],
}


def story(**more: Any) -> YearStory:
    return YearStory({**TOLD, **more}, {"nothing": "nothing there"}, TODAY)


def verbs(told: YearStory, *filled: tuple[str, str]) -> list[tuple[str, str]]:
    scenes = told.scenes([BOOKS, NEWS], filled)
    return [(scene.place[0] if scene.place else "", scene.verb) for scene in scenes]


def test_scenes_of_all_tables_come_in_the_order_of_time() -> None:
    found = verbs(story(), NEWS, BOOKS)

    assert found[:3] == [("", "open"), ("news", "enter"), ("news", "finish")]
    assert found[3:] == [("books", "enter"), ("books", "finish")]


def test_days_count_back_on_the_clock_of_the_college() -> None:
    entered = story().scenes([NEWS], [NEWS])[1].at

    assert entered.date() == (TODAY + timedelta(hours=8)).date() - timedelta(days=30)
    assert story().due_at.isoformat() == "2026-12-16T23:59:59+08:00"


@pytest.mark.parametrize(("reports_empty", "left"), [(True, ["finish"]), (False, [])])
def test_what_has_no_rows_is_reported_empty_or_left_alone(
    reports_empty: bool, left: list[str]
) -> None:
    told = story(reports_empty=reports_empty, cycle=[])
    scenes = told.scenes([NEWS], [])

    assert [scene.verb for scene in scenes] == left
    assert all(scene.told["reason"] == "nothing there" for scene in scenes)


def test_a_table_may_keep_another_pace_or_take_steps_of_its_own() -> None:
    steps = [{"verb": "exempt", "day": 35, "reason": "no news"}]
    own = [
        {"table": "news", "department": "A01", "steps": steps},
        {"table": "books", "department": "B01", "pace": "early"},
    ]
    scenes = story(courses=own, cycle=[]).scenes([NEWS, BOOKS], [BOOKS])

    assert [scene.verb for scene in scenes] == ["exempt", "enter", "finish"]
    assert scenes[0].told["reason"] == "no news"


def test_a_table_nobody_owes_is_a_mistake_in_the_story() -> None:
    own = [{"table": "weather", "department": "A01", "pace": "early"}]

    with pytest.raises(LookupError, match="weather"):
        story(courses=own).scenes([NEWS], [])
