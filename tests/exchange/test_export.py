"""Exports: what they show, that no text becomes a formula, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import insert

from app.catalogue.loader import load_catalogue
from app.domain.message import Message
from app.exchange.export import ExportForm, export_csv, export_workbook
from app.exchange.template_identity import Place
from app.models.base_table import Store
from app.reports.base_table import RowsRequest, iterate_rows
from tests.exchange.books import edited, opened
from tests.exchange.conftest import DEPARTMENT_NAME, NOW, ROOT, YEAR, College, place_of
from tests.factories import plausible_row

Chinese = Callable[[Message], str]
Rows = Sequence[Mapping[str, Any]]
TABLES = list(load_catalogue(ROOT / "seed" / "catalogue").tables)
NAMES = {"A03": DEPARTMENT_NAME, "A04": "学生工作处"}
FORM = ExportForm(unmasked=True)


def campus(code: str, **values: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(
        ("campus_name", "address", "is_main", "land_area", "student_capacity")
    )
    return row | {"sys_department": "A03", "campus_code": code} | values


def part_of(rows: Rows) -> dict[str, list[Any]]:
    """The rows by columns, as they are read; rows that were never stored have a number each."""
    found = [{"sys_id": n, "sys_version": 1, **row} for n, row in enumerate(rows, 1)]
    return {name: [row[name] for row in found] for name in found[0]}


def exported(
    store: Store,
    table: str,
    rows: Any,
    chinese: Chinese,
    *,
    several: bool = False,
    form: Any = FORM,
) -> bytes:
    stored = store.tables[table]
    place = Place(stored.spec.period_in(YEAR)) if several else place_of(stored.spec)
    pieces = export_workbook(
        store.catalogue, stored, [part_of(rows)], place, NAMES, form, translate=chinese, now=NOW
    )
    return b"".join(pieces)


def sheet_of(college: College, rows: Rows, chinese: Chinese, **options: Any) -> Worksheet:
    return opened(exported(college.store, "campus", rows, chinese, **options)).worksheets[0]


def csv_of(college: College, rows: Rows, chinese: Chinese) -> str:
    stored = college.store.tables["campus"]
    parts = export_csv(
        college.store.catalogue,
        stored,
        [part_of(rows)],
        place_of(stored.spec),
        NAMES,
        FORM,
        translate=chinese,
    )
    return b"".join(parts).decode("utf-8-sig")


@pytest.mark.parametrize("table", TABLES)
def test_an_export_taken_back_in_changes_nothing(
    full_college: College, chinese: Chinese, table: str
) -> None:
    session, store, steward = full_college.session, full_college.store, full_college.steward
    wanted = RowsRequest(period=store.tables[table].spec.period_in(YEAR).code)
    rows = list(iterate_rows(session, store, table, steward, wanted))
    content = exported(store, table, rows, chinese, several=True)

    result = full_college.bring_in(table, content)

    assert result.findings == ()
    assert (result.unchanged, result.changed, result.created, result.rejected) == (1, 0, 0, 0)


def test_only_the_edited_cell_of_an_export_changes(college: College, chinese: Chinese) -> None:
    for number in (1, 2, 3):
        college.store_row("campus", number)
    wanted = RowsRequest(period=place_of(college.store.tables["campus"].spec).period.code)
    rows = list(iterate_rows(college.session, college.store, "campus", college.steward, wanted))
    content = exported(college.store, "campus", rows, chinese)

    result = college.bring_in("campus", edited(content, {"B3": "新名称"}))

    assert (result.changed, result.unchanged) == (1, 2)
    changed = next(row for row in result.preview if row.outcome == "changed")
    assert (changed.row, list(changed.before)) == (3, ["campus_name"])


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("x")'])
def test_text_never_becomes_a_formula(college: College, chinese: Chinese, text: str) -> None:
    rows = [campus("1", campus_name=text)]

    cell = sheet_of(college, rows, chinese)["B2"]

    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
    assert "'" + text in csv_of(college, rows, chinese).replace('""', '"')


def test_values_are_shown_by_label_and_in_their_type(college: College, chinese: Chinese) -> None:
    spec = college.store.tables["course"].spec
    row = plausible_row(spec, college.store.catalogue, 7) | {"sys_department": "A03"}
    content = exported(college.store, "course", [row], chinese)

    shown = dict(zip(spec.by_code, list(opened(content).worksheets[0].values)[1][:-1], strict=True))

    types = college.store.catalogue.code_list_of(spec.by_code["course_type"])
    assert types is not None
    assert shown["course_type"] == types.labels[str(row["course_type"])]
    assert (shown["is_core"], str(shown["credit"])) == ("否", str(row["credit"]))


def test_codes_are_shown_on_request(college: College, chinese: Chinese) -> None:
    spec = college.store.tables["course"].spec
    row = plausible_row(spec, college.store.catalogue, 7) | {"sys_department": "A03"}
    form = ExportForm(with_labels=False)

    content = exported(college.store, "course", [row], chinese, form=form)

    shown = dict(zip(spec.by_code, list(opened(content).worksheets[0].values)[1][:-1], strict=True))
    assert (shown["course_type"], shown["is_core"]) == (row["course_type"], row["is_core"])


def test_personal_values_are_masked_unless_permitted(college: College, chinese: Chinese) -> None:
    spec = college.store.tables["major_head"].spec
    row = plausible_row(spec, college.store.catalogue, 7) | {"sys_department": "A03"}
    masked = exported(college.store, "major_head", [row], chinese, form=ExportForm())
    whole = exported(college.store, "major_head", [row], chinese)

    assert row["email"] not in list(opened(masked).worksheets[0].values)[1]
    assert row["email"] in list(opened(whole).worksheets[0].values)[1]


def test_rows_of_several_departments_are_led_by_its_name(
    college: College, chinese: Chinese
) -> None:
    rows = [campus("1"), campus("2", sys_department="A04")]

    sheet = sheet_of(college, rows, chinese, several=True)

    assert [cell.value for cell in sheet["A"]] == ["填报部门", "教务处", "学生工作处"]


def test_numbers_too_long_for_excel_keep_their_digits(college: College, chinese: Chinese) -> None:
    stored = college.store.tables["campus"]
    key = {"sys_key": "k", "sys_version": 1, "sys_period": place_of(stored.spec).period.code}
    row = campus("1", student_capacity=123_456_789_012_345_678)
    college.session.execute(insert(stored.table), [row | key])
    college.session.commit()

    cell = sheet_of(college, [row], chinese)["F2"]

    assert cell.value == "123456789012345678"


def test_csv_opens_in_excel(college: College, chinese: Chinese) -> None:
    stored = college.store.tables["campus"]
    rows = [campus(f"{n:03}", land_area=None, is_main=True) for n in range(1200)]
    parts = list(
        export_csv(
            college.store.catalogue,
            stored,
            [part_of(rows[:500]), part_of(rows[500:1000]), part_of(rows[1000:])],
            place_of(stored.spec),
            NAMES,
            FORM,
            translate=chinese,
        )
    )

    lines = b"".join(parts).decode("utf-8-sig").split("\r\n")
    assert parts[0].startswith(b"\xef\xbb\xbf")
    assert (len(parts), len(lines), lines[2]) == (4, 1202, "001,,,是,,")
