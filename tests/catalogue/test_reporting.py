"""What people write about the reporting of an adopted table: ways of writing, and faults."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.catalogue.adopted_file import OVERRIDES_FILE, read_adopted, write_adopted
from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind
from app.catalogue.base_table import FieldType
from app.catalogue.fault import CatalogueError
from app.catalogue.reported_table import spec_of, with_reported
from app.catalogue.reporting import read_reporting
from app.domain.period import AcademicYear, PeriodKind
from tests.factories import seed_catalogue

COLUMNS = (
    AdoptedColumn("bh", "bh", "编号", ColumnKind.INTEGER, "bigint", nullable=False),
    AdoptedColumn("xn", "xn", "学年", ColumnKind.STRING, "char(9)", max_length=9),
    AdoptedColumn("dw", "dw", "单位", ColumnKind.INTEGER, "int", minimum=-(2**31), maximum=2**31),
    AdoptedColumn("dj", "dj", "等级", ColumnKind.CHOICE, "enum", values=("国家", "省")),
    AdoptedColumn("jd", "jd", "绩点", ColumnKind.NUMBER, "decimal(5,2)", precision=5, scale=2),
    AdoptedColumn("zp", "zp", "照片", ColumnKind.BINARY, "blob"),
    AdoptedColumn("sfz", "sfz", "身份证号", ColumnKind.STRING, "char(18)", masked=True),
)
AWARDS = AdoptedTable("awards", "jl", "获奖", COLUMNS, key=("bh",))
MAPPING = {"period": "xn", "department": "dw"}
UNCODED = {"number": "2.50", "period": "academic_year"}
REPORT = UNCODED | {"departments": {"301": "A03"}}


def reporting(**words: Any) -> Any:
    return read_reporting({"number": "2.50", "period": "academic_year"} | words)


@pytest.mark.parametrize(
    ("words", "code", "owns"),
    [
        ({}, "2025-2026", ["2025-2026"]),
        ({"written": "{start}"}, "2025-2026", ["2025"]),
        ({"written": "{start_short}{end_short}学年"}, "2025-2026", ["2526学年"]),
        (
            {"written": ["{start}-{end}-1", "{start}-{end}-2"]},
            "2025-2026",
            ["2025-2026-1", "2025-2026-2"],
        ),
        ({"period": "calendar_year"}, "2025", ["2025"]),
        ({"period": "calendar_year", "written": "{year}年"}, "2025", ["2025年"]),
        ({"period": "point_in_time", "point": "10-31"}, "2025-10-31", ["2025-10-31"]),
        ({"period": "point_in_time", "written": "{year}{month}{day}"}, "2026-08-31", ["20260831"]),
    ],
)
def test_periods_are_read_and_written_in_the_way_of_the_table(
    words: dict[str, Any], code: str, owns: list[str]
) -> None:
    found = reporting(**words)
    assert found.period_in(AcademicYear(2025)).code == code
    assert list(found.own_periods(code)) == owns
    assert {found.period_of(f"{own}  ") for own in owns} == {code}
    assert [found.period_of(other) for other in ("", None, "1066", "{year}")] == [None] * 4


def test_departments_go_by_the_codes_of_the_table() -> None:
    found = reporting(departments={"01": "A03", "02": "A03", "Z": "C01"})
    assert [found.department_of(own) for own in ("01", "02 ", "z", None)] == [
        "A03",
        "A03",
        None,
        None,
    ]
    assert found.department_near("ｚ") == "C01"
    assert found.own_departments({"A03"}) == ["01", "02"]
    same = reporting()
    assert (same.department_of("A03"), same.own_departments({"A03"})) == ("A03", ["A03"])


def test_columns_become_fields() -> None:
    report = reporting(required=["dj"])
    spec = spec_of(replace(AWARDS, report=report))
    types = {field.code: field.type for field in spec.fields}
    assert types == {
        "bh": FieldType.NUMBER,
        "xn": FieldType.STRING,
        "dw": FieldType.INTEGER,
        "dj": FieldType.CODE,
        "jd": FieldType.NUMBER,
        "sfz": FieldType.STRING,
    }
    assert (spec.period, spec.chapter, spec.title) == (PeriodKind.ACADEMIC_YEAR, "2", "2.50 获奖")
    assert {f.code for f in spec.fields if f.required} == {"bh", "dj"}
    assert (spec.masked, [f.code for f in spec.key_fields]) == ({"sfz"}, ["bh"])


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"mapping": {"department": "dw"}}, "mapping names no column that plays period"),
        ({"mapping": {"period": "xn"}}, "mapping names no column that plays department"),
        ({"mapping": MAPPING | {"period": "jd"}}, "jd is number and cannot play period"),
        ({"mapping": MAPPING | {"department": "sfz"}}, "sfz is hidden or masked"),
        ({"report": REPORT | {"departments": {"0301": "A03"}}}, "dw cannot hold “0301”"),
        ({"report": REPORT | {"written": "{start}至{end}学年"}}, "xn cannot hold “2025至2026学年”"),
        ({"report": REPORT | {"written": "{year}"}}, "the pattern {year} may have these"),
        ({"report": REPORT | {"written": "本学年"}}, "does not tell one year from the next"),
        ({"report": REPORT | {"written": "{start.__class__}"}}, "may have these placeholders only"),
        ({"report": REPORT | {"number": 2.5}}, "number has to be text in quotes"),
        ({"report": REPORT | {"number": "二"}}, "has to look like 6.1.1"),
        ({"report": REPORT | {"departments": {301: "A03"}}}, "both in quotes"),
        ({"report": REPORT | {"required": ["zp"]}}, "required names no such columns: zp"),
        ({"report": REPORT | {"termin": "x"}}, "unknown words termin"),
        ({"report": {"number": "2.50"}}, "report: period missing"),
        ({"report": REPORT | {10**4000: "x"}}, "report: unknown words int"),
        ({"report": REPORT | {"departments": {"1" * 5000: "A03"}}}, "dw cannot hold"),
        ({"report": REPORT | {"period": "month"}}, "report: period has to be one of academic_year"),
        ({"key": []}, "rows have to be told apart"),
        ({"mapping": MAPPING | {"departments": {"0301": "A03"}}}, "dw cannot hold “0301”"),
    ],
)
def test_faulty_words_are_told_with_file_and_place(
    tmp_path: Path, words: dict[str, Any], fault: str
) -> None:
    with pytest.raises(CatalogueError) as error:
        read_marked(tmp_path, **words)
    [told] = error.value.faults
    assert told.startswith("overrides.yaml: awards: ")
    assert fault in told


def test_all_faults_of_a_report_are_told_at_once(tmp_path: Path) -> None:
    report = {"number": 2.5, "period": "month", "written": "{x}", "tier": 1, "departments": {3: 4}}
    with pytest.raises(CatalogueError) as error:
        read_marked(tmp_path, report=report | {"required": ["no"]})
    assert len(error.value.faults) == 6
    written = {"number": "二", "written": "{x}", "departments": {"03": "A03"}, "required": ["no"]}
    with pytest.raises(CatalogueError) as error:
        read_marked(tmp_path, report=REPORT | written, label=5)
    assert len(error.value.faults) == 3
    with pytest.raises(CatalogueError) as error:
        read_marked(tmp_path, report=REPORT | written)
    assert len(error.value.faults) == 4


@pytest.mark.parametrize(
    ("report", "fault"),
    [
        ({"departments": {"301": "Z99"}}, "there is no department Z99"),
        ({"number": "1.1"}, "the number 1.1 is that of"),
        ({"number": "77.1"}, "there is no chapter 77"),
    ],
)
def test_words_against_the_catalogue_are_told_too(
    tmp_path: Path, report: dict[str, Any], fault: str
) -> None:
    tables = read_marked(tmp_path, report=REPORT | report)
    with pytest.raises(CatalogueError) as error:
        with_reported(seed_catalogue(), tables, OVERRIDES_FILE)
    [told] = error.value.faults
    assert told.startswith("overrides.yaml: awards: report: ")
    assert fault in told


def test_codes_of_departments_may_stand_by_the_column_that_plays_them(tmp_path: Path) -> None:
    mapping = MAPPING | {"departments": {"302": "Z99"}}
    [plain] = read_marked(tmp_path, mapping=mapping, report=None).values()
    [own] = read_marked(tmp_path, mapping=mapping).values()
    [taken] = read_marked(tmp_path, mapping=mapping, report=UNCODED).values()
    assert [table.own_departments({"A03", "Z99"}) for table in (plain, own, taken)] == [
        ["302"],
        ["301"],
        ["302"],
    ]
    for table in (plain, own, taken):
        with pytest.raises(CatalogueError, match="there is no department Z99") as error:
            with_reported(seed_catalogue(), {"awards": table}, OVERRIDES_FILE)
        assert len(error.value.faults) == 1


def test_catalogue_keeps_its_own_tables_apart(tmp_path: Path) -> None:
    catalogue = seed_catalogue()
    tables = read_marked(tmp_path, report=REPORT | {"number": "77.1"}, group="学工系统")
    whole = with_reported(catalogue, tables, OVERRIDES_FILE)
    assert (whole.tables, whole.chapters["77"]) == (catalogue.tables, "学工系统")
    assert set(whole.reported) == {*catalogue.tables, "awards"}
    assert whole.code_lists["awards.dj"].labels == {"国家": "国家", "省": "省"}


def read_marked(folder: Path, **words: Any) -> dict[str, AdoptedTable]:
    """The table as it is read with these words of people over usual ones."""
    write_adopted(folder, [AWARDS])
    said = {"mapping": MAPPING, "report": REPORT} | words
    content = {
        "tables": {"awards": {word: each for word, each in said.items() if each is not None}}
    }
    (folder / OVERRIDES_FILE).write_text(yaml.safe_dump(content), encoding="utf-8")
    return read_adopted(folder)
