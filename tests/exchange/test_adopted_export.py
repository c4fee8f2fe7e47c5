"""Adopted tables as workbooks and CSV: nothing lost, nothing turned into a formula."""

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest

from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind
from app.domain.message import Message
from app.exchange.adopted_export import AdoptedForm, export_adopted_csv, export_adopted_workbook
from app.models.adopted_row import AdoptedRow

SPEC = AdoptedTable(
    identifier="t",
    name="t",
    label="成绩",
    columns=(
        AdoptedColumn("no", "no", "学号", ColumnKind.STRING, "varchar"),
        AdoptedColumn("score", "score", "分数", ColumnKind.NUMBER, "decimal"),
        AdoptedColumn("phone", "phone", "手机", ColumnKind.STRING, "varchar", masked=True),
        AdoptedColumn("secret", "secret", "密码", ColumnKind.STRING, "varchar", hidden=True),
    ),
    key=("no",),
)


def row(no: str, score: object) -> AdoptedRow:
    values = {"no": no, "score": score, "phone": "13812345678", "secret": "x"}
    return AdoptedRow("1", "v", values, {})


def exported(rows: list[AdoptedRow]) -> list[tuple[object, ...]]:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    pieces = export_adopted_workbook(SPEC, rows, AdoptedForm(), translate=Message.english, now=now)
    sheet = openpyxl.load_workbook(BytesIO(b"".join(pieces))).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("score", "shown"),
    [("12.50", 12.5), ("12345678901234567890.12", "12345678901234567890.12"), (None, None)],
)
def test_number_stays_a_number_where_no_digit_is_lost(score: object, shown: object) -> None:
    assert exported([row("001", score)])[1][1] == shown


def test_text_is_text_and_masked_values_show_their_ends() -> None:
    heading, line = exported([row("=1+1", "1")])
    assert heading == ("学号", "分数", "手机")
    assert line[0] == "=1+1"
    assert line[2] != "13812345678"
    assert "13812345678" not in str(line)


def test_csv_disarms_formulas_and_keeps_numbers() -> None:
    content = b"".join(
        export_adopted_csv(SPEC, [row("=1+1", "-5")], AdoptedForm(), translate=Message.english)
    )
    assert "'=1+1,-5," in content.decode("utf-8-sig")
