"""Whatever is stored: what a rule's dry run finds is what everybody is told of it then."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from app.actions.finding_register import check_table
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.catalogue.quality_rule import Judged, Measure, QualityRule, Term
from app.domain.finding import Dimension, Severity
from app.domain.message import Refused
from app.domain.submission import Verb
from app.exchange.base_table import import_rows
from app.exchange.import_result import ImportResult
from app.models.finding import RegisteredFinding
from app.reports.rule_trial import try_rule
from app.rules.compiled_rule import CompiledRule, compile_rule
from app.rules.rule_book import rule_book, use_rules
from tests.college import NOW, YEAR, College, on_all_databases
from tests.exchange.books import book_of
from tests.judged import judged

Told = Counter[tuple[str, object]]
HEADINGS = ["课程代码", "课程名称", "课程类型", "课程属性", "是否专业核心课程"]
HEADINGS += ["是否校企合作开发课程", "学分"]
# Few of each, so that names are met again and values are missing, unfit or refused.
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["K1", "K2", "K3", "Ｋ4", None]),
        st.sampled_from(["数学", "英语", "体育", None]),
        st.sampled_from(["A", "B", "C", "无", None]),
        st.just("1"),
        st.sampled_from(["是", "否", None]),
        st.just("否"),
        st.sampled_from([0, 0.5, 3, 12, 45, "很多", None]),
    ),
    max_size=6,
)
# What stands there since another catalogue was in force.
OLD = st.one_of(st.none(), st.sampled_from([{"credit": 70}, {"course_name": None}]))


def rule(number: int, condition: str, **how: Any) -> QualityRule:
    told: dict[str, Any] = {"severity": Severity.WARNING, "fields": ("credit",)}
    told |= {"dimension": Dimension.ACCURACY, "message": "请核对。"}
    return QualityRule(f"QR.COURSE.*.{number}", "course", condition=condition, **(told | how))


def term(measure: Measure, column: str = "", **by: str) -> Term:
    return Term("所比的数", "course", measure, column, by=by)


OWN_RULES = (
    rule(91, "credit <= 10"),
    rule(92, "course_name is not null or course_type = 'C'", fields=("course_name",)),
    rule(93, "credit is not null and credit > 0 or is_core = false", severity=Severity.ERROR),
    rule(
        94,
        "n <= 1",
        fields=("course_name",),
        once_by=("course_name",),
        terms={"n": term(Measure.COUNT, course_name="course_name")},
    ),
    rule(95, "credit <= 2 * middle", terms={"middle": term(Measure.MEDIAN, "credit")}),
    rule(96, "total <= 50", judged=Judged.TABLE, terms={"total": term(Measure.SUM, "credit")}),
)


class Courses:
    """The courses of a department; no dataclass, which a failing example would show with all."""

    def __init__(self, college: College) -> None:
        self.college = college
        self.session, self.store = college.session, college.store
        self.steward = college.founded.people.li_jing

    @property
    def rules(self) -> Sequence[CompiledRule]:
        """The rules about courses, those that come along and the college's own."""
        return rule_book(self.store.catalogue).of("course").compiled

    def begin(self) -> None:
        """Leave the college as it was before the last example."""
        self.session.rollback()
        self.college.founded.restore()
        self.session.expire_all()

    def bring_in(self, content: bytes, digest: str | None = None) -> ImportResult:
        """The dry run; with its digest the import of whatever can be written."""
        result = import_rows(
            self.session,
            self.store,
            "course",
            content,
            "courses.xlsx",
            by=self.steward,
            now=NOW,
            period=self.college.period("course"),
            department="A03",
            dry_run=digest is None,
            partial=digest is not None,
            digest=digest,
        )
        self.session.rollback()
        return result

    def turn_old(self, values: dict[str, Any]) -> None:
        """Let rows hold what today's catalogue would not let in."""
        if values:
            self.session.execute(update(self.store.tables["course"].table).values(values))
            self.session.commit()

    def told_of_single_rows(self) -> Told:
        """What the place is told but for what an import cannot know: other rows."""
        place = judged(self.college)
        across = {each.rule.identifier for each in self.rules if not each.rule.is_about_one_row}
        return Counter(
            (each.finding.rule, place.check.values[each.finding.row]["course_code"])
            for each in place.found
            if each.finding.row is not None and each.finding.rule not in across
        )

    def try_out(self, compiled: CompiledRule) -> list[tuple[str, object]]:
        """Rule and row of what the workbench finds this year."""
        office = self.college.founded.people.zhou_min
        this, _before = try_rule(self.session, self.store, office, compiled, YEAR).years
        assert this.found == len(this.hits)
        return [(compiled.rule.identifier, hit.row or "") for hit in this.hits]

    def registered(self) -> Told:
        """Rule and row of what the register has, brought up to date."""
        check_table(self.session, self.store, self.college.cycle, "course", now=NOW)
        found: Sequence[RegisteredFinding] = self.college.all(RegisteredFinding)
        return Counter((each.rule, each.row_id) for each in found if each.mended_at is None)

    def is_refused(self) -> bool:
        """Whether the table cannot be finished; the database is asked by a session of its own."""
        submission = self.college.submission("course")
        request = StepRequest(Verb.FINISH, submission.version, reason="无")
        try:
            with self.college.open_session() as session:
                take_step(session, self.store, submission.id, request, by=self.steward, now=NOW)
        except Refused:
            return True
        return False


@pytest.fixture
def courses(college: College) -> Iterator[Courses]:
    """Courses with rules of every kind about them beside those that come along."""
    catalogue = college.store.catalogue
    use_rules(catalogue, [*catalogue.rules, *OWN_RULES], "tried")
    yield Courses(college)
    use_rules(catalogue, catalogue.rules, None)


@given(rows=ROWS, old=OLD)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@on_all_databases
def test_what_a_rule_is_tried_to_find_is_what_everybody_is_told_of_it(
    courses: Courses, rows: list[tuple[Any, ...]], old: dict[str, Any] | None
) -> None:
    courses.begin()
    content = book_of([HEADINGS, *rows])
    shown = courses.bring_in(content)
    done = courses.bring_in(content, shown.digest)
    assert told_of_rows(done) == told_of_rows(shown)
    assert told_of_rows(shown) == courses.told_of_single_rows()

    courses.turn_old(old or {})
    place = judged(courses.college)
    found = Counter((each.finding.rule, each.row_id) for each in place.found)
    names = {each.rule.identifier for each in courses.rules}
    by_rules = Counter({hit: count for hit, count in found.items() if hit[0] in names})
    assert Counter(hit for each in courses.rules for hit in courses.try_out(each)) == by_rules
    assert courses.registered() == found
    assert courses.is_refused() == bool(place.open_errors or place.open_warnings)


def told_of_rows(result: ImportResult) -> Told:
    """Rule and course of everything that is told of rows which are written."""
    written = {
        row.row: row.values["course_code"] for row in result.preview if row.outcome == "created"
    }
    return Counter(
        (each.rule, written[each.row]) for each in result.findings if each.row in written
    )


BIRTHDAYS = Term(
    "登记的出生日期", "staff", Measure.VALUE, "birth_date", by={"staff_no": "staff_no"}
)


@pytest.mark.parametrize(
    ("condition", "terms"),
    [("birth_date < '1900-01-01'", {}), ("believed < '1900-01-01'", {"believed": BIRTHDAYS})],
)
def test_of_masked_values_a_trial_tells_full_tens_alone(
    college: College, condition: str, terms: dict[str, Term]
) -> None:
    people = college.founded.people
    college.add("department", 1, by=people.wu_fan)
    college.add("staff", *range(1, 13), by=people.wu_fan)
    college.add("full_time_teacher", *range(1, 13), by=people.chen_gang)
    about = {"table": "full_time_teacher", "fields": ("name",), "terms": terms}
    asking = compile_rule(replace(rule(91, condition), **about), college.store.catalogue)
    narrow = replace(asking.rule, condition=f"({condition}) or staff_no <> 'T0001'")
    of_one = compile_rule(narrow, college.store.catalogue)

    for compiled, found in ((asking, 10), (of_one, 0)):
        trial = try_rule(college.session, college.store, people.zhou_min, compiled, YEAR)
        this = trial.years[0]
        assert (this.rows, this.found) == (12, found)
        assert (this.hits, this.by_department, trial.asks_masked) == ([], [], True)
