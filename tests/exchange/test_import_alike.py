"""Whatever stands in a file: what is written is what was shown, and columns are as good as rows."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from app.actions.base_table import apply_changes
from app.actions.row_change import Change, Outcome, RowResult
from app.actions.row_columns import ChangedColumns
from app.exchange.uploaded_file import ImportMode
from app.models.audit_log import ChangeSet, RowChange
from app.models.base_table_rows import plain
from app.rules.coercion import FEW_ROWS
from tests.exchange.books import book_of
from tests.exchange.conftest import DEPARTMENT, NOW, YEAR, College

HEADINGS = ["校区代码", "校区名称", "校区地址", "是否主校区", "占地面积(平方米)"]
CODES = ("campus_code", "campus_name", "address", "is_main", "land_area")
# Few keys, so that rows are told twice and met again; wrong values and such as are tidied.
CELLS = (
    st.sampled_from(["001", "002", "００３", " 004 ", "无", "", None]),
    st.sampled_from(["南校区", "北校区", "南\u200b校区", "", None]),
    st.sampled_from(["学院路1号", "长" * 300, None]),
    st.sampled_from(["是", "否", "也许", "无", None]),
    st.sampled_from([800, 800.25, 1200.5, 0.1234567, -5, "很大", "1,200", None]),
)
ROWS = st.lists(st.tuples(*CELLS), max_size=6)
# So many good rows more: from some on columns are read another way.
MORE = st.sampled_from([0, FEW_ROWS + 1])
IN_ONE_DATABASE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Row = tuple[Any, ...]


def file_of(rows: list[Row], more: int) -> bytes:
    good = [(f"G{number:03}", "校区", "路", "否", number) for number in range(more)]
    return book_of([HEADINGS, *rows, *good])


def emptied(college: College) -> None:
    college.session.rollback()
    for table in (RowChange, ChangeSet, college.store.tables["campus"].table):
        college.session.execute(delete(table))
    college.session.commit()


def filled(college: College, rows: list[Row]) -> None:
    """Nothing but the good ones among the rows, brought in as a file."""
    emptied(college)
    content = file_of(rows, 0)
    digest = college.bring_in("campus", content).digest
    college.bring_in("campus", content, dry_run=False, partial=True, digest=digest)


@given(before=ROWS, rows=ROWS, more=MORE, mode=st.sampled_from(ImportMode))
@IN_ONE_DATABASE
def test_what_is_written_is_what_the_preview_showed(
    college: College, before: list[Row], rows: list[Row], more: int, mode: ImportMode
) -> None:
    filled(college, before)
    content = file_of(rows, more)

    shown = college.bring_in("campus", content, mode=mode)
    done = college.bring_in(
        "campus", content, mode=mode, dry_run=False, partial=True, digest=shown.digest
    )

    assert replace(done, written=False) == shown
    assert college.bring_in("campus", content, mode=mode).changed == 0


@given(rows=ROWS, more=MORE)
@IN_ONE_DATABASE
def test_the_change_log_holds_every_new_row_as_it_is_stored(
    college: College, rows: list[Row], more: int
) -> None:
    emptied(college)
    content = file_of(rows, more)
    digest = college.bring_in("campus", content).digest
    done = college.bring_in("campus", content, dry_run=False, partial=True, digest=digest)

    stored = college.store.tables["campus"]
    found = college.session.execute(select(stored.table)).mappings()
    values = {stored.row_id(row): stored.values_of(row) for row in found}
    logged = {entry.row_id: entry.after for entry in college.session.scalars(select(RowChange))}
    assert len(values) == done.created
    assert logged == {
        row_id: {code: plain(value) for code, value in row.items()}
        for row_id, row in values.items()
    }


@given(before=ROWS, rows=ROWS, more=MORE, mode=st.sampled_from(ImportMode), data=st.data())
@IN_ONE_DATABASE
def test_columns_of_changes_come_to_the_same_as_the_changes_one_by_one(
    college: College,
    before: list[Row],
    rows: list[Row],
    more: int,
    mode: ImportMode,
    data: st.DataObject,
) -> None:
    texts = [[None if cell is None else str(cell) for cell in row] for row in rows]
    texts += [[f"G{number:03}", "校区", "路", "否", "1"] for number in range(more)]
    named = data.draw(st.sets(st.sampled_from(CODES[1:])))
    codes = [code for code in CODES if code == CODES[0] or code in named]
    columns = columns_of(codes, texts, mode, data)

    filled(college, before)

    assert told_of(tried(college, columns)) == told_of(tried(college, list(columns)))


def told_of(outcome: Outcome) -> list[RowResult]:
    """The results without the ids of new rows: MariaDB does not give one out twice."""
    return [
        replace(result, id=None) if result.outcome == "created" else result
        for result in outcome.results
    ]


def columns_of(
    codes: list[str], texts: list[list[str | None]], mode: ImportMode, data: st.DataObject
) -> ChangedColumns:
    cells = pl.DataFrame(
        {code: [row[CODES.index(code)] for row in texts] for code in codes},
        schema=dict.fromkeys(codes, pl.String),
    )
    silent = data.draw(st.sets(st.integers(0, max(0, len(texts) - 1)), max_size=3))
    silent = {row for row in silent if row < len(texts)}
    last = codes[-1]
    if not silent or last == CODES[0]:
        return ChangedColumns(mode, cells, range(2, len(texts) + 2))
    cells = cells.with_columns(cells[last].scatter(sorted(silent), None))
    return ChangedColumns(mode, cells, range(2, len(texts) + 2), {last: frozenset(silent)})


def tried(college: College, changes: ChangedColumns | list[Change]) -> Outcome:
    return apply_changes(
        college.session,
        college.store,
        "campus",
        changes,
        by=college.steward,
        now=NOW,
        period=college.store.tables["campus"].spec.period_in(YEAR).code,
        department=DEPARTMENT,
        way="import",
        partial=True,
        dry_run=True,
    )


def test_the_progress_of_an_import_is_told_from_its_beginning_to_its_end(college: College) -> None:
    told: list[tuple[int, int]] = []
    content = file_of([], 150)

    college.bring_in("campus", content, told=lambda done, total: told.append((done, total)))

    assert told == sorted(told)
    assert {total for _, total in told} == {600}
    assert (told[0][0], told[-1][0], len(told)) == (150, 600, 5)


def test_whoever_is_told_may_stop_an_import_and_nothing_of_it_stays(college: College) -> None:
    content = file_of([], 150)
    digest = college.bring_in("campus", content).digest

    def stop(done: int, total: int) -> None:
        if done == total:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        college.bring_in("campus", content, dry_run=False, digest=digest, told=stop)

    table = college.store.tables["campus"].table
    for stored in (table, ChangeSet.__table__):
        assert college.session.scalar(select(func.count()).select_from(stored)) == 0
