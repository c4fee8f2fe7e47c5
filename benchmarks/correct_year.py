"""A year of a whole college without an error, made from the demo college.

The demo college is small: its teachers are taken eightfold and its students threefold, under
numbers of their own, and the figures that count them grow along. The year before is the same
college, somewhat smaller. Nothing here asks a rule: what is right stands in the demo data.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from stdnum.cn import ric

from app.catalogue.base_table import FieldSpec, FieldType, TableKind, TableSpec
from app.catalogue.catalogue import Catalogue

TEACHERS, STUDENTS = 8, 3
YEAR = 2024
SURNAMES = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟")
COUNTED = {"人", "个", "台", "间", "门", "种", "册", "名", "台套", "平方米", "万元", "元", "万册"}
COUNTED |= {"人次", "人天", "人时", "GB"}
# Identifiers by the field they are at home in, and how many copies there are.
ROOTS = {
    "staff.staff_no": TEACHERS,
    "external_part_time_teacher.teacher_no": TEACHERS,
    "external_visiting_teacher.teacher_no": TEACHERS,
    "course.course_code": STUDENTS,
    "major.direction_code": STUDENTS,
    "class_group.class_code": STUDENTS,
    "student.student_no": STUDENTS,
    "on_campus_base.base_code": STUDENTS,
    "off_campus_base.base_code": STUDENTS,
    "skill_appraisal_station.station_code": STUDENTS,
    "student_association.association_code": STUDENTS,
}
# Fields that hold an identifier without being a reference in the catalogue.
ALSO = {
    "major_leader.leader_no": "staff.staff_no",
    "class_group.counselor_no": "staff.staff_no",
    "student.class_code": "class_group.class_code",
    "dropout.class_code": "class_group.class_code",
    "dropout.student_no": "student.student_no",
}
# One row for the college whoever is in it, or a key that is none of the identifiers.
ONCE = {"leader", "leader_engagement", "department", "major_head"}
SAME_FIGURES = {"leader_engagement", "admission_score.control_line"}
SAME_FIGURES |= {"enrollment_scale.major_count", "enrollment_scale.recruiting_major_count"}
NAMED_APART = {"base_name", "association_name", "class_name", "station_name"}

Row = dict[str, str | None]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class CollegeYear:
    """The rows of a year and of the one before it, as text by table."""

    rows: Rows
    before: Rows


def correct_year(root: Path, catalogue: Catalogue) -> CollegeYear:
    """The college's year; always the same."""
    rows: Rows = {}
    for name, spec in catalogue.tables.items():
        path = root / "seed" / "demo" / "rows" / name / "previous.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as lines:
                read = [{c: v or None for c, v in row.items()} for row in csv.DictReader(lines)]
            told = [{c: row.get(c) for c in spec.by_code} for row in read]
            rows[name] = list(_grown(catalogue, spec, told))
    for row in rows["student"]:
        # The list is of those who were there during the year.
        row["is_graduated"] = "false"
    return CollegeYear(rows, dict(_year_before(catalogue, rows)))


def root_of(catalogue: Catalogue, spec: TableSpec, field: FieldSpec) -> str | None:
    """The identifier that a field holds, such as ``staff.staff_no``."""
    table = spec
    while field.reference is not None:
        table = catalogue.tables[field.reference.table]
        field = table.by_code[field.reference.field]
    name = f"{table.identifier}.{field.code}"
    name = ALSO.get(name, name)
    return name if name in ROOTS else None


def _copies(catalogue: Catalogue, spec: TableSpec) -> int:
    if spec.kind is TableKind.SINGLE_ROW or spec.identifier in ONCE:
        return 1
    return max(
        (ROOTS[root] for field in spec.key_fields if (root := root_of(catalogue, spec, field))),
        default=1,
    )


def _grown(catalogue: Catalogue, spec: TableSpec, told: list[Row]) -> Iterator[Row]:
    copies = _copies(catalogue, spec)
    for copy in range(copies):
        for row in told:
            if copies == 1:
                yield _larger(spec, row)
            else:
                yield _copied(catalogue, spec, row, copy)


def _larger(spec: TableSpec, row: Row) -> Row:
    """The figures of a row about the whole college."""
    times = TEACHERS if spec.identifier == "department" else STUDENTS
    larger = dict(row)
    for field in spec.fields:
        name, value = f"{spec.identifier}.{field.code}", row[field.code]
        counted = field.type in {FieldType.INTEGER, FieldType.NUMBER} and field.unit in COUNTED
        if value and counted and not {name, spec.identifier} & SAME_FIGURES:
            larger[field.code] = number_text(field, float(value) * times)
    return larger


def number_text(field: FieldSpec, value: float) -> str:
    """The number as it is written in a cell of the field."""
    return f"{value:.{field.scale or 0}f}" if field.type is FieldType.NUMBER else str(round(value))


def _copied(catalogue: Catalogue, spec: TableSpec, row: Row, copy: int) -> Row:
    if copy == 0:
        return dict(row)
    copied = dict(row)
    for field in spec.fields:
        value = row[field.code]
        root = root_of(catalogue, spec, field)
        if value is None:
            continue
        if root is not None:
            copied[field.code] = numbered(value, copy % ROOTS[root])
        elif field.code == "id_card_no":
            copied[field.code] = _id_card(value, copy)
        elif field.code == "mobile":
            copied[field.code] = f"{value[:4]}{copy}{value[5:]}"
        elif field.code in {"patent_no", "award_name"}:
            copied[field.code] = f"{value}-{copy}"
        elif field.code == "name" and field.personal:
            copied[field.code] = renamed(value, copy)
        elif field.code in NAMED_APART:
            copied[field.code] = _named_apart(value, copy)
        elif field.code == "class_names":
            classes = copy % ROOTS["class_group.class_code"]
            copied[field.code] = "、".join(_named_apart(n, classes) for n in value.split("、"))
    return copied


def _named_apart(name: str, copy: int) -> str:
    return f"{name}{copy + 1}部" if copy else name


def numbered(identifier: str, copy: int) -> str:
    """The identifier in this copy of the college."""
    return f"{copy}{identifier}" if copy else identifier


def renamed(name: str, copy: int) -> str:
    """A name that another person has."""
    return SURNAMES[copy - 1] + name


def _id_card(number: str, copy: int) -> str:
    # Of another place: the last digits tell the gender and stay.
    number = f"{number[:5]}{copy}{number[6:17]}"
    return number + ric.calc_check_digit(f"{number}0")


def _year_before(catalogue: Catalogue, rows: Rows) -> Iterator[tuple[str, list[Row]]]:
    """The same things a year ago: fewer people, figures that differ by a few per cent."""
    random = Random(YEAR)
    for name, told in rows.items():
        spec = catalogue.tables[name]
        kept = told if len(told) < 20 else [row for row in told if random.random() > 0.06]
        yield name, [_earlier(spec, row, random, rows) for row in kept]


def _earlier(spec: TableSpec, row: Row, random: Random, rows: Rows) -> Row:
    earlier = dict(row)
    for field in spec.fields:
        value = row[field.code]
        if value and field.unit in COUNTED and not field.key:
            earlier[field.code] = number_text(field, float(value) * random.uniform(0.94, 1.02))
    for total, new in (
        ("equipment_total", "equipment_new"),
        ("paper_book_total", "paper_book_new"),
    ):
        if row.get(total) and row.get(new):
            earlier[total] = f"{float(row[total] or 0) - float(row[new] or 0):.2f}"
    if spec.identifier == "graduate_employment":
        # This year's table of last year's graduates repeats what was told of them then.
        same = _row_of(rows["last_year_graduate"], "direction_code", row["direction_code"])
        earlier["graduates"] = same["graduates"]
    if spec.identifier == "enrollment_scale":
        admitted = (int(each["admitted"] or 0) for each in rows["major_recruitment"])
        earlier["enrolled_total"] = str(sum(admitted))
    return earlier


def _row_of(rows: list[Row], code: str, value: str | None) -> Mapping[str, str | None]:
    return next(row for row in rows if row[code] == value)
