"""Definitions that cannot work are refused in words, before anything is read."""

from typing import Any

import pytest

from app.access.feed import why_not_define, why_not_run
from app.actions.feed import switch_feed
from app.catalogue.adopted_table import ColumnKind
from app.domain.message import Reason, Refused
from app.models.adopted_table import live_tables
from tests.feeds import CONTENT, COURSES, Feeding, courses, with_right

# The kind of database makes no difference to a definition.
pytestmark = pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
FIELDS = CONTENT["fields"]


def without_key() -> dict[str, Any]:
    return {code: each for code, each in FIELDS.items() if code != "course_code"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"fields": FIELDS | {"credit": {"column": "gone"}}}, "no column gone any more"),
        ({"fields": without_key()}, "key field 课程代码 needs"),
        ({"fields": FIELDS | {"nothing": {"value": "1"}}}, "has no field nothing"),
        ({"period": {"column": "xn", "pattern": "{year}"}}, "has to hold {start}"),
        ({"period": {"column": "xn", "pattern": "*{start}"}}, "has to hold {start}"),
        ({"department": {"column": "bm"}}, "no column bm any more"),
        ({"department": {"column": "dw", "codes": {"301": "X99"}}}, "no department X99"),
        ({"department": {}}, "cannot be read at department"),
        ({"fields": {"credit": {"column": "xf", "value": "1"}}}, "cannot be read at credit"),
        ({"filter": ["gone", "=", 1]}, "no column gone any more"),
        ({"filter": ["xf", "drop table", 1]}, "no operator drop table"),
        ({"filter": "1 = 1"}, "filter cannot be read"),
    ],
)
def test_bad_definition_is_refused_with_its_fault(
    feeding: Feeding, content: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused) as refusal:
        feeding.define(name="坏的", content=content)

    told = [refusal.value.message, *refusal.value.details]
    assert any(words in message.english() for message in told), told
    assert refusal.value.reason is Reason.INVALID


@pytest.mark.parametrize(
    ("kind", "field"), [(ColumnKind.DATE, "credit"), (ColumnKind.BINARY, "course_name")]
)
def test_column_of_another_type_is_refused(feeding: Feeding, kind: ColumnKind, field: str) -> None:
    table = courses(xf=kind)
    feeding.store.adopted[COURSES] = live_tables({COURSES: table})[COURSES]  # type: ignore[index]

    with pytest.raises(Refused) as refusal:
        feeding.define(name="坏的", content={"fields": FIELDS | {field: {"column": "xf"}}})

    assert refusal.value.details


def test_masked_column_feeds_nothing_and_filters_nothing(feeding: Feeding) -> None:
    table = courses(masked="kcm")
    feeding.store.adopted[COURSES] = live_tables({COURSES: table})[COURSES]  # type: ignore[index]

    for content in (
        {},
        {"fields": {"course_code": {"column": "kch"}}, "filter": ["kcm", "=", "a"]},
    ):
        with pytest.raises(Refused):
            feeding.define(name="坏的", content=content)
    with pytest.raises(Refused):
        feeding.run()


def test_defining_takes_the_right_and_the_source_and_brings_neither(feeding: Feeding) -> None:
    people = feeding.college.founded.people
    live, target = feeding.store.adopted[COURSES], feeding.store.tables["course"]

    assert why_not_define(feeding.office, live) is None
    assert why_not_define(people.zhou_min, live) is not None
    assert why_not_define(people.administrator, live) is not None
    assert why_not_define(feeding.steward, live) is not None
    assert why_not_run(feeding.office, live, target) is not None


def test_administrator_switches_a_feed_off_and_nobody_runs_it(feeding: Feeding) -> None:
    administrator = feeding.college.founded.people.administrator
    switch = {"is_active": False, "by": administrator, "now": feeding.now}
    switch_feed(feeding.college.session, feeding.number, **switch)  # type: ignore[arg-type]

    with pytest.raises(Refused):
        feeding.run()

    entry = feeding.college.entries(f"feed:{feeding.number}")[-1]
    assert (entry.tag, entry.person_name) == ("feed.switch_off", "管理员")


def test_stale_form_and_taken_name_are_refused(feeding: Feeding) -> None:
    for more in ({"number": feeding.number, "version": 0}, {}):
        with pytest.raises(Refused) as refusal:
            feeding.define(**more)
        assert refusal.value.reason is Reason.CONFLICT


def test_filter_and_pattern_choose_the_rows(feeding: Feeding) -> None:
    feeding.add("K5", "下学期", "1", "1.0", 1, "2025-2026-2", "301")
    period = {"column": "xn", "pattern": "{start}-{end}*"}
    chosen = {"period": period, "filter": {"and": [["hx", "=", 1]]}}

    shown = feeding.run(number=feeding.define(name="核心课", content=chosen)).departments[0]

    assert [row.title[:2] for row in shown.rows] == ["K1", "K5"]


def test_one_department_and_all_rows_may_be_fixed(feeding: Feeding) -> None:
    content = {"department": {"value": "A03"}, "period": None}
    number = feeding.define(name="全部", content=content)

    assert feeding.run(number=number).departments[0].counts["created"] == 3
    stranger = with_right(feeding.college.founded.people.chen_gang, ("list", COURSES))
    with pytest.raises(Refused):
        feeding.run(number=number, by=stranger)


@pytest.mark.parametrize(
    "source", [{"value": "必修"}, {"column": "kclb", "translate": {"2": "乱写"}}]
)
def test_value_that_the_field_never_takes_is_refused_at_once(
    feeding: Feeding, source: dict[str, Any]
) -> None:
    fields = {**CONTENT["fields"], "course_property": source}

    with pytest.raises(Refused) as refusal:
        feeding.define(name="坏的", content={"fields": fields})

    assert any("课程属性" in str(fault.parameters) for fault in refusal.value.details)
