"""A day's use of tables that were there before us, through the pages and the API."""

from io import BytesIO

import openpyxl
import pytest

from tests.adopted import definitions
from tests.web.adopted_table.conftest import Console

NAMES = ("dw", "xs", "cj", "Order By", "rz", "v_xs")


def test_list_of_tables_names_what_was_adopted(console: Console) -> None:
    page = console.get("/data/?show=all").get_data(as_text=True)
    assert all(f'href="/data/{console.tables[name]}/"' in page for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_table_opens_with_its_description_and_rows(console: Console, name: str) -> None:
    table = console.tables[name]
    assert console.get(f"/data/{table}/").status_code == 200
    spec = console.get(f"/api/v1/data/{table}/spec").get_json()
    rows = console.rows(name)
    assert {field["code"] for field in spec["fields"]} == set(rows[0]["values"])  # type: ignore[call-overload]
    assert all(row["id"] for row in rows)


@pytest.mark.parametrize("name", ["rz", "v_xs"])
def test_table_that_is_read_only_says_why(console: Console, name: str) -> None:
    page = console.get(f"/data/{console.tables[name]}/").get_data(as_text=True)
    assert "只读" in page
    assert "只能查看" in page


def test_row_is_added_changed_and_deleted_through_the_api(console: Console) -> None:
    changes = f"/api/v1/data/{console.tables['xs']}/changes"
    new = {"op": "insert", "id": "new:1", "values": {"xh": "2025100", "xm": "新生"}}
    made = console.send(changes, {"changes": [new]}).get_json()["results"][0]
    edit = {"op": "update", "id": made["id"], "version": made["version"], "values": {"jd": "1.25"}}
    edited = console.send(changes, {"changes": [edit]}).get_json()["results"][0]
    assert (edited["ok"], float(edited["values"]["jd"])) == (True, 1.25)
    stale = console.send(changes, {"changes": [edit | {"values": {"jd": "2"}}]})
    assert stale.status_code == 409
    gone = {"op": "delete", "id": edited["id"], "version": edited["version"]}
    assert console.send(changes, {"changes": [gone]}).status_code == 200


def test_key_that_exists_is_refused_in_chinese(console: Console) -> None:
    body = {"changes": [{"op": "insert", "values": {"xh": "2025001", "xm": "重号"}}]}
    answer = console.send(f"/api/v1/data/{console.tables['xs']}/changes", body)
    assert answer.status_code == 422
    assert "重复" in answer.get_json()["findings"][0]["message"]


def test_form_comes_back_as_it_was_typed(console: Console) -> None:
    address = f"/data/{console.tables['xs']}/new"
    typed = {"field-xh": "2025200", "field-xm": "李<b>明</b>", "field-csrq": "昨天"}
    answer = console.post(address, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="李&lt;b&gt;明&lt;/b&gt;"' in page
    assert "不是有效的日期" in page


def test_form_of_a_row_saves_what_was_changed_only(console: Console) -> None:
    row = next(row for row in console.rows("xs") if row["values"]["xh"] == "2025002")  # type: ignore[index]
    address = f"/data/{console.tables['xs']}/{row['id']}"
    assert "李强" in console.get(address).get_data(as_text=True)
    fields = {"version": row["version"], "field-xm": "李强强", "was-xm": "李强"}
    assert console.post(address, **fields).status_code == 303  # type: ignore[arg-type]
    again = console.post(address, **(fields | {"field-xm": "另一个"}))  # type: ignore[arg-type]
    assert again.status_code == 409
    assert "李强强" in again.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/data/xs/~WyJ4Il0", "/data/nothing/", "/api/v1/data/no/rows"])
def test_what_is_not_there_is_not_found(console: Console, path: str) -> None:
    assert console.get(path.replace("/xs/", f"/{console.tables['xs']}/")).status_code == 404


def test_filter_and_order_come_through_the_address(console: Console) -> None:
    table = console.tables["xs"]
    query = 'filter=["xm","contains","王"]&sort=-xh'
    found = console.get(f"/api/v1/data/{table}/rows?{query}").get_json()
    assert [row["values"]["xh"] for row in found["rows"]] == ["2025001"]
    assert found["labels"]["dwdm"]["C01"] == "汽车工程系"


def test_foreign_key_is_chosen_from_a_list(console: Console) -> None:
    answer = console.get(f"/api/v1/data/{console.tables['xs']}/pick?field=dwdm&q=汽车")
    assert answer.get_json()["items"] == [{"key": "C01", "label": "汽车工程系"}]


def test_rows_leave_as_a_workbook_and_as_csv(console: Console) -> None:
    table = console.tables["xs"]
    page = console.get(f"/data/{table}/").get_data(as_text=True)
    assert page.count("data-follows-rows") == len(("xlsx", "csv"))
    book = console.get(f"/api/v1/data/{table}/export.xlsx").get_data()
    sheet = openpyxl.load_workbook(BytesIO(book)).active
    assert sheet is not None
    assert "2025001" in {cell.value for cell in sheet["A"]}
    assert "王芳" in console.get(f"/api/v1/data/{table}/export.csv").get_data().decode("utf-8-sig")


def test_day_of_use_leaves_the_definitions_as_they_were(console: Console) -> None:
    before = definitions(console.engine)
    for name in NAMES:
        console.get(f"/data/{console.tables[name]}/")
        console.rows(name)
    body = {"changes": [{"op": "insert", "values": {"xh": "2025300", "xm": "某"}}]}
    assert console.send(f"/api/v1/data/{console.tables['xs']}/changes", body).status_code == 200
    assert definitions(console.engine) == before
