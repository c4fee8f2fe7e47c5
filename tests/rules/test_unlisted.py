"""Names in a cell that are on no list: counted, told, and looked for in several lists."""

from pathlib import Path

import pytest

from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import Measure, QualityRule, RuleCase, Source, Term, Year
from app.domain.finding import Dimension, Finding, Severity
from app.domain.message import Message
from app.rules.compiled_rule import MOST_LISTS, RuleError, compile_rule
from app.rules.finding_messages import LONGEST_ECHO, MOST_NAMES
from app.rules.rule_case import judge_case

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "seed" / "catalogue")
STUDENTS = ({"name": "张三"}, {"name": "李四"}, {"student_no": "S3"})
STAFF = Source("staff", "name")
LAST_YEAR = Source("student", "name", Year.PREVIOUS)


def asking(condition: str = "unlisted = 0", **term: object) -> QualityRule:
    """A rule that every name listed under ``students`` is that of a student."""
    told = {"table": "student", "column": "name", "by": {"name": "students"}, **term}
    return QualityRule(
        "QR.STUDENT_AWARD.*.99",
        "student_award",
        Severity.WARNING,
        Dimension.CONSISTENCY,
        "。",
        condition,
        ("students",),
        terms={"unlisted": Term("没有的人数", measure=Measure.UNLISTED, **told)},  # type: ignore[arg-type]
    )


def found(rule: QualityRule, text: str | None, **case: object) -> list[Finding]:
    """What is said of a row that lists these names, with the case's other tables."""
    told = RuleCase(({"students": text},), **{"others": {"student": STUDENTS}, **case})  # type: ignore[arg-type]
    return list(judge_case(compile_rule(rule, CATALOGUE), CATALOGUE, told).findings)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("张三", []),
        ("张三、李四", []),
        ("张三、李四等", []),
        ("李四， 张三等人", []),
        ("张三 李四", ["张三 李四"]),
        ("、张三；", []),
        ("王五", ["王五"]),
        ("张三、王五，赵六", ["王五", "赵六"]),
        ("赵六、王五、赵六、王五等", ["赵六", "王五"]),
        ("、", []),
        (None, []),
    ],
)
def test_names_that_are_on_no_list_are_counted_and_told(
    text: str | None, missing: list[str]
) -> None:
    told = [(each.figures, each.message.parameters["names"]) for each in found(asking(), text)]

    assert told == ([((f"unlisted={float(len(missing))}",), "、".join(missing))] if missing else [])


def test_of_many_names_the_first_are_told_and_all_counted() -> None:
    names = [f"某{number}" for number in range(MOST_NAMES + 3)]

    [finding] = found(asking(), "、".join(["张三", *names, "某1"]))

    names_told = finding.message.parameters["names"]
    assert isinstance(names_told, Message)
    assert names_told.parameters == {"names": "、".join(names[:MOST_NAMES]), "count": len(names)}
    assert finding.message.english() == (
        "。 (on no list: 某0、某1、某2、某3、某4 and others, 8 names in all; 没有的人数 8)"
    )


def test_as_many_names_as_are_told_have_no_others() -> None:
    names = "、".join(f"某{number}" for number in range(MOST_NAMES))

    [finding] = found(asking(), names)

    assert finding.message.parameters["names"] == names


def test_of_a_very_long_name_its_beginning_is_told() -> None:
    [finding] = found(asking(), "某" * 90)

    assert finding.message.parameters["names"] == "某" * LONGEST_ECHO + "…"


def test_every_row_is_told_its_own_names() -> None:
    rows = ({"students": "王五、张三"}, {"students": None}, {"students": "赵六"})
    case = RuleCase(rows, {"student": STUDENTS})

    told = judge_case(compile_rule(asking(), CATALOGUE), CATALOGUE, case).findings

    assert [(each.row, each.message.parameters["names"]) for each in told] == [
        (0, "王五"),
        (2, "赵六"),
    ]


@pytest.mark.parametrize(
    ("also", "missing"),
    [
        ((), "王五、赵六"),
        ((STAFF,), "赵六"),
        ((LAST_YEAR,), "王五"),
        ((STAFF, LAST_YEAR), ""),
        ((Source("leader", "name"), STAFF), "赵六"),
    ],
)
def test_a_name_on_any_of_the_lists_is_listed(also: tuple[Source, ...], missing: str) -> None:
    others = {"student": STUDENTS, "staff": ({"staff_no": "T1", "name": "王五"},)}
    previous = {"student": ({"student_no": "S9", "name": "赵六"},)}

    told = found(asking(also=also), "张三、王五、赵六", others=others, previous=previous)

    assert [each.message.parameters["names"] for each in told] == ([missing] if missing else [])


def test_where_the_first_list_was_not_collected_nothing_is_compared() -> None:
    others = {"staff": ({"staff_no": "T1", "name": "王五"},)}

    assert found(asking(also=(STAFF,)), "赵六", others=others) == []


def test_only_the_chosen_rows_of_the_first_list_count() -> None:
    only = asking(where="name <> '李四'", also=(STAFF,))
    others = {"student": STUDENTS, "staff": ({"staff_no": "T1", "name": "王五"},)}

    [finding] = found(only, "张三、李四、王五", others=others)

    assert finding.message.parameters["names"] == "李四"


def test_names_of_several_terms_are_told_with_their_labels() -> None:
    rule = asking("unlisted = 0 and other = 0")
    other = Term("没有的教师数", "staff", Measure.UNLISTED, "name", by={"name": "tutors"})
    case = RuleCase(
        ({"students": "王五", "tutors": "钱七"},),
        {"student": STUDENTS, "staff": ({"staff_no": "T1", "name": "孙八"},)},
    )
    several = QualityRule(**{**vars(rule), "terms": {**rule.terms, "other": other}})

    [finding] = judge_case(compile_rule(several, CATALOGUE), CATALOGUE, case).findings

    assert "王五 (没有的人数); 钱七 (没有的教师数)" in finding.message.english()
    assert finding.about == ("students", "tutors")


def test_a_row_that_lists_no_missing_name_tells_none() -> None:
    [finding] = found(asking("unlisted > 0"), "张三")

    assert "names" not in finding.message.parameters


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ({"by": {"id_card_no": "students"}, "column": "id_card_no"}, "G12345678"),
        ({"also": (Source("staff", "id_card_no"),)}, "王五"),
    ],
)
def test_no_name_is_told_where_values_of_a_list_are_masked(
    term: dict[str, object], text: str
) -> None:
    [finding] = found(asking(**term), text)

    assert finding.message == Message("%(text)s", {"text": "。"})


def test_no_name_is_told_of_a_cell_that_is_masked() -> None:
    rule = QualityRule(
        "QR.STUDENT.*.99",
        "student",
        Severity.WARNING,
        Dimension.CONSISTENCY,
        "。",
        "unlisted = 0",
        ("student_no",),
        terms={"unlisted": Term("没有的", "staff", Measure.UNLISTED, "name", by={"name": "email"})},
    )
    case = RuleCase(
        ({"student_no": "S1", "email": "a@b.cn"},), {"staff": ({"staff_no": "T1", "name": "王五"},)}
    )

    [finding] = judge_case(compile_rule(rule, CATALOGUE), CATALOGUE, case).findings

    assert "names" not in finding.message.parameters
    assert finding.about == ("email",)


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ({"by": {}}, "names are listed"),
        ({"by": {"student_no": "students"}}, "names are listed"),
        ({"by": {"name": "students", "gender": "award_level"}}, "names are listed"),
        ({"by": {"birth_date": "students"}, "column": "birth_date"}, "no text with names"),
        ({"also": (Source("nowhere", "name"),)}, "no table nowhere"),
        ({"also": (Source("staff", "nothing"),)}, "no field nothing"),
        ({"also": (Source("staff", ""),)}, "Name the field"),
        ({"also": (Source("staff", "birth_date"),)}, "no text with names"),
        ({"also": (Source("student", "name"),)}, "same list twice"),
        ({"also": (STAFF, STAFF)}, "same list twice"),
        ({"also": (STAFF,), "measure": Measure.COUNT}, "Only listed names"),
        (
            {"also": tuple(Source(name, "name") for name in ("staff", "leader", "dropout"))}
            | {"year": Year.PREVIOUS},
            "",
        ),
    ],
)
def test_names_are_looked_for_in_fields_of_texts(term: dict[str, object], told: str) -> None:
    rule = asking(**{key: value for key, value in term.items() if key != "measure"})
    if "measure" in term:
        counted = {**vars(rule.terms["unlisted"]), "measure": term["measure"]}
        rule = QualityRule(**{**vars(rule), "terms": {"unlisted": Term(**counted)}})
    if not told:
        assert compile_rule(rule, CATALOGUE)
        return
    with pytest.raises(RuleError) as refused:
        compile_rule(rule, CATALOGUE)

    assert any(told in fault.message.english() for fault in refused.value.rule_faults)


def test_a_name_is_looked_for_in_so_many_lists_only() -> None:
    tables = ("staff", "leader", "dropout", "full_time_teacher")[:MOST_LISTS]

    with pytest.raises(RuleError, match="at most 4 lists"):
        compile_rule(asking(also=tuple(Source(name, "name") for name in tables)), CATALOGUE)


def test_further_lists_are_read_waited_for_and_told_as_what_it_is_taken_from() -> None:
    rule = asking(also=(STAFF, LAST_YEAR))

    assert rule.tables == {"student_award", "student", "staff"}
    assert rule.needs_previous
    assert compile_rule(rule, CATALOGUE).taken_from == ("student.name", "staff.name")


def test_what_was_explained_before_there_were_further_lists_stays_explained() -> None:
    """A digest of a delivered rule as it was asked before; explanations are bound to it."""
    (rule,) = (each for each in CATALOGUE.rules if each.identifier == "QR.RED_CROSS.*.31")

    asked = compile_rule(rule, CATALOGUE).asked

    assert asked == "930d655d6304afdbb7c138694bee89beb6e0c06eb8069d57e2a8ee1d34e06bdd"


def test_the_order_of_lists_asks_nothing_else_and_another_list_does() -> None:
    orders = [(STAFF, LAST_YEAR), (LAST_YEAR, STAFF), (STAFF,)]

    first, turned, fewer = (compile_rule(asking(also=also), CATALOGUE).asked for also in orders)

    assert first == turned
    assert fewer != first
