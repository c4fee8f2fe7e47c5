"""Trying a rule on its own cases: does it let the right rows pass and find the wrong ones?"""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import RuleCase, Year
from app.domain.message import Message
from app.domain.period import AcademicYear
from app.rules.coercion import coerce, raw_frame
from app.rules.compiled_rule import CompiledRule
from app.rules.quality_rule import Judgement, judge
from app.rules.term_figures import Collected

# Cases are written as of this year: 1 September 2025 to 31 August 2026.
YEAR_OF_CASES = AcademicYear(2025)


class UnreadableCaseError(ValueError):
    """Rows of a case that do not fit their table; ``message`` says which and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.english())
        self.message = message


def judge_case(compiled: CompiledRule, catalogue: Catalogue, case: RuleCase) -> Judgement:
    """What the rule says of the rows of one of its cases. Raises UnreadableCaseError."""
    rule = compiled.rule
    spec = catalogue.tables[rule.table]
    frames = {
        (table, year): _frame(catalogue, table, rows)
        for year, told in (
            (Year.THIS, {rule.table: case.rows, **case.others}),
            (Year.PREVIOUS, case.previous),
        )
        for table, rows in told.items()
    }
    periods = {
        Year.THIS: spec.period_in(YEAR_OF_CASES),
        Year.PREVIOUS: spec.period_in(YEAR_OF_CASES.previous),
    }
    return judge([compiled], catalogue, rule.table, Collected(periods, frames))


def case_faults(compiled: CompiledRule, catalogue: Catalogue) -> Iterator[Message]:
    """What is wrong with the cases of a rule, or with the rule as they show it."""
    rule = compiled.rule
    for name, cases, is_right in (
        (Message("correct cases"), rule.passing, True),
        (Message("wrong cases"), rule.failing, False),
    ):
        if not cases:
            yield Message("The rule has no case under “%(name)s”. Write one.", {"name": name})
        for number, case in enumerate(cases, 1):
            place: dict[str, object] = {"name": name, "number": number}
            try:
                told = judge_case(compiled, catalogue, case)
            except UnreadableCaseError as error:
                yield Message(
                    "Case %(number)s under “%(name)s”: %(fault)s.", place | {"fault": error.message}
                )
                continue
            if told.broken:
                yield Message("Case %(number)s under “%(name)s” cannot be calculated.", place)
            elif is_right and told.findings:
                yield Message(
                    "Case %(number)s under “%(name)s” is right, but the rule finds it wrong.", place
                )
            elif not is_right and not told.findings:
                yield Message(
                    "Case %(number)s under “%(name)s” is wrong, but the rule lets it pass.", place
                )


def _frame(catalogue: Catalogue, table: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    if table not in catalogue.tables:
        raise UnreadableCaseError(Message("there is no table %(table)s", {"table": table}))
    spec = catalogue.tables[table]
    unknown = sorted({code for row in rows for code in row} - set(spec.by_code))
    if unknown:
        raise UnreadableCaseError(
            Message(
                "table %(table)s has no field %(field)s",
                {"table": spec.title, "field": unknown[0]},
            )
        )
    read = coerce(spec, catalogue, raw_frame(spec, rows))
    unreadable = [code for code, faults in read.faults.items() if faults]
    if unreadable:
        raise UnreadableCaseError(
            Message(
                "“%(field)s” of table %(table)s holds a value that does not fit the field",
                {"table": spec.title, "field": spec.by_code[unreadable[0]].label},
            )
        )
    return read.frame
