"""The workbook with which departments hand out initial passwords."""

from datetime import UTC, datetime
from io import BytesIO

from python_calamine import CalamineWorkbook

from app.domain.message import Message
from app.exchange.initial_password import Handout, password_workbook

NOW = datetime(2026, 9, 15, tzinfo=UTC)


def english(message: Message) -> str:
    return message.english()


def test_every_department_has_a_sheet_of_its_own() -> None:
    handouts = [
        Handout("2", "乙", "yi", "k7mq-x2hd-9fwp", "教务处"),
        Handout("1", "=1+1", "@jia", "abcd-efgh-jkmn", "教务处"),
        Handout("3", "丙", "bing", "2345-6789-abcd", "教育系(学前/小学)"),
    ]

    content = password_workbook(handouts, "data.example", translate=english, now=NOW)

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == ["教务处", "教育系(学前 小学)"]
    lines = book.get_sheet_by_name("教务处").to_python()
    assert "data.example" in lines[2][0]
    assert [line[:4] for line in lines[5:]] == [
        ["1", "=1+1", "@jia", "abcd-efgh-jkmn"],
        ["2", "乙", "yi", "k7mq-x2hd-9fwp"],
    ]
