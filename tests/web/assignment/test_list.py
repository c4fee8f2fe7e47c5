"""The page of the assignments: what is lacking is seen at once, one save for all changes."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from app.domain.cycle import CycleStatus
from app.domain.submission import Status
from app.models.cycle import Cycle
from app.models.department import Department
from app.web.paging import PAGE_LENGTH
from tests.demo import DemoCollege
from tests.pages import links_of, pages_of, text_of
from tests.web.assignment.years import (
    assign,
    chosen,
    entries,
    holders,
    prepare,
    rows,
    version,
)

READERS = ["jwc_steward", "jwc_head", "leader", "archive", "admin"]
ONE = "responsible:C01:"
UNASSIGNED = {"course": "", "book_collection": ""}


def posts_of(answer: TestResponse) -> set[str]:
    """Where the forms of the page send to, but for searching."""
    page = answer.get_data(as_text=True)
    return set(re.findall(r'<form[^>]* method="post"[^>]* action="([^"]+)"', page))


def end(demo: DemoCollege, code: str) -> None:
    """The department's last day was some days ago."""
    with demo.session() as session:
        department = session.get_one(Department, code)
        department.valid_to = demo.cycle.due_at.date() - timedelta(days=300)
        session.commit()


def test_every_table_stands_there_with_its_department_and_last_years(demo: DemoCollege) -> None:
    answers = pages_of(demo, "qa", "/assignments/")
    answer = answers[0]

    assert [table for one in answers for table in rows(one)] == list(demo.store.catalogue.tables)
    assert {len(rows(one)) for one in answers[:-1]} == {PAGE_LENGTH}
    assert any(chosen(one).get("table.course") == "responsible:A03:" for one in answers)
    assert "采集中" in text_of(answer)
    assert "上年" in text_of(answer)


def test_one_table_leads_back_to_its_page_of_the_list(demo: DemoCollege) -> None:
    last = list(demo.store.catalogue.tables)[-1]
    address = f"/assignments/{demo.cycle.id}/tables/{last}"

    [back] = [link for link in links_of(demo.caller("qa").get(address)) if f"#{last}" in link]

    assert last in rows(demo.caller("qa").get(back.partition("#")[0]))


def test_a_refused_table_of_another_page_is_shown_with_what_was_typed(demo: DemoCollege) -> None:
    last = list(demo.store.catalogue.tables)[-1]
    cycle = prepare(demo)

    answer = assign(demo, cycle, page="1", **{last: "responsible:Z99:"})

    assert answer.status_code == 422
    assert rows(answer) == [*list(demo.store.catalogue.tables)[:PAGE_LENGTH], last]


def test_saving_leads_back_to_the_page_that_was_saved(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    answer = assign(demo, cycle, page="2", course=ONE)

    assert "page=2" in answer.location


def test_the_year_in_preparation_comes_first(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    answer = demo.caller("qa").get("/assignments/")

    assert chosen(answer)["cycle"] == cycle.academic_year
    other = demo.caller("qa").get("/assignments/", cycle=demo.cycle.academic_year)
    assert chosen(other)["cycle"] == demo.cycle.academic_year
    assert demo.caller("qa").get("/assignments/", cycle="1999-2000").status_code == 404


def test_what_is_unassigned_is_counted_and_can_be_looked_at_alone(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    assert assign(demo, cycle, course="", staff="").status_code == 302

    answer = demo.caller("qa").get("/assignments/")
    alone = demo.caller("qa").get("/assignments/", show="unassigned")

    assert "还有 2 张表没有责任部门" in text_of(answer)
    assert sorted(rows(alone)) == ["course", "staff"]
    assert "disabled" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("6.1.1", ["full_time_teacher"]),
        ("毕业生去向", ["graduate_destination"]),
        ("没有这样的表", []),
    ],
)
def test_tables_are_found_by_number_and_name(
    demo: DemoCollege, typed: str, expected: list[str]
) -> None:
    answer = demo.caller("qa").get("/assignments/", q=typed)

    assert answer.status_code == 200
    assert [name for name in rows(answer) if name in expected or not expected] == expected


def test_many_changes_are_saved_at_once(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    answer = assign(demo, cycle, course=ONE, staff="own_staff:C01,C02:A02")

    assert answer.status_code == 302
    # To the top of the page, where the message says what was saved.
    assert "#" not in answer.location
    assert holders(demo, cycle, "course") == {"C01": "responsible"}
    assert holders(demo, cycle, "staff") == {
        "A02": "guidance",
        "C01": "own_staff",
        "C02": "own_staff",
    }
    page = demo.caller("qa").get("/assignments/", show="changed")
    assert sorted(rows(page)) == ["course", "staff"]


def test_marked_tables_go_to_one_department_together(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    answer = assign(demo, cycle, marked=["course", "staff"], marked_to="responsible:B02:")

    assert answer.status_code == 302
    for table in ("course", "staff"):
        assert holders(demo, cycle, table) == {"B02": "responsible"}


def test_marked_tables_keep_their_guidance_when_several_fill_them(demo: DemoCollege) -> None:
    cycle = prepare(demo)

    assign(demo, cycle, marked=["full_time_teacher"], marked_to="own_staff:C01,C02:")

    assert holders(demo, cycle, "full_time_teacher") == {
        "A02": "guidance",
        "C01": "own_staff",
        "C02": "own_staff",
    }


@pytest.mark.parametrize(
    "typed", [{"marked": ["course"]}, {"marked_to": ONE}, {"course": "nonsense"}]
)
def test_half_a_choice_is_refused_with_everything_kept(
    demo: DemoCollege, typed: dict[str, object]
) -> None:
    cycle = prepare(demo)

    answer = assign(demo, cycle, staff=ONE, reason="机构调整", **typed)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert holders(demo, cycle, "staff") == {"A02": "responsible"}
    if "course" not in typed:
        assert chosen(answer)["table.staff"] == ONE
        assert 'value="机构调整"' in answer.get_data(as_text=True)


def test_a_refused_table_is_told_at_its_row_and_nothing_is_saved(demo: DemoCollege) -> None:
    cycle = demo.cycle
    demo.set_status("course", "A03", Status.SUBMITTED)

    answer = assign(demo, cycle, course=ONE, staff=ONE, reason="机构调整")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="fault-course"' in page
    assert 'id="fault-staff"' not in page
    assert chosen(answer)["table.course"] == chosen(answer)["table.staff"] == ONE
    assert "不能改派" in text_of(answer)
    assert holders(demo, cycle, "staff") == {"A02": "responsible"}


def test_a_stale_page_keeps_what_was_chosen_and_shows_what_others_chose(
    demo: DemoCollege,
) -> None:
    cycle = prepare(demo)
    assign(demo, cycle, course="responsible:C02:")

    answer = assign(demo, cycle, course=ONE, version=1)

    assert answer.status_code == 409
    assert chosen(answer)["table.course"] == ONE
    assert "其间已有人改为：机电工程系" in text_of(answer)
    assert holders(demo, cycle, "course") == {"C02": "responsible"}
    assert assign(demo, cycle, course=ONE).status_code == 302


def test_only_what_was_chosen_on_the_page_is_changed(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    form = {"version": version(demo, cycle), "table.course": ONE, "was.course": ONE}

    answer = demo.caller("qa").post(f"/assignments/{cycle.id}/assign", data=form)

    assert answer.status_code == 302
    assert holders(demo, cycle, "course") == {"A03": "responsible"}


def test_others_read_the_assignments_and_change_nothing(demo: DemoCollege) -> None:
    for count, who in enumerate(READERS, start=1):
        answer = demo.caller(who).get("/assignments/")
        assert answer.status_code == 200
        assert "教务处" in text_of(answer)
        assert posts_of(answer) == {"/logout/"}

        assert assign(demo, demo.cycle, who, course=ONE).status_code == 403

        assert len(entries(demo, "assignment.assign_refused")) == count
    assert holders(demo, demo.cycle, "course") == {"A03": "responsible"}


def test_a_department_finds_its_own_tables(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_steward").get("/assignments/", show="mine")

    owned = next(d for d in demo.store.catalogue.departments if d.code == "A03").owns
    core = {name for name in owned if demo.store.catalogue.tables[name].tier == "core"}
    assert set(rows(answer)) == core


@pytest.mark.parametrize("who", ["t_full", "reader"])
def test_whoever_has_no_right_has_no_page(demo: DemoCollege, who: str) -> None:
    assert demo.caller(who).get("/assignments/").status_code == 403


def test_an_abolished_department_is_marked_and_not_offered(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    end(demo, "A03")

    answer = demo.caller("qa").get("/assignments/", show="abolished")

    assert "course" in rows(answer)
    assert "已撤销：教务处" in text_of(answer)
    assert "有数据表分给了已撤销的部门" in text_of(answer)
    refused = assign(demo, cycle, library_collection="responsible:A03:")
    assert "教务处已撤销" in text_of(refused)


def test_a_new_year_leaves_out_departments_abolished_since(demo: DemoCollege) -> None:
    end(demo, "A03")

    cycle = prepare(demo)

    answer = demo.caller("qa").get("/assignments/", show="unassigned")
    assert "张表没有责任部门" in text_of(answer)
    assert "course" in rows(answer)
    assert "上年部门已撤销：教务处" in text_of(answer)
    assert holders(demo, cycle, "course") == {}


def test_gaps_are_filled_from_last_year_or_the_catalogue(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    for way in ("take_over", "propose"):
        assign(demo, cycle, course="")
        form = {"version": version(demo, cycle)}

        answer = demo.caller("qa").post(f"/assignments/{cycle.id}/{way}", data=form)

        assert answer.status_code == 302
        assert holders(demo, cycle, "course") == {"A03": "responsible"}


def test_an_open_year_is_not_filled_and_its_tables_are_reassigned(demo: DemoCollege) -> None:
    cycle = demo.cycle
    form = {"version": version(demo, cycle)}

    filled = demo.caller("qa").post(f"/assignments/{cycle.id}/take_over", data=form)
    missing = assign(demo, cycle, course=ONE)

    assert (filled.status_code, missing.status_code) == (403, 422)
    assert "须填写理由" in text_of(missing)
    assert assign(demo, cycle, course=ONE, reason="专业归口调整").status_code == 302
    assert holders(demo, cycle, "course") == {"C01": "responsible"}
    moved = demo.submission("course", "C01")
    history = demo.caller("qa").get(f"/submissions/{moved.id}")
    assert "教务处 → 汽车工程系" in text_of(history)
    assert "改派" in text_of(history)


def test_a_complete_year_is_opened_from_here(demo: DemoCollege) -> None:
    cycle = prepare(demo)
    page = demo.caller("qa").get("/assignments/").get_data(as_text=True)

    assert f'action="/cycles/{cycle.id}/open"' in page
    form = {"version": version(demo, cycle)}
    assert demo.caller("qa").post(f"/cycles/{cycle.id}/open", data=form).status_code == 302
    with demo.session() as session:
        assert session.get_one(Cycle, cycle.id).status is CycleStatus.OPEN


@pytest.mark.parametrize("path", ["", "?show=unassigned", "departments/"])
@pytest.mark.parametrize("who", ["qa", "jwc_head"])
def test_the_pages_ask_the_database_little(demo: DemoCollege, who: str, path: str) -> None:
    prepare(demo)
    caller = demo.caller(who)
    caller.get("/assignments/")

    with demo.counting() as statements:
        assert caller.get(f"/assignments/{path}").status_code == 200

    assert len(statements) <= 15, statements


@pytest.mark.parametrize(
    "path", ["999/assign", "999/take_over", "x/assign", f"{'9' * 30}/assign", "999/tables/course"]
)
def test_assignments_of_nothing_are_not_found(demo: DemoCollege, path: str) -> None:
    assert demo.caller("qa").post(f"/assignments/{path}", data={"version": 1}).status_code == 404
