"""CSV files in all encodings and shapes, and some that are no text."""

from collections.abc import Callable

from tests.exchange.corpus.case import Case, accepted, refused, row_errors

TEXT = "课程代码,课程名称,学分\r\nZZ01,插花艺术,2.5\r\n"
TABS = TEXT.replace(",", "\t").encode()


def encoded(encoding: str, text: str = TEXT) -> Callable[[], bytes]:
    """Makes the text in this encoding."""
    return lambda: text.encode(encoding)


def with_line(line: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    """Makes a CSV of the headings and this line."""
    return lambda: f"课程代码,课程名称,学分\n{line}".encode(encoding)


TEXTS: tuple[Case, ...] = (
    accepted("UTF-8", "a.csv", encoded("utf-8"), course_name="插花艺术", credit="2.5"),
    accepted("UTF-8 with a mark", "a.csv", encoded("utf-8-sig"), course_code="ZZ01"),
    accepted("UTF-16 with a mark", "a.csv", encoded("utf-16"), course_name="插花艺术"),
    accepted(
        "UTF-16 the other way",
        "a.csv",
        lambda: b"\xfe\xff" + TEXT.encode("utf-16-be"),
        credit="2.5",
    ),
    refused("UTF-16 without a mark", "a.csv", encoded("utf-16-le"), "无法读取"),
    refused("UTF-32", "a.csv", encoded("utf-32"), ""),
    accepted("GBK", "a.csv", encoded("gbk"), course_name="插花艺术"),
    accepted(
        "GB18030 with rare characters",
        "a.csv",
        with_line("ZZ01,䶮𠮷㐂,2", "gb18030"),
        course_name="䶮𠮷㐂",
    ),
    refused("Big5", "a.csv", encoded("big5", "課程代碼,課程名稱\nZZ01,插花"), ""),
    refused("only a mark", "a.csv", lambda: b"\xef\xbb\xbf", ""),
    refused("any bytes", "a.csv", lambda: bytes(range(256)) * 4, "无法读取"),
    refused("NUL bytes", "a.csv", with_line("ZZ01,插\0花,2"), "无法读取"),
    accepted("mixed line ends", "a.csv", with_line("ZZ01,x,1\rZZ02,y,2\r\nZZ03,z,3\n"), 3),
    accepted("ragged lines", "a.csv", with_line("ZZ01,x\nZZ02,y,2,\n\nZZ03,z"), 3),
    accepted("semicolons", "a.csv", lambda: TEXT.replace(",", ";").encode(), credit="2.5"),
    accepted("tabs", "a.tsv", lambda: TABS, credit="2.5"),
    accepted("a comma in quotes", "a.csv", with_line('ZZ01,"插,花",2'), course_name="插,花"),
    accepted("quotes in quotes", "a.csv", with_line('ZZ01,"插""花",2'), course_name='插"花'),
    refused(
        "quotes that never end", "a.csv", with_line('ZZ01,x,1\nZZ02,"花,2\nZZ03,y,2'), "第 3 行"
    ),
    row_errors(
        "errors of a spreadsheet", "a.csv", with_line("ZZ01,#N/A,2\nZZ02,#REF!,2"), "错误值", 2
    ),
    row_errors("a number too long for its cell", "a.csv", with_line("2.02501E+11,x,2"), "“文本”"),
    accepted("a title with commas above tabs", "a.txt", lambda: b"a,b,c,d\n" + TABS, credit="2.5"),
    accepted("text that is called a workbook", "a.xls", lambda: TABS, credit="2.5"),
    refused("a cell without end", "a.csv", with_line('ZZ01,"' + "花" * 200_000), "无法读取"),
    accepted("our mark of formulas", "a.csv", with_line("ZZ01,'=1+1,2"), course_name="=1+1"),
    accepted("a formula", "a.csv", with_line("ZZ01,=1+1,2"), course_name="=1+1"),
    accepted("only headings", "a.csv", with_line(""), 0),
    accepted("a million empty lines", "a.csv", with_line("\n" * 1_000_000 + "ZZ01,x,2")),
    refused("five million commas", "a.csv", lambda: b"," * 5_000_001, "太大"),
    accepted("control characters", "a.csv", with_line("ZZ01,插\x01花,2"), course_name="插花"),
    refused("half a character", "a.csv", lambda: with_line("ZZ01,x,2")()[:-8] + b"\xe6", ""),
)
