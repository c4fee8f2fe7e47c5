"""The rules about single rows are asked with those of the fields, of sound values only."""

from pathlib import Path

from app.catalogue.loader import load_catalogue
from app.domain.period import AcademicYear
from app.rules.base_table import check_rows
from app.rules.coercion import raw_frame

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "seed" / "catalogue")
SPEC = CATALOGUE.tables["course_textbook"]
ROW = {"course_code": "K1", "book_name": "某书", "publisher": "某社", "first_author": "某人"}
ROW |= {"book_nature": "1", "book_type": "1"}
OLD = "QR.COURSE_TEXTBOOK.*.11"


def found(**values: object) -> list[str]:
    raw = raw_frame(SPEC, [{**ROW, **values}])
    period = SPEC.period_in(AcademicYear(2025))
    told = check_rows(SPEC, CATALOGUE, raw, {}, period=period).findings
    return [finding.rule for finding in told if finding.field == "edition_year"]


def test_a_value_of_today_passes() -> None:
    assert found(edition_year=2020) == []


def test_a_row_that_breaks_a_rule_is_told_at_its_cell() -> None:
    assert found(edition_year=2010) == [OLD]


def test_a_value_that_is_wrong_by_itself_is_told_first() -> None:
    assert found(edition_year=1900) == ["QR.COURSE_TEXTBOOK.EDITION_YEAR.07"]
    assert found(edition_year="不详") == ["QR.COURSE_TEXTBOOK.EDITION_YEAR.02"]


def test_without_a_period_no_rule_compares() -> None:
    raw = raw_frame(SPEC, [{**ROW, "edition_year": 2010}])

    rules = {finding.rule for finding in check_rows(SPEC, CATALOGUE, raw, {}).findings}

    assert OLD not in rules
