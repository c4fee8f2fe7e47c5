"""The workbook of an appraisal: formulas that come to what is stored, and the evidence."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from app.actions.appraisal import publish_appraisal
from app.domain.message import Message
from app.exchange.appraisal import FIRST_ROW, ITEM_ROW, WEIGHT_ROW, appraisal_workbook
from app.models.appraisal import Appraisal
from app.reports.appraisal import (
    Panel,
    appraisal_years,
    find_year,
    read_panel,
    read_panel_evidence,
    why_missed,
)
from tests.appraisals import begun, enter, entry, seed_scheme, settle_everything
from tests.college import College
from tests.exchange.formulas import calculate

Chinese = Callable[[Message], str]
SUMS = ("H", "L", "U", "Y")
REACHED, BONUS, TOTAL, RANKED, RANK, GRADE = "Z", "AA", "AB", "AC", "AD", "AE"


def waive_some(closed: College) -> None:
    """One item of 教务处 and a whole clause of 汽车工程系 do not apply; some points are lost."""
    appraisal = begun(closed)
    settle_everything(closed, appraisal)
    more = {"is_waived": True, "comment": "没有"}
    enter(closed, appraisal, entry(closed, "C2.3", None, **more))
    others = [
        entry(closed, item, None, department="C01", **more) for item in ("C4.1", "C4.2", "C4.3")
    ]
    lower = entry(closed, "C3.8", "7.5", department="C01", comment="缺图")
    enter(closed, appraisal, *others, lower)


def book_of(closed: College, chinese: Chinese, who: str = "zhou_min") -> tuple[Panel, bytes]:
    session, actor = closed.session, getattr(closed.founded.people, who)
    session.expire_all()
    year = find_year(appraisal_years(session, actor), 2026)
    panel = read_panel(session, actor, year, seed_scheme(), now=closed.now)
    evidence = read_panel_evidence(session, panel, now=closed.now)
    catalogue = closed.store.catalogue
    with appraisal_workbook(panel, evidence, catalogue, translate=chinese, now=closed.now) as file:
        return panel, file.read()


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def shown(value: Any) -> object:
    """A cell of the workbook as the platform would keep it."""
    return None if value == "—" else Decimal(f"{value:.2f}")


def test_formulas_come_to_what_is_stored(closed: College, chinese: Chinese) -> None:
    waive_some(closed)

    panel, content = book_of(closed, chinese)

    sheet, values = opened(content).worksheets[0], opened(content, values=True).worksheets[0]
    for row, line in enumerate(panel.lines, start=FIRST_ROW + 1):
        expected = dict(zip(SUMS, (one.total for one in line.standing.sum.criteria), strict=True))
        expected |= {REACHED: line.standing.sum.total, TOTAL: line.standing.total}
        expected |= {RANK: line.standing.rank}
        for column, value in expected.items():
            address = f"{column}{row}"
            assert str(sheet[address].value).startswith("=")
            assert shown(calculate(sheet, sheet[address].value)) == value, address
            assert shown(values[address].value) == value, address
        assert values[f"{GRADE}{row}"].value == (line.standing.grade or "—")


def test_a_tie_that_cost_a_grade_is_remarked_beside_it(closed: College, chinese: Chinese) -> None:
    settle_everything(closed, begun(closed))

    panel, content = book_of(closed, chinese)

    sheet = opened(content).worksheets[0]
    grade = sheet[f"{GRADE}1"].column
    for row, line in enumerate(panel.lines, start=FIRST_ROW + 1):
        why = why_missed(line.standing)
        assert sheet.cell(row, grade + 1).value == (chinese(why) if why else None)
    assert any(line.standing.missed for line in panel.lines)


def test_a_changed_score_changes_the_totals(closed: College, chinese: Chinese) -> None:
    settle_everything(closed, begun(closed))
    panel, content = book_of(closed, chinese)
    sheet = opened(content).worksheets[0]
    row = FIRST_ROW + 1 + [line.code for line in panel.lines].index("A03")
    before = calculate(sheet, sheet[f"{TOTAL}{row}"].value)

    sheet[f"C{row}"] = 1.5  # of 4 points
    sheet[f"{BONUS}{row}"] = 2

    assert calculate(sheet, sheet[f"{TOTAL}{row}"].value) == pytest.approx(before - 0.5)


def test_the_heads_of_the_panel_name_items_and_weights(closed: College, chinese: Chinese) -> None:
    begun(closed)
    _, content = book_of(closed, chinese)
    sheet = opened(content).worksheets[0]

    names = [cell.value for cell in sheet[ITEM_ROW + 1]]
    weights = [cell.value for cell in sheet[WEIGHT_ROW + 1]]

    assert names[:3] == ["部门", "类别", "C1.1 负责人确认及时"]
    assert names[7] == "小计"
    assert names[-5:] == ["总分", "参加排名", "同类名次", "等级", "等级说明"]
    assert weights[2:8] == [4, 3, 3, 3, 2, 15]


def test_scores_that_are_missing_are_no_zeros_and_nobody_is_ranked(
    closed: College, chinese: Chinese
) -> None:
    begun(closed)
    panel, content = book_of(closed, chinese)
    sheet = opened(content, values=True).worksheets[0]

    row = FIRST_ROW + 1 + [line.code for line in panel.lines].index("A03")

    assert sheet[f"E{row}"].value == "待评"
    assert (sheet[f"{RANK}{row}"].value, sheet[f"{GRADE}{row}"].value) == ("—", "—")
    assert shown(sheet[f"{TOTAL}{row}"].value) == panel.line("A03").standing.total


def test_every_counted_event_stands_on_its_sheet(closed: College, chinese: Chinese) -> None:
    begun(closed)
    panel, content = book_of(closed, chinese)

    lines = list(opened(content).worksheets[1].iter_rows(min_row=2, values_only=True))

    counted = sum(cell.evidence_count for line in panel.lines for cell in line.cells.values())
    assert len(lines) == counted
    late = next(line for line in lines if "尚未报送" in line[3])
    assert late[:2] == ("教务处", "C2.1 首次报送及时")
    assert (late[4], late[5]) == (2, "是")
    assert late[6].startswith("/submissions/")


def test_there_is_the_scheme_and_a_chart(closed: College, chinese: Chinese) -> None:
    begun(closed)
    _, content = book_of(closed, chinese)
    book = opened(content)

    assert [sheet.title for sheet in book.worksheets] == ["评分表", "计分依据", "评分办法表"]
    assert len(book.worksheets[0]._charts) == 1
    assert sum(row[2] for row in book.worksheets[2].iter_rows(min_row=2, values_only=True)) == 100


def test_a_department_gets_its_own_line_with_its_rank(closed: College, chinese: Chinese) -> None:
    settle_everything(closed, begun(closed))
    office, stored = closed.founded.people.zhou_min, closed.all(Appraisal)[0]
    publish_appraisal(closed.session, stored.id, stored.version, "会议", by=office, now=closed.now)

    panel, content = book_of(closed, chinese, "wang_qiang")

    sheet = opened(content, values=True).worksheets[0]
    names = [row[0].value for row in sheet.iter_rows(min_row=FIRST_ROW + 1)]
    assert [name for name in names if name] == ["教务处"]
    assert sheet[f"{RANK}{FIRST_ROW + 1}"].value == panel.line("A03").standing.rank == 3
