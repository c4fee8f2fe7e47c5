"""The catalogue is read whole, and every fault in it is told at once with its place."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.catalogue.base_table import FieldFormat, FieldType, FilledBy, Reference, TableKind, Tier
from app.catalogue.catalogue import Catalogue
from app.catalogue.fault import CatalogueError
from app.catalogue.loader import load_catalogue
from app.domain.department import DepartmentKind
from app.domain.period import AcademicYear, PeriodKind

TABLE = """
chapter: '6'
title: 师资队伍
tables:
  - identifier: staff
    number: '6.10'
    name: 教职工名册
    kind: list
    period: point_in_time
    point: '09-30'
    filled_by: steward
    tier: core
    guidance: 全体教职工。
    fields:
      - {code: staff_no, label: 教工号, type: string, max_length: 20, key: true, required: true}
      - {code: gender, label: 性别, type: code, code_list: gender}
      - {code: phone, label: 电话, type: string, max_length: 30, format: phone, mask: true}
  - identifier: pay
    number: '6.2'
    name: 收入
    kind: list
    period: academic_year
    filled_by: teacher
    tier: extension
    fields:
      - {code: staff_no, label: 教工号, type: reference, references: staff.staff_no, key: true}
      - {code: amount, label: 金额, type: number, precision: 10, scale: 2, minimum: 0,
         maximum: 99.5, unit: 元, period: calendar_year}
"""
CODE_LISTS = """
code_lists:
  - identifier: gender
    title: 性别
    standard: GB/T 2261.1
    items:
      - {code: '1', label: 男性}
      - {code: '2', label: 女性}
      - {code: '3', label: 女性}
"""
DEPARTMENTS = """
departments:
  - {code: A02, name: 人事处, kind: office, owns: [staff], duty: 管人}
  - {code: C01, name: 汽车工程系, kind: teaching, fills_for_own_staff: [pay]}
"""


def write(folder: Path, tables: str = TABLE, departments: str = DEPARTMENTS) -> Path:
    catalogue = folder / "catalogue"
    catalogue.mkdir(exist_ok=True)
    (catalogue / "06_faculty.yaml").write_text(tables, "utf-8")
    (catalogue / "code_lists.yaml").write_text(CODE_LISTS, "utf-8")
    (folder / "departments.yaml").write_text(departments, "utf-8")
    return catalogue


def load(folder: Path) -> Catalogue:
    return load_catalogue(write(folder))


def faults(folder: Path, old: str, new: str) -> list[str]:
    assert TABLE.count(old) == 1
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(write(folder, TABLE.replace(old, new)))
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


def test_tables_stand_in_the_order_of_their_printed_numbers(tmp_path: Path) -> None:
    catalogue = load(tmp_path)

    assert list(catalogue.tables) == ["pay", "staff"]
    assert catalogue.tables["staff"].title == "6.10 教职工名册"
    assert catalogue.chapters == {"6": "师资队伍"}


def test_a_table_is_read_as_it_is_described(tmp_path: Path) -> None:
    staff = load(tmp_path).tables["staff"]

    assert (staff.chapter, staff.kind, staff.tier) == ("6", TableKind.LIST, Tier.CORE)
    assert (staff.filled_by, staff.guidance) == (FilledBy.STEWARD, "全体教职工。")
    assert staff.period_in(AcademicYear(2025)).code == "2025-09-30"
    assert [field.code for field in staff.key_fields] == ["staff_no"]
    assert staff.by_code["phone"].format is FieldFormat.PHONE
    assert staff.person_field is None


def test_a_field_is_read_as_it_is_described(tmp_path: Path) -> None:
    pay = load(tmp_path).tables["pay"]
    amount = pay.by_code["amount"]

    assert (amount.type, amount.precision, amount.scale) == (FieldType.NUMBER, 10, 2)
    assert (amount.minimum, amount.maximum) == (Decimal(0), Decimal("99.5"))
    assert (amount.unit, amount.period) == ("元", PeriodKind.CALENDAR_YEAR)
    assert pay.references[0].reference == Reference("staff", "staff_no")
    assert pay.person_field == pay.by_code["staff_no"]


def test_a_reference_is_stored_like_the_key_it_names(tmp_path: Path) -> None:
    catalogue = load(tmp_path)

    stored = catalogue.stored_as(catalogue.tables["pay"].by_code["staff_no"])

    assert stored is catalogue.tables["staff"].by_code["staff_no"]


def test_code_lists_are_found_by_field_and_read_both_ways(tmp_path: Path) -> None:
    catalogue = load(tmp_path)
    staff = catalogue.tables["staff"]

    codes = catalogue.code_list_of(staff.by_code["gender"])

    assert codes is not None
    assert codes.labels == {"1": "男性", "2": "女性", "3": "女性"}
    assert codes.codes == {"男性": "1", "女性": "2"}
    assert catalogue.code_list_of(staff.by_code["phone"]) is None


def test_departments_are_read_with_their_duties(tmp_path: Path) -> None:
    office, teaching = load(tmp_path).departments

    assert (office.code, office.kind, office.owns) == ("A02", DepartmentKind.OFFICE, ("staff",))
    assert (office.duty, teaching.fills_for_own_staff) == ("管人", ("pay",))


def test_the_digest_changes_with_any_file(tmp_path: Path) -> None:
    before = load(tmp_path).digest

    assert load_catalogue(write(tmp_path)).digest == before
    assert load_catalogue(write(tmp_path, TABLE + "# note\n")).digest != before
    assert load_catalogue(write(tmp_path, departments=DEPARTMENTS + "# note\n")).digest != before


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("tier: core", "tier: gold", "06_faculty.yaml: tables staff: 'gold' is not a valid Tier"),
        ("    number: '6.2'\n", "", "06_faculty.yaml: tables pay: 'number'"),
        ("label: 性别, type: code", "label: 性别, kind: code", "field gender: unknown words kind"),
        ("    guidance: 全", "    colour: 全", "tables staff: unknown words colour"),
        ("identifier: pay", "identifier: staff", "identifier staff is used twice"),
        ("number: '6.2'", "number: '6.10'", "number 6.10 is used twice"),
        ("number: '6.2'", "number: six", "the number six has to look like 6.1.1"),
        ("identifier: pay", "identifier: Pay", "the identifier has to be lower-case letters"),
        ("point: '09-30'", "point: '02-29'", "the point 02-29 has to be a day of every year"),
        ("point: '09-30'", "point: 9月", "the point 9月 has to be a day of every year"),
        ("code: gender, label", "code: staff_no, label", "field staff_no twice"),
        ("code: gender, label", "code: sys_id, label", "codes that begin with sys_ are kept"),
        ("code: gender, label", "code: 性别, label", "the code has to be lower-case letters"),
        ("max_length: 20, ", "", "field staff.staff_no: a string needs max_length"),
        (", key: true, required: true", "", "table staff: a list needs at least one key field"),
        (", scale: 2", "", "field pay.amount: a number needs precision and scale"),
        ("code_list: gender", "code_list: sex", "field staff.gender: no code list sex"),
        ("staff.staff_no", "staff.phone", "staff.phone is not a key field"),
        ("staff.staff_no", "people.no", "people.no is not a key field"),
        ("staff.staff_no", "pay.staff_no", "references run in a circle"),
        ("point: '09-30'", "teacher_kinds: [in_house]", "only where teachers fill in the rows"),
        ("point: '09-30'", "teaches: true", "teaches marks only tables of what teachers did"),
        ("format: phone", "pattern: '['", "the pattern cannot be read"),
        ("format: phone", "aliases: 手机", "field phone: aliases have to be a list of texts"),
        ("format: phone", "aliases: [性 别]", "the alias 性别 is the label of a field"),
        ("format: phone", "aliases: [手机, ' 手机']", "the alias 手机 twice"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert [told for told in faults(tmp_path, old, new) if fault in told]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "broken.yaml").write_text("tables: [", "utf-8")
    (tmp_path / "catalogue" / "list.yaml").write_text("- 1", "utf-8")
    departments = DEPARTMENTS.replace("owns: [staff]", "owns: [ghost]")

    with pytest.raises(CatalogueError) as caught:
        load_catalogue(write(tmp_path, TABLE.replace("core", "gold"), departments))

    told = "\n".join(caught.value.faults)
    assert "broken.yaml: not readable as YAML" in told
    assert "list.yaml: the file has to be a mapping" in told
    assert "department A02: no table ghost" in told


def test_codes_are_different_texts(tmp_path: Path) -> None:
    catalogue = write(tmp_path)
    lists = CODE_LISTS.replace("'2'", "'1'").replace("'3'", "3")
    (catalogue / "code_lists.yaml").write_text(lists, "utf-8")

    with pytest.raises(CatalogueError) as caught:
        load_catalogue(catalogue)

    assert "code list gender: code 1 twice" in caught.value.faults
    assert "code list gender: codes have to be text in quotes" in caught.value.faults


def test_something_that_is_no_record_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"departments\.yaml: departments A02"):
        load_catalogue(write(tmp_path, departments="departments: [A02]"))


MARK = (
    "    staff_list: {number: staff_no, name: gender, department: phone,"
    " status: gender, left: ['2']}"
)


def test_a_table_is_marked_as_the_list_of_staff(tmp_path: Path) -> None:
    marked = TABLE.replace("    fields:\n", f"{MARK}\n    fields:\n", 1)
    assert load_catalogue(write(tmp_path)).staff_list is None

    catalogue = load_catalogue(write(tmp_path, marked))

    assert catalogue.staff_list is catalogue.tables["staff"]
    listed = catalogue.tables["staff"].staff_list
    assert listed is not None
    assert (listed.number, listed.status, listed.left) == ("staff_no", "gender", ("2",))


@pytest.mark.parametrize(
    ("tables", "fault"),
    [
        (TABLE.replace("    fields:\n", f"{MARK}\n    fields:\n"), "only one table"),
        (
            TABLE.replace("    fields:\n", f"{MARK.replace('phone', 'dept')}\n    fields:\n", 1),
            "staff_list names the field dept",
        ),
        (
            TABLE.replace("    fields:\n", f"{MARK.replace('left', 'gone')}\n    fields:\n", 1),
            "unknown words gone",
        ),
    ],
)
def test_a_wrong_mark_is_told(tmp_path: Path, tables: str, fault: str) -> None:
    with pytest.raises(CatalogueError) as error:
        load_catalogue(write(tmp_path, tables))

    assert any(fault in told for told in error.value.faults)
