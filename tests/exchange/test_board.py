"""The board's workbook: departments, the matrix, and every line."""

from collections.abc import Callable

import pytest
from openpyxl.workbook import Workbook

from app.catalogue.catalogue import Catalogue
from app.domain.department import DepartmentKind
from app.domain.message import Message
from app.domain.submission import Status
from app.exchange.board import board_workbook
from app.reports.board import BoardLine
from tests.exchange.books import opened
from tests.exchange.conftest import NOW

Chinese = Callable[[Message], str]


def line(catalogue: Catalogue, table: str, department: str, status: Status) -> BoardLine:
    return BoardLine(
        submission_id=1,
        spec=catalogue.tables[table],
        department_code=department,
        department=f"=部门{department}",
        kind=DepartmentKind.OFFICE,
        status=status,
        is_nil=False,
        is_late=status is Status.ENTERING,
        days=5,
        days_left=None,
        days_late=0,
        permitted=(),
    )


@pytest.fixture
def book(catalogue: Catalogue, chinese: Chinese) -> Workbook:
    lines = [
        line(catalogue, "campus", "A1", Status.ACCEPTED),
        line(catalogue, "campus", "A2", Status.ENTERING),
        line(catalogue, "course", "A1", Status.EXEMPT),
    ]
    with board_workbook(
        "进度",
        lines,
        catalogue.chapters,
        standing=lambda _line: "=1+1",
        delay=lambda _line: "",
        translate=chinese,
        now=NOW,
    ) as file:
        return opened(file.read())


def test_departments_have_figures_and_shares(book: Workbook) -> None:
    headings, first, second, total = book.worksheets[0].iter_rows(min_row=3, values_only=True)

    assert headings[:5] == ("部门", "应报", "已报", "占应报", "通过")
    assert first[:6] == ("=部门A1", 1, 1, 1, 1, 1)
    assert second[:4] == ("=部门A2", 1, 0, 0)
    assert (total[0], total[1], total[3]) == ("合计", 2, 0.5)


def test_the_matrix_names_every_status_where_it_belongs(
    book: Workbook, catalogue: Catalogue
) -> None:
    headings, *rows = book.worksheets[1].iter_rows(min_row=3, values_only=True)

    assert headings == ("数据表", "=部门A1", "=部门A2")
    assert rows == [
        (catalogue.tables["campus"].title, "审核通过", "填报中"),
        (catalogue.tables["course"].title, "不适用", None),
    ]


def test_nothing_in_it_is_a_formula(book: Workbook) -> None:
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]

    assert [cell.data_type for cell in cells if str(cell.value).startswith("=")].count("f") == 0
    assert [row[7].value for row in book.worksheets[2].iter_rows(min_row=4)] == ["=1+1"] * 3
