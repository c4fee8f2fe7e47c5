"""Conditions on rows: what they say, what they refuse, and that nothing written is ever run."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.base_table import FieldSpec, FieldType
from app.catalogue.code_list import CodeItem, CodeList
from app.domain.period import AcademicYear, PeriodKind, period_for
from app.rules.coercion import coerce, raw_frame
from app.rules.expression.compile import compile_condition
from app.rules.expression.evaluate import Verdict, evaluate
from app.rules.expression.fault import ExpressionError, Fault
from app.rules.expression.functions import FUNCTIONS
from app.rules.expression.grammar import LONGEST
from tests.factories import catalogue_of, table_of

GENDERS = CodeList("gender", "性别", (CodeItem("1", "男性"), CodeItem("2", "女性")))
SPEC = table_of(
    FieldSpec("staff_no", "教工号", FieldType.STRING, key=True, required=True, max_length=18),
    FieldSpec("gender", "性别", FieldType.CODE, code_list="gender"),
    FieldSpec("total", "总数(册)", FieldType.INTEGER),
    FieldSpec("part", "其中：新增", FieldType.INTEGER),
    FieldSpec("rate", "比例", FieldType.NUMBER, precision=8, scale=2),
    FieldSpec("born", "出生日期", FieldType.DATE),
    FieldSpec("titled", "任职年月", FieldType.YEARMONTH),
    FieldSpec("active", "在岗", FieldType.BOOLEAN),
)
CATALOGUE = catalogue_of(SPEC, code_lists=(GENDERS,))
PERIOD = period_for(PeriodKind.ACADEMIC_YEAR, AcademicYear(2025))
ROW: dict[str, Any] = {"staff_no": "110101199003078515", "gender": "1", "total": 30, "part": 10}
ROW |= {"rate": Decimal("0.30"), "born": date(1990, 3, 7), "titled": "2015-07", "active": True}


def judged(text: str, **values: Any) -> Verdict:
    frame = coerce(SPEC, CATALOGUE, raw_frame(SPEC, [{**ROW, **values}])).frame
    (verdict,) = evaluate([compile_condition(SPEC, CATALOGUE, text)], frame, PERIOD)
    return verdict


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(ExpressionError) as refused:
        compile_condition(SPEC, CATALOGUE, text)
    return refused.value.faults


HOLDING = [
    "part <= total",
    '"其中：新增" <= "总数(册)"',
    "“其中：新增” ≤ “总数(册)”",
    "part * 3 = total and total - part = 20",
    "0 <= part <= total",
    "rate = 0.1 + 0.2",
    "total / part = 3",
    "-part < 0",
    "part between 10 and 10",
    "part in (9, 10) and gender in ('1', '女性')",
    "gender = '男'",
    "gender <> '2' or total = 0",
    "not (total = 0 and part = 0)",
    "active and active = true and active is true",
    "active = '是' and active <> '否'",
    "born is not null and titled is not null",
    "abs(part - total) = 20 and round(rate, 1) = 0.3 and round(rate) = 0",
    "coalesce(part, total) = 10 and least(part, total) = 10 and greatest(part, total) = 30",
    "length(staff_no) = 18 and part(staff_no, 1, 6) = '110101'",
    "number_in(part(staff_no, 5, 4)) = 119 and names_in(staff_no) = 1",
    "starts_with(staff_no, '11') and ends_with(staff_no, '15') and contains(staff_no, '1990')",
    "year(born) = 1990 and month(titled) = 7 and month_of(born) = '1990-03'",
    "years_between(born, period_end()) = 36 and years_between(born, titled) = 25",
    "titled <= period_end() and born < period_start() and born >= '1990-03-07'",
    "birthday_in(staff_no) = born and is_male_in(staff_no) = (gender = '1')",
]
FAILING = [
    "part > total",
    "part = total",
    "total <= part <= 100",
    "rate <> 0.3",
    "gender = '女'",
    "not active",
    "part in (1, 2)",
    "part between 11 and 20",
    "titled > period_end()",
    "contains(staff_no, '.')",
]


@pytest.mark.parametrize("text", HOLDING)
def test_a_condition_that_holds_says_nothing(text: str) -> None:
    assert judged(text) == Verdict((), ())


@pytest.mark.parametrize("text", FAILING)
def test_a_condition_that_does_not_hold_names_the_row(text: str) -> None:
    assert judged(text) == Verdict((0,), ())


@pytest.mark.parametrize(
    "text", ["part <= total", "part + total = 1", "not (part = 10)", "part between 90 and 99"]
)
def test_a_condition_does_not_apply_where_a_value_is_missing(text: str) -> None:
    assert judged(text, part=None) == Verdict((), ())


def test_what_is_decided_without_the_missing_value_is_decided() -> None:
    assert judged("part > 5 and total = 0", part=None) == Verdict((0,), ())
    assert judged("part is not null", part=None) == Verdict((0,), ())
    assert judged("coalesce(part, 0) = 10", part=None) == Verdict((0,), ())


def test_a_division_by_zero_is_the_failure_of_the_rule_and_not_of_the_row() -> None:
    assert judged("total / part >= 1", part=0) == Verdict((), (0,))


@pytest.mark.parametrize(
    ("text", "count"),
    [("甲", 1), ("甲、乙", 2), ("甲, 乙；丙", 3), ("、甲、", 1), ("CAD/CAM 实训", 1)],
)
def test_names_in_a_cell_are_counted_whatever_stands_between_them(text: str, count: int) -> None:
    assert judged(f"names_in(staff_no) = {count}", staff_no=text) == Verdict((), ())


FAULTY = [
    ("", "", "There is no condition."),
    ("part <= totl", "totl", "Do you mean “总数(册)” (total)?"),
    ('"其中:新增" > 0', '"其中:新增"', "Do you mean “其中：新增” (part)?"),
    ("part <= lenght(staff_no)", "lenght", "Do you mean length?"),
    ("part + 1", "part + 1", "This is a value and no condition."),
    ("1 = 1", "1 = 1", "The condition names no field."),
    ("part = staff_no", "part = staff_no", "“part” is a number and “staff_no” is a text"),
    ("part and active", "part", "neither true nor false"),
    ("abs(staff_no) = 1", "staff_no", "abs needs a number here"),
    ("round() = part", "round", "round takes another number of values"),
    ("gender = '3'", "'3'", "There are: 1 男性、2 女性"),
    ("born > '2025-02-30'", "'2025-02-30'", "is no date"),
    ("part = null", "part", "Write: is null"),
    ("part is 3", "part is 3", "After is stands null"),
    ("part = 1e999", "1e999", "no number"),
    ("staff_no like '1%'", "like", "Write contains(…)"),
    ("other.part = 1", "other.part", "without a dot"),
    ("part = 1; drop table staff", "drop", "cannot be read"),
    ("part = 1; total = 1", "part = 1; total = 1", "one condition"),
    ("part in (select total from staff)", "part in (select total from staff)", "within brackets"),
    ("part = = 1", "=", "cannot be read at “=”"),
    ("staff_no = 'A", "'A", "not closed"),
    ("read_csv('/etc/passwd') = 1", "read_csv", "There is no function read_csv"),
    ("xyzzy(part) = 1", "xyzzy", "There is no function xyzzy. There are: "),
    ("case when part = 1 then true end", "case", "write: not (A) or (B)"),
    ("part" + "+1" * 300 + " = 1", None, "too many parts"),
    ("(" * 900 + "part" + ")" * 900 + " = 1", None, "too many parts"),
    ("part = 1 or " * 400 + "part = 1", None, f"longer than {LONGEST}"),
]


SLIPS = [
    ("总数(册) > 0", "总数(册)", 'marks: "总数(册)"'),
    ("总数（册） > 0", "总数（册）", 'marks: "总数(册)"'),
    ('staff_no = "abc"', '"abc"', "A text stands in single ones: 'abc'"),
    ("active = '也许'", "'也许'", "Write true or false"),
    ("active = 1", "1", "“1” is written: true"),
    ("titled > 2013-03", "2013-03", "is written: '2013-03'"),
    ("born > 2013.3", "2013.3", "is written: '2013-03-01'"),
    ("gender = 1", "1", "is written: '1'"),
    ("part > '10'", "'10'", "is written: 10"),
    ("part 大于 0", "大于", "Write > for"),
    ("part大于0", "大于", "Write > for"),
    ("part 不等于 0", "不等于", "Write <> for"),
    ("part > 0 且 total > 0", "且", "Write and for"),
    ("part > 0或total > 0", "或", "Write or for"),
    ("part > 0 && total > 0", "&&", "Write and for"),
    ("part =< 0", "=<", "Write <= for"),
    ("((part > 0", "(", "A closing bracket is missing: 2"),
    ("part > 0)", ")", "No opening bracket"),
    ("~part > 0", "~", "The sign “~” is not known"),
    ("part ** 2 > 0", "**", "The sign “**” is not known"),
    ("part > 10%", "%", "The sign “%” is not known"),
    ("-- part", "-- part", "a note and no condition"),
    ("part > 0 and", "and", "ends with “and”"),
    ("sum(part) > 0", "sum", "over several rows is a figure"),
    ("if(part > 0, 1, 2) = 1", "if", "write: not (A) or (B)"),
    ("max(part, total) > 0", "max", "Here it is greatest"),
]


@pytest.mark.parametrize(("text", "place", "words"), [*FAULTY, *SLIPS])
def test_a_fault_is_told_with_its_place(text: str, place: str | None, words: str) -> None:
    (fault,) = faults_of(text)

    assert words in fault.message.english()
    assert place is None or text[fault.start : fault.end] == place


def test_all_faults_of_a_condition_are_told_at_once() -> None:
    text = "totl = 1 and gender = '9' and abs(staff_no) > lenght(staff_no)"

    places = [text[fault.start : fault.end] for fault in faults_of(text)]

    assert places == ["totl", "'9'", "staff_no", "lenght"]


def test_all_slips_of_a_condition_are_told_at_once() -> None:
    text = "总数(册) 大于 0 且 part > 0"

    assert [text[each.start : each.end] for each in faults_of(text)] == ["总数(册)", "大于", "且"]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_function_has_an_example_and_a_holding_case(function: Any) -> None:
    assert f"{function.name}(" in function.example.english()
    assert any(f"{function.name}(" in text for text in HOLDING)


def test_a_condition_names_the_fields_it_reads_in_the_order_of_the_table() -> None:
    condition = compile_condition(SPEC, CATALOGUE, 'total > 0 and "性别" is not null')

    assert condition.fields == ("gender", "total")


WORDS = ["part", "total", "gender", "born", "'1'", "1", "0.5", "null", "true", "(", ")", ","]
WORDS += ["+", "-", "*", "/", "=", "<=", "and", "or", "not", "in", "between", "is", ";", "--"]
WORDS += [f"{function.name}(" for function in FUNCTIONS] + ["select", "from", "'", '"', "case"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join) | st.text(max_size=60))
def test_whatever_is_written_is_judged_or_refused_in_words(text: str) -> None:
    try:
        condition = compile_condition(SPEC, CATALOGUE, text)
    except ExpressionError as error:
        places = [(fault.start, fault.end) for fault in error.faults]
        assert places
        assert all(0 <= start <= end <= len(text) for start, end in places)
        return
    frame = coerce(SPEC, CATALOGUE, raw_frame(SPEC, [ROW, {**ROW, "part": None}])).frame
    assert len(evaluate([condition], frame, PERIOD)) == 1
