"""Sources are read alike on every kind of database: kinds, periods, filters, scope."""

import pytest

from app.access.person import Actor
from app.catalogue.feed import read_content
from app.domain.message import Reason, Refused
from app.domain.period import AcademicYear, PeriodKind, period_for
from app.reports.feed_source import SourceRows, read_source
from tests.adopted import OldSystem, steward

DEPARTMENTS = {"A03", "C01"}
YEAR = period_for(PeriodKind.ACADEMIC_YEAR, AcademicYear(2025))


def read(system: OldSystem, table: str, by: Actor | None = None, **content: object) -> SourceRows:
    live = system.tables[table]
    told = {"department": {"value": "A03"}, **content}
    with system.session() as session:
        actor = by or system.reader(table)
        return read_source(session, live, actor, read_content(told), YEAR, DEPARTMENTS)


def test_every_kind_of_column_is_read_as_people_would_type_it(read_system: OldSystem) -> None:
    columns = {code: {"column": code} for code in ("xh", "xm", "csrq", "jd", "bz")}

    rows = read(read_system, "xs", fields=columns).by_department["A03"]

    assert rows[0].values | {"jd": None} == {
        "xh": "2025001", "xm": "王芳", "csrq": "2007-03-05", "jd": None, "bz": "班长",
    }  # fmt: skip
    assert [row.values["jd"] and float(str(row.values["jd"])) for row in rows] == [3.5, None, 2.0]


def test_codes_and_departments_are_put_into_the_colleges(read_system: OldSystem) -> None:
    sex = {"column": "xb", "translate": {"女": "2"}}
    whose = {"column": "dwdm", "codes": {"A01": "A03"}}

    found = read(read_system, "xs", fields={"sex": sex}, department=whose)

    assert [row.values["sex"] for row in found.by_department["C01"]] == ["2", "男"]
    assert (len(found.by_department["A03"]), found.count) == (1, 3)


@pytest.mark.parametrize(("pattern", "count"), [("{start}", 1), ("{end}", 1), ("202*", 2)])
def test_period_is_compared_as_the_column_keeps_it(
    read_system: OldSystem, pattern: str, count: int
) -> None:
    period = {"column": "xn", "pattern": pattern}

    found = read(read_system, "cj", fields={"no": {"column": "xh"}}, period=period)

    assert found.count == count


def test_filter_chooses_rows_and_what_does_not_fit_is_refused(read_system: OldSystem) -> None:
    fields = {"no": {"column": "xh"}}

    assert read(read_system, "xs", fields=fields, filter=["jd", ">=", "2.5"]).count == 1
    with pytest.raises(Refused) as refusal:
        read(read_system, "xs", fields=fields, filter=["jd", ">=", "much"])
    assert refusal.value.reason is Reason.INVALID


def test_nothing_is_read_without_the_right_to_the_source(read_system: OldSystem) -> None:
    stranger = steward("dw", "C01", "list")

    assert read(read_system, "xs", by=stranger, fields={"no": {"column": "xh"}}).count == 0


def test_source_that_is_gone_is_told_in_words(old_system: OldSystem) -> None:
    old_system.run('DROP TABLE "rz"')

    with pytest.raises(Refused) as refusal:
        read(old_system, "rz", fields={"no": {"column": "nr"}})

    assert refusal.value.reason is Reason.CONFLICT
