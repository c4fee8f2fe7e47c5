"""Kinds of errors that people make in a college's year, and planting them by a seed number.

What is wrong is described by what stands in the tables — types, units, labels — and never by the
rules: a kind neither knows nor asks whether a rule would find it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from app.catalogue.base_table import FieldFormat, FieldSpec, FieldType, TableKind, TableSpec
from app.catalogue.catalogue import Catalogue
from benchmarks.correct_year import number_text

Row = dict[str, str | None]
Rows = dict[str, list[Row]]
NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER})
DATES = frozenset({FieldType.DATE, FieldType.YEARMONTH})
# Ends of agreements and projects may lie ahead.
AHEAD = {"agreement_until", "ended_on", "stopped_on", "revoked_on"}
HAPPENED = {"awarded_on", "granted_on", "published_on", "donated_on", "dropped_on"}
WHOLE_WORDS = ("合计", "总数", "总收入", "总支出", "总值", "总面积", "总册数")


@dataclass(frozen=True)
class Planted:
    """One error: where it stands and what was there before.

    ``fields`` are the cells that were changed, none where a row is gone or was added; ``right``
    is the row as it was.
    """

    kind: str
    table: str
    row: int
    fields: tuple[str, ...]
    right: Row = field(compare=False)
    wrong: Row | None = field(compare=False)


@dataclass(frozen=True)
class Kind:
    """A kind of error: which cells it can befall and what becomes of them.

    ``spoil`` gives the cell's wrong text, None where this one cannot be spoilt so.
    """

    name: str
    befalls: Callable[[TableSpec, FieldSpec], bool]
    spoil: Callable[[Random, Catalogue, FieldSpec, str], str | None]


def _is(*types: FieldType) -> Callable[[TableSpec, FieldSpec], bool]:
    return lambda _table, each: each.type in types


def _number_times(times: float) -> Callable[[Random, Catalogue, FieldSpec, str], str | None]:
    def spoil(_random: Random, _catalogue: Catalogue, each: FieldSpec, text: str) -> str | None:
        value = float(text)
        if value < 5:
            return None
        spoilt = number_text(each, value * times)
        return spoilt if float(spoilt) else None

    return spoil


def _measured(*units: str) -> Callable[[TableSpec, FieldSpec], bool]:
    return lambda _table, each: each.type in NUMBERS and each.unit in units and not each.key


def _moved_year(years: int) -> Callable[[Random, Catalogue, FieldSpec, str], str | None]:
    return lambda _random, _table, _each, text: f"{int(text[:4]) + years}{text[4:]}"


def _swapped_digits(
    random: Random, _catalogue: Catalogue, _each: FieldSpec, text: str
) -> str | None:
    places = [at for at in range(len(text) - 1) if text[at] != text[at + 1]]
    places = [at for at in places if text[at : at + 2].isdigit()]
    if not places:
        return None
    at = random.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _shown_otherwise(
    _random: Random, _catalogue: Catalogue, _each: FieldSpec, text: str
) -> str | None:
    wide = text.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    return wide if wide != text else None


def another_code(random: Random, catalogue: Catalogue, each: FieldSpec, text: str) -> str | None:
    """A code of the field that the cell has not; None where there is none."""
    codes = catalogue.code_list_of(each)
    others = [item.code for item in codes.items if item.code != text] if codes else []
    return random.choice(others) if others else None


def _whole(_table: TableSpec, each: FieldSpec) -> bool:
    return each.type in NUMBERS and any(word in each.label for word in WHOLE_WORDS)


def _a_few_more(_random: Random, _catalogue: Catalogue, each: FieldSpec, text: str) -> str | None:
    value = float(text)
    return number_text(each, value + max(7, round(value * 0.05))) if value else None


def _in_staff_and_elsewhere(*codes: str) -> Callable[[TableSpec, FieldSpec], bool]:
    return lambda table, each: (
        table.identifier in {"full_time_teacher", "internal_adjunct_teacher", "leader"}
        and each.code in codes
    )


# Every kind of error in a single cell.
CELL_KINDS = (
    Kind("必填为空", lambda _, f: f.required and not f.key, lambda *_: ""),
    Kind(
        "必填写“无”",
        lambda t, f: _is(FieldType.STRING)(t, f) and f.required and not f.key,
        lambda *_: "无",
    ),
    Kind("代码不存在", _is(FieldType.CODE), lambda r, *_: f"{r.randrange(70, 99)}"),
    Kind("代码文字写错", _is(FieldType.CODE), lambda *_: "其它情況"),
    Kind(
        "日期不存在",
        lambda t, f: f.type in DATES,
        lambda r, t, f, text: f"{text[:4]}-13-05" if f.type is FieldType.DATE else f"{text[:4]}-13",
    ),
    Kind("日期写成文字", lambda t, f: f.type in DATES, lambda *_: "去年九月"),
    Kind("日期在将来", lambda t, f: f.type in DATES and f.code not in AHEAD, _moved_year(20)),
    Kind("日期早于本期", lambda t, f: f.code in HAPPENED, _moved_year(-2)),
    Kind(
        "年份少一百年",
        lambda t, f: f.type in DATES,
        lambda r, t, f, text: f"{int(text[:4]) - 150}{text[4:]}",
    ),
    Kind(
        "出生年份不可能",
        lambda t, f: f.code == "birth_date",
        lambda r, t, f, text: f"{r.choice((1902, 2019))}{text[4:]}",
    ),
    Kind("出生日期数字颠倒", lambda t, f: f.code == "birth_date", _swapped_digits),
    Kind(
        "身份证号校验码错",
        lambda t, f: f.format is FieldFormat.ID_CARD,
        lambda r, t, f, text: text[:17] + ("5" if text[17] != "5" else "7"),
    ),
    Kind("身份证号数字颠倒", lambda t, f: f.format is FieldFormat.ID_CARD, _swapped_digits),
    Kind(
        "身份证号少一位",
        lambda t, f: f.format is FieldFormat.ID_CARD,
        lambda r, t, f, text: text[:10] + text[11:],
    ),
    Kind("单位差一万倍", _measured("万元", "平方米", "万册", "元"), _number_times(10_000)),
    Kind("单位差一百倍", _measured("万元", "平方米", "元"), _number_times(100)),
    Kind(
        "多写一位",
        _measured("万元", "平方米", "人", "个", "台", "元", "人次", "台套"),
        _number_times(10),
    ),
    Kind(
        "少写一位",
        _measured("万元", "平方米", "人", "台"),
        lambda r, t, f, text: _number_times(0.1)(r, t, f, text) if float(text) >= 100 else None,
    ),
    Kind(
        "负数",
        lambda t, f: f.type in NUMBERS,
        lambda r, t, f, text: f"-{text}" if float(text) else None,
    ),
    Kind("整数写成小数", _is(FieldType.INTEGER), lambda r, t, f, text: f"{text}.5"),
    Kind(
        "数字写成文字",
        lambda t, f: f.type in NUMBERS,
        lambda r, t, f, text: r.choice(
            (
                f"约{text}",
                f"{text}左右",
                "三十二",
                text.replace("0", "O") if "0" in text else f"{text}l",
            )
        ),
    ),
    Kind("全角数字", lambda t, f: f.type in NUMBERS | DATES, _shown_otherwise),
    Kind(
        "引用不存在",
        lambda t, f: f.reference is not None,
        lambda r, t, f, text: f"{text[:-1]}{'Z' if text[-1] != 'Z' else 'Y'}",
    ),
    Kind(
        "编号数字颠倒",
        lambda t, f: f.reference is not None and not t.staff_list,
        _swapped_digits,
    ),
    Kind("百分比超过一百", lambda t, f: f.unit == "%", lambda r, *_: f"{r.randrange(101, 999)}"),
    Kind(
        "邮箱格式错",
        lambda t, f: f.format is FieldFormat.EMAIL,
        lambda r, t, f, text: text.replace("@", r.choice(("", "#", "@@"))),
    ),
    Kind(
        "手机号少一位",
        lambda t, f: f.format is FieldFormat.MOBILE,
        lambda r, t, f, text: text[:-1],
    ),
    Kind(
        "书号校验码错",
        lambda t, f: f.format is FieldFormat.ISBN,
        lambda r, t, f, text: text[:-1] + ("5" if text[-1] != "5" else "8"),
    ),
    Kind("合计不等于分项", _whole, _a_few_more),
    Kind(
        "性别写错",
        lambda t, f: f.code == "gender",
        lambda r, t, f, text: "1" if text == "2" else "2",
    ),
    Kind("两表姓名不一", _in_staff_and_elsewhere("name"), lambda r, t, f, text: text[:-1] + "某"),
    Kind("两表职称不一", _in_staff_and_elsewhere("title_level"), another_code),
    Kind(
        "两表学历学位不一",
        _in_staff_and_elsewhere("education", "degree"),
        another_code,
    ),
    Kind("两表民族不一", _in_staff_and_elsewhere("ethnicity"), another_code),
    Kind(
        "与上年相差悬殊",
        lambda t, f: (
            t.kind is TableKind.SINGLE_ROW
            and _measured("人", "万元", "平方米", "台", "册", "人次")(t, f)
        ),
        lambda r, t, f, text: (
            _number_times(r.choice((5, 0.15)))(r, t, f, text) if float(text) >= 60 else None
        ),
    ),
)


def cells(catalogue: Catalogue, rows: Rows, kind: Kind) -> Iterator[tuple[str, int, FieldSpec]]:
    """Every filled cell that the kind can befall, table by table."""
    for name, told in rows.items():
        spec = catalogue.tables[name]
        for each in spec.fields:
            if kind.befalls(spec, each):
                yield from ((name, at, each) for at, row in enumerate(told) if row[each.code])
