"""The whole college's workbook: sheets, contents, and what was not reported."""

from collections.abc import Callable, Iterator
from io import BytesIO

import polars as pl
import pytest
from openpyxl.workbook import Workbook

from app.catalogue.catalogue import Catalogue
from app.domain.message import Message
from app.domain.submission import Status
from app.exchange.consolidation import consolidation_workbook
from app.reports.consolidation import ConsolidatedTable, Part
from tests.exchange.books import opened
from tests.exchange.conftest import NOW, YEAR
from tests.factories import plausible_row

Chinese = Callable[[Message], str]


def reported(catalogue: Catalogue, table: str, department: str, rows: int) -> Part:
    spec = catalogue.tables[table]
    frame = pl.DataFrame([plausible_row(spec, catalogue, number) for number in range(1, rows + 1)])
    return Part(department, Status.LOCKED, None, f"hash of {department}", rows, frame)


def tables_of(catalogue: Catalogue) -> Iterator[ConsolidatedTable]:
    campus, course = catalogue.tables["campus"], catalogue.tables["course"]
    nil = Part("财务处", Status.LOCKED, "本年没有", "hash of nothing", 0, None)
    exempt = Part("图书馆", Status.EXEMPT, None, None, 0, None)
    parts = (reported(catalogue, "campus", "教务处", 2), reported(catalogue, "campus", "后勤处", 1))
    yield ConsolidatedTable(campus, campus.period_in(YEAR), parts)
    course_parts = (reported(catalogue, "course", "教务处", 3), nil, exempt)
    yield ConsolidatedTable(course, course.period_in(YEAR), course_parts)


@pytest.fixture
def book(catalogue: Catalogue, chinese: Chinese) -> Workbook:
    with consolidation_workbook(
        catalogue,
        "2025-2026学年",
        tables_of(catalogue),
        unmasked=True,
        translate=chinese,
        now=NOW,
    ) as file:
        return opened(file.read())


def test_every_table_has_a_sheet_named_with_its_number(
    book: Workbook, catalogue: Catalogue
) -> None:
    titles = [catalogue.tables[table].title for table in ("campus", "course")]

    assert book.sheetnames == ["目录", *(title[:31] for title in titles)]


def test_a_sheet_holds_the_rows_of_all_departments(book: Workbook, catalogue: Catalogue) -> None:
    lines = list(book.worksheets[1].values)

    assert lines[0][0] == catalogue.tables["campus"].title
    assert lines[1][0] == "2026-08-31 时点"
    assert lines[2][:2] == ("填报部门", "校区代码 *")
    assert [line[0] for line in lines[3:]] == ["教务处", "教务处", "后勤处"]
    assert lines[3][4] in {"是", "否"}


def test_the_contents_tell_who_reported_what(book: Workbook) -> None:
    lines = list(book.worksheets[0].iter_rows(min_row=4, values_only=True))

    assert [(line[3], line[4], line[5]) for line in lines] == [
        ("教务处", "已汇总", 2),
        ("后勤处", "已汇总", 1),
        ("教务处", "已汇总", 3),
        ("财务处", "已汇总", 0),
        ("图书馆", "不适用", 0),
    ]
    assert (lines[3][6], lines[0][7]) == ("本年没有", "hash of 教务处")


def test_a_field_that_was_not_collected_then_is_empty(
    catalogue: Catalogue, chinese: Chinese
) -> None:
    spec = catalogue.tables["campus"]
    frame = pl.DataFrame({"campus_code": ["001"], "given_up": [1]})
    part = Part("教务处", Status.LOCKED, None, "hash", 1, frame)
    table = ConsolidatedTable(spec, spec.period_in(YEAR), (part,))

    with consolidation_workbook(
        catalogue, "年", [table], unmasked=False, translate=chinese, now=NOW
    ) as file:
        line = list(opened(BytesIO(file.read()).getvalue()).worksheets[1].values)[3]

    assert line[:2] == ("教务处", "001")
    assert set(line[2:]) <= {None}
