"""Workbooks as departments keep them: titles, groups, notes, rows of others."""

from collections.abc import Callable, Sequence

from tests.exchange.books import book_of
from tests.exchange.corpus.case import HEADINGS, ROW, Case, accepted, refused, row_errors


def table(*rows: Sequence[object]) -> Callable[[], bytes]:
    """Makes a workbook of these rows."""
    return lambda: book_of(rows)


TABLES: tuple[Case, ...] = (
    accepted("empty lines and a title", "a.xlsx", table(["课程表"], [], HEADINGS, [], ROW)),
    accepted(
        "two lines of headings",
        "a.xlsx",
        table(["课程", None, "学分"], ["代码", "名称", None], ROW),
        course_code="ZZ01",
        credit="2.5",
    ),
    accepted(
        "units, totals, notes",
        "a.xlsx",
        table(HEADINGS, [None, None, "（学分）"], ROW, ["合计", None, 2.5], ["注：八月统计"]),
    ),
    accepted("running numbers", "a.xlsx", table(["序号", *HEADINGS], [1, *ROW])),
    accepted("empty columns", "a.xlsx", table([None, *HEADINGS], [None, *ROW])),
    accepted("only headings", "a.xlsx", table(HEADINGS), 0),
    refused("nothing in it", "a.xlsx", table(), "表头"),
    refused("no headings", "a.xlsx", table(ROW, ["ZZ02", "茶艺", 2]), "表头"),
    refused("headings of another table", "a.xlsx", table(["姓名", "年龄"], ["张三", 5]), "表头"),
    refused("the same heading twice", "a.xlsx", table([*HEADINGS, "学分"], [*ROW, 3]), "D列"),
    refused("values without a heading", "a.xlsx", table(HEADINGS, [*ROW, "散"]), "D列"),
    refused("a heading of no field", "a.xlsx", table([*HEADINGS, "天气"], [*ROW, "晴"]), "天气"),
    refused("no key", "a.xlsx", table(HEADINGS[1:], ROW[1:]), "课程代码"),
    refused("markup as heading", "a.xlsx", table([*HEADINGS, "<b>"], [*ROW, 1]), "<b>"),
    row_errors(
        "rows of others", "a.xlsx", table(["填报部门", *HEADINGS], ["学生处", *ROW]), "学生处"
    ),
    Case(
        "the same row twice",
        "a.xlsx",
        table(HEADINGS, ROW, ROW),
        200,
        "ZZ01",
        created=1,
        rejected=1,
    ),
    row_errors("a code of no list", "a.xlsx", table([*HEADINGS, "课程类型"], [*ROW, "D类"]), "D类"),
    row_errors("a row without its key", "a.xlsx", table(HEADINGS, [None, "插花", 2]), "课程代码"),
)
