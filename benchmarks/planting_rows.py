"""Kinds of errors that befall whole rows: missing, doubled, with two columns exchanged."""

from collections.abc import Callable, Sequence
from random import Random

from app.catalogue.base_table import FieldType
from app.catalogue.catalogue import Catalogue
from benchmarks.planting import NUMBERS, Planted, Rows

Spoilt = set[tuple[str, int]]
RowKind = Callable[[Catalogue, Rows, Random, Spoilt], list[Planted]]
# A row of the first table is expected for every row of the second one: their common field.
EXPECTED = (
    ("full_time_teaching_load", "staff_no", "full_time_teacher", "staff_no"),
    ("internal_adjunct_teaching_load", "staff_no", "internal_adjunct_teacher", "staff_no"),
    ("external_part_time_teaching_load", "staff_no", "external_part_time_teacher", "teacher_no"),
    ("external_visiting_teaching_load", "staff_no", "external_visiting_teacher", "teacher_no"),
    ("on_campus_base_usage", "base_code", "on_campus_base", "base_code"),
    ("leader_engagement", "staff_no", "leader", "staff_no"),
    ("class_group", "direction_code", "major", "direction_code"),
    ("major_leader", "major_code", "major", "major_code"),
    ("off_campus_base_usage", "base_code", "off_campus_base", "base_code"),
    ("skill_appraisal_stat", "station_code", "skill_appraisal_station", "station_code"),
    ("major_course", "direction_code", "major", "direction_code"),
    ("major_recruitment", "direction_code", "major", "direction_code"),
    ("graduate_employment", "direction_code", "internship", "direction_code"),
    ("staff", "staff_no", "full_time_teacher", "staff_no"),
    ("full_time_teacher", "staff_no", "full_time_teaching_load", "staff_no"),
    ("course", "course_code", "major_course", "course_code"),
)
# A whole and a part of it that stand beside each other.
EXCHANGED = (
    ("major_recruitment", "admitted", "registered"),
    ("graduate_employment", "graduates", "employed"),
    ("teaching_evaluation", "student_participated", "student_total"),
    ("teaching_evaluation", "started_on", "ended_on"),
    ("admission_score", "admitted", "registered"),
    ("admission_score", "control_line", "min_score"),
    ("internship", "intern_total", "hired_by_company"),
    ("graduate_employment_by_source", "graduates", "employed"),
    ("fixed_asset", "asset_total", "equipment_total"),
    ("computer_classroom", "classroom_total", "multimedia_classroom"),
    ("last_year_graduate", "graduates", "employed"),
    ("teaching_admin_staff", "post_years", "management_years"),
    ("red_cross", "training_count", "training_certified"),
    ("employment_rate", "graduates", "employed_initial"),
)


def missing(catalogue: Catalogue, rows: Rows, random: Random, spoilt: Spoilt) -> list[Planted]:
    """All rows of one thing are missing where one at least is expected."""
    planted = []
    for table, own, listed, theirs in random.sample(EXPECTED, 3):
        wanted = {row[theirs] for row in rows[listed]}
        values = sorted({row[own] or "" for row in rows[table] if row[own] in wanted})
        value = random.choice(values)
        gone = [at for at, row in enumerate(rows[table]) if row[own] == value]
        # Rows are counted by their place: taking some out must leave the places of spoilt ones.
        if any(name == table and at >= gone[0] for name, at in spoilt):
            continue
        planted.append(Planted("整行缺失", table, -1, (), {own: value}, None))
        rows[table] = [row for at, row in enumerate(rows[table]) if at not in set(gone)]
        spoilt |= {(table, at) for at in range(len(rows[table]))}
    return planted


def doubled(catalogue: Catalogue, rows: Rows, random: Random, spoilt: Spoilt) -> list[Planted]:
    """A row stands twice."""
    planted = []
    lists = [name for name in sorted(rows) if catalogue.tables[name].key_fields]
    for table in random.sample(lists, 3):
        row = dict(random.choice(rows[table]))
        planted.append(Planted("整行重复", table, len(rows[table]), (), row, row))
        rows[table].append(row)
    return planted


def under_another_number(
    catalogue: Catalogue, rows: Rows, random: Random, spoilt: Spoilt
) -> list[Planted]:
    """A person or thing stands twice under two numbers."""
    planted = []
    for table, key in (
        ("staff", "staff_no"),
        ("student", "student_no"),
        ("external_part_time_teacher", "teacher_no"),
        ("on_campus_base", "base_code"),
        ("class_group", "class_code"),
    ):
        row = dict(random.choice(rows[table]))
        again = {**row, key: f"9{row[key]}"}
        planted.append(Planted("换号重复", table, len(rows[table]), (), row, again))
        rows[table].append(again)
    return planted


def exchanged(catalogue: Catalogue, rows: Rows, random: Random, spoilt: Spoilt) -> list[Planted]:
    """Two columns are exchanged: a whole and its part, or neighbours of different types."""
    return [
        *_exchanged(rows, random, spoilt, random.sample(EXCHANGED, 4), "整体与部分对调"),
        *_exchanged(rows, random, spoilt, _neighbours(catalogue, rows, random), "相邻两列对调"),
    ]


def _neighbours(catalogue: Catalogue, rows: Rows, random: Random) -> Sequence[tuple[str, str, str]]:
    texts = {FieldType.STRING}
    pairs = [
        (name, one.code, other.code)
        for name in sorted(rows)
        for one, other in zip(
            catalogue.tables[name].fields, catalogue.tables[name].fields[1:], strict=False
        )
        if (one.type in texts) != (other.type in texts)
        and (one.type in NUMBERS | {FieldType.DATE} or other.type in NUMBERS | {FieldType.DATE})
    ]
    return random.sample(pairs, 4)


def _exchanged(
    rows: Rows,
    random: Random,
    spoilt: Spoilt,
    pairs: Sequence[tuple[str, str, str]],
    kind: str,
) -> list[Planted]:
    planted = []
    for table, one, other in pairs:
        at = random.randrange(len(rows[table]))
        row = rows[table][at]
        if (table, at) in spoilt or not row[one] or not row[other] or row[one] == row[other]:
            continue
        spoilt.add((table, at))
        changed = {**row, one: row[other], other: row[one]}
        planted.append(Planted(kind, table, at, (one, other), row, changed))
        rows[table][at] = changed
    return planted


ROW_KINDS: tuple[RowKind, ...] = (exchanged, missing, doubled, under_another_number)
