"""Export, edit, import: only what was edited is changed, whatever happened meanwhile (I11)."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from xlsxwriter import Workbook

from app.actions.base_table import apply_changes
from app.actions.row_change import DELETE, UPDATE, Change
from app.exchange.import_result import ImportFinding, ImportResult
from app.exchange.row_identity import digests, mark_text, marking_lines, write_marks
from app.exchange.template_identity import identity_of, write_identity
from app.exchange.uploaded_file import ImportMode
from tests.exchange.books import edited, opened, saved
from tests.exchange.conftest import DEPARTMENT, NOW, College, place_of

TABLE = "campus"
HEADING = "行标识（请勿改动）"


def stored_rows(college: College) -> Sequence[Mapping[str, object]]:
    table = college.store.tables[TABLE].table
    return [dict(row) for row in college.session.execute(select(table)).mappings()]


def workbook(college: College) -> bytes:
    """The rows as they are now, as a file that knows which rows they are."""
    stored, rows = college.store.tables[TABLE], stored_rows(college)
    columns = [[row[code] for row in rows] for code in stored.columns]
    found = digests(columns)
    target = BytesIO()
    with Workbook(target) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, list(stored.columns))
        for index, column in enumerate(columns):
            sheet.write_column(1, index, column)
        marks = [
            mark_text(str(row["sys_id"]), str(row["sys_version"]), digest)
            for row, digest in zip(rows, found, strict=True)
        ]
        write_marks(sheet, 0, len(columns), HEADING, marks)
        place = place_of(stored.spec)
        identity = identity_of(
            stored.spec, college.store.catalogue.digest, place.period.code, place.department
        )
        write_identity(book, identity, marking_lines(tuple(stored.columns), str(len(rows))))
    return target.getvalue()


def filled(college: College, count: int = 3) -> bytes:
    for number in range(1, count + 1):
        college.store_row(TABLE, number)
    return workbook(college)


def change(college: College, number: int, **values: object) -> None:
    """Somebody changes or, without values, deletes a row on the platform."""
    row = stored_rows(college)[number - 1]
    operation = UPDATE if values else DELETE
    sent = Change(operation, values, str(row["sys_id"]), str(row["sys_version"]))
    apply_changes(
        college.session,
        college.store,
        TABLE,
        [sent],
        by=college.steward,
        now=NOW,
        period=place_of(college.store.tables[TABLE].spec).period.code,
        department=DEPARTMENT,
    )


def bring_in(college: College, content: bytes, **more: object) -> ImportResult:
    digest = college.bring_in(TABLE, content, **more).digest  # type: ignore[arg-type]
    return college.bring_in(TABLE, content, dry_run=False, digest=digest, **more)  # type: ignore[arg-type]


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.created, result.changed, result.unchanged, result.rejected


def names(college: College) -> list[object]:
    return [row["campus_name"] for row in stored_rows(college)]


def only(findings: Sequence[ImportFinding]) -> ImportFinding:
    assert len(findings) == 1, findings
    return findings[0]


def sheet_and_book(content: bytes) -> tuple[Worksheet, object]:
    book = opened(content)
    return book.worksheets[0], book


def test_untouched_rows_stay_although_they_were_changed_meanwhile(college: College) -> None:
    content = filled(college)
    change(college, 2, campus_name="平台上改的")

    result = bring_in(college, edited(content, {"B2": "文件里改的"}))

    assert counts(result) == (0, 1, 2, 0)
    assert names(college)[:2] == ["文件里改的", "平台上改的"]


def test_only_the_edited_cell_is_changed_where_another_cell_of_the_row_changed_meanwhile(
    college: College,
) -> None:
    content = filled(college)
    change(college, 1, address="平台上改的地址")

    result = bring_in(college, edited(content, {"B2": "文件里改的"}))

    row = stored_rows(college)[0]
    assert counts(result) == (0, 1, 2, 0)
    assert (row["campus_name"], row["address"]) == ("文件里改的", "平台上改的地址")


def test_a_cell_changed_on_both_sides_is_told_with_both_values(college: College) -> None:
    content = filled(college)
    change(college, 1, campus_name="平台上改的")

    result = college.bring_in(TABLE, edited(content, {"B2": "文件里改的"}))

    finding = only(result.findings)
    assert (finding.row, finding.column, finding.rule) == (2, "B", "CONFLICT")
    assert finding.message.parameters["mine"] == "文件里改的"
    assert finding.message.parameters["theirs"] == "平台上改的"
    assert finding.message.parameters["person"] == college.steward.name
    assert result.rejected == 1


def test_typing_the_platform_s_value_settles_the_conflict(college: College) -> None:
    content = filled(college)
    change(college, 1, campus_name="平台上改的")

    result = bring_in(college, edited(content, {"B2": "平台上改的", "C2": "新地址"}))

    assert counts(result) == (0, 1, 2, 0)


def test_a_row_is_found_by_its_mark_when_its_key_was_corrected(college: College) -> None:
    content = filled(college)
    before = [row["sys_id"] for row in stored_rows(college)]

    result = bring_in(college, edited(content, {"A2": "新代码"}))

    assert counts(result) == (0, 1, 2, 0)
    assert [row["sys_id"] for row in stored_rows(college)] == before
    assert stored_rows(college)[0]["campus_code"] == "新代码"


def test_rows_deleted_from_the_file_stay_and_are_told(college: College) -> None:
    sheet, book = sheet_and_book(filled(college))
    sheet.delete_rows(3)

    result = bring_in(college, saved(book))  # type: ignore[arg-type]

    assert only(result.findings).message.parameters == {"count": 1}
    assert (counts(result), len(names(college))) == ((0, 0, 2, 0), 3)


def test_a_row_deleted_on_the_platform_does_not_come_back_by_itself(college: College) -> None:
    content = filled(college)
    change(college, 3)

    result = bring_in(college, content)

    assert only(result.findings).rule == "GONE"
    assert (counts(result), len(names(college))) == ((0, 0, 3, 0), 2)


def test_it_comes_back_by_adding_rows_only(college: College) -> None:
    content = filled(college)
    change(college, 3)

    result = bring_in(college, content, mode=ImportMode.INSERT)

    assert (counts(result), len(names(college))) == ((1, 0, 2, 0), 3)


def test_what_was_typed_in_a_row_deleted_meanwhile_is_told(college: College) -> None:
    content = filled(college)
    change(college, 3)

    result = college.bring_in(TABLE, edited(content, {"B4": "改过"}))

    assert only(result.findings).rule == "GONE"
    assert result.rejected == 1


def test_a_row_copied_within_the_file_is_added(college: College) -> None:
    sheet, book = sheet_and_book(filled(college))
    copied = [cell.value for cell in sheet[2]]
    sheet.append(["新代码", *copied[1:]])

    result = bring_in(college, saved(book))  # type: ignore[arg-type]

    assert counts(result) == (1, 0, 3, 0)


def test_a_file_sorted_without_its_marks_swaps_nothing(college: College) -> None:
    sheet, book = sheet_and_book(filled(college))
    rows = [[cell.value for cell in row[:-1]] for row in sheet.iter_rows(min_row=2)]
    for row, values in enumerate(reversed(rows), start=2):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column).value = value

    result = bring_in(college, saved(book))  # type: ignore[arg-type]

    assert counts(result) == (0, 0, 3, 0)


def test_without_the_hidden_column_rows_are_found_by_key_as_ever(college: College) -> None:
    content = filled(college)
    sheet, book = sheet_and_book(edited(content, {"B2": "改过"}))
    sheet.delete_cols(sheet.max_column)

    assert counts(bring_in(college, saved(book))) == (0, 1, 2, 0)  # type: ignore[arg-type]
