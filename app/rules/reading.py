"""Reading one raw text as a value of a type (第五条: 数据填报格式的规范性).

Each reader takes a text and answers with a value, a fault, or neither for an
empty cell. Readers never raise and give back their own values' texts
unchanged.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum

from app.rules.raw_text import UNREADABLE


class Fault(StrEnum):
    """Why a text could not be read."""

    TYPE = "type"
    CODE = "code"
    DIGITS = "digits"
    DECIMALS = "decimals"


@dataclass(frozen=True)
class Read:
    """What a text was read as.

    ``tidied`` marks a change in substance that people are told of: something
    cut off or made empty, full-width or invisible characters. Another notation
    of the same value is none.
    """

    value: object = None
    fault: Fault | None = None
    tidied: bool = False


Reader = Callable[[str], Read]

EMPTY = Read()
NOT_READ = Read(fault=Fault.TYPE)
# Control characters, soft hyphens, zero-width and direction marks, tags.
INVISIBLE = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
BLANK_IN_NAME = "(?<=[\u3400-\u9fff])[ \u3000\u00a0]+(?=[\u3400-\u9fff])"
_BETWEEN_IDEOGRAPHS = re.compile(BLANK_IN_NAME)
# Ends a list that does not name everybody.
AND_OTHERS = r"等人?\s*$"
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_TABS = re.compile("[\t\x1c-\x1f]")
# What people type where there is nothing.
PLACEHOLDERS = frozenset({"无", "没有", "-", "/", "N/A", "n/a"})
# The same in a text: in a number, date or list they are told as what cannot be read.
TEXT_PLACEHOLDERS = PLACEHOLDERS | frozenset(
    {"暂无", "待定", "待补", "待填", "未知", "不详", "略", "--", "—", "——"}
    # What is typed to get past a field that must be filled in.
    | {"test", "Test", "TEST", "?", "？", "??", "？？", "???", "？？？"}
    | {"xx", "xxx", "XX", "XXX", "××", "×××", "..", "...", "…", "……", "。", "."}
)
# What people write where the value is that of the row above: no row has one that is not its own.
DITTO = frozenset({"同上", "同前", "同左", "〃", "″", "”", '"'})
# What a spreadsheet shows instead of a value, and how it shows a number that is too long for its
# cell: saved as text or copied, nothing else is left of it.
ERROR_WORDS = r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|#{3,})"
SHORTENED = r"[0-9](\.[0-9]+)?E\+[0-9]{2,3}"
_ERROR = re.compile(ERROR_WORDS)
_NO_VALUE = re.compile(f"{ERROR_WORDS}|{SHORTENED}")
# What people leave off at the end of a label: 女 for 女性, 汉 for 汉族.
LABEL_ENDINGS = ("性", "族")
BOOLEANS: Mapping[str, bool] = {
    "是": True,
    "否": False,
    "有": True,
    "无": False,
    "true": True,
    "false": False,
    "1": True,
    "0": False,
    "yes": True,
    "no": False,
    "y": True,
    "n": False,
    "√": True,
    "×": False,
}
# What people read for them: words of the data, as the labels of codes are.
TRUTH_LABELS: Mapping[bool, str] = {True: "是", False: "否"}
LONGEST_NUMBER = 400
LONGEST_DATE = 40
FIRST_YEAR = 1000
# A difference of a floating-point number from what was meant.
NOISE = Decimal("1e-9")
_ARITHMETIC = Context(prec=LONGEST_NUMBER * 3, rounding=ROUND_HALF_EVEN)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_TIME = r"(?:[T ]\s*(?P<time>\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)(?:Z|[+-]\d\d:?\d\d)?)?"
_DAY = re.compile(
    r"(?P<year>\d{4})\s*(?:"
    r"(?P<mark>[-/.])\s*(?P<month>\d{1,2})\s*(?P=mark)\s*(?P<day>\d{1,2})"
    r"|年\s*(?P<month_of>\d{1,2})\s*月\s*(?P<day_of>\d{1,2})\s*[日号]?"
    r"|(?P<months>\d\d)(?P<days>\d\d)"
    r")" + _TIME,
    re.ASCII,
)
_MONTH = re.compile(
    r"(?P<year>\d{4})\s*(?:[-/.]\s*(?P<month>\d{1,2})"
    r"|年\s*(?P<month_of>\d{1,2})\s*月?"
    r"|(?P<months>\d\d))",
    re.ASCII,
)


def clean_text(text: str, *, keep_lines: bool = False) -> str:
    """``text`` trimmed and without invisible characters.

    Line breaks become line feeds where ``keep_lines``, else a space, as tabs do.
    """
    if text.isprintable():  # of the usual text, without a regular expression
        return text.strip()
    text = _BREAKS.sub("\n" if keep_lines else " ", text)
    text = _TABS.sub(" ", text)
    if not keep_lines:
        return _INVISIBLE.sub("", text).strip()
    return "\n".join(_INVISIBLE.sub("", line) for line in text.split("\n")).strip()


def is_error_word(text: str) -> bool:
    """Whether the text is what a spreadsheet shows where a formula has failed."""
    return _ERROR.fullmatch(clean_text(text)) is not None


def half_width(text: str) -> str:
    """Full-width digits, letters and punctuation as plain ones, and trimmed."""
    plain = clean_text(text)
    if plain.isascii():
        return plain
    return clean_text(unicodedata.normalize("NFKC", plain)).replace("\u2212", "-")


def text_of(value: object) -> str | None:
    """A typed value as the text that is read as the same value again."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def read_string(text: str) -> Read:
    """One line of text."""
    return _read_text(text, clean_text(text))


def read_lines(text: str) -> Read:
    """Text of several lines."""
    return _read_text(text.replace("\r\n", "\n"), clean_text(text, keep_lines=True))


def read_name(text: str) -> Read:
    """A person's name. Forms have 张　三 with a blank so that it is as long as other names."""
    clean = clean_text(text)
    joined = _BETWEEN_IDEOGRAPHS.sub("", clean)
    return _read_text(text, joined)


def read_identifier(text: str) -> Read:
    """A number, name or address of something, in half-width characters."""
    return _read_text(text, half_width(text))


def _read_text(text: str, clean: str) -> Read:
    if UNREADABLE in text or clean in DITTO or _NO_VALUE.fullmatch(clean):
        return NOT_READ
    if not clean or clean in TEXT_PLACEHOLDERS:
        return nothing(text)
    return Read(clean, tidied=clean != text.strip())


def nothing(text: str) -> Read:
    """The outcome for a text that stands for an empty cell."""
    return Read(tidied=bool(text.strip()))


def read_boolean(text: str) -> Read:
    """Yes or no in one of the ways people write it."""
    word = half_width(text)
    if word.casefold() in BOOLEANS:
        return Read(BOOLEANS[word.casefold()])
    return nothing(text) if not word or word in PLACEHOLDERS else NOT_READ


def number_reader(precision: int, scale: int, sign: str = "") -> Reader:
    """A reader of decimals with ``scale`` of ``precision`` digits after the point.

    ``sign`` is one that may stand behind the number without changing it.
    """
    step = Decimal(1).scaleb(-scale)

    def read(text: str) -> Read:
        plain = half_width(text)
        if not plain or plain in PLACEHOLDERS:
            return nothing(text)
        number = _number(plain.removesuffix(sign).rstrip())
        if isinstance(number, Fault):
            return Read(fault=number)
        if number and number.adjusted() >= precision - scale:
            return Read(fault=Fault.DIGITS)
        rounded = number.quantize(step, context=_ARITHMETIC)
        if abs(_ARITHMETIC.subtract(number, rounded)) > NOISE:
            return Read(fault=Fault.DECIMALS)
        if rounded and rounded.adjusted() >= precision - scale:
            return Read(fault=Fault.DIGITS)
        value = rounded if rounded else abs(rounded)
        return Read(value, tidied=rounded != number or plain != text.strip())

    return read


def integer_reader(digits: int) -> Reader:
    """A reader of whole numbers of at most ``digits`` digits."""
    read_decimal = number_reader(digits, 0)

    def read(text: str) -> Read:
        outcome = read_decimal(text)
        if isinstance(outcome.value, Decimal):
            return Read(int(outcome.value), tidied=outcome.tidied)
        return outcome

    return read


def _number(plain: str) -> Decimal | Fault:
    if len(plain) > LONGEST_NUMBER:
        return Fault.DIGITS if plain.lstrip("+-").isdecimal() else Fault.TYPE
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else Fault.TYPE


def read_date(text: str) -> Read:
    """A day in one of the usual notations; a time of day is cut off."""
    plain = half_width(text)
    if not plain or plain in PLACEHOLDERS:
        return nothing(text)
    match = _DAY.fullmatch(plain) if len(plain) <= LONGEST_DATE else None
    if not match or int(match["year"]) < FIRST_YEAR:
        return NOT_READ
    month = match["month"] or match["month_of"] or match["months"]
    day = match["day"] or match["day_of"] or match["days"]
    try:
        value = date(int(match["year"]), int(month), int(day))
    except ValueError:
        return NOT_READ
    cut_off = (match["time"] or "").strip("0:.")
    return Read(value, tidied=bool(cut_off) or plain != text.strip())


def read_year_month(text: str) -> Read:
    """A month as ``2025-09``; the day of a full date is cut off."""
    plain = half_width(text)
    match = _MONTH.fullmatch(plain) if len(plain) <= LONGEST_DATE else None
    if not match:
        return _month_of_day(text)
    month = int(match["month"] or match["month_of"] or match["months"])
    if int(match["year"]) < FIRST_YEAR or not 1 <= month <= 12:
        return NOT_READ
    return Read(f"{match['year']}-{month:02}", tidied=plain != text.strip())


def _month_of_day(text: str) -> Read:
    outcome = read_date(text)
    if not isinstance(outcome.value, date):
        return outcome
    # Spreadsheets turn a typed month into its first day: nothing is lost then.
    return Read(f"{outcome.value:%Y-%m}", tidied=outcome.tidied or outcome.value.day != 1)
