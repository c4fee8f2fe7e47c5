"""The page of one table: grid, rows as a list, and who is offered what."""

import pytest

from app.domain.submission import Status
from app.models.base_table import Store
from tests.demo import DemoCollege
from tests.pages import links_of, text_of

MOST_STATEMENTS = 15
NONSENSE = ["x", "0", "-1", "9" * 5000, "%00", "\0", "';--", "../..", "2025-2026\n", "é" * 300]
BUTTONS = ("add-row", "delete-rows", "undo", "redo")


def test_the_grid_knows_its_place(demo: DemoCollege) -> None:
    page = demo.caller("jwc_steward").get("/data/course/").get_data(as_text=True)

    assert 'data-department="A03"' in page
    assert f'data-period="{demo.period("course")}"' in page
    assert 'data-changes-url="/api/v1/data/course/changes"' in page
    assert all(f'data-action="{name}"' in page for name in BUTTONS)
    assert "/data/course/import?" in page


def test_the_submission_is_one_click_away(demo: DemoCollege) -> None:
    answer = demo.caller("jwc_steward").get("/data/course/")

    assert f"/submissions/{demo.submission('course', 'A03').id}" in links_of(answer)


@pytest.mark.parametrize("field", ["course_code", "direction_code"])
def test_a_teacher_picks_what_his_rows_name_of_all_departments(
    demo: DemoCollege, field: str
) -> None:
    caller, table = demo.caller("t_full"), "full_time_teaching_load"

    offered = caller.get(f"/data/{table}/options", field=field)
    picked = caller.get(f"/api/v1/data/{table}/pick", field=field)

    assert "<option" in offered.get_data(as_text=True)
    assert picked.json is not None
    assert all(item.keys() == {"key", "label"} for item in picked.json["items"])
    assert picked.json["items"]


def test_a_teacher_picks_only_for_tables_that_he_opens(demo: DemoCollege) -> None:
    answer = demo.caller("t_full").get("/api/v1/data/course/pick", field="department_code")

    assert answer.status_code == 403


def test_a_teacher_reads_what_the_codes_of_his_rows_mean(demo: DemoCollege) -> None:
    answer = demo.caller("t_full").get("/api/v1/data/full_time_teaching_load/rows")

    assert answer.json is not None
    assert answer.json["labels"].keys() >= {"course_code"}


def test_a_table_of_others_is_refused_by_name(demo: DemoCollege) -> None:
    answer = demo.caller("qcx_steward").get("/data/funding_income/")

    assert answer.status_code == 403
    assert "5.1.1 经费收入" in text_of(answer)
    assert "质管办" in text_of(answer)


def test_rows_of_another_department_are_refused(demo: DemoCollege) -> None:
    answer = demo.caller("qcx_steward").get("/data/full_time_teacher/", department="C02")

    assert answer.status_code == 403


def test_an_unknown_table_is_not_found(demo: DemoCollege) -> None:
    for path in ("", "new", "import", "1", "options"):
        assert demo.caller("qa").get(f"/data/nothing/{path}").status_code == 404


@pytest.mark.parametrize("status", [status for status in Status if not status.is_editable])
def test_a_closed_submission_shows_its_reason_and_no_button(
    demo: DemoCollege, status: Status
) -> None:
    demo.set_status("course", "A03", status)

    answer = demo.caller("jwc_steward").get("/data/course/")

    page = answer.get_data(as_text=True)
    assert not any(f'data-action="{name}"' in page for name in BUTTONS)
    assert "/data/course/import?" not in page
    assert "新增一行" not in page
    assert "不能修改" in text_of(answer)


def test_a_locked_year_can_be_looked_at(demo: DemoCollege) -> None:
    period = demo.period("course", demo.locked_cycle)

    answer = demo.caller("jwc_steward").get("/data/course/", period=period)

    assert 'data-action="add-row"' not in answer.get_data(as_text=True)
    assert "已锁定" in text_of(answer)


def test_a_reader_gets_the_grid_without_buttons(demo: DemoCollege) -> None:
    page = demo.caller("jwc_head").get("/data/course/").get_data(as_text=True)

    assert not any(f'data-action="{name}"' in page for name in BUTTONS)
    assert "export.xlsx" in page


@pytest.mark.parametrize(
    ("action", "button"),
    [
        ("add", 'data-action="add-row"'),
        ("delete", 'data-action="delete-rows"'),
        ("import", "/data/course/import"),
        ("export", "export.xlsx"),
    ],
)
def test_a_permission_row_takes_its_button_along(
    demo: DemoCollege, action: str, button: str
) -> None:
    caller = demo.caller("jwc_steward")
    assert button in caller.get("/data/course/").get_data(as_text=True)

    demo.revoke(action, "course")

    assert button not in caller.get("/data/course/").get_data(as_text=True)


def test_the_only_reporting_department_is_chosen_for_the_quality_office(demo: DemoCollege) -> None:
    page = demo.caller("qa").get("/data/course/").get_data(as_text=True)

    assert 'data-department="A03"' in page


def test_the_quality_office_chooses_among_departments(demo: DemoCollege) -> None:
    answer = demo.caller("qa").get("/data/full_time_teacher/")

    assert "全部部门 汽车工程系 机电工程系" in text_of(answer)
    assert 'data-department=""' in answer.get_data(as_text=True)


def test_rows_are_listed_with_links_to_their_forms(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    answer = caller.get("/data/course/", view="rows")

    first = demo.stored("course")
    ids = {str(row["sys_id"]) for row in first if row["sys_period"] == demo.period("course")}
    linked = {
        link.partition("?")[0].rpartition("/")[2]
        for link in links_of(answer)
        if link.startswith("/data/course/")
    }
    assert len(linked & ids) == 25
    assert "第 1 页，共 2 页" in text_of(answer)


def test_the_list_of_rows_searches_and_turns_pages(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    found = text_of(caller.get("/data/course/", view="rows", q="形势与政策"))
    second = text_of(caller.get("/data/course/", view="rows", page="2"))

    assert "形势与政策" in found
    assert "高等数学" not in found
    assert "第 2 页，共 2 页" in second
    assert "形势与政策" not in second


def test_an_empty_table_says_how_to_begin(demo: DemoCollege) -> None:
    text = text_of(demo.caller("gyxx_steward").get("/data/full_time_patent/", view="rows"))

    assert "本表还没有数据" in text


def test_personal_fields_are_masked_for_the_quality_office(demo: DemoCollege) -> None:
    stored = next(row for row in demo.stored("staff") if row["id_card_no"])
    caller = demo.caller("qa")

    page = caller.get(f"/data/staff/{stored['sys_id']}").get_data(as_text=True)

    assert stored["id_card_no"] not in page
    assert stored["name"] in page


@pytest.mark.parametrize("text", NONSENSE)
@pytest.mark.parametrize("name", ["period", "department", "q", "page", "view", "show", "field"])
def test_no_parameter_breaks_a_page(demo: DemoCollege, name: str, text: str) -> None:
    caller = demo.caller("jwc_steward")

    for path in ("", "course/", "major/new", "major/import", "major/options", "major/1"):
        assert caller.get(f"/data/{path}", **{name: text}).status_code < 500, path


@pytest.mark.parametrize("username", ["qa", "qcx_steward", "t_full"])
def test_a_table_costs_few_statements(demo: DemoCollege, username: str) -> None:
    caller = demo.caller(username)
    costs = {}

    for table in visited(demo.store):
        with demo.counting() as statements:
            assert caller.get(f"/data/{table}/").status_code in (200, 403)
        costs[table] = len(statements)

    assert {table: cost for table, cost in costs.items() if cost > MOST_STATEMENTS} == {}


def visited(store: Store) -> list[str]:
    """Tables that differ: with most references, filled by teachers, with a single row."""
    return ["course", "major", "full_time_teacher", "internship_record", "funding_income", "staff"]
