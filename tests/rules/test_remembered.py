"""What is remembered of a condition is what the evaluator said of the same values."""

from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.base_table import FieldSpec, FieldType
from app.domain.period import AcademicYear, Period, PeriodKind, period_for
from app.rules.coercion import coerce, raw_frame
from app.rules.expression import remembered
from app.rules.expression.compile import Condition, compile_condition
from app.rules.expression.evaluate import Verdict, evaluate
from app.rules.expression.remembered import RememberedVerdicts
from tests.factories import catalogue_of, table_of

SPEC = table_of(
    FieldSpec("whole", "合计", FieldType.INTEGER),
    FieldSpec("part", "其中", FieldType.INTEGER),
    FieldSpec("name", "名称", FieldType.STRING),
)
CATALOGUE = catalogue_of(SPEC)
CONDITIONS = tuple(
    compile_condition(SPEC, CATALOGUE, text)
    for text in ("part <= whole", "part / whole >= 0.5", "length(name) > 1")
)
YEAR, OTHER = (period_for(PeriodKind.ACADEMIC_YEAR, AcademicYear(start)) for start in (2024, 2025))
numbers = st.sampled_from([None, 0, 1, 2])
rows = st.fixed_dictionaries(
    {"whole": numbers, "part": numbers, "name": st.sampled_from([None, "学", "学生"])}
)


def frame_of(*typed: dict[str, object]) -> pl.DataFrame:
    return coerce(SPEC, CATALOGUE, raw_frame(SPEC, typed)).frame


@given(st.lists(st.lists(rows, min_size=1, max_size=4), min_size=1, max_size=4))
def test_every_answer_is_the_evaluators(pages: list[list[dict[str, object]]]) -> None:
    memory = RememberedVerdicts(size=5)

    for page in pages:
        frame = frame_of(*page)
        assert memory.of(CONDITIONS, frame, YEAR) == evaluate(CONDITIONS, frame, YEAR)


def test_only_conditions_about_other_values_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def listened(
        conditions: Sequence[Condition], frame: pl.DataFrame, period: Period
    ) -> list[Verdict]:
        asked.extend(condition.text for condition in conditions)
        return evaluate(conditions, frame, period)

    monkeypatch.setattr(remembered, "evaluate", listened)
    memory = RememberedVerdicts()
    row: dict[str, object] = {"whole": 1, "part": 1, "name": "学"}

    memory.of(CONDITIONS, frame_of(row), YEAR)
    asked.clear()
    memory.of(CONDITIONS, frame_of({**row, "name": "学生"}), YEAR)
    assert asked == ["length(name) > 1"]

    memory.of(CONDITIONS, frame_of(row), OTHER)
    assert len(asked) == 1 + len(CONDITIONS)
