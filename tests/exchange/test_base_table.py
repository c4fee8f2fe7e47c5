"""Importing rows: preview, confirmation, places of findings, what is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.message import Message, Reason, Refused
from app.domain.submission import Status
from app.exchange.template import make_template
from app.exchange.uploaded_file import ImportMode
from app.models.audit_log import ChangeSet
from app.models.submission import Submission
from tests.exchange.books import book_of, edited, opened, sheet_with
from tests.exchange.conftest import DEPARTMENT, NOW, YEAR, College, place_of
from tests.exchange.test_package import GOOD

HEADINGS = ["校区代码", "校区名称", "校区地址", "是否主校区", "占地面积(平方米)"]
SOUTH = ["001", "南校区", "学院路1号", "是", 1200.5]
NORTH = ["002", "北校区", "学院路2号", "否", 800]


def names(college: College) -> list[tuple[str, str]]:
    columns = college.store.tables["campus"].columns
    query = select(columns["campus_code"], columns["campus_name"]).order_by("campus_code")
    return [tuple(row) for row in college.session.execute(query)]


def confirm(college: College, content: bytes, **options: object) -> None:
    digest = college.bring_in("campus", content, **options).digest
    college.bring_in("campus", content, dry_run=False, digest=digest, **options)


def test_a_preview_shows_what_would_happen_and_writes_nothing(college: College) -> None:
    result = college.bring_in("campus", book_of([HEADINGS, SOUTH, NORTH]))

    assert (result.created, result.changed, result.rejected) == (2, 0, 0)
    assert [(row.row, row.outcome) for row in result.preview] == [(2, "created"), (3, "created")]
    assert (result.written, names(college)) == (False, [])


def test_a_preview_tells_rows_that_lack_something_and_what_was_typed(college: College) -> None:
    bad = ["002", "北校区", "学院路2号", "否", "很大"]

    result = college.bring_in("campus", book_of([HEADINGS, SOUTH, ["003", "东校区"], bad]))

    assert (result.created, result.incomplete, result.rejected) == (2, 1, 1)
    typed = {(f.row, f.label): f.value for f in result.findings}
    assert typed[4, "占地面积"] == "很大"
    assert typed[3, "校区地址"] is None


def test_a_file_without_rows_comes_to_nothing(college: College) -> None:
    result = college.bring_in("campus", book_of([HEADINGS]))

    assert (result.created, result.unchanged, result.rejected) == (0, 0, 0)
    assert (result.preview, result.findings) == ((), ())


def test_a_confirmed_import_writes_what_the_preview_showed(college: College) -> None:
    content = book_of([HEADINGS, SOUTH, NORTH])
    shown = college.bring_in("campus", content)

    done = college.bring_in("campus", content, dry_run=False, digest=shown.digest)

    assert done == replace(shown, written=True)
    assert names(college) == [("001", "南校区"), ("002", "北校区")]
    assert college.session.scalar(select(ChangeSet.way)) == "import"


def test_a_preview_counts_no_more_once_somebody_changed_a_row(college: College) -> None:
    content, other = book_of([HEADINGS, SOUTH]), book_of([HEADINGS, NORTH])
    shown = college.bring_in("campus", content)
    digest = college.bring_in("campus", other).digest
    college.bring_in("campus", other, dry_run=False, digest=digest)

    with pytest.raises(Refused) as caught:
        college.bring_in("campus", content, dry_run=False, digest=shown.digest)

    assert caught.value.reason is Reason.CONFLICT
    assert names(college) == [("002", "北校区")]


def test_an_import_without_its_preview_is_refused(college: College) -> None:
    content = book_of([HEADINGS, SOUTH])
    other = college.bring_in("campus", book_of([HEADINGS, NORTH]))

    for digest in (None, other.digest):
        with pytest.raises(Refused) as caught:
            college.bring_in("campus", content, dry_run=False, digest=digest)
        assert caught.value.reason is Reason.CONFLICT
    assert names(college) == []


def test_a_preview_of_another_mode_does_not_count(college: College) -> None:
    content = book_of([HEADINGS, SOUTH])
    digest = college.bring_in("campus", content, mode=ImportMode.INSERT).digest

    with pytest.raises(Refused):
        college.bring_in("campus", content, dry_run=False, digest=digest)


def test_findings_stand_where_excel_shows_them(college: College) -> None:
    rows = [["校区表"], [], HEADINGS, SOUTH, [], [*NORTH[:4], "很大"]]

    result = college.bring_in("campus", book_of(rows))

    finding = result.findings[0]
    assert (finding.row, finding.column, finding.field) == (6, "E", "land_area")
    assert finding.label == "占地面积"
    assert (result.created, result.rejected) == (1, 1)


def test_one_bad_row_keeps_everything_out(college: College) -> None:
    content = book_of([HEADINGS, SOUTH, [*NORTH[:4], "很大"]])

    confirm(college, content)

    assert names(college) == []


def test_good_rows_alone_are_imported_on_request(college: College) -> None:
    content = book_of([HEADINGS, SOUTH, [*NORTH[:4], "很大"]])
    digest = college.bring_in("campus", content).digest

    result = college.bring_in("campus", content, dry_run=False, partial=True, digest=digest)

    assert (result.created, result.rejected, result.written) == (1, 1, True)
    assert names(college) == [("001", "南校区")]


def test_equal_keys_in_the_file_name_the_other_row(college: College) -> None:
    result = college.bring_in("campus", book_of([["表"], HEADINGS, SOUTH, NORTH, SOUTH]))

    assert [(f.row, f.message.parameters["other"]) for f in result.findings] == [(5, 3)]


@pytest.mark.parametrize(
    ("mode", "counts"),
    [
        (ImportMode.INSERT, (1, 0, 1)),
        (ImportMode.UPDATE, (0, 1, 1)),
        (ImportMode.UPSERT, (1, 1, 0)),
    ],
)
def test_the_mode_decides_about_known_and_new_rows(
    college: College, mode: ImportMode, counts: tuple[int, int, int]
) -> None:
    confirm(college, book_of([HEADINGS, SOUTH]))
    moved = ["001", "老校区", *SOUTH[2:]]

    result = college.bring_in("campus", book_of([HEADINGS, moved, NORTH]), mode=mode)

    assert (result.created, result.changed, result.rejected) == counts


def test_an_empty_cell_clears_and_a_missing_column_keeps(college: College) -> None:
    table = college.store.tables["campus"]
    confirm(college, book_of([[*HEADINGS, "可容纳学生数(人)"], [*SOUTH, 900]]))

    confirm(college, book_of([["校区代码", "占地面积(平方米)"], ["001", None]]))

    row = college.session.execute(select(table.table)).mappings().one()
    assert (row["land_area"], row["student_capacity"]) == (None, 900)


def test_rows_of_another_department_are_refused_with_their_place(college: College) -> None:
    rows = [["填报部门", *HEADINGS], ["教务处", *SOUTH], ["学生工作处", *NORTH]]
    content = book_of(rows)
    shown = college.bring_in("campus", content)

    done = college.bring_in("campus", content, dry_run=False, digest=shown.digest)

    assert [(f.row, f.column) for f in shown.findings] == [(3, "A")]
    assert shown.findings[0].message.parameters == {"department": "学生工作处"}
    assert (done.written, names(college)) == (False, [])


def test_a_masked_value_keeps_what_is_stored(college: College) -> None:
    college.store_row("major_head", 7)
    table = college.store.tables["major_head"]
    before = college.session.execute(select(table.table)).mappings().one()
    content = make_template(
        college.store.catalogue,
        table.spec,
        place_of(table.spec),
        translate=Message.english,
        now=NOW,
        rows=[table.values_of(before)],
    )

    result = college.bring_in("major_head", content)

    assert "****" in str(list(opened(content).worksheets[0].values)[1])
    assert (result.unchanged, result.findings) == (1, ())


def test_a_single_row_is_put_in_place_of_the_old_one(
    college: College, chinese: Callable[[Message], str]
) -> None:
    spec = college.store.tables["enrollment_scale"].spec
    empty = make_template(college.store.catalogue, spec, place_of(spec), translate=chinese, now=NOW)
    college.store_row("enrollment_scale", 7)

    result = college.bring_in("enrollment_scale", edited(empty, {"A2": 31}), mode=ImportMode.INSERT)

    assert (result.created, result.changed) == (0, 1)


def test_a_cell_with_an_error_is_told_as_such(college: College) -> None:
    cells = b'<row r="1"><c r="A1" t="inlineStr"><is><t>campus_code</t></is></c></row>'
    content = sheet_with(GOOD, cells + b'<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>')

    result = college.bring_in("campus", content)

    assert result.rejected == 1
    assert "shows an error" in result.findings[0].message.msgid


def test_nobody_imports_without_the_right_or_for_others(college: College) -> None:
    content = book_of([HEADINGS, SOUTH])
    without = replace(college.steward, permissions=frozenset())
    elsewhere = replace(college.steward, appointments=())

    for person in (without, elsewhere):
        with pytest.raises(Refused) as caught:
            replace(college, steward=person).bring_in("campus", content)
        assert caught.value.reason is Reason.FORBIDDEN


def test_a_table_under_review_takes_nothing_in(college: College) -> None:
    submission = Submission(
        cycle_id=1,
        table_identifier="campus",
        department_code=DEPARTMENT,
        period=college.store.tables["campus"].spec.period_in(YEAR).code,
        status=Status.UNDER_REVIEW,
        status_since=NOW,
    )
    college.session.add(submission)
    college.session.commit()

    with pytest.raises(Refused) as caught:
        college.bring_in("campus", book_of([HEADINGS, SOUTH]))

    assert caught.value.reason is Reason.LOCKED
