"""Names on no list are told with a finding to whoever sees the cell that lists them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.access.person import Actor, RoleAccess
from app.actions.explanation import explain
from app.actions.finding_register import check_table
from app.actions.row_change import UPDATE, Change
from app.catalogue.quality_rule import Measure, QualityRule, Source, Term
from app.domain.finding import NOT_SHOWN, Dimension, Severity
from app.domain.finding_state import FindingState
from app.domain.table_access import FieldMask
from app.models.finding import RegisteredFinding
from app.reports.finding import FindingLine, place_findings
from app.rules.rule_book import use_rules
from tests.college import NOW, College, on_all_databases
from tests.judged import judged, place
from tests.people import People
from tests.reports.test_finding import LISTING, listed

TABLE, RULE = "course_textbook", "QR.COURSE_TEXTBOOK.*.99"
AUTHORS = QualityRule(
    RULE,
    TABLE,
    Severity.WARNING,
    Dimension.CONSISTENCY,
    "请核对作者。",
    "unlisted = 0",
    ("first_author",),
    terms={
        "unlisted": Term(
            "没有的人数",
            "staff",
            Measure.UNLISTED,
            "name",
            by={"name": "first_author"},
            also=(Source("full_time_teacher", "name"),),
        )
    },
)


@pytest.fixture
def book(college: College, people: People) -> Iterator[str]:
    """A book by somebody of each list and a stranger; in the register too."""
    college.add("department", 1, by=people.wu_fan)
    college.add("staff", 1, by=people.wu_fan, name="张三")
    college.add("full_time_teacher", 1, by=people.chen_gang, name="李四")
    college.add("course", 1, by=people.li_jing)
    [row_id] = college.add(TABLE, 1, by=people.li_jing, first_author="张三、李四、王五")
    use_rules(college.store.catalogue, [AUTHORS], "authors")
    check(college)
    yield row_id
    use_rules(college.store.catalogue, college.store.catalogue.rules, None)


def check(college: College) -> None:
    check_table(college.session, college.store, college.cycle, TABLE, now=NOW)


def lines(college: College, actor: Actor) -> list[FindingLine]:
    """What the list and the page of the table tell."""
    stored = college.store.tables[TABLE]
    live = place_findings(college.session, college.store, actor, stored, college.cycle, "A03")
    [kept] = listed(college, actor, rule=RULE)
    return [kept, *(line for line in live.lines if line.rule == RULE)]


LISTS = ("staff", "full_time_teacher")


def reading(actor: Actor, *lists: str, masked: str = "") -> Actor:
    """Somebody who may read these lists, ``table.field`` masked for him by an administrator."""
    table, _, field = masked.partition(".")
    masks = {field: FieldMask.MASKED}
    access = {table: (RoleAccess("x", LISTING, masks=masks),)} if masked else {}
    may = {("can_list", each) for each in (*lists, TABLE)}
    return replace(actor, access=access, permissions=actor.permissions | may)


@on_all_databases
def test_the_name_that_is_on_no_list_is_told_live_and_in_the_list(
    college: College, people: People, book: str
) -> None:
    kept, now = lines(college, reading(people.li_jing, *LISTS))

    assert kept.message == now.message
    assert kept.message.english() == "请核对作者。 (on no list: 王五; 没有的人数 1)"


def test_whoever_sees_the_cell_masked_is_told_no_name(
    college: College, people: People, book: str
) -> None:
    reader = reading(people.li_jing, *LISTS, masked=f"{TABLE}.first_author")

    told = lines(college, reader)

    assert [(line.message, line.seen) for line in told] == [(NOT_SHOWN, None)] * 2


@pytest.mark.parametrize(
    ("lists", "masked"),
    [
        ((), ""),
        (("staff",), ""),
        (("full_time_teacher",), ""),
        (LISTS, "staff.name"),
        (LISTS, "full_time_teacher.name"),
    ],
)
def test_whoever_sees_the_cell_and_not_a_list_is_told_the_name_without_the_figure(
    college: College, people: People, book: str, lists: tuple[str, ...], masked: str
) -> None:
    reader = reading(people.li_jing, *lists, masked=masked)

    for line in lines(college, reader):
        assert line.message.english() == "请核对作者。 (on no list: 王五)"
        assert line.seen is None


def explained(college: College, people: People) -> None:
    [found] = [each for each in judged(college, TABLE, "A03").found if each.finding.rule == RULE]
    where = place(college, TABLE, "A03")
    marks: dict[str, str | None] = {found.mark: found.values_digest}
    explain(college.session, college.store, where, marks, "对外。", by=people.li_jing, now=NOW)


def test_an_explanation_is_bound_to_the_names_in_the_cell(
    college: College, people: People, book: str
) -> None:
    explained(college, people)
    before = [line.state for line in lines(college, people.li_jing)]

    changed = {"first_author": "张三、李四、赵六"}
    college.change(TABLE, Change(UPDATE, changed, book, "1"), by=people.li_jing)
    check(college)

    after = [line.state for line in lines(college, people.li_jing)]
    assert before == [FindingState.EXPLAINED] * 2
    # Nobody has finished the lists yet.
    assert after == [FindingState.WAITING] * 2


def test_a_finding_waits_for_every_list_that_is_not_finished(
    college: College, people: People, book: str
) -> None:
    [found] = [each for each in judged(college, TABLE, "A03").found if each.finding.rule == RULE]

    assert found.waits_for == ("full_time_teacher", "staff")


def test_a_finding_stored_before_names_were_told_is_readable_until_it_is_checked_again(
    college: College, people: People, book: str
) -> None:
    parameters = {"text": "请核对。", "values": "没有的人数 1"}
    old = {"msgid": "%(text)s (%(values)s)", "parameters": parameters}
    stored = update(RegisteredFinding).where(RegisteredFinding.rule == RULE)
    college.session.execute(stored.values(message=old, about=["staff.name"]))
    college.session.commit()

    reader = reading(people.li_jing, *LISTS)
    [kept, _now] = lines(college, reader)
    [masked, _] = lines(college, reading(people.li_jing, *LISTS, masked=f"{TABLE}.first_author"))
    check(college)
    [again, _now] = lines(college, reader)

    assert kept.message.english() == "请核对。 (没有的人数 1)"
    assert masked.message == NOT_SHOWN
    assert again.message.parameters["names"] == "王五"
