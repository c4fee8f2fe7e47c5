"""The rows of the demo college fit the catalogue, the departments and each other."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from stdnum import isbn
from stdnum.cn import ric

from app.catalogue.base_table import FieldSpec, FieldType, TableKind, TableSpec, Tier
from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.domain.period import AcademicYear
from app.domain.person import Function, TeacherKind

SEED = Path(__file__).parents[2] / "seed"
PEOPLE: dict[str, Any] = yaml.safe_load((SEED / "demo/people.yaml").read_text("utf-8"))
FILES = sorted((SEED / "demo/rows").glob("*/*.csv"))
# Required cells that the open year leaves empty on purpose: (table, slot) → how many.
DECLARED_GAPS = {("major", "current"): 3}
DIGITS_AND_SIGN = re.compile(r"-?\d+")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
TYPES = {
    FieldType.INTEGER: DIGITS_AND_SIGN,
    FieldType.NUMBER: DECIMAL,
    FieldType.BOOLEAN: re.compile("true|false"),
    FieldType.DATE: re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    FieldType.YEARMONTH: re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
}
FORMATS = {
    "url": re.compile(r"https://(www\.)?example\.com/"),
    "phone": re.compile(r"0710-0000\d{3}"),
    "mobile": re.compile(r"1400000\d{4}"),
    "email": re.compile(r"[a-z0-9]+@demo\.example\.com"),
    "id_card": re.compile(r"710000\d{11}[\dX]"),
    "isbn": re.compile(r"978\d{10}"),
    "social_credit_code": re.compile(r"91710000MA[0-9A-Z]{8}"),
}
# These have to lie in the period of their table, as the regulation counts them there.
DATED = {
    "full_time_award": ["awarded_on"],
    "donation": ["donated_on"],
    "teaching_evaluation": ["started_on", "ended_on"],
}
ACCOUNTS = {
    *("admin", "leader", "archive", "reader", "qa", "qa2"),
    *("t_full", "t_inhouse", "t_part", "t_visiting"),
    *(f"{office}_steward" for office in ("qa", "jwc", "cwc", "qcx", "jdx", "gyxx")),
    *(f"{office}_head" for office in ("qa", "jwc", "cwc", "qcx", "jdx", "gyxx")),
}


@dataclass(frozen=True)
class DemoFile:
    """One CSV file: its table, its slot, its header and its rows."""

    table: TableSpec
    slot: str
    header: list[str]
    rows: list[dict[str, str]]

    def cells(self) -> Iterator[tuple[FieldSpec, str]]:
        """Every filled cell with its field."""
        for row in self.rows:
            for field in self.table.fields:
                if row[field.code]:
                    yield field, row[field.code]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(SEED / "catalogue")


def read(path: Path, catalogue: Catalogue) -> DemoFile:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        rows = list(reader)
    return DemoFile(
        catalogue.tables[path.parent.name], path.stem, list(reader.fieldnames or []), rows
    )


@pytest.fixture(params=FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def demo_file(request: pytest.FixtureRequest, catalogue: Catalogue) -> DemoFile:
    return read(request.param, catalogue)


def rows_of(catalogue: Catalogue, table: str, slot: str) -> list[dict[str, str]]:
    path = SEED / "demo/rows" / table / f"{slot}.csv"
    return read(path, catalogue).rows if path.exists() else []


def total(rows: list[dict[str, str]], *codes: str) -> Decimal:
    return sum((Decimal(row[code] or "0") for row in rows for code in codes), Decimal(0))


def test_the_header_names_every_field_in_the_printed_order(demo_file: DemoFile) -> None:
    codes = [field.code for field in demo_file.table.fields]
    teachers_own = demo_file.table.filled_by == "teacher"

    assert demo_file.header == ["department", *(["person"] if teachers_own else []), *codes]
    assert demo_file.slot in {"previous", "current"}
    assert demo_file.rows


def test_a_value_has_the_type_of_its_field(demo_file: DemoFile) -> None:
    wrong = [
        (field.code, value)
        for field, value in demo_file.cells()
        if field.type in TYPES and not TYPES[field.type].fullmatch(value)
    ]

    assert wrong == []


def test_a_text_is_no_longer_than_allowed(demo_file: DemoFile, catalogue: Catalogue) -> None:
    for field, value in demo_file.cells():
        longest = catalogue.stored_as(field).max_length

        assert longest is None or len(value) <= longest, (field.code, value)
        assert value == value.strip()


def test_a_number_fits_its_digits_and_range(demo_file: DemoFile) -> None:
    for field, value in demo_file.cells():
        if field.type not in {FieldType.INTEGER, FieldType.NUMBER}:
            continue
        whole, _, decimals = value.lstrip("-").partition(".")

        assert field.scale is None or len(decimals) <= field.scale, (field.code, value)
        assert field.precision is None or len(whole) <= field.precision - (field.scale or 0)
        assert field.minimum is None or Decimal(value) >= field.minimum, (field.code, value)
        assert field.maximum is None or Decimal(value) <= field.maximum, (field.code, value)


def test_a_coded_value_is_in_its_code_list(demo_file: DemoFile, catalogue: Catalogue) -> None:
    for field, value in demo_file.cells():
        codes = catalogue.code_list_of(field)

        assert codes is None or value in codes.labels, (field.code, value)


def test_a_value_matches_its_pattern_and_format(demo_file: DemoFile) -> None:
    for field, value in demo_file.cells():
        patterns = [re.compile(field.pattern)] if field.pattern else []
        patterns += [FORMATS[field.format]] if field.format else []

        assert all(pattern.search(value) for pattern in patterns), (field.code, value)
        assert field.format != "id_card" or ric.is_valid(value), value
        assert field.format != "isbn" or isbn.is_valid(value), value


def test_the_key_is_unique_within_a_department(demo_file: DemoFile) -> None:
    key_codes = [field.code for field in demo_file.table.key_fields]
    keys = [(row["department"], *(row[code] for code in key_codes)) for row in demo_file.rows]

    assert len(keys) == len(set(keys))
    assert all(all(key) for key in keys)
    assert demo_file.table.kind is TableKind.LIST or len(keys) == 1


def test_a_reference_names_a_row_of_the_same_slot(
    demo_file: DemoFile, catalogue: Catalogue
) -> None:
    for field in demo_file.table.references:
        assert field.reference
        targets = rows_of(catalogue, field.reference.table, demo_file.slot)
        known = {row[field.reference.field] for row in targets}
        named = {row[field.code] for row in demo_file.rows} - {""}

        assert named <= known, field.code


def test_only_declared_required_cells_are_empty(demo_file: DemoFile) -> None:
    required = [field.code for field in demo_file.table.fields if field.required]
    empty = [code for row in demo_file.rows for code in required if not row[code]]

    assert len(empty) == DECLARED_GAPS.get((demo_file.table.identifier, demo_file.slot), 0)


def test_a_row_belongs_to_a_department_that_fills_the_table(
    demo_file: DemoFile, catalogue: Catalogue
) -> None:
    name = demo_file.table.identifier
    own = {d.code for d in catalogue.departments if name in d.fills_for_own_staff}
    filling = own or {d.code for d in catalogue.departments if name in d.owns}

    assert {row["department"] for row in demo_file.rows} <= filling


def test_a_date_lies_inside_or_before_its_period(demo_file: DemoFile) -> None:
    year = AcademicYear.parse(PEOPLE["base_academic_year"])
    period = demo_file.table.period_in(year if demo_file.slot == "current" else year.previous)
    dates = [(f.code, v) for f, v in demo_file.cells() if f.type in {"date", "yearmonth"}]
    inside = DATED.get(demo_file.table.identifier, [])
    start, end = period.start.isoformat(), period.end.isoformat()

    for code, value in dates:
        assert not value.endswith("-02-29"), code
        assert value[:7] <= end[:7] or code == "agreement_until", (code, value)
        assert value[:7] >= start[:7] or code not in inside, (code, value)


def test_a_teachers_row_is_typed_by_the_person_it_describes(demo_file: DemoFile) -> None:
    if demo_file.table.filled_by != "teacher":
        assert "person" not in demo_file.header
        return
    kinds = {person["number"]: person["teacher_kind"] for person in PEOPLE["persons"]}
    kind = next(
        k
        for k in TeacherKind
        if demo_file.table.identifier.startswith({"in_house": "internal_adjunct"}.get(k, k))
    )

    for row in demo_file.rows:
        assert kinds[row["person"]] == kind
        assert row["person"] == row[demo_file.table.key_fields[0].code]


@pytest.mark.parametrize("slot", ["previous", "current"])
def test_sums_agree_with_their_parts(catalogue: Catalogue, slot: str) -> None:
    majors = rows_of(catalogue, "major", slot)
    income = rows_of(catalogue, "funding_income", slot)
    classes = rows_of(catalogue, "class_group", slot)
    origins = ["origin_high_school", "origin_secondary", "origin_other"]
    parts = ["tuition_total", "fiscal_regular_total", "fiscal_special_total", "donation", "other"]

    assert total(majors, "students_total") == total(classes, "student_count")
    assert total(majors, "students_total") == total(majors, *origins)
    assert total(income, "income_total") == total(income, *parts)
    tuition = rows_of(catalogue, "tuition_income_item", slot)
    assert total(income, "tuition_total") == total(tuition, "amount")


@pytest.mark.parametrize("slot", ["previous", "current"])
def test_what_is_taught_stands_in_the_plan_of_the_major(catalogue: Catalogue, slot: str) -> None:
    plan = rows_of(catalogue, "major_course", slot)
    loads = rows_of(catalogue, "full_time_teaching_load", slot)
    planned = {(row["direction_code"], row["course_code"], row["term"]) for row in plan}
    taught = {(row["direction_code"], row["course_code"], row["term"]) for row in loads}

    assert taught <= planned


def test_every_core_table_has_rows_of_both_years(catalogue: Catalogue) -> None:
    core = {name for name, spec in catalogue.tables.items() if spec.tier is Tier.CORE}

    for slot in ("previous", "current"):
        assert {path.parent.name for path in FILES if path.stem == slot} == core


@pytest.mark.parametrize(
    "table", ["course_textbook", "full_time_award", "on_campus_base_usage", "internship"]
)
def test_the_open_year_shows_work_in_progress(catalogue: Catalogue, table: str) -> None:
    current, previous = (rows_of(catalogue, table, slot) for slot in ("current", "previous"))

    assert 0 < len(current) < len(previous)


def test_the_accounts_are_those_that_are_announced(catalogue: Catalogue) -> None:
    names = [person["username"] for person in PEOPLE["persons"] if person["username"]]
    others = {d.code.lower() for d in catalogue.departments} - {"a03", "a04", "a07", "c01", "c02"}
    others -= {"e01"}
    expected = {*ACCOUNTS, *(f"{code}_{role}" for code in others for role in ("steward", "head"))}

    assert sorted(names) == sorted(expected)


def test_every_person_is_known_and_appointed(catalogue: Catalogue) -> None:
    departments = {department.code for department in catalogue.departments}
    numbers = [person["number"] for person in PEOPLE["persons"]]

    assert len(numbers) == len(set(numbers))
    for person in PEOPLE["persons"]:
        assert isinstance(person["number"], str)
        assert person["department"] in departments
        assert person["appointments"]
        for appointment in person["appointments"]:
            assert appointment["function"] in set(Function)
            assert appointment["department"] in departments


@pytest.mark.parametrize("function", [Function.DATA_STEWARD, Function.HEAD])
def test_every_department_has_a_steward_and_a_head(
    catalogue: Catalogue, function: Function
) -> None:
    held = [
        appointment["department"]
        for person in PEOPLE["persons"]
        for appointment in person["appointments"]
        if appointment["function"] == function
    ]

    assert sorted(held) == sorted(department.code for department in catalogue.departments)


def test_every_own_member_of_staff_stands_in_the_roster(catalogue: Catalogue) -> None:
    rosters = {slot: rows_of(catalogue, "staff", slot) for slot in ("previous", "current")}
    rostered = {row["staff_no"]: row for rows in rosters.values() for row in rows}
    external = {TeacherKind.EXTERNAL_PART_TIME, TeacherKind.EXTERNAL_VISITING}

    for person in PEOPLE["persons"]:
        if person["teacher_kind"] in external:
            assert person["number"] not in rostered
        else:
            row = rostered[person["number"]]
            assert (row["name"], row["dept_code"]) == (person["name"], person["department"])
